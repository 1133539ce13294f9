//! Walks the parser's events once: renders what is plain Markdown, leaves holes
//! for what `pages` fills, and gathers what the checks need.

use std::iter::Peekable;
use std::vec::IntoIter;

use pulldown_cmark::{
    BlockQuoteKind, BrokenLink, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd, html,
};

use super::block::{Marker, Masked};
use super::heading::Outline;
use super::link::Address;
use super::piece::{AlertKind, BlockKind, CitationMark, FaqHeading, Piece};
use super::split::{CLOSE, Hole, OPEN, split};
use super::{Prose, Reading};
use crate::diagnostic::{Code, Diagnostic};
use crate::file::{Span, Spanned};
use crate::source::SourceId;

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
        depth: 0,
        tables: 0,
        notes: Notes::default(),
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
    prose.pieces = split(&markup, &walker.holes);
    (prose, walker.diagnostics)
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
}

/// Footnotes, gathered until the end of the text.
#[derive(Default)]
struct Notes<'e> {
    /// Labels in the order of their first mark, with the number of marks.
    marks: Vec<(String, usize)>,
    /// What each note says, by its number.
    texts: std::collections::BTreeMap<usize, Vec<Event<'e>>>,
    /// The text that waits while a note is read.
    waiting: Vec<Event<'e>>,
}

impl Notes<'_> {
    /// The number of a note, from 1.
    fn number(&mut self, label: &str) -> usize {
        if let Some(at) = self.marks.iter().position(|(known, _)| known == label) {
            return at + 1;
        }
        self.marks.push((label.to_owned(), 0));
        self.marks.len()
    }
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
    depth: usize,
    tables: usize,
    notes: Notes<'e>,
    diagnostics: Vec<Diagnostic>,
}

