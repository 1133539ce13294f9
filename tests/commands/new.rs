//! `new` writes files that hold but for the places that they leave to fill, and writes
//! nothing at all when something is missing, wrong or taken.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::folder::Folder;
use crate::program::{Ended, run, signpost};

const TODAY: &str = "2026-11-26";

/// Flags that say all of an article but its title.
const ARTICLE: [&str; 12] = [
    "--complaint",
    "lower-back-pain",
    "--topic",
    "back-and-joints",
    "--service",
    "none",
    "--author",
    "sample-author",
    "--reviewer",
    "sample-reviewer",
    "--doi",
    "10.3390/jcm12175510",
];

fn new(folder: &Folder, arguments: &[&str]) -> Ended {
    let mut all = vec!["new"];
    all.extend(arguments);
    all.extend(["--today", TODAY]);
    let mut command = signpost(folder.root(), &all);
    command.stdin(std::process::Stdio::null());
    run(command)
}

fn new_article(folder: &Folder, more: &[&str]) -> Ended {
    let mut arguments = vec!["article"];
    arguments.extend(more);
    arguments.extend(ARTICLE);
    new(folder, &arguments)
}

fn check(folder: &Folder) -> Ended {
    run(signpost(folder.root(), &["check", "--today", TODAY]))
}

/// The lines that `check` prints for a file.
fn told_of(folder: &Folder, path: &str) -> Vec<String> {
    let ended = check(folder);
    let lines = ended.out.lines().filter(|line| line.starts_with(path));
    lines.map(str::to_owned).collect()
}

/// Every file of a folder with its content.
pub fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("an entry").path();
        let name = path.display().to_string();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.insert(name, fs::read(&path).expect("the file can be read"));
        }
    }
    found
}

fn filled(folder: &Folder, path: &str) {
    let text = folder.read(path);
    let text = text
        .replace("replace-this", "words")
        .replace("Replace this", "Words")
        .replace("9999-12-31", "2026-11-26")
        .replace("draft: true\n", "");
    folder.write(path, &text);
}

#[test]
fn a_new_article_is_a_draft_that_tells_each_place_to_fill_and_nothing_else() {
    let folder = Folder::copied();
    let ended = new_article(&folder, &["Tennis elbow", "--pmid", "37685576"]);
    assert_eq!(ended.err, "");
    assert_eq!(ended.status, Some(0));
    let path = "articles/tennis-elbow.md";
    let told = told_of(&folder, path);
    let places = format!("wrote {path}, a draft with {} places to fill\n", told.len());
    assert!(ended.out.starts_with(&places), "{}", ended.out);
    let steps = ended
        .out
        .lines()
        .filter(|line| line.starts_with("  "))
        .skip(1);
    assert_eq!(steps.count(), 3, "{}", ended.out);
    assert_eq!(check(&folder).status, Some(0));
    let text = folder.read(path);
    assert!(text.contains("\ndraft: true\n") && text.contains("\nreviewed_on: 9999-12-31\n"));
    assert!(text.contains("\npublished_on: 2026-11-26\n"));
    assert!(text.contains("url: \"https://doi.org/10.3390/jcm12175510\""));
    assert!(text.contains("url: \"https://pubmed.ncbi.nlm.nih.gov/37685576/\""));
    let marked = text.lines().enumerate().filter(|(_, line)| {
        let marks = ["Replace this", "replace-this", "9999-12-31"];
        marks.iter().any(|mark| line.contains(mark)) && !line.starts_with("# ")
    });
    let lines: Vec<String> = marked
        .map(|(at, _)| format!("{path}:{}:", at + 1))
        .collect();
    assert_eq!(lines.len(), told.len());
    for (line, told) in lines.iter().zip(&told) {
        assert!(told.starts_with(line), "{told}");
        assert!(told.contains(" warning[draft-placeholder]: "), "{told}");
    }
}

