//! The first page: what this is, and the ways in.
//! It answers in one view where to go next, and lists nothing that is not there.

use askama::Template;

use super::frame::Frame;
use super::{Making, RenderedPage, finish};
use crate::clinic::Topic;
use crate::content::Article;
use crate::messages::Words;

/// How many articles stand under "Reviewed most recently".
const MOST_RECENT: usize = 5;

#[derive(Template)]
#[template(path = "pages/home.html")]
struct HomePage<'a> {
    frame: Frame<'a>,
    words: &'a Words,
    topics: Vec<TopicTile<'a>>,
    recent: Vec<&'a Article>,
}

/// A topic that has articles, and how many.
struct TopicTile<'a> {
    topic: &'a Topic,
    articles: usize,
}

pub(super) fn render(making: Making<'_>) -> Result<RenderedPage, String> {
    let site = making.site;
    let mut frame = Frame::new(making, "/", site.clinic.tagline.as_str());
    frame.description = frame
        .words
        .home
        .description
        .with("tagline", &site.clinic.tagline)
        .to_string();
    let count = |topic: &Topic| {
        site.listed_articles()
            .filter(|article| article.topic.id == topic.id)
            .count()
    };
    let tiles = site.topics.values().map(|topic| TopicTile {
        topic,
        articles: count(topic),
    });
    let mut recent: Vec<&Article> = site.listed_articles().map(AsRef::as_ref).collect();
    recent.sort_by_key(|article| {
        (
            std::cmp::Reverse(article.dates.reviewed_on),
            article.slug.clone(),
        )
    });
    recent.truncate(MOST_RECENT);
    let modified_on = site
        .listed_articles()
        .map(|article| article.dates.modified_on())
        .max();
    let page = HomePage {
        words: frame.words,
        topics: tiles.filter(|tile| tile.articles > 0).collect(),
        recent,
        frame,
    };
    finish(&page, &page.frame, modified_on)
}
