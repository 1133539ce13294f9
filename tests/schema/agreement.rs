//! Reader and schema accept and refuse the same: for every record the whole example, each key
//! left out, each key with values of right and wrong form and shape, and a key too many.

use std::collections::BTreeSet;
use std::fmt::{Display, Formatter};
use std::path::Path;

use jsonschema::Validator;
use serde_json::{Value, json};
use signpost::diagnostic::{Code, Diagnostic};
use signpost::document::{Node, Value as Shape, from_toml, from_yaml, split_front_matter};
use signpost::file::SourceFile;
use signpost::schema::{self, Format, Record, Schema, example, json_schema};

use crate::readers::{errors, file, is_of_shape};
use crate::variants::{STRANGER, Site, Variant, sites, variants, with_stranger};

/// What a schema accepts and a reader doesn't, with the reason. A row that no longer differs is told.
const BEYOND_A_SCHEMA: [(&str, &str, &str); 2] = [
    (
        "article",
        "/lang",
        "which languages there are stands in other files",
    ),
    (
        "protocol",
        "/self_care",
        "home care is needed only when the default level is self-care",
    ),
];

fn validator(schema: &Schema) -> Validator {
    let mut options = jsonschema::options();
    options = options.with_draft(jsonschema::Draft::Draft202012);
    options = options.should_validate_formats(true);
    options
        .build(&json_schema(schema))
        .expect("it is a sound JSON Schema")
}

#[test]
fn every_schema_is_sound_json_schema() {
    for schema in schema::ALL.iter() {
        let written = json_schema(schema);
        let found = jsonschema::meta::validate(&written);
        assert!(found.is_ok(), "{}: {:?}", schema.name, found.err());
    }
}

#[test]
fn the_examples_together_are_a_clinic_without_errors() {
    for schema in schema::ALL.iter() {
        let faults = errors(schema, &example(schema.record));
        assert!(faults.is_empty(), "{}: {}", schema.name, printed(&faults));
    }
}

#[test]
fn reader_and_schema_accept_and_refuse_the_same() {
    let mut differing = Vec::new();
    let mut tried = 0;
    for schema in schema::ALL.iter() {
        let validator = validator(schema);
        for variant in sites(schema).iter().flat_map(|site| variants(schema, site)) {
            tried += 1;
            differing.extend(difference(schema, &validator, variant));
        }
    }
    assert!(tried > 1000, "only {tried} documents were tried");
    for (name, place, reason) in BEYOND_A_SCHEMA {
        let before = differing.len();
        let is_expected = |found: &Difference| {
            found.schema == name && found.change.contains(place) && found.told.is_none()
        };
        differing.retain(|found| !is_expected(found));
        assert!(
            differing.len() < before,
            "{name} {place} differs no more, though {reason}"
        );
    }
    let differing: Vec<String> = differing.iter().map(Difference::to_string).collect();
    assert!(
        differing.is_empty(),
        "{} of {tried} documents are judged differently; mend the key's line in src/schema/:\n{}",
        differing.len(),
        differing.join("\n")
    );
}

/// A document that only one of the two accepts.
struct Difference {
    schema: &'static str,
    change: String,
    /// What the reader tells of its shape.
    faults: Vec<Diagnostic>,
    /// What the validator tells.
    told: Option<String>,
}

impl Display for Difference {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        let faults = printed(&self.faults);
        let told = self.told.as_deref().unwrap_or("accepts it");
        let faults = if faults.is_empty() {
            "accepts it"
        } else {
            &faults
        };
        writeln!(f, "{}: {}", self.schema, self.change)?;
        write!(f, "  the reader: {faults}\n  the schema: {told}")
    }
}

fn difference(schema: &Schema, validator: &Validator, variant: Variant) -> Option<Difference> {
    let faults = errors(schema, &variant.document).into_iter();
    let faults: Vec<Diagnostic> = faults.filter(is_of_shape).collect();
    let told = validator.validate(&variant.document).err();
    let told = told.map(|told| told.to_string());
    (faults.is_empty() != told.is_none()).then_some(Difference {
        schema: schema.name,
        change: variant.change,
        faults,
        told,
    })
}

