//! How soon somebody needs care. The order of the levels is what the rest of the
//! crate relies on: a red flag wins because `Emergency` is the greatest.

use crate::document::Known;

/// The four levels of urgency, least urgent first, so that the greatest wins.
/// Source: `specs/urgency.md`, "Four levels"; the pattern is that of the NHS care cards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TriageLevel {
    /// Home care is reasonable.
    SelfCare,
    /// See a clinician within a few days.
    Soon,
    /// See a clinician today.
    Urgent,
    /// Call 911 or go to an emergency department now.
    Emergency,
}

impl TriageLevel {
    /// All levels, most urgent first: the order of a page.
    pub const MOST_URGENT_FIRST: [Self; 4] =
        [Self::Emergency, Self::Urgent, Self::Soon, Self::SelfCare];

    /// The word in files, addresses and class names, such as `self-care`.
    pub fn id(self) -> &'static str {
        self.word()
    }
}

impl Known for TriageLevel {
    const ALL: &'static [(&'static str, Self)] = &[
        ("emergency", Self::Emergency),
        ("urgent", Self::Urgent),
        ("soon", Self::Soon),
        ("self-care", Self::SelfCare),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_emergency_outranks_every_other_level() {
        let greatest = TriageLevel::MOST_URGENT_FIRST.into_iter().max();
        assert_eq!(greatest, Some(TriageLevel::Emergency));
        assert!(TriageLevel::MOST_URGENT_FIRST.is_sorted_by(|a, b| a > b));
    }
}
