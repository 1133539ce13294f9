//! Whether a word is explained where it stands: plain words first and the term in
//! brackets, or the term and then what it is. It stands apart because terms and
//! abbreviations are explained in the same ways.

use std::ops::Range;

use crate::content::markdown::{Passage, PassageKind};

/// What may stand behind a term when its explanation follows, in lower case.
const LEADS: [&str; 22] = [
    ", which ",
    ", or ",
    ", a ",
    ", an ",
    ", the ",
    ", also ",
    " means ",
    " mean ",
    " is a ",
    " is an ",
    " is the ",
    " are ",
    " is when ",
    " happens when ",
    ": ",
    " — ",
    " – ",
    " is pain",
    " is swelling",
    " such as ",
    ", such as ",
    ", what is ",
];

/// What may stand before a term when its explanation came before it, in lower case.
const INTRODUCTIONS: [&str; 8] = [
    "called ",
    "called a ",
    "called an ",
    "called the ",
    "known as ",
    ", or ",
    "named ",
    "the medical name is ",
];

/// How the next sentence begins when it explains the term that ends this one, in lower case.
const NEXT_SENTENCES: [&str; 9] = [
    "it is ",
    "it means ",
    "it stands ",
    "this is ",
    "this means ",
    "that means ",
    "the word ",
    "they are ",
    "these are ",
];

/// Words between a term and the bracket that explains it, as in "MRI scans (pictures of the body)".
const WORDS_BEFORE_BRACKET: usize = 2;

/// Whether the words in `range` are explained there. `plain` is what the glossary says in plain words.
pub(in crate::content) fn is_explained(
    passage: &Passage,
    range: &Range<usize>,
    plain: Option<&str>,
) -> bool {
    let before = passage.text.get(..range.start).unwrap_or_default();
    let after = passage.text.get(range.end..).unwrap_or_default();
    let holds = |other: &Range<usize>| other.start <= range.start && range.end <= other.end;
    let is_link_to_a_page = passage
        .links
        .iter()
        .any(|link| holds(&link.range) && !link.address.contains(':'));
    let is_defined_in_bold =
        passage.strong.iter().any(holds) && after.split_whitespace().count() > 2;
    passage.kind == PassageKind::DefinitionTitle
        || is_in_brackets(before)
        || is_followed_by_explanation(after)
        || is_introduced(before)
        || is_link_to_a_page
        || is_defined_in_bold
        || plain.is_some_and(|plain| says(&passage.text, plain))
}

/// Whether a bracket is open at the end of a text, with words before it.
fn is_in_brackets(before: &str) -> bool {
    let open = before
        .rfind('(')
        .filter(|at| !before.get(*at..).unwrap_or_default().contains(')'));
    open.is_some_and(|at| {
        let words = before.get(..at).unwrap_or_default();
        words.chars().any(char::is_alphanumeric)
    })
}

fn is_followed_by_explanation(after: &str) -> bool {
    let after = after.trim_start_matches(['’', '”', '"', '\'']);
    let lower = after.to_lowercase();
    if LEADS.iter().any(|lead| lower.starts_with(lead)) {
        return true;
    }
    let next = lower.strip_prefix(". ").unwrap_or_default();
    if NEXT_SENTENCES.iter().any(|start| next.starts_with(start)) {
        return true;
    }
    let Some((words, _)) = after.split_once('(') else {
        return false;
    };
    let is_same_thought = !words.contains(['.', ',', ';', ':', '?', '!', ')']);
    is_same_thought && words.split_whitespace().count() <= WORDS_BEFORE_BRACKET
}

fn is_introduced(before: &str) -> bool {
    let lower = before.to_lowercase().replace(['“', '"', '‘'], "");
    INTRODUCTIONS.iter().any(|words| lower.ends_with(words))
}

/// Whether a text holds every longer word of the plain words, whatever its ending.
fn says(text: &str, plain: &str) -> bool {
    let text = text.to_lowercase();
    let plain = plain.to_lowercase();
    let mut words = plain
        .split(|sign: char| !sign.is_alphanumeric())
        .filter(|word| word.len() >= 4)
        .peekable();
    words.peek().is_some() && words.all(|word| text.contains(word.get(..5).unwrap_or(word)))
}
