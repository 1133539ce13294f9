//! Flags a list of more than 7 items. A longer one is read like a wall of text: nobody
//! sees which items belong together.

use std::collections::BTreeMap;

use super::{Hit, Manuscript, quoted};
use crate::content::markdown::{Home, Passage};
use crate::diagnostic::Code;

/// Most items of a list. Source: `specs/editorial-checks.md`.
const MOST_ITEMS: usize = 7;

pub(super) fn list_long(manuscript: &Manuscript<'_>) -> Vec<Hit> {
    let mut lists: BTreeMap<usize, (&Passage, usize)> = BTreeMap::new();
    for passage in manuscript.passages {
        if let Some(place) = passage.item.filter(|_| passage.home != Home::Takeaway) {
            let (_, items) = lists.entry(place.list).or_insert((passage, 0));
            *items = (*items).max(place.item + 1);
        }
    }
    let long = lists.into_values().filter(|(_, items)| *items > MOST_ITEMS);
    long.map(|(first, items)| {
        let message = format!(
            "the list that begins with `{}` has {items} items, expected at most {MOST_ITEMS}",
            quoted(&first.text)
        );
        Hit::in_passage(Code::ListLong, first, 0, &first.text).says(
            message,
            "split it by subject, each part under words of its own",
        )
    })
    .collect()
}
