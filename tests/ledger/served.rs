//! The program itself before a PostgreSQL that is killed, hangs and comes back while patients send requests.

use std::collections::BTreeSet;
use std::io::Write;
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use signpost::booking::RequestCode;
use signpost::ledger::{Ledger, LedgerPlace, Which};

use crate::cluster::Cluster;
use crate::folder::{copy, repository};
use crate::program::{Serving, signpost, until};
use crate::visit_form::visit_form;
use crate::wire;

const CLIENTS: u32 = 4;

/// How often the server is killed, while it may be in the middle of a commit.
const KILLS: u32 = 3;

/// The smallest site that takes requests; its folder is gone at the end.
struct SmallSite(PathBuf);

impl SmallSite {
    fn new() -> Self {
        let name = format!("served-{}", std::process::id());
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        copy(&repository().join("tests/content/sound"), &root);
        let settings = "keep_days = 30\nanswer_within = \"soon\"\n";
        std::fs::write(root.join("clinic/booking.toml"), settings).expect("it can be written");
        Self(root)
    }
}

impl Drop for SmallSite {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).unwrap_or_default();
    }
}

/// Sends a request; gives the status and, if it was kept, the code.
fn send(addr: SocketAddr, name: &str) -> (Option<u16>, Option<RequestCode>) {
    let request = visit_form(name, "", "");
    let mut stream = TcpStream::connect(addr).expect("the program listens");
    let patience = Some(Duration::from_secs(60));
    stream
        .set_read_timeout(patience)
        .expect("it can be limited");
    stream.write_all(request.as_bytes()).expect("it is sent");
    let answer = String::from_utf8_lossy(&wire::read_to_end(&mut stream)).into_owned();
    let line = answer
        .lines()
        .find_map(|line| line.strip_prefix("location: "));
    let code = line.and_then(|line| line.trim().rsplit('/').next()?.parse().ok());
    (wire::status(&answer), code)
}

/// What patients saw: the codes that were shown, by name, and the names that were asked to try again.
#[derive(Default)]
struct Seen {
    shown: Vec<RequestCode>,
    asked_to_try_again: Vec<String>,
}

/// Sends one request after another until it is told to stop.
fn patient(addr: SocketAddr, client: u32, kept: &AtomicU32, stop: &AtomicBool) -> Seen {
    let mut seen = Seen::default();
    for number in 0_u32.. {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let name = format!("Client-{client}-{number}");
        match send(addr, &name) {
            (Some(303), Some(code)) => {
                kept.fetch_add(1, Ordering::Relaxed);
                seen.shown.push(code);
            }
            (Some(503), None) => seen.asked_to_try_again.push(name),
            other => panic!("neither kept nor asked to try again: {other:?}"),
        }
    }
    seen
}

#[tokio::test(flavor = "multi_thread")]
async fn a_postgresql_that_is_killed_or_hangs_under_load_costs_no_page_and_no_request() {
    let cluster = Cluster::started();
    let address = cluster.address(&cluster.database().await);
    let site = SmallSite::new();
    let mut command = signpost(
        &site.0,
        &["serve", "--addr", "127.0.0.1:0", "--workers", "2"],
    );
    command.args(["--today", "2026-11-25", "--rate-limits", "off"]);
    command.env("DATABASE_URL", &address);
    let serving = Serving::start(command);
    let addr = serving.addr;
    let (kept, stop) = (AtomicU32::new(0), AtomicBool::new(false));
    let read = || assert_eq!(wire::status(&serving.get("/")), Some(200), "a page");
    let more = |by: u32| {
        let before = kept.load(Ordering::Relaxed);
        until("requests are kept", || {
            kept.load(Ordering::Relaxed) >= before + by
        });
    };
    let seen: Vec<Seen> = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| {
                scope.spawn({
                    let (kept, stop) = (&kept, &stop);
                    move || patient(addr, client, kept, stop)
                })
            })
            .collect();
        for _ in 0..KILLS {
            more(20);
            cluster.stop();
            read();
            cluster.start();
        }
        more(20);
        // It stands still, as on a disk that hangs: for longer than a request is willing to wait.
        cluster.hang();
        until("readiness is lost", || {
            wire::status(&serving.get("/readyz")) == Some(503)
        });
        read();
        assert_eq!(wire::status(&serving.get("/readyz/reading")), Some(200));
        cluster.go_on();
        more(20);
        stop.store(true, Ordering::Relaxed);
        clients
            .into_iter()
            .map(|client| client.join().expect("a client ends"))
            .collect()
    });
    until("it is ready again", || {
        wire::status(&serving.get("/readyz")) == Some(200)
    });
    let ledger = Ledger::at(LedgerPlace::Postgres(address));
    let shown: Vec<RequestCode> = seen.iter().flat_map(|seen| seen.shown.clone()).collect();
    let distinct: BTreeSet<RequestCode> = shown.iter().copied().collect();
    assert_eq!(shown.len(), distinct.len(), "no code is shown twice");
    let there = ledger.codes(Which::All).await.expect("it is back");
    let there: BTreeSet<RequestCode> = there.into_iter().collect();
    assert!(
        distinct.is_subset(&there),
        "every code that was shown is kept"
    );
    // Whoever was asked to try again does, and is kept once, also where the first try had got through.
    let again = seen.iter().flat_map(|seen| &seen.asked_to_try_again);
    let again: BTreeSet<RequestCode> = again
        .map(|name| send(addr, name).1.expect("it is kept now"))
        .collect();
    let there = ledger.codes(Which::All).await.expect("it is back");
    assert_eq!(
        there.len(),
        distinct.len() + again.len(),
        "nobody is there twice"
    );
    assert!(again.is_disjoint(&distinct));
}
