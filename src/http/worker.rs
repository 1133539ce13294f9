//! What answers requests, apart from any listener. Each worker of a server has these services behind its sockets; a
//! request or a connection that lies in memory is answered by the very same ones. Nothing is bound here.

use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;

use actix_http::body::BoxBody;
use actix_http::{Request, Response};
use actix_service::boxed::{RcService, rc_service};
use actix_service::{Service, ServiceExt, ServiceFactory};
use actix_web::dev::{AppConfig, ServiceResponse};
use actix_web::web::Data;
use actix_web::{App, Error};
use futures_util::future::poll_fn;
use tokio::io::{AsyncRead, AsyncWrite};

use super::connections::Connections;
use super::first::SnapshotFirst;
use super::gate::{Carriage, Gate};
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

/// What all workers of a server share.
#[derive(Clone)]
pub(super) struct Shared {
    live: Data<Live>,
    intake: Data<Intake>,
    counting: Data<Counting>,
    pub(super) health: Data<Health>,
    pub(super) guards: Data<Guards>,
    pub(super) connections: Arc<Connections>,
    folders: Folders,
    carriage: Carriage,
}

impl Shared {
    pub(super) fn new(
        settings: &ServerSettings,
        live: Arc<Live>,
        intake: Arc<Intake>,
        counting: Arc<Counting>,
    ) -> Self {
        let limits = settings.limits.clone();
        let connections = Connections::new(limits.max_connections, limits.stalled);
        let guards = Guards::new(limits, settings.proxies.clone(), Arc::<Meters>::default());
        Self {
            live: Data::from(live),
            intake: Data::from(intake),
            counting: Data::from(counting),
            health: Data::new(Health::default()),
            guards: Data::new(guards),
            connections: Arc::new(connections),
            folders: Folders {
                downloads: settings.downloads.clone(),
                depot: settings.depot.clone(),
            },
            carriage: settings.place.carriage(),
        }
    }

    /// The services of one worker.
    pub(super) fn services(
        &self,
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
        let (folders, is_public) = (self.folders.clone(), self.is_public());
        let gate = Gate {
            live: self.live.clone(),
            guards: self.guards.clone(),
            connections: Arc::clone(&self.connections),
            carriage: self.carriage,
        };
        let app = App::new()
            .app_data(self.live.clone())
            .app_data(self.health.clone())
            .app_data(self.intake.clone())
            .app_data(self.counting.clone())
            .app_data(self.guards.clone())
            .configure(move |config| {
                if !is_public {
                    preview::routes(config);
                }
                routes(config, folders);
            })
            .wrap(gate.clone());
        SnapshotFirst::new(gate, app)
    }

    fn is_public(&self) -> bool {
        *self.live.current().edition() == Edition::Public
    }
}

/// One worker without a listener: for whoever has the connections, or the requests, already.
pub struct Worker {
    services: Rc<RcService<Request, Response<BoxBody>, Error>>,
    limits: Limits,
}

impl Worker {
    /// A worker as [`serve`](super::serve()) would make it. Of `settings.place` it takes only whether requests come over TLS.
    ///
    /// # Errors
    /// Its services can't begin: a fault of ours.
    pub async fn new(
        settings: &ServerSettings,
        live: Arc<Live>,
        intake: Arc<Intake>,
        counting: Arc<Counting>,
    ) -> io::Result<Self> {
        let services = Shared::new(settings, live, intake, counting).services();
        let services = services.new_service(AppConfig::default()).await;
        let services = services.map_err(|()| io::Error::other("a worker can't begin"))?;
        let boxed = services.map(|answer: Response<_>| answer.map_into_boxed_body());
        Ok(Self {
            services: Rc::new(rc_service(boxed)),
            limits: settings.limits.clone(),
        })
    }

    /// Answers a request whose head was read.
    pub async fn answer(&self, request: Request) -> Response<BoxBody> {
        let answer = match poll_fn(|context| self.services.poll_ready(context)).await {
            Ok(()) => self.services.call(request).await,
            Err(error) => Err(error),
        };
        answer.unwrap_or_else(|error| error.error_response().into())
    }

    /// Answers everything that is asked on a connection of HTTP/2, until its client leaves, does nothing for too long, or
    /// `stopping` resolves and all is answered. Answers are made by tasks of this thread, so a `LocalSet` must be there.
    pub async fn answer_http2<T>(
        &self,
        stream: T,
        peer: Option<SocketAddr>,
        stopping: impl Future<Output = ()>,
    ) where
        T: AsyncRead + AsyncWrite + Unpin,
    {
        http2::serve(
            stream,
            peer,
            Rc::clone(&self.services),
            &self.limits,
            stopping,
        )
        .await;
    }
}
