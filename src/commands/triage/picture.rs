//! A protocol as one picture: the way from the emergency signs through the questions
//! of each level to the advice. Black on white and without a word in a color, so that
//! it can be printed, signed and hung up. The template draws; this computes places.

use askama::Template;

use super::paper::{action, ages, group, hotline, in_one_line, wrapped};
use crate::triage::{Finding, Hotline, PersonQuestion, Protocol, TriageLevel, first_screen};

/// Pixels: left edge and width of the questions, left edge and width of the advice, and the whole.
const ASKED: (usize, usize) = (20, 560);
const ADVICE: (usize, usize) = (680, 300);
const WIDTH: usize = 1000;

/// Pixels between two lines of text, around a text, and between two boxes.
const LINE: usize = 18;
const PADDING: usize = 12;
const GAP: usize = 44;

/// Widest letters are about 7 pixels at this size, so this many fit a box.
const ASKED_CHARACTERS: usize = 76;
const ADVICE_CHARACTERS: usize = 38;

#[derive(Template)]
#[template(path = "protocol-flow.svg")]
struct Flow<'a> {
    title: &'a str,
    ages: String,
    width: usize,
    height: usize,
    boxes: Vec<Drawn>,
    arrows: Vec<Arrow>,
}

/// A box with text. Places are pixels from the top left.
struct Drawn {
    x: usize,
    y: usize,
    width: usize,
    height: usize,
    /// Thickness of the frame: the more urgent the thicker.
    stroke: usize,
    lines: Vec<Line>,
}

struct Line {
    x: usize,
    y: usize,
    is_heading: bool,
    text: String,
}

/// From a point to another, with words beside it.
struct Arrow {
    from: (usize, usize),
    to: (usize, usize),
    label: &'static str,
    label_at: (usize, usize),
}

/// The picture of a protocol.
///
/// # Errors
/// The template failed: a fault of ours.
pub(super) fn svg(protocol: &Protocol) -> Result<String, askama::Error> {
    let mut flow = Flow {
        title: &protocol.title,
        ages: ages(protocol),
        width: WIDTH,
        height: 70,
        boxes: Vec::new(),
        arrows: Vec::new(),
    };
    let least = protocol.default.level;
    flow.questions(
        protocol,
        TriageLevel::Emergency,
        "First screen: emergency signs",
    );
    flow.person(protocol);
    for (level, heading) in [
        (
            TriageLevel::Urgent,
            "Second screen: signs that need care today",
        ),
        (
            TriageLevel::Soon,
            "Second screen: signs that need care within days",
        ),
        (
            TriageLevel::SelfCare,
            "Second screen: signs that care at home fits",
        ),
    ] {
        if level > least || protocol.findings_at(level).next().is_some() {
            flow.questions(protocol, level, heading);
        }
    }
    let why = wrapped(&protocol.default.why, ASKED_CHARACTERS);
    flow.end(action(least), &why);
    flow.render()
}

