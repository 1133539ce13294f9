//! A snapshot as files that any web server can serve: the very bytes that `serve`
//! sends, and what the server says beside them as rules for hosts. It stands apart
//! from `http` because a host keeps no program running. It decides what is written;
//! `disk` writes it.

mod layout;
mod manifest;
mod netlify;
mod nginx;
mod rules;
mod write;

pub use layout::{Exported, LayoutError, MovedPages, Siblings, Unservable, lay_out};
pub use manifest::{Manifest, UnknownManifest};
pub use write::{Counts, ExportError, Folder, Step, write};

/// The file in which an export keeps what it wrote, relative to its folder.
pub const MANIFEST: &str = ".signpost-export.json";
