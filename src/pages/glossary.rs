//! Medical words from A to Z: what each means in plain words, who says so, and which
//! articles use it. Articles explain the same words at their end, from the same file.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;

use super::article::Reference;
use super::frame::{Crumb, Frame, Section};
use super::{Making, RenderedPage, finish};
use crate::clinic::Term;
use crate::content::Article;
use crate::id::Id;
use crate::messages::Words;

/// The address of the page.
pub(super) const ADDRESS: &str = "/glossary";

/// How many articles a word names; a word like "fever" may stand in thousands.
const MOST_ARTICLES: usize = 6;

#[derive(Template)]
#[template(path = "pages/glossary.html")]
struct GlossaryPage<'a> {
    frame: Frame<'a>,
    words: &'a Words,
    letters: Vec<Letter<'a>>,
}

/// A letter with its words, ascending; empty if nothing begins with it.
struct Letter<'a> {
    letter: char,
    entries: Vec<Entry<'a>>,
}

/// A word and where it is used.
struct Entry<'a> {
    term: &'a Term,
    /// The first articles that use it, newest review first.
    articles: Vec<&'a Article>,
    /// How many more do.
    more: usize,
    sources: Vec<Reference<'a>>,
}

/// A word as the end of an article explains it.
pub(super) struct Explained<'a> {
    pub(super) term: &'a Term,
}

impl Letter<'_> {
    fn id(&self) -> String {
        format!("letter-{}", self.letter.to_lowercase())
    }

    fn anchor(&self) -> String {
        format!("#{}", self.id())
    }
}

impl<'a> Explained<'a> {
    /// The explained words of an article, in the order of the alphabet.
    pub(super) fn of(article: &'a Article) -> Vec<Self> {
        let terms = article.glossed.iter();
        let mut explained: Vec<Self> = terms.map(|term| Self { term }).collect();
        explained.sort_by_key(|own| own.term.term.to_lowercase());
        explained
    }

    pub(super) fn name(&self) -> String {
        sentence_case(&self.term.term)
    }
}

impl Entry<'_> {
    fn name(&self) -> String {
        sentence_case(&self.term.term)
    }

    /// The plain words, where the explanation does not begin with them.
    fn plain(&self) -> Option<String> {
        let explained = self.term.explain.to_lowercase();
        let is_said = explained.starts_with(&self.term.plain.to_lowercase());
        (!is_said).then(|| sentence_case(&self.term.plain))
    }

    fn also(&self) -> String {
        self.term.also.join(", ")
    }
}

/// The page of all words. `listed` are the listed articles, newest review first.
pub(super) fn render(making: Making<'_>, listed: &[&Arc<Article>]) -> Result<RenderedPage, String> {
    let words = making.words(&making.site.clinic.lang);
    let mut frame = Frame::new(making, ADDRESS, words.glossary.title.as_str());
    frame.description = words.glossary.description.clone();
    frame.section = Section::Articles;
    frame.crumbs = vec![Crumb::articles(words)];
    let page = GlossaryPage {
        words,
        letters: letters(making, &uses(listed)),
        frame,
    };
    finish(&page, &page.frame, None)
}

/// The articles that use each word, in the order of `listed`.
fn uses<'a>(listed: &[&'a Arc<Article>]) -> BTreeMap<&'a Id<Term>, Vec<&'a Article>> {
    let mut uses: BTreeMap<&Id<Term>, Vec<&Article>> = BTreeMap::new();
    for article in listed.iter().copied() {
        for term in &article.terms {
            uses.entry(&term.id).or_default().push(article);
        }
    }
    uses
}

fn letters<'a>(
    making: Making<'a>,
    uses: &BTreeMap<&Id<Term>, Vec<&'a Article>>,
) -> Vec<Letter<'a>> {
    let mut sorted: Vec<&Term> = making.site.glossary.values().map(AsRef::as_ref).collect();
    sorted.sort_by_key(|term| term.term.to_lowercase());
    let mut letters: BTreeMap<char, Vec<Entry<'_>>> =
        ('A'..='Z').map(|letter| (letter, Vec::new())).collect();
    for term in sorted {
        let mut signs = term.term.chars();
        let Some(first) = signs.find(|sign| sign.is_alphanumeric()) else {
            continue;
        };
        let letter = first.to_uppercase().next().unwrap_or(first);
        let used = uses.get(&term.id).map_or(&[][..], Vec::as_slice);
        let sources = term.sources.iter();
        letters.entry(letter).or_default().push(Entry {
            term,
            articles: used.iter().copied().take(MOST_ARTICLES).collect(),
            more: used.len().saturating_sub(MOST_ARTICLES),
            sources: sources
                .map(|source| Reference::of(making, source, 0))
                .collect(),
        });
    }
    letters
        .into_iter()
        .map(|(letter, entries)| Letter { letter, entries })
        .collect()
}

fn sentence_case(words: &str) -> String {
    let mut signs = words.chars();
    signs.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(signs).collect()
    })
}
