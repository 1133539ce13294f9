//! Notices that files changed or that a day began, and has the site built again.
//! It watches folders and not files, since editors save by renaming, and a burst
//! of changes is one build. What the system tells is only the fastest way to know:
//! when it is quiet, all files are compared with what was read, so a change that
//! nobody told of is found too.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use crate::disk::{FOLDERS, is_link};
use crate::live::Live;
use crate::rebuild::{Calendar, Changes, Folder, Shelf, give_way, improve, index};

/// How long files must be quiet before they are read, in milliseconds, and after how long they are read even so.
const SETTLING_MS: u64 = 10;
const SETTLING_AT_MOST_MS: u64 = 100;

/// How often to look whether a day has begun and whether files changed untold, as on a network drive, in seconds.
const LOOK_EVERY_S: u64 = 20;

/// How long it must be quiet after a change before all files are compared with what was read, in milliseconds. The system
/// watches a new folder a moment after it was made, and tells nobody of what was written into it in that moment.
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
    let folder = Folder::new(root);
    begin(folder, calendar, live, Watching::Files, Shelf::none())
}

/// Begins to build again at midnight and on request, and with [`Watching::Files`] whenever files change.
/// Compressed bodies go to `shelf`.
pub fn begin(
    mut folder: Folder,
    calendar: Calendar,
    live: Arc<Live>,
    watching: Watching,
    shelf: Shelf,
) -> Watch {
    let (sender, receiver) = channel();
    let watcher = match watching {
        Watching::OnRequest => None,
        Watching::Files => {
            let watcher = start(folder.root(), sender.clone());
            if watcher.is_none() {
                tracing::warn!(
                    "the system tells of no changes here; files are looked at every {LOOK_EVERY_S} seconds"
                );
            }
            watcher
        }
    };
    let improver = start_improver(Arc::clone(&live), shelf);
    let indexer = start_indexer(Arc::clone(&live));
    std::thread::spawn(move || {
        let rebuild = |folder: &mut Folder, changes: &Changes| {
            folder.refresh(changes, calendar, &live);
            indexer.send(()).unwrap_or_default();
            improver.send(()).unwrap_or_default();
        };
        let has_day_begun = || {
            let site = Arc::clone(live.snapshot().site());
            calendar.today(&site.clinic.timezone) != site.today
        };
        let listener = Listener {
            receiver,
            watcher,
            watching,
        };
        listener.rebuild_on_occasion(&mut folder, has_day_begun, rebuild);
    });
    Watch { sender }
}

fn start(root: &Path, sender: Sender<Occasion>) -> Option<RecommendedWatcher> {
    // Paths are told from the top of the disk, whichever way the root is named.
    let root = &std::path::absolute(root).ok()?;
    let below = root.clone();
    let tell = move |result: notify::Result<Event>| {
        let occasion = match result {
            Ok(event) => occasion(&below, &event),
            Err(_) => Some(Occasion::Everything),
        };
        if let Some(occasion) = occasion {
            sender.send(occasion).unwrap_or_default();
        }
    };
    let mut watcher = notify::recommended_watcher(tell).ok()?;
    // The root is watched by itself, so that a folder that is deleted and made again is seen.
    watcher.watch(root, RecursiveMode::NonRecursive).ok()?;
    watch_folders(&mut watcher, root);
    watch_link(&mut watcher, root);
    Some(watcher)
}

/// Watches where the root stands, if it is a link: who sets it to another release changes nothing below it.
fn watch_link(watcher: &mut RecommendedWatcher, root: &Path) {
    if let Some(above) = root.parent().filter(|_| is_link(root)) {
        let above = match above.as_os_str().is_empty() {
            true => Path::new("."),
            false => above,
        };
        // Without it, a look every few seconds finds the other release.
        let mode = RecursiveMode::NonRecursive;
        watcher.watch(above, mode).unwrap_or_default();
    }
}

/// What an event calls for, if anything. An event without a path that we know may mean anything.
fn occasion(root: &Path, event: &Event) -> Option<Occasion> {
    if event.need_rescan() {
        return Some(Occasion::Everything);
    }
    if matches!(event.kind, EventKind::Access(_)) {
        return None;
    }
    let mut paths = BTreeSet::new();
    let is_beside = |path: &&PathBuf| *path != root && path.parent() == root.parent();
    for path in event.paths.iter().filter(|path| !is_beside(path)) {
        match relative(root, path) {
            Some(path) if FOLDERS.contains(&path.as_str()) => return Some(Occasion::Everything),
            Some(path) => {
                let first = path.split('/').next().unwrap_or_default();
                if FOLDERS.contains(&first) {
                    paths.insert(path);
                }
            }
            None => return Some(Occasion::Everything),
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
fn watch_folders(watcher: &mut RecommendedWatcher, root: &Path) {
    let folders = FOLDERS.map(|folder| (root.join(folder), RecursiveMode::Recursive));
    let root = (root.to_owned(), RecursiveMode::NonRecursive);
    for (path, mode) in folders.into_iter().chain([root]) {
        watcher.unwatch(&path).unwrap_or_default();
        watcher.watch(&path, mode).unwrap_or_default();
    }
}

/// Compresses what goes live in a thread of its own, so that it never holds up the next build.
fn start_improver(live: Arc<Live>, mut shelf: Shelf) -> Sender<()> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        give_way();
        while receiver.recv().is_ok() {
            // What was asked for several times is done once.
            receiver.try_iter().for_each(drop);
            improve(&live, &mut shelf);
        }
    });
    sender
}

