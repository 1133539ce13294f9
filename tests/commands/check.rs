//! `check` prints every fault and one line of summary, and its exit status says
//! whether there is something to mend.

use std::fs;

use serde_json::Value;
use signpost::diagnostic::{Code, Edition, Severity};

use crate::folder::{Folder, REFERENCE, repository};
use crate::program::{run, signpost};

const TODAY: [&str; 2] = ["--today", "2026-11-25"];

/// How many files of a kind a folder of the repository holds.
fn files(folder: &str, extension: &str) -> usize {
    let entries = fs::read_dir(repository().join(folder)).expect("the folder can be read");
    let names = entries.map(|entry| entry.expect("an entry").file_name());
    names
        .filter(|name| name.to_string_lossy().ends_with(extension))
        .count()
}

fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

#[test]
fn our_own_content_has_nothing_to_mend() {
    let ended = run(signpost(repository(), &["check", TODAY[0], TODAY[1]]));
    assert_eq!(ended.status, Some(0), "{}", ended.out);
    assert_eq!(ended.err, "");
    let services = fs::read_to_string(repository().join("clinic/services.toml"))
        .expect("there are services")
        .matches("[[service]]")
        .count();
    let warnings = ended.out.lines().filter(|line| line.contains(": warning["));
    let expected = format!(
        "check: {}, {}, {}: 0 errors, {}",
        counted(files("articles", ".md"), "article"),
        counted(files("clinic/protocols", ".toml"), "protocol"),
        counted(services, "service"),
        counted(warnings.count(), "warning"),
    );
    assert_eq!(ended.out.lines().last(), Some(expected.as_str()));
    assert!(!ended.out.contains(": error["), "{}", ended.out);
}

/// The lines that `check` prints for a folder, and its exit status.
fn check(folder: &Folder) -> (Option<i32>, Vec<String>) {
    let root = folder.root().to_str().expect("the path is text");
    let arguments = ["check", TODAY[0], TODAY[1], "--content", root];
    let ended = run(signpost(repository(), &arguments));
    assert_eq!(ended.err, "");
    (ended.status, ended.out.lines().map(str::to_owned).collect())
}

/// Fails unless exactly one line begins with each place and holds the part beside it.
fn expect_once(lines: &[String], expected: &[(&str, &str)]) {
    for (place, part) in expected {
        let found = lines
            .iter()
            .filter(|line| line.starts_with(place) && line.contains(part));
        assert_eq!(found.count(), 1, "{place} {part}\n{}", lines.join("\n"));
    }
}

#[test]
fn every_fault_of_every_file_is_told_in_one_run() {
    let folder = Folder::copied();
    let article = format!("articles/{REFERENCE}.md");
    folder.edit(
        &article,
        "reviewer: sample-reviewer",
        "reviewer: sample-reviewr",
    );
    folder.edit(&article, "[@burlington-pop]", "[@burlington-pip]");
    folder.edit(
        "articles/sore-throat-strep.md",
        "topic: cold-flu-and-throat",
        "topic: cold",
    );
    folder.edit(
        "clinic/copays.toml",
        "self_pay_cents = 10000",
        "self_pay_cents = 10000.5",
    );
    let (status, lines) = check(&folder);
    assert_eq!(status, Some(1));
    let article = format!("{article}:");
    expect_once(
        &lines,
        &[
            (&article, "9:11: error[person-unknown]: `sample-reviewr` "),
            ("  help: ", "did you mean `sample-reviewer`?"),
            (&article, "error[citation-unknown]: `[@burlington-pip]` "),
            ("  help: ", "did you mean `burlington-pop`?"),
            (&article, "error[source-uncited]: "),
            (
                "articles/sore-throat-strep.md:4:8: ",
                "error[id-unknown]: `cold` ",
            ),
            ("clinic/copays.toml:7:18: ", "error[value-wrong]: "),
        ],
    );
    let errors = lines
        .iter()
        .filter(|line| line.contains(": error["))
        .count();
    let last = lines.last().map_or("", String::as_str);
    assert!(
        last.contains(&format!(": {}, ", counted(errors, "error"))),
        "{last}"
    );
}

#[test]
fn a_fault_of_the_front_matter_hides_no_dead_link_in_the_text() {
    let folder = Folder::copied();
    let article = format!("articles/{REFERENCE}.md");
    folder.edit(
        &article,
        "reviewer: sample-reviewer",
        "reviewer: sample-reviewr",
    );
    folder.edit(&article, "(sciatica.md)", "(scatica.md)");
    let (status, lines) = check(&folder);
    assert_eq!(status, Some(1));
    let article = format!("{article}:");
    expect_once(
        &lines,
        &[
            (&article, "error[person-unknown]: "),
            (&article, "error[link-unknown]: "),
            ("  help: ", "did you mean `sciatica`?"),
        ],
    );
}

