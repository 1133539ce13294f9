//! Builds again when content changes and when a day begins, and swaps the result
//! in. It is the one place that knows both the disk and the clock.

mod behind;
mod shelf;

pub use behind::give_way;
pub use shelf::{Shelf, Stocked, stock};

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::clock::{Stopwatch, now};
use crate::content::Audience;
use crate::diagnostic::{Code, Diagnostic, count};
use crate::disk::{changed_since, read_again, read_tree, read_tree_beside, resolved};
use crate::file::Place;
use crate::live::{BuildOutcome, Live};
use crate::pages::{Edition, FormTarget};
use crate::search::{Fault, Index, Indexer, Scope};
use crate::site::{Site, Tree};
use crate::snapshot::{
    Built, Codings, Extent, Failure, Moment, Progress, Purpose, Snapshot, build_for, count_quick,
    inspect, with_all_forms, with_best_compression, with_forms_of_articles,
};

/// Up to how many text files all pages are made and compressed before they go live: about a second on two cores.
const MADE_AT_ONCE: usize = 1_000;

/// How many bodies are made as small as can be until these go live and are kept: about a minute on one core. An edit or a
/// restart costs no more than that.
const BEST_AT_ONCE: usize = 1_000;

/// Which day the site is built for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Calendar {
    /// The day that it is in the clinic's time zone.
    Clock,
    /// Always the same day: to look at the site as it was or will be.
    Fixed(Date),
}

impl Calendar {
    /// Today in a zone.
    pub fn today(self, zone: &TimeZone) -> Date {
        match self {
            Self::Clock => now().to_zoned(zone.clone()).date(),
            Self::Fixed(date) => date,
        }
    }
}

/// Why a build did not come about.
#[derive(Debug, thiserror::Error)]
pub enum RebuildError {
    /// The content folder can't be read: for the operator.
    #[error("the content folder `{0}` can't be read: {1}")]
    Folder(PathBuf, io::Error),
    /// There is no good `clinic/clinic.toml`: for the clinic.
    #[error("there is no clinic to show: `clinic/clinic.toml` has errors")]
    Content(Vec<Diagnostic>),
    /// A template failed: for us.
    #[error("a template failed at {0}; please report this")]
    Template(String),
}

impl From<Failure> for RebuildError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Content(diagnostics) => Self::Content(diagnostics),
            Failure::Template(message) => Self::Template(message),
        }
    }
}

/// Reads a content folder and builds it for whom `last_good` was built, or for readers.
///
/// # Errors
/// See [`RebuildError`].
pub fn build_from(
    root: &Path,
    calendar: Calendar,
    last_good: Option<&Snapshot>,
) -> Result<Built, RebuildError> {
    let edition = last_good.map_or(&Edition::Public, |last| last.edition());
    build_edition(root, calendar, edition, last_good, Extent::Changes)
}

/// Reads a content folder and builds an edition of it.
///
/// # Errors
/// See [`RebuildError`].
pub fn build_edition(
    root: &Path,
    calendar: Calendar,
    edition: &Edition,
    last_good: Option<&Snapshot>,
    extent: Extent,
) -> Result<Built, RebuildError> {
    let tree = read_release(root)?;
    let purpose = purpose(&tree, calendar, edition, last_good, extent);
    build_for(&tree, purpose).map_err(RebuildError::from)
}

/// Reads a content folder as it is now; if it is a link, what it leads to at this moment.
fn read_release(root: &Path) -> Result<Tree, RebuildError> {
    let failed = |error| RebuildError::Folder(root.to_owned(), error);
    read_tree(&resolved(root)).map_err(failed)
}

/// Reads a tree as [`build_from`] does, and stops before pages are compressed: for telling what is wrong.
///
/// # Errors
/// See [`RebuildError`].
pub fn inspect_tree(
    tree: &Tree,
    calendar: Calendar,
) -> Result<(Arc<Site>, Vec<Diagnostic>), RebuildError> {
    let zone = zone_of(tree, None);
    inspect(tree, calendar.today(&zone)).map_err(RebuildError::from)
}

