//! Builds a snapshot from a tree: load, render, compress. What is made of the same
//! as in the last snapshot is taken over from it: a page whose ground, articles and
//! note are the same values is the same entry. The result is the same, byte for byte.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use actix_web::http::header::HeaderValue;
use jiff::civil::Date;
use rayon::prelude::*;

use super::page::Entry;
use super::press::Press;
use super::{Made, MadeOf, Materials, Problems, Snapshot};
use crate::assets::{self, Assets};
use crate::clinic::{Accent, Clinic, parse_clinic};
use crate::diagnostic::{Code, Diagnostic, in_reading_order};
use crate::file::{Place, Spanned};
use crate::id::Slug;
use crate::messages::{Languages, read_catalogs};
use crate::pages::{Edition, Job, Making, Notes, Problem, jobs, problem_page};
use crate::site::{Before, Reading, Site, Tree, load_again};

/// What came of a build: the snapshot, and everything that somebody should mend.
pub type Built = (Arc<Snapshot>, Vec<Diagnostic>);

/// Why there is no snapshot.
#[derive(Debug, Clone)]
pub enum Failure {
    /// The clinic's own file never was good, so there is no name and no phone number to show.
    Content(Vec<Diagnostic>),
    /// A template failed: a fault of ours.
    Template(String),
}

/// How much of a site is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// What is not as it was in the last snapshot.
    Changes,
    /// Everything: to prove that [`Extent::Changes`] gives the same.
    Everything,
}

/// Builds the site of `today` from a tree. What broke comes from `last_good`.
///
/// # Errors
/// See [`Failure`].
pub fn build(
    tree: &Tree,
    today: Date,
    edition: &Edition,
    last_good: Option<&Snapshot>,
    extent: Extent,
) -> Result<Built, Failure> {
    let before = last_good.filter(|_| extent == Extent::Changes);
    let (content, faults) = read(tree, today, edition, last_good, before);
    let Some(content) = content else {
        return Err(Failure::Content(faults));
    };
    let notes = match edition {
        Edition::Public => None,
        Edition::Preview(desk) => {
            let notes = Notes::new(desk.clone(), &content.site, &faults, &tree.saved_at);
            Some(Arc::new(notes))
        }
    };
    let freezing = Freezing {
        edition,
        last_good,
        before,
    };
    let snapshot = freezing.freeze(content, notes).map_err(Failure::Template)?;
    Ok((Arc::new(snapshot), faults))
}

/// Everything that pages are made of.
struct Content {
    site: Site,
    reading: Reading,
    languages: Languages,
    assets: Arc<Assets>,
    drawn: Drawn,
}

/// Reads a tree, and tells every fault in reading order. There is no content without a clinic.
fn read(
    tree: &Tree,
    today: Date,
    edition: &Edition,
    last_good: Option<&Snapshot>,
    before: Option<&Snapshot>,
) -> (Option<Content>, Vec<Diagnostic>) {
    let (languages, mut faults) = languages(tree, last_good);
    let names: Vec<String> = languages.keys().cloned().collect();
    let drawn = Drawn::of(tree, edition, last_good);
    let assets = drawn.assets(before.map(|before| before.making.as_ref()));
    let known = Before {
        last_good: last_good.map(|last| last.site().as_ref()),
        reading: before.map(|before| &before.making.reading),
    };
    let (loaded, found) = load_again(tree, &assets.pictures, &names, today, known);
    faults.extend(found);
    faults.extend(drawn.missing_logo(&assets));
    let content = loaded.map(|(site, reading)| Content {
        site,
        reading,
        languages,
        assets,
        drawn,
    });
    (content, in_reading_order(faults))
}

/// Makes answers of content.
#[derive(Clone, Copy)]
struct Freezing<'a> {
    edition: &'a Edition,
    last_good: Option<&'a Snapshot>,
    /// The snapshot of which pages may be taken over.
    before: Option<&'a Snapshot>,
}

impl<'a> Freezing<'a> {
    fn freeze(self, content: Content, notes: Option<Arc<Notes>>) -> Result<Snapshot, String> {
        let making = Making {
            site: &content.site,
            languages: &content.languages,
            assets: &content.assets.addresses,
            preview: notes.as_deref(),
        };
        let press = Press {
            clinic: &content.site.clinic,
            edition: self.edition,
            last_good: self.last_good,
        };
        let same = self.on_the_same_ground(&content);
        let made = pages(making, press, same)?;
        let problems = match same {
            Some(same) => same.problems.clone(),
            None => problems(making, press)?,
        };
        let mut entries = made.entries;
        entries.extend(files(&content.assets, press));
        for (path, entry) in redirects(&content.site) {
            entries.entry(path).or_insert(entry);
        }
        let files = file_addresses(&entries);
        keep_files_in_use(&mut entries, self.last_good);
        Ok(Snapshot {
            entries,
            problems,
            site: Arc::new(content.site),
            materials: Arc::new(Materials {
                languages: content.languages,
                assets: content.assets.addresses.clone(),
                notes,
            }),
            files,
            making: Arc::new(Made {
                reading: content.reading,
                assets: content.assets,
                drawn: content.drawn,
                edition: self.edition.clone(),
                pages: made.pages,
            }),
        })
    }

    /// The last snapshot, if everything but its articles is the same: other pages have nothing in common with these.
    fn on_the_same_ground(self, content: &Content) -> Option<&'a Snapshot> {
        self.before.filter(|before| {
            before.making.reading.has_ground_of(&content.reading)
                && before.making.edition == *self.edition
                && before.materials.languages == content.languages
                && before.materials.assets == content.assets.addresses
        })
    }
}

