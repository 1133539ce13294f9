//! What answers requests, apart from any listener. Each worker of a server has these services behind its sockets; a
//! request or a connection that lies in memory is answered by the very same ones. Nothing is bound here.

use std::future::{pending, poll_fn};
use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;

use actix_http::body::BoxBody;
use actix_http::{Request, Response};
use actix_service::boxed::{self, BoxService};
use actix_service::{Service, ServiceFactory, ServiceFactoryExt};
use actix_web::dev::{AppConfig, ServiceResponse};
use actix_web::web::Data;
use actix_web::{App, Error};
use tokio::io::{AsyncRead, AsyncWrite};

use super::attend::{Attendant, Terms};
use super::connections::Connections;
use super::first::SnapshotFirst;
use super::front::{Behind, Front};
use super::guard::Guards;
use super::health::Health;
use super::http2;
use super::limits::Limits;
use super::preview;
use super::routes::{Folders, routes};
use super::serve::ServerSettings;
use crate::counting::Counting;
use crate::intake::Intake;
use crate::live::Live;
use crate::meters::Meters;
use crate::pages::Edition;
use crate::snapshot::Inherited;

/// What all workers of a server share.
#[derive(Clone)]
pub(super) struct Shared {
    pub(super) front: Front,
    pub(super) health: Data<Health>,
    folders: Folders,
}

impl Shared {
    /// What there is before the site; pages of an earlier server stand in for it.
    pub(super) fn new(settings: &ServerSettings, inherited: Option<Inherited>) -> Self {
        let limits = settings.limits.clone();
        let connections = Connections::new(limits.max_connections, limits.stalled);
        let guards = Guards::new(limits, settings.proxies.clone(), Arc::<Meters>::default());
        let carriage = settings.place.carriage();
        Self {
            front: Front::new(guards, connections, carriage, inherited),
            health: Data::new(Health::default()),
            folders: Folders {
                downloads: settings.downloads.clone(),
                depot: settings.depot.clone(),
            },
        }
    }

    /// The services of one worker.
    pub(super) fn services(
        &self,
        behind: &Behind,
    ) -> SnapshotFirst<
        impl ServiceFactory<
            Request,
            Config = AppConfig,
            Response = ServiceResponse,
            Error = Error,
            InitError = (),
            Service: 'static,
            Future: 'static,
        >
        + 'static
        + use<>,
    > {
        let (folders, gate) = (self.folders.clone(), self.front.gate(behind));
        let edition = gate.live.snapshot().edition().clone();
        let app = App::new()
            .app_data(gate.live.clone())
            .app_data(self.health.clone())
            .app_data(behind.intake.clone())
            .app_data(behind.counting.clone())
            .app_data(self.front.guards.clone())
            .configure(move |config| {
                if edition != Edition::Public {
                    preview::routes(config);
                }
                routes(config, folders);
            })
            .wrap(gate.clone());
        SnapshotFirst::new(gate, app)
    }
}

/// One worker without a listener: for whoever has the connections, or the requests, already.
pub struct Worker {
    attendant: Attendant<BoxService<Request, Response<BoxBody>, Error>>,
    limits: Limits,
}

impl Worker {
    /// A worker as [`serve`](super::serve()) would make it, which never stops by itself. Of `settings.place` it takes only
    /// whether requests come over TLS. Answers are made by tasks of this thread, so a `LocalSet` must be there.
    ///
    /// # Errors
    /// Its services can't begin: a fault of ours.
    pub async fn new(
        settings: &ServerSettings,
        live: Arc<Live>,
        intake: Arc<Intake>,
        counting: Arc<Counting>,
    ) -> io::Result<Self> {
        let shared = Shared::new(settings, None);
        shared.front.open(live, intake, counting);
        let terms = Terms {
            front: shared.front.clone(),
            limits: settings.limits.clone(),
            stopping: Arc::new(|| Box::pin(pending())),
        };
        let services = move |behind: &Behind| {
            let services = shared.services(behind);
            boxed::factory(services.map(|answer: Response<_>| answer.map_into_boxed_body()))
        };
        let attendant = Attendant::begin(services, terms).await;
        Ok(Self {
            attendant: attendant.map_err(|()| io::Error::other("a worker can't begin"))?,
            limits: settings.limits.clone(),
        })
    }

    /// Answers a request whose head was read.
    pub async fn answer(&self, request: Request) -> Response<BoxBody> {
        let Ok(inside) = self.attendant.inside().await else {
            return Response::internal_server_error().map_into_boxed_body();
        };
        let app = &inside.app;
        let answer = match poll_fn(|context| app.poll_ready(context)).await {
            Ok(()) => app.call(request).await,
            Err(error) => Err(error),
        };
        answer.unwrap_or_else(|error| error.error_response().into())
    }

    /// Answers everything that is asked on a connection of HTTP/1.1, until its client leaves or does nothing for too long.
    pub async fn answer_http1<T>(&self, stream: T, peer: Option<SocketAddr>)
    where
        T: AsyncRead + AsyncWrite + Unpin + 'static,
    {
        self.attendant.attend(stream, peer).await;
    }

    /// Answers everything that is asked on a connection of HTTP/2, until its client leaves, does nothing for too long, or
    /// `stopping` resolves and all is answered.
    pub async fn answer_http2<T>(
        &self,
        stream: T,
        peer: Option<SocketAddr>,
        stopping: impl Future<Output = ()>,
    ) where
        T: AsyncRead + AsyncWrite + Unpin,
    {
        let Ok(inside) = self.attendant.inside().await else {
            return;
        };
        let app = Rc::clone(&inside.app);
        http2::serve(stream, peer, app, &self.limits, stopping).await;
    }
}
