//! Draws charts: numbers become lengths of bars and steps. Every drawing stands in or
//! above a table that says the same in words. Lengths across are shares of the width
//! and heights are in letters, so a chart fits a phone and grows with the reader's text.

use std::fmt::Write as _;

use askama::Template;

use super::prose::Markup;
use crate::content::markdown::{
    Chart, Comparison, Degree, Joint, Measure, Period, Range, Timeline, Unit, Zones,
};
use crate::messages::{Phrase, Words};

/// What every chart is drawn with.
#[derive(Clone, Copy)]
pub(super) struct Figure<'a> {
    pub(super) words: &'a Words,
    /// The id of the heading.
    pub(super) element_id: &'a str,
    pub(super) heading: &'a str,
    /// The texts of the cells, in the order of the chart.
    pub(super) cells: &'a [Markup],
}

impl Figure<'_> {
    /// Writes a chart.
    pub(super) fn draw(self, chart: &Chart, out: &mut String) -> askama::Result<()> {
        match chart {
            Chart::Timeline(timeline) => TimelineFragment::of(self, timeline).render_into(out),
            Chart::Zones(zones) => ZonesFragment::of(self, zones).render_into(out),
            Chart::Comparison(comparison) => {
                ComparisonFragment::of(self, comparison).render_into(out)
            }
        }
    }
}

/// A share of the whole width, such as `12.5%`.
fn percent(part: u32, whole: u32) -> String {
    printed(thousandths(part, whole))
}

/// The share between two parts of the width. Both are rounded like [`percent`], so that what ends together does.
fn percent_between(from: u32, to: u32, whole: u32) -> String {
    printed(thousandths(to, whole).saturating_sub(thousandths(from, whole)))
}

fn thousandths(part: u32, whole: u32) -> u64 {
    u64::from(part) * 1000 / u64::from(whole.max(1))
}

fn printed(thousandths: u64) -> String {
    format!("{}.{}%", thousandths / 10, thousandths % 10)
}

#[derive(Template)]
#[template(path = "fragments/timeline.html")]
struct TimelineFragment<'a> {
    figure: Figure<'a>,
    ticks: Vec<Tick>,
    rows: Vec<TimelineRow<'a>>,
}

/// A mark on the line of time.
struct Tick {
    at: String,
    label: Phrase,
    /// Whether it stands at the end of the line, where its words must end.
    is_last: bool,
}

struct TimelineRow<'a> {
    period: &'a Period,
    start: String,
    length: String,
    text: &'a Markup,
}

/// The longest time without a mark is a third of the line.
const MOST_TICKS: u32 = 3;

/// Distances between marks, finest first.
const TICKS: [(u32, Unit); 17] = [
    (6, Unit::Hour),
    (12, Unit::Hour),
    (1, Unit::Day),
    (2, Unit::Day),
    (5, Unit::Day),
    (1, Unit::Week),
    (2, Unit::Week),
    (4, Unit::Week),
    (8, Unit::Week),
    (3, Unit::Month),
    (6, Unit::Month),
    (1, Unit::Year),
    (2, Unit::Year),
    (5, Unit::Year),
    (20, Unit::Year),
    (100, Unit::Year),
    (400, Unit::Year),
];

impl<'a> TimelineFragment<'a> {
    fn of(figure: Figure<'a>, timeline: &'a Timeline) -> Self {
        let whole = whole_time(&timeline.periods);
        let rows = timeline.periods.iter().zip(figure.cells);
        let rows = rows.map(|(period, text)| {
            let end = period.end.unwrap_or(whole);
            TimelineRow {
                period,
                start: percent(period.start, whole),
                length: percent_between(period.start, end, whole),
                text,
            }
        });
        Self {
            rows: rows.collect(),
            ticks: ticks(figure.words, whole),
            figure,
        }
    }
}

/// The length of the line of time in hours: to the last end, and past the last start of what has no end.
fn whole_time(periods: &[Period]) -> u32 {
    let ends = periods.iter().map(|period| match period.end {
        Some(end) => end,
        None => period.start + (period.start / 4).max(1),
    });
    ends.max().unwrap_or(1)
}

