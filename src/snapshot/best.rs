//! The compressed forms of bodies. They take longer than a build, so a server makes
//! them in the background, first quickly and then as small as can be, and an export
//! makes only those that it does not have yet. A body that was pressed before, by an
//! earlier server too, is not pressed again.

use std::sync::Arc;

use rayon::prelude::*;

use super::article_pages::Slot;
use super::body::Body;
use super::compress::{Effort, MIN_BYTES, brotli};
use super::page::{Coding, Entry, Page, Representation};
use super::press::{is_compressible, representation, representations, representations_with};
use super::pressed::{Home, Pressed};
use super::tag::Form;
use super::{ByAddress, Problems, Snapshot, room_for};

/// Which pages are compressed quickly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    /// What people read of an article: other forms of it can wait.
    Articles,
    All,
}

/// The same snapshot with every form of every article's page, those that are not known made quickly and on all cores. None
/// if nothing is missing.
pub fn with_forms_of_articles(snapshot: &Snapshot, known: &Pressed) -> Option<Snapshot> {
    with_forms_where(snapshot, known, Which::Articles)
}

/// The same for every body of the snapshot.
pub fn with_all_forms(snapshot: &Snapshot, known: &Pressed) -> Option<Snapshot> {
    with_forms_where(snapshot, known, Which::All)
}

