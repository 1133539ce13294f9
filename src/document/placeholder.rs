//! Places that a new file leaves for its editor: words that begin with `Replace this`, ids
//! that begin with `replace-this`, and one day that no page can have. They stand apart because
//! articles, protocols and the clinic's files are all begun with them, and none may show one.

use jiff::civil::Date;

use crate::diagnostic::{Code, Diagnostic};
use crate::file::{SourceFile, Span};

/// The day that stands for one that nobody has set yet. It is the last of the calendar, so no page has it by chance.
pub const UNSET_DAY: Date = Date::MAX;

/// What marks a placeholder, as typed.
const MARKS: [&str; 3] = ["Replace this", "replace-this", "9999-12-31"];

/// Most characters of a placeholder that a message repeats.
const MOST_SHOWN: usize = 60;

/// How much a placeholder weighs where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// In a draft, which only its editors see.
    Draft,
    /// In anything that readers can reach.
    Public,
}

/// How notes for editors look in a text; a placeholder in a note is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notes {
    /// Lines that begin with `#`.
    Hash,
    /// None, or they have been blanked.
    Absent,
}

/// Tells the first placeholder of every line. `text` is what stands in `span` of the file; notes may be blanked in it.
///
/// # Diagnostics
/// `placeholder`, or `draft-placeholder` in a draft: for the editor.
pub fn placeholders(
    file: &SourceFile,
    (span, text): (Span, &str),
    notes: Notes,
    standing: Standing,
) -> Vec<Diagnostic> {
    let mut offset = span.start;
    let mut found = Vec::new();
    for line in text.split_inclusive('\n') {
        let is_note = notes == Notes::Hash && line.trim_start().starts_with('#');
        if let Some(at) = first_mark(line).filter(|_| !is_note) {
            let words = line.get(at..).unwrap_or_default();
            found.push(told(file, offset + at, words, standing));
        }
        offset += line.len();
    }
    found
}

/// Tells every placeholder of a file whose notes begin with `#`.
///
/// # Diagnostics
/// `placeholder`: for the editor.
pub fn placeholders_of(file: &SourceFile) -> Vec<Diagnostic> {
    let whole = (0..file.text().len(), file.text());
    placeholders(file, whole, Notes::Hash, Standing::Public)
}

fn first_mark(line: &str) -> Option<usize> {
    MARKS.iter().filter_map(|mark| line.find(mark)).min()
}

fn told(file: &SourceFile, offset: usize, words: &str, standing: Standing) -> Diagnostic {
    let place = file.place(offset);
    let before = file.text().get(..offset).unwrap_or_default();
    let words = match (before.ends_with('"'), words.split_once('"')) {
        (true, Some((quoted, _))) => quoted,
        _ => words,
    };
    let (message, asked) = if words.starts_with("9999") {
        let message = "`9999-12-31` stands for a day that nobody has set";
        (message.to_owned(), "set the day")
    } else {
        let message = format!("a placeholder is left: `{}`", shown(words));
        (message, "write what it asks for")
    };
    match standing {
        Standing::Draft => Diagnostic::new(Code::DraftPlaceholder, place, message).help(format!(
            "{asked}; a page with a placeholder can't be published"
        )),
        Standing::Public => Diagnostic::new(Code::Placeholder, place, message).help(asked),
    }
}

/// The placeholder's own words, without what only closes them.
fn shown(words: &str) -> String {
    let id_ends = |sign: char| !(sign.is_alphanumeric() || sign == '-');
    let words = if words.starts_with("replace-this") {
        words.split(id_ends).next().unwrap_or(words)
    } else {
        let text = words.split("[@").next().unwrap_or(words);
        text.trim_end().trim_end_matches(['.', '"'])
    };
    let words = words.replace('`', "'");
    if words.chars().count() <= MOST_SHOWN {
        return words;
    }
    let short: String = words.chars().take(MOST_SHOWN).collect();
    format!("{}…", short.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told_in(text: &str) -> Vec<String> {
        let file = SourceFile::new("clinic/protocols/a.toml", text);
        let found = placeholders_of(&file);
        let told = |fault: &Diagnostic| {
            let Diagnostic { place, message, .. } = fault;
            format!("{}:{} {message}", place.line, place.column)
        };
        found.iter().map(told).collect()
    }

    #[test]
    fn each_line_tells_its_placeholder_once_and_notes_tell_none() {
        let rows: [(&str, &[&str]); 5] = [
            (
                "title = \"Replace this: a name\"\n",
                &["1:10 a placeholder is left: `Replace this: a name`"],
            ),
            (
                "a = 1\nid = \"replace-this-sign\" # and replace-this\n",
                &["2:7 a placeholder is left: `replace-this-sign`"],
            ),
            (
                "issued = 9999-12-31\n",
                &["1:10 `9999-12-31` stands for a day that nobody has set"],
            ),
            ("# Replace this\n  # replace-this\n", &[]),
            ("step = \"Replace the dressing.\"\n", &[]),
        ];
        for (text, expected) in rows {
            assert_eq!(told_in(text), expected, "{text}");
        }
    }

    #[test]
    fn a_long_placeholder_is_repeated_in_part() {
        let told = told_in(&format!("a = \"Replace this: {}\"", "word ".repeat(30)));
        assert!(told[0].ends_with("…`") && told[0].len() < 120, "{told:?}");
    }
}