/// What a tree that was read is built for.
fn purpose<'a>(
    tree: &Tree,
    calendar: Calendar,
    edition: &'a Edition,
    last_good: Option<&'a Snapshot>,
    extent: Extent,
) -> Purpose<'a> {
    let (codings, articles) = match edition {
        // With many pages, readers have them all at once, and a moment later in small.
        Edition::Public if tree.texts.len() > MADE_AT_ONCE => (Codings::Behind, Moment::WhenAsked),
        Edition::Public => (Codings::Quick, Moment::AtOnce),
        // A preview never leaves the machine, or hardly, and editors look at few pages.
        Edition::Preview(_) => (Codings::IdentityOnly, Moment::WhenAsked),
    };
    Purpose {
        today: calendar.today(&zone_of(tree, last_good)),
        edition,
        last_good,
        extent,
        forms: FormTarget::SameOrigin,
        codings,
        articles,
        audience: Audience::Editors,
    }
}

/// Reads a content folder and builds it for a host that takes no forms; each body only as it is.
///
/// # Errors
/// See [`RebuildError`].
pub fn build_for_export(
    root: &Path,
    calendar: Calendar,
    forms: FormTarget,
) -> Result<Built, RebuildError> {
    let tree = read_release(root)?;
    let purpose = Purpose {
        today: calendar.today(&zone_of(&tree, None)),
        edition: &Edition::Public,
        last_good: None,
        extent: Extent::Everything,
        forms,
        codings: Codings::IdentityOnly,
        articles: Moment::AtOnce,
        audience: Audience::Editors,
    };
    build_for(&tree, purpose).map_err(RebuildError::from)
}

/// The clinic's time zone as the tree has it, else as it was.
fn zone_of(tree: &Tree, last_good: Option<&Snapshot>) -> TimeZone {
    let now = tree
        .text("clinic/clinic.toml")
        .and_then(|file| crate::clinic::parse_clinic(file).0)
        .map(|clinic| clinic.timezone);
    let last = || last_good.map(|last| last.site().clinic.timezone.clone());
    now.or_else(last).unwrap_or(TimeZone::UTC)
}

/// What may have changed in a content folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changes {
    /// Anything.
    Everything,
    /// Files and folders, by path relative to the content folder, with `/` between their parts.
    Paths(BTreeSet<String>),
}

/// A content folder, and what was last read of it.
#[derive(Debug)]
pub struct Folder {
    root: PathBuf,
    /// Where the root led when it was read: it may be a link, and be set to another release.
    release: PathBuf,
    /// What could be read last. Snapshots hold the same texts.
    tree: Tree,
    /// Whether that was the last time that it was tried.
    is_read: bool,
}

impl Folder {
    /// A folder of which nothing was read yet.
    pub fn new(root: PathBuf) -> Self {
        Self {
            release: resolved(&root),
            root,
            tree: Tree::default(),
            is_read: false,
        }
    }

    /// Whether the root leads to another folder than the one that was read.
    pub fn leads_elsewhere(&self) -> bool {
        resolved(&self.root) != self.release
    }

    /// Where it is.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What is not on disk as it was last read, if anything. After a read that failed that may be everything.
    pub fn changed(&self) -> Option<Changes> {
        if !self.is_read || self.leads_elsewhere() {
            return Some(Changes::Everything);
        }
        let paths = changed_since(&self.release, &self.tree);
        (!paths.is_empty()).then_some(Changes::Paths(paths))
    }

    /// Reads what changed. After an error everything is read the next time.
    fn read(&mut self, changes: &Changes) -> Result<&Tree, RebuildError> {
        let before = std::mem::replace(&mut self.release, resolved(&self.root));
        let was_read = std::mem::replace(&mut self.is_read, false);
        self.tree = match changes {
            Changes::Paths(paths) if was_read && before == self.release => {
                read_again(&self.release, std::mem::take(&mut self.tree), paths)
            }
            _ => read_tree_beside(&self.release, &self.tree)
                .map_err(|error| RebuildError::Folder(self.root.clone(), error))?,
        };
        self.is_read = true;
        Ok(&self.tree)
    }

