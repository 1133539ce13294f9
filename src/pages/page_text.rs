//! A page of the clinic's own words, such as privacy.
//! The words are the clinic's and stand in `clinic/pages/`; this page only frames them.

use askama::Template;

use super::frame::Frame;
use super::prose::{Markup, Surroundings, fill};
use super::{About, Making, RenderedPage, finish};
use crate::content::PageText;
use crate::content::markdown::has_drawing;
use crate::messages::Words;

#[derive(Template)]
#[template(path = "pages/page-text.html")]
struct PageTextPage<'a> {
    frame: Frame<'a>,
    words: &'a Words,
    page: &'a PageText,
    is_overdue: bool,
    body: Markup,
}

impl PageTextPage<'_> {
    fn has_drawing(&self) -> bool {
        has_drawing(&self.page.body)
    }
}

pub(super) fn render(making: Making<'_>, name: &str) -> Result<RenderedPage, String> {
    let site = making.site;
    let Some(text) = site.page_texts.get(name) else {
        return Err(format!("/{name}: no such page"));
    };
    let mut frame = Frame::new(making, format!("/{name}"), text.title.as_str());
    frame.description = text.description.clone();
    frame.about = About::Words(text.updated_on);
    let around = Surroundings {
        words: frame.words,
        article: None,
        style: site.clinic.citation_style,
        phone: &site.clinic.phone,
    };
    let body = fill(&text.body, around).map_err(|error| format!("/{name}: {error}"))?;
    let page = PageTextPage {
        words: frame.words,
        page: text,
        is_overdue: text.is_overdue(site.today),
        body,
        frame,
    };
    finish(&page, &page.frame, Some(text.updated_on))
}
