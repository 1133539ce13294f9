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
const PLAIN: [&str; 8] = [
    "half",
    "third",
    "thirds",
    "quarter",
    "quarters",
    "tenth",
    "fifth",
    "nearly everyone",
];

pub(super) fn percent_bare(manuscript: &Manuscript<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for passage in manuscript.passages {
        let Some(at) = percentage(&passage.text) else {
            continue;
        };
        let lower = passage.text.to_lowercase();
        let words: Vec<&str> = word_ranges(&lower)
            .filter_map(|range| lower.get(range))
            .collect();
        let names = |list: &[&str]| words.iter().any(|word| list.contains(word));
        if names(&NO_SHARE) || names(&PLAIN) || has_plain_form(&words) {
            continue;
        }
        let rest = passage.text.get(at..).unwrap_or_default();
        let end = rest
            .find(['%', ' '])
            .map_or(rest.len(), |end| end + usize::from(rest.contains('%')));
        let found = rest.get(..end).unwrap_or(rest).trim();
        hits.push(
            Hit::in_passage(Code::PercentBare, passage, at, &passage.text).says(
                format!("`{found}` has no plain form near it"),
                "say it in people first, such as `1 in 7`",
            ),
        );
    }
    hits
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
fn has_plain_form(words: &[&str]) -> bool {
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
            .take_while(|word| matches!(**word, "in" | "out" | "of" | "every"));
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
            let words: Vec<&str> = text.split(' ').collect();
            assert_eq!(has_plain_form(&words), expected, "{text}");
        }
    }
}
