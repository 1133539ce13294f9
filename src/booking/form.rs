//! The form that asks for a visit: posted fields to a [`VisitRequest`], or one problem
//! for each field that somebody must look at again. What was typed is never changed
//! here, so that a page can show it again as it was.

use jiff::civil::{Date, Weekday};

use super::visit::DAYS;
use super::{
    Acquaintance, Advice, Contact, HowSoon, MayLeaveMessage, Payment, Service, State, TimeOfDay,
    VisitRequest,
};
use crate::clinic::{Email, Phone};
use crate::document::Known;
use crate::triage::{Posted, TriageLevel};

/// A field of the form, in the order of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// Where the patient will be; a screen of its own.
    State,
    /// New or returning.
    Patient,
    /// How the patient means to pay.
    Payment,
    /// How soon.
    HowSoon,
    /// Days that suit; may be sent several times.
    Days,
    /// Times that suit; may be sent several times.
    Times,
    /// The patient's name.
    Name,
    /// The month of birth.
    BirthMonth,
    /// The day of birth.
    BirthDay,
    /// The year of birth.
    BirthYear,
    /// A phone number.
    Phone,
    /// A mail address.
    Email,
    /// Which of the two to use.
    Preferred,
    /// Whether a message may be left.
    Message,
    /// The language for an interpreter.
    Interpreter,
    /// What else is needed.
    AccessNeeds,
    /// That the clinic may use all this to arrange the visit.
    Consent,
    /// What the symptom checker said, as `complaint:level`.
    Advice,
    /// The campaign through which somebody came.
    Campaign,
    /// Which button was pressed.
    Button,
}

impl Field {
    /// Every field, in the order of the screen.
    pub const ALL: [Self; 20] = [
        Self::State,
        Self::Patient,
        Self::Payment,
        Self::HowSoon,
        Self::Days,
        Self::Times,
        Self::Name,
        Self::BirthMonth,
        Self::BirthDay,
        Self::BirthYear,
        Self::Phone,
        Self::Email,
        Self::Preferred,
        Self::Message,
        Self::Interpreter,
        Self::AccessNeeds,
        Self::Consent,
        Self::Advice,
        Self::Campaign,
        Self::Button,
    ];

    /// Its name in HTML. Names of personal fields are those that browsers know how to fill.
    pub fn name(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Patient => "patient",
            Self::Payment => "payment",
            Self::HowSoon => "how-soon",
            Self::Days => "days",
            Self::Times => "times",
            Self::Name => "name",
            Self::BirthMonth => "birth-month",
            Self::BirthDay => "birth-day",
            Self::BirthYear => "birth-year",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Preferred => "preferred",
            Self::Message => "message",
            Self::Interpreter => "interpreter",
            Self::AccessNeeds => "access",
            Self::Consent => "consent",
            Self::Advice => "advice",
            Self::Campaign => "campaign",
            Self::Button => "go",
        }
    }

    /// Most characters of a text. A mail address has 254 at most (RFC 5321), a phone number in any notation 15 digits
    /// (E.164) and as many signs between; the others leave room for any name and a few sentences.
    pub fn max_chars(self) -> usize {
        match self {
            Self::Name => 100,
            Self::Phone => 30,
            Self::Email => 254,
            Self::Interpreter => 60,
            Self::AccessNeeds => 300,
            Self::BirthMonth | Self::BirthDay | Self::BirthYear => 12,
            _ => 170,
        }
    }

    fn may_repeat(self) -> bool {
        matches!(self, Self::Days | Self::Times)
    }
}

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// Nothing was entered or chosen.
    Missing,
    /// It is longer than the field takes.
    TooLong,
    /// It holds signs that no text has, such as a null byte.
    Signs,
    /// It is not what the field asks for.
    Wrong,
}

/// A field that somebody must look at again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FormProblem {
    /// Which.
    pub field: Field,
    /// Why.
    pub flaw: Flaw,
}

/// A form that no browser sends from our page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MalformedForm;

/// What was typed: at most one value for each field but days and times.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VisitRequestForm(Posted);