impl<'e> Walker<'_, 'e> {
    fn take(&mut self, event: Event<'e>, span: Span, events: &mut Events<'e>) {
        match event {
            Event::Rule if self.masked.markers.contains_key(&span.start) => self.marker(span.start),
            Event::Html(_) | Event::InlineHtml(_) => self.raw_html(span),
            Event::Start(Tag::HtmlBlock) | Event::End(TagEnd::HtmlBlock) => {}
            Event::Start(tag) => {
                self.count_in_block(&tag);
                self.start(tag, span, events);
            }
            Event::End(tag) => {
                self.depth = self.depth.saturating_sub(1);
                self.end(tag);
            }
            Event::Text(text) => {
                self.words(&text);
                self.rendered.push(Event::Text(text));
            }
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
            Tag::Table(columns) => {
                self.tables += 1;
                self.hole(Hole::Piece(Piece::TableFrame(self.tables)));
                self.rendered.push(Event::Start(Tag::Table(columns)));
            }
            Tag::BlockQuote(Some(kind)) => {
                self.hole(Hole::BlockStart(BlockKind::Alert(alert(kind)), None));
            }
            Tag::FootnoteDefinition(label) => self.start_footnote(&label),
            Tag::List(_) if self.is_block_list() => {
                let class = self.block_class();
                // Advice draws its own ticks and crosses, so its list must be named as one.
                let role = if class == "advice-list" { " role=\"list\"" } else { "" };
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

    fn footnote_mark(&mut self, label: &str) {
        let number = self.notes.number(label);
        let mention = self
            .notes
            .marks
            .get_mut(number - 1)
            .map_or(1, |(_, marks)| {
                *marks += 1;
                *marks
            });
        self.hole(Hole::Piece(Piece::FootnoteMark(number, mention)));
    }

    fn start_footnote(&mut self, label: &str) {
        let number = self.notes.number(label);
        self.notes.waiting = std::mem::take(&mut self.rendered);
        self.notes.texts.insert(number, Vec::new());
        self.raw(format!(
            "<li class=\"footnotes__item\" id=\"footnote-{number}\">"
        ));
        self.hole(Hole::Piece(Piece::FootnoteBack(number)));
    }

    fn end_footnote(&mut self) {
        self.raw("</li>\n");
        let text = std::mem::replace(&mut self.rendered, std::mem::take(&mut self.notes.waiting));
        if let Some(mut last) = self
            .notes
            .texts
            .last_entry()
            .filter(|last| last.get().is_empty())
        {
            last.insert(text);
        } else if let Some(slot) = self.notes.texts.values_mut().find(|slot| slot.is_empty()) {
            *slot = text;
        }
    }

    fn end_footnotes(&mut self) {
        if self.notes.texts.is_empty() {
            return;
        }
        self.hole(Hole::Piece(Piece::Footnotes));
        let texts = std::mem::take(&mut self.notes.texts);
        self.rendered.extend(texts.into_values().flatten());
        self.raw("</ol></section></div>\n");
    }

    /// Whether a list that begins here is the list of a block of advice or questions.
    fn is_block_list(&self) -> bool {
        let listed = |block: &OpenBlock| {
            matches!(
                block.kind,
                BlockKind::Do | BlockKind::Dont | BlockKind::Questions
            )
        };
        self.block
            .as_ref()
            .is_some_and(|block| listed(block) && self.depth == block.depth + 1)
    }

    fn is_block_item(&self) -> bool {
        let listed = |block: &OpenBlock| {
            matches!(
                block.kind,
                BlockKind::Do | BlockKind::Dont | BlockKind::Questions
            )
        };
        self.block
            .as_ref()
            .is_some_and(|block| listed(block) && self.depth == block.depth + 2)
    }

    fn block_class(&self) -> &'static str {
        match self.block.as_ref().map(|block| &block.kind) {
            Some(BlockKind::Questions) => "questions",
            _ => "advice-list",
        }
    }
}

// Headings and blocks.
impl<'e> Walker<'_, 'e> {
    fn heading(&mut self, level: u8, id: Option<CowStr<'e>>, span: Span, events: &mut Events<'e>) {
        let (inside, text) = collect(events);
        self.depth = self.depth.saturating_sub(1);
        let text = text.trim().to_owned();
        let offset = self.offset(span.start);
        let (heading, faults) = self.outline.take(level, id.as_deref(), &text, offset);
        self.diagnostics.extend(faults);
        self.words(&text);
        self.prose.plain.push('\n');
        match self.block.as_ref().map(|block| block.kind.clone()) {
            Some(BlockKind::Faq) if level == 3 => {
                let question = FaqHeading {
                    id: heading.id,
                    text: heading.text,
                };
                self.hole(Hole::Piece(Piece::Question(question)));
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
        self.raw(format!("</h{level}>\n"));
        self.prose.headings.push(heading);
    }

    fn marker(&mut self, at: usize) {
        match self.masked.markers.get(&at).cloned() {
            Some(Marker::Open(kind, title)) if self.block.is_none() => {
                let hole = self.hole(Hole::BlockStart(kind.clone(), title));
                self.block = Some(OpenBlock {
                    kind,
                    offset: at,
                    depth: self.depth,
                    lists: 0,
                    others: 0,
                    hole,
                    findings_before: self.prose.findings.len(),
                });
            }
            Some(Marker::Close) => self.close_block(),
            _ => {}
        }
    }

    fn count_in_block(&mut self, tag: &Tag<'_>) {
        let depth = self.depth;
        let Some(block) = self.block.as_mut().filter(|block| block.depth == depth) else {
            return;
        };
        match tag {
            Tag::List(_) => block.lists += 1,
            _ => block.others += 1,
        }
    }

    fn close_block(&mut self) {
        let Some(block) = self.block.take() else {
            return;
        };
        let (needs, help) = match &block.kind {
            BlockKind::Do | BlockKind::Dont | BlockKind::Questions
                if block.lists != 1 || block.others > 0 =>
            {
                (
                    "this block holds one list and nothing else",
                    "write one list with `- ` before each line",
                )
            }
            BlockKind::Care(..) if block.lists > 1 || block.others > 0 => (
                "a care block holds nothing, or one list of findings",
                "write `- <finding:id>` on each line",
            ),
            BlockKind::Warning if block.lists + block.others == 0 => {
                ("this block is empty", "write one or two short paragraphs")
            }
            BlockKind::Faq if block.lists + block.others == 0 => (
                "this block is empty",
                "write `### Question?` and its answer",
            ),
            _ => ("", ""),
        };
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
}

// Links, citations and pictures.
impl<'e> Walker<'_, 'e> {
    fn link(
        &mut self,
        link_type: LinkType,
        dest_url: CowStr<'e>,
        title: CowStr<'e>,
        id: CowStr<'e>,
        span: Span,
        events: &mut Events<'e>,
    ) {
        if let Some(reference) = dest_url.strip_prefix("cite:") {
            let text = self.skip(events);
            let both = if text.trim() == reference {
                text
            } else {
                format!("{text};{reference}")
            };
            return self.citation(&both, span);
        }
        match dest_url.parse::<Address>() {
            Ok(Address::Finding(finding)) => {
                let offset = self.offset(span.start);
                self.prose
                    .findings
                    .push(Spanned::new(finding.clone(), offset));
                if matches!(link_type, LinkType::Autolink) {
                    self.skip(events);
                    self.hole(Hole::Piece(Piece::Statement(finding)));
                } else {
                    self.links.push(OpenLink::Finding);
                    self.hole(Hole::Piece(Piece::FindingLink(finding)));
                }
            }
            Ok(Address::Inside(link)) => {
                let offset = self.offset(span.start);
                let dest_url = link.href().into();
                self.prose.links.push(Spanned::new(link, offset));
                self.links.push(OpenLink::Plain);
                self.rendered.push(Event::Start(Tag::Link {
                    link_type,
                    dest_url,
                    title,
                    id,
                }));
            }
            Ok(Address::Outside(_)) => {
                self.links.push(OpenLink::Plain);
                self.rendered.push(Event::Start(Tag::Link {
                    link_type,
                    dest_url,
                    title,
                    id,
                }));
            }
            Err(expected) => {
                self.links.push(OpenLink::Refused);
                let message = format!("the link leads to `{dest_url}`, {expected}");
                self.fault(
                    Code::LinkUnknown,
                    span.start,
                    message,
                    "link to an article by its file name, such as `sciatica.md`",
                );
            }
        }
    }

    fn citation(&mut self, written: &str, span: Span) {
        let mut marks = Vec::new();
        for name in written
            .split([';', ','])
            .map(str::trim)
            .filter(|name| !name.is_empty())
        {
            match name.strip_prefix('@').unwrap_or(name).parse::<SourceId>() {
                Ok(id) => {
                    marks.push(CitationMark(self.prose.citations.len()));
                    let offset = self.offset(span.start);
                    self.prose.citations.push(Spanned::new(id, offset));
                }
                Err(error) => {
                    let message = format!("`{name}` cites nothing, {error}");
                    self.fault(
                        Code::CitationUnknown,
                        span.start,
                        message,
                        "write `[@id]`, or `[@one; @other]`",
                    );
                }
            }
        }
        if !marks.is_empty() {
            self.hole(Hole::Piece(Piece::Citation(marks)));
        }
    }

    fn figure(&mut self, span: Span, events: &mut Events<'e>) {
        let image = events.next();
        let Some((
            Event::Start(Tag::Image {
                dest_url, title, ..
            }),
            _,
        )) = image
        else {
            return;
        };
        let (_, alt) = collect(events);
        events.next(); // the paragraph's end
        self.depth = self.depth.saturating_sub(1);
        let decorative = title.trim() == "decorative" && alt.trim().is_empty();
        if !decorative && alt.trim().is_empty() {
            let message =
                format!("the picture `{dest_url}` has no words for those who can't see it");
            self.fault(
                Code::ImageAlt,
                span.start,
                message,
                "write `![what it shows](file \"caption\")`",
            );
        }
        if title.trim().is_empty() {
            let message = format!("the picture `{dest_url}` has no caption");
            self.fault(
                Code::ImageCaption,
                span.start,
                message,
                "write it in quotes behind the file name",
            );
        }
        let Some(picture) = self.picture(&dest_url, span) else {
            return;
        };
        let (alt, caption) = (escaped(alt.trim()), escaped(title.trim()));
        let image = format!(
            "<div class=\"figure__frame\"><img class=\"figure__image\" src=\"{}\" alt=\"{alt}\" width=\"{}\" height=\"{}\" loading=\"lazy\" decoding=\"async\"></div>",
            escaped(&picture.href),
            picture.width,
            picture.height
        );
        self.raw(match decorative {
            true => format!("<div class=\"block\"><div class=\"figure\">{image}</div></div>\n"),
            false => format!("<div class=\"block\"><figure class=\"figure\">{image}<figcaption>{caption}</figcaption></figure></div>\n"),
        });
    }

    fn picture(&mut self, file: &str, span: Span) -> Option<super::Picture> {
        let folder = self
            .reading
            .slug
            .map_or(String::new(), |slug| format!("articles/{slug}/"));
        let path = format!("{folder}{file}");
        let (message, help) = match self.reading.pictures.get(&path) {
            Some(Some(picture)) => return Some(picture.clone()),
            Some(None) => (
                format!("`{path}` is no picture that we can read"),
                "save it as PNG, JPEG, WebP, AVIF, GIF or SVG",
            ),
            None => (
                format!("there is no file `{path}`"),
                "put the picture there, and mind upper and lower case",
            ),
        };
        self.fault(Code::ImageMissing, span.start, message, help);
        None
    }
}

/// Whether the paragraph that has just begun holds one picture and nothing else.
fn is_picture(events: &mut Events<'_>) -> bool {
    if !matches!(events.peek(), Some((Event::Start(Tag::Image { .. }), _))) {
        return false;
    }
    let mut ahead = events.clone();
    ahead.next();
    collect(&mut ahead);
    matches!(ahead.next(), Some((Event::End(TagEnd::Paragraph), _)))
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

fn escaped(text: &str) -> String {
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
