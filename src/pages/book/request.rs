//! The form that asks for a visit, after the state is known. It is rendered for one
//! person from what they sent, says every problem at the top and again at its
//! field, and keeps what was typed, also when the ledger can't be reached.

use askama::Template;

use super::{AdviceLine, Offer, frame};
use crate::booking::{
    Acquaintance, Contact, DAYS, Field, Flaw, FormProblem, HowSoon, MayLeaveMessage, Payment,
    RequestSettings, Service, State, TimeOfDay, VisitRequestForm,
};
use crate::document::Known;
use crate::messages::{Phrase, RequestWords, Words};
use crate::pages::fields::{Choice, Choices, Errors, TextField};
use crate::pages::frame::Frame;
use crate::pages::{Indexing, Making, RenderedPage, Status, finish};

/// What the form is made of.
#[derive(Debug, Clone, Copy)]
pub struct RequestPage<'a> {
    /// The visit.
    pub service: &'a Service,
    /// The state, in which the visit is offered.
    pub state: State,
    /// How requests are taken.
    pub settings: &'a RequestSettings,
    /// What was typed before.
    pub form: &'a VisitRequestForm,
    /// Why the form comes (again).
    pub occasion: Occasion<'a>,
}

/// Why the form is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion<'a> {
    /// For the first time.
    First,
    /// Something must be mended; never empty.
    Mend(&'a [FormProblem]),
    /// We could not keep the request.
    NotKept,
}

#[derive(Template)]
#[template(path = "pages/book-request.html")]
struct RequestTemplate<'a> {
    frame: Frame<'a>,
    words: &'a Words,
    offer: Offer<'a>,
    state: State,
    settings: &'a RequestSettings,
    form: &'a VisitRequestForm,
    occasion: Occasion<'a>,
    errors: Errors,
    advice: Option<AdviceLine>,
}

/// The form.
///
/// # Errors
/// A template failed: a fault of ours.
pub fn request_page(making: Making<'_>, page: RequestPage<'_>) -> Result<RenderedPage, String> {
    let words = making.words(&making.site.clinic.lang);
    let title = words.request.title.with("service", &page.service.name);
    let mut frame = frame(making, page.service, title.to_string());
    frame.indexing = Indexing::Refused;
    let problems = match page.occasion {
        Occasion::Mend(problems) => problems,
        Occasion::First | Occasion::NotKept => &[],
    };
    match page.occasion {
        Occasion::First => {}
        Occasion::Mend(_) => frame.status = Status::Unprocessable,
        Occasion::NotKept => frame.status = Status::Unavailable,
    }
    if page.occasion != Occasion::First {
        frame.title_prefix = Some(words.form.error.clone());
    }
    let advice = page.form.advice();
    let template = RequestTemplate {
        words,
        offer: Offer::of(making, page.service),
        state: page.state,
        settings: page.settings,
        form: page.form,
        occasion: page.occasion,
        errors: errors(&words.request, problems),
        advice: advice.and_then(|advice| AdviceLine::of(making, &advice)),
        frame,
    };
    finish(&template, &template.frame, None)
}

fn errors(words: &RequestWords, problems: &[FormProblem]) -> Errors {
    let told = |problem: &FormProblem| (problem.field.name().to_owned(), message(words, *problem));
    Errors(problems.iter().map(told).collect())
}

/// What must be mended, as a whole sentence that says what to do.
fn message(words: &RequestWords, FormProblem { field, flaw }: FormProblem) -> String {
    match (field, flaw) {
        (_, Flaw::TooLong) => {
            let phrase = &words.error_too_long;
            phrase.with("count", field.max_chars()).to_string()
        }
        (_, Flaw::Signs) => words.error_signs.clone(),
        (Field::Name, _) => words.error_name.clone(),
        (Field::BirthMonth | Field::BirthDay | Field::BirthYear, _) => words.error_birth.clone(),
        (Field::Phone, Flaw::Missing) => words.error_phone.clone(),
        (Field::Phone, Flaw::Wrong) => words.error_phone_wrong.clone(),
        (Field::Email, Flaw::Missing) => words.error_email.clone(),
        (Field::Email, Flaw::Wrong) => words.error_email_wrong.clone(),
        (Field::Consent, _) => words.error_consent.clone(),
        (Field::Days | Field::Times, _) => words.error_choice.clone(),
        _ => {
            let question = question(words, field);
            words.error_choose.with("question", question).to_string()
        }
    }
}

/// The question of a field with choices.
fn question(words: &RequestWords, field: Field) -> &str {
    match field {
        Field::HowSoon => &words.how_soon,
        Field::Patient => &words.patient,
        Field::Preferred => &words.preferred,
        Field::Message => &words.message,
        Field::Payment => &words.payment,
        _ => &words.state,
    }
}

