//! What must hold for every protocol and every person: for those that ship, and for any that an
//! editor could write. Each property is tried with many answers, so a rule that fails for one
//! person in a thousand is found before that person comes.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "reads the content of the repository, and stops at once when it is not as it says"
)]

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use jiff::civil::date;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use signpost::content::markdown::Pictures;
use signpost::disk::read_tree;
use signpost::file::SourceFile;
use signpost::id::{FindingId, Id};
use signpost::site::{Site, load};
use signpost::triage::{
    Addressee, Answer, AnswerSheet, Condition, Disposition, Finding, FormEnd, Measure, Measures,
    PersonQuestion, Posted, Protocol, SIGNS, SharedFindings, TriageLevel, assess, finding_field,
    first_screen, measure_fields, parse_protocol, read_first, read_second, second_screen,
    walk_form,
};

/// Months: the ages that the form takes to be those of a reader, and of a child.
const READER: std::ops::Range<u16> = 60..1320;
const CHILD: std::ops::Range<u16> = 0..216;

/// Months: below this age nobody is taken to be pregnant.
const YOUNGEST_PREGNANT: u16 = 120;

/// A protocol, and somebody who answers all that may concern them.
#[derive(Clone)]
struct Visit {
    protocol: Arc<Protocol>,
    /// The text of a protocol that does not ship.
    text: String,
    addressee: Addressee,
    age_months: u16,
    /// Answers to the questions about the person, by field.
    person: BTreeMap<&'static str, &'static str>,
    /// Answers to findings with a question, by id.
    answers: BTreeMap<FindingId, Answer>,
    numbers: BTreeMap<Id<Measure>, f64>,
}