impl VisitRequestForm {
    /// Takes what was posted. Fields that the form does not have are left out.
    ///
    /// # Errors
    /// A field stands there twice, or a repeated one more often than it has choices.
    pub fn new(mut posted: Posted) -> Result<Self, MalformedForm> {
        posted.retain(|name, _| Field::ALL.iter().any(|field| field.name() == name));
        let is_sound = |field: &Field| {
            let count = posted.get(field.name()).map_or(0, Vec::len);
            count <= if field.may_repeat() { DAYS.len() } else { 1 }
        };
        if Field::ALL.iter().all(is_sound) {
            Ok(Self(posted))
        } else {
            Err(MalformedForm)
        }
    }

    /// What was typed into a field, as it was typed; empty if nothing was.
    pub fn value(&self, field: Field) -> &str {
        let values = self.0.get(field.name());
        values
            .and_then(|values| values.first())
            .map_or("", String::as_str)
    }

    /// Whether a choice was made.
    pub fn has(&self, field: Field, value: &str) -> bool {
        let values = self.0.get(field.name());
        values.is_some_and(|values| values.iter().any(|own| own == value))
    }

    /// The state that was chosen.
    ///
    /// # Errors
    /// None was, or something that is no state: for the patient.
    pub fn state(&self) -> Result<State, FormProblem> {
        let text = self.value(Field::State);
        let flaw = if text.is_empty() {
            Flaw::Missing
        } else {
            Flaw::Wrong
        };
        text.parse().map_err(|_| FormProblem {
            field: Field::State,
            flaw,
        })
    }

    /// What the symptom checker said, if the patient chose to send it. Anything else in the field is left out.
    pub fn advice(&self) -> Option<Advice> {
        let (complaint, level) = self.value(Field::Advice).split_once(':')?;
        let level = TriageLevel::from_word(level)?;
        let complaint = complaint.parse().ok()?;
        Some(Advice { complaint, level })
    }
}

/// Reads a form for a service in a state that it serves, as of `today`.
///
/// # Errors
/// Every field that somebody must look at again, in the order of the screen; never empty: for the patient.
pub fn read_request(
    form: &VisitRequestForm,
    service: &Service,
    state: State,
    today: Date,
) -> Result<VisitRequest, Vec<FormProblem>> {
    let mut reading = Reading {
        form,
        problems: Vec::new(),
    };
    let request = reading.request(service, state, today);
    request
        .filter(|_| reading.problems.is_empty())
        .ok_or(reading.problems)
}

struct Reading<'a> {
    form: &'a VisitRequestForm,
    problems: Vec<FormProblem>,
}

