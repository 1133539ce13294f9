//! Fills the holes of a text: citation marks, care cards, block headings. The
//! markup of each stands in a small template; this module only chooses.

use std::fmt;

use askama::{FastWritable, Template};

use super::care::{CareCard, card_id, spoken};
use super::chart;
use crate::clinic::Term;
use crate::content::markdown::{
    AlertKind, Block, BlockKind, Chart, CitationMark, Diagram, Piece, footnote_mark,
};
use crate::content::{Article, Citation};
use crate::id::Id;
use crate::messages::Words;
use crate::source::{ReferenceStyle, in_text_parenthetical};
use crate::triage::TriageLevel;

/// A text whose holes are filled. Only made here, from pieces that `content` made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Markup(String);

impl fmt::Display for Markup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FastWritable for Markup {
    fn write_into(&self, dest: &mut dyn fmt::Write, _: &dyn askama::Values) -> askama::Result<()> {
        dest.write_str(&self.0).map_err(Into::into)
    }
}

impl askama::filters::HtmlSafe for Markup {}

/// What a text may refer to.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    /// The words of the page's language.
    pub words: &'a Words,
    /// The article, if the text is one's.
    pub article: Option<&'a Article>,
    /// How the clinic cites.
    pub style: ReferenceStyle,
    /// The clinic's phone number, for care cards.
    pub phone: &'a crate::clinic::Phone,
}

/// Fills every hole of a text.
///
/// # Errors
/// A template failed: a fault of ours.
pub fn fill(pieces: &[Piece], around: Surroundings<'_>) -> askama::Result<Markup> {
    let mut filling = Filling {
        around,
        out: String::new(),
        blocks: 0,
    };
    filling.pieces(pieces)?;
    Ok(Markup(filling.out))
}

/// Fills a text without anything that leads elsewhere: for a sheet of paper or a feed, where no link of the page works.
/// What remains are words and their markup.
///
/// # Errors
/// A template failed: a fault of ours.
pub fn fill_words(pieces: &[Piece], around: Surroundings<'_>) -> askama::Result<Markup> {
    let is_told = |piece: &&Piece| matches!(piece, Piece::Markup(_) | Piece::Statement(_));
    let told: Vec<Piece> = pieces.iter().filter(is_told).cloned().collect();
    let Markup(html) = fill(&told, around)?;
    Ok(Markup(without_links(&html)))
}

/// Takes the tags of links out of markup of ours, in which `>` stands nowhere but at the end of a tag.
fn without_links(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    for (at, part) in html.split('<').enumerate() {
        let is_link = part.starts_with("a ") || part.starts_with("a>") || part.starts_with("/a>");
        match part.split_once('>') {
            Some((_, rest)) if at > 0 && is_link => out.push_str(rest),
            _ => {
                if at > 0 {
                    out.push('<');
                }
                out.push_str(part);
            }
        }
    }
    out
}

/// Fills a text and cuts it in two: up to the second section, and the rest.
///
/// # Errors
/// A template failed: a fault of ours.
pub fn fill_in_two(pieces: &[Piece], around: Surroundings<'_>) -> askama::Result<(Markup, Markup)> {
    let starts: Vec<usize> = pieces
        .iter()
        .enumerate()
        .filter(|(_, piece)| **piece == Piece::Section)
        .map(|(at, _)| at)
        .collect();
    let cut = match starts.as_slice() {
        [] => pieces.len(),
        [only] if has_words_before(pieces, *only) => *only,
        [_] => pieces.len(),
        [first, ..] if has_words_before(pieces, *first) => *first,
        [_, second, ..] => *second,
    };
    let (lead, rest) = pieces.split_at_checked(cut).unwrap_or((pieces, &[]));
    let mut filling = Filling {
        around,
        out: String::new(),
        blocks: 0,
    };
    filling.pieces(lead)?;
    let lead = Markup(std::mem::take(&mut filling.out));
    filling.pieces(rest)?;
    Ok((lead, Markup(filling.out)))
}

fn has_words_before(pieces: &[Piece], at: usize) -> bool {
    let before = pieces.get(..at).unwrap_or_default();
    before
        .iter()
        .any(|piece| !matches!(piece, Piece::Markup(html) if html.as_str().trim().is_empty()))
}

struct Filling<'a> {
    around: Surroundings<'a>,
    out: String,
    blocks: usize,
}

#[derive(Template)]
#[template(path = "fragments/citation.html")]
struct CitationFragment<'a> {
    words: &'a Words,
    marks: Vec<Mark>,
}

/// One citation as it is printed.
struct Mark {
    number: usize,
    mention: usize,
    text: String,
    is_superscript: bool,
}

