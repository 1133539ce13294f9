//! The ledger as the rest of the program sees it. It opens its database when it is
//! first needed and again after every fault, so nothing ever needs a restart. What is
//! asked of the database stands in `requests` and `outbox`.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use jiff::civil::Date;
use tokio::sync::Mutex;

use super::database::{self, Open};
use super::{Access, Allowance, Asked, Asker, Channel, Entry, Kept, NewRequest, Notice, NoticeId};
use super::{BackupError, Copied, LedgerError, LedgerPlace, SecretMark, Secrets, Tally};
use super::{allowance, backup, company, outbox, proof, requests};
use crate::booking::RequestCode;

/// Keeps visit requests, notices, counts and the access log. Clones share one open database.
#[derive(Clone)]
pub struct Ledger {
    shared: Arc<Shared>,
}

struct Shared {
    place: LedgerPlace,
    /// How often opening has failed.
    failures: AtomicU64,
    /// Held while it is opened, so that it is opened once.
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    open: Option<Arc<Open>>,
    last_failure: Option<LedgerError>,
}

impl fmt::Debug for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ledger({})", self.shared.place)
    }
}

impl Ledger {
    /// Names a ledger. Nothing is opened yet: a server starts, and serves its pages, while its database is away.
    pub fn at(place: LedgerPlace) -> Self {
        let shared = Shared {
            place,
            failures: AtomicU64::new(0),
            state: Mutex::default(),
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    /// Opens the database if it is not open, makes it on first use, and brings its tables up to date.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub async fn open(&self) -> Result<(), LedgerError> {
        self.opened().await.map(|_| ())
    }

    /// Asks the database a trivial question.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub async fn is_reachable(&self) -> Result<(), LedgerError> {
        let open = self.opened().await?;
        let answer = open.rows(sqlx::query("SELECT 1")).await;
        self.settle(&open, answer).await.map(|_| ())
    }

    /// Writes something that changes nothing, as durably as a request.
    ///
    /// # Errors
    /// See [`LedgerError`]; then no request could be kept either.
    pub async fn prove_writable(&self) -> Result<(), LedgerError> {
        let open = self.opened().await?;
        let done = proof::prove_writable(&open).await;
        self.settle(&open, done).await
    }

    /// Reads all of the database and looks whether it is whole.
    ///
    /// # Errors
    /// See [`LedgerError`]; [`LedgerError::Unexpected`] if it is damaged.
    pub async fn check_integrity(&self) -> Result<(), LedgerError> {
        let open = self.opened().await?;
        let done = proof::check_integrity(&open).await;
        self.settle(&open, done).await
    }

    /// Writes a copy of a SQLite ledger to a file that is not there yet. Requests are kept meanwhile.
    ///
    /// # Errors
    /// See [`BackupError`]; then there is no copy.
    pub async fn back_up(&self, to: &Path) -> Result<Copied, BackupError> {
        let open = self.opened().await?;
        backup::copy(&open, to).await
    }

    /// Closes the database, if it is open. The next call opens it again.
    pub async fn close(&self) {
        if let Some(open) = self.shared.state.lock().await.open.take() {
            open.close().await;
        }
    }

    /// Keeps a request and one notice for each channel, in one transaction. When this returns, the request is
    /// durable. A request with a known fingerprint is not kept again, and no notice is added.
    ///
    /// # Errors
    /// See [`LedgerError`]; then nothing is acknowledged, and the same request can be sent again without harm.
    pub async fn keep(
        &self,
        request: &NewRequest,
        channels: &[Channel],
    ) -> Result<Kept, LedgerError> {
        let open = self.opened().await?;
        let done = requests::keep(&open, request, channels).await;
        self.settle(&open, done).await
    }

    /// Counts one more request of somebody, for all servers with this database together, if the allowance has one left. A
    /// ledger in a file has one server, which counts by itself: there everybody asks in time.
    ///
    /// # Errors
    /// See [`LedgerError`]; then nothing was counted.
    pub async fn ask(
        &self,
        asker: &Asker,
        allowance: Allowance,
        now: Timestamp,
    ) -> Result<Asked, LedgerError> {
        let open = self.opened().await?;
        let done = allowance::ask(&open, asker, allowance, now).await;
        self.settle(&open, done).await
    }

