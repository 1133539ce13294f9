//! To whom a finding applies. What is not known about a person counts as
//! applying, so this can only ever leave out a finding on firm ground.

use std::str::FromStr;

use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Fields, Node};

/// A group of people; the empty group of conditions is everybody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applicability {
    /// Younger than this many months.
    pub age_under_months: Option<u16>,
    /// At least this many months old.
    pub age_at_least_months: Option<u16>,
    /// What else must hold; each stands once, in the order of [`Condition::ALL`].
    pub conditions: Vec<Condition>,
}

/// Something that is or may be true of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Condition {
    /// Is or might be pregnant.
    Pregnant,
    /// Is or might be pregnant, or gave birth within the last year.
    PregnantOrPostpartum,
    /// Has a weak immune system.
    ImmuneWeak,
    /// Has diabetes.
    HasDiabetes,
}

impl Condition {
    /// Every condition with its key in a protocol.
    pub const ALL: [(&'static str, Self); 4] = [
        ("pregnant", Self::Pregnant),
        ("pregnant_or_postpartum", Self::PregnantOrPostpartum),
        ("immune_weak", Self::ImmuneWeak),
        ("has_diabetes", Self::HasDiabetes),
    ];
}

/// An age limit, 1 to 130 years or the same in months.
struct Age(u16);

impl FromStr for Age {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = text
            .parse()
            .ok()
            .filter(|number| (1..=130 * 12).contains(number));
        number.map(Self).ok_or("expected a whole number from 1")
    }
}

/// Reads an `applies_to` table.
///
/// # Diagnostics
/// `key-unknown`, `value-wrong`; `applicability-contradictory` if nobody can be of the age. For the editor.
pub fn read_applicability(outer: &mut Fields<'_>, node: &Node) -> Applicability {
    let mut fields = Fields::of(outer.file(), node, "applies_to");
    let months = fields
        .optional_parsed::<Age>("age_under_months")
        .map(|age| age.value.0);
    let years = fields
        .optional_parsed::<Age>("age_under_years")
        .map(|age| age.value.0.saturating_mul(12));
    let age_under_months = months.into_iter().chain(years).min();
    let months = fields
        .optional_parsed::<Age>("age_at_least_months")
        .map(|age| age.value.0);
    let years = fields
        .optional_parsed::<Age>("age_at_least_years")
        .map(|age| age.value.0.saturating_mul(12));
    let age_at_least_months = months.into_iter().chain(years).max();
    let mut conditions = Vec::new();
    for (key, condition) in Condition::ALL {
        if fields.flag(key) {
            conditions.push(condition);
        }
    }
    if let (Some(under), Some(at_least)) = (age_under_months, age_at_least_months)
        && at_least >= under
    {
        let message = format!("nobody is at least {at_least} and under {under} months old");
        let place = fields.file().place(fields.offset());
        fields.tell(
            Diagnostic::new(Code::ApplicabilityContradictory, place, message)
                .help("swap the two ages, or leave one out"),
        );
    }
    outer.tell_all(fields.finish());
    Applicability {
        age_under_months,
        age_at_least_months,
        conditions,
    }
}
