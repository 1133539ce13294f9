//! The smallest forms of bodies. They take far longer than a build, so a server makes
//! them in the background and an export makes only those that it does not have yet.

use std::collections::HashMap;
use std::sync::Arc;

use actix_web::http::header::HeaderValue;

use super::compress::{Effort, brotli};
use super::page::{Coding, Entry, Page, Representation};
use super::press::representations;
use super::{Problems, Snapshot};

/// The same snapshot with every brotli form at its best, one page after the other, so that a build which begins
/// meanwhile has the machine to itself. None as soon as it is no longer wanted.
pub fn with_best_compression(
    snapshot: &Snapshot,
    is_wanted: impl Fn() -> bool,
) -> Option<Snapshot> {
    let mut entries = HashMap::with_capacity(snapshot.len());
    for path in snapshot.addresses() {
        if !is_wanted() {
            return None;
        }
        let entry = match snapshot.entry(path)? {
            Entry::Page(page) => Entry::Page(Arc::new(at_best(page))),
            moved @ Entry::Moved(_) => moved.clone(),
        };
        entries.insert(Box::from(path), entry);
    }
    Some(Snapshot {
        entries,
        problems: snapshot.problems.at_best(),
        site: Arc::clone(&snapshot.site),
        materials: Arc::clone(&snapshot.materials),
        files: snapshot.files.clone(),
        making: Arc::clone(&snapshot.making),
    })
}

impl Problems {
    fn at_best(&self) -> Self {
        Self {
            not_found: at_best(&self.not_found),
            method_not_allowed: at_best(&self.method_not_allowed),
            forged: at_best(&self.forged),
            malformed: at_best(&self.malformed),
            failed: at_best(&self.failed),
            too_long: at_best(&self.too_long),
            too_slow: at_best(&self.too_slow),
            too_often: at_best(&self.too_often),
            overloaded: at_best(&self.overloaded),
        }
    }
}

/// A page with every form at its best, whatever it had before.
pub fn compressed(path: &str, page: &Page) -> Page {
    let mut page = page.clone();
    if let Some(body) = page.identity().map(|own| own.body.clone()) {
        page.representations = representations(path, body);
    }
    at_best(&page)
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
        let is_best = own.etag.to_str().is_ok_and(|etag| etag.ends_with("-br\""));
        let Some((body, etag)) = identity.as_ref().filter(|_| !is_best) else {
            continue;
        };
        let tag = etag.to_str().unwrap_or_default().trim_matches('"');
        let better =
            brotli(body, Effort::Best).zip(HeaderValue::from_str(&format!("\"{tag}-br\"")).ok());
        if let Some((body, etag)) = better {
            *own = Representation {
                coding: Coding::Brotli,
                body,
                etag,
            };
        }
    }
    page
}
