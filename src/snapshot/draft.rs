//! A tree to rendered pages, before anybody compresses them. It stands apart because
//! `check` stops here: all faults are known, and compression takes longest.

use std::sync::Arc;

use jiff::civil::Date;

use super::{Snapshot, share};
use crate::assets::{self, Assets};
use crate::clinic::{Accent, Clinic, parse_clinic};
use crate::diagnostic::{Code, Diagnostic, in_reading_order};
use crate::file::Place;
use crate::messages::{Languages, read_catalogs};
use crate::pages::share_picture::SharedPictures;
use crate::pages::{FormTarget, Making, RenderedPage, render_all};
use crate::site::{Site, Tree, load};

/// Why there is no snapshot.
#[derive(Debug, Clone)]
pub enum Failure {
    /// The clinic's own file never was good, so there is no name and no phone number to show.
    Content(Vec<Diagnostic>),
    /// A template failed: a fault of ours.
    Template(String),
}

/// Reads and renders a tree as [`build`](super::build()) does, and stops before the pages are compressed, which takes longest.
///
/// # Errors
/// See [`Failure`].
pub fn inspect(tree: &Tree, today: Date) -> Result<(Arc<Site>, Vec<Diagnostic>), Failure> {
    let (draft, faults) = render(tree, today, None, FormTarget::SameOrigin)?;
    Ok((draft.site, faults))
}

/// A site whose pages were rendered, and not yet compressed.
pub(super) struct Draft {
    pub(super) site: Arc<Site>,
    pub(super) languages: Languages,
    pub(super) assets: Assets,
    pub(super) pictures: SharedPictures,
    pub(super) forms: FormTarget,
    pub(super) pages: Vec<RenderedPage>,
}

impl Draft {
    pub(super) fn making(&self) -> Making<'_> {
        Making {
            site: &self.site,
            languages: &self.languages,
            assets: &self.assets.addresses,
            pictures: &self.pictures,
            forms: &self.forms,
        }
    }
}

/// Reads and renders a tree, and gives every diagnostic in reading order.
pub(super) fn render(
    tree: &Tree,
    today: Date,
    last_good: Option<&Snapshot>,
    forms: FormTarget,
) -> Result<(Draft, Vec<Diagnostic>), Failure> {
    let (languages, mut faults) = languages(tree, last_good);
    let names: Vec<String> = languages.keys().cloned().collect();
    let (accent, logo) = looks(tree, last_good);
    let assets = assets::build(&tree.assets, accent.as_ref(), logo.as_deref());
    let last_site = last_good.map(|last| last.site().as_ref());
    let (site, found) = load(tree, &assets.pictures, &names, today, last_site);
    faults.extend(found);
    if let Some(logo) = logo.filter(|_| assets.addresses.logo.is_none()) {
        let message = format!("there is no picture `static/{logo}` for the logo");
        let place = Place::start_of("clinic/clinic.toml");
        let fault = Diagnostic::new(Code::ImageMissing, place, message);
        faults.push(fault.help("put it there, or leave `logo` empty"));
    }
    let Some(site) = site.map(Arc::new) else {
        return Err(Failure::Content(in_reading_order(faults)));
    };
    let mut draft = Draft {
        site,
        languages,
        assets,
        pictures: SharedPictures::default(),
        forms,
        pages: Vec::new(),
    };
    let (pictures, stale) = share::shared(draft.making(), tree).map_err(Failure::Template)?;
    faults.extend(stale);
    share::keep_shared(&mut draft.assets, &pictures);
    draft.pictures = pictures;
    draft.pages = render_all(draft.making()).map_err(Failure::Template)?;
    Ok((draft, in_reading_order(faults)))
}

/// The words of every language. A catalog that broke keeps its last good words.
fn languages(tree: &Tree, last_good: Option<&Snapshot>) -> (Languages, Vec<Diagnostic>) {
    let is_catalog = |path: &str| path.starts_with("clinic/messages/") && path.ends_with(".toml");
    let files = tree.texts.iter().filter(|file| is_catalog(file.path()));
    let catalogs: Vec<_> = files.cloned().collect();
    let (mut languages, faults) = read_catalogs(&catalogs);
    for file in &catalogs {
        let last = last_good.and_then(|last| last.materials.languages.get(file.stem()));
        if let Some(words) = last.filter(|_| !languages.contains_key(file.stem())) {
            languages.insert(file.stem().to_owned(), Arc::clone(words));
        }
    }
    (languages, faults)
}

/// The accent and logo, which the style sheet needs before the site is read.
fn looks(tree: &Tree, last_good: Option<&Snapshot>) -> (Option<Accent>, Option<String>) {
    let file = tree
        .texts
        .iter()
        .find(|file| file.path() == "clinic/clinic.toml");
    let now = file.and_then(|file| parse_clinic(file).0);
    let of = |clinic: &Clinic| (clinic.accent, clinic.logo.clone());
    let last = || last_good.map(|last| of(&last.site().clinic));
    now.as_ref().map(of).or_else(last).unwrap_or_default()
}
