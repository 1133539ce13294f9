//! What each text file of a clinic may hold, as data: every key with its kind, whether it
//! must be there, and what it is for. Editors' tools are made from this one description.
//! It stands apart from the readers, which say more than a shape can; `tests/schema.rs`
//! puts generated files before both and fails when they differ. It reads no file.

mod article;
mod booking;
mod clinic;
mod decap;
mod editors;
mod example;
mod forms;
mod front_matter;
mod json;
mod shared;
mod taplo;
mod triage;
mod yaml;

pub use decap::decap;
pub use editors::Choices;
pub use example::example;
pub use forms::Form;
pub use front_matter::front_matter;
pub use json::{address, json_schema, pretty};
pub use taplo::taplo;

use crate::document::Known;

/// One kind of file.
#[derive(Debug, Clone, Copy)]
pub struct Schema {
    /// The name that `signpost schema` takes; also that of the written file.
    pub name: &'static str,
    /// Which files it describes, as a pattern from the content folder on.
    pub files: &'static str,
    /// How they are written.
    pub format: Format,
    /// What they hold.
    pub record: &'static Record,
}

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// All of it is TOML.
    Toml,
    /// YAML between two lines of `---`, then Markdown.
    FrontMatter,
}

/// A group of keys.
#[derive(Debug)]
pub struct Record {
    /// Its name within a schema; once in each.
    pub name: &'static str,
    /// What an editor would call it.
    pub title: &'static str,
    /// What it is, in one or two sentences.
    pub description: &'static str,
    /// Its keys, in the order in which a person writes them.
    pub keys: &'static [Key],
    /// Of each of these lists one key must be there.
    pub one_of: &'static [&'static [&'static str]],
}

/// A key of a record.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// The key as it is written.
    pub name: &'static str,
    /// Whether it may be left out.
    pub need: Need,
    /// What stands behind it.
    pub kind: Kind,
    /// What it is for, in one or two sentences.
    pub description: &'static str,
    /// A value that a reader accepts: the only one, or the items of a list. Empty for groups of keys, whose keys have
    /// examples of their own. All examples together are a small clinic, but for the author of its article.
    pub example: &'static [&'static str],
}

/// Whether a key may be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// It must be there, and hold something.
    Required,
    /// It may be left out or be empty.
    Optional,
}

impl Key {
    /// A key that must be there.
    pub const fn required(
        name: &'static str,
        kind: Kind,
        description: &'static str,
        example: &'static [&'static str],
    ) -> Self {
        Self {
            name,
            need: Need::Required,
            kind,
            description,
            example,
        }
    }

    /// A key that may be left out.
    pub const fn optional(
        name: &'static str,
        kind: Kind,
        description: &'static str,
        example: &'static [&'static str],
    ) -> Self {
        Self {
            need: Need::Optional,
            ..Self::required(name, kind, description, example)
        }
    }
}

/// What stands behind a key.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// Text of one line or a few sentences.
    Text,
    /// Text in a form that can be checked.
    Form(&'static Form),
    /// The name of a record that stands elsewhere, or that is being named here.
    Id(Shelf),
    /// One of these words, in the order to show them.
    Word(fn() -> Vec<&'static str>),
    /// A day, `YYYY-MM-DD`.
    Date,
    /// `true` or `false`.
    Flag,
    /// A whole number between two bounds, both included.
    Whole(i64, i64),
    /// A number, maybe with a fraction.
    Number,
    /// A list of single values or of lists.
    List(&'static Kind, Length),
    /// One group of keys.
    Group(&'static Record),
    /// A list of groups, each of which is one of these.
    Groups(&'static [&'static Record]),
}

/// How many items a list has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    /// As many as there are; one at least if the key must be there.
    Any,
    /// From the first number to the second.
    Between(usize, usize),
}

/// Where the record with an id stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shelf {
    /// Here: the record is being named.
    Here,
    /// `articles/`.
    Articles,
    /// `clinic/topics.toml`.
    Topics,
    /// `clinic/people.toml`.
    People,
    /// `clinic/services.toml`.
    Services,
    /// `clinic/protocols/`.
    Complaints,
    /// `clinic/findings.toml`, or the protocol that is named beside it.
    Findings,
    /// `clinic/measures.toml`.
    Measures,
}

/// Every kind of file, in the order of the documentation.
pub static ALL: &[Schema] = &[
    front("article", "articles/**/*.md", &article::ARTICLE),
    front("page-text", "clinic/pages/*.md", &article::PAGE_TEXT),
    toml("clinic", "clinic/clinic.toml", &clinic::CLINIC),
    toml("people", "clinic/people.toml", &clinic::PEOPLE),
    toml("topics", "clinic/topics.toml", &clinic::TOPICS),
    toml("services", "clinic/services.toml", &booking::SERVICES),
    toml("copays", "clinic/copays.toml", &booking::COPAYS),
    toml("booking", "clinic/booking.toml", &booking::BOOKING),
    toml("campaigns", "clinic/campaigns.toml", &booking::CAMPAIGNS),
    toml("protocol", "clinic/protocols/*.toml", &triage::PROTOCOL),
    toml("findings", "clinic/findings.toml", &triage::FINDINGS),
    toml("measures", "clinic/measures.toml", &shared::MEASURES),
    toml(
        "emergency-words",
        "clinic/emergency-words.toml",
        &shared::EMERGENCY_WORDS,
    ),
    toml("synonyms", "clinic/synonyms.toml", &shared::SYNONYMS),
    toml("glossary", "clinic/glossary.toml", &shared::GLOSSARY),
];

const fn front(name: &'static str, files: &'static str, record: &'static Record) -> Schema {
    Schema {
        name,
        files,
        format: Format::FrontMatter,
        record,
    }
}

const fn toml(name: &'static str, files: &'static str, record: &'static Record) -> Schema {
    Schema {
        name,
        files,
        format: Format::Toml,
        record,
    }
}

/// The kind of file with a name.
pub fn named(name: &str) -> Option<&'static Schema> {
    ALL.iter().find(|schema| schema.name == name)
}

/// The words of a fixed list, in the order to show them.
fn words<T: Known>() -> Vec<&'static str> {
    T::ALL.iter().map(|(word, _)| *word).collect()
}

const TEXTS: Kind = Kind::List(&Kind::Text, Length::Any);
