//! The advice: how soon and what to do first, then why, what to do until then, and
//! what would change it. No list of diagnoses, no percentages, and no offer of a
//! visit beside an emergency.

use std::sync::Arc;

use askama::Template;

use super::{capital, emergency_action, form_address, level_action};
use crate::booking::Advice;
use crate::content::Article;
use crate::messages::{Phrase, Words};
use crate::pages::article::Reference;
use crate::pages::book::{AdviceLine, Offer};
use crate::pages::care::spoken;
use crate::pages::frame::{Crumb, Frame, Section};
use crate::pages::{Indexing, Making, RenderedPage, finish};
use crate::source::Source;
use crate::triage::{
    Addressee, Condition, Disposition, Finding, Hotline, PersonFacts, Posted, Protocol,
    TriageLevel, WatchFor, measure_fields,
};

/// What came of the answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The advice.
    pub disposition: Disposition,
    /// The person could not tell whether there is an emergency sign.
    pub is_unsure_of_signs: bool,
    /// What is known about the person.
    pub person: PersonFacts,
}

/// From this age on nobody is told about pregnancy unasked: 56 years, past all but the rarest of births.
const OLDEST_PREGNANCY_MONTHS: u16 = 56 * 12;

#[derive(Template)]
#[template(path = "pages/symptom-result.html")]
struct ResultPage<'a> {
    frame: Frame<'a>,
    words: &'a Words,
    protocol: &'a Protocol,
    addressee: Addressee,
    level: TriageLevel,
    outcome: &'a Outcome,
    reasons: Vec<Reason>,
    told: Vec<String>,
    steps: Vec<&'a str>,
    watch: Vec<Watch<'a>>,
    articles: Vec<&'a Article>,
    offer: Option<Offer<'a>>,
    sent_advice: Option<AdviceLine>,
    references: Vec<Reference<'a>>,
    kept: Vec<(String, String)>,
}

/// A finding that decided, in the person's words, and why it matters.
struct Reason {
    sign: String,
    why: String,
}

/// Signs of one level that would change the advice.
struct Watch<'a> {
    level: TriageLevel,
    heading: &'a str,
    signs: Vec<&'a str>,
}

/// The page with the advice.
///
/// # Errors
/// A template failed: a fault of ours.
pub fn result_page(
    making: Making<'_>,
    protocol: &Protocol,
    addressee: Addressee,
    outcome: &Outcome,
    posted: &Posted,
) -> Result<RenderedPage, String> {
    let frame = frame(making, protocol, addressee);
    let words = frame.words;
    let level = outcome.disposition.level;
    let page = ResultPage {
        words,
        protocol,
        addressee,
        level,
        outcome,
        reasons: reasons(words, outcome, addressee),
        told: told(making, outcome, addressee, posted),
        steps: steps(protocol, level),
        watch: watch(words, protocol, level),
        articles: articles(making, protocol),
        offer: offer(making, protocol, level),
        sent_advice: sent_advice(making, protocol, level),
        references: references(making, protocol, outcome),
        kept: kept(posted),
        frame,
    };
    finish(&page, &page.frame, None)
}

fn frame<'a>(making: Making<'a>, protocol: &Protocol, addressee: Addressee) -> Frame<'a> {
    let words = making.words(&making.site.clinic.lang);
    let title = words
        .symptoms
        .result_title
        .with("complaint", &protocol.title);
    let mut frame = Frame::new(making, form_address(protocol, addressee), title.to_string());
    frame.description = words.symptoms.description.clone();
    frame.section = Section::Symptoms;
    frame.indexing = Indexing::Refused;
    frame.crumbs = vec![Crumb {
        href: "/symptoms".into(),
        name: words.symptoms.title.clone(),
    }];
    frame
}

/// What the person said of a finding, and that they were not sure if so.
fn sign(words: &Words, outcome: &Outcome, finding: &Finding, addressee: Addressee) -> String {
    let statement = capital(&finding.statement.to(addressee));
    if outcome.disposition.unsure.contains(&finding.id) {
        let not_sure = &words.symptoms.not_sure;
        return not_sure.with("sign", &statement).to_string();
    }
    statement
}

/// The findings of the level that decided; at care at home, all that are present.
fn reasons(words: &Words, outcome: &Outcome, addressee: Addressee) -> Vec<Reason> {
    let level = outcome.disposition.level;
    let decided = outcome
        .disposition
        .findings
        .iter()
        .filter(|finding| finding.level == level);
    let reason = |finding: &Arc<Finding>| Reason {
        sign: sign(words, outcome, finding, addressee),
        why: finding.why.to(addressee),
    };
    decided.map(reason).collect()
}