fn with_forms_where(snapshot: &Snapshot, known: &Pressed, which: Which) -> Option<Snapshot> {
    let slots: Vec<(&Arc<str>, &Slot)> = snapshot.slots.iter().collect();
    let slots = slots.into_par_iter().filter_map(|(path, slot)| {
        let slot = match slot {
            Slot::Ready(entry) => Slot::Ready(all_forms(path, entry, known, Home::Memory)?),
            Slot::Filed(entry, _) if entry.is_sound() => return None,
            Slot::Later(later) | Slot::Filed(_, later)
                if which == Which::Articles && !later.is_read_by_people() =>
            {
                return None;
            }
            Slot::Later(later) | Slot::Filed(_, later) => {
                let is_gone = later.made().is_some_and(|made| !made.is_sound());
                let later = match is_gone {
                    true => &later.anew(),
                    false => later,
                };
                // It is also in snapshots that follow: if one of them is live by now, this was not in vain.
                let made = later.entry(snapshot, |page| match lacks_forms(path, &page) {
                    true => filed(with_forms(path, &page, known, Home::Vault), known),
                    false => filed(page, known),
                });
                let pressed = all_forms(path, made, known, Home::Vault);
                let entry = pressed.map(|entry| filed_entry(&entry, known));
                let entry = entry.unwrap_or_else(|| made.clone());
                Slot::Filed(entry, later.anew())
            }
        };
        Some((Arc::clone(path), slot))
    });
    let slots: Vec<_> = slots.collect();
    let others: Vec<(&Arc<str>, &Entry)> = snapshot.others.iter().collect();
    let others = others.into_par_iter().filter_map(|(path, entry)| {
        let entry = all_forms(path, entry, known, Home::Memory)?;
        Some((Arc::clone(path), entry))
    });
    let others: Vec<_> = others.collect();
    if slots.is_empty() && others.is_empty() {
        return None;
    }
    let all = Bodies {
        slots: extended(&snapshot.slots, slots),
        others: extended(&snapshot.others, others),
    };
    let problem = |page: &Page| with_forms("", page, known, Home::Memory);
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
fn all_forms(path: &str, entry: &Entry, known: &Pressed, home: Home) -> Option<Entry> {
    match entry {
        Entry::Page(page) if lacks_forms(path, page) => {
            let page = with_forms(path, page, known, home);
            Some(Entry::Page(Arc::new(page)))
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

fn with_forms(path: &str, page: &Page, known: &Pressed, home: Home) -> Page {
    let mut page = page.clone();
    let Some((own, body)) = page
        .identity()
        .and_then(|own| Some((own.clone(), own.body.once()?)))
    else {
        return page;
    };
    let forms = hash_of(&page).and_then(|hash| known.forms(hash, home));
    page.representations = match forms {
        Some(forms) => forms.into_iter().chain([own]).collect(),
        None => representations(path, body),
    };
    pack(&mut page.representations);
    page
}

/// A page whose compressed forms lie in the vault, as far as it takes them.
fn filed(mut page: Page, known: &Pressed) -> Page {
    for own in &mut page.representations {
        if own.coding() != Coding::Identity
            && let Some(body) = known.filed(&own.body)
        {
            own.body = body;
        }
    }
    pack(&mut page.representations);
    page
}

fn filed_entry(entry: &Entry, known: &Pressed) -> Entry {
    match entry {
        Entry::Page(page) => Entry::Page(Arc::new(filed(page.as_ref().clone(), known))),
        Entry::Moved(_) => entry.clone(),
    }
}

/// The same snapshot, with everything that may lie in a file in the vault of `known`.
pub fn with_files_in(snapshot: &Snapshot, known: &Pressed) -> Snapshot {
    let mut all = Bodies {
        slots: room_for(snapshot.slots.len()),
        others: snapshot.others.clone(),
    };
    for (path, slot) in by_address(&snapshot.slots) {
        let slot = match slot {
            Slot::Filed(entry, later) => Slot::Filed(filed_entry(entry, known), Arc::clone(later)),
            Slot::Ready(_) | Slot::Later(_) => slot.clone(),
        };
        all.slots.insert(Arc::clone(path), slot);
    }
    replaced(snapshot, all, snapshot.problems.clone())
}

/// Leaves the body as it is to its gzip form, if there is one.
fn pack(forms: &mut [Representation]) {
    let gzip = forms.iter().find(|own| own.coding() == Coding::Gzip);
    let Some(gzip) = gzip.map(|own| own.body.clone()) else {
        return;
    };
    for own in forms
        .iter_mut()
        .filter(|own| own.coding() == Coding::Identity)
    {
        own.body = Body::packed(gzip.clone(), own.body.len());
    }
}

/// How much of a snapshot has its best forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// All that was made.
    Whole,
    /// As many bodies as were asked for; more are left.
    Part,
}

/// The same snapshot with brotli forms at their best, one page after the other, so that a build which begins meanwhile has
/// the machine to itself. `most` is how many bodies are made smaller at once; those that are known don't count. None as soon
/// as it is no longer wanted.
pub fn with_best_compression(
    snapshot: &Snapshot,
    known: &Pressed,
    most: usize,
    is_wanted: impl Fn() -> bool,
) -> Option<(Snapshot, Progress)> {
    let mut all = Bodies {
        slots: room_for(snapshot.slots.len()),
        others: room_for(snapshot.others.len()),
    };
    let mut finisher = Finisher { known, left: most };
    for (path, slot) in by_address(&snapshot.slots) {
        if !is_wanted() {
            return None;
        }
        let better = match slot {
            Slot::Ready(entry) => finisher.entry(entry, Home::Memory).map(Slot::Ready),
            Slot::Filed(entry, later) => finisher
                .entry(entry, Home::Vault)
                .map(|entry| Slot::Filed(filed_entry(&entry, known), Arc::clone(later))),
            // What nobody made yet is not compressed either.
            Slot::Later(later) => later
                .made()
                .and_then(|entry| finisher.entry(entry, Home::Memory))
                .map(Slot::Ready),
        };
        let better = better.unwrap_or_else(|| slot.clone());
        all.slots.insert(Arc::clone(path), better);
    }
    for (path, entry) in by_address(&snapshot.others) {
        if !is_wanted() {
            return None;
        }
        let better = finisher.entry(entry, Home::Memory);
        let entry = better.unwrap_or_else(|| entry.clone());
        all.others.insert(Arc::clone(path), entry);
    }
    let problem = |page: &Page| {
        let better = finisher.page(page, Home::Memory);
        better.unwrap_or_else(|| page.clone())
    };
    let better = replaced(snapshot, all, snapshot.problems.each(problem));
    let progress = match finisher.left {
        0 => Progress::Part,
        _ => Progress::Whole,
    };
    Some((better, progress))
}

fn by_address<T>(all: &ByAddress<T>) -> Vec<(&Arc<str>, &T)> {
    let mut all: Vec<_> = all.iter().collect();
    all.sort_unstable_by_key(|(path, _)| *path);
    all
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
        read_from: snapshot.read_from,
        making: Arc::clone(&snapshot.making),
    }
}

impl Problems {
    fn each(&self, mut change: impl FnMut(&Page) -> Page) -> Self {
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

/// How many pages have a form that could be smaller.
pub fn count_quick(snapshot: &Snapshot) -> usize {
    let slots = snapshot.slots.values().filter_map(Slot::made);
    let entries = slots.chain(snapshot.others.values());
    let quick = entries.filter(|entry| match entry {
        Entry::Page(page) => {
            let mut forms = page.representations.iter();
            forms.any(|own| own.tag.form() == Form::Quick)
        }
        Entry::Moved(_) => false,
    });
    quick.count()
}

/// A page with every form at its best, whatever it had before.
pub fn compressed(path: &str, page: &Page) -> Page {
    let mut page = page.clone();
    if let Some(body) = page.identity().and_then(|own| own.body.once()) {
        page.representations = representations_with(path, body, Effort::Best);
    }
    page
}

/// The hash of a page's body.
pub(super) fn hash_of(page: &Page) -> Option<u128> {
    Some(page.identity()?.tag.hash())
}

/// Puts the best form of brotli in the place of a quick one, until it has made enough of them.
struct Finisher<'a> {
    known: &'a Pressed,
    /// How many more are made.
    left: usize,
}

impl Finisher<'_> {
    fn entry(&mut self, entry: &Entry, home: Home) -> Option<Entry> {
        match entry {
            Entry::Page(page) => Some(Entry::Page(Arc::new(self.page(page, home)?))),
            Entry::Moved(_) => None,
        }
    }

    /// A page with another form; none if it stays as it is.
    fn page(&mut self, page: &Page, home: Home) -> Option<Page> {
        let mut forms = page.representations.iter();
        let place = forms.position(|own| own.tag.form() == Form::Quick)?;
        let hash = hash_of(page)?;
        let best = match self.known.best(hash, home) {
            Some(best) => best,
            None => self.made(page, place, hash)?,
        };
        let mut page = page.clone();
        *page.representations.get_mut(place)? = best;
        Some(page)
    }

    fn made(&mut self, page: &Page, place: usize, hash: u128) -> Option<Representation> {
        self.left = self.left.checked_sub(1)?;
        let body = page.identity()?.body.once()?;
        // If it gains nothing, the quick one is the best there is.
        let best = brotli(&body, Effort::Best).map(Body::Whole);
        let best = best.or_else(|| Some(page.representations.get(place)?.body.clone()));
        Some(representation(Form::Best, best?, hash))
    }
}
