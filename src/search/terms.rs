//! Words of a text: where each stands, how it is spelled, and its stem. Both the index
//! and the query read texts here, so that they can't disagree about what a word is.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use rust_stemmers::{Algorithm, Stemmer};
use xxhash_rust::xxh3::xxh3_64;

/// Words that say nothing about what is looked for.
const STOP_WORDS: &str = "a about also am an and any are as at be been but by can did do does doing for from get got \
    had has have having he her him his how i if im in into is it its ive just like me my of on or our she should so \
    some than that the their them then there these they this to too us very was we were what whats when where which \
    while who why will with would you your";

/// One word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// The bytes that it takes in the text.
    pub(super) range: Range<usize>,
    /// Lower case, without apostrophes: "Can't" is `cant`. Never empty.
    pub(super) spelled: String,
}

impl Word {
    /// What is left without its ending.
    pub(super) fn stem(&self) -> String {
        stem(&self.spelled)
    }
}

/// The words of a text, in its order.
pub(super) fn words(text: &str) -> Vec<Word> {
    let words = typed(text).filter_map(|(range, typed)| {
        let spelled = spelled(typed)?.into_owned();
        Some(Word { range, spelled })
    });
    words.collect()
}

/// The same as they are spelled, without their places. Most stand in the text as they are spelled.
pub(super) fn spellings(text: &str) -> impl Iterator<Item = Cow<'_, str>> {
    typed(text).filter_map(|(_, typed)| spelled(typed))
}

/// What is typed as a word, in the order of the text, and which bytes it takes.
fn typed(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let rest = text.get(from..)?;
        let start = from + rest.find(is_of_word)?;
        let rest = text.get(start..)?;
        let end = start + rest.find(|sign| !is_of_word(sign)).unwrap_or(rest.len());
        from = end;
        Some((start..end, text.get(start..end)?))
    })
}

fn is_of_word(sign: char) -> bool {
    sign.is_alphanumeric() || matches!(sign, '\'' | '’')
}

/// A word as it is spelled; none if nothing is left of it.
fn spelled(typed: &str) -> Option<Cow<'_, str>> {
    let is_spelled = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    if typed.bytes().all(is_spelled) {
        return Some(Cow::Borrowed(typed));
    }
    let letters = typed.chars().filter(|sign| sign.is_alphanumeric());
    let spelled: String = letters.flat_map(char::to_lowercase).collect();
    (!spelled.is_empty()).then_some(Cow::Owned(spelled))
}

/// The stem of a word in lower case.
pub(super) fn stem(word: &str) -> String {
    static STEMMER: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::create(Algorithm::English));
    STEMMER.stem(word).into_owned()
}

/// The stems of a text, in its order.
pub(super) fn stems(text: &str) -> Vec<String> {
    words(text).iter().map(Word::stem).collect()
}

/// A stem in four bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct StemMark(u32);

impl StemMark {
    pub(super) fn of(stem: &str) -> Self {
        let [a, b, c, d, ..] = xxh3_64(stem.as_bytes()).to_le_bytes();
        Self(u32::from_le_bytes([a, b, c, d]))
    }
}

/// Which stems a text holds, so that nobody reads it again to choose among results. Of two stems with one mark each is
/// taken for the other, which costs a result the better one of two excerpts and nothing else.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct StemMarks(Box<[StemMark]>);

impl StemMarks {
    pub(super) fn of(text: &str) -> Self {
        let words = words(text);
        let marks = words.iter().map(|word| StemMark::of(&word.stem()));
        let mut marks: Vec<StemMark> = marks.collect();
        marks.sort_unstable();
        marks.dedup();
        Self(marks.into())
    }

    pub(super) fn has(&self, stem: StemMark) -> bool {
        self.0.binary_search(&stem).is_ok()
    }
}

/// The stems of a text that say something, in its order; all of them if none does.
pub(super) fn telling_stems(text: &str) -> Vec<String> {
    let words = words(text);
    let telling = words.iter().filter(|word| !is_stop_word(&word.spelled));
    let telling: Vec<String> = telling.map(Word::stem).collect();
    match telling.is_empty() {
        true => words.iter().map(Word::stem).collect(),
        false => telling,
    }
}

/// Whether a word in lower case says nothing about what is looked for.
pub(super) fn is_stop_word(word: &str) -> bool {
    static STOPS: LazyLock<BTreeSet<&str>> =
        LazyLock::new(|| STOP_WORDS.split_whitespace().collect());
    STOPS.contains(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_letters_and_digits_and_keeps_its_place() {
        let text = "I can’t pee! COVID-19, runner's knee";
        let spelled: Vec<String> = words(text).into_iter().map(|word| word.spelled).collect();
        assert_eq!(
            spelled,
            ["i", "cant", "pee", "covid", "19", "runners", "knee"]
        );
        let places: Vec<&str> = words(text)
            .iter()
            .map(|word| &text[word.range.clone()])
            .collect();
        assert_eq!(places[1], "can’t");
        assert_eq!(places[5], "runner's");
        assert!(words(" '’ - ").is_empty());
    }

    #[test]
    fn a_text_knows_its_stems() {
        let marks = StemMarks::of("Your knee burns, and the other knee burned.");
        for (stem, expected) in [
            ("knee", true),
            ("burn", true),
            ("burned", false),
            ("", false),
        ] {
            assert_eq!(marks.has(StemMark::of(stem)), expected, "{stem}");
        }
        assert!(!StemMarks::default().has(StemMark::of("knee")));
    }

    #[test]
    fn words_that_say_nothing_are_left_out_unless_there_is_no_other() {
        assert_eq!(telling_stems("What is an ankle sprain"), ["ankl", "sprain"]);
        assert_eq!(telling_stems("what is it"), ["what", "is", "it"]);
    }
}
