//! The report card of an article: what was counted in its words, and which items of four
//! instruments for patient education it meets. It stands apart from the rules because it
//! judges nothing: an item is met only where a program can really tell, and every other
//! one is left to a human.

mod cdc;
mod discern;
mod instrument;
mod jama;
mod page;
mod pemat;
mod text;

pub use instrument::{Instrument, Item, Verdict};
pub use page::html_page;
pub use text::text;

use jiff::civil::Date;

use crate::content::{Article, Measured};

/// One article's card.
#[derive(Debug, Clone)]
pub struct ReportCard<'a> {
    /// The article.
    pub article: &'a Article,
    /// What was counted in its words.
    pub measured: &'a Measured,
    /// JAMA, DISCERN, PEMAT-P and the CDC index, in this order.
    pub instruments: [Instrument; 4],
}

impl<'a> ReportCard<'a> {
    /// Reads the card of an article as of `today`; there is none of words that were read for readers alone.
    pub fn new(article: &'a Article, today: Date) -> Option<Self> {
        let measured = article.measured.get()?;
        let instruments = [
            jama::jama(article, today),
            discern::discern(article),
            pemat::pemat(article, measured),
            cdc::cdc(article, measured),
        ];
        Some(Self {
            article,
            measured,
            instruments,
        })
    }

    /// How many items of all instruments have a verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.instruments
            .iter()
            .map(|instrument| instrument.count(verdict))
            .sum()
    }

    /// What was counted: names and numbers, in the order to print them.
    pub fn numbers(&self) -> Vec<(&'static str, String)> {
        let readability = &self.measured.readability;
        let score = |score: Option<f64>, lack: &str| {
            score.map_or_else(|| lack.to_owned(), |score| format!("{score:.1}"))
        };
        vec![
            ("Words", self.article.words.to_string()),
            ("Sentences", readability.sentences.to_string()),
            ("Reading grade", score(readability.grade(), "none")),
            ("SMOG grade", score(readability.smog(), "too short")),
            (
                "Minutes to read",
                self.article.reading_minutes().to_string(),
            ),
            ("Sources", self.article.sources.len().to_string()),
            ("Citations", self.article.citations.len().to_string()),
            ("Takeaways", self.article.takeaways.len().to_string()),
            ("Pictures", self.measured.pictures.to_string()),
            (
                "Style warnings",
                self.measured.style.values().sum::<usize>().to_string(),
            ),
        ]
    }
}
