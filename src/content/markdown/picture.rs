//! Pictures of articles: where they are served and how large they are, so that a
//! page can leave the right room for them before they arrive.

use std::collections::BTreeMap;

/// A picture on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The address that is served, with the content's fingerprint.
    pub href: String,
    /// Width in CSS pixels.
    pub width: u32,
    /// Height in CSS pixels.
    pub height: u32,
}

/// Pictures by path relative to the content folder, such as `articles/sciatica/nerve.svg`.
/// A file that is no readable picture has no size and maps to `None`.
pub type Pictures = BTreeMap<String, Option<Picture>>;