impl fmt::Debug for Visit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            protocol,
            text,
            addressee,
            age_months,
            person,
            answers,
            numbers,
        } = self;
        writeln!(
            f,
            "{} {addressee:?}, {age_months} months, {person:?}",
            protocol.complaint
        )?;
        writeln!(f, "{answers:?}\n{numbers:?}\n{text}")
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn one_yes_more_never_lowers_the_level(visit in visit(), which in any::<Index>()) {
        let before = visit.sheet();
        let asked: Vec<_> = visit.asked().collect();
        prop_assume!(!asked.is_empty());
        let id = which.get(&asked).id.clone();
        let with = |answer| {
            let mut sheet = before.clone();
            sheet.findings.insert(id.clone(), answer);
            assess(&visit.protocol, &sheet).level
        };
        let (no, unsure, yes) = (with(Answer::No), with(Answer::Unsure), with(Answer::Yes));
        prop_assert!(no <= unsure, "{id}: unsure gives {unsure:?}, no gives {no:?}");
        prop_assert_eq!(unsure, yes, "{}: unsure is not the more careful path", id);
        prop_assert!(assess(&visit.protocol, &before).level <= yes);
    }

    #[test]
    fn all_yes_is_the_greatest_of_all_levels(visit in visit()) {
        let mut all = visit.sheet();
        for finding in visit.asked() {
            all.findings.insert(finding.id.clone(), Answer::Yes);
        }
        let given = assess(&visit.protocol, &visit.sheet()).level;
        prop_assert!(given <= assess(&visit.protocol, &all).level);
        prop_assert!(given >= visit.protocol.default.level);
    }

    #[test]
    fn a_finding_that_is_known_not_to_apply_never_counts(visit in visit()) {
        let mut sheet = visit.sheet();
        for finding in visit.protocol.findings.iter().filter(|finding| finding.ask.is_some()) {
            sheet.findings.insert(finding.id.clone(), Answer::Yes);
        }
        let given = assess(&visit.protocol, &sheet);
        let concerns = |finding: &&Arc<Finding>| sheet.person.may_be_in(&finding.applies_to);
        prop_assert!(given.findings.iter().all(|finding| concerns(&finding)));
        let mut without = Protocol::clone(&visit.protocol);
        without.findings.retain(|finding| concerns(&finding));
        prop_assert_eq!(given, assess(&without, &sheet));
    }

    #[test]
    fn knowing_less_about_a_person_never_lowers_the_level(visit in visit()) {
        let sheet = visit.sheet();
        let given = assess(&visit.protocol, &sheet).level;
        let mut unknown = sheet.clone();
        unknown.person.age_months = None;
        prop_assert!(given <= assess(&visit.protocol, &unknown).level);
        let mut unknown = sheet.clone();
        unknown.person.conditions.clear();
        prop_assert!(given <= assess(&visit.protocol, &unknown).level);
    }

    #[test]
    fn a_duration_rule_only_raises(visit in visit()) {
        let mut without = Protocol::clone(&visit.protocol);
        without.durations.clear();
        let (sheet, most) = (visit.sheet(), f64::from(u16::MAX));
        let bare = assess(&without, &sheet).level;
        let given = assess(&visit.protocol, &sheet).level;
        prop_assert!(bare <= given);
        // Findings may look at the days, too, so the rules are tried without them.
        without.findings.clear();
        without.durations.clone_from(&visit.protocol.durations);
        let mut longer = sheet.clone();
        longer.numbers.insert(id("days"), most);
        prop_assert!(assess(&without, &sheet).level <= assess(&without, &longer).level);
    }

    #[test]
    fn every_path_ends_with_a_level_a_next_step_and_a_source(visit in visit()) {
        let given = assess(&visit.protocol, &visit.sheet());
        expect_whole(&visit.protocol, &given);
    }

    #[test]
    fn both_screens_ask_every_finding_that_may_apply_exactly_once(visit in visit()) {
        let screen = first_screen(&visit.protocol, visit.addressee);
        let posted = visit.posted();
        let first = read_first(&screen, &posted, visit.addressee);
        let first = first.map_err(|problems| TestCaseError::fail(format!("{problems:?}")))?;
        let second = second_screen(&visit.protocol, &first, measures());
        let person = &first.sheet.person;
        let both = || screen.signs.iter().chain(&second.findings);
        for finding in &visit.protocol.findings {
            let times = both().filter(|asked| asked.id == finding.id).count();
            let due = finding.ask.is_some() && person.may_be_in(&finding.applies_to);
            prop_assert!(times <= 1, "{} is asked {times} times", finding.id);
            prop_assert!(times == 1 || !due, "{} may apply and is not asked", finding.id);
            prop_assert!(times == 0 || finding.ask.is_some());
            for threshold in finding.when.iter().filter(|_| person.may_be_in(&finding.applies_to)) {
                let asked = screen.measures.iter().chain(&second.measures);
                let times = asked.filter(|asked| asked.id == threshold.measure.id).count();
                prop_assert_eq!(times, 1, "{} for {}", &threshold.measure.id, &finding.id);
            }
        }
        let rules = &visit.protocol.durations;
        let days = screen.measures.iter().chain(&second.measures).filter(|asked| asked.id == id("days"));
        prop_assert!(rules.is_empty() || days.count() == 1);
    }

    #[test]
    fn the_form_gives_the_level_of_the_answers(visit in visit()) {
        let direct = assess(&visit.protocol, &visit.sheet()).level;
        let end = walk_form(&visit.protocol, visit.addressee, &visit.posted(), measures());
        if visit.is_unsure_of_a_sign() {
            // On the first screen "I'm not sure" is about all signs, so it is an emergency whatever the numbers.
            prop_assert_eq!(end, FormEnd::Level(TriageLevel::Emergency));
        } else {
            prop_assert_eq!(end, FormEnd::Level(direct));
        }
    }

    #[test]
    fn a_question_that_is_left_out_is_never_read_as_no(visit in visit(), which in any::<Index>()) {
        let posted = visit.posted();
        let fields: Vec<&String> = posted.keys().collect();
        let field = which.get(&fields).to_string();
        let mut less = posted.clone();
        less.remove(&field);
        let whole = walk_form(&visit.protocol, visit.addressee, &posted, measures());
        let end = walk_form(&visit.protocol, visit.addressee, &less, measures());
        let asked_again = matches!(end, FormEnd::AskedAgain(_));
        prop_assert!(asked_again || end == whole, "without `{field}`: {end:?}, not {whole:?}");
    }

    #[test]
    fn every_question_of_any_protocol_can_be_reached(written in written()) {
        let Written { protocol, text } = written;
        let decides_alone = |finding: &Arc<Finding>| {
            finding.level == TriageLevel::Emergency && finding.ask.is_none()
        };
        // Where numbers or the default alone can be an emergency, the rest need not be asked.
        let by_days = protocol.durations.iter().any(|rule| rule.level == TriageLevel::Emergency);
        let by_default = protocol.default.level == TriageLevel::Emergency;
        if by_default || by_days || protocol.findings.iter().any(decides_alone) {
            return Ok(());
        }
        for finding in protocol.findings.iter().filter(|finding| finding.ask.is_some()) {
            prop_assert!(is_reached(&protocol, finding), "{} in {text}", finding.id);
        }
    }
}

