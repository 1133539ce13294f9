//! The snapshot that is being served, and what the last build had to say. A build
//! that fails changes neither the one nor what readers see: it only adds to what
//! the operator is told.

use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use arc_swap::{ArcSwap, ArcSwapOption};
use tokio::sync::watch;

use crate::diagnostic::Diagnostic;
use crate::search::Index;
use crate::snapshot::Snapshot;

/// One pointer to the current snapshot, one to what finds its pages, and the last diagnostics.
#[derive(Debug)]
pub struct Live {
    snapshot: ArcSwap<Snapshot>,
    /// It follows the snapshot a moment later; none until the first is made.
    index: ArcSwapOption<Index>,
    diagnostics: Mutex<Vec<Diagnostic>>,
    /// How many builds went live.
    builds: watch::Sender<u64>,
    record: Mutex<BuildRecord>,
}

/// What came of all builds, and how long they took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BuildRecord {
    /// How many went live.
    pub live: u64,
    /// How many did not, so that the last good content stayed.
    pub failed: u64,
    /// How long all of them took.
    pub total: Duration,
    /// How long the last one took.
    pub last: Duration,
}

/// What came of a build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BuildOutcome {
    /// It went live.
    Live,
    /// It did not: the last good content stays.
    Failed,
}

impl Live {
    /// Begins to serve a snapshot.
    pub fn new(snapshot: Arc<Snapshot>, diagnostics: Vec<Diagnostic>) -> Self {
        Self {
            snapshot: ArcSwap::new(snapshot),
            index: ArcSwapOption::empty(),
            diagnostics: Mutex::new(diagnostics),
            builds: watch::Sender::new(1),
            record: Mutex::default(),
        }
    }

    /// The current snapshot. Keep it for the whole request.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.snapshot.load_full()
    }

    /// The current snapshot for a moment: not to be kept over an await.
    pub fn current(&self) -> impl Deref<Target = Arc<Snapshot>> {
        self.snapshot.load()
    }

    /// What finds pages; none until the first index is made. It may be older than the snapshot.
    pub fn index(&self) -> Option<Arc<Index>> {
        self.index.load_full()
    }

    /// Puts a new index in the place of the current one. Requests that run keep theirs.
    pub fn follow(&self, index: Arc<Index>) {
        self.index.store(Some(index));
    }

    /// Puts a new snapshot in the place of the current one. Requests that run keep theirs.
    pub fn swap(&self, snapshot: Arc<Snapshot>, diagnostics: Vec<Diagnostic>) {
        self.snapshot.store(snapshot);
        self.tell(diagnostics);
        self.builds.send_modify(|builds| *builds += 1);
    }

    /// Tells of each build that goes live, by its number.
    pub fn builds(&self) -> watch::Receiver<u64> {
        self.builds.subscribe()
    }

    /// Puts an improved form of a snapshot in its place, unless another one is live by now.
    pub fn improve(&self, old: &Arc<Snapshot>, improved: Arc<Snapshot>) {
        self.snapshot.compare_and_swap(old, improved);
    }

    /// Keeps the current snapshot, and says what the last build found.
    pub fn tell(&self, diagnostics: Vec<Diagnostic>) {
        *self
            .diagnostics
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = diagnostics;
    }

    /// What the last build found, in reading order.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        self.diagnostics
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Writes down what came of a build.
    pub fn record_build(&self, outcome: BuildOutcome, took: Duration) {
        let mut record = self.record.lock().unwrap_or_else(PoisonError::into_inner);
        match outcome {
            BuildOutcome::Live => record.live += 1,
            BuildOutcome::Failed => record.failed += 1,
        }
        record.total = record.total.saturating_add(took);
        record.last = took;
    }

    /// What came of all builds since the start.
    pub fn build_record(&self) -> BuildRecord {
        *self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
