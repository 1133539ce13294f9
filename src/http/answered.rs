//! What a reader is answered from a page: in which coding, whether anything has changed, and
//! with which headers. It stands apart since there are two ways to send it, as actix's response
//! and as bytes that are ready, and both must say the same. It knows nothing of connections.

use actix_http::Response;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue, HttpDate};
use actix_web::web::Bytes;

use super::negotiate::{accepts, names_etag};
use crate::snapshot::{CachePolicy, Coding, Page, Representation, Tag};

/// What a reader says of what it takes and has: the first line of each header, as far as it is text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Asked<'a> {
    /// `Accept-Encoding`.
    pub(super) encodings: Option<&'a str>,
    /// `If-None-Match`.
    pub(super) none_match: Option<&'a str>,
    /// `If-Modified-Since`.
    pub(super) modified_since: Option<&'a str>,
}

impl<'a> Asked<'a> {
    pub(super) fn by(headers: &'a HeaderMap) -> Self {
        let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        Self {
            encodings: text(header::ACCEPT_ENCODING),
            none_match: text(header::IF_NONE_MATCH),
            modified_since: text(header::IF_MODIFIED_SINCE),
        }
    }
}

/// How much of a page is news to a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum News {
    All,
    Nothing,
}

/// What is answered from a page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Answered<'a> {
    page: &'a Page,
    own: &'a Representation,
    news: News,
}

impl<'a> Answered<'a> {
    /// None for a page without a body, which is never built.
    pub(super) fn to(page: &'a Page, asked: &Asked<'_>) -> Option<Self> {
        let own = page.best_for(|coding| accepts(asked.encodings, coding))?;
        let news = match is_kept(page) && reader_has(asked, page, own.tag) {
            true => News::Nothing,
            false => News::All,
        };
        Some(Self { page, own, news })
    }

    pub(super) fn status(&self) -> StatusCode {
        match self.news {
            News::Nothing => StatusCode::NOT_MODIFIED,
            News::All => self.page.status,
        }
    }

    /// The bytes of the body, without a copy if they are in memory; of length 0 if nothing has changed. None where the file
    /// in which they lie fails: whoever asks the snapshot again gets a page that was made again.
    pub(super) fn body(&self) -> Option<Bytes> {
        match self.news {
            News::Nothing => Some(Bytes::new()),
            News::All => self.own.body.bytes(),
        }
    }

    /// All of it, as actix sends it; none as [`Answered::body`].
    pub(super) fn response(&self) -> Option<Response<Bytes>> {
        let mut response = Response::with_body(self.status(), self.body()?);
        let headers = response.headers_mut();
        self.each_header(|name, value| headers.append(name.clone(), value.clone()));
        Some(response)
    }

    /// The head as it stands on the wire of HTTP/1.1, up to the headers that depend on when and how it is sent.
    pub(super) fn head(&self) -> &'a Bytes {
        let made = match self.news {
            News::All => &self.own.heads.whole,
            News::Nothing => &self.own.heads.unchanged,
        };
        made.get_or_init(|| Box::new(self.written_head()))
    }

    fn written_head(&self) -> Bytes {
        let status = self.status();
        let reason = status.canonical_reason().unwrap_or_default();
        let mut head = format!("HTTP/1.1 {} {reason}\r\n", status.as_u16()).into_bytes();
        if self.news == News::All {
            head.extend(format!("content-length: {}\r\n", self.own.body.len()).into_bytes());
        }
        self.each_header(|name, value| {
            for part in [name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"] {
                head.extend_from_slice(part);
            }
        });
        // It stays for as long as the page does, so it takes no more room than it needs.
        head.into_boxed_slice().into()
    }

    /// The headers, without those that belong to a connection.
    fn each_header(&self, mut tell: impl FnMut(&HeaderName, &HeaderValue)) {
        for (name, value) in self.page.headers.iter() {
            tell(name, value);
        }
        if is_kept(self.page) {
            tell(&header::ETAG, &self.own.tag.header());
            if let Some(date) = &self.page.last_modified {
                tell(&header::LAST_MODIFIED, date);
            }
        }
        if self.page.varies() {
            let value = HeaderValue::from_static("Accept-Encoding");
            tell(&header::VARY, &value);
        }
        let coding = coding_name(self.own.coding()).filter(|_| self.news == News::All);
        if let Some(name) = coding {
            tell(&header::CONTENT_ENCODING, &HeaderValue::from_static(name));
        }
    }
}

/// Whether readers may keep a page, and so may ask whether it has changed.
pub(super) fn is_kept(page: &Page) -> bool {
    page.status == StatusCode::OK && page.cache != CachePolicy::Problem
}

fn coding_name(coding: Coding) -> Option<&'static str> {
    match coding {
        Coding::Identity => None,
        Coding::Gzip => Some("gzip"),
        Coding::Brotli => Some("br"),
    }
}

/// Whether the reader has exactly this. `If-None-Match` wins over `If-Modified-Since`.
fn reader_has(asked: &Asked<'_>, page: &Page, tag: Tag) -> bool {
    if let Some(named) = asked.none_match {
        return names_etag(named, tag.written().as_str());
    }
    let modified = page.last_modified.as_ref();
    let modified = modified.and_then(|date| date.to_str().ok());
    asked
        .modified_since
        .zip(modified)
        .is_some_and(|(since, modified)| is_since(since, modified))
}

/// Whether nothing was modified since. Most browsers send the very text that they got.
fn is_since(since: &str, modified: &str) -> bool {
    let instant = |text: &str| text.parse::<HttpDate>().ok();
    since == modified
        || instant(since)
            .zip(instant(modified))
            .is_some_and(|(since, modified)| modified <= since)
}
