//! The texts of an article as the page shows them: takeaways, body, questions and FAQ,
//! which the file holds in any order. They share one list of citations.

use super::article::FaqItem;
use super::markdown::{BlockKind, Piece, Prose, shift_citations};
use crate::file::Spanned;
use crate::source::SourceId;

/// The texts of an article, apart.
pub(super) struct Texts {
    pub(super) takeaways: Vec<Vec<Piece>>,
    pub(super) body: Vec<Piece>,
    pub(super) questions: Option<Vec<Piece>>,
    pub(super) faq: Vec<FaqItem>,
}

impl Texts {
    /// All texts in the order in which the page shows them.
    pub(super) fn in_reading_order(&self) -> Vec<&[Piece]> {
        let mut texts: Vec<&[Piece]> = self.takeaways.iter().map(Vec::as_slice).collect();
        texts.push(&self.body);
        texts.extend(self.questions.as_deref());
        texts.extend(self.faq.iter().map(|item| item.answer.as_slice()));
        texts
    }
}

/// Puts takeaways and body together: one list of citations, questions and FAQ taken out of the body.
pub(super) fn merge(takeaways: Vec<Prose>, body: Prose) -> (Texts, Vec<Spanned<SourceId>>) {
    let mut cited = Vec::new();
    let mut texts = Texts {
        takeaways: Vec::new(),
        body: Vec::new(),
        questions: None,
        faq: Vec::new(),
    };
    for mut line in takeaways {
        shift_citations(&mut line.pieces, cited.len());
        cited.extend(line.citations);
        texts.takeaways.push(without_paragraph(line.pieces));
    }
    let mut pieces = body.pieces;
    shift_citations(&mut pieces, cited.len());
    cited.extend(body.citations);
    for piece in pieces {
        match piece {
            Piece::Block(block) if block.kind == BlockKind::Questions => {
                let questions = texts.questions.get_or_insert_default();
                questions.extend(block.pieces);
            }
            Piece::Block(block) if block.kind == BlockKind::Faq => {
                texts.faq.extend(faq(block.pieces));
            }
            piece => texts.body.push(piece),
        }
    }
    texts.body.shrink_to_fit();
    (texts, cited)
}

/// A takeaway is one list item, so its paragraph is not wanted.
fn without_paragraph(pieces: Vec<Piece>) -> Vec<Piece> {
    let is_frame = |piece: &Piece| matches!(piece, Piece::Markup(html) if ["<p>", "</p>\n"].contains(&html.as_str()));
    let mut pieces: Vec<Piece> = pieces
        .into_iter()
        .filter(|piece| !is_frame(piece))
        .collect();
    for piece in &mut pieces {
        if let Piece::Markup(html) = piece {
            *html = html.without_paragraph();
        }
    }
    pieces
}

/// The questions of a block with their answers.
pub(super) fn faq(pieces: Vec<Piece>) -> Vec<FaqItem> {
    let mut items: Vec<FaqItem> = Vec::new();
    for piece in pieces {
        match (piece, items.last_mut()) {
            (Piece::Question(question), _) => {
                items.push(FaqItem {
                    id: question.id,
                    question: question.text,
                    answer: Vec::new(),
                });
            }
            (piece, Some(item)) => item.answer.push(piece),
            (_, None) => {}
        }
    }
    items
}
