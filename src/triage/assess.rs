//! One function: a protocol and the answers of one person to a disposition. It
//! takes the greatest of all levels that the answers give, so no later answer can
//! lower one, and it can be replayed from its answers alone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::id::{FindingId, Id};

use super::applicability::{Applicability, Condition};
use super::disposition::TriageLevel;
use super::measure::{DAYS, Measure};
use super::protocol::{DurationRule, Finding, Hotline, Protocol};

/// What is known about the person; what is not known counts as applying.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PersonFacts {
    /// Whole months of age, rounded down.
    pub age_months: Option<u16>,
    /// Conditions that are known to hold or not to hold.
    pub conditions: BTreeMap<Condition, bool>,
}

/// An answer to a question of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The sign is there.
    Yes,
    /// The sign is not there.
    No,
    /// The person can't tell: read as the more careful path. A warning sign counts as there, a sign that all is
    /// well as not there.
    Unsure,
}

/// The answers of one person to one protocol, by id and never by position.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AnswerSheet {
    /// Who it is about.
    pub person: PersonFacts,
    /// Answers to the questions that were asked.
    pub findings: BTreeMap<FindingId, Answer>,
    /// Emergency signs that were ticked. They count whatever else was said: their words name the group and the number
    /// that they are about.
    pub signs: BTreeSet<FindingId>,
    /// Numbers that were given, in the unit of each measure.
    pub numbers: BTreeMap<Id<Measure>, f64>,
}

/// Where to go next, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Disposition {
    /// How soon.
    pub level: TriageLevel,
    /// The findings that are present, most urgent first, in the order of the protocol.
    pub findings: Vec<Arc<Finding>>,
    /// Those of the findings of which the person could not tell.
    pub unsure: BTreeSet<FindingId>,
    /// The duration rules that hold and reach the level, by days, ascending.
    pub durations: Vec<DurationRule>,
    /// Whom to call in an emergency: every hotline that a present emergency finding names, 911 first.
    pub hotlines: Vec<Hotline>,
}

impl PersonFacts {
    /// Whether somebody of whom this is known may belong to a group.
    pub fn may_be_in(&self, group: &Applicability) -> bool {
        let young_enough = |limit: u16| self.age_months.is_none_or(|age| age < limit);
        let old_enough = |limit: u16| self.age_months.is_none_or(|age| age >= limit);
        let may_hold =
            |condition: &Condition| self.conditions.get(condition).is_none_or(|holds| *holds);
        group.age_under_months.is_none_or(young_enough)
            && group.age_at_least_months.is_none_or(old_enough)
            && group.conditions.iter().all(may_hold)
    }
}

impl AnswerSheet {
    /// Notes an emergency sign that somebody ticked.
    pub fn tick(&mut self, sign: &FindingId) {
        self.signs.insert(sign.clone());
        self.findings.insert(sign.clone(), Answer::Yes);
    }

    /// Whether a finding is present: it was ticked as a sign, or it may apply, its number is reached, and its question
    /// was not answered no.
    /// A question that was not answered is not present; that every question is answered is for the form to see to.
    pub fn shows(&self, finding: &Finding) -> bool {
        if self.signs.contains(&finding.id) {
            return true;
        }
        let reached = |threshold: &super::measure::Threshold| {
            self.numbers
                .get(&threshold.measure.id)
                .is_some_and(|number| threshold.holds(*number))
        };
        let answered = match self.findings.get(&finding.id) {
            Some(Answer::Yes) => true,
            Some(Answer::Unsure) => finding.level > TriageLevel::SelfCare,
            Some(Answer::No) | None => false,
        };
        let asked = finding.ask.is_none() || answered;
        let measured = finding.when.is_empty() || finding.when.iter().any(reached);
        asked && measured && self.person.may_be_in(&finding.applies_to)
    }

    fn exceeds(&self, rule: &DurationRule) -> bool {
        let days = self
            .numbers
            .iter()
            .find(|(id, _)| id.as_str() == DAYS)
            .map(|(_, days)| *days);
        days.is_some_and(|days| days > f64::from(rule.longer_than_days))
            && self.person.may_be_in(&rule.applies_to)
    }
}