/// What else the person said, to show at a visit: the numbers, and the signs that did not decide.
fn told(
    making: Making<'_>,
    outcome: &Outcome,
    addressee: Addressee,
    posted: &Posted,
) -> Vec<String> {
    let measures = making.site.measures.values();
    let number = |measure: &Arc<crate::triage::Measure>| {
        let typed = posted.get(&measure_fields(&measure.id).0)?.first()?.trim();
        (!typed.is_empty()).then(|| format!("{} {typed} {}", measure.ask, measure.unit))
    };
    let level = outcome.disposition.level;
    let others = outcome
        .disposition
        .findings
        .iter()
        .filter(|finding| finding.level != level);
    let words = making.words(&making.site.clinic.lang);
    let signs = others.map(|finding| sign(words, outcome, finding, addressee));
    measures.filter_map(number).chain(signs).collect()
}

/// Home care, unless it is an emergency: then the call is the only step.
fn steps(protocol: &Protocol, level: TriageLevel) -> Vec<&str> {
    if level == TriageLevel::Emergency {
        return Vec::new();
    }
    protocol
        .self_care
        .iter()
        .map(|step| step.step.as_str())
        .collect()
}

/// Signs of levels above the advice, most urgent first.
fn watch<'a>(words: &'a Words, protocol: &'a Protocol, level: TriageLevel) -> Vec<Watch<'a>> {
    let own = &words.symptoms;
    let above = TriageLevel::MOST_URGENT_FIRST
        .into_iter()
        .filter(|other| *other > level);
    let of_level = |other: TriageLevel| Watch {
        level: other,
        heading: match other {
            TriageLevel::Emergency => &own.watch_emergency,
            TriageLevel::Urgent => &own.watch_urgent,
            TriageLevel::Soon | TriageLevel::SelfCare => &own.watch_soon,
        },
        signs: protocol
            .watch_for
            .iter()
            .filter(|sign: &&WatchFor| sign.level == other)
            .map(|sign| sign.sign.as_str())
            .collect(),
    };
    above
        .map(of_level)
        .filter(|watch| !watch.signs.is_empty())
        .collect()
}

fn articles<'a>(making: Making<'a>, protocol: &Protocol) -> Vec<&'a Article> {
    let named = protocol
        .articles
        .iter()
        .filter_map(|slug| making.site.articles.get(slug));
    let mut found: Vec<&Article> = named.map(AsRef::as_ref).collect();
    let of_complaint = making
        .site
        .articles
        .values()
        .filter(|article| article.protocol.complaint == protocol.complaint);
    for article in of_complaint {
        if !found.iter().any(|known| known.slug == article.slug) {
            found.push(article);
        }
    }
    found.retain(|article| {
        making
            .site
            .listed_articles()
            .any(|listed| listed.slug == article.slug)
    });
    found
}

/// A visit, where one fits: within days or today, never beside an emergency, never where home care will do.
fn offer<'a>(making: Making<'a>, protocol: &Protocol, level: TriageLevel) -> Option<Offer<'a>> {
    if !matches!(level, TriageLevel::Soon | TriageLevel::Urgent) {
        return None;
    }
    let service = making.site.services.get(protocol.service.as_ref()?)?;
    Some(Offer::of(making, service))
}

/// What may go along with a request for a visit, where requests are taken.
fn sent_advice(making: Making<'_>, protocol: &Protocol, level: TriageLevel) -> Option<AdviceLine> {
    making.site.request_settings()?;
    let complaint = protocol.complaint.clone();
    AdviceLine::of(making, &Advice { complaint, level })
}

/// The works behind this advice: of what decided and of the home care; of the default where nothing decided.
fn references<'a>(
    making: Making<'_>,
    protocol: &'a Protocol,
    outcome: &'a Outcome,
) -> Vec<Reference<'a>> {
    let disposition = &outcome.disposition;
    let decided = disposition
        .findings
        .iter()
        .filter(|finding| finding.level == disposition.level);
    let of_findings = decided.flat_map(|finding| &finding.sources);
    let of_durations = disposition.durations.iter().flat_map(|rule| &rule.sources);
    let of_default = protocol
        .default
        .sources
        .iter()
        .filter(|_| disposition.level == protocol.default.level);
    let home_care = disposition.level != TriageLevel::Emergency;
    let of_steps = protocol
        .self_care
        .iter()
        .filter(|_| home_care)
        .flat_map(|step| &step.sources);
    let watch = protocol.watch_for.iter().filter(|_| home_care);
    let of_watch = watch.flat_map(|sign| &sign.sources);
    let mut sources: Vec<&Source> = Vec::new();
    for source in of_findings
        .chain(of_durations)
        .chain(of_default)
        .chain(of_steps)
        .chain(of_watch)
    {
        if !sources
            .iter()
            .any(|known| known.main_href() == source.main_href())
        {
            sources.push(source);
        }
    }
    sources
        .into_iter()
        .map(|source| Reference::of(making, source, 0))
        .collect()
}

