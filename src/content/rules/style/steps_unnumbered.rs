//! Flags steps that follow one another and are not a numbered list. Only what says its
//! order in words is a procedure here ("First ... Then ... Finally"): a list of things
//! that help in any order is not one.

use std::collections::BTreeMap;

use super::{Hit, Manuscript, quoted};
use crate::content::markdown::{Home, ListOrder, Passage};
use crate::diagnostic::Code;

/// How a step begins that comes after another, in lower case.
const LATER: [&str; 10] = [
    "then ",
    "then,",
    "next,",
    "next ",
    "after that",
    "finally,",
    "last,",
    "lastly,",
    "second,",
    "third,",
];
/// How the first step begins, in lower case.
const FIRST: [&str; 3] = ["first,", "first ", "step 1"];
/// Words that make "First" part of a name and no step.
const NO_STEP: [&str; 3] = ["first aid", "first time", "first sign"];

pub(super) fn steps_unnumbered(manuscript: &Manuscript<'_>) -> Vec<Hit> {
    let mut lists: BTreeMap<usize, Vec<&Passage>> = BTreeMap::new();
    let mut hits = Vec::new();
    for passage in manuscript
        .passages
        .iter()
        .filter(|passage| passage.is_prose())
    {
        match passage.item {
            Some(place) if passage.home != Home::Takeaway && place.order == ListOrder::Bulleted => {
                lists.entry(place.list).or_default().push(passage);
            }
            Some(_) => {}
            None => {
                let starts: Vec<&str> = passage.sentences().map(|(_, text)| text).collect();
                if is_procedure(&starts) {
                    hits.push(hit(passage));
                }
            }
        }
    }
    for items in lists.into_values() {
        let starts: Vec<&str> = items.iter().map(|item| item.text.as_str()).collect();
        if let Some(first) = items.first().filter(|_| is_procedure(&starts)) {
            hits.push(hit(first));
        }
    }
    hits
}

fn hit(passage: &Passage) -> Hit {
    let message = format!(
        "the steps that begin with `{}` have no numbers",
        quoted(&passage.text)
    );
    let help = "write them as a numbered list: `1. ` before the first, `2. ` before the second";
    Hit::in_passage(Code::StepsUnnumbered, passage, 0, &passage.text).says(message, help)
}

/// Whether texts in a row are steps: a first one, and at least two that come after it.
fn is_procedure(texts: &[&str]) -> bool {
    let begins = |text: &str, words: &[&str]| {
        let lower = text.to_lowercase();
        words.iter().any(|word| lower.starts_with(word))
    };
    let first = texts
        .iter()
        .position(|text| begins(text, &FIRST) && !begins(text, &NO_STEP));
    first.is_some_and(|at| {
        let later = texts.iter().skip(at + 1);
        let is_next =
            |text: &&&str| begins(text, &LATER) || text.to_lowercase().starts_with("step ");
        later.filter(is_next).count() >= 2
    })
}

#[cfg(test)]
mod tests {
    use super::is_procedure;

    #[test]
    fn only_words_of_order_make_a_procedure() {
        let rows: [(&[&str], bool); 5] = [
            (
                &[
                    "First, wash your hands.",
                    "Then dry them.",
                    "Finally, put on the cream.",
                ],
                true,
            ),
            (
                &["Step 1: sit down.", "Step 2: breathe out.", "Step 3: wait."],
                true,
            ),
            (&["Rest.", "Drink.", "Sleep."], false),
            (&["First aid helps.", "Then call.", "Then wait."], false),
            (&["First, rest.", "Then it gets better."], false),
        ];
        for (texts, expected) in rows {
            assert_eq!(is_procedure(texts), expected, "{texts:?}");
        }
    }
}
