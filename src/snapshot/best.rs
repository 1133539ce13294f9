//! The compressed forms of bodies. They take longer than a build, so a server makes
//! them in the background, first quickly and then as small as can be, and an export
//! makes only those that it does not have yet. A body that was pressed before, by an
//! earlier server too, is not pressed again.

use std::sync::Arc;

use actix_web::http::header::HeaderValue;
use rayon::prelude::*;

use super::article_pages::Slot;
use super::body::Body;
use super::compress::{Effort, MIN_BYTES, brotli};
use super::page::{Coding, Entry, Heads, Page, Representation};
use super::press::{is_compressible, representation, representations};
use super::pressed::{Forms, Pressed};
use super::{ByAddress, Problems, Snapshot, room_for};

/// What a tag of the best brotli form ends with.
const BEST: &str = "-br";

/// The same snapshot with every form of every body, those that are not known made quickly and on all cores. None if
/// nothing is missing.
pub fn with_all_forms(snapshot: &Snapshot, known: &Pressed) -> Option<Snapshot> {
    let slots: Vec<(&Arc<str>, &Slot)> = snapshot.slots.iter().collect();
    let slots = slots.into_par_iter().filter_map(|(path, slot)| {
        let entry = match slot {
            Slot::Ready(entry) => all_forms(path, entry, known)?,
            Slot::Later(later) => {
                // It is also in snapshots that follow: if one of them is live by now, this was not in vain.
                let made = later.entry(snapshot, |page| match lacks_forms(path, &page) {
                    true => with_forms(path, &page, known),
                    false => page,
                });
                all_forms(path, made, known).unwrap_or_else(|| made.clone())
            }
        };
        Some((Arc::clone(path), Slot::Ready(entry)))
    });
    let slots: Vec<_> = slots.collect();
    let others: Vec<(&Arc<str>, &Entry)> = snapshot.others.iter().collect();
    let others = others
        .into_par_iter()
        .filter_map(|(path, entry)| Some((Arc::clone(path), all_forms(path, entry, known)?)));
    let others: Vec<_> = others.collect();
    if slots.is_empty() && others.is_empty() {
        return None;
    }
    let all = Bodies {
        slots: extended(&snapshot.slots, slots),
        others: extended(&snapshot.others, others),
    };
    let problem = |page: &Page| with_forms("", page, known);
    Some(replaced(snapshot, all, snapshot.problems.each(problem)))
}

/// Everything that a snapshot sends, by address.
struct Bodies {
    slots: ByAddress<Slot>,
    others: ByAddress<Entry>,
}

fn extended<T: Clone>(all: &ByAddress<T>, new: Vec<(Arc<str>, T)>) -> ByAddress<T> {
    let mut all = all.clone();
    all.extend(new);
    all
}

/// A page with all forms of its body; none if it has them.
fn all_forms(path: &str, entry: &Entry, known: &Pressed) -> Option<Entry> {
    match entry {
        Entry::Page(page) if lacks_forms(path, page) => {
            Some(Entry::Page(Arc::new(with_forms(path, page, known))))
        }
        Entry::Page(_) | Entry::Moved(_) => None,
    }
}

/// Whether forms of a page were not made yet.
fn lacks_forms(path: &str, page: &Page) -> bool {
    let is_alone = page.representations.len() == 1;
    let bytes = page.identity().map_or(0, |own| own.body.len());
    is_alone && bytes >= MIN_BYTES && is_compressible(path)
}

fn with_forms(path: &str, page: &Page, known: &Pressed) -> Page {
    let mut page = page.clone();
    let Some(own) = page.identity().cloned() else {
        return page;
    };
    let forms = hash_of(&page).and_then(|hash| Some((hash, known.of(hash)?)));
    page.representations = match forms {
        Some((hash, forms)) => known_forms(hash, forms).chain([own]).collect(),
        None => representations(path, own.body.once()),
    };
    pack(&mut page.representations);
    page
}

/// Leaves the body as it is to its gzip form, if there is one.
fn pack(forms: &mut [Representation]) {
    let gzip = forms.iter().find(|own| own.coding == Coding::Gzip);
    let Some(gzip) = gzip.map(|own| own.body.bytes()) else {
        return;
    };
    for own in forms
        .iter_mut()
        .filter(|own| own.coding == Coding::Identity)
    {
        own.body = Body::packed(gzip.clone(), own.body.len());
    }
}

