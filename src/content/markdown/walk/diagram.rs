//! The block of a diagram: one paragraph as its caption, with a citation, and one list
//! that says of each part what it is. The list and the drawing must name the same
//! parts, so that whoever can't see the drawing misses nothing.

use std::sync::Arc;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::Walker;
use crate::content::markdown::diagram::{Diagram, DiagramId, FOLDER, Parts};
use crate::content::markdown::piece::Piece;
use crate::content::markdown::split::Hole;
use crate::diagnostic::Code;
use crate::document::nearest;
use crate::file::Span;

/// The block of a diagram that is open.
pub(super) struct OpenDiagram {
    /// Where the block begins in the text.
    at: usize,
    depth: usize,
    /// The drawing; none if there is no good one of that name.
    drawing: Option<Arc<Diagram>>,
    stage: Stage,
    citations_before: usize,
    is_cited: bool,
    /// Whether the list has numbers.
    is_numbered: bool,
    /// The items of the list, in its order.
    parts: Vec<Part>,
    /// Whether the bold words at the start of an item are being read.
    is_naming: bool,
}

/// How far a block has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Begun,
    InCaption,
    Captioned,
    Listed,
    /// Something stands in it that a diagram doesn't hold.
    Wrong,
}

/// One item of the list.
struct Part {
    at: usize,
    /// The bold words at its start.
    name: String,
    explanation: String,
}

