//! Footnotes: marks in the text, and the notes themselves, which are taken out of
//! the text where they stand and put in one list at its end.

use std::collections::BTreeMap;

use pulldown_cmark::Event;

use super::Walker;
use crate::content::markdown::piece::Piece;
use crate::content::markdown::split::Hole;

/// Footnotes, gathered until the end of the text.
#[derive(Default)]
pub(super) struct Notes<'e> {
    /// Labels in the order of their first mark, with the number of marks.
    marks: Vec<(String, usize)>,
    /// What each note says, by its number.
    texts: BTreeMap<usize, Vec<Event<'e>>>,
    /// The note that is being read, and the text that waits for its end.
    reading: Option<(usize, Vec<Event<'e>>)>,
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

impl Walker<'_, '_> {
    pub(super) fn footnote_mark(&mut self, label: &str) {
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

    pub(super) fn start_footnote(&mut self, label: &str) {
        let number = self.notes.number(label);
        self.notes.reading = Some((number, std::mem::take(&mut self.rendered)));
        self.raw(format!(
            "<li class=\"footnotes__item\" id=\"footnote-{number}\">"
        ));
        self.hole(Hole::Piece(Piece::FootnoteBack(number)));
    }

    pub(super) fn end_footnote(&mut self) {
        self.raw("</li>\n");
        if let Some((number, waiting)) = self.notes.reading.take() {
            let text = std::mem::replace(&mut self.rendered, waiting);
            self.notes.texts.insert(number, text);
        }
    }

    pub(super) fn end_footnotes(&mut self) {
        if self.notes.texts.is_empty() {
            return;
        }
        self.hole(Hole::Piece(Piece::Footnotes));
        let texts = std::mem::take(&mut self.notes.texts);
        self.rendered.extend(texts.into_values().flatten());
        self.raw("</ol></section></div>\n");
    }
}
