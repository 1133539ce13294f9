//! Binds, serves and stops. Building a server is apart from running it, so that a
//! test can listen on port 0 and ask where.

use std::net::{SocketAddr, TcpListener};
use std::os::unix::net::UnixListener;
use std::path::PathBuf;
use std::sync::Arc;
use std::{fmt, io};

use actix_web::dev::{Server, ServerHandle};

use super::attend::{self, Door};
use super::connections::Connections;
use super::front::{Behind, Front};
use super::gate::Carriage;
use super::guard::Guards;
use super::health::Health;
use super::limits::Limits;
use super::proxies::Proxies;
use super::tls::Tls;
use super::worker::Shared;
use crate::counting::Counting;
use crate::disk::Depot;
use crate::intake::Intake;
use crate::live::Live;
use crate::meters::Meters;
use crate::snapshot::Inherited;

/// Where a server listens, and how requests come to it there.
#[derive(Debug, Clone)]
pub enum Place {
    /// Plain HTTP at an address and port; port 0 takes a free one.
    Http(SocketAddr),
    /// HTTP over TLS, in the same way.
    Https(SocketAddr, Arc<Tls>),
    /// Plain HTTP at a socket of this machine, which is bound already.
    Socket(PathBuf, Arc<UnixListener>),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Http(addr) => write!(f, "http://{addr}"),
            Self::Https(addr, _) => write!(f, "https://{addr}"),
            Self::Socket(path, _) => write!(f, "unix:{}", path.display()),
        }
    }
}

impl Place {
    /// The address and port; a socket has none.
    pub fn addr(&self) -> Option<SocketAddr> {
        match self {
            Self::Http(addr) | Self::Https(addr, _) => Some(*addr),
            Self::Socket(..) => None,
        }
    }

    pub(super) fn carriage(&self) -> Carriage {
        match self {
            Self::Https(..) => Carriage::Tls,
            Self::Http(_) | Self::Socket(..) => Carriage::Plain,
        }
    }
}

/// How a server listens.
#[derive(Debug, Clone)]
pub struct ServerSettings {
    /// Where it listens.
    pub place: Place,
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

impl ServerSettings {
    pub(super) fn connections_per_worker(&self) -> usize {
        let workers = self.workers.max(1);
        self.limits.max_connections.div_ceil(workers)
    }
}

/// A server that is bound and not yet awaited.
pub struct Listening {
    /// Await it to serve.
    pub server: Server,
    /// Where it listens, with the port that it got.
    pub place: Place,
    /// What `/readyz` says.
    pub health: Arc<Health>,
    /// What is counted.
    pub meters: Arc<Meters>,
    /// Who is connected.
    pub connections: Arc<Connections>,
    /// What stands before routes that cost something.
    pub guards: Arc<Guards>,
    front: Front,
}

impl Listening {
    /// Answers everything from `live` from now on, takes visit requests in and counts campaigns.
    pub fn open(&self, live: Arc<Live>, intake: Arc<Intake>, counting: Arc<Counting>) {
        self.front.open(live, intake, counting);
    }

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
    let shared = Shared::new(settings, None);
    shared.front.open(live, intake, counting);
    listen(settings, shared)
}

/// Binds a server that answers with pages of an earlier server, which are those of the site, until [`Listening::open`] is
/// called. Whatever else is asked waits until then.
///
/// # Errors
/// The address can't be bound: for the operator.
pub fn serve_early(settings: &ServerSettings, inherited: Inherited) -> io::Result<Listening> {
    listen(settings, Shared::new(settings, Some(inherited)))
}

fn listen(settings: &ServerSettings, shared: Shared) -> io::Result<Listening> {
    let (health, front) = (shared.health.clone(), shared.front.clone());
    let (guards, connections) = (front.guards.clone(), Arc::clone(&front.connections));
    let (door, place) = open(&settings.place)?;
    let services = move |behind: &Behind| shared.services(behind);
    let server = attend::server(door, settings, front.clone(), services)?;
    Ok(Listening {
        front,
        server,
        place,
        health: health.into_inner(),
        meters: Arc::clone(&guards.meters),
        connections,
        guards: guards.into_inner(),
    })
}

/// How many connections may wait to be taken; as many as actix lets wait at an address.
const BACKLOG: i32 = 1_024;

/// Binds a place; tells where it is, with the port that it got.
fn open(place: &Place) -> io::Result<(Door, Place)> {
    let bound = |addr: &SocketAddr| {
        let listener = TcpListener::bind(addr)?;
        rustix::net::listen(&listener, BACKLOG)?;
        let addr = listener.local_addr()?;
        Ok::<_, io::Error>((listener, addr))
    };
    Ok(match place {
        Place::Http(addr) => {
            let (listener, addr) = bound(addr)?;
            (Door::Network(listener, None), Place::Http(addr))
        }
        Place::Https(addr, tls) => {
            let (listener, addr) = bound(addr)?;
            let door = Door::Network(listener, Some(Arc::clone(tls)));
            (door, Place::Https(addr, Arc::clone(tls)))
        }
        Place::Socket(_, listener) => {
            rustix::net::listen(listener, BACKLOG)?;
            (Door::Socket(listener.try_clone()?), place.clone())
        }
    })
}
