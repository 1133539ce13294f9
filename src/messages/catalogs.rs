//! Reads the catalogs of a clinic, and compares each with the built-in one: a catalog is
//! taken whole or not at all, since a page in two languages helps nobody.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Catalog, ENGLISH, Languages, Words};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Node, Value, from_toml, nearest};
use crate::file::SourceFile;

/// Reads the built-in catalog and those of a clinic, `clinic/messages/<lang>.toml`.
///
/// # Diagnostics
/// `message-catalog` for each message that is missing, unknown, or lacks a place to fill; `syntax`. For the translator.
pub fn read_catalogs(files: &[SourceFile]) -> (Languages, Vec<Diagnostic>) {
    let english = SourceFile::new("templates/messages/en.toml", ENGLISH);
    let (measure, mut faults) = from_toml(&english);
    let expected = slots_by_key(&measure);
    let mut languages = Languages::new();
    for file in [english.clone()].iter().chain(files) {
        let (words, found) = read_catalog(file, &expected);
        faults.extend(found);
        languages.extend(words.map(|words| (file.stem().to_owned(), Arc::new(words))));
    }
    (languages, faults)
}

type Slots = BTreeMap<String, BTreeSet<String>>;

fn read_catalog(file: &SourceFile, expected: &Slots) -> (Option<Words>, Vec<Diagnostic>) {
    let (root, mut faults) = from_toml(file);
    if faults.is_empty() {
        faults.extend(compare(file, &root, expected));
    }
    if !faults.is_empty() {
        return (None, faults);
    }
    match toml::from_str::<Catalog>(file.text()) {
        Ok(catalog) => (
            Some(Words {
                lang: file.stem().to_owned(),
                catalog,
            }),
            faults,
        ),
        Err(error) => {
            let place = file.place(error.span().map_or(0, |span| span.start));
            let message = format!("the catalog can't be read: {}", error.message());
            (
                None,
                vec![Diagnostic::new(Code::MessageCatalog, place, message)],
            )
        }
    }
}

/// Most messages that are told as missing one by one: who begins a catalog lacks hundreds.
const MOST_MISSING: usize = 20;

/// Compares a catalog with the English one.
fn compare(file: &SourceFile, root: &Node, expected: &Slots) -> Vec<Diagnostic> {
    let found = slots_by_key(root);
    let (mut faults, mut missing) = (Vec::new(), 0);
    let mut tell = |offset: usize, message: String, help: String| {
        faults.push(Diagnostic::new(Code::MessageCatalog, file.place(offset), message).help(help));
    };
    for (key, slots) in expected {
        match found.get(key) {
            None if missing < MOST_MISSING => {
                tell(
                    0,
                    format!("the message `{key}` is missing"),
                    "take it from `templates/messages/en.toml`".into(),
                );
                missing += 1;
            }
            None => missing += 1,
            Some(own) => {
                for slot in slots.symmetric_difference(own) {
                    let verb = if own.contains(slot) { "has" } else { "lacks" };
                    tell(
                        offset_of(root, key),
                        format!("the message `{key}` {verb} `{{{slot}}}`"),
                        "use the same places as the English text".into(),
                    );
                }
            }
        }
    }
    if missing > MOST_MISSING {
        let more = missing - MOST_MISSING;
        tell(
            0,
            format!("{more} more messages are missing"),
            "begin with a copy of `templates/messages/en.toml`".into(),
        );
    }
    for key in found.keys().filter(|key| !expected.contains_key(*key)) {
        let help = match nearest(key, expected.keys().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "take it out".to_owned(),
        };
        tell(
            offset_of(root, key),
            format!("there is no message `{key}`"),
            help,
        );
    }
    faults
}

/// The places to fill of each message, by `group.key`.
fn slots_by_key(root: &Node) -> Slots {
    let mut slots = Slots::new();
    for (group, node) in children(root) {
        for (key, node) in children(node) {
            slots.insert(format!("{group}.{key}"), slots_of(node));
        }
    }
    slots
}

fn children(node: &Node) -> impl Iterator<Item = (&str, &Node)> {
    let entries = match &node.value {
        Value::Map(entries) => entries.as_slice(),
        _ => &[],
    };
    entries
        .iter()
        .map(|entry| (entry.key.as_str(), &entry.node))
}

fn slots_of(node: &Node) -> BTreeSet<String> {
    match &node.value {
        Value::Empty => BTreeSet::new(),
        Value::Scalar(text) => slots_in(text),
        Value::List(items) => items.iter().flat_map(slots_of).collect(),
        Value::Map(entries) => entries
            .iter()
            .flat_map(|entry| slots_of(&entry.node))
            .collect(),
    }
}

fn slots_in(text: &str) -> BTreeSet<String> {
    let parts = text.split('{').skip(1);
    parts
        .filter_map(|part| part.split_once('}'))
        .map(|(slot, _)| slot.to_owned())
        .collect()
}

fn offset_of(root: &Node, key: &str) -> usize {
    let (group, name) = key.split_once('.').unwrap_or((key, ""));
    let group = children(root).find(|(found, _)| *found == group);
    let node = group.and_then(|(_, node)| children(node).find(|(found, _)| *found == name));
    node.map_or(0, |(_, node)| node.span.start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_empty_catalog_some_messages_are_named_and_the_rest_is_counted() {
        let file = SourceFile::new("clinic/messages/es.toml", "");
        let (_, faults) = read_catalogs(&[file]);
        assert_eq!(faults.len(), MOST_MISSING + 1);
        let last = faults.last().unwrap();
        let (more, rest) = last.message.split_once(' ').unwrap();
        assert!(more.parse::<usize>().unwrap() > 100, "{last}");
        assert_eq!(rest, "more messages are missing");
    }

    #[test]
    fn a_catalog_must_have_every_message_with_its_places_and_no_other() {
        let rows = [
            ("call_number = \"Call {phone}\"\n", "", "missing"),
            ("\"Call {phone}\"", "\"Call\"", "lacks `{phone}`"),
            (
                "call = \"Call\"",
                "call = \"Call\"\ncal = \"x\"",
                "no message `site.cal`",
            ),
        ];
        for (from, to, expected) in rows {
            let file = SourceFile::new("clinic/messages/es.toml", ENGLISH.replacen(from, to, 1));
            let (languages, faults) = read_catalogs(&[file]);
            assert_eq!(languages.len(), 1, "{expected}");
            assert!(faults[0].message.contains(expected), "{faults:?}");
        }
    }
}
