//! The two screens of questions: first who it is and the emergency signs, then the
//! rest. Both keep what was typed when something must be mended, and every problem
//! is told at the top and again at its field.

use std::collections::BTreeSet;

use askama::Template;

use super::{capital, form_address, form_title};
use crate::messages::Words;
use crate::pages::fields::{Choice, Choices, Errors};
use crate::pages::frame::{Crumb, Frame, Section};
use crate::pages::{About, Making, RenderedPage, Status, finish};
use crate::triage::{
    Addressee, FieldProblem, FirstScreen, Measure, PersonQuestion, Posted, Problem, Protocol,
    SIGNS, SecondScreen, finding_field, first_screen, measure_fields,
};

/// What the first screen is made of.
#[derive(Clone, Copy)]
pub struct FirstPage<'a> {
    /// The complaint.
    pub protocol: &'a Protocol,
    /// Whom it is about.
    pub addressee: Addressee,
    /// What was typed before.
    pub posted: &'a Posted,
    /// What must be mended.
    pub problems: &'a [FieldProblem],
}

#[derive(Template)]
#[template(path = "pages/symptom-first.html")]
struct FirstTemplate<'a> {
    frame: Frame<'a>,
    words: &'a Words,
    protocol: &'a Protocol,
    addressee: Addressee,
    switches: Vec<Switch>,
    person: Vec<Choices>,
    numbers: Vec<NumberField>,
    signs: Vec<Choice>,
    typed: Typed<'a>,
    errors: Errors,
}

#[derive(Template)]
#[template(path = "pages/symptom-questions.html")]
struct SecondTemplate<'a> {
    frame: Frame<'a>,
    words: &'a Words,
    protocol: &'a Protocol,
    addressee: Addressee,
    numbers: Vec<NumberField>,
    questions: Vec<Choices>,
    kept: Vec<(String, String)>,
    errors: Errors,
}

/// The way to the same questions about somebody else.
struct Switch {
    href: String,
    name: String,
    is_current: bool,
}

/// A number with answers in words.
struct NumberField {
    id: String,
    name: String,
    ask: String,
    hint: String,
    unit: String,
    value: String,
    instead: Choices,
    error: Option<String>,
}

/// What was typed before.
struct Typed<'a>(&'a Posted);

impl Typed<'_> {
    fn first(&self, name: &str) -> &str {
        self.0
            .get(name)
            .and_then(|values| values.first())
            .map_or("", String::as_str)
    }

    fn has(&self, name: &str, value: &str) -> bool {
        self.0
            .get(name)
            .is_some_and(|values| values.iter().any(|own| own == value))
    }
}

/// The first screen.
///
/// # Errors
/// A template failed: a fault of ours.
pub fn first_page(making: Making<'_>, page: FirstPage<'_>) -> Result<RenderedPage, String> {
    let FirstPage {
        protocol,
        addressee,
        posted,
        problems,
    } = page;
    let frame = frame(making, protocol, addressee, problems);
    let words = frame.words;
    let screen = first_screen(protocol, addressee);
    let errors = errors(words, protocol, &screen.measures, addressee, problems);
    let typed = Typed(posted);
    let template = FirstTemplate {
        words,
        protocol,
        addressee,
        switches: switches(words, protocol, addressee),
        person: screen
            .conditions
            .iter()
            .map(|question| person_choices(words, *question, addressee, &typed, &errors))
            .collect(),
        numbers: number_fields(words, &screen.measures, &typed, &errors),
        signs: signs(&screen, addressee, &typed),
        typed,
        errors,
        frame,
    };
    finish(&template, &template.frame, None)
}