#[derive(Template)]
#[template(path = "fragments/block-start.html")]
struct BlockStart<'a> {
    kind: &'static str,
    element_id: String,
    heading: &'a str,
}

#[derive(Template)]
#[template(path = "fragments/note-start.html")]
struct NoteStart<'a> {
    kind: &'static str,
    heading: &'a str,
}

#[derive(Template)]
#[template(path = "fragments/diagram.html")]
struct Drawing<'a> {
    diagram: &'a Diagram,
    markup: Markup,
}

#[derive(Template)]
#[template(path = "fragments/care-card.html")]
struct CareFragment<'a> {
    card: &'a CareCard<'a>,
}

#[derive(Template)]
#[template(path = "fragments/table-start.html")]
struct TableStart<'a> {
    words: &'a Words,
    number: usize,
}

#[derive(Template)]
#[template(path = "fragments/footnotes-start.html")]
struct FootnotesStart<'a> {
    words: &'a Words,
}

#[derive(Template)]
#[template(path = "fragments/footnote-mark.html")]
struct FootnoteMark<'a> {
    words: &'a Words,
    number: usize,
    mention: usize,
    mark: String,
}

#[derive(Template)]
#[template(path = "fragments/footnote-back.html")]
struct FootnoteBack<'a> {
    words: &'a Words,
    number: usize,
    mark: String,
}

#[derive(Template)]
#[template(path = "fragments/finding-link-start.html")]
struct FindingLinkStart<'a> {
    card_id: &'a str,
}

#[derive(Template)]
#[template(path = "fragments/level.html")]
struct LevelFragment<'a> {
    words: &'a Words,
    level: TriageLevel,
    statement: String,
}

impl LevelFragment<'_> {
    fn card_id(&self) -> &'static str {
        card_id(self.level)
    }

    fn spoken(&self) -> &str {
        spoken(&self.words.care, self.level)
    }
}

#[derive(Template)]
#[template(path = "fragments/term-link.html")]
struct TermLink<'a> {
    id: &'a Id<Term>,
}

#[derive(Template)]
#[template(path = "fragments/heading-link.html")]
struct HeadingLink<'a> {
    words: &'a Words,
    id: &'a str,
}

#[derive(Template)]
#[template(path = "fragments/text.html")]
struct PlainText<'a> {
    text: &'a str,
}

