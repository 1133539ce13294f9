//! How a query is read: which words stand together, what else they may mean, and what
//! was probably meant where nobody uses a word. It decides nothing about order.

use std::cell::OnceCell;

use super::company::{Around, Company};
use super::index::{Fault, Index};
use super::query::Query;
use super::terms::{is_stop_word, stem};
use super::thesaurus::{Same, Thesaurus};
use super::understood::{Reading, Span, Typed, Understood};
use super::vocabulary::{MIN_LETTERS, Vocabulary};

/// How much a reading counts beside the very word.
const SAME: f32 = 0.9;
const JOINED: f32 = 0.95;
const MISTYPED: f32 = 0.7;
const COMPLETED: f32 = 0.8;

/// Most words that one mistyped or half-typed word may stand for.
const MOST_NEIGHBORS: usize = 3;
const MOST_COMPLETIONS: usize = 8;

/// Most words around a mistyped one that tell what was meant, nearest first.
const MOST_AROUND: usize = 3;

/// A word that names don't know is offered another spelling that documents use this many times as often.
const FAR_COMMONER: u32 = 4;

/// How a text came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// Somebody has typed it to its end.
    Typed,
    /// Somebody is still typing: the last word may be half of one, and no likelier text is offered.
    Typing,
    /// It stands in the place of one with mistakes: no likelier text is offered.
    Corrected,
}

/// Reads a query.
pub(super) fn understand(
    query: &Query,
    origin: Origin,
    index: &Index,
) -> Result<Understood, Fault> {
    let says_something = query
        .words()
        .iter()
        .any(|word| !is_stop_word(&word.spelled));
    let mut reader = Reader {
        query,
        origin,
        vocabulary: &index.vocabulary,
        thesaurus: &index.thesaurus,
        company: Company::new(index),
        stems: query.words().iter().map(super::terms::Word::stem).collect(),
        near: query.words().iter().map(|_| OnceCell::new()).collect(),
        keeps_all: !says_something,
        corrected: Vec::new(),
        offered: Vec::new(),
    };
    let spans = reader.spans()?;
    let (corrected, offered) = (reader.with(&reader.corrected), reader.with(&reader.offered));
    Ok(Understood {
        spans,
        corrected,
        offered,
    })
}

/// Words from one place to another, and what to write there.
type Change = (std::ops::Range<usize>, String);

struct Reader<'a> {
    query: &'a Query,
    origin: Origin,
    vocabulary: &'a Vocabulary,
    thesaurus: &'a Thesaurus,
    company: Company<'a>,
    /// Of every word.
    stems: Vec<String>,
    /// Of every word what it may be meant to be, once somebody has asked: that takes hundreds of looks into the
    /// vocabulary, and its neighbors in the query ask as well.
    near: Vec<OnceCell<Vec<&'a str>>>,
    /// Whether words are kept that say nothing, since there are no others.
    keeps_all: bool,
    corrected: Vec<Change>,
    offered: Vec<Change>,
}

impl<'a> Reader<'a> {
    fn spans(&mut self) -> Result<Vec<Span>, Fault> {
        let mut spans = Vec::new();
        let mut at = 0;
        while at < self.stems.len() {
            let (span, length) = self.span(at)?;
            spans.extend(span);
            at += length;
        }
        Ok(spans)
    }

