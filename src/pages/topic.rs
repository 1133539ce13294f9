//! One shelf: its articles, newest review first.
//! An empty shelf says so and shows the way to all articles.

use std::sync::Arc;

use askama::Template;

use super::book::Offer;
use super::frame::{Crumb, Frame, Section};
use super::{About, Making, RenderedPage, finish};
use crate::clinic::Topic;
use crate::content::Article;
use crate::messages::Words;

#[derive(Template)]
#[template(path = "pages/topic.html")]
struct TopicPage<'a> {
    frame: Frame<'a>,
    words: &'a Words,
    topic: &'a Topic,
    articles: Vec<&'a Article>,
    offer: Option<Offer<'a>>,
}

/// The page of a topic. `on_shelf` are its listed articles, newest review first.
pub(super) fn render(
    making: Making<'_>,
    topic: &Topic,
    on_shelf: &[&Arc<Article>],
) -> Result<RenderedPage, String> {
    let mut frame = Frame::new(making, format!("/topics/{}", topic.id), topic.name.as_str());
    frame.description = topic.description.clone();
    frame.section = Section::Articles;
    frame.about = About::Pages;
    frame.crumbs = vec![Crumb::articles(frame.words)];
    let articles: Vec<&Article> = on_shelf.iter().copied().map(AsRef::as_ref).collect();
    let service = articles
        .iter()
        .find_map(|article| article.service.as_deref());
    let modified_on = articles
        .iter()
        .map(|article| article.dates.modified_on())
        .max();
    let offer = service.map(|service| Offer::of(making, service));
    let page = TopicPage {
        words: frame.words,
        topic,
        articles,
        offer,
        frame,
    };
    finish(&page, &page.frame, modified_on)
}
