//! The words of a document, each with its stem and where it stands. It stands apart because the index and the vocabulary
//! need the same words, and to cut a text into words and stem them is most of the work of both.

use std::borrow::Cow;
use std::collections::HashMap;

use foldhash::fast::FixedState;

use super::document::Document;
use super::index::Part;
use super::terms::{spellings, stem, telling_stems};

/// Every word of a document.
#[derive(Debug)]
pub(super) struct WordList<'a> {
    /// Each once, by spelling.
    words: Vec<Listed<'a>>,
    /// What stands side by side in names; see [`pair`]. Each once, ascending.
    pairs: Vec<String>,
}

/// One word and where it stands.
#[derive(Debug)]
struct Listed<'a> {
    spelled: Cow<'a, str>,
    stem: String,
    parts: Parts,
}

/// Parts of a document, one bit for each.
#[derive(Debug, Clone, Copy, Default)]
struct Parts(u8);

impl Parts {
    fn of(part: Part) -> Self {
        Self(1 << part as u8)
    }

    fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    fn touch(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

impl<'a> WordList<'a> {
    /// The words of a document.
    pub(super) fn of(document: &'a Document) -> Self {
        let texts = [
            (Part::Title, &document.titles),
            (Part::Name, &document.names),
            (Part::Passage, &document.passages),
            (Part::Text, &document.text),
        ];
        let mut words: Vec<Listed<'a>> = Vec::new();
        let mut places: HashMap<Cow<'a, str>, usize, FixedState> = HashMap::default();
        for (part, texts) in texts {
            for spelled in texts.iter().flat_map(|text| spellings(text)) {
                if let Some(known) = places.get(&spelled).and_then(|at| words.get_mut(*at)) {
                    known.parts = known.parts.and(Parts::of(part));
                    continue;
                }
                places.insert(spelled.clone(), words.len());
                words.push(Listed {
                    stem: stem(&spelled),
                    spelled,
                    parts: Parts::of(part),
                });
            }
        }
        words.sort_unstable_by(|one, other| one.spelled.cmp(&other.spelled));
        let mut pairs: Vec<String> = document.all_names().flat_map(pairs_of).collect();
        pairs.sort_unstable();
        pairs.dedup();
        Self { words, pairs }
    }

    /// Each word with whether a name has it, by spelling.
    pub(super) fn spellings(&self) -> impl Iterator<Item = (&str, bool)> {
        let named = Parts::of(Part::Title).and(Parts::of(Part::Name));
        let words = self.words.iter();
        words.map(move |word| (word.spelled.as_ref(), word.parts.touch(named)))
    }

    /// Each stem once, ascending.
    pub(super) fn stems(&self) -> Vec<&str> {
        once(self.words.iter().map(|word| word.stem.as_str()))
    }

    /// Those of a part.
    pub(super) fn stems_in(&self, part: Part) -> Vec<&str> {
        let part = Parts::of(part);
        let words = self.words.iter().filter(|word| word.parts.touch(part));
        once(words.map(|word| word.stem.as_str()))
    }

    /// Stems that stand side by side in a name, words that say nothing left out; see [`pair`]. Each once, ascending.
    pub(super) fn pairs(&self) -> &[String] {
        &self.pairs
    }
}

fn once<'a>(stems: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut stems: Vec<&str> = stems.collect();
    stems.sort_unstable();
    stems.dedup();
    stems
}

/// Two stems in either order, as one text.
pub(super) fn pair(one: &str, other: &str) -> String {
    format!("{} {}", one.min(other), one.max(other))
}

/// The pairs of a name.
fn pairs_of(name: &str) -> Vec<String> {
    let stems = telling_stems(name);
    let followed = stems.iter().zip(stems.iter().skip(1));
    followed.map(|(one, other)| pair(one, other)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::document::Kind;
    use super::*;

    #[test]
    fn a_word_is_listed_once_with_every_part_in_which_it_stands() {
        let document = Document {
            kind: Kind::Article,
            id: "knee".to_owned(),
            title: "Burned knee".to_owned(),
            titles: vec!["Burned knee".to_owned(), "Knee".to_owned()],
            names: vec!["a knee's burn".to_owned()],
            passages: vec!["The knee burns".to_owned()],
            text: vec!["BURNED, burning; Knees’".to_owned()],
        };
        let words = WordList::of(&document);
        let spelled: Vec<(&str, bool)> = words.spellings().collect();
        let expected = [
            ("a", true),
            ("burn", true),
            ("burned", true),
            ("burning", false),
            ("burns", false),
            ("knee", true),
            ("knees", true),
            ("the", false),
        ];
        assert_eq!(spelled, expected);
        assert_eq!(words.stems(), ["a", "burn", "knee", "the"]);
        let rows: [(Part, &[&str]); 5] = [
            (Part::Title, &["burn", "knee"]),
            (Part::Name, &["a", "burn", "knee"]),
            (Part::Passage, &["burn", "knee", "the"]),
            (Part::Text, &["burn", "knee"]),
            (Part::WholeTitle, &[]),
        ];
        for (part, expected) in rows {
            assert_eq!(words.stems_in(part), expected, "{part:?}");
        }
        assert_eq!(words.pairs(), ["burn knee"]);
    }
}