#[test]
fn every_question_of_a_shipped_protocol_can_be_reached() {
    let mut faults = Vec::new();
    for protocol in site().protocols.values() {
        let asked = protocol.findings.iter().filter(|one| one.ask.is_some());
        let missed = asked.filter(|finding| !is_reached(protocol, finding));
        faults.extend(missed.map(|finding| format!("{}: {}", protocol.complaint, finding.id)));
    }
    assert!(
        faults.is_empty(),
        "nobody can reach\n  {}",
        faults.join("\n  ")
    );
}

#[test]
fn an_emergency_sign_alone_is_enough_and_no_field_need_be_filled_in() {
    let mut ticked = 0;
    for protocol in site().protocols.values() {
        for &addressee in protocol.addressees() {
            let signs = first_screen(protocol, addressee).signs;
            for sign in signs.iter().map(|sign| sign.id.as_str()).chain(["unsure"]) {
                let posted = Posted::from([(SIGNS.into(), vec![sign.into()])]);
                let end = walk_form(protocol, addressee, &posted, measures());
                let emergency = FormEnd::Level(TriageLevel::Emergency);
                assert_eq!(end, emergency, "{}: {sign}", protocol.complaint);
                ticked += 1;
            }
        }
    }
    assert!(ticked > 1000, "only {ticked} signs were tried");
}

#[test]
fn an_emergency_sign_beside_none_of_these_is_asked_again() {
    for protocol in site().protocols.values() {
        let addressee = protocol.first_addressee();
        let screen = first_screen(protocol, addressee);
        let sign = screen.signs.first().expect("a protocol asks for a sign");
        let both = vec![sign.id.to_string(), "none".into()];
        let posted = Posted::from([(SIGNS.into(), both)]);
        let end = walk_form(protocol, addressee, &posted, measures());
        assert!(
            matches!(end, FormEnd::AskedAgain(_)),
            "{}",
            protocol.complaint
        );
    }
}

#[test]
fn every_shipped_protocol_says_what_to_watch_for_above_every_level_that_it_gives() {
    let mut faults = Vec::new();
    for protocol in site().protocols.values() {
        for level in TriageLevel::MOST_URGENT_FIRST {
            let above = protocol.watch_for.iter().any(|sign| sign.level > level);
            if level >= protocol.default.level && level < TriageLevel::Emergency && !above {
                faults.push(format!("{}: {}", protocol.complaint, level.id()));
            }
        }
    }
    assert!(
        faults.is_empty(),
        "nothing to watch for\n  {}",
        faults.join("\n  ")
    );
}

/// Level, next step, something to watch for while there is a level above, and a source.
fn expect_whole(protocol: &Protocol, given: &Disposition) {
    let decided = given.findings.iter().filter(|one| one.level == given.level);
    let of_findings = decided.clone().flat_map(|finding| &finding.sources);
    let of_durations = given.durations.iter().flat_map(|rule| &rule.sources);
    let is_default = given.level == protocol.default.level;
    let of_default = protocol.default.sources.iter().filter(|_| is_default);
    assert!(
        of_findings
            .chain(of_durations)
            .chain(of_default)
            .next()
            .is_some(),
        "no source"
    );
    match given.level {
        TriageLevel::Emergency => {
            let by_finding = decided.count() > 0;
            assert!(!by_finding || !given.hotlines.is_empty(), "nobody to call");
        }
        level => {
            assert!(given.hotlines.is_empty(), "a call without an emergency");
            assert!(protocol.watch_for.iter().any(|sign| sign.level > level));
        }
    }
    if given.level == TriageLevel::SelfCare {
        assert!(!protocol.self_care.is_empty(), "no home care");
    }
}

