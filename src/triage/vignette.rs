//! Vignettes: invented patients, each with the answers that they would give and the
//! level that a source supports. They are data, so a nurse can add one, and they are
//! the proof of a protocol: `trial` puts each before the protocol and the real form.

use std::collections::BTreeSet;
use std::str::FromStr;

use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Entry, Fields, Known, Value, from_toml, nearest};
use crate::file::{Place, SourceFile, Spanned};
use crate::id::{FindingId, Id};
use crate::source::SourceId;

use super::applicability::Condition;
use super::assess::{Answer, AnswerSheet, PersonFacts};
use super::disposition::TriageLevel;
use super::form::{PersonQuestion, Posted, SIGNS, finding_field, measure_fields};
use super::measure::{Measure, Measures};
use super::protocol::{Finding, Protocol};
use super::wording::Addressee;

/// One invented patient. What it says of findings and numbers holds in the protocol that it was read for.
#[derive(Debug, Clone, PartialEq)]
pub struct Vignette {
    /// Who it is, in a few words.
    pub name: String,
    /// Where it stands.
    pub place: Place,
    /// What the person would type to find the complaint.
    pub words: Option<String>,
    /// Who answers about whom.
    pub addressee: Addressee,
    /// The answers.
    pub sheet: AnswerSheet,
    /// The same answers as the two screens of the form would post them; all that is not told is answered no.
    pub posted: Posted,
    /// The level that the source supports.
    pub expected: TriageLevel,
    /// The source that supports the level.
    pub source: SourceId,
}

impl Known for Addressee {
    const ALL: &'static [(&'static str, Self)] = &[
        ("me", Self::You),
        ("child", Self::Child),
        ("other", Self::Other),
    ];
}

/// An age as vignettes write it: a number and its unit.
struct Age {
    text: String,
    months: u16,
}

impl FromStr for Age {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let expected = "expected an age such as `34 years` or `7 weeks`";
        let (number, unit) = text.split_once(' ').ok_or(expected)?;
        let months_each = match unit {
            "year" | "years" => 12.0,
            "month" | "months" => 1.0,
            "week" | "weeks" => 12.0 / 52.18,
            "day" | "days" => 12.0 / 365.25,
            _ => return Err(expected),
        };
        let months = number.parse::<f64>().map_err(|_| expected)? * months_each;
        // In range by the check, so the cast loses only the part of a month.
        let months = (0.0..=120.0 * 12.0)
            .contains(&months)
            .then_some(months as u16);
        Ok(Self {
            text: text.to_owned(),
            months: months.ok_or(expected)?,
        })
    }
}

/// `true` or `false`.
struct Truth(bool);

impl FromStr for Truth {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let truth = text.parse().map_err(|_| "expected true or false")?;
        Ok(Self(truth))
    }
}

/// Reads `tests/vignettes/<complaint>.toml` for its protocol.
///
/// # Diagnostics
/// `key-*`, `value-wrong`, `id-unknown`, `citation-unknown`, `finding-unknown`, and
/// `applicability-contradictory` for a finding that the person can't have: for the editor.
/// A case with a fault is left out.
pub fn parse_vignettes(
    file: &SourceFile,
    protocol: &Protocol,
    measures: &Measures,
) -> (Vec<Vignette>, Vec<Diagnostic>) {
    let (root, mut diagnostics) = from_toml(file);
    let mut outer = Fields::of(file, &root, "the file");
    let mut vignettes = Vec::new();
    for node in outer.list("case") {
        let mut fields = Fields::of(file, node, "a case");
        let vignette = vignette(&mut fields, protocol, measures);
        let faults = fields.finish();
        let sound = !faults.iter().any(Diagnostic::is_error);
        vignettes.extend(vignette.filter(|_| sound));
        outer.tell_all(faults);
    }
    diagnostics.extend(outer.finish());
    (vignettes, diagnostics)
}

fn vignette(fields: &mut Fields<'_>, protocol: &Protocol, measures: &Measures) -> Option<Vignette> {
    let name = fields.text("name");
    let words = fields.optional_text("words");
    let addressee = fields.known::<Addressee>("who");
    refuse_unasked(fields, protocol, addressee);
    let age = fields.parsed::<Age>("age");
    let expected = fields.known::<TriageLevel>("expect");
    let source = source(fields, protocol);
    let mut sheet = AnswerSheet {
        person: person(fields),
        ..AnswerSheet::default()
    };
    sheet.person.age_months = age.as_ref().map(|age| age.value.months);
    for (key, answer) in [("yes", Answer::Yes), ("unsure", Answer::Unsure)] {
        for id in fields.optional_parsed_list::<FindingId>(key) {
            note_answer(fields, protocol, &mut sheet, &id, answer);
        }
    }
    let mut posted = Posted::new();
    post_measures(&mut posted, measures);
    for entry in number_entries(fields) {
        note_number(fields, measures, &mut sheet, &mut posted, entry);
    }
    post(&mut posted, "years", age?.value.text);
    post_person(&mut posted, &sheet.person);
    post_findings(&mut posted, protocol, &sheet);
    Some(Vignette {
        name: name?.value,
        place: fields.file().place(fields.offset()),
        words: words.map(|words| words.value),
        addressee: addressee?.value,
        sheet,
        posted,
        expected: expected?.value,
        source: source?,
    })
}

