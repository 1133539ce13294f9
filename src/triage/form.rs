//! The symptom form: which questions a person is asked, and what was posted to
//! answers or one problem per field. Answers are keyed by finding, never by
//! position, and a question that was left out is never read as a no.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::id::{FindingId, Id};

use super::applicability::{Applicability, Condition};
use super::assess::{Answer, AnswerSheet, PersonFacts};
use super::disposition::TriageLevel;
use super::measure::{DAYS, Measure, Measures};
use super::protocol::{Finding, Protocol};
use super::typed::{in_unit, typed_age, typed_number};
use super::wording::Addressee;

/// Posted fields: values by name, in the order in which they were sent.
pub type Posted = BTreeMap<String, Vec<String>>;

/// Below this age nobody is asked about pregnancy, in months. Source: the youngest age at which the packs of
/// `specs/urgency.md` ask; ten years leaves room on the careful side.
const YOUNGEST_PREGNANCY_MONTHS: u16 = 120;

/// "You" is somebody who types for themselves, so signs of children under five are not asked, in months.
const YOUNGEST_READER_MONTHS: u16 = 60;

/// What is asked on the first screen.
#[derive(Debug, Clone, PartialEq)]
pub struct FirstScreen {
    /// What must be known about the person.
    pub conditions: BTreeSet<PersonQuestion>,
    /// Numbers that decide emergencies.
    pub measures: Vec<Arc<Measure>>,
    /// Emergency signs, in the order of the protocol.
    pub signs: Vec<Arc<Finding>>,
}

/// A question about the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PersonQuestion {
    /// Pregnant, gave birth within a year, or neither.
    Pregnancy,
    /// A weak immune system.
    ImmuneWeak,
    /// Diabetes.
    Diabetes,
}

impl PersonQuestion {
    /// The name of its field.
    pub fn field(self) -> &'static str {
        match self {
            Self::Pregnancy => "pregnancy",
            Self::ImmuneWeak => "immune-weak",
            Self::Diabetes => "diabetes",
        }
    }
}

/// What is asked on the second screen.
#[derive(Debug, Clone, PartialEq)]
pub struct SecondScreen {
    /// Numbers that are not known yet.
    pub measures: Vec<Arc<Measure>>,
    /// Findings below emergency that have a question and may apply, in the order of the protocol.
    pub findings: Vec<Arc<Finding>>,
}

/// The answers of the first screen.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FirstAnswers {
    /// What is known so far.
    pub sheet: AnswerSheet,
    /// The person could not tell whether there is an emergency sign.
    pub is_unsure_of_signs: bool,
}

/// A field that somebody must look at again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldProblem {
    /// The id of the element to go to.
    pub element: String,
    /// What is wrong.
    pub problem: Problem,
}

/// What can be wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// No age, or none that a person can have.
    Age,
    /// No answer to a question about the person.
    Person(PersonQuestion),
    /// Nothing is ticked among the emergency signs.
    NoSign,
    /// "None of these" is ticked beside a sign.
    NoneAndSome,
    /// A finding has no answer.
    Finding(FindingId),
    /// A number is missing, or is none that can be true.
    Number(Id<Measure>),
}

/// What the first screen asks of an addressee.
pub fn first_screen(protocol: &Protocol, addressee: Addressee) -> FirstScreen {
    let asked = |finding: &&Arc<Finding>| may_concern(&finding.applies_to, addressee);
    let red: Vec<Arc<Finding>> = protocol
        .findings
        .iter()
        .filter(|finding| finding.level == TriageLevel::Emergency)
        .filter(asked)
        .cloned()
        .collect();
    FirstScreen {
        conditions: person_questions(protocol, addressee),
        measures: measures_of(red.iter()),
        signs: red
            .into_iter()
            .filter(|finding| finding.ask.is_some())
            .collect(),
    }
}

/// Whether a group may hold somebody who is addressed like this.
fn may_concern(group: &Applicability, addressee: Addressee) -> bool {
    match addressee {
        Addressee::You => group
            .age_under_months
            .is_none_or(|limit| limit > YOUNGEST_READER_MONTHS),
        Addressee::Child => group
            .age_at_least_months
            .is_none_or(|limit| limit < 18 * 12),
        Addressee::Other => true,
    }
}

/// A child's pregnancy is asked where a child can be old enough for it: not to ask would count as pregnant.
fn person_questions(protocol: &Protocol, addressee: Addressee) -> BTreeSet<PersonQuestion> {
    let oldest = protocol.oldest_age_years.unwrap_or(u16::MAX);
    let is_too_young = addressee == Addressee::Child && oldest < YOUNGEST_PREGNANCY_MONTHS / 12;
    let findings = protocol.findings.iter().map(|finding| &finding.applies_to);
    let groups = findings.chain(protocol.durations.iter().map(|rule| &rule.applies_to));
    let conditions = groups.flat_map(|group| &group.conditions);
    let questions = conditions.map(|condition| match condition {
        Condition::Pregnant | Condition::PregnantOrPostpartum => PersonQuestion::Pregnancy,
        Condition::ImmuneWeak => PersonQuestion::ImmuneWeak,
        Condition::HasDiabetes => PersonQuestion::Diabetes,
    });
    questions
        .filter(|question| *question != PersonQuestion::Pregnancy || !is_too_young)
        .collect()
}