    /// Reads all of it and builds an edition for the first time, as soon as readers can have it. On a large site the rules
    /// of style are asked by the first refresh: what they say keeps no page from readers.
    ///
    /// # Errors
    /// See [`RebuildError`].
    pub fn build_first(
        &mut self,
        calendar: Calendar,
        edition: &Edition,
    ) -> Result<Built, RebuildError> {
        let tree = self.read(&Changes::Everything)?;
        let purpose = purpose(tree, calendar, edition, None, Extent::Everything);
        let audience = match (edition, purpose.articles) {
            (Edition::Public, Moment::WhenAsked) => Audience::Readers,
            _ => Audience::Editors,
        };
        let purpose = Purpose {
            audience,
            ..purpose
        };
        build_for(tree, purpose).map_err(RebuildError::from)
    }

    /// Builds again after changes and swaps the result in; after a failure the last good snapshot stays.
    pub fn refresh(&mut self, changes: &Changes, calendar: Calendar, live: &Live) {
        let last = live.snapshot();
        let edition = last.edition().clone();
        let watch = Stopwatch::start();
        let root = self.root.clone();
        let tree = self.read(changes);
        let tree = tree.and_then(|tree| anything(&root, tree));
        let built = tree.and_then(|tree| {
            let purpose = purpose(tree, calendar, &edition, Some(&last), Extent::Changes);
            build_for(tree, purpose).map_err(RebuildError::from)
        });
        match built {
            Ok((snapshot, diagnostics)) => {
                tell_live(&snapshot, &diagnostics);
                report(&diagnostics, &live.diagnostics());
                live.swap(snapshot, diagnostics);
                live.record_build(BuildOutcome::Live, watch.elapsed());
            }
            Err(error) => {
                live.record_build(BuildOutcome::Failed, watch.elapsed());
                tracing::error!(%error, "the last good content stays live");
                if let RebuildError::Content(diagnostics) = error {
                    report(&diagnostics, &[]);
                    live.tell(diagnostics);
                }
            }
        }
    }
}

/// Reads all of a folder, builds again and swaps the result in; after a failure the last good snapshot stays.
pub fn refresh(root: &Path, calendar: Calendar, live: &Live) {
    Folder::new(root.to_owned()).refresh(&Changes::Everything, calendar, live);
}

/// Logs that a snapshot is live, and for whom.
pub fn tell_live(snapshot: &Snapshot, diagnostics: &[Diagnostic]) {
    let (errors, warnings) = count(diagnostics);
    let addresses = snapshot.len();
    match snapshot.edition() {
        Edition::Public => tracing::info!(addresses, errors, warnings, "content is live"),
        Edition::Preview(_) => tracing::info!(
            addresses,
            errors,
            warnings,
            "preview: content is live, with drafts; not for readers"
        ),
    }
}

/// Compresses what is live: quickly what lacks it, then everything as well as can be. Each puts a better form in the
/// place of what is live. Begins again when something else went live meanwhile. Slow: for a thread of its own. A
/// preview is not compressed at all.
pub fn improve(live: &Live, shelf: &mut Shelf) {
    loop {
        let snapshot = live.snapshot();
        if *snapshot.edition() != Edition::Public {
            return;
        }
        shelf.make_room();
        let snapshot = compress(live, shelf, snapshot);
        shelf.stock(&snapshot);
        if finish(live, shelf, snapshot) {
            return;
        }
    }
}

