//! Edits that are tried before they are made: the content as it would be is read by the real
//! load, in memory, and what that tells anew decides. It stands apart because `new` and
//! `rename` both owe their users a site that is no worse than before.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use jiff::civil::Date;

use super::calendar;
use crate::assets;
use crate::cli::ContentArgs;
use crate::clinic::parse_clinic;
use crate::diagnostic::{Code, Diagnostic};
use crate::disk::{Edit, edit_all, read_tree};
use crate::file::SourceFile;
use crate::messages::read_catalogs;
use crate::rebuild::RebuildError;
use crate::site::{Site, Tree, load};

/// The content of a folder as it is.
pub(super) struct Content {
    root: PathBuf,
    tree: Tree,
    /// All that was read without an error.
    pub(super) site: Site,
    /// Today, in the clinic's time zone.
    pub(super) today: Date,
    faults: Vec<Diagnostic>,
}

impl Content {
    /// Reads a content folder.
    ///
    /// # Errors
    /// The folder can't be read, or `clinic/clinic.toml` has errors: for the operator.
    pub(super) fn read(args: &ContentArgs) -> anyhow::Result<Self> {
        let root = args.folder.content.clone();
        let tree = read_tree(&root).map_err(|error| RebuildError::Folder(root.clone(), error))?;
        let no_clinic = || {
            let root = root.display();
            format!(
                "there is no sound `clinic/clinic.toml` in `{root}`; `signpost check` tells more"
            )
        };
        let file = tree
            .texts
            .iter()
            .find(|file| file.path() == "clinic/clinic.toml");
        let clinic = file.and_then(|file| parse_clinic(file).0);
        let zone = clinic.with_context(no_clinic)?.timezone;
        let today = calendar(args.today).today(&zone);
        let (site, faults) = read(&tree, today);
        let site = site.with_context(no_clinic)?;
        Ok(Self {
            root,
            tree,
            site,
            today,
            faults,
        })
    }

    /// The text files, by path, ascending.
    pub(super) fn texts(&self) -> &[SourceFile] {
        &self.tree.texts
    }

    /// The text of a file.
    ///
    /// # Errors
    /// It is not there: for the operator.
    pub(super) fn text_of(&self, path: &str) -> anyhow::Result<&str> {
        let file = self.tree.texts.iter().find(|file| file.path() == path);
        let text = file.map(SourceFile::text);
        text.with_context(|| format!("there is no `{path}` in `{}`", self.root.display()))
    }

    /// Where a path of the content is on disk.
    pub(super) fn on_disk(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// What edits would bring about that is not there now, in reading order. Where a file tells more of one code than
    /// before, all of them are given: which of them is new can't be known.
    pub(super) fn told_anew(&self, edits: &[Edit]) -> Vec<Diagnostic> {
        let (_, faults) = read(&with_edits(&self.tree, edits), self.today);
        let before = counted(self.faults.iter().map(|fault| {
            let path = moved_path(edits, &fault.place.path);
            (path, fault.code)
        }));
        let after = counted(faults.iter().map(key));
        let is_new = |fault: &Diagnostic| {
            let key = key(fault);
            after.get(&key) > before.get(&key)
        };
        faults.into_iter().filter(is_new).collect()
    }

    /// Makes edits, unless they bring about an error other than `expected`. Gives what they bring about.
    ///
    /// # Errors
    /// Such an error, or a disk that refuses; then all is as it was.
    pub(super) fn make(
        &self,
        edits: &[Edit],
        expected: Option<Code>,
    ) -> anyhow::Result<Vec<Diagnostic>> {
        let told = self.sound(edits, expected)?;
        edit_all(&self.root, edits)?;
        Ok(told)
    }

    /// What edits bring about, if no error other than `expected` is among it.
    ///
    /// # Errors
    /// Such an error.
    pub(super) fn sound(
        &self,
        edits: &[Edit],
        expected: Option<Code>,
    ) -> anyhow::Result<Vec<Diagnostic>> {
        let told = self.told_anew(edits);
        let errors = told
            .iter()
            .filter(|fault| fault.is_error() && Some(fault.code) != expected);
        let errors: Vec<String> = errors.map(Diagnostic::to_string).collect();
        anyhow::ensure!(
            errors.is_empty(),
            "nothing was changed, because `signpost check` would tell:\n{}",
            errors.join("\n")
        );
        Ok(told)
    }
}

fn read(tree: &Tree, today: Date) -> (Option<Site>, Vec<Diagnostic>) {
    let is_catalog = |path: &str| path.starts_with("clinic/messages/") && path.ends_with(".toml");
    let files = tree.texts.iter().filter(|file| is_catalog(file.path()));
    let (languages, _) = read_catalogs(&files.cloned().collect::<Vec<_>>());
    let names: Vec<String> = languages.keys().cloned().collect();
    let pictures = assets::build(&tree.assets, None, None).pictures;
    load(tree, &pictures, &names, today, None)
}

fn key(fault: &Diagnostic) -> (String, Code) {
    (fault.place.path.to_string(), fault.code)
}

fn counted(keys: impl Iterator<Item = (String, Code)>) -> BTreeMap<(String, Code), usize> {
    let mut counts = BTreeMap::new();
    for key in keys {
        *counts.entry(key).or_default() += 1;
    }
    counts
}

/// What a path is called after all moves.
fn moved_path(edits: &[Edit], path: &str) -> String {
    edits.iter().fold(path.to_owned(), |path, edit| match edit {
        Edit::Move { from, to } if path == *from => to.clone(),
        Edit::Move { from, to } => match path.strip_prefix(from.as_str()) {
            Some(below) if below.starts_with('/') => format!("{to}{below}"),
            _ => path,
        },
        Edit::Create { .. } | Edit::Replace { .. } => path,
    })
}

/// The tree as it is after edits.
fn with_edits(tree: &Tree, edits: &[Edit]) -> Tree {
    let mut texts: BTreeMap<String, SourceFile> = BTreeMap::new();
    for file in &tree.texts {
        let path = moved_path(edits, file.path());
        let file = SourceFile::new(path.as_str(), file.text());
        texts.insert(path, file);
    }
    for edit in edits {
        if let Edit::Create { path, text } | Edit::Replace { path, to: text, .. } = edit {
            texts.insert(path.clone(), SourceFile::new(path.as_str(), text.as_str()));
        }
    }
    let moved = |(path, bytes): (&String, &Arc<[u8]>)| (moved_path(edits, path), Arc::clone(bytes));
    let stamps = tree.stamps.iter();
    let mut faults = tree.faults.clone();
    for fault in &mut faults {
        fault.place.path = moved_path(edits, &fault.place.path).into();
    }
    Tree {
        // Vignettes are no part of the site, and reading them as such would tell of an unknown file.
        texts: texts
            .into_values()
            .filter(|file| !file.path().starts_with("tests/"))
            .collect(),
        assets: tree.assets.iter().map(moved).collect(),
        faults,
        stamps: stamps
            .map(|(path, stamp)| (moved_path(edits, path), *stamp))
            .collect(),
    }
}
