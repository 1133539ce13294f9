//! Finds the `:::` lines of a text, and blanks its comments. The lines are hidden
//! from the Markdown parser as thematic breaks of the same length, so that lists end
//! where a block ends and every other offset stays true.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Known, nearest};
use crate::file::SourceFile;
use crate::triage::TriageLevel;

use super::chart::Chart;
use super::comment::without_comments;
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
const NAMES: [&str; 10] = [
    "do",
    "dont",
    "warning",
    "questions",
    "faq",
    "care",
    "timeline",
    "zones",
    "comparison",
    "diagram",
];

/// Hides the markers of a text that starts at `base` in its file.
///
/// # Diagnostics
/// `block-malformed`, for the author.
pub(super) fn mask(file: &SourceFile, base: usize, text: &str) -> (Masked, Vec<Diagnostic>) {
    let mut masking = Masking {
        file,
        base,
        masked: Masked {
            text: String::with_capacity(text.len()),
            markers: BTreeMap::new(),
        },
        open_at: None,
        cards: Vec::new(),
        diagnostics: Vec::new(),
    };
    let (text, unclosed) = without_comments(text);
    if let Some(at) = unclosed {
        let help = "put `-->` at the end of its last line";
        masking.fault(at, "this comment is never closed", help);
    }
    let mut fence: Option<&str> = None;
    for line in text.split_inclusive('\n') {
        fence = fence_after(fence, line);
        if fence.is_none() && line.starts_with(":::") {
            masking.marker_line(line);
        } else {
            if fence.is_none() && line.trim_start().starts_with(":::") {
                let help = "start `:::` at the beginning of the line";
                masking.fault(masking.masked.text.len(), "a block line is indented", help);
            }
            masking.masked.text.push_str(line);
        }
    }
    if let Some(opened) = masking.open_at {
        let help = "put `:::` alone on a line after it";
        masking.fault(opened, "this block is never closed", help);
    }
    (masking.masked, masking.diagnostics)
}

/// A text whose markers are being hidden.
struct Masking<'a> {
    file: &'a SourceFile,
    base: usize,
    masked: Masked,
    /// Where the block that is open begins.
    open_at: Option<usize>,
    /// Care cards that have been moved into the text.
    cards: Vec<TriageLevel>,
    diagnostics: Vec<Diagnostic>,
}

impl Masking<'_> {
    fn fault(&mut self, offset: usize, message: impl Into<String>, help: &str) {
        let place = self.file.place(self.base + offset);
        let fault = Diagnostic::new(Code::BlockMalformed, place, message);
        self.diagnostics.push(fault.help(help));
    }

    fn marker_line(&mut self, line: &str) {
        let offset = self.masked.text.len();
        let content = line.trim_end_matches(['\n', '\r']);
        let marker = match read_marker(content.trim_start_matches(':').trim()) {
            Ok(marker) => marker,
            Err((message, help)) => {
                self.fault(offset, message, &help);
                Marker::OpenUnknown
            }
        };
        self.refuse_second_card(&marker, offset);
        self.open_or_close(&marker, offset);
        self.masked.markers.insert(offset, marker);
        let text = &mut self.masked.text;
        text.push_str("***");
        text.extend(std::iter::repeat_n(' ', content.len() - 3));
        text.push_str(line.get(content.len()..).unwrap_or_default());
    }

    fn refuse_second_card(&mut self, marker: &Marker, offset: usize) {
        let Marker::Open(BlockKind::Care(level, _), _) = marker else {
            return;
        };
        if self.cards.contains(level) {
            let message = format!("the card of {} stands twice", level.id());
            let help = "keep one of the two blocks, with every finding to show";
            self.fault(offset, message, help);
        }
        self.cards.push(*level);
    }

    fn open_or_close(&mut self, marker: &Marker, offset: usize) {
        match (marker, self.open_at) {
            (Marker::Close, None) => {
                self.fault(offset, "this `:::` closes no block", "take the line out");
            }
            (Marker::Close, Some(_)) => self.open_at = None,
            (_, Some(opened)) => {
                let line = self.file.place(self.base + opened).line;
                let message = format!("a block begins inside the block of line {line}");
                let help = "close the first block with `:::` alone on a line";
                self.fault(offset, message, help);
            }
            (_, None) => self.open_at = Some(offset),
        }
    }
}

/// The code fence that is open after a line.
pub(super) fn fence_after<'a>(open: Option<&'a str>, line: &'a str) -> Option<&'a str> {
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
        "diagram" => return diagram(rest.trim()),
        _ => {
            if let Some(chart) = Chart::named(name) {
                return Ok(Marker::Open(BlockKind::Chart(chart), title));
            }
            let help = match nearest(name, NAMES) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the blocks are {}", NAMES.join(", ")),
            };
            return Err((format!("there is no block `{name}`"), help));
        }
    };
    Ok(Marker::Open(kind, title))
}

fn diagram(name: &str) -> Result<Marker, (String, String)> {
    match name.parse() {
        Ok(id) => Ok(Marker::Open(BlockKind::Diagram(id), None)),
        Err(_) => {
            let found = match name {
                "" => "nothing".to_owned(),
                name => format!("`{name}`"),
            };
            let message = format!("a diagram block names a diagram, found {found}");
            Err((message, "write `::: diagram knee`".to_owned()))
        }
    }
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
