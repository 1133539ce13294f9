//! Binds, serves and stops. Building a server is apart from running it, so that a
//! test can listen on port 0 and ask where.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle};
use actix_web::web::Data;
use actix_web::{App, HttpServer};

use super::first::SnapshotFirst;
use super::preview;
use super::routes::{Health, routes};
use crate::counting::Counting;
use crate::intake::Intake;
use crate::live::Live;
use crate::pages::Edition;

/// How a server listens.
#[derive(Debug, Clone)]
pub struct ServerSettings {
    /// Address and port; port 0 takes a free one.
    pub addr: SocketAddr,
    /// Threads that answer.
    pub workers: usize,
    /// How long requests may take to end after a stop, in seconds.
    pub shutdown_s: u64,
    /// The folder of files that are too large for memory.
    pub downloads: Option<PathBuf>,
}

/// A server that is bound and not yet awaited.
pub struct Listening {
    /// Await it to serve.
    pub server: Server,
    /// Where it listens.
    pub addr: SocketAddr,
    /// What `/readyz` says.
    pub health: Arc<Health>,
}

impl Listening {
    /// A handle that stops the server.
    pub fn handle(&self) -> ServerHandle {
        self.server.handle()
    }
}

/// Binds a server that answers from `live`, takes visit requests in and counts campaigns.
///
/// # Errors
/// The address can't be bound: for the operator.
pub fn serve(
    settings: &ServerSettings,
    live: Arc<Live>,
    intake: Arc<Intake>,
    counting: Arc<Counting>,
) -> io::Result<Listening> {
    let health = Arc::new(Health::default());
    let own_health = Data::from(Arc::clone(&health));
    let (intake, counting) = (Data::from(intake), Data::from(counting));
    let downloads = settings.downloads.clone();
    let edition = live.snapshot().edition().clone();
    let first = Arc::clone(&live);
    let live = Data::from(live);
    let server = HttpServer::new(move || {
        let (downloads, edition) = (downloads.clone(), edition.clone());
        let app = App::new()
            .app_data(live.clone())
            .app_data(own_health.clone())
            .app_data(intake.clone())
            .app_data(counting.clone())
            .configure(move |config| {
                if edition != Edition::Public {
                    preview::routes(config);
                }
                routes(config, downloads);
            });
        SnapshotFirst::new(Arc::clone(&first), app)
    })
    .workers(settings.workers)
    .shutdown_timeout(settings.shutdown_s)
    .keep_alive(Duration::from_secs(75))
    .client_request_timeout(Duration::from_secs(10))
    // Without this, an answer in two parts waits 40 ms for the first to be acknowledged.
    .tcp_nodelay(true)
    .disable_signals()
    .bind(settings.addr)?;
    let addr = server.addrs().first().copied().unwrap_or(settings.addr);
    Ok(Listening {
        server: server.run(),
        addr,
        health,
    })
}
