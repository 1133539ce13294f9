//! `/infobutton`: asks the site for articles by code, for programs and for people. It only
//! reads, so any site may ask from a browser; the question tells of a patient, so no log
//! line, count or kept copy holds it, and no other site learns it from a browser.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::posted::{Body, for_one, is_form, small_for};
use super::routes::answer as send;
use crate::clock;
use crate::infobutton::{Fault, Medium, Request, accepted, answer, read};
use crate::live::Live;
use crate::pages::infobutton::{Feed, fault_page, infobutton_page};
use crate::snapshot::Snapshot;

/// What the address answers to.
const ALLOWED: &str = "GET, HEAD, POST, OPTIONS";

/// How long a browser may remember that other sites may ask. Unit: seconds; a day.
const PREFLIGHT_S: &str = "86400";

/// A question in the address.
pub(super) async fn get(request: HttpRequest, live: Data<Live>) -> HttpResponse {
    respond(
        &live.snapshot(),
        &request,
        request.query_string().as_bytes(),
    )
}

/// The same question as a form, so that it stands in no address.
pub(super) async fn post(request: HttpRequest, live: Data<Live>, body: Body) -> HttpResponse {
    if !is_form(&request) {
        let text = "expected application/x-www-form-urlencoded\n";
        return told(StatusCode::UNSUPPORTED_MEDIA_TYPE, text.to_owned());
    }
    match body.read() {
        Some(body) => respond(&live.snapshot(), &request, &body),
        None => HttpResponse::InternalServerError().finish(),
    }
}

/// Tells a browser that other sites may ask. Source: WHATWG Fetch, "CORS protocol".
pub(super) async fn options() -> HttpResponse {
    let mut response = HttpResponse::NoContent();
    response
        .insert_header((header::ALLOW, ALLOWED))
        .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
        .insert_header((header::ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD, POST"))
        .insert_header((header::ACCESS_CONTROL_ALLOW_HEADERS, "content-type"))
        .insert_header((header::ACCESS_CONTROL_MAX_AGE, PREFLIGHT_S))
        .insert_header((header::CACHE_CONTROL, "no-store"));
    response.finish()
}

/// The answer to any other method.
pub(super) async fn not_allowed() -> HttpResponse {
    let text = "only GET, HEAD, POST and OPTIONS\n";
    let mut response = told(StatusCode::METHOD_NOT_ALLOWED, text.to_owned());
    let allowed = HeaderValue::from_static(ALLOWED);
    response.headers_mut().insert(header::ALLOW, allowed);
    response
}

fn respond(snapshot: &Snapshot, request: &HttpRequest, form: &[u8]) -> HttpResponse {
    let accept = request.headers().get(header::ACCEPT);
    let accept = accept.and_then(|value| value.to_str().ok());
    let accepted = accepted(accept.unwrap_or_default());
    let pairs = form_urlencoded::parse(form).into_owned();
    let mut response = match read(pairs, accepted) {
        Ok(asked) => answered(snapshot, request, &asked),
        Err(fault) => refused(snapshot, request, fault, accepted),
    };
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("Accept"));
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    );
    response
}

fn answered(snapshot: &Snapshot, request: &HttpRequest, asked: &Request) -> HttpResponse {
    let making = snapshot.making();
    let found = answer(making.site, snapshot.codes(), asked);
    if asked.medium == Medium::Page {
        return for_one(snapshot, infobutton_page(making, asked, &found), request);
    }
    let feed = Feed::of(making, asked, &found, clock::now());
    let (kind, text) = match asked.medium {
        Medium::Json => ("application/json", feed.and_then(|feed| feed.to_json())),
        Medium::Atom | Medium::Page => {
            let text = feed.and_then(|feed| feed.to_atom());
            ("text/xml; charset=UTF-8", text)
        }
    };
    match text {
        Ok(text) => sent(StatusCode::OK, kind, text),
        Err(error) => {
            tracing::error!(%error, "a template failed; please report this");
            send(snapshot.failed(), request)
        }
    }
}

fn refused(
    snapshot: &Snapshot,
    request: &HttpRequest,
    fault: Fault,
    accepted: Medium,
) -> HttpResponse {
    let status = match fault {
        Fault::NoSuchMedium => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        _ => StatusCode::BAD_REQUEST,
    };
    if accepted != Medium::Page {
        return told(status, format!("{fault}\n"));
    }
    match fault_page(snapshot.making(), fault) {
        Ok(page) => {
            let mut page = small_for(page, request);
            page.status = status;
            send(&page, request)
        }
        error => for_one(snapshot, error, request),
    }
}

fn told(status: StatusCode, text: String) -> HttpResponse {
    sent(status, "text/plain; charset=utf-8", text)
}

/// An answer for a program, which any site may read and nobody keeps.
fn sent(status: StatusCode, kind: &'static str, text: String) -> HttpResponse {
    let own = |name| HeaderName::from_static(name);
    HttpResponse::build(status)
        .insert_header((header::CONTENT_TYPE, kind))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; frame-ancestors 'none'",
        ))
        .insert_header((own("x-robots-tag"), "noindex"))
        .insert_header((own("cross-origin-resource-policy"), "cross-origin"))
        .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
        .body(text)
}
