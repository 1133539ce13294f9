//! Every word that any document uses, with the number of documents that do. It knows
//! how much a word tells, which words begin with some letters, which stand side by side
//! in names, and what a word that nobody uses may have been meant to be.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::word_list::{WordList, pair};

/// Shortest word in which a typing mistake is forgiven, in letters. In a shorter one only two letters may be swapped.
pub(super) const MIN_LETTERS: usize = 4;

/// Shortest word in which a typing mistake is forgiven where the words beside it tell what was meant, in letters.
const MIN_LETTERS_IN_COMPANY: usize = 3;

/// How many documents use a word.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Use {
    /// In a name.
    pub(super) names: u32,
    /// Anywhere.
    pub(super) all: u32,
}

/// Words with their use.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Vocabulary {
    documents: u32,
    /// By spelling.
    words: BTreeMap<Arc<str>, Use>,
    /// Documents by stem.
    stems: BTreeMap<Arc<str>, u32>,
    /// Documents by two stems that stand side by side in a name, words that say nothing left out; see [`pair`].
    pairs: BTreeMap<Arc<str>, u32>,
}

impl Vocabulary {
    /// Adds the words of a document.
    pub(super) fn add(&mut self, words: &WordList<'_>) {
        self.documents += 1;
        for (word, is_named) in words.spellings() {
            count(&mut self.words, word, |used: &mut Use| {
                used.all += 1;
                used.names += u32::from(is_named);
            });
        }
        count_up(&mut self.stems, words.stems());
        count_up(&mut self.pairs, words.pairs());
    }

    /// Takes away the words of a document that was added.
    pub(super) fn remove(&mut self, words: &WordList<'_>) {
        self.documents = self.documents.saturating_sub(1);
        for (word, is_named) in words.spellings() {
            let Some(used) = self.words.get_mut(word) else {
                continue;
            };
            used.all = used.all.saturating_sub(1);
            used.names = used.names.saturating_sub(u32::from(is_named));
            if used.all == 0 {
                self.words.remove(word);
            }
        }
        count_down(&mut self.stems, words.stems());
        count_down(&mut self.pairs, words.pairs());
    }

    /// How a spelling is used.
    pub(super) fn use_of(&self, word: &str) -> Use {
        self.words.get(word).copied().unwrap_or_default()
    }

    /// Whether some document holds a word with this stem.
    pub(super) fn has_stem(&self, stem: &str) -> bool {
        self.stems.contains_key(stem)
    }

    /// In how many documents some name has two stems side by side, in either order.
    pub(super) fn beside(&self, one: &str, other: &str) -> u32 {
        let count = self.pairs.get(pair(one, other).as_str());
        count.copied().unwrap_or_default()
    }

    /// How much a stem tells: 1 if every document has it, more the fewer do.
    pub(super) fn rarity(&self, stem: &str) -> f32 {
        let having = self.stems.get(stem).copied().unwrap_or(1).max(1);
        // Both are far below 2^24, so that a float holds them exactly.
        1.0 + (self.documents.max(1) as f32 / having as f32).ln().max(0.0)
    }

    /// Words of names that begin with some letters, those that most names use first, then by spelling.
    pub(super) fn completions(&self, letters: &str, most: usize) -> Vec<&str> {
        let from = self.words.range::<str, _>((
            std::ops::Bound::Included(letters),
            std::ops::Bound::Unbounded,
        ));
        let mut found: Vec<(&str, u32)> = from
            .take_while(|(word, _)| word.starts_with(letters))
            .filter(|(_, used)| used.names > 0)
            .map(|(word, used)| (word.as_ref(), used.names))
            .collect();
        found.sort_by_key(|(word, names)| (Reverse(*names), *word));
        found.into_iter().map(|(word, _)| word).take(most).collect()
    }

    /// Words of names that begin with some letters but for one typing mistake; those that most names use first.
    pub(super) fn near_completions(&self, letters: &str, most: usize) -> Vec<&str> {
        let signs: Vec<char> = letters.chars().collect();
        if signs.len() < MIN_LETTERS || signs.iter().any(char::is_ascii_digit) {
            return Vec::new();
        }
        let mut found: BTreeSet<(Reverse<u32>, &str)> = BTreeSet::new();
        each_edit(&signs, MIN_LETTERS, |edited| {
            let completed = self.completions(edited, 1).into_iter();
            found.extend(completed.map(|word| (Reverse(self.use_of(word).names), word)));
        });
        found.into_iter().map(|(_, word)| word).take(most).collect()
    }

    /// Words that differ by one typing mistake: those of names first, then those that most documents use.
    pub(super) fn neighbors(&self, word: &str) -> Vec<&str> {
        self.edited(word, MIN_LETTERS)
    }

    /// As [`neighbors`](Self::neighbors), but of shorter words as well. For a word of which others tell what was meant.
    pub(super) fn neighbors_in_company(&self, word: &str) -> Vec<&str> {
        self.edited(word, MIN_LETTERS_IN_COMPANY)
    }

    fn edited(&self, word: &str, min_letters: usize) -> Vec<&str> {
        let signs: Vec<char> = word.chars().collect();
        if signs.iter().any(char::is_ascii_digit) {
            return Vec::new();
        }
        let mut found: BTreeSet<(Reverse<bool>, Reverse<u32>, &str)> = BTreeSet::new();
        each_edit(&signs, min_letters, |edited| {
            if let Some((known, used)) = self.words.get_key_value(edited) {
                found.insert((Reverse(used.names > 0), Reverse(used.all), known));
            }
        });
        found.into_iter().map(|(_, _, word)| word).collect()
    }
}

