//! Examples: of every record one that uses all of its keys, as JSON. Together they are
//! nearly a small clinic, so that one may name what another defines.

use serde_json::{Map, Value, json};

use super::{Key, Kind, Record};

/// A whole record with all of its keys that have an example.
pub fn example(record: &Record) -> Value {
    let keys = record.keys.iter();
    let found = keys.filter_map(|key| Some((key.name.to_owned(), of_key(key)?)));
    Value::Object(found.collect::<Map<String, Value>>())
}

/// What may stand behind a key; none when the key is of use in no example.
pub(super) fn of_key(key: &Key) -> Option<Value> {
    match key.kind {
        Kind::Group(record) => Some(example(record)),
        Kind::Groups(records) => Some(records.iter().map(|record| example(record)).collect()),
        _ if key.example.is_empty() => None,
        Kind::List(items, _) => Some(list(items, key.example)),
        kind => key.example.first().map(|text| single(kind, text)),
    }
}

fn list(items: &Kind, texts: &[&str]) -> Value {
    match items {
        Kind::List(inner, _) => json!([list(inner, texts)]),
        kind => texts.iter().map(|text| single(*kind, text)).collect(),
    }
}

/// A text as the value that an author would write.
fn single(kind: Kind, text: &str) -> Value {
    let bare = matches!(kind, Kind::Flag | Kind::Number | Kind::Whole(..));
    let value = bare.then(|| serde_json::from_str(text).ok()).flatten();
    value.unwrap_or_else(|| Value::String(text.to_owned()))
}
