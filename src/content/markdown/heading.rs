//! Headings: their levels, their ids, and the ids that the page itself uses.
//! An id is an address that others link to, so it must be stable and stand once.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic};
use crate::file::SourceFile;

/// Longest heading, in characters. Source: `specs/editorial-checks.md`.
pub const MAX_HEADING_CHARS: usize = 65;

/// Ids that every article page uses for its own parts.
pub const RESERVED_IDS: [&str; 17] = [
    "main",
    "key-takeaways",
    "care",
    "care-emergency",
    "care-urgent",
    "care-soon",
    "care-self-care",
    "jump-to",
    "book",
    "questions",
    "faq",
    "sources",
    "medical-words",
    "care-sources",
    "editorial-process",
    "related",
    "about-this-page",
];

/// How the ids of explained terms begin, on articles and in the glossary.
const TERM_ID: &str = "term-";

/// A heading of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// 2 to 4.
    pub level: u8,
    /// The anchor, once on its page.
    pub id: String,
    /// The words, without markup.
    pub text: String,
}

/// Watches over the headings of one text.
pub(super) struct Outline<'a> {
    file: &'a SourceFile,
    last_level: u8,
    lines: BTreeMap<String, usize>,
}

impl<'a> Outline<'a> {
    pub(super) fn new(file: &'a SourceFile) -> Self {
        Self {
            file,
            last_level: 1,
            lines: BTreeMap::new(),
        }
    }

    /// Takes the next heading; `id` is the author's own, if any.
    pub(super) fn take(
        &mut self,
        level: u8,
        id: Option<&str>,
        text: &str,
        offset: usize,
    ) -> (Heading, Vec<Diagnostic>) {
        let id = id.map_or_else(|| slug::slugify(text), str::to_owned);
        let faults = [
            self.level_fault(level, text, offset),
            self.length_fault(text, offset),
            self.id_fault(&id, text, offset),
        ];
        self.last_level = level;
        let line = self.file.place(offset).line;
        self.lines.entry(id.clone()).or_insert(line);
        let heading = Heading {
            level,
            id,
            text: text.to_owned(),
        };
        (heading, faults.into_iter().flatten().collect())
    }

    fn fault(&self, code: Code, offset: usize, message: String) -> Diagnostic {
        Diagnostic::new(code, self.file.place(offset), message)
    }

    fn level_fault(&self, level: u8, text: &str, offset: usize) -> Option<Diagnostic> {
        let (message, help) = match level {
            1 => (
                format!("`{text}` is a second title"),
                "write `##`; the title stands in the front matter".to_owned(),
            ),
            5.. => (
                format!("`{text}` is a heading of level {level}, expected 2 to 4"),
                "write `####` at most".to_owned(),
            ),
            _ if level > self.last_level + 1 => (
                format!(
                    "`{text}` jumps from level {} to level {level}",
                    self.last_level
                ),
                format!("write `{}`", "#".repeat(usize::from(self.last_level) + 1)),
            ),
            _ => return None,
        };
        Some(self.fault(Code::HeadingLevel, offset, message).help(help))
    }

    fn length_fault(&self, text: &str, offset: usize) -> Option<Diagnostic> {
        let length = text.chars().count();
        let message = match length {
            0 => "a heading has no words".to_owned(),
            _ if length > MAX_HEADING_CHARS => {
                format!("the heading has {length} characters, expected at most {MAX_HEADING_CHARS}")
            }
            _ => return None,
        };
        Some(
            self.fault(Code::HeadingLength, offset, message)
                .help("say it in one short line"),
        )
    }

    fn id_fault(&self, id: &str, text: &str, offset: usize) -> Option<Diagnostic> {
        if let Some(line) = self.lines.get(id) {
            let message = format!("`{text}` has the id `{id}`, as the heading on line {line}");
            let help = "give each heading its own words, or an id: `## Words {#own-id}`";
            return Some(
                self.fault(Code::HeadingDuplicate, offset, message)
                    .help(help),
            );
        }
        if RESERVED_IDS.contains(&id) || is_numbered_part(id) || id.starts_with(TERM_ID) {
            let message = format!("`{text}` has the id `{id}`, which the page uses itself");
            let help = "use other words, or an id: `## Words {#own-id}`";
            return Some(
                self.fault(Code::HeadingDuplicate, offset, message)
                    .help(help),
            );
        }
        if text.is_empty() {
            return None; // told as a heading without words
        }
        if id.is_empty() {
            let message = format!("the words of `{text}` make no id");
            return Some(
                self.fault(Code::ValueWrong, offset, message)
                    .help("give it one: `## Words {#own-id}`"),
            );
        }
        let shaped = id
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        if shaped {
            return None;
        }
        let message = format!("the id `{id}` is not of lower-case letters, digits and hyphens");
        Some(
            self.fault(Code::ValueWrong, offset, message)
                .help("write it like `{#heat-and-cold}`"),
        )
    }
}

/// Whether an id is one that the page counts up itself, such as `source-1` or `cite-2-1`.
fn is_numbered_part(id: &str) -> bool {
    let name = id.trim_end_matches(|sign: char| sign.is_ascii_digit() || sign == '-');
    let parts = ["source", "cite", "footnote", "footnote-mark", "block"];
    name.len() < id.len() && parts.contains(&name)
}
