//! A place for the ledger of one test, and what a test puts there.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::Timestamp;
use jiff::civil::date;
use signpost::booking::RequestCode;
use signpost::ledger::{Access, Deed, Fingerprint, Ledger, LedgerPlace, NewRequest, Sealed};
use sqlx::any::install_default_drivers;
use sqlx::{AnyConnection, Connection};

use crate::cluster::Cluster;

static NEXT: AtomicUsize = AtomicUsize::new(0);

/// A folder that is gone when the test is.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("ledger-{}-{number}", std::process::id());
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&folder).expect("a scratch folder can be made");
        Self(folder)
    }

    pub fn path(&self, below: &str) -> PathBuf {
        self.0.join(below)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left over is in the build folder, where it harms nobody.
        fs::remove_dir_all(&self.0).unwrap_or_default();
    }
}

/// An empty place for a ledger.
pub struct Scratch {
    pub place: LedgerPlace,
    address: String,
    pub is_sqlite: bool,
    _folder: Option<Folder>,
}

impl Scratch {
    pub fn sqlite() -> Self {
        let folder = Folder::new();
        // A name with all that could be taken for something else.
        let path = folder.path("a folder/l?e%dg#er.sqlite");
        let name = path.to_str().expect("the path is text");
        let address = name
            .replace('%', "%25")
            .replace('?', "%3F")
            .replace('#', "%23");
        Self {
            address: format!("sqlite://{}", address.replace(' ', "%20")),
            place: LedgerPlace::Sqlite(path),
            is_sqlite: true,
            _folder: Some(folder),
        }
    }

    pub async fn postgres() -> Self {
        let cluster = Cluster::shared();
        let address = cluster.address(&cluster.database().await);
        Self {
            place: LedgerPlace::Postgres(address.clone()),
            address,
            is_sqlite: false,
            _folder: None,
        }
    }

    /// One more instance of the program at this place.
    pub fn ledger(&self) -> Ledger {
        Ledger::at(self.place.clone())
    }

    /// A connection as an operator has one who does things by hand.
    pub async fn by_hand(&self) -> AnyConnection {
        install_default_drivers();
        let connection = AnyConnection::connect(&self.address).await;
        connection.expect("the database is there")
    }
}

/// Runs a check on a new place of each kind.
pub async fn on_both(check: impl AsyncFn(Scratch)) {
    println!("on SQLite");
    check(Scratch::sqlite()).await;
    println!("on PostgreSQL");
    check(Scratch::postgres().await).await;
}

/// An instant, in seconds after some moment.
pub fn at(seconds: i64) -> Timestamp {
    Timestamp::new(1_790_000_000 + seconds, 123_456_000).expect("it is in this century")
}

/// A request that came in at [`at`] its number; the same number is the same request.
pub fn request(number: u32) -> NewRequest {
    let mut fingerprint = [7; 32];
    fingerprint[..4].copy_from_slice(&number.to_be_bytes());
    NewRequest {
        service: "video-visit".parse().expect("it is an id"),
        sealed: Sealed(format!("sealed letter {number}").into_bytes()),
        fingerprint: Fingerprint(fingerprint),
        received_at: at(number.into()),
        delete_on: date(2027, 1, 31),
        estimate_due_on: None,
    }
}

/// A line for the access log.
pub fn access(deed: Deed, codes: &[RequestCode]) -> Access {
    Access {
        at: at(1000),
        who: "Ann O'Brien".into(),
        why: "callback; \"due\" today".into(),
        deed,
        codes: codes.to_vec(),
    }
}
