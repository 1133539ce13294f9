//! All articles from A to Z. Other names and lay names are entries of their own,
//! so that a reader finds a page by the word that they would use.

use std::collections::BTreeMap;

use askama::Template;

use super::frame::{Frame, Section};
use super::{Making, RenderedPage, finish};
use crate::content::Article;
use crate::messages::Words;

#[derive(Template)]
#[template(path = "pages/articles.html")]
struct ArticlesPage<'a> {
    frame: Frame<'a>,
    words: &'a Words,
    letters: Vec<Letter<'a>>,
}

/// A letter with its entries, by name, ascending; empty if nothing begins with it.
struct Letter<'a> {
    letter: char,
    entries: Vec<Entry<'a>>,
}

/// A name and the article behind it.
struct Entry<'a> {
    /// The name, if it is not the title.
    other_name: Option<String>,
    article: &'a Article,
}

impl Letter<'_> {
    fn id(&self) -> String {
        format!("letter-{}", self.letter.to_lowercase())
    }
}

pub(super) fn render(making: Making<'_>) -> Result<RenderedPage, String> {
    let site = making.site;
    let words = making.words(&site.clinic.lang);
    let mut frame = Frame::new(making, "/articles", words.list.title.as_str());
    frame.description = words.list.description.clone();
    frame.section = Section::Articles;
    let modified_on = site
        .listed_articles()
        .map(|article| article.dates.modified_on())
        .max();
    let page = ArticlesPage {
        words,
        letters: letters(making),
        frame,
    };
    finish(&page, &page.frame, modified_on)
}

fn letters(making: Making<'_>) -> Vec<Letter<'_>> {
    let mut entries: BTreeMap<(char, String, &str), Entry<'_>> = BTreeMap::new();
    for article in making.site.listed_articles() {
        let title = (None, article.title.as_str());
        let others = article.also_called.iter().chain(lay_terms(making, article));
        let named = others.map(|name| (Some(sentence_case(name)), name.as_str()));
        for (other_name, name) in [title].into_iter().chain(named) {
            let sort = name.to_lowercase();
            let Some(first) = sort.chars().find(|sign| sign.is_alphanumeric()) else {
                continue;
            };
            let letter = first.to_uppercase().next().unwrap_or(first);
            let key = (letter, sort, article.slug.as_str());
            entries.entry(key).or_insert(Entry {
                other_name,
                article,
            });
        }
    }
    let mut letters: BTreeMap<char, Vec<Entry<'_>>> =
        ('A'..='Z').map(|letter| (letter, Vec::new())).collect();
    for ((letter, _, _), entry) in entries {
        letters.entry(letter).or_default().push(entry);
    }
    letters
        .into_iter()
        .map(|(letter, entries)| Letter { letter, entries })
        .collect()
}

/// What patients call the complaint, for the article that its protocol names first.
/// A word that another article owns, in its title or its other names, leads there alone.
fn lay_terms<'a>(making: Making<'a>, article: &'a Article) -> impl Iterator<Item = &'a String> {
    let is_first = article.protocol.articles.first() == Some(&article.slug);
    let owned = move |term: &str| {
        making
            .site
            .listed_articles()
            .filter(|other| other.slug != article.slug)
            .any(|other| {
                let title = other.title.to_lowercase();
                title.starts_with(term)
                    || other
                        .also_called
                        .iter()
                        .any(|name| name.to_lowercase() == *term)
            })
    };
    let terms = article.protocol.lay_terms.iter().filter(move |_| is_first);
    terms.filter(move |term| !owned(&term.to_lowercase()))
}

fn sentence_case(name: &str) -> String {
    let mut signs = name.chars();
    signs.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(signs).collect()
    })
}
