//! Builds a snapshot from a tree: rendered pages are compressed and tagged. A body that did not
//! change since the last snapshot keeps the compressed forms it had.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::web::Bytes;
use jiff::civil::Date;
use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_128;

use super::compress::{Effort, brotli, gzip};
use super::draft::{Failure, render};
use super::http_date::http_date;
use super::page::{CachePolicy, Coding, Entry, Page, Representation};
use super::{Materials, Problems, Snapshot};
use crate::assets::Asset;
use crate::clinic::Clinic;
use crate::diagnostic::Diagnostic;
use crate::file::Spanned;
use crate::id::Slug;
use crate::pages::{Indexing, Making, Problem, RenderedPage, Status, problem_page};
use crate::site::{Site, Tree};

/// What came of a build: the snapshot, and everything that somebody should mend.
pub type Built = (Arc<Snapshot>, Vec<Diagnostic>);

/// Builds the site of `today` from a tree. What broke comes from `last_good`.
///
/// # Errors
/// See [`Failure`].
pub fn build(tree: &Tree, today: Date, last_good: Option<&Snapshot>) -> Result<Built, Failure> {
    let (draft, faults) = render(tree, today, last_good)?;
    let making = draft.making();
    let press = Press {
        clinic: &draft.site.clinic,
        last_good,
    };
    let problems = problems(making, press).map_err(Failure::Template)?;
    let mut entries = press.entries(draft.pages, draft.assets.files.into_values().collect());
    for (path, entry) in redirects(&draft.site) {
        entries.entry(path).or_insert(entry);
    }
    let files = file_addresses(&entries);
    keep_files_in_use(&mut entries, last_good);
    let snapshot = Snapshot {
        entries,
        problems,
        site: draft.site,
        materials: Arc::new(Materials {
            languages: draft.languages,
            assets: draft.assets.addresses,
            pictures: draft.pictures,
        }),
        files,
    };
    Ok((Arc::new(snapshot), faults))
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
    for article in site.public_articles() {
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

/// Turns rendered pages and files into answers.
#[derive(Clone, Copy)]
struct Press<'a> {
    clinic: &'a Clinic,
    last_good: Option<&'a Snapshot>,
}

impl Press<'_> {
    fn entries(&self, pages: Vec<RenderedPage>, files: Vec<Asset>) -> HashMap<Box<str>, Entry> {
        let pages = pages.into_par_iter().map(|page| {
            let path = page.path.clone().into_boxed_str();
            (path, Entry::Page(Arc::new(self.page(page))))
        });
        let files = files.into_par_iter().map(|file| {
            let path = file.path.clone().into_boxed_str();
            (path, Entry::Page(Arc::new(self.file(file))))
        });
        pages.chain(files).collect()
    }

    fn page(&self, page: RenderedPage) -> Page {
        let cache = if page.status == Status::Ok {
            CachePolicy::Page
        } else {
            CachePolicy::Problem
        };
        let mut headers = vec![
            (
                header::CONTENT_TYPE,
                HeaderValue::from_static("text/html; charset=utf-8"),
            ),
            (header::CACHE_CONTROL, cache.header()),
        ];
        headers.extend(
            HeaderValue::from_str(&page.lang)
                .ok()
                .map(|lang| (header::CONTENT_LANGUAGE, lang)),
        );
        if page.indexing == Indexing::Refused {
            headers.push((
                HeaderName::from_static("x-robots-tag"),
                HeaderValue::from_static("noindex"),
            ));
        }
        headers.extend(security_headers());
        let zone = &self.clinic.timezone;
        let last_modified = page.modified_on.and_then(|day| http_date(day, zone));
        Page {
            status: StatusCode::from_u16(page.status.code())
                .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            headers,
            cache,
            last_modified: last_modified.and_then(|date| HeaderValue::from_str(&date).ok()),
            representations: self.representations(&page.path, page.html.into()),
        }
    }

    fn file(&self, file: Asset) -> Page {
        let cache = CachePolicy::Immutable;
        let content_type = HeaderValue::from_static(file.content_type);
        let mut headers = vec![
            (header::CONTENT_TYPE, content_type),
            (header::CACHE_CONTROL, cache.header()),
        ];
        let embedding = if file.path.starts_with("/static/share/") {
            Embedding::AnySite
        } else {
            Embedding::OurPages
        };
        headers.extend(file_headers(embedding));
        let body = Bytes::from(file.bytes.to_vec());
        Page {
            status: StatusCode::OK,
            headers,
            cache,
            last_modified: None,
            representations: self.representations(&file.path, body),
        }
    }

    /// The body in every coding, smallest first.
    fn representations(&self, path: &str, body: Bytes) -> Vec<Representation> {
        let hash = xxh3_128(&body);
        let identity = representation(Coding::Identity, body.clone(), hash, "");
        if let Some(known) = self.known(path, &identity.etag) {
            return known;
        }
        let compressible = !path.ends_with(".woff2") && !is_compressed_picture(path);
        let br = if compressible {
            brotli(&body, Effort::Quick)
        } else {
            None
        };
        let gz = if compressible { gzip(&body) } else { None };
        let br = br.map(|bytes| representation(Coding::Brotli, bytes, hash, "-b5"));
        let gz = gz.map(|bytes| representation(Coding::Gzip, bytes, hash, "-gz"));
        br.into_iter().chain(gz).chain([identity]).collect()
    }

    /// The forms that the last snapshot had of the same body.
    fn known(&self, path: &str, etag: &HeaderValue) -> Option<Vec<Representation>> {
        match self.last_good?.entry(path)? {
            Entry::Page(page) if page.identity()?.etag == etag => {
                Some(page.representations.clone())
            }
            _ => None,
        }
    }
}

