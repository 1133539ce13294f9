//! Walks the parser's events once: renders what is plain Markdown, leaves holes
//! for what `pages` fills, and gathers what the checks need.

mod blocks;
mod charts;
mod diagram;
mod figure;
mod footnotes;
mod inline;

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::vec::IntoIter;

use pulldown_cmark::{
    BlockQuoteKind, BrokenLink, CowStr, Event, Options, Parser, Tag, TagEnd, html,
};

use super::block::Masked;
use super::heading::Outline;
use super::passage::passages;
use super::piece::{AlertKind, BlockKind, Piece};
use super::split::{CLOSE, Hole, OPEN, split};
use super::{Prose, Reading};
use crate::content::glossed::Gloss;
use crate::diagnostic::{Code, Diagnostic};
use crate::file::Span;
use diagram::OpenDiagram;
use figure::is_picture;
use footnotes::Notes;

/// Where the text stands in its file.
#[derive(Clone, Copy)]
pub(super) enum Origin {
    /// A body: offsets in the text count from here.
    Body(usize),
    /// A line of front matter: every fault is told here.
    Line(usize),
}

type Events<'a> = Peekable<IntoIter<(Event<'a>, Span)>>;

/// Reads a text whose markers are hidden.
pub(super) fn walk(
    reading: Reading<'_>,
    origin: Origin,
    masked: &Masked,
) -> (Prose, Vec<Diagnostic>) {
    let text = masked.text.replace([OPEN, CLOSE], "\u{fffd}");
    let parser = Parser::new_with_broken_link_callback(
        &text,
        options(),
        Some(|link: BrokenLink<'_>| citation_target(&link)),
    );
    let events: Vec<_> = parser.into_offset_iter().collect();
    let terms = reading.glossing.map(|glossing| glossing.terms);
    let passages = passages(&events, origin, masked, terms);
    let glosses = match (reading.glossing, origin) {
        (Some(glossing), Origin::Body(_)) => glossing.glosses(&passages),
        _ => BTreeMap::new(),
    };
    let mut walker = Walker {
        reading,
        origin,
        masked,
        outline: Outline::new(reading.file),
        prose: Prose::default(),
        holes: Vec::new(),
        rendered: Vec::with_capacity(events.len()),
        links: Vec::new(),
        block: None,
        diagram: None,
        depth: 0,
        tables: 0,
        notes: Notes::default(),
        glosses,
        diagnostics: Vec::new(),
    };
    let mut events = events.into_iter().peekable();
    while let Some((event, span)) = events.next() {
        walker.take(event, span, &mut events);
    }
    walker.end_footnotes();
    let mut markup = String::with_capacity(text.len() * 2);
    html::push_html(&mut markup, walker.rendered.into_iter());
    let mut prose = walker.prose;
    prose.pieces = split(&aligned_by_class(markup), &walker.holes);
    prose.passages = passages;
    (prose, walker.diagnostics)
}

/// How the writer of HTML says where the text of a cell stands, and how we do: our policy refuses styles in a page.
const ALIGNED: [(&str, &str); 3] = [
    (" style=\"text-align: left\">", " class=\"cell--start\">"),
    (" style=\"text-align: center\">", " class=\"cell--center\">"),
    (" style=\"text-align: right\">", " class=\"cell--end\">"),
];

/// No text can hold what is replaced: its `>` is written as a reference.
fn aligned_by_class(markup: String) -> String {
    let rows = ALIGNED.iter();
    rows.fold(markup, |markup, (style, class)| {
        match markup.contains(style) {
            true => markup.replace(style, class),
            false => markup,
        }
    })
}

fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_GFM
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_SMART_PUNCTUATION
}

/// `[@wenker2023]` has no definition in the text; this makes it a link that [`Walker`] knows.
fn citation_target<'e>(link: &BrokenLink<'_>) -> Option<(CowStr<'e>, CowStr<'e>)> {
    let reference = link.reference.trim();
    reference
        .starts_with('@')
        .then(|| (format!("cite:{reference}").into(), "".into()))
}

/// A block that is open, and what stands directly in it.
struct OpenBlock {
    kind: BlockKind,
    offset: usize,
    depth: usize,
    lists: usize,
    others: usize,
    hole: usize,
    findings_before: usize,
    /// Whether something stands before the first question of a FAQ.
    is_led: bool,
    words_before: usize,
}

/// How a link that is open must be closed.
enum OpenLink {
    Plain,
    Finding,
    Refused,
}

