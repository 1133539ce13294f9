//! What reading an article's words tells about them: how hard they are, what the style
//! rules say, and counts for the report card. It stands apart from the article's parts
//! because none of it reaches a reader.

use std::collections::BTreeMap;

use super::front_matter::FrontMatter;
use super::markdown::{Home, ItemPlace, ListOrder, Passage, PassageKind, Prose};
use super::read::Surroundings;
use super::readability::{Readability, Sentence, measure};
use super::rules::style::{Manuscript, is_instruction, is_passive, style};
use super::terms::left_out;
use crate::diagnostic::{Code, Diagnostic};
use crate::file::SourceFile;

/// Counts of one article.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Measured {
    /// How hard the text is to read; empty for languages other than English.
    pub readability: Readability,
    /// How often each style rule found something, allowed or not. A rule that found nothing is not there.
    pub style: BTreeMap<Code, usize>,
    /// Sentences that tell the reader to do something, takeaways among them.
    pub instructions: usize,
    /// Takeaways that do so.
    pub instructing_takeaways: usize,
    /// Takeaways in the passive voice.
    pub passive_takeaways: usize,
    /// Paragraphs and items with a digit.
    pub passages_with_numbers: usize,
    /// Bulleted and numbered lists, blocks among them.
    pub lists: usize,
    /// Numbered lists.
    pub numbered_lists: usize,
    /// Whether there is a table.
    pub has_table: bool,
    /// Pictures that do not only decorate.
    pub pictures: usize,
    /// Blocks of what helps and what to leave.
    pub advice_items: usize,
    /// Medical terms of the glossary, with repetitions.
    pub terms: usize,
}

/// Reads the words of an article. There are no warnings for one that was taken back.
pub(super) fn measured(
    file: &SourceFile,
    front: &FrontMatter,
    takeaways: &[Prose],
    body: &Prose,
    around: Surroundings<'_>,
) -> (Measured, Vec<Diagnostic>) {
    let lang = front
        .lang
        .as_ref()
        .map_or(&around.clinic.lang, |lang| &lang.value);
    let is_english = lang.split('-').next() == Some("en");
    let passages = in_reading_order(takeaways, body);
    let readability = match is_english {
        true => measure(file, &sentences(&passages)),
        false => Readability::default(),
    };
    let manuscript = Manuscript {
        title: front.title.as_ref(),
        description: front.description.as_ref(),
        passages: &passages,
        terms: around.terms,
        readability: &readability,
        sources: &front.sources,
        source_places: &front.source_places,
        source_max_age_years: around.clinic.limits.source_max_age_years,
        today: around.today,
        words: body.words,
        is_english,
    };
    let (warnings, counts) = style(file, &manuscript, &front.allowances);
    let measured = Measured {
        style: counts,
        pictures: body.pictures,
        terms: passages.iter().map(|passage| passage.mentions.len()).sum(),
        readability,
        ..counted(&passages)
    };
    match front.withdrawal {
        Some(_) => (measured, Vec::new()),
        None => (measured, warnings),
    }
}

/// Takeaways, then the text, then what the page moves to its end.
fn in_reading_order<'a>(takeaways: &'a [Prose], body: &'a Prose) -> Vec<&'a Passage> {
    let first = takeaways.iter().flat_map(|line| &line.passages);
    let (last, text): (Vec<_>, Vec<_>) = body
        .passages
        .iter()
        .partition(|passage| passage.home.is_moved_to_the_end());
    let mut last = last;
    last.sort_by_key(|passage| passage.home);
    first.chain(text).chain(last).collect()
}

/// Sentences for the reading grade: without headings, tables and the names of medical terms.
fn sentences(passages: &[&Passage]) -> Vec<Sentence> {
    let mut found = Vec::new();
    for passage in passages.iter().filter(|passage| passage.is_prose()) {
        for (range, _) in passage.sentences() {
            found.push(Sentence {
                text: left_out(&passage.text, range, &passage.mentions),
                offset: passage.offset(range.start),
            });
        }
    }
    found
}

fn counted(passages: &[&Passage]) -> Measured {
    let mut found = Measured::default();
    let mut lists: BTreeMap<usize, ItemPlace> = BTreeMap::new();
    for passage in passages {
        let told = passage.is_prose() && passage.home != Home::Questions;
        let instructions = passage
            .sentences()
            .filter(|(_, text)| told && is_instruction(text))
            .count();
        found.instructions += instructions;
        if passage.home == Home::Takeaway {
            found.instructing_takeaways += instructions.min(1);
            let passive = passage.sentences().any(|(_, text)| is_passive(text));
            found.passive_takeaways += usize::from(passive);
        } else if let Some(place) = passage.item {
            lists.insert(place.list, place);
        }
        found.has_table |= passage.kind == PassageKind::Cell;
        found.advice_items += usize::from(matches!(passage.home, Home::Do | Home::Dont));
        let has_number = passage.text.contains(|sign: char| sign.is_ascii_digit());
        found.passages_with_numbers += usize::from(passage.is_prose() && has_number);
    }
    let numbered = lists
        .values()
        .filter(|place| place.order == ListOrder::Numbered);
    found.numbered_lists = numbered.count();
    found.lists = lists.len();
    found
}
