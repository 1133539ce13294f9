//! Front matter: cutting it from an article, and its YAML to a tree of nodes.
//! Scalars keep the text that was typed, so `no`, `250.00` and `2026-03-07` mean
//! what the typed record makes of them. Anchors and aliases are refused: no
//! editor needs them, and they are how a small file becomes a large tree.

use granit_parser::{Event, Parser, ScalarStyle, ScanError, Span as YamlSpan};

use super::{Entry, Node, Value};
use crate::diagnostic::{Code, Diagnostic};
use crate::file::{SourceFile, Span};

/// Deepest nesting of front matter. Ours needs four; 16 leaves room and bounds the work.
const MAX_DEPTH: usize = 16;

/// The two parts of an article's file, as bytes of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrontMatter {
    /// The YAML between the fences.
    pub yaml: Span,
    /// All that follows the closing fence.
    pub body: Span,
}

/// Finds the front matter: `---` alone on line 1, to the next line that is `---` alone.
///
/// # Diagnostics
/// `front-matter-missing` and `front-matter-unclosed`, for the author.
pub fn split_front_matter(file: &SourceFile) -> Result<FrontMatter, Diagnostic> {
    let text = file.text();
    let start = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let mut lines = Lines::of(text, start);
    let opens = lines.next().filter(|line| line.is_fence(text));
    let Some(open) = opens else {
        return Err(Diagnostic::new(
            Code::FrontMatterMissing,
            file.place(start),
            "the file does not start with front matter",
        )
        .help("put `---` alone on line 1, then the keys, then `---` alone on a line"));
    };
    match lines.find(|line| line.is_fence(text)) {
        Some(close) => Ok(FrontMatter {
            yaml: open.end..close.start,
            body: close.end..text.len(),
        }),
        None => Err(Diagnostic::new(
            Code::FrontMatterUnclosed,
            file.place(start),
            "the front matter is never closed",
        )
        .help("put `---` alone on a line after the last key")),
    }
}

/// Bytes of one line: `end` is past its line break.
struct Line {
    start: usize,
    end: usize,
}

impl Line {
    fn is_fence(&self, text: &str) -> bool {
        text.get(self.start..self.end)
            .is_some_and(|line| line.trim_end() == "---")
    }
}

struct Lines<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Lines<'a> {
    fn of(text: &'a str, at: usize) -> Self {
        Self { text, at }
    }
}

impl Iterator for Lines<'_> {
    type Item = Line;

    fn next(&mut self) -> Option<Line> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let start = self.at;
        let end = rest.find('\n').map_or(self.text.len(), |at| start + at + 1);
        self.at = end;
        Some(Line { start, end })
    }
}

/// Reads the YAML of `span` into a map node, keys in the order of the file. Spans are bytes of the whole file.
///
/// # Diagnostics
/// `syntax` and `key-duplicate`, for the author. After a `syntax` fault there is no node.
pub fn from_yaml(file: &SourceFile, span: Span) -> (Option<Node>, Vec<Diagnostic>) {
    let text = file.text().get(span.clone()).unwrap_or_default();
    if let Some(at) = tab_in_indentation(text) {
        let fault = Diagnostic::new(
            Code::Syntax,
            file.place(span.start + at),
            "this line is indented with a tab",
        )
        .help("indent with spaces, not with a tab");
        return (None, vec![fault]);
    }
    let mut builder = Builder::new(file, span.start);
    for next in Parser::new_from_str(text) {
        let outcome = match next {
            Ok((event, at)) => builder.take(event, at),
            Err(error) => Err(syntax_fault(file, span.start, text, &error)),
        };
        if let Err(fault) = outcome {
            builder.diagnostics.push(fault);
            return (None, builder.diagnostics);
        }
    }
    let root = builder.root.take().unwrap_or(Node {
        span: span.clone(),
        value: Value::Map(Vec::new()),
    });
    let mut diagnostics = builder.diagnostics;
    if matches!(root.value, Value::Map(_)) {
        return (Some(root), diagnostics);
    }
    diagnostics.push(
        Diagnostic::new(
            Code::Syntax,
            file.place(span.start),
            "the front matter holds no keys",
        )
        .help("write one `key: value` on each line"),
    );
    (None, diagnostics)
}

