//! A folder that this program fills for others to serve. Everything is written and
//! durable under hidden names first; then files get their names, each at once. It
//! stands apart from `draft` because thousands of files become durable together. It
//! will not follow a link out of the folder, and it does not decide what may be replaced.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;
use xxhash_rust::xxh3::Xxh3;

/// Where files wait for their names, below the folder.
const WAITING: &str = ".signpost-export.part";

/// How much of a large file is held in memory at once, in bytes.
const PIECE: usize = 256 * 1024;

/// Threads that ask for files to be durable. They only wait, so there are more of them than cores.
const SYNC_THREADS: usize = 16;

/// A folder that one program at a time fills.
#[derive(Debug)]
pub struct OutputFolder {
    root: PathBuf,
    /// Locked as long as the value lives.
    lock: File,
    next: AtomicU64,
}

/// What stands at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nothing.
    Nothing,
    /// A file, by the hash of its bytes.
    File(u128),
    /// A folder, a link, or something below a file: nothing that this program writes.
    Other,
}

/// A whole file that waits for its name.
#[derive(Debug)]
pub struct Waiting {
    hidden: PathBuf,
    path: String,
}

/// Why a folder can't be filled.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// Another program fills it.
    #[error("another export is writing there; wait until it is done")]
    Busy,
    /// The disk said no.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl OutputFolder {
    /// Opens a folder, which is made if it is not there, and clears away what a crash left half done.
    ///
    /// # Errors
    /// See [`OutputError`]: for the operator.
    #[allow(clippy::disallowed_methods)] // `disk` is the reason for the ban
    pub fn open(root: &Path) -> Result<Self, OutputError> {
        fs::create_dir_all(root)?;
        let lock = File::open(root)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(OutputError::Busy),
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        let folder = Self {
            root: root.to_owned(),
            lock,
            next: AtomicU64::new(0),
        };
        folder.clear()?;
        Ok(folder)
    }

    /// Whether nothing stands in the folder.
    ///
    /// # Errors
    /// It can't be listed: for the operator.
    #[allow(clippy::disallowed_methods)]
    pub fn is_empty(&self) -> io::Result<bool> {
        Ok(fs::read_dir(&self.root)?.next().is_none())
    }

    /// The bytes of a small file; none if there is no such file.
    ///
    /// # Errors
    /// It is there and can't be read: for the operator.
    #[allow(clippy::disallowed_methods)]
    pub fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        match fs::read(self.root.join(path)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// What stands at a path.
    ///
    /// # Errors
    /// It can't be read: for the operator.
    pub fn standing(&self, path: &str) -> io::Result<Standing> {
        if !self.has_real_folders(path)? {
            return Ok(Standing::Other);
        }
        let path = self.root.join(path);
        match fs::symlink_metadata(&path) {
            Ok(found) if found.is_file() => Ok(Standing::File(hash_of(&path)?)),
            Ok(_) => Ok(Standing::Other),
            Err(error) if is_absent(&error) => Ok(Standing::Nothing),
            Err(error) => Err(error),
        }
    }

    /// Whether every folder on the way to a file is a folder or not there yet.
    fn has_real_folders(&self, path: &str) -> io::Result<bool> {
        for folder in folders_of(path) {
            match fs::symlink_metadata(self.root.join(folder)) {
                Ok(found) if found.is_dir() => {}
                Ok(_) => return Ok(false),
                Err(error) if is_absent(&error) => return Ok(true),
                Err(error) => return Err(error),
            }
        }
        Ok(true)
    }

    /// Writes a file that waits for its name.
    ///
    /// # Errors
    /// The disk is full or refuses: for the operator.
    pub fn write(&self, path: &str, bytes: &[u8]) -> io::Result<Waiting> {
        let (waiting, mut file) = self.begin(path)?;
        file.write_all(bytes)?;
        Ok(waiting)
    }

    /// Copies a file of any size, which then waits for its name.
    ///
    /// # Errors
    /// It can't be read, or the disk is full: for the operator.
    #[allow(clippy::disallowed_methods)]
    pub fn copy(&self, path: &str, from: &Path) -> io::Result<Waiting> {
        let (waiting, mut file) = self.begin(path)?;
        io::copy(&mut File::open(from)?, &mut file)?;
        Ok(waiting)
    }

    fn begin(&self, path: &str) -> io::Result<(Waiting, File)> {
        let folder = self.root.join(WAITING);
        make_folder(&folder)?;
        let hidden = folder.join(self.next.fetch_add(1, Ordering::Relaxed).to_string());
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&hidden)?;
        let path = path.to_owned();
        Ok((Waiting { hidden, path }, file))
    }

    /// Gives files their names, in this order, and replaces what stands there. Before the first gets its name all are
    /// durable; when this returns, so are the names.
    ///
    /// # Errors
    /// The disk refuses: for the operator. If it did before the first name, nothing changed.
    #[allow(clippy::disallowed_methods)]
    pub fn publish(&self, files: &[Waiting]) -> io::Result<()> {
        let durable = |file: &Waiting| File::open(&file.hidden)?.sync_all();
        threads()?.install(|| files.par_iter().try_for_each(durable))?;
        let folders: BTreeSet<&str> = files
            .iter()
            .flat_map(|file| folders_of(&file.path))
            .collect();
        for folder in &folders {
            make_folder(&self.root.join(folder))?;
        }
        for file in files {
            fs::rename(&file.hidden, self.root.join(&file.path))?;
        }
        self.sync_folders(&folders)
    }

    /// Makes the names in folders durable, and those in the folder itself.
    #[allow(clippy::disallowed_methods)]
    fn sync_folders(&self, folders: &BTreeSet<&str>) -> io::Result<()> {
        for folder in folders {
            File::open(self.root.join(folder))?.sync_all()?;
        }
        self.lock.sync_all()
    }

    /// Removes files, and the folders that are empty then.
    ///
    /// # Errors
    /// The disk refuses: for the operator.
    #[allow(clippy::disallowed_methods)]
    pub fn remove(&self, paths: &[&str]) -> io::Result<()> {
        for path in paths {
            match fs::remove_file(self.root.join(path)) {
                Err(error) if !is_absent(&error) => return Err(error),
                _ => {}
            }
        }
        let folders: BTreeSet<&str> = paths.iter().flat_map(|path| folders_of(path)).collect();
        // Inner folders first. One that holds something is not removed.
        let (gone, left): (Vec<&str>, Vec<&str>) = folders
            .into_iter()
            .rev()
            .partition(|folder| fs::remove_dir(self.root.join(folder)).is_ok());
        drop(gone);
        let left = left
            .into_iter()
            .filter(|folder| self.root.join(folder).is_dir());
        self.sync_folders(&left.collect())
    }

    /// Removes what waits for names that it will not get.
    #[allow(clippy::disallowed_methods)]
    fn clear(&self) -> io::Result<()> {
        match fs::remove_dir_all(self.root.join(WAITING)) {
            Err(error) if !is_absent(&error) => Err(error),
            _ => Ok(()),
        }
    }
}

