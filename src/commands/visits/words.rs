//! The values of a letter in words. A value that is not known here, from a later form,
//! is shown as it is: staff must never see less than the patient said.

use std::str::FromStr;

use super::super::harmless::one_line;
use crate::booking::{Letter, State};

/// A value of the form and what it means, by field.
const PATIENT: [(&str, &str); 2] = [
    ("new", "New patient"),
    ("returning", "Has been here before"),
];
const PAYMENT: [(&str, &str); 6] = [
    ("employer", "Insurance through an employer"),
    ("marketplace", "Insurance from the marketplace"),
    ("medicare", "Medicare"),
    ("medicaid", "Medicaid"),
    ("other-plan", "Another plan"),
    ("self-pay", "Pays without insurance"),
];
const HOW_SOON: [(&str, &str); 3] = [
    ("soonest", "As soon as possible"),
    ("week", "In 3 to 9 business days"),
    ("later", "In 10 business days or later"),
];

/// The state in which the patient will be.
pub(super) fn state(letter: &Letter) -> String {
    let name = State::from_str(&letter.state).map(|state| state.name().to_owned());
    name.unwrap_or_else(|_| one_line(&letter.state))
}

/// Whether the patient is new.
pub(super) fn patient(letter: &Letter) -> String {
    word(&letter.patient, &PATIENT)
}

/// How the patient pays.
pub(super) fn payment(letter: &Letter) -> String {
    word(&letter.payment, &PAYMENT)
}

/// How soon the visit should be.
pub(super) fn how_soon(letter: &Letter) -> String {
    word(&letter.how_soon, &HOW_SOON)
}

/// Values such as `monday` and `morning`, or that any will do.
pub(super) fn any_of(values: &[String]) -> String {
    if values.is_empty() {
        return "Any".to_owned();
    }
    let values: Vec<String> = values
        .iter()
        .map(|value| first_upper(&one_line(value)))
        .collect();
    values.join(", ")
}

/// A value such as `sore-throat` as words.
pub(super) fn spaced(value: &str) -> String {
    first_upper(&one_line(value).replace('-', " "))
}

/// Whether a message may be left. It stands before any number to call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Message {
    /// The patient said yes.
    Allowed,
    /// Somebody else could hear or read it; so it is, too, when nobody knows.
    Forbidden,
}

/// Whether a message may be left.
pub(super) fn message(letter: &Letter) -> Message {
    match letter.may_leave_message.as_str() {
        "yes" => Message::Allowed,
        _ => Message::Forbidden,
    }
}

/// The phone number or address that the patient prefers; else the other one.
pub(super) fn contact(letter: &Letter) -> String {
    let (first, second) = match letter.preferred.as_str() {
        "email" => (&letter.email, &letter.phone),
        _ => (&letter.phone, &letter.email),
    };
    let contact = first.as_ref().or(second.as_ref());
    contact.map(|contact| one_line(contact)).unwrap_or_default()
}

fn word(value: &str, words: &[(&str, &str)]) -> String {
    let known = words.iter().find(|(known, _)| *known == value);
    known.map_or_else(|| one_line(value), |(_, word)| (*word).to_owned())
}

fn first_upper(text: &str) -> String {
    let mut signs = text.chars();
    let first = signs.next().map(|sign| sign.to_uppercase().to_string());
    first.unwrap_or_default() + signs.as_str()
}
