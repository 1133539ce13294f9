//! Posted forms: read strictly, and only from our own pages. What no browser sends
//! from them is refused here with a page that says so, so no handler has to doubt.

use std::collections::BTreeMap;

use actix_web::error::PayloadError;
use actix_web::http::{StatusCode, header};
use actix_web::web::Bytes;
use actix_web::{Error, HttpRequest, HttpResponse};

use super::routes::answer;
use crate::pages::RenderedPage;
use crate::snapshot::{Snapshot, page_for_one};
use crate::triage::Posted;

/// Most bytes of a posted form. A protocol has about 30 fields of at most 60 bytes; this is ten times that.
pub const MAX_FORM_BYTES: usize = 32 * 1024;

/// Most fields of a posted form, for the same reason.
const MAX_FIELDS: usize = 300;

/// A request's body, or why it could not be read.
pub(super) type Body = Result<Bytes, Error>;

/// Reads a posted form into values by name.
///
/// # Errors
/// The page that says what is wrong, for the patient.
pub(super) fn posted(
    snapshot: &Snapshot,
    request: &HttpRequest,
    body: Body,
) -> Result<Posted, Box<HttpResponse>> {
    let refused = |status| Box::new(malformed(snapshot, request, status));
    let body = body.map_err(|error| match error.as_error::<PayloadError>() {
        Some(PayloadError::Overflow) => refused(StatusCode::PAYLOAD_TOO_LARGE),
        _ => refused(StatusCode::BAD_REQUEST),
    })?;
    if !is_form(request) {
        return Err(refused(StatusCode::UNSUPPORTED_MEDIA_TYPE));
    }
    let mut posted: Posted = BTreeMap::new();
    for (count, (name, value)) in form_urlencoded::parse(&body).enumerate() {
        // The parser puts this sign in the place of what is no UTF-8.
        let is_broken = [&name, &value].iter().any(|text| text.contains('\u{fffd}'));
        if count >= MAX_FIELDS || is_broken {
            return Err(refused(StatusCode::BAD_REQUEST));
        }
        posted
            .entry(name.into_owned())
            .or_default()
            .push(value.into_owned());
    }
    Ok(posted)
}

/// Whether a body is a form, as its sender says.
pub(super) fn is_form(request: &HttpRequest) -> bool {
    let kind = request.headers().get(header::CONTENT_TYPE);
    let kind = kind
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// The page that says that a form can't be read.
pub(super) fn malformed(
    snapshot: &Snapshot,
    request: &HttpRequest,
    status: StatusCode,
) -> HttpResponse {
    let mut page = snapshot.malformed().clone();
    page.status = status;
    answer(&page, request)
}

/// Whether a form came from another site. Browsers since 2023 say it in `Sec-Fetch-Site`; older ones name the origin,
/// which must be ours: the public one, or the one that was asked. Whoever says neither is not a browser that we know.
/// Source: W3C Fetch Metadata Request Headers, and RFC 6454, section 7.
pub(super) fn is_forged(request: &HttpRequest, own_origin: &str) -> bool {
    let text = |name: &str| {
        let value = request.headers().get(name);
        value.and_then(|value| value.to_str().ok())
    };
    if let Some(site) = text("sec-fetch-site") {
        return !matches!(site, "same-origin" | "none");
    }
    let Some(origin) = text("origin") else {
        return true;
    };
    let host = origin.split_once("://").map_or("", |(_, host)| host);
    let is_asked = text("host").is_some_and(|asked| asked.eq_ignore_ascii_case(host));
    !(origin.eq_ignore_ascii_case(own_origin) || is_asked)
}

/// Sends a page that was rendered for one request; if that failed, the page that says so.
pub(super) fn for_one(
    snapshot: &Snapshot,
    page: Result<RenderedPage, String>,
    request: &HttpRequest,
) -> HttpResponse {
    match page {
        Ok(page) => answer(&page_for_one(page), request),
        Err(error) => {
            tracing::error!(%error, "a template failed; please report this");
            answer(snapshot.failed(), request)
        }
    }
}
