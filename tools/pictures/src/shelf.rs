//! The versions of pictures that a content folder should have, and those that it has.
//! It reads the folder with the library's own reader, so what it takes for current is
//! what the server takes for current.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, ensure};
use signpost::assets::versions::{Plan, is_there, plans, unneeded};
use signpost::content::markdown::{MAX_BYTES, MAX_PIXELS};
use signpost::disk::read_tree;

/// A picture of which versions should be there.
pub struct Wanted {
    /// The editor's file, relative to the content folder.
    pub path: String,
    /// What is made of it.
    pub plan: Plan,
}

/// What should be in `static/pictures/`, and what is.
pub struct Shelf {
    files: BTreeMap<String, Arc<[u8]>>,
    wanted: Vec<Wanted>,
    unneeded: BTreeSet<String>,
}

impl Shelf {
    /// Reads a content folder. Faults of its texts do not matter here.
    ///
    /// # Errors
    /// The folder can't be read: for the operator.
    pub fn of(root: &Path) -> anyhow::Result<Self> {
        let tree = read_tree(root)
            .with_context(|| format!("the content folder `{}` can't be read", root.display()))?;
        let files = tree.assets;
        let plans = plans(&files);
        let unneeded = unneeded(&files, &plans);
        let wanted = plans.into_iter();
        Ok(Self {
            files,
            wanted: wanted.map(|(path, plan)| Wanted { path, plan }).collect(),
            unneeded,
        })
    }

    /// Every picture that should have versions, by path.
    pub fn wanted(&self) -> &[Wanted] {
        &self.wanted
    }

    /// Pictures of which a version is not there as it should be, by path.
    pub fn missing(&self) -> Vec<&Wanted> {
        let is_current = |wanted: &&Wanted| {
            let mut files = wanted.plan.files().into_iter();
            files.all(|made| is_there(&self.files, &made))
        };
        self.wanted.iter().filter(|own| !is_current(own)).collect()
    }

    /// Files that no picture needs any more, ascending. Files of other names are somebody else's.
    pub fn unneeded(&self) -> &BTreeSet<String> {
        &self.unneeded
    }

    /// Whether all is as it should be.
    pub fn is_current(&self) -> bool {
        self.missing().is_empty() && self.unneeded.is_empty()
    }

    /// The editor's file.
    ///
    /// # Errors
    /// It is larger than a page may show: for the editor.
    pub fn read(&self, wanted: &Wanted) -> anyhow::Result<&[u8]> {
        let bytes = self.files.get(&wanted.path).context("it is gone")?;
        let photo = wanted.plan.photo;
        let pixels = u64::from(photo.width) * u64::from(photo.height);
        ensure!(
            bytes.len() <= MAX_BYTES && pixels <= MAX_PIXELS,
            "it has {} bytes and {pixels} pixels, expected at most {MAX_BYTES} and {MAX_PIXELS}; \
             save it 1600 pixels wide",
            bytes.len()
        );
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_version_of_our_own_pictures_is_there_and_current() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let shelf = Shelf::of(&root).unwrap();
        let missing: Vec<&str> = shelf
            .missing()
            .iter()
            .map(|own| own.path.as_str())
            .collect();
        assert!(
            shelf.is_current(),
            "missing: {missing:?}; no longer needed: {:?}; \
             run `cargo run --release -p signpost-pictures`",
            shelf.unneeded()
        );
    }
}