#[test]
fn a_fee_that_can_not_be_read_is_told_once() {
    let folder = Folder::copied();
    folder.edit(
        "clinic/copays.toml",
        "self_pay_cents = 10000",
        "self_pay_cents = 10000.5",
    );
    let (status, lines) = check(&folder);
    assert_eq!(status, Some(1));
    let errors: Vec<&String> = lines
        .iter()
        .filter(|line| line.contains(": error["))
        .collect();
    assert!(
        matches!(errors.as_slice(), [only] if only.starts_with("clinic/copays.toml:7:18: error[value-wrong]")),
        "{errors:#?}"
    );
}

#[test]
fn a_broken_protocol_is_no_fault_of_the_words_that_name_its_findings() {
    let folder = Folder::copied();
    let words = "\
[[emergency]]
finding = \"both-legs\"
complaint = \"lower-back-pain\"
all = [[\"legs\"]]
";
    folder.write("clinic/emergency-words.toml", words);
    assert_eq!(check(&folder).0, Some(0), "sound until it is broken");
    folder.edit(
        "clinic/protocols/lower-back-pain.toml",
        "id = \"both-legs\"\nlevel = \"emergency\"",
        "id = \"both-legs\"\nlevel = \"emergancy\"",
    );
    let (status, lines) = check(&folder);
    assert_eq!(status, Some(1));
    let told = |file: &str| lines.iter().filter(|line| line.starts_with(file)).count();
    assert_eq!(told("clinic/protocols/lower-back-pain.toml:"), 1);
    assert_eq!(told("clinic/emergency-words.toml:"), 0, "{lines:#?}");
}

#[test]
fn faults_stand_in_the_order_of_files_and_lines() {
    let folder = Folder::copied();
    for file in ["sciatica", "sore-throat-strep", REFERENCE] {
        folder.edit(&format!("articles/{file}.md"), "title: ", "titel: ");
        folder.edit(&format!("articles/{file}.md"), "conflicts: ", "conflict: ");
    }
    let ended = run(signpost(folder.root(), &["check", TODAY[0], TODAY[1]]));
    let places: Vec<(&str, usize)> = ended
        .out
        .lines()
        .filter(|line| line.contains(": error["))
        .filter_map(|line| {
            let (path, rest) = line.split_once(':')?;
            Some((path, rest.split(':').next()?.parse().ok()?))
        })
        .collect();
    assert!(places.len() >= 6, "{}", ended.out);
    assert!(places.is_sorted(), "{places:?}");
}

#[test]
fn content_without_a_clinic_can_not_be_built_and_says_why() {
    let folder = Folder::copied();
    folder.remove("clinic/clinic.toml");
    let ended = run(signpost(folder.root(), &["check", TODAY[0], TODAY[1]]));
    assert_eq!(ended.status, Some(1));
    assert!(
        ended
            .out
            .starts_with("clinic/clinic.toml:1:1: error[file-missing]: "),
        "{}",
        ended.out
    );
    let last = ended.out.lines().last().unwrap_or_default();
    assert!(
        last.starts_with("check: nothing could be built: "),
        "{last}"
    );
}

#[test]
fn a_folder_that_is_not_there_is_told_in_one_line() {
    let ended = run(signpost(
        repository(),
        &["check", "--content", "/there/is/no/such/folder"],
    ));
    assert_eq!(ended.status, Some(2));
    assert_eq!(ended.out, "");
    assert_eq!(
        ended.err,
        "signpost: the content folder `/there/is/no/such/folder` can't be read: \
         No such file or directory (os error 2)\n"
    );
}

#[test]
fn arguments_that_mean_nothing_are_refused() {
    for arguments in [
        ["check", "--chek"].as_slice(),
        &["chek"],
        &["check", "--today", "2026-02-30"],
        &["check", "--today", "tomorrow"],
        &["serve", "--addr", "nowhere"],
        &["serve", "--workers", "many"],
    ] {
        let ended = run(signpost(repository(), arguments));
        assert_eq!(ended.status, Some(2), "{arguments:?}");
        assert_eq!(ended.out, "", "{arguments:?}");
        assert!(ended.err.starts_with("error: "), "{}", ended.err);
    }
}

#[test]
fn help_and_version_are_on_standard_output() {
    for (arguments, part) in [
        (["--help"].as_slice(), "SIGNPOST_ADDR"),
        (&["check", "--help"], "SIGNPOST_CONTENT"),
        (&["--version"], "signpost "),
    ] {
        let ended = run(signpost(repository(), arguments));
        assert_eq!(ended.status, Some(0), "{arguments:?}");
        assert!(ended.out.contains(part), "{}", ended.out);
        assert_eq!(ended.err, "");
    }
}

#[test]
fn a_day_and_a_folder_can_come_from_the_environment() {
    let folder = Folder::copied();
    let mut command = signpost(repository(), &["check"]);
    command
        .env("SIGNPOST_CONTENT", folder.root())
        .env("SIGNPOST_TODAY", "2027-11-03");
    folder.remove("articles/sciatica.md");
    let ended = run(command);
    assert_eq!(ended.status, Some(1), "a link leads nowhere: {}", ended.out);
    let overdue = format!("articles/{REFERENCE}.md:1:1: warning[review-overdue]");
    let told = ended.out.contains(&overdue) || ended.out.contains("error[link-unknown]");
    assert!(told, "{}", ended.out);
    let throat = "articles/sore-throat-strep.md";
    assert!(
        !ended
            .out
            .contains(&format!("{throat}:1:1: warning[review-overdue]"))
    );
}

/// A folder with one error and one warning of its own.
fn with_faults() -> Folder {
    let folder = Folder::copied();
    folder.edit(
        &format!("articles/{REFERENCE}.md"),
        "reviewer: sample-reviewer",
        "reviewer: sample-reviewr",
    );
    folder
}

/// What `check` prints with more arguments, and its exit status.
fn check_with(folder: &Folder, more: &[&str]) -> (Option<i32>, String) {
    let arguments = [&["check", TODAY[0], TODAY[1]], more].concat();
    let ended = run(signpost(folder.root(), &arguments));
    assert_eq!(ended.err, "", "{arguments:?}");
    (ended.status, ended.out)
}

#[test]
fn every_form_tells_the_same_faults() {
    let folder = with_faults();
    let (status, text) = check_with(&folder, &[]);
    assert_eq!(status, Some(1));
    let faults = text.lines().filter(|line| {
        let is_fault = |word: &str| line.contains(&format!(": {word}["));
        is_fault("error") || is_fault("warning")
    });
    let told: Vec<String> = faults.map(str::to_owned).collect();
    assert!(told.len() > 3, "{text}");

    let (status, json) = check_with(&folder, &["--format", "json"]);
    assert_eq!(status, Some(1));
    let json: Value = serde_json::from_str(&json).expect("it is JSON");
    let from_json: Vec<String> = list(&json["diagnostics"])
        .iter()
        .map(|found| {
            let word = |key: &str| found[key].as_str().expect("a text").to_owned();
            format!(
                "{}:{}:{}: {}[{}]: {}",
                word("path"),
                found["line"],
                found["column"],
                word("severity"),
                word("code"),
                word("message")
            )
        })
        .collect();
    assert_eq!(from_json, told);
    let weights = ["errors", "warnings"].map(|key| json["summary"][key].as_u64());
    let errors = told.iter().filter(|line| line.contains(": error[")).count() as u64;
    assert_eq!(weights, [Some(errors), Some(told.len() as u64 - errors)]);
    assert_eq!(json["summary"]["read"]["article"].as_u64(), Some(2));

    let (status, github) = check_with(&folder, &["--format", "github"]);
    assert_eq!(status, Some(1));
    let commands: Vec<&str> = github
        .lines()
        .filter(|line| line.starts_with("::"))
        .collect();
    assert_eq!(commands.len(), told.len());
    let reviewer = format!("::error file=articles/{REFERENCE}.md,line=");
    let expected = commands
        .iter()
        .find(|command| command.starts_with(&reviewer));
    let expected = expected.expect("the reviewer is told");
    assert!(expected.contains(",title=person-unknown::"), "{expected}");
    assert!(
        expected.contains("%0Ahelp: did you mean `sample-reviewer`?"),
        "{expected}"
    );

    let (status, sarif) = check_with(&folder, &["--format", "sarif"]);
    assert_eq!(status, Some(1));
    let sarif: Value = serde_json::from_str(&sarif).expect("it is JSON");
    let results = list(&sarif["runs"][0]["results"]);
    assert_eq!(results.len(), told.len());
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

#[test]
fn sarif_is_what_the_standard_says_and_every_code_is_a_rule_with_its_help() {
    let schema = include_str!("schemas/sarif-2.1.0.json");
    // One pattern, of a key that we do not write, is no regular expression: a bracket of it opens nowhere.
    let schema = schema.replace("-[a-zA-Z]{2}]?$", "-[a-zA-Z]{2}$");
    let schema: Value = serde_json::from_str(&schema).expect("it is JSON");
    let validator = jsonschema::validator_for(&schema).expect("it is a schema");
    for folder in [with_faults(), Folder::copied()] {
        let (_, sarif) = check_with(&folder, &["--format", "sarif"]);
        let sarif: Value = serde_json::from_str(&sarif).expect("it is JSON");
        let faults: Vec<String> = validator
            .iter_errors(&sarif)
            .map(|fault| format!("{}: {fault}", fault.instance_path()))
            .collect();
        assert!(faults.is_empty(), "{}", faults.join("\n"));
        let rules = list(&sarif["runs"][0]["tool"]["driver"]["rules"]);
        for (rule, code) in rules.iter().zip(Code::ALL) {
            assert_eq!(rule["id"].as_str(), Some(code.name()));
            assert!(rule["help"]["markdown"].is_string(), "{}", code.name());
        }
        for result in list(&sarif["runs"][0]["results"]) {
            let index = result["ruleIndex"].as_u64().expect("a number");
            assert_eq!(rules[index as usize]["id"], result["ruleId"]);
        }
    }
    let refused = serde_json::json!({ "version": "2.1.0", "runs": [{}] });
    assert!(
        !validator.is_valid(&refused),
        "the schema refuses something"
    );
}

/// What keeps our own samples from going public: code, and where it is told first.
const NOT_FOR_PATIENTS: [(Code, &str); 6] = [
    (Code::SamplePerson, "clinic/people.toml:2:6"),
    (Code::SampleContent, "clinic/clinic.toml:10:18"),
    (Code::KeyDevelopment, "clinic/booking.toml:"),
    (Code::PhonePlaceholder, "clinic/clinic.toml:4:16"),
    (Code::AddressPlaceholder, "clinic/clinic.toml:6:10"),
    (Code::NoticeMissing, "clinic/pages/nondiscrimination.md:1:1"),
];

#[test]
fn what_patients_must_not_meet_is_an_error_in_production_and_a_warning_before() {
    let folder = Folder::copied();
    let (before, preview) = check_with(&folder, &[]);
    let (after, production) = check_with(&folder, &["--production"]);
    assert_eq!((before, after), (Some(0), Some(1)));
    for (code, place) in NOT_FOR_PATIENTS {
        for (printed, severity) in [(&preview, "warning"), (&production, "error")] {
            let part = format!(": {severity}[{}]: ", code.name());
            let told = printed
                .lines()
                .any(|line| line.starts_with(place) && line.contains(&part));
            assert!(told, "{place} {part}\n{printed}");
        }
    }
    let bare = |printed: &str| {
        let told = printed.lines().filter(|line| !line.starts_with("check: "));
        told.map(|line| line.replace(": error[", ": warning["))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        bare(&preview),
        bare(&production),
        "the same faults otherwise"
    );
}

#[test]
fn each_code_weighs_the_same_for_patients_or_more() {
    let mut heavier = Vec::new();
    for code in Code::ALL {
        let (now, public) = (
            code.severity_in(Edition::Preview),
            code.severity_in(Edition::Production),
        );
        assert_eq!(now, code.severity());
        match (now, public) {
            (Severity::Warning, Severity::Error) => heavier.push(code.name()),
            (now, public) => assert_eq!(now, public, "{}", code.name()),
        }
    }
    heavier.sort_unstable();
    let expected = [
        "address-placeholder",
        "key-development",
        "notice-missing",
        "phone-placeholder",
        "review-lapsed",
        "sample-content",
        "sample-person",
        "text-placeholder",
    ];
    assert_eq!(heavier, expected);
}

#[test]
fn a_clinic_that_is_ready_passes_the_check_for_production() {
    let folder = Folder::copied();
    let clinic = "clinic/clinic.toml";
    for file in [
        clinic,
        "clinic/pages/accessibility.md",
        "clinic/pages/editorial-process.md",
        "clinic/pages/privacy.md",
    ] {
        let text = folder.read(file);
        folder.write(file, &text.replace("555-0100", "555-4567"));
    }
    folder.edit(
        "clinic/pages/accessibility.md",
        "access@clinic.example",
        "access@your-clinic.org",
    );
    folder.edit(
        clinic,
        "https://clinic.example",
        "https://www.your-clinic.org",
    );
    folder.edit(clinic, "sample_content = true", "sample_content = false");
    folder.remove("clinic/booking.toml");
    let people = folder.read("clinic/people.toml");
    folder.write(
        "clinic/people.toml",
        &people.replace("sample = true", "sample = false"),
    );
    let notice = "---\ntitle: \"A notice\"\ndescription: \"What we promise.\"\nupdated_on: 2026-11-01\n---\n\n## Whom we treat\n\nEverybody.\n";
    folder.write("clinic/pages/nondiscrimination.md", notice);
    folder.write("clinic/pages/notice-of-privacy-practices.md", notice);
    let (status, printed) = check_with(&folder, &["--production"]);
    assert_eq!(status, Some(0), "{printed}");
}
