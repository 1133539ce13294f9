//! All articles from A to Z. Other names and lay names are entries of their own,
//! so that a reader finds a page by the word that they would use.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;

use super::frame::{Frame, SearchPlace, Section};
use super::{Making, RenderedPage, finish};
use crate::content::Article;
use crate::id::Slug;
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

/// The list of `listed` articles, which are by slug.
pub(super) fn render(making: Making<'_>, listed: &[&Arc<Article>]) -> Result<RenderedPage, String> {
    let words = making.words(&making.site.clinic.lang);
    let mut frame = Frame::new(making, "/articles", words.list.title.as_str());
    frame.description = words.list.description.clone();
    frame.search = SearchPlace::Page;
    frame.section = Section::Articles;
    let dates = listed.iter().map(|article| article.dates.modified_on());
    let modified_on = dates.max();
    let page = ArticlesPage {
        words,
        letters: letters(listed),
        frame,
    };
    finish(&page, &page.frame, modified_on)
}

fn letters<'a>(listed: &[&'a Arc<Article>]) -> Vec<Letter<'a>> {
    let owned = OwnNames::of(listed);
    let mut entries: BTreeMap<(char, String, &str), Entry<'_>> = BTreeMap::new();
    for article in listed.iter().copied().map(AsRef::as_ref) {
        let title = (None, article.title.as_str());
        let others = article.also_called.iter().chain(lay_terms(&owned, article));
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
fn lay_terms<'a>(owned: &OwnNames<'a>, article: &'a Article) -> impl Iterator<Item = &'a String> {
    let is_first = article.protocol.articles.first() == Some(&article.slug);
    let terms = article.protocol.lay_terms.iter().filter(move |_| is_first);
    terms.filter(move |term| !owned.by_another(&term.to_lowercase(), &article.slug))
}

/// The names by which articles call themselves, in lower case, each list ascending.
struct OwnNames<'a> {
    titles: Vec<(String, &'a Slug)>,
    others: Vec<(String, &'a Slug)>,
}

impl<'a> OwnNames<'a> {
    fn of(listed: &[&'a Arc<Article>]) -> Self {
        let titles = listed
            .iter()
            .map(|own| (own.title.to_lowercase(), &own.slug));
        let mut titles: Vec<_> = titles.collect();
        titles.sort();
        let others = listed.iter().flat_map(|own| {
            let names = own.also_called.iter();
            names.map(|name| (name.to_lowercase(), &own.slug))
        });
        let mut others: Vec<_> = others.collect();
        others.sort();
        Self { titles, others }
    }

    /// Whether a term begins the title of another article, or is one of its other names.
    fn by_another(&self, term: &str, slug: &Slug) -> bool {
        let mut titles = from(&self.titles, term).take_while(|(title, _)| title.starts_with(term));
        let mut others = from(&self.others, term).take_while(|(name, _)| name == term);
        titles.any(|(_, owner)| *owner != slug) || others.any(|(_, owner)| *owner != slug)
    }
}

/// The names that are not before a term.
fn from<'n, 'a>(
    names: &'n [(String, &'a Slug)],
    term: &str,
) -> impl Iterator<Item = &'n (String, &'a Slug)> {
    let at = names.partition_point(|(name, _)| name.as_str() < term);
    names.get(at..).unwrap_or_default().iter()
}

fn sentence_case(name: &str) -> String {
    let mut signs = name.chars();
    signs.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(signs).collect()
    })
}
