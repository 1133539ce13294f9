//! Notices that files changed or that a day began, and has the site built again.
//! It watches folders and not files, since editors save by renaming, and a burst
//! of changes is one build.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use notify_debouncer_full::notify::{self, EventKind, RecursiveMode};
use notify_debouncer_full::{
    DebounceEventResult, DebouncedEvent, Debouncer, RecommendedCache, new_debouncer,
};

use crate::disk::FOLDERS;
use crate::live::Live;
use crate::rebuild::{Calendar, Changes, Folder, improve};

/// How long files must be quiet before they are read, in milliseconds.
const SETTLING_MS: u64 = 10;

/// How often to look whether a day has begun, in seconds. A day change may be seen this late.
const DAY_CHECK_S: u64 = 20;

/// How long after a change of a folder it is looked at once more, in milliseconds. The system watches a new folder a
/// moment after it was made; what was written into it in that moment is told to nobody.
const SECOND_LOOK_MS: u64 = 500;

/// From how many paths on a change is a burst, such as a checkout, whose end is worth waiting for.
const BURST: usize = 16;

/// How long a burst must be quiet until it is over, in milliseconds, and how long it is waited for at most.
const BURST_QUIET_MS: u64 = 60;
const BURST_AT_MOST_MS: u64 = 2_000;

/// Why to build again.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Occasion {
    /// These files or folders changed, by path relative to the content folder.
    Paths(BTreeSet<String>),
    /// Somebody asked for it, a whole folder was made, moved or deleted, or changes were lost. What is watched has
    /// to be looked for again.
    Everything,
    /// Stop.
    Shutdown,
}

/// Whether changes of files are noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Watching {
    /// They are, as soon as they happen.
    Files,
    /// They are not: somebody asks for each build.
    OnRequest,
}

/// Watches a content folder until it is dropped.
pub struct Watch {
    sender: Sender<Occasion>,
}

type Watcher = Debouncer<notify::RecommendedWatcher, RecommendedCache>;

impl Watch {
    /// Asks for a build of everything now.
    pub fn ask(&self) {
        // The receiver only goes away at the end, when a build is no longer wanted.
        self.sender.send(Occasion::Everything).unwrap_or_default();
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.sender.send(Occasion::Shutdown).unwrap_or_default();
    }
}

/// Begins to watch. Where the system can't tell of changes, the site still changes at midnight and on request.
pub fn watch(root: PathBuf, calendar: Calendar, live: Arc<Live>) -> Watch {
    begin(root, calendar, live, Watching::Files)
}

/// Begins to build again at midnight and on request, and with [`Watching::Files`] whenever files change.
pub fn begin(root: PathBuf, calendar: Calendar, live: Arc<Live>, watching: Watching) -> Watch {
    let (sender, receiver) = channel();
    let debouncer = match watching {
        Watching::OnRequest => None,
        Watching::Files => {
            let debouncer = start(&root, sender.clone());
            if debouncer.is_none() {
                tracing::warn!(
                    "changes of content can't be watched here; send SIGHUP after a change"
                );
            }
            debouncer
        }
    };
    let improver = start_improver(Arc::clone(&live));
    std::thread::spawn(move || {
        let mut folder = Folder::new(root);
        let rebuild = |folder: &mut Folder, changes: &Changes| {
            folder.refresh(changes, calendar, &live);
            improver.send(()).unwrap_or_default();
        };
        let has_day_begun = || {
            let site = Arc::clone(live.snapshot().site());
            calendar.today(&site.clinic.timezone) != site.today
        };
        rebuild_on_occasion(&receiver, debouncer, &mut folder, has_day_begun, rebuild);
    });
    Watch { sender }
}

fn start(root: &Path, sender: Sender<Occasion>) -> Option<Watcher> {
    let below = root.to_owned();
    let tell = move |result: DebounceEventResult| {
        let occasion = match result {
            Ok(events) => occasion(&below, &events),
            Err(_) => Some(Occasion::Everything),
        };
        if let Some(occasion) = occasion {
            sender.send(occasion).unwrap_or_default();
        }
    };
    let mut debouncer = new_debouncer(Duration::from_millis(SETTLING_MS), None, tell).ok()?;
    // The root is watched by itself, so that a folder that is deleted and made again is seen.
    debouncer.watch(root, RecursiveMode::NonRecursive).ok()?;
    watch_folders(&mut debouncer, root);
    Some(debouncer)
}

