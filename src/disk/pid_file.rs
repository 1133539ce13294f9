//! The number of the running server in a file, for whoever wants to signal it. The
//! server holds a lock on the file while it runs, so that a file which a crash left
//! behind never leads a signal to a process that happens to have the same number.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// The file of this process. It is gone when the value is dropped.
#[derive(Debug)]
pub struct PidFile {
    path: PathBuf,
    /// Holds the lock.
    _file: File,
}

impl PidFile {
    /// Writes the number of this process into a file, and keeps the file locked.
    ///
    /// # Errors
    /// The file can't be written, or another process keeps it: for the operator.
    pub fn keep(path: &Path) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        let mut file = options
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)?;
        file.try_lock().map_err(|error| match error {
            TryLockError::Error(error) => error,
            TryLockError::WouldBlock => {
                io::Error::new(io::ErrorKind::ResourceBusy, "another server keeps it")
            }
        })?;
        file.set_len(0)?;
        writeln!(file, "{}", std::process::id())?;
        file.sync_all()?;
        Ok(Self {
            path: path.to_owned(),
            _file: file,
        })
    }

    /// The number of the process that keeps a file; none when no process does.
    ///
    /// # Errors
    /// The file can't be read, or holds no number: for the operator.
    #[allow(clippy::disallowed_methods)] // this module is the reason for the ban
    pub fn keeper(path: &Path) -> io::Result<Option<u32>> {
        let mut file = match File::open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            opened => opened?,
        };
        match file.try_lock_shared() {
            Ok(()) => return Ok(None),
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => return Err(error),
        }
        let mut text = String::new();
        file.read_to_string(&mut text)?;
        let number = text.trim().parse().map_err(io::Error::other)?;
        Ok(Some(number))
    }
}

impl Drop for PidFile {
    #[allow(clippy::disallowed_methods)]
    fn drop(&mut self) {
        // A file that stays is harmless: nobody holds its lock.
        std::fs::remove_file(&self.path).unwrap_or_default();
    }
}
