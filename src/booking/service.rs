//! The visits that a patient can book: what they are for, where and when.
//! They stand apart from prices, which change on other days and by other hands.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Fields, Known, from_toml};
use crate::file::SourceFile;
use crate::id::ServiceId;

/// A visit of one kind for one purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// The last part of the booking address.
    pub id: ServiceId,
    /// What the visit is called.
    pub name: String,
    /// How the patient and the clinician meet.
    pub kind: VisitKind,
    /// One or two sentences that offer it.
    pub offer: String,
    /// What it is for, in the order of the file; never empty.
    pub treats: Vec<String>,
    /// What it can't help with, in the order of the file.
    pub does_not_treat: Vec<String>,
    /// What the price includes, in the order of the file; never empty.
    pub includes: Vec<String>,
    /// What is billed apart, in the order of the file.
    pub not_included: Vec<String>,
    /// Whom the patient will see, in one or two sentences.
    pub who: String,
    /// Whether the request asks for the date of birth.
    pub asks_birth_date: bool,
    /// Common questions about the visit, in the order of the file.
    pub faqs: Vec<ServiceFaq>,
    /// The states in which it is offered, ascending; never empty.
    pub states: Vec<State>,
    /// When it is offered, in words.
    pub hours: String,
    /// How to cancel, in one sentence.
    pub cancellation: String,
}

impl Service {
    /// Whether it is offered in a state.
    pub fn serves(&self, state: State) -> bool {
        self.states.contains(&state)
    }
}

/// A common question about a visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceFaq {
    /// The question, with its question mark.
    pub question: String,
    /// The answer, in plain text.
    pub answer: String,
}

/// Services by id, ascending.
pub type Services = BTreeMap<ServiceId, Arc<Service>>;

/// How the patient and the clinician meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VisitKind {
    /// By video.
    Video,
    /// By telephone.
    Phone,
    /// At the clinic.
    InPerson,
}

impl Known for VisitKind {
    const ALL: &'static [(&'static str, Self)] = &[
        ("video", Self::Video),
        ("phone", Self::Phone),
        ("in-person", Self::InPerson),
    ];
}

/// A state of the United States or the District of Columbia, by its postal code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct State(&'static str, &'static str);

impl State {
    /// The two-letter postal code.
    pub fn code(self) -> &'static str {
        self.0
    }

    /// The name in English.
    pub fn name(self) -> &'static str {
        self.1
    }

    /// All states by code, ascending. Source: USPS Publication 28, appendix B.
    pub const ALL: [Self; 51] = [
        Self("AK", "Alaska"),
        Self("AL", "Alabama"),
        Self("AR", "Arkansas"),
        Self("AZ", "Arizona"),
        Self("CA", "California"),
        Self("CO", "Colorado"),
        Self("CT", "Connecticut"),
        Self("DC", "District of Columbia"),
        Self("DE", "Delaware"),
        Self("FL", "Florida"),
        Self("GA", "Georgia"),
        Self("HI", "Hawaii"),
        Self("IA", "Iowa"),
        Self("ID", "Idaho"),
        Self("IL", "Illinois"),
        Self("IN", "Indiana"),
        Self("KS", "Kansas"),
        Self("KY", "Kentucky"),
        Self("LA", "Louisiana"),
        Self("MA", "Massachusetts"),
        Self("MD", "Maryland"),
        Self("ME", "Maine"),
        Self("MI", "Michigan"),
        Self("MN", "Minnesota"),
        Self("MO", "Missouri"),
        Self("MS", "Mississippi"),
        Self("MT", "Montana"),
        Self("NC", "North Carolina"),
        Self("ND", "North Dakota"),
        Self("NE", "Nebraska"),
        Self("NH", "New Hampshire"),
        Self("NJ", "New Jersey"),
        Self("NM", "New Mexico"),
        Self("NV", "Nevada"),
        Self("NY", "New York"),
        Self("OH", "Ohio"),
        Self("OK", "Oklahoma"),
        Self("OR", "Oregon"),
        Self("PA", "Pennsylvania"),
        Self("RI", "Rhode Island"),
        Self("SC", "South Carolina"),
        Self("SD", "South Dakota"),
        Self("TN", "Tennessee"),
        Self("TX", "Texas"),
        Self("UT", "Utah"),
        Self("VA", "Virginia"),
        Self("VT", "Vermont"),
        Self("WA", "Washington"),
        Self("WI", "Wisconsin"),
        Self("WV", "West Virginia"),
        Self("WY", "Wyoming"),
    ];
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.1)
    }
}

impl FromStr for State {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|state| state.code() == text);
        found.ok_or("expected the two-letter code of a state, such as `NY`")
    }
}

/// Reads `clinic/services.toml`.
///
/// # Diagnostics
/// `key-*`, `value-wrong`, `id-duplicate`: for the clinic.
pub fn parse_services(file: &SourceFile) -> (Services, Vec<Diagnostic>) {
    let (root, mut diagnostics) = from_toml(file);
    let mut outer = Fields::of(file, &root, "the file");
    let mut services = Services::new();
    for node in outer.list("service") {
        let mut fields = Fields::of(file, node, "service");
        let found = service(&mut fields);
        let offset = fields.offset();
        outer.tell_all(fields.finish());
        let Some(found) = found else { continue };
        if services.contains_key(&found.id) {
            let message = format!("a second service has the id `{}`", found.id);
            let fault = Diagnostic::new(Code::IdDuplicate, file.place(offset), message);
            outer.tell(fault.help("give one of the two another id"));
            continue;
        }
        services.insert(found.id.clone(), Arc::new(found));
    }
    diagnostics.extend(outer.finish());
    (services, diagnostics)
}

fn service(fields: &mut Fields<'_>) -> Option<Service> {
    let id = fields.parsed("id");
    let name = fields.text("name");
    let kind = fields.known("kind");
    let offer = fields.text("offer");
    let treats = plain(fields.texts("treats"));
    let does_not_treat = plain(fields.optional_texts("does_not_treat"));
    let includes = plain(fields.texts("includes"));
    let not_included = plain(fields.optional_texts("not_included"));
    let who = fields.text("who");
    let asks_birth_date = fields.flag("asks_birth_date");
    let mut states: Vec<State> = fields
        .parsed_list("states")
        .into_iter()
        .map(|state| state.value)
        .collect();
    let hours = fields.text("hours");
    let cancellation = fields.text("cancellation");
    let faqs = faqs(fields);
    states.sort_unstable_by_key(|state| state.name());
    Some(Service {
        id: id?.value,
        name: name?.value,
        kind: kind?.value,
        offer: offer?.value,
        treats,
        does_not_treat,
        includes,
        not_included,
        who: who?.value,
        asks_birth_date,
        faqs,
        states,
        hours: hours?.value,
        cancellation: cancellation?.value,
    })
}

fn faqs(fields: &mut Fields<'_>) -> Vec<ServiceFaq> {
    let mut faqs = Vec::new();
    for node in fields.optional_list("faq") {
        let mut inner = Fields::of(fields.file(), node, "a question of a service");
        let question = inner.text("question");
        let answer = inner.text("answer");
        fields.tell_all(inner.finish());
        if let (Some(question), Some(answer)) = (question, answer) {
            faqs.push(ServiceFaq {
                question: question.value,
                answer: answer.value,
            });
        }
    }
    faqs
}

fn plain(texts: Vec<crate::file::Spanned<String>>) -> Vec<String> {
    texts.into_iter().map(|text| text.value).collect()
}
