//! Connections over TLS. Each is counted from its first moment, proves who we are
//! within the time that a head may take, and then speaks HTTP/2 or HTTP/1.1 to the same
//! services and under the same limits as everybody else.

use std::future::ready;
use std::net::{SocketAddr, TcpListener};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::{fmt, io};

use actix_http::body::MessageBody;
use actix_http::{HttpService, Request, Response};
use actix_service::{IntoServiceFactory, Service, ServiceFactory, fn_factory, fn_service};
use actix_web::Error;
use actix_web::dev::{AppConfig, Server};
use actix_web::rt::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::connections::Connections;
use super::http2;
use super::limits::Limits;
use super::serve::ServerSettings;
use super::tls::{HTTP_2, Protocols, Tls};

/// Resolves when the server begins to stop.
type Stopping = Arc<dyn Fn() -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

/// What every connection needs.
#[derive(Clone)]
struct Terms {
    tls: Arc<Tls>,
    connections: Arc<Connections>,
    limits: Limits,
    stopping: Stopping,
}

/// A server on a listener, which answers with the services that `services` makes for each worker.
///
/// # Errors
/// The system does not let the listener be used: for the operator.
pub(super) fn server<M, I, F, B>(
    listener: TcpListener,
    settings: &ServerSettings,
    tls: Arc<Tls>,
    connections: Arc<Connections>,
    services: M,
) -> io::Result<Server>
where
    M: Fn() -> I + Send + Clone + 'static,
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
        tls,
        connections,
        limits: settings.limits.clone(),
        stopping: Arc::new(move || {
            let signal = signal.clone();
            Box::pin(async move { signal.notified().await })
        }),
    };
    let builder = builder.listen("https", listener, move || {
        let (services, terms) = (services.clone(), terms.clone());
        fn_factory(move || worker(services().into_factory(), terms.clone()))
    })?;
    Ok(builder.run())
}

/// What one worker does with each connection.
async fn worker<F, B>(
    factory: F,
    terms: Terms,
) -> Result<impl Service<TcpStream, Response = (), Error = ()>, ()>
where
    F: ServiceFactory<Request, Config = AppConfig, Response = Response<B>, Error = Error> + 'static,
    F::InitError: fmt::Debug,
    F::Service: 'static,
    B: MessageBody + 'static,
{
    let app = factory.new_service(AppConfig::default()).await;
    let app = Rc::new(app.map_err(|error| tracing::error!(?error, "a worker can't begin"))?);
    let (same, signal) = (Rc::clone(&app), Arc::clone(&terms.stopping));
    let older = HttpService::build()
        .keep_alive(terms.limits.idle)
        .client_request_timeout(terms.limits.head_within)
        // As actix's own server does it: who is idle is let go when we stop.
        .graceful_shutdown_signal(move || signal())
        .h1(fn_factory(move || ready(Ok::<_, ()>(Rc::clone(&same)))));
    let older = Rc::new(older.new_service(()).await?);
    Ok(fn_service(move |stream: TcpStream| {
        let (app, older, terms) = (Rc::clone(&app), Rc::clone(&older), terms.clone());
        async move {
            attend(stream, app, older, &terms).await;
            Ok(())
        }
    }))
}

/// One connection from its first moment to its last.
async fn attend<S, H, B>(stream: TcpStream, app: Rc<S>, older: Rc<H>, terms: &Terms)
where
    S: Service<Request, Response = Response<B>, Error = Error> + 'static,
    H: Service<(TlsStream<TcpStream>, Option<SocketAddr>), Response = ()>,
    B: MessageBody + 'static,
{
    let protocols = match terms.connections.are_scarce() {
        true => Protocols::Older,
        false => Protocols::Both,
    };
    let _open = terms.connections.open_one(Some(&stream));
    let peer = stream.peer_addr().ok();
    // Without it, an answer in two parts waits 40 ms for the first to be acknowledged; and it is only slower.
    stream.set_nodelay(true).unwrap_or_default();
    let acceptor = TlsAcceptor::from(terms.tls.offered(protocols));
    // Whoever speaks no TLS, or none of ours, has nothing to say that we could answer.
    let Ok(Ok(stream)) = timeout(terms.limits.head_within, acceptor.accept(stream)).await else {
        return;
    };
    match stream.get_ref().1.alpn_protocol() {
        Some(HTTP_2) => {
            http2::serve(stream, peer, app, &terms.limits, (terms.stopping)()).await;
        }
        // How a connection ends is no news for anybody.
        _ => older.call((stream, peer)).await.unwrap_or_default(),
    }
}
