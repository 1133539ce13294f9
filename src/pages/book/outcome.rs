//! What comes of asking for a visit: the code, or what to do instead. None of these
//! pages shows anything personal, so the address of the first may be kept and printed.

use askama::Template;
use jiff::civil::Date;

use super::{Offer, frame};
use crate::booking::{RequestCode, RequestSettings, Service, State};
use crate::messages::{Phrase, Words};
use crate::pages::frame::Frame;
use crate::pages::{Indexing, Making, RenderedPage, Status, finish};

/// What a patient is told of a request that is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receipt {
    /// The code to quote.
    pub code: RequestCode,
    /// Until when the estimate is sent, if the patient pays the visit.
    pub estimate_due_on: Option<Date>,
}

#[derive(Template)]
#[template(path = "pages/book-kept.html")]
struct KeptPage<'a> {
    frame: Frame<'a>,
    words: &'a Words,
    offer: Offer<'a>,
    settings: &'a RequestSettings,
    receipt: Receipt,
}

/// The page with the request code.
///
/// # Errors
/// A template failed: a fault of ours.
pub fn kept_page(
    making: Making<'_>,
    service: &Service,
    settings: &RequestSettings,
    receipt: Receipt,
) -> Result<RenderedPage, String> {
    let words = making.words(&making.site.clinic.lang);
    let mut frame = frame(making, service, words.request.kept_title.as_str());
    frame.indexing = Indexing::Refused;
    let page = KeptPage {
        words,
        offer: Offer::of(making, service),
        settings,
        receipt,
        frame,
    };
    finish(&page, &page.frame, None)
}

impl KeptPage<'_> {
    fn kept_for(&self) -> Phrase {
        let words = &self.words.request.kept_for;
        words.with("service", &self.offer.service.name)
    }

    fn kept_answer(&self) -> Phrase {
        let words = &self.words.request.kept_answer;
        words.with("within", &self.settings.answer_within)
    }

    fn mistake(&self) -> Phrase {
        let words = &self.words.request.mistake_text;
        words.with("phone", &self.frame.clinic.phone)
    }

    fn privacy(&self) -> Phrase {
        self.words
            .count(&self.words.request.kept_privacy, self.settings.days_kept())
    }
}

#[derive(Template)]
#[template(path = "pages/book-no-code.html")]
struct NoCodePage<'a> {
    frame: Frame<'a>,
    words: &'a Words,
    text: Phrase,
}

/// The page for a code that no request has.
///
/// # Errors
/// A template failed: a fault of ours.
pub fn unknown_page(making: Making<'_>, service: &Service) -> Result<RenderedPage, String> {
    let words = making.words(&making.site.clinic.lang);
    let request = &words.request;
    let title = (
        Status::NotFound,
        &request.unknown_title,
        &request.unknown_text,
    );
    no_code(making, service, words, title)
}

/// The page for a code that can't be looked up now.
///
/// # Errors
/// A template failed: a fault of ours.
pub fn away_page(making: Making<'_>, service: &Service) -> Result<RenderedPage, String> {
    let words = making.words(&making.site.clinic.lang);
    let request = &words.request;
    let title = (Status::Unavailable, &request.away_title, &request.away_text);
    no_code(making, service, words, title)
}

fn no_code<'a>(
    making: Making<'a>,
    service: &Service,
    words: &'a Words,
    (status, title, text): (Status, &String, &Phrase),
) -> Result<RenderedPage, String> {
    let mut frame = frame(making, service, title.as_str());
    frame.status = status;
    frame.indexing = Indexing::Refused;
    let text = text.with("phone", &frame.clinic.phone);
    let page = NoCodePage { words, text, frame };
    finish(&page, &page.frame, None)
}

#[derive(Template)]
#[template(path = "pages/book-unserved.html")]
struct UnservedPage<'a> {
    frame: Frame<'a>,
    words: &'a Words,
    offer: Offer<'a>,
}

/// The page for a state in which the visit is not offered.
///
/// # Errors
/// A template failed: a fault of ours.
pub fn unserved_page(
    making: Making<'_>,
    service: &Service,
    state: State,
) -> Result<RenderedPage, String> {
    let words = making.words(&making.site.clinic.lang);
    let title = words.request.unserved_title.with("state", state);
    let mut frame = frame(making, service, title.to_string());
    frame.indexing = Indexing::Refused;
    let page = UnservedPage {
        words,
        offer: Offer::of(making, service),
        frame,
    };
    finish(&page, &page.frame, None)
}

impl UnservedPage<'_> {
    fn served(&self) -> Phrase {
        let words = &self.words.request.unserved_states;
        words.with("states", self.offer.states())
    }

    fn call(&self) -> Phrase {
        let words = &self.words.request.unserved_call;
        words.with("phone", &self.frame.clinic.phone)
    }
}
