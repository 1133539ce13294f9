//! Sitemaps: every page that search engines may list, and when those changed that know
//! it. They are made of the pages that were rendered, so a page that says `noindex`, a
//! draft or a redirect can't be in one.

use askama::Template;
use jiff::civil::Date;

use super::text_of;
use crate::pages::{Making, Media, RenderedPage, Status};

/// Most addresses in one file. Source: sitemaps.org, protocol 0.9.
pub const MOST_ADDRESSES: usize = 50_000;

/// A page that search engines may list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListedPage<'a> {
    /// The address from the root.
    pub path: &'a str,
    /// The day of its last edit; none for a page that only lists others, since no day would be true.
    pub modified_on: Option<Date>,
}

#[derive(Template)]
#[template(path = "machine/sitemap.xml")]
struct Sitemap<'a> {
    origin: &'a str,
    pages: &'a [ListedPage<'a>],
}

#[derive(Template)]
#[template(path = "machine/sitemap-index.xml")]
struct Index<'a> {
    origin: &'a str,
    files: &'a [RenderedPage],
}

/// The sitemaps of `pages`, which are by address, and last the index that names them. No file holds more than `most`
/// addresses. Without a page there is none.
///
/// # Errors
/// A template failed: a fault of ours.
pub fn sitemaps(
    making: Making<'_>,
    pages: &[ListedPage<'_>],
    most: usize,
) -> Result<Vec<RenderedPage>, String> {
    let origin = making.site.clinic.origin.as_str();
    let chunks = pages.chunks(most.max(1)).enumerate();
    let mut files = chunks
        .map(|(at, pages)| {
            let text = text_of(&Sitemap { origin, pages })?;
            let changed = pages.iter().filter_map(|page| page.modified_on).max();
            let path = format!("/sitemap-{}.xml", at + 1);
            Ok(document(making, path, text, changed))
        })
        .collect::<Result<Vec<_>, String>>()?;
    if !files.is_empty() {
        let text = text_of(&Index {
            origin,
            files: &files,
        })?;
        let changed = files.iter().filter_map(|file| file.modified_on).max();
        files.push(document(making, "/sitemap.xml".to_owned(), text, changed));
    }
    Ok(files)
}

fn document(
    making: Making<'_>,
    path: String,
    text: String,
    modified_on: Option<Date>,
) -> RenderedPage {
    RenderedPage {
        script_sources: "'none'".to_owned(),
        path,
        status: Status::Ok,
        media: Media::Sitemap,
        text,
        modified_on,
        indexing: making.indexing(),
        lang: making.site.clinic.lang.clone(),
        canonical: None,
    }
}
