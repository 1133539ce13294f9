//! Search requests. What somebody types stands in the address, because a result can be
//! shared then; so it is read here once, told to no log, counter or other site, and kept
//! by no cache.

use std::borrow::Cow;

use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::posted::for_one;
use super::routes::{answer, snapshot_page};
use crate::live::Live;
use crate::pages::search::{SUGGESTIONS_TYPE, answer_page, suggestions as written};
use crate::search::{Fault, Found, Query, Suggestion};
use crate::snapshot::Snapshot;

/// How soon to ask again when there is no index yet, in seconds.
const RETRY_AFTER_S: &str = "5";

/// What was asked for; nothing without a question.
fn asked(request: &HttpRequest) -> Query {
    let fields = form_urlencoded::parse(request.query_string().as_bytes());
    let mut questions = fields.filter(|(name, _)| name == "q");
    let typed = questions
        .next()
        .map_or(Cow::Borrowed(""), |(_, typed)| typed);
    Query::read(&typed)
}

/// The page of the search, and what it finds.
pub(super) async fn search(request: HttpRequest, live: Data<Live>) -> HttpResponse {
    let query = asked(&request);
    if query.is_blank() {
        return snapshot_page(request, live).await;
    }
    let snapshot = live.snapshot();
    let found = match find(&live, &snapshot, &query) {
        Ok(found) => found,
        Err(error) => return failed(&snapshot, &request, &error),
    };
    let page = answer_page(snapshot.making(), &query, found.as_ref());
    let mut response = for_one(&snapshot, page, &request);
    // No other page learns what was asked, not even one of ours. The page has no form that is posted.
    let headers = response.headers_mut();
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    );
    if found.is_none() {
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER_S));
    }
    response
}

fn find(live: &Live, snapshot: &Snapshot, query: &Query) -> Result<Option<Found>, Fault> {
    let index = live.index();
    let found = index.map(|index| index.find(query, snapshot.site()));
    found.transpose()
}

fn failed(
    snapshot: &Snapshot,
    request: &HttpRequest,
    error: &dyn std::error::Error,
) -> HttpResponse {
    // It tells of the index and never of the question.
    tracing::error!(%error, "search failed; please report this");
    answer(snapshot.failed(), request)
}

/// Names that go on as somebody types.
pub(super) async fn suggestions(request: HttpRequest, live: Data<Live>) -> HttpResponse {
    let query = asked(&request);
    let snapshot = live.snapshot();
    let suggested = match suggest(&live, &snapshot, &query) {
        Ok(suggested) => suggested,
        Err(error) => return failed(&snapshot, &request, &error),
    };
    match written(snapshot.making(), &query, &suggested) {
        Ok(text) => HttpResponse::Ok()
            .insert_header((header::CONTENT_TYPE, SUGGESTIONS_TYPE))
            .insert_header((header::CACHE_CONTROL, "private, no-store"))
            .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .insert_header((header::REFERRER_POLICY, "no-referrer"))
            .insert_header((HeaderName::from_static("x-robots-tag"), "noindex"))
            .insert_header((
                HeaderName::from_static("cross-origin-resource-policy"),
                "same-origin",
            ))
            .body(text),
        Err(error) => {
            tracing::error!(%error, "a page failed; please report this");
            answer(snapshot.failed(), &request)
        }
    }
}

fn suggest(live: &Live, snapshot: &Snapshot, query: &Query) -> Result<Vec<Suggestion>, Fault> {
    match live.index() {
        Some(index) => index.suggest(query, snapshot.site()),
        None => Ok(Vec::new()),
    }
}