/// The second screen. `posted` holds the answers of the first, which ride along.
///
/// # Errors
/// A template failed: a fault of ours.
pub fn second_page(
    making: Making<'_>,
    page: FirstPage<'_>,
    screen: &SecondScreen,
) -> Result<RenderedPage, String> {
    let FirstPage {
        protocol,
        addressee,
        posted,
        problems,
    } = page;
    let mut frame = frame(making, protocol, addressee, problems);
    let words = frame.words;
    frame.indexing = crate::pages::Indexing::Refused;
    let errors = errors(words, protocol, &screen.measures, addressee, problems);
    let typed = Typed(posted);
    let numbers = number_fields(words, &screen.measures, &typed, &errors);
    let questions = finding_questions(words, screen, addressee, &typed, &errors);
    let asked: BTreeSet<&str> = numbers
        .iter()
        .flat_map(|number| [number.name.as_str(), number.instead.name.as_str()])
        .chain(questions.iter().map(|question| question.name.as_str()))
        .collect();
    let kept = posted
        .iter()
        .filter(|(name, _)| !asked.contains(name.as_str()) && name.as_str() != "go")
        .flat_map(|(name, values)| {
            values
                .iter()
                .map(move |value| (name.clone(), value.clone()))
        })
        .collect();
    let template = SecondTemplate {
        words,
        protocol,
        addressee,
        numbers,
        questions,
        kept,
        errors,
        frame,
    };
    finish(&template, &template.frame, None)
}

fn finding_questions(
    words: &Words,
    screen: &SecondScreen,
    addressee: Addressee,
    typed: &Typed<'_>,
    errors: &Errors,
) -> Vec<Choices> {
    let question = |finding: &std::sync::Arc<crate::triage::Finding>| {
        let name = finding_field(&finding.id);
        let ask = finding.ask.as_ref().map(|ask| ask.to(addressee));
        Choices {
            hint: None,
            error: errors.at(&name).map(str::to_owned),
            choices: yes_no_unsure(words, &name, typed),
            legend: ask.unwrap_or_default(),
            name,
        }
    };
    screen.findings.iter().map(question).collect()
}

fn frame<'a>(
    making: Making<'a>,
    protocol: &Protocol,
    addressee: Addressee,
    problems: &[FieldProblem],
) -> Frame<'a> {
    let words = making.words(&making.site.clinic.lang);
    let title = form_title(words, protocol, addressee).to_string();
    let mut frame = Frame::new(making, form_address(protocol, addressee), title);
    frame.description = words.symptoms.description.clone();
    frame.section = Section::Symptoms;
    frame.about = About::Symptoms;
    frame.crumbs = vec![Crumb {
        href: "/symptoms".into(),
        name: words.symptoms.title.clone(),
    }];
    if !problems.is_empty() {
        frame.title_prefix = Some(words.form.error.clone());
        frame.status = Status::Unprocessable;
        frame.indexing = crate::pages::Indexing::Refused;
    }
    if addressee != protocol.first_addressee() {
        frame.indexing = crate::pages::Indexing::Refused;
    }
    frame
}

fn switches(words: &Words, protocol: &Protocol, current: Addressee) -> Vec<Switch> {
    let name = |addressee| match addressee {
        Addressee::You => words.symptoms.switch_you.clone(),
        Addressee::Child => words.symptoms.switch_child.clone(),
        Addressee::Other => words.symptoms.switch_other.clone(),
    };
    let switch = |addressee| Switch {
        href: form_address(protocol, addressee),
        name: name(addressee),
        is_current: addressee == current,
    };
    let addressees = protocol.addressees().iter().copied();
    addressees.map(switch).collect()
}

fn person_choices(
    words: &Words,
    question: PersonQuestion,
    addressee: Addressee,
    typed: &Typed<'_>,
    errors: &Errors,
) -> Choices {
    let own = &words.symptoms;
    let legend = match (question, addressee) {
        (PersonQuestion::Pregnancy, Addressee::You) => &own.pregnancy_you,
        (PersonQuestion::Pregnancy, Addressee::Child) => &own.pregnancy_child,
        (PersonQuestion::Pregnancy, Addressee::Other) => &own.pregnancy_other,
        (PersonQuestion::ImmuneWeak, Addressee::You) => &own.immune_you,
        (PersonQuestion::ImmuneWeak, _) => &own.immune_other,
        (PersonQuestion::Diabetes, Addressee::You) => &own.diabetes_you,
        (PersonQuestion::Diabetes, _) => &own.diabetes_other,
    };
    let name = question.field();
    let answers = match question {
        PersonQuestion::Pregnancy => {
            vec![
                ("pregnant", &own.pregnant),
                ("birth", &own.birth),
                ("no", &own.neither),
                ("unsure", &own.unsure),
            ]
        }
        _ => vec![("yes", &own.yes), ("no", &own.no), ("unsure", &own.unsure)],
    };
    let choices = answers.into_iter().map(|(value, label)| Choice {
        value: value.to_owned(),
        label: label.clone(),
        is_chosen: typed.has(name, value),
    });
    Choices {
        hint: None,
        name: name.to_owned(),
        legend: legend.clone(),
        choices: choices.collect(),
        error: errors.at(name).map(str::to_owned),
    }
}