/// Refuses a person whom the form of this protocol does not ask.
fn refuse_unasked(
    fields: &mut Fields<'_>,
    protocol: &Protocol,
    addressee: Option<Spanned<Addressee>>,
) {
    let asked = protocol.addressees();
    let Some(addressee) = addressee.filter(|one| !asked.contains(&one.value)) else {
        return;
    };
    let words = Addressee::ALL
        .iter()
        .filter(|(_, other)| asked.contains(other));
    let words: Vec<&str> = words.map(|(word, _)| *word).collect();
    let place = fields.file().place(addressee.offset);
    let message = "nobody is asked like this, because of the ages that the protocol is for";
    let fault = Diagnostic::new(Code::ValueWrong, place, message);
    fields.tell(fault.help(format!("write one of {}", words.join(", "))));
}

fn source(fields: &mut Fields<'_>, protocol: &Protocol) -> Option<SourceId> {
    let id = fields.parsed::<SourceId>("source")?;
    let of_findings = protocol
        .findings
        .iter()
        .flat_map(|finding| &finding.sources);
    let known: BTreeSet<&SourceId> = protocol
        .sources
        .iter()
        .chain(of_findings)
        .map(|source| &source.id)
        .collect();
    if !known.contains(&id.value) {
        let place = fields.file().place(id.offset);
        let message = format!("`{}` is no source of the protocol", id.value);
        let fault = Diagnostic::new(Code::CitationUnknown, place, message);
        let near = nearest(id.value.as_str(), known.into_iter().map(SourceId::as_str));
        fields.tell(match near {
            Some(near) => fault.help(format!("did you mean `{near}`?")),
            None => fault.help("name one of the sources of its findings"),
        });
    }
    Some(id.value)
}

/// What is known about the person. Who is pregnant is in the group of "pregnant or gave birth", too.
fn person(fields: &mut Fields<'_>) -> PersonFacts {
    let mut person = PersonFacts::default();
    for (key, condition) in Condition::ALL {
        if let Some(truth) = fields.optional_parsed::<Truth>(key) {
            person.conditions.insert(condition, truth.value.0);
        }
    }
    let holds = |condition| person.conditions.get(&condition).copied();
    match (
        holds(Condition::Pregnant),
        holds(Condition::PregnantOrPostpartum),
    ) {
        (Some(true), Some(false)) => {
            let place = fields.file().place(fields.offset());
            let message = "`pregnant` is true and `pregnant_or_postpartum` is false";
            fields.tell(
                Diagnostic::new(Code::ApplicabilityContradictory, place, message)
                    .help("leave `pregnant_or_postpartum` out"),
            );
        }
        (Some(true), None) => {
            person
                .conditions
                .insert(Condition::PregnantOrPostpartum, true);
        }
        (None, Some(false)) => {
            person.conditions.insert(Condition::Pregnant, false);
        }
        _ => {}
    }
    person
}

fn note_answer(
    fields: &mut Fields<'_>,
    protocol: &Protocol,
    sheet: &mut AnswerSheet,
    id: &Spanned<FindingId>,
    answer: Answer,
) {
    let place = fields.file().place(id.offset);
    let Some(finding) = protocol.finding(&id.value) else {
        let message = format!("`{}` is no finding of `{}`", id.value, protocol.complaint);
        let fault = Diagnostic::new(Code::FindingUnknown, place, message);
        let names = protocol.findings.iter().map(|finding| finding.id.as_str());
        return fields.tell(match nearest(id.value.as_str(), names) {
            Some(near) => fault.help(format!("did you mean `{near}`?")),
            None => fault.help("name a finding of the protocol"),
        });
    };
    let (code, what, help) = if finding.ask.is_none() {
        let what = "is never asked, because a number decides";
        (Code::ValueWrong, what, "put the number under `numbers`")
    } else if !sheet.person.may_be_in(&finding.applies_to) {
        let what = "does not apply to this person, so nobody asks";
        (
            Code::ApplicabilityContradictory,
            what,
            "take it out, or change the person",
        )
    } else if sheet.findings.insert(id.value.clone(), answer).is_some() {
        (Code::ValueWrong, "is answered twice", "keep one of the two")
    } else {
        return;
    };
    let message = format!("`{}` {what}", id.value);
    fields.tell(Diagnostic::new(code, place, message).help(help));
}

