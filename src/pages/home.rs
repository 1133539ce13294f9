//! The first page: what this is, and the ways in.
//! It answers in one view where to go next, and lists nothing that is not there.

use std::sync::Arc;

use askama::Template;

use super::frame::{Frame, SearchPlace};
use super::topics::{Shelf, shelves};
use super::{Making, RenderedPage, finish};
use crate::content::Article;
use crate::messages::Words;

/// How many articles stand under "Reviewed most recently".
const MOST_RECENT: usize = 5;

#[derive(Template)]
#[template(path = "pages/home.html")]
struct HomePage<'a> {
    frame: Frame<'a>,
    words: &'a Words,
    topics: Vec<Shelf<'a>>,
    recent: Vec<&'a Article>,
}

/// The first page. `newest` are all listed articles, newest review first.
pub(super) fn render(making: Making<'_>, newest: &[&Arc<Article>]) -> Result<RenderedPage, String> {
    let site = making.site;
    let mut frame = Frame::new(making, "/", site.clinic.tagline.as_str());
    frame.search = SearchPlace::Page;
    frame.description = frame
        .words
        .home
        .description
        .with("tagline", &site.clinic.tagline)
        .to_string();
    let topics = shelves(making, newest).into_iter();
    let topics = topics.filter(|shelf| shelf.articles > 0);
    let recent = newest.iter().take(MOST_RECENT);
    let dates = newest.iter().map(|article| article.dates.modified_on());
    let modified_on = dates.max();
    let page = HomePage {
        words: frame.words,
        topics: topics.collect(),
        recent: recent.copied().map(AsRef::as_ref).collect(),
        frame,
    };
    finish(&page, &page.frame, modified_on)
}
