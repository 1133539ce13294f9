//! The symptom checker's posts. A request is parsed, one rule is asked, one page is
//! answered. Answers live in the body of the request and in the page that answers
//! it, and nowhere else: no address, cookie, log line or counter holds them.

use std::collections::BTreeMap;

use actix_web::error::PayloadError;
use actix_web::http::{StatusCode, header};
use actix_web::web::{Bytes, Data, Path};
use actix_web::{Error, HttpRequest, HttpResponse};

use super::routes::{answer, plain};
use crate::live::Live;
use crate::pages::RenderedPage;
use crate::pages::symptoms::{
    FirstPage, Found, Outcome, first_page, found, result_page, second_page, unfit_page,
};
use crate::snapshot::{Snapshot, page_for_one};
use crate::triage::{
    Addressee, Answer, FirstAnswers, Posted, Protocol, TriageLevel, assess, first_screen,
    read_first, read_second, second_screen,
};

/// Most bytes of a posted form. A protocol has about 30 fields of at most 60 bytes; this is ten times that.
pub const MAX_FORM_BYTES: usize = 32 * 1024;

/// Most fields of a posted form, for the same reason.
const MAX_FIELDS: usize = 300;

type Body = Result<Bytes, Error>;

/// What somebody wrote to find their complaint.
pub(super) async fn find(request: HttpRequest, live: Data<Live>, body: Body) -> HttpResponse {
    let snapshot = live.snapshot();
    let posted = match posted(&request, body) {
        Ok(posted) => posted,
        Err(refused) => return *refused,
    };
    let typed = posted
        .get("problem")
        .and_then(|values| values.first())
        .map_or("", String::as_str)
        .trim();
    let typed: String = typed.chars().take(200).collect();
    let making = snapshot.making();
    let matched = making.site.entrance.find(&typed);
    let protocols = &making.site.protocols;
    let complaints = matched
        .complaints
        .iter()
        .filter_map(|id| protocols.get(id))
        .map(AsRef::as_ref)
        .collect();
    let hotlines = matched.hotlines;
    for_one(
        &snapshot,
        found(
            making,
            Found {
                typed,
                complaints,
                hotlines,
            },
        ),
        &request,
    )
}

/// Answers about whom the complaint asks first.
pub(super) async fn for_first(
    request: HttpRequest,
    live: Data<Live>,
    complaint: Path<String>,
    body: Body,
) -> HttpResponse {
    let first = |protocol: &Protocol| Some(protocol.first_addressee());
    answers(&request, &live, &complaint, first, body)
}

/// Answers about a child or somebody else.
pub(super) async fn for_another(
    request: HttpRequest,
    live: Data<Live>,
    path: Path<(String, String)>,
    body: Body,
) -> HttpResponse {
    let (complaint, named) = path.into_inner();
    let known = |protocol: &Protocol| {
        let addressee = match named.as_str() {
            "me" => Addressee::You,
            "child" => Addressee::Child,
            "other" => Addressee::Other,
            _ => return None,
        };
        let others = protocol.addressees().iter().skip(1);
        others.copied().find(|other| *other == addressee)
    };
    answers(&request, &live, &complaint, known, body)
}

fn answers(
    request: &HttpRequest,
    live: &Live,
    complaint: &str,
    addressee: impl Fn(&Protocol) -> Option<Addressee>,
    body: Body,
) -> HttpResponse {
    let snapshot = live.snapshot();
    let id = complaint.parse().ok();
    let protocol = id.and_then(|id| snapshot.site().protocols.get(&id));
    let asked = protocol.and_then(|protocol| Some((protocol, addressee(protocol)?)));
    let Some((protocol, addressee)) = asked else {
        return answer(snapshot.not_found(), request);
    };
    match posted(request, body) {
        Ok(posted) => {
            let page = next_page(&snapshot, protocol, addressee, &posted);
            for_one(&snapshot, page, request)
        }
        Err(refused) => *refused,
    }
}

/// Where a person stands, from what was posted alone.
fn next_page(
    snapshot: &Snapshot,
    protocol: &Protocol,
    addressee: Addressee,
    posted: &Posted,
) -> Result<RenderedPage, String> {
    let making = snapshot.making();
    let page = |problems| FirstPage {
        protocol,
        addressee,
        posted,
        problems,
    };
    let button = posted
        .get("go")
        .and_then(|values| values.first())
        .map_or("", String::as_str);
    if button == "change" {
        return first_page(making, page(&[]));
    }
    let first = match read_first(&first_screen(protocol, addressee), posted, addressee) {
        Ok(first) => first,
        Err(problems) => return first_page(making, page(&problems)),
    };
    if let Some(outcome) = emergency(protocol, &first) {
        return result_page(making, protocol, addressee, &outcome, posted);
    }
    if !protocol.fits_age(first.sheet.person.age_months) {
        return unfit_page(making, protocol, addressee);
    }
    let screen = second_screen(protocol, &first, &making.site.measures);
    if button == "first" {
        return second_page(making, page(&[]), &screen);
    }
    match read_second(&screen, posted, &first) {
        Err(problems) => second_page(making, page(&problems), &screen),
        Ok(sheet) => {
            let outcome = Outcome {
                disposition: assess(protocol, &sheet),
                is_unsure_of_signs: false,
                person: sheet.person,
            };
            result_page(making, protocol, addressee, &outcome, posted)
        }
    }
}

/// The advice after the first screen, if it is an emergency already.
fn emergency(protocol: &Protocol, first: &FirstAnswers) -> Option<Outcome> {
    let mut disposition = assess(protocol, &first.sheet);
    let red = disposition.level == TriageLevel::Emergency;
    if !red && !first.is_unsure_of_signs {
        return None;
    }
    disposition.level = TriageLevel::Emergency;
    debug_assert!(
        first
            .sheet
            .findings
            .values()
            .all(|answer| *answer == Answer::Yes)
    );
    Some(Outcome {
        disposition,
        is_unsure_of_signs: first.is_unsure_of_signs,
        person: first.sheet.person.clone(),
    })
}

/// Reads a posted form into values by name.
fn posted(request: &HttpRequest, body: Body) -> Result<Posted, Box<HttpResponse>> {
    let content_type = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let is_form = content_type.is_some_and(|kind| {
        kind.trim_start()
            .starts_with("application/x-www-form-urlencoded")
    });
    let body = body.map_err(|error| match error.as_error::<PayloadError>() {
        Some(PayloadError::Overflow) => Box::new(plain(
            StatusCode::PAYLOAD_TOO_LARGE,
            "the form is too large\n",
        )),
        _ => Box::new(plain(
            StatusCode::BAD_REQUEST,
            "the form could not be read\n",
        )),
    })?;
    if !is_form {
        let refused = plain(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "expected a posted form\n",
        );
        return Err(Box::new(refused));
    }
    let mut posted: Posted = BTreeMap::new();
    for (name, value) in form_urlencoded::parse(&body).take(MAX_FIELDS) {
        posted
            .entry(name.into_owned())
            .or_default()
            .push(value.into_owned());
    }
    Ok(posted)
}

/// Sends a page that was rendered for one request; if that failed, the page that says so.
fn for_one(
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
