//! Rendered pages and files to answers: headers, codings and tags. It stands apart
//! from building because it knows HTTP and nothing of content; a body that did not
//! change since the last snapshot keeps the compressed forms it had.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::web::Bytes;
use xxhash_rust::xxh3::xxh3_128;

use super::body::Body;
use super::compress::{Effort, brotli, gzip};
use super::headers::{Embedding, file_headers, security_headers};
use super::http_date::http_date;
use super::page::{CachePolicy, Coding, Entry, Heads, Page, Representation};
use super::page_headers::PageHeaders;
use super::tag::{Form, Tag};
use super::{Codings, Snapshot};
use crate::assets::{Asset, content_type};
use crate::clinic::Clinic;
use crate::pages::{Edition, Indexing, RenderedPage, Status};

/// Turns rendered pages and files into answers.
#[derive(Clone, Copy)]
pub(super) struct Press<'a> {
    pub(super) clinic: &'a Clinic,
    pub(super) edition: &'a Edition,
    /// A snapshot whose bodies have the same forms.
    pub(super) last_good: Option<&'a Snapshot>,
    /// The other server to which forms go, if they do.
    pub(super) form_origin: Option<&'a str>,
    pub(super) codings: Codings,
}

impl Press<'_> {
    /// The answer of a page.
    pub(super) fn page(&self, page: RenderedPage) -> Page {
        let before = self.last_page(&page.path);
        self.page_after(page, before.map(AsRef::as_ref))
    }

    /// The answer of a page where another one stood before.
    pub(super) fn page_after(&self, page: RenderedPage, before: Option<&Page>) -> Page {
        let is_public = *self.edition == Edition::Public;
        let cache = match page.status {
            Status::Ok if is_public => CachePolicy::of(page.media),
            _ => CachePolicy::Problem,
        };
        let content_type = HeaderValue::from_static(page.media.content_type());
        let mut headers = vec![
            (header::CONTENT_TYPE, content_type),
            (header::CACHE_CONTROL, cache.header()),
        ];
        headers.extend(page.canonical.as_deref().and_then(canonical_header));
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
        headers.extend(security_headers(
            self.edition,
            self.form_origin,
            &page.script_sources,
        ));
        // It stays, and was made in room for more.
        let body = Bytes::copy_from_slice(page.text.as_bytes());
        let representations = self.representations(&page.path, body, before);
        if !is_public {
            headers.extend(representations.last().and_then(version_header));
        }
        let zone = &self.clinic.timezone;
        let last_modified = page.modified_on.and_then(|day| http_date(day, zone));
        Page {
            status: StatusCode::from_u16(page.status.code())
                .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            headers: PageHeaders::new(headers),
            cache,
            last_modified: last_modified.and_then(|date| HeaderValue::from_str(&date).ok()),
            representations,
        }
    }

    /// The answer of a text that is no page.
    pub(super) fn document(&self, path: &str, content_type: &'static str, text: String) -> Page {
        let cache = match self.edition {
            Edition::Public => CachePolicy::Machine,
            Edition::Preview(_) => CachePolicy::Problem,
        };
        let content_type = HeaderValue::from_static(content_type);
        let mut headers = vec![
            (header::CONTENT_TYPE, content_type),
            (header::CACHE_CONTROL, cache.header()),
        ];
        headers.extend(file_headers(Embedding::OurPages));
        Page {
            status: StatusCode::OK,
            headers: PageHeaders::new(headers),
            cache,
            last_modified: None,
            representations: self.representations(
                path,
                text.into(),
                self.last_page(path).map(AsRef::as_ref),
            ),
        }
    }

    /// The answer of a file, which is never another one at the same address.
    pub(super) fn file(&self, file: &Asset) -> Page {
        let body = Bytes::from(file.bytes.to_vec());
        let before = self.last_page(&file.path).map(AsRef::as_ref);
        let representations = self.representations(&file.path, body, before);
        file_page(&file.path, file.content_type, representations)
    }

    /// The forms of a body: those of the page before if it has the same one.
    fn representations(
        &self,
        path: &str,
        body: Bytes,
        before: Option<&Page>,
    ) -> Vec<Representation> {
        let own = identity(body.clone());
        let is_same = |before: &&Page| before.identity().is_some_and(|last| last.tag == own.tag);
        if let Some(before) = before.filter(is_same) {
            return before.representations.clone();
        }
        match self.codings {
            Codings::Quick => representations(path, body),
            Codings::Behind | Codings::IdentityOnly => vec![own],
        }
    }

    /// What stood at an address in the last snapshot, if it was made.
    pub(super) fn last_page(&self, path: &str) -> Option<&Arc<Page>> {
        match self.last_good?.made(path)? {
            Entry::Page(page) => Some(page),
            Entry::Moved(_) => None,
        }
    }
}

fn file_page(
    address: &str,
    content_type: &'static str,
    representations: Vec<Representation>,
) -> Page {
    let cache = CachePolicy::Immutable;
    let content_type = HeaderValue::from_static(content_type);
    let mut headers = vec![
        (header::CONTENT_TYPE, content_type),
        (header::CACHE_CONTROL, cache.header()),
    ];
    let embedding = if address.starts_with("/static/share/") {
        Embedding::AnySite
    } else {
        Embedding::OurPages
    };
    headers.extend(file_headers(embedding));
    Page {
        status: StatusCode::OK,
        headers: PageHeaders::new(headers),
        cache,
        last_modified: None,
        representations,
    }
}

