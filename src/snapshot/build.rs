//! Builds a snapshot from a tree: load, render, compress. A body that did not
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
use super::http_date::http_date;
use super::page::{CachePolicy, Coding, Entry, Page, Representation};
use super::{Materials, Problems, Snapshot};
use crate::assets::{self, Asset};
use crate::clinic::{Accent, Clinic, parse_clinic};
use crate::diagnostic::{Code, Diagnostic, in_reading_order};
use crate::file::{Place, Spanned};
use crate::id::Slug;
use crate::messages::{Languages, read_catalogs};
use crate::pages::{Indexing, Making, Problem, RenderedPage, Status, problem_page, render_all};
use crate::site::{Site, Tree, load};

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

/// Builds the site of `today` from a tree. What broke comes from `last_good`.
///
/// # Errors
/// See [`Failure`].
pub fn build(tree: &Tree, today: Date, last_good: Option<&Snapshot>) -> Result<Built, Failure> {
    let (languages, mut faults) = languages(tree, last_good);
    let names: Vec<String> = languages.keys().cloned().collect();
    let (accent, logo) = looks(tree, last_good);
    let assets = assets::build(&tree.assets, accent.as_ref(), logo.as_deref());
    let (site, found) = load(
        tree,
        &assets.pictures,
        &names,
        today,
        last_good.map(|last| last.site().as_ref()),
    );
    faults.extend(found);
    if let Some(logo) = logo.filter(|_| assets.addresses.logo.is_none()) {
        let message = format!("there is no picture `static/{logo}` for the logo");
        let fault = Diagnostic::new(
            Code::ImageMissing,
            Place::start_of("clinic/clinic.toml"),
            message,
        );
        faults.push(fault.help("put it there, or leave `logo` empty"));
    }
    let faults = in_reading_order(faults);
    let Some(site) = site.map(Arc::new) else {
        return Err(Failure::Content(faults));
    };
    let making = Making {
        site: &site,
        languages: &languages,
        assets: &assets.addresses,
    };
    let pages = render_all(making).map_err(Failure::Template)?;
    let press = Press {
        clinic: &site.clinic,
        last_good,
    };
    let problems = problems(making, press).map_err(Failure::Template)?;
    let mut entries = press.entries(pages, assets.files.into_values().collect());
    for (path, entry) in redirects(&site) {
        entries.entry(path).or_insert(entry);
    }
    let files = file_addresses(&entries);
    keep_files_in_use(&mut entries, last_good);
    let snapshot = Snapshot {
        entries,
        problems,
        site: Arc::clone(&site),
        materials: Arc::new(Materials {
            languages,
            assets: assets.addresses,
        }),
        files,
    };
    Ok((Arc::new(snapshot), faults))
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
        headers.extend(file_headers());
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

/// What every file says to browsers: it is what it says it is, for our own pages, and runs nothing.
pub fn file_headers() -> [(HeaderName, HeaderValue); 3] {
    // An SVG that is opened by itself may not run anything.
    let policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
    [
        (
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            HeaderValue::from_static("same-origin"),
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
