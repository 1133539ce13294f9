//! The search: its page, what was found, and suggestions. The page without a question is
//! in the snapshot; what depends on a question is rendered for one request. No link of
//! any page holds what was asked; only the form itself puts it into an address.

use askama::Template;

use super::frame::{Frame, SearchPlace, Section};
use super::symptoms::emergency_action;
use super::{Indexing, Making, RenderedPage, Status, finish};
use crate::messages::{Phrase, SearchWords, Words};
use crate::search::{Found, Hit, Kind, MAX_WORDS, Query, Suggestion};
use crate::triage::Hotline;

/// The media type of suggestions. Source: OpenSearch Suggestions 1.1.
pub const SUGGESTIONS_TYPE: &str = "application/x-suggestions+json";

#[derive(Template)]
#[template(path = "pages/search.html")]
struct SearchPage<'a> {
    frame: Frame<'a>,
    words: &'a Words,
    typed: &'a str,
    state: State<'a>,
    /// Whom to call at once; empty if the words tell of no emergency.
    hotlines: Vec<Hotline>,
}

/// What the page can say.
enum State<'a> {
    /// Nothing was asked.
    Blank,
    /// There is no index yet.
    Waiting,
    /// This was found.
    Answered(Answer<'a>),
}

/// Most results below the advice to call, so that nothing draws away from it.
const MOST_BESIDE_EMERGENCY: usize = 5;

/// Fewest results among which somebody may want to see one kind alone.
const FEWEST_TO_CHOOSE: usize = 6;

/// Results of one kind.
struct OfKind {
    kind: Kind,
    /// At least 1.
    count: usize,
}

struct Answer<'a> {
    query: &'a Query,
    hits: Vec<&'a Hit>,
    corrected: Option<&'a str>,
    offered: Option<&'a str>,
}

/// The page before anything was asked.
pub(super) fn blank_page(making: Making<'_>) -> Result<RenderedPage, String> {
    let frame = frame(making);
    let page = SearchPage {
        words: frame.words,
        typed: "",
        state: State::Blank,
        hotlines: Vec::new(),
        frame,
    };
    finish(&page, &page.frame, None)
}

/// The page that answers a question; without `found` it says that there is no index yet.
///
/// # Errors
/// A template failed: a fault of ours.
pub fn answer_page(
    making: Making<'_>,
    query: &Query,
    found: Option<&Found>,
) -> Result<RenderedPage, String> {
    let mut frame = frame(making);
    let words = frame.words;
    let hotlines = hotlines(making, query, found);
    let is_emergency = !hotlines.is_empty();
    let state = match found {
        None => State::Waiting,
        Some(found) => State::Answered(Answer {
            query,
            // Nobody is offered a visit who should call now.
            hits: match is_emergency {
                true => beside_emergency(found),
                false => found.hits.iter().collect(),
            },
            corrected: found.corrected.as_deref(),
            offered: found.offered.as_deref(),
        }),
    };
    match &state {
        State::Answered(answer) => {
            let count = words.count(&words.search.results, answer.hits.len());
            frame.title_prefix = Some(format!("{count}:"));
        }
        _ => frame.status = Status::Unavailable,
    }
    let page = SearchPage {
        words,
        typed: query.text(),
        state,
        hotlines,
        frame,
    };
    finish(&page, &page.frame, None)
}

/// Whom to call at once: what the words tell as they were typed, else what they tell as the search read them.
fn hotlines(making: Making<'_>, query: &Query, found: Option<&Found>) -> Vec<Hotline> {
    let told = |text: &str| making.site.entrance.find(text).hotlines;
    let typed = told(query.text());
    let corrected = found.and_then(|found| found.corrected.as_deref());
    match corrected.filter(|_| typed.is_empty()) {
        Some(corrected) => told(corrected),
        None => typed,
    }
}

/// The best results that offer no visit.
fn beside_emergency(found: &Found) -> Vec<&Hit> {
    let hits = found.hits.iter();
    let hits = hits.filter(|hit| hit.entry.kind != Kind::Service);
    hits.take(MOST_BESIDE_EMERGENCY).collect()
}

