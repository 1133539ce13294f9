//! Notices that files changed or that a day began, and has the site built again.
//! It watches folders and not files, since editors save by renaming, and a burst
//! of changes is one build.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use notify_debouncer_full::notify::{self, EventKind, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, Debouncer, RecommendedCache, new_debouncer};

use crate::live::Live;
use crate::rebuild::{Calendar, improve, refresh};

/// How long files must be quiet before they are read, in milliseconds.
const SETTLING_MS: u64 = 10;

/// How often to look whether a day has begun, in seconds. A day change may be seen this late.
const DAY_CHECK_S: u64 = 20;

/// Why to build again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    /// Files changed, or somebody asked for it.
    Content,
    /// One of the watched folders was made, moved or deleted.
    Folders,
    /// Stop.
    Shutdown,
}

/// Watches a content folder until it is dropped.
pub struct Watch {
    sender: Sender<Occasion>,
}

type Watcher = Debouncer<notify::RecommendedWatcher, RecommendedCache>;

impl Watch {
    /// Asks for a build now.
    pub fn ask(&self) {
        // The receiver only goes away at the end, when a build is no longer wanted.
        self.sender.send(Occasion::Content).unwrap_or_default();
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.sender.send(Occasion::Shutdown).unwrap_or_default();
    }
}

/// Begins to watch. Where the system can't tell of changes, the site still changes at midnight and on request.
pub fn watch(root: PathBuf, calendar: Calendar, live: Arc<Live>) -> Watch {
    let (sender, receiver) = channel();
    let debouncer = start(&root, sender.clone());
    if debouncer.is_none() {
        tracing::warn!("changes of content can't be watched here; send SIGHUP after a change");
    }
    let improver = start_improver(Arc::clone(&live));
    std::thread::spawn(move || {
        let rebuild = || {
            refresh(&root, calendar, &live);
            improver.send(()).unwrap_or_default();
        };
        rebuild_on_occasion(&receiver, debouncer, &root, calendar, &live, rebuild);
    });
    Watch { sender }
}

/// The folders below the content folder that are watched with all that is in them.
const FOLDERS: [&str; 3] = ["articles", "clinic", "static"];

fn start(root: &Path, sender: Sender<Occasion>) -> Option<Watcher> {
    let tell = move |result: DebounceEventResult| {
        let events = result.unwrap_or_default();
        let mut changes = events
            .iter()
            .filter(|event| !matches!(event.kind, EventKind::Access(_)))
            .peekable();
        if changes.peek().is_none() {
            return;
        }
        let of_a_folder = changes
            .flat_map(|event| &event.paths)
            .any(|path| FOLDERS.iter().any(|folder| path.ends_with(folder)));
        let occasion = if of_a_folder {
            Occasion::Folders
        } else {
            Occasion::Content
        };
        sender.send(occasion).unwrap_or_default();
    };
    let mut debouncer = new_debouncer(Duration::from_millis(SETTLING_MS), None, tell).ok()?;
    // The root is watched by itself, so that a folder that is deleted and made again is seen.
    debouncer.watch(root, RecursiveMode::NonRecursive).ok()?;
    watch_folders(&mut debouncer, root);
    Some(debouncer)
}

/// Watches the folders that there are. One that is not there is seen when the root tells of it; one
/// that was deleted and made again is another folder to the system, so it has to be watched again.
fn watch_folders(debouncer: &mut Watcher, root: &Path) {
    for folder in FOLDERS {
        let path = root.join(folder);
        debouncer.unwatch(&path).unwrap_or_default();
        debouncer
            .watch(&path, RecursiveMode::Recursive)
            .unwrap_or_default();
    }
}

/// Compresses what goes live in a thread of its own, so that it never holds up the next build.
fn start_improver(live: Arc<Live>) -> Sender<()> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        while receiver.recv().is_ok() {
            // What was asked for several times is done once.
            receiver.try_iter().for_each(drop);
            improve(&live);
        }
    });
    sender
}

fn rebuild_on_occasion(
    receiver: &Receiver<Occasion>,
    mut debouncer: Option<Watcher>,
    root: &Path,
    calendar: Calendar,
    live: &Live,
    rebuild: impl Fn(),
) {
    loop {
        match receiver.recv_timeout(Duration::from_secs(DAY_CHECK_S)) {
            Ok(Occasion::Shutdown) | Err(RecvTimeoutError::Disconnected) => return,
            Ok(first) => {
                // A burst of changes is one build.
                let mut occasions = vec![first];
                occasions.extend(receiver.try_iter());
                if occasions.contains(&Occasion::Shutdown) {
                    return;
                }
                if let Some(debouncer) = debouncer
                    .as_mut()
                    .filter(|_| occasions.contains(&Occasion::Folders))
                {
                    watch_folders(debouncer, root);
                }
                rebuild();
            }
            Err(RecvTimeoutError::Timeout) => {
                let site = Arc::clone(live.snapshot().site());
                if calendar.today(&site.clinic.timezone) != site.today {
                    rebuild();
                }
            }
        }
    }
}
