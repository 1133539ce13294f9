//! A clinic's site that runs in this process and listens on a free port.

use std::future::Future;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use jiff::civil::{Date, date};
use reqwest::Method;
use reqwest::header::HeaderMap;
use signpost::counting::Counting;
use signpost::http::{Health, Limits, Listening, Place, Proxies, ServerSettings, serve};
use signpost::intake::{Intake, Secret};
use signpost::ledger::{Identity, Ledger, LedgerPlace, Recipients};
use signpost::live::Live;
use signpost::meters::{Meters, Reading};
use signpost::rebuild::{Calendar, build_from, refresh};
use signpost::snapshot::{Built, Pressed, Snapshot, with_best_compression};
use signpost::watch::{Watch, watch};

use crate::desk::Scratch;
use crate::document::Document;
use crate::folder::{Folder, repository};
use crate::wire;

/// The day for which the tests build the site.
pub const TODAY: Date = date(2026, 11, 25);

/// How often a condition is looked at before a test gives up, and how long between two looks.
pub const LOOKS: u32 = 400;
pub const BETWEEN_LOOKS: Duration = Duration::from_millis(25);

/// A running site.
pub struct Clinic {
    /// What is being served.
    pub live: Arc<Live>,
    addr: SocketAddr,
    client: reqwest::Client,
    calendar: Calendar,
    folder: Option<Folder>,
    /// What the server counts.
    pub meters: Arc<Meters>,
    /// How the server says that it is.
    pub health: Arc<Health>,
    /// What takes requests for visits in.
    pub desk: Desk,
}

/// What takes requests for visits in, and the key that opens them.
pub struct Desk {
    /// Where requests go in.
    pub intake: Arc<Intake>,
    /// What campaigns bring.
    pub counting: Arc<Counting>,
    /// The private key of the trial.
    pub key: Identity,
    /// The folder of the ledger.
    pub scratch: Scratch,
}

impl Desk {
    /// An empty ledger.
    pub fn new() -> Self {
        let scratch = Scratch::new();
        let key = Identity::generate();
        let ledger = Ledger::at(LedgerPlace::Sqlite(scratch.path("ledger.sqlite")));
        let trial = Recipients::new([key.public_key().as_str()]).expect("it is a key");
        let intake = Intake::new(ledger, Secret::new(vec![7; 32]), Some(trial));
        Self {
            intake: Arc::new(intake),
            counting: Arc::default(),
            key,
            scratch,
        }
    }
}

/// How a server of a test listens.
pub fn settings(place: Place, limits: Limits, proxies: Proxies) -> ServerSettings {
    ServerSettings {
        place,
        workers: 1,
        shutdown_s: 1,
        downloads: None,
        depot: None,
        limits,
        proxies,
    }
}

