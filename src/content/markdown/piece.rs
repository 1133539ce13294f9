//! What Markdown becomes: finished HTML with holes in it. The holes are the parts
//! that need words of the interface or facts of the clinic (citation marks, care
//! cards, block headings); `pages` fills them. `Html` can only be made here.

use std::fmt;
use std::sync::Arc;

use super::chart::Chart;
use super::diagram::{Diagram, DiagramId};
use crate::clinic::Term;
use crate::id::{FindingId, Id};
use crate::triage::TriageLevel;

/// Markup that may enter a page unescaped, because we made it from Markdown without raw HTML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Html(Box<str>);

impl Html {
    pub(super) fn new(markup: impl Into<Box<str>>) -> Self {
        Self(markup.into())
    }

    /// The same markup without the frame of the one paragraph that begins or ends in it.
    #[must_use]
    pub fn without_paragraph(&self) -> Self {
        let inner = self.0.strip_prefix("<p>").unwrap_or(&self.0);
        Self(inner.strip_suffix("</p>\n").unwrap_or(inner).into())
    }

    /// The markup.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One citation of one source: its place in the list of citations of its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CitationMark(pub usize);

/// One part of a text, in reading order. An article has hundreds and a large site millions, so a piece is as small as it
/// can be: what needs more room than two words stands apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Finished markup. Elements may open in one piece and close in a later one.
    Markup(Html),
    /// A citation of one or more sources; marks in the order of the text, never empty.
    Citation(Box<[CitationMark]>),
    /// The protocol's own statement of a finding.
    Statement(FindingId),
    /// The start of a link to the care card of a finding; its end is markup.
    FindingLink(FindingId),
    /// The start of the scroll frame of a table, counted from 1; its end is markup.
    TableFrame(usize),
    /// The start of the list of footnotes; its end is markup.
    Footnotes,
    /// The mark of a footnote in the text, counted from 1, and which mention of it this is.
    FootnoteMark(usize, usize),
    /// The link from a footnote back to its first mark.
    FootnoteBack(usize),
    /// The start of a section: every h2 of the text.
    Section,
    /// The start of a link to the explanation of a medical term; its end is markup.
    TermLink(Id<Term>),
    /// The start of a cell of a chart.
    Cell,
    /// The link of a heading to itself, by its anchor: at its end, to be copied.
    HeadingLink(Box<str>),
    /// A question of the FAQ block; what follows is its answer.
    Question(Box<FaqHeading>),
    /// The drawing of a diagram; the caption follows.
    Drawing(Arc<Diagram>),
    /// A block with its content.
    Block(Box<Block>),
}

/// The heading of one question and answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaqHeading {
    /// The anchor.
    pub id: String,
    /// The question as plain text.
    pub text: String,
}

/// A typed block of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Which block.
    pub kind: BlockKind,
    /// The author's heading, if there is one.
    pub title: Option<String>,
    /// What stands inside. For a care card: nothing, its findings are in the kind.
    pub pieces: Vec<Piece>,
}

/// The blocks that an author can write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BlockKind {
    /// What helps.
    Do,
    /// What to leave.
    Dont,
    /// Something to know before acting.
    Warning,
    /// Questions to ask at the visit.
    Questions,
    /// Questions and answers.
    Faq,
    /// The care card of a level, moved here; with findings, only these.
    Care(TriageLevel, Vec<FindingId>),
    /// A picture made of data. Its pieces are its cells, each behind a [`Piece::Cell`].
    Chart(Chart),
    /// A note set apart from the text.
    Alert(AlertKind),
    /// A labelled drawing with a caption and a list of its parts.
    Diagram(DiagramId),
}

/// How much a note asks for attention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlertKind {
    /// By the way.
    Note,
    /// A hint.
    Tip,
    /// Don't miss this.
    Important,
    /// Take care.
    Warning,
    /// This may hurt.
    Caution,
}

/// The letter that marks a footnote, counted from 1: a, b, ... z, then the number.
pub fn footnote_mark(number: usize) -> String {
    let letter = u8::try_from(number)
        .ok()
        .filter(|number| (1..=26).contains(number));
    letter.map_or_else(
        || number.to_string(),
        |number| char::from(b'a' + number - 1).to_string(),
    )
}

impl AlertKind {
    /// The word in class names.
    pub fn id(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Tip => "tip",
            Self::Important => "important",
            Self::Warning => "warning",
            Self::Caution => "caution",
        }
    }
}

/// Moves every citation mark of a text by `base`, when its list of citations is appended to a longer one.
pub fn shift_citations(pieces: &mut [Piece], base: usize) {
    for piece in pieces {
        match piece {
            Piece::Citation(marks) => marks.iter_mut().for_each(|mark| mark.0 += base),
            Piece::Block(block) => shift_citations(&mut block.pieces, base),
            _ => {}
        }
    }
}

/// Whether a text holds a chart or a diagram.
pub fn has_drawing(pieces: &[Piece]) -> bool {
    pieces.iter().any(|piece| {
        let Piece::Block(block) = piece else {
            return false;
        };
        let is_drawing = matches!(block.kind, BlockKind::Chart(_) | BlockKind::Diagram(_));
        is_drawing || has_drawing(&block.pieces)
    })
}

/// The citation marks of a text, in its order.
pub fn citation_marks(pieces: &[Piece]) -> Vec<CitationMark> {
    let mut marks = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Citation(cited) => marks.extend_from_slice(cited),
            Piece::Block(block) => marks.extend(citation_marks(&block.pieces)),
            _ => {}
        }
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_takes_no_more_room_than_three_words() {
        assert_eq!(size_of::<Piece>(), 3 * size_of::<usize>());
    }
}
