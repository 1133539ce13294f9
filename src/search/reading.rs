//! How a query is read: which words stand together, what else they may mean, and what
//! was probably meant where nobody uses a word. It decides nothing about order.

use super::query::Query;
use super::terms::{is_stop_word, stem};
use super::thesaurus::{Same, Thesaurus};
use super::vocabulary::Vocabulary;

/// How much a reading counts beside the very word.
const SAME: f32 = 0.9;
const JOINED: f32 = 0.95;
const MISTYPED: f32 = 0.7;
const COMPLETED: f32 = 0.8;

/// Most words that one mistyped or half-typed word may stand for.
const MOST_NEIGHBORS: usize = 3;
const MOST_COMPLETIONS: usize = 8;

/// A word that names don't know is offered another spelling that documents use this many times as often.
const FAR_COMMONER: u32 = 4;

/// Whether the last word may be half typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// The text is whole.
    Whole,
    /// Somebody is still typing.
    Open,
}

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

/// Reads a query.
pub(super) fn understand(
    query: &Query,
    ending: Ending,
    vocabulary: &Vocabulary,
    thesaurus: &Thesaurus,
) -> Understood {
    let says_something = query
        .words()
        .iter()
        .any(|word| !is_stop_word(&word.spelled));
    let mut reader = Reader {
        query,
        ending,
        vocabulary,
        thesaurus,
        stems: query.words().iter().map(super::terms::Word::stem).collect(),
        keeps_all: !says_something,
        corrected: Vec::new(),
        offered: Vec::new(),
    };
    let spans = reader.spans();
    let (corrected, offered) = (reader.with(&reader.corrected), reader.with(&reader.offered));
    Understood {
        spans,
        corrected,
        offered,
    }
}

/// Words from one place to another, and what to write there.
type Change = (std::ops::Range<usize>, String);

struct Reader<'a> {
    query: &'a Query,
    ending: Ending,
    vocabulary: &'a Vocabulary,
    thesaurus: &'a Thesaurus,
    /// Of every word.
    stems: Vec<String>,
    /// Whether words are kept that say nothing, since there are no others.
    keeps_all: bool,
    corrected: Vec<Change>,
    offered: Vec<Change>,
}

