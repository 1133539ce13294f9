//! A protocol as one picture: the way from the emergency signs through the questions
//! of each level to the advice. Black on white and without a word in a color, so that
//! it can be printed, signed and hung up. The template draws; this computes places.

use askama::Template;

use super::paper::{action, ages, group, hotline, in_one_line, wrapped};
use crate::triage::{
    Applicability, Finding, Hotline, PersonQuestion, Protocol, TriageLevel, first_screen,
};

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

/// A box of what is asked, and beside it the advice that it may lead to.
struct Row {
    heading: &'static str,
    /// Each as one bullet.
    asked: Vec<String>,
    /// Lines of the box beside it; none if it is empty.
    advice: Vec<String>,
    stroke: usize,
    /// Words at the arrow to the advice.
    aside: &'static str,
    /// Words at the arrow to the next row.
    down: &'static str,
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
    fn questions(&mut self, protocol: &Protocol, level: TriageLevel, heading: &'static str) {
        let addressee = protocol.first_addressee();
        let mut asked: Vec<String> = protocol
            .findings_at(level)
            .map(|finding| in_one_line(finding, finding.statement.to(addressee)))
            .collect();
        for rule in protocol.durations.iter().filter(|rule| rule.level == level) {
            let mut line = format!("it has lasted more than {} days", rule.longer_than_days);
            if rule.applies_to != Applicability::default() {
                line.push_str(&format!(" [{}]", group(&rule.applies_to)));
            }
            asked.push(line);
        }
        if asked.is_empty() {
            return;
        }
        let mut advice = vec![action(level.max(protocol.default.level)).to_owned()];
        advice.extend(other_calls(protocol, level));
        self.row(&Row {
            heading,
            asked,
            advice,
            stroke: level as usize + 1,
            aside: "yes, not sure",
            down: "no to all",
        });
    }

    fn person(&mut self, protocol: &Protocol) {
        let addressee = protocol.first_addressee();
        let questions = first_screen(protocol, addressee).conditions;
        let questions = questions.into_iter().map(|question| match question {
            PersonQuestion::Pregnancy => "pregnancy, or a birth within a year",
            PersonQuestion::ImmuneWeak => "weak immune system",
            PersonQuestion::Diabetes => "diabetes",
        });
        let asked = ["age"].into_iter().chain(questions);
        let limited = protocol.youngest_age_months > 0 || protocol.oldest_age_years.is_some();
        let unfit = limited.then(|| match &protocol.see_instead {
            Some(other) => format!("Too young or too old: call the clinic, or see `{other}`"),
            None => "Too young or too old: call the clinic".to_owned(),
        });
        self.row(&Row {
            heading: "First screen: who it is",
            asked: asked.map(str::to_owned).collect(),
            advice: unfit.into_iter().collect(),
            stroke: 1,
            aside: "other ages",
            down: "then",
        });
    }

    fn row(&mut self, row: &Row) {
        let top = self.height;
        let asked: Vec<String> = row.asked.iter().flat_map(|text| bullet(text)).collect();
        let asked = drawn(ASKED, top, row.stroke, Some(row.heading), &asked);
        let mut bottom = top + asked.height;
        if !row.advice.is_empty() {
            let advice = row.advice.iter();
            let lines: Vec<String> = advice
                .flat_map(|text| wrapped(text, ADVICE_CHARACTERS))
                .collect();
            let advice = drawn(ADVICE, top, row.stroke, None, &lines);
            bottom = bottom.max(top + advice.height);
            let (right, y) = (ASKED.0 + ASKED.1, top + PADDING + LINE);
            self.arrows.push(Arrow {
                from: (right, y),
                to: (ADVICE.0, y),
                label: row.aside,
                label_at: (right + 8, y - 6),
            });
            self.boxes.push(advice);
        }
        let x = ASKED.0 + ASKED.1 / 2;
        self.arrows.push(Arrow {
            from: (x, top + asked.height),
            to: (x, bottom + GAP),
            label: row.down,
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

fn bullet(text: &str) -> Vec<String> {
    let mut marks = std::iter::once("• ").chain(std::iter::repeat("   "));
    let lines = wrapped(text, ASKED_CHARACTERS).into_iter();
    lines
        .map(|line| format!("{}{line}", marks.next().unwrap_or_default()))
        .collect()
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
