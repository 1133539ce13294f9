//! What one clinic decides: its name, phone, colors and limits, who writes and
//! reviews for it, and the topics it files articles under. It stands apart from
//! content because a clinic changes this once and articles change every week.

mod color;
mod details;
mod glossary;
mod person;
mod synonyms;
mod topic;

pub use color::{Color, InvalidColor, MIN_CONTRAST};
pub use details::{Accent, Clinic, Email, Limits, Origin, Phone, SecurityContact, parse_clinic};
pub use glossary::{Glossary, Term, parse_glossary};
pub use person::{People, Person, parse_people};
pub use synonyms::{ListReview, MAX_PHRASE_WORDS, SameWords, Synonyms, parse_synonyms};
pub use topic::{Topic, Topics, parse_topics};

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Fields, Node};
use crate::file::SourceFile;
use crate::id::Id;

/// Reads a file that is a list of tables `[[key]]`, each with an id of its own.
///
/// # Diagnostics
/// What `read` finds; `id-duplicate` for a second record with an id; `key-unknown` for other tables.
pub fn records<T>(
    file: &SourceFile,
    root: &Node,
    key: &'static str,
    read: impl Fn(&mut Fields<'_>) -> Option<T>,
    id: impl Fn(&T) -> &Id<T>,
) -> (BTreeMap<Id<T>, Arc<T>>, Vec<Diagnostic>) {
    let mut outer = Fields::of(file, root, "the file");
    let mut found = BTreeMap::new();
    for node in outer.list(key) {
        let mut fields = Fields::of(file, node, key);
        let record = read(&mut fields);
        let offset = fields.offset();
        outer.tell_all(fields.finish());
        let Some(record) = record else { continue };
        let name = id(&record).clone();
        if found.contains_key(&name) {
            let message = format!("a second {key} has the id `{name}`");
            outer.tell(
                Diagnostic::new(Code::IdDuplicate, file.place(offset), message)
                    .help("give one of the two another id"),
            );
            continue;
        }
        found.insert(name, Arc::new(record));
    }
    (found, outer.finish())
}
