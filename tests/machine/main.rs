//! What the site says to programs: feeds, sitemaps, other forms of articles, small files
//! and structured data. Each is read by somebody else's parser, and compared with what
//! readers see. No server runs: a snapshot holds the very bytes that one would send.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests edit content on disk, and stop at once when something is not as they say"
)]

#[path = "../support/folder.rs"]
mod folder;

/// A build of a folder, and what it says.
mod built;
/// The feeds, by parsers that others wrote.
mod feeds;
/// Articles as Markdown and JSON.
mod forms;
/// Which articles stand under which.
mod related;
/// Sitemaps, robots.txt, llms.txt, the manifest and the like.
mod small_files;
/// JSON-LD, by a validator that others wrote.
mod structured_data;
