//! "Did you mean": the nearest known word to a mistyped one. It stands apart
//! because keys, ids, links and blocks all need the same answer.

/// The candidate nearest to `word`, if it is near enough to be a typing mistake:
/// at most one edit for every three characters, and at least one.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (word.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(edits, _)| *edits <= limit)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Edits (insert, delete, replace, swap of neighbors) from one word to another,
/// without regard to case.
fn distance(from: &str, to: &str) -> usize {
    let from: Vec<char> = from.to_lowercase().chars().collect();
    let to: Vec<char> = to.to_lowercase().chars().collect();
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=to.len()).collect();
    for (row, have) in from.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, want) in to.iter().enumerate() {
            let at =
                |line: &[usize], index: usize| line.get(index).copied().unwrap_or(usize::MAX / 2);
            let replace = at(&last, column) + usize::from(have != want);
            let mut best = replace
                .min(at(&last, column + 1) + 1)
                .min(at(&current, column) + 1);
            let swapped = row > 0
                && column > 0
                && from.get(row - 1) == Some(want)
                && to.get(column - 1) == Some(have);
            if swapped {
                best = best.min(at(&before_last, column - 1) + 1);
            }
            current.push(best);
        }
        before_last = std::mem::replace(&mut last, current);
    }
    last.last().copied().unwrap_or(from.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typing_mistake_finds_its_word() {
        let keys = ["reviewed_on", "review_due", "reviewer", "title"];
        let rows = [
            ("reviewd_on", Some("reviewed_on")),
            ("lastreviewed", None),
            ("titel", Some("title")),
            ("Title", Some("title")),
            ("reviewr", Some("reviewer")),
            ("colour", None),
        ];
        for (typed, expected) in rows {
            assert_eq!(nearest(typed, keys), expected, "{typed}");
        }
    }
}