/// Makes the search index of what is live now, and of what goes live later, in a thread of its own.
fn start_indexer(live: Arc<Live>) -> Sender<()> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut indexer = None;
        index(&live, &mut indexer);
        while receiver.recv().is_ok() {
            receiver.try_iter().for_each(drop);
            index(&live, &mut indexer);
        }
    });
    sender
}

/// Hears of changes, and looks for those that nobody told of.
struct Listener {
    receiver: Receiver<Occasion>,
    watcher: Option<RecommendedWatcher>,
    watching: Watching,
}

impl Listener {
    fn rebuild_on_occasion(
        mut self,
        folder: &mut Folder,
        has_day_begun: impl Fn() -> bool,
        rebuild: impl Fn(&mut Folder, &Changes),
    ) {
        let mut wait = Duration::from_secs(LOOK_EVERY_S);
        loop {
            match self.receiver.recv_timeout(wait) {
                Ok(first) => {
                    match gather(&self.receiver, first) {
                        Occasion::Shutdown => return,
                        Occasion::Paths(paths) => {
                            self.follow(folder, Changes::Paths(paths), &rebuild);
                        }
                        Occasion::Everything => {
                            self.follow(folder, Changes::Everything, &rebuild);
                        }
                    }
                    wait = Duration::from_millis(SECOND_LOOK_MS);
                }
                Err(RecvTimeoutError::Disconnected) => return,
                Err(RecvTimeoutError::Timeout) => {
                    let changed = match self.watching {
                        Watching::Files => folder.changed(),
                        Watching::OnRequest => None,
                    };
                    let new_day = || has_day_begun().then(|| Changes::Paths(BTreeSet::new()));
                    if let Some(changes) = changed.or_else(new_day) {
                        self.follow(folder, changes, &rebuild);
                    }
                    wait = Duration::from_secs(LOOK_EVERY_S);
                }
            }
        }
    }

    /// Has the site built again; after a change of everything, folders are other folders and watched anew.
    fn follow(
        &mut self,
        folder: &mut Folder,
        changes: Changes,
        rebuild: &impl Fn(&mut Folder, &Changes),
    ) {
        let changes = match folder.leads_elsewhere() {
            true => Changes::Everything,
            false => changes,
        };
        if let (Changes::Everything, Some(watcher)) = (&changes, &mut self.watcher) {
            watch_folders(watcher, folder.root());
        }
        rebuild(folder, &changes);
    }
}

/// Everything that has happened until it is quiet, as one occasion; after a burst of changes, everything until it is over.
fn gather(receiver: &Receiver<Occasion>, first: Occasion) -> Occasion {
    let settled = until_quiet(receiver, first, SETTLING_MS, SETTLING_AT_MOST_MS);
    match &settled {
        Occasion::Paths(paths) if paths.len() >= BURST => {
            until_quiet(receiver, settled, BURST_QUIET_MS, BURST_AT_MOST_MS)
        }
        _ => settled,
    }
}

/// What is heard until nothing comes for so many milliseconds, or at most that often.
fn until_quiet(
    receiver: &Receiver<Occasion>,
    first: Occasion,
    quiet_ms: u64,
    at_most_ms: u64,
) -> Occasion {
    let mut all = first;
    let quiet = Duration::from_millis(quiet_ms);
    for _ in 0..at_most_ms / quiet_ms {
        for next in receiver.try_iter() {
            all = all.and(next);
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
    use notify::event::{AccessKind, Flag, ModifyKind};

    use super::*;
    use crate::disk::{Readers, make_folder, write_whole};

    fn event(kind: EventKind, paths: &[&str]) -> Event {
        let event = Event::new(kind);
        paths
            .iter()
            .fold(event, |event, path| event.add_path(path.into()))
    }

    fn of(event: &Event) -> Option<Occasion> {
        occasion(Path::new("/site"), event)
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
            (
                event(changed, &["/elsewhere/site"]),
                Some(Occasion::Everything),
            ),
            // Whoever unpacks a release beside a link to another one changes nothing yet.
            (event(changed, &["/releases"]), None),
            (
                event(changed, &["/next", "/site"]),
                Some(Occasion::Everything),
            ),
        ];
        for (event, expected) in rows {
            assert_eq!(of(&event), expected, "{event:?}");
        }
    }

    #[test]
    fn a_queue_that_overflowed_means_everything() {
        let lost = Event::new(EventKind::Other).set_flag(Flag::Rescan);
        assert_eq!(of(&lost), Some(Occasion::Everything));
    }

    #[test]
    #[allow(clippy::disallowed_methods)] // its folder goes with it
    fn a_file_below_a_root_that_is_named_from_here_is_told_by_its_path() {
        let folder = std::env::temp_dir().join(format!("signpost-watch-{}", std::process::id()));
        make_folder(&folder.join("articles")).unwrap();
        let here = std::env::current_dir().unwrap();
        let up: PathBuf = here.components().skip(1).map(|_| "..").collect();
        let root = up.join(folder.strip_prefix("/").unwrap());
        let (sender, receiver) = channel();
        let watcher = start(&root, sender);
        assert!(watcher.is_some());
        write_whole(&folder.join("articles/a.md"), b"text", Readers::Anybody).unwrap();
        let first = receiver.recv_timeout(Duration::from_secs(20)).unwrap();
        let Occasion::Paths(paths) = gather(&receiver, first) else {
            panic!("one file was told as everything");
        };
        assert!(paths.contains("articles/a.md"), "{paths:?}");
        std::fs::remove_dir_all(folder).unwrap();
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
