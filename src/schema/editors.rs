//! What both editors with forms need: the names that a clinic has for its shelves, and how a
//! key becomes a label. It stands apart so that the two can't offer different choices.

use super::{Key, Schema, Shelf};

/// What can be chosen: the ids and names of a clinic's records, each list by id, ascending.
#[derive(Debug, Clone, Default)]
pub struct Choices {
    /// Shelves that articles stand on.
    pub topics: Vec<(String, String)>,
    /// Authors and reviewers.
    pub people: Vec<(String, String)>,
    /// Visits.
    pub services: Vec<(String, String)>,
    /// Complaints that have a protocol.
    pub complaints: Vec<(String, String)>,
}

impl Choices {
    /// The ids that a shelf has, with names; none where new ones are named or nobody keeps a list.
    pub(super) fn on(&self, shelf: Shelf) -> Option<&[(String, String)]> {
        match shelf {
            Shelf::Topics => Some(&self.topics),
            Shelf::People => Some(&self.people),
            Shelf::Services => Some(&self.services),
            Shelf::Complaints => Some(&self.complaints),
            Shelf::Here | Shelf::Articles | Shelf::Findings | Shelf::Measures => None,
        }
    }
}

/// A key as a label: `reviewed_on` is "Reviewed on".
pub(super) fn label(key: &Key) -> String {
    capital(&key.name.replace('_', " "))
}

/// The folder that holds files of a kind, from the content folder on.
pub(super) fn folder(schema: &Schema) -> &'static str {
    schema.files.split("/*").next().unwrap_or_default()
}

/// What to call all files of a kind: the last part of their folder.
pub(super) fn shelf_label(schema: &Schema) -> String {
    capital(folder(schema).rsplit('/').next().unwrap_or_default())
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}
