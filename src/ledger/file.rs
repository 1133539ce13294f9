//! The file of a SQLite ledger: made so that only its owner can read it, and known
//! again by device and inode. SQLite goes on writing to a file that was deleted or
//! replaced, so somebody has to look whether it is still there.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Only its owner can read and write the file.
pub(super) const FILE_MODE: u32 = 0o600;
/// Only its owner can enter the folder.
const FOLDER_MODE: u32 = 0o700;

/// Device and inode.
type Identity = (u64, u64);

/// The files that are open: the database and what was written to it last. As long as they are open, no other file gets
/// their inodes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OpenFile {
    path: PathBuf,
    database: Identity,
    log: Option<Identity>,
}

impl OpenFile {
    /// What is at a path now.
    ///
    /// # Errors
    /// There is no such file, or it can't be reached.
    pub fn at(path: &Path) -> io::Result<Self> {
        let log = match identity(&log_of(&fs::canonicalize(path)?)) {
            Ok(log) => Some(log),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        Ok(Self {
            path: path.to_owned(),
            database: identity(path)?,
            log,
        })
    }

    /// Whether these files are still the ones at their paths.
    pub fn is_in_place(&self) -> bool {
        Self::at(&self.path).is_ok_and(|now| now == *self)
    }

    /// Whether both are the same database, whatever was written to it since.
    pub fn is_same_database(&self, other: &Self) -> bool {
        self.database == other.database
    }
}

/// Asks by path: to open and close the file here would drop the locks that SQLite has on it.
fn identity(path: &Path) -> io::Result<Identity> {
    fs::metadata(path).map(|metadata| (metadata.dev(), metadata.ino()))
}

fn log_of(path: &Path) -> PathBuf {
    let mut name = OsString::from(path);
    name.push("-wal");
    name.into()
}

/// Held while a file is made, so that it is closed before anybody has locks on it.
static MAKING: Mutex<()> = Mutex::new(());

/// Makes the file and its folder when there are none; they are on disk when this returns.
///
/// # Errors
/// Something can't be made: for the operator.
pub(super) fn make(path: &Path) -> io::Result<OpenFile> {
    let _alone = MAKING.lock().unwrap_or_else(PoisonError::into_inner);
    if !fs::exists(path)? {
        let folder = path.parent().unwrap_or(Path::new("/"));
        make_folder(folder)?;
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true).mode(FILE_MODE);
        match options.open(path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => keep_names(folder)?,
        }
    }
    OpenFile::at(path)
}

fn make_folder(folder: &Path) -> io::Result<()> {
    if fs::exists(folder)? {
        return Ok(());
    }
    let above = folder.parent().unwrap_or(Path::new("/"));
    make_folder(above)?;
    match fs::DirBuilder::new().mode(FOLDER_MODE).create(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => keep_names(above),
    }
}

/// Waits until the names in a folder are on disk.
fn keep_names(folder: &Path) -> io::Result<()> {
    let folder = fs::OpenOptions::new().read(true).open(folder)?;
    folder.sync_all()
}
