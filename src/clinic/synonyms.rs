//! `clinic/synonyms.toml`: words that people use for the same thing, how they often
//! misspell them, and who answers for the list. It stands apart from the glossary, which
//! explains words to readers: this list only helps the search, is never shown, and says
//! nothing about health.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::person::Person;
use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Fields, due_too_early, from_toml};
use crate::file::{SourceFile, Spanned};
use crate::id::Id;

/// Words that people use for the same thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SameWords {
    /// Words or short phrases, in the order of the file; at least one, and two if nothing is misspelled. What is
    /// misspelled stands for the first.
    pub words: Vec<String>,
    /// Wrong spellings of the first that are further off than one letter, in the order of the file.
    pub misspelled: Vec<String>,
}

/// Who looked through the list, and until when that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListReview {
    /// The id of the reviewer.
    pub reviewer: Id<Person>,
    /// The day of the last review of the whole list.
    pub reviewed_on: Date,
    /// The last day for the next review, after the last one; none for the clinic's review interval.
    pub review_due: Option<Date>,
}

/// The list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Synonyms {
    /// Every set of words, in the order of the file. A phrase stands in one set, once.
    pub sets: Vec<SameWords>,
    /// None while the file does not say it soundly.
    pub review: Option<ListReview>,
}

/// Most words of one phrase; nobody types a longer one in the same way as somebody else.
pub const MAX_PHRASE_WORDS: usize = 8;

/// Reads `clinic/synonyms.toml`.
///
/// # Diagnostics
/// `key-*`, `value-wrong`, `date-order`, `synonym-repeated` (a phrase that stands twice), `synonym-alone` (a word that
/// nothing stands beside): for the editor. A broken set is left out.
pub fn parse_synonyms(file: &SourceFile) -> (Synonyms, Vec<Diagnostic>) {
    let (root, mut diagnostics) = from_toml(file);
    let mut outer = Fields::of(file, &root, "the file");
    let review = review(&mut outer);
    let mut seen = BTreeMap::new();
    let mut sets = Vec::new();
    for node in outer.list("same") {
        let mut fields = Fields::of(file, node, "same");
        sets.extend(set(&mut fields, &mut seen));
        outer.tell_all(fields.finish());
    }
    diagnostics.extend(outer.finish());
    (Synonyms { sets, review }, diagnostics)
}

fn review(fields: &mut Fields<'_>) -> Option<ListReview> {
    let reviewer = fields.parsed("reviewer");
    let reviewed_on = fields.date("reviewed_on");
    let review_due = fields.optional_date("review_due");
    let early = due_too_early(fields.file(), review_due, "reviewed_on", reviewed_on);
    let (reviewer, reviewed_on) = (reviewer?.value, reviewed_on?.value);
    if let Some(fault) = early {
        fields.tell(fault.help("leave `review_due` out to take the clinic's review interval"));
        return None;
    }
    Some(ListReview {
        reviewer,
        reviewed_on,
        review_due: review_due.map(|due| due.value),
    })
}

/// Phrases in one spelling, and the line on which each stood first.
type Seen = BTreeMap<String, usize>;

fn set(fields: &mut Fields<'_>, seen: &mut Seen) -> Option<SameWords> {
    let words = fields.texts("words");
    let misspelled = fields.optional_texts("misspelled");
    let is_alone = words.len() == 1 && misspelled.is_empty();
    if let ([word], true) = (words.as_slice(), is_alone) {
        let place = fields.file().place(word.offset);
        let message = format!("nothing stands beside `{}`", word.value);
        let fault = Diagnostic::new(Code::SynonymAlone, place, message);
        fields.tell(fault.help("add another word for the same thing, or take the set out"));
    }
    let mut is_sound = !words.is_empty() && !is_alone;
    for phrase in words.iter().chain(&misspelled) {
        is_sound &= is_phrase(fields, phrase) && is_new(fields, phrase, seen);
    }
    let plain = |texts: Vec<Spanned<String>>| texts.into_iter().map(|text| text.value).collect();
    is_sound.then(|| SameWords {
        words: plain(words),
        misspelled: plain(misspelled),
    })
}

/// Tells of what can't be a phrase that somebody types.
fn is_phrase(fields: &mut Fields<'_>, phrase: &Spanned<String>) -> bool {
    let count = tidy(&phrase.value).split(' ').count();
    let has_letters = phrase.value.chars().any(char::is_alphanumeric);
    if has_letters && count <= MAX_PHRASE_WORDS {
        return true;
    }
    let place = fields.file().place(phrase.offset);
    let message = format!(
        "`{}` is no word or short phrase: expected 1 to {MAX_PHRASE_WORDS} words",
        phrase.value
    );
    let fault = Diagnostic::new(Code::ValueWrong, place, message);
    fields.tell(fault.help("write the words as a patient would type them"));
    false
}