impl Visit {
    /// Findings that the form asks this person.
    fn asked(&self) -> impl Iterator<Item = &Arc<Finding>> {
        let person = self.sheet().person;
        let asked = self
            .protocol
            .findings
            .iter()
            .filter(|one| one.ask.is_some());
        asked.filter(move |finding| person.may_be_in(&finding.applies_to))
    }

    fn is_unsure_of_a_sign(&self) -> bool {
        let unsure = |finding: &Arc<Finding>| {
            finding.level == TriageLevel::Emergency
                && self.answers.get(&finding.id) == Some(&Answer::Unsure)
        };
        self.asked().any(unsure)
    }

    /// The answers without the form.
    fn sheet(&self) -> AnswerSheet {
        let mut sheet = AnswerSheet {
            findings: self.answers.clone(),
            numbers: self.numbers.clone(),
            ..AnswerSheet::default()
        };
        let person = &mut sheet.person;
        person.age_months = Some(self.age_months);
        let mut know = |condition, holds| person.conditions.insert(condition, holds);
        for question in first_screen(&self.protocol, self.addressee).conditions {
            let answer = self.person.get(question.field()).copied();
            match (question, answer) {
                (PersonQuestion::Pregnancy, Some("pregnant")) => {
                    know(Condition::Pregnant, true);
                    know(Condition::PregnantOrPostpartum, true);
                }
                (PersonQuestion::Pregnancy, Some(word @ ("birth" | "no"))) => {
                    know(Condition::Pregnant, false);
                    know(Condition::PregnantOrPostpartum, word == "birth");
                }
                (PersonQuestion::ImmuneWeak, Some(word @ ("yes" | "no"))) => {
                    know(Condition::ImmuneWeak, word == "yes");
                }
                (PersonQuestion::Diabetes, Some(word @ ("yes" | "no"))) => {
                    know(Condition::HasDiabetes, word == "yes");
                }
                _ => {}
            }
        }
        if self.age_months < YOUNGEST_PREGNANT {
            know(Condition::Pregnant, false);
            know(Condition::PregnantOrPostpartum, false);
        }
        let signs = self.protocol.findings.iter().filter(|finding| {
            finding.level == TriageLevel::Emergency
                && finding.ask.is_some()
                && self.answers.get(&finding.id) == Some(&Answer::Yes)
        });
        let signs = signs.filter(|finding| sheet.person.may_be_in(&finding.applies_to));
        sheet.signs = signs.map(|finding| finding.id.clone()).collect();
        sheet
    }

    /// The same answers as the form posts them: only what is asked of this person.
    fn posted(&self) -> Posted {
        let mut posted = Posted::new();
        let mut post = |field: String, value: String| {
            posted.entry(field).or_default().push(value);
        };
        post("years".into(), format!("{} months", self.age_months));
        for question in first_screen(&self.protocol, self.addressee).conditions {
            let answer = self.person.get(question.field()).copied();
            post(question.field().into(), answer.unwrap_or("unsure").into());
        }
        for (id, number) in &self.numbers {
            post(measure_fields(id).0, number.to_string());
        }
        let mut signs = 0;
        for finding in self.asked() {
            let answer = self.answers.get(&finding.id);
            let emergency = finding.level == TriageLevel::Emergency;
            match (emergency, answer) {
                (true, Some(Answer::Yes)) => post(SIGNS.into(), finding.id.to_string()),
                (true, Some(Answer::Unsure)) => post(SIGNS.into(), "unsure".into()),
                (true, _) => continue,
                (false, Some(Answer::Yes)) => post(finding_field(&finding.id), "yes".into()),
                (false, Some(Answer::Unsure)) => post(finding_field(&finding.id), "unsure".into()),
                (false, _) => post(finding_field(&finding.id), "no".into()),
            }
            signs += usize::from(emergency);
        }
        if signs == 0 {
            post(SIGNS.into(), "none".into());
        }
        posted
    }
}

