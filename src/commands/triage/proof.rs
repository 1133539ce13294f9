//! What the trials of protocols prove, as an editor reads it: every failure with its
//! place, then what no vignette reaches, then the table and the counts.

use crate::disk::VIGNETTES;
use crate::triage::{
    Case, Confusion, FormEnd, LEAST_LED_PERCENT, Problem, TriageLevel, Trial, WordsEnd,
};

/// The text to print, and how much failed.
pub(super) struct Proof {
    /// One fact a line; ends with a line of counts.
    pub text: String,
    /// How many things somebody must mend.
    pub failures: usize,
}

/// Counts over all trials.
#[derive(Default)]
struct Words {
    all: usize,
    to_complaint: usize,
    led: usize,
}

/// Tells what came of trials.
pub(super) fn proof(trials: &[Trial<'_>]) -> Proof {
    let mut confusion = Confusion::default();
    let mut words = Words::default();
    let mut failures = Vec::new();
    let mut text = String::new();
    for trial in trials {
        confusion += &trial.confusion();
        failures.extend(self::failures(trial));
        for case in &trial.cases {
            words.add(case);
            match words_astray(trial, case) {
                Some(line) if is_lost_emergency(case) => failures.push(line),
                Some(line) => push_line(&mut text, &line),
                None => {}
            }
        }
    }
    failures.extend(words.failure());
    for line in &failures {
        push_line(&mut text, line);
    }
    text.push_str(&table(&confusion));
    text.push_str(&summary(trials, &confusion, &words, failures.len()));
    Proof {
        text,
        failures: failures.len(),
    }
}

fn push_line(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}

fn failures(trial: &Trial<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    for case in &trial.cases {
        let vignette = case.vignette;
        let mut tell = |what: String| {
            lines.push(format!("{}: {what}: {}", vignette.place, vignette.name));
        };
        let (expected, given) = (vignette.expected, case.given);
        if given != expected {
            let kind = if given < expected { "under" } else { "over" };
            let (expected, given) = (expected.id(), given.id());
            tell(format!(
                "{kind}-triaged: expected {expected}, given {given}"
            ));
        }
        if !case.form_agrees() {
            tell(form_failure(case));
        }
    }
    let place = format!("{VIGNETTES}/{}.toml", trial.protocol.complaint);
    let mut unreached = |what: String| lines.push(format!("{place}: no vignette reaches {what}"));
    for id in &trial.unreached_findings {
        unreached(format!("the finding `{id}`"));
    }
    for rule in &trial.unreached_durations {
        unreached(format!(
            "the rule for more than {} days",
            rule.longer_than_days
        ));
    }
    for level in &trial.unreached_levels {
        unreached(format!("the level {}", level.id()));
    }
    lines
}

fn form_failure(case: &Case<'_>) -> String {
    match &case.form {
        FormEnd::Level(level) => format!(
            "the form gives {}, the same answers without the form give {}",
            level.id(),
            case.given.id()
        ),
        FormEnd::UnfitAge => "the protocol does not decide for this age".to_owned(),
        FormEnd::AskedAgain(problems) => {
            let asked: Vec<String> = problems
                .iter()
                .map(|problem| match &problem.problem {
                    Problem::Number(id) => format!("`numbers.{id}`"),
                    _ => format!("`{}`", problem.element),
                })
                .collect();
            format!("the form asks for {}", asked.join(", "))
        }
    }
}

/// Words that did not lead to the complaint.
fn words_astray(trial: &Trial<'_>, case: &Case<'_>) -> Option<String> {
    let vignette = case.vignette;
    let words = vignette.words.as_ref()?;
    let what = match case.words? {
        WordsEnd::Complaint => return None,
        WordsEnd::CallOnly => "only to the advice to call",
        WordsEnd::Nowhere => "somewhere else",
    };
    let (place, level) = (&vignette.place, vignette.expected.id());
    let complaint = &trial.protocol.complaint;
    Some(format!(
        "{place}: words of {level} lead {what}, not to `{complaint}`: {words}"
    ))
}

fn is_lost_emergency(case: &Case<'_>) -> bool {
    case.vignette.expected == TriageLevel::Emergency && !case.is_led()
}

impl Words {
    fn add(&mut self, case: &Case<'_>) {
        let Some(end) = case.words else { return };
        self.all += 1;
        self.to_complaint += usize::from(end == WordsEnd::Complaint);
        self.led += usize::from(case.is_led());
    }

    fn failure(&self) -> Option<String> {
        let enough = self.led * 100 >= self.all * LEAST_LED_PERCENT;
        let what =
            || format!("fewer than {LEAST_LED_PERCENT} % of the words lead where they should");
        (!enough).then(what)
    }
}

fn table(confusion: &Confusion) -> String {
    let levels = TriageLevel::MOST_URGENT_FIRST;
    let heads = levels.map(|given| format!("{:>12}", given.id())).concat();
    let mut text = format!("\n{:<12}{heads}  given\n", "expected");
    for expected in levels {
        let counts = levels.map(|given| format!("{:>12}", confusion.count(expected, given)));
        text.push_str(&format!("{:<12}{}\n", expected.id(), counts.concat()));
    }
    text.push('\n');
    text
}

fn summary(trials: &[Trial<'_>], confusion: &Confusion, words: &Words, failures: usize) -> String {
    let (total, right) = (confusion.total(), confusion.right());
    format!(
        "complaints: {}, vignettes: {total}\n\
         right: {right} ({}), under-triaged: {}, over-triaged: {}\n\
         patients' own words: {}, to the complaint: {} ({}), or to the advice to call: {} ({})\n\
         triage test: {failures} failed\n",
        trials.len(),
        percent(right, total),
        confusion.under(),
        confusion.over(),
        words.all,
        words.to_complaint,
        percent(words.to_complaint, words.all),
        words.led,
        percent(words.led, words.all),
    )
}

/// A share with one decimal, rounded down, so that 100 % means all.
fn percent(part: usize, whole: usize) -> String {
    if whole == 0 {
        return "none".to_owned();
    }
    let tenths = part * 1000 / whole;
    format!("{}.{} %", tenths / 10, tenths % 10)
}
