//! Flags a paragraph of more than 3 sentences. On a phone it fills the screen, and
//! nothing in it can be found again.

use super::{Hit, Manuscript, quoted};
use crate::content::markdown::PassageKind;
use crate::diagnostic::Code;

/// Most sentences of a paragraph. Source: `specs/editorial-checks.md`.
const MOST_SENTENCES: usize = 3;

pub(super) fn paragraph_long(manuscript: &Manuscript<'_>) -> Vec<Hit> {
    let paragraphs = manuscript.passages.iter();
    let long = paragraphs.filter(|passage| passage.kind == PassageKind::Paragraph);
    let hits = long.filter_map(|passage| {
        let count = passage.sentences().len();
        if count <= MOST_SENTENCES {
            return None;
        }
        let message = format!(
            "the paragraph `{}` has {count} sentences, expected at most {MOST_SENTENCES}",
            quoted(&passage.text)
        );
        let hit = Hit::in_passage(Code::ParagraphLong, passage, 0, &passage.text);
        Some(hit.says(message, "put an empty line where a new thought begins"))
    });
    hits.collect()
}
