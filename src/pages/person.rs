//! The profile of somebody who writes or reviews.
//! It lists what they stand behind, so that a reader can judge them by it.

use std::sync::Arc;

use askama::Template;

use super::frame::{Crumb, Frame};
use super::{About, Making, RenderedPage, finish};
use crate::clinic::Person;
use crate::content::Article;
use crate::messages::Words;

#[derive(Template)]
#[template(path = "pages/person.html")]
struct PersonPage<'a> {
    frame: Frame<'a>,
    words: &'a Words,
    person: &'a Person,
    written: Vec<&'a Article>,
    reviewed: Vec<&'a Article>,
}

/// The page of a person. `own` are the listed articles that they wrote or reviewed, by slug.
pub(super) fn render(
    making: Making<'_>,
    person: &Person,
    own: &[&Arc<Article>],
) -> Result<RenderedPage, String> {
    let mut frame = Frame::new(
        making,
        format!("/people/{}", person.id),
        person.credited_name(),
    );
    let words = frame.words;
    frame.description = words
        .person
        .description
        .with("name", &person.name)
        .with("role", &person.role)
        .to_string();
    frame.about = About::Person(person);
    frame.crumbs = vec![Crumb {
        href: "/editorial-process".into(),
        name: words.site.editorial_process.clone(),
    }];
    let listed = || own.iter().copied().map(AsRef::as_ref);
    let written: Vec<&Article> = listed()
        .filter(|article: &&Article| article.authors.iter().any(|author| author.id == person.id))
        .collect();
    let reviewed: Vec<&Article> = listed()
        .filter(|article: &&Article| article.reviewer.id == person.id)
        .collect();
    let modified_on = written
        .iter()
        .chain(&reviewed)
        .map(|article| article.dates.modified_on())
        .max();
    let page = PersonPage {
        words,
        person,
        written,
        reviewed,
        frame,
    };
    finish(&page, &page.frame, modified_on)
}