    /// What begins with a word, and how many words it takes.
    fn span(&mut self, at: usize) -> Result<(Option<Span>, usize), Fault> {
        let thesaurus = self.thesaurus;
        let rest = self.stems.get(at..).unwrap_or_default();
        let same = thesaurus.begins(rest);
        if let Some(same) = same.filter(|same| !self.is_right(at, same)) {
            let length = same.length;
            return Ok((self.same(at, &same), length));
        }
        if let Some(span) = self.joined(at).or_else(|| self.misjoined(at)) {
            return Ok((Some(span), 2));
        }
        let word = self.typed(at)?;
        let span = word.map(|word| Span {
            words: vec![word],
            others: Vec::new(),
        });
        Ok((span, 1))
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
        let both = self.both(at)?;
        if self.vocabulary.use_of(&both).names == 0 {
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

    /// Two words that names write as one, with one typing mistake that makes one of them unknown.
    fn misjoined(&mut self, at: usize) -> Option<Span> {
        let both = self.both(at)?;
        let mut halves = self.stems.get(at..at + 2)?.iter();
        if halves.all(|stem| self.vocabulary.has_stem(stem)) {
            return None;
        }
        let near = self.vocabulary.neighbors(&both);
        let named = near
            .into_iter()
            .filter(|word| self.vocabulary.use_of(word).names > 0);
        let named: Vec<&str> = named.take(1).collect();
        let typed = self.one_of(&named, MISTYPED)?;
        self.corrected
            .push((at..at + 2, named.first().copied()?.to_owned()));
        Some(Span {
            words: vec![typed],
            others: Vec::new(),
        })
    }

    /// Two words without the space between them, if neither is short.
    fn both(&self, at: usize) -> Option<String> {
        let [first, second] = self.query.words().get(at..at + 2)? else {
            return None;
        };
        let is_short = first.spelled.len() < 3 || second.spelled.len() < 3;
        (!is_short).then(|| format!("{}{}", first.spelled, second.spelled))
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
    fn typed(&mut self, at: usize) -> Result<Option<Typed>, Fault> {
        let is_last = at + 1 == self.stems.len();
        if self.origin == Origin::Typing && is_last {
            return Ok(self.half_typed(at));
        }
        let query = self.query;
        let word = query.words().get(at).zip(self.plain(at));
        let Some((word, plain)) = word else {
            return Ok(None);
        };
        let spelled = &word.spelled;
        let is_known = self
            .stems
            .get(at)
            .is_some_and(|stem| self.vocabulary.has_stem(stem));
        if is_known {
            if self.origin == Origin::Typed {
                self.offer(at, spelled)?;
            }
            return Ok(Some(plain));
        }
        let meant = match self.split(spelled) {
            Some(two) => Some(two),
            None => self.mistyped(at)?,
        };
        let Some((typed, written)) = meant else {
            return Ok(Some(self.begun(spelled).unwrap_or(plain)));
        };
        self.corrected.push((at..at + 1, written));
        Ok(Some(typed))
    }

    /// Offers a likelier spelling: of a word that no name uses, one that documents use far more often; of any word, one
    /// that names have beside the words around it, where no name has that word there.
    fn offer(&mut self, at: usize, spelled: &str) -> Result<(), Fault> {
        let used = self.vocabulary.use_of(spelled);
        let around = self.around(at);
        let is_alone = used.names == 0 && used.all > 0;
        let is_odd = !around.beside.is_empty() && !self.company.is_named(spelled, &around);
        if !(is_alone || is_odd) || is_stop_word(spelled) {
            return Ok(());
        }
        let vocabulary = self.vocabulary;
        let near = match is_alone {
            true => self.near_in_company(at).to_vec(),
            false => self.near(at),
        };
        let likelier = match self.company.named(&near, &around).first() {
            Some(named) if is_odd => Some(*named),
            _ if is_alone => {
                let near = self.near(at);
                let near = self.company.by_documents(near, &around)?;
                near.first().copied().filter(|near| {
                    let near_use = vocabulary.use_of(near);
                    let is_other = stem(near) != stem(spelled);
                    is_other && near_use.names > 0 && near_use.all >= used.all * FAR_COMMONER
                })
            }
            _ => None,
        };
        let change = likelier.map(|near| (at..at + 1, near.to_owned()));
        self.offered.extend(change);
        Ok(())
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
    fn mistyped(&mut self, at: usize) -> Result<Option<(Typed, String)>, Fault> {
        let near = self.likeliest(at)?;
        let typed = self.one_of(&near, MISTYPED);
        Ok(typed.zip(near.first().copied().map(str::to_owned)))
    }

    /// What a word may have been meant to be, the likeliest first. Where names say what stands beside the words around
    /// it, nothing else was meant; a short word is read otherwise in no other case.
    fn likeliest(&mut self, at: usize) -> Result<Vec<&'a str>, Fault> {
        let around = self.around(at);
        if !around.beside.is_empty() {
            let mut named = self.company.named(self.near_in_company(at), &around);
            if !named.is_empty() {
                named.truncate(MOST_NEIGHBORS);
                return Ok(named);
            }
        }
        let mut near = self.company.by_documents(self.near(at), &around)?;
        near.truncate(MOST_NEIGHBORS);
        Ok(near)
    }

    /// What a word may be meant to be; see [`Vocabulary::neighbors`].
    fn near(&self, at: usize) -> Vec<&'a str> {
        let word = self.query.words().get(at);
        match word.filter(|word| word.spelled.chars().count() < MIN_LETTERS) {
            Some(short) => self.vocabulary.neighbors(&short.spelled),
            None => self.near_in_company(at).to_vec(),
        }
    }

    /// What a word may be meant to be where others tell; see [`Vocabulary::neighbors_in_company`].
    fn near_in_company(&self, at: usize) -> &[&'a str] {
        let asked = self.near.get(at).zip(self.query.words().get(at));
        let near = asked.map(|(near, word)| {
            near.get_or_init(|| self.vocabulary.neighbors_in_company(&word.spelled))
        });
        near.map_or(&[], Vec::as_slice)
    }

    /// What stands around a word, as far as it says something. A mistyped neighbor is all that it may be meant to be.
    fn around(&self, at: usize) -> Around {
        let words = self.query.words().iter().zip(&self.stems).enumerate();
        let mut telling: Vec<(usize, &str)> = words
            .filter(|(_, (word, _))| !is_stop_word(&word.spelled))
            .map(|(place, (_, stem))| (place, stem.as_str()))
            .collect();
        let before = telling.iter().rfind(|(place, _)| *place < at);
        let after = telling.iter().find(|(place, _)| *place > at);
        let beside = before.into_iter().chain(after);
        let beside = beside.flat_map(|(place, stem)| self.meanings(*place, stem));
        let beside = beside.collect();
        telling.retain(|(place, stem)| *place != at && self.vocabulary.has_stem(stem));
        telling.sort_by_key(|(place, _)| place.abs_diff(at));
        let others = telling.into_iter().take(MOST_AROUND);
        Around {
            beside,
            others: others.map(|(_, stem)| stem.to_owned()).collect(),
        }
    }

    /// The stem of a word that documents use, else those of the words that it may be meant to be.
    fn meanings(&self, at: usize, known: &str) -> Vec<String> {
        if self.vocabulary.has_stem(known) {
            return vec![known.to_owned()];
        }
        let near = self.near_in_company(at).iter();
        near.map(|word| stem(word)).collect()
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
