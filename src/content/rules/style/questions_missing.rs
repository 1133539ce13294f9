//! Flags a page without a `questions` block. Many readers come to prepare a visit, and
//! a question that is written down is asked.

use super::{Hit, Manuscript};
use crate::content::markdown::Home;
use crate::diagnostic::Code;

pub(super) fn questions_missing(manuscript: &Manuscript<'_>) -> Vec<Hit> {
    let mut passages = manuscript.passages.iter();
    let has_questions = passages.any(|passage| passage.home == Home::Questions);
    if has_questions || !manuscript.is_whole_page() {
        return Vec::new();
    }
    vec![Hit {
        code: Code::QuestionsMissing,
        offset: manuscript.page_offset(),
        words: String::new(),
        message: "the page has no questions to ask at the visit".to_owned(),
        help: "add a block `::: questions` with one list".to_owned(),
    }]
}