/// Compresses quickly what lacks it: articles first, which readers ask for most.
fn compress(live: &Live, shelf: &Shelf, mut snapshot: Arc<Snapshot>) -> Arc<Snapshot> {
    for with_forms in [with_forms_of_articles, with_all_forms] {
        let all = behind::with_own_threads(|| with_forms(&snapshot, shelf.pressed()));
        if let Some(all) = all {
            snapshot = better(live, &snapshot, all);
        }
    }
    snapshot
}

/// Compresses everything as well as can be, and keeps it. False as soon as something else is live.
fn finish(live: &Live, shelf: &mut Shelf, mut snapshot: Arc<Snapshot>) -> bool {
    let mut progress = match count_quick(&snapshot) > BEST_AT_ONCE {
        true => Progress::Part,
        false => Progress::Whole,
    };
    loop {
        // What is left takes minutes; until then, a restart need not make the rest again.
        if progress == Progress::Part
            && let Some(moved) = shelf.keep(&snapshot)
        {
            snapshot = better(live, &snapshot, moved);
        }
        let is_wanted = || Arc::ptr_eq(&live.snapshot(), &snapshot);
        let pressed = shelf.pressed();
        let best = with_best_compression(&snapshot, pressed, BEST_AT_ONCE, is_wanted);
        let Some((best, reached)) = best else {
            return false;
        };
        (snapshot, progress) = (better(live, &snapshot, best), reached);
        if progress == Progress::Whole {
            shelf.forget();
            if let Some(moved) = shelf.keep(&snapshot) {
                better(live, &snapshot, moved);
            }
            return true;
        }
    }
}

/// Puts a better form of a snapshot in its place, unless something else is live by now.
fn better(live: &Live, snapshot: &Arc<Snapshot>, better: Snapshot) -> Arc<Snapshot> {
    let better = Arc::new(better);
    live.improve(snapshot, Arc::clone(&better));
    better
}

/// Makes the index of what is live, from what the indexer has already. Begins again when other content went live
/// meanwhile. Slow at first: for a thread of its own. After a fault the last index stays, and the indexer is gone.
pub fn index(live: &Live, indexer: &mut Option<Indexer>) {
    loop {
        let snapshot = live.snapshot();
        match indexed(&snapshot, indexer) {
            Ok(index) => {
                tracing::debug!(documents = index.len(), "search is up to date");
                live.follow(Arc::new(index));
                // They are ready before a clinic's records ask for them.
                snapshot.codes();
            }
            Err(error) => {
                tracing::error!(%error, "search stays as it was");
                *indexer = None;
                return;
            }
        }
        if Arc::ptr_eq(live.snapshot().site(), snapshot.site()) {
            return;
        }
    }
}

fn indexed(snapshot: &Snapshot, indexer: &mut Option<Indexer>) -> Result<Index, Fault> {
    let scope = match snapshot.edition() {
        Edition::Public => Scope::Listed,
        Edition::Preview(_) => Scope::WithDrafts,
    };
    let own = match indexer.take() {
        Some(own) => own,
        None => Indexer::new()?,
    };
    indexer.insert(own).follow(snapshot.site(), scope)
}

/// Refuses a folder that holds nothing at all: a disk that is no longer mounted, and no wish to have no site.
fn anything<'a>(root: &Path, tree: &'a Tree) -> Result<&'a Tree, RebuildError> {
    if tree.texts.is_empty() {
        let error = io::Error::new(io::ErrorKind::NotFound, "it is empty; is its disk mounted?");
        return Err(RebuildError::Folder(root.to_owned(), error));
    }
    Ok(tree)
}

/// Logs each diagnostic that was not there before, as `check` prints it.
fn report(diagnostics: &[Diagnostic], before: &[Diagnostic]) {
    fn key(found: &Diagnostic) -> (&Place, Code, &str) {
        (&found.place, found.code, &found.message)
    }
    let before: BTreeSet<_> = before.iter().map(key).collect();
    for found in diagnostics
        .iter()
        .filter(|found| !before.contains(&key(found)))
    {
        if found.is_error() {
            tracing::error!("{found}");
        } else {
            tracing::warn!("{found}");
        }
    }
}
