//! Finds the `:::` lines of a text. They are hidden from the Markdown parser as
//! thematic breaks of the same length, so that lists end where a block ends and
//! every other offset stays true.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Known, nearest};
use crate::file::SourceFile;
use crate::triage::TriageLevel;

use super::piece::BlockKind;

/// A `:::` line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Marker {
    /// The start of a block, with the author's heading.
    Open(BlockKind, Option<String>),
    /// The start of a block that could not be read; its end must still be found.
    OpenUnknown,
    /// The end of a block.
    Close,
}

/// A text with its markers hidden.
pub(super) struct Masked {
    /// As long as the text, with `***` in place of each marker.
    pub(super) text: String,
    /// Markers by offset in the text.
    pub(super) markers: BTreeMap<usize, Marker>,
}

/// The words that open a block.
const NAMES: [&str; 6] = ["do", "dont", "warning", "questions", "faq", "care"];

/// Hides the markers of a text that starts at `base` in its file.
///
/// # Diagnostics
/// `block-malformed`, for the author.
pub(super) fn mask(file: &SourceFile, base: usize, text: &str) -> (Masked, Vec<Diagnostic>) {
    let mut masked = Masked {
        text: String::with_capacity(text.len()),
        markers: BTreeMap::new(),
    };
    let mut diagnostics = Vec::new();
    let mut fence: Option<&str> = None;
    let mut open_at: Option<usize> = None;
    let mut cards: Vec<TriageLevel> = Vec::new();
    for line in text.split_inclusive('\n') {
        let offset = masked.text.len();
        let fault = |message: String| {
            Diagnostic::new(Code::BlockMalformed, file.place(base + offset), message)
        };
        fence = fence_after(fence, line);
        if fence.is_some() || !line.starts_with(":::") {
            if fence.is_none() && line.trim_start().starts_with(":::") {
                diagnostics.push(
                    fault("a block line is indented".into())
                        .help("start `:::` at the beginning of the line"),
                );
            }
            masked.text.push_str(line);
            continue;
        }
        let content = line.trim_end_matches(['\n', '\r']);
        let marker = match read_marker(content.trim_start_matches(':').trim()) {
            Ok(marker) => marker,
            Err((message, help)) => {
                diagnostics.push(fault(message).help(help));
                Marker::OpenUnknown
            }
        };
        if let Marker::Open(BlockKind::Care(level, _), _) = &marker {
            if cards.contains(level) {
                diagnostics.push(
                    fault(format!("the card of {} stands twice", level.id()))
                        .help("keep one of the two blocks, with every finding to show"),
                );
            }
            cards.push(*level);
        }
        match (&marker, open_at) {
            (Marker::Close, None) => {
                diagnostics
                    .push(fault("this `:::` closes no block".into()).help("take the line out"));
            }
            (Marker::Close, Some(_)) => open_at = None,
            (_, Some(opened)) => {
                let line = file.place(base + opened).line;
                diagnostics.push(
                    fault(format!("a block begins inside the block of line {line}"))
                        .help("close the first block with `:::` alone on a line"),
                );
            }
            (_, None) => open_at = Some(offset),
        }
        masked.markers.insert(offset, marker);
        masked.text.push_str("***");
        masked
            .text
            .extend(std::iter::repeat_n(' ', content.len() - 3));
        masked
            .text
            .push_str(line.get(content.len()..).unwrap_or_default());
    }
    if let Some(opened) = open_at {
        diagnostics.push(
            Diagnostic::new(
                Code::BlockMalformed,
                file.place(base + opened),
                "this block is never closed",
            )
            .help("put `:::` alone on a line after it"),
        );
    }
    (masked, diagnostics)
}

/// The code fence that is open after a line.
fn fence_after<'a>(open: Option<&'a str>, line: &'a str) -> Option<&'a str> {
    let text = line.trim_start();
    let mark = ["```", "~~~"]
        .into_iter()
        .find(|mark| text.starts_with(mark));
    match (open, mark) {
        (None, mark) => mark,
        (Some(open), Some(mark)) if open == mark => None,
        (open, _) => open,
    }
}

/// Reads what stands behind `:::`.
fn read_marker(words: &str) -> Result<Marker, (String, String)> {
    if words.is_empty() {
        return Ok(Marker::Close);
    }
    let (name, rest) = words.split_once(char::is_whitespace).unwrap_or((words, ""));
    let title = Some(rest.trim())
        .filter(|title| !title.is_empty())
        .map(str::to_owned);
    let kind = match name {
        "do" => BlockKind::Do,
        "dont" => BlockKind::Dont,
        "warning" => BlockKind::Warning,
        "questions" => BlockKind::Questions,
        "faq" => BlockKind::Faq,
        "care" => return care(rest.trim()),
        _ => {
            let help = match nearest(name, NAMES) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the blocks are {}", NAMES.join(", ")),
            };
            return Err((format!("there is no block `{name}`"), help));
        }
    };
    Ok(Marker::Open(kind, title))
}

fn care(level: &str) -> Result<Marker, (String, String)> {
    match TriageLevel::ALL.iter().find(|(word, _)| *word == level) {
        Some((_, TriageLevel::Emergency)) => Err((
            "the emergency card can't be moved".into(),
            "take the block out: the card stands before the text on every page".into(),
        )),
        Some((_, level)) => Ok(Marker::Open(BlockKind::Care(*level, Vec::new()), None)),
        None => {
            let words: Vec<&str> = TriageLevel::ALL.iter().map(|(word, _)| *word).collect();
            let found = if level.is_empty() {
                "nothing".to_owned()
            } else {
                format!("`{level}`")
            };
            let message = format!("a care block names a level, found {found}");
            Err((
                message,
                format!("write `::: care soon`; the levels are {}", words.join(", ")),
            ))
        }
    }
}