/// Whether somebody who answers yes to this one finding comes to an advice that counts it, through the form.
fn is_reached(protocol: &Arc<Protocol>, finding: &Finding) -> bool {
    let mut numbers = vec![quiet_numbers(protocol)];
    for threshold in &finding.when {
        for number in notable(protocol, &threshold.measure) {
            if threshold.holds(number) {
                let mut reached = quiet_numbers(protocol);
                reached.insert(threshold.measure.id.clone(), number);
                numbers.push(reached);
            }
        }
    }
    let group = &finding.applies_to;
    let has = |condition| group.conditions.contains(&condition);
    let yes = |condition| if has(condition) { "yes" } else { "no" };
    let pregnant = has(Condition::Pregnant) || has(Condition::PregnantOrPostpartum);
    // Only what the finding needs, so that no other finding decides before it is asked.
    let person = BTreeMap::from([
        ("pregnancy", if pregnant { "pregnant" } else { "no" }),
        ("immune-weak", yes(Condition::ImmuneWeak)),
        ("diabetes", yes(Condition::HasDiabetes)),
    ]);
    let youngest = if pregnant { YOUNGEST_PREGNANT } else { 0 };
    let least = group.age_at_least_months.unwrap_or(0).max(youngest);
    let addressees = protocol.addressees().iter();
    let ages = addressees.flat_map(|addressee| {
        let range = ages(protocol, *addressee);
        let age = least.max(range.start);
        range.contains(&age).then_some((*addressee, age))
    });
    ages.flat_map(|pair| numbers.iter().map(move |numbers| (pair, numbers)))
        .any(|((addressee, age_months), numbers)| {
            let visit = Visit {
                protocol: Arc::clone(protocol),
                text: String::new(),
                addressee,
                age_months,
                person: person.clone(),
                answers: BTreeMap::from([(finding.id.clone(), Answer::Yes)]),
                numbers: numbers.clone(),
            };
            by_form(&visit)
                .is_some_and(|given| given.findings.iter().any(|one| one.id == finding.id))
        })
}

/// The advice at the end of the form; none if it asks again.
fn by_form(visit: &Visit) -> Option<Disposition> {
    let posted = visit.posted();
    let screen = first_screen(&visit.protocol, visit.addressee);
    let first = read_first(&screen, &posted, visit.addressee).ok()?;
    let given = assess(&visit.protocol, &first.sheet);
    if given.level == TriageLevel::Emergency {
        return Some(given);
    }
    let second = second_screen(&visit.protocol, &first, measures());
    let sheet = read_second(&second, &posted, &first).ok()?;
    Some(assess(&visit.protocol, &sheet))
}

/// Numbers of each measure with which as little as can be is decided before anything is asked.
fn quiet_numbers(protocol: &Protocol) -> BTreeMap<Id<Measure>, f64> {
    let quietest = |measure: &Arc<Measure>| {
        let loudness = |number: &f64| {
            let sheet = AnswerSheet {
                numbers: BTreeMap::from([(measure.id.clone(), *number)]),
                ..AnswerSheet::default()
            };
            assess(protocol, &sheet).level
        };
        let numbers = notable(protocol, measure).into_iter();
        let quietest = numbers.min_by_key(loudness);
        (
            measure.id.clone(),
            quietest.unwrap_or(measure.unsure_counts_as),
        )
    };
    measures().values().map(quietest).collect()
}