/// Where a tab stands before the first word of a line, if any does.
fn tab_in_indentation(text: &str) -> Option<usize> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let word = line
            .find(|character| character != ' ' && character != '\t')
            .unwrap_or(0);
        if let Some(tab) = line.get(..word).and_then(|indent| indent.find('\t')) {
            return Some(start + tab);
        }
        start += line.len();
    }
    None
}

/// Puts the parser's events together, innermost container last in `open`.
struct Builder<'a> {
    file: &'a SourceFile,
    base: usize,
    open: Vec<Open>,
    root: Option<Node>,
    diagnostics: Vec<Diagnostic>,
}

/// A container that has begun, and for a map the key that waits for its value.
enum Open {
    List(usize, Vec<Node>),
    Map(usize, Vec<Entry>, Option<(String, Span)>),
}

impl<'a> Builder<'a> {
    fn new(file: &'a SourceFile, base: usize) -> Self {
        Self {
            file,
            base,
            open: Vec::new(),
            root: None,
            diagnostics: Vec::new(),
        }
    }

    fn take(&mut self, event: Event<'_>, at: YamlSpan) -> Result<(), Diagnostic> {
        let span = self.span(at);
        match event {
            Event::Scalar(text, style, ..) => self.scalar(&text, style, span),
            Event::SequenceStart(..) => self.begin(Open::List(span.start, Vec::new()), span),
            Event::MappingStart(..) => self.begin(Open::Map(span.start, Vec::new(), None), span),
            Event::SequenceEnd | Event::MappingEnd => self.end(span.end),
            Event::DocumentStart(..) if self.root.is_some() => {
                Err(self.fault(span, "the front matter holds two documents"))
            }
            Event::Alias(_) | Event::UnresolvedAlias(_) => Err(self
                .fault(span, "a value that starts with `*` is not plain text here")
                .help("put the text in double quotes")),
            _ => Ok(()),
        }
    }

    fn span(&self, at: YamlSpan) -> Span {
        let start = at.start.byte_offset().unwrap_or_default();
        let end = at.end.byte_offset().unwrap_or(start);
        self.base + start..self.base + end.max(start)
    }

    fn fault(&self, span: Span, message: &str) -> Diagnostic {
        Diagnostic::new(Code::Syntax, self.file.place(span.start), message)
    }

    fn begin(&mut self, container: Open, span: Span) -> Result<(), Diagnostic> {
        if self.open.len() >= MAX_DEPTH {
            return Err(self.fault(span, "the front matter is nested too deeply"));
        }
        self.open.push(container);
        Ok(())
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, span: Span) -> Result<(), Diagnostic> {
        if let Some(Open::Map(_, _, key @ None)) = self.open.last_mut() {
            *key = Some((text.to_owned(), span));
            return Ok(());
        }
        let plain = matches!(style, ScalarStyle::Plain);
        let empty =
            text.trim().is_empty() || (plain && matches!(text, "~" | "null" | "Null" | "NULL"));
        if plain && stands_in_curly_quotes(text.trim()) {
            let message = "this text stands in curly quotes, which readers would see";
            self.diagnostics.push(
                self.fault(span.clone(), message)
                    .help("write straight quotes (`\"`), or none"),
            );
        }
        let value = if empty {
            Value::Empty
        } else {
            Value::Scalar(text.trim().to_owned())
        };
        self.put(Node { span, value })
    }

    fn end(&mut self, end: usize) -> Result<(), Diagnostic> {
        let node = match self.open.pop() {
            Some(Open::List(start, items)) => Node {
                span: start..end.max(start),
                value: Value::List(items),
            },
            Some(Open::Map(start, entries, _)) => Node {
                span: start..end.max(start),
                value: Value::Map(entries),
            },
            None => return Ok(()),
        };
        self.put(node)
    }

    fn put(&mut self, node: Node) -> Result<(), Diagnostic> {
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(Open::List(_, items)) => items.push(node),
            Some(Open::Map(_, entries, key)) => {
                let Some((key, key_span)) = key.take() else {
                    let span = node.span;
                    return Err(self
                        .fault(span, "a key must be one word, not a list or group")
                        .help("put text that starts with a bracket in double quotes"));
                };
                match entries.iter().find(|entry| entry.key == key) {
                    Some(first) => {
                        let first = self.file.place(first.key_span.start).line;
                        self.diagnostics.push(
                            Diagnostic::new(
                                Code::KeyDuplicate,
                                self.file.place(key_span.start),
                                format!("`{key}` stands twice; the first is on line {first}"),
                            )
                            .help("keep one of the two"),
                        );
                    }
                    None => entries.push(Entry {
                        key,
                        key_span,
                        node,
                    }),
                }
            }
        }
        Ok(())
    }
}

