//! An instrument: a published list of questions about a text for patients. Its items are
//! named in our own short words, with the numbers of the instrument.

/// A list of items with our verdicts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instrument {
    /// What it is called.
    pub name: &'static str,
    /// What it asks about, in a few words.
    pub about: &'static str,
    /// In the order of the instrument, each once.
    pub items: Vec<Item>,
}

/// One item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its number in the instrument.
    pub number: u8,
    /// What it asks, in our words.
    pub asks: &'static str,
    /// What we say.
    pub verdict: Verdict,
    /// How the program can tell, or what a human should look at.
    pub how: String,
}

/// What we say about an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// A program can tell, and it is so.
    Met,
    /// A program can tell, and it is not so.
    NotMet,
    /// Only a human can tell.
    NeedsHuman,
    /// The text has nothing that the item asks about.
    DoesNotApply,
}

impl Verdict {
    /// All, in the order to count them.
    pub const ALL: [Self; 4] = [
        Self::Met,
        Self::NotMet,
        Self::NeedsHuman,
        Self::DoesNotApply,
    ];

    /// The word to print.
    pub fn words(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::NotMet => "not met",
            Self::NeedsHuman => "needs a human",
            Self::DoesNotApply => "does not apply",
        }
    }

    /// The sign before the word, for those who see it.
    pub fn sign(self) -> char {
        match self {
            Self::Met => '✓',
            Self::NotMet => '✗',
            Self::NeedsHuman => '?',
            Self::DoesNotApply => '–',
        }
    }

    /// The word in class names.
    pub fn id(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::NotMet => "not-met",
            Self::NeedsHuman => "human",
            Self::DoesNotApply => "none",
        }
    }
}

impl Instrument {
    /// How many items have a verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        let items = self.items.iter();
        items.filter(|item| item.verdict == verdict).count()
    }
}

/// An item that a program can tell to be met.
pub(super) fn met(number: u8, asks: &'static str, how: impl Into<String>) -> Item {
    item(number, asks, Verdict::Met, how)
}

/// An item that a program can tell not to be met.
pub(super) fn not_met(number: u8, asks: &'static str, how: impl Into<String>) -> Item {
    item(number, asks, Verdict::NotMet, how)
}

/// An item that only a human can tell; `hint` is what to look at.
pub(super) fn human(number: u8, asks: &'static str, hint: impl Into<String>) -> Item {
    item(number, asks, Verdict::NeedsHuman, hint)
}

/// An item that asks about something that the text does not have.
pub(super) fn no_case(number: u8, asks: &'static str, how: impl Into<String>) -> Item {
    item(number, asks, Verdict::DoesNotApply, how)
}

fn item(number: u8, asks: &'static str, verdict: Verdict, how: impl Into<String>) -> Item {
    Item {
        number,
        asks,
        verdict,
        how: how.into(),
    }
}

/// A count with its noun.
pub(super) fn counted(count: usize, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        _ => format!("{count} {noun}s"),
    }
}