/// Numbers at, below and above every limit that a protocol draws, and those of the measure itself.
fn notable(protocol: &Protocol, measure: &Measure) -> Vec<f64> {
    let mut numbers = vec![measure.least, measure.most, measure.unsure_counts_as];
    numbers.extend(measure.choices.iter().map(|choice| choice.counts_as));
    let thresholds = protocol.findings.iter().flat_map(|finding| &finding.when);
    let own = thresholds.filter(|threshold| threshold.measure.id == measure.id);
    let mut limits: Vec<f64> = own
        .flat_map(|one| one.at_least.into_iter().chain(one.under))
        .collect();
    if measure.id == id("days") {
        limits.extend(
            protocol
                .durations
                .iter()
                .map(|rule| f64::from(rule.longer_than_days)),
        );
    }
    numbers.extend(
        limits
            .iter()
            .flat_map(|limit| [limit - 1.0, *limit, limit + 1.0]),
    );
    numbers.retain(|number| (measure.least..=measure.most).contains(number));
    numbers
}

/// Ages in months for which a protocol decides, of somebody who is addressed like this; never empty.
fn ages(protocol: &Protocol, addressee: Addressee) -> std::ops::Range<u16> {
    let own = match addressee {
        Addressee::You => READER,
        Addressee::Child => CHILD,
        Addressee::Other => 0..1320,
    };
    let oldest = protocol
        .oldest_age_years
        .map_or(u16::MAX, |years| (years + 1) * 12);
    own.start.max(protocol.youngest_age_months)..own.end.min(oldest)
}

/// Any protocol, and any person that it is for.
fn visit() -> impl Strategy<Value = Visit> {
    let protocols: Vec<Arc<Protocol>> = site().protocols.values().cloned().collect();
    let shipped = select(protocols).prop_map(|protocol| Written {
        protocol,
        text: String::new(),
    });
    prop_oneof![2 => shipped, 1 => written()].prop_flat_map(|Written { protocol, text }| {
        let addressees = protocol.addressees().to_vec();
        select(addressees).prop_flat_map(move |addressee| answered(&protocol, &text, addressee))
    })
}

fn answered(
    protocol: &Arc<Protocol>,
    text: &str,
    addressee: Addressee,
) -> impl Strategy<Value = Visit> + use<> {
    let (protocol, text) = (Arc::clone(protocol), text.to_owned());
    let person = (
        select(vec!["pregnant", "birth", "no", "unsure"]),
        select(vec!["yes", "no", "unsure"]),
        select(vec!["yes", "no", "unsure"]),
    );
    let answer =
        prop_oneof![8 => Just(Answer::No), 1 => Just(Answer::Yes), 1 => Just(Answer::Unsure)];
    let asked: Vec<FindingId> = protocol
        .findings
        .iter()
        .filter(|finding| finding.ask.is_some())
        .map(|finding| finding.id.clone())
        .collect();
    let numbers: Vec<_> = measures()
        .values()
        .map(|measure| {
            select(notable(&protocol, measure)).prop_map({
                let id = measure.id.clone();
                move |number| (id.clone(), number)
            })
        })
        .collect();
    let answers = prop::collection::vec(answer, asked.len());
    (ages(&protocol, addressee), person, answers, numbers).prop_map(
        move |(age_months, (pregnancy, immune_weak, diabetes), answers, numbers)| Visit {
            protocol: Arc::clone(&protocol),
            text: text.clone(),
            addressee,
            age_months,
            person: BTreeMap::from([
                ("pregnancy", pregnancy),
                ("immune-weak", immune_weak),
                ("diabetes", diabetes),
            ]),
            answers: asked.iter().cloned().zip(answers).collect(),
            numbers: numbers.into_iter().collect(),
        },
    )
}

/// A protocol that does not ship, with its text.
#[derive(Clone)]
struct Written {
    protocol: Arc<Protocol>,
    text: String,
}

