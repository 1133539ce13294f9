//! Puts vignettes before a protocol, and before the form that asks for it. It says
//! which level each got, by both ways, and what no vignette ever reached. It judges
//! nothing: what counts as a failure is for the reader of its report.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use crate::id::FindingId;

use super::assess::assess;
use super::disposition::TriageLevel;
use super::entry::Entrance;
use super::form::{FieldProblem, Posted, first_screen, read_first, read_second, second_screen};
use super::measure::Measures;
use super::protocol::{DurationRule, Protocol};
use super::vignette::Vignette;
use super::wording::Addressee;

/// Least share of patients' own words that must lead to the complaint, in percent; none of an emergency may fail.
pub const LEAST_LED_PERCENT: usize = 90;

/// What came of the vignettes of one protocol.
#[derive(Debug, Clone, PartialEq)]
pub struct Trial<'a> {
    /// The protocol.
    pub protocol: &'a Protocol,
    /// Each vignette, in the order of the file.
    pub cases: Vec<Case<'a>>,
    /// Findings that were never present, in the order of the protocol.
    pub unreached_findings: Vec<FindingId>,
    /// Duration rules that never decided, by days, ascending.
    pub unreached_durations: Vec<DurationRule>,
    /// Levels that the protocol can give and never gave, most urgent first.
    pub unreached_levels: Vec<TriageLevel>,
}

/// What came of one vignette.
#[derive(Debug, Clone, PartialEq)]
pub struct Case<'a> {
    /// The vignette.
    pub vignette: &'a Vignette,
    /// The level that its answers got.
    pub given: TriageLevel,
    /// Where the same answers led by the form.
    pub form: FormEnd,
    /// Where the patient's own words led, if there are any.
    pub words: Option<WordsEnd>,
}

/// Where a posted form ends.
#[derive(Debug, Clone, PartialEq)]
pub enum FormEnd {
    /// At an advice.
    Level(TriageLevel),
    /// At a screen that asks again.
    AskedAgain(Vec<FieldProblem>),
    /// At the page for those who are too young or too old.
    UnfitAge,
}

/// Where a patient's own words lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WordsEnd {
    /// The complaint is offered.
    Complaint,
    /// The complaint is not offered, but the advice to call at once is given.
    CallOnly,
    /// Neither.
    Nowhere,
}

impl Case<'_> {
    /// Whether the words led where they should: to the complaint, or in an emergency to the advice to call.
    /// True without words.
    pub fn is_led(&self) -> bool {
        match self.words {
            None | Some(WordsEnd::Complaint) => true,
            Some(WordsEnd::CallOnly) => self.vignette.expected == TriageLevel::Emergency,
            Some(WordsEnd::Nowhere) => false,
        }
    }

    /// Whether the form led to the same level.
    pub fn form_agrees(&self) -> bool {
        self.form == FormEnd::Level(self.given)
    }
}

/// How many vignettes of each expected level got each level.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Confusion(BTreeMap<(TriageLevel, TriageLevel), usize>);

impl Confusion {
    /// How many of an expected level got a level.
    pub fn count(&self, expected: TriageLevel, given: TriageLevel) -> usize {
        self.0.get(&(expected, given)).copied().unwrap_or(0)
    }

    /// How many got what was expected.
    pub fn right(&self) -> usize {
        self.sum(|expected, given| expected == given)
    }

    /// How many got less than was expected: the worst fault.
    pub fn under(&self) -> usize {
        self.sum(|expected, given| given < expected)
    }

    /// How many got more than was expected.
    pub fn over(&self) -> usize {
        self.sum(|expected, given| given > expected)
    }

    /// How many there are.
    pub fn total(&self) -> usize {
        self.0.values().sum()
    }

    fn sum(&self, counts: impl Fn(TriageLevel, TriageLevel) -> bool) -> usize {
        let counted = self
            .0
            .iter()
            .filter(|((expected, given), _)| counts(*expected, *given));
        counted.map(|(_, count)| count).sum()
    }
}

impl AddAssign<&Self> for Confusion {
    fn add_assign(&mut self, other: &Self) {
        for (pair, count) in &other.0 {
            *self.0.entry(*pair).or_default() += count;
        }
    }
}

impl Trial<'_> {
    /// Expected against given levels.
    pub fn confusion(&self) -> Confusion {
        let mut confusion = Confusion::default();
        for case in &self.cases {
            let pair = (case.vignette.expected, case.given);
            *confusion.0.entry(pair).or_default() += 1;
        }
        confusion
    }
}

/// Puts vignettes before their protocol. `entrance` holds the words of all protocols.
pub fn try_vignettes<'a>(
    protocol: &'a Protocol,
    vignettes: &'a [Vignette],
    measures: &Measures,
    entrance: &Entrance,
) -> Trial<'a> {
    let mut findings: Vec<FindingId> = protocol.findings.iter().map(|one| one.id.clone()).collect();
    let mut durations = protocol.durations.clone();
    let mut levels = levels_of(protocol);
    let mut cases = Vec::with_capacity(vignettes.len());
    for vignette in vignettes {
        let disposition = assess(protocol, &vignette.sheet);
        findings.retain(|id| disposition.findings.iter().all(|found| found.id != *id));
        durations.retain(|rule| !disposition.durations.contains(rule));
        levels.retain(|level| *level != disposition.level);
        cases.push(Case {
            vignette,
            given: disposition.level,
            form: walk_form(protocol, vignette.addressee, &vignette.posted, measures),
            words: vignette
                .words
                .as_deref()
                .map(|words| words_end(protocol, entrance, words)),
        });
    }
    Trial {
        protocol,
        cases,
        unreached_findings: findings,
        unreached_durations: durations,
        unreached_levels: levels,
    }
}

/// Every level that a protocol can give, most urgent first.
fn levels_of(protocol: &Protocol) -> Vec<TriageLevel> {
    let least = protocol.default.level;
    let gives = |level: &TriageLevel| {
        *level == least
            || *level > least
                && (protocol.findings_at(*level).next().is_some()
                    || protocol.durations.iter().any(|rule| rule.level == *level))
    };
    let levels = TriageLevel::MOST_URGENT_FIRST.into_iter();
    levels.filter(gives).collect()
}

/// Goes through both screens with what was posted, as the site does.
pub fn walk_form(
    protocol: &Protocol,
    addressee: Addressee,
    posted: &Posted,
    measures: &Measures,
) -> FormEnd {
    let screen = first_screen(protocol, addressee);
    let first = match read_first(&screen, posted, addressee) {
        Ok(first) => first,
        Err(problems) => return FormEnd::AskedAgain(problems),
    };
    let so_far = assess(protocol, &first.sheet).level;
    if first.is_unsure_of_signs || so_far == TriageLevel::Emergency {
        return FormEnd::Level(TriageLevel::Emergency);
    }
    if !protocol.fits_age(first.sheet.person.age_months) {
        return FormEnd::UnfitAge;
    }
    let screen = second_screen(protocol, &first, measures);
    match read_second(&screen, posted, &first) {
        Ok(sheet) => FormEnd::Level(assess(protocol, &sheet).level),
        Err(problems) => FormEnd::AskedAgain(problems),
    }
}

fn words_end(protocol: &Protocol, entrance: &Entrance, words: &str) -> WordsEnd {
    let found = entrance.find(words);
    if found.complaints.contains(&protocol.complaint) {
        WordsEnd::Complaint
    } else if found.hotlines.is_empty() {
        WordsEnd::Nowhere
    } else {
        WordsEnd::CallOnly
    }
}
