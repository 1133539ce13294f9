//! From what somebody types to the pages that answer it: lay words, clinical words,
//! endings and one typing mistake a word. It stands apart from `triage::entry`, which
//! chooses questions and knows emergencies: this module only finds pages, says nothing
//! about health, and keeps nothing of what was asked.

mod company;
mod document;
mod excerpt;
mod index;
mod indexer;
mod query;
mod rank;
mod reading;
mod scores;
mod suggest;
mod terms;
mod thesaurus;
mod understood;
mod vocabulary;
mod word_list;

pub use document::{Document, Kind, Scope, documents};
pub use excerpt::Excerpt;
pub use index::{Entry, Fault, Index};
pub use indexer::Indexer;
pub use query::{MAX_CHARS, MAX_WORDS, Query};
pub use rank::{Found, Hit};
pub use suggest::Suggestion;
