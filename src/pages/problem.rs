//! Pages that say that something is not there or went wrong. Each says what still
//! works and gives the phone number; none shows anything of our inside.

use askama::Template;

use super::frame::{Frame, SearchPlace};
use super::{Indexing, Making, RenderedPage, Status, finish};
use crate::content::Article;
use crate::id::Slug;
use crate::messages::Words;
use crate::site::{Site, Visibility};

/// What went wrong, for whoever reads.
#[derive(Debug, Clone, Copy)]
pub enum Problem<'a> {
    /// Nothing has this address.
    NotFound,
    /// The article was taken back.
    Withdrawn(&'a Article),
    /// The article has a fault and no good version.
    Unavailable(&'a Slug),
    /// The page can only be read.
    MethodNotAllowed,
    /// A form did not come from our pages.
    Forged,
    /// A form is not as our pages send it.
    Malformed,
    /// We failed.
    Failed,
    /// An address, or what a browser sends with it, is too long.
    TooLong,
    /// A form did not come in time.
    TooSlow,
    /// Somebody asks too often.
    TooOften,
    /// Too many ask at once.
    Overloaded,
}

#[derive(Template)]
#[template(path = "pages/problem.html")]
struct ProblemPage<'a> {
    frame: Frame<'a>,
    words: &'a Words,
    text: String,
    withdrawn_on: Option<jiff::civil::Date>,
    instead: Option<&'a Article>,
}

/// The page for a problem that belongs to no address.
///
/// # Errors
/// A template failed: a fault of ours.
pub fn problem_page(making: Making<'_>, problem: Problem<'_>) -> Result<RenderedPage, String> {
    render(making, problem)
}

pub(super) fn render(making: Making<'_>, problem: Problem<'_>) -> Result<RenderedPage, String> {
    let words = making.words(&making.site.clinic.lang);
    let (status, title, text) = said(words, problem);
    let path = match problem {
        Problem::Withdrawn(article) => format!("/articles/{}", article.slug),
        Problem::Unavailable(slug) => format!("/articles/{slug}"),
        _ => String::new(),
    };
    let mut frame = Frame::new(making, path, title);
    frame.status = status;
    frame.search = SearchPlace::Page;
    frame.indexing = Indexing::Refused;
    let withdrawal = match problem {
        Problem::Withdrawn(article) => article.withdrawal.as_ref(),
        _ => None,
    };
    let see = withdrawal.and_then(|withdrawal| withdrawal.see.as_ref());
    let instead = see.and_then(|slug| readable(making.site, &slug.value));
    let page = ProblemPage {
        words,
        text,
        withdrawn_on: withdrawal.map(|withdrawal| withdrawal.on),
        instead,
        frame,
    };
    finish(&page, &page.frame, None)
}

fn readable<'a>(site: &'a Site, slug: &Slug) -> Option<&'a Article> {
    let article = site.articles.get(slug)?;
    (site.visibility(article) == Visibility::Public).then_some(article.as_ref())
}

fn said(words: &Words, problem: Problem<'_>) -> (Status, String, String) {
    let limits = &words.limits;
    let words = &words.problem;
    let (status, title, text) = match problem {
        Problem::NotFound => (
            Status::NotFound,
            &words.not_found_title,
            words.not_found_text.clone(),
        ),
        Problem::Withdrawn(article) => {
            let why = article
                .withdrawal
                .as_ref()
                .map_or("", |withdrawal| withdrawal.why.as_str());
            (
                Status::Gone,
                &words.gone_title,
                words.gone_text.with("why", why).to_string(),
            )
        }
        Problem::Unavailable(_) => (
            Status::Unavailable,
            &words.unavailable_title,
            words.unavailable_text.clone(),
        ),
        Problem::MethodNotAllowed => (
            Status::MethodNotAllowed,
            &words.method_title,
            words.method_text.clone(),
        ),
        Problem::Forged => (
            Status::Forbidden,
            &words.forged_title,
            words.forged_text.clone(),
        ),
        Problem::Malformed => (
            Status::BadRequest,
            &words.malformed_title,
            words.malformed_text.clone(),
        ),
        Problem::Failed => (
            Status::Failed,
            &words.failed_title,
            words.failed_text.clone(),
        ),
        Problem::TooLong => (
            Status::TooLong,
            &limits.too_long_title,
            limits.too_long_text.clone(),
        ),
        Problem::TooSlow => (
            Status::TimedOut,
            &limits.too_slow_title,
            limits.too_slow_text.clone(),
        ),
        Problem::TooOften => (
            Status::TooOften,
            &limits.too_often_title,
            limits.too_often_text.clone(),
        ),
        Problem::Overloaded => (
            Status::Unavailable,
            &limits.overloaded_title,
            limits.overloaded_text.clone(),
        ),
    };
    (status, title.clone(), text)
}
