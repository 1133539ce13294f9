//! Headings and blocks: what may stand where, and how each begins and ends.
//! A block that does not hold what it must is told at its first line.

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

use super::{Events, OpenBlock, Walker};
use crate::content::markdown::block::Marker;
use crate::content::markdown::piece::{BlockKind, FaqHeading, Piece};
use crate::content::markdown::split::Hole;
use crate::diagnostic::Code;
use crate::file::Span;

impl<'e> Walker<'_, 'e> {
    pub(super) fn heading(
        &mut self,
        level: u8,
        id: Option<CowStr<'e>>,
        span: Span,
        events: &mut Events<'e>,
    ) {
        let (inside, text) = self.heading_words(events);
        self.depth = self.depth.saturating_sub(1);
        let text = text.trim().to_owned();
        let offset = self.offset(span.start);
        let (heading, faults) = self.outline.take(level, id.as_deref(), &text, offset);
        self.diagnostics.extend(faults);
        self.words(&text);
        self.prose.plain.push('\n');
        if self.depth > self.block.as_ref().map_or(0, |block| block.depth) {
            self.fault(
                Code::BlockMalformed,
                span.start,
                "a heading stands inside a list, a quotation or a note",
                "begin it at the start of a line, with an empty line before it",
            );
        }
        match self.block.as_ref().map(|block| block.kind.clone()) {
            Some(BlockKind::Faq) if level == 3 => {
                let question = FaqHeading {
                    id: heading.id,
                    text: heading.text,
                };
                self.hole(Hole::Piece(Piece::Question(Box::new(question))));
                return;
            }
            Some(BlockKind::Faq) => {}
            Some(_) => {
                let help = "put the heading behind the block's name, or before the block";
                self.fault(
                    Code::BlockMalformed,
                    span.start,
                    "a heading stands inside a block",
                    help,
                );
            }
            None if level == 2 => {
                self.hole(Hole::Piece(Piece::Section));
            }
            None => {}
        }
        let level = heading.level.clamp(2, 4);
        self.raw(format!("<h{level} id=\"{}\">", heading.id));
        self.rendered.extend(inside);
        self.hole(Hole::Piece(Piece::HeadingLink(heading.id.as_str().into())));
        self.raw(format!("</h{level}>\n"));
        self.prose.headings.push(heading);
    }

    /// Takes the words of a heading. They also stand in lists of headings and in addresses, so a
    /// heading holds nothing but words.
    fn heading_words(&mut self, events: &mut Events<'e>) -> (Vec<Event<'e>>, String) {
        let mut inside = Vec::new();
        let mut text = String::new();
        for (event, span) in events.by_ref() {
            match &event {
                Event::End(TagEnd::Heading(_)) => break,
                Event::Start(Tag::Emphasis | Tag::Strong | Tag::Strikethrough)
                | Event::End(TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough) => {}
                Event::Text(part) | Event::Code(part) => text.push_str(part),
                Event::SoftBreak | Event::HardBreak => text.push(' '),
                Event::InlineHtml(_) => {
                    self.raw_html(span);
                    continue;
                }
                Event::End(_) => continue,
                _ => {
                    let message = "a heading holds a link, a citation, a note or a picture";
                    let help = "put it into the text below the heading";
                    self.fault(Code::BlockMalformed, span.start, message, help);
                    continue;
                }
            }
            inside.push(event);
        }
        (inside, text)
    }

    pub(super) fn marker(&mut self, at: usize, events: &mut Events<'e>) {
        match self.masked.markers.get(&at).cloned() {
            Some(Marker::Open(BlockKind::Chart(chart), title)) if self.block.is_none() => {
                self.chart(&chart, title, at, events);
            }
            Some(Marker::Open(kind, title)) if self.block.is_none() => {
                let hole = self.hole(Hole::BlockStart(kind.clone(), title));
                if let BlockKind::Diagram(id) = &kind {
                    self.open_diagram(id, at);
                }
                self.block = Some(OpenBlock {
                    kind,
                    offset: at,
                    depth: self.depth,
                    lists: 0,
                    others: 0,
                    hole,
                    findings_before: self.prose.findings.len(),
                    words_before: self.prose.words,
                    is_led: false,
                });
            }
            Some(Marker::Close) => self.close_block(),
            _ => {}
        }
    }

    pub(super) fn count_in_block(&mut self, tag: &Tag<'_>) {
        let depth = self.depth;
        let Some(block) = self.block.as_mut().filter(|block| block.depth == depth) else {
            return;
        };
        if block.lists + block.others == 0 {
            block.is_led = !matches!(tag, Tag::Heading { .. });
        }
        match tag {
            Tag::List(None) => block.lists += 1,
            _ => block.others += 1,
        }
    }

    pub(super) fn close_block(&mut self) {
        let Some(block) = self.block.take() else {
            return;
        };
        let (needs, help) = match &block.kind {
            BlockKind::Do | BlockKind::Dont | BlockKind::Questions
                if block.lists != 1 || block.others > 0 =>
            {
                (
                    "this block holds one list and nothing else",
                    "write one list with `- ` before each line; what comes after it stands behind the `:::` that closes the block",
                )
            }
            BlockKind::Care(..)
                if block.lists > 1 || block.others > 0 || self.prose.words > block.words_before =>
            {
                (
                    "a care block holds nothing, or one list of findings",
                    "write `- <finding:id>` on each line",
                )
            }
            BlockKind::Warning if block.lists + block.others == 0 => {
                ("this block is empty", "write one or two short paragraphs")
            }
            BlockKind::Faq if block.is_led => (
                "this block does not begin with a question",
                "write `### Question?` before the first answer",
            ),
            BlockKind::Faq if block.lists + block.others == 0 => (
                "this block is empty",
                "write `### Question?` and its answer",
            ),
            _ => ("", ""),
        };
        self.close_diagram();
        if !needs.is_empty() {
            self.fault(Code::BlockMalformed, block.offset, needs, help);
        }
        if let (BlockKind::Care(level, _), Some(Hole::BlockStart(kind, _))) =
            (&block.kind, self.holes.get_mut(block.hole))
        {
            let named = self.prose.findings.iter().skip(block.findings_before);
            *kind = BlockKind::Care(*level, named.map(|finding| finding.value.clone()).collect());
        }
        self.hole(Hole::BlockEnd);
    }

    /// Whether a list that begins here is the list of a block of advice or questions.
    pub(super) fn is_block_list(&self) -> bool {
        self.is_list_block_at(1)
    }

    /// Whether an item that begins here is one of the list of such a block.
    pub(super) fn is_block_item(&self) -> bool {
        self.is_list_block_at(2)
    }

    /// Whether we stand so many levels inside a block that is a list.
    fn is_list_block_at(&self, levels: usize) -> bool {
        self.block.as_ref().is_some_and(|block| {
            let is_listed = matches!(
                block.kind,
                BlockKind::Do | BlockKind::Dont | BlockKind::Questions
            );
            is_listed && self.depth == block.depth + levels
        })
    }

    pub(super) fn block_class(&self) -> &'static str {
        match self.block.as_ref().map(|block| &block.kind) {
            Some(BlockKind::Questions) => "questions",
            _ => "advice-list",
        }
    }
}
