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
#[allow(dead_code, reason = "other tests ask too often for a secret")]
#[path = "../support/nginx.rs"]
mod nginx;
#[path = "../support/secure.rs"]
#[allow(dead_code, reason = "others use the rest")]
mod secure;
#[path = "../support/visit_form.rs"]
mod visit_form;
#[path = "../support/wire.rs"]
mod wire;

/// Starts the program and ends it again.
mod program;

/// The site behind nginx, by the example of `deploy/`.
mod behind_nginx;
/// `campaigns`: reports that hide small numbers, and links.
mod campaigns;
/// `check`: what it tells, and how it ends.
mod check;
/// `digest`: what is due, in every form.
mod digest;
/// `explain`: what the codes mean, and whether their examples are true.
mod explain;
/// `export`: files with the bytes of the server, and what it leaves alone.
mod export;
/// Killed, stopped and robbed of its content in the middle of work.
mod faults;
/// https of its own: certificates, plain HTTP, and how it stops.
mod https;
/// `check --links`: against a real server, on days that a test chooses.
mod links;
/// `new`: what it writes, what it refuses, and that it asks nobody without a terminal.
mod new;
/// What operators see and do: settings, numbers, readiness, logs, backups.
mod operation;
/// `serve --preview`, and asking for a build by a command.
mod preview;
/// `rename`: what moves, what is mended, and that a refusal changes nothing.
mod rename;
/// `check --report-card`: what is printed and written.
mod report_card;
/// A server that is started again: what it sends before it has read anything.
mod restart;
/// `serve`: where it listens, what it takes from the environment, what it logs.
mod serve;
/// How `serve` ends, and what happens to readers meanwhile.
mod shutdown;
/// A Unix socket in the place of an address.
mod socket;
/// `stage`: files of a release before its pages.
mod stage;
/// Visit requests: killed under load, and looked through for what was typed.
mod visit_requests;
/// `visits`: keys, daily work at a real ledger, and the access log.
mod visits;
