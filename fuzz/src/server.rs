//! A server without a socket: requests and connections in memory are answered by the services of a worker, over the
//! sound site. Its ledger is away, so nothing is written; whoever sends a whole form is told so.

use std::cell::OnceCell;
use std::net::SocketAddr;
use std::sync::Arc;

use actix_web::http::header::HeaderMap;
use actix_web::rt::Runtime;
use actix_web::test::TestRequest;
use signpost::counting::Counting;
use signpost::http::{ForwardedBy, Limits, Place, Proxies, ServerSettings, Worker};
use signpost::intake::{Intake, Secret};
use signpost::ledger::{Identity, Ledger, LedgerPlace, Recipients};
use signpost::live::Live;
use signpost::search::{Indexer, Scope};
use signpost::snapshot::build;

use super::sound::{SOUND, TODAY, site};

/// A worker, and what its tasks run on. One for each thread, since neither can leave it.
pub struct Server {
    /// Where its tasks run.
    pub runtime: Runtime,
    /// What answers.
    pub worker: Worker,
}

/// An answer, read to its end.
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as it is sent.
    pub body: Vec<u8>,
}

impl Answer {
    /// The text of a header; empty if it is not there.
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }
}

/// The proxies that the server believes.
pub fn proxies(forwarded_by: ForwardedBy) -> Proxies {
    let networks = ["127.0.0.1", "10.0.0.0/8", "fd00::/8", "unix"];
    Proxies {
        networks: networks
            .iter()
            .map(|text| text.parse().expect("it is one"))
            .collect(),
        forwarded_by,
    }
}

impl Server {
    fn new() -> Self {
        let runtime = Runtime::new().expect("there is memory");
        let (snapshot, _) = build(&SOUND.tree, TODAY, None).expect("it can be built");
        let live = Arc::new(Live::new(snapshot, Vec::new()));
        let mut indexer = Indexer::new().expect("there is memory");
        let index = indexer.follow(site(), Scope::Listed);
        live.follow(Arc::new(index.expect("there is memory")));
        let settings = ServerSettings {
            place: Place::Http(SocketAddr::from(([127, 0, 0, 1], 0))),
            workers: 1,
            shutdown_s: 1,
            downloads: None,
            depot: None,
            limits: Limits {
                rates: None,
                ..Limits::default()
            },
            proxies: proxies(ForwardedBy::XForwarded),
        };
        let key = Identity::generate().public_key();
        let ledger = Ledger::at(LedgerPlace::Sqlite("/dev/null/ledger.sqlite".into()));
        let trial = Recipients::new([key.as_str()]).expect("it is a key");
        let intake = Intake::new(ledger, Secret::new(vec![7; 32]), Some(trial));
        let worker = Worker::new(
            &settings,
            live,
            Arc::new(intake),
            Arc::<Counting>::default(),
        );
        let worker = runtime.block_on(worker).expect("it can begin");
        Self { runtime, worker }
    }

    /// Does something with the server of this thread.
    pub fn with<T>(act: impl FnOnce(&Self) -> T) -> T {
        thread_local! {
            // It is never let go: what it runs on can't be ended while its thread ends.
            static SERVER: OnceCell<&'static Server> = const { OnceCell::new() };
        }
        SERVER.with(|server| act(server.get_or_init(|| Box::leak(Box::new(Self::new())))))
    }

    /// Answers one request.
    pub fn answer(&self, request: TestRequest, peer: Option<SocketAddr>) -> Answer {
        let mut request = request.to_request();
        request.head_mut().peer_addr = peer;
        self.runtime.block_on(async {
            let (head, body) = self.worker.answer(request).await.into_parts();
            let body = actix_web::body::to_bytes(body).await;
            Answer {
                status: head.status().as_u16(),
                headers: head.headers().clone(),
                body: body
                    .unwrap_or_else(|_| panic!("a body breaks off"))
                    .to_vec(),
            }
        })
    }
}