fn measures_of<'a>(findings: impl Iterator<Item = &'a Arc<Finding>>) -> Vec<Arc<Measure>> {
    let mut measures: Vec<Arc<Measure>> = Vec::new();
    for threshold in findings.flat_map(|finding| &finding.when) {
        if !measures
            .iter()
            .any(|known| known.id == threshold.measure.id)
        {
            measures.push(Arc::clone(&threshold.measure));
        }
    }
    measures
}

/// What is still to be asked after the first screen.
pub fn second_screen(
    protocol: &Protocol,
    first: &FirstAnswers,
    measures: &Measures,
) -> SecondScreen {
    let below = protocol
        .findings
        .iter()
        .filter(|finding| finding.level < TriageLevel::Emergency);
    let applying: Vec<&Arc<Finding>> = below
        .filter(|finding| first.sheet.person.may_be_in(&finding.applies_to))
        .collect();
    let mut asked = measures_of(applying.iter().copied());
    let days = measures
        .iter()
        .find(|(id, _)| id.as_str() == DAYS)
        .map(|(_, measure)| measure);
    if let Some(days) = days.filter(|days| !protocol.durations.is_empty() && !asked.contains(days))
    {
        asked.insert(0, Arc::clone(days));
    }
    asked.retain(|measure| !first.sheet.numbers.contains_key(&measure.id));
    let findings = applying
        .into_iter()
        .filter(|finding| finding.ask.is_some())
        .cloned()
        .collect();
    SecondScreen {
        measures: asked,
        findings,
    }
}

/// Reads what was posted from the first screen.
///
/// # Errors
/// Every field that somebody must look at again, in the order of the screen: for the patient.
pub fn read_first(
    screen: &FirstScreen,
    posted: &Posted,
    addressee: Addressee,
) -> Result<FirstAnswers, Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let mut answers = FirstAnswers::default();
    let signs = ticked_signs(screen, posted, &mut answers, &mut problems);
    match age_months(posted, addressee) {
        Some(age) => answers.sheet.person.age_months = Some(age),
        None => problems.push(problem("years", Problem::Age)),
    }
    for question in &screen.conditions {
        match first_value(posted, question.field()) {
            Some(answer) if note(&mut answers.sheet.person, *question, answer) => {}
            None if *question == PersonQuestion::Pregnancy
                && is_too_young_for_pregnancy(&answers.sheet.person) => {}
            _ => problems.push(problem(question.field(), Problem::Person(*question))),
        }
    }
    rule_out_pregnancy(&mut answers.sheet.person);
    read_numbers(&screen.measures, posted, &mut answers.sheet, &mut problems);
    for sign in signs {
        answers.sheet.tick(&sign.id);
    }
    forgive_gaps(&mut answers, &mut problems);
    if problems.is_empty() {
        Ok(answers)
    } else {
        Err(problems)
    }
}

/// Reads what was posted from the second screen and adds it to the first.
///
/// # Errors
/// Every field that somebody must look at again, in the order of the screen: for the patient.
pub fn read_second(
    screen: &SecondScreen,
    posted: &Posted,
    first: &FirstAnswers,
) -> Result<AnswerSheet, Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let mut sheet = first.sheet.clone();
    read_numbers(&screen.measures, posted, &mut sheet, &mut problems);
    for finding in &screen.findings {
        let field = finding_field(&finding.id);
        let answer = match first_value(posted, &field) {
            Some("yes") => Answer::Yes,
            Some("no") => Answer::No,
            Some("unsure") => Answer::Unsure,
            _ => {
                problems.push(problem(field, Problem::Finding(finding.id.clone())));
                continue;
            }
        };
        sheet.findings.insert(finding.id.clone(), answer);
    }
    if problems.is_empty() {
        Ok(sheet)
    } else {
        Err(problems)
    }
}

/// The name of a finding's field.
pub fn finding_field(id: &FindingId) -> String {
    format!("finding-{id}")
}

/// The names of a measure's two fields: the number, and the answer in words.
pub fn measure_fields(id: &Id<Measure>) -> (String, String) {
    (format!("number-{id}"), format!("instead-{id}"))
}

/// The field of the emergency signs.
pub const SIGNS: &str = "signs";

fn problem(element: impl Into<String>, problem: Problem) -> FieldProblem {
    FieldProblem {
        element: element.into(),
        problem,
    }
}

fn first_value<'a>(posted: &'a Posted, name: &str) -> Option<&'a str> {
    let values = posted.get(name)?;
    values
        .iter()
        .map(|value| value.trim())
        .find(|value| !value.is_empty())
}

