//! Every connection from its first moment to its last, wherever it comes from: it is counted,
//! proves who we are where it goes over TLS, and then speaks HTTP/2, or HTTP/1.1 on the short way
//! as long as that goes. What leads further is answered by actix, under the same limits.

use std::future::ready;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::net::UnixListener;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;
use std::{fmt, io};

use actix_http::body::MessageBody;
use actix_http::error::DispatchError;
use actix_http::{HttpService, Request, Response};
use actix_service::boxed::{self, BoxService};
use actix_service::{IntoServiceFactory, Service, ServiceFactory, fn_factory, fn_service};
use actix_web::Error;
use actix_web::dev::{AppConfig, Server};
use actix_web::rt::net::{TcpStream, UnixStream};
use futures_util::future::LocalBoxFuture;
use tokio::sync::OnceCell;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::front::{Behind, Front};
use super::http2;
use super::limits::Limits;
use super::serve::ServerSettings;
use super::shift::Shift;
use super::short_way::ShortWay;
use super::tls::{HTTP_2, Protocols, Tls};
use super::unread::{Unread, Wire};

/// Where connections come from.
pub(super) enum Door {
    /// A network, with TLS or without it.
    Network(TcpListener, Option<Arc<Tls>>),
    /// A socket of this machine.
    Socket(UnixListener),
}

/// Resolves when the server begins to stop.
pub(super) type Stopping = Arc<dyn Fn() -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

/// What every connection needs.
#[derive(Clone)]
pub(super) struct Terms {
    pub(super) front: Front,
    pub(super) limits: Limits,
    pub(super) stopping: Stopping,
}

/// How long somebody who was refused in the middle of a form may go on sending it, so that the answer is not lost.
const LINGERING: Duration = Duration::from_secs(1);

/// A server at a door, which answers with what `front` has, and with the services that `services` makes for each worker
/// once the site is there.
///
/// # Errors
/// The system does not let the door be used: for the operator.
pub(super) fn server<M, I, F, B>(
    door: Door,
    settings: &ServerSettings,
    front: Front,
    services: M,
) -> io::Result<Server>
where
    M: Fn(&Behind) -> I + Send + Clone + 'static,
    I: IntoServiceFactory<F, Request>,
    F: ServiceFactory<Request, Config = AppConfig, Response = Response<B>, Error = Error> + 'static,
    F::InitError: fmt::Debug,
    F::Service: 'static,
    B: MessageBody + 'static,
{
    let builder = Server::build()
        .workers(settings.workers)
        .shutdown_timeout(settings.shutdown_s)
        .max_concurrent_connections(settings.connections_per_worker())
        .disable_signals();
    let signal = builder.graceful_shutdown_signal();
    let terms = Terms {
        front,
        limits: settings.limits.clone(),
        stopping: Arc::new(move || {
            let signal = signal.clone();
            Box::pin(async move { signal.notified().await })
        }),
    };
    let worker = move || {
        let services = services.clone();
        let factory = move |behind: &Behind| services(behind).into_factory();
        Attendant::begin(factory, terms.clone())
    };
    let builder = match door {
        Door::Network(listener, tls) => builder.listen("network", listener, move || {
            let (worker, tls) = (worker.clone(), tls.clone());
            fn_factory(move || {
                let (worker, tls) = (worker(), tls.clone());
                async move {
                    let worker = Rc::new(worker.await?);
                    Ok::<_, ()>(fn_service(move |stream: TcpStream| {
                        Rc::clone(&worker).attend_network(stream, tls.clone())
                    }))
                }
            })
        }),
        Door::Socket(listener) => builder.listen_uds("socket", listener, move || {
            let worker = worker.clone();
            fn_factory(move || {
                let worker = worker();
                async move {
                    let worker = Rc::new(worker.await?);
                    Ok::<_, ()>(fn_service(move |stream: UnixStream| {
                        Rc::clone(&worker).attend_socket(stream)
                    }))
                }
            })
        }),
    };
    Ok(builder?.run())
}

/// What a worker does with its connections.
pub(super) struct Attendant<S> {
    terms: Terms,
    short: ShortWay,
    /// What is made of the site, once it is there.
    inside: OnceCell<Inside<S>>,
    make: Make<S>,
}

/// Makes the services of a worker.
type Make<S> = Box<dyn Fn(&Behind) -> LocalBoxFuture<'static, Result<S, ()>>>;

/// What answers whatever does not go the short way.
pub(super) struct Inside<S> {
    /// Each request.
    pub(super) app: Rc<S>,
    /// HTTP/1.1 with all that it knows.
    long: BoxService<(Unread, Option<SocketAddr>), (), DispatchError>,
}

