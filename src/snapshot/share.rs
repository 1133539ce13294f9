//! Which share pictures a build has, and which are missing. It stands apart from
//! `build` because the files are made by another program, so they may be older
//! than the content that they show; a page never names one that is.

use std::collections::BTreeSet;

use crate::assets::{Asset, Assets};
use crate::diagnostic::{Code, Diagnostic};
use crate::file::Place;
use crate::pages::Making;
use crate::pages::share_picture::{ShareName, ShareNames, SharedPictures};
use crate::site::Tree;

/// The command that makes the pictures again.
const COMMAND: &str = "cargo run --release -p signpost-share-pictures -- --content DIR";

/// How many missing pictures are named; who mends one mends all.
const MOST_NAMED: usize = 3;

/// The share pictures of a build.
#[derive(Default)]
pub(super) struct Shared {
    /// Those that pages may name.
    pub(super) pictures: SharedPictures,
    /// What all are called; none where nobody wants any.
    pub(super) names: ShareNames,
    /// A warning if some are missing or stale.
    pub(super) stale: Option<Diagnostic>,
}

impl Shared {
    /// Compares the names of pictures with the files that are there. For `before` see [`ShareNames::of`].
    ///
    /// # Errors
    /// A template failed: a fault of ours.
    pub(super) fn of(
        making: Making<'_>,
        tree: &Tree,
        before: Option<&ShareNames>,
    ) -> Result<Self, String> {
        // Who never made pictures does not want any.
        let folder = "static/share/";
        let mut assets = tree.assets.range(folder.to_owned()..);
        let is_wanted = assets
            .next()
            .is_some_and(|(path, _)| path.starts_with(folder));
        if !is_wanted {
            return Ok(Self::default());
        }
        let files = &making.assets.share_files;
        let before = before.filter(|before| before.all().next().is_some());
        let names = ShareNames::of(making, before)?;
        let all = names.all().map(|(name, _)| name);
        let missing: Vec<&ShareName> = all
            .filter(|name| !files.contains(&name.file_name))
            .collect();
        let stale = (!missing.is_empty()).then(|| stale(&missing, names.all().count()));
        Ok(Self {
            pictures: SharedPictures::among(&names, files),
            stale,
            names,
        })
    }
}

/// The files that are served, by address: all but the pictures that no page names, since those are stale, or of a page
/// that nobody may see yet.
pub(super) fn served<'a>(
    assets: &'a Assets,
    shared: &SharedPictures,
) -> impl Iterator<Item = &'a Asset> {
    let mut hidden: BTreeSet<String> = assets
        .addresses
        .share_files
        .iter()
        .map(|name| format!("/static/share/{name}"))
        .collect();
    for path in shared.paths() {
        hidden.remove(path);
    }
    let files = assets.files.values();
    files.filter(move |file| !hidden.contains(&file.path))
}

fn stale(missing: &[&ShareName], of: usize) -> Diagnostic {
    let names: Vec<String> = missing
        .iter()
        .take(MOST_NAMED)
        .map(|picture| format!("`{}`", picture.stem))
        .collect();
    let more = match missing.len().saturating_sub(MOST_NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let message = format!(
        "{} of {of} pictures in `static/share/` are missing or stale: {}{more}",
        missing.len(),
        names.join(", ")
    );
    Diagnostic::new(
        Code::SharePictureStale,
        Place::start_of("clinic/clinic.toml"),
        message,
    )
    .help(format!("run `{COMMAND}` with the content folder as DIR"))
}
