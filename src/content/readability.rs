//! How hard a text is to read: Flesch-Kincaid grade and SMOG, and which sentences are
//! the hardest. A grade is a hint about words and sentences; it knows nothing of what
//! they say, so the sentences matter more than the number. English only.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use super::syllables::syllables;
use crate::file::SourceFile;

/// The grade up to which we write. Source: `specs/editorial-checks.md`; a hint, not a gate.
pub const HIGHEST_GRADE: f64 = 8.0;

/// SMOG was made for 30 sentences; with fewer its error is too large to print. Source: McLaughlin, 1969.
const SENTENCES_FOR_SMOG: usize = 30;

/// How many of the hardest sentences are named.
const HARDEST: usize = 3;

/// Shortest sentence that can be one of the hardest, in words: a name of six syllables is no hard sentence.
const LEAST_WORDS_OF_HARD: usize = 6;

/// One sentence and where it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// The words that are counted.
    pub text: String,
    /// Byte offset in the file.
    pub offset: usize,
}

/// What was counted in a text. Made only by [`measure`].
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Readability {
    /// Sentences with a word.
    pub sentences: usize,
    /// Words; a number is one.
    pub words: usize,
    /// Syllables of all words.
    pub syllables: usize,
    /// Words of three or more syllables.
    pub long_words: usize,
    /// At most 3, hardest first.
    pub hardest: Vec<HardSentence>,
}

/// A sentence and how hard it is by itself.
#[derive(Debug, Clone, PartialEq)]
pub struct HardSentence {
    /// The words that were counted.
    pub text: String,
    /// Byte offset in the file.
    pub offset: usize,
    /// The line in the file, from 1.
    pub line: usize,
    /// The Flesch-Kincaid grade of the sentence.
    pub grade: f64,
}

impl Readability {
    /// The Flesch-Kincaid grade: the year of school in the United States in which a text like this is read.
    /// None without a word. Source: Kincaid and others, 1975: 0.39 words a sentence + 11.8 syllables a word - 15.59.
    pub fn grade(&self) -> Option<f64> {
        grade(self.words, self.sentences, self.syllables)
    }

    /// The SMOG grade; none for fewer than 30 sentences.
    /// Source: McLaughlin, 1969: 3.1291 + 1.0430 times the root of long words in 30 sentences.
    pub fn smog(&self) -> Option<f64> {
        if self.sentences < SENTENCES_FOR_SMOG {
            return None;
        }
        let in_thirty = number(self.long_words) * 30.0 / number(self.sentences);
        Some(3.1291 + 1.0430 * in_thirty.sqrt())
    }
}

/// Counts sentences of a file, which are in the order of the text.
pub fn measure(file: &SourceFile, sentences: &[Sentence]) -> Readability {
    let mut found = Readability::default();
    let mut hardest: Vec<(f64, &Sentence)> = Vec::new();
    // The same words come again and again, and to count their syllables is most of the work.
    let mut known: HashMap<&str, usize, FixedState> = HashMap::default();
    for sentence in sentences {
        let spoken = |word| *known.entry(word).or_insert_with(|| syllables(word));
        let counts: Vec<usize> = words(&sentence.text).map(spoken).collect();
        let (words, spoken) = (counts.len(), counts.iter().sum::<usize>());
        let Some(grade) = grade(words, 1, spoken) else {
            continue;
        };
        found.sentences += 1;
        found.words += words;
        found.syllables += spoken;
        found.long_words += counts.iter().filter(|count| **count >= 3).count();
        let at = hardest.partition_point(|(other, _)| *other >= grade);
        if words >= LEAST_WORDS_OF_HARD && at < HARDEST {
            hardest.insert(at, (grade, sentence));
            hardest.truncate(HARDEST);
        }
    }
    let hard = hardest.into_iter().map(|(grade, sentence)| HardSentence {
        text: sentence.text.clone(),
        offset: sentence.offset,
        line: file.place(sentence.offset).line,
        grade,
    });
    found.hardest = hard.collect();
    found
}

