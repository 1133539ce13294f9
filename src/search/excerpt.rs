//! A short text with the words marked for which it was found. It is cut from texts that
//! are short already, never from a whole article, so that a search stays quick.

use std::collections::BTreeSet;
use std::ops::Range;

use super::terms::{StemMark, StemMarks, is_stop_word, words};

/// Longest excerpt, in bytes before it is cut back to a whole word: two lines on a phone.
const MAX_BYTES: usize = 200;

/// How much of a long text may stand before its first marked word, in bytes.
const LEAD_BYTES: usize = 60;

/// A text in parts, in reading order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// Whether something was left out before.
    pub begins_later: bool,
    /// Texts, and whether each is marked.
    pub parts: Vec<(String, bool)>,
    /// Whether something was left out behind.
    pub goes_on: bool,
}

impl Excerpt {
    /// A text with the words marked whose stems are looked for.
    pub(super) fn of(text: &str, stems: &BTreeSet<&str>) -> Self {
        let found = matches(text, stems);
        let window = window(text, found.first());
        let mut parts = Vec::new();
        let mut at = window.start;
        let inside = found.into_iter();
        for range in inside.filter(|range| range.start >= window.start && range.end <= window.end) {
            push(&mut parts, text, at..range.start, false);
            at = range.end;
            push(&mut parts, text, range, true);
        }
        push(&mut parts, text, at..window.end, false);
        Self {
            begins_later: window.start > 0,
            parts,
            goes_on: window.end < text.len(),
        }
    }

    /// The text without marks.
    pub fn plain(&self) -> String {
        self.parts.iter().map(|(text, _)| text.as_str()).collect()
    }
}

/// Of some texts, each with its stems, the one that holds the most of what is looked for, and how many stems that are; the
/// first of equals. None of none.
pub(super) fn best<'a>(
    texts: &'a [String],
    stems: &[StemMarks],
    looked_for: &[StemMark],
) -> Option<(usize, &'a str)> {
    let mut best: Option<(usize, &String)> = None;
    for (text, held) in texts.iter().zip(stems) {
        let count = looked_for.iter().filter(|stem| held.has(**stem)).count();
        if best.is_none_or(|(most, _)| count > most) {
            best = Some((count, text));
        }
    }
    best.map(|(count, text)| (count, text.as_str()))
}

/// Where words stand that are looked for, ascending.
fn matches(text: &str, stems: &BTreeSet<&str>) -> Vec<Range<usize>> {
    let is_found = |word: &super::terms::Word| {
        !is_stop_word(&word.spelled) && stems.contains(word.stem().as_str())
    };
    let found = words(text).into_iter().filter(is_found);
    found.map(|word| word.range).collect()
}

/// The part of a text to show: from its beginning if the first match stands near it.
fn window(text: &str, first: Option<&Range<usize>>) -> Range<usize> {
    if text.len() <= MAX_BYTES {
        return 0..text.len();
    }
    let first = first.map_or(0, |range| range.start);
    let start = match first <= MAX_BYTES - LEAD_BYTES {
        true => 0,
        false => word_start(text, first - LEAD_BYTES),
    };
    start..word_end(text, start + MAX_BYTES)
}

/// The first place at which a word begins, from a byte on.
fn word_start(text: &str, from: usize) -> usize {
    let spaces = text.char_indices().filter(|(_, sign)| *sign == ' ');
    let mut starts = spaces.map(|(at, _)| at + 1);
    starts.find(|at| *at >= from).unwrap_or_default()
}

/// The last place at which a word ends, up to a byte.
fn word_end(text: &str, to: usize) -> usize {
    if to >= text.len() {
        return text.len();
    }
    let spaces = text.char_indices().filter(|(_, sign)| *sign == ' ');
    let ends = spaces.map(|(at, _)| at).take_while(|at| *at <= to);
    ends.last().unwrap_or(text.len())
}

fn push(parts: &mut Vec<(String, bool)>, text: &str, range: Range<usize>, is_marked: bool) {
    let part = text.get(range).unwrap_or_default();
    if !part.is_empty() {
        parts.push((part.to_owned(), is_marked));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, stems: &[&str]) -> String {
        let excerpt = Excerpt::of(text, &stems.iter().copied().collect());
        let mut out = String::new();
        out.push_str(if excerpt.begins_later { "... " } else { "" });
        for (part, is_marked) in &excerpt.parts {
            match is_marked {
                true => out.push_str(&format!("[{part}]")),
                false => out.push_str(part),
            }
        }
        out.push_str(if excerpt.goes_on { " ..." } else { "" });
        out
    }

    #[test]
    fn words_are_marked_by_their_stems() {
        let rows: &[(&str, &[&str], &str)] = &[
            ("It burns a lot.", &["burn"], "It [burns] a lot."),
            ("Rest.", &["burn"], "Rest."),
            ("Burn, burning", &["burn"], "[Burn], [burning]"),
            (
                "You can’t pee",
                &["cant", "pee", "you"],
                "You [can’t] [pee]",
            ),
            ("", &["burn"], ""),
        ];
        for (text, stems, expected) in rows {
            assert_eq!(shown(text, stems), *expected);
        }
    }

    #[test]
    fn a_long_text_is_cut_at_words_around_the_first_match() {
        let text = format!("{}knee {}", "word ".repeat(100), "other ".repeat(100));
        let shown = shown(&text, &["knee"]);
        assert!(
            shown.starts_with("... word ") && shown.contains("[knee]"),
            "{shown}"
        );
        assert!(shown.ends_with(" other ..."), "{shown}");
        assert!(shown.len() < MAX_BYTES + 20, "{shown}");
    }

    #[test]
    fn a_text_of_signs_that_take_many_bytes_is_cut_between_them() {
        let text = "ü".repeat(400);
        assert_eq!(
            Excerpt::of(&text, &BTreeSet::new()).plain().len(),
            text.len()
        );
        let text = "üü ".repeat(200);
        assert!(Excerpt::of(&text, &BTreeSet::new()).plain().len() <= MAX_BYTES);
    }
}
