//! The body map: a picture whose parts are links, the same parts as a list, and a page
//! for each part with its complaints and articles. The shapes stand in the template;
//! here is only which parts lead somewhere. A part without a complaint is no link.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;

use super::frame::{Crumb, Frame, Section};
use super::symptoms::area_name;
use super::{Making, RenderedPage, finish};
use crate::content::Article;
use crate::document::Known;
use crate::messages::Words;
use crate::site::area_address;
use crate::triage::{BodyArea, Protocol};

/// How many complaints stand behind the name of a part in the list.
const MOST_EXAMPLES: usize = 3;

#[derive(Template)]
#[template(path = "pages/body.html")]
struct BodyPage<'a> {
    frame: Frame<'a>,
    words: &'a Words,
    map: Map<'a>,
    groups: Vec<Group<'a>>,
}

#[derive(Template)]
#[template(path = "pages/body-area.html")]
struct AreaPage<'a> {
    frame: Frame<'a>,
    words: &'a Words,
    name: &'a str,
    /// Those at home here first, each by title.
    complaints: Vec<&'a Protocol>,
    /// Newest review first.
    articles: Vec<&'a Article>,
    near: Vec<Part<'a>>,
}

/// The parts that lead somewhere, as the picture asks for them.
struct Map<'a> {
    parts: BTreeMap<BodyArea, Part<'a>>,
}

/// A part of the body that has complaints.
#[derive(Clone)]
struct Part<'a> {
    href: String,
    name: &'a str,
    /// The first complaints, in the order of its page, as one line.
    examples: String,
}

/// Parts under one heading; never empty.
struct Group<'a> {
    heading: &'a str,
    parts: Vec<Part<'a>>,
}

/// The page with the picture.
pub(super) fn render(making: Making<'_>) -> Result<RenderedPage, String> {
    let words = making.words(&making.site.clinic.lang);
    let mut frame = Frame::new(making, "/body", words.body.title.as_str());
    frame.description = words.body.description.clone();
    frame.section = Section::Symptoms;
    let map = Map::of(making, words);
    let page = BodyPage {
        words,
        groups: map.groups(words),
        map,
        frame,
    };
    finish(&page, &page.frame, None)
}

/// The page of a part. `on_shelf` are listed articles on its complaints, newest review first.
pub(super) fn render_area(
    making: Making<'_>,
    area: BodyArea,
    on_shelf: &[&Arc<Article>],
) -> Result<RenderedPage, String> {
    let words = making.words(&making.site.clinic.lang);
    let name = area_name(&words.symptoms.areas, area);
    let title = words.body.area_title.with("area", name);
    let mut frame = Frame::new(making, area_address(area), title.to_string());
    let complaints = complaints_in(making, area);
    let description = words.body.area_description.with("area", name);
    let examples = examples(&complaints);
    frame.description = description.with("complaints", examples).to_string();
    frame.section = Section::Symptoms;
    frame.crumbs = vec![Crumb {
        href: "/body".into(),
        name: words.body.name.clone(),
    }];
    let mut all = Map::of(making, words).parts;
    let near = near(area).iter().filter_map(|other| all.remove(other));
    let near = near.collect();
    let dates = on_shelf.iter().map(|article| article.dates.modified_on());
    let modified_on = dates.max();
    let page = AreaPage {
        words,
        name,
        complaints,
        articles: on_shelf.iter().copied().map(AsRef::as_ref).collect(),
        near,
        frame,
    };
    finish(&page, &page.frame, modified_on)
}

impl<'a> Map<'a> {
    fn of(making: Making<'a>, words: &'a Words) -> Self {
        let areas = making.site.body_areas().into_iter();
        let part = |area| Part {
            href: area_address(area),
            name: area_name(&words.symptoms.areas, area),
            examples: examples(&complaints_in(making, area)),
        };
        Self {
            parts: areas.map(|area| (area, part(area))).collect(),
        }
    }

    /// The part of an area by its word, if it leads somewhere.
    fn part(&self, word: &str) -> Option<&Part<'a>> {
        self.parts.get(&BodyArea::from_word(word)?)
    }

    /// The parts of the list under their headings.
    fn groups(&self, words: &'a Words) -> Vec<Group<'a>> {
        use BodyArea::{
            Arm, Back, Belly, Chest, Ear, Eye, Face, Foot, Hand, Head, Leg, Mind, MouthAndThroat,
            Neck, Nose, Pelvis, Skin, WholeBody,
        };
        let words = &words.body;
        let groups: [(&str, &[BodyArea]); 4] = [
            (
                &words.head_and_neck,
                &[Head, Eye, Ear, Nose, MouthAndThroat, Face, Neck],
            ),
            (&words.trunk, &[Chest, Belly, Back, Pelvis]),
            (&words.limbs, &[Arm, Hand, Leg, Foot]),
            (&words.no_place, &[Skin, Mind, WholeBody]),
        ];
        let filled = groups.into_iter().map(|(heading, areas)| Group {
            heading,
            parts: areas
                .iter()
                .filter_map(|area| self.parts.get(area).cloned())
                .collect(),
        });
        filled.filter(|group| !group.parts.is_empty()).collect()
    }
}

/// The complaints of a part: those that are at home there, then those that people also look for there; each by title.
fn complaints_in(making: Making<'_>, area: BodyArea) -> Vec<&Protocol> {
    let protocols = making.site.protocols.values().map(AsRef::as_ref);
    let mut complaints: Vec<&Protocol> = protocols
        .filter(|protocol| protocol.areas().any(|own| own == area))
        .collect();
    complaints.sort_by_key(|protocol| (protocol.body_area != area, protocol.title.to_lowercase()));
    complaints
}

fn examples(complaints: &[&Protocol]) -> String {
    let titles = complaints.iter().take(MOST_EXAMPLES);
    let titles: Vec<&str> = titles.map(|protocol| protocol.title.as_str()).collect();
    titles.join(", ")
}

/// Parts that somebody may have meant who chose this one, nearest first.
fn near(area: BodyArea) -> &'static [BodyArea] {
    use BodyArea::{
        Arm, Back, Belly, Chest, Ear, Eye, Face, Foot, Hand, Head, Leg, Mind, MouthAndThroat, Neck,
        Nose, Pelvis, Skin, WholeBody,
    };
    match area {
        Head => &[Face, Eye, Ear, Nose, MouthAndThroat, Neck],
        Face => &[Eye, Nose, Head, Skin],
        Eye => &[Face, Head, Nose],
        Ear => &[Head, MouthAndThroat, Neck],
        Nose => &[Face, MouthAndThroat, Head],
        MouthAndThroat => &[Neck, Nose, Ear],
        Neck => &[MouthAndThroat, Head, Back, Arm],
        Chest => &[Belly, Back, Arm, Mind],
        Belly => &[Pelvis, Chest, Back],
        Back => &[Neck, Pelvis, Leg, Belly],
        Pelvis => &[Belly, Back, Leg],
        Arm => &[Hand, Neck, Chest],
        Hand => &[Arm, Skin],
        Leg => &[Foot, Back, Pelvis],
        Foot => &[Leg, Skin],
        Skin => &[WholeBody, Face],
        Mind => &[Chest, Head, WholeBody],
        WholeBody => &[Skin, Mind, Head],
    }
}
