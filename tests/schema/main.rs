//! Schemas against the readers that they describe, and what is generated from them against
//! what lies in the repository.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "reads and writes files of its own, and stops at once when something is not as it says"
)]

/// The readers themselves, each over a small clinic that is made of the schemas' examples.
mod readers;
/// Documents that are made from a schema: whole, and with one thing changed.
mod variants;

/// Reader and schema accept and refuse the same.
mod agreement;
/// What is generated lies in the repository as it would be written today.
mod kept;
/// The problem matcher and the tasks of VS Code.
mod tasks;
