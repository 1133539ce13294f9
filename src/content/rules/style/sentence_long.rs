//! Flags a sentence of more than 20 words. Who is ill or afraid loses the beginning of
//! a long sentence before its end.

use super::{Hit, Manuscript, quoted};
use crate::content::readability::words;
use crate::diagnostic::Code;

/// Most words of a sentence. Source: `specs/editorial-checks.md`.
const MOST_WORDS: usize = 20;

pub(super) fn sentence_long(manuscript: &Manuscript<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for passage in manuscript
        .passages
        .iter()
        .filter(|passage| passage.is_prose())
    {
        for (range, sentence) in passage.sentences() {
            let count = words(sentence).count();
            if count <= MOST_WORDS {
                continue;
            }
            let message = format!(
                "the sentence `{}` has {count} words, expected at most {MOST_WORDS}",
                quoted(sentence)
            );
            hits.push(
                Hit::in_passage(Code::SentenceLong, passage, range.start, sentence)
                    .says(message, "make two sentences of it, one thought in each"),
            );
        }
    }
    hits
}
