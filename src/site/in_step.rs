//! What is, beside what was: two lists in the same order, walked once. Nearly everything is the
//! very value of the last build, so no text is compared for it, which at 10,000 articles is what
//! an edit would take longest for.

use std::cmp::Ordering;
use std::iter::Peekable;

/// Each of `now` with the one of `last` that `order` finds equal to it. Both are ascending by `order`, each once.
pub fn in_step<N, L>(
    now: impl IntoIterator<Item = N>,
    last: impl IntoIterator<Item = L>,
    order: impl Fn(&L, &N) -> Ordering,
) -> Vec<(N, Option<L>)> {
    let mut last = last.into_iter().peekable();
    let now = now.into_iter();
    now.map(|now| {
        let found = same(&mut last, |last| order(last, &now));
        (now, found)
    })
    .collect()
}

/// The next of `last` that is equal; those before it are passed over.
fn same<L>(
    last: &mut Peekable<impl Iterator<Item = L>>,
    order: impl Fn(&L) -> Ordering,
) -> Option<L> {
    loop {
        match order(last.peek()?) {
            Ordering::Less => _ = last.next(),
            Ordering::Equal => return last.next(),
            Ordering::Greater => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_stands_beside_its_equal_whatever_came_and_went() {
        type Row<'a> = (&'a [u8], &'a [u8], &'a [Option<u8>]);
        let rows: [Row<'_>; 6] = [
            (&[], &[1, 2], &[]),
            (&[1, 2], &[], &[None, None]),
            (&[1, 2, 3], &[1, 2, 3], &[Some(1), Some(2), Some(3)]),
            (&[2, 4], &[1, 2, 3, 4, 5], &[Some(2), Some(4)]),
            (&[1, 2, 3, 9], &[2, 8], &[None, Some(2), None, None]),
            (&[5], &[1, 2, 3], &[None]),
        ];
        for (now, last, expected) in rows {
            let pairs = in_step(now.iter().copied(), last.iter().copied(), Ord::cmp);
            let (own, found): (Vec<u8>, Vec<Option<u8>>) = pairs.into_iter().unzip();
            assert_eq!((&*own, &*found), (now, expected));
        }
    }
}
