//! Words for a protocol on paper: levels, groups of people and numbers as a clinician
//! says them, and lines that fit a width. Patients never read these.

use crate::triage::{Applicability, Condition, Finding, Hotline, Protocol, Threshold, TriageLevel};

/// What a level asks somebody to do.
pub(super) fn action(level: TriageLevel) -> &'static str {
    match level {
        TriageLevel::Emergency => "Emergency: call 911 or go to an emergency department now",
        TriageLevel::Urgent => "Urgent: see a clinician today",
        TriageLevel::Soon => "Soon: see a clinician within a few days",
        TriageLevel::SelfCare => "Care at home",
    }
}

/// Whom to call.
pub(super) fn hotline(hotline: Hotline) -> &'static str {
    match hotline {
        Hotline::Emergency => "911",
        Hotline::Lifeline => "988 (Suicide and Crisis Lifeline)",
        Hotline::PoisonControl => "1-800-222-1222 (Poison Control)",
    }
}

/// An age, in years where it is whole years from two on.
fn age(months: u16) -> String {
    match (months, months % 12) {
        (1, _) => "1 month".to_owned(),
        (24.., 0) => format!("{} years", months / 12),
        _ => format!("{months} months"),
    }
}

/// The ages that a protocol is for.
pub(super) fn ages(protocol: &Protocol) -> String {
    let from = match protocol.youngest_age_months {
        0 => "from birth".to_owned(),
        months => format!("from {}", age(months)),
    };
    match protocol.oldest_age_years {
        Some(years) => format!("{from} to {years} years"),
        None => format!("{from}, no upper limit"),
    }
}

/// A group of people.
pub(super) fn group(group: &Applicability) -> String {
    let mut parts = Vec::new();
    parts.extend(
        group
            .age_at_least_months
            .map(|months| format!("from {}", age(months))),
    );
    parts.extend(
        group
            .age_under_months
            .map(|months| format!("under {}", age(months))),
    );
    let words = |condition: &Condition| match condition {
        Condition::Pregnant => "pregnant, or might be",
        Condition::PregnantOrPostpartum => "pregnant, or gave birth within a year",
        Condition::ImmuneWeak => "with a weak immune system",
        Condition::HasDiabetes => "with diabetes",
    };
    parts.extend(group.conditions.iter().map(|one| words(one).to_owned()));
    if parts.is_empty() {
        "everybody".to_owned()
    } else {
        parts.join("; ")
    }
}

/// The numbers that decide a finding, of which one must be reached.
pub(super) fn thresholds(thresholds: &[Threshold]) -> String {
    let one = |threshold: &Threshold| {
        let Threshold {
            measure,
            at_least,
            under,
        } = threshold;
        let unit = &measure.unit;
        let mut parts = Vec::new();
        parts.extend(at_least.map(|number| format!("at least {number}")));
        parts.extend(under.map(|number| format!("under {number}")));
        format!("{} {} {unit}", measure.id, parts.join(" and "))
    };
    let all: Vec<String> = thresholds.iter().map(one).collect();
    all.join(", or ")
}

/// A finding in one sentence: its statement, its numbers, and to whom it applies if not to everybody.
pub(super) fn in_one_line(finding: &Finding, statement: String) -> String {
    let mut line = statement;
    let mut limits = Vec::new();
    if !finding.when.is_empty() {
        limits.push(thresholds(&finding.when));
    }
    if finding.applies_to != Applicability::default() {
        limits.push(group(&finding.applies_to));
    }
    if !limits.is_empty() {
        line.push_str(&format!(" [{}]", limits.join("; ")));
    }
    line
}

/// Breaks a text at spaces so that no line is longer than `width` characters, unless a word alone is.
pub(super) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let length = word.chars().count();
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + length <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_spaces_and_fit_their_width() {
        let rows: [(&str, &[&str]); 4] = [
            ("", &[]),
            ("one two", &["one two"]),
            ("one two three", &["one two", "three"]),
            ("extraordinarily so", &["extraordinarily", "so"]),
        ];
        for (text, lines) in rows {
            assert_eq!(wrapped(text, 8), lines, "{text}");
        }
    }

    #[test]
    fn a_group_is_told_by_age_and_by_what_else_must_hold() {
        let mut babies = Applicability::default();
        assert_eq!(group(&babies), "everybody");
        babies.age_under_months = Some(3);
        assert_eq!(group(&babies), "under 3 months");
        babies.age_at_least_months = Some(1);
        babies.conditions = vec![Condition::ImmuneWeak];
        assert_eq!(
            group(&babies),
            "from 1 month; under 3 months; with a weak immune system"
        );
    }
}
