//! Structured text (YAML front matter and TOML files) as one tree of nodes that
//! keep their place. It stands apart from the typed records because a tree lets
//! a reader report every fault of a file in one run, where a deserializer would
//! stop at the first; and because scalars keep the very text that was typed, so
//! a code such as `250.00` stays what it is.

mod due;
mod fields;
mod placeholder;
mod suggest;
mod toml;
mod yaml;

pub use due::due_too_early;
pub use fields::{Fields, Known};
pub use placeholder::{Notes, Standing, UNSET_DAY, placeholders, placeholders_of};
pub use suggest::nearest;
pub use toml::from_toml;
pub use yaml::{FrontMatter, from_yaml, split_front_matter};

use crate::file::Span;

/// One value of a document and the bytes that hold it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// The bytes of the value in its file.
    pub span: Span,
    /// What the value is.
    pub value: Value,
}

/// The three shapes of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Nothing: an empty YAML value, `null`, or an empty string; the same as leaving the key out.
    Empty,
    /// Text, number, date or truth value, as typed and without its quotes. Never empty.
    Scalar(String),
    /// Items in the order of the file.
    List(Vec<Node>),
    /// Keys in the order of the file, each once.
    Map(Vec<Entry>),
}

/// A key and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The key as typed.
    pub key: String,
    /// The bytes of the key in its file.
    pub key_span: Span,
    /// What stands behind it.
    pub node: Node,
}

impl Value {
    /// What an author would call this shape.
    pub fn shape(&self) -> &'static str {
        match self {
            Self::Empty => "nothing",
            Self::Scalar(_) => "a single value",
            Self::List(_) => "a list",
            Self::Map(_) => "a group of keys",
        }
    }
}
