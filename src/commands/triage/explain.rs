//! A protocol as a text that a clinician can read from top to bottom and sign. It
//! leaves nothing out that decides a level, and it names the source of each.

use std::sync::Arc;

use super::paper::{action, ages, group, hotline, thresholds, wrapped};
use crate::source::{ReferenceStyle, Source, plain, reference};
use crate::triage::{Addressee, Finding, Protocol, TriageLevel};

/// Characters in a line, so that it fits paper and terminal.
const WIDTH: usize = 80;

/// Characters before what a label names.
const INDENT: usize = 14;

/// The whole protocol, ready to print.
pub(super) fn text(protocol: &Protocol) -> String {
    let mut sheet = Sheet {
        text: String::new(),
        sources: &protocol.sources,
        addressee: protocol.first_addressee(),
    };
    sheet.head(protocol);
    for level in TriageLevel::MOST_URGENT_FIRST {
        sheet.level(protocol, level);
    }
    sheet.heading("How long it has lasted");
    for rule in &protocol.durations {
        let days = format!("more than {} days", rule.longer_than_days);
        sheet.row("Lasts", &days);
        sheet.row("Level", &format!("at least {}", action(rule.level)));
        sheet.row("Applies to", &group(&rule.applies_to));
        sheet.cited(&rule.sources);
    }
    if protocol.durations.is_empty() {
        sheet.row("", "No rule.");
    }
    sheet.advice(protocol);
    sheet.heading("Sources");
    let addressed = protocol.sources.iter().map(|source| full(source));
    for (at, source) in addressed.enumerate() {
        sheet.row(&format!("[{}]", at + 1), &source);
    }
    sheet.signature();
    sheet.text
}

/// A source as the site prints it, and its address if that is not in it.
fn full(source: &Source) -> String {
    let mut text = plain(&reference(source, ReferenceStyle::Ama));
    if let Some(href) = source
        .main_href()
        .filter(|href| !text.contains(href.as_str()))
    {
        text.push(' ');
        text.push_str(&href);
    }
    text
}

/// A text that grows line by line.
struct Sheet<'a> {
    text: String,
    sources: &'a [Arc<Source>],
    addressee: Addressee,
}

impl Sheet<'_> {
    fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    fn heading(&mut self, heading: &str) {
        self.line("");
        self.line(heading);
        self.line(&"-".repeat(heading.chars().count()));
    }

    /// A label, and behind it as many lines as the words need.
    fn row(&mut self, label: &str, words: &str) {
        let mut label = label;
        for line in wrapped(words, WIDTH - INDENT) {
            self.line(&format!("{label:<INDENT$}{line}"));
            label = "";
        }
    }

    /// The numbers of sources in the list at the end, and a blank line.
    fn cited(&mut self, sources: &[Arc<Source>]) {
        let same = |one: &Source, other: &Source| match (one.main_href(), other.main_href()) {
            (Some(one), Some(other)) => one == other,
            _ => one.id == other.id,
        };
        let number = |source: &Arc<Source>| {
            let at = self
                .sources
                .iter()
                .position(|listed| same(listed, source))?;
            Some(format!("[{}] {}", at + 1, publisher(source)))
        };
        let numbers: Vec<String> = sources.iter().filter_map(number).collect();
        self.row("Sources", &numbers.join("; "));
        self.line("");
    }

    fn head(&mut self, protocol: &Protocol) {
        let title = &protocol.title;
        self.line(title);
        self.line(&"=".repeat(title.chars().count()));
        self.line("");
        let words = "Symptom checker protocol for review by a clinician. The advice is the most urgent \
            level of all that is present: the level without findings, each finding, each rule on how long it has \
            lasted. \"I'm not sure\" counts as yes. What is not known about a person counts as applying.";
        for line in wrapped(words, WIDTH) {
            self.line(&line);
        }
        self.line("");
        self.row("Complaint", protocol.complaint.as_str());
        self.row("Ages", &ages(protocol));
        if let Some(other) = &protocol.see_instead {
            self.row("Other ages", &format!("see `{other}`"));
        }
        self.row("Lay words", &protocol.lay_terms.join(", "));
        if let Some(note) = &protocol.safety_note {
            self.row("Always shown", note);
        }
        self.line("");
        self.row("No finding", action(protocol.default.level));
        self.row("Reason", &protocol.default.why);
        self.cited(&protocol.default.sources);
    }

    fn level(&mut self, protocol: &Protocol, level: TriageLevel) {
        self.heading(action(level));
        for finding in protocol.findings_at(level) {
            self.finding(finding);
        }
        if protocol.findings_at(level).next().is_none() {
            self.row("", "No finding.");
        }
    }

    fn finding(&mut self, finding: &Finding) {
        self.row("Finding", finding.id.as_str());
        self.row("Level", finding.level.id());
        match &finding.ask {
            Some(ask) => self.row("Question", &ask.to(self.addressee)),
            None => self.row("Question", "not asked, because a number decides alone"),
        }
        self.row(
            "Statement",
            &format!("... if: {}", finding.statement.to(self.addressee)),
        );
        self.row("Applies to", &group(&finding.applies_to));
        if !finding.when.is_empty() {
            self.row("Numbers", &thresholds(&finding.when));
            for threshold in &finding.when {
                let measure = &threshold.measure;
                let (id, unit) = (&measure.id, &measure.unit);
                let unsure = measure.unsure_counts_as;
                self.row(
                    "",
                    &format!("({id}: \"I'm not sure\" counts as {unsure} {unit})"),
                );
            }
        }
        self.row("Reason", &finding.why.to(self.addressee));
        if finding.level == TriageLevel::Emergency {
            self.row("Call", hotline(finding.call));
        }
        self.cited(&finding.sources);
    }

    fn advice(&mut self, protocol: &Protocol) {
        self.heading("Home care");
        for step in &protocol.self_care {
            self.row("Step", &step.step);
            self.cited(&step.sources);
        }
        if protocol.self_care.is_empty() {
            self.row("", "None.");
        }
        self.heading("What to watch for");
        for watch in &protocol.watch_for {
            self.row("Sign", &watch.sign);
            self.row("Level", action(watch.level));
            self.cited(&watch.sources);
        }
    }

    fn signature(&mut self) {
        self.heading("Signature");
        self.row(
            "",
            "I have read every finding, question, level and source above, and agree with them.",
        );
        for label in ["Name", "Credentials", "Date", "Signature"] {
            self.line("");
            self.row(label, &"_".repeat(40));
        }
    }
}

/// Who stands behind a source.
fn publisher(source: &Source) -> &str {
    let named = source.publisher.as_deref().or(source.container.as_deref());
    named.unwrap_or(&source.title)
}
