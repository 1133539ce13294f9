//! A report as one page that is complete in itself: no script, nothing from elsewhere,
//! so that it can be mailed around and printed. The template draws; this computes
//! places, and knows nothing that the report does not say.

use askama::Template;

use super::figures::{CampaignFigures, Report, Shown, Steps, grouped};
use super::period::Week;
use crate::booking::Step;
use crate::clinic::Accent;
use crate::document::Known;

/// Pixels: the whole picture, and the margins around the bars.
const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 230.0;
const LEFT: f64 = 46.0;
const RIGHT: f64 = 6.0;
const TOP: f64 = 14.0;
const BOTTOM: f64 = 30.0;

/// The part of a week's width that its bars take.
const FILLED: f64 = 0.74;

/// Height of the mark that stands for a count which is not shown, in pixels.
const HIDDEN: f64 = 6.0;

/// More labels than this below the bars would touch each other.
const MOST_LABELS: usize = 12;

/// The site's own colors, for a clinic that has none. Source: `static/css/tokens.css`.
const LIGHT: &str = "#0b5d5a";
const DARK: &str = "#7fd1c7";

#[derive(Template)]
#[template(path = "campaign-report.html")]
struct Page<'a> {
    report: &'a Report,
    weeks: usize,
    light: String,
    dark: String,
    /// Each with its chart; a campaign in which nothing was counted has none.
    sections: Vec<(&'a CampaignFigures, Option<Chart>)>,
}

/// Bars by week. Places are pixels from the top left.
struct Chart {
    /// Lines across: height and label, from the bottom to the top.
    lines: Vec<(f64, String)>,
    bars: Vec<Bar>,
    /// Below the bars: place and label.
    labels: Vec<(f64, String)>,
}

struct Bar {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
    step: Step,
    /// Whether it stands for a count that is not shown.
    is_hidden: bool,
    title: String,
}

impl Page<'_> {
    /// The width of a picture that has room for everything.
    fn size(&self) -> (f64, f64, f64, f64) {
        (WIDTH, HEIGHT, LEFT, WIDTH - RIGHT)
    }
}

/// The page. `accent` is the clinic's own color.
///
/// # Errors
/// The template failed: a fault of ours.
pub(super) fn html(report: &Report, accent: Option<&Accent>) -> Result<String, askama::Error> {
    let weeks: Vec<Week> = report.period.weeks().collect();
    let color = |own: fn(&Accent) -> String, other: &str| accent.map_or(other.to_owned(), own);
    let sections = report.campaigns.iter().map(|campaign| {
        let chart = (!campaign.weeks.is_empty()).then(|| Chart::of(campaign, &weeks));
        (campaign, chart)
    });
    let page = Page {
        report,
        weeks: weeks.len(),
        light: color(|accent| accent.light.to_string(), LIGHT),
        dark: color(|accent| accent.dark.to_string(), DARK),
        sections: sections.collect(),
    };
    page.render()
}

impl Chart {
    fn of(campaign: &CampaignFigures, weeks: &[Week]) -> Self {
        let counts = campaign.weeks.iter().flat_map(|week| week.steps.all());
        let most = counts.map(|(_, shown)| shown.least()).max();
        let scale = Scale::up_to(most.unwrap_or_default());
        let week_width = (WIDTH - LEFT - RIGHT) / as_pixels(weeks.len());
        let left_of = |at: usize| LEFT + as_pixels(at) * week_width;
        let mut bars = Vec::new();
        for (at, week) in weeks.iter().enumerate() {
            if let Some(figures) = campaign.weeks.iter().find(|found| found.week == *week) {
                let inset = week_width * (1.0 - FILLED) / 2.0;
                week_of_bars(
                    &mut bars,
                    &scale,
                    (left_of(at) + inset, week_width * FILLED),
                    *week,
                    &figures.steps,
                );
            }
        }
        let every = weeks.len().div_ceil(MOST_LABELS).max(1);
        let labels = weeks.iter().enumerate().step_by(every);
        let labels = labels.map(|(at, week)| {
            let label = week.monday().strftime("%b %-d").to_string();
            (left_of(at) + week_width / 2.0, label)
        });
        Self {
            lines: scale.lines(),
            bars,
            labels: labels.collect(),
        }
    }
}

/// The three bars of a week, between a left edge and a width.
fn week_of_bars(
    bars: &mut Vec<Bar>,
    scale: &Scale,
    (left, all): (f64, f64),
    week: Week,
    steps: &Steps,
) {
    let width = all / 3.0;
    for (at, (step, shown)) in steps.all().into_iter().enumerate() {
        let top = scale.y(shown.least());
        let bar = |y, height, is_hidden| Bar {
            x: left + as_pixels(at) * width,
            y,
            width: width * 0.9,
            height,
            step,
            is_hidden,
            title: title(week, step, shown),
        };
        if shown.least() > 0 {
            bars.push(bar(top, scale.y(0) - top, false));
        }
        if shown.hides() {
            bars.push(bar(top - HIDDEN - 1.0, HIDDEN, true));
        }
    }
}

fn title(week: Week, step: Step, shown: Shown) -> String {
    format!("{}, {}: {shown}", week.days(), step.word())
}

/// From counts to pixels.
struct Scale {
    /// The count between two lines.
    step: u64,
    /// How many lines there are above the lowest.
    steps: u64,
}

impl Scale {
    /// At most five lines at round counts, the highest at or above `most`. A chart of few people has room above
    /// them, so that it does not look like one of many.
    fn up_to(most: u64) -> Self {
        let most = most.max(20);
        let magnitudes = std::iter::successors(Some(1_u64), |by| by.checked_mul(10));
        let round = magnitudes.flat_map(|by| [1, 2, 5].map(|digit| by.saturating_mul(digit)));
        let step = round.into_iter().find(|step| most.div_ceil(*step) <= 4);
        let step = step.unwrap_or(most);
        Self {
            step,
            steps: most.div_ceil(step),
        }
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "pixels need no more than 52 bits"
    )]
    fn y(&self, count: u64) -> f64 {
        let top = self.step.saturating_mul(self.steps) as f64;
        HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (count as f64) / top
    }

    fn lines(&self) -> Vec<(f64, String)> {
        let counts = (0..=self.steps).map(|at| at.saturating_mul(self.step));
        counts
            .map(|count| (self.y(count), grouped(count)))
            .collect()
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "pixels need no more than 52 bits"
)]
fn as_pixels(count: usize) -> f64 {
    count as f64
}