fn is_compressed_picture(path: &str) -> bool {
    [".avif", ".gif", ".jpg", ".jpeg", ".png", ".webp"]
        .iter()
        .any(|end| path.ends_with(end))
}

fn representation(coding: Coding, body: Bytes, hash: u128, suffix: &str) -> Representation {
    let etag = HeaderValue::from_str(&format!("\"{hash:032x}{suffix}\""));
    let etag = etag.unwrap_or_else(|_| unreachable!("hexadecimal digits are a header value"));
    Representation { coding, body, etag }
}

/// Who may show a file of ours in a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Embedding {
    /// Our own pages alone.
    OurPages,
    /// Everybody: it is the picture beside a link to us.
    AnySite,
}

/// What every file says to browsers: it is what it says it is, who may show it, and that it runs nothing.
pub fn file_headers(embedding: Embedding) -> [(HeaderName, HeaderValue); 3] {
    // An SVG that is opened by itself may not run anything.
    let policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
    [
        (
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            HeaderValue::from_static(match embedding {
                Embedding::OurPages => "same-origin",
                Embedding::AnySite => "cross-origin",
            }),
        ),
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(policy),
        ),
    ]
}

/// A page that was rendered for one request: never kept by anybody, and told to no other site.
pub fn page_for_one(page: RenderedPage) -> Page {
    let mut headers = vec![
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        ),
        (
            header::CACHE_CONTROL,
            HeaderValue::from_static("private, no-store"),
        ),
        (
            HeaderName::from_static("x-robots-tag"),
            HeaderValue::from_static("noindex"),
        ),
    ];
    headers.extend(
        HeaderValue::from_str(&page.lang)
            .ok()
            .map(|lang| (header::CONTENT_LANGUAGE, lang)),
    );
    headers.extend(security_headers());
    let body = Bytes::from(page.html);
    let hash = xxh3_128(&body);
    let br = brotli(&body, Effort::Quick)
        .map(|bytes| representation(Coding::Brotli, bytes, hash, "-b5"));
    let gz = gzip(&body).map(|bytes| representation(Coding::Gzip, bytes, hash, "-gz"));
    let identity = representation(Coding::Identity, body, hash, "");
    Page {
        status: StatusCode::from_u16(page.status.code())
            .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
        headers,
        cache: CachePolicy::Problem,
        last_modified: None,
        representations: br.into_iter().chain(gz).chain([identity]).collect(),
    }
}

/// What every page says to browsers. The policy grows line by line, each with its reason.
fn security_headers() -> [(HeaderName, HeaderValue); 7] {
    // default-src 'none'      nothing that is not named here
    // style, font, img        our own sheet, fonts and pictures
    // script                  our own small enhancements; no inline script
    // connect                 nothing sends data behind a reader's back
    // form, base, frame       forms come back to us, and nobody frames us
    let policy = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; script-src 'self'; \
                  manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    [
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(policy),
        ),
        (
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ),
        (
            header::REFERRER_POLICY,
            // Our own server may know the page before, since browsers name the origin of a form only then.
            HeaderValue::from_static("same-origin"),
        ),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            HeaderValue::from_static("same-origin"),
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            HeaderValue::from_static("same-origin"),
        ),
        (
            HeaderName::from_static("permissions-policy"),
            HeaderValue::from_static(
                "camera=(), geolocation=(), microphone=(), browsing-topics=()",
            ),
        ),
        (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    ]
}

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