/// The advice of a protocol for one answer sheet: the greatest of its default, the findings that are present,
/// and the duration rules that hold.
pub fn assess(protocol: &Protocol, sheet: &AnswerSheet) -> Disposition {
    let findings: Vec<Arc<Finding>> = protocol
        .findings
        .iter()
        .filter(|finding| sheet.shows(finding))
        .cloned()
        .collect();
    let exceeded: Vec<&DurationRule> = protocol
        .durations
        .iter()
        .filter(|rule| sheet.exceeds(rule))
        .collect();
    let levels = findings
        .iter()
        .map(|finding| finding.level)
        .chain(exceeded.iter().map(|rule| rule.level));
    let level = levels.max().map_or(protocol.default.level, |level| {
        level.max(protocol.default.level)
    });
    let emergencies = findings
        .iter()
        .filter(|finding| finding.level == TriageLevel::Emergency);
    let mut hotlines: Vec<Hotline> = emergencies.map(|finding| finding.call).collect();
    hotlines.sort_unstable();
    hotlines.dedup();
    let unsure = findings
        .iter()
        .map(|finding| &finding.id)
        .filter(|id| sheet.findings.get(*id) == Some(&Answer::Unsure))
        .cloned()
        .collect();
    let durations = exceeded
        .into_iter()
        .filter(|rule| rule.level == level)
        .cloned()
        .collect();
    Disposition {
        level,
        findings,
        unsure,
        durations,
        hotlines,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{
        Measures, SharedFindings, parse_measures, parse_protocol, parse_shared_findings,
    };
    use super::*;
    use crate::file::SourceFile;
    use crate::id::InvalidId;

    const MEASURES: &str = include_str!("../../clinic/measures.toml");

    fn protocol() -> Protocol {
        let (measures, faults) = parse_measures(&SourceFile::new("clinic/measures.toml", MEASURES));
        assert!(faults.is_empty(), "{faults:?}");
        read(
            r#"
title = "T"
lay_terms = ["t"]
body_area = "back"
[default]
level = "self-care"
why = "w"
sources = ["s"]
[[source]]
id = "s"
type = "webpage"
title = "S"
publisher = "P"
issued = "undated"
url = "https://example.org/"
[[finding]]
id = "red"
level = "emergency"
statement = "s"
ask = "a?"
why = "w"
sources = ["s"]
call = "988"
[[finding]]
id = "baby-fever"
level = "emergency"
statement = "s"
why = "w"
sources = ["s"]
applies_to = { age_under_months = 3 }
when = [{ measure = "temperature", at_least = 100.4 }]
[[finding]]
id = "mild"
level = "self-care"
statement = "s"
ask = "a?"
why = "w"
sources = ["s"]
[[duration]]
longer_than_days = 7
level = "soon"
sources = ["s"]
[[self_care]]
step = "rest"
sources = ["s"]
[[watch_for]]
level = "soon"
sign = "pain"
sources = ["s"]
"#,
            &measures,
        )
    }

    fn read(text: &str, measures: &Measures) -> Protocol {
        let file = SourceFile::new("clinic/protocols/test.toml", text);
        let (protocol, faults) = parse_protocol(&file, &SharedFindings::new(), measures);
        assert!(faults.is_empty(), "{faults:?}");
        protocol.expect("a protocol")
    }

    fn sheet(
        yes: &[&str],
        numbers: &[(&str, f64)],
        age_months: Option<u16>,
    ) -> Result<AnswerSheet, InvalidId> {
        let mut sheet = AnswerSheet::default();
        sheet.person.age_months = age_months;
        for id in yes {
            sheet.findings.insert(id.parse()?, Answer::Yes);
        }
        for (id, number) in numbers {
            sheet.numbers.insert(id.parse()?, *number);
        }
        Ok(sheet)
    }

    #[test]
    fn the_greatest_level_wins() {
        type Row = (
            &'static [&'static str],
            &'static [(&'static str, f64)],
            Option<u16>,
            TriageLevel,
        );
        let rows: [Row; 8] = [
            (&[], &[], None, TriageLevel::SelfCare),
            (&["mild"], &[], None, TriageLevel::SelfCare),
            (&["mild", "red"], &[], None, TriageLevel::Emergency),
            (&[], &[("days", 7.0)], None, TriageLevel::SelfCare),
            (&[], &[("days", 8.0)], None, TriageLevel::Soon),
            (
                &[],
                &[("temperature", 100.4)],
                Some(2),
                TriageLevel::Emergency,
            ),
            (
                &[],
                &[("temperature", 100.4)],
                Some(3),
                TriageLevel::SelfCare,
            ),
            (&[], &[("temperature", 100.4)], None, TriageLevel::Emergency),
        ];
        let protocol = protocol();
        for (yes, numbers, age, level) in rows {
            let sheet = sheet(yes, numbers, age).unwrap();
            assert_eq!(
                assess(&protocol, &sheet).level,
                level,
                "{yes:?} {numbers:?} {age:?}"
            );
        }
    }

    #[test]
    fn not_sure_is_never_read_as_no() {
        let mut sheet = AnswerSheet::default();
        sheet
            .findings
            .insert("red".parse().unwrap(), Answer::Unsure);
        let disposition = assess(&protocol(), &sheet);
        assert_eq!(disposition.level, TriageLevel::Emergency);
        assert_eq!(disposition.hotlines, [Hotline::Lifeline]);
    }

    #[test]
    fn not_sure_whether_all_is_well_is_not_read_as_all_is_well() {
        let mut sheet = AnswerSheet::default();
        sheet
            .findings
            .insert("mild".parse().unwrap(), Answer::Unsure);
        assert_eq!(assess(&protocol(), &sheet).findings, []);
        sheet.findings.insert("mild".parse().unwrap(), Answer::Yes);
        assert_eq!(assess(&protocol(), &sheet).findings.len(), 1);
    }

    #[test]
    fn shared_findings_are_read_once_for_all() {
        let (measures, _) = parse_measures(&SourceFile::new("clinic/measures.toml", MEASURES));
        let file = SourceFile::new(
            "clinic/findings.toml",
            include_str!("../../clinic/findings.toml"),
        );
        let (shared, faults) = parse_shared_findings(&file, &measures);
        assert!(faults.is_empty(), "{faults:?}");
        assert!(shared.contains_key(&"stroke-signs".parse().unwrap()));
    }
}
