//! Passages: the words of a text without marks, and for each word its place in the
//! file. They stand apart from the pieces because checks of style ask what a reader
//! reads and where the author typed it, and never how it looks.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::block::{Marker, Masked};
use super::piece::BlockKind;
use super::walk::Origin;
use crate::content::sentence::sentence_ranges;
use crate::content::terms::{Mention, TermIndex};
use crate::file::Span;

/// A run of words that stands by itself: a paragraph, an item, a heading.
#[derive(Debug, Clone, PartialEq)]
pub struct Passage {
    /// What it is.
    pub kind: PassageKind,
    /// Where on the page it stands.
    pub home: Home,
    /// Which item of which list, if it is in one; for nested lists the innermost.
    pub item: Option<ItemPlace>,
    /// The words, without citations.
    pub text: String,
    /// Links in `text`, in its order.
    pub links: Vec<PassageLink>,
    /// Bold words in `text`, in its order.
    pub strong: Vec<Range<usize>>,
    /// Terms of the glossary in `text`, in its order; none where nobody looks for them.
    pub(in crate::content) mentions: Vec<Mention>,
    /// Sentences of `text`, in its order.
    sentences: Vec<Range<usize>>,
    origins: Vec<Stretch>,
}

/// What a passage is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PassageKind {
    /// A heading, or a question of the FAQ.
    Heading,
    /// A paragraph, in an item or not.
    Paragraph,
    /// The words of an item that has no paragraphs.
    Item,
    /// A name in a definition list.
    DefinitionTitle,
    /// One cell of a table.
    Cell,
}

/// Where on the page a passage stands, in the order in which the page shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Home {
    /// A key takeaway.
    Takeaway,
    /// The running text.
    Text,
    /// A list of what helps.
    Do,
    /// A list of what to leave.
    Dont,
    /// A warning.
    Warning,
    /// The findings of a care card.
    Care,
    /// Questions to ask at the visit.
    Questions,
    /// Questions and answers.
    Faq,
}

impl Home {
    /// Whether the page shows it after the text, wherever the file has it.
    pub fn is_moved_to_the_end(self) -> bool {
        self >= Self::Questions
    }
}

/// An item's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ItemPlace {
    /// The list, counted from 0 in the text.
    pub list: usize,
    /// The item, counted from 0 in the list.
    pub item: usize,
    /// Whether the list has numbers.
    pub order: ListOrder,
}

/// Whether a list has numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListOrder {
    /// Numbered.
    Numbered,
    /// Bullets.
    Bulleted,
}

/// A link in a passage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassageLink {
    /// Its words.
    pub range: Range<usize>,
    /// The address as typed.
    pub address: String,
}

/// Bytes of a passage's text that stand together in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stretch {
    /// Where it begins in the text.
    at: usize,
    /// Where it stands in the file.
    source: Span,
    /// Its length in the text.
    length: usize,
}

impl Passage {
    /// Where in the file the byte `at` of the text was typed.
    pub fn offset(&self, at: usize) -> usize {
        let after = self.origins.partition_point(|stretch| stretch.at <= at);
        let stretch = after
            .checked_sub(1)
            .and_then(|index| self.origins.get(index));
        let Some(stretch) = stretch.or(self.origins.first()) else {
            return 0;
        };
        // Signs that the parser made of others, such as curly quotes, have one place.
        match stretch.length == stretch.source.len() {
            true => stretch.source.start + at.saturating_sub(stretch.at).min(stretch.length),
            false => stretch.source.start,
        }
    }

    /// Where in the file words were typed that stand there as they are read, outside of links. None for others.
    pub(in crate::content) fn typed(&self, range: &Range<usize>) -> Option<Span> {
        let is_in_a_link =
            |link: &PassageLink| link.range.start < range.end && range.start < link.range.end;
        let stretch = self.origins.iter().find(|stretch| {
            stretch.at <= range.start && range.end <= stretch.at + stretch.length
        })?;
        let is_as_typed = stretch.length == stretch.source.len();
        let is_free = is_as_typed && !self.links.iter().any(is_in_a_link);
        let start = stretch.source.start + range.start - stretch.at;
        is_free.then_some(start..start + range.len())
    }

    /// The sentences, as bytes of the text, in its order.
    pub fn sentences(&self) -> impl ExactSizeIterator<Item = (&Range<usize>, &str)> {
        let ranges = self.sentences.iter();
        ranges.map(|range| (range, self.text.get(range.clone()).unwrap_or_default()))
    }

