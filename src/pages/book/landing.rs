//! The page of one visit: what it is and what it costs first, then what happens, and
//! the first field of the form at its end. It depends on no visitor, so it can be
//! kept by any cache, unless somebody comes from a campaign or from the symptom checker.

use std::collections::BTreeSet;

use askama::Template;

use super::{AdviceLine, Offer, frame};
use crate::booking::{Advice, Field, RequestSettings, Service, State};
use crate::clinic::Person;
use crate::content::Article;
use crate::id::CampaignId;
use crate::messages::{Phrase, Words};
use crate::pages::frame::Frame;
use crate::pages::share_picture::Subject;
use crate::pages::{About, Indexing, Making, RenderedPage, Status, finish};

/// From where somebody came.
#[derive(Debug, Clone, Copy, Default)]
pub struct Arrival<'a> {
    /// Through a campaign that counts today.
    pub campaign: Option<&'a CampaignId>,
    /// With advice that they chose to send.
    pub advice: Option<&'a Advice>,
}

#[derive(Template)]
#[template(path = "pages/book-service.html")]
struct ServicePage<'a> {
    frame: Frame<'a>,
    words: &'a Words,
    offer: Offer<'a>,
    settings: Option<&'a RequestSettings>,
    campaign: Option<&'a CampaignId>,
    advice: Option<AdviceLine>,
    state_error: Option<String>,
    articles: Vec<&'a Article>,
    reviewers: Vec<&'a Person>,
}

pub(in crate::pages) fn render_service(
    making: Making<'_>,
    service: &Service,
) -> Result<RenderedPage, String> {
    let page = service_page(making, service, Arrival::default());
    let as_of = page.offer.fee().map(|fee| fee.as_of);
    finish(&page, &page.frame, as_of)
}

/// The page for somebody who came from somewhere: not for search engines, since the plain page is the same.
///
/// # Errors
/// A template failed: a fault of ours.
pub fn landing_page(
    making: Making<'_>,
    service: &Service,
    arrival: Arrival<'_>,
) -> Result<RenderedPage, String> {
    let mut page = service_page(making, service, arrival);
    page.frame.indexing = Indexing::Refused;
    finish(&page, &page.frame, None)
}

/// The same page again, since no state was chosen.
///
/// # Errors
/// A template failed: a fault of ours.
pub fn state_problem_page(
    making: Making<'_>,
    service: &Service,
    arrival: Arrival<'_>,
) -> Result<RenderedPage, String> {
    let mut page = service_page(making, service, arrival);
    page.frame.indexing = Indexing::Refused;
    page.frame.status = Status::Unprocessable;
    page.frame.title_prefix = Some(page.words.form.error.clone());
    page.state_error = Some(page.words.request.state_missing.clone());
    finish(&page, &page.frame, None)
}

fn service_page<'a>(
    making: Making<'a>,
    service: &'a Service,
    arrival: Arrival<'a>,
) -> ServicePage<'a> {
    let mut frame = frame(making, service, service.name.as_str());
    frame.picture = making.pictures.of(Subject::Service(service));
    frame.about = About::Service(service, making.site.price(service));
    let articles = articles(making, service);
    ServicePage {
        words: frame.words,
        offer: Offer::of(making, service),
        settings: making.site.request_settings(),
        campaign: arrival.campaign,
        advice: arrival
            .advice
            .and_then(|advice| AdviceLine::of(making, advice)),
        state_error: None,
        reviewers: reviewers(&articles),
        articles,
        frame,
    }
}

/// Listed articles that offer this visit, by slug.
fn articles<'a>(making: Making<'a>, service: &Service) -> Vec<&'a Article> {
    let fits = |article: &&Article| {
        let own = article.service.as_ref();
        own.is_some_and(|own| own.id == service.id)
    };
    let listed = making.site.listed_articles().map(AsRef::as_ref);
    listed.filter(fits).collect()
}

/// Who reviewed them, each once, by id.
fn reviewers<'a>(articles: &[&'a Article]) -> Vec<&'a Person> {
    let mut seen = BTreeSet::new();
    let people = articles.iter().map(|article| article.reviewer.as_ref());
    people.filter(|person| seen.insert(&person.id)).collect()
}

impl ServicePage<'_> {
    /// "Call … to book", with the clinic's number.
    fn call_to_book(&self) -> Phrase {
        let words = &self.words.booking.call_to_book;
        words.with("phone", &self.frame.clinic.phone)
    }

    /// "We answer …".
    fn next_answer(&self, settings: &RequestSettings) -> Phrase {
        let words = &self.words.request.next_answer;
        words.with("within", &settings.answer_within)
    }

    /// For how long a request is kept.
    fn trust_privacy(&self, settings: &RequestSettings) -> Phrase {
        self.words
            .count(&self.words.request.trust_privacy, settings.days_kept())
    }

    /// All states by name: whoever lives elsewhere is told so, which a list of ours alone could not do.
    fn states(&self) -> Vec<State> {
        let mut states = State::ALL.to_vec();
        states.sort_unstable_by_key(|state| state.name());
        states
    }

    fn state_field(&self) -> &'static str {
        Field::State.name()
    }
}
