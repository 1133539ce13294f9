//! Every vignette of `tests/vignettes/` before its protocol, as assessed and as asked by the
//! form. A protocol without vignettes proves nothing, so it fails here.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "reads the content of the repository, and stops at once when it is not there"
)]

use std::path::Path;
use std::sync::OnceLock;

use jiff::civil::date;
use signpost::content::markdown::Pictures;
use signpost::disk::{read_tree, read_vignettes};
use signpost::site::{Site, load};
use signpost::triage::{
    Case, LEAST_LED_PERCENT, TriageLevel, Trial, Vignette, WordsEnd, parse_vignettes, try_vignettes,
};

/// Fewest vignettes of a complaint.
const FEWEST: usize = 6;

/// The protocols and their vignettes, in the order of the complaints, with every fault of their files.
struct Shipped {
    site: Site,
    vignettes: Vec<Vec<Vignette>>,
    faults: Vec<String>,
}

#[test]
fn every_protocol_and_every_vignette_is_read_without_a_fault() {
    expect_none(shipped().faults.iter().cloned());
}

#[test]
fn every_vignette_reaches_its_expected_level() {
    let wrong = |case: &Case<'_>| (case.given != case.vignette.expected).then(|| told(case));
    expect_none(cases().filter_map(|(_, case)| wrong(case)));
}

#[test]
fn no_vignette_is_under_triaged() {
    let under: usize = trials().iter().map(|trial| trial.confusion().under()).sum();
    assert_eq!(under, 0, "vignettes got less than their source supports");
}

#[test]
fn the_form_gives_every_vignette_the_same_level() {
    let other = |case: &Case<'_>| {
        let line = || format!("{}, by the form {:?}", told(case), case.form);
        (!case.form_agrees()).then(line)
    };
    expect_none(cases().filter_map(|(_, case)| other(case)));
}

#[test]
fn every_finding_and_every_duration_rule_is_reached() {
    let mut faults = Vec::new();
    for trial in trials() {
        let complaint = &trial.protocol.complaint;
        let findings = trial.unreached_findings.iter();
        faults.extend(findings.map(|id| format!("{complaint}: the finding `{id}`")));
        for rule in &trial.unreached_durations {
            let days = rule.longer_than_days;
            faults.push(format!("{complaint}: the rule for more than {days} days"));
        }
        for level in &trial.unreached_levels {
            faults.push(format!("{complaint}: the level {}", level.id()));
        }
    }
    expect_none(faults.into_iter());
}

#[test]
fn every_complaint_has_at_least_six_vignettes_and_one_in_a_patients_own_words() {
    let mut faults = Vec::new();
    for trial in trials() {
        let complaint = &trial.protocol.complaint;
        let count = trial.cases.len();
        if count < FEWEST {
            faults.push(format!("{complaint}: {count} vignettes, expected {FEWEST}"));
        }
        if !trial.cases.iter().any(|case| case.words.is_some()) {
            faults.push(format!("{complaint}: none in a patient's own words"));
        }
    }
    expect_none(faults.into_iter());
}

#[test]
fn a_patients_own_words_lead_to_the_complaint() {
    let worded: Vec<_> = cases().filter(|(_, case)| case.words.is_some()).collect();
    let astray = worded.iter().filter(|(_, case)| !case.is_led());
    let mut lost = Vec::new();
    let mut misses = 0;
    for (complaint, case) in astray {
        misses += 1;
        let words = case.vignette.words.as_deref().unwrap_or_default();
        println!("{}: not to `{complaint}`: {words}", case.vignette.place);
        if case.vignette.expected == TriageLevel::Emergency {
            lost.push(format!("{}: {words}", case.vignette.place));
        }
    }
    let calls = worded
        .iter()
        .filter(|(_, case)| case.words == Some(WordsEnd::CallOnly));
    let (all, calls) = (worded.len(), calls.count());
    println!("{all} in own words: {misses} lead elsewhere, {calls} only to the advice to call");
    expect_none(lost.into_iter());
    assert!(
        (all - misses) * 100 >= all * LEAST_LED_PERCENT,
        "{misses} of {all} lead elsewhere, at least {LEAST_LED_PERCENT} % must lead to the complaint"
    );
}

