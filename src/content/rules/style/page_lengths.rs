//! Flags a title of more than 65 and a description of more than 160 characters: search
//! engines and lists cut off what is longer.

use super::{Hit, Manuscript};
use crate::diagnostic::Code;
use crate::file::Spanned;

/// Longest title, in characters. Source: `specs/editorial-checks.md`.
const MOST_TITLE_CHARS: usize = 65;
/// Longest description, in characters. Source: `specs/editorial-checks.md`.
const MOST_DESCRIPTION_CHARS: usize = 160;

pub(super) fn page_lengths(manuscript: &Manuscript<'_>) -> Vec<Hit> {
    let title = manuscript.title.and_then(|title| {
        let help = "keep the words that readers search for, and leave the rest to the description";
        too_long(Code::TitleLong, "title", title, MOST_TITLE_CHARS, help)
    });
    let description = manuscript.description.and_then(|text| {
        let help = "say in one or two short sentences what the reader learns";
        let most = MOST_DESCRIPTION_CHARS;
        too_long(Code::DescriptionLong, "description", text, most, help)
    });
    title.into_iter().chain(description).collect()
}

fn too_long(code: Code, key: &str, text: &Spanned<String>, most: usize, help: &str) -> Option<Hit> {
    let length = text.value.chars().count();
    (length > most).then(|| Hit {
        code,
        offset: text.offset,
        words: String::new(),
        message: format!("the {key} has {length} characters, expected at most {most}"),
        help: help.to_owned(),
    })
}
