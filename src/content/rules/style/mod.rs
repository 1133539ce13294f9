//! The style warnings of `specs/editorial-checks.md`, one rule per file. A warning never
//! keeps a page from going live, so each is worth only as much as it is right: a rule
//! that would often be wrong is narrowed until it is not. Rules about words know English.

mod abbreviation_unexplained;
mod action_missing;
mod explained;
mod link_vague;
mod list_long;
mod page_lengths;
mod paragraph_long;
mod passive_voice;
mod percent_bare;
mod questions_missing;
mod range_dash;
mod reading_grade;
mod sentence_long;
mod source_dates;
mod steps_unnumbered;
mod term_unexplained;

pub(in crate::content) use action_missing::is_instruction;
pub(in crate::content) use explained::is_explained;
pub(in crate::content) use passive_voice::is_passive;

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::content::allowance::Allowance;
use crate::content::markdown::Passage;
use crate::content::readability::Readability;
use crate::content::terms::TermIndex;
use crate::diagnostic::{Code, Diagnostic};
use crate::file::{SourceFile, Spanned};
use crate::source::Source;

/// The codes of these rules: what `allow` may name.
pub(in crate::content) const CODES: [Code; 17] = [
    Code::SentenceLong,
    Code::ParagraphLong,
    Code::ListLong,
    Code::PassiveVoice,
    Code::LinkVague,
    Code::TitleLong,
    Code::DescriptionLong,
    Code::TermUnexplained,
    Code::AbbreviationUnexplained,
    Code::PercentBare,
    Code::RangeDash,
    Code::ActionMissing,
    Code::QuestionsMissing,
    Code::StepsUnnumbered,
    Code::SourceOld,
    Code::SourceUndated,
    Code::ReadingGrade,
];

/// Rules that hold in every language.
const RULES: [Rule; 5] = [
    paragraph_long::paragraph_long,
    list_long::list_long,
    page_lengths::page_lengths,
    source_dates::source_dates,
    questions_missing::questions_missing,
];

/// Rules about English words.
const ENGLISH_RULES: [Rule; 10] = [
    sentence_long::sentence_long,
    passive_voice::passive_voice,
    link_vague::link_vague,
    term_unexplained::term_unexplained,
    abbreviation_unexplained::abbreviation_unexplained,
    percent_bare::percent_bare,
    range_dash::range_dash,
    action_missing::action_missing,
    steps_unnumbered::steps_unnumbered,
    reading_grade::reading_grade,
];

/// Fewest words of a page that is asked for what a whole page has: a text that has only been
/// begun is not told everything that it lacks.
const WORDS_OF_A_WHOLE_PAGE: usize = 100;

type Rule = fn(&Manuscript<'_>) -> Vec<Hit>;

/// What the rules look at.
pub(in crate::content) struct Manuscript<'a> {
    pub(in crate::content) title: Option<&'a Spanned<String>>,
    pub(in crate::content) description: Option<&'a Spanned<String>>,
    /// Takeaways, text, questions and FAQ in the order in which the page shows them.
    pub(in crate::content) passages: &'a [&'a Passage],
    pub(in crate::content) terms: &'a TermIndex,
    pub(in crate::content) readability: &'a Readability,
    pub(in crate::content) sources: &'a [Source],
    /// Where each source begins, in their order.
    pub(in crate::content) source_places: &'a [usize],
    /// Years after which a source is worth a second look.
    pub(in crate::content) source_max_age_years: i32,
    pub(in crate::content) today: Date,
    pub(in crate::content) words: usize,
    pub(in crate::content) is_english: bool,
}

impl Manuscript<'_> {
    fn is_whole_page(&self) -> bool {
        self.words >= WORDS_OF_A_WHOLE_PAGE
    }

    /// Where faults of the whole page are told.
    fn page_offset(&self) -> usize {
        self.title.map_or(0, |title| title.offset)
    }
}

/// What a rule found.
struct Hit {
    code: Code,
    offset: usize,
    /// The words that an `allow` may quote; empty for the whole page.
    words: String,
    message: String,
    help: String,
}

