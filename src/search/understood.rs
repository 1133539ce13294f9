//! What a query means, once it is read: spans of words, each with the ways in which it can
//! be read. It holds values alone; who reads and who ranks share it.

/// One way to read a word or phrase: a document fits if it holds all of the stems.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Reading {
    /// Never empty.
    pub(super) stems: Vec<String>,
    /// From 0 to 1.
    pub(super) factor: f32,
}

/// A word that says something.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Typed {
    /// The likeliest first; never empty.
    pub(super) readings: Vec<Reading>,
    /// How much it tells.
    pub(super) rarity: f32,
}

/// Words that stand together, and other phrases for the same.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Span {
    /// In their order; never empty.
    pub(super) words: Vec<Typed>,
    /// In the order of the list.
    pub(super) others: Vec<Reading>,
}

impl Span {
    /// How much its words tell together.
    pub(super) fn rarity(&self) -> f32 {
        self.words.iter().map(|word| word.rarity).sum()
    }
}

/// A query as it is looked for.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Understood {
    /// In the order of the text; empty if it has no word.
    pub(super) spans: Vec<Span>,
    /// The text with other words in the place of those that nobody uses, if there are any.
    pub(super) corrected: Option<String>,
    /// A likelier text, where all words are in use.
    pub(super) offered: Option<String>,
}

impl Understood {
    /// Every stem that counts as found.
    pub(super) fn stems(&self) -> impl Iterator<Item = &str> {
        let readings = self.spans.iter().flat_map(|span| {
            let typed = span.words.iter().flat_map(|word| &word.readings);
            typed.chain(&span.others)
        });
        readings.flat_map(|reading| reading.stems.iter().map(String::as_str))
    }
}
