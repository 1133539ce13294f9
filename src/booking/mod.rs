//! Visits and what they cost. Prices are read from one dated record per service,
//! so no two pages can disagree. It knows no clock: today is an argument.

mod copay;
mod service;

pub use copay::{Cents, Fee, FeeSchedule, Price, is_stale, parse_fees};
pub use service::{Service, Services, State, VisitKind, parse_services};
