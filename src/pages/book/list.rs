//! All visits side by side, so that a patient can compare what they are for and
//! what they cost before choosing one.

use askama::Template;

use super::Offer;
use crate::messages::Words;
use crate::pages::frame::{Frame, Section};
use crate::pages::{Making, RenderedPage, finish};

#[derive(Template)]
#[template(path = "pages/book.html")]
struct BookPage<'a> {
    frame: Frame<'a>,
    words: &'a Words,
    offers: Vec<Offer<'a>>,
    as_of: Option<jiff::civil::Date>,
}

pub(in crate::pages) fn render_list(making: Making<'_>) -> Result<RenderedPage, String> {
    let words = making.words(&making.site.clinic.lang);
    let mut frame = Frame::new(making, "/book", words.booking.title.as_str());
    frame.description = words.booking.description.clone();
    frame.section = Section::Book;
    let offers: Vec<Offer<'_>> = making
        .site
        .services
        .values()
        .map(|service| Offer::of(making, service))
        .collect();
    let as_of = offers
        .iter()
        .filter_map(|offer| offer.fee().map(|fee| fee.as_of))
        .min();
    let newest = offers
        .iter()
        .filter_map(|offer| offer.fee().map(|fee| fee.as_of))
        .max();
    let page = BookPage {
        words,
        offers,
        as_of,
        frame,
    };
    finish(&page, &page.frame, newest)
}
