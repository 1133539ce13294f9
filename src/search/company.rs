//! Which of several words was probably meant, told by the words around it: first by names
//! in which they stand side by side, then by the documents that hold both. It is asked
//! about words with a typing mistake alone, and looks at a bounded number of postings.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::index::{Fault, Index, Part};
use super::terms::stem;

/// Parts that tell what a document is about; whole names only repeat them.
const PARTS: [Part; 4] = [Part::Title, Part::Name, Part::Passage, Part::Text];

/// Most words of which documents are asked for one place of a query. A word has at most some dozens of neighbors, and
/// the first are those of names that most documents use.
const MOST_WEIGHED: usize = 6;

/// Most stems whose documents are looked up for one query: 12 words, each mistyped, must not cost more than one.
const MOST_LOOKED_UP: usize = 16;

/// The stems around one place of a query.
#[derive(Debug, Default)]
pub(super) struct Around {
    /// Those that may stand directly beside it, words that say nothing left out.
    pub(super) beside: Vec<String>,
    /// Those of other words that documents use, nearest first.
    pub(super) others: Vec<String>,
}

/// The words of one query, as they go together.
pub(super) struct Company<'a> {
    index: &'a Index,
    /// For each stem that was looked up, by slot whether the document holds it.
    holders: BTreeMap<String, Vec<bool>>,
}

impl<'a> Company<'a> {
    pub(super) fn new(index: &'a Index) -> Self {
        Self {
            index,
            holders: BTreeMap::new(),
        }
    }

    /// Whether some name has a word beside one of the stems.
    pub(super) fn is_named(&self, word: &str, around: &Around) -> bool {
        self.names(word, around) > 0
    }

    fn names(&self, word: &str, around: &Around) -> u32 {
        let own = stem(word);
        let beside = around.beside.iter();
        let counts = beside.map(|other| self.index.vocabulary.beside(&own, other));
        counts.sum()
    }

    /// The words that some name has beside one of the stems, those of most names first; equals stay in their order.
    pub(super) fn named<'w>(&self, words: &[&'w str], around: &Around) -> Vec<&'w str> {
        let counted = words.iter().map(|word| (self.names(word, around), *word));
        let mut named: Vec<(u32, &str)> = counted.filter(|(count, _)| *count > 0).collect();
        named.sort_by_key(|(count, _)| Reverse(*count));
        named.into_iter().map(|(_, word)| word).collect()
    }

    /// The words, those that share most documents with the others first, and words of names before the rest. They come
    /// in the order that holds without company, which equals keep.
    pub(super) fn by_documents<'w>(
        &mut self,
        words: Vec<&'w str>,
        around: &Around,
    ) -> Result<Vec<&'w str>, Fault> {
        if words.len() < 2 || around.others.is_empty() {
            return Ok(words);
        }
        let mut weighed = Vec::with_capacity(words.len());
        for word in words.into_iter().take(MOST_WEIGHED) {
            let is_name = self.index.vocabulary.use_of(word).names > 0;
            let mut shared = 0.0;
            for other in &around.others {
                shared += self.shared(&stem(word), other)?;
            }
            weighed.push((is_name, shared, word));
        }
        weighed.sort_by(|a, b| b.0.cmp(&a.0).then(b.1.total_cmp(&a.1)));
        Ok(weighed.into_iter().map(|(.., word)| word).collect())
    }

    /// How much the documents of two stems are the same, from 0 to 1: those that hold both, by the geometric mean of
    /// those that hold each. So a word that stands everywhere is no company to anybody.
    /// Source: A. Ochiai, Bulletin of the Japanese Society of Scientific Fisheries 22 (1957).
    fn shared(&mut self, one: &str, other: &str) -> Result<f64, Fault> {
        self.look_up(one)?;
        self.look_up(other)?;
        let holders = (self.holders.get(one), self.holders.get(other));
        let (Some(one), Some(other)) = holders else {
            return Ok(0.0);
        };
        let count = |held: &mut dyn Iterator<Item = bool>| {
            let count = held.filter(|holds| *holds).count();
            u32::try_from(count).map_or(f64::MAX, f64::from)
        };
        let both = count(&mut one.iter().zip(other).map(|(one, other)| *one && *other));
        let each = count(&mut one.iter().copied()) * count(&mut other.iter().copied());
        Ok(if both > 0.0 { both / each.sqrt() } else { 0.0 })
    }

    /// Learns which documents hold a stem; not for ever more stems.
    fn look_up(&mut self, stem: &str) -> Result<(), Fault> {
        if self.holders.contains_key(stem) || self.holders.len() >= MOST_LOOKED_UP {
            return Ok(());
        }
        let mut holders = vec![false; self.index.entries.len()];
        for part in PARTS {
            self.index.each_with(part, stem, |slot| {
                let at = usize::try_from(slot).unwrap_or(usize::MAX);
                if let Some(holds) = holders.get_mut(at) {
                    *holds = true;
                }
            })?;
        }
        self.holders.insert(stem.to_owned(), holders);
        Ok(())
    }
}
