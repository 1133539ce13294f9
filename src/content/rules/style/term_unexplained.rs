//! Flags a medical term of the glossary that is used before it is explained. Terms of
//! the title are what the page is about, and what a heading names its section explains.

use std::collections::BTreeSet;

use super::explained::is_explained;
use super::{Hit, Manuscript};
use crate::clinic::Term;
use crate::content::markdown::PassageKind;
use crate::diagnostic::Code;
use crate::id::Id;

pub(super) fn term_unexplained(manuscript: &Manuscript<'_>) -> Vec<Hit> {
    let title = manuscript.title.map_or("", |title| title.value.as_str());
    let named = manuscript.terms.find(title).into_iter();
    let mut seen: BTreeSet<Id<Term>> = named.map(|mention| mention.term.id.clone()).collect();
    let mut hits = Vec::new();
    for passage in manuscript.passages {
        let mentions = &passage.mentions;
        for mention in mentions {
            let term = &mention.term;
            if !seen.insert(term.id.clone()) || passage.kind == PassageKind::Heading {
                continue;
            }
            // The sentence may name the term, and the next one begin with it and explain it.
            let mut again = mentions.iter().filter(|other| other.term.id == term.id);
            if again.any(|other| is_explained(passage, &other.range, Some(&term.plain))) {
                continue;
            }
            let words = passage.text.get(mention.range.clone()).unwrap_or_default();
            let message = format!("`{words}` is used before it is explained");
            let help = format!(
                "write `{} ({words})` here, the plain words first",
                term.plain
            );
            let at = mention.range.start;
            let hit = Hit::in_passage(Code::TermUnexplained, passage, at, &passage.text);
            hits.push(hit.says(message, help));
        }
    }
    hits
}
