//! A tree to everything that pages are made of, before any is made. It stands apart
//! because `check` goes no further: all faults are known by then, and to render and
//! to compress takes longest.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::build::Purpose;
use super::share::Shared;
use super::{Made, Snapshot};
use crate::assets::{self, Assets};
use crate::clinic::{Accent, Clinic, parse_clinic};
use crate::diagnostic::{Code, Diagnostic, in_reading_order};
use crate::file::{Place, SourceFile};
use crate::infobutton;
use crate::messages::{Languages, read_catalogs};
use crate::pages::share_picture::{ShareNames, SharedPictures};
use crate::pages::{Edition, FormTarget, Making, Names, Notes};
use crate::site::{Before, Reading, Relations, Site, Tree, load_again};

/// Why there is no snapshot.
#[derive(Debug, Clone)]
pub enum Failure {
    /// The clinic's own file never was good, so there is no name and no phone number to show.
    Content(Vec<Diagnostic>),
    /// A template failed: a fault of ours.
    Template(String),
}

/// Reads a tree as [`build`](super::build()) does, and makes no page: what a page is made of has no fault any more, and a
/// template that fails is a fault of ours, which no edit mends.
///
/// # Errors
/// See [`Failure`].
pub fn inspect(tree: &Tree, today: Date) -> Result<(Arc<Site>, Vec<Diagnostic>), Failure> {
    let (draft, faults) = read(tree, &Purpose::for_readers(today, None))?;
    Ok((draft.site, faults))
}

/// Everything that pages are made of.
pub(super) struct Draft {
    pub(super) site: Arc<Site>,
    pub(super) reading: Reading,
    pub(super) languages: Languages,
    pub(super) assets: Arc<Assets>,
    pub(super) drawn: Drawn,
    pub(super) spoken: Arc<Spoken>,
    pub(super) relations: Relations,
    pub(super) pictures: SharedPictures,
    pub(super) names: Arc<Names>,
    pub(super) codes: Arc<infobutton::LateIndex>,
    pub(super) share_names: ShareNames,
    pub(super) forms: FormTarget,
    /// What editors are told; none for readers.
    pub(super) notes: Option<Arc<Notes>>,
}

impl Draft {
    pub(super) fn making(&self) -> Making<'_> {
        Making {
            site: &self.site,
            languages: &self.languages,
            assets: &self.assets.addresses,
            relations: &self.relations,
            pictures: &self.pictures,
            names: &self.names,
            forms: &self.forms,
            preview: self.notes.as_deref(),
        }
    }
}

/// Reads a tree, and tells every fault in reading order.
pub(super) fn read(
    tree: &Tree,
    purpose: &Purpose<'_>,
) -> Result<(Draft, Vec<Diagnostic>), Failure> {
    let (last_good, before) = (purpose.last_good, purpose.before());
    let (spoken, languages) = languages(tree, last_good, before);
    let mut faults = spoken.faults.clone();
    let names: Vec<String> = languages.keys().cloned().collect();
    let drawn = Drawn::of(tree, purpose.edition, last_good);
    let assets = drawn.assets(before.map(|before| before.making.as_ref()));
    let known = Before {
        last_good: last_good.map(|last| last.site().as_ref()),
        reading: before.map(|before| &before.making.reading),
    };
    let (today, audience) = (purpose.today, purpose.audience);
    let (loaded, found) = load_again(tree, &assets.pictures, &names, today, audience, known);
    faults.extend(found);
    faults.extend(drawn.missing_logo(&assets));
    let Some((site, reading)) = loaded else {
        return Err(Failure::Content(in_reading_order(faults)));
    };
    let site = Arc::new(site);
    let (relations, names) = lists(&site, before);
    let codes = before.map(|before| (before.site().as_ref(), &before.codes));
    let mut draft = Draft {
        relations,
        names,
        codes: infobutton::LateIndex::again(&site, codes),
        site,
        reading,
        languages,
        assets,
        drawn,
        spoken,
        pictures: SharedPictures::default(),
        share_names: ShareNames::default(),
        forms: purpose.forms.clone(),
        notes: None,
    };
    let names = before.and_then(|before| known_names(&draft, before));
    let shared = Shared::of(draft.making(), tree, names).map_err(Failure::Template)?;
    draft.pictures = shared.pictures;
    draft.share_names = shared.names;
    faults.extend(shared.stale);
    let faults = in_reading_order(faults);
    draft.notes = match purpose.edition {
        Edition::Public => None,
        Edition::Preview(desk) => {
            let notes = Notes::new(desk.clone(), &draft.site, &faults, &tree.stamps);
            Some(Arc::new(notes))
        }
    };
    Ok((draft, faults))
}

