//! The program on a folder of its own: what it draws, leaves alone, removes and tells.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "lays out a folder of its own, which a test may stop over"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A small site, which is gone when the value is dropped.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let root =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        let sound = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/content/sound");
        copy(&sound, &root);
        Self(root)
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut program = Command::new(env!("CARGO_BIN_EXE_share-pictures"));
        program.arg("--content").arg(&self.0).args(arguments);
        program
            .env_remove("SIGNPOST_CONTENT")
            .env("SIGNPOST_TODAY", "2026-11-25");
        program.output().expect("the program starts")
    }

    /// What it prints, and its exit status.
    fn said(&self, arguments: &[&str]) -> (String, Option<i32>) {
        let output = self.run(arguments);
        let out = String::from_utf8_lossy(&output.stdout).into_owned();
        (out, output.status.code())
    }

    fn files(&self) -> BTreeSet<String> {
        let entries = fs::read_dir(self.0.join("static/share")).expect("the folder is there");
        let name = |entry: std::io::Result<fs::DirEntry>| {
            let entry = entry.expect("the entry can be read");
            entry.file_name().to_string_lossy().into_owned()
        };
        entries.map(name).collect()
    }

    fn edit(&self, file: &str, from: &str, to: &str) {
        let path = self.0.join(file);
        let text = fs::read_to_string(&path).expect("the file is there");
        assert!(text.contains(from), "{file} holds no {from}");
        fs::write(path, text.replacen(from, to, 1)).expect("the file can be written");
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap_or_default();
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("the folder can be made");
    for entry in fs::read_dir(from).expect("the folder can be read") {
        let path = entry.expect("the entry can be read").path();
        let target = to.join(path.file_name().expect("an entry has a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).expect("the file can be copied");
        }
    }
}

#[test]
fn it_draws_what_is_missing_and_removes_what_nothing_names() {
    let folder = Folder::new("draws");
    let (said, exit) = folder.said(&["--check"]);
    assert_eq!((said.lines().count(), exit), (6, Some(1)), "{said}");
    assert!(said.starts_with("missing: static/share/clinic."), "{said}");

    let (said, exit) = folder.said(&[]);
    assert_eq!(said, "share-pictures: 6 drawn, 0 removed, 0 were current\n");
    assert_eq!(exit, Some(0));
    let first = folder.files();
    assert_eq!(first.len(), 6);
    assert_eq!(folder.said(&["--check"]), (String::new(), Some(0)));

    fs::write(folder.0.join("static/share/notes.txt"), "ours").expect("the file can be written");
    folder.edit(
        "clinic/services.toml",
        "name = \"Test visit\"",
        "name = \"Other test visit\"",
    );
    let (said, exit) = folder.said(&["--check"]);
    let told: Vec<&str> = said
        .lines()
        .filter_map(|line| line.split_once(": "))
        .map(|(what, _)| what)
        .collect();
    assert_eq!(
        (told, exit),
        (vec!["missing", "no longer named"], Some(1)),
        "{said}"
    );
    let (said, _) = folder.said(&[]);
    assert_eq!(said, "share-pictures: 1 drawn, 1 removed, 5 were current\n");
    let now = folder.files();
    assert_eq!(
        now.difference(&first).count(),
        2,
        "the new picture, and a file that is not ours to remove"
    );
    assert_eq!(first.difference(&now).count(), 1);
}

#[test]
fn it_touches_nothing_while_the_content_has_errors() {
    let folder = Folder::new("errors");
    folder.said(&[]);
    let before = folder.files();
    folder.edit(
        "articles/small-page.md",
        "topic: first-topic",
        "topic: no-topic",
    );
    let output = folder.run(&[]);
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(
        told,
        "share-pictures: the content has errors; run `signpost check` and mend them first\n"
    );
    assert_eq!(folder.files(), before);
}
