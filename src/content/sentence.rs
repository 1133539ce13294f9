//! Sentences of plain text. It stands apart because a takeaway must be exactly
//! one, and the style checks count words in each.

use std::ops::Range;

/// Words whose period ends no sentence, in lower case.
const ABBREVIATIONS: [&str; 14] = [
    "dr.", "mr.", "mrs.", "ms.", "st.", "vs.", "e.g.", "i.e.", "etc.", "approx.", "a.m.", "p.m.",
    "u.s.", "no.",
];

/// The sentences of a text, in its order; each trimmed and not empty.
pub fn sentences(text: &str) -> Vec<&str> {
    let ranges = sentence_ranges(text).into_iter();
    ranges.filter_map(|range| text.get(range)).collect()
}

/// Where each sentence of a text stands, in bytes, in its order; each trimmed and not empty.
pub fn sentence_ranges(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    let ends = text
        .char_indices()
        .filter(|(_, sign)| matches!(sign, '.' | '!' | '?'));
    for (at, sign) in ends {
        let end = after_quotes(text, at + sign.len_utf8());
        if end > start && is_end(text, start, at, end) {
            found.extend(trimmed(text, start..end));
            start = end;
        }
    }
    found.extend(trimmed(text, start..text.len()));
    found
}

/// Part of a text without the space around it, if it has a word.
fn trimmed(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let part = text.get(range.clone())?;
    let start = range.start + part.len() - part.trim_start().len();
    let words = part.trim();
    let has_words = words.chars().any(char::is_alphanumeric);
    has_words.then(|| start..start + words.len())
}

/// Whether a text ends like a sentence.
pub fn ends_like_a_sentence(text: &str) -> bool {
    let text = text.trim_end().trim_end_matches(is_closing);
    text.ends_with(['.', '!', '?', '…'])
}

fn is_closing(sign: char) -> bool {
    matches!(sign, '"' | '\'' | '”' | '’' | ')' | ']')
}

fn after_quotes(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    text.len() - rest.trim_start_matches(is_closing).len()
}

fn is_end(text: &str, start: usize, at: usize, end: usize) -> bool {
    let rest = text.get(end..).unwrap_or_default();
    if !rest.is_empty() && !rest.starts_with(char::is_whitespace) {
        return false;
    }
    let lower_next = rest
        .trim_start()
        .chars()
        .next()
        .is_some_and(char::is_lowercase);
    let word = text
        .get(start..=at)
        .and_then(|before| before.split_whitespace().next_back())
        .unwrap_or_default();
    let abbreviated = ABBREVIATIONS.contains(&word.trim_start_matches('(').to_lowercase().as_str());
    !(lower_next || abbreviated && !rest.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_where_its_sentences_end() {
        let rows: [(&str, usize); 8] = [
            ("Most pops are gas in a joint.", 1),
            ("Call 911. Do it now.", 2),
            ("Ask Dr. Lee about it.", 1),
            ("It takes 2.5 hours, e.g. at night.", 1),
            ("Is it normal? Yes!", 2),
            ("He said \"Stop.\" Then he left.", 2),
            ("no period at all", 1),
            ("", 0),
        ];
        for (text, count) in rows {
            assert_eq!(
                sentences(text).len(),
                count,
                "{text}: {:?}",
                sentences(text)
            );
        }
    }
}
