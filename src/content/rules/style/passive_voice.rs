//! Flags the passive voice, which hides who does what. A simple pattern: a form of
//! "be", maybe an adverb, and a participle. Participles that describe a state ("your
//! tonsils are swollen") are no passive for a reader and are left alone, and so is
//! "to be ...", unless "by" names who does it.

use std::borrow::Cow;
use std::ops::Range;

use super::{Hit, Manuscript};
use crate::content::markdown::{Home, Passage};
use crate::content::terms::word_ranges;
use crate::diagnostic::Code;

/// Forms of "be" after which a participle makes a passive.
const BE: [&str; 13] = [
    "am", "is", "are", "was", "were", "be", "been", "being", "isn't", "aren't", "wasn't",
    "weren't", "it's",
];

/// Words that may stand between.
const BETWEEN: [&str; 16] = [
    "not",
    "also",
    "often",
    "still",
    "always",
    "never",
    "only",
    "already",
    "now",
    "first",
    "best",
    "then",
    "sometimes",
    "just",
    "ever",
    "even",
];

/// Participles that do not end in "ed".
const IRREGULAR: [&str; 32] = [
    "begun",
    "brought",
    "built",
    "caught",
    "chosen",
    "done",
    "drawn",
    "eaten",
    "felt",
    "forgotten",
    "given",
    "held",
    "heard",
    "kept",
    "known",
    "led",
    "left",
    "made",
    "meant",
    "met",
    "paid",
    "put",
    "seen",
    "sent",
    "shown",
    "sold",
    "spent",
    "taken",
    "taught",
    "thought",
    "told",
    "written",
];

/// Participles that say how somebody or something is, and words that only look like one.
const STATES: [&str; 92] = [
    "advanced",
    "affected",
    "aged",
    "allowed",
    "ashamed",
    "associated",
    "based",
    "bed",
    "blocked",
    "bored",
    "bothered",
    "bruised",
    "called",
    "clogged",
    "closed",
    "concerned",
    "confused",
    "congested",
    "connected",
    "covered",
    "crowded",
    "damaged",
    "dehydrated",
    "depressed",
    "designed",
    "dilated",
    "disabled",
    "diseased",
    "divided",
    "done",
    "embarrassed",
    "enlarged",
    "exhausted",
    "exposed",
    "fed",
    "filled",
    "finished",
    "fractured",
    "frightened",
    "herniated",
    "hundred",
    "hurried",
    "impacted",
    "indeed",
    "infected",
    "inflamed",
    "injured",
    "interested",
    "involved",
    "irritated",
    "known",
    "left",
    "limited",
    "lined",
    "linked",
    "located",
    "locked",
    "made",
    "married",
    "meant",
    "misaligned",
    "mixed",
    "muffled",
    "named",
    "narrowed",
    "need",
    "overweighted",
    "pinched",
    "prepared",
    "raised",
    "red",
    "related",
    "relaxed",
    "scared",
    "scratched",
    "shed",
    "sprained",
    "squeezed",
    "strained",
    "stressed",
    "stretched",
    "stuffed",
    "supposed",
    "tied",
    "tired",
    "ulcerated",
    "upset",
    "used",
    "vaccinated",
    "weakened",
    "worried",
    "wounded",
];

pub(super) fn passive_voice(manuscript: &Manuscript<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    let spoken_by_us = |passage: &&&Passage| passage.is_prose() && passage.home != Home::Questions;
    for passage in manuscript.passages.iter().filter(spoken_by_us) {
        for (range, sentence) in passage.sentences() {
            let Some(found) = first_passive(sentence) else {
                continue;
            };
            let words = sentence.get(found.clone()).unwrap_or_default();
            let at = range.start + found.start;
            hits.push(
                Hit::in_passage(Code::PassiveVoice, passage, at, sentence).says(
                    format!("`{words}` is passive voice, which hides who does it"),
                    "begin with who does it, such as `A nurse checks ...` or `You may have ...`",
                ),
            );
        }
    }
    hits
}