impl Reader<'_> {
    fn spans(&mut self) -> Vec<Span> {
        let mut spans = Vec::new();
        let mut at = 0;
        while at < self.stems.len() {
            let (span, length) = self.span(at);
            spans.extend(span);
            at += length;
        }
        spans
    }

    /// What begins with a word, and how many words it takes.
    fn span(&mut self, at: usize) -> (Option<Span>, usize) {
        let thesaurus = self.thesaurus;
        let rest = self.stems.get(at..).unwrap_or_default();
        let same = thesaurus.begins(rest);
        if let Some(same) = same.filter(|same| !self.is_right(at, same)) {
            let length = same.length;
            return (self.same(at, &same), length);
        }
        if let Some(span) = self.joined(at) {
            return (Some(span), 2);
        }
        let word = self.typed(at);
        let span = word.map(|word| Span {
            words: vec![word],
            others: Vec::new(),
        });
        (span, 1)
    }

    /// Whether what the list takes for a wrong spelling is a word of names: a wrong ending can have the right stem.
    fn is_right(&self, at: usize, same: &Same<'_>) -> bool {
        let word = self.query.words().get(at);
        let named = word.is_some_and(|word| self.vocabulary.use_of(&word.spelled).names > 0);
        same.meant.is_some() && same.length == 1 && named
    }

    /// A phrase that the list knows.
    fn same(&mut self, at: usize, same: &Same<'_>) -> Option<Span> {
        let reading = |stems: &[String], factor| Reading {
            stems: telling(stems),
            factor,
        };
        let others = same.others.iter().map(|other| reading(other, SAME));
        let mut others: Vec<Reading> = others.collect();
        let words: Vec<Typed> = match same.meant {
            None => (at..at + same.length)
                .filter_map(|at| self.plain(at))
                .collect(),
            Some(meant) => {
                self.corrected
                    .push((at..at + same.length, meant.to_owned()));
                let right = others.remove(0);
                let typed = right.stems.iter().map(|stem| self.known(stem.clone()));
                typed.collect()
            }
        };
        (!words.is_empty()).then_some(Span { words, others })
    }

    /// Two words that names write as one.
    fn joined(&self, at: usize) -> Option<Span> {
        let [first, second] = self.query.words().get(at..at + 2)? else {
            return None;
        };
        let both = format!("{}{}", first.spelled, second.spelled);
        let is_named = self.vocabulary.use_of(&both).names > 0;
        let is_short = first.spelled.len() < 3 || second.spelled.len() < 3;
        if !is_named || is_short {
            return None;
        }
        let words: Vec<Typed> = (at..at + 2).filter_map(|at| self.plain(at)).collect();
        let other = Reading {
            stems: vec![stem(&both)],
            factor: JOINED,
        };
        (!words.is_empty()).then(|| Span {
            words,
            others: vec![other],
        })
    }

    /// A word as it stands, if it says something.
    fn plain(&self, at: usize) -> Option<Typed> {
        let word = self.query.words().get(at)?;
        let says_nothing = is_stop_word(&word.spelled) && !self.keeps_all;
        (!says_nothing).then(|| self.known(word.stem()))
    }

    fn known(&self, stem: String) -> Typed {
        Typed {
            rarity: self.vocabulary.rarity(&stem),
            readings: vec![Reading {
                stems: vec![stem],
                factor: 1.0,
            }],
        }
    }

    /// A word, or what was probably meant by it.
    fn typed(&mut self, at: usize) -> Option<Typed> {
        let is_last = at + 1 == self.stems.len();
        if self.ending == Ending::Open && is_last {
            return self.half_typed(at);
        }
        let plain = self.plain(at)?;
        let query = self.query;
        let spelled = &query.words().get(at)?.spelled;
        let is_known = self
            .stems
            .get(at)
            .is_some_and(|stem| self.vocabulary.has_stem(stem));
        if is_known {
            self.offer(at, spelled);
            return Some(plain);
        }
        let meant = self.split(spelled).or_else(|| self.mistyped(spelled));
        let Some((typed, written)) = meant else {
            return Some(self.begun(spelled).unwrap_or(plain));
        };
        self.corrected.push((at..at + 1, written));
        Some(typed)
    }

    /// Offers a likelier spelling of a word that no name uses.
    fn offer(&mut self, at: usize, spelled: &str) {
        let used = self.vocabulary.use_of(spelled);
        let stands_alone = used.names == 0 && used.all > 0;
        if !stands_alone || is_stop_word(spelled) {
            return;
        }
        let near = self.vocabulary.neighbors(spelled, 1);
        let likelier = near.first().filter(|near| {
            let near_use = self.vocabulary.use_of(near);
            let is_other = stem(near) != stem(spelled);
            is_other && near_use.names > 0 && near_use.all >= used.all * FAR_COMMONER
        });
        let change = likelier.map(|near| (at..at + 1, (*near).to_owned()));
        self.offered.extend(change);
    }

    /// One word that was meant to be two.
    fn split(&self, spelled: &str) -> Option<(Typed, String)> {
        let halves = spelled.char_indices().skip(3).find_map(|(at, _)| {
            let (first, second) = spelled.split_at(at);
            let both = [first, second];
            let are_named = both
                .iter()
                .all(|half| half.len() >= 3 && self.vocabulary.use_of(half).names > 0);
            are_named.then_some(both)
        })?;
        let stems: Vec<String> = halves.iter().map(|half| stem(half)).collect();
        let rarity = stems.iter().map(|stem| self.vocabulary.rarity(stem)).sum();
        let reading = Reading {
            stems,
            factor: JOINED,
        };
        let typed = Typed {
            readings: vec![reading],
            rarity,
        };
        Some((typed, halves.join(" ")))
    }

    /// A word with one typing mistake.
    fn mistyped(&self, spelled: &str) -> Option<(Typed, String)> {
        let near = self.vocabulary.neighbors(spelled, MOST_NEIGHBORS);
        let best = (*near.first()?).to_owned();
        Some((self.one_of(&near, MISTYPED)?, best))
    }

    /// A word of which only the beginning was typed.
    fn begun(&self, spelled: &str) -> Option<Typed> {
        if spelled.chars().count() < 3 {
            return None;
        }
        self.one_of(
            &self.vocabulary.completions(spelled, MOST_NEIGHBORS),
            MISTYPED,
        )
    }

    /// The last word of somebody who is still typing.
    fn half_typed(&self, at: usize) -> Option<Typed> {
        let word = self.query.words().get(at)?;
        let mut completions = self.vocabulary.completions(&word.spelled, MOST_COMPLETIONS);
        if completions.is_empty() {
            completions = self
                .vocabulary
                .near_completions(&word.spelled, MOST_NEIGHBORS);
        }
        let plain = self.plain(at);
        let Some(mut typed) = self.one_of(&completions, COMPLETED) else {
            return plain;
        };
        if let Some(plain) = plain.filter(|_| self.vocabulary.has_stem(&word.stem())) {
            typed.readings.splice(0..0, plain.readings);
        }
        Some(typed)
    }

    /// Any of some words, the likeliest first.
    fn one_of(&self, words: &[&str], factor: f32) -> Option<Typed> {
        let mut readings: Vec<Reading> = Vec::new();
        for word in words {
            let stems = vec![stem(word)];
            if !readings.iter().any(|known| known.stems == stems) {
                readings.push(Reading { stems, factor });
            }
        }
        let first = readings.first()?.stems.first()?;
        let rarity = self.vocabulary.rarity(first);
        Some(Typed { readings, rarity })
    }

    /// The text with changes; none without any.
    fn with(&self, changes: &[Change]) -> Option<String> {
        let (first, _) = changes.first()?;
        let text = self.query.text();
        let words = self.query.words();
        debug_assert!(first.start < words.len());
        let mut out = String::new();
        let mut at = 0;
        for (range, other) in changes {
            let from = words.get(range.start)?.range.start;
            let to = words.get(range.end.checked_sub(1)?)?.range.end;
            out.push_str(text.get(at..from)?);
            out.push_str(other);
            at = to;
        }
        out.push_str(text.get(at..)?);
        Some(out)
    }
}

/// The stems of a phrase that say something; all of them if none does.
fn telling(stems: &[String]) -> Vec<String> {
    let telling: Vec<String> = stems
        .iter()
        .filter(|stem| !is_stop_word(stem))
        .cloned()
        .collect();
    match telling.is_empty() {
        true => stems.to_vec(),
        false => telling,
    }
}