fn kept(posted: &Posted) -> Vec<(String, String)> {
    let fields = posted.iter().filter(|(name, _)| name.as_str() != "go");
    fields
        .flat_map(|(name, values)| {
            values
                .iter()
                .map(move |value| (name.clone(), value.clone()))
        })
        .collect()
}

impl ResultPage<'_> {
    /// What to do, as a sentence.
    fn action(&self) -> &str {
        let own = &self.words.symptoms;
        match self.level {
            TriageLevel::Emergency => {
                emergency_action(own, self.outcome.disposition.hotlines.first())
            }
            level => level_action(own, level),
        }
    }

    /// The level in words.
    fn spoken(&self) -> &str {
        spoken(&self.words.care, self.level)
    }

    fn is_emergency(&self) -> bool {
        self.level == TriageLevel::Emergency
    }

    fn is_urgent(&self) -> bool {
        self.level == TriageLevel::Urgent
    }

    /// Whether home care is for a baby, and written for everybody.
    fn is_for_baby(&self) -> bool {
        let is_baby = self.outcome.person.age_months.is_some_and(|age| age < 12);
        is_baby && self.protocol.addressees() != [Addressee::Child]
    }

    /// Whether a medicine of the home care could be taken by somebody who is pregnant: unless it was asked and denied.
    fn may_be_pregnant(&self) -> bool {
        let person = &self.outcome.person;
        let said = person.conditions.get(&Condition::PregnantOrPostpartum);
        let is_of_age = person
            .age_months
            .is_none_or(|age| age < OLDEST_PREGNANCY_MONTHS);
        self.addressee != Addressee::Child && said != Some(&false) && is_of_age
    }

    fn is_at_home(&self) -> bool {
        self.level == TriageLevel::SelfCare
    }

    /// Whether the call to 911 is among the calls; it is when nothing else was named.
    fn calls_911(&self) -> bool {
        let hotlines = &self.outcome.disposition.hotlines;
        hotlines.is_empty()
            || hotlines.contains(&Hotline::Emergency)
            || self.outcome.is_unsure_of_signs
    }

    fn calls_lifeline(&self) -> bool {
        self.outcome
            .disposition
            .hotlines
            .contains(&Hotline::Lifeline)
    }

    fn calls_poison_control(&self) -> bool {
        self.outcome
            .disposition
            .hotlines
            .contains(&Hotline::PoisonControl)
    }

    /// Why the default was advised, where nothing decided.
    fn default_reason(&self) -> Option<&str> {
        let decided = !self.reasons.is_empty()
            || !self.outcome.disposition.durations.is_empty()
            || self.outcome.is_unsure_of_signs;
        (!decided).then_some(self.protocol.default.why.as_str())
    }

    /// Sentences about how long it has lasted.
    fn duration_reasons(&self) -> Vec<Phrase> {
        let durations = &self.outcome.disposition.durations;
        let longest = durations.last();
        longest
            .map(|rule| {
                self.words.count(
                    &self.words.symptoms.why_duration,
                    usize::from(rule.longer_than_days),
                )
            })
            .into_iter()
            .collect()
    }

    fn unsure_reason(&self) -> Option<Phrase> {
        let you = match self.addressee {
            Addressee::You => &self.words.symptoms.you,
            Addressee::Child => &self.words.symptoms.child,
            Addressee::Other => &self.words.symptoms.other,
        };
        self.outcome
            .is_unsure_of_signs
            .then(|| self.words.symptoms.why_unsure.with("you", you))
    }

    fn address(&self) -> String {
        form_address(self.protocol, self.addressee)
    }
}

#[derive(Template)]
#[template(path = "pages/symptom-unfit.html")]
struct UnfitPage<'a> {
    frame: Frame<'a>,
    words: &'a Words,
    instead: Option<&'a Protocol>,
    addressee: Addressee,
}

/// The page for somebody whom the protocol does not fit: whom to call, and the questions that fit better.
///
/// # Errors
/// A template failed: a fault of ours.
pub fn unfit_page(
    making: Making<'_>,
    protocol: &Protocol,
    addressee: Addressee,
) -> Result<RenderedPage, String> {
    let mut frame = frame(making, protocol, addressee);
    let words = frame.words;
    frame.title = words.symptoms.too_young_title.clone();
    let instead = protocol
        .see_instead
        .as_ref()
        .and_then(|id| making.site.protocols.get(id))
        .map(AsRef::as_ref);
    let page = UnfitPage {
        words,
        instead,
        addressee,
        frame,
    };
    finish(&page, &page.frame, None)
}

impl UnfitPage<'_> {
    fn instead_address(&self, protocol: &Protocol) -> String {
        form_address(protocol, self.addressee)
    }
}