/// An answer as it came, not decoded.
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl Clinic {
    /// The repository's own content on [`TODAY`], compressed as well as can be. Not to be edited.
    pub async fn of_the_repository() -> Self {
        let (snapshot, diagnostics) = of_the_repository();
        let live = Live::new(Arc::clone(snapshot), diagnostics.clone());
        Self::start(live, Calendar::Fixed(TODAY), None)
    }

    /// The repository's own content, behind limits and proxies of a test. Others lift the limits of one address, since
    /// they send many forms.
    pub async fn limited(limits: Limits, proxies: Proxies) -> Self {
        let (snapshot, diagnostics) = of_the_repository();
        let live = Live::new(Arc::clone(snapshot), diagnostics.clone());
        Self::start_with(live, Calendar::Fixed(TODAY), None, limits, proxies)
    }

    /// The repository's own content at another place, behind limits of a test.
    pub async fn over(place: Place, limits: Limits) -> Self {
        let (snapshot, diagnostics) = of_the_repository();
        let live = Live::new(Arc::clone(snapshot), diagnostics.clone());
        let settings = settings(place, limits, Proxies::default());
        Self::start_as(live, Calendar::Fixed(TODAY), None, settings)
    }

    /// A folder of content on [`TODAY`].
    pub async fn of(folder: Folder) -> Self {
        Self::on(folder, Calendar::Fixed(TODAY)).await
    }

    /// A folder of content on another day.
    pub async fn on(folder: Folder, calendar: Calendar) -> Self {
        // What did not change is compressed already, which saves each test a second.
        let (before, _) = of_the_repository();
        let (snapshot, diagnostics) = built(folder.root(), calendar, Some(before.as_ref()));
        Self::start(Live::new(snapshot, diagnostics), calendar, Some(folder))
    }

    fn start(live: Live, calendar: Calendar, folder: Option<Folder>) -> Self {
        let limits = Limits {
            rates: None,
            ..Limits::default()
        };
        Self::start_with(live, calendar, folder, limits, Proxies::default())
    }

    fn start_with(
        live: Live,
        calendar: Calendar,
        folder: Option<Folder>,
        limits: Limits,
        proxies: Proxies,
    ) -> Self {
        let place = Place::Http(SocketAddr::from(([127, 0, 0, 1], 0)));
        let mut settings = settings(place, limits, proxies);
        let downloads = folder.as_ref().map(|own| own.path("static/downloads"));
        settings.downloads = downloads.filter(|folder| folder.is_dir());
        Self::start_as(live, calendar, folder, settings)
    }

    fn start_as(
        live: Live,
        calendar: Calendar,
        folder: Option<Folder>,
        settings: ServerSettings,
    ) -> Self {
        let live = Arc::new(live);
        let desk = Desk::new();
        let (intake, counting) = (Arc::clone(&desk.intake), Arc::clone(&desk.counting));
        let listening =
            serve(&settings, Arc::clone(&live), intake, counting).expect("a port is free");
        let Listening {
            server,
            place,
            health,
            meters,
            ..
        } = listening;
        let addr = place.addr().expect("it is an address");
        actix_web::rt::spawn(server);
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .timeout(Duration::from_secs(20))
            .build()
            .expect("a client without TLS needs nothing");
        Self {
            live,
            addr,
            client,
            calendar,
            folder,
            meters,
            health,
            desk,
        }
    }

    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// A number that the server counts, by its name with its labels.
    pub fn count(&self, name: &str) -> u64 {
        let text = self.meters.render(&Reading::default());
        let line = text.lines().find_map(|line| line.strip_prefix(name));
        let number = line.and_then(|rest| rest.trim().parse().ok());
        number.unwrap_or_else(|| panic!("nothing is counted as {name}:\n{text}"))
    }

    /// The content, to be edited.
    pub fn folder(&self) -> &Folder {
        self.folder.as_ref().expect("the site has its own folder")
    }

    /// Builds again, as after a change of files.
    pub fn refresh(&self) {
        refresh(self.folder().root(), self.calendar, &self.live);
    }

    /// Builds again for another day.
    pub fn refresh_on(&self, day: Date) {
        refresh(self.folder().root(), Calendar::Fixed(day), &self.live);
    }

    /// Begins to watch the folder.
    pub fn watch(&self) -> Watch {
        let root = self.folder().root().to_owned();
        watch(root, self.calendar, Arc::clone(&self.live))
    }

    /// The last diagnostics, one a line.
    pub fn diagnostics(&self) -> String {
        let lines: Vec<String> = self
            .live
            .diagnostics()
            .iter()
            .map(ToString::to_string)
            .collect();
        lines.join("\n")
    }

    /// Where the site answers: scheme, host and port.
    pub fn origin(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Asks for a page.
    pub async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, &[]).await
    }

    /// Asks for a page and reads it.
    pub async fn page(&self, path: &str) -> Document {
        let answer = self.get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        answer.document()
    }

    /// Sends any request without a body.
    pub async fn ask(&self, method: Method, path: &str, headers: &[(&str, &str)]) -> Answer {
        let url = format!("http://{}{path}", self.addr);
        let mut request = self.client.request(method, url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.expect("the server answers");
        Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.bytes().await.expect("the answer ends").to_vec(),
        }
    }

    /// Sends a form as a browser sends it from a page of the site.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.post_with(path, fields, &[("sec-fetch-site", "same-origin")])
            .await
    }

    /// Sends a form with other headers.
    pub async fn post_with(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        headers: &[(&str, &str)],
    ) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let form = ("content-type", "application/x-www-form-urlencoded");
        let headers: Vec<_> = headers.iter().copied().chain([form]).collect();
        self.send_body(path, body.into_bytes(), &headers).await
    }

    /// Posts bytes as they stand.
    pub async fn send_body(&self, path: &str, body: Vec<u8>, headers: &[(&str, &str)]) -> Answer {
        let url = format!("http://{}{path}", self.addr);
        let mut request = self.client.post(url).body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.expect("the server answers");
        Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.bytes().await.expect("the answer ends").to_vec(),
        }
    }

    /// Sends a request line as it stands, and gives the whole answer; it may be empty.
    pub async fn send(&self, request_line: &str) -> String {
        let (addr, line) = (self.addr, request_line.to_owned());
        let exchanged = actix_web::rt::task::spawn_blocking(move || wire::exchange(addr, &line));
        exchanged.await.expect("the exchange ends")
    }

    /// Waits until a page answers as it should, by looking a bounded number of times.
    pub async fn until(&self, path: &str, holds: impl Fn(&Answer) -> bool) -> Answer {
        for _ in 0..LOOKS {
            let answer = self.get(path).await;
            if holds(&answer) {
                return answer;
            }
            actix_web::rt::time::sleep(BETWEEN_LOOKS).await;
        }
        panic!(
            "{path} never became what it should; diagnostics:\n{}",
            self.diagnostics()
        );
    }
}

