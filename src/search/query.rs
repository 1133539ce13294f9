//! What somebody typed, cut to what can be answered quickly. It is made for one request
//! and never kept, logged or put into an address.

use super::terms::{Word, words};

/// Longest text that is looked at, in characters; the same as in the symptom checker.
pub const MAX_CHARS: usize = 200;

/// Most words that are looked for. More say nothing new and cost time.
pub const MAX_WORDS: usize = 12;

/// A text that somebody typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    text: String,
    words: Vec<Word>,
    is_cut: bool,
}

impl Query {
    /// Reads what was typed: signs that nobody can see become spaces, and what is too long is cut.
    pub fn read(typed: &str) -> Self {
        let seen = |sign: char| match sign.is_control() {
            true => ' ',
            false => sign,
        };
        let mut signs = typed.trim().chars().map(seen);
        let text: String = signs.by_ref().take(MAX_CHARS).collect();
        let is_longer = signs.next().is_some();
        let text = text.trim().to_owned();
        let mut words = words(&text);
        let is_cut = is_longer || words.len() > MAX_WORDS;
        words.truncate(MAX_WORDS);
        Self {
            text,
            words,
            is_cut,
        }
    }

    /// The text, as far as it is looked at by anybody; at most [`MAX_CHARS`] characters.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether nothing was typed.
    pub fn is_blank(&self) -> bool {
        self.text.is_empty()
    }

    /// Whether something that was typed is not looked for.
    pub fn is_cut(&self) -> bool {
        self.is_cut
    }

    pub(super) fn words(&self) -> &[Word] {
        &self.words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_to_what_is_looked_at() {
        let many = "a ".repeat(MAX_WORDS + 1);
        let long = "x".repeat(MAX_CHARS + 1);
        let rows = [
            ("  back pain ", "back pain", 2, false),
            ("", "", 0, false),
            ("\u{0}\u{7}", "", 0, false),
            ("a\u{0}b", "a b", 2, false),
            ("!!!", "!!!", 0, false),
            (many.as_str(), many.trim(), MAX_WORDS, true),
            (long.as_str(), &long[..MAX_CHARS], 1, true),
        ];
        for (typed, text, words, is_cut) in rows {
            let query = Query::read(typed);
            assert_eq!(query.text(), text, "{typed:?}");
            assert_eq!(query.words().len(), words, "{typed:?}");
            assert_eq!(query.is_cut(), is_cut, "{typed:?}");
        }
    }
}
