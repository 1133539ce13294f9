//! Where a work stands and where it is found: journal, volume, pages, publisher, address.
//! Apart from the styles, which differ in marks and order but ask the record the same questions.
//! What a record does not say is left out together with its mark.

use super::name::is_same_name;
use crate::source::{Doi, Issued, Pmcid, Pmid, Source, SourceKind, WebAddress};

/// Updated all the time as one online book, so its date is the last update and its place is known.
pub(super) fn is_stat_pearls(source: &Source) -> bool {
    let container = source.container.as_deref().unwrap_or_default();
    source.kind == SourceKind::Chapter && is_same_name(container, "StatPearls")
}

/// Source: `specs/citations.md`, section 2.
pub(super) const STAT_PEARLS_PLACE: &str = "Treasure Island (FL)";

/// The date to print as an update; a bare year would say nothing new.
pub(super) fn last_update(source: &Source) -> Option<Issued> {
    let exact = matches!(source.issued, Issued::Month(..) | Issued::Day(_));
    (exact && is_stat_pearls(source)).then_some(source.issued)
}

pub(super) fn is_whole_work(source: &Source) -> bool {
    matches!(source.kind, SourceKind::Book | SourceKind::Report)
}

pub(super) enum Address<'a> {
    Doi(&'a Doi),
    Page(String),
}

/// The one address to print: DOI, else where it was read, else PMC, else PubMed.
pub(super) fn address(source: &Source) -> Option<Address<'_>> {
    if let Some(doi) = &source.doi {
        return Some(Address::Doi(doi));
    }
    let own = source.url.as_ref().map(WebAddress::to_string);
    own.or_else(|| source.pmcid.as_ref().map(Pmcid::href))
        .or_else(|| source.pmid.as_ref().map(Pmid::href))
        .map(Address::Page)
}

pub(super) fn journal_name(source: &Source) -> &str {
    let short = source.container_short.as_deref();
    short.or(source.container.as_deref()).unwrap_or_default()
}

/// `date;volume(issue):pages`, without the marks of what is missing.
pub(super) fn numbering(source: &Source, date: Option<&str>, pages: Option<&str>) -> String {
    let issue = source.issue.as_deref().map(|issue| format!("({issue})"));
    let volume = joined(&[source.volume.as_deref(), issue.as_deref()], "");
    let place = joined(&[Some(&volume), pages], ":");
    joined(
        &[date, Some(&place)],
        if volume.is_empty() { ":" } else { ";" },
    )
}

pub(super) fn imprint(publisher: Option<&str>, date: Option<&str>) -> String {
    joined(&[publisher, date], "; ")
}

pub(super) fn joined(parts: &[Option<&str>], between: &str) -> String {
    let parts = parts.iter().flatten().filter(|part| !part.is_empty());
    parts.copied().collect::<Vec<_>>().join(between)
}

pub(super) fn page_range(page: &str) -> Option<(&str, &str)> {
    page.split_once(['-', '–'])
}

pub(super) fn hyphened(page: &str) -> String {
    page.replace('–', "-")
}

/// The last page without the digits it has in common with the first, but never under `fewest` digits.
pub(super) fn shortened<'a>(first: &str, last: &'a str, fewest: usize) -> &'a str {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if first.len() != last.len() || !digits(first) || !digits(last) {
        return last;
    }
    let common = first
        .bytes()
        .zip(last.bytes())
        .take_while(|(one, other)| one == other);
    let dropped = common.count().min(last.len().saturating_sub(fewest));
    last.get(dropped..).unwrap_or(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_last_page_loses_what_it_shares_with_the_first() {
        let rows = [
            ("143", "148", "8", "48"),
            ("125", "133", "33", "33"),
            ("97", "105", "105", "105"),
            ("100", "105", "5", "05"),
            ("1058", "1064", "64", "64"),
            ("83", "88", "8", "88"),
            ("1", "8", "8", "8"),
            ("S1", "S43", "S43", "S43"),
            ("e86", "e92", "e92", "e92"),
            ("7", "7", "7", "7"),
        ];
        for (first, last, nlm, mla) in rows {
            assert_eq!(shortened(first, last, 1), nlm);
            assert_eq!(shortened(first, last, 2), mla);
        }
    }
}
