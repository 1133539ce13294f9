//! All articles from A to Z: on one page while they fit, else a page of letters that
//! leads to the pages of each. Names and their order are those of [`Names`].

use std::sync::Arc;

use askama::Template;

use super::frame::{Crumb, Frame, SearchPlace, Section};
use super::names::{Entry, Letter, LetterPage, Names};
use super::{About, Making, RenderedPage, finish};
use crate::content::Article;
use crate::messages::Words;

#[derive(Template)]
#[template(path = "pages/articles.html")]
struct ArticlesPage<'a> {
    frame: Frame<'a>,
    words: &'a Words,
    names: &'a Names,
}

/// The list of all articles. `listed` are those of which it shows something.
pub(super) fn render(making: Making<'_>, listed: &[&Arc<Article>]) -> Result<RenderedPage, String> {
    let words = making.words(&making.site.clinic.lang);
    let mut frame = Frame::new(making, "/articles", words.list.title.as_str());
    frame.description = words.list.description.clone();
    frame.search = SearchPlace::Page;
    frame.section = Section::Articles;
    frame.about = About::Pages;
    let dates = listed.iter().map(|article| article.dates.modified_on());
    let modified_on = dates.max();
    let page = ArticlesPage {
        words,
        names: making.names,
        frame,
    };
    finish(&page, &page.frame, modified_on)
}

#[derive(Template)]
#[template(path = "pages/letter.html")]
struct LetterTemplate<'a> {
    frame: Frame<'a>,
    words: &'a Words,
    names: &'a Names,
    letter: &'a Letter,
    entries: &'a [Entry],
    /// The pages of the letter, if it has several.
    parts: Vec<Part<'a>>,
}

/// One page of a letter among several.
struct Part<'a> {
    path: &'a str,
    first: &'a str,
    last: &'a str,
    is_this: bool,
}

/// One page of the names under a letter.
pub(super) fn render_letter(making: Making<'_>, page: &LetterPage) -> Result<RenderedPage, String> {
    let words = making.words(&making.site.clinic.lang);
    let names = making.names;
    let letter = names.letters.get(page.letter);
    let letter = letter.ok_or_else(|| format!("{}: no such letter", page.path))?;
    let entries = |page: &LetterPage| letter.entries.get(page.entries.clone()).unwrap_or_default();
    let title = words.a_to_z.under.with("letter", &letter.letter);
    let mut frame = Frame::new(making, page.path.as_str(), title.to_string());
    frame.description = words.list.description.clone();
    frame.section = Section::Articles;
    frame.crumbs = vec![Crumb::articles(words)];
    let own = names
        .pages
        .iter()
        .filter(|other| other.letter == page.letter);
    let parts: Vec<Part<'_>> = own
        .map(|other| Part {
            path: &other.path,
            first: entries(other).first().map_or("", Entry::name),
            last: entries(other).last().map_or("", Entry::name),
            is_this: other.part == page.part,
        })
        .collect();
    let template = LetterTemplate {
        words,
        names,
        letter,
        entries: entries(page),
        parts: if parts.len() > 1 { parts } else { Vec::new() },
        frame,
    };
    finish(&template, &template.frame, None)
}
