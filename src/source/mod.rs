//! Sources: the works that we rely on, as types, and how a source list prints
//! them. It stands apart from articles because protocols rely on sources too, and
//! one work must look the same wherever it is cited.

mod read;
mod style;
mod work;

pub use read::read_sources;
pub use style::{ReferenceStyle, Run, in_text_parenthetical, plain, reference, sort_key};
use work::same_page;
pub use work::{
    Author, Doi, Expected, Issued, LinkKind, Pmcid, Pmid, Source, SourceId, SourceKind, SourceLink,
    WebAddress,
};
