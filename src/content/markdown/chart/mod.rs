//! Pictures that are made of data: timelines, zones and comparisons. An author writes
//! a list or a table; here it becomes numbers that can be checked and drawn. How it
//! looks is not known here, and the words in it stay where they were typed.

mod degree;
mod period;
mod range;

pub use degree::Degree;
pub use period::{Period, Unit};
pub use range::{Joint, Range};

pub(super) use period::periods_fault;
pub(super) use range::{Company, read_ranges};

/// A picture made of data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chart {
    /// What happens when.
    Timeline(Timeline),
    /// What a number means.
    Zones(Zones),
    /// Two or three things side by side.
    Comparison(Comparison),
}

/// What happens when. Its cells are one text for each period.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timeline {
    /// By their start, ascending, then by their end. They may overlap.
    pub periods: Vec<Period>,
}

/// What a number means. Its cells are the name of each zone, and behind it what the zone means if there is such a column.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Zones {
    /// The heading of the names.
    pub names: String,
    /// What is measured, in the order of the columns; never empty.
    pub measures: Vec<Measure>,
    /// The heading of what each zone means, if there is such a column.
    pub meaning: Option<String>,
    /// The ranges of each zone, one for each measure; lowest first, without gap or overlap.
    pub zones: Vec<Vec<Range>>,
}

/// A number that is measured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measure {
    /// What it is called, such as `A1C`.
    pub name: String,
    /// Its unit, such as `%`.
    pub unit: String,
}

impl Measure {
    /// The name behind another word: `bottom number`, but `A1C`.
    pub fn name_in_a_sentence(&self) -> String {
        let mut signs = self.name.chars();
        let first = signs.next();
        let is_word = signs.clone().next().is_none_or(char::is_lowercase);
        match first {
            Some(first) if is_word => first.to_lowercase().chain(signs).collect(),
            _ => self.name.clone(),
        }
    }

    /// Reads the heading of a column that ends in its unit, such as `A1C (%)`.
    pub(super) fn of_heading(heading: &str) -> Option<Self> {
        let (name, unit) = heading.trim().strip_suffix(')')?.rsplit_once('(')?;
        let (name, unit) = (name.trim(), unit.trim());
        (!name.is_empty() && !unit.is_empty()).then(|| Self {
            name: name.to_owned(),
            unit: unit.to_owned(),
        })
    }
}

/// Two or three things side by side. Its cells are those of each row, from what is compared to the last thing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comparison {
    /// The names of the things.
    pub things: Vec<String>,
    /// For each row and thing how common or strong it is, where the cell begins with a word that says so.
    pub degrees: Vec<Vec<Option<Degree>>>,
}

impl Chart {
    /// The chart that a word opens, before its data are read.
    pub(super) fn named(name: &str) -> Option<Self> {
        match name {
            "timeline" => Some(Self::Timeline(Timeline::default())),
            "zones" => Some(Self::Zones(Zones::default())),
            "comparison" => Some(Self::Comparison(Comparison::default())),
            _ => None,
        }
    }

    /// The word that opens it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Timeline(_) => "timeline",
            Self::Zones(_) => "zones",
            Self::Comparison(_) => "comparison",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_measure_begins_small_behind_another_word_if_it_is_a_word() {
        for (name, expected) in [
            ("Bottom number", "bottom number"),
            ("A1C", "A1C"),
            ("LDL", "LDL"),
        ] {
            let measure = Measure {
                name: name.to_owned(),
                unit: "%".to_owned(),
            };
            assert_eq!(measure.name_in_a_sentence(), expected);
        }
    }

    #[test]
    fn a_measure_names_its_unit_in_brackets() {
        let rows = [
            ("A1C (%)", Some(("A1C", "%"))),
            (
                "Fasting sugar (early) (mg/dL)",
                Some(("Fasting sugar (early)", "mg/dL")),
            ),
            ("A1C", None),
            ("(%)", None),
            ("A1C ()", None),
            ("A1C (%) now", None),
        ];
        for (heading, expected) in rows {
            let found = Measure::of_heading(heading);
            let found = found
                .as_ref()
                .map(|measure| (&*measure.name, &*measure.unit));
            assert_eq!(found, expected, "{heading}");
        }
    }
}
