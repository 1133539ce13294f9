//! What new files begin with, as pure texts: an article, a protocol with its first vignettes,
//! and records for the clinic's lists. It stands apart from the readers, which decide what
//! holds; it reads nothing and writes nothing, and whoever asks puts each text before them.

mod article;
mod protocol;
mod record;
mod source;

pub use article::NewArticle;
pub use protocol::{NewProtocol, SharedSign};
pub use record::{NewFee, NewPerson, NewService, appended};
pub use source::{Identifier, StartedSource};

/// A text in double quotes, as YAML and TOML both read it.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for sign in text.chars() {
        match sign {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            // YAML takes no control characters, and neither of these two.
            sign if sign.is_control() || matches!(sign, '\u{fffe}' | '\u{ffff}') => {
                out.push_str(&format!("\\u{:04x}", u32::from(sign)))
            }
            sign => out.push(sign),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Fields, from_toml, from_yaml};
    use crate::file::SourceFile;

    #[test]
    fn a_quoted_text_is_read_as_it_was() {
        let texts = [
            "a",
            "\"a\" \\ b: c # d",
            "é – '",
            "[x] {y}",
            "a\tb\u{7f}c",
            "a\u{fffe}\u{ffff}",
        ];
        for text in texts {
            let quoted = quoted(text);
            let toml = SourceFile::new("a.toml", format!("key = {quoted}\n"));
            let (root, faults) = from_toml(&toml);
            assert!(faults.is_empty(), "{faults:?}");
            let read = Fields::of(&toml, &root, "a record").text("key");
            assert_eq!(read.map(|read| read.value).as_deref(), Some(text));
            let yaml = SourceFile::new("a.md", format!("key: {quoted}\n"));
            let (root, faults) = from_yaml(&yaml, 0..yaml.text().len());
            let root = root.unwrap_or_else(|| panic!("{faults:?}"));
            let read = Fields::of(&yaml, &root, "a record").text("key");
            assert_eq!(read.map(|read| read.value).as_deref(), Some(text));
        }
    }
}