    /// Says that a server with a secret is there now, and tells whether another one is that has a different secret.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub async fn meet(&self, own: &SecretMark, now: Timestamp) -> Result<Secrets, LedgerError> {
        let open = self.opened().await?;
        let done = company::meet(&open, own, now).await;
        self.settle(&open, done).await
    }

    /// Forgets everybody who has the whole allowance again.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub async fn forget_askers(&self, now: Timestamp) -> Result<(), LedgerError> {
        let open = self.opened().await?;
        let done = allowance::forget(&open, now).await;
        self.settle(&open, done).await
    }

    /// One request.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub async fn entry(&self, code: RequestCode) -> Result<Option<Entry>, LedgerError> {
        let open = self.opened().await?;
        let done = requests::entry(&open, code).await;
        self.settle(&open, done).await
    }

    /// The codes of all requests: those whose estimate is due first, by that day, then the others; among equals
    /// the one that came in first. Codes alone, so that an export of any size needs little memory.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub async fn codes(&self, which: Which) -> Result<Vec<RequestCode>, LedgerError> {
        let open = self.opened().await?;
        let done = requests::codes(&open, which).await;
        self.settle(&open, done).await
    }

    /// Says that requests are done. Gives those that there are and that were open, in the order of `access`, and writes
    /// that down under their codes; when there was none, nothing is written. The fingerprints of requests that are done are forgotten.
    ///
    /// # Errors
    /// See [`LedgerError`]; then nothing changed.
    pub async fn finish(&self, access: &Access) -> Result<Vec<RequestCode>, LedgerError> {
        let open = self.opened().await?;
        let done = requests::finish(&open, access).await;
        self.settle(&open, done).await
    }

    /// Removes every request whose deletion day has come, with its notices, and writes that down under the codes that
    /// were removed; when there was none, nothing is written. `access.codes` is not looked at.
    ///
    /// # Errors
    /// See [`LedgerError`]; then nothing was removed.
    pub async fn purge(
        &self,
        today: Date,
        access: &Access,
    ) -> Result<Vec<RequestCode>, LedgerError> {
        let open = self.opened().await?;
        let done = requests::purge(&open, today, access).await;
        self.settle(&open, done).await
    }

    /// Adds a line to the access log. Call it before anything is shown.
    ///
    /// # Errors
    /// See [`LedgerError`]; then nothing may be shown.
    pub async fn write_access(&self, access: &Access) -> Result<(), LedgerError> {
        let open = self.opened().await?;
        let done = requests::write_access(&open, access).await;
        self.settle(&open, done).await
    }

    /// The access log, oldest first.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub async fn accesses(&self) -> Result<Vec<Access>, LedgerError> {
        let open = self.opened().await?;
        let done = requests::accesses(&open).await;
        self.settle(&open, done).await
    }

    /// At most 20 notices that are due, longest first. Each is put off until `again_at` in the same statement, so that
    /// another instance does not send it too, and so that it comes again if this one stops half way.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub async fn due_notices(
        &self,
        now: Timestamp,
        again_at: Timestamp,
    ) -> Result<Vec<Notice>, LedgerError> {
        let open = self.opened().await?;
        let done = outbox::due_notices(&open, now, again_at).await;
        self.settle(&open, done).await
    }

    /// How many notices there are, due or not.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub async fn notices_waiting(&self) -> Result<u64, LedgerError> {
        let open = self.opened().await?;
        let done = outbox::waiting(&open).await;
        self.settle(&open, done).await
    }

    /// A notice was sent; it is removed.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub async fn notice_sent(&self, notice: NoticeId) -> Result<(), LedgerError> {
        let open = self.opened().await?;
        let done = outbox::notice_sent(&open, notice).await;
        self.settle(&open, done).await
    }

    /// A notice could not be sent; it is tried again at `again_at`, and one more try is counted.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub async fn notice_failed(
        &self,
        notice: NoticeId,
        again_at: Timestamp,
    ) -> Result<(), LedgerError> {
        let open = self.opened().await?;
        let done = outbox::notice_failed(&open, notice, again_at).await;
        self.settle(&open, done).await
    }

    /// Forgets the fingerprints of requests that came in before an instant.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub async fn forget_fingerprints(&self, before: Timestamp) -> Result<(), LedgerError> {
        let open = self.opened().await?;
        let done = requests::forget_fingerprints(&open, before).await;
        self.settle(&open, done).await
    }

    /// Adds counts to those that there are.
    ///
    /// # Errors
    /// See [`LedgerError`]; then none of them was added.
    pub async fn add_tallies(&self, tallies: &[Tally]) -> Result<(), LedgerError> {
        let open = self.opened().await?;
        let done = outbox::add_tallies(&open, tallies).await;
        self.settle(&open, done).await
    }

    /// Counts of the days from `from` to `until`, both included; by campaign, service, day and step.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub async fn tallies(&self, from: Date, until: Date) -> Result<Vec<Tally>, LedgerError> {
        let open = self.opened().await?;
        let done = outbox::tallies(&open, from, until).await;
        self.settle(&open, done).await
    }

    /// The database, opened if need be. Who waits while it is opened in vain shares that failure: a dead database
    /// makes nobody wait longer than one attempt takes.
    async fn opened(&self) -> Result<Arc<Open>, LedgerError> {
        let failures = self.shared.failures.load(Ordering::Acquire);
        let mut state = self.shared.state.lock().await;
        match &state.open {
            Some(open) if open.is_in_place() => return Ok(Arc::clone(open)),
            Some(_) => tracing::warn!("the ledger's file was deleted or replaced; opening it anew"),
            None => {}
        }
        if let Some(moved) = state.open.take() {
            moved.close().await;
        }
        if failures != self.shared.failures.load(Ordering::Acquire)
            && let Some(failure) = &state.last_failure
        {
            return Err(failure.clone());
        }
        match database::open(&self.shared.place).await {
            Ok(open) => Ok(Arc::clone(state.open.insert(Arc::new(open)))),
            Err(failure) => {
                self.shared.failures.fetch_add(1, Ordering::Release);
                state.last_failure = Some(failure.clone());
                Err(failure)
            }
        }
    }

    /// Hands on what came of a call. After a fault the next call opens the database anew.
    async fn settle<T>(
        &self,
        open: &Arc<Open>,
        done: Result<T, LedgerError>,
    ) -> Result<T, LedgerError> {
        if done.is_err() {
            let mut state = self.shared.state.lock().await;
            let same = |current: &mut Arc<Open>| Arc::ptr_eq(current, open);
            if let Some(faulty) = state.open.take_if(same) {
                faulty.close().await;
            }
        }
        done
    }
}

/// Which requests are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Those that are not done.
    Open,
    /// All.
    All,
}