impl<S, B> Attendant<S>
where
    S: Service<Request, Response = Response<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    pub(super) async fn begin<F>(
        factory: impl Fn(&Behind) -> F + 'static,
        terms: Terms,
    ) -> Result<Self, ()>
    where
        F: ServiceFactory<
                Request,
                Config = AppConfig,
                Response = Response<B>,
                Error = Error,
                Service = S,
            > + 'static,
        F::InitError: fmt::Debug,
    {
        let make: Make<S> = Box::new(move |behind| {
            let factory = factory(behind);
            Box::pin(async move {
                let app = factory.new_service(AppConfig::default()).await;
                app.map_err(|error| tracing::error!(?error, "a worker can't begin"))
            })
        });
        let shift = Shift::begin((terms.stopping)());
        let own = Self {
            short: ShortWay::new(terms.front.clone(), shift, &terms.limits),
            inside: OnceCell::new(),
            make,
            terms,
        };
        if own.terms.front.behind().is_some() {
            own.inside().await?;
        }
        Ok(own)
    }

    /// What answers whatever does not go the short way; waits until the site is there.
    pub(super) async fn inside(&self) -> Result<&Inside<S>, ()> {
        let begin = async || {
            let app = Rc::new((self.make)(self.terms.front.once_open().await).await?);
            let (same, signal) = (Rc::clone(&app), Arc::clone(&self.terms.stopping));
            let limits = &self.terms.limits;
            let long = HttpService::build()
                .keep_alive(limits.idle)
                .client_request_timeout(limits.head_within)
                .client_disconnect_timeout(LINGERING)
                // As actix's own server does it: who is idle is let go when we stop.
                .graceful_shutdown_signal(move || signal())
                .h1(fn_factory(move || ready(Ok::<_, ()>(Rc::clone(&same)))));
            let long = boxed::service(long.new_service(()).await?);
            Ok(Inside { app, long })
        };
        self.inside.get_or_try_init(begin).await
    }

    /// The same; none if the server stops before the site is there.
    async fn inside_unless_over(&self) -> Option<&Inside<S>> {
        match self.inside.get() {
            Some(inside) => Some(inside),
            None => tokio::select! {
                inside = self.inside() => inside.ok(),
                () = self.short.over() => None,
            },
        }
    }

    async fn attend_network(
        self: Rc<Self>,
        stream: TcpStream,
        tls: Option<Arc<Tls>>,
    ) -> Result<(), ()> {
        let front = &self.terms.front;
        // Before the site is there, pages go the short way alone.
        let offered = match front.connections.are_scarce() || front.behind().is_none() {
            true => Protocols::Older,
            false => Protocols::Both,
        };
        let _open = front.connections.open_one(Some(&stream));
        let peer = stream.peer_addr().ok();
        // Without it, an answer in two parts waits 40 ms for the first to be acknowledged; and it is only slower.
        stream.set_nodelay(true).unwrap_or_default();
        match tls {
            None => self.attend(stream, peer).await,
            Some(tls) => {
                let acceptor = TlsAcceptor::from(tls.offered(offered));
                // On the heap, so that connections without TLS need no room for it.
                Box::pin(self.attend_over_tls(stream, peer, acceptor)).await;
            }
        }
        Ok(())
    }

    async fn attend_socket(self: Rc<Self>, stream: UnixStream) -> Result<(), ()> {
        let _open = self.terms.front.connections.open_one(None);
        self.attend(stream, None).await;
        Ok(())
    }

    async fn attend_over_tls(
        &self,
        stream: TcpStream,
        peer: Option<SocketAddr>,
        acceptor: TlsAcceptor,
    ) {
        let limits = &self.terms.limits;
        // Whoever speaks no TLS, or none of ours, has nothing to say that we could answer.
        let Ok(Ok(stream)) = timeout(limits.head_within, acceptor.accept(stream)).await else {
            return;
        };
        let stream: TlsStream<TcpStream> = stream;
        match stream.get_ref().1.alpn_protocol() {
            Some(HTTP_2) => {
                let Some(inside) = self.inside_unless_over().await else {
                    return;
                };
                let app = Rc::clone(&inside.app);
                http2::serve(stream, peer, app, limits, (self.terms.stopping)()).await;
            }
            _ => self.attend(stream, peer).await,
        }
    }

    /// HTTP/1.1 on a connection.
    pub(super) async fn attend<T: Wire + 'static>(&self, stream: T, peer: Option<SocketAddr>) {
        if let Some((unread, stream)) = self.short.attend(stream, peer).await {
            let Some(inside) = self.inside_unless_over().await else {
                return;
            };
            let stream = Unread::new(unread, stream);
            // How a connection ends is no news for anybody.
            inside.long.call((stream, peer)).await.unwrap_or_default();
        }
    }
}