/// What events call for, if anything. An event without a path that we know may mean anything.
fn occasion(root: &Path, events: &[DebouncedEvent]) -> Option<Occasion> {
    let mut paths = BTreeSet::new();
    for event in events {
        if event.need_rescan() {
            return Some(Occasion::Everything);
        }
        if matches!(event.kind, EventKind::Access(_)) {
            continue;
        }
        for path in &event.paths {
            match relative(root, path) {
                Some(path) if FOLDERS.contains(&path.as_str()) => {
                    return Some(Occasion::Everything);
                }
                Some(path) => {
                    let first = path.split('/').next().unwrap_or_default();
                    if FOLDERS.contains(&first) {
                        paths.insert(path);
                    }
                }
                None => return Some(Occasion::Everything),
            }
        }
    }
    (!paths.is_empty()).then_some(Occasion::Paths(paths))
}

/// A path below the content folder, with `/` between its parts; none for the folder itself and what is no text.
fn relative(root: &Path, path: &Path) -> Option<String> {
    let below = path.strip_prefix(root).ok()?;
    let parts: Option<Vec<&str>> = below.iter().map(|part| part.to_str()).collect();
    parts
        .filter(|parts| !parts.is_empty())
        .map(|parts| parts.join("/"))
}

/// Watches the folders that there are. One that is not there is seen when the root tells of it; one
/// that was deleted and made again is another folder to the system, so it has to be watched again.
fn watch_folders(debouncer: &mut Watcher, root: &Path) {
    let folders = FOLDERS.map(|folder| (root.join(folder), RecursiveMode::Recursive));
    let root = (root.to_owned(), RecursiveMode::NonRecursive);
    for (path, mode) in folders.into_iter().chain([root]) {
        debouncer.unwatch(&path).unwrap_or_default();
        debouncer.watch(&path, mode).unwrap_or_default();
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
    folder: &mut Folder,
    has_day_begun: impl Fn() -> bool,
    rebuild: impl Fn(&mut Folder, &Changes),
) {
    let mut look_again = BTreeSet::new();
    loop {
        let wait = if look_again.is_empty() {
            Duration::from_secs(DAY_CHECK_S)
        } else {
            Duration::from_millis(SECOND_LOOK_MS)
        };
        match receiver.recv_timeout(wait) {
            Ok(first) => match gather(receiver, first) {
                Occasion::Shutdown => return,
                Occasion::Paths(paths) => {
                    look_again.extend(folder.folders_among(&paths));
                    rebuild(folder, &Changes::Paths(paths));
                }
                Occasion::Everything => {
                    if let Some(debouncer) = &mut debouncer {
                        watch_folders(debouncer, folder.root());
                    }
                    rebuild(folder, &Changes::Everything);
                }
            },
            Err(RecvTimeoutError::Disconnected) => return,
            Err(RecvTimeoutError::Timeout) if !look_again.is_empty() => {
                let folders = std::mem::take(&mut look_again);
                rebuild(folder, &Changes::Paths(folders));
            }
            Err(RecvTimeoutError::Timeout) => {
                if has_day_begun() {
                    rebuild(folder, &Changes::Paths(BTreeSet::new()));
                }
            }
        }
    }
}

/// Everything that has happened by now, as one occasion; after a burst of changes, everything until it is over.
fn gather(receiver: &Receiver<Occasion>, first: Occasion) -> Occasion {
    let mut all = first;
    for next in receiver.try_iter() {
        all = all.and(next);
    }
    let quiet = Duration::from_millis(BURST_QUIET_MS);
    for _ in 0..BURST_AT_MOST_MS / BURST_QUIET_MS {
        if !matches!(&all, Occasion::Paths(paths) if paths.len() >= BURST) {
            break;
        }
        match receiver.recv_timeout(quiet) {
            Ok(next) => all = all.and(next),
            Err(_) => break,
        }
    }
    all
}

impl Occasion {
    /// Two occasions as one.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Shutdown, _) | (_, Self::Shutdown) => Self::Shutdown,
            (Self::Everything, _) | (_, Self::Everything) => Self::Everything,
            (Self::Paths(mut paths), Self::Paths(more)) => {
                paths.extend(more);
                Self::Paths(paths)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use notify_debouncer_full::notify::Event;
    use notify_debouncer_full::notify::event::{AccessKind, Flag, ModifyKind};

    use super::*;

    fn event(kind: EventKind, paths: &[&str]) -> Event {
        let event = Event::new(kind);
        paths
            .iter()
            .fold(event, |event, path| event.add_path(path.into()))
    }

    #[allow(clippy::disallowed_methods)] // an event has a time, at which nobody looks here
    fn of(events: Vec<Event>) -> Option<Occasion> {
        let at = std::time::Instant::now;
        let events: Vec<DebouncedEvent> = events
            .into_iter()
            .map(|event| DebouncedEvent::new(event, at()))
            .collect();
        occasion(Path::new("/site"), &events)
    }

    #[test]
    fn events_are_told_as_paths_or_as_everything() {
        let changed = EventKind::Modify(ModifyKind::Any);
        let paths = |paths: &[&str]| {
            let paths = paths.iter().map(|path| (*path).to_owned());
            Some(Occasion::Paths(paths.collect()))
        };
        let rows = [
            (
                event(changed, &["/site/articles/a.md"]),
                paths(&["articles/a.md"]),
            ),
            (
                event(changed, &["/site/articles/a.md", "/site/articles/new/b.md"]),
                paths(&["articles/a.md", "articles/new/b.md"]),
            ),
            (event(changed, &["/site/var/ledger.sqlite"]), None),
            (
                event(EventKind::Access(AccessKind::Any), &["/site/articles/a.md"]),
                None,
            ),
            (
                event(changed, &["/site/articles"]),
                Some(Occasion::Everything),
            ),
            (event(changed, &["/site"]), Some(Occasion::Everything)),
            (event(changed, &["/elsewhere"]), Some(Occasion::Everything)),
        ];
        for (event, expected) in rows {
            let told = format!("{event:?}");
            assert_eq!(of(vec![event]), expected, "{told}");
        }
    }

    #[test]
    fn a_queue_that_overflowed_means_everything() {
        let lost = Event::new(EventKind::Other).set_flag(Flag::Rescan);
        let changed = event(EventKind::Modify(ModifyKind::Any), &["/site/articles/a.md"]);
        assert_eq!(of(vec![changed, lost]), Some(Occasion::Everything));
    }

    #[test]
    #[allow(clippy::disallowed_methods)] // the folder is there when the test runs
    fn a_folder_that_was_made_is_looked_at_once_more() {
        let root = std::env::temp_dir().join(format!("watch-{}", std::process::id()));
        std::fs::create_dir_all(root.join("articles/new")).unwrap();
        let (sender, receiver) = channel();
        let paths = ["articles/new", "articles/a.md"].map(str::to_owned);
        sender.send(Occasion::Paths(paths.into())).unwrap();
        let built = std::cell::RefCell::new(Vec::new());
        let rebuild = |_: &mut Folder, changes: &Changes| {
            let Changes::Paths(paths) = changes else {
                panic!("nothing was lost");
            };
            built.borrow_mut().push(paths.clone());
            if built.borrow().len() == 2 {
                sender.send(Occasion::Shutdown).unwrap();
            }
        };
        let mut folder = Folder::new(root.clone());
        rebuild_on_occasion(&receiver, None, &mut folder, || false, rebuild);
        std::fs::remove_dir_all(root).unwrap();
        let [first, second] = built.into_inner().try_into().unwrap();
        assert_eq!(first.len(), 2);
        assert_eq!(second, ["articles/new".to_owned()].into());
    }

    #[test]
    fn a_burst_is_one_occasion() {
        let (sender, receiver) = channel();
        let path = |number: usize| Occasion::Paths([format!("articles/{number}.md")].into());
        for number in 1..100 {
            sender.send(path(number)).unwrap();
        }
        let Occasion::Paths(paths) = gather(&receiver, path(0)) else {
            panic!("nothing was lost");
        };
        assert_eq!(paths.len(), 100);
    }
}
