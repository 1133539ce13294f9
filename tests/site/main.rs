//! The site over real HTTP: a server in this process, a client that follows no
//! redirect and decodes nothing by itself.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests edit content on disk, and stop at once when something is not as they say"
)]

#[path = "../support/folder.rs"]
mod folder;
#[path = "../support/generated.rs"]
mod generated;
#[path = "../support/secure.rs"]
#[allow(dead_code, reason = "others use the rest")]
mod secure;
#[path = "../support/wire.rs"]
mod wire;

/// Campaign links: what is counted, and what is taken away.
mod campaigns;
/// A folder that a test may fill, and that is gone after it.
mod desk;
/// Asking for a visit: the pages, the form, what is kept and what is refused.
mod visit_requests;

/// Starts a clinic's server, and asks it.
mod clinic;
/// A page as a browser would read it: order, ids, names.
mod document;

/// What one article holds, and in which order.
mod articles;
/// The picture of the body, and the pages of its parts.
mod body;
/// Several writers change files at random while readers read.
mod chaos;
/// What depends on the day: overdue, future, draft, withdrawn, prices, the time zone.
mod dates;
/// Labelled drawings on the pages of articles.
mod diagrams;
/// Before the site is there: what is sent, and what waits.
mod early;
/// Heads of requests as bytes: what is refused, and how.
mod heads;
/// https without a proxy: HTTP/2, limits, and a certificate that changes.
mod https;
/// What programs of clinics ask by code, and what they are answered.
mod infobutton;
/// What the server takes, what it says when it is too much, and what it counts.
mod limits;
/// What happens while files change: swaps, broken files, watching.
mod living;
/// What every page has, whatever it is about.
mod pages;
/// Reading aids, paper, and long lists.
mod reading;
/// The search: its page, what it says of emergencies, what it keeps to itself, suggestions.
mod search;
/// What HTTP promises: caching, coding, methods, redirects, headers, odd addresses.
mod serving;
/// What is told to other sites that link to a page: tags and pictures.
mod sharing;
/// Pages over HTTP/1.1, on the way that only they go.
mod short_way;