fn is_new(fields: &mut Fields<'_>, phrase: &Spanned<String>, seen: &mut Seen) -> bool {
    let place = fields.file().place(phrase.offset);
    let key = tidy(&phrase.value);
    let Some(line) = seen.get(&key) else {
        seen.insert(key, place.line);
        return true;
    };
    let message = format!("`{}` stands on line {line} already", phrase.value);
    let fault = Diagnostic::new(Code::SynonymRepeated, place, message);
    fields.tell(fault.help("join the two sets, or take the word out of one"));
    false
}

/// A phrase in one spelling: lower case, without apostrophes, one space between words.
fn tidy(phrase: &str) -> String {
    let lower = phrase.to_lowercase().replace(['\'', '’'], "");
    let words = lower.split(|sign: char| !sign.is_alphanumeric());
    words
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Stands before every list here; the rows of a test count their lines from it.
    const REVIEW: &str = "reviewer = \"r\"\nreviewed_on = 2026-11-01\n";

    fn told(text: &str) -> (Vec<SameWords>, Vec<String>) {
        let text = format!("{REVIEW}{text}");
        let (list, faults) = parse_synonyms(&SourceFile::new("clinic/synonyms.toml", text));
        let line = |fault: &Diagnostic| {
            let (line, code) = (fault.place.line - REVIEW.lines().count(), fault.code.name());
            format!("{line}: {code}: {}", fault.message)
        };
        (list.sets, faults.iter().map(line).collect())
    }

    #[test]
    fn a_set_has_its_words_and_their_wrong_spellings() {
        let (sets, faults) = told(
            "[[same]]\nwords = [\"pink eye\", \"conjunctivitis\"]\nmisspelled = [\"pink i\"]\n\
             [[same]]\nwords = [\"hemorrhoids\"]\nmisspelled = [\"hemroids\"]\n",
        );
        assert_eq!(faults, Vec::<String>::new());
        assert_eq!(sets.len(), 2);
        assert_eq!(sets[0].words, ["pink eye", "conjunctivitis"]);
        assert_eq!(sets[0].misspelled, ["pink i"]);
    }

    #[test]
    fn every_fault_of_a_list_is_told_and_costs_its_set_alone() {
        let (sets, faults) = told(
            "[[same]]\nwords = [\"belly\", \"tummy\"]\n[[same]]\nwords = [\"Can't pee\", \"TUMMY\"]\n\
             [[same]]\nwords = [\"flu\"]\n[[same]]\nwords = [\"...\", \"a b c d e f g h i\"]\n\
             [[same]]\nword = [\"x\"]\n",
        );
        assert_eq!(sets.len(), 1);
        let expected = [
            "4: synonym-repeated: `TUMMY` stands on line 4 already",
            "6: synonym-alone: nothing stands beside `flu`",
            "8: value-wrong: `...` is no word or short phrase: expected 1 to 8 words",
            "9: key-missing: same needs `words`, which is missing",
            "10: key-unknown: same has no key `word`",
        ];
        for line in expected {
            assert!(
                faults.iter().any(|fault| fault == line),
                "{line}: {faults:#?}"
            );
        }
    }

    #[test]
    fn somebody_answers_for_the_list() {
        let read = |text: &str| parse_synonyms(&SourceFile::new("clinic/synonyms.toml", text));
        let rows: &[(&str, &[&str], bool)] = &[
            ("reviewer = \"r\"\nreviewed_on = 2026-11-01\n", &[], true),
            (
                "reviewer = \"r\"\nreviewed_on = 2026-11-01\nreview_due = 2026-11-02\n",
                &[],
                true,
            ),
            (
                "reviewer = \"r\"\nreviewed_on = 2026-11-01\nreview_due = 2026-11-01\n",
                &["date-order"],
                false,
            ),
            ("reviewed_on = 2026-11-01\n", &["key-missing"], false),
            ("reviewer = \"r\"\n", &["key-missing"], false),
        ];
        for (head, expected, is_reviewed) in rows {
            let text = format!("{head}[[same]]\nwords = [\"belly\", \"tummy\"]\n");
            let (list, faults) = read(&text);
            let codes: Vec<&str> = faults.iter().map(|fault| fault.code.name()).collect();
            assert_eq!(codes, *expected, "{head}");
            assert_eq!(list.review.is_some(), *is_reviewed, "{head}");
            assert_eq!(list.sets.len(), 1, "{head}");
        }
    }
}
