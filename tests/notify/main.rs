//! Telling staff, over real connections and with a real ledger: a mail server and a
//! receiver of webhooks that can refuse, hang, and be away. Waits end on a condition;
//! the limits on them are only there so that a fault ends the test.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests keep a ledger on disk, and stop at once when something is not as they say"
)]

/// A clinic with a ledger and requests.
mod clinic;
/// What the program logged.
mod log;
/// A mail server of our own.
mod mail_server;
/// A receiver of webhooks of our own, which verifies signatures.
mod receiver;

/// What goes wrong, and what comes of it.
mod failing;
/// What stays secret.
mod secrecy;
/// What is sent when all is well.
mod sending;
/// How a worker ends, and what the next one does.
mod stopping;