/// Whole months, from the fields for years and months. Either may name its own unit, as in "18 months".
fn age_months(posted: &Posted, addressee: Addressee) -> Option<u16> {
    let part = |name: &str, months_each: f64| match first_value(posted, name) {
        None => Some(None),
        Some(text) => typed_age(text, months_each).map(Some),
    };
    let years = part("years", 12.0)?;
    let months = if addressee == Addressee::Child {
        part("months", 1.0)?
    } else {
        None
    };
    let age = match (years, months) {
        (None, None) => return None,
        (years, months) => years.unwrap_or(0.0) + months.unwrap_or(0.0),
    };
    // In range by the check, so the cast loses only the part of a month.
    (0.0..=120.0 * 12.0 + 11.0)
        .contains(&age)
        .then_some(age as u16)
}

fn note(person: &mut PersonFacts, question: PersonQuestion, answer: &str) -> bool {
    let mut know = |condition, holds| {
        person.conditions.insert(condition, holds);
    };
    match (question, answer) {
        (_, "unsure") => {}
        (PersonQuestion::Pregnancy, "pregnant") => {
            know(Condition::Pregnant, true);
            know(Condition::PregnantOrPostpartum, true);
        }
        (PersonQuestion::Pregnancy, "birth") => {
            know(Condition::Pregnant, false);
            know(Condition::PregnantOrPostpartum, true);
        }
        (PersonQuestion::Pregnancy, "no") => {
            know(Condition::Pregnant, false);
            know(Condition::PregnantOrPostpartum, false);
        }
        (PersonQuestion::ImmuneWeak, "yes" | "no") => know(Condition::ImmuneWeak, answer == "yes"),
        (PersonQuestion::Diabetes, "yes" | "no") => know(Condition::HasDiabetes, answer == "yes"),
        _ => return false,
    }
    true
}

fn is_too_young_for_pregnancy(person: &PersonFacts) -> bool {
    person
        .age_months
        .is_some_and(|age| age < YOUNGEST_PREGNANCY_MONTHS)
}

fn rule_out_pregnancy(person: &mut PersonFacts) {
    if is_too_young_for_pregnancy(person) {
        person.conditions.insert(Condition::Pregnant, false);
        person
            .conditions
            .insert(Condition::PregnantOrPostpartum, false);
    }
}

/// The signs that were ticked.
fn ticked_signs<'a>(
    screen: &'a FirstScreen,
    posted: &Posted,
    answers: &mut FirstAnswers,
    problems: &mut Vec<FieldProblem>,
) -> Vec<&'a Arc<Finding>> {
    let values = posted.get(SIGNS).into_iter().flatten();
    let ticked: BTreeSet<&str> = values.map(String::as_str).collect();
    let (none, unsure) = (ticked.contains("none"), ticked.contains("unsure"));
    let known = |finding: &&Arc<Finding>| ticked.contains(finding.id.as_str());
    let signs: Vec<&Arc<Finding>> = screen.signs.iter().filter(known).collect();
    if signs.is_empty() && !none && !unsure && !screen.signs.is_empty() {
        problems.push(problem(SIGNS, Problem::NoSign));
    }
    if none && (unsure || !signs.is_empty()) {
        problems.push(problem(SIGNS, Problem::NoneAndSome));
    }
    answers.is_unsure_of_signs = unsure;
    signs
}

/// Whoever names an emergency is not sent back to fill in a field. "None of these" beside it is asked again, since
/// one of the two was meant.
fn forgive_gaps(answers: &mut FirstAnswers, problems: &mut Vec<FieldProblem>) {
    let names_emergency = answers.is_unsure_of_signs || !answers.sheet.signs.is_empty();
    let contradicts = |one: &FieldProblem| one.problem == Problem::NoneAndSome;
    if !names_emergency || problems.iter().any(contradicts) {
        return;
    }
    problems.clear();
    if answers.sheet.person.age_months.is_none() {
        // A number alone, such as a fever, would be taken for that of any age.
        answers.sheet.numbers.clear();
    }
}

fn read_numbers(
    measures: &[Arc<Measure>],
    posted: &Posted,
    sheet: &mut AnswerSheet,
    problems: &mut Vec<FieldProblem>,
) {
    for measure in measures {
        match read_number(measure, posted) {
            Some(number) => _ = sheet.numbers.insert(measure.id.clone(), number),
            None => problems.push(problem(
                measure_fields(&measure.id).0,
                Problem::Number(measure.id.clone()),
            )),
        }
    }
}

fn read_number(measure: &Measure, posted: &Posted) -> Option<f64> {
    let (number_field, choice_field) = measure_fields(&measure.id);
    if let Some(text) = first_value(posted, &number_field) {
        let (number, unit) = typed_number(text)?;
        let number = in_unit(number, &unit, &measure.unit);
        return (measure.least..=measure.most)
            .contains(&number)
            .then_some(number);
    }
    let chosen = first_value(posted, &choice_field)?;
    let choice = measure
        .choices
        .iter()
        .find(|choice| choice.id.as_str() == chosen);
    match choice {
        Some(choice) => Some(choice.counts_as),
        None => (chosen == "unsure").then_some(measure.unsure_counts_as),
    }
}
