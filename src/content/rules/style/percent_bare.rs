//! Flags a percentage without a plain form near it. "1 in 7" is understood by more
//! readers than "14%". Percentages that are no chance and no share of people, such as
//! the strength of a cream, have no such form.

use super::{Hit, Manuscript};
use crate::content::terms::word_ranges;
use crate::diagnostic::Code;

/// Words near a percentage that is a strength, a reading or a price.
const NO_SHARE: [&str; 28] = [
    "a1c",
    "alcohol",
    "bleach",
    "chlorhexidine",
    "concentration",
    "cream",
    "deet",
    "discount",
    "drops",
    "gel",
    "humidity",
    "hydrocortisone",
    "lotion",
    "minoxidil",
    "mouthwash",
    "ointment",
    "oxygen",
    "peroxide",
    "saline",
    "saturation",
    "shampoo",
    "solution",
    "spray",
    "strength",
    "sunscreen",
    "uv",
    "uvb",
    "uva",
];

/// Words that say a share plainly.
const PLAIN: [&str; 7] = [
    "half", "third", "thirds", "quarter", "quarters", "tenth", "fifth",
];

pub(super) fn percent_bare(manuscript: &Manuscript<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for passage in manuscript.passages {
        if percentage(&passage.text).is_none() || is_plain(&words_of(&passage.text)) {
            continue;
        }
        let mut was_share = true;
        for (range, sentence) in passage.sentences() {
            let words = words_of(sentence);
            // "An A1C below 5.7% is normal. Up to 6.4% is prediabetes." The second is no share either.
            let says_share = !words.iter().any(|word| NO_SHARE.contains(&word.as_str()));
            let is_share = says_share && was_share;
            was_share = says_share;
            let Some(at) = percentage(sentence).filter(|_| is_share) else {
                continue;
            };
            let rest = sentence.get(at..).unwrap_or_default();
            let number = rest.split(['%', ' ']).next().unwrap_or(rest);
            let message = format!("`{number}%` has no plain form near it");
            hits.push(
                Hit::in_passage(Code::PercentBare, passage, range.start + at, sentence)
                    .says(message, "say it in people first, such as `1 in 7`"),
            );
        }
    }
    hits
}

/// The words of a text in lower case.
fn words_of(text: &str) -> Vec<String> {
    let ranges = word_ranges(text);
    ranges
        .filter_map(|range| text.get(range).map(str::to_lowercase))
        .collect()
}

/// Whether words say a share plainly.
fn is_plain(words: &[String]) -> bool {
    words.iter().any(|word| PLAIN.contains(&word.as_str())) || has_plain_form(words)
}

/// Where a number with a percent sign or the word begins.
fn percentage(text: &str) -> Option<usize> {
    let signs = text
        .match_indices('%')
        .chain(text.match_indices(" percent"));
    let numbers = signs.filter_map(|(at, _)| {
        let before = text.get(..at)?.trim_end();
        let digits = before
            .trim_end_matches(|sign: char| sign.is_ascii_digit() || matches!(sign, '.' | ','));
        (digits.len() < before.len()).then_some(digits.len())
    });
    numbers.min()
}

/// Whether words say "1 in 7", "2 out of 10" or "30 of every 100".
fn has_plain_form(words: &[String]) -> bool {
    let is_number = |word: &str| {
        const WORDS: [&str; 10] = [
            "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        ];
        word.starts_with(|sign: char| sign.is_ascii_digit()) || WORDS.contains(&word)
    };
    words.iter().enumerate().any(|(at, word)| {
        let links = words
            .iter()
            .skip(at + 1)
            .take_while(|word| matches!(word.as_str(), "in" | "out" | "of" | "every"));
        let count = links.count();
        let other = words.get(at + 1 + count);
        count > 0 && is_number(word) && other.is_some_and(|other| is_number(other))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_people_has_a_plain_form() {
        let rows = [
            ("about 14 in 100", true),
            ("1 out of 7", true),
            ("15 to 30 of every 100", true),
            ("nine out of ten", true),
            ("14 in a row", false),
            ("in 7 days", false),
        ];
        for (text, expected) in rows {
            let words = words_of(text);
            assert_eq!(has_plain_form(&words), expected, "{text}");
        }
    }
}