/// The repository's content, built once for all tests.
pub fn of_the_repository() -> &'static Built {
    static BUILT: OnceLock<Built> = OnceLock::new();
    BUILT.get_or_init(|| {
        let (snapshot, diagnostics) = built(repository(), Calendar::Fixed(TODAY), None);
        let best = with_best_compression(&snapshot, &Pressed::default(), usize::MAX, || true);
        let (best, _) = best.expect("nobody calls it off");
        (Arc::new(best), diagnostics)
    })
}

fn built(root: &Path, calendar: Calendar, before: Option<&Snapshot>) -> Built {
    build_from(root, calendar, before).expect("the content can be built")
}

/// Waits until something holds, by looking a bounded number of times.
pub async fn eventually<F: Future<Output = bool>>(what: &str, holds: impl Fn() -> F) {
    for _ in 0..LOOKS * 12 {
        if holds().await {
            return;
        }
        actix_web::rt::time::sleep(BETWEEN_LOOKS).await;
    }
    panic!("it never came: {what}");
}

impl Answer {
    /// A header as text; empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| value.to_str().expect("headers are ASCII"))
    }

    /// The body as text.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("the body is UTF-8")
    }

    /// The body as a page.
    pub fn document(&self) -> Document {
        Document::read(self.text())
    }

    /// The body as it was before it was made small.
    pub fn decoded(&self) -> Vec<u8> {
        match self.header("content-encoding") {
            "" => self.body.clone(),
            "br" => {
                let mut out = Vec::new();
                brotli::BrotliDecompress(&mut self.body.as_slice(), &mut out)
                    .expect("the body is brotli");
                out
            }
            "gzip" => {
                // The last four bytes hold the length of what was made small. Source: RFC 1952.
                let (_, length) = self.body.split_last_chunk::<4>().expect("gzip has an end");
                let mut out = vec![0; u32::from_le_bytes(*length) as usize];
                libdeflater::Decompressor::new()
                    .gzip_decompress(&self.body, &mut out)
                    .expect("the body is gzip");
                out
            }
            other => panic!("nobody asked for `{other}`"),
        }
    }
}
