//! Visits and what they cost. Prices are read from one dated record per service,
//! so no two pages can disagree. It knows no clock: today is an argument.

mod campaign;
mod code;
mod copay;
mod letter;
mod service;

pub use campaign::{Campaign, Campaigns, Step, parse_campaigns};
pub use code::{CODE_SIGNS, InvalidCode, RequestCode};
pub use copay::{Cents, Fee, FeeSchedule, Price, is_stale, parse_fees};
pub use letter::{Letter, SentAdvice};
pub use service::{Service, Services, State, VisitKind, parse_services};