impl Hit {
    /// Something about words of a passage, which begin at `at`.
    fn in_passage(code: Code, passage: &Passage, at: usize, words: &str) -> Self {
        Self {
            code,
            offset: passage.offset(at),
            words: words.to_owned(),
            message: String::new(),
            help: String::new(),
        }
    }

    fn says(mut self, message: impl Into<String>, help: impl Into<String>) -> Self {
        self.message = message.into();
        self.help = help.into();
        self
    }
}

/// How often each rule found something, allowed or not.
pub(in crate::content) type Counts = BTreeMap<Code, usize>;

/// Asks every rule. Gives the warnings that nobody has explained away, and the count of all.
pub(in crate::content) fn style(
    file: &SourceFile,
    manuscript: &Manuscript<'_>,
    allowances: &[Allowance],
) -> (Vec<Diagnostic>, Counts) {
    let english = ENGLISH_RULES.iter().filter(|_| manuscript.is_english);
    let mut hits: Vec<Hit> = Vec::new();
    for rule in RULES.iter().chain(english) {
        hits.extend(rule(manuscript));
    }
    hits.sort_by_key(|hit| hit.offset);
    let mut counts = Counts::new();
    for hit in &hits {
        *counts.entry(hit.code).or_default() += 1;
    }
    let mut warnings = without_allowed(file, allowances, &mut hits);
    warnings.extend(
        hits.into_iter().map(|hit| {
            Diagnostic::new(hit.code, file.place(hit.offset), hit.message).help(hit.help)
        }),
    );
    (warnings, counts)
}

/// Takes out one hit for each allowance, and tells allowances without one.
fn without_allowed(
    file: &SourceFile,
    allowances: &[Allowance],
    hits: &mut Vec<Hit>,
) -> Vec<Diagnostic> {
    let mut unused = Vec::new();
    for allowance in allowances {
        let found = hits.iter().position(|hit| allows(allowance, hit));
        if let Some(at) = found {
            hits.remove(at);
            continue;
        }
        let code = allowance.code.name();
        let message = match &allowance.at {
            Some(words) => format!("nothing at `{words}` needs `allow` for `{code}`"),
            None => format!("nothing about the whole page needs `allow` for `{code}`"),
        };
        let help = match hits.iter().find(|hit| hit.code == allowance.code) {
            Some(hit) if !hit.words.is_empty() => {
                let start: Vec<&str> = hit.words.split_whitespace().take(6).collect();
                format!(
                    "take it out, or quote words of the place, such as `at: \"{}\"`",
                    start.join(" ")
                )
            }
            Some(_) => "leave `at` out: this warning is about the whole page".to_owned(),
            None => "take it out".to_owned(),
        };
        let place = file.place(allowance.offset);
        unused.push(Diagnostic::new(Code::AllowUnused, place, message).help(help));
    }
    unused
}

fn allows(allowance: &Allowance, hit: &Hit) -> bool {
    let fits = match &allowance.at {
        Some(words) => !hit.words.is_empty() && as_typed(&hit.words).contains(&as_typed(words)),
        None => hit.words.is_empty(),
    };
    allowance.code == hit.code && fits
}

/// A text as a keyboard types it: straight quotes, one space.
fn as_typed(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let joined = words.join(" ").to_lowercase();
    joined
        .replace(['’', '‘'], "'")
        .replace(['“', '”'], "\"")
        .replace(['–', '—'], "-")
}

/// The start of a text for a message, at most 8 words.
fn quoted(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    match words.get(..8) {
        Some(first) if words.len() > 9 => format!("{} …", first.join(" ")),
        _ => words.join(" "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Severity;

    #[test]
    fn no_rule_of_style_keeps_a_page_from_readers() {
        // A start leaves these rules for later, so an error among them would come too late.
        for code in CODES.into_iter().chain([Code::AllowUnused]) {
            assert_eq!(code.severity(), Severity::Warning, "{code:?}");
        }
    }
}