impl Flow<'_> {
    fn questions(&mut self, protocol: &Protocol, level: TriageLevel, heading: &str) {
        let mut bullets: Vec<String> = protocol
            .findings_at(level)
            .map(|finding| in_one_line(finding, finding.statement.to_string()))
            .collect();
        for rule in protocol.durations.iter().filter(|rule| rule.level == level) {
            let days = rule.longer_than_days;
            let whom = group(&rule.applies_to);
            bullets.push(format!("it has lasted more than {days} days [{whom}]"));
        }
        if bullets.is_empty() {
            return;
        }
        let advice = action(level.max(protocol.default.level));
        let mut told = vec![advice.to_owned()];
        told.extend(other_calls(protocol, level));
        self.row(heading, &bullets, Some(told), level as usize + 1);
    }

    fn person(&mut self, protocol: &Protocol) {
        let addressee = protocol.first_addressee();
        let questions = first_screen(protocol, addressee).conditions;
        let asked = questions.into_iter().map(|question| match question {
            PersonQuestion::Pregnancy => "pregnancy, or a birth within a year",
            PersonQuestion::ImmuneWeak => "weak immune system",
            PersonQuestion::Diabetes => "diabetes",
        });
        let bullets: Vec<String> = ["age"]
            .into_iter()
            .chain(asked)
            .map(str::to_owned)
            .collect();
        let limited = protocol.youngest_age_months > 0 || protocol.oldest_age_years.is_some();
        let unfit = limited.then(|| {
            let see = protocol.see_instead.as_ref();
            let other = see.map_or("call the clinic".to_owned(), |id| {
                format!("call the clinic, or see `{id}`")
            });
            vec![format!("Too young or too old: {other}")]
        });
        self.row("First screen: who it is", &bullets, unfit, 1);
    }

    /// A box of what is asked, and beside it the advice that a yes leads to.
    fn row(
        &mut self,
        heading: &str,
        bullets: &[String],
        advice: Option<Vec<String>>,
        stroke: usize,
    ) {
        let top = self.height;
        let bullets = bullets.iter().flat_map(|bullet| {
            let lines = wrapped(bullet, ASKED_CHARACTERS);
            let marked = |(at, line)| {
                if at == 0 {
                    format!("• {line}")
                } else {
                    format!("   {line}")
                }
            };
            lines
                .into_iter()
                .enumerate()
                .map(marked)
                .collect::<Vec<_>>()
        });
        let asked = drawn(
            ASKED,
            top,
            stroke,
            Some(heading),
            &bullets.collect::<Vec<_>>(),
        );
        let mut bottom = top + asked.height;
        let is_person = stroke == 1 && heading.ends_with("who it is");
        if let Some(advice) = advice {
            let lines: Vec<String> = advice
                .iter()
                .flat_map(|text| wrapped(text, ADVICE_CHARACTERS))
                .collect();
            let advice = drawn(ADVICE, top, stroke, None, &lines);
            let y = top + PADDING + LINE;
            bottom = bottom.max(top + advice.height);
            self.arrows.push(Arrow {
                from: (ASKED.0 + ASKED.1, y),
                to: (ADVICE.0, y),
                label: if is_person {
                    "outside"
                } else {
                    "yes, not sure"
                },
                label_at: (ASKED.0 + ASKED.1 + 8, y - 6),
            });
            self.boxes.push(advice);
        }
        let x = ASKED.0 + ASKED.1 / 2;
        self.arrows.push(Arrow {
            from: (x, top + asked.height),
            to: (x, bottom + GAP),
            label: if is_person { "then" } else { "no to all" },
            label_at: (x + 8, bottom + GAP / 2 + 4),
        });
        self.boxes.push(asked);
        self.height = bottom + GAP;
    }

    /// The advice when nothing is present.
    fn end(&mut self, heading: &str, lines: &[String]) {
        let last = drawn(ASKED, self.height, 1, Some(heading), lines);
        self.height += last.height + GAP / 2;
        self.boxes.push(last);
    }
}

/// Whom to call instead of the emergency number, and for which findings.
fn other_calls(protocol: &Protocol, level: TriageLevel) -> Vec<String> {
    let emergencies = protocol
        .findings_at(level)
        .filter(|_| level == TriageLevel::Emergency);
    let other = |finding: &Finding| {
        let called = hotline(finding.call);
        (finding.call != Hotline::Emergency).then(|| format!("{called} for `{}`", finding.id))
    };
    emergencies.filter_map(other).collect()
}

fn drawn(
    column: (usize, usize),
    top: usize,
    stroke: usize,
    heading: Option<&str>,
    lines: &[String],
) -> Drawn {
    let heading = heading.map(|text| (true, text));
    let all = heading
        .into_iter()
        .chain(lines.iter().map(|line| (false, line.as_str())));
    let lines: Vec<Line> = all
        .enumerate()
        .map(|(at, (is_heading, text))| Line {
            x: column.0 + PADDING,
            y: top + PADDING + LINE * (at + 1) - 5,
            is_heading,
            text: text.to_owned(),
        })
        .collect();
    Drawn {
        x: column.0,
        y: top,
        width: column.1,
        height: LINE * lines.len() + 2 * PADDING,
        stroke,
        lines,
    }
}