/// What was pressed before, smallest first.
fn known_forms(hash: u128, forms: &Forms) -> impl Iterator<Item = Representation> {
    let br = forms.brotli.clone();
    let br = br.map(|body| representation(Coding::Brotli, body, hash, BEST));
    let gzip = forms.gzip.clone();
    let gzip = gzip.map(|body| representation(Coding::Gzip, body, hash, "-gz"));
    br.into_iter().chain(gzip)
}

/// The same snapshot with every brotli form at its best, one page after the other, so that a build which begins
/// meanwhile has the machine to itself. None as soon as it is no longer wanted.
pub fn with_best_compression(
    snapshot: &Snapshot,
    is_wanted: impl Fn() -> bool,
) -> Option<Snapshot> {
    let mut all = Bodies {
        slots: room_for(snapshot.slots.len()),
        others: room_for(snapshot.others.len()),
    };
    for (path, slot) in by_address(&snapshot.slots) {
        if !is_wanted() {
            return None;
        }
        // What nobody made yet is not compressed either.
        let slot = match slot.made() {
            Some(entry) => Slot::Ready(entry_at_best(entry)),
            None => slot.clone(),
        };
        all.slots.insert(Arc::clone(path), slot);
    }
    for (path, entry) in by_address(&snapshot.others) {
        if !is_wanted() {
            return None;
        }
        all.others.insert(Arc::clone(path), entry_at_best(entry));
    }
    Some(replaced(snapshot, all, snapshot.problems.each(at_best)))
}

fn by_address<T>(all: &ByAddress<T>) -> Vec<(&Arc<str>, &T)> {
    let mut all: Vec<_> = all.iter().collect();
    all.sort_unstable_by_key(|(path, _)| *path);
    all
}

fn entry_at_best(entry: &Entry) -> Entry {
    match entry {
        Entry::Page(page) if !is_at_best(page) => Entry::Page(Arc::new(at_best(page))),
        done => done.clone(),
    }
}

fn replaced(snapshot: &Snapshot, bodies: Bodies, problems: Problems) -> Snapshot {
    Snapshot {
        slots: Arc::new(bodies.slots),
        others: bodies.others,
        problems,
        site: Arc::clone(&snapshot.site),
        materials: Arc::clone(&snapshot.materials),
        codes: Arc::clone(&snapshot.codes),
        files: snapshot.files.clone(),
        kept_files: snapshot.kept_files.clone(),
        making: Arc::clone(&snapshot.making),
    }
}

impl Problems {
    fn each(&self, change: impl Fn(&Page) -> Page) -> Self {
        Self {
            not_found: change(&self.not_found),
            method_not_allowed: change(&self.method_not_allowed),
            forged: change(&self.forged),
            malformed: change(&self.malformed),
            failed: change(&self.failed),
            too_long: change(&self.too_long),
            too_slow: change(&self.too_slow),
            too_often: change(&self.too_often),
            overloaded: change(&self.overloaded),
        }
    }
}

/// A page with every form at its best, whatever it had before.
pub fn compressed(path: &str, page: &Page) -> Page {
    let mut page = page.clone();
    if let Some(body) = page.identity().map(|own| own.body.clone()) {
        page.representations = representations(path, body.once());
    }
    at_best(&page)
}

/// The hash of a page's body, which its tag is.
pub(super) fn hash_of(page: &Page) -> Option<u128> {
    let tag = page.identity()?.etag.to_str().ok()?;
    u128::from_str_radix(tag.trim_matches('"'), 16).ok()
}

/// Whether a page has a brotli form that can't be smaller.
pub(super) fn is_at_best(page: &Page) -> bool {
    let mut forms = page.representations.iter();
    forms.any(|own| own.coding == Coding::Brotli && is_best(own))
}

fn is_best(own: &Representation) -> bool {
    let tag = own.etag.to_str().unwrap_or_default();
    tag.trim_end_matches('"').ends_with(BEST)
}

fn at_best(page: &Page) -> Page {
    let mut page = page.clone();
    let identity = page
        .identity()
        .map(|own| (own.body.clone(), own.etag.clone()));
    for own in page
        .representations
        .iter_mut()
        .filter(|own| own.coding == Coding::Brotli)
    {
        let Some((body, etag)) = identity.as_ref().filter(|_| !is_best(own)) else {
            continue;
        };
        let tag = etag.to_str().unwrap_or_default().trim_matches('"');
        let better = brotli(&body.once(), Effort::Best)
            .zip(HeaderValue::from_str(&format!("\"{tag}{BEST}\"")).ok());
        if let Some((body, etag)) = better {
            *own = Representation {
                coding: Coding::Brotli,
                body: Body::Whole(body),
                etag,
                heads: Heads::default(),
            };
        }
    }
    page
}
