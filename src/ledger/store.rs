//! The ledger itself. Both databases go one code path: the same statements, with
//! numbered places and upserts that both of them know.

use std::path::PathBuf;

use jiff::Timestamp;
use jiff::civil::Date;

use super::{Access, Channel, Entry, Kept, NewRequest, Notice, NoticeId, Tally};
use crate::booking::RequestCode;

/// Where the ledger is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LedgerPlace {
    /// A file, made on first use. For one instance.
    Sqlite(PathBuf),
    /// The address of a PostgreSQL database, such as `postgres://user:password@host/name`.
    Postgres(String),
}

/// Why the ledger could not do something. None of it holds anything about a patient.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The database can't be reached or can't write now: for the operator. Trying again may help.
    #[error("the ledger can't be reached: {0}")]
    Unreachable(String),
    /// The database holds something that this program did not write: for the operator.
    #[error("the ledger holds something unexpected: {0}")]
    Unexpected(String),
}

/// Keeps visit requests, notices, counts and the access log.
#[derive(Debug, Clone)]
pub struct Ledger {
    place: LedgerPlace,
}

impl Ledger {
    /// Names a ledger. Nothing is opened yet: a server starts, and serves its pages, while its database is away.
    pub fn at(place: LedgerPlace) -> Self {
        Self { place }
    }

    /// Opens the database if it is not open, makes it on first use, and brings its tables up to date.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub async fn open(&self) -> Result<(), LedgerError> {
        Err(LedgerError::Unreachable(format!("{:?}", self.place)))
    }

    /// Keeps a request and one notice for each channel, in one transaction. When this returns, the request is
    /// durable. A request with a known fingerprint is not kept again, and no notice is added.
    ///
    /// # Errors
    /// See [`LedgerError`]; then nothing was kept.
    pub async fn keep(
        &self,
        _request: &NewRequest,
        _channels: &[Channel],
    ) -> Result<Kept, LedgerError> {
        Err(LedgerError::Unreachable(String::new()))
    }

    /// One request.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub async fn entry(&self, _code: RequestCode) -> Result<Option<Entry>, LedgerError> {
        Err(LedgerError::Unreachable(String::new()))
    }

    /// The codes of all requests: those whose estimate is due first, by that day, then the others; among equals
    /// the one that came in first. Codes alone, so that an export of any size needs little memory.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub async fn codes(&self, _which: Which) -> Result<Vec<RequestCode>, LedgerError> {
        Err(LedgerError::Unreachable(String::new()))
    }

    /// Says that requests are done, and writes that down. Gives those that there are and that were open.
    /// The fingerprints of requests that are done are forgotten.
    ///
    /// # Errors
    /// See [`LedgerError`]; then nothing changed.
    pub async fn finish(&self, _access: &Access) -> Result<Vec<RequestCode>, LedgerError> {
        Err(LedgerError::Unreachable(String::new()))
    }

    /// Removes every request whose deletion day has come, with its notices, and writes that down under the codes that
    /// were removed; when there was none, nothing is written. `access.codes` is not looked at.
    ///
    /// # Errors
    /// See [`LedgerError`]; then nothing was removed.
    pub async fn purge(
        &self,
        _today: Date,
        _access: &Access,
    ) -> Result<Vec<RequestCode>, LedgerError> {
        Err(LedgerError::Unreachable(String::new()))
    }

    /// Adds a line to the access log. Call it before anything is shown.
    ///
    /// # Errors
    /// See [`LedgerError`]; then nothing may be shown.
    pub async fn write_access(&self, _access: &Access) -> Result<(), LedgerError> {
        Err(LedgerError::Unreachable(String::new()))
    }

    /// The access log, oldest first.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub async fn accesses(&self) -> Result<Vec<Access>, LedgerError> {
        Err(LedgerError::Unreachable(String::new()))
    }

    /// At most 20 notices that are due, longest first. Each is put off until `again_at` in the same statement, so that
    /// another instance does not send it too, and so that it comes again if this one stops half way.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub async fn due_notices(
        &self,
        _now: Timestamp,
        _again_at: Timestamp,
    ) -> Result<Vec<Notice>, LedgerError> {
        Err(LedgerError::Unreachable(String::new()))
    }

    /// A notice was sent; it is removed.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub async fn notice_sent(&self, _notice: NoticeId) -> Result<(), LedgerError> {
        Err(LedgerError::Unreachable(String::new()))
    }

    /// A notice could not be sent; it is tried again at `again_at`, and one more try is counted.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub async fn notice_failed(
        &self,
        _notice: NoticeId,
        _again_at: Timestamp,
    ) -> Result<(), LedgerError> {
        Err(LedgerError::Unreachable(String::new()))
    }

    /// Forgets the fingerprints of requests that came in before an instant.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub async fn forget_fingerprints(&self, _before: Timestamp) -> Result<(), LedgerError> {
        Err(LedgerError::Unreachable(String::new()))
    }

    /// Adds counts to those that there are.
    ///
    /// # Errors
    /// See [`LedgerError`]; then none of them was added.
    pub async fn add_tallies(&self, _tallies: &[Tally]) -> Result<(), LedgerError> {
        Err(LedgerError::Unreachable(String::new()))
    }

    /// Counts of the days from `from` to `until`, both included; by campaign, service, day and step.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub async fn tallies(&self, _from: Date, _until: Date) -> Result<Vec<Tally>, LedgerError> {
        Err(LedgerError::Unreachable(String::new()))
    }
}

/// Which requests are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Those that are not done.
    Open,
    /// All.
    All,
}
