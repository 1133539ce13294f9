//! Flags a dash in a range of numbers: "5-10" is read as a minus sign or not at all,
//! and screen readers leave the dash out. "5 to 10" is always heard.

use std::ops::Range;

use super::{Hit, Manuscript};
use crate::diagnostic::Code;

pub(super) fn range_dash(manuscript: &Manuscript<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for passage in manuscript.passages {
        for found in ranges(&passage.text) {
            let words = passage.text.get(found.clone()).unwrap_or_default();
            let message = format!("the range `{words}` has a dash");
            let help = format!(
                "write `{}`",
                words.replace([' '], "").replace(['-', '–', '—'], " to ")
            );
            hits.push(
                Hit::in_passage(Code::RangeDash, passage, found.start, &passage.text)
                    .says(message, help),
            );
        }
    }
    hits
}

/// Ranges in a text: two numbers, the second one greater, with a dash between and no third.
fn ranges(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (at, dash) in text.match_indices(['-', '–', '—']) {
        let before = text.get(..at).unwrap_or_default();
        let after = text.get(at + dash.len()..).unwrap_or_default();
        let (first, second) = (before.trim_end(), after.trim_start());
        let is_spaced = first.len() < before.len() || second.len() < after.len();
        let start = first.trim_end_matches(is_numeric).len();
        let number = first.get(start..).unwrap_or_default();
        let length = second.len() - second.trim_start_matches(is_numeric).len();
        let other = second
            .get(..length)
            .unwrap_or_default()
            .trim_end_matches('.');
        let is_alone = !first.get(..start).unwrap_or_default().ends_with(is_joined)
            && !second
                .get(other.len()..)
                .unwrap_or_default()
                .starts_with(is_joined);
        let is_phone = number.len() == 3 && other.len() == 4;
        let is_minus = is_spaced && dash == "-";
        let numbers = number.parse::<f64>().ok().zip(other.parse::<f64>().ok());
        if numbers.is_some_and(|(low, high)| low < high) && is_alone && !is_phone && !is_minus {
            let end = text.len() - second.len() + other.len();
            found.push(start..end);
        }
    }
    found
}

fn is_numeric(sign: char) -> bool {
    sign.is_ascii_digit() || sign == '.'
}

/// What makes a number part of a longer name: a letter, or one more dash or slash.
fn is_joined(sign: char) -> bool {
    sign.is_alphanumeric() || matches!(sign, '-' | '–' | '/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_found_and_other_numbers_are_not() {
        let rows = [
            ("Rest for 5-10 days.", vec!["5-10"]),
            ("It takes 4–6 weeks, or 8 – 12.", vec!["4–6", "8 – 12"]),
            ("From 2020-2021.", vec!["2020-2021"]),
            ("Call 555-0100 or 555-1234.", vec![]),
            ("Call 1-800-555-0100.", vec![]),
            ("On 2026-11-02.", vec![]),
            ("COVID-19 and L4-L5", vec![]),
            ("a 10-15b code", vec![]),
            ("120/80-90/60", vec![]),
            ("5 - 10 is minus five", vec![]),
            ("98.6-100.4 degrees", vec!["98.6-100.4"]),
        ];
        for (text, expected) in rows {
            let found: Vec<&str> = ranges(text).into_iter().map(|range| &text[range]).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
