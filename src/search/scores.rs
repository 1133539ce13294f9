//! A number for each document, of which most are 0. It remembers which are not, so that
//! a rare word costs nothing for the thousands of documents that do not hold it.

/// What it adds to stand in another part as well, as a share of that part's weight.
const ALSO: f32 = 0.1;

/// Numbers by slot; none is below 0.
#[derive(Debug, Clone, Default)]
pub(super) struct Scores {
    values: Vec<f32>,
    /// Slots whose number is above 0, each once.
    touched: Vec<u32>,
}

impl Scores {
    /// All 0.
    pub(super) fn new(slots: usize) -> Self {
        Self {
            values: vec![0.0; slots],
            touched: Vec::new(),
        }
    }

    /// Every slot whose number is above 0, with it.
    pub(super) fn each(&self) -> impl Iterator<Item = (f32, u32)> + '_ {
        self.touched.iter().map(|slot| (self.of(*slot), *slot))
    }

    /// The number of a slot.
    pub(super) fn of(&self, slot: u32) -> f32 {
        let slot = usize::try_from(slot).unwrap_or(usize::MAX);
        self.values.get(slot).copied().unwrap_or_default()
    }

    fn set(&mut self, slot: u32, change: impl Fn(f32) -> f32) {
        let at = usize::try_from(slot).unwrap_or(usize::MAX);
        let Some(value) = self.values.get_mut(at) else {
            return;
        };
        if *value == 0.0 {
            self.touched.push(slot);
        }
        *value = change(*value);
    }

    /// A stem stands in one more part. The first part that is told counts whole, each other one a little.
    pub(super) fn hold(&mut self, slot: u32, weight: f32) {
        self.set(slot, |value| match value == 0.0 {
            true => weight,
            false => value + ALSO * weight,
        });
    }

    /// At least this much, which is above 0.
    pub(super) fn raise(&mut self, slot: u32, least: f32) {
        self.set(slot, |value| value.max(least));
    }

    /// At least as much as in others, times a factor.
    pub(super) fn raise_all(&mut self, others: &Self, factor: f32) {
        for (value, slot) in others.each() {
            self.raise(slot, value * factor);
        }
    }

    /// As much more as in others.
    pub(super) fn add_all(&mut self, others: &Self) {
        for (more, slot) in others.each() {
            self.set(slot, |value| value + more);
        }
    }

    /// The smaller number of both.
    pub(super) fn least_of_both(&self, others: &Self) -> Self {
        let mut least = Self::new(self.values.len());
        for (value, slot) in self.each() {
            let other = others.of(slot);
            if other > 0.0 {
                least.raise(slot, value.min(other));
            }
        }
        least
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scores(rows: &[(u32, f32)]) -> Scores {
        let mut scores = Scores::new(4);
        for (slot, value) in rows {
            scores.raise(*slot, *value);
        }
        scores
    }

    fn told(scores: &Scores) -> Vec<(f32, u32)> {
        scores.each().collect()
    }

    #[test]
    fn numbers_are_raised_added_and_compared_by_slot() {
        let mut sum = scores(&[(0, 1.0), (2, 3.0)]);
        sum.raise_all(&scores(&[(0, 4.0), (2, 4.0), (3, 1.0)]), 0.5);
        assert_eq!(told(&sum), [(2.0, 0), (3.0, 2), (0.5, 3)]);
        sum.add_all(&scores(&[(1, 1.0), (2, 1.0)]));
        assert_eq!(told(&sum), [(2.0, 0), (4.0, 2), (0.5, 3), (1.0, 1)]);
        let least = sum.least_of_both(&scores(&[(2, 1.0), (1, 9.0)]));
        assert_eq!(told(&least), [(1.0, 2), (1.0, 1)]);
    }

    #[test]
    fn the_first_part_counts_whole_and_others_a_little() {
        let mut held = Scores::new(1);
        held.hold(0, 6.0);
        held.hold(0, 1.0);
        assert_eq!(told(&held), [(6.0 + ALSO, 0)]);
        held.hold(9, 1.0);
        assert_eq!(held.each().count(), 1);
    }
}