fn ticks(words: &Words, whole: u32) -> Vec<Tick> {
    let marks = |(count, unit): &&(u32, Unit)| whole / (count * unit.hours());
    let is_few = |tick: &&(u32, Unit)| marks(tick) <= MOST_TICKS;
    let is_even = |tick: &&(u32, Unit)| {
        let step = tick.0 * tick.1.hours();
        marks(tick) > 1 && whole.is_multiple_of(step)
    };
    let few = || TICKS.iter().filter(is_few);
    // A mark at the very end is worth more than many.
    let Some((count, unit)) = few().find(is_even).or_else(|| few().next()) else {
        return Vec::new();
    };
    let step = count * unit.hours();
    let label = |count| time(words, count, *unit);
    let ticks = (1..=whole / step).map(|number| Tick {
        at: percent(number * step, whole),
        label: label(number * count),
        is_last: number * step > whole / 10 * 8,
    });
    ticks.collect()
}

fn time(words: &Words, count: u32, unit: Unit) -> Phrase {
    let chart = &words.chart;
    let message = match unit {
        Unit::Hour => &chart.hours,
        Unit::Day => &chart.days,
        Unit::Week => &chart.weeks,
        Unit::Month => &chart.months,
        Unit::Year => &chart.years,
    };
    words.count(message, usize::try_from(count).unwrap_or(usize::MAX))
}

#[derive(Template)]
#[template(path = "fragments/zones.html")]
struct ZonesFragment<'a> {
    figure: Figure<'a>,
    zones: &'a Zones,
    scales: Vec<Scale<'a>>,
    rows: Vec<ZoneRow<'a>>,
}

/// The steps of one measure.
struct Scale<'a> {
    measure: &'a Measure,
    title: Phrase,
    steps: Vec<Step>,
    edges: Vec<Edge<'a>>,
}

/// A step: as high as its place, and with the numbers of its zones.
struct Step {
    start: String,
    length: String,
    /// From the top. Unit: a tenth of a letter.
    top: String,
    height: String,
    numbers: String,
}

/// A number between two steps.
struct Edge<'a> {
    at: String,
    number: &'a str,
}

struct ZoneRow<'a> {
    number: usize,
    name: &'a Markup,
    ranges: Vec<(&'a Measure, &'a Range)>,
    meaning: Option<&'a Markup>,
}

/// The lowest and the highest step. Unit: tenths of a letter's height.
const STEP_HEIGHTS: (u32, u32) = (14, 34);

impl<'a> ZonesFragment<'a> {
    fn of(figure: Figure<'a>, zones: &'a Zones) -> Self {
        let texts_of_a_zone = 1 + usize::from(zones.meaning.is_some());
        let texts = figure.cells.chunks(texts_of_a_zone);
        let rows = zones.zones.iter().zip(texts).enumerate();
        let rows = rows.filter_map(|(at, (ranges, texts))| {
            Some(ZoneRow {
                number: at + 1,
                name: texts.first()?,
                ranges: zones.measures.iter().zip(ranges).collect(),
                meaning: texts.get(1),
            })
        });
        let measures = zones.measures.iter().enumerate();
        Self {
            rows: rows.collect(),
            scales: measures
                .map(|(column, measure)| scale(figure.words, zones, column, measure))
                .collect(),
            figure,
            zones,
        }
    }

    /// Whether one of several measures is meant, which then must be named.
    fn has_several(&self) -> bool {
        self.zones.measures.len() > 1
    }
}

impl ZoneRow<'_> {
    /// The word that joins a range with the one before it, if there is one.
    fn joint<'w>(&self, words: &'w Words, range: &Range) -> Option<&'w str> {
        range.joint.map(|joint| match joint {
            Joint::And => words.chart.and.as_str(),
            Joint::Or => words.chart.or.as_str(),
        })
    }
}

