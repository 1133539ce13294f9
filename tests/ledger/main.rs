//! The ledger against the databases that it is used with: a SQLite file, and a
//! PostgreSQL that is made for this run. What holds for one holds for the other, so
//! nearly every test runs on both.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests take files and servers away, and stop at once when something is not as they say"
)]

#[path = "../support/folder.rs"]
#[allow(dead_code, reason = "others use the rest")]
mod folder;
#[path = "../commands/program.rs"]
#[allow(dead_code, reason = "others use the rest")]
mod program;
#[path = "../support/visit_form.rs"]
mod visit_form;
#[path = "../support/wire.rs"]
#[allow(dead_code, reason = "others use the rest")]
mod wire;

/// A PostgreSQL of its own, gone when the tests are.
mod cluster;
/// A place for one ledger of either kind, and requests to put there.
mod scratch;

/// What staff do: finishing, purging, and the log of who did what.
mod access;
/// How often one address may ask, counted over instances.
mod allowances;
/// A clock that jumps, back and ahead.
mod clock;
/// Servers that find that they do not have one secret.
mod company;
/// A disk that is full or can't be written.
mod disk;
/// Keeping a request once, and finding it again.
mod keeping;
/// A file that is deleted or replaced under an open ledger.
mod lost_file;
/// The outbox: who sends what, and when again.
mod notices;
/// Opening: on first use, twice at once, and by a program that is too old.
mod opening;
/// A server that is away, comes back, or falls silent.
mod outage;
/// Whether a ledger can be written, whether it is whole, and copies of it.
mod proof;
/// The program itself, while its server is killed and hangs.
mod served;
/// Counts that add up over instances.
mod tallies;
