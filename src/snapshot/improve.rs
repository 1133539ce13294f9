//! Better compression in the background: the same snapshot, with brotli at its best.
//! It stands apart from building because it takes a hundred times as long, and a
//! build never waits for it.

use std::collections::HashMap;
use std::sync::Arc;

use actix_web::http::header::HeaderValue;

use super::Snapshot;
use super::compress::{Effort, brotli};
use super::page::{Coding, Entry, Page, Representation};

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
        problems: snapshot.problems.clone(),
        site: Arc::clone(&snapshot.site),
        materials: Arc::clone(&snapshot.materials),
        files: snapshot.files.clone(),
        making: Arc::clone(&snapshot.making),
    })
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
