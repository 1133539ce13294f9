//! Cuts rendered HTML at its holes and nests what belongs into blocks.
//! A hole is a number between two private-use characters, which no author's text
//! can hold: [`walk`](super::walk) replaces them on the way in.

use super::piece::{Block, BlockKind, Html, Piece};

/// Opens a hole.
pub(super) const OPEN: char = '\u{e000}';
/// Closes a hole.
pub(super) const CLOSE: char = '\u{e001}';

/// What belongs in a hole.
#[derive(Debug, Clone)]
pub(super) enum Hole {
    /// A piece of its own.
    Piece(Piece),
    /// The start of a block.
    BlockStart(BlockKind, Option<String>),
    /// The end of the innermost block.
    BlockEnd,
}

/// Cuts `html` at its holes; hole `n` is filled with `holes[n]`.
pub(super) fn split(html: &str, holes: &[Hole]) -> Vec<Piece> {
    let mut outer: Vec<(Block, Vec<Piece>)> = Vec::new();
    let mut pieces = Vec::new();
    for (index, part) in html.split(OPEN).enumerate() {
        let (hole, markup) = match part.split_once(CLOSE) {
            Some((number, markup)) if index > 0 => (
                number.parse().ok().and_then(|at: usize| holes.get(at)),
                markup,
            ),
            _ => (None, part),
        };
        match hole {
            None => {}
            Some(Hole::Piece(piece)) => pieces.push(piece.clone()),
            Some(Hole::BlockStart(kind, title)) => {
                let block = Block {
                    kind: kind.clone(),
                    title: title.clone(),
                    pieces: Vec::new(),
                };
                outer.push((block, std::mem::take(&mut pieces)));
            }
            Some(Hole::BlockEnd) => close(&mut outer, &mut pieces),
        }
        if !markup.is_empty() {
            pieces.push(Piece::Markup(Html::new(markup)));
        }
    }
    while !outer.is_empty() {
        close(&mut outer, &mut pieces);
    }
    // They stay for as long as the article does.
    pieces.shrink_to_fit();
    pieces
}

fn close(outer: &mut Vec<(Block, Vec<Piece>)>, pieces: &mut Vec<Piece>) {
    if let Some((mut block, before)) = outer.pop() {
        block.pieces = std::mem::replace(pieces, before);
        block.pieces.shrink_to_fit();
        pieces.push(Piece::Block(Box::new(block)));
    }
}
