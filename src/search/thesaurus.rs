//! The clinic's sets of same words, ready to be looked up by the stems that somebody
//! typed. It stands apart from the file's reader, which knows no stems.

use std::collections::BTreeMap;

use super::terms::stems;
use crate::clinic::{MAX_PHRASE_WORDS, SameWords};

/// Same words by stems.
#[derive(Debug, Default)]
pub(super) struct Thesaurus {
    sets: Vec<Set>,
    phrases: BTreeMap<Vec<String>, Meaning>,
}

#[derive(Debug)]
struct Set {
    /// The first phrase as it is written.
    first: String,
    /// Every phrase as stems, in the order of the file.
    phrases: Vec<Vec<String>>,
}

/// What a phrase stands for.
#[derive(Debug, Clone, Copy)]
struct Meaning {
    set: usize,
    is_misspelled: bool,
}

/// A phrase that was found among words.
pub(super) struct Same<'a> {
    /// How many words it takes.
    pub(super) length: usize,
    /// Other phrases for the same, in the order of the file. Those of a wrong spelling begin with the right one.
    pub(super) others: Vec<&'a [String]>,
    /// The right spelling, if the words are a wrong one.
    pub(super) meant: Option<&'a str>,
}

impl Thesaurus {
    /// Makes a thesaurus of a clinic's list.
    pub(super) fn of(sets: &[SameWords]) -> Self {
        let mut thesaurus = Self::default();
        for (set, own) in sets.iter().enumerate() {
            let phrases: Vec<Vec<String>> = own.words.iter().map(|word| stems(word)).collect();
            let wrong = own.misspelled.iter().map(|word| (stems(word), true));
            let right = phrases.iter().map(|phrase| (phrase.clone(), false));
            for (phrase, is_misspelled) in right.chain(wrong) {
                let meaning = Meaning { set, is_misspelled };
                thesaurus.phrases.entry(phrase).or_insert(meaning);
            }
            thesaurus.sets.push(Set {
                first: own.words.first().cloned().unwrap_or_default(),
                phrases,
            });
        }
        thesaurus
    }

    /// The longest phrase with which some words begin.
    pub(super) fn begins(&self, typed: &[String]) -> Option<Same<'_>> {
        let longest = typed.len().min(MAX_PHRASE_WORDS);
        (1..=longest).rev().find_map(|length| {
            let phrase = typed.get(..length)?;
            let meaning = self.phrases.get(phrase)?;
            let set = self.sets.get(meaning.set)?;
            let others = set.phrases.iter().map(Vec::as_slice);
            Some(Same {
                length,
                others: others.filter(|other| *other != phrase).collect(),
                meant: meaning.is_misspelled.then_some(set.first.as_str()),
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_phrase_is_taken_and_a_wrong_spelling_names_the_right_one() {
        let set = |words: &[&str], misspelled: &[&str]| SameWords {
            words: words.iter().map(|word| (*word).to_owned()).collect(),
            misspelled: misspelled.iter().map(|word| (*word).to_owned()).collect(),
        };
        let thesaurus = Thesaurus::of(&[
            set(&["belly", "tummy"], &[]),
            set(&["belly button", "navel"], &[]),
            set(&["pink eye", "conjunctivitis"], &["pink i"]),
        ]);
        let same = thesaurus.begins(&stems("belly button hurts")).unwrap();
        assert_eq!((same.length, same.meant), (2, None));
        assert_eq!(same.others, [stems("navel").as_slice()]);
        let same = thesaurus.begins(&stems("pink i")).unwrap();
        assert_eq!((same.length, same.meant), (2, Some("pink eye")));
        assert_eq!(same.others.len(), 2);
        assert!(thesaurus.begins(&stems("pink")).is_none());
    }
}
