//! TOML text to a tree of nodes. Only the shape changes here: dates, numbers and
//! truth values keep their text, and the typed records decide what they mean.

use ::toml::Spanned;
use ::toml::de::{DeTable, DeValue};

use super::{Entry, Node, Value};
use crate::diagnostic::{Code, Diagnostic};
use crate::file::{SourceFile, Span};

/// Reads a whole TOML file into a map node, keys in the order of the file.
///
/// # Diagnostics
/// `syntax` and `key-duplicate`, for the author; the node holds what could be read.
pub fn from_toml(file: &SourceFile) -> (Node, Vec<Diagnostic>) {
    let (table, errors) = DeTable::parse_recoverable(file.text());
    let diagnostics = errors.iter().map(|error| told(file, error)).collect();
    (map(table.get_ref(), table.span()), diagnostics)
}

fn told(file: &SourceFile, error: &::toml::de::Error) -> Diagnostic {
    let offset = error.span().map_or(0, |span| span.start);
    let message = error.message().lines().collect::<Vec<_>>().join(", ");
    if message.contains("duplicate key") {
        return Diagnostic::new(
            Code::KeyDuplicate,
            file.place(offset),
            "this key stands twice in its table",
        )
        .help("keep one of the two, or start a new table with its [heading]");
    }
    Diagnostic::new(
        Code::Syntax,
        file.place(offset),
        format!("this is not valid TOML: {message}"),
    )
    .help("text stands in double quotes, and a list in [square brackets] with commas")
}

fn map(table: &DeTable<'_>, span: Span) -> Node {
    let mut entries: Vec<Entry> = table
        .iter()
        .map(|(key, value)| Entry {
            key: key.get_ref().to_string(),
            key_span: key.span(),
            node: node(value),
        })
        .collect();
    entries.sort_by_key(|entry| entry.key_span.start);
    Node {
        span,
        value: Value::Map(entries),
    }
}

fn node(value: &Spanned<DeValue<'_>>) -> Node {
    let span = value.span();
    let value = match value.get_ref() {
        DeValue::String(text) if text.trim().is_empty() => Value::Empty,
        DeValue::String(text) => Value::Scalar(text.to_string()),
        DeValue::Integer(number) => Value::Scalar(number.to_string()),
        DeValue::Float(number) => Value::Scalar(number.to_string()),
        DeValue::Boolean(truth) => Value::Scalar(truth.to_string()),
        DeValue::Datetime(date) => Value::Scalar(date.to_string()),
        DeValue::Array(items) => Value::List(items.iter().map(node).collect()),
        DeValue::Table(table) => return map(table, span),
    };
    Node { span, value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_their_text_and_their_place() {
        let file = SourceFile::new(
            "clinic/a.toml",
            "b = 2500\na = 2026-01-01\n[[item]]\nid = \"x\"\n",
        );
        let (node, diagnostics) = from_toml(&file);
        assert!(diagnostics.is_empty());
        let Value::Map(entries) = node.value else {
            panic!("a table")
        };
        let keys: Vec<_> = entries.iter().map(|entry| entry.key.as_str()).collect();
        assert_eq!(keys, ["b", "a", "item"]);
        assert_eq!(entries[1].node.value, Value::Scalar("2026-01-01".into()));
        assert_eq!(
            file.place(entries[1].node.span.start).to_string(),
            "clinic/a.toml:2:5"
        );
    }

    #[test]
    fn a_fault_is_told_at_its_line_and_the_rest_is_still_read() {
        let file = SourceFile::new("clinic/a.toml", "a = 1\nb = nope\nc = 3\n");
        let (_, diagnostics) = from_toml(&file);
        assert_eq!(diagnostics.len(), 1);
        assert_eq!(diagnostics[0].place.line, 2);
        assert_eq!(diagnostics[0].code, Code::Syntax);
    }
}
