//! A schema as JSON Schema, draft 2020-12. It accepts no shape that a reader refuses, and is
//! stricter in one way: text stands in quotes, numbers and truth values don't. What only
//! whole files can tell, such as whether an id is there, is left to `check`.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::example::{example, of_key};
use super::forms::{Form, ID};
use super::{Key, Kind, Length, Need, Record, Schema};

/// Where a value may be left empty: the reader takes it as left out.
const LEFT_OUT: &str = "left-out";

/// The whole schema of one kind of file.
pub fn json_schema(schema: &Schema) -> Value {
    let mut definitions = BTreeMap::new();
    define_all_in(schema.record, &mut definitions);
    definitions.insert(
        LEFT_OUT,
        json!({ "description": "Empty is the same as left out.", "enum": ["", null] }),
    );
    let root = [
        (
            "$schema",
            json!("https://json-schema.org/draft/2020-12/schema"),
        ),
        ("$id", json!(address(schema))),
        ("$defs", json!(definitions)),
        ("examples", json!([example(schema.record)])),
    ];
    with(record(schema.record), root)
}

/// The name of a schema for programs. Nothing is fetched from there.
pub fn address(schema: &Schema) -> String {
    format!("urn:signpost:schema:{}", schema.name)
}

/// An object with more keys; any other value as it is.
pub(super) fn with<'a>(
    mut value: Value,
    more: impl IntoIterator<Item = (&'a str, Value)>,
) -> Value {
    if let Value::Object(keys) = &mut value {
        keys.extend(more.into_iter().map(|(key, value)| (key.to_owned(), value)));
    }
    value
}

/// JSON as a person reads it, with a line break at its end.
pub fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

fn define_all_in(outer: &'static Record, definitions: &mut BTreeMap<&'static str, Value>) {
    for key in outer.keys {
        let inner: &[&Record] = match &key.kind {
            Kind::Group(record) => &[record],
            Kind::Groups(records) => records,
            _ => &[],
        };
        for inner in inner {
            if !definitions.contains_key(inner.name) {
                definitions.insert(inner.name, record(inner));
                define_all_in(inner, definitions);
            }
        }
    }
}

fn record(record: &Record) -> Value {
    let properties = record
        .keys
        .iter()
        .map(|key| (key.name.to_owned(), property(key)));
    let required = record.keys.iter().filter(|key| key.need == Need::Required);
    let schema = json!({
        "title": record.title,
        "description": record.description,
        "type": "object",
        "properties": properties.collect::<Map<_, _>>(),
        "required": required.map(|key| key.name).collect::<Vec<_>>(),
        "additionalProperties": false,
    });
    let each = record
        .one_of
        .iter()
        .map(|names| any_of(names.iter().map(|name| is_there(name))));
    let each: Vec<Value> = each.collect();
    with(schema, (!each.is_empty()).then(|| ("allOf", json!(each))))
}

/// A key that is there and holds something.
fn is_there(key: &str) -> Value {
    json!({ "required": [key], "properties": { key: { "not": { "enum": ["", null, []] } } } })
}

fn any_of(schemas: impl Iterator<Item = Value>) -> Value {
    json!({ "anyOf": schemas.collect::<Vec<_>>() })
}

fn property(key: &Key) -> Value {
    let holds = holding(&key.kind, key.need);
    let schema = match (key.need, key.kind) {
        (Need::Required, _) => holds,
        (Need::Optional, Kind::Text) => json!({ "type": ["string", "null"] }),
        (Need::Optional, _) => any_of([holds, reference(LEFT_OUT)].into_iter()),
    };
    let example = of_key(key).filter(|_| !is_grouped(key));
    let told = [("description", json!(description(key)))].into_iter();
    with(
        schema,
        told.chain(example.map(|example| ("examples", json!([example])))),
    )
}

/// Groups have examples at their own keys.
fn is_grouped(key: &Key) -> bool {
    matches!(key.kind, Kind::Group(_) | Kind::Groups(_))
}

fn description(key: &Key) -> String {
    match &key.kind {
        Kind::Form(form) | Kind::List(Kind::Form(form), _) => {
            format!("{} Expected: {}.", key.description, form.expected)
        }
        _ => key.description.to_owned(),
    }
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{name}") })
}

/// What is accepted behind a key that is there.
fn holding(kind: &Kind, need: Need) -> Value {
    match kind {
        Kind::Text => json!({ "type": "string", "pattern": "\\S" }),
        Kind::Form(form) => formed(form),
        Kind::Id(_) => formed(&ID),
        Kind::Word(words) => json!({ "enum": words() }),
        Kind::Date => {
            json!({ "type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" })
        }
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::Whole(least, most) => json!({ "type": "integer", "minimum": least, "maximum": most }),
        Kind::Number => json!({ "type": "number" }),
        Kind::List(items, length) => list(holding(items, Need::Required), *length, need),
        Kind::Group(record) => reference(record.name),
        Kind::Groups(records) => {
            let each = records.iter().map(|record| reference(record.name));
            let items = match records {
                [record] => reference(record.name),
                _ => any_of(each),
            };
            list(items, Length::Any, need)
        }
    }
}

fn formed(form: &Form) -> Value {
    match form.bare {
        None => json!({ "type": "string", "pattern": form.pattern }),
        // A bound is for numbers alone, a pattern for text alone.
        Some((least, most)) => json!({
            "type": ["string", "integer"],
            "pattern": form.pattern,
            "minimum": least,
            "maximum": most,
        }),
    }
}

fn list(items: Value, length: Length, need: Need) -> Value {
    let (fewest, most) = match (length, need) {
        (Length::Between(fewest, most), _) => (Some(fewest), Some(most)),
        (Length::Any, Need::Required) => (Some(1), None),
        (Length::Any, Need::Optional) => (None, None),
    };
    let fewest = fewest.map(|count| ("minItems", json!(count)));
    let most = most.map(|count| ("maxItems", json!(count)));
    let schema = json!({ "type": "array", "items": items });
    with(schema, fewest.into_iter().chain(most))
}
