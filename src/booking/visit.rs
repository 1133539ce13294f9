//! A request for a visit as the clinic understands it. Every value was checked; only
//! [`super::read_request`] makes one.

use jiff::civil::{Date, Weekday};

use super::{Letter, SentAdvice, State};
use crate::document::Known;
use crate::id::{ComplaintId, ServiceId};
use crate::triage::TriageLevel;

/// A request for a visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitRequest {
    /// Which visit.
    pub service: ServiceId,
    /// Where the patient will be on that day; the service is offered there.
    pub state: State,
    /// Whether the clinic knows the patient.
    pub patient: Acquaintance,
    /// How the patient means to pay.
    pub payment: Payment,
    /// How soon it should be.
    pub how_soon: HowSoon,
    /// Days of the week that suit, in the order of [`DAYS`]; empty means any.
    pub days: Vec<Weekday>,
    /// Times of the day that suit, in the order of the day; empty means any.
    pub times: Vec<TimeOfDay>,
    /// The patient's name, 1 to 100 characters.
    pub name: String,
    /// The date of birth, exactly if the service asks for it.
    pub birth_date: Option<Date>,
    /// A phone number as it was typed; there is at least one of phone and mail.
    pub phone: Option<String>,
    /// A mail address.
    pub email: Option<String>,
    /// Which of the two to use; it is there.
    pub preferred: Contact,
    /// Whether a message may be left there.
    pub message: MayLeaveMessage,
    /// The language for an interpreter.
    pub interpreter: Option<String>,
    /// What else the patient needs to take part.
    pub access_needs: Option<String>,
    /// What the symptom checker said, if the patient chose to send it.
    pub advice: Option<Advice>,
}

/// What the symptom checker said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    /// About which complaint.
    pub complaint: ComplaintId,
    /// How soon to get care.
    pub level: TriageLevel,
}

/// Whether the clinic knows a patient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acquaintance {
    /// Never seen here.
    New,
    /// Seen before.
    Returning,
}

/// How a patient means to pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Payment {
    /// A plan through somebody's work.
    Employer,
    /// A plan bought by oneself, such as on the marketplace.
    Marketplace,
    /// Medicare.
    Medicare,
    /// Medicaid or the plan for children.
    Medicaid,
    /// Another plan, or a plan that the patient can't name.
    OtherPlan,
    /// Without insurance, or not using it.
    SelfPay,
}

/// How soon a visit should be. The limits are those of the good-faith estimate: 45 CFR 149.610.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HowSoon {
    /// The first free time.
    Soonest,
    /// In 3 to 9 business days.
    Week,
    /// In 10 business days or more.
    Later,
}

/// A time of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TimeOfDay {
    /// Before noon.
    Morning,
    /// Noon to 5 pm.
    Afternoon,
    /// After 5 pm.
    Evening,
}

/// A way to reach a patient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contact {
    /// By phone.
    Phone,
    /// By mail.
    Email,
}

/// Whether a message may be left: somebody else may hear or read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MayLeaveMessage {
    /// It may.
    Yes,
    /// It may not.
    No,
}

impl Known for Acquaintance {
    const ALL: &'static [(&'static str, Self)] =
        &[("new", Self::New), ("returning", Self::Returning)];
}

impl Known for Payment {
    const ALL: &'static [(&'static str, Self)] = &[
        ("employer", Self::Employer),
        ("marketplace", Self::Marketplace),
        ("medicare", Self::Medicare),
        ("medicaid", Self::Medicaid),
        ("other-plan", Self::OtherPlan),
        ("self-pay", Self::SelfPay),
    ];
}

impl Known for HowSoon {
    const ALL: &'static [(&'static str, Self)] = &[
        ("soonest", Self::Soonest),
        ("week", Self::Week),
        ("later", Self::Later),
    ];
}

impl Known for TimeOfDay {
    const ALL: &'static [(&'static str, Self)] = &[
        ("morning", Self::Morning),
        ("afternoon", Self::Afternoon),
        ("evening", Self::Evening),
    ];
}

impl Known for Contact {
    const ALL: &'static [(&'static str, Self)] = &[("phone", Self::Phone), ("email", Self::Email)];
}

impl Known for MayLeaveMessage {
    const ALL: &'static [(&'static str, Self)] = &[("yes", Self::Yes), ("no", Self::No)];
}

/// The days of the week, Monday first, with the words of the form.
pub const DAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];

impl VisitRequest {
    /// The letter that is sealed.
    pub fn letter(&self) -> Letter {
        let days = DAYS.iter().filter(|(_, day)| self.days.contains(day));
        Letter {
            version: 1,
            state: self.state.code().to_owned(),
            patient: self.patient.word().to_owned(),
            payment: self.payment.word().to_owned(),
            how_soon: self.how_soon.word().to_owned(),
            days: days.map(|(word, _)| (*word).to_owned()).collect(),
            times: self
                .times
                .iter()
                .map(|time| time.word().to_owned())
                .collect(),
            name: self.name.clone(),
            birth_date: self.birth_date.map(|day| day.to_string()),
            phone: self.phone.clone(),
            email: self.email.clone(),
            preferred: self.preferred.word().to_owned(),
            may_leave_message: self.message.word().to_owned(),
            interpreter: self.interpreter.clone(),
            access_needs: self.access_needs.clone(),
            advice: self.advice.as_ref().map(|advice| SentAdvice {
                complaint: advice.complaint.to_string(),
                level: advice.level.id().to_owned(),
            }),
        }
    }
}