    /// Whether it is made of sentences: no heading, no cell, no name in a list of definitions.
    pub fn is_prose(&self) -> bool {
        matches!(self.kind, PassageKind::Paragraph | PassageKind::Item)
    }
}

/// Reads the passages of a text from its parser's events, in the order of the file. Terms are looked for here, once for
/// all who ask.
pub(super) fn passages(
    events: &[(Event<'_>, Span)],
    origin: Origin,
    masked: &Masked,
    terms: Option<&TermIndex>,
) -> Vec<Passage> {
    let home = match origin {
        Origin::Body(_) => Home::Text,
        Origin::Line(_) => Home::Takeaway,
    };
    let mut reader = Reader {
        terms,
        origin,
        home,
        outer: home,
        open: None,
        lists: Vec::new(),
        list_count: 0,
        links: Vec::new(),
        strong: None,
        silent: 0,
        found: Vec::new(),
    };
    for (event, span) in events {
        match event {
            Event::Rule => match masked.markers.get(&span.start) {
                Some(Marker::Open(kind, _)) => reader.home = home_of(kind),
                Some(_) => reader.home = reader.outer,
                None => {}
            },
            event => reader.take(event, span),
        }
    }
    reader.close();
    reader.found
}

fn home_of(kind: &BlockKind) -> Home {
    match kind {
        BlockKind::Do => Home::Do,
        BlockKind::Dont => Home::Dont,
        BlockKind::Warning => Home::Warning,
        BlockKind::Questions => Home::Questions,
        BlockKind::Faq => Home::Faq,
        BlockKind::Care(..) => Home::Care,
        BlockKind::Alert(_) | BlockKind::Chart(_) | BlockKind::Diagram(_) => Home::Text,
    }
}

struct Reader<'a> {
    terms: Option<&'a TermIndex>,
    origin: Origin,
    home: Home,
    outer: Home,
    open: Option<Passage>,
    /// Lists that are open, with the item that is being read.
    lists: Vec<ItemPlace>,
    list_count: usize,
    /// Links that are open: where each begins, and its address.
    links: Vec<(usize, String)>,
    strong: Option<usize>,
    /// How many citations, pictures and blocks of code are open; their words are not read.
    silent: usize,
    found: Vec<Passage>,
}

impl Reader<'_> {
    fn take(&mut self, event: &Event<'_>, span: &Span) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(*tag),
            Event::Text(text) | Event::Code(text) if self.silent == 0 => self.push(text, span),
            Event::SoftBreak | Event::HardBreak if self.silent == 0 => self.push(" ", span),
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        if self.silent > 0 || is_silent(tag) {
            self.silent += 1;
            return;
        }
        match tag {
            Tag::Heading { .. } => self.open(PassageKind::Heading),
            Tag::Paragraph => self.open(PassageKind::Paragraph),
            Tag::DefinitionListTitle => self.open(PassageKind::DefinitionTitle),
            Tag::DefinitionListDefinition => self.open(PassageKind::Paragraph),
            Tag::TableCell => self.open(PassageKind::Cell),
            Tag::List(first) => self.open_list(first.is_some()),
            Tag::Item => self.open(PassageKind::Item),
            Tag::Link { dest_url, .. } => {
                let at = self.open.as_ref().map_or(0, |open| open.text.len());
                self.links.push((at, dest_url.to_string()));
            }
            Tag::Strong => self.strong = self.open.as_ref().map(|open| open.text.len()),
            _ => {}
        }
    }

    fn open_list(&mut self, is_numbered: bool) {
        self.close();
        let order = match is_numbered {
            true => ListOrder::Numbered,
            false => ListOrder::Bulleted,
        };
        self.lists.push(ItemPlace {
            list: self.list_count,
            item: 0,
            order,
        });
        self.list_count += 1;
    }

    fn end(&mut self, tag: TagEnd) {
        if self.silent > 0 {
            self.silent -= 1;
            return;
        }
        match tag {
            TagEnd::Link => {
                if let (Some((at, address)), Some(open)) = (self.links.pop(), self.open.as_mut()) {
                    let range = at..open.text.len();
                    open.links.push(PassageLink { range, address });
                }
            }
            TagEnd::Strong => {
                if let (Some(at), Some(open)) = (self.strong.take(), self.open.as_mut()) {
                    open.strong.push(at..open.text.len());
                }
            }
            TagEnd::Emphasis | TagEnd::Strikethrough => {}
            TagEnd::List(_) => {
                self.close();
                self.lists.pop();
            }
            TagEnd::Item => {
                self.close();
                if let Some(list) = self.lists.last_mut() {
                    list.item += 1;
                }
            }
            _ => self.close(),
        }
    }

    fn open(&mut self, kind: PassageKind) {
        self.close();
        self.open = Some(Passage {
            kind,
            home: self.home,
            item: self.lists.last().copied(),
            text: String::new(),
            links: Vec::new(),
            strong: Vec::new(),
            mentions: Vec::new(),
            sentences: Vec::new(),
            origins: Vec::new(),
        });
    }

    fn close(&mut self) {
        let has_words = |open: &Passage| open.text.chars().any(char::is_alphanumeric);
        let Some(mut whole) = self.open.take().filter(has_words) else {
            return;
        };
        whole.sentences = sentence_ranges(&whole.text);
        if let Some(terms) = self.terms {
            whole.mentions = terms.find(&whole.text);
        }
        self.found.push(whole);
    }

    fn push(&mut self, text: &str, span: &Span) {
        if self.open.is_none() {
            self.open(PassageKind::Item);
        }
        let Some(open) = self.open.as_mut() else {
            return;
        };
        let source = match self.origin {
            Origin::Body(base) => base + span.start..base + span.end,
            Origin::Line(offset) => offset..offset,
        };
        open.origins.push(Stretch {
            at: open.text.len(),
            source,
            length: text.len(),
        });
        open.text.push_str(text);
    }
}

