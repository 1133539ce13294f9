//! One visit request as the ledger sees it: what must be known without a key (which
//! service, when, until when) and a sealed letter that only the clinic can open.

use jiff::Timestamp;
use jiff::civil::Date;

use super::Sealed;
use crate::booking::RequestCode;
use crate::id::ServiceId;

/// A keyed hash of what a patient sent. Two requests with the same one are the same request, sent
/// twice; without the server's secret it tells nothing about what was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint(pub [u8; 32]);

/// A request that came in and is not yet kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRequest {
    /// Which visit was asked for.
    pub service: ServiceId,
    /// All that is personal.
    pub sealed: Sealed,
    /// To know it again when it is sent twice.
    pub fingerprint: Fingerprint,
    /// When it came in.
    pub received_at: Timestamp,
    /// The first day on which a purge removes it, clinic-local.
    pub delete_on: Date,
    /// Until when a good-faith estimate must be sent, clinic-local; none if the patient doesn't pay themselves.
    pub estimate_due_on: Option<Date>,
}

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// It is new, and this is its code.
    New(RequestCode),
    /// It was sent before; this is the code that it has.
    Again(RequestCode),
}

impl Kept {
    /// The code.
    pub fn code(self) -> RequestCode {
        match self {
            Self::New(code) | Self::Again(code) => code,
        }
    }
}

/// Where a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Nobody has said that it is done.
    Open,
    /// Staff have said so, at this instant.
    Done(Timestamp),
}

/// A request that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What the patient quotes.
    pub code: RequestCode,
    /// Which visit was asked for.
    pub service: ServiceId,
    /// When it came in.
    pub received_at: Timestamp,
    /// Until when a good-faith estimate must be sent.
    pub estimate_due_on: Option<Date>,
    /// The first day on which a purge removes it.
    pub delete_on: Date,
    /// Where it stands.
    pub status: Status,
    /// All that is personal.
    pub sealed: Sealed,
}
