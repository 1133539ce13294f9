//! Documents that are made from a schema: whole, and with one thing changed.

use serde_json::{Value, json};
use signpost::schema::{Key, Kind, Length, Need, Record, Schema, example};

/// A key that no record has, and that is near to none.
pub const STRANGER: &str = "qqqqqqqqqqqqqqqq";

/// A place in a document where the keys of a record stand.
pub struct Site {
    /// Where, as a JSON pointer into the example.
    pub pointer: String,
    /// The record.
    pub record: &'static Record,
    /// All records that may stand there, the record among them.
    pub allowed: Vec<&'static Record>,
}

/// A document with one thing changed.
pub struct Variant {
    /// What was changed, for messages.
    pub change: String,
    /// The document.
    pub document: Value,
}

/// Every place of a schema's example where a record stands, outer before inner.
pub fn sites(schema: &Schema) -> Vec<Site> {
    let mut sites = Vec::new();
    walk(
        String::new(),
        schema.record,
        vec![schema.record],
        &mut sites,
    );
    sites
}

fn walk(
    pointer: String,
    record: &'static Record,
    allowed: Vec<&'static Record>,
    sites: &mut Vec<Site>,
) {
    for key in record.keys {
        let below = format!("{pointer}/{}", key.name);
        match key.kind {
            Kind::Group(inner) => walk(below, inner, vec![inner], sites),
            Kind::Groups(records) => {
                for (at, inner) in records.iter().enumerate() {
                    walk(format!("{below}/{at}"), inner, records.to_vec(), sites);
                }
            }
            _ => {}
        }
    }
    sites.push(Site {
        pointer,
        record,
        allowed,
    });
}

/// The whole example with one key that nobody asked for.
pub fn with_stranger(schema: &Schema, site: &Site) -> Variant {
    changed(schema, site, STRANGER, Some(json!("x")))
}

/// Every change of one key at one place.
pub fn variants(schema: &Schema, site: &Site) -> Vec<Variant> {
    let mut variants = vec![with_stranger(schema, site)];
    for key in site.record.keys {
        variants.push(changed(schema, site, key.name, None));
        for value in values(key) {
            variants.push(changed(schema, site, key.name, Some(value)));
        }
    }
    for names in site.record.one_of {
        let mut document = example(schema.record);
        let keys = keys_at(&mut document, &site.pointer);
        names.iter().for_each(|name| drop(keys.remove(*name)));
        let change = format!("{} without any of {}", site.pointer, names.join(", "));
        variants.push(Variant { change, document });
    }
    variants
}

fn changed(schema: &Schema, site: &Site, key: &str, value: Option<Value>) -> Variant {
    let mut document = example(schema.record);
    let keys = keys_at(&mut document, &site.pointer);
    let pointer = format!("{}/{key}", site.pointer);
    let change = match value {
        None => {
            keys.remove(key);
            format!("without {pointer}")
        }
        Some(value) => {
            let change = format!("{pointer} = {value}");
            keys.insert(key.to_owned(), value);
            change
        }
    };
    Variant { change, document }
}

fn keys_at<'a>(document: &'a mut Value, pointer: &str) -> &'a mut serde_json::Map<String, Value> {
    let found = document
        .pointer_mut(pointer)
        .expect("the example has this place");
    found.as_object_mut().expect("a record has keys")
}

/// Values to try behind a key: sound ones, wrong ones, wrong shapes, and nothing.
fn values(key: &Key) -> Vec<Value> {
    let mut values = match key.kind {
        Kind::List(items, length) => lists(items, length, key.need),
        Kind::Group(_) => vec![json!("x"), json!(["x"]), json!([])],
        Kind::Groups(_) => vec![
            json!("x"),
            json!({ "a": "b" }),
            json!(["x"]),
            json!([["x"]]),
            json!([]),
        ],
        single => of_single(&single),
    };
    values.push(json!(""));
    values
}

fn of_single(kind: &Kind) -> Vec<Value> {
    let mut values = vec![json!(["x"]), json!({ "a": "b" })];
    match kind {
        Kind::Form(form) => {
            let texts = form.accepted.iter().chain(form.refused);
            values.extend(texts.map(|text| json!(text)));
            if let Some((least, most)) = form.bare {
                values.extend([least, most, most + 1].map(|number| json!(number)));
                values.push(json!(least - 1));
            }
        }
        Kind::Id(_) => values.extend(["a", "A", "a_b", "a--b", "-a"].map(|text| json!(text))),
        Kind::Word(words) => {
            values.extend(words().into_iter().map(|word| json!(word)));
            values.extend(["nonsense", "AMA", "Video"].map(|text| json!(text)));
        }
        Kind::Date => values
            .extend(["2026-02-28", "2026-02-30", "28.2.2026", "2026-2-3"].map(|text| json!(text))),
        Kind::Flag => values.extend([json!(true), json!(false), json!("perhaps"), json!(1)]),
        Kind::Whole(least, most) => {
            values.extend([least - 1, *least, *most, most + 1].map(|number| json!(number)));
            values.extend([json!(1.5), json!("many")]);
        }
        Kind::Number => values.push(json!("much")),
        Kind::Text => values.push(json!("Some text: with signs")),
        Kind::List(..) | Kind::Group(_) | Kind::Groups(_) => unreachable!("no single value"),
    }
    values
}

fn lists(items: &Kind, length: Length, need: Need) -> Vec<Value> {
    let mut values = vec![
        json!("x"),
        json!({ "a": "b" }),
        json!([{ "a": "b" }]),
        json!([]),
    ];
    match items {
        Kind::List(..) => values.push(json!(["x"])),
        single => values.extend(of_single(single).into_iter().map(|item| json!([item]))),
    }
    if let Length::Between(fewest, most) = length {
        assert_eq!(need, Need::Required);
        let several = |count| Value::Array(vec![json!("One sentence."); count]);
        values.extend([fewest - 1, fewest, most, most + 1].map(several));
    }
    values
}
