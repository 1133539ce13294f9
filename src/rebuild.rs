//! Builds again when content changes and when a day begins, and swaps the result
//! in. It is the one place that knows both the disk and the clock.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::clock::now;
use crate::diagnostic::{Diagnostic, count};
use crate::disk::read_tree;
use crate::live::Live;
use crate::pages::FormTarget;
use crate::site::{Site, Tree};
use crate::snapshot::{
    Built, Codings, Failure, Purpose, Snapshot, build, build_for, inspect, with_best_compression,
};

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

/// Reads a content folder and builds it.
///
/// # Errors
/// See [`RebuildError`].
pub fn build_from(
    root: &Path,
    calendar: Calendar,
    last_good: Option<&Snapshot>,
) -> Result<Built, RebuildError> {
    let tree = read_tree(root).map_err(|error| RebuildError::Folder(root.to_owned(), error))?;
    build_tree(&tree, calendar, last_good)
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

/// Builds a tree that was read.
fn build_tree(
    tree: &Tree,
    calendar: Calendar,
    last_good: Option<&Snapshot>,
) -> Result<Built, RebuildError> {
    let zone = zone_of(tree, last_good);
    build(tree, calendar.today(&zone), last_good).map_err(RebuildError::from)
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
    let tree = read_tree(root).map_err(|error| RebuildError::Folder(root.to_owned(), error))?;
    let purpose = Purpose {
        today: calendar.today(&zone_of(&tree, None)),
        last_good: None,
        forms,
        codings: Codings::IdentityOnly,
    };
    build_for(&tree, purpose).map_err(RebuildError::from)
}

/// The clinic's time zone as the tree has it, else as it was.
fn zone_of(tree: &Tree, last_good: Option<&Snapshot>) -> TimeZone {
    let file = tree
        .texts
        .iter()
        .find(|file| file.path() == "clinic/clinic.toml");
    let now = file
        .and_then(|file| crate::clinic::parse_clinic(file).0)
        .map(|clinic| clinic.timezone);
    let last = || last_good.map(|last| last.site().clinic.timezone.clone());
    now.or_else(last).unwrap_or(TimeZone::UTC)
}

/// Builds again and swaps the result in; after a failure the last good snapshot stays.
pub fn refresh(root: &Path, calendar: Calendar, live: &Live) {
    let last = live.snapshot();
    match build_from(root, calendar, Some(&last)) {
        Ok((snapshot, diagnostics)) => {
            let (errors, warnings) = count(&diagnostics);
            tracing::info!(
                addresses = snapshot.len(),
                errors,
                warnings,
                "content is live"
            );
            report(&diagnostics, &live.diagnostics());
            live.swap(snapshot, diagnostics);
        }
        Err(error) => {
            tracing::error!(%error, "the last good content stays live");
            if let RebuildError::Content(diagnostics) = error {
                report(&diagnostics, &[]);
                live.tell(diagnostics);
            }
        }
    }
}

/// Compresses what is live as well as can be, and puts that in its place. Begins again when something else went
/// live meanwhile. Slow: for a thread of its own.
pub fn improve(live: &Live) {
    loop {
        let snapshot = live.snapshot();
        let is_wanted = || Arc::ptr_eq(&live.snapshot(), &snapshot);
        if let Some(improved) = with_best_compression(&snapshot, is_wanted) {
            return live.improve(&snapshot, Arc::new(improved));
        }
    }
}

/// Logs each diagnostic that was not there before, as `check` prints it.
fn report(diagnostics: &[Diagnostic], before: &[Diagnostic]) {
    for found in diagnostics.iter().filter(|found| !before.contains(found)) {
        if found.is_error() {
            tracing::error!("{found}");
        } else {
            tracing::warn!("{found}");
        }
    }
}
