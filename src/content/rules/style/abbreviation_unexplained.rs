//! Flags an abbreviation that is never spelled out. Terms of the glossary are left to
//! the rule about terms, and what everybody knows by its letters is left alone.

use std::collections::BTreeSet;
use std::ops::Range;

use super::explained::is_explained;
use super::{Hit, Manuscript};
use crate::content::markdown::PassageKind;
use crate::content::terms::word_ranges;
use crate::diagnostic::Code;

/// Letters that need no words, and words that stand in capitals to be heard.
const KNOWN: [&str; 44] = [
    "ALL", "ALWAYS", "AM", "AND", "ATM", "CALL", "CD", "COVID", "COVID-19", "DNA", "DO", "DVD",
    "EU", "FAQ", "GPS", "HIV", "ID", "IF", "II", "III", "IQ", "NEVER", "NO", "NOT", "NOW", "OK",
    "ONLY", "OR", "PDF", "PM", "SMS", "STOP", "TV", "UK", "URL", "US", "USA", "USB", "VI", "VII",
    "VIII", "XL", "YES", "ZIP",
];

pub(super) fn abbreviation_unexplained(manuscript: &Manuscript<'_>) -> Vec<Hit> {
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut hits = Vec::new();
    for (index, passage) in manuscript.passages.iter().enumerate() {
        if passage.kind == PassageKind::Heading {
            continue;
        }
        for range in word_ranges(&passage.text) {
            let word = passage.text.get(range.clone()).unwrap_or_default();
            let Some(letters) = letters(word) else {
                continue;
            };
            let overlaps =
                |other: &Range<usize>| other.start < range.end && range.start < other.end;
            let is_term = passage
                .mentions
                .iter()
                .any(|mention| overlaps(&mention.range));
            if is_term || KNOWN.contains(&letters) || !seen.insert(letters.to_owned()) {
                continue;
            }
            let mut so_far = manuscript.passages.iter().take(index + 1);
            let is_spelled_out = so_far.any(|passage| spells(&passage.text, letters));
            let again = word_ranges(&passage.text)
                .filter(|other| passage.text.get(other.clone()) == Some(word))
                .any(|other| is_explained(passage, &other, None));
            if is_spelled_out || again {
                continue;
            }
            let message = format!("`{word}` is never spelled out before it is used");
            let help = format!("write the whole words first, then `({word})`");
            hits.push(
                Hit::in_passage(
                    Code::AbbreviationUnexplained,
                    passage,
                    range.start,
                    &passage.text,
                )
                .says(message, help),
            );
        }
    }
    hits
}

/// The abbreviation without its plural, if a word is one: at least two capitals, and nothing but capitals,
/// digits and hyphens.
fn letters(word: &str) -> Option<&str> {
    // Most words have none, and need no closer look.
    let capitals = word.bytes().filter(u8::is_ascii_uppercase).count();
    if capitals < 2 {
        return None;
    }
    let bare = word
        .strip_suffix("'s")
        .or(word.strip_suffix("’s"))
        .unwrap_or(word);
    let bare = bare.strip_suffix('s').unwrap_or(bare);
    let is_shaped = bare
        .chars()
        .all(|sign| sign.is_ascii_uppercase() || sign.is_ascii_digit() || sign == '-');
    let is_short = bare.len() <= 6;
    // "L4-L5" is a place in the spine and "B12" a vitamin: no letters stand for words there.
    let is_numbered = bare.split('-').all(|part| {
        part.chars().filter(char::is_ascii_uppercase).count() == 1
            && part.chars().any(|sign| sign.is_ascii_digit())
    });
    (is_shaped && is_short && !is_numbered).then_some(bare)
}

/// Whether words in a row begin with the letters.
fn spells(text: &str, letters: &str) -> bool {
    let letters: Vec<char> = letters.chars().filter(char::is_ascii_uppercase).collect();
    let initials: Vec<char> = text
        .split(|sign: char| !sign.is_alphanumeric())
        .filter(|word| word.chars().count() > 1 && word.chars().any(char::is_lowercase))
        .filter_map(|word| word.chars().next())
        .map(|sign| sign.to_ascii_uppercase())
        .collect();
    initials
        .windows(letters.len().max(1))
        .any(|row| row == letters)
}