#[test]
fn words_of_an_emergency_lead_to_the_advice_to_call() {
    let calls = [
        "throwing up blood",
        "my son swallowed a battery",
        "kid drank drano",
        "baby 2 weeks old feels hot",
        "husband talking funny and cant lift arm",
        "mom is confused all of a sudden",
        "grandpa hit head, blood thinners",
        "everyone would be better off without me",
        "daughter keeps cutting herself",
        "ball pain sudden",
        "lost vision in one eye",
        "baby isnt moving in my belly",
        "stung by bee and cant swallow",
        "fever 105",
        "not breathing",
        "baby turning blue",
        "floppy baby",
        "overdose",
        "worst headache of my life",
        "thunderclap headache",
        "sore throat and drooling",
        "tearing pain in chest and back",
        "hives and throat feels tight",
        "trouble talking",
        "i dont want to live anymore",
        "i want to hurt my baby",
        "cant breath",
        "stiff neck and feaver",
        "asthma attack inhaler not helping",
    ];
    let missed = calls.into_iter().filter(|words| !leads_to_a_call(words));
    expect_none(missed.map(|words| format!("no call: {words}")));
}

#[test]
fn words_of_no_emergency_do_not_frighten() {
    let calm = [
        "stuffy nose cant breathe at night",
        "period wont stop bleeding",
        "nose bleed wont stop",
        "sun stroke",
        "this cough is killing me",
        "im dying for some sleep",
        "my back is killing me",
        "cut my finger bad",
        "baby teething and crying",
        "cant lift my right arm since tennis",
        "pulled my back lifting",
        "i cut myself shaving",
        "sore throat and runny nose",
        "blood pressure 142/88",
    ];
    let frightened = calm.into_iter().filter(|words| leads_to_a_call(words));
    expect_none(frightened.map(|words| format!("a call: {words}")));
}

fn leads_to_a_call(words: &str) -> bool {
    !shipped().site.entrance.find(words).hotlines.is_empty()
}

fn shipped() -> &'static Shipped {
    static SHIPPED: OnceLock<Shipped> = OnceLock::new();
    SHIPPED.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let tree = read_tree(root).expect("the content folder can be read");
        let (site, faults) = load(&tree, &Pictures::new(), &[], date(2026, 11, 25), None);
        let site = site.expect("there is a clinic");
        let of_triage = |path: &str| path.starts_with("clinic/protocols/");
        let mut faults: Vec<String> = faults
            .iter()
            .filter(|fault| of_triage(&fault.place.path))
            .map(ToString::to_string)
            .collect();
        let (files, unreadable) = read_vignettes(root).expect("there are vignettes");
        faults.extend(unreadable.iter().map(ToString::to_string));
        let mut vignettes = Vec::new();
        for (complaint, protocol) in site.protocols.iter() {
            let own = files.iter().find(|file| file.stem() == complaint.as_str());
            let Some(file) = own else {
                // Told by the test that counts them.
                vignettes.push(Vec::new());
                continue;
            };
            let (read, told) = parse_vignettes(file, protocol, &site.measures);
            faults.extend(told.iter().map(ToString::to_string));
            vignettes.push(read);
        }
        for file in &files {
            if !site.protocols.keys().any(|id| id.as_str() == file.stem()) {
                faults.push(format!("{}: there is no such protocol", file.path()));
            }
        }
        Shipped {
            site,
            vignettes,
            faults,
        }
    })
}

fn trials() -> &'static [Trial<'static>] {
    static TRIALS: OnceLock<Vec<Trial<'static>>> = OnceLock::new();
    TRIALS.get_or_init(|| {
        let Shipped {
            site, vignettes, ..
        } = shipped();
        let pairs = site.protocols.values().zip(vignettes);
        pairs
            .map(|(protocol, own)| try_vignettes(protocol, own, &site.measures, &site.entrance))
            .collect()
    })
}

/// Every vignette that was tried, with its complaint.
fn cases() -> impl Iterator<Item = (&'static str, &'static Case<'static>)> {
    trials().iter().flat_map(|trial| {
        let complaint = trial.protocol.complaint.as_str();
        trial.cases.iter().map(move |case| (complaint, case))
    })
}

fn told(case: &Case<'_>) -> String {
    let Vignette {
        place,
        name,
        expected,
        ..
    } = case.vignette;
    let (expected, given) = (expected.id(), case.given.id());
    format!("{place}: {name}: expected {expected}, given {given}")
}

/// Fails with all faults.
fn expect_none(faults: impl Iterator<Item = String>) {
    let faults: Vec<String> = faults.collect();
    if !faults.is_empty() {
        panic!("faults: {}\n  {}", faults.len(), faults.join("\n  "));
    }
}
