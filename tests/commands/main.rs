//! The program as an operator runs it: the real binary in a scratch folder, its
//! exit status, and every line that it prints.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    reason = "tests edit content on disk, and stop at once when something is not as they say"
)]

#[path = "../support/folder.rs"]
mod folder;
#[path = "../support/wire.rs"]
mod wire;

/// Starts the program and ends it again.
mod program;

/// `check`: what it tells, and how it ends.
mod check;
/// `serve --preview`, and asking for a build by a command.
mod preview;
/// `serve`: where it listens, what it takes from the environment, what it logs.
mod serve;
/// How `serve` ends, and what happens to readers meanwhile.
mod shutdown;
/// Visit requests: killed under load, and looked through for what was typed.
mod visit_requests;
