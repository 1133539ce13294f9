//! JSON values as YAML that a person can read: keys and items in lines of their own, every
//! text in quotes. It stands apart because it knows nothing of what it writes, and it writes
//! no anchors, no tags and no bare text, so nothing depends on a version of YAML.

use serde_json::Value;

/// The value in block style, with a line break at its end.
pub(super) fn yaml(value: &Value) -> String {
    let mut text = String::new();
    block(&mut text, value, 0);
    text
}

fn block(text: &mut String, value: &Value, depth: usize) {
    let indent = "  ".repeat(depth);
    match value {
        Value::Object(keys) => {
            for (at, (key, value)) in keys.iter().enumerate() {
                // The first key of an item stands behind its hyphen.
                if at > 0 || !text.ends_with("- ") {
                    text.push_str(&indent);
                }
                text.push_str(key);
                text.push(':');
                behind(text, value, depth + 1);
            }
        }
        Value::Array(items) => {
            for item in items {
                text.push_str(&indent);
                text.push_str("- ");
                match item {
                    Value::Object(keys) if !keys.is_empty() => block(text, item, depth + 1),
                    _ => {
                        text.push_str(&item.to_string());
                        text.push('\n');
                    }
                }
            }
        }
        single => {
            text.push_str(&single.to_string());
            text.push('\n');
        }
    }
}

fn behind(text: &mut String, value: &Value, depth: usize) {
    let is_short = match value {
        Value::Object(keys) => keys.is_empty(),
        // A list of single values is as readable on one line.
        Value::Array(items) => items.iter().all(|item| !item.is_object()),
        _ => true,
    };
    if is_short {
        text.push_str(&format!(" {value}\n"));
    } else {
        text.push('\n');
        block(text, value, depth);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::super::document::{Value as Read, from_yaml};
    use super::*;
    use crate::file::SourceFile;

    #[test]
    fn groups_stand_in_lines_and_lists_of_single_values_on_one() {
        let value = json!({
            "a": { "b": "no", "c": [1, "x: y"] },
            "d": [{ "e": true, "f": [{ "g": "\"" }] }, {}],
        });
        let expected = "a:\n  b: \"no\"\n  c: [1,\"x: y\"]\nd:\n  - e: true\n    f:\n      - g: \"\\\"\"\n  - {}\n";
        assert_eq!(yaml(&value), expected);
        let file = SourceFile::new("a.md", expected);
        let (root, faults) = from_yaml(&file, 0..expected.len());
        assert!(faults.is_empty(), "{faults:?}");
        assert!(matches!(root.map(|root| root.value), Some(Read::Map(keys)) if keys.len() == 2));
    }
}
