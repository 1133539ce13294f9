//! What the Infobutton answers: a page for a person, and one feed as Atom or JSON for a
//! program. Each is rendered for one request and kept by nobody, since a code, an age
//! and a sex tell of a patient.

mod feed;
mod page;

pub use feed::Feed;
pub use page::{fault_page, infobutton_page};

use super::question_sheet;
use crate::infobutton::{Match, Recipient, Request, Sought, Task};
use crate::messages::Words;

/// A way on from an article.
struct Further {
    /// The address from the root.
    path: String,
    /// What it says.
    title: String,
}

/// Where a reader of an answer may go besides the article: a patient to the symptom checker, a clinician to the sources,
/// and whoever teaches a patient to the sheet of questions.
fn further(own: &Match<'_>, request: &Request, words: &Words) -> Vec<Further> {
    let article = own.article;
    let is_for_patient = request.recipient == Recipient::Patient;
    let checker = is_for_patient.then(|| Further {
        path: format!("/symptoms/{}", article.protocol.complaint),
        title: words
            .clinicians
            .checker
            .with("complaint", &article.protocol.title)
            .to_string(),
    });
    let sources = (!is_for_patient).then(|| Further {
        path: format!("/articles/{}#sources", article.slug),
        title: words.clinicians.sources.to_string(),
    });
    let is_teaching = request.task == Some(Task::Teaching);
    let sheet = question_sheet::path(article)
        .filter(|_| is_for_patient || is_teaching)
        .map(|path| Further {
            path,
            title: words.clinicians.sheet.to_string(),
        });
    checker.into_iter().chain(sources).chain(sheet).collect()
}

/// What was asked for, such as `ICD-10-CM M54.50`; several with commas.
fn sought(request: &Request) -> String {
    let each =
        request
            .criteria
            .iter()
            .map(|criterion| match (&criterion.sought, &criterion.name) {
                (Sought::Code(system, code), _) => format!("{} {code}", system.label()),
                (Sought::Words, name) => name.clone().unwrap_or_default(),
            });
    each.collect::<Vec<_>>().join(", ")
}
