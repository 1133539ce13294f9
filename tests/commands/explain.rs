//! `explain`: every code has a text for people, and its examples are true. An example
//! that names a file is laid into `tests/content/sound/`, where the mended one stands
//! already, or is added at the end of that file.

use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use signpost::diagnostic::{Code, Diagnostic};
use signpost::disk::read_tree;
use signpost::explanation::{Explanation, Sample, page};
use signpost::readiness;
use signpost::rebuild::{Calendar, RebuildError, inspect_tree};

use crate::folder::{copy, repository};
use crate::program::{run, signpost};

/// The day on which every example is read.
const TODAY: jiff::civil::Date = jiff::civil::date(2026, 11, 25);

/// What a text looks like; told to whoever has to write one.
const FORM: &str = "begin with `# code: what it is`, then a paragraph, then `## Why it matters`, `## Example` \
     and `## Mended`, the last two with a piece between ````; see docs/diagnostics/person-unknown.md";

#[test]
fn every_code_is_explained() {
    let mut faults = Vec::new();
    for code in Code::ALL {
        if Explanation::of(*code).is_none() {
            let name = code.name();
            faults.push(format!(
                "docs/diagnostics/{name}.md is missing or lacks a part: {FORM}"
            ));
        }
    }
    for file in Explanation::files() {
        let name = file.strip_suffix(".md").unwrap_or(&file);
        if !Code::ALL.iter().any(|code| code.name() == name) {
            faults.push(format!(
                "docs/diagnostics/{file} explains no code: rename or remove it"
            ));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_example_raises_its_code_and_the_mended_one_does_not() {
    let faults: Vec<String> = Code::ALL
        .par_iter()
        .filter_map(|code| Some((*code, Explanation::of(*code)?)))
        .flat_map(|(code, told)| lies(code, &told))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// What is not true of an explanation.
fn lies(code: Code, told: &Explanation) -> Vec<String> {
    let name = code.name();
    let Some(path) = &told.example.path else {
        // It tells of a situation, which the broken site of that name proves.
        let broken = repository().join("tests/content/broken").join(name);
        let faults = (!broken.is_dir()).then(|| {
            format!("docs/diagnostics/{name}.md: name the example's file, or make tests/content/broken/{name}/")
        });
        return faults.into_iter().collect();
    };
    let mut faults = Vec::new();
    let sound = fs::read_to_string(sound().join(path)).unwrap_or_default();
    let [example, mended] =
        laid(&sound, &told.example, &told.mended).map(|text| diagnostics(name, path, &text));
    if !example.iter().any(|found| found.code == code) {
        let found = printed(&example);
        faults.push(format!(
            "docs/diagnostics/{name}.md: the example does not raise `{name}`, but:\n{found}"
        ));
    }
    let left: Vec<Diagnostic> = mended
        .into_iter()
        .filter(|found| found.is_error() || (found.code == code && *found.place.path == **path))
        .collect();
    if !left.is_empty() {
        let found = printed(&left);
        faults.push(format!(
            "docs/diagnostics/{name}.md: the mended example still raises:\n{found}"
        ));
    }
    faults
}

/// A file with the example, and with the mended one: in the place of the other if that is there, else at the end.
fn laid(sound: &str, example: &Sample, mended: &Sample) -> [String; 2] {
    let (example, mended) = (example.text.trim_end(), mended.text.trim_end());
    if sound.contains(mended) {
        return [sound.replacen(mended, example, 1), sound.to_owned()];
    }
    if sound.contains(example) {
        return [sound.to_owned(), sound.replacen(example, mended, 1)];
    }
    [example, mended].map(|own| match sound {
        "" => format!("{own}\n"),
        text => format!("{text}\n{own}\n"),
    })
}

/// What `check` tells of the sound site with one file changed.
fn diagnostics(name: &str, path: &str, text: &str) -> Vec<Diagnostic> {
    let folder = Scratch::of_sound(name);
    fs::write(folder.0.join(path), text).expect("the file can be written");
    let tree = read_tree(&folder.0).expect("the folder can be read");
    match inspect_tree(&tree, Calendar::Fixed(TODAY)) {
        Ok((site, mut diagnostics)) => {
            diagnostics.extend(readiness::faults(&site, &tree));
            diagnostics
        }
        Err(RebuildError::Content(diagnostics)) => diagnostics,
        Err(error) => panic!("{name}: {error}"),
    }
}

fn printed(diagnostics: &[Diagnostic]) -> String {
    diagnostics
        .iter()
        .map(|found| format!("    {found}\n"))
        .collect()
}

fn sound() -> PathBuf {
    repository().join("tests/content/sound")
}

/// A copy of the sound site for one code. It is gone when the value is dropped.
struct Scratch(PathBuf);

impl Scratch {
    fn of_sound(name: &str) -> Self {
        let name = format!("explain-{name}-{}", std::process::id());
        let folder = Self(Path::new(env!("CARGO_TARGET_TMPDIR")).join(name));
        copy(&sound(), &folder.0);
        folder
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What is left over is in the build folder, where it harms nobody.
        fs::remove_dir_all(&self.0).unwrap_or_default();
    }
}

#[test]
fn the_page_of_all_codes_is_made_of_their_texts() {
    let path = repository().join("docs/diagnostics.md");
    if std::env::var_os("SIGNPOST_BLESS").is_some() {
        fs::write(&path, page()).expect("the page can be written");
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == page(),
        "docs/diagnostics.md is old: run `SIGNPOST_BLESS=1 cargo test --test commands explain`"
    );
}

#[test]
fn a_code_is_explained_as_it_is_copied_from_a_message() {
    for typed in ["person-unknown", "error[person-unknown]:", "PERSON-UNKNOWN"] {
        let ended = run(signpost(repository(), &["explain", typed]));
        assert_eq!(ended.status, Some(0), "{typed}: {}", ended.err);
        for part in [
            "person-unknown: an author or reviewer without a profile\n",
            "\nWhy it matters\n",
            "\nExample in articles/small-page.md\n\n    authors: [test-auther]\n",
            "\nMended in articles/small-page.md\n\n    authors: [test-author]\n",
        ] {
            assert!(ended.out.contains(part), "{part}\n{}", ended.out);
        }
    }
}

#[test]
fn a_mistyped_code_is_answered_with_the_nearest() {
    let ended = run(signpost(repository(), &["explain", "person-unkown"]));
    assert_eq!(ended.status, Some(2));
    assert_eq!(ended.out, "");
    assert_eq!(
        ended.err,
        "signpost: there is no code `person-unkown`; did you mean `person-unknown`?\n"
    );
}

#[test]
fn without_a_code_every_code_is_listed_on_a_line_of_its_own() {
    let ended = run(signpost(repository(), &["explain"]));
    assert_eq!(ended.status, Some(0));
    let listed: Vec<&str> = ended
        .out
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    let codes: Vec<&str> = Code::ALL.iter().map(|code| code.name()).collect();
    assert_eq!(listed, codes);
}
