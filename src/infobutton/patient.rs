//! What a request may say of the patient: age and sex, in the units and codes of the
//! standard. What can't be read counts as not said, since it only helps to choose and
//! is never needed to answer.

/// Ages from and to, both included. Unit: months.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AgeRange {
    /// The youngest.
    pub from_months: u16,
    /// The oldest; at least `from_months`.
    pub to_months: u16,
}

/// The administrative sex of a patient. No article depends on it; it goes back with the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    /// `F`.
    Female,
    /// `M`.
    Male,
    /// `UN`.
    Undifferentiated,
}

/// Units of an age and how many of each make a month. Source: UCUM; the standard allows these.
const UNITS: [(&str, f64); 6] = [
    ("a", 1.0 / 12.0),
    ("mo", 1.0),
    ("wk", 4.345),
    ("d", 30.44),
    ("h", 730.5),
    ("min", 43_830.0),
];

/// Age groups of MeSH. Unit: months, both included; "80 and over" ends at 130 years.
/// Source: MeSH, "Age Groups"; the guide prints 56 to 79 years for D000368, MeSH says 65 to 79.
const GROUPS: [(&str, u16, u16); 10] = [
    ("D007231", 0, 1),
    ("D007223", 1, 23),
    ("D002675", 24, 71),
    ("D002648", 72, 155),
    ("D000293", 156, 227),
    ("D055815", 228, 299),
    ("D000328", 228, 539),
    ("D008875", 540, 779),
    ("D000368", 780, 959),
    ("D000369", 960, 1560),
];

/// The oldest age that counts as one, in months.
const OLDEST_MONTHS: f64 = 1560.0;

impl AgeRange {
    /// An age as a number and its unit.
    pub(super) fn of_age(number: &str, unit: &str) -> Option<Self> {
        let number: f64 = number.trim().parse().ok()?;
        let unit = unit.trim();
        let (_, per_month) = UNITS
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(unit))?;
        let months = (number / per_month).floor();
        if !(0.0..=OLDEST_MONTHS).contains(&months) {
            return None;
        }
        // In range by the check, so the cast loses nothing.
        let months = months as u16;
        Some(Self {
            from_months: months,
            to_months: months,
        })
    }

    /// An age group of MeSH.
    pub(super) fn of_group(code: &str) -> Option<Self> {
        let code = code.trim();
        let found = GROUPS
            .iter()
            .find(|(name, ..)| name.eq_ignore_ascii_case(code))?;
        Some(Self {
            from_months: found.1,
            to_months: found.2,
        })
    }
}

impl Sex {
    /// The sex of a code.
    pub(super) fn of_code(code: &str) -> Option<Self> {
        match code.trim().to_ascii_uppercase().as_str() {
            "F" => Some(Self::Female),
            "M" => Some(Self::Male),
            "UN" => Some(Self::Undifferentiated),
            _ => None,
        }
    }

    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Female => "F",
            Self::Male => "M",
            Self::Undifferentiated => "UN",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_read_in_each_unit() {
        let rows = [
            ("70", "a", Some(840)),
            ("1.5", "a", Some(18)),
            ("6", "mo", Some(6)),
            ("6", "MO", Some(6)),
            ("3", "wk", Some(0)),
            ("61", "d", Some(2)),
            ("0", "h", Some(0)),
            ("-1", "a", None),
            ("131", "a", None),
            ("NaN", "a", None),
            ("inf", "a", None),
            ("old", "a", None),
            ("70", "", None),
            ("70", "years", None),
        ];
        for (number, unit, expected) in rows {
            let found = AgeRange::of_age(number, unit).map(|age| age.from_months);
            assert_eq!(found, expected, "{number} {unit}");
        }
    }

    #[test]
    fn age_groups_are_in_order_and_never_turned_round() {
        for (name, from, to) in GROUPS {
            assert!(from <= to, "{name}");
        }
        assert_eq!(
            AgeRange::of_group("d000369").map(|age| age.from_months),
            Some(960)
        );
        assert_eq!(AgeRange::of_group("D000000"), None);
    }
}
