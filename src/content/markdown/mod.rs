//! Markdown to HTML, and everything that must be known about the text on the way:
//! headings, links, citations, findings, pictures, words. It stands apart because
//! it is the only place that may turn an author's text into markup, and it refuses
//! raw HTML instead of cleaning it.

mod block;
mod chart;
mod comment;
mod diagram;
mod heading;
mod link;
mod passage;
mod picture;
mod piece;
mod split;
mod walk;

pub use chart::{Chart, Comparison, Degree, Joint, Measure, Period, Range, Timeline, Unit, Zones};
pub(super) use comment::without_comments;
pub use diagram::{Diagram, DiagramId, Diagrams, FOLDER as DIAGRAMS, Parts, read_diagrams};
pub use heading::{Heading, RESERVED_IDS};
pub use link::{Link, Target};
pub use passage::{Home, ItemPlace, ListOrder, Passage, PassageKind, PassageLink};
pub use picture::{Location, MAX_BYTES, MAX_PIXELS, Picture, Pictures, Version, Versions};
pub use piece::{
    AlertKind, Block, BlockKind, CitationMark, FaqHeading, Html, Piece, citation_marks,
    footnote_mark, has_drawing, shift_citations,
};

use std::sync::Arc;

use super::glossed::Glossing;
use crate::clinic::Term;
use crate::diagnostic::Diagnostic;
use crate::file::{SourceFile, Span, Spanned};
use crate::id::{FindingId, Slug};
use crate::source::SourceId;

/// A text that was read, with all that later checks need. Offsets are bytes of the file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Prose {
    /// The text, in the order of the file. Citations name sources by their place in [`Prose::citations`].
    pub pieces: Vec<Piece>,
    /// Headings outside the FAQ block, in the order of the file.
    pub headings: Vec<Heading>,
    /// Links within the site, in the order of the file.
    pub links: Vec<Spanned<Link>>,
    /// Cited sources, in the order of the file, with repetitions.
    pub citations: Vec<Spanned<SourceId>>,
    /// Named findings, in the order of the file, with repetitions.
    pub findings: Vec<Spanned<FindingId>>,
    /// How many words a reader reads.
    pub words: usize,
    /// The text without marks, for sentence checks.
    pub plain: String,
    /// How many pictures it has that do not only decorate.
    pub pictures: usize,
    /// Medical terms of which words lead to the glossary, in the order of the file.
    pub glossed: Vec<Arc<Term>>,
    /// Addresses of the files that its pictures are made of, in the order of the file.
    pub picture_files: Vec<String>,
    /// The words with their places, for checks of style; in the order of the file.
    pub passages: Vec<Passage>,
}

/// Whose text is being read, and what it may point to.
#[derive(Clone, Copy)]
pub struct Reading<'a> {
    /// The file that holds the text.
    pub file: &'a SourceFile,
    /// The article, if it is one; its pictures stand in `articles/<slug>/`.
    pub slug: Option<&'a Slug>,
    /// Every picture on disk.
    pub pictures: &'a Pictures,
    /// The clinic's medical terms, if words of the text may lead to them.
    pub(super) glossing: Option<Glossing<'a>>,
    /// Every diagram; none for a text that can't cite.
    pub diagrams: Option<&'a Diagrams>,
}

/// Reads the Markdown in `span` of a file.
///
/// # Diagnostics
/// `raw-html`, `heading-*`, `image-*`, `diagram-*`, `block-malformed`, `link-unknown` and `value-wrong`, for the author.
pub fn read_text(reading: Reading<'_>, span: Span) -> (Prose, Vec<Diagnostic>) {
    let text = reading.file.text().get(span.clone()).unwrap_or_default();
    let (masked, mut diagnostics) = block::mask(reading.file, span.start, text);
    let (prose, found) = walk::walk(reading, walk::Origin::Body(span.start), &masked);
    diagnostics.extend(found);
    (prose, diagnostics)
}

/// Reads one line of Markdown that stands in front matter, such as a key takeaway. Its faults are told at `line.offset`.
///
/// # Diagnostics
/// As [`read_text`].
pub fn read_line(reading: Reading<'_>, line: &Spanned<String>) -> (Prose, Vec<Diagnostic>) {
    let masked = block::Masked {
        text: line.value.clone(),
        markers: Default::default(),
    };
    walk::walk(reading, walk::Origin::Line(line.offset), &masked)
}