impl Reading<'_> {
    fn request(&mut self, service: &Service, state: State, today: Date) -> Option<VisitRequest> {
        let patient = self.choice::<Acquaintance>(Field::Patient);
        let payment = self.choice::<Payment>(Field::Payment);
        let how_soon = self.choice::<HowSoon>(Field::HowSoon);
        let days = self.days();
        let times = self.times();
        let name = self.required_text(Field::Name);
        let birth_date = self.birth_date(service, today);
        let (phone, email) = (self.phone(), self.email());
        let preferred = self.preferred(phone.as_deref(), email.as_deref());
        let message = self.choice::<MayLeaveMessage>(Field::Message);
        let interpreter = self.text(Field::Interpreter);
        let access_needs = self.text(Field::AccessNeeds);
        if !self.form.has(Field::Consent, "yes") {
            self.tell(Field::Consent, Flaw::Missing);
        }
        Some(VisitRequest {
            service: service.id.clone(),
            state,
            patient: patient?,
            payment: payment?,
            how_soon: how_soon?,
            days,
            times,
            name: name?,
            birth_date,
            phone,
            email,
            preferred: preferred?,
            message: message?,
            interpreter,
            access_needs,
            advice: self.form.advice(),
        })
    }

    fn tell(&mut self, field: Field, flaw: Flaw) {
        self.problems.push(FormProblem { field, flaw });
    }

    fn choice<T: Known>(&mut self, field: Field) -> Option<T> {
        let found = T::from_word(self.form.value(field));
        if found.is_none() {
            self.tell(field, Flaw::Missing);
        }
        found
    }

    fn days(&mut self) -> Vec<Weekday> {
        let chosen = DAYS
            .iter()
            .filter(|(word, _)| self.form.has(Field::Days, word));
        let chosen: Vec<Weekday> = chosen.map(|(_, day)| *day).collect();
        self.tell_unknown(Field::Days, chosen.len());
        chosen
    }

    fn times(&mut self) -> Vec<TimeOfDay> {
        let chosen = TimeOfDay::ALL
            .iter()
            .filter(|(word, _)| self.form.has(Field::Times, word));
        let chosen: Vec<TimeOfDay> = chosen.map(|(_, time)| *time).collect();
        self.tell_unknown(Field::Times, chosen.len());
        chosen
    }

    /// Of several choices, one that there is not: somebody made the form by hand.
    fn tell_unknown(&mut self, field: Field, known: usize) {
        if self.form.0.get(field.name()).map_or(0, Vec::len) != known {
            self.tell(field, Flaw::Wrong);
        }
    }

    /// A text without the spaces around it; none if there is nothing.
    fn text(&mut self, field: Field) -> Option<String> {
        let text = self.form.value(field).trim();
        if text.is_empty() {
            return None;
        }
        if text.chars().any(char::is_control) {
            self.tell(field, Flaw::Signs);
            return None;
        }
        if text.chars().count() > field.max_chars() {
            self.tell(field, Flaw::TooLong);
            return None;
        }
        Some(text.to_owned())
    }

    fn required_text(&mut self, field: Field) -> Option<String> {
        let told = self.problems.len();
        let text = self.text(field);
        if text.is_none() && self.problems.len() == told {
            self.tell(field, Flaw::Missing);
        }
        text
    }

    fn phone(&mut self) -> Option<String> {
        let text = self.text(Field::Phone)?;
        let digits = text.chars().filter(char::is_ascii_digit).count();
        if text.parse::<Phone>().is_err() || digits < 10 {
            self.tell(Field::Phone, Flaw::Wrong);
            return None;
        }
        Some(text)
    }

    fn email(&mut self) -> Option<String> {
        let text = self.text(Field::Email)?;
        if text.parse::<Email>().is_err() {
            self.tell(Field::Email, Flaw::Wrong);
            return None;
        }
        Some(text)
    }

    /// The preferred way, which must be one of those that were given.
    fn preferred(&mut self, phone: Option<&str>, email: Option<&str>) -> Option<Contact> {
        let preferred = self.choice(Field::Preferred)?;
        let (field, given) = match preferred {
            Contact::Phone => (Field::Phone, phone),
            Contact::Email => (Field::Email, email),
        };
        let is_told = self.problems.iter().any(|problem| problem.field == field);
        if given.is_none() && !is_told {
            self.tell(field, Flaw::Missing);
        }
        Some(preferred)
    }

    fn birth_date(&mut self, service: &Service, today: Date) -> Option<Date> {
        if !service.asks_birth_date {
            return None;
        }
        let parts = [Field::BirthMonth, Field::BirthDay, Field::BirthYear];
        let typed = parts.map(|field| self.form.value(field).trim());
        if let Some((field, _)) = parts.iter().zip(typed).find(|(_, text)| text.is_empty()) {
            self.tell(*field, Flaw::Missing);
            return None;
        }
        let [month, day, year] = typed;
        let date = birth_date(month, day, year).filter(|date| is_possible_birth(*date, today));
        if date.is_none() {
            self.tell(Field::BirthMonth, Flaw::Wrong);
        }
        date
    }
}

/// A date from what was typed. The month may be a number or a name.
fn birth_date(month: &str, day: &str, year: &str) -> Option<Date> {
    let month = month_number(month)?;
    Date::new(year.parse().ok()?, month, day.parse().ok()?).ok()
}

fn month_number(text: &str) -> Option<i8> {
    /// The first three letters of the months in English.
    const MONTHS: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let start: String = text.to_lowercase().chars().take(3).collect();
    let index = MONTHS.iter().position(|month| *month == start)?;
    i8::try_from(index + 1).ok()
}

/// Whether somebody can have been born on a day: not in the future, and not more than 120 years ago.
fn is_possible_birth(date: Date, today: Date) -> bool {
    date <= today && i32::from(today.year()) - i32::from(date.year()) <= 120
}
