//! The CDC Clear Communication Index: twenty items on the main message, what to do,
//! numbers and risk. The page's own form meets some; most need somebody who reads it.

use super::instrument::{Instrument, Item, counted, human, met, no_case, not_met};
use crate::content::{Article, Measured};
use crate::diagnostic::Code;

pub(super) fn cdc(article: &Article, measured: &Measured) -> Instrument {
    let takeaways = counted(article.takeaways.len(), "takeaway");
    let mut items = vec![
        human(
            1,
            "There is one main message",
            "see whether the takeaways say one thing together",
        ),
        met(
            2,
            "The main message comes first",
            format!("{takeaways} stand before the text"),
        ),
        met(
            3,
            "The main message stands out",
            "every page frames its takeaways",
        ),
        picture(measured),
        instruction(5, "It calls for an action", measured),
        voice(measured),
        human(7, "Words are the reader's own", "ask two readers"),
        counts(8, "It uses lists", measured.lists, "list"),
        counts(9, "Parts have headings", article.headings.len(), "heading"),
        human(
            10,
            "The first part holds what matters most",
            "read the takeaways alone",
        ),
        human(
            11,
            "It says what experts know and do not know",
            "look for what is uncertain",
        ),
        instruction(12, "It recommends something to do", measured),
        human(
            13,
            "It says why that matters",
            "look for a reason beside each advice",
        ),
        human(
            14,
            "It says exactly how to do it",
            format!(
                "{} in lists of advice",
                counted(measured.advice_items, "item")
            ),
        ),
    ];
    items.extend(numbers(measured));
    items.extend([
        human(
            18,
            "It says what the risk is",
            "look for who can be harmed, and how",
        ),
        human(
            19,
            "It names risks and benefits of its advice",
            "look for both beside each advice",
        ),
        probability(measured),
    ]);
    Instrument {
        name: "CDC Clear Communication Index",
        about: "message, action, numbers and risk",
        items,
    }
}

fn found(measured: &Measured, code: Code) -> usize {
    measured.style.get(&code).copied().unwrap_or_default()
}

fn picture(measured: &Measured) -> Item {
    let asks = "A picture supports the main message";
    match measured.pictures {
        0 => not_met(4, asks, "there is no picture"),
        count => human(
            4,
            asks,
            format!("{}; see what each shows", counted(count, "picture")),
        ),
    }
}

fn instruction(number: u8, asks: &'static str, measured: &Measured) -> Item {
    let how = format!(
        "{} begin with what to do",
        counted(measured.instructions, "sentence")
    );
    match measured.instructions {
        0 => not_met(number, asks, how),
        _ => met(number, asks, how),
    }
}

fn voice(measured: &Measured) -> Item {
    let asks = "Message and action are in the active voice";
    match (
        measured.readability.sentences,
        measured.instructions,
        measured.passive_takeaways,
    ) {
        (0, ..) => human(6, asks, "no pattern for this language"),
        (_, 0, _) => not_met(6, asks, "there is no call to action"),
        (.., 0) => met(
            6,
            asks,
            "a pattern finds no passive in the takeaways, and calls begin with the verb",
        ),
        (.., count) => not_met(
            6,
            asks,
            format!("{} in the passive voice", counted(count, "takeaway")),
        ),
    }
}

fn counts(number: u8, asks: &'static str, count: usize, noun: &str) -> Item {
    match count {
        0 => not_met(number, asks, counted(count, noun)),
        _ => met(number, asks, counted(count, noun)),
    }
}

fn numbers(measured: &Measured) -> [Item; 3] {
    let rows = [
        (15, "Numbers are ones that readers use"),
        (16, "Numbers are explained"),
        (17, "The reader need not calculate"),
    ];
    rows.map(|(number, asks)| match measured.passages_with_numbers {
        0 => no_case(number, asks, "there is no number"),
        count => human(
            number,
            asks,
            format!("{} with a number", counted(count, "passage")),
        ),
    })
}

fn probability(measured: &Measured) -> Item {
    let asks = "Chances are said in words or pictures too";
    match (
        measured.passages_with_numbers,
        found(measured, Code::PercentBare),
    ) {
        (0, _) => no_case(20, asks, "there is no number"),
        (_, 0) => human(
            20,
            asks,
            "no bare percentage; look at chances in other forms",
        ),
        (_, bare) => not_met(20, asks, counted(bare, "bare percentage")),
    }
}