/// The answer of a file that is in no snapshot: a page of another version names it.
pub fn file_for_one(address: &str, bytes: Vec<u8>) -> Page {
    let representations = representations(address, bytes.into());
    file_page(address, content_type(address), representations)
}

/// The body in every coding, smallest first, each made quickly.
pub(super) fn representations(path: &str, body: Bytes) -> Vec<Representation> {
    representations_with(path, body, Effort::Quick)
}

/// The same, with so much effort.
pub(super) fn representations_with(path: &str, body: Bytes, effort: Effort) -> Vec<Representation> {
    let hash = xxh3_128(&body);
    let compressible = is_compressible(path);
    let br = compressible.then(|| brotli(&body, effort)).flatten();
    let gz = compressible.then(|| gzip(&body)).flatten();
    let of_brotli = match effort {
        Effort::Quick => Form::Quick,
        Effort::Best => Form::Best,
    };
    let br = br.map(|bytes| representation(of_brotli, Body::Whole(bytes), hash));
    let gz = gz.map(|bytes| representation(Form::Gzip, Body::Whole(bytes), hash));
    br.into_iter().chain(gz).chain([identity(body)]).collect()
}

/// The body in the smallest coding that a reader takes, and as it is.
fn representations_for_one(body: Bytes, takes: impl Fn(Coding) -> bool) -> Vec<Representation> {
    let hash = xxh3_128(&body);
    let made = |form: Form| {
        let bytes = takes(form.coding()).then(|| match form {
            Form::Gzip => gzip(&body),
            _ => brotli(&body, Effort::Quick),
        });
        Some(representation(form, Body::Whole(bytes??), hash))
    };
    let small = made(Form::Quick).or_else(|| made(Form::Gzip));
    small.into_iter().chain([identity(body)]).collect()
}

/// Whether the body at an address is worth trying: fonts and most pictures are compressed by themselves.
pub(super) fn is_compressible(path: &str) -> bool {
    !path.ends_with(".woff2") && !is_compressed_picture(path)
}

fn identity(body: Bytes) -> Representation {
    let hash = xxh3_128(&body);
    representation(Form::Identity, Body::Whole(body), hash)
}

/// Tells the script of a preview which version of the page is open.
fn version_header(own: &Representation) -> Option<(HeaderName, HeaderValue)> {
    let version = format!("page;desc={}", own.tag.written().as_str());
    Some((
        HeaderName::from_static("server-timing"),
        HeaderValue::from_str(&version).ok()?,
    ))
}

/// Names the page of which a document is another form, so that search engines list the page.
fn canonical_header(address: &str) -> Option<(HeaderName, HeaderValue)> {
    let link = format!("<{address}>; rel=\"canonical\"");
    Some((header::LINK, HeaderValue::from_str(&link).ok()?))
}

fn is_compressed_picture(path: &str) -> bool {
    [".avif", ".gif", ".jpg", ".jpeg", ".png", ".webp"]
        .iter()
        .any(|end| path.ends_with(end))
}

/// A form of the body that has a hash.
pub(super) fn representation(form: Form, body: Body, hash: u128) -> Representation {
    Representation {
        tag: Tag::new(hash, form),
        body,
        heads: Heads::default(),
    }
}

/// A page that was rendered for one request: never kept by anybody, and told to no other site. It is made small in a coding
/// that this reader `takes`, and in no other.
pub fn page_for_one(page: RenderedPage, takes: impl Fn(Coding) -> bool) -> Page {
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
    headers.extend(security_headers(
        &Edition::Public,
        None,
        &page.script_sources,
    ));
    let body = Bytes::from(page.text);
    Page {
        status: StatusCode::from_u16(page.status.code())
            .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
        headers: PageHeaders::new(headers),
        cache: CachePolicy::Problem,
        last_modified: None,
        representations: representations_for_one(body, takes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_for_one_reader_is_made_in_the_smallest_form_that_this_reader_takes() {
        let body = Bytes::from("Rest, and drink enough. ".repeat(40));
        let rows: [(&[Coding], &[Coding]); 4] = [
            (
                &[Coding::Brotli, Coding::Gzip],
                &[Coding::Brotli, Coding::Identity],
            ),
            (&[Coding::Brotli], &[Coding::Brotli, Coding::Identity]),
            (&[Coding::Gzip], &[Coding::Gzip, Coding::Identity]),
            (&[], &[Coding::Identity]),
        ];
        for (taken, expected) in rows {
            let forms = representations_for_one(body.clone(), |coding| taken.contains(&coding));
            let made: Vec<Coding> = forms.iter().map(Representation::coding).collect();
            assert_eq!(made, expected, "{taken:?}");
        }
        let short = representations_for_one(Bytes::from("Rest."), |_| true);
        assert_eq!(short.len(), 1, "a short body is sent as it is");
    }
}