/// Whether a sentence has a passive.
pub(in crate::content) fn is_passive(sentence: &str) -> bool {
    first_passive(sentence).is_some()
}

/// The first passive in a sentence, if there is one.
fn first_passive(sentence: &str) -> Option<Range<usize>> {
    let words: Vec<(Range<usize>, Cow<'_, str>)> = word_ranges(sentence)
        .filter_map(|range| {
            let word = sentence.get(range.clone())?;
            Some((range, plain(word)))
        })
        .collect();
    let word = |at: usize| words.get(at).map_or("", |(_, word)| &**word);
    for (at, (range, be)) in words.iter().enumerate() {
        if !BE.contains(&&**be) {
            continue;
        }
        let between = (at + 1..at + 3).take_while(|next| is_between(word(*next)));
        let next = at + 1 + between.count();
        let by_whom = word(next + 1) == "by" && is_somebody(word(next + 2));
        let before = at.checked_sub(1).map_or("", word);
        // "to be read", "the feeling of being touched"
        let is_infinitive = matches!(before, "to" | "of");
        let counts = is_participle(word(next))
            && (by_whom || !is_infinitive && !STATES.contains(&word(next)));
        let Some((end, _)) = words.get(next).filter(|_| counts) else {
            continue;
        };
        // Words with a comma or a bracket between them belong to different thoughts.
        let passive = range.start..end.end;
        let inside = sentence.get(passive.clone()).unwrap_or_default();
        if !inside.contains([',', '(', ';', ':']) {
            return Some(passive);
        }
    }
    None
}

/// A word in lower case with straight apostrophes. Most are so already.
fn plain(word: &str) -> Cow<'_, str> {
    let is_plain = word
        .bytes()
        .all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
    if is_plain {
        Cow::Borrowed(word)
    } else {
        Cow::Owned(word.to_lowercase().replace('’', "'"))
    }
}

fn is_between(word: &str) -> bool {
    BETWEEN.contains(&word) || word.len() > 4 && word.ends_with("ly")
}

fn is_participle(word: &str) -> bool {
    let is_regular =
        word.len() > 4 && word.ends_with("ed") && !word.ends_with("eed") && !word.contains('-');
    is_regular || IRREGULAR.contains(&word) || STATES.contains(&word) && word.ends_with("ed")
}

/// Whether "by" names who does it, and not how or until when.
fn is_somebody(word: &str) -> bool {
    const HOW: [&str; 12] = [
        "",
        "phone",
        "mail",
        "email",
        "video",
        "hand",
        "mouth",
        "itself",
        "themselves",
        "now",
        "then",
        "about",
    ];
    let is_doing = word.ends_with("ing");
    !HOW.contains(&word) && !is_doing && !word.starts_with(|sign: char| sign.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passives_are_found_and_states_are_not() {
        let rows = [
            ("The pain is caused by a virus.", Some("is caused")),
            (
                "A sample is often taken from the nose.",
                Some("is often taken"),
            ),
            ("The test can be repeated.", Some("be repeated")),
            ("It was not seen on the scan.", Some("was not seen")),
            ("The joint is affected by age.", Some("is affected")),
            ("It is to be used by adults.", Some("be used")),
            ("Your tonsils are swollen.", None),
            ("You are tired and worried.", None),
            ("The nose is blocked.", None),
            ("It is linked to smoking.", None),
            ("This is here to be read.", None),
            ("You are seen by phone.", Some("are seen")),
            ("If you are, tired people rest.", None),
            ("The bed is red.", None),
            ("It is also called strep.", None),
            ("Most people get better.", None),
            ("You need to be checked.", None),
            ("It is the feeling of being touched.", None),
        ];
        for (sentence, expected) in rows {
            let found = first_passive(sentence).map(|range| &sentence[range]);
            assert_eq!(found, expected, "{sentence}");
        }
    }
}
