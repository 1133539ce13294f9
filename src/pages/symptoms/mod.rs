//! The symptom checker's pages: choosing a complaint, two screens of questions,
//! and the advice. The first screens are in the snapshot; what depends on answers
//! is rendered for one request, from the same structs, and never kept.

mod choose;
mod questions;
mod result;

pub use choose::{Found, area_name, choose, found};
pub use questions::{FirstPage, first_page, second_page};
pub use result::{Outcome, result_page, unfit_page};

use crate::messages::{Phrase, SymptomWords, Words};
use crate::triage::{Addressee, Hotline, Protocol, TriageLevel};

/// The address of a complaint's questions; who is asked first has the shortest.
pub fn form_address(protocol: &Protocol, addressee: Addressee) -> String {
    let complaint = &protocol.complaint;
    match addressee {
        first if first == protocol.first_addressee() => format!("/symptoms/{complaint}"),
        Addressee::You => format!("/symptoms/{complaint}/me"),
        Addressee::Child => format!("/symptoms/{complaint}/child"),
        Addressee::Other => format!("/symptoms/{complaint}/other"),
    }
}

/// The title of a complaint's questions.
fn form_title(words: &Words, protocol: &Protocol, addressee: Addressee) -> Phrase {
    let words = &words.symptoms;
    let title = match addressee {
        // "Fever in a child" says it already.
        Addressee::Child if protocol.addressees() == [Addressee::Child] => &words.form_title,
        Addressee::You => &words.form_title,
        Addressee::Child => &words.form_title_child,
        Addressee::Other => &words.form_title_other,
    };
    title.with("complaint", &protocol.title)
}

/// What to do at once, by whom to call first.
pub(super) fn emergency_action<'a>(words: &'a SymptomWords, first: Option<&Hotline>) -> &'a str {
    match first {
        Some(Hotline::Lifeline) => &words.emergency_action_lifeline,
        Some(Hotline::PoisonControl) => &words.emergency_action_poison,
        Some(Hotline::Emergency) | None => &words.emergency_action,
    }
}

/// What to do at a level, where nothing more is known.
pub(super) fn level_action(words: &SymptomWords, level: TriageLevel) -> &str {
    match level {
        TriageLevel::Emergency => &words.emergency_action,
        TriageLevel::Urgent => &words.urgent_action,
        TriageLevel::Soon => &words.soon_action,
        TriageLevel::SelfCare => &words.self_care_action,
    }
}

/// A text that begins a sentence or a line of its own.
fn capital(text: &str) -> String {
    let mut signs = text.chars();
    signs.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(signs).collect()
    })
}
