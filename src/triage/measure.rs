//! Numbers that the symptom checker asks for: temperatures, readings, days. Each
//! has a unit and bounds, and says what an answer without a number counts as.

use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Fields, Node, from_toml};
use crate::file::{SourceFile, Spanned};
use crate::id::Id;

/// One number that can be asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Measure {
    /// The name in protocols and forms.
    pub id: Id<Measure>,
    /// The question.
    pub ask: String,
    /// How to write the number.
    pub hint: String,
    /// The unit behind the number.
    pub unit: String,
    /// The least number that can be true, in the unit.
    pub least: f64,
    /// The greatest number that can be true, in the unit.
    pub most: f64,
    /// What "I'm not sure" counts as: the more careful of the usual numbers.
    pub unsure_counts_as: f64,
    /// Answers in words, in the order of the file.
    pub choices: Vec<MeasureChoice>,
}

/// An answer in words that stands for a number.
#[derive(Debug, Clone, PartialEq)]
pub struct MeasureChoice {
    /// The name in forms and vignettes; once in its measure.
    pub id: Id<MeasureChoice>,
    /// The words.
    pub label: String,
    /// The number that it counts as.
    pub counts_as: f64,
}

/// Measures by id, ascending.
pub type Measures = BTreeMap<Id<Measure>, Arc<Measure>>;

/// The measure of how long a complaint has lasted, for duration rules.
pub const DAYS: &str = "days";

/// Part of a finding that is decided by a number.
#[derive(Debug, Clone, PartialEq)]
pub struct Threshold {
    /// Which number.
    pub measure: Arc<Measure>,
    /// Holds from this number on.
    pub at_least: Option<f64>,
    /// Holds below this number.
    pub under: Option<f64>,
}

impl Threshold {
    /// Whether a number is within the threshold.
    pub fn holds(&self, number: f64) -> bool {
        self.at_least.is_none_or(|least| number >= least)
            && self.under.is_none_or(|under| number < under)
    }
}

/// A finite number.
struct Number(f64);

impl FromStr for Number {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = text.parse().ok().filter(|number: &f64| number.is_finite());
        number.map(Self).ok_or("expected a number such as 100.4")
    }
}

/// Reads `clinic/measures.toml`.
///
/// # Diagnostics
/// `key-*`, `value-wrong`, `id-duplicate`: for the editor.
pub fn parse_measures(file: &SourceFile) -> (Measures, Vec<Diagnostic>) {
    let (root, mut diagnostics) = from_toml(file);
    let mut outer = Fields::of(file, &root, "the file");
    let mut measures = Measures::new();
    for node in outer.list("measure") {
        let mut fields = Fields::of(file, node, "measure");
        let found = measure(&mut fields);
        let offset = fields.offset();
        outer.tell_all(fields.finish());
        let Some(found) = found else { continue };
        if measures.contains_key(&found.id) {
            let message = format!("a second measure has the id `{}`", found.id);
            outer.tell(
                Diagnostic::new(Code::IdDuplicate, file.place(offset), message)
                    .help("give one of the two another id"),
            );
            continue;
        }
        measures.insert(found.id.clone(), Arc::new(found));
    }
    diagnostics.extend(outer.finish());
    (measures, diagnostics)
}

fn measure(fields: &mut Fields<'_>) -> Option<Measure> {
    let id = fields.parsed("id");
    let ask = fields.text("ask");
    let hint = fields.text("hint");
    let unit = fields.text("unit");
    let least = fields.parsed::<Number>("least");
    let most = fields.parsed::<Number>("most");
    let unsure = fields.parsed::<Number>("unsure_counts_as");
    let mut choices = Vec::new();
    for node in fields.optional_list("choice") {
        let (choice, faults) = choice(fields.file(), node);
        fields.tell_all(faults);
        choices.extend(choice);
    }
    let (least, most, unsure) = (least?.value.0, most?, unsure?);
    for Spanned {
        value: Number(number),
        offset,
    } in [&most, &unsure]
    {
        if *number < least || *number > most.value.0 {
            let message = format!("{number} is not between {least} and {}", most.value.0);
            let place = fields.file().place(*offset);
            fields.tell(Diagnostic::new(Code::ValueWrong, place, message));
        }
    }
    Some(Measure {
        id: id?.value,
        ask: ask?.value,
        hint: hint?.value,
        unit: unit?.value,
        least,
        most: most.value.0,
        unsure_counts_as: unsure.value.0,
        choices,
    })
}

fn choice(file: &SourceFile, node: &Node) -> (Option<MeasureChoice>, Vec<Diagnostic>) {
    let mut fields = Fields::of(file, node, "choice");
    let id = fields.parsed("id");
    let label = fields.text("label");
    let counts_as = fields.parsed::<Number>("counts_as");
    let choice = id
        .zip(label)
        .zip(counts_as)
        .map(|((id, label), number)| MeasureChoice {
            id: id.value,
            label: label.value,
            counts_as: number.value.0,
        });
    (choice, fields.finish())
}

/// Reads the thresholds under `when`.
///
/// # Diagnostics
/// `key-*`, `value-wrong`, `id-unknown`: for the editor.
pub(super) fn read_thresholds(outer: &mut Fields<'_>, measures: &Measures) -> Vec<Threshold> {
    let mut thresholds = Vec::new();
    for node in outer.optional_list("when") {
        let mut fields = Fields::of(outer.file(), node, "when");
        thresholds.extend(threshold(&mut fields, measures));
        outer.tell_all(fields.finish());
    }
    thresholds
}

fn threshold(fields: &mut Fields<'_>, measures: &Measures) -> Option<Threshold> {
    let id = fields.parsed::<Id<Measure>>("measure");
    let at_least = fields
        .optional_parsed::<Number>("at_least")
        .map(|number| number.value.0);
    let under = fields
        .optional_parsed::<Number>("under")
        .map(|number| number.value.0);
    let place = fields.file().place(fields.offset());
    if at_least.is_none() && under.is_none() {
        fields.tell(Diagnostic::new(
            Code::KeyMissing,
            place.clone(),
            "`when` needs `at_least` or `under`",
        ));
    }
    if let (Some(least), Some(under)) = (at_least, under)
        && under <= least
    {
        let message = format!("no number is at least {least} and under {under}");
        fields.tell(
            Diagnostic::new(Code::ApplicabilityContradictory, place, message)
                .help("swap the two numbers"),
        );
    }
    let id = id?;
    let Some(measure) = measures.get(&id.value) else {
        let fault = Diagnostic::new(
            Code::IdUnknown,
            fields.file().place(id.offset),
            format!("`{}` is not in `clinic/measures.toml`", id.value),
        );
        let names: Vec<&str> = measures.keys().map(Id::as_str).collect();
        fields.tell(fault.help(format!("the measures are {}", names.join(", "))));
        return None;
    };
    Some(Threshold {
        measure: Arc::clone(measure),
        at_least,
        under,
    })
}