fn number_entries<'a>(fields: &mut Fields<'a>) -> &'a [Entry] {
    let Some(node) = fields.optional("numbers") else {
        return &[];
    };
    if let Value::Map(entries) = &node.value {
        return entries;
    }
    let message = format!(
        "`numbers` is {}, expected a group of keys",
        node.value.shape()
    );
    let place = fields.file().place(node.span.start);
    let fault = Diagnostic::new(Code::ValueWrong, place, message);
    fields.tell(fault.help("write `numbers = { days = 2, temperature = \"normal\" }`"));
    &[]
}

fn note_number(
    fields: &mut Fields<'_>,
    measures: &Measures,
    sheet: &mut AnswerSheet,
    posted: &mut Posted,
    entry: &Entry,
) {
    let measure = entry
        .key
        .parse::<Id<Measure>>()
        .ok()
        .and_then(|id| measures.get(&id));
    let Some(measure) = measure else {
        let place = fields.file().place(entry.key_span.start);
        let message = format!("`{}` is not in `clinic/measures.toml`", entry.key);
        let names: Vec<&str> = measures.keys().map(Id::as_str).collect();
        let help = format!("the measures are {}", names.join(", "));
        return fields.tell(Diagnostic::new(Code::IdUnknown, place, message).help(help));
    };
    let text = match &entry.node.value {
        Value::Scalar(text) => text.as_str(),
        _ => "",
    };
    let Some(number) = number(measure, text) else {
        let place = fields.file().place(entry.node.span.start);
        let message = format!(
            "`{}` is `{text}`, expected a number from {} to {} or a choice",
            entry.key, measure.least, measure.most
        );
        let choices = measure.choices.iter().map(|choice| choice.id.as_str());
        let choices: Vec<&str> = choices.chain(["unsure"]).collect();
        let help = format!("the choices are {}", choices.join(", "));
        return fields.tell(Diagnostic::new(Code::ValueWrong, place, message).help(help));
    };
    sheet.numbers.insert(measure.id.clone(), number);
    let (typed, chosen) = measure_fields(&measure.id);
    posted.remove(&chosen);
    let field = if text.parse::<f64>().is_ok() {
        typed
    } else {
        chosen
    };
    post(posted, field, text);
}

/// What a number, a choice or "unsure" counts as.
fn number(measure: &Measure, text: &str) -> Option<f64> {
    if let Ok(number) = text.parse::<f64>() {
        return (measure.least..=measure.most)
            .contains(&number)
            .then_some(number);
    }
    if text == "unsure" {
        return Some(measure.unsure_counts_as);
    }
    let chosen = measure
        .choices
        .iter()
        .find(|choice| choice.id.as_str() == text);
    chosen.map(|choice| choice.counts_as)
}

fn post(posted: &mut Posted, field: impl Into<String>, value: impl Into<String>) {
    posted.entry(field.into()).or_default().push(value.into());
}

/// A number that is not told is answered with the first choice of its measure; without choices it has to be told.
fn post_measures(posted: &mut Posted, measures: &Measures) {
    for measure in measures.values() {
        if let Some(choice) = measure.choices.first() {
            post(posted, measure_fields(&measure.id).1, choice.id.as_str());
        }
    }
}

/// What is not told about the person is answered "I'm not sure".
fn post_person(posted: &mut Posted, person: &PersonFacts) {
    let holds = |condition| person.conditions.get(&condition).copied();
    let pregnancy = match (
        holds(Condition::Pregnant),
        holds(Condition::PregnantOrPostpartum),
    ) {
        (Some(true), _) => "pregnant",
        (Some(false), Some(false)) => "no",
        // Not pregnant, and maybe after a birth: the answer that leaves out no more than that.
        (Some(false), _) => "birth",
        (None, _) => "unsure",
    };
    let plain = |condition| match holds(condition) {
        Some(true) => "yes",
        Some(false) => "no",
        None => "unsure",
    };
    post(posted, PersonQuestion::Pregnancy.field(), pregnancy);
    post(
        posted,
        PersonQuestion::ImmuneWeak.field(),
        plain(Condition::ImmuneWeak),
    );
    post(
        posted,
        PersonQuestion::Diabetes.field(),
        plain(Condition::HasDiabetes),
    );
}

fn post_findings(posted: &mut Posted, protocol: &Protocol, sheet: &AnswerSheet) {
    let asked = |finding: &&Finding| finding.ask.is_some();
    let findings = protocol.findings.iter().map(AsRef::as_ref).filter(asked);
    for finding in findings {
        let answer = sheet.findings.get(&finding.id);
        if finding.level < TriageLevel::Emergency {
            let word = match answer {
                Some(Answer::Yes) => "yes",
                Some(Answer::Unsure) => "unsure",
                Some(Answer::No) | None => "no",
            };
            post(posted, finding_field(&finding.id), word);
            continue;
        }
        match answer {
            Some(Answer::Yes) => post(posted, SIGNS, finding.id.as_str()),
            Some(Answer::Unsure) => post(posted, SIGNS, "unsure"),
            Some(Answer::No) | None => {}
        }
    }
    if !posted.contains_key(SIGNS) {
        post(posted, SIGNS, "none");
    }
}
