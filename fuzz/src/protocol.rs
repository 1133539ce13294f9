//! A protocol, and what it tells people. The first line of an input gives the answers of one person, a character for
//! each; the rest is the file, which may use the findings that ship. Whatever it says, a red flag wins and no yes
//! lowers a level.

use std::sync::LazyLock;

use signpost::diagnostic::Diagnostic;
use signpost::file::SourceFile;
use signpost::pages::symptoms::{
    FirstPage, Outcome, first_page, result_page, second_page, unfit_page,
};
use signpost::triage::{
    Addressee, Answer, AnswerSheet, Condition, FieldProblem, FormEnd, Measure, Measures, Posted,
    Protocol, SIGNS, SharedFindings, TriageLevel, assess, finding_field, first_screen,
    measure_fields, parse_measures, parse_protocol, parse_shared_findings, read_first,
    second_screen, walk_form,
};

use super::sound::{SOUND, expect_told_well, text_of};
use super::{headed, html};

/// The file that is written anew.
const PATH: &str = "clinic/protocols/test-complaint.toml";

/// What people type where a number is asked for.
const NUMBERS: [&str; 16] = [
    "",
    "3",
    "101.5",
    "38 C",
    "104,2",
    "-1",
    "1e9",
    "18 months",
    "2 weeks",
    "1/2",
    "two",
    "\u{663}",
    "98.6\u{b0}F",
    "0",
    "7 years",
    "NaN",
];

/// What protocols share: the measures that ship, and the findings that ship or stand in the sound site.
static SHIPPED: LazyLock<(Measures, SharedFindings)> = LazyLock::new(|| {
    let text = include_str!("../../clinic/measures.toml");
    let (measures, told) = parse_measures(&SourceFile::new("clinic/measures.toml", text));
    assert!(told.is_empty(), "{told:?}");
    let path = "clinic/findings.toml";
    let text = include_str!("../../clinic/findings.toml");
    let file = SourceFile::new(path, format!("{text}\n{}", text_of(path)));
    let (findings, told) = parse_shared_findings(&file, &measures);
    assert!(told.is_empty(), "{told:?}");
    (measures, findings)
});

/// Reads any bytes as a protocol, and asks it for advice.
pub fn run(data: &[u8]) {
    let input = String::from_utf8_lossy(data);
    let (answers, text) = headed(&input);
    let file = SourceFile::new(PATH, text);
    let (measures, findings) = &*SHIPPED;
    let (protocol, told) = parse_protocol(&file, findings, measures);
    expect_told_well(&file, &told);
    assert_ne!(protocol.is_some(), told.iter().any(Diagnostic::is_error));
    let Some(protocol) = protocol else { return };
    let levels: Vec<TriageLevel> = protocol.findings.iter().map(|own| own.level).collect();
    assert!(levels.is_sorted_by(|a, b| a >= b), "{levels:?}");
    let mut said = Said::new(answers);
    let sheet = sheet(&protocol, &mut said);
    expect_careful(&protocol, &sheet);
    for addressee in protocol.addressees() {
        let posted = posted(&protocol, &mut said);
        expect_form(&protocol, *addressee, &posted);
        expect_page(&protocol, *addressee, &sheet, &posted);
    }
}

/// The characters of the first line, over and over.
struct Said<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Said<'a> {
    fn new(line: &'a str) -> Self {
        let bytes = line.as_bytes();
        Self { bytes, at: 0 }
    }

    fn next(&mut self) -> usize {
        let byte = self.bytes.get(self.at % self.bytes.len().max(1));
        self.at += 1;
        byte.map_or(0, |byte| usize::from(*byte))
    }

    fn choice<T: Copy>(&mut self, choices: &[T]) -> T {
        let at = self.next() % choices.len();
        *choices.get(at).expect("there is a choice")
    }
}

fn sheet(protocol: &Protocol, said: &mut Said<'_>) -> AnswerSheet {
    let mut sheet = AnswerSheet::default();
    let age = said.next() * said.next() % 1_500;
    sheet.person.age_months = said.choice(&[None, u16::try_from(age).ok()]);
    for (_, condition) in Condition::ALL {
        match said.next() % 3 {
            0 => None,
            known => sheet.person.conditions.insert(condition, known == 1),
        };
    }
    for measure in SHIPPED.0.values() {
        sheet
            .numbers
            .insert(measure.id.clone(), number(protocol, measure, said));
    }
    for finding in protocol.findings.iter().filter(|own| own.ask.is_some()) {
        let answer = said.choice(&[Answer::No, Answer::Yes, Answer::Unsure, Answer::No]);
        sheet.findings.insert(finding.id.clone(), answer);
    }
    sheet
}

/// A number that means something to the protocol, or any that the measure takes.
fn number(protocol: &Protocol, measure: &Measure, said: &mut Said<'_>) -> f64 {
    let thresholds = protocol.findings.iter().flat_map(|finding| &finding.when);
    let own = thresholds.filter(|threshold| threshold.measure.id == measure.id);
    let mut numbers: Vec<f64> = own
        .flat_map(|one| one.at_least.into_iter().chain(one.under))
        .flat_map(|limit| [limit - 1.0, limit, limit + 1.0])
        .collect();
    numbers.extend([measure.least, measure.most, measure.unsure_counts_as]);
    said.choice(&numbers)
}

