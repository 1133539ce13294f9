//! One complaint as data: its findings from most to least urgent, what to do at
//! home and what to watch for. The care cards of articles, the symptom checker
//! and the booking page all read this one value, so they cannot disagree.

use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::document::Known;
use crate::id::{ComplaintId, FindingId, ServiceId, Slug};
use crate::source::Source;

use super::applicability::Applicability;
use super::disposition::TriageLevel;
use super::measure::Threshold;
use super::wording::{Addressee, Wording};

/// The questions and advice for one complaint.
#[derive(Debug, Clone, PartialEq)]
pub struct Protocol {
    /// The complaint's id; also the file name.
    pub complaint: ComplaintId,
    /// What a page calls the complaint.
    pub title: String,
    /// What patients call it, in the order of the file.
    pub lay_terms: Vec<String>,
    /// Where on the body it is.
    pub body_area: BodyArea,
    /// Other parts of the body under which people look for it, in the order of the file.
    pub also_in: Vec<BodyArea>,
    /// Below this age in months the protocol does not decide.
    pub youngest_age_months: u16,
    /// Above this age in years the protocol does not decide.
    pub oldest_age_years: Option<u16>,
    /// The complaint for those who are too young or too old for this one.
    pub see_instead: Option<ComplaintId>,
    /// A sentence that is shown with every result.
    pub safety_note: Option<String>,
    /// Articles on the complaint, best first. They may not all exist.
    pub articles: Vec<Slug>,
    /// The service that fits, if one does.
    pub service: Option<ServiceId>,
    /// The id of the reviewer who signed the levels; none until a clinic's clinician has.
    pub signed_off_by: Option<String>,
    /// The advice when no finding is present.
    pub default: DefaultLevel,
    /// By level, most urgent first; never empty.
    pub findings: Vec<Arc<Finding>>,
    /// How long is too long, by days, ascending. Each only raises a level.
    pub durations: Vec<DurationRule>,
    /// What to do at home, in the order of the file.
    pub self_care: Vec<SelfCareStep>,
    /// What would change the advice, most urgent first; never empty.
    pub watch_for: Vec<WatchFor>,
    /// Every work that the protocol relies on: its own in the order of the file, then those of shared findings.
    pub sources: Vec<Arc<Source>>,
}

impl Protocol {
    /// Every part of the body under which the complaint stands, its own first.
    pub fn areas(&self) -> impl Iterator<Item = BodyArea> + '_ {
        std::iter::once(self.body_area).chain(self.also_in.iter().copied())
    }

    /// The finding with an id.
    pub fn finding(&self, id: &FindingId) -> Option<&Finding> {
        self.findings
            .iter()
            .map(AsRef::as_ref)
            .find(|finding| finding.id == *id)
    }

    /// Whether the protocol decides for somebody of an age in months; an unknown age fits.
    pub fn fits_age(&self, age_months: Option<u16>) -> bool {
        let oldest = self
            .oldest_age_years
            .map(|years| years.saturating_add(1).saturating_mul(12));
        age_months.is_none_or(|age| {
            age >= self.youngest_age_months && oldest.is_none_or(|limit| age < limit)
        })
    }

    /// Who may answer: a child's complaint is answered by a parent, an adult's not about a child. Never empty, the
    /// one that is asked first at the front.
    pub fn addressees(&self) -> &'static [Addressee] {
        let is_childs = self.oldest_age_years.is_some_and(|years| years < 18);
        let is_adults = self.youngest_age_months >= 18 * 12;
        match (is_childs, is_adults) {
            (true, _) => &[Addressee::Child],
            (false, true) => &[Addressee::You, Addressee::Other],
            (false, false) => &[Addressee::You, Addressee::Child, Addressee::Other],
        }
    }

    /// Whom a care card addresses: the one who is asked first.
    pub fn first_addressee(&self) -> Addressee {
        self.addressees().first().copied().unwrap_or(Addressee::You)
    }

    /// The findings of one level, in the order of the file.
    pub fn findings_at(&self, level: TriageLevel) -> impl Iterator<Item = &Finding> {
        let findings = self.findings.iter().map(AsRef::as_ref);
        findings.filter(move |finding| finding.level == level)
    }
}