/// Whether the words inside are not part of the text: citations, findings in the protocol's words,
/// pictures, code, HTML.
fn is_silent(tag: &Tag<'_>) -> bool {
    match tag {
        Tag::Link {
            dest_url,
            link_type,
            ..
        } => {
            let is_statement = matches!(link_type, pulldown_cmark::LinkType::Autolink)
                && dest_url.starts_with("finding:");
            dest_url.starts_with("cite:") || is_statement
        }
        Tag::Image { .. } | Tag::CodeBlock(_) | Tag::HtmlBlock => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::markdown::{Pictures, Reading, read_text};
    use crate::file::SourceFile;

    fn read(text: &str) -> (SourceFile, Vec<Passage>) {
        let file = SourceFile::new("articles/a.md", text);
        let pictures = Pictures::new();
        let reading = Reading {
            file: &file,
            slug: None,
            pictures: &pictures,
            glossing: None,
            diagrams: None,
        };
        let (prose, faults) = read_text(reading, 0..text.len());
        assert_eq!(faults, []);
        (file.clone(), prose.passages)
    }

    const TEXT: &str = "## A heading\n\nIt’s “here” and *there*.[@a; @b] See [this\npage](b.md).\n\n\
        - One\n- Two\n\n  More of two\n  1. Inner\n\n::: questions\n- Why?\n:::\n\n\
        Name\n: What it is.\n\n| A | B |\n|---|---|\n| C | D |\n\nIt's \"typed\" \\*so\\*.\n";

    #[test]
    fn a_text_is_cut_into_passages_without_marks_and_citations() {
        use Home::{Questions, Text};
        use PassageKind::{Cell, DefinitionTitle, Heading, Item, Paragraph};
        let (_, passages) = read(TEXT);
        let found: Vec<_> = passages
            .iter()
            .map(|passage| (passage.kind, passage.home, passage.text.as_str()))
            .collect();
        let expected = [
            (Heading, Text, "A heading"),
            (Paragraph, Text, "It’s “here” and there. See this page."),
            (Paragraph, Text, "One"),
            (Paragraph, Text, "Two"),
            (Paragraph, Text, "More of two"),
            (Item, Text, "Inner"),
            (Item, Questions, "Why?"),
            (DefinitionTitle, Text, "Name"),
            (Paragraph, Text, "What it is."),
            (Cell, Text, "A"),
            (Cell, Text, "B"),
            (Cell, Text, "C"),
            (Cell, Text, "D"),
            (Paragraph, Text, "It’s “typed” *so*."),
        ];
        assert_eq!(found, expected);
        let items: Vec<_> = passages
            .iter()
            .filter_map(|passage| passage.item)
            .map(|place| (place.list, place.item))
            .collect();
        assert_eq!(items, [(0, 0), (0, 1), (0, 1), (1, 0), (2, 0)]);
    }

    #[test]
    fn every_letter_knows_where_it_was_typed() {
        let (file, passages) = read(TEXT);
        let mut seen = 0;
        for passage in &passages {
            for (at, letter) in passage.text.char_indices() {
                if letter.is_alphanumeric() {
                    let typed = file.text().get(passage.offset(at)..).unwrap_or_default();
                    assert!(typed.starts_with(letter), "{letter} of {}", passage.text);
                    seen += 1;
                }
            }
        }
        assert!(seen > 60, "{seen}");
    }
}
