//! All topics, and how many articles each has. A topic without articles is named and is
//! no link, so that nobody opens an empty shelf.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;

use super::frame::{Crumb, Frame, Section};
use super::{Making, RenderedPage, finish};
use crate::clinic::Topic;
use crate::content::Article;
use crate::id::Id;
use crate::messages::Words;

#[derive(Template)]
#[template(path = "pages/topics.html")]
struct TopicsPage<'a> {
    frame: Frame<'a>,
    words: &'a Words,
    topics: Vec<Shelf<'a>>,
}

/// A topic and how many listed articles it has.
pub(super) struct Shelf<'a> {
    pub(super) topic: &'a Topic,
    pub(super) articles: usize,
}

/// Every topic by id, with the number of its articles among `listed`.
pub(super) fn shelves<'a>(making: Making<'a>, listed: &[&Arc<Article>]) -> Vec<Shelf<'a>> {
    let mut counts: BTreeMap<&Id<Topic>, usize> = BTreeMap::new();
    for article in listed {
        *counts.entry(&article.topic.id).or_default() += 1;
    }
    let topics = making.site.topics.values();
    let shelf = topics.map(|topic| Shelf {
        topic,
        articles: counts.get(&topic.id).copied().unwrap_or_default(),
    });
    shelf.collect()
}

/// The list of topics.
pub(super) fn render(making: Making<'_>, listed: &[&Arc<Article>]) -> Result<RenderedPage, String> {
    let words = making.words(&making.site.clinic.lang);
    let mut frame = Frame::new(making, "/topics", words.a_to_z.topics.as_str());
    frame.description = words.a_to_z.topics_description.clone();
    frame.section = Section::Articles;
    frame.crumbs = vec![Crumb::articles(words)];
    let dates = listed.iter().map(|article| article.dates.modified_on());
    let modified_on = dates.max();
    let mut topics = shelves(making, listed);
    topics.sort_by(|a, b| {
        a.topic
            .name
            .to_lowercase()
            .cmp(&b.topic.name.to_lowercase())
    });
    let page = TopicsPage {
        words,
        topics,
        frame,
    };
    finish(&page, &page.frame, modified_on)
}