/// One sign that decides how soon somebody needs care.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The name that forms and articles use; once in its protocol.
    pub id: FindingId,
    /// How soon a person with this sign needs care.
    pub level: TriageLevel,
    /// The sign as the end of a sentence "... if:", without a period.
    pub statement: Wording,
    /// The sign as a question; none if a number decides alone.
    pub ask: Option<Wording>,
    /// Numbers of which one must be reached; empty if the answer decides alone.
    pub when: Vec<Threshold>,
    /// Why it matters, for the patient.
    pub why: Wording,
    /// Whom to call, if it is an emergency.
    pub call: Hotline,
    /// The works that say so; never empty.
    pub sources: Vec<Arc<Source>>,
    /// To whom it applies.
    pub applies_to: Applicability,
}

/// Whom to call in an emergency. Source: `specs/urgency.md`, "Four levels".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Hotline {
    /// The emergency number.
    #[default]
    Emergency,
    /// The Suicide and Crisis Lifeline, by call or text.
    Lifeline,
    /// Poison Control.
    PoisonControl,
}

impl Known for Hotline {
    const ALL: &'static [(&'static str, Self)] = &[
        ("911", Self::Emergency),
        ("988", Self::Lifeline),
        ("poison-control", Self::PoisonControl),
    ];
}

/// The advice when no finding is present.
#[derive(Debug, Clone, PartialEq)]
pub struct DefaultLevel {
    /// How soon.
    pub level: TriageLevel,
    /// Why, for the patient.
    pub why: String,
    /// The works that say so; never empty.
    pub sources: Vec<Arc<Source>>,
}

/// A complaint that lasts longer than this needs at least this level.
#[derive(Debug, Clone, PartialEq)]
pub struct DurationRule {
    /// More than this many days.
    pub longer_than_days: u16,
    /// The least level from then on.
    pub level: TriageLevel,
    /// To whom it applies.
    pub applies_to: Applicability,
    /// The works that say so; never empty.
    pub sources: Vec<Arc<Source>>,
}

/// One thing to do at home.
#[derive(Debug, Clone, PartialEq)]
pub struct SelfCareStep {
    /// What to do, in whole sentences.
    pub step: String,
    /// The works that say so; never empty.
    pub sources: Vec<Arc<Source>>,
}

/// A sign that would change the advice.
#[derive(Debug, Clone, PartialEq)]
pub struct WatchFor {
    /// How soon a person with this sign needs care.
    pub level: TriageLevel,
    /// The sign, without a period.
    pub sign: String,
    /// The works that say so; never empty.
    pub sources: Vec<Arc<Source>>,
}

/// Where on the body a complaint is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)] // the words in `ALL` say what each is
pub enum BodyArea {
    Head,
    Face,
    Eye,
    Ear,
    Nose,
    MouthAndThroat,
    Neck,
    Chest,
    Belly,
    Back,
    Pelvis,
    Arm,
    Hand,
    Leg,
    Foot,
    Skin,
    Mind,
    WholeBody,
}

impl Known for BodyArea {
    const ALL: &'static [(&'static str, Self)] = &[
        ("head", Self::Head),
        ("face", Self::Face),
        ("eye", Self::Eye),
        ("ear", Self::Ear),
        ("nose", Self::Nose),
        ("mouth-and-throat", Self::MouthAndThroat),
        ("neck", Self::Neck),
        ("chest", Self::Chest),
        ("belly", Self::Belly),
        ("back", Self::Back),
        ("pelvis", Self::Pelvis),
        ("arm", Self::Arm),
        ("hand", Self::Hand),
        ("leg", Self::Leg),
        ("foot", Self::Foot),
        ("skin", Self::Skin),
        ("mind", Self::Mind),
        ("whole-body", Self::WholeBody),
    ];
}

/// A protocol that was read, with every fault of its file.
pub type ReadProtocol = (Option<Protocol>, Vec<Diagnostic>);
