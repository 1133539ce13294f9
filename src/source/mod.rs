//! Sources: the works that we rely on, as types, and how a source list prints
//! them. It stands apart from articles because protocols rely on sources too, and
//! one work must look the same wherever it is cited.

mod identifier;
mod read;
#[cfg(test)]
mod rows;
mod style;
mod work;

use identifier::same_page;
pub use identifier::{Doi, Expected, Pmcid, Pmid, SourceId, WebAddress};
pub use read::read_sources;
pub use style::{ReferenceStyle, Run, in_text_parenthetical, plain, reference, sort_key};
pub use work::{Author, Issued, LinkKind, Source, SourceKind, SourceLink};
