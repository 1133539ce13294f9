//! Keeps visit requests: a SQLite file for one instance, PostgreSQL for several. A
//! request is durable before anybody sees its code, and what is personal in it is
//! sealed before it comes here. It knows no clock: instants and days are arguments.

mod access;
mod entry;
mod notice;
mod seal;
mod store;
mod tally;

pub use access::{Access, Deed};
pub use entry::{Entry, Fingerprint, Kept, NewRequest, Status};
pub use notice::{Channel, Notice, NoticeId};
pub use seal::{Identity, InvalidKey, Recipients, SealError, Sealed};
pub use store::{Ledger, LedgerError, LedgerPlace, Which};
pub use tally::Tally;
