//! Whether the server is well, as machines ask it. What anybody may know is one word;
//! what an operator wants to know stands at the address for metrics. The ledger is
//! tried from time to time and not for each question, so that asking costs nothing.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use actix_web::http::header::{self, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::routes::ALLOWED;
use crate::live::Live;

/// Whether visit requests can be kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Keeping {
    /// The clinic takes none.
    #[default]
    NotAsked,
    /// They can: something was written to the ledger a moment ago.
    Works,
    /// They can't, and why.
    Fails(String),
}

/// How the server is.
#[derive(Debug, Default)]
pub struct Health {
    stopping: AtomicBool,
    keeping: Mutex<Keeping>,
}

/// What is wrong, in the words that anybody may read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ailment {
    Stopping,
    NoContent,
    NotKeeping,
}

impl Ailment {
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Stopping => "stopping\n",
            Self::NoContent => "no content\n",
            Self::NotKeeping => "pages are served; visit requests can't be kept\n",
        }
    }
}

impl Health {
    /// Says that the server is about to stop, so that a load balancer sends nobody any more.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    /// Says whether visit requests can be kept; gives what was known before.
    pub fn keeping_is(&self, keeping: Keeping) -> Keeping {
        std::mem::replace(&mut *self.locked(), keeping)
    }

    /// Whether visit requests can be kept, as was last known.
    pub fn keeping(&self) -> Keeping {
        self.locked().clone()
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, Keeping> {
        self.keeping.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What keeps pages from being read.
    pub(super) fn reading(&self, live: &Live) -> Option<Ailment> {
        if self.stopping.load(Ordering::Relaxed) {
            return Some(Ailment::Stopping);
        }
        live.snapshot().is_empty().then_some(Ailment::NoContent)
    }

    /// What keeps the server from doing all that it is there for.
    pub(super) fn everything(&self, live: &Live) -> Option<Ailment> {
        let fails = matches!(*self.locked(), Keeping::Fails(_));
        self.reading(live)
            .or_else(|| fails.then_some(Ailment::NotKeeping))
    }
}

/// The process is alive.
pub(super) async fn livez(request: HttpRequest) -> HttpResponse {
    refused(&request).unwrap_or_else(|| plain(StatusCode::OK, "ok\n"))
}

/// The server does all that it is there for: there is content, requests can be kept, and it is not about to stop.
pub(super) async fn readyz(
    request: HttpRequest,
    live: Data<Live>,
    health: Data<Health>,
) -> HttpResponse {
    refused(&request).unwrap_or_else(|| told(health.everything(&live)))
}

/// Pages can be read. For a load balancer: readers must not lose them when a database that all servers share is away.
pub(super) async fn readyz_reading(
    request: HttpRequest,
    live: Data<Live>,
    health: Data<Health>,
) -> HttpResponse {
    refused(&request).unwrap_or_else(|| told(health.reading(&live)))
}

fn told(ailment: Option<Ailment>) -> HttpResponse {
    match ailment {
        None => plain(StatusCode::OK, "ready\n"),
        Some(ailment) => plain(StatusCode::SERVICE_UNAVAILABLE, ailment.text()),
    }
}

/// The answer to any method but GET and HEAD.
pub(super) fn refused(request: &HttpRequest) -> Option<HttpResponse> {
    let mut response = match *request.method() {
        Method::GET | Method::HEAD => return None,
        Method::OPTIONS => HttpResponse::NoContent()
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .finish(),
        _ => plain(StatusCode::METHOD_NOT_ALLOWED, "only GET and HEAD\n"),
    };
    let allowed = HeaderValue::from_static(ALLOWED);
    response.headers_mut().insert(header::ALLOW, allowed);
    Some(response)
}

pub(super) fn plain(status: StatusCode, text: &'static str) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header((header::CONTENT_TYPE, "text/plain; charset=utf-8"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .body(text)
}
