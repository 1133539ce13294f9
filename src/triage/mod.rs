//! Decides where a patient should go next. A protocol is data; this module reads
//! it, refuses one that contradicts itself, and knows how urgent each finding is.
//! It reads no file and knows no clock.

mod applicability;
mod disposition;
mod protocol;
mod read;

pub use applicability::{Applicability, Condition};
pub use disposition::TriageLevel;
pub use protocol::{
    BodyArea, DefaultLevel, DurationRule, Finding, Protocol, ReadProtocol, SelfCareStep, WatchFor,
};
pub use read::parse_protocol;
