//! A text without markup: what a program reads aloud, or shows where it can show no
//! more. Citations are left out, since their numbers lead nowhere there.

use super::markup::{Token, tokens};
use crate::content::Article;
use crate::content::markdown::{BlockKind, Piece};

/// The words of a text of an article, with single spaces.
pub(in crate::pages) fn plain(pieces: &[Piece], article: &Article) -> String {
    let mut out = String::new();
    add(&mut out, pieces, article);
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn add(out: &mut String, pieces: &[Piece], article: &Article) {
    for piece in pieces {
        match piece {
            Piece::Markup(html) => add_markup(out, html.as_str()),
            Piece::Statement(id) => {
                let finding = article.protocol.finding(id);
                let statement = finding.map(|finding| finding.statement.to_string());
                out.push_str(&statement.unwrap_or_default());
            }
            Piece::Question(heading) => {
                out.push_str(&heading.text);
                out.push(' ');
            }
            Piece::Block(block) if !matches!(block.kind, BlockKind::Care(..)) => {
                add(out, &block.pieces, article);
            }
            Piece::Block(_)
            | Piece::Citation(_)
            | Piece::FindingLink(_)
            | Piece::TableFrame(_)
            | Piece::Footnotes
            | Piece::FootnoteMark(..)
            | Piece::FootnoteBack(_)
            | Piece::HeadingLink(_)
            | Piece::TermLink(_)
            | Piece::Drawing(_)
            | Piece::Section => {}
            Piece::Cell => out.push(' '),
        }
    }
}

/// Elements that stand within a line; the end of any other is a gap.
const WITHIN_A_LINE: [&str; 6] = ["a", "strong", "em", "del", "code", "span"];

fn add_markup(out: &mut String, markup: &str) {
    for token in tokens(markup) {
        match token {
            Token::Text(text) => out.push_str(&text),
            Token::Open(name, _) | Token::Close(name) if !WITHIN_A_LINE.contains(&name) => {
                out.push(' ');
            }
            Token::Open(..) | Token::Close(_) => {}
        }
    }
}