fn yes_no_unsure(words: &Words, name: &str, typed: &Typed<'_>) -> Vec<Choice> {
    let own = &words.symptoms;
    let answers = [("yes", &own.yes), ("no", &own.no), ("unsure", &own.unsure)];
    let choice = |(value, label): (&str, &String)| Choice {
        value: value.to_owned(),
        label: label.clone(),
        is_chosen: typed.has(name, value),
    };
    answers.into_iter().map(choice).collect()
}

fn number_fields(
    words: &Words,
    measures: &[std::sync::Arc<Measure>],
    typed: &Typed<'_>,
    errors: &Errors,
) -> Vec<NumberField> {
    measures
        .iter()
        .map(|measure| number_field(words, measure, typed, errors))
        .collect()
}

fn number_field(
    words: &Words,
    measure: &Measure,
    typed: &Typed<'_>,
    errors: &Errors,
) -> NumberField {
    let (name, instead) = measure_fields(&measure.id);
    let in_words = measure
        .choices
        .iter()
        .map(|choice| (choice.id.as_str(), choice.label.clone()));
    let unsure = ("unsure", words.symptoms.unsure.clone());
    let choices: Vec<Choice> = in_words
        .chain([unsure])
        .map(|(value, label)| Choice {
            value: value.to_owned(),
            is_chosen: typed.has(&instead, value),
            label,
        })
        .collect();
    NumberField {
        id: name.clone(),
        value: typed.first(&name).to_owned(),
        error: errors.at(&name).map(str::to_owned),
        ask: measure.ask.clone(),
        hint: measure.hint.clone(),
        unit: measure.unit.clone(),
        instead: Choices {
            hint: None,
            name: instead,
            legend: words.symptoms.instead.clone(),
            choices,
            error: None,
        },
        name,
    }
}

fn signs(screen: &FirstScreen, addressee: Addressee, typed: &Typed<'_>) -> Vec<Choice> {
    let sign = |finding: &std::sync::Arc<crate::triage::Finding>| Choice {
        value: finding.id.to_string(),
        label: capital(&finding.statement.to(addressee)),
        is_chosen: typed.has(SIGNS, finding.id.as_str()),
    };
    screen.signs.iter().map(sign).collect()
}

fn errors(
    words: &Words,
    protocol: &Protocol,
    measures: &[std::sync::Arc<Measure>],
    addressee: Addressee,
    problems: &[FieldProblem],
) -> Errors {
    let own = &words.symptoms;
    let message = |problem: &Problem| match problem {
        Problem::Age => own.error_age.clone(),
        Problem::Person(_) => own.error_person.clone(),
        Problem::NoSign => own.error_no_sign.clone(),
        Problem::NoneAndSome => own.error_none_and_some.clone(),
        Problem::Finding(id) => {
            let ask = protocol
                .finding(id)
                .and_then(|finding| finding.ask.as_ref())
                .map(|ask| ask.to(addressee));
            own.error_finding
                .with("question", ask.unwrap_or_default())
                .to_string()
        }
        Problem::Number(id) => {
            let ask = measures
                .iter()
                .find(|measure| measure.id == *id)
                .map_or("", |measure| measure.ask.as_str());
            own.error_number.with("question", ask).to_string()
        }
    };
    Errors(
        problems
            .iter()
            .map(|found| (found.element.clone(), message(&found.problem)))
            .collect(),
    )
}

impl FirstTemplate<'_> {
    fn is_child(&self) -> bool {
        self.addressee == Addressee::Child
    }

    fn age_question(&self) -> &str {
        match self.addressee {
            Addressee::You => &self.words.symptoms.age_you,
            Addressee::Child => &self.words.symptoms.age_child,
            Addressee::Other => &self.words.symptoms.age_other,
        }
    }

    fn address(&self) -> String {
        form_address(self.protocol, self.addressee)
    }
}

impl SecondTemplate<'_> {
    fn address(&self) -> String {
        form_address(self.protocol, self.addressee)
    }
}
