//! Fills the holes of a text: citation marks, care cards, block headings. The
//! markup of each stands in a small template; this module only chooses.

use std::fmt;

use askama::{FastWritable, Template};

use super::care::{CareCard, card_id};
use crate::content::markdown::{AlertKind, Block, BlockKind, CitationMark, Piece, footnote_mark};
use crate::content::{Article, Citation};
use crate::messages::Words;
use crate::source::{ReferenceStyle, in_text_parenthetical};

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
            Piece::Section | Piece::Question(_) => {}
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
            BlockKind::Alert(alert) => {
                self.add(&NoteStart {
                    kind: alert.id(),
                    heading: alert_heading(*alert, self.around.words),
                })?;
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

    fn care(
        &mut self,
        level: crate::triage::TriageLevel,
        named: &[crate::id::FindingId],
    ) -> askama::Result<()> {
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