/// Pages by address, and what each was made of.
#[derive(Default)]
struct Pages {
    entries: HashMap<Box<str>, Entry>,
    pages: HashMap<Box<str>, MadeOf>,
}

/// Every page: taken over from `same` when it is made of the same, else rendered.
fn pages(making: Making<'_>, press: Press<'_>, same: Option<&Snapshot>) -> Result<Pages, String> {
    let jobs = jobs(making);
    let made: Vec<_> = jobs
        .par_iter()
        .map(|job| {
            let known = same.and_then(|same| known(job, making, same));
            match known {
                Some(known) => Ok(known),
                None => {
                    let page = job.render(making)?;
                    let made_of = made_of_now(job, making);
                    Ok((Entry::Page(Arc::new(press.page(page))), made_of))
                }
            }
        })
        .collect::<Result<_, String>>()?;
    let mut pages = Pages {
        entries: HashMap::with_capacity(made.len()),
        pages: HashMap::with_capacity(made.len()),
    };
    for (job, (entry, made_of)) in jobs.iter().zip(made) {
        pages.entries.insert(job.path().into(), entry);
        pages.pages.insert(job.path().into(), made_of);
    }
    Ok(pages)
}

/// The page as it was, if it is made of the same.
fn known(job: &Job<'_>, making: Making<'_>, before: &Snapshot) -> Option<(Entry, MadeOf)> {
    let made_of = before.making.pages.get(job.path())?;
    if !job.is_made_of(&made_of.articles) || job.note(making) != made_of.note.as_ref() {
        return None;
    }
    let mut pairs = job.shows().iter().zip(made_of.articles.iter());
    let made_of = if pairs.all(|(now, last)| Arc::ptr_eq(now, last)) {
        made_of.clone()
    } else {
        // What is not shown changed; the older values are let go.
        made_of_now(job, making)
    };
    Some((before.entry(job.path())?.clone(), made_of))
}

fn made_of_now(job: &Job<'_>, making: Making<'_>) -> MadeOf {
    MadeOf {
        articles: job.shows().iter().map(|own| Arc::clone(own)).collect(),
        note: job.note(making).cloned(),
    }
}

/// Files by address. The address names the content, so a file that was there is the same.
fn files(assets: &Assets, press: Press<'_>) -> Vec<(Box<str>, Entry)> {
    let files: Vec<_> = assets.files.values().collect();
    let entry = |file: &&assets::Asset| {
        let known = press.last_good.and_then(|last| last.entry(&file.path));
        let entry = known.cloned();
        let entry = entry.unwrap_or_else(|| Entry::Page(Arc::new(press.file(file))));
        (file.path.clone().into_boxed_str(), entry)
    };
    files.par_iter().map(entry).collect()
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

fn problems(making: Making<'_>, press: Press<'_>) -> Result<Problems, String> {
    let page = |problem| problem_page(making, problem).map(|page| press.page(page));
    Ok(Problems {
        not_found: page(Problem::NotFound)?,
        method_not_allowed: page(Problem::MethodNotAllowed)?,
        forged: page(Problem::Forged)?,
        malformed: page(Problem::Malformed)?,
        failed: page(Problem::Failed)?,
    })
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

/// Addresses of style sheets, fonts and pictures.
fn file_addresses(entries: &HashMap<Box<str>, Entry>) -> BTreeSet<Box<str>> {
    let addresses = entries
        .keys()
        .filter(|address| address.starts_with("/static/"));
    addresses.cloned().collect()
}

/// Keeps files of the last snapshot that are gone: those that it made itself, since a browser may still show a page
/// of that time, and those that a page of now names, since it stayed as it was after an error.
fn keep_files_in_use(entries: &mut HashMap<Box<str>, Entry>, last_good: Option<&Snapshot>) {
    let Some(last) = last_good else { return };
    let gone = file_addresses(&last.entries).into_iter();
    let gone: Vec<Box<str>> = gone
        .filter(|address| !entries.contains_key(address))
        .collect();
    let kept: Vec<(Box<str>, Entry)> = gone
        .into_iter()
        .filter(|address| last.files.contains(address) || is_named(entries, address))
        .filter_map(|address| Some((address.clone(), last.entry(&address)?.clone())))
        .collect();
    entries.extend(kept);
}

fn is_named(entries: &HashMap<Box<str>, Entry>, address: &str) -> bool {
    let mut bodies = entries.values().filter_map(|entry| match entry {
        Entry::Page(page) => page.identity(),
        Entry::Moved(_) => None,
    });
    let holds = |text: &[u8]| {
        text.windows(address.len())
            .any(|window| window == address.as_bytes())
    };
    bodies.any(|own| holds(&own.body))
}

/// Old addresses of articles that readers can open.
fn redirects(site: &Site) -> Vec<(Box<str>, Entry)> {
    let mut found = Vec::new();
    let moved = site.public_articles();
    for article in moved.filter(|article| !article.aliases.is_empty()) {
        let target = HeaderValue::from_str(&format!("/articles/{}", article.slug));
        let free = |alias: &&Spanned<Slug>| !site.articles.contains_key(&alias.value);
        for alias in article.aliases.iter().filter(free) {
            let target = target.as_ref().ok().cloned();
            found.extend(target.map(|to| {
                (
                    format!("/articles/{}", alias.value).into_boxed_str(),
                    Entry::Moved(to),
                )
            }));
        }
    }
    found
}