impl Drop for OutputFolder {
    fn drop(&mut self) {
        // What stays is cleared away by the next export.
        self.clear().unwrap_or_default();
    }
}

/// The hash of a file of any size.
///
/// # Errors
/// It can't be read: for the operator.
#[allow(clippy::disallowed_methods)]
pub fn hash_of(path: &Path) -> io::Result<u128> {
    let mut file = File::open(path)?;
    let mut hash = Xxh3::new();
    let mut piece = vec![0; PIECE.min(1 + length(&file))];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(hash.digest128()),
            read => hash.update(piece.get(..read).unwrap_or_default()),
        }
    }
}

fn length(file: &File) -> usize {
    let bytes = file.metadata().map_or(0, |found| found.len());
    usize::try_from(bytes).unwrap_or(PIECE)
}

/// The files below a folder that a server would send, by path relative to it, ascending. Hidden ones are left out.
///
/// # Errors
/// A folder can't be listed: for the operator.
#[allow(clippy::disallowed_methods)]
pub fn files_below(folder: &Path) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    let mut open = vec![String::new()];
    while let Some(below) = open.pop() {
        let entries = match fs::read_dir(folder.join(&below)) {
            Err(error) if is_absent(&error) => continue,
            entries => entries?,
        };
        for entry in entries {
            let Ok(name) = entry?.file_name().into_string() else {
                continue;
            };
            if name.starts_with('.') {
                continue;
            }
            let path = match below.as_str() {
                "" => name,
                below => format!("{below}/{name}"),
            };
            match fs::metadata(folder.join(&path)) {
                Ok(kind) if kind.is_dir() => open.push(path),
                Ok(kind) if kind.is_file() => found.push(path),
                _ => {}
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Whether a path is a folder or lies in it, whatever links say; it need not be there yet.
///
/// # Errors
/// A part of it can't be followed: for the operator.
pub fn is_within(path: &Path, folder: &Path) -> io::Result<bool> {
    let Ok(folder) = folder.canonicalize() else {
        return Ok(false);
    };
    let path = std::path::absolute(path)?;
    let present = path.ancestors().find(|part| part.exists());
    let real = present.map_or_else(|| Ok(path.clone()), Path::canonicalize)?;
    Ok(real.starts_with(&folder))
}

/// Every folder on the way to a file, outermost first.
fn folders_of(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').filter_map(|(at, _)| path.get(..at))
}

fn make_folder(path: &Path) -> io::Result<()> {
    match fs::create_dir(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

fn threads() -> io::Result<rayon::ThreadPool> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(SYNC_THREADS);
    pool.build().map_err(io::Error::other)
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::*;

    /// A folder of its own, gone when the value is dropped.
    struct Scratch(PathBuf);

    impl Scratch {
        fn new(name: &str) -> Self {
            let folder = std::env::temp_dir().join(format!("output-{name}-{}", std::process::id()));
            fs::create_dir_all(&folder).unwrap();
            Self(folder)
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            fs::remove_dir_all(&self.0).unwrap_or_default();
        }
    }

    #[test]
    fn files_get_their_names_together_and_leave_with_their_folders() {
        let scratch = Scratch::new("together");
        let root = scratch.0.join("site");
        let folder = OutputFolder::open(&root).unwrap();
        assert!(folder.is_empty().unwrap());
        let paths = ["a/b/one.html", "two.html"];
        let waiting = paths.map(|path| folder.write(path, path.as_bytes()).unwrap());
        for path in paths {
            assert_eq!(folder.standing(path).unwrap(), Standing::Nothing);
        }
        folder.publish(&waiting).unwrap();
        for path in paths {
            let hash = hash_of(&root.join(path)).unwrap();
            assert_eq!(folder.standing(path).unwrap(), Standing::File(hash));
            assert_eq!(folder.read(path).unwrap().unwrap(), path.as_bytes());
        }
        folder.remove(&[paths[0], "never/there.html"]).unwrap();
        drop(folder);
        assert_eq!(files_below(&root).unwrap(), ["two.html"]);
        let left = fs::read_dir(&root).unwrap().count();
        assert_eq!(left, 1, "neither an empty folder nor one of hidden files");
    }

    #[test]
    fn a_file_that_never_got_its_name_is_gone_and_what_stood_there_stays() {
        let scratch = Scratch::new("never");
        fs::write(scratch.0.join("page.html"), "old").unwrap();
        let folder = OutputFolder::open(&scratch.0).unwrap();
        let waiting = folder.copy("page.html", Path::new(env!("CARGO_MANIFEST_PATH")));
        assert!(waiting.is_ok());
        assert!(matches!(
            OutputFolder::open(&scratch.0),
            Err(OutputError::Busy)
        ));
        drop(folder);
        assert_eq!(fs::read(scratch.0.join("page.html")).unwrap(), b"old");
        assert_eq!(fs::read_dir(&scratch.0).unwrap().count(), 1);
    }

    #[test]
    fn what_is_no_plain_file_in_plain_folders_is_told() {
        let scratch = Scratch::new("standing");
        let root = scratch.0.join("site");
        fs::create_dir_all(root.join("real")).unwrap();
        fs::write(root.join("real/file"), "x").unwrap();
        std::os::unix::fs::symlink("real", root.join("linked")).unwrap();
        std::os::unix::fs::symlink("real/file", root.join("link")).unwrap();
        let folder = OutputFolder::open(&root).unwrap();
        for path in ["real", "linked", "link", "linked/file", "real/file/below"] {
            assert_eq!(folder.standing(path).unwrap(), Standing::Other, "{path}");
        }
        assert_eq!(folder.standing("real/none").unwrap(), Standing::Nothing);
        assert_eq!(folder.standing("none/none").unwrap(), Standing::Nothing);
        let rows = [
            ("real/new/x", true),
            ("linked/new", true),
            ("other", false),
            ("", false),
        ];
        for (path, expected) in rows {
            let within = is_within(&root.join(path), &root.join("real")).unwrap();
            assert_eq!(within, expected, "{path}");
        }
        assert!(!is_within(&root, &root.join("absent")).unwrap());
    }
}