#[test]
fn a_page_with_a_placeholder_can_not_be_published() {
    let folder = Folder::copied();
    new_article(&folder, &["Tennis elbow"]);
    let path = "articles/tennis-elbow.md";
    let before = told_of(&folder, path).len();
    folder.edit(path, "draft: true\n", "");
    assert_eq!(check(&folder).status, Some(1));
    let told = told_of(&folder, path);
    assert_eq!(told.len(), before);
    assert!(
        told.iter()
            .all(|line| line.contains(" error[placeholder]: ")),
        "{told:?}"
    );
}

#[test]
fn an_article_whose_places_are_filled_goes_live() {
    let folder = Folder::copied();
    for words in [
        ["Tennis elbow", "--yes"],
        ["Sore \"heel\": it's {odd} \\ #1", "--yes"],
    ] {
        new_article(&folder, &words);
    }
    for path in [
        "articles/tennis-elbow.md",
        "articles/sore-heel-it-s-odd-1.md",
    ] {
        filled(&folder, path);
        assert_eq!(told_of(&folder, path), [""; 0]);
    }
    assert_eq!(check(&folder).status, Some(0));
}

#[test]
fn a_file_that_is_there_is_never_written_over() {
    let folder = Folder::copied();
    let before = files(folder.root());
    for arguments in [["Sciatica", "--yes"], ["Leg pain", "--slug=sciatica"]] {
        let ended = new_article(&folder, &arguments);
        assert_eq!(ended.status, Some(2));
        assert_eq!(
            ended.err,
            "signpost: `--slug`: `sciatica` is taken in `articles/`; choose another one\n"
        );
    }
    assert_eq!(files(folder.root()), before);
}

#[test]
fn what_is_missing_or_wrong_is_told_and_nothing_is_written() {
    let folder = Folder::copied();
    let before = files(folder.root());
    let rows: [(&[&str], &str); 12] = [
        (
            &["article"],
            "`--title` is missing: what the page is called",
        ),
        (&["article", "Heel pain"], "`--complaint` is missing"),
        (
            &["article", "Heel pain", "--complaint", "lower-back-pian"],
            "`--complaint`: there is no complaint `lower-back-pian`; did you mean `lower-back-pain`?",
        ),
        (
            &["article", "Heel pain", "--complaint", "none"],
            "write it first with `signpost new protocol`",
        ),
        (
            &["article", "Heel pain", "--complaint", "sciatica-x", "--yes"],
            "there is no complaint `sciatica-x`",
        ),
        (
            &[
                "article",
                "Heel pain",
                "--complaint",
                "lower-back-pain",
                "--topic",
                "bakc-and-joints",
            ],
            "did you mean `back-and-joints`?",
        ),
        (
            &[
                "article",
                "Heel pain",
                "--complaint",
                "lower-back-pain",
                "--yes",
                "--reviewer",
                "sample-author",
            ],
            "`sample-author` writes the page; expected somebody else",
        ),
        (
            &["article", "Heel pain", "--doi", "10.1/x"],
            "`--doi` is `10.1/x`, expected a DOI alone",
        ),
        (
            &["article", "Heel pain", "--pmid", "PMC1"],
            "`--pmid` is `PMC1`, expected one to eight digits",
        ),
        (
            &["protocol", "Heel pain", "--body-area", "fot", "--yes"],
            "there is no body area `fot`; did you mean `foot`?",
        ),
        (&["person", "Ama Osei", "--yes"], "`--role` is missing"),
        (
            &[
                "service",
                "Heel visit",
                "--kind",
                "video",
                "--offer",
                "a",
                "--treats",
                "b",
                "--copay",
                "25,5",
                "--yes",
            ],
            "`--copay`: expected dollars, such as 25 or 25.50",
        ),
    ];
    for (arguments, expected) in rows {
        let ended = new(&folder, arguments);
        assert_eq!(ended.status, Some(2), "{arguments:?}: {}", ended.err);
        assert_eq!(ended.out, "");
        assert!(ended.err.contains(expected), "{arguments:?}: {}", ended.err);
    }
    assert_eq!(files(folder.root()), before);
}

