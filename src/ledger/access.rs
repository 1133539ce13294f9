//! The access log: who read, exported, finished or purged which requests, when and
//! why. Rows are only ever added; the database itself refuses to change them.

use jiff::Timestamp;

use crate::booking::RequestCode;
use crate::document::Known;

/// What somebody did with requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deed {
    /// Saw them in a list.
    Listed,
    /// Read one whole.
    Shown,
    /// Wrote them to a file.
    Exported,
    /// Said that they are done.
    Finished,
    /// Removed them for good.
    Purged,
}

impl Known for Deed {
    const ALL: &'static [(&'static str, Self)] = &[
        ("listed", Self::Listed),
        ("shown", Self::Shown),
        ("exported", Self::Exported),
        ("finished", Self::Finished),
        ("purged", Self::Purged),
    ];
}

/// One line of the access log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// When.
    pub at: Timestamp,
    /// Who, as they named themselves.
    pub who: String,
    /// Why, in their words.
    pub why: String,
    /// What they did.
    pub deed: Deed,
    /// With which requests, in the order in which they were seen.
    pub codes: Vec<RequestCode>,
}
