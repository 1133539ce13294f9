//! `SECURITY.md` says what protects from what and which test proves it. A table that
//! names a test which is not there proves nothing, and neither does a rule that no test
//! looks after, so both are looked at here, in the sources themselves.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    reason = "reads the sources themselves, which are there when a test runs"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file with one of these endings below a folder, with its text, by path.
fn files(folder: &str, endings: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("the folder can be read") {
            let path = entry.expect("the entry can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if endings
                .iter()
                .any(|ending| path.to_string_lossy().ends_with(ending))
            {
                found.push((name(&path), text(&path)));
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "{folder} holds nothing");
    found
}

fn name(path: &Path) -> String {
    let inside = path.strip_prefix(root()).expect("it is below the root");
    inside.to_string_lossy().into_owned()
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn read(path: &str) -> String {
    text(&PathBuf::from(root()).join(path))
}

/// The rows of the table: threat, defence, and the names of tests.
fn threats() -> Vec<(String, String, Vec<String>)> {
    let page = read("SECURITY.md");
    let table = page
        .lines()
        .skip_while(|line| !line.starts_with("| threat |"));
    let rows = table.skip(2).take_while(|line| line.starts_with('|'));
    rows.map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let [threat, defence, tests] = cells.as_slice() else {
            panic!("three cells are in {row}");
        };
        let names = tests.split('`').skip(1).step_by(2).map(str::to_owned);
        ((*threat).to_owned(), (*defence).to_owned(), names.collect())
    })
    .collect()
}

/// The names of all tests, in Rust and in the browser's language.
fn tests() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (_, text) in files("tests", &[".rs"])
        .into_iter()
        .chain(files("src", &[".rs"]))
    {
        let mut is_test = text.contains("proptest! {");
        for line in text.lines().map(str::trim) {
            is_test |= line.starts_with("#[test]")
                || line.starts_with("#[tokio::test")
                || line == "#[actix_web::test]";
            let function = line
                .strip_prefix("async fn ")
                .or_else(|| line.strip_prefix("fn "));
            if let Some(function) = function.filter(|_| is_test) {
                names.extend(function.split('(').next().map(str::to_owned));
                is_test = text.contains("proptest! {");
            }
        }
    }
    for (_, text) in files("tests/browser", &[".mjs"]) {
        for quote in ['\'', '"', '`'] {
            let begun = text
                .split(&format!("test({quote}"))
                .skip(1)
                .map(str::to_owned)
                .collect::<Vec<_>>();
            names.extend(
                begun
                    .iter()
                    .filter_map(|rest| rest.split(quote).next())
                    .map(str::to_owned),
            );
        }
    }
    names
}

#[test]
fn every_test_that_the_security_page_names_is_there() {
    let tests = tests();
    assert!(tests.len() > 500, "{} tests were found", tests.len());
    let rows = threats();
    assert!(rows.len() > 30, "{} threats were found", rows.len());
    let mut faults = Vec::new();
    for (threat, defence, names) in &rows {
        if defence.is_empty() || names.is_empty() {
            faults.push(format!("{threat}: it has no defence or no test"));
        }
        let missing = names.iter().filter(|name| !tests.contains(*name));
        faults.extend(missing.map(|name| format!("{threat}: there is no test `{name}`")));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn no_template_marks_a_text_as_safe() {
    for (path, text) in files("templates", &[".html", ".svg", ".xml"]) {
        for (number, line) in text.lines().enumerate() {
            let code: String = line.chars().filter(|sign| !sign.is_whitespace()).collect();
            for mark in ["|safe", "|escape(\"none\"", "|e(\"none\""] {
                assert!(!code.contains(mark), "{path}:{}: {line}", number + 1);
            }
        }
    }
    // Files that authors go on writing are no pages.
    for (path, text) in files("src", &[".rs"]) {
        for attribute in text.split("#[template(").skip(1) {
            let attribute = attribute.split(")]").next().unwrap_or_default();
            let is_page = [".html", ".svg", ".xml"]
                .iter()
                .any(|ending| attribute.contains(ending));
            let escapes = !attribute.contains("escape =");
            assert!(escapes || !is_page, "{path}: {attribute}");
        }
    }
}

/// Files below `src/` that use one of these words as code, without comments.
fn users(words: &[&str]) -> BTreeSet<String> {
    let files = files("src", &[".rs"]).into_iter();
    let uses = |text: &str| {
        let code = text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"));
        let mut code = code.filter(|line| words.iter().any(|word| line.contains(word)));
        code.next().is_some()
    };
    let found = files.filter(|(_, text)| uses(text));
    found.map(|(path, _)| path).collect()
}

#[test]
fn the_server_reaches_out_in_notify_ledger_and_links_alone() {
    let ways = [
        "ureq::",
        "lettre::",
        "TcpStream::connect",
        "UdpSocket",
        "UnixStream::connect",
        "ToSocketAddrs",
    ];
    for path in users(&ways) {
        let may = path.starts_with("src/notify/")
            || path.starts_with("src/links/")
            // It asks whether another server of this machine listens at our own path.
            || path == "src/disk/socket_file.rs";
        assert!(may, "{path} opens connections");
    }
    for path in users(&["sqlx::"]) {
        assert!(
            path.starts_with("src/ledger/"),
            "{path} speaks to a database"
        );
    }
}

#[test]
fn no_statement_is_made_of_text_at_run_time() {
    // sqlx takes constants; this is its way around that.
    let makers = users(&["AssertSqlSafe"]);
    assert!(makers.is_empty(), "{makers:?}");
}

#[test]
fn no_pattern_engine_that_can_blow_up_is_linked() {
    let manifest = read("Cargo.toml");
    let (_, rest) = manifest
        .split_once("[dependencies]")
        .expect("there are dependencies");
    let own = rest.split("\n[").next().unwrap_or_default();
    for engine in ["fancy-regex", "onig", "pcre", "regress", "regex"] {
        let named = own.lines().any(|line| line.starts_with(engine));
        assert!(!named, "{engine} is a dependency");
    }
    let users = users(&["Regex::new", "RegexBuilder"]);
    assert!(users.is_empty(), "{users:?} make patterns");
}

#[test]
fn the_program_raises_no_lint_against_unsafe_code() {
    let manifest = read("Cargo.toml");
    assert!(manifest.contains("unsafe_code = \"forbid\""));
    let users = users(&["unsafe {", "unsafe fn", "allow(unsafe_code)"]);
    assert!(users.is_empty(), "{users:?}");
}