struct Walker<'a, 'e> {
    reading: Reading<'a>,
    origin: Origin,
    masked: &'a Masked,
    outline: Outline<'a>,
    prose: Prose,
    holes: Vec<Hole>,
    rendered: Vec<Event<'e>>,
    links: Vec<OpenLink>,
    block: Option<OpenBlock>,
    diagram: Option<OpenDiagram>,
    depth: usize,
    tables: usize,
    notes: Notes<'e>,
    /// Words that lead to the glossary, by where they begin in the file.
    glosses: BTreeMap<usize, Gloss>,
    diagnostics: Vec<Diagnostic>,
}

impl<'e> Walker<'_, 'e> {
    fn take(&mut self, event: Event<'e>, span: Span, events: &mut Events<'e>) {
        self.see_in_diagram(&event, &span);
        match event {
            Event::Rule if self.masked.markers.contains_key(&span.start) => {
                self.marker(span.start, events);
            }
            Event::Start(Tag::HtmlBlock) | Event::InlineHtml(_) => self.raw_html(span),
            Event::Html(_) | Event::End(TagEnd::HtmlBlock) => {}
            Event::Start(tag) => {
                self.count_in_block(&tag);
                self.start(tag, span, events);
            }
            Event::End(tag) => {
                self.depth = self.depth.saturating_sub(1);
                self.end(tag);
            }
            Event::Text(text) => self.text(text, span),
            Event::Code(text) => {
                self.words(&text);
                self.rendered.push(Event::Code(text));
            }
            Event::SoftBreak | Event::HardBreak => {
                self.prose.plain.push(' ');
                self.rendered.push(event);
            }
            Event::FootnoteReference(label) => self.footnote_mark(&label),
            Event::Rule => self.rendered.push(Event::Rule),
            _ => {}
        }
    }

    fn offset(&self, at: usize) -> usize {
        match self.origin {
            Origin::Body(base) => base + at,
            Origin::Line(offset) => offset,
        }
    }

    fn fault(&mut self, code: Code, at: usize, message: impl Into<String>, help: &str) {
        let place = self.reading.file.place(self.offset(at));
        self.diagnostics
            .push(Diagnostic::new(code, place, message).help(help));
    }

    fn raw(&mut self, markup: impl Into<CowStr<'e>>) {
        self.rendered.push(Event::InlineHtml(markup.into()));
    }

    fn hole(&mut self, hole: Hole) -> usize {
        let number = self.holes.len();
        self.holes.push(hole);
        self.raw(format!("{OPEN}{number}{CLOSE}"));
        number
    }

    fn words(&mut self, text: &str) {
        self.prose.words += text
            .split_whitespace()
            .filter(|word| word.chars().any(char::is_alphanumeric))
            .count();
        self.prose.plain.push_str(text);
    }

    /// Renders words, and makes those that lead to the glossary a link.
    fn text(&mut self, text: CowStr<'e>, span: Span) {
        if text.trim_start().starts_with('•') {
            let message = "`•` begins no list, and its lines run together";
            self.fault(
                Code::BlockMalformed,
                span.start,
                message,
                "write `- ` in its place, with an empty line above the first",
            );
        }
        self.words(&text);
        let (from, to) = (self.offset(span.start), self.offset(span.end));
        let mut done = from;
        if to - from == text.len() {
            let led: Vec<(usize, Gloss)> = self
                .glosses
                .range(from..to)
                .map(|(at, gloss)| (*at, gloss.clone()))
                .collect();
            for (at, gloss) in led {
                let part = |from_at: usize, to_at: usize| {
                    let part = text.get(from_at - from..to_at - from);
                    Event::Text(part.unwrap_or_default().to_owned().into())
                };
                self.rendered.push(part(done, at));
                self.hole(Hole::Piece(Piece::TermLink(gloss.term.id.clone())));
                self.rendered.push(part(at, gloss.end));
                self.raw("</a>");
                self.prose.glossed.push(gloss.term);
                done = gloss.end;
            }
        }
        let rest = match done == from {
            true => text,
            false => text
                .get(done - from..)
                .unwrap_or_default()
                .to_owned()
                .into(),
        };
        self.rendered.push(Event::Text(rest));
    }

    fn raw_html(&mut self, span: Span) {
        let typed = self.masked.text.get(span.clone()).unwrap_or_default();
        let line = typed.lines().next().unwrap_or_default().to_owned();
        let message = format!("`{line}` is HTML, which an article can't hold");
        self.fault(
            Code::RawHtml,
            span.start,
            message,
            "use Markdown or a block; write `\\<` for the sign itself",
        );
    }

    fn start(&mut self, tag: Tag<'e>, span: Span, events: &mut Events<'e>) {
        self.depth += 1;
        match tag {
            Tag::Heading { level, id, .. } => self.heading(level as u8, id, span, events),
            Tag::Link {
                link_type,
                dest_url,
                title,
                id,
            } => self.link(link_type, dest_url, title, id, span, events),
            Tag::Image { .. } => {
                self.fault(
                    Code::BlockMalformed,
                    span.start,
                    "a picture stands inside a line of text",
                    "put it alone in a paragraph",
                );
                self.skip(events);
            }
            Tag::Paragraph if is_picture(events) => self.figure(span, events),
            Tag::Paragraph if self.is_caption() => {
                self.raw("<figcaption class=\"diagram__caption\">")
            }
            Tag::Table(columns) => {
                self.tables += 1;
                self.hole(Hole::Piece(Piece::TableFrame(self.tables)));
                self.rendered.push(Event::Start(Tag::Table(columns)));
            }
            Tag::BlockQuote(Some(kind)) => {
                self.hole(Hole::BlockStart(BlockKind::Alert(alert(kind)), None));
            }
            Tag::FootnoteDefinition(label) => self.start_footnote(&label),
            Tag::List(first) if self.is_list_of_parts() => {
                // A list that shows no bullets must be named as one.
                self.raw(match first {
                    Some(_) => "<ol class=\"diagram__parts\">\n",
                    None => "<ul class=\"diagram__parts\" role=\"list\">\n",
                });
            }
            Tag::List(_) if self.is_block_list() => {
                let class = self.block_class();
                // Advice draws its own ticks and crosses, so its list must be named as one.
                let role = if class == "advice-list" {
                    " role=\"list\""
                } else {
                    ""
                };
                self.raw(format!("<ul class=\"{class}__list\"{role}>\n"));
            }
            Tag::Item if self.is_block_item() => {
                self.raw(format!("<li class=\"{}__item\">", self.block_class()))
            }
            tag => self.rendered.push(Event::Start(tag)),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Link => match self.links.pop() {
                Some(OpenLink::Plain) => self.rendered.push(Event::End(TagEnd::Link)),
                Some(OpenLink::Finding) => self.raw("</a>"),
                Some(OpenLink::Refused) | None => {}
            },
            TagEnd::Table => {
                self.rendered.push(Event::End(TagEnd::Table));
                self.raw("</div></div>\n");
            }
            TagEnd::BlockQuote(Some(_)) => {
                self.hole(Hole::BlockEnd);
            }
            TagEnd::FootnoteDefinition => self.end_footnote(),
            TagEnd::Paragraph if self.is_caption() => self.end_caption(),
            tag => {
                if matches!(tag, TagEnd::Paragraph | TagEnd::Item | TagEnd::TableCell) {
                    self.prose.plain.push('\n');
                }
                self.rendered.push(Event::End(tag));
            }
        }
    }

    /// Reads on to the end of the element that has just begun, and gives its plain text.
    fn skip(&mut self, events: &mut Events<'e>) -> String {
        let (_, text) = collect(events);
        self.depth = self.depth.saturating_sub(1);
        text
    }
}

/// Takes the events up to the end of the element that has just begun, and their plain text.
fn collect<'e>(events: &mut Events<'e>) -> (Vec<Event<'e>>, String) {
    let mut depth = 0_usize;
    let mut inside = Vec::new();
    let mut text = String::new();
    for (event, _) in events.by_ref() {
        match &event {
            Event::Start(_) => depth += 1,
            Event::End(_) if depth == 0 => break,
            Event::End(_) => depth -= 1,
            Event::Text(part) | Event::Code(part) => text.push_str(part),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            _ => {}
        }
        inside.push(event);
    }
    (inside, text)
}

fn alert(kind: BlockQuoteKind) -> AlertKind {
    match kind {
        BlockQuoteKind::Note => AlertKind::Note,
        BlockQuoteKind::Tip => AlertKind::Tip,
        BlockQuoteKind::Important => AlertKind::Important,
        BlockQuoteKind::Warning => AlertKind::Warning,
        BlockQuoteKind::Caution => AlertKind::Caution,
    }
}

pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            sign => out.push(sign),
        }
    }
    out
}