/// # Panics
/// A red flag does not win, or somebody who says more, or knows less, is told to wait longer.
fn expect_careful(protocol: &Protocol, sheet: &AnswerSheet) {
    let given = assess(protocol, sheet);
    assert!(given.level >= protocol.default.level);
    assert!(given.findings.iter().all(|own| own.level <= given.level));
    let mut levels = given.findings.iter().map(|own| own.level);
    let has_red = levels.any(|level| level == TriageLevel::Emergency);
    assert_eq!(has_red, !given.hotlines.is_empty());
    for finding in protocol.findings.iter().filter(|own| own.ask.is_some()) {
        let with = |answer| {
            let mut other = sheet.clone();
            other.findings.insert(finding.id.clone(), answer);
            assess(protocol, &other).level
        };
        let (no, unsure, yes) = (with(Answer::No), with(Answer::Unsure), with(Answer::Yes));
        assert!(no <= unsure && unsure == yes, "{}", finding.id);
        if finding.when.is_empty() && sheet.person.may_be_in(&finding.applies_to) {
            assert!(yes >= finding.level, "{} does not win", finding.id);
        }
        let mut ticked = sheet.clone();
        ticked.tick(&finding.id);
        assert!(assess(protocol, &ticked).level >= finding.level);
    }
    let mut unknown = sheet.clone();
    unknown.person.conditions.clear();
    assert!(given.level <= assess(protocol, &unknown).level);
    unknown.person.age_months = None;
    assert!(given.level <= assess(protocol, &unknown).level);
}

/// Fields as somebody could send them: most of them as the form does, some left out, some with anything in them.
fn posted(protocol: &Protocol, said: &mut Said<'_>) -> Posted {
    let mut posted = Posted::new();
    let mut post = |name: String, value: &str| {
        posted.entry(name).or_default().push(value.to_owned());
    };
    post("years".into(), said.choice(&NUMBERS));
    post("months".into(), said.choice(&NUMBERS));
    post(
        "pregnancy".into(),
        said.choice(&["no", "pregnant", "birth", "unsure", ""]),
    );
    for field in ["immune-weak", "diabetes"] {
        post(field.into(), said.choice(&["no", "yes", "unsure", "maybe"]));
    }
    for id in SHIPPED.0.keys() {
        let (number, instead) = measure_fields(id);
        post(number, said.choice(&NUMBERS));
        post(instead, said.choice(&["usual", "unsure", ""]));
    }
    for finding in &protocol.findings {
        match said.next() % 8 {
            0..=2 => post(finding_field(&finding.id), "no"),
            3 | 4 => post(finding_field(&finding.id), "yes"),
            5 => post(finding_field(&finding.id), "unsure"),
            6 => post(SIGNS.into(), finding.id.as_str()),
            _ => {}
        }
    }
    match said.next() % 6 {
        0..=3 => post(SIGNS.into(), "none"),
        4 => post(SIGNS.into(), "unsure"),
        _ => {}
    }
    posted
}

/// # Panics
/// Somebody who ticks a sign for an emergency, and nothing that contradicts it, is not told of one.
fn expect_form(protocol: &Protocol, addressee: Addressee, posted: &Posted) {
    let end = walk_form(protocol, addressee, posted, &SHIPPED.0);
    if let FormEnd::Level(level) = end {
        assert!(level >= protocol.default.level);
    }
    let ticked = posted.get(SIGNS).into_iter().flatten();
    let ticked: Vec<&str> = ticked.map(String::as_str).collect();
    let screen = first_screen(protocol, addressee);
    let names_one = screen
        .signs
        .iter()
        .any(|sign| ticked.contains(&sign.id.as_str()));
    if names_one && !ticked.contains(&"none") {
        assert_eq!(end, FormEnd::Level(TriageLevel::Emergency), "{ticked:?}");
    }
}

/// # Panics
/// A page fails, is not well made, or tells of an emergency without a number to call.
fn expect_page(protocol: &Protocol, addressee: Addressee, sheet: &AnswerSheet, posted: &Posted) {
    let making = SOUND.snapshot.making();
    let page = |problems| FirstPage {
        protocol,
        addressee,
        posted,
        problems,
    };
    let screen = first_screen(protocol, addressee);
    let read = read_first(&screen, posted, addressee);
    let problems: &[FieldProblem] = read.as_ref().map_or_else(Vec::as_slice, |_| &[]);
    expect_sound(first_page(making, page(problems)));
    if let Ok(first) = &read {
        let second = second_screen(protocol, first, &SHIPPED.0);
        expect_sound(second_page(making, page(&[]), &second));
    }
    expect_sound(unfit_page(making, protocol, addressee));
    let outcome = Outcome {
        disposition: assess(protocol, sheet),
        is_unsure_of_signs: false,
        person: sheet.person.clone(),
    };
    let is_emergency = outcome.disposition.level == TriageLevel::Emergency;
    let advice = result_page(making, protocol, addressee, &outcome, posted);
    let advice = expect_sound(advice);
    assert!(
        !is_emergency || advice.contains("href=\"tel:"),
        "nobody to call"
    );
}

fn expect_sound(page: Result<signpost::pages::RenderedPage, String>) -> String {
    let page = page.expect("the template can be filled");
    assert_eq!(html::fault(&page.text), None, "at {}", page.path);
    page.text
}
