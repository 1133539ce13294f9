//! Binds, serves and stops. Building a server is apart from running it, so that a
//! test can listen on port 0 and ask where.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use actix_web::dev::{Server, ServerHandle};
use actix_web::web::Data;
use actix_web::{App, HttpServer};

use super::connections::Connections;
use super::first::SnapshotFirst;
use super::gate::Gate;
use super::guard::Guards;
use super::health::Health;
use super::limits::Limits;
use super::preview;
use super::proxies::Proxies;
use super::routes::{Folders, routes};
use crate::counting::Counting;
use crate::disk::Depot;
use crate::intake::Intake;
use crate::live::Live;
use crate::meters::Meters;
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
    /// The files of other versions of the site; none where nobody keeps them.
    pub depot: Option<Depot>,
    /// What it takes.
    pub limits: Limits,
    /// The proxies that are believed.
    pub proxies: Proxies,
}

/// A server that is bound and not yet awaited.
pub struct Listening {
    /// Await it to serve.
    pub server: Server,
    /// Where it listens.
    pub addr: SocketAddr,
    /// What `/readyz` says.
    pub health: Arc<Health>,
    /// What is counted.
    pub meters: Arc<Meters>,
    /// Who is connected.
    pub connections: Arc<Connections>,
    /// What stands before routes that cost something.
    pub guards: Arc<Guards>,
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
    let (health, meters) = (Arc::new(Health::default()), Arc::<Meters>::default());
    let limits = settings.limits.clone();
    let connections = Arc::new(Connections::new(limits.max_connections, limits.stalled));
    let (proxies, counted) = (settings.proxies.clone(), Arc::clone(&meters));
    let guards = Arc::new(Guards::new(limits.clone(), proxies, counted));
    let own_health = Data::from(Arc::clone(&health));
    let (intake, counting) = (Data::from(intake), Data::from(counting));
    let (own_guards, own_connections) = (Data::from(Arc::clone(&guards)), Arc::clone(&connections));
    let folders = Folders {
        downloads: settings.downloads.clone(),
        depot: settings.depot.clone(),
    };
    let opened = Arc::clone(&connections);
    let edition = live.snapshot().edition().clone();
    let live = Data::from(live);
    let server = HttpServer::new(move || {
        let (folders, edition) = (folders.clone(), edition.clone());
        let gate = Gate {
            live: live.clone(),
            guards: own_guards.clone(),
            connections: Arc::clone(&own_connections),
        };
        let app = App::new()
            .app_data(live.clone())
            .app_data(own_health.clone())
            .app_data(intake.clone())
            .app_data(counting.clone())
            .app_data(own_guards.clone())
            .configure(move |config| {
                if edition != Edition::Public {
                    preview::routes(config);
                }
                routes(config, folders);
            })
            .wrap(gate.clone());
        SnapshotFirst::new(gate, app)
    })
    .workers(settings.workers)
    .shutdown_timeout(settings.shutdown_s)
    .max_connections(limits.max_connections.div_ceil(settings.workers.max(1)))
    .keep_alive(limits.idle)
    .client_request_timeout(limits.head_within)
    .on_connect(move |stream, kept| opened.opened(stream, kept))
    // Without this, an answer in two parts waits 40 ms for the first to be acknowledged.
    .tcp_nodelay(true)
    .disable_signals()
    .bind(settings.addr)?;
    let addr = server.addrs().first().copied().unwrap_or(settings.addr);
    Ok(Listening {
        server: server.run(),
        addr,
        health,
        meters,
        connections,
        guards,
    })
}
