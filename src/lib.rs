//! Signpost turns text files of a clinic into a site for its patients.
//!
//! The modules stand in reading order, and data goes one way: `disk` reads files,
//! the pure modules make typed content of them, `site` checks it against itself,
//! `pages` renders it, `snapshot` freezes it, `live` holds the one that is served,
//! and `http` answers from it. `ARCHITECTURE.md` has the map and the promises.

pub mod assets;
pub mod booking;
pub mod cli;
pub mod clinic;
pub mod clock;
pub mod commands;
pub mod content;
pub mod counting;
pub mod diagnostic;
pub mod digest;
pub mod disk;
pub mod document;
pub mod explanation;
pub mod export;
pub mod file;
pub mod http;
pub mod id;
pub mod infobutton;
pub mod intake;
pub mod ledger;
pub mod links;
pub mod live;
pub mod messages;
pub mod meters;
pub mod notify;
pub mod pages;
pub mod readiness;
pub mod rebuild;
pub mod report_card;
pub mod scaffold;
pub mod schema;
pub mod search;
pub mod site;
pub mod snapshot;
pub mod source;
pub mod triage;
pub mod vault;
pub mod watch;
