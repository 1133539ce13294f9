//! The answer for a person: the articles that fit, best first, and what to do if none
//! does. The page repeats what was asked and nothing that was said of a patient.

use askama::Template;

use super::{Further, further, sought};
use crate::content::Article;
use crate::infobutton::{Answer, Fault, Match, Request, label};
use crate::messages::{Phrase, Words};
use crate::pages::frame::{Crumb, Frame};
use crate::pages::{Indexing, Making, RenderedPage, Status, finish};

#[derive(Template)]
#[template(path = "pages/infobutton.html")]
struct AnswerPage<'a> {
    frame: Frame<'a>,
    words: &'a Words,
    sought: String,
    found: Vec<Found<'a>>,
}

/// An article that fits.
struct Found<'a> {
    article: &'a Article,
    /// Why it is shown; none if one of its names fits.
    reason: Option<Phrase>,
    further: Vec<Further>,
}

/// The page of an answer.
///
/// # Errors
/// A template failed: a fault of ours.
pub fn infobutton_page(
    making: Making<'_>,
    request: &Request,
    answer: &Answer<'_>,
) -> Result<RenderedPage, String> {
    let words = making.words(answer.lang);
    let frame = frame(making, answer.lang, &words.clinicians.answer_title);
    let found = |own: &Match<'_>| {
        let code = own.code;
        let reason = code.map(|code| {
            let code = format!("{} {}", label(code.system), code.code);
            words.clinicians.fits_code.with("code", code)
        });
        (reason, further(own, request, words))
    };
    let matches = answer.matches.iter();
    let page = AnswerPage {
        words,
        sought: sought(request),
        found: matches
            .map(|own| {
                let (reason, further) = found(own);
                Found {
                    article: own.article,
                    reason,
                    further,
                }
            })
            .collect(),
        frame,
    };
    finish(&page, &page.frame, None)
}

#[derive(Template)]
#[template(path = "pages/infobutton-fault.html")]
struct FaultPage<'a> {
    frame: Frame<'a>,
    words: &'a Words,
    fault: Fault,
}

/// The page that says to a person why a request can't be answered.
///
/// # Errors
/// A template failed: a fault of ours.
pub fn fault_page(making: Making<'_>, fault: Fault) -> Result<RenderedPage, String> {
    let lang = &making.site.clinic.lang;
    let words = making.words(lang);
    let mut frame = frame(making, lang, &words.clinicians.fault_title);
    frame.status = Status::BadRequest;
    let page = FaultPage {
        words,
        fault,
        frame,
    };
    finish(&page, &page.frame, None)
}

fn frame<'a>(making: Making<'a>, lang: &str, title: &str) -> Frame<'a> {
    let mut frame = Frame::in_language(making, lang, "/infobutton", title);
    frame.description = frame.words.clinicians.description.clone();
    frame.indexing = Indexing::Refused;
    frame.crumbs = vec![Crumb {
        href: "/for/clinicians".into(),
        name: frame.words.clinicians.title.clone(),
    }];
    frame
}