/// Changes what is counted for a text. The text is kept when it comes for the first time.
fn count<T: Default>(counts: &mut BTreeMap<Arc<str>, T>, own: &str, change: impl FnOnce(&mut T)) {
    match counts.get_mut(own) {
        Some(known) => change(known),
        None => {
            let mut first = T::default();
            change(&mut first);
            counts.insert(own.into(), first);
        }
    }
}

fn count_up(counts: &mut BTreeMap<Arc<str>, u32>, added: impl IntoIterator<Item: AsRef<str>>) {
    for own in added {
        count(counts, own.as_ref(), |all| *all += 1);
    }
}

fn count_down(counts: &mut BTreeMap<Arc<str>, u32>, taken: impl IntoIterator<Item: AsRef<str>>) {
    for own in taken {
        let own = own.as_ref();
        let Some(count) = counts.get_mut(own) else {
            continue;
        };
        *count = count.saturating_sub(1);
        if *count == 0 {
            counts.remove(own);
        }
    }
}

/// Tells every text that is one letter more, less or other, or has two neighbors swapped; of a text that is shorter
/// than `min_letters` only the swapped ones.
fn each_edit(signs: &[char], min_letters: usize, mut tell: impl FnMut(&str)) {
    let mut edited = String::with_capacity(4 * signs.len() + 4);
    let mut join = |parts: [&[char]; 3]| {
        edited.clear();
        edited.extend(parts.into_iter().flatten());
        tell(&edited);
    };
    for at in 0..=signs.len() {
        let (before, after) = signs.split_at_checked(at).unwrap_or_default();
        if let [first, second, rest @ ..] = after {
            join([before, &[*second, *first], rest]);
        }
        if signs.len() < min_letters {
            continue;
        }
        if let [_, rest @ ..] = after {
            join([before, &[], rest]);
        }
        for letter in 'a'..='z' {
            join([before, &[letter], after]);
            if let [_, rest @ ..] = after {
                join([before, &[letter], rest]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::document::{Document, Kind};
    use super::*;

    fn document(name: &str, text: &str) -> Document {
        Document {
            kind: Kind::Topic,
            id: name.to_owned(),
            title: name.to_owned(),
            titles: vec![name.to_owned()],
            names: Vec::new(),
            passages: vec![text.to_owned()],
            text: Vec::new(),
        }
    }

    fn vocabulary(rows: &[(&str, &str)]) -> Vocabulary {
        let mut vocabulary = Vocabulary::default();
        for (name, text) in rows {
            vocabulary.add(&WordList::of(&document(name, text)));
        }
        vocabulary
    }

    #[test]
    fn a_mistake_is_one_letter_more_less_or_other_or_two_swapped() {
        let words = vocabulary(&[("sciatica", ""), ("uti", ""), ("throat", ""), ("ear", "")]);
        let rows: &[(&str, &[&str])] = &[
            ("siatica", &["sciatica"]),
            ("sciaticaa", &["sciatica"]),
            ("sciatixa", &["sciatica"]),
            ("thraot", &["throat"]),
            ("thraet", &[]),
            ("uit", &["uti"]),
            ("eat", &[]),
            ("thr0at", &[]),
            ("", &[]),
        ];
        for (typed, expected) in rows {
            assert_eq!(words.neighbors(typed), *expected, "{typed}");
        }
    }

    #[test]
    fn words_of_names_come_before_words_that_are_used_more() {
        let words = vocabulary(&[("reflux", ""), ("a", "reflex"), ("b", "reflex")]);
        assert_eq!(words.neighbors("reflix"), ["reflux", "reflex"]);
    }

    #[test]
    fn a_short_word_is_forgiven_in_company_alone() {
        let words = vocabulary(&[("sore throat", ""), ("back", ""), ("ear", "")]);
        let rows: &[(&str, &[&str])] = &[("sor", &["sore"]), ("bak", &["back"]), ("ea", &[])];
        for (typed, expected) in rows {
            assert_eq!(words.neighbors(typed), Vec::<&str>::new(), "{typed}");
            assert_eq!(words.neighbors_in_company(typed), *expected, "{typed}");
        }
    }

    #[test]
    fn words_stand_side_by_side_in_a_name_in_either_order_over_words_that_say_nothing() {
        let mut words = vocabulary(&[
            ("shortness of breath", "heart attack"),
            ("out of breath", ""),
        ]);
        let rows = [
            ("short", "breath", 1),
            ("breath", "short", 1),
            ("out", "breath", 1),
            ("out", "short", 0),
            ("heart", "attack", 0),
        ];
        for (one, other, expected) in rows {
            assert_eq!(words.beside(one, other), expected, "{one} {other}");
        }
        words.remove(&WordList::of(&document("out of breath", "")));
        assert_eq!(words.beside("out", "breath"), 0);
    }

    #[test]
    fn what_was_added_and_taken_away_leaves_nothing() {
        let mut words = vocabulary(&[("knee", "hurts"), ("ankle", "hurts")]);
        words.remove(&WordList::of(&document("ankle", "hurts")));
        assert_eq!(words, vocabulary(&[("knee", "hurts")]));
        words.remove(&WordList::of(&document("knee", "hurts")));
        assert_eq!(words, Vocabulary::default());
    }

    #[test]
    fn completions_are_words_of_names() {
        let words = vocabulary(&[("knee pain", "knot"), ("knee", ""), ("knuckle", "")]);
        assert_eq!(words.completions("kn", 5), ["knee", "knuckle"]);
        assert_eq!(words.completions("x", 5), Vec::<&str>::new());
        assert_eq!(words.near_completions("knux", 5), ["knuckle"]);
        assert_eq!(words.near_completions("kux", 5), Vec::<&str>::new());
    }
}
