//! `frontmatter.json`: forms for the Front Matter extension of VS Code. It leaves out groups in
//! lists, such as sources: the extension marks each of them with a key of its own, which
//! `check` refuses. They stay in the file as they are and are edited there.

use serde_json::{Value, json};

use super::editors::{Choices, folder, label, shelf_label};
use super::json::with;
use super::{ALL, Format, Key, Kind, Need, Record, Schema};

/// The settings of the extension for a clinic's articles and pages.
pub fn front_matter(choices: &Choices) -> Value {
    let schemas = || {
        ALL.iter()
            .filter(|schema| schema.format == Format::FrontMatter)
    };
    json!({
        "$schema": "https://frontmatter.codes/frontmatter.schema.json",
        "frontMatter.framework.id": "other",
        "frontMatter.content.pageFolders": schemas().map(page_folder).collect::<Vec<_>>(),
        "frontMatter.content.publicFolder": { "path": "articles", "relative": true },
        "frontMatter.content.draftField": { "name": "draft", "type": "boolean" },
        "frontMatter.content.snippets": snippets(),
        "frontMatter.preview.host": "http://127.0.0.1:8080",
        // Our file names are addresses, so no day stands before them.
        "frontMatter.templates.prefix": "",
        "frontMatter.taxonomy.contentTypes": schemas().map(|schema| content_type(schema, choices)).collect::<Vec<_>>(),
        "frontMatter.taxonomy.dateFormat": "yyyy-MM-dd",
        "frontMatter.taxonomy.seoDescriptionField": "description",
        "frontMatter.taxonomy.seoDescriptionLength": 160,
    })
}

fn page_folder(schema: &Schema) -> Value {
    json!({
        "title": shelf_label(schema),
        "path": format!("[[workspace]]/{}", folder(schema)),
        "contentTypes": [schema.name],
    })
}

fn content_type(schema: &Schema, choices: &Choices) -> Value {
    json!({
        "name": schema.name,
        "fileType": "md",
        "pageBundle": false,
        "fields": fields(schema.record, choices),
    })
}

/// A picture stands in the article's own folder and is named by its file alone.
fn snippets() -> Value {
    json!({
        "Picture": {
            "description": "A picture with words for those who don't see it, and a caption",
            "isMediaSnippet": true,
            "openingTags": "{{",
            "closingTags": "}}",
            "body": "![{{&alt}}]({{&filename}} \"{{&caption}}\")",
        }
    })
}

fn fields(record: &Record, choices: &Choices) -> Vec<Value> {
    let keys = record.keys.iter();
    keys.filter_map(|key| field(key, choices)).collect()
}

fn field(key: &Key, choices: &Choices) -> Option<Value> {
    let field = [
        ("name", json!(key.name)),
        ("title", json!(label(key))),
        ("description", json!(key.description)),
        ("required", json!(key.need == Need::Required)),
    ];
    let role = match key.name {
        "draft" => Some(("type", json!("draft"))),
        "published_on" => Some(("isPublishDate", json!(true))),
        "updated_on" => Some(("isModifiedDate", json!(true))),
        _ => None,
    };
    let kind = kind(&key.kind, choices)?;
    Some(with(kind, field.into_iter().chain(role)))
}

fn kind(kind: &Kind, choices: &Choices) -> Option<Value> {
    Some(match kind {
        Kind::Text | Kind::Form(_) => json!({ "type": "string" }),
        Kind::Id(shelf) => match choices.on(*shelf) {
            Some(choices) => choice(choices),
            None => json!({ "type": "string", "single": true }),
        },
        Kind::Word(words) => json!({ "type": "choice", "choices": words() }),
        Kind::Date => json!({ "type": "datetime", "dateFormat": "yyyy-MM-dd" }),
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::Whole(least, most) => {
            json!({ "type": "number", "numberOptions": { "min": least, "max": most, "step": 1 } })
        }
        Kind::Number => json!({ "type": "number", "numberOptions": { "isDecimal": true } }),
        Kind::List(Kind::Id(shelf), _) if choices.on(*shelf).is_some() => with(
            choice(choices.on(*shelf).unwrap_or_default()),
            [("multiple", json!(true))],
        ),
        Kind::List(..) => json!({ "type": "list" }),
        Kind::Group(record) => json!({ "type": "fields", "fields": fields(record, choices) }),
        Kind::Groups(_) => return None,
    })
}

fn choice(choices: &[(String, String)]) -> Value {
    let choices = choices.iter();
    let choices = choices.map(|(id, name)| json!({ "id": id, "title": name }));
    json!({ "type": "choice", "choices": choices.collect::<Vec<_>>() })
}
