//! Choosing a complaint: by words, by body area, or from A to Z. What somebody
//! writes is posted, so that it stands in no address; nothing needs a script.

use std::collections::BTreeMap;

use askama::Template;

use super::emergency_action;
use crate::document::Known;
use crate::messages::{AreaWords, Words};
use crate::pages::frame::{Frame, Section};
use crate::pages::{About, Indexing, Making, RenderedPage, finish};
use crate::triage::{BodyArea, Hotline, Protocol};

#[derive(Template)]
#[template(path = "pages/symptoms.html")]
struct ChoosePage<'a> {
    frame: Frame<'a>,
    words: &'a Words,
    areas: Vec<Area<'a>>,
    complaints: Vec<&'a Protocol>,
    found: Option<Found<'a>>,
}

/// A body area with its complaints, by title.
struct Area<'a> {
    id: &'static str,
    name: &'a str,
    complaints: Vec<&'a Protocol>,
}

/// What came of the words that somebody wrote.
pub struct Found<'a> {
    /// The words, as they were written.
    pub typed: String,
    /// Complaints that fit, best first.
    pub complaints: Vec<&'a Protocol>,
    /// Whom to call at once, if the words say that it is an emergency; empty otherwise.
    pub hotlines: Vec<Hotline>,
}

/// The page on which a complaint is chosen, before anything was written.
///
/// # Errors
/// A template failed: a fault of ours.
pub fn choose(making: Making<'_>) -> Result<RenderedPage, String> {
    page(making, None)
}

/// The same page with what was found.
///
/// # Errors
/// A template failed: a fault of ours.
pub fn found(making: Making<'_>, found: Found<'_>) -> Result<RenderedPage, String> {
    page(making, Some(found))
}

fn page(making: Making<'_>, found: Option<Found<'_>>) -> Result<RenderedPage, String> {
    let words = making.words(&making.site.clinic.lang);
    let mut frame = Frame::new(making, "/symptoms", words.symptoms.title.as_str());
    frame.description = words.symptoms.description.clone();
    frame.section = Section::Symptoms;
    frame.about = About::Symptoms;
    if found.is_some() {
        frame.indexing = Indexing::Refused;
    }
    let page = ChoosePage {
        words,
        areas: areas(making, words),
        complaints: by_title(making),
        found,
        frame,
    };
    finish(&page, &page.frame, None)
}

fn by_title(making: Making<'_>) -> Vec<&Protocol> {
    let mut complaints: Vec<&Protocol> =
        making.site.protocols.values().map(AsRef::as_ref).collect();
    complaints.sort_by_key(|protocol| protocol.title.to_lowercase());
    complaints
}

fn areas<'a>(making: Making<'a>, words: &'a Words) -> Vec<Area<'a>> {
    let mut by_area: BTreeMap<BodyArea, Vec<&Protocol>> = BTreeMap::new();
    for protocol in by_title(making) {
        by_area
            .entry(protocol.body_area)
            .or_default()
            .push(protocol);
    }
    let named = |(area, complaints): (BodyArea, Vec<_>)| Area {
        id: area.word(),
        name: area_name(&words.symptoms.areas, area),
        complaints,
    };
    by_area.into_iter().map(named).collect()
}

/// What a part of the body is called.
pub fn area_name(words: &AreaWords, area: BodyArea) -> &str {
    match area {
        BodyArea::Head => &words.head,
        BodyArea::Face => &words.face,
        BodyArea::Eye => &words.eye,
        BodyArea::Ear => &words.ear,
        BodyArea::Nose => &words.nose,
        BodyArea::MouthAndThroat => &words.mouth_and_throat,
        BodyArea::Neck => &words.neck,
        BodyArea::Chest => &words.chest,
        BodyArea::Belly => &words.belly,
        BodyArea::Back => &words.back,
        BodyArea::Pelvis => &words.pelvis,
        BodyArea::Arm => &words.arm,
        BodyArea::Hand => &words.hand,
        BodyArea::Leg => &words.leg,
        BodyArea::Foot => &words.foot,
        BodyArea::Skin => &words.skin,
        BodyArea::Mind => &words.mind,
        BodyArea::WholeBody => &words.whole_body,
    }
}

impl Found<'_> {
    /// Whether the words say that it is an emergency.
    pub fn is_emergency(&self) -> bool {
        !self.hotlines.is_empty()
    }
}

impl ChoosePage<'_> {
    /// What to do at once, where the words tell of an emergency.
    fn found_action(&self) -> &str {
        let hotlines = self.found.as_ref().map(|found| &found.hotlines);
        emergency_action(&self.words.symptoms, hotlines.and_then(|all| all.first()))
    }

    /// The line that repeats what was written.
    fn found_for(&self) -> String {
        let typed = self.found.as_ref().map_or("", |found| found.typed.as_str());
        self.words
            .symptoms
            .found_for
            .with("words", typed)
            .to_string()
    }
}
