//! Flags sources that are older than the clinic's limit, and sources that show no date.
//! `undated` is an honest record of a page without one. Then the day on which somebody
//! read it is all that tells its age, so it is enough, and its lack is told once.

use jiff::ToSpan;
use jiff::civil::{Date, date};

use super::{Hit, Manuscript};
use crate::diagnostic::Code;
use crate::source::{Issued, Source};

pub(super) fn source_dates(manuscript: &Manuscript<'_>) -> Vec<Hit> {
    let mut hits: Vec<Hit> = Vec::new();
    let mut undated: Vec<(&Source, usize)> = Vec::new();
    for (source, offset) in manuscript.sources.iter().zip(manuscript.source_places) {
        match last_day(source.issued) {
            Some(day) if is_old(day, manuscript) => hits.push(old(source, *offset, manuscript)),
            None if source.accessed.is_none() && source.text.is_none() => {
                undated.push((source, *offset))
            }
            _ => {}
        }
    }
    hits.extend(without_day(&undated, manuscript.sources.len()));
    hits
}

/// The last day on which a work may have been issued, as far as its record says.
fn last_day(issued: Issued) -> Option<Date> {
    match issued {
        Issued::Undated => None,
        Issued::Year(year) => Some(date(year, 12, 31)),
        Issued::Month(year, month) => Date::new(year, month, 1).ok().map(Date::last_of_month),
        Issued::Day(day) => Some(day),
    }
}

fn is_old(day: Date, manuscript: &Manuscript<'_>) -> bool {
    let limit = day.checked_add(manuscript.source_max_age_years.years());
    limit.is_ok_and(|limit| limit < manuscript.today)
}

fn old(source: &Source, offset: usize, manuscript: &Manuscript<'_>) -> Hit {
    Hit {
        code: Code::SourceOld,
        offset,
        words: source.id.to_string(),
        message: format!(
            "`{}` is of {}, more than {} years ago",
            source.id, source.issued, manuscript.source_max_age_years
        ),
        help: "look for a newer work, or say in `allow` why this one still holds".to_owned(),
    }
}

fn without_day(undated: &[(&Source, usize)], all: usize) -> Option<Hit> {
    let (first, offset) = undated.first()?;
    let count = undated.len();
    let message = match count {
        1 => format!("the source `{}` has no date and no `accessed`", first.id),
        _ => format!(
            "{count} of {all} sources have no date and no `accessed`, first `{}`",
            first.id
        ),
    };
    Some(Hit {
        code: Code::SourceUndated,
        offset: *offset,
        words: String::new(),
        message,
        help: "add `accessed`, the day on which somebody read the page, to each".to_owned(),
    })
}
