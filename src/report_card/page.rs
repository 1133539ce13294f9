//! Report cards as one HTML file that needs nothing else: no script, no font, no address.
//! It is for editors, so it is no page of the site and shares none of its parts.

use askama::Template;

use super::text::tally;
use super::{Instrument, ReportCard, Verdict};

#[derive(Template)]
#[template(path = "report-card.html")]
struct ReportCardPage<'a> {
    clinic: &'a str,
    today: jiff::civil::Date,
    cards: &'a [ReportCard<'a>],
}

impl ReportCardPage<'_> {
    fn tally(&self, instrument: &Instrument) -> String {
        tally(instrument)
    }

    /// The part of items with a verdict, in hundredths, for a bar.
    fn share(&self, instrument: &Instrument, verdict: &Verdict) -> usize {
        instrument.count(*verdict) * 100 / instrument.items.len().max(1)
    }

    /// A text without the backticks that mark typed words on a terminal.
    fn plain(&self, text: &str) -> String {
        text.replace('`', "")
    }

    fn grade(&self, card: &ReportCard<'_>) -> String {
        let grade = card.measured.readability.grade();
        grade.map_or_else(|| "–".to_owned(), |grade| format!("{grade:.1}"))
    }
}

/// The file: cards in the order given.
///
/// # Errors
/// A template that fails: for us.
pub fn html_page(
    clinic: &str,
    today: jiff::civil::Date,
    cards: &[ReportCard<'_>],
) -> askama::Result<String> {
    let page = ReportCardPage {
        clinic,
        today,
        cards,
    };
    page.render()
}
