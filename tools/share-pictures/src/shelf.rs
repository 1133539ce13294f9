//! The pictures that a content folder should have, and those that it has.
//! It reads the content with the library's own loader, so the names that it asks
//! for are the names that pages use.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, ensure};
use signpost::assets::SHARE_FONTS;
use signpost::diagnostic::count;
use signpost::disk::read_tree;
use signpost::pages::share_picture::{SharePicture, share_pictures};
use signpost::rebuild::{Calendar, build_from};

use crate::icon::{Icon, SOURCE, icons};

/// What should be in `static/share/`, and what is.
pub struct Shelf {
    wanted: Vec<SharePicture>,
    files: BTreeSet<String>,
    assets: BTreeMap<String, Arc<[u8]>>,
}

impl Shelf {
    /// Reads a content folder.
    ///
    /// # Errors
    /// The folder can't be read, or its content has errors: pictures of what broke would be taken for unneeded.
    pub fn of(root: &Path, calendar: Calendar) -> anyhow::Result<Self> {
        let (snapshot, diagnostics) = build_from(root, calendar, None)?;
        let (errors, _) = count(&diagnostics);
        ensure!(
            errors == 0,
            "the content has errors; run `signpost check` and mend them first"
        );
        let wanted = share_pictures(snapshot.making()).map_err(anyhow::Error::msg)?;
        let files = snapshot.making().assets.share_files.clone();
        let tree = read_tree(root)
            .with_context(|| format!("the content folder `{}` can't be read", root.display()))?;
        Ok(Self {
            wanted,
            files,
            assets: tree.assets,
        })
    }

    /// Every picture that pages name, or will.
    pub fn wanted(&self) -> &[SharePicture] {
        &self.wanted
    }

    /// Pictures that are not there as they should be.
    pub fn missing(&self) -> Vec<&SharePicture> {
        let wanted = self.wanted.iter();
        wanted
            .filter(|picture| !self.files.contains(&picture.file_name))
            .collect()
    }

    /// Names of pictures that no page will name any more, ascending. Files of other names are somebody else's.
    pub fn unnamed(&self) -> Vec<&str> {
        let is_wanted = |name: &str| self.wanted.iter().any(|own| own.file_name == name);
        let files = self.files.iter().map(String::as_str);
        files.filter(|name| !is_wanted(name)).collect()
    }

    /// Whether all is as it should be.
    pub fn is_current(&self) -> bool {
        self.missing().is_empty() && self.unnamed().is_empty()
    }

    /// Icons that are not there as they should be.
    ///
    /// # Errors
    /// They can't be drawn.
    pub fn stale_icons(&self) -> anyhow::Result<Vec<Icon>> {
        let Some(svg) = self.assets.get(SOURCE) else {
            return Ok(Vec::new());
        };
        let is_current = |icon: &Icon| {
            let file = self.assets.get(icon.path);
            file.is_some_and(|bytes| **bytes == *icon.png)
        };
        let mut icons = icons(svg)?;
        icons.retain(|icon| !is_current(icon));
        Ok(icons)
    }

    /// The fonts to draw with, as the site serves them.
    pub fn fonts(&self) -> Vec<&[u8]> {
        let fonts = SHARE_FONTS.iter().filter_map(|path| self.assets.get(*path));
        fonts.map(AsRef::as_ref).collect()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn every_picture_of_our_own_content_is_there_and_current() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let shelf = Shelf::of(&root, Calendar::Fixed(date(2026, 11, 25))).unwrap();
        let missing: Vec<&str> = shelf
            .missing()
            .iter()
            .map(|own| own.stem.as_str())
            .collect();
        let unnamed = shelf.unnamed();
        assert!(
            shelf.is_current(),
            "missing: {missing:?}; no longer named: {unnamed:?}; \
             run `cargo run --release -p signpost-share-pictures`"
        );
        let articles = shelf.wanted().iter();
        let articles = articles.filter(|own| own.stem.starts_with("article-"));
        assert!(articles.count() >= 18, "every article has one");
        for picture in shelf.wanted() {
            let bytes = &shelf.assets[&format!("static/share/{}", picture.file_name)];
            let size = imagesize::blob_size(bytes).unwrap();
            assert_eq!((size.width, size.height), (1200, 630), "{}", picture.stem);
            assert!(
                bytes.len() < 40_000,
                "{}: {} bytes",
                picture.stem,
                bytes.len()
            );
        }
    }
}