fn scale<'a>(words: &Words, zones: &'a Zones, column: usize, measure: &'a Measure) -> Scale<'a> {
    let ranges = zones.zones.iter().filter_map(|row| row.get(column));
    let mut parts: Vec<(&Range, String)> = Vec::new();
    for (at, range) in ranges.enumerate() {
        match parts.last_mut() {
            Some((last, numbers)) if (last.from, last.to) == (range.from, range.to) => {
                // A text of our own takes any number.
                write!(numbers, ", {}", at + 1).unwrap_or_default();
            }
            _ => parts.push((range, (at + 1).to_string())),
        }
    }
    let count = u32::try_from(parts.len()).unwrap_or(1);
    let places = (0_u32..).zip(&parts);
    let steps = places
        .clone()
        .map(|(place, (_, numbers))| step(place, count, numbers));
    let edges = places.skip(1).filter_map(|(place, (range, _))| {
        Some(Edge {
            at: percent(place, count),
            number: range.edge.as_deref()?,
        })
    });
    let title = words.chart.scale.with("name", &measure.name);
    Scale {
        measure,
        title: title.with("unit", &measure.unit).with("count", count),
        steps: steps.collect(),
        edges: edges.collect(),
    }
}

fn step(place: u32, count: u32, numbers: &str) -> Step {
    let (lowest, highest) = STEP_HEIGHTS;
    let height = lowest + (highest - lowest) * place / (count - 1).max(1);
    let em = |tenths: u32| format!("{}.{}em", tenths / 10, tenths % 10);
    Step {
        start: percent(place, count),
        length: percent_between(place, place + 1, count),
        top: em(highest - height),
        height: em(height),
        numbers: numbers.to_owned(),
    }
}

#[derive(Template)]
#[template(path = "fragments/comparison.html")]
struct ComparisonFragment<'a> {
    figure: Figure<'a>,
    things: &'a [String],
    rows: Vec<ComparisonRow<'a>>,
}

struct ComparisonRow<'a> {
    aspect: &'a Markup,
    cells: Vec<(Option<Degree>, &'a Markup)>,
}

impl<'a> ComparisonFragment<'a> {
    fn thing(&self, column: &usize) -> &str {
        self.things.get(*column).map_or("", String::as_str)
    }

    fn of(figure: Figure<'a>, comparison: &'a Comparison) -> Self {
        let texts = figure.cells.chunks(comparison.things.len() + 1);
        let rows = comparison.degrees.iter().zip(texts);
        let rows = rows.filter_map(|(degrees, texts)| {
            let (aspect, texts) = texts.split_first()?;
            Some(ComparisonRow {
                aspect,
                cells: degrees.iter().copied().zip(texts).collect(),
            })
        });
        Self {
            rows: rows.collect(),
            things: &comparison.things,
            figure,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(start: u32, end: Option<u32>) -> Period {
        Period {
            words: String::new(),
            start,
            end,
        }
    }

    #[test]
    fn the_line_of_time_has_one_to_three_marks_in_a_fitting_unit() {
        let rows: [(u32, &[&str]); 10] = [
            (48, &["1 day", "2 days"]),
            (30, &["12 hours", "24 hours"]),
            (3 * 24, &["1 day", "2 days", "3 days"]),
            (10 * 24, &["5 days", "10 days"]),
            (14 * 24, &["1 week", "2 weeks"]),
            (13 * 24, &["5 days", "10 days"]),
            (42 * 24, &["2 weeks", "4 weeks", "6 weeks"]),
            (12 * 7 * 24, &["4 weeks", "8 weeks", "12 weeks"]),
            (8760, &["6 months", "12 months"]),
            (3 * 8760, &["1 year", "2 years", "3 years"]),
        ];
        for (whole, expected) in rows {
            let found = ticks(crate::messages::english(), whole);
            let found: Vec<String> = found.iter().map(|tick| tick.label.to_string()).collect();
            assert_eq!(found, expected, "{whole} hours");
        }
        let longest = 1000 * 8760;
        assert!(!ticks(crate::messages::english(), longest).is_empty());
    }

    #[test]
    fn what_has_no_end_reaches_past_its_start() {
        assert_eq!(whole_time(&[period(0, Some(48)), period(100, None)]), 125);
        assert_eq!(whole_time(&[period(0, Some(480)), period(100, None)]), 480);
        assert_eq!(whole_time(&[period(0, None)]), 1);
    }

    #[test]
    fn shares_are_rounded_down_so_that_nothing_leaves_the_width() {
        assert_eq!(percent(1, 3), "33.3%");
        assert_eq!(percent(3, 3), "100.0%");
        assert_eq!(percent(u32::MAX, u32::MAX), "100.0%");
        assert_eq!(percent(1, 0), "100.0%");
        assert_eq!(percent_between(10, 14, 14), "28.6%");
    }
}
