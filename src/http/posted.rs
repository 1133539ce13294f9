//! Posted forms: read strictly, and only from our own pages. What no browser sends
//! from them is refused here with a page that says so, so no handler has to doubt.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::{StatusCode, header};
use actix_web::web::{Bytes, Data};
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse};

use super::answered::Asked;
use super::guard::{Guards, WholeForm, with_status};
use super::limits::MAX_FIELDS;
use super::negotiate::accepts;
use super::routes::answer;
use crate::meters::Limit;
use crate::pages::RenderedPage;
use crate::snapshot::{Page, Snapshot, page_for_one};
use crate::triage::Posted;

/// A form's bytes, as the guard of the route read them. A route without a guard gets none.
pub(super) struct Body(Option<Bytes>);

impl Body {
    /// The bytes, unless the route has no guard.
    pub(super) fn read(self) -> Option<Bytes> {
        if self.0.is_none() {
            tracing::error!("a form was posted to a route without a guard; please report this");
        }
        self.0
    }
}

impl FromRequest for Body {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let whole = request.extensions_mut().remove::<WholeForm>();
        ready(Ok(Self(whole.map(|whole| whole.0))))
    }
}

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
    let body = body.read();
    let body = body.ok_or_else(|| Box::new(answer(snapshot.failed(), request)))?;
    if !is_form(request) {
        return Err(refused(StatusCode::UNSUPPORTED_MEDIA_TYPE));
    }
    let mut posted: Posted = BTreeMap::new();
    for (count, (name, value)) in form_urlencoded::parse(&body).enumerate() {
        if count >= MAX_FIELDS {
            too_many_fields(request);
            return Err(refused(StatusCode::BAD_REQUEST));
        }
        // The parser puts this sign in the place of what is no UTF-8.
        if [&name, &value].iter().any(|text| text.contains('\u{fffd}')) {
            return Err(refused(StatusCode::BAD_REQUEST));
        }
        posted
            .entry(name.into_owned())
            .or_default()
            .push(value.into_owned());
    }
    Ok(posted)
}

fn too_many_fields(request: &HttpRequest) {
    if let Some(guards) = request.app_data::<Data<Guards>>() {
        guards.meters.limit_reached(Limit::FormFields);
    }
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
    with_status(snapshot.malformed(), status, request)
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

/// A page that was rendered for one request, in a coding that its reader takes.
pub(super) fn small_for(page: RenderedPage, request: &HttpRequest) -> Page {
    let encodings = Asked::by(request.headers()).encodings;
    page_for_one(page, |coding| accepts(encodings, coding))
}

/// Sends a page that was rendered for one request; if that failed, the page that says so.
pub(super) fn for_one(
    snapshot: &Snapshot,
    page: Result<RenderedPage, String>,
    request: &HttpRequest,
) -> HttpResponse {
    match page {
        Ok(page) => answer(&small_for(page, request), request),
        Err(error) => {
            tracing::error!(%error, "a template failed; please report this");
            answer(snapshot.failed(), request)
        }
    }
}