impl RequestTemplate<'_> {
    fn was_not_kept(&self) -> bool {
        self.occasion == Occasion::NotKept
    }

    fn failed_text(&self) -> Phrase {
        let words = &self.words.request.failed_text;
        words.with("phone", &self.frame.clinic.phone)
    }

    fn chosen_state(&self) -> Phrase {
        self.words.request.chosen.with("state", self.state)
    }

    fn consent_hint(&self) -> Phrase {
        self.words
            .count(&self.words.request.consent_hint, self.settings.days_kept())
    }

    fn has_consent(&self) -> bool {
        self.form.has(Field::Consent, "yes")
    }

    fn campaign(&self) -> &str {
        self.form.value(Field::Campaign)
    }

    fn choices(&self, field: Field, hint: Option<&String>, answers: &[(&str, &String)]) -> Choices {
        let choice = |(value, label): &(&str, &String)| Choice {
            value: (*value).to_owned(),
            label: (*label).clone(),
            is_chosen: self.form.has(field, value),
        };
        Choices {
            name: field.name().to_owned(),
            legend: match field {
                Field::Days => self.words.request.days.clone(),
                Field::Times => self.words.request.times.clone(),
                _ => question(&self.words.request, field).to_owned(),
            },
            hint: hint.cloned(),
            choices: answers.iter().map(choice).collect(),
            error: self.errors.at(field.name()).map(str::to_owned),
        }
    }

    /// A choice among all values of a type, each with its words.
    fn choice_of<T: Known>(
        &self,
        field: Field,
        hint: Option<&String>,
        answers: &[(T, &String)],
    ) -> Choices {
        let answers: Vec<_> = answers
            .iter()
            .map(|(value, label)| (value.word(), *label))
            .collect();
        self.choices(field, hint, &answers)
    }

    fn how_soon(&self) -> Choices {
        let words = &self.words.request;
        let answers = [
            (HowSoon::Soonest, &words.soonest),
            (HowSoon::Week, &words.week),
            (HowSoon::Later, &words.later),
        ];
        self.choice_of(Field::HowSoon, None, &answers)
    }

    fn days(&self) -> Choices {
        let words = &self.words.request;
        let words_of_days = DAYS.iter().map(|(word, _)| *word);
        let answers: Vec<_> = words_of_days.zip(&words.day_names).collect();
        self.choices(Field::Days, Some(&words.days_hint), &answers)
    }

    fn times(&self) -> Choices {
        let words = &self.words.request;
        let answers = [
            (TimeOfDay::Morning, &words.morning),
            (TimeOfDay::Afternoon, &words.afternoon),
            (TimeOfDay::Evening, &words.evening),
        ];
        self.choice_of(Field::Times, Some(&words.times_hint), &answers)
    }

    fn patient(&self) -> Choices {
        let words = &self.words.request;
        let answers = [
            (Acquaintance::New, &words.new),
            (Acquaintance::Returning, &words.returning),
        ];
        self.choice_of(Field::Patient, None, &answers)
    }

    fn preferred(&self) -> Choices {
        let words = &self.words.request;
        let answers = [
            (Contact::Phone, &words.by_phone),
            (Contact::Email, &words.by_email),
        ];
        self.choice_of(Field::Preferred, None, &answers)
    }

    fn message(&self) -> Choices {
        let words = &self.words.request;
        let answers = [
            (MayLeaveMessage::Yes, &words.message_yes),
            (MayLeaveMessage::No, &words.message_no),
        ];
        self.choice_of(Field::Message, Some(&words.message_hint), &answers)
    }

    fn payment(&self) -> Choices {
        let words = &self.words.request;
        let answers = [
            (Payment::Employer, &words.employer),
            (Payment::Marketplace, &words.marketplace),
            (Payment::Medicare, &words.medicare),
            (Payment::Medicaid, &words.medicaid),
            (Payment::OtherPlan, &words.other_plan),
            (Payment::SelfPay, &words.pay_myself),
        ];
        self.choice_of(Field::Payment, Some(&words.self_pay_hint), &answers)
    }

    fn text(&self, field: Field, label: &str, hint: Option<&String>) -> TextField {
        let (autocomplete, keyboard) = filled_in(field);
        TextField {
            name: field.name(),
            label: label.to_owned(),
            hint: hint.cloned(),
            value: self.form.value(field).to_owned(),
            autocomplete,
            keyboard,
            max_chars: field.max_chars(),
            error: self.errors.at(field.name()).map(str::to_owned),
        }
    }

    fn name(&self) -> TextField {
        let words = &self.words.request;
        self.text(Field::Name, &words.name, Some(&words.name_hint))
    }

    fn phone(&self) -> TextField {
        let words = &self.words.request;
        self.text(Field::Phone, &words.phone, Some(&words.phone_hint))
    }

    fn email(&self) -> TextField {
        self.text(Field::Email, &self.words.request.email, None)
    }

    /// Month, day and year of birth.
    fn birth_date(&self) -> [TextField; 3] {
        let words = &self.words.request;
        [
            self.text(Field::BirthMonth, &words.birth_month, None),
            self.text(Field::BirthDay, &words.birth_day, None),
            self.text(Field::BirthYear, &words.birth_year, None),
        ]
    }

    /// What must be mended in the date of birth, told once for its three parts.
    fn birth_error(&self) -> Option<&str> {
        let parts = [Field::BirthMonth, Field::BirthDay, Field::BirthYear];
        parts.iter().find_map(|field| self.errors.at(field.name()))
    }

    fn interpreter(&self) -> TextField {
        let words = &self.words.request;
        self.text(
            Field::Interpreter,
            &words.interpreter,
            Some(&words.interpreter_hint),
        )
    }

    fn access(&self) -> TextField {
        let words = &self.words.request;
        self.text(Field::AccessNeeds, &words.access, Some(&words.access_hint))
    }
}

/// What browsers fill into a field, and which keyboard a phone shows for it. Source: HTML Living Standard, 4.10.18.7.
fn filled_in(field: Field) -> (&'static str, &'static str) {
    match field {
        Field::Name => ("name", "text"),
        Field::BirthMonth => ("bday-month", "numeric"),
        Field::BirthDay => ("bday-day", "numeric"),
        Field::BirthYear => ("bday-year", "numeric"),
        Field::Phone => ("tel", "tel"),
        Field::Email => ("email", "email"),
        _ => ("off", "text"),
    }
}
