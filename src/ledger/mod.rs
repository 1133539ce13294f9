//! Keeps visit requests: a SQLite file for one instance, PostgreSQL for several. A
//! request is durable before anybody sees its code, and what is personal in it is
//! sealed before it comes here. It knows no clock: instants and days are arguments,
//! and instants are kept to the microsecond.

mod access;
mod allowance;
mod backup;
mod cells;
mod company;
mod database;
mod entry;
mod error;
mod file;
mod migrations;
mod notice;
mod outbox;
mod place;
mod proof;
mod requests;
mod seal;
mod store;
mod tally;

pub use access::{Access, Deed};
pub use allowance::{Allowance, Asked, Asker};
pub use backup::{BackupError, Copied};
pub use company::{SecretMark, Secrets};
pub use entry::{Entry, Fingerprint, Kept, NewRequest, Status};
pub use error::LedgerError;
pub use notice::{Channel, Notice, NoticeId};
pub use place::{InvalidPlace, LedgerPlace};
pub use seal::{Identity, InvalidKey, Recipients, SealError, Sealed};
pub use store::{Ledger, Which};
pub use tally::Tally;
