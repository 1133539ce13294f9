//! Flags a page that names nothing for the reader to do: no list of what helps and no
//! sentence that begins with what to do. Who reads about an illness wants to act.

use super::{Hit, Manuscript};
use crate::content::markdown::Home;
use crate::content::terms::word_ranges;
use crate::diagnostic::Code;

/// Verbs that begin an instruction.
const VERBS: [&str; 47] = [
    "apply", "ask", "avoid", "book", "bring", "call", "check", "choose", "come", "cover", "do",
    "don't", "drink", "eat", "finish", "follow", "gargle", "get", "give", "go", "hold", "keep",
    "learn", "lie", "limit", "make", "measure", "move", "place", "press", "put", "raise", "read",
    "rest", "rinse", "see", "sip", "sit", "sleep", "start", "stay", "stop", "take", "talk", "tell",
    "try", "use",
];

pub(super) fn action_missing(manuscript: &Manuscript<'_>) -> Vec<Hit> {
    let mut passages = manuscript.passages.iter();
    let has_action = passages.any(|passage| {
        let is_advice = matches!(passage.home, Home::Do | Home::Dont);
        let told = passage.is_prose() && passage.home != Home::Questions;
        is_advice
            || told
                && passage
                    .sentences()
                    .iter()
                    .any(|(_, text)| is_instruction(text))
    });
    if has_action || !manuscript.is_whole_page() {
        return Vec::new();
    }
    vec![Hit {
        code: Code::ActionMissing,
        offset: manuscript.page_offset(),
        words: String::new(),
        message: "the page names nothing for the reader to do".to_owned(),
        help: "add a `::: do` list, or a sentence such as `Call us if ...`".to_owned(),
    }]
}

/// Whether a sentence tells the reader to do something.
pub(in crate::content) fn is_instruction(sentence: &str) -> bool {
    let first = word_ranges(sentence)
        .next()
        .and_then(|range| sentence.get(range));
    let first = first.unwrap_or_default().to_lowercase().replace('’', "'");
    VERBS.contains(&first.as_str()) && !sentence.ends_with('?')
}