/// Whether a text begins and ends with the quotes that word processors put around it, and holds no others.
fn stands_in_curly_quotes(text: &str) -> bool {
    let inner = text
        .strip_prefix(['“', '”', '„'])
        .and_then(|rest| rest.strip_suffix(['”', '“']));
    inner.is_some_and(|inner| !inner.contains(['“', '”', '„']))
}

fn syntax_fault(file: &SourceFile, base: usize, text: &str, error: &ScanError) -> Diagnostic {
    let offset = error
        .marker()
        .byte_offset()
        .unwrap_or(text.len())
        .min(text.len());
    let before = text.get(..offset).unwrap_or(text);
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = text
        .get(start..)
        .unwrap_or_default()
        .lines()
        .next()
        .unwrap_or_default();
    let value = line.split_once(": ").map_or("", |(_, value)| value.trim());
    let is_indentation = ["block mapping", "block collection"]
        .iter()
        .any(|words| error.info().contains(words));
    let help = if is_indentation && !line.trim_start().starts_with(['"', '\'']) {
        "this line begins at another place than its neighbors; give it as many spaces as the line above"
    } else if value.starts_with(['@', '%', '`', '*', '&', '!', '|', '>', '[', '{', '"', '\'']) {
        "put the whole text in double quotes, and close each quote and bracket"
    } else if value.contains(": ") {
        "put text that holds `: ` in double quotes"
    } else {
        "look at this line and the one above: a quote, a space or a colon is missing"
    };
    Diagnostic::new(
        Code::Syntax,
        file.place(base + offset),
        format!("this line can't be read ({})", error.info()),
    )
    .help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(yaml: &str) -> (Option<Node>, Vec<Diagnostic>) {
        let file = SourceFile::new("articles/a.md", format!("---\n{yaml}\n---\nbody"));
        let parts = split_front_matter(&file).expect("fences");
        from_yaml(&file, parts.yaml)
    }

    #[test]
    fn scalars_keep_the_text_that_was_typed() {
        let rows = ["no", "250.00", "279039007", "08", "1E10", "2025-03-07"];
        for text in rows {
            let (node, diagnostics) = tree(&format!("code: {text}"));
            assert!(diagnostics.is_empty(), "{text}");
            let Some(Node {
                value: Value::Map(entries),
                ..
            }) = node
            else {
                panic!("a map")
            };
            assert_eq!(entries[0].node.value, Value::Scalar(text.into()));
        }
    }

    #[test]
    fn empty_values_are_empty() {
        for text in ["", "\"\"", "~", "null"] {
            let (node, _) = tree(&format!("slug: {text}"));
            let Some(Node {
                value: Value::Map(entries),
                ..
            }) = node
            else {
                panic!("a map")
            };
            assert_eq!(entries[0].node.value, Value::Empty, "{text}");
        }
    }

    #[test]
    fn faults_are_told_at_their_line_with_help() {
        let rows = [
            ("a: 1\ntitle: Back pain: what it means", 3, "double quotes"),
            ("a: 1\n\tb: 2", 3, "spaces"),
            ("a: 1\nb: *bold*", 3, "double quotes"),
            ("a: 1\na: 2", 3, "keep one"),
            ("a: [1, 2", 2, "bracket"),
        ];
        for (yaml, line, help) in rows {
            let (_, diagnostics) = tree(yaml);
            assert_eq!(diagnostics.len(), 1, "{yaml}: {diagnostics:?}");
            assert!(
                diagnostics[0]
                    .help
                    .as_deref()
                    .unwrap_or_default()
                    .contains(help),
                "{yaml}: {diagnostics:?}"
            );
            assert!(
                diagnostics[0].place.line >= line,
                "{yaml}: {}",
                diagnostics[0].place
            );
        }
    }

    #[test]
    fn a_thematic_break_in_the_body_is_no_fence() {
        let file = SourceFile::new(
            "a.md",
            "\u{feff}---  \r\na: 1\r\n---\r\ntext\n\n---\n\nmore",
        );
        let parts = split_front_matter(&file).expect("fences");
        assert_eq!(file.text().get(parts.body), Some("text\n\n---\n\nmore"));
    }
}