impl fmt::Debug for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Any protocol that an editor could write.
fn written() -> impl Strategy<Value = Written> {
    let level = || select(TriageLevel::MOST_URGENT_FIRST.to_vec());
    let findings = prop::collection::vec((level(), finding_text()), 1..8);
    let durations = prop::collection::vec((1_u16..400, level(), group_text()), 0..3);
    (level(), findings, durations).prop_map(|(default, mut findings, durations)| {
        findings.sort_by_key(|(level, _)| std::cmp::Reverse(*level));
        let mut text = HEAD.replace("LEVEL", default.id());
        for (at, (level, rest)) in findings.iter().enumerate() {
            let level = level.id();
            text.push_str(&format!("[[finding]]\nid = \"f{at}\"\nlevel = \"{level}\"\n{rest}"));
        }
        for (days, level, group) in durations {
            let level = level.id();
            text.push_str(&format!(
                "[[duration]]\nlonger_than_days = {days}\nlevel = \"{level}\"\nsources = [\"s\"]\n{group}"
            ));
        }
        let file = SourceFile::new("clinic/protocols/written.toml", text.as_str());
        let (protocol, faults) = parse_protocol(&file, &SharedFindings::new(), measures());
        let protocol = protocol.unwrap_or_else(|| panic!("{faults:?}\n{text}"));
        Written { protocol: Arc::new(protocol), text }
    })
}

const HEAD: &str = r#"
title = "Written"
lay_terms = ["written"]
body_area = "skin"
[default]
level = "LEVEL"
why = "w"
sources = ["s"]
[[source]]
id = "s"
type = "webpage"
title = "S"
publisher = "P"
issued = "undated"
url = "https://example.org/"
[[self_care]]
step = "rest"
sources = ["s"]
[[watch_for]]
level = "emergency"
sign = "pain"
sources = ["s"]
"#;

fn finding_text() -> impl Strategy<Value = String> {
    let limit = || {
        (
            select(vec!["temperature", "systolic", "blood-sugar", "days"]),
            0_u8..3,
            81_u16..114,
        )
    };
    let when = prop_oneof![3 => Just(None), 1 => limit().prop_map(Some)];
    (any::<bool>(), when, group_text()).prop_map(|(is_asked, when, group)| {
        let mut text = "statement = \"s\"\nwhy = \"w\"\nsources = [\"s\"]\n".to_owned();
        if is_asked || when.is_none() {
            text.push_str("ask = \"a?\"\n");
        }
        if let Some((measure, kind, number)) = when {
            let bounds = match kind {
                0 => format!("at_least = {number}"),
                1 => format!("under = {number}"),
                _ => format!("at_least = {number}, under = {}", number + 5),
            };
            text.push_str(&format!(
                "when = [{{ measure = \"{measure}\", {bounds} }}]\n"
            ));
        }
        text.push_str(&group);
        text
    })
}

/// A group that somebody can be in: nobody under ten is pregnant.
fn group_text() -> impl Strategy<Value = String> {
    let ages = (0_u16..1200, 1_u16..1200, 0_u8..4);
    let others = prop::collection::vec(any::<bool>(), Condition::ALL.len());
    let group = (ages, others).prop_map(|((least, more, kind), others)| {
        let mut parts = Vec::new();
        if kind & 1 == 1 && least > 0 {
            parts.push(format!("age_at_least_months = {least}"));
        }
        let under = if kind & 1 == 1 { least + more } else { more };
        if kind & 2 == 2 {
            parts.push(format!("age_under_months = {}", under.min(1560)));
        }
        for ((key, condition), holds) in Condition::ALL.iter().zip(others) {
            let pregnancy = matches!(
                condition,
                Condition::Pregnant | Condition::PregnantOrPostpartum
            );
            if holds && (!pregnancy || (kind & 1 == 1 && least >= YOUNGEST_PREGNANT)) {
                parts.push(format!("{key} = true"));
            }
        }
        format!("applies_to = {{ {} }}\n", parts.join(", "))
    });
    prop_oneof![2 => Just(String::new()), 1 => group]
}

fn id<T>(text: &str) -> Id<T> {
    text.parse().expect("an id")
}

fn measures() -> &'static Measures {
    &site().measures
}

fn site() -> &'static Site {
    static SITE: OnceLock<Site> = OnceLock::new();
    SITE.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let tree = read_tree(root).expect("the content folder can be read");
        let (site, _) = load(&tree, &Pictures::new(), &[], date(2026, 11, 25), None);
        site.expect("there is a clinic")
    })
}
