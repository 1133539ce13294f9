//! What is generated lies in the repository as it would be written today. The real program
//! writes it into a folder of its own, and the two are compared byte by byte.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What `signpost schema --all .` writes.
const GENERATED: [&str; 4] = [
    "schemas",
    ".taplo.toml",
    "frontmatter.json",
    "editors/decap/config.yml",
];

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn schema(arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_signpost"));
    program
        .current_dir(repository())
        .arg("schema")
        .args(arguments);
    let ended = program.output().expect("the program can be started");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it prints text");
    (ended.status.code(), text(ended.stdout), text(ended.stderr))
}

/// Every generated file below a folder by path.
fn generated(root: &Path) -> BTreeMap<PathBuf, String> {
    let mut files = BTreeMap::new();
    let mut open: Vec<PathBuf> = GENERATED.iter().map(|name| root.join(name)).collect();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            let entries = fs::read_dir(&path).expect("the folder can be read");
            open.extend(entries.map(|entry| entry.expect("an entry").path()));
        } else if let Ok(text) = fs::read_to_string(&path) {
            let inside = path.strip_prefix(root).expect("it is below");
            files.insert(inside.to_owned(), text);
        }
    }
    files
}

#[test]
fn what_is_generated_is_up_to_date() {
    let folder =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("schema-{}", std::process::id()));
    let (status, out, err) = schema(&["--all", folder.to_str().expect("the path is text")]);
    assert_eq!((status, err.as_str()), (Some(0), ""), "{out}");
    let (fresh, kept) = (generated(&folder), generated(repository()));
    fs::remove_dir_all(&folder).expect("the folder was made above");
    let files = fresh.keys().chain(kept.keys());
    let stale: Vec<_> = files
        .filter(|path| fresh.get(*path) != kept.get(*path))
        .collect();
    assert!(
        stale.is_empty(),
        "run `cargo run -- schema --all .` and commit what it writes; stale: {stale:?}"
    );
    assert_eq!(
        out,
        format!("schema: {} files in {}\n", fresh.len(), folder.display())
    );
}

#[test]
fn without_a_name_every_schema_is_listed_with_its_files() {
    let (status, out, _) = schema(&[]);
    assert_eq!(status, Some(0));
    let names: Vec<&str> = out
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    let expected: Vec<&str> = signpost::schema::ALL
        .iter()
        .map(|schema| schema.name)
        .collect();
    assert_eq!(names, expected);
    assert!(out.contains("article          articles/**/*.md\n"), "{out}");
}

#[test]
fn a_named_schema_is_printed_as_it_is_written() {
    let (status, out, _) = schema(&["article"]);
    assert_eq!(status, Some(0));
    let kept = fs::read_to_string(repository().join("schemas/article.schema.json"));
    assert_eq!(Some(out), kept.ok());
}

#[test]
fn an_unknown_name_is_refused_with_the_names_that_there_are() {
    let (status, out, err) = schema(&["artikel"]);
    assert_eq!((status, out.as_str()), (Some(2), ""));
    assert!(
        err.contains("there is no schema `artikel`; the schemas are article, page-text, clinic"),
        "{err}"
    );
}

#[test]
fn forms_offer_what_the_clinic_has() {
    let kept = generated(repository());
    for file in ["frontmatter.json", "editors/decap/config.yml"] {
        let text = &kept[Path::new(file)];
        for id in [
            "back-and-joints",
            "sample-reviewer",
            "back-pain-visit",
            "lower-back-pain",
        ] {
            assert!(
                text.contains(&format!("\"{id}\"")),
                "{file} does not offer `{id}`"
            );
        }
    }
}