fn frame(making: Making<'_>) -> Frame<'_> {
    let words = making.words(&making.site.clinic.lang);
    let mut frame = Frame::new(making, "/search", words.search.title.as_str());
    frame.description = words.search.description.clone();
    frame.section = Section::Search;
    frame.search = SearchPlace::Page;
    frame.indexing = Indexing::Refused;
    frame
}

impl Answer<'_> {
    /// The kinds among which to choose, that of the best result first; none where there is little to choose from.
    fn kinds(&self) -> Vec<OfKind> {
        let mut kinds: Vec<OfKind> = Vec::new();
        for kind in self.hits.iter().map(|hit| hit.entry.kind) {
            match kinds.iter_mut().find(|own| own.kind == kind) {
                Some(own) => own.count += 1,
                None => kinds.push(OfKind { kind, count: 1 }),
            }
        }
        match kinds.len() > 1 && self.hits.len() >= FEWEST_TO_CHOOSE {
            true => kinds,
            false => Vec::new(),
        }
    }
}

impl OfKind {
    /// What the results are called together, and how many there are.
    fn label(&self, words: &SearchWords) -> Phrase {
        let name = match self.kind {
            Kind::Article => &words.articles,
            Kind::Complaint => &words.complaints,
            Kind::Topic => &words.topics,
            Kind::Service => &words.services,
            Kind::Term => &words.terms,
            Kind::Person => &words.people,
        };
        words
            .kind_count
            .with("kind", name)
            .with("count", self.count)
    }

    /// The word by which the style sheet knows results of the kind.
    fn mark(&self) -> &'static str {
        mark(self.kind)
    }
}

fn mark(kind: Kind) -> &'static str {
    match kind {
        Kind::Article => "article",
        Kind::Complaint => "complaint",
        Kind::Topic => "topic",
        Kind::Service => "service",
        Kind::Term => "term",
        Kind::Person => "person",
    }
}

impl SearchPage<'_> {
    /// What to do at once, where the words tell of an emergency.
    fn emergency_action(&self) -> &str {
        emergency_action(&self.words.symptoms, self.hotlines.first())
    }

    /// The heading of the results.
    fn results_for(&self, answer: &Answer<'_>) -> Phrase {
        let words = self.words;
        let results = words.count(&words.search.results, answer.hits.len());
        let phrase = words.search.results_for.with("results", results);
        phrase.with("words", answer.query.text())
    }

    fn cut(&self) -> Phrase {
        self.words.search.cut.with("count", MAX_WORDS)
    }

    fn kind(&self, hit: &Hit) -> &str {
        kind_words(&self.words.search, hit.entry.kind)
    }
}

impl Hit {
    /// The word by which the style sheet knows results of its kind.
    pub fn mark(&self) -> &'static str {
        mark(self.entry.kind)
    }

    /// Whether it leads to the questions of the symptom checker.
    pub fn is_complaint(&self) -> bool {
        self.entry.kind == Kind::Complaint
    }
}

fn kind_words(words: &SearchWords, kind: Kind) -> &str {
    match kind {
        Kind::Article => &words.article,
        Kind::Complaint => &words.complaint,
        Kind::Topic => &words.topic,
        Kind::Service => &words.service,
        Kind::Term => &words.term,
        Kind::Person => &words.person,
    }
}

/// Suggestions as browsers and our own script read them: what was typed, names, kinds, addresses. Whom to call stands
/// first, where the words tell of an emergency. Source: OpenSearch Suggestions 1.1.
///
/// # Errors
/// It can't be written as JSON: a fault of ours.
pub fn suggestions(
    making: Making<'_>,
    query: &Query,
    suggested: &[Suggestion],
) -> Result<String, String> {
    let words = making.words(&making.site.clinic.lang);
    let hotlines = making.site.entrance.find(query.text()).hotlines;
    let call = hotlines.first().map(|hotline| {
        let action = emergency_action(&words.symptoms, Some(hotline));
        (action, words.care.emergency.as_str(), number(*hotline))
    });
    let is_offered = |own: &&Suggestion| call.is_none() || own.kind != Kind::Service;
    let pages = suggested.iter().filter(is_offered).map(|own| {
        let kind = kind_words(&words.search, own.kind);
        (own.title.as_str(), kind, own.address.as_str())
    });
    let rows: Vec<(&str, &str, &str)> = call.into_iter().chain(pages).collect();
    let names: Vec<&str> = rows.iter().map(|(name, ..)| *name).collect();
    let kinds: Vec<&str> = rows.iter().map(|(_, kind, _)| *kind).collect();
    let addresses: Vec<&str> = rows.iter().map(|(.., address)| *address).collect();
    serde_json::to_string(&(query.text(), names, kinds, addresses))
        .map_err(|error| format!("/search/suggestions: {error}"))
}

/// The address that calls a hotline.
fn number(hotline: Hotline) -> &'static str {
    match hotline {
        Hotline::Emergency => "tel:911",
        Hotline::Lifeline => "tel:988",
        Hotline::PoisonControl => "tel:+18002221222",
    }
}
