//! What stands before every route that costs something: how often one address may
//! ask, how many are worked on at once, and how long a form may take to come. Pages
//! that are read pass none of it, so they are answered whatever happens here.
//! A route takes a guard with `.wrap(from_fn(guard::lookup))`.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{StatusCode, header};
use actix_web::middleware::Next;
use actix_web::web::{Bytes, Data, Payload};
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse};
use governor::clock::DefaultClock;

use super::limits::{Limits, MAX_FORM_BYTES};
use super::proxies::Proxies;
use super::rates::{Asking, Rates, household};
use super::routes::answer;
use super::seldom::Seldom;
use crate::clock::now;
use crate::intake::Intake;
use crate::ledger::{Allowance, Asked, LedgerError};
use crate::live::Live;
use crate::meters::{Class, Limit, Meters};
use crate::snapshot::Page;

/// After how long somebody should try again when we are overloaded, in seconds.
const OVERLOAD_S: u64 = 5;

/// What guards of all routes share.
pub struct Guards {
    pub(super) limits: Limits,
    pub(super) proxies: Proxies,
    pub(super) meters: Arc<Meters>,
    /// Failures of the ledger while patients wait.
    ledger_failures: Seldom,
    rates: Option<Rates>,
    rendering: Places,
    ledger: Places,
}

impl Guards {
    pub(super) fn new(limits: Limits, proxies: Proxies, meters: Arc<Meters>) -> Self {
        let rates = limits.rates.as_ref();
        Self {
            rates: rates.map(|rates| Rates::new(rates, DefaultClock::default())),
            rendering: Places::new(limits.rendering_at_once),
            ledger: Places::new(limits.ledger_at_once),
            ledger_failures: Seldom::default(),
            limits,
            proxies,
            meters,
        }
    }

    /// Forgets addresses that have not asked for a while.
    pub fn forget(&self) {
        if let Some(rates) = &self.rates {
            rates.forget();
        }
    }

    /// Counts a failure of the ledger while a patient waits, and says it now and then.
    pub(super) fn ledger_failed(&self, error: &dyn fmt::Display, what: &str) {
        self.meters.ledger_failed();
        if let Some(unsaid) = self.ledger_failures.happened() {
            tracing::error!(%error, unsaid, "{what}; this is said once a minute at most");
        }
    }

    /// Counts a request that would be kept, for all servers that share a ledger: each of them counted it for itself before.
    ///
    /// # Errors
    /// See [`LedgerError`]; then no request could be kept either.
    pub(super) async fn ask_all_servers(
        &self,
        intake: &Intake,
        request: &HttpRequest,
    ) -> Result<Asked, LedgerError> {
        let Some(limits) = &self.limits.rates else {
            return Ok(Asked::InTime);
        };
        let client = self.proxies.client(request.peer_addr(), request.headers());
        let allowance = Allowance {
            at_once: limits.request.burst.get(),
            one_more_each: limits.request.one_more_each,
        };
        intake.ask(&household(client), allowance, now()).await
    }

    fn count(&self, asking: Asking, client: Option<IpAddr>) -> Result<(), Refusal> {
        let rates = self.rates.as_ref();
        let counted = rates.map_or(Ok(()), |rates| rates.count(asking, client));
        counted.map_err(Refusal::TooOften)
    }
}

/// So many may be inside at once.
struct Places {
    most: usize,
    taken: Arc<AtomicUsize>,
}

/// One of them; it is free again when this is dropped.
struct Place(Arc<AtomicUsize>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Release);
    }
}

impl Places {
    fn new(most: usize) -> Self {
        Self {
            most,
            taken: Arc::default(),
        }
    }

    fn take(&self) -> Option<Place> {
        let one_more = |taken: usize| (taken < self.most).then_some(taken + 1);
        let taken = self
            .taken
            .fetch_update(Ordering::Acquire, Ordering::Relaxed, one_more);
        taken.ok().map(|_| Place(Arc::clone(&self.taken)))
    }
}

/// The answer to whoever asked too often, by the count of all servers together.
pub(super) fn too_often(guards: &Guards, request: &HttpRequest, wait: Duration) -> HttpResponse {
    refusal_response(request, guards, &Refusal::TooOften(wait))
}

/// What a request waits for besides the processor.
#[derive(Debug, Clone, Copy)]
enum Work {
    Rendering,
    Ledger,
}

