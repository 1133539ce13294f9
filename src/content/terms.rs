//! Finds the clinic's medical terms in a text. It stands apart because two askers need
//! the same answer: whether a term is explained, and what the reading grade leaves out.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::clinic::{Glossary, Term};

/// The terms of a glossary, ready to be looked for in many texts.
#[derive(Debug, Default)]
pub struct TermIndex {
    /// The forms of all terms by their first word in lower case, the longest first.
    forms: BTreeMap<String, Vec<(String, Arc<Term>)>>,
    /// How those words begin, ascending: most words of a text begin otherwise, and are not looked for any further.
    beginnings: Vec<[u8; 2]>,
}

/// One place where a term stands.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::content) struct Mention {
    /// The term.
    pub(in crate::content) term: Arc<Term>,
    /// Its bytes, with the letters of its plural.
    pub(in crate::content) range: Range<usize>,
}

impl TermIndex {
    /// The index of a glossary. Making it costs more than reading a text by it.
    #[must_use]
    pub fn new(glossary: &Glossary) -> Self {
        let mut forms: BTreeMap<String, Vec<(String, Arc<Term>)>> = BTreeMap::new();
        for term in glossary.values() {
            for form in term.forms() {
                let form = form.to_ascii_lowercase();
                let first = word_ranges(&form).next().and_then(|range| form.get(range));
                let Some(first) = first.map(str::to_owned) else {
                    continue;
                };
                forms
                    .entry(first)
                    .or_default()
                    .push((form, Arc::clone(term)));
            }
        }
        for known in forms.values_mut() {
            known.sort_by_key(|(form, _)| std::cmp::Reverse(form.len())); // the longest wins
        }
        let mut beginnings: Vec<[u8; 2]> = forms.keys().map(|first| beginning(first)).collect();
        beginnings.sort_unstable();
        beginnings.dedup();
        Self { forms, beginnings }
    }

    /// Terms in a text, in its order.
    pub(super) fn find(&self, text: &str) -> Vec<Mention> {
        let lower = text.to_ascii_lowercase();
        let mut found: Vec<Mention> = Vec::new();
        for word in word_ranges(&lower) {
            let is_taken = found
                .last()
                .is_some_and(|mention| mention.range.end > word.start);
            if !is_taken && let Some(mention) = self.at(&lower, word) {
                found.push(mention);
            }
        }
        found
    }

    fn at(&self, lower: &str, word: Range<usize>) -> Option<Mention> {
        let first = lower.get(word.clone())?;
        // A word of three letters may be the plural of one of a single letter.
        if first.len() > 3 && self.beginnings.binary_search(&beginning(first)).is_err() {
            return None;
        }
        let rest = lower.get(word.start..)?;
        let singular = first.strip_suffix('s');
        let keys = [Some(first), singular, first.strip_suffix("es")];
        let known = keys.into_iter().flatten();
        let mut candidates = known.filter_map(|key| self.forms.get(key)).flatten();
        candidates.find_map(|(form, term)| {
            let after = rest.strip_prefix(form.as_str())?;
            let plural = ["", "s", "es"].into_iter().find(|plural| {
                let end = after.strip_prefix(plural);
                end.is_some_and(|end| !end.starts_with(is_in_word))
            })?;
            Some(Mention {
                term: Arc::clone(term),
                range: word.start..word.start + form.len() + plural.len(),
            })
        })
    }
}

/// The bytes of `range` in a text without the terms in them; `mentions` are those of the whole text, in its order.
pub(super) fn left_out(text: &str, range: &Range<usize>, mentions: &[Mention]) -> String {
    let mut kept = String::with_capacity(range.len());
    let mut at = range.start;
    let is_inside =
        |mention: &&Mention| range.start <= mention.range.start && mention.range.end <= range.end;
    for mention in mentions.iter().filter(is_inside) {
        kept.push_str(text.get(at..mention.range.start).unwrap_or_default());
        at = mention.range.end;
    }
    kept.push_str(text.get(at..range.end).unwrap_or_default());
    kept
}

/// The first two bytes of a word.
fn beginning(word: &str) -> [u8; 2] {
    let mut bytes = word.bytes();
    [
        bytes.next().unwrap_or_default(),
        bytes.next().unwrap_or_default(),
    ]
}

fn is_in_word(sign: char) -> bool {
    sign.is_alphanumeric()
}

/// Where the words of a text stand, in its order. Hyphens and apostrophes join.
pub(super) fn word_ranges(text: &str) -> impl Iterator<Item = Range<usize>> {
    let joins = |sign: char| is_in_word(sign) || matches!(sign, '-' | '\'' | '’');
    let mut start = 0;
    text.split(move |sign: char| !joins(sign))
        .filter_map(move |word| {
            // Parts come in order, each after one sign that splits.
            let at = start;
            let sign = text
                .get(at + word.len()..)
                .and_then(|rest| rest.chars().next());
            start = at + word.len() + sign.map_or(0, char::len_utf8);
            let bare = word.trim_start_matches(|sign| !is_in_word(sign));
            let from = at + word.len() - bare.len();
            let bare = bare.trim_end_matches(|sign| !is_in_word(sign));
            (!bare.is_empty()).then(|| from..from + bare.len())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glossary() -> Glossary {
        let rows = [
            ("nsaid", "NSAID", vec!["NSAIDs"]),
            ("herniated-disk", "herniated disk", vec![]),
            ("disk", "disk", vec![]),
        ];
        rows.into_iter()
            .map(|(id, term, also)| {
                let term = Term {
                    id: id.parse().unwrap(),
                    term: term.into(),
                    plain: "plain words".into(),
                    also: also.into_iter().map(str::to_owned).collect(),
                    explain: "It is explained.".into(),
                    sources: Vec::new(),
                };
                (term.id.clone(), Arc::new(term))
            })
            .collect()
    }

    #[test]
    fn a_term_is_found_in_each_form_and_case_and_the_longest_wins() {
        let rows = [
            ("Herniated disks hurt.", vec!["herniated-disk"]),
            ("A disk, two disks, diskette.", vec!["disk", "disk"]),
            ("Pills (NSAIDs) help.", vec!["nsaid"]),
            ("post-disk", vec![]),
            ("", vec![]),
        ];
        let glossary = glossary();
        let index = TermIndex::new(&glossary);
        for (text, expected) in rows {
            let found: Vec<_> = index
                .find(text)
                .iter()
                .map(|mention| mention.term.id.to_string())
                .collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn terms_are_left_out_of_the_part_that_is_asked_for() {
        let text = "Pills (NSAIDs) help a herniated disk. A disk is a cushion.";
        let mentions = TermIndex::new(&glossary()).find(text);
        let rows = [
            (0..37, "Pills () help a ."),
            (37..text.len(), " A  is a cushion."),
            (0..10, "Pills (NSA"),
            (0..0, ""),
        ];
        for (range, expected) in rows {
            assert_eq!(left_out(text, &range, &mentions), expected);
        }
    }

    #[test]
    fn words_have_their_places() {
        let text = "“It’s” – a self-care tip.";
        let words: Vec<&str> = word_ranges(text).map(|range| &text[range]).collect();
        assert_eq!(words, ["It’s", "a", "self-care", "tip"]);
    }
}
