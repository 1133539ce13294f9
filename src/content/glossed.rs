//! Which words of a text lead to the glossary: the first mention of each term that
//! the text does not explain right there. It stands apart from the warning about terms
//! because a reader who jumps to the middle of a page needs help with a word that was
//! explained at its top.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::markdown::{Home, Passage, Prose};
use super::rules::style::is_explained;
use super::terms::TermIndex;
use crate::clinic::Term;
use crate::file::{Span, Spanned};
use crate::id::Id;

/// The terms of the clinic, for one text.
#[derive(Clone, Copy)]
pub struct Glossing<'a> {
    pub(super) terms: &'a TermIndex,
    /// The title: what it names is what the page is about.
    pub(super) title: &'a str,
}

/// Words that lead to the glossary.
#[derive(Clone)]
pub(super) struct Gloss {
    /// Where they end. Unit: bytes of the file.
    pub(super) end: usize,
    /// The term that they name.
    pub(super) term: Arc<Term>,
}

impl Glossing<'_> {
    /// The words of a text that lead to the glossary, by the byte of the file at which they begin.
    pub(super) fn glosses(self, passages: &[Passage]) -> BTreeMap<usize, Gloss> {
        let title = self.terms.find(self.title).into_iter();
        let mut done: BTreeSet<Id<Term>> = title.map(|mention| mention.term.id.clone()).collect();
        let mut glosses = BTreeMap::new();
        // Questions and answers stand at the end of the page, wherever the file has them.
        let (last, first): (Vec<_>, Vec<_>) = passages
            .iter()
            .filter(|passage| may_lead_away(passage))
            .partition(|passage| passage.home.is_moved_to_the_end());
        for passage in first.into_iter().chain(last) {
            for mention in &passage.mentions {
                let term = &mention.term;
                if done.contains(&term.id)
                    || is_explained(passage, &mention.range, Some(&term.plain))
                {
                    continue;
                }
                let Some(Span { start, end }) = passage.typed(&mention.range) else {
                    continue;
                };
                done.insert(term.id.clone());
                let term = Arc::clone(term);
                glosses.insert(start, Gloss { end, term });
            }
        }
        glosses
    }
}

/// Whether a link may stand in the words: no heading, no list of signs, nothing to ask or to remember.
fn may_lead_away(passage: &Passage) -> bool {
    let is_calm = matches!(
        passage.home,
        Home::Text | Home::Do | Home::Dont | Home::Warning | Home::Faq
    );
    is_calm && passage.is_prose()
}

/// The medical terms that an article names, by id.
pub(super) fn terms_named(
    terms: &TermIndex,
    title: Option<&Spanned<String>>,
    takeaways: &[Prose],
    body: &Prose,
) -> Vec<Arc<Term>> {
    let passages = takeaways.iter().chain([body]);
    let passages = passages.flat_map(|prose| &prose.passages);
    let in_title = title.map_or_else(Vec::new, |title| terms.find(&title.value));
    let mentions = passages.flat_map(|prose| &prose.mentions).chain(&in_title);
    let found: BTreeMap<_, _> = mentions
        .map(|mention| (&mention.term.id, &mention.term))
        .collect();
    found.into_values().cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clinic::Glossary;
    use crate::content::markdown::{Pictures, Reading, read_text};
    use crate::file::SourceFile;

    /// A title, a text, and the terms with the words that lead to them.
    type Row = (
        &'static str,
        &'static str,
        &'static [(&'static str, &'static str)],
    );

    fn glossary() -> Glossary {
        let rows = [
            ("disk", "spinal disk", "cushion"),
            ("nsaid", "NSAID", "pain pill"),
        ];
        let terms = rows.into_iter().map(|(id, term, plain)| {
            let term = Term {
                id: id.parse().unwrap(),
                term: term.into(),
                plain: plain.into(),
                also: Vec::new(),
                explain: "It is explained.".into(),
                sources: Vec::new(),
            };
            (term.id.clone(), Arc::new(term))
        });
        terms.collect()
    }

    /// The terms that lead to the glossary, and the words that do, in the order of the file.
    fn glossed(title: &str, text: &str) -> Vec<(String, String)> {
        let glossary = glossary();
        let terms = TermIndex::new(&glossary);
        let glossing = Glossing {
            terms: &terms,
            title,
        };
        let file = SourceFile::new("articles/a.md", text);
        let reading = Reading {
            diagrams: None,
            file: &file,
            slug: None,
            pictures: &Pictures::new(),
            glossing: Some(glossing),
        };
        let (prose, faults) = read_text(reading, 0..text.len());
        assert_eq!(faults, []);
        let glosses = glossing.glosses(&prose.passages);
        let words = glosses.iter().map(|(at, gloss)| {
            let words = text.get(*at..gloss.end).unwrap_or_default();
            (gloss.term.id.to_string(), words.to_owned())
        });
        let words: Vec<_> = words.collect();
        assert_eq!(prose.glossed.len(), words.len(), "{text}");
        words
    }

    #[test]
    fn the_first_mention_that_is_not_explained_there_leads_to_the_glossary() {
        let rows: [Row; 8] = [
            (
                "",
                "Two spinal disks hurt. A spinal disk is hurt.",
                &[("disk", "spinal disks")],
            ),
            (
                "",
                "A cushion (spinal disk).\n\nThe spinal disk aches.",
                &[("disk", "spinal disk")],
            ),
            ("Spinal disk", "The spinal disk aches.", &[]),
            ("", "## The spinal disk\n\nIt aches.", &[]),
            ("", "The [spinal disk](b.md) aches.", &[]),
            ("", "::: questions\n- Which NSAID?\n:::\n", &[]),
            (
                "",
                "::: do\n- Take an **NSAID** for it.\n:::\n",
                &[("nsaid", "NSAID")],
            ),
            ("", "An NSAID is a pain pill.", &[]),
        ];
        for (title, text, expected) in rows {
            let found = glossed(title, text);
            let found: Vec<(&str, &str)> =
                found.iter().map(|(id, words)| (&**id, &**words)).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
