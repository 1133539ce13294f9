//! What operators and their machines ask, at an address of its own that readers can't
//! reach: all numbers, and how the server is, in detail. Nothing here names a patient,
//! an address or a word that somebody typed.

use std::fmt::Write as _;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use actix_web::dev::Server;
use actix_web::http::{StatusCode, header};
use actix_web::web::{self, Data};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};

use super::connections::Connections;
use super::health::{Health, Keeping, livez, refused};
use super::tls::Tls;
use crate::disk::resident_bytes;
use crate::intake::Intake;
use crate::live::Live;
use crate::meters::{Meters, Reading};
use crate::snapshot::Coding;

/// What operators are told of.
#[derive(Clone)]
pub struct Operations {
    /// What is served.
    pub live: Arc<Live>,
    /// Where requests are kept.
    pub intake: Arc<Intake>,
    /// How the server is.
    pub health: Arc<Health>,
    /// What was counted.
    pub meters: Arc<Meters>,
    /// Who is connected.
    pub connections: Arc<Connections>,
    /// What proves who we are, over https.
    pub tls: Option<Arc<Tls>>,
}

/// Binds the address for operators; gives the server and where it listens.
///
/// # Errors
/// The address can't be bound: for the operator.
pub fn serve_operations(
    addr: SocketAddr,
    operations: Operations,
) -> io::Result<(Server, SocketAddr)> {
    let operations = Data::new(operations);
    let server = HttpServer::new(move || {
        App::new()
            .app_data(operations.clone())
            .service(web::resource("/metrics").to(metrics))
            .service(web::resource("/readyz").to(details))
            .service(web::resource("/livez").to(livez))
    })
    .workers(1)
    .shutdown_timeout(1)
    .tcp_nodelay(true)
    .disable_signals()
    .bind(addr)?;
    let addr = server.addrs().first().copied().unwrap_or(addr);
    Ok((server.run(), addr))
}

/// The text format that Prometheus reads. Source: prometheus.io/docs/instrumenting/exposition_formats.
const EXPOSITION: &str = "text/plain; version=0.0.4; charset=utf-8";

async fn metrics(request: HttpRequest, operations: Data<Operations>) -> HttpResponse {
    if let Some(refused) = refused(&request) {
        return refused;
    }
    let text = operations.meters.render(&operations.reading().await);
    text_page(StatusCode::OK, EXPOSITION, text)
}

/// Every part of the server and how it is.
async fn details(request: HttpRequest, operations: Data<Operations>) -> HttpResponse {
    if let Some(refused) = refused(&request) {
        return refused;
    }
    let ailment = operations.health.everything(&operations.live);
    let status = match ailment {
        None => StatusCode::OK,
        Some(_) => StatusCode::SERVICE_UNAVAILABLE,
    };
    let mut text = ailment
        .map_or("ready\n", |ailment| ailment.text())
        .to_owned();
    let reading = operations.reading().await;
    let keeping = match operations.health.keeping() {
        Keeping::NotAsked => "this clinic takes no visit requests".to_owned(),
        Keeping::Works => "can be written".to_owned(),
        Keeping::Fails(why) => why,
    };
    let waiting = reading.notices_waiting;
    let waiting = waiting.map_or_else(|| "not known".to_owned(), |count| count.to_string());
    let _ = writeln!(
        text,
        "content: {} addresses, {} errors, {} builds went live, {} failed\nledger: {keeping}\n\
         notices waiting: {waiting}\nconnections: {}",
        reading.addresses,
        reading.content_errors,
        reading.builds,
        reading.failed_builds,
        reading.connections,
    );
    text_page(status, "text/plain; charset=utf-8", text)
}

fn text_page(status: StatusCode, content_type: &'static str, text: String) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header((header::CONTENT_TYPE, content_type))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .body(text)
}

impl Operations {
    async fn reading(&self) -> Reading {
        let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        let snapshot = self.live.snapshot();
        let builds = self.live.build_record();
        let keeping = self.health.keeping();
        let is_ready = self.health.everything(&self.live).is_none();
        let notices_waiting = match keeping {
            Keeping::NotAsked => Some(0),
            Keeping::Works => self.intake.ledger().notices_waiting().await.ok(),
            // Asking would only wait for the same failure.
            Keeping::Fails(_) => None,
        };
        let diagnostics = self.live.diagnostics();
        let errors = diagnostics.iter().filter(|found| found.is_error()).count();
        let codings = [Coding::Identity, Coding::Gzip, Coding::Brotli];
        Reading {
            is_ready: u64::from(is_ready),
            builds: builds.live,
            failed_builds: builds.failed,
            build_seconds: builds.total.as_secs_f64(),
            last_build_seconds: builds.last.as_secs_f64(),
            addresses: number(snapshot.len()),
            bytes: codings.map(|coding| number(snapshot.bytes_in(coding))),
            content_errors: number(errors),
            notices_waiting,
            connections: number(self.connections.open()),
            certificate_ends_s: self.tls.as_ref().map(|tls| tls.ends_at().as_second()),
            memory_bytes: resident_bytes(),
        }
    }
}
