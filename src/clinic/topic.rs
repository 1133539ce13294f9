//! Topics: the shelves that articles stand on.
//! They stand apart so that a shelf can be named and described before anything stands on it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::document::{Fields, from_toml};
use crate::file::SourceFile;
use crate::id::Id;

use super::records;

/// One shelf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// The last part of the topic's address.
    pub id: Id<Topic>,
    /// What the shelf is called.
    pub name: String,
    /// One sentence on what stands there.
    pub description: String,
}

/// Topics by id, ascending.
pub type Topics = BTreeMap<Id<Topic>, Arc<Topic>>;

/// Reads `clinic/topics.toml`.
///
/// # Diagnostics
/// `key-*`, `value-wrong`, `id-duplicate`: for the editor.
pub fn parse_topics(file: &SourceFile) -> (Topics, Vec<Diagnostic>) {
    let (root, mut diagnostics) = from_toml(file);
    let (topics, found) = records(file, &root, "topic", topic, |topic: &Topic| &topic.id);
    diagnostics.extend(found);
    (topics, diagnostics)
}

fn topic(fields: &mut Fields<'_>) -> Option<Topic> {
    let id = fields.parsed("id");
    let name = fields.text("name");
    let description = fields.text("description");
    Some(Topic {
        id: id?.value,
        name: name?.value,
        description: description?.value,
    })
}
