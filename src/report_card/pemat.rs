//! PEMAT-P: whether a printed text can be understood (17 items) and acted on (7 items).
//! Its numbers have a gap, because 13 and 14 are for videos alone.

use super::instrument::{Instrument, Item, counted, human, met, no_case, not_met};
use crate::content::{Article, Measured};
use crate::diagnostic::Code;

/// Share of passive sentences, in hundredths, up to which a text counts as active. PEMAT asks whether it is so in
/// at least 80 of 100 cases; we ask for more, since a pattern misses some.
const MOST_PASSIVE: usize = 10;

pub(super) fn pemat(article: &Article, measured: &Measured) -> Instrument {
    let mut items = vec![
        human(
            1,
            "The purpose is plain",
            "read the title and the takeaways",
        ),
        human(
            2,
            "Nothing distracts from it",
            "look for what could be left out",
        ),
        words(measured),
        terms(measured),
        active_voice(measured),
        numbers(measured),
        human(
            7,
            "The reader need not calculate",
            "look for numbers that must be added or compared",
        ),
        chunks(article, measured),
        human(
            9,
            "Headings say what follows",
            counted(article.headings.len(), "heading"),
        ),
        human(10, "The order makes sense", "read the headings alone"),
        met(
            11,
            "It has a summary",
            format!(
                "{} stand before the text",
                counted(article.takeaways.len(), "takeaway")
            ),
        ),
        met(
            12,
            "Key points stand out",
            "every page frames its takeaways and gives care cards color and words",
        ),
    ];
    items.extend(pictures(measured));
    items.extend(actions(article, measured));
    Instrument {
        name: "PEMAT-P",
        about: "easy to understand and to act on",
        items,
    }
}

fn found(measured: &Measured, code: Code) -> usize {
    measured.style.get(&code).copied().unwrap_or_default()
}

fn words(measured: &Measured) -> Item {
    let grade = measured.readability.grade();
    let hint = grade.map_or_else(
        || "no reading grade for this language".to_owned(),
        |grade| format!("it reads at grade {grade:.1}; look at the hardest sentences"),
    );
    human(3, "Words are everyday words", hint)
}

fn terms(measured: &Measured) -> Item {
    let asks = "Medical words are explained";
    let unexplained =
        found(measured, Code::TermUnexplained) + found(measured, Code::AbbreviationUnexplained);
    match unexplained {
        0 => human(
            4,
            asks,
            "none of the glossary is unexplained; look for words that it lacks",
        ),
        _ => not_met(
            4,
            asks,
            format!("{} unexplained", counted(unexplained, "term")),
        ),
    }
}

fn active_voice(measured: &Measured) -> Item {
    let asks = "Sentences are active";
    let passive = found(measured, Code::PassiveVoice);
    let all = measured.readability.sentences;
    let how = format!("a pattern finds the passive voice in {passive} of {all} sentences");
    match passive * 100 <= all * MOST_PASSIVE {
        _ if all == 0 => human(5, asks, "no pattern for this language"),
        true => met(5, asks, how),
        false => not_met(5, asks, how),
    }
}

fn numbers(measured: &Measured) -> Item {
    let asks = "Numbers are clear";
    let unclear = found(measured, Code::PercentBare) + found(measured, Code::RangeDash);
    match (measured.passages_with_numbers, unclear) {
        (0, _) => no_case(6, asks, "there is no number"),
        (_, 0) => human(
            6,
            asks,
            "no bare percentage and no dash in a range; see whether each number is needed",
        ),
        _ => not_met(
            6,
            asks,
            format!(
                "{} or dashes in ranges",
                counted(unclear, "bare percentage")
            ),
        ),
    }
}

fn chunks(article: &Article, measured: &Measured) -> Item {
    let asks = "It comes in short parts";
    let long = found(measured, Code::ParagraphLong) + found(measured, Code::ListLong);
    let headings = counted(article.headings.len(), "heading");
    match (article.headings.len(), long) {
        (0 | 1, _) => not_met(8, asks, headings),
        (_, 0) => met(
            8,
            asks,
            format!("{headings}; no paragraph over 3 sentences, no list over 7 items"),
        ),
        _ => not_met(
            8,
            asks,
            format!("{} or lists too long", counted(long, "paragraph")),
        ),
    }
}

fn pictures(measured: &Measured) -> [Item; 5] {
    let pictures = counted(measured.pictures, "picture");
    let by_picture = |number, asks, item: Item| match measured.pictures {
        0 => no_case(number, asks, "there is no picture"),
        _ => item,
    };
    let support = "Pictures support the text";
    let captions = "Pictures have a title or caption";
    let clear = "Pictures are clear";
    let table = "Tables are simple and labeled";
    [
        human(15, "It has pictures where they help", pictures),
        by_picture(
            16,
            support,
            human(16, support, "compare each with the text beside it"),
        ),
        by_picture(
            17,
            captions,
            met(
                17,
                captions,
                "each has one, or the article would not be live",
            ),
        ),
        by_picture(18, clear, human(18, clear, "look at each on a phone")),
        match measured.has_table {
            true => human(19, table, "see whether a list would do"),
            false => no_case(19, table, "there is no table"),
        },
    ]
}

fn actions(article: &Article, measured: &Measured) -> [Item; 7] {
    let instructions = counted(measured.instructions, "sentence");
    let how = format!("{instructions} begin with what to do");
    let told = |number, asks| match measured.instructions {
        0 => not_met(number, asks, how.clone()),
        _ => met(number, asks, how.clone()),
    };
    let steps = "What to do is cut into steps";
    let chart = "It says how to use charts and tables";
    let tool = match article.questions {
        Some(_) => "it has questions to take to the visit; see whether a list to tick would help",
        None => "it has no list to take along",
    };
    let lists = format!(
        "{}, {} in lists of what helps and what to leave",
        counted(measured.numbered_lists, "numbered list"),
        counted(measured.advice_items, "item")
    );
    [
        told(20, "It names something to do"),
        told(21, "It speaks to the reader"),
        match found(measured, Code::StepsUnnumbered) {
            0 => human(22, steps, lists),
            _ => not_met(22, steps, "steps follow one another without numbers"),
        },
        human(23, "It gives something to work with", tool),
        human(
            24,
            "It shows how to calculate, if one must",
            "look for numbers that must be added",
        ),
        match (measured.pictures, measured.has_table) {
            (0, false) => no_case(25, chart, "there is no picture and no table"),
            _ => human(25, chart, "see whether the text says what to do with them"),
        },
        human(
            26,
            "Pictures help to act where they can",
            counted(measured.pictures, "picture"),
        ),
    ]
}
