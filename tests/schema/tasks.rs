//! The problem matcher and the tasks of VS Code: the pattern of the file over every line that
//! `check` prints for the broken sites, and the command lines before the program's own parser.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Parser;
use regex::Regex;
use serde_json::Value;
use signpost::diagnostic::{Code, Diagnostic};
use signpost::rebuild::{Calendar, RebuildError, build_from};

const TODAY: jiff::civil::Date = jiff::civil::date(2026, 11, 25);

fn settings(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join(".vscode")
        .join(name);
    let text = fs::read_to_string(path).expect("the file is there");
    serde_json::from_str(&text).expect("it is JSON without comments")
}

fn task(label: &str) -> Value {
    let tasks = settings("tasks.json");
    let tasks = tasks["tasks"].as_array().cloned().unwrap_or_default();
    let found = tasks.into_iter().find(|task| task["label"] == label);
    found.unwrap_or_else(|| panic!("there is no task `{label}`"))
}

fn pattern(label: &str) -> Value {
    task(label)["problemMatcher"]["pattern"].clone()
}

/// Every fault of every broken site that stands alone, as the real load tells it.
fn broken_sites() -> Vec<Diagnostic> {
    let content = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/content");
    let mut found = Vec::new();
    for site in folders(&content.join("broken")) {
        match build_from(&site, Calendar::Fixed(TODAY), None) {
            Ok((_, faults)) | Err(RebuildError::Content(faults)) => found.extend(faults),
            Err(error) => panic!("{}: {error}", site.display()),
        }
    }
    found
}

fn folders(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder can be read");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths.filter(|path| path.is_dir()).collect()
}

#[test]
fn the_problem_matcher_finds_every_part_of_every_diagnostic() {
    let pattern = pattern("check");
    let regexp = pattern["regexp"].as_str().expect("the pattern has a text");
    let regexp = Regex::new(regexp).expect("it is a regular expression");
    let faults = broken_sites();
    assert!(faults.len() > 100, "only {} faults", faults.len());
    for fault in faults {
        let printed = fault.to_string();
        let line = printed.lines().next().expect("a diagnostic has a line");
        let parts = regexp
            .captures(line)
            .unwrap_or_else(|| panic!("not matched: {line}"));
        let part = |name: &str| {
            let at = pattern[name]
                .as_u64()
                .and_then(|at| usize::try_from(at).ok());
            let found = at.and_then(|at| parts.get(at));
            found.map_or("", |found| found.as_str()).to_owned()
        };
        assert_eq!(part("file"), &*fault.place.path);
        assert_eq!(part("line"), fault.place.line.to_string());
        assert_eq!(part("column"), fault.place.column.to_string());
        assert_eq!(part("severity"), fault.severity().to_string());
        assert_eq!(part("code"), fault.code.name());
        assert_eq!(part("message"), fault.message);
    }
}

#[test]
fn every_problem_that_the_task_prints_is_matched() {
    let regexp = pattern("check")["regexp"].as_str().map(Regex::new);
    let regexp = regexp
        .expect("the pattern has a text")
        .expect("it is a regular expression");
    let summary = Regex::new("([0-9]+) errors?, ([0-9]+) warnings?$").expect("it is sound");
    for site in ["key-unknown--clinic", "id-unknown--near", "price-stale"] {
        let out = printed_by_the_task(&format!("tests/content/broken/{site}"));
        let matched = out.lines().filter(|line| regexp.is_match(line)).count();
        let last = out.lines().last().unwrap_or_default();
        let counts = summary
            .captures(last)
            .unwrap_or_else(|| panic!("no summary: {out}"));
        let count = |at: usize| counts[at].parse::<usize>().expect("it is a number");
        assert!(matched > 0, "{out}");
        assert_eq!(matched, count(1) + count(2), "{out}");
    }
}

/// What the program prints when it is run as the task says, over other content.
fn printed_by_the_task(content: &str) -> String {
    let arguments = task("check")["args"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let mut program = Command::new(env!("CARGO_BIN_EXE_signpost"));
    program.current_dir(env!("CARGO_MANIFEST_DIR"));
    program.args(arguments.iter().filter_map(Value::as_str));
    program.args(["--content", content, "--today", "2026-11-25"]);
    let ended = program.output().expect("the program can be started");
    String::from_utf8(ended.stdout).expect("it prints text")
}

#[test]
fn the_problem_matcher_knows_every_code_and_passes_over_help_and_summary() {
    let regexp = pattern("check")["regexp"].as_str().map(Regex::new);
    let regexp = regexp
        .expect("the pattern has a text")
        .expect("it is a regular expression");
    for code in Code::ALL {
        let line = format!(
            "clinic/a b.toml:7:12: {}[{}]: `x: 3` is wrong",
            code.severity(),
            code.name()
        );
        assert!(regexp.is_match(&line), "{line}");
    }
    for line in [
        "  help: write `x: 3`",
        "check: 18 articles, 58 protocols, 8 services: 0 errors, 4 warnings",
        "",
    ] {
        assert!(!regexp.is_match(line), "{line}");
    }
}

#[test]
fn both_tasks_match_problems_alike_and_from_the_same_folder() {
    assert_eq!(pattern("check"), pattern("preview"));
    for label in ["check", "preview"] {
        let matcher = &task(label)["problemMatcher"];
        assert_eq!(
            matcher["fileLocation"],
            serde_json::json!(["relative", "${workspaceFolder}"])
        );
    }
}

#[test]
fn the_check_task_is_a_command_that_the_program_has() {
    let task = task("check");
    let arguments = task["args"].as_array().cloned().unwrap_or_default();
    let arguments = arguments.iter().filter_map(Value::as_str);
    let typed = ["signpost"].into_iter().chain(arguments);
    let parsed = signpost::cli::Cli::try_parse_from(typed);
    assert!(parsed.is_ok(), "{:?}", parsed.err());
    assert_eq!(task["command"], "signpost");
}

#[test]
fn the_other_files_for_vs_code_can_be_read() {
    let wanted = settings("extensions.json")["recommendations"].clone();
    assert!(
        wanted.as_array().is_some_and(|list| list.len() >= 2),
        "{wanted}"
    );
    assert_eq!(
        settings("settings.json")["evenBetterToml.taplo.configFile.path"],
        ".taplo.toml"
    );
}
