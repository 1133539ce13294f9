//! Visits, what they cost, and how to ask for one. Prices are read from one dated
//! record per service, so no two pages can disagree. It knows no clock and no
//! database: today is an argument, and what was asked for is handed on.

mod campaign;
mod code;
mod copay;
mod estimate;
mod form;
mod letter;
mod period;
mod request_settings;
mod service;
mod visit;

pub use campaign::{Campaign, Campaigns, Step, parse_campaigns};
pub use code::{CODE_SIGNS, InvalidCode, RequestCode};
pub use copay::{Cents, Fee, FeeSchedule, Price, is_stale, parse_fees};
pub use estimate::{business_days_after, delete_on, estimate_due_on, is_business_day};
pub use form::{Field, Flaw, FormProblem, MalformedForm, VisitRequestForm, read_request};
pub use letter::{Letter, SentAdvice};
pub use period::Period;
pub use request_settings::{RequestSettings, parse_request_settings};
pub use service::{Service, ServiceFaq, Services, State, VisitKind, parse_services};
pub use visit::{
    Acquaintance, Advice, Contact, DAYS, HowSoon, MayLeaveMessage, Payment, TimeOfDay, VisitRequest,
};
