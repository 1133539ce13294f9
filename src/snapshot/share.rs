//! Which share pictures a build has, and which are missing. It stands apart from
//! `build` because the files are made by another program, so they may be older
//! than the content that they show; a page never names one that is.

use std::collections::BTreeSet;

use crate::assets::{Asset, Assets};
use crate::diagnostic::{Code, Diagnostic};
use crate::file::Place;
use crate::pages::Making;
use crate::pages::share_picture::{SharePicture, SharedPictures, share_pictures};
use crate::site::Tree;

/// The command that makes the pictures again.
const COMMAND: &str = "cargo run --release -p signpost-share-pictures -- --content DIR";

/// How many missing pictures are named; who mends one mends all.
const MOST_NAMED: usize = 3;

/// The pictures that pages may name, and a warning if some are missing or stale.
///
/// # Errors
/// A template failed: a fault of ours.
pub(super) fn shared(
    making: Making<'_>,
    tree: &Tree,
) -> Result<(SharedPictures, Option<Diagnostic>), String> {
    let files = &making.assets.share_files;
    // Who never made pictures does not want any.
    let is_wanted = tree
        .assets
        .keys()
        .any(|path| path.starts_with("static/share/"));
    if !is_wanted {
        return Ok((SharedPictures::default(), None));
    }
    let pictures = share_pictures(making)?;
    let missing: Vec<&SharePicture> = pictures
        .iter()
        .filter(|picture| !files.contains(&picture.file_name))
        .collect();
    let fault = (!missing.is_empty()).then(|| stale(&missing, pictures.len()));
    Ok((SharedPictures::among(&pictures, files), fault))
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

fn stale(missing: &[&SharePicture], of: usize) -> Diagnostic {
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