/// The words of a text: whatever stands between spaces and dashes and has a letter or a digit.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|sign: char| sign.is_whitespace() || sign == '—')
        .filter(|word| word.chars().any(char::is_alphanumeric))
}

fn grade(words: usize, sentences: usize, syllables: usize) -> Option<f64> {
    if words == 0 || sentences == 0 {
        return None;
    }
    let words_a_sentence = number(words) / number(sentences);
    let syllables_a_word = number(syllables) / number(words);
    Some(0.39 * words_a_sentence + 11.8 * syllables_a_word - 15.59)
}

/// A count as a number; texts are far too short for rounding.
fn number(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Readability {
        let sentences: Vec<Sentence> = crate::content::sentences(text)
            .into_iter()
            .map(|text| Sentence {
                text: text.to_owned(),
                offset: 0,
            })
            .collect();
        measure(&SourceFile::new("articles/a.md", ""), &sentences)
    }

    /// Counted by hand: words, sentences, syllables, words of three or more syllables, and the grade from them.
    #[test]
    fn texts_have_the_grade_that_a_hand_computes() {
        let rows: [(&str, usize, usize, usize, usize, f64); 4] = [
            // 0.39 * 6 + 11.8 * 6/6 - 15.59
            ("The cat sat on the mat.", 6, 1, 6, 0, -1.45),
            // 0.39 * 8/2 + 11.8 * 9/8 - 15.59 = 1.56 + 13.275 - 15.59
            (
                "Call your nurse now. Do not wait longer.",
                8,
                2,
                9,
                0,
                -0.755,
            ),
            // an-ti-bi-ot-ics do noth-ing a-gainst a vi-rus: 5+1+2+2+1+2 = 13; 0.39 * 6 + 11.8 * 13/6 - 15.59
            (
                "Antibiotics do nothing against a virus.",
                6,
                1,
                13,
                1,
                12.3167,
            ),
            // most back pain gets bet-ter on its own, but it can take a while: 15; 0.39 * 14 + 11.8 * 15/14 - 15.59
            (
                "Most back pain gets better on its own, but it can take a while.",
                14,
                1,
                15,
                0,
                2.5129,
            ),
        ];
        for (text, words, sentences, syllables, long, grade) in rows {
            let found = of(text);
            assert_eq!(
                (
                    found.words,
                    found.sentences,
                    found.syllables,
                    found.long_words
                ),
                (words, sentences, syllables, long),
                "{text}"
            );
            let off = (found.grade().unwrap() - grade).abs();
            assert!(off < 0.001, "{text}: {:?}, expected {grade}", found.grade());
        }
    }

    /// 30 sentences with one long word each: 3.1291 + 1.0430 * sqrt(30) = 8.8419.
    #[test]
    fn smog_needs_thirty_sentences() {
        let one = "Take the medicine. ";
        assert_eq!(of(&one.repeat(29)).smog(), None);
        let smog = of(&one.repeat(30)).smog().unwrap();
        assert!((smog - 8.8419).abs() < 0.001, "{smog}");
    }

    #[test]
    fn the_hardest_sentences_come_first_and_are_three() {
        let text = "We went to the shop and back. Radiculopathy affects individuals with degenerative conditions. \
                    The clinician evaluates neurological abnormalities very carefully. You can sit down and rest now. \
                    Inflammatory arthropathies necessitate early pharmacological intervention.";
        let hardest: Vec<&str> = vec!["Inflammatory", "Radiculopathy", "The"];
        let found = of(text);
        let first_words = found
            .hardest
            .iter()
            .map(|sentence| sentence.text.split(' ').next().unwrap());
        assert_eq!(first_words.collect::<Vec<_>>(), hardest);
    }

    #[test]
    fn nothing_has_no_grade() {
        assert_eq!(of("").grade(), None);
    }
}
