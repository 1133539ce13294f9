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

/// Words behind a first word that make it the subject, as in "Rest helps".
const NOUN_VERBS: [&str; 10] = [
    "helps", "is", "are", "can", "may", "does", "has", "was", "eases", "of",
];

pub(super) fn action_missing(manuscript: &Manuscript<'_>) -> Vec<Hit> {
    let mut passages = manuscript.passages.iter();
    let has_action = passages.any(|passage| {
        let is_advice = matches!(passage.home, Home::Do | Home::Dont);
        let told = passage.is_prose() && passage.home != Home::Questions;
        is_advice || told && passage.sentences().any(|(_, text)| is_instruction(text))
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
    let mut words = word_ranges(sentence)
        .filter_map(|range| sentence.get(range))
        .map(|word| word.to_lowercase().replace('’', "'"));
    let first = words.next().unwrap_or_default();
    let second = words.next().unwrap_or_default();
    VERBS.contains(&first.as_str())
        && !NOUN_VERBS.contains(&second.as_str())
        && !sentence.ends_with('?')
}

#[cfg(test)]
mod tests {
    use super::is_instruction;

    #[test]
    fn an_instruction_begins_with_what_to_do() {
        let rows = [
            ("Call 911.", true),
            ("Don’t wait.", true),
            ("Rest.", true),
            ("Rest helps some people.", false),
            ("Do I need a test?", false),
            ("Most people get better.", false),
            ("", false),
        ];
        for (sentence, expected) in rows {
            assert_eq!(is_instruction(sentence), expected, "{sentence}");
        }
    }
}
