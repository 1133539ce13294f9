//! `editors/decap/config.yml`: forms in a browser, by Decap CMS or Sveltia CMS, which read the
//! same settings. On this machine both work on the folder itself; the repository that is
//! named is a placeholder that only a hosted editor would need.

use serde_json::{Value, json};

use super::editors::{Choices, folder, label, shelf_label};
use super::json::with;
use super::yaml::yaml;
use super::{ALL, Form, Format, Key, Kind, Length, Need, Record, Schema};

/// The text of the settings for a clinic's articles and pages.
pub fn decap(choices: &Choices) -> String {
    let schemas = ALL
        .iter()
        .filter(|schema| schema.format == Format::FrontMatter);
    let settings = json!({
        "backend": { "name": "github", "repo": "owner/repository", "branch": "main" },
        "local_backend": true,
        "publish_mode": "editorial_workflow",
        "media_folder": "articles",
        "public_folder": "/articles",
        "slug": { "encoding": "ascii", "clean_accents": true },
        "collections": schemas.map(|schema| collection(schema, choices)).collect::<Vec<_>>(),
    });
    format!(
        "# Written by `signpost schema --all .`\n{}",
        yaml(&settings)
    )
}

fn collection(schema: &Schema, choices: &Choices) -> Value {
    let mut fields = fields(schema.record, choices, Need::Required);
    // As text: the rich editor would not know our blocks.
    fields.push(json!({ "name": "body", "label": "Text", "widget": "markdown", "modes": ["raw"] }));
    json!({
        "name": schema.name,
        "label": shelf_label(schema),
        "label_singular": schema.record.title,
        "description": schema.record.description,
        "folder": folder(schema),
        "create": schema.name == "article",
        "delete": false,
        "extension": "md",
        "format": "yaml-frontmatter",
        "identifier_field": "title",
        "slug": "{{slug}}",
        // Pictures stand beside the article and are named by their file alone.
        "media_folder": "{{slug}}",
        "public_folder": "",
        "fields": fields,
    })
}

/// The fields of a group. In a group that may be left out no field is insisted on, or it could not be.
fn fields(record: &Record, choices: &Choices, need: Need) -> Vec<Value> {
    let keys = record.keys.iter();
    keys.map(|key| field(key, choices, need)).collect()
}

fn field(key: &Key, choices: &Choices, outer: Need) -> Value {
    let required = key.need == Need::Required && outer == Need::Required;
    let field = [
        ("name", json!(key.name)),
        ("label", json!(label(key))),
        ("hint", json!(key.description)),
        ("required", json!(required)),
    ];
    with(widget(&key.kind, choices, key.need), field)
}

fn widget(kind: &Kind, choices: &Choices, need: Need) -> Value {
    match kind {
        Kind::Text => json!({ "widget": "string" }),
        Kind::Form(form) => formed(form),
        Kind::Id(shelf) => match choices.on(*shelf) {
            Some(choices) => select(choices),
            None => formed(&super::forms::ID),
        },
        Kind::Word(words) => json!({ "widget": "select", "options": words() }),
        Kind::Date => {
            json!({ "widget": "datetime", "format": "YYYY-MM-DD", "date_format": "YYYY-MM-DD", "time_format": false, "default": "" })
        }
        Kind::Flag => json!({ "widget": "boolean", "default": false }),
        Kind::Whole(least, most) => {
            json!({ "widget": "number", "value_type": "int", "min": least, "max": most })
        }
        Kind::Number => json!({ "widget": "number", "value_type": "float" }),
        Kind::List(items, length) => list(items, *length, choices),
        Kind::Group(record) => {
            json!({ "widget": "object", "collapsed": true, "fields": fields(record, choices, need) })
        }
        Kind::Groups([record]) => {
            json!({ "widget": "list", "collapsed": true, "fields": fields(record, choices, Need::Required) })
        }
        Kind::Groups(records) => {
            let types = records.iter().flat_map(|record| types(record, choices));
            json!({ "widget": "list", "typeKey": "type", "types": types.collect::<Vec<_>>() })
        }
    }
}

fn formed(form: &Form) -> Value {
    json!({ "widget": "string", "pattern": [form.pattern, format!("expected {}", form.expected)] })
}

fn select(choices: &[(String, String)]) -> Value {
    let options = choices.iter();
    let options = options.map(|(id, name)| json!({ "label": name, "value": id }));
    json!({ "widget": "select", "options": options.collect::<Vec<_>>() })
}

/// Items in fields of their own, because a comma may be part of a name.
fn list(items: &Kind, length: Length, choices: &Choices) -> Value {
    let list = match items {
        Kind::Id(shelf) if choices.on(*shelf).is_some() => with(
            select(choices.on(*shelf).unwrap_or_default()),
            [("multiple", json!(true))],
        ),
        items => {
            let item = [("name", json!("item")), ("label", json!("Item"))];
            let item = with(widget(items, choices, Need::Required), item);
            json!({ "widget": "list", "field": item })
        }
    };
    match length {
        Length::Between(fewest, most) => with(list, [("min", json!(fewest)), ("max", json!(most))]),
        Length::Any => list,
    }
}

/// One type for each word behind `type`: the editor writes that word itself.
fn types(record: &Record, choices: &Choices) -> Vec<Value> {
    let words = record.keys.iter().find_map(|key| match key.kind {
        Kind::Word(words) if key.name == "type" => Some(words()),
        _ => None,
    });
    let fields: Vec<Value> = fields(record, choices, Need::Required)
        .into_iter()
        .filter(|field| field.get("name") != Some(&json!("type")))
        .collect();
    let each = words.unwrap_or_default().into_iter();
    each.map(|word| json!({ "name": word, "label": word, "widget": "object", "fields": fields }))
        .collect()
}
