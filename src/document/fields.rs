//! Reads a map node key by key into typed values, and tells every fault on the
//! way: a missing key, an unknown one, a wrong shape, a value that does not parse.
//! It stands apart so that no record can forget to refuse the keys it does not know.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::str::FromStr;

use jiff::civil::Date;

use super::{Entry, Node, Value, nearest};
use crate::diagnostic::{Code, Diagnostic};
use crate::file::{SourceFile, Spanned};

/// A value that is one of a fixed list of words, for messages that name the list.
pub trait Known: Sized + Copy + PartialEq + 'static {
    /// Every word, in the order to show them, with its value. Each value stands there once.
    const ALL: &'static [(&'static str, Self)];

    /// The word of the value, as files, forms and the ledger have it.
    fn word(self) -> &'static str {
        let found = Self::ALL.iter().find(|(_, known)| *known == self);
        found.map_or("", |(word, _)| word)
    }

    /// The value of a word.
    fn from_word(word: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|(known, _)| *known == word);
        found.map(|(_, value)| *value)
    }
}

/// One record being read. Call a reader for each key, then [`Fields::finish`].
pub struct Fields<'a> {
    file: &'a SourceFile,
    record: &'static str,
    offset: usize,
    /// Whether the node has keys at all; if not, that is told once and no key is missed.
    is_map: bool,
    entries: &'a [Entry],
    asked: BTreeSet<&'static str>,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Fields<'a> {
    /// Begins to read `node` as a record. `record` names it in messages, such as "an article".
    ///
    /// # Diagnostics
    /// `value-wrong`, for the author, if the node is no map; the record then reads as empty.
    pub fn of(file: &'a SourceFile, node: &'a Node, record: &'static str) -> Self {
        let mut fields = Self {
            file,
            record,
            offset: node.span.start,
            is_map: matches!(node.value, Value::Map(_)),
            entries: &[],
            asked: BTreeSet::new(),
            diagnostics: Vec::new(),
        };
        match &node.value {
            Value::Map(entries) => fields.entries = entries,
            other => {
                let message = format!("{record} needs keys, found {}", other.shape());
                fields.wrong(node.span.start, message);
            }
        }
        fields
    }

    /// Bytes from the start of the file to the record.
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// The file that is being read.
    pub fn file(&self) -> &'a SourceFile {
        self.file
    }

    /// Adds a fault that the caller found.
    pub fn tell(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Adds faults that the caller found.
    pub fn tell_all(&mut self, diagnostics: Vec<Diagnostic>) {
        self.diagnostics.extend(diagnostics);
    }

    fn wrong(&mut self, offset: usize, message: impl Into<String>) {
        let place = self.file.place(offset);
        self.tell(Diagnostic::new(Code::ValueWrong, place, message));
    }

    /// The node of a key that may be left out; an empty value counts as left out.
    pub fn optional(&mut self, key: &'static str) -> Option<&'a Node> {
        self.asked.insert(key);
        let entry = self.entries.iter().find(|entry| entry.key == key)?;
        (entry.node.value != Value::Empty).then_some(&entry.node)
    }

    /// The node of a key that must be there.
    pub fn required(&mut self, key: &'static str) -> Option<&'a Node> {
        let has_items =
            |node: &&Node| !matches!(&node.value, Value::List(items) if items.is_empty());
        let node = self.optional(key).filter(has_items);
        if node.is_none() && self.is_map {
            let empty = self.entries.iter().find(|entry| entry.key == key);
            let offset = empty.map_or(self.offset, |entry| entry.key_span.start);
            let verb = if empty.is_some() {
                "is empty"
            } else {
                "is missing"
            };
            let message = format!("{} needs `{key}`, which {verb}", self.record);
            let place = self.file.place(offset);
            let line = if self.file.path().ends_with(".md") {
                format!("`{key}: …`")
            } else {
                format!("`{key} = …`")
            };
            let fault = Diagnostic::new(Code::KeyMissing, place, message);
            let help = match empty {
                Some(_) => format!("write it on this line: {line}"),
                None => format!("add a line {line}"),
            };
            self.tell(fault.help(help));
        }
        node
    }

    /// Accepts the key name of another tool for ours, with a warning.
    pub fn renamed(&mut self, ours: &'static str, theirs: &[&'static str]) -> Option<&'static str> {
        if self.entries.iter().any(|entry| entry.key == ours) {
            return None;
        }
        let found = *theirs
            .iter()
            .find(|name| self.entries.iter().any(|entry| entry.key == **name))?;
        let entry = self.entries.iter().find(|entry| entry.key == found)?;
        let place = self.file.place(entry.key_span.start);
        self.tell(
            Diagnostic::new(
                Code::KeyRenamed,
                place,
                format!("`{found}` is read as `{ours}`"),
            )
            .help(format!("rename it to `{ours}`")),
        );
        Some(found)
    }

    /// Text that must be there.
    pub fn text(&mut self, key: &'static str) -> Option<Spanned<String>> {
        let node = self.required(key)?;
        self.scalar(key, node)
    }

    /// Text that may be left out.
    pub fn optional_text(&mut self, key: &'static str) -> Option<Spanned<String>> {
        let node = self.optional(key)?;
        self.scalar(key, node)
    }

    /// A parsed value that must be there. The error's text becomes the message.
    pub fn parsed<T>(&mut self, key: &'static str) -> Option<Spanned<T>>
    where
        T: FromStr,
        T::Err: Display,
    {
        let text = self.text(key)?;
        self.parse(key, text)
    }

    /// A parsed value that may be left out.
    pub fn optional_parsed<T>(&mut self, key: &'static str) -> Option<Spanned<T>>
    where
        T: FromStr,
        T::Err: Display,
    {
        let text = self.optional_text(key)?;
        self.parse(key, text)
    }

    /// A calendar date, `YYYY-MM-DD`, that must be there.
    pub fn date(&mut self, key: &'static str) -> Option<Spanned<Date>> {
        let text = self.text(key)?;
        self.parse_date(key, text)
    }

    /// A calendar date that may be left out.
    pub fn optional_date(&mut self, key: &'static str) -> Option<Spanned<Date>> {
        let text = self.optional_text(key)?;
        self.parse_date(key, text)
    }

    /// One of a fixed list of words that must be there.
    pub fn known<T: Known>(&mut self, key: &'static str) -> Option<Spanned<T>> {
        let text = self.text(key)?;
        self.choose(key, text)
    }

    /// One of a fixed list of words that may be left out.
    pub fn optional_known<T: Known>(&mut self, key: &'static str) -> Option<Spanned<T>> {
        let text = self.optional_text(key)?;
        self.choose(key, text)
    }

    /// `true` or `false`; `false` when left out.
    pub fn flag(&mut self, key: &'static str) -> bool {
        let Some(text) = self.optional_text(key) else {
            return false;
        };
        match text.value.as_str() {
            "true" => true,
            "false" => false,
            other => {
                let message = format!("`{key}` is `{other}`, expected true or false");
                self.wrong(text.offset, message);
                false
            }
        }
    }

    /// The items of a list that must be there. Empty after a fault.
    pub fn list(&mut self, key: &'static str) -> &'a [Node] {
        let node = self.required(key);
        self.items(key, node)
    }

    /// The items of a list that may be left out.
    pub fn optional_list(&mut self, key: &'static str) -> &'a [Node] {
        let node = self.optional(key);
        self.items(key, node)
    }

    /// A list of texts that must be there, in the order of the file.
    pub fn texts(&mut self, key: &'static str) -> Vec<Spanned<String>> {
        let items = self.list(key);
        self.scalars(key, items)
    }

    /// A list of texts that may be left out, in the order of the file.
    pub fn optional_texts(&mut self, key: &'static str) -> Vec<Spanned<String>> {
        let items = self.optional_list(key);
        self.scalars(key, items)
    }

    /// A list of parsed values that must be there, in the order of the file.
    pub fn parsed_list<T>(&mut self, key: &'static str) -> Vec<Spanned<T>>
    where
        T: FromStr,
        T::Err: Display,
    {
        let texts = self.texts(key);
        self.parse_all(key, texts)
    }

    /// A list of parsed values that may be left out, in the order of the file.
    pub fn optional_parsed_list<T>(&mut self, key: &'static str) -> Vec<Spanned<T>>
    where
        T: FromStr,
        T::Err: Display,
    {
        let texts = self.optional_texts(key);
        self.parse_all(key, texts)
    }

    /// A list of known words that may be left out, in the order of the file.
    pub fn optional_known_list<T: Known>(&mut self, key: &'static str) -> Vec<Spanned<T>> {
        let texts = self.optional_texts(key);
        let chosen = texts.into_iter().filter_map(|text| self.choose(key, text));
        chosen.collect()
    }

    /// Ends the record and gives its faults: those met on the way, and `key-unknown` for each key nobody asked for.
    #[must_use]
    pub fn finish(mut self) -> Vec<Diagnostic> {
        let known: Vec<&str> = self.asked.iter().copied().collect();
        for entry in self.entries {
            if self.asked.contains(entry.key.as_str()) {
                continue;
            }
            let place = self.file.place(entry.key_span.start);
            let message = format!("{} has no key `{}`", self.record, entry.key);
            let diagnostic = Diagnostic::new(Code::KeyUnknown, place, message);
            let help = match nearest(&entry.key, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the keys are {}", known.join(", ")),
            };
            self.diagnostics.push(diagnostic.help(help));
        }
        self.diagnostics
    }

    fn scalar(&mut self, key: &str, node: &Node) -> Option<Spanned<String>> {
        match &node.value {
            Value::Scalar(text) => Some(Spanned::new(text.clone(), node.span.start)),
            other => {
                let message = format!("`{key}` is {}, expected a single value", other.shape());
                self.wrong(node.span.start, message);
                None
            }
        }
    }

    fn scalars(&mut self, key: &str, items: &[Node]) -> Vec<Spanned<String>> {
        let mut found = Vec::with_capacity(items.len());
        for item in items {
            match &item.value {
                Value::Scalar(text) => found.push(Spanned::new(text.clone(), item.span.start)),
                Value::Empty => {
                    self.wrong(item.span.start, format!("an item of `{key}` is empty"));
                }
                other => {
                    let message = format!(
                        "an item of `{key}` is {}, expected a single value",
                        other.shape()
                    );
                    self.wrong(item.span.start, message);
                }
            }
        }
        found
    }

    fn items(&mut self, key: &str, node: Option<&'a Node>) -> &'a [Node] {
        match node {
            None => &[],
            Some(Node {
                value: Value::List(items),
                ..
            }) => items,
            Some(node) => {
                let message = format!("`{key}` is {}, expected a list", node.value.shape());
                self.wrong(node.span.start, message);
                &[]
            }
        }
    }

    fn parse<T>(&mut self, key: &str, text: Spanned<String>) -> Option<Spanned<T>>
    where
        T: FromStr,
        T::Err: Display,
    {
        match text.value.parse() {
            Ok(value) => Some(Spanned::new(value, text.offset)),
            Err(error) => {
                let message = format!("`{key}` is `{}`, {error}", text.value);
                self.wrong(text.offset, message);
                None
            }
        }
    }

    fn parse_all<T>(&mut self, key: &str, texts: Vec<Spanned<String>>) -> Vec<Spanned<T>>
    where
        T: FromStr,
        T::Err: Display,
    {
        texts
            .into_iter()
            .filter_map(|text| self.parse(key, text))
            .collect()
    }

    fn parse_date(&mut self, key: &str, text: Spanned<String>) -> Option<Spanned<Date>> {
        if let Some(date) = calendar_date(&text.value) {
            return Some(Spanned::new(date, text.offset));
        }
        let place = self.file.place(text.offset);
        let message = format!(
            "`{key}` is `{}`, expected a real date such as 2026-03-07",
            text.value
        );
        let fault = Diagnostic::new(Code::DateImpossible, place, message);
        let help = match days_of_month(&text.value) {
            Some((month, days)) => format!("there are {days} days in {month}"),
            None => "write year, month and day with zeros, such as `2026-03-07`".to_owned(),
        };
        self.tell(fault.help(help));
        None
    }

    fn choose<T: Known>(&mut self, key: &str, text: Spanned<String>) -> Option<Spanned<T>> {
        if let Some(value) = T::from_word(&text.value) {
            return Some(Spanned::new(value, text.offset));
        }
        let words: Vec<&str> = T::ALL.iter().map(|(word, _)| *word).collect();
        let place = self.file.place(text.offset);
        let message = format!(
            "`{key}` is `{}`, expected one of {}",
            text.value,
            words.join(", ")
        );
        let mut diagnostic = Diagnostic::new(Code::ValueWrong, place, message);
        if let Some(near) = nearest(&text.value, words) {
            diagnostic = diagnostic.help(format!("did you mean `{near}`?"));
        }
        self.tell(diagnostic);
        None
    }
}

/// A date in the one form that we accept: four digits, two, two, with hyphens.
/// The month of a date that has too high a day, such as `2026-11-31`, and its number of days.
fn days_of_month(text: &str) -> Option<(String, i8)> {
    let (month, day) = text.rsplit_once('-')?;
    let first = calendar_date(&format!("{month}-01"))?;
    let day: i8 = day.parse().ok()?;
    let days = first.days_in_month();
    (day > days).then(|| (first.strftime("%B %Y").to_string(), days))
}

fn calendar_date(text: &str) -> Option<Date> {
    let shaped = text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if shaped { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::super::from_toml;
    use super::*;

    fn faults(text: &str) -> Vec<String> {
        let file = SourceFile::new("a.toml", text);
        let (node, _) = from_toml(&file);
        let mut fields = Fields::of(&file, &node, "a test record");
        fields.text("name");
        fields.optional_date("reviewed_on");
        fields.optional_texts("states");
        fields.flag("draft");
        fields
            .finish()
            .iter()
            .map(|found| format!("{}:{}", found.place.line, found.code.name()))
            .collect()
    }

    #[test]
    fn every_fault_of_a_record_is_told_in_one_run() {
        let text = "nmae = \"x\"\nreviewed_on = \"2026-02-30\"\nstates = \"NY\"\ndraft = \"yes\"\n";
        assert_eq!(
            faults(text),
            [
                "1:key-missing",
                "2:date-impossible",
                "3:value-wrong",
                "4:value-wrong",
                "1:key-unknown"
            ]
        );
    }

    #[test]
    fn a_sound_record_has_no_fault() {
        let text = "name = \"x\"\nreviewed_on = 2026-02-28\nstates = [\"NY\"]\ndraft = true\n";
        assert!(faults(text).is_empty());
    }
}