impl Filling<'_> {
    fn add(&mut self, fragment: &impl Template) -> askama::Result<()> {
        fragment.render_into(&mut self.out)
    }

    fn pieces(&mut self, pieces: &[Piece]) -> askama::Result<()> {
        pieces.iter().try_for_each(|piece| self.piece(piece))
    }

    fn piece(&mut self, piece: &Piece) -> askama::Result<()> {
        let words = self.around.words;
        match piece {
            Piece::Markup(html) => self.out.push_str(html.as_str()),
            Piece::Citation(marks) => self.citation(marks)?,
            Piece::TermLink(id) => self.add(&TermLink { id })?,
            Piece::Statement(id) => {
                let protocol = self.around.article.map(|article| &article.protocol);
                let finding = protocol.and_then(|protocol| protocol.finding(id));
                let text = finding.map(|found| found.statement.to_string());
                self.add(&PlainText {
                    text: text.as_deref().unwrap_or_default(),
                })?;
            }
            Piece::FindingLink(id) => {
                let protocol = self.around.article.map(|article| &article.protocol);
                let level = protocol
                    .and_then(|protocol| protocol.finding(id))
                    .map(|found| found.level);
                self.add(&FindingLinkStart {
                    card_id: level.map_or("main", card_id),
                })?;
            }
            Piece::TableFrame(number) => self.add(&TableStart {
                words,
                number: *number,
            })?,
            Piece::Footnotes => self.add(&FootnotesStart { words })?,
            Piece::FootnoteMark(number, mention) => {
                self.add(&FootnoteMark {
                    words,
                    number: *number,
                    mention: *mention,
                    mark: footnote_mark(*number),
                })?;
            }
            Piece::FootnoteBack(number) => self.add(&FootnoteBack {
                words,
                number: *number,
                mark: footnote_mark(*number),
            })?,
            Piece::HeadingLink(id) => self.add(&HeadingLink { words, id })?,
            Piece::Drawing(diagram) => {
                let markup = Markup(diagram.markup.as_str().to_owned());
                self.add(&Drawing { diagram, markup })?;
            }
            Piece::Section | Piece::Question(_) | Piece::Cell => {}
            Piece::Block(block) => self.block(block)?,
        }
        Ok(())
    }

    fn citation(&mut self, marks: &[CitationMark]) -> askama::Result<()> {
        let Some(article) = self.around.article else {
            return Ok(());
        };
        let cited = marks
            .iter()
            .filter_map(|mark| article.citations.get(mark.0));
        let marks = cited
            .filter_map(|citation| self.mark(article, *citation))
            .collect();
        self.add(&CitationFragment {
            words: self.around.words,
            marks,
        })
    }

    fn mark(&self, article: &Article, citation: Citation) -> Option<Mark> {
        let source = article.sources.get(citation.source)?;
        let number = citation.source + 1;
        let is_superscript = self.around.style.is_numbered();
        let text = if is_superscript {
            number.to_string()
        } else {
            in_text_parenthetical(source)
        };
        Some(Mark {
            number,
            mention: citation.mention,
            text,
            is_superscript,
        })
    }

    fn block(&mut self, block: &Block) -> askama::Result<()> {
        let words = &self.around.words.block;
        let (kind, default) = match &block.kind {
            BlockKind::Care(level, named) => return self.care(*level, named),
            BlockKind::Chart(chart) => return self.chart(chart, block),
            BlockKind::Alert(alert) => {
                self.add(&NoteStart {
                    kind: alert.id(),
                    heading: alert_heading(*alert, self.around.words),
                })?;
                self.pieces(&block.pieces)?;
                self.out.push_str("</div></div>\n");
                return Ok(());
            }
            BlockKind::Diagram(_) => {
                self.out
                    .push_str("<div class=\"block\"><div class=\"diagram\">\n");
                self.pieces(&block.pieces)?;
                self.out.push_str("</div></div>\n");
                return Ok(());
            }
            BlockKind::Questions | BlockKind::Faq => return Ok(()),
            BlockKind::Do => ("advice-list advice-list--do", words.r#do.as_str()),
            BlockKind::Dont => ("advice-list advice-list--dont", words.dont.as_str()),
            BlockKind::Warning => ("warning", words.warning.as_str()),
        };
        self.blocks += 1;
        let heading = block.title.as_deref().unwrap_or(default);
        self.add(&BlockStart {
            kind,
            element_id: format!("block-{}", self.blocks),
            heading,
        })?;
        self.pieces(&block.pieces)?;
        self.out.push_str("</section></div>\n");
        Ok(())
    }

    fn chart(&mut self, chart: &Chart, block: &Block) -> askama::Result<()> {
        self.blocks += 1;
        let element_id = format!("block-{}", self.blocks);
        let cells = block.pieces.split(|piece| *piece == Piece::Cell).skip(1);
        let cells: Vec<Markup> = cells
            .map(|cell| self.cell(cell))
            .collect::<askama::Result<_>>()?;
        let heading = block.title.as_deref().unwrap_or_default();
        let figure = chart::Figure {
            words: self.around.words,
            element_id: &element_id,
            heading,
            cells: &cells,
        };
        figure.draw(chart, &mut self.out)
    }

    /// The text of one cell. A finding in the protocol's words says its level, which leads to the care card.
    fn cell(&mut self, pieces: &[Piece]) -> askama::Result<Markup> {
        let outer = std::mem::take(&mut self.out);
        for piece in pieces {
            let protocol = self.around.article.map(|article| &article.protocol);
            let finding = match piece {
                Piece::Statement(id) => protocol.and_then(|protocol| protocol.finding(id)),
                _ => None,
            };
            match finding {
                Some(finding) => self.add(&LevelFragment {
                    words: self.around.words,
                    level: finding.level,
                    statement: finding.statement.to_string(),
                })?,
                None => self.piece(piece)?,
            }
        }
        Ok(Markup(std::mem::replace(&mut self.out, outer)))
    }

    fn care(&mut self, level: TriageLevel, named: &[crate::id::FindingId]) -> askama::Result<()> {
        let Some(article) = self.around.article else {
            return Ok(());
        };
        let card = CareCard::of(article, level, named, self.around.words, self.around.phone);
        match card {
            Some(card) => self.add(&CareFragment { card: &card }),
            None => Ok(()),
        }
    }
}

pub(super) fn alert_heading(kind: AlertKind, words: &Words) -> &str {
    match kind {
        AlertKind::Note => &words.block.note,
        AlertKind::Tip => &words.block.tip,
        AlertKind::Important => &words.block.important,
        AlertKind::Warning => &words.block.alert_warning,
        AlertKind::Caution => &words.block.caution,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_taken_out_and_everything_else_stays() {
        let rows = [
            (
                "<p>Call <a href=\"/x\">us</a> now.</p>",
                "<p>Call us now.</p>",
            ),
            (
                "<abbr>a</abbr> &lt;a href=1&gt;",
                "<abbr>a</abbr> &lt;a href=1&gt;",
            ),
            ("a <b>b</b>", "a <b>b</b>"),
            ("", ""),
        ];
        for (html, expected) in rows {
            assert_eq!(without_links(html), expected);
        }
    }
}
