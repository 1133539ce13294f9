//! The layout of a share picture: which words it shows, how large, where and in which
//! colors. Places are computed here and the template only draws, so what does not
//! fit is known before anything is drawn.

use askama::Template;

use super::lettering::{Measure, Setting, set, width};
use super::{HEIGHT, Subject, WIDTH};
use crate::clinic::{Clinic, Color};
use crate::content::Article;
use crate::messages::Words;
use crate::pages::Making;
use crate::pages::book::Offer;

/// From the left edge to the text, in pixels. Some programs cut a picture to a square of its middle or round its corners.
const MARGIN: u32 = 84;
/// The room of a text that the light leaves free, in pixels.
const ROOM: u32 = 800;

/// The clinic's colors where it has none of its own: accent and its ink. Source: `static/css/tokens.css`.
const ACCENT: [Color; 2] = [Color::new(0x0b, 0x5d, 0x5a), Color::new(0xff, 0xff, 0xff)];
/// Paper, ink and muted ink. Source: `static/css/tokens.css`.
const PAPER: Color = Color::new(0xfb, 0xf9, 0xf4);
const INK: Color = Color::new(0x1b, 0x26, 0x26);
const MUTED_INK: Color = Color::new(0x51, 0x60, 0x5f);

/// The picture as its template draws it. Places and sizes are in pixels.
#[derive(Template)]
#[template(path = "share/picture.svg")]
pub(super) struct Sheet {
    colors: Colors,
    /// How far heading, title, note and button are moved down, so that they stand in the middle above the band.
    shift: u32,
    heading: Vec<Line>,
    title: Vec<Line>,
    /// A line or two below the title.
    note: Vec<Line>,
    button: Option<Label>,
    /// The clinic's name, or its address where the name is the title.
    band: Vec<Line>,
    sample: Option<Label>,
    mark: Mark,
    /// Title, note and band as they were written.
    pub(super) said: String,
}

/// What gives the light.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// The lighthouse that the site shows beside the name of a clinic without a logo.
    Lighthouse,
    /// A sun on the horizon, for a clinic with a logo of its own.
    Sun,
}

impl Mark {
    fn of(clinic: &Clinic) -> Self {
        match clinic.logo {
            None => Self::Lighthouse,
            Some(_) => Self::Sun,
        }
    }

    /// Where the light is from the top.
    fn light_y(self) -> u32 {
        match self {
            Self::Lighthouse => 336,
            Self::Sun => HORIZON,
        }
    }
}

/// The colors of a picture.
struct Colors {
    ground: Color,
    ink: Color,
    /// Of the heading, the light and the band.
    accent: Color,
    on_accent: Color,
    muted: Color,
}

/// One line of text.
struct Line {
    text: String,
    size: u32,
    /// Where its baseline stands.
    y: u32,
}

/// A text in a box.
struct Label {
    text: String,
    x: u32,
    y: u32,
    width: u32,
}

/// The words of a picture before anybody measured them.
struct Draft<'a> {
    heading: Option<&'a str>,
    title: &'a str,
    measures: &'a [Measure],
    note: Option<String>,
    button: Option<&'a str>,
    band: &'a str,
    colors: Colors,
}

/// Type sizes of a title with the most lines of each, in pixels.
const TITLE: [Measure; 4] = [(88, 2), (76, 3), (64, 4), (52, 5)];
/// The same above a note and a button.
const OFFER_TITLE: [Measure; 4] = [(88, 1), (70, 2), (52, 3), (44, 3)];
/// The same for the name of the clinic.
const NAME: [Measure; 4] = [(104, 1), (84, 2), (68, 3), (54, 3)];
const HEADING: [Measure; 3] = [(38, 1), (34, 1), (30, 1)];
const NOTE: [Measure; 3] = [(40, 1), (36, 2), (32, 2)];
const BAND: [Measure; 3] = [(42, 1), (36, 1), (32, 2)];
/// Type size of a button and of the word that the content is a sample.
const BUTTON_SIZE: u32 = 36;
const SAMPLE_SIZE: u32 = 32;
/// Above a button.
const BUTTON_GAP: u32 = 46;
/// Where the band begins.
const HORIZON: u32 = 514;

impl Sheet {
    /// Lays out the picture of a subject.
    pub(super) fn of(making: Making<'_>, subject: Subject<'_>) -> Self {
        let clinic = &making.site.clinic;
        let own = making.words(&clinic.lang);
        match subject {
            Subject::Clinic => Self::set(clinic, own, of_clinic(clinic)),
            Subject::Article(article) => {
                let words = making.words(&article.lang);
                Self::set(clinic, words, of_article(clinic, article))
            }
            Subject::Service(service) => {
                let offer = Offer::of(making, service);
                Self::set(clinic, own, of_service(clinic, own, &offer))
            }
        }
    }

    /// Measures a draft and gives every line its place, from top to bottom.
    fn set(clinic: &Clinic, words: &Words, draft: Draft<'_>) -> Self {
        let sample = clinic.sample_content.then(|| Label::sample(words));
        let mut column = Column::default();
        let mut lines = |text: Option<&str>, measures: &[Measure], gap| {
            let setting = text.map(|text| set(text, ROOM, measures));
            setting.map_or_else(Vec::new, |setting| column.stack(setting, gap))
        };
        let heading = lines(draft.heading, &HEADING, 0);
        let title = lines(Some(draft.title), draft.measures, 38);
        let note = lines(draft.note.as_deref(), &NOTE, 34);
        let button = draft
            .button
            .map(|text| Label::button(text, column.add(BUTTON_GAP, Label::HEIGHT)));
        let said = [Some(draft.title), draft.note.as_deref(), Some(draft.band)];
        Self {
            shift: HORIZON.saturating_sub(column.below) / 2,
            heading,
            title,
            note,
            button,
            mark: Mark::of(clinic),
            band: in_band(draft.band, sample.as_ref()),
            sample,
            said: said.into_iter().flatten().collect::<Vec<_>>().join(". "),
            colors: draft.colors,
        }
    }