#[test]
fn a_schema_has_exactly_the_keys_that_its_reader_asks_for() {
    let mut faults = Vec::new();
    for schema in schema::ALL.iter() {
        for site in &sites(schema) {
            faults.extend(differing_keys(schema, site));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn differing_keys(schema: &Schema, site: &Site) -> Vec<String> {
    let asked = asked(schema, site);
    let names = |record: &Record| -> BTreeSet<String> {
        record.keys.iter().map(|key| key.name.to_owned()).collect()
    };
    let own = names(site.record);
    let anywhere: BTreeSet<String> = site
        .allowed
        .iter()
        .flat_map(|record| names(record))
        .collect();
    let title = site.record.title.to_lowercase();
    let place = format!("{} ({}{})", title, schema.name, site.pointer);
    let missing = asked.difference(&anywhere).map(|key| {
        format!(
            "the reader of {place} asks for `{key}`, which its schema lacks: \
             add `Key::optional(\"{key}\", …)` to `keys` of the record \"{}\" in src/schema/, \
             then run `signpost schema --all .`",
            site.record.title
        )
    });
    let extra = own.difference(&asked).map(|key| {
        format!("no reader asks for `{key}` of {place}: take it from the record in src/schema/")
    });
    missing.chain(extra).collect()
}

/// The keys that the reader knows at a place: it lists them when it meets one that it doesn't.
fn asked(schema: &Schema, site: &Site) -> BTreeSet<String> {
    let faults = errors(schema, &with_stranger(schema, site).document);
    let is_ours = |fault: &&Diagnostic| {
        fault.code == Code::KeyUnknown && fault.message.contains(&format!("`{STRANGER}`"))
    };
    let found = faults.iter().find(is_ours);
    let found = found.unwrap_or_else(|| {
        panic!(
            "{}{}: a key too many is not told",
            schema.name, site.pointer
        )
    });
    let help = found.help.as_deref().unwrap_or_default();
    let list = help.strip_prefix("the keys are ").unwrap_or_default();
    list.split(", ")
        .filter(|key| !key.is_empty())
        .map(str::to_owned)
        .collect()
}

#[test]
fn a_schema_is_stricter_in_one_way_it_wants_text_in_quotes_and_numbers_without() {
    let rows = [
        ("article", "/title", json!(2026)),
        ("article", "/codes/0/code", json!(250.5)),
        ("article", "/draft", json!("true")),
        ("article", "/sources/0/pmid", json!(37685576)),
        ("booking", "/keep_days", json!("90")),
        ("measures", "/measure/0/least", json!("80")),
        ("findings", "/finding/0/call", json!(911)),
    ];
    for (name, pointer, value) in rows {
        let schema = schema::named(name).expect("there is such a schema");
        let mut document = example(schema.record);
        *document.pointer_mut(pointer).expect("the example has it") = value;
        assert!(errors(schema, &document).is_empty(), "{name} {pointer}");
        assert!(!validator(schema).is_valid(&document), "{name} {pointer}");
    }
}

#[test]
fn the_files_of_the_repository_fit_their_schemas() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let tree = signpost::disk::read_tree(root).expect("the repository can be read");
    let mut faults = Vec::new();
    for schema in schema::ALL.iter() {
        let validator = validator(schema);
        let files: Vec<&SourceFile> = tree
            .texts
            .iter()
            .filter(|file| is_one_of(file.path(), schema.files))
            .collect();
        assert!(!files.is_empty(), "no file is `{}`", schema.files);
        for file in files {
            let document = document(schema, file);
            let told = validator.iter_errors(&document);
            faults.extend(
                told.map(|told| format!("{}: {}: {told}", file.path(), told.instance_path())),
            );
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Whether a path fits a pattern with `*` for a name and `**/` for any folders.
fn is_one_of(path: &str, pattern: &str) -> bool {
    match pattern
        .split_once("**/*")
        .or_else(|| pattern.split_once('*'))
    {
        None => path == pattern,
        Some((folder, end)) => path.starts_with(folder) && path.ends_with(end),
    }
}

/// A file as an editor's own parser would give it.
fn document(schema: &Schema, file: &SourceFile) -> Value {
    let root = match schema.format {
        Format::Toml => from_toml(file).0,
        Format::FrontMatter => {
            let parts = split_front_matter(file).expect("it has front matter");
            from_yaml(file, parts.yaml).0.expect("it holds keys")
        }
    };
    json_of(file, &root)
}

fn json_of(file: &SourceFile, node: &Node) -> Value {
    match &node.value {
        Shape::Empty => Value::Null,
        Shape::List(items) => items.iter().map(|item| json_of(file, item)).collect(),
        Shape::Map(entries) => {
            let keys = entries
                .iter()
                .map(|entry| (entry.key.clone(), json_of(file, &entry.node)));
            Value::Object(keys.collect())
        }
        Shape::Scalar(text) => {
            let is_quoted = file.text()[node.span.start..].starts_with(['"', '\'', '|', '>']);
            let bare = (!is_quoted)
                .then(|| serde_json::from_str(text).ok())
                .flatten();
            bare.unwrap_or_else(|| json!(text))
        }
    }
}

#[test]
fn a_generated_file_reads_back_as_it_was_meant() {
    for schema in schema::ALL.iter() {
        let meant = example(schema.record);
        assert_eq!(
            document(schema, &file(schema, &meant)),
            meant,
            "{}",
            schema.name
        );
    }
}

fn printed(faults: &[Diagnostic]) -> String {
    let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
    lines.join("\n")
}