/// Before a page that is made for one reader.
pub(super) async fn lookup(
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse, Error> {
    pass(request, next, Asking::Lookup, Work::Rendering).await
}

/// Before a page for which the ledger is asked.
pub(super) async fn ledger_lookup(
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse, Error> {
    pass(request, next, Asking::Lookup, Work::Ledger).await
}

/// Before a posted form that is only read.
pub(super) async fn form(
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse, Error> {
    pass(request, next, Asking::Form, Work::Rendering).await
}

/// Before a posted form that is kept.
pub(super) async fn kept_form(
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse, Error> {
    pass(request, next, Asking::Request, Work::Ledger).await
}

async fn pass(
    mut request: ServiceRequest,
    next: Next<BoxBody>,
    asking: Asking,
    work: Work,
) -> Result<ServiceResponse, Error> {
    let guards = request.app_data::<Data<Guards>>().cloned();
    let Some(guards) = guards else {
        return Err(actix_web::error::ErrorInternalServerError("no guards"));
    };
    if asking == Asking::Lookup {
        request.extensions_mut().insert(Class::Lookup);
    }
    let place = match admit(&mut request, &guards, asking, work).await {
        Ok(place) => place,
        Err(refusal) => return Ok(refuse(request, &guards, &refusal)),
    };
    // Whoever waits for a turn is counted before anybody's turn comes, and pages are answered in between.
    tokio::task::yield_now().await;
    let response = next.call(request).await;
    drop(place);
    response
}

/// Lets a request in, with its form.
async fn admit(
    request: &mut ServiceRequest,
    guards: &Guards,
    asking: Asking,
    work: Work,
) -> Result<Place, Refusal> {
    let client = guards
        .proxies
        .client(request.peer_addr(), request.headers());
    guards.count(asking, client)?;
    if asking != Asking::Lookup {
        let whole = whole_form(request, guards.limits.form_within).await?;
        request.extensions_mut().insert(whole);
    }
    // A form that comes slowly takes nobody's place.
    let (places, limit) = match work {
        Work::Rendering => (&guards.rendering, Limit::Rendering),
        Work::Ledger => (&guards.ledger, Limit::Ledger),
    };
    places.take().ok_or(Refusal::Overloaded(limit))
}

/// A form that has come to its end.
pub(super) struct WholeForm(pub(super) Bytes);

async fn whole_form(request: &mut ServiceRequest, within: Duration) -> Result<WholeForm, Refusal> {
    let said = request.headers().get(header::CONTENT_LENGTH);
    let said = said.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if said.is_some_and(|length| length > MAX_FORM_BYTES) {
        return Err(Refusal::TooLarge);
    }
    let payload = request.extract::<Payload>().await;
    let payload = payload.map_err(|_| Refusal::CutOff)?;
    let read = payload.to_bytes_limited(MAX_FORM_BYTES);
    match tokio::time::timeout(within, read).await {
        Ok(Ok(Ok(bytes))) => Ok(WholeForm(bytes)),
        Ok(Ok(Err(_))) => Err(Refusal::CutOff),
        Ok(Err(_)) => Err(Refusal::TooLarge),
        Err(_) => Err(Refusal::TooSlow),
    }
}

/// Why a request was not let in.
#[derive(Debug, Clone, Copy)]
enum Refusal {
    /// One address asked too often; it may ask again after this.
    TooOften(Duration),
    /// All places are taken.
    Overloaded(Limit),
    /// The form is too large.
    TooLarge,
    /// The form did not come in time.
    TooSlow,
    /// The form broke off, or was cut into pieces in a way that nobody can read.
    CutOff,
}

fn refuse(request: ServiceRequest, guards: &Guards, refusal: &Refusal) -> ServiceResponse {
    let mut response = refusal_response(request.request(), guards, refusal);
    if !matches!(refusal, Refusal::TooOften(_) | Refusal::Overloaded(_)) {
        // The rest of the form may still come, and would be taken for the next request.
        response
            .head_mut()
            .set_connection_type(actix_web::http::ConnectionType::Close);
    }
    request.into_response(response)
}

fn refusal_response(request: &HttpRequest, guards: &Guards, refusal: &Refusal) -> HttpResponse {
    let (limit, status) = match refusal {
        Refusal::TooOften(_) => (Some(Limit::Rate), StatusCode::TOO_MANY_REQUESTS),
        Refusal::Overloaded(limit) => (Some(*limit), StatusCode::SERVICE_UNAVAILABLE),
        Refusal::TooLarge => (Some(Limit::FormSize), StatusCode::PAYLOAD_TOO_LARGE),
        Refusal::TooSlow => (Some(Limit::FormTime), StatusCode::REQUEST_TIMEOUT),
        Refusal::CutOff => (None, StatusCode::BAD_REQUEST),
    };
    if let Some(limit) = limit {
        guards.meters.limit_reached(limit);
    }
    let again_s = match refusal {
        Refusal::TooOften(wait) => Some(wait.as_secs().saturating_add(1)),
        Refusal::Overloaded(_) => Some(OVERLOAD_S),
        _ => None,
    };
    let mut response = said(request, status, refusal);
    if let Some(again_s) = again_s {
        let after = header::HeaderValue::from(again_s);
        response.headers_mut().insert(header::RETRY_AFTER, after);
    }
    response
}

/// The page that says it.
fn said(request: &HttpRequest, status: StatusCode, refusal: &Refusal) -> HttpResponse {
    let Some(live) = request.app_data::<Data<Live>>() else {
        return HttpResponse::build(status).finish();
    };
    let snapshot = live.snapshot();
    let page = match refusal {
        Refusal::TooOften(_) => snapshot.too_often(),
        Refusal::Overloaded(_) => snapshot.overloaded(),
        Refusal::TooSlow => snapshot.too_slow(),
        Refusal::TooLarge | Refusal::CutOff => snapshot.malformed(),
    };
    with_status(page, status, request)
}

/// A page that says what is wrong, under the status that fits.
pub(super) fn with_status(page: &Page, status: StatusCode, request: &HttpRequest) -> HttpResponse {
    let mut page = page.clone();
    page.status = status;
    answer(&page, request)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_bounded_and_given_back() {
        let places = Places::new(2);
        let first = places.take();
        let second = places.take();
        assert!(first.is_some() && second.is_some() && places.take().is_none());
        drop(first);
        let third = places.take();
        assert!(third.is_some() && places.take().is_none());
        drop((second, third));
        assert_eq!(places.taken.load(Ordering::Relaxed), 0);
    }
}
