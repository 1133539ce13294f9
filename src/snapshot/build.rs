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
use super::draft::{Failure, render};
use super::headers::{Embedding, file_headers, security_headers};
use super::http_date::http_date;
use super::page::{CachePolicy, Coding, Entry, Page, Representation};
use super::{Materials, Problems, Snapshot};
use crate::assets::Asset;
use crate::clinic::Clinic;
use crate::diagnostic::Diagnostic;
use crate::file::Spanned;
use crate::id::Slug;
use crate::pages::{FormTarget, Indexing, Making, Problem, RenderedPage, Status, problem_page};
use crate::site::{Site, Tree};

/// What came of a build: the snapshot, and everything that somebody should mend.
pub type Built = (Arc<Snapshot>, Vec<Diagnostic>);

/// Which forms of its bodies a snapshot has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Codings {
    /// All, each made quickly.
    Quick,
    /// Identity alone: whoever asked for the build makes the others, or has them already.
    IdentityOnly,
}

/// What a build is for, besides its tree.
#[derive(Debug, Clone)]
pub struct Purpose<'a> {
    /// The day for which the site is built.
    pub today: Date,
    /// What broke comes from here.
    pub last_good: Option<&'a Snapshot>,
    /// Where forms are sent.
    pub forms: FormTarget,
    /// Which forms of bodies are made.
    pub codings: Codings,
}

/// Builds the site of `today` for a server. What broke comes from `last_good`.
///
/// # Errors
/// See [`Failure`].
pub fn build(tree: &Tree, today: Date, last_good: Option<&Snapshot>) -> Result<Built, Failure> {
    let purpose = Purpose {
        today,
        last_good,
        forms: FormTarget::SameOrigin,
        codings: Codings::Quick,
    };
    build_for(tree, purpose)
}

/// Builds the site from a tree.
///
/// # Errors
/// See [`Failure`].
pub fn build_for(tree: &Tree, purpose: Purpose<'_>) -> Result<Built, Failure> {
    let last_good = purpose.last_good;
    let (draft, faults) = render(tree, purpose.today, last_good, purpose.forms)?;
    let making = draft.making();
    let press = Press {
        clinic: &draft.site.clinic,
        last_good,
        form_origin: draft.forms.origin(&draft.site.clinic),
        codings: purpose.codings,
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
            forms: draft.forms,
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
    form_origin: Option<&'a str>,
    codings: Codings,
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
        headers.extend(security_headers(self.form_origin));
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

    fn representations(&self, path: &str, body: Bytes) -> Vec<Representation> {
        if self.codings == Codings::IdentityOnly {
            let hash = xxh3_128(&body);
            return vec![representation(Coding::Identity, body, hash, "")];
        }
        let known = self.known(path, xxh3_128(&body));
        known.unwrap_or_else(|| representations(path, body))
    }

    /// The forms that the last snapshot had of the same body.
    fn known(&self, path: &str, hash: u128) -> Option<Vec<Representation>> {
        match self.last_good?.entry(path)? {
            Entry::Page(page) if page.identity()?.etag == etag(hash, "") => {
                Some(page.representations.clone())
            }
            _ => None,
        }
    }
}

/// The body in every coding, smallest first.
pub(super) fn representations(path: &str, body: Bytes) -> Vec<Representation> {
    let hash = xxh3_128(&body);
    let compressible = !path.ends_with(".woff2") && !is_compressed_picture(path);
    let br = compressible.then(|| brotli(&body, Effort::Quick)).flatten();
    let gz = compressible.then(|| gzip(&body)).flatten();
    let br = br.map(|bytes| representation(Coding::Brotli, bytes, hash, "-b5"));
    let gz = gz.map(|bytes| representation(Coding::Gzip, bytes, hash, "-gz"));
    let identity = representation(Coding::Identity, body, hash, "");
    br.into_iter().chain(gz).chain([identity]).collect()
}

fn is_compressed_picture(path: &str) -> bool {
    [".avif", ".gif", ".jpg", ".jpeg", ".png", ".webp"]
        .iter()
        .any(|end| path.ends_with(end))
}

fn representation(coding: Coding, body: Bytes, hash: u128, suffix: &str) -> Representation {
    let etag = etag(hash, suffix);
    Representation { coding, body, etag }
}

fn etag(hash: u128, suffix: &str) -> HeaderValue {
    let etag = HeaderValue::from_str(&format!("\"{hash:032x}{suffix}\""));
    etag.unwrap_or_else(|_| unreachable!("hexadecimal digits are a header value"))
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
    headers.extend(security_headers(None));
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
