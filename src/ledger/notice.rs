//! The outbox: a notice that a request has come in, one for each way in which staff
//! want to hear of it. It is kept in the same transaction as the request, so a dead
//! mail server loses nothing and delays nobody. It says nothing about the patient.

use jiff::Timestamp;

use crate::booking::RequestCode;
use crate::document::Known;
use crate::id::ServiceId;

/// How a notice is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Channel {
    /// By mail.
    Mail,
    /// By a signed request to another program.
    Webhook,
}

impl Known for Channel {
    const ALL: &'static [(&'static str, Self)] =
        &[("mail", Self::Mail), ("webhook", Self::Webhook)];
}

/// The number of a notice in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct NoticeId(pub i64);

/// A notice that is to be sent now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Its number.
    pub id: NoticeId,
    /// How to send it.
    pub channel: Channel,
    /// The request that it tells of.
    pub code: RequestCode,
    /// The service that was asked for.
    pub service: ServiceId,
    /// When the request came in.
    pub received_at: Timestamp,
    /// How often it was tried already.
    pub tries: u32,
}
