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
        if answer == Answer::Yes && finding.level == TriageLevel::Emergency {
            sheet.signs.insert(id.value.clone());
        }
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

#[cfg(test)]
mod tests {
    use super::super::{FormEnd, SharedFindings, parse_measures, parse_protocol, walk_form};
    use super::*;

    const PROTOCOL: &str = r#"
title = "T"
lay_terms = ["t"]
body_area = "back"
[default]
level = "self-care"
why = "w"
sources = ["s"]
[[source]]
id = "s"
type = "webpage"
title = "S"
publisher = "P"
issued = "undated"
url = "https://example.org/"
[[finding]]
id = "red"
level = "emergency"
statement = "s"
ask = "a?"
why = "w"
sources = ["s"]
[[finding]]
id = "hot"
level = "urgent"
statement = "s"
why = "w"
sources = ["s"]
when = [{ measure = "temperature", at_least = 103 }]
[[finding]]
id = "babies-only"
level = "soon"
statement = "s"
ask = "a?"
why = "w"
sources = ["s"]
applies_to = { age_under_months = 12 }
[[duration]]
longer_than_days = 7
level = "soon"
sources = ["s"]
[[self_care]]
step = "rest"
sources = ["s"]
[[watch_for]]
level = "emergency"
sign = "pain"
sources = ["s"]
"#;

    fn ground() -> (Protocol, Measures) {
        let text = include_str!("../../clinic/measures.toml");
        let (measures, _) = parse_measures(&SourceFile::new("clinic/measures.toml", text));
        let file = SourceFile::new("clinic/protocols/test.toml", PROTOCOL);
        let (protocol, faults) = parse_protocol(&file, &SharedFindings::new(), &measures);
        (protocol.unwrap_or_else(|| panic!("{faults:?}")), measures)
    }

    /// A sound case with some lines in the place of its own of the same key.
    fn case(lines: &str) -> String {
        let own = [
            "name = \"n\"",
            "who = \"me\"",
            "age = \"34 years\"",
            "numbers = { days = 1 }",
            "expect = \"self-care\"",
            "source = \"s\"",
        ];
        let key = |line: &str| line.split(' ').next().unwrap_or_default().to_owned();
        let kept = own
            .into_iter()
            .filter(|line| !lines.lines().any(|other| key(other) == key(line)));
        let kept: Vec<&str> = kept.collect();
        format!("[[case]]\n{lines}\n{}\n", kept.join("\n"))
    }

    fn read(text: &str) -> (Vec<Vignette>, Vec<Diagnostic>) {
        let (protocol, measures) = ground();
        let file = SourceFile::new("tests/vignettes/test.toml", text);
        parse_vignettes(&file, &protocol, &measures)
    }

    #[test]
    fn every_fault_is_told_at_its_place_and_costs_its_case() {
        let rows = [
            (
                "yes = [\"rde\"]",
                "2:8",
                "finding-unknown",
                "did you mean `red`",
            ),
            ("yes = [\"hot\"]", "2:8", "value-wrong", "never asked"),
            (
                "unsure = [\"babies-only\"]",
                "2:11",
                "applicability-contradictory",
                "nobody asks",
            ),
            ("yes = [\"red\", \"red\"]", "2:15", "value-wrong", "twice"),
            (
                "numbers = { dyas = 1 }",
                "2:13",
                "id-unknown",
                "clinic/measures.toml",
            ),
            (
                "numbers = { temperature = \"cold\" }",
                "2:27",
                "value-wrong",
                "normal, hot, unsure",
            ),
            (
                "numbers = { temperature = 12 }",
                "2:27",
                "value-wrong",
                "from 80 to 115",
            ),
            ("numbers = 3", "2:11", "value-wrong", "a group of keys"),
            (
                "source = \"ss\"",
                "2:10",
                "citation-unknown",
                "did you mean `s`",
            ),
            (
                "expect = \"soonish\"",
                "2:10",
                "value-wrong",
                "expected one of",
            ),
            ("age = \"34\"", "2:7", "value-wrong", "`34 years`"),
            ("age = \"200 years\"", "2:7", "value-wrong", "`34 years`"),
            ("who = \"her\"", "2:7", "value-wrong", "me, child, other"),
            (
                "pregnant = \"maybe\"",
                "2:12",
                "value-wrong",
                "true or false",
            ),
            ("diabetes = true", "2:1", "key-unknown", "has_diabetes"),
            (
                "pregnant = true\npregnant_or_postpartum = false",
                "1:1",
                "applicability-contradictory",
                "leave",
            ),
        ];
        for (lines, at, code, part) in rows {
            let (vignettes, faults) = read(&case(lines));
            let [fault] = faults.as_slice() else {
                panic!("{lines}: {faults:?}")
            };
            let place = format!("tests/vignettes/test.toml:{at}:");
            let told = fault.to_string();
            assert!(told.starts_with(&place), "{lines}: {told}");
            assert_eq!(fault.code.name(), code, "{lines}");
            assert!(told.contains(part), "{lines}: {told}");
            assert!(vignettes.is_empty(), "{lines}");
        }
    }

    #[test]
    fn the_form_gives_the_level_of_the_answers() {
        use TriageLevel::*;
        let rows = [
            ("", SelfCare),
            ("yes = [\"red\"]", Emergency),
            ("unsure = [\"red\"]", Emergency),
            ("numbers = { days = 1, temperature = 103 }", Urgent),
            ("numbers = { days = 1, temperature = \"unsure\" }", SelfCare),
            ("numbers = { days = 8 }", Soon),
            (
                "age = \"7 weeks\"\nwho = \"child\"\nunsure = [\"babies-only\"]",
                Soon,
            ),
        ];
        let (protocol, measures) = ground();
        for (lines, level) in rows {
            let (vignettes, faults) = read(&case(lines));
            assert!(faults.is_empty(), "{lines}: {faults:?}");
            let vignette = &vignettes[0];
            let given = super::super::assess(&protocol, &vignette.sheet).level;
            let form = walk_form(&protocol, vignette.addressee, &vignette.posted, &measures);
            assert_eq!((given, form), (level, FormEnd::Level(level)), "{lines}");
        }
    }

    #[test]
    fn a_number_without_choices_has_to_be_told() {
        let (vignettes, _) = read(&case("numbers = { temperature = \"normal\" }"));
        let (protocol, measures) = ground();
        let vignette = &vignettes[0];
        let end = walk_form(&protocol, vignette.addressee, &vignette.posted, &measures);
        let FormEnd::AskedAgain(problems) = end else {
            panic!("{end:?}")
        };
        assert_eq!(problems[0].element, "number-days");
    }
}