    /// Every text that it shows.
    pub(super) fn texts(&self) -> Vec<&str> {
        let lines = self.heading.iter().chain(&self.title).chain(&self.note);
        let lines = lines.chain(&self.band).map(|line| line.text.as_str());
        let labels = self.button.iter().chain(&self.sample);
        lines
            .chain(labels.map(|label| label.text.as_str()))
            .collect()
    }
}

fn of_clinic(clinic: &Clinic) -> Draft<'_> {
    let (_, host) = clinic.origin.split_once("://").unwrap_or_default();
    Draft {
        heading: None,
        title: &clinic.name,
        measures: &NAME,
        note: Some(clinic.tagline.clone()),
        button: None,
        band: host,
        colors: Colors::on_paper(clinic),
    }
}

fn of_article<'a>(clinic: &'a Clinic, article: &'a Article) -> Draft<'a> {
    Draft {
        heading: Some(&article.topic.name),
        title: &article.title,
        measures: &TITLE,
        note: None,
        button: None,
        band: &clinic.name,
        colors: Colors::on_paper(clinic),
    }
}

fn of_service<'a>(clinic: &'a Clinic, words: &'a Words, offer: &'a Offer<'a>) -> Draft<'a> {
    Draft {
        heading: Some(offer.kind()),
        title: &offer.service.name,
        measures: &OFFER_TITLE,
        note: Some(offer.service.hours.clone()),
        button: Some(&words.site.book),
        band: &clinic.name,
        colors: Colors::on_accent(clinic),
    }
}

/// A text in the band, beside the word that the content is a sample.
fn in_band(text: &str, sample: Option<&Label>) -> Vec<Line> {
    let end = sample.map_or(WIDTH.saturating_sub(MARGIN), |label| {
        label.x.saturating_sub(40)
    });
    let setting = set(text, end.saturating_sub(MARGIN), &BAND);
    let mut column = Column::default();
    let mut lines = column.stack(setting, 0);
    let top = HORIZON + (HEIGHT - HORIZON).saturating_sub(column.below) / 2;
    for line in &mut lines {
        line.y += top;
    }
    lines
}

/// Parts one below the other, from the top of the first capital.
#[derive(Default)]
struct Column {
    /// How far down the last part reaches.
    below: u32,
}

impl Column {
    /// Adds lines, the first `gap` below what stands above.
    fn stack(&mut self, setting: Setting, gap: u32) -> Vec<Line> {
        let Setting { size, lines } = setting;
        let mut gap = gap;
        let mut line = |text| {
            // A capital has 7 tenths of the type size, so lines stand 1.14 apart.
            self.add(gap, size * 70 / 100);
            gap = size * 44 / 100;
            let y = self.below;
            Line { text, size, y }
        };
        lines.into_iter().map(&mut line).collect()
    }

    /// Adds a part and says where it begins.
    fn add(&mut self, gap: u32, height: u32) -> u32 {
        let top = self.below + gap;
        self.below = top + height;
        top
    }
}

impl Label {
    const HEIGHT: u32 = 72;
    const SAMPLE_HEIGHT: u32 = 60;

    fn button(text: &str, y: u32) -> Self {
        Self {
            text: text.to_owned(),
            x: 0,
            y,
            width: width(text, BUTTON_SIZE) + 68,
        }
    }

    /// The word that the content is a sample, at the right end of the band.
    fn sample(words: &Words) -> Self {
        let text = words.site.sample_title.trim_end_matches('.').to_owned();
        let width = width(&text, SAMPLE_SIZE) + 44;
        Self {
            text,
            x: WIDTH.saturating_sub(MARGIN + width),
            y: HORIZON + (HEIGHT - HORIZON - Self::SAMPLE_HEIGHT) / 2,
            width,
        }
    }

    /// The middle of the box from the left.
    fn middle(&self) -> u32 {
        self.x + self.width / 2
    }

    /// Where the baseline of a text of this size stands, `height` being the box's.
    fn baseline(&self, height: u32, size: u32) -> u32 {
        self.y + height / 2 + size * 34 / 100
    }
}

impl Colors {
    fn of(clinic: &Clinic) -> [Color; 2] {
        let own = clinic.accent.as_ref();
        own.map_or(ACCENT, |accent| [accent.light, accent.on_light])
    }

    fn on_paper(clinic: &Clinic) -> Self {
        let [accent, on_accent] = Self::of(clinic);
        Self {
            ground: PAPER,
            ink: INK,
            accent,
            on_accent,
            muted: MUTED_INK,
        }
    }

    /// The other way round, so that an offer never looks like an article.
    fn on_accent(clinic: &Clinic) -> Self {
        let [accent, on_accent] = Self::of(clinic);
        Self {
            ground: accent,
            ink: on_accent,
            accent: on_accent,
            on_accent: accent,
            muted: on_accent,
        }
    }
}
