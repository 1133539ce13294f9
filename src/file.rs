//! A text file as the rest of the crate sees it: a path relative to the content
//! folder, its text, and the way from a byte offset to a line and a column.
//! It stands apart so that no rule ever needs to touch the disk: tests make
//! source files from string literals, `disk` makes them from folders.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// Bytes of a file, counted from its start; `start <= end`, both on character boundaries.
pub type Span = Range<usize>;

/// One text file that a person wrote.
#[derive(Debug, Clone, Eq)]
pub struct SourceFile {
    path: Arc<str>,
    text: Arc<str>,
}

impl PartialEq for SourceFile {
    /// Most files are compared with themselves of a moment ago, which takes no look at their text.
    fn eq(&self, other: &Self) -> bool {
        let is_same = |one: &Arc<str>, other: &Arc<str>| Arc::ptr_eq(one, other) || one == other;
        is_same(&self.path, &other.path) && is_same(&self.text, &other.text)
    }
}

impl SourceFile {
    /// Makes a source file. `path` is relative to the content folder and uses `/`.
    pub fn new(path: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        Self {
            path: path.into(),
            text: text.into(),
        }
    }

    /// Which of two comes first by path. Most are compared with themselves of a moment ago.
    pub fn by_path(&self, other: &Self) -> std::cmp::Ordering {
        match Arc::ptr_eq(&self.path, &other.path) {
            true => std::cmp::Ordering::Equal,
            false => self.path.cmp(&other.path),
        }
    }

    /// The path relative to the content folder, with `/` between its parts.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The whole text, byte order mark included if the file has one.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The file name without folder and without its last extension.
    pub fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or(&self.path);
        name.rsplit_once('.').map_or(name, |(stem, _)| stem)
    }

    /// Where a byte offset lies. An offset past the end means the end.
    pub fn place(&self, offset: usize) -> Place {
        let before = self.text.get(..offset).unwrap_or(&self.text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let in_line = before.get(line_start..).unwrap_or_default();
        Place {
            path: Arc::clone(&self.path),
            line,
            column: in_line.trim_start_matches('\u{feff}').chars().count() + 1,
        }
    }
}

/// A point in a file, as a person counts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The path relative to the content folder, with `/` between its parts.
    pub path: Arc<str>,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

impl Place {
    /// The first character of a file that may not have been read.
    pub fn start_of(path: impl Into<Arc<str>>) -> Self {
        Self {
            path: path.into(),
            line: 1,
            column: 1,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.path, self.line, self.column)
    }
}

/// A value and where its text begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Byte offset of the value's first character in its file.
    pub offset: usize,
}

impl<T> Spanned<T> {
    /// Pairs a value with the offset of its text.
    pub fn new(value: T, offset: usize) -> Self {
        Self { value, offset }
    }

    /// Turns the value into another one at the same place.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned::new(change(self.value), self.offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_is_told_as_line_and_column_in_characters() {
        let file = SourceFile::new("articles/a.md", "né\nab\n");
        let rows = [(0, 1, 1), (3, 1, 3), (4, 2, 1), (5, 2, 2), (99, 3, 1)];
        for (offset, line, column) in rows {
            let place = file.place(offset);
            assert_eq!(
                (place.line, place.column),
                (line, column),
                "offset {offset}"
            );
        }
    }

    #[test]
    fn the_stem_is_the_name_without_folder_and_extension() {
        assert_eq!(
            SourceFile::new("articles/back/sciatica.md", "").stem(),
            "sciatica"
        );
    }
}