impl<'e> Walker<'_, 'e> {
    /// Begins the block of a diagram, in the hole that its block has just opened.
    pub(super) fn open_diagram(&mut self, id: &DiagramId, at: usize) {
        let drawing = self.drawing(id, at);
        if let Some(drawing) = &drawing {
            self.prose.pictures += 1;
            self.hole(Hole::Piece(Piece::Drawing(Arc::clone(drawing))));
        }
        self.diagram = Some(OpenDiagram {
            at,
            depth: self.depth,
            drawing,
            stage: Stage::Begun,
            citations_before: self.prose.citations.len(),
            is_cited: false,
            is_numbered: false,
            parts: Vec::new(),
            is_naming: false,
        });
    }

    fn drawing(&mut self, id: &DiagramId, at: usize) -> Option<Arc<Diagram>> {
        let Some(diagrams) = self.reading.diagrams else {
            let message = "a diagram stands on a page without sources";
            let help = "take it out, or put it into an article";
            self.fault(Code::BlockMalformed, at, message, help);
            return None;
        };
        let (message, help) = match diagrams.get(id) {
            Some(Some(drawing)) => return Some(Arc::clone(drawing)),
            Some(None) => (
                format!("the diagram `{id}` has errors of its own"),
                format!("mend `{FOLDER}{id}.svg` first"),
            ),
            None => {
                let names = || diagrams.keys().map(DiagramId::as_str);
                let help = match nearest(id.as_str(), names()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!(
                        "the diagrams are {}",
                        names().collect::<Vec<_>>().join(", ")
                    ),
                };
                (format!("there is no diagram `{id}`"), help)
            }
        };
        self.fault(Code::DiagramUnknown, at, message, &help);
        None
    }

    /// Notes what an event means for the diagram that is open.
    pub(super) fn see_in_diagram(&mut self, event: &Event<'_>, span: &Span) {
        let depth = self.depth;
        let Some(open) = &mut self.diagram else {
            return;
        };
        match event {
            Event::Start(tag) => open.start(tag, depth - open.depth.min(depth), span.start),
            Event::End(TagEnd::Strong) => open.is_naming = false,
            Event::Text(text) | Event::Code(text) => open.words(text),
            Event::SoftBreak | Event::HardBreak => open.words(" "),
            _ => {}
        }
    }

    /// Whether the paragraph that begins or ends here is the caption of a diagram.
    pub(super) fn is_caption(&self) -> bool {
        let open = self.diagram.as_ref();
        open.is_some_and(|open| open.stage == Stage::InCaption)
    }

    /// Whether the list that begins here is the list of parts.
    pub(super) fn is_list_of_parts(&self) -> bool {
        let open = self.diagram.as_ref();
        open.is_some_and(|open| open.stage == Stage::Listed && self.depth == open.depth + 1)
    }

    pub(super) fn end_caption(&mut self) {
        let cited = self.prose.citations.len();
        if let Some(open) = &mut self.diagram {
            open.stage = Stage::Captioned;
            open.is_cited = cited > open.citations_before;
        }
        self.prose.plain.push('\n');
        self.raw("</figcaption></figure>\n");
    }

    /// Judges the block that ends here, if it is that of a diagram.
    pub(super) fn close_diagram(&mut self) {
        let Some(open) = self.diagram.take() else {
            return;
        };
        if open.stage != Stage::Listed {
            let message = "a diagram block holds one paragraph and then one list";
            let help = "write the caption, then `- **Part:** what it is` for each part";
            return self.fault(Code::BlockMalformed, open.at, message, help);
        }
        if !open.is_cited && self.reading.diagrams.is_some() {
            let message = "the caption of this diagram cites no source";
            self.fault(
                Code::BlockMalformed,
                open.at,
                message,
                "write `[@id]` at its end",
            );
        }
        for part in &open.parts {
            if part.name().is_empty() || part.explanation.trim().is_empty() {
                let message = "a part of the diagram has no name or no words to explain it";
                let help = "write `- **Part:** what it is`";
                self.fault(Code::DiagramParts, part.at, message, help);
            }
        }
        if let Some(drawing) = &open.drawing {
            self.compare_parts(&drawing.parts, &open);
        }
    }

    fn compare_parts(&mut self, parts: &Parts, open: &OpenDiagram) {
        match parts {
            Parts::Words(labels) => self.compare_words(labels, parts, open),
            Parts::Numbers(last) if !open.is_numbered || open.parts.len() != *last => {
                let list = match open.is_numbered {
                    true => format!("{} parts", open.parts.len()),
                    false => "no numbers".to_owned(),
                };
                let numbers = parts.told();
                let message = format!("the drawing has the numbers {numbers}, the list {list}");
                let help = "write `1. **Part:** what it is` for each number, in order";
                self.fault(Code::DiagramParts, open.at, message, help);
            }
            Parts::Numbers(_) => {}
        }
    }

    fn compare_words(&mut self, labels: &[String], parts: &Parts, open: &OpenDiagram) {
        let is = |label: &str, part: &Part| part.name().eq_ignore_ascii_case(label);
        let help = format!("the labels of the drawing are {}", parts.told());
        for part in open.parts.iter().filter(|part| !part.name().is_empty()) {
            if !labels.iter().any(|label| is(label, part)) {
                let message = format!("the drawing has no label `{}`", part.name());
                self.fault(Code::DiagramParts, part.at, message, &help);
            }
        }
        let unnamed = labels
            .iter()
            .filter(|label| !open.parts.iter().any(|part| is(label, part)));
        for label in unnamed {
            let message =
                format!("the list does not say what `{label}` is, which the drawing labels");
            let help = format!("add `- **{label}:** what it is`");
            self.fault(Code::DiagramParts, open.at, message, &help);
        }
    }
}

impl Part {
    /// Its name, as the drawing would label it.
    fn name(&self) -> &str {
        self.name.trim().trim_end_matches([':', '.'])
    }
}

impl OpenDiagram {
    /// Notes an element that begins so many levels inside the block.
    fn start(&mut self, tag: &Tag<'_>, level: usize, at: usize) {
        match (level, tag, self.stage) {
            (0, Tag::Paragraph, Stage::Begun) => self.stage = Stage::InCaption,
            (0, Tag::List(first), Stage::Captioned) => {
                self.stage = Stage::Listed;
                self.is_numbered = first.is_some();
            }
            (0, _, _) => self.stage = Stage::Wrong,
            (1, Tag::Item, Stage::Listed) => self.parts.push(Part {
                at,
                name: String::new(),
                explanation: String::new(),
            }),
            (_, Tag::Strong, Stage::Listed) => {
                let is_first = |part: &Part| part.name.is_empty() && part.explanation.is_empty();
                self.is_naming = self.parts.last().is_some_and(is_first);
            }
            _ => {}
        }
    }

    fn words(&mut self, text: &str) {
        let Some(part) = self.parts.last_mut() else {
            return;
        };
        if self.is_naming {
            part.name.push_str(text);
        } else {
            part.explanation.push_str(text);
        }
    }
}