#[test]
fn a_person_and_a_visit_are_added_and_nothing_before_them_changes() {
    let folder = Folder::copied();
    let paths = [
        "clinic/people.toml",
        "clinic/services.toml",
        "clinic/copays.toml",
    ];
    folder.edit(paths[0], "[[person]]", "# our people\n\n[[person]] # first");
    let before = paths.map(|path| folder.read(path));
    let person = [
        "person",
        "Ama \"A.\" Osei",
        "--credentials",
        "MD",
        "--role",
        "Reviewer",
        "--bio",
        "Sees feet.",
    ];
    assert_eq!(new(&folder, &person).err, "");
    let service = [
        "service",
        "Heel visit",
        "--kind",
        "in-person",
        "--offer",
        "Show us your heel.",
        "--treats",
        "Sore heels; spurs",
        "--states",
        "ny, nj",
        "--copay",
        "25",
        "--self-pay",
        "99.50",
        "--yes",
    ];
    assert_eq!(new(&folder, &service).err, "");
    for (path, before) in paths.iter().zip(&before) {
        let text = folder.read(path);
        assert!(
            text.starts_with(before.as_str()) && text.len() > before.len(),
            "{path}"
        );
    }
    let ended = check(&folder);
    assert_eq!(ended.status, Some(0), "{}", ended.out);
    assert!(folder.read(paths[2]).ends_with(
        "\n[[fee]]\nservice = \"heel-visit\"\nfrom = 2026-11-26\ntypical_copay_cents = 2500\n\
         self_pay_cents = 9950\nas_of = 2026-11-26\n"
    ));
    let reviewed = [
        "article",
        "Heel pain",
        "--complaint",
        "lower-back-pain",
        "--topic",
        "back-and-joints",
        "--service",
        "heel-visit",
        "--reviewer",
        "ama-a-osei",
        "--yes",
    ];
    assert_eq!(new(&folder, &reviewed).err, "");
    let again = new(&folder, &service);
    assert_eq!(again.status, Some(2));
    assert!(again.err.contains("`heel-visit` is taken"), "{}", again.err);
}

#[test]
fn a_list_that_is_broken_is_told_before_anything_is_added_to_it() {
    let folder = Folder::copied();
    folder.edit("clinic/people.toml", "[[person]]", "person = [\n[[person]]");
    let before = files(folder.root());
    let ended = new(
        &folder,
        &["person", "Ama Osei", "--role", "a", "--bio", "b", "--yes"],
    );
    assert_eq!(ended.status, Some(2), "{}", ended.out);
    assert_eq!(files(folder.root()), before);
}

#[test]
fn a_new_protocol_holds_once_its_places_are_filled_and_its_vignettes_prove_it() {
    let folder = Folder::copied();
    let arguments = [
        "protocol",
        "Elbow pain",
        "--body-area",
        "arm",
        "--lay-terms",
        "sore elbow, tennis elbow",
        "--pmid",
        "37685576",
        "--doi",
        "10.3390/jcm12175510",
        "--yes",
    ];
    let ended = new(&folder, &arguments);
    assert_eq!(ended.err, "");
    let paths = [
        "clinic/protocols/elbow-pain.toml",
        "tests/vignettes/elbow-pain.toml",
    ];
    let told = told_of(&folder, "");
    let errors: Vec<&String> = told
        .iter()
        .filter(|line| line.contains(": error["))
        .collect();
    assert!(!errors.is_empty());
    for error in &errors {
        let is_place = error.starts_with(paths[0]) && error.contains(": error[placeholder]: ");
        assert!(is_place, "{error}");
    }
    let places = format!("with {} places to fill", errors.len());
    assert!(ended.out.contains(&places), "{}", ended.out);
    for path in paths {
        filled(&folder, path);
    }
    assert_eq!(check(&folder).status, Some(0), "{}", check(&folder).out);
    let proof = run(signpost(folder.root(), &["triage", "test", "elbow-pain"]));
    assert_eq!(proof.status, Some(0), "{}", proof.out);
    assert!(proof.out.contains("vignettes: 5"), "{}", proof.out);
    assert_eq!(new(&folder, &arguments).status, Some(2), "it is there now");
}