/// What is sorted out of all articles together, each list beside the others.
fn lists(site: &Site, before: Option<&Snapshot>) -> (Relations, Arc<Names>) {
    let last = before.map(|before| &before.materials.relations);
    let names = before.map(|before| (before.site().as_ref(), &before.materials.names));
    rayon::join(|| Relations::of(site, last), || Names::again(site, names))
}

/// The names of the last share pictures, if they still say the same of the same article.
fn known_names<'a>(draft: &Draft, before: &'a Snapshot) -> Option<&'a ShareNames> {
    let (made, materials) = (&before.making, &before.materials);
    let is_same = made.reading.has_ground_of(&draft.reading)
        && materials.languages == draft.languages
        && materials.assets.lettering == draft.assets.addresses.lettering;
    is_same.then_some(&made.share_names)
}

/// What style sheet, fonts and pictures are made of.
#[derive(Debug, PartialEq)]
pub(super) struct Drawn {
    files: BTreeMap<String, Arc<[u8]>>,
    accent: Option<Accent>,
    logo: Option<String>,
}

/// Files that come with the program for previews alone.
const FOR_PREVIEWS: [&str; 2] = ["static/css/components/preview.css", "static/js/preview.js"];

impl Drawn {
    fn of(tree: &Tree, edition: &Edition, last_good: Option<&Snapshot>) -> Self {
        let (accent, logo) = looks(tree, last_good);
        let mut files = tree.assets.clone();
        if *edition == Edition::Public {
            for path in FOR_PREVIEWS {
                files.remove(path);
            }
        }
        Self {
            files,
            accent,
            logo,
        }
    }

    /// What is made of it, taken over from `before` if that was made of the same.
    fn assets(&self, before: Option<&Made>) -> Arc<Assets> {
        match before.filter(|before| before.drawn == *self) {
            Some(before) => Arc::clone(&before.assets),
            None => {
                let (accent, logo) = (self.accent.as_ref(), self.logo.as_deref());
                Arc::new(assets::build(&self.files, accent, logo))
            }
        }
    }

    fn missing_logo(&self, assets: &Assets) -> Option<Diagnostic> {
        let logo = self.logo.as_ref()?;
        if assets.addresses.logo.is_some() {
            return None;
        }
        let message = format!("there is no picture `static/{logo}` for the logo");
        let place = Place::start_of("clinic/clinic.toml");
        let fault = Diagnostic::new(Code::ImageMissing, place, message);
        Some(fault.help("put it there, or leave `logo` empty"))
    }
}

/// What the words of languages are made of, and what is wrong with it.
#[derive(Debug)]
pub(super) struct Spoken {
    catalogs: Vec<SourceFile>,
    faults: Vec<Diagnostic>,
}

/// Where the catalogs of a clinic are.
const CATALOGS: &str = "clinic/messages/";

/// The words of every language, those of `before` if they are made of the same. A catalog that broke keeps its last good
/// words.
fn languages(
    tree: &Tree,
    last_good: Option<&Snapshot>,
    before: Option<&Snapshot>,
) -> (Arc<Spoken>, Languages) {
    let from = tree.texts.partition_point(|file| file.path() < CATALOGS);
    let files = tree.texts.get(from..).unwrap_or_default().iter();
    let files = files.take_while(|file| file.path().starts_with(CATALOGS));
    let files = files.filter(|file| file.path().ends_with(".toml"));
    let catalogs: Vec<_> = files.cloned().collect();
    if let Some(before) = before.filter(|before| before.making.spoken.catalogs == catalogs) {
        let languages = before.materials.languages.clone();
        return (Arc::clone(&before.making.spoken), languages);
    }
    let (mut languages, faults) = read_catalogs(&catalogs);
    for file in &catalogs {
        let last = last_good.and_then(|last| last.materials.languages.get(file.stem()));
        if let Some(words) = last.filter(|_| !languages.contains_key(file.stem())) {
            languages.insert(file.stem().to_owned(), Arc::clone(words));
        }
    }
    (Arc::new(Spoken { catalogs, faults }), languages)
}

/// The accent and logo, which the style sheet needs before the site is read.
fn looks(tree: &Tree, last_good: Option<&Snapshot>) -> (Option<Accent>, Option<String>) {
    let file = tree.text("clinic/clinic.toml");
    let now = file.and_then(|file| parse_clinic(file).0);
    let of = |clinic: &Clinic| (clinic.accent, clinic.logo.clone());
    let last = || last_good.map(|last| of(&last.site().clinic));
    now.as_ref().map(of).or_else(last).unwrap_or_default()
}
