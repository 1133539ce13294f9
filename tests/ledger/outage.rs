use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use signpost::ledger::{Channel, Kept, Ledger, LedgerError, LedgerPlace, Which};
use tokio::task::JoinSet;

use crate::cluster::Cluster;
use crate::scratch::request;

/// Far longer than an answer takes; whoever still waits then would wait for ever.
const PATIENCE: Duration = Duration::from_secs(60);

/// An answer, which has to come.
async fn answer<T>(call: impl Future<Output = T>) -> T {
    let answer = tokio::time::timeout(PATIENCE, call).await;
    answer.expect("a call never hangs")
}

/// Keeps a request that can't be kept, and gives the error.
async fn fail_to_keep(ledger: &Ledger, number: u32) -> LedgerError {
    let kept = answer(ledger.keep(&request(number), &[Channel::Mail])).await;
    kept.expect_err("the server is away")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_away_at_the_start_and_again_later_is_found_when_it_comes() {
    let cluster = Cluster::stopped();
    let ledger = Ledger::at(LedgerPlace::Postgres(cluster.address("postgres")));
    let error = fail_to_keep(&ledger, 1).await;
    assert!(matches!(error, LedgerError::Unreachable(_)), "{error:?}");
    assert!(answer(ledger.is_reachable()).await.is_err());

    cluster.start();
    let first = ledger.keep(&request(1), &[]).await.unwrap();
    assert!(matches!(first, Kept::New(_)));

    // Between two calls nobody notices.
    cluster.stop();
    cluster.start();
    let again = ledger.keep(&request(1), &[]).await.unwrap();
    assert_eq!(again, Kept::Again(first.code()));

    cluster.stop();
    let error = fail_to_keep(&ledger, 2).await;
    assert!(matches!(error, LedgerError::Unreachable(_)), "{error:?}");
    cluster.start();
    let second = ledger.keep(&request(2), &[]).await.unwrap();
    assert!(matches!(second, Kept::New(_)));
    let codes = ledger.codes(Which::All).await.unwrap();
    assert_eq!(codes, [first.code(), second.code()]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_made_later_is_found() {
    let cluster = Cluster::shared();
    let name = format!("{}_later", cluster.database().await);
    let ledger = Ledger::at(LedgerPlace::Postgres(cluster.address(&name)));
    let error = fail_to_keep(&ledger, 1).await.to_string();
    let message = format!("the ledger can't be reached: database \"{name}\" does not exist");
    assert_eq!(error, message);
    let mut by_hand = {
        use sqlx::Connection;
        let address = cluster.address("postgres");
        sqlx::PgConnection::connect(&address).await.unwrap()
    };
    // The name is made of words and a number.
    let make = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
    sqlx::query(make).execute(&mut by_hand).await.unwrap();
    ledger.keep(&request(1), &[]).await.unwrap();
}

/// A way to the server that can fall silent: connections stay open, and nothing comes through.
struct Wire {
    at: SocketAddr,
    silent: Arc<AtomicBool>,
}

impl Wire {
    fn to(server: PathBuf) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let at = listener.local_addr().expect("it is bound");
        let silent = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&silent);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                connect(client, &server, &told);
            }
        });
        Self { at, silent }
    }

    fn fall_silent(&self) {
        self.silent.store(true, Ordering::SeqCst);
    }

    fn speak_again(&self) {
        self.silent.store(false, Ordering::SeqCst);
    }
}

fn connect(client: TcpStream, server: &Path, silent: &Arc<AtomicBool>) {
    let server = UnixStream::connect(server).expect("the server listens");
    let back = (server.try_clone().unwrap(), client.try_clone().unwrap());
    for (from, to) in [
        (
            Box::new(client) as Box<dyn Read + Send>,
            Box::new(server) as Box<dyn Write + Send>,
        ),
        (Box::new(back.0), Box::new(back.1)),
    ] {
        let silent = Arc::clone(silent);
        std::thread::spawn(move || pass_on(from, to, &silent));
    }
}

fn pass_on(mut from: Box<dyn Read>, mut to: Box<dyn Write>, silent: &AtomicBool) {
    let mut bytes = [0; 4096];
    while let Ok(length @ 1..) = from.read(&mut bytes) {
        // What comes while it is silent is lost for good, as is the rest of that connection.
        if silent.load(Ordering::SeqCst) {
            while matches!(from.read(&mut bytes), Ok(1..)) {}
            return;
        }
        if to.write_all(&bytes[..length]).is_err() {
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_falls_silent_gives_an_error_and_is_used_again_when_it_speaks() {
    let cluster = Cluster::shared();
    let name = cluster.database().await;
    let wire = Wire::to(cluster.socket());
    let address = format!(
        "postgres://signpost:hunter2@{}/{name}?sslmode=disable",
        wire.at
    );
    let ledger = Ledger::at(LedgerPlace::Postgres(address));
    let first = ledger.keep(&request(1), &[]).await.unwrap();

    wire.fall_silent();
    let mut calling = JoinSet::new();
    for number in 0..10 {
        let ledger = ledger.clone();
        calling.spawn(async move { fail_to_keep(&ledger, number).await });
    }
    for error in calling.join_all().await {
        let error = format!("{error} {error:?}");
        assert!(!error.contains("hunter2"), "{error}");
    }
    // Now it can't even be opened. Nobody waits for the attempts of all others, one after another.
    let mut calling = JoinSet::new();
    for _ in 0..40 {
        let ledger = ledger.clone();
        calling.spawn(async move { answer(ledger.is_reachable()).await });
    }
    for answer in calling.join_all().await {
        assert!(answer.is_err());
    }

    wire.speak_again();
    let again = ledger.keep(&request(1), &[]).await.unwrap();
    assert_eq!(again, Kept::Again(first.code()));
}
