//! Several machines as one site: three instances of the real program behind Debian's
//! nginx, with the file of `deploy/`, and one real PostgreSQL.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests put releases on disk, and stop at once when something is not as they say"
)]

#[allow(dead_code, reason = "the tests of the ledger also stop and start it")]
#[path = "../ledger/cluster.rs"]
mod cluster;
#[allow(dead_code, reason = "other tests edit a copy of our own content")]
#[path = "../support/folder.rs"]
mod folder;
#[allow(dead_code, reason = "other tests come over https")]
#[path = "../support/nginx.rs"]
mod nginx;
#[allow(dead_code, reason = "other tests wait for the end of a program")]
#[path = "../commands/program.rs"]
mod program;
#[path = "../support/visit_form.rs"]
mod visit_form;
#[path = "../support/wire.rs"]
mod wire;

/// Machines with releases, behind one balancer.
mod fleet;
/// People who read, and people who ask for a visit.
mod people;

/// How often one address may ask for a visit, over machines.
mod limits;
/// A release that is set by a link, on one machine.
mod release;
/// Killed and rolled over under load.
mod rolling;
