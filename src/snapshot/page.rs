//! One answer, complete: status, headers and the body in every coding.
//! It holds no rule: `build` makes it and `http` sends it.

use std::sync::{Arc, OnceLock};

use actix_web::http::StatusCode;
use actix_web::http::header::HeaderValue;
use actix_web::web::Bytes;
use serde::{Deserialize, Serialize};

use super::body::Body;
use super::page_headers::PageHeaders;
use super::tag::Tag;
use crate::pages::Media;

/// What stands at an address.
#[derive(Debug, Clone)]
pub enum Entry {
    /// A page or a file.
    Page(Arc<Page>),
    /// Another address, for good. It is apart, since few addresses have moved.
    Moved(Box<HeaderValue>),
}

/// How long an answer may be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CachePolicy {
    /// A page that editors change: kept for a minute, then used once more while the new one is fetched.
    Page,
    /// What programs fetch now and then, such as a feed: kept for an hour.
    Machine,
    /// A file whose name changes with its content: kept for a year.
    Immutable,
    /// A problem: never kept, so that it is gone when it is mended.
    Problem,
}

impl CachePolicy {
    /// How long a document that is there may be kept. The forms of an article change with its page.
    pub fn of(media: Media) -> Self {
        match media {
            Media::Html | Media::Markdown | Media::Json => Self::Page,
            Media::Atom | Media::JsonFeed | Media::Sitemap | Media::Manifest | Media::Text => {
                Self::Machine
            }
        }
    }

    /// The value of `Cache-Control`. Source: `specs/site-conventions.md`, section 12.
    pub fn header(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Page => "public, max-age=60, stale-while-revalidate=600",
            Self::Machine => "public, max-age=3600",
            Self::Immutable => "public, max-age=31536000, immutable",
            Self::Problem => "no-store",
        })
    }
}

/// A coding of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Coding {
    /// As it is.
    Identity,
    /// gzip.
    Gzip,
    /// Brotli.
    Brotli,
}

/// The body in one coding, with the strong ETag of exactly these bytes.
#[derive(Debug, Clone)]
pub struct Representation {
    /// Which bytes these are.
    pub tag: Tag,
    /// The bytes.
    pub body: Body,
    /// What is sent before it.
    pub heads: Heads,
}

/// The heads of the answers of one page in one coding, as they stand on the wire of HTTP/1.1. Each is made when it is
/// first sent, since most pages are never asked for in most codings; so there is no room for it in the page.
#[derive(Debug, Default)]
pub struct Heads {
    /// Of the body.
    pub whole: OnceLock<Box<Bytes>>,
    /// Of the news that nothing has changed.
    pub unchanged: OnceLock<Box<Bytes>>,
}

impl Clone for Heads {
    /// None are made yet: the same body may stand on another page, which says other things before it.
    fn clone(&self) -> Self {
        Self::default()
    }
}

/// An answer that is ready to be sent.
#[derive(Debug, Clone)]
pub struct Page {
    /// The status.
    pub status: StatusCode,
    /// Headers of every coding.
    pub headers: PageHeaders,
    /// How long it may be kept.
    pub cache: CachePolicy,
    /// `Last-Modified`, if it is known.
    pub last_modified: Option<HeaderValue>,
    /// Brotli, gzip and identity, as far as each is smaller; never empty, identity last.
    pub representations: Vec<Representation>,
}

impl Entry {
    /// Whether nothing of it lies in a file that failed.
    pub(super) fn is_sound(&self) -> bool {
        match self {
            Self::Page(page) => page.representations.iter().all(|own| own.body.is_sound()),
            Self::Moved(_) => true,
        }
    }
}

impl Representation {
    /// The coding.
    pub fn coding(&self) -> Coding {
        self.tag.form().coding()
    }
}

impl Page {
    /// The body as it is.
    pub fn identity(&self) -> Option<&Representation> {
        self.representations.last()
    }

    /// The smallest body that the reader takes; identity if no other will do.
    pub fn best_for(&self, accepts: impl Fn(Coding) -> bool) -> Option<&Representation> {
        self.representations
            .iter()
            .find(|own| accepts(own.coding()))
            .or_else(|| self.identity())
    }

    /// Whether the coding depends on the reader.
    pub fn varies(&self) -> bool {
        self.representations.len() > 1
    }
}
