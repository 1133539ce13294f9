//! Flags a medical term of the glossary that is used before it is explained. Terms of
//! the title are what the page is about, and what a heading names its section explains.

use std::collections::BTreeSet;

use super::explained::is_explained;
use super::{Hit, Manuscript};
use crate::content::markdown::{Passage, PassageKind};
use crate::diagnostic::Code;

/// How many of the last headings may introduce a term: a section's and its part's.
const HEADINGS: usize = 2;

pub(super) fn term_unexplained(manuscript: &Manuscript<'_>) -> Vec<Hit> {
    let title = manuscript.title.map_or("", |title| title.value.as_str());
    let named = manuscript.terms.find(title).into_iter();
    let mut seen: BTreeSet<&str> = named.map(|mention| mention.term.id.as_str()).collect();
    let mut hits = Vec::new();
    let mut headings: Vec<&Passage> = Vec::new();
    for passage in manuscript.passages {
        if passage.kind == PassageKind::Heading {
            headings.push(passage);
            continue;
        }
        for mention in manuscript.terms.find(&passage.text) {
            let term = mention.term;
            if !seen.insert(term.id.as_str()) {
                continue;
            }
            let above = headings.iter().rev().take(HEADINGS);
            let is_heading = above.into_iter().any(|heading| {
                let found = manuscript.terms.find(&heading.text);
                found.iter().any(|mention| mention.term.id == term.id)
            });
            if is_heading || is_explained(passage, &mention.range, Some(&term.plain)) {
                continue;
            }
            let words = passage.text.get(mention.range.clone()).unwrap_or_default();
            let message = format!("`{words}` is used before it is explained");
            let help = format!(
                "write `{} ({words})` here, the plain words first",
                term.plain
            );
            let at = mention.range.start;
            hits.push(
                Hit::in_passage(Code::TermUnexplained, passage, at, &passage.text)
                    .says(message, help),
            );
        }
    }
    hits
}
