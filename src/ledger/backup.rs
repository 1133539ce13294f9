//! A copy of a SQLite ledger as it is at one moment, made while a server goes on
//! writing to it. It is written beside its place under another name and moved there
//! when it is whole and on disk, so half a copy is never taken for one.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use super::database::{Kind, Open};
use super::file::FILE_MODE;
use super::{Ledger, LedgerError, LedgerPlace, Which};

/// What a copy holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Copied {
    /// All visit requests.
    pub requests: usize,
    /// Those that are not done.
    pub open: usize,
}

/// Why there is no copy. None of it holds anything about a patient.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The ledger is no file: for the operator.
    #[error(
        "the ledger is a PostgreSQL database; copy it with `pg_dump`, as docs/operators.md shows"
    )]
    NotAFile,
    /// The file of the copy can't be written: for the operator.
    #[error("`{0}` can't be written: {1}")]
    File(PathBuf, io::Error),
    /// The ledger can't be read, or the copy is not as it: for the operator.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

pub(super) async fn copy(open: &Open, to: &Path) -> Result<Copied, BackupError> {
    if open.kind == Kind::Postgres {
        return Err(BackupError::NotAFile);
    }
    let unwritable = |error: io::Error| BackupError::File(to.to_owned(), error);
    let to_be = std::path::absolute(to).map_err(unwritable)?;
    let part = with_ending(&to_be, ".part");
    remove(&part).map_err(unwritable)?;
    // SQLite writes into an empty file; one that it makes itself could be read by others.
    let mut made = fs::OpenOptions::new();
    made.write(true).create_new(true).mode(FILE_MODE);
    made.open(&part).map_err(unwritable)?;
    let done = fill(open, &part).await;
    let done = match done {
        Ok(copied) => put_in_place(&part, &to_be)
            .map_err(unwritable)
            .map(|()| copied),
        Err(error) => Err(error),
    };
    if done.is_err() {
        remove(&part).unwrap_or_default();
    }
    done
}

/// Copies, and looks whether the copy can be opened and read as a ledger.
async fn fill(open: &Open, part: &Path) -> Result<Copied, BackupError> {
    let name = part.to_str().map(str::to_owned).ok_or_else(|| {
        let error = io::Error::new(io::ErrorKind::InvalidInput, "its name is no UTF-8");
        BackupError::File(part.to_owned(), error)
    })?;
    open.without_limit(sqlx::query("VACUUM INTO $1").bind(name))
        .await?;
    let ledger = Ledger::at(LedgerPlace::Sqlite(part.to_owned()));
    ledger.check_integrity().await?;
    let copied = Copied {
        requests: ledger.codes(Which::All).await?.len(),
        open: ledger.codes(Which::Open).await?.len(),
    };
    // One file holds all of it when its log is gone.
    ledger.close().await;
    Ok(copied)
}

/// Moves the copy to its name, on disk for good. A copy that is there already is never overwritten.
fn put_in_place(part: &Path, to: &Path) -> io::Result<()> {
    fs::OpenOptions::new().read(true).open(part)?.sync_all()?;
    fs::hard_link(part, to)?;
    remove(part)?;
    let folder = to.parent().unwrap_or(Path::new("/"));
    fs::OpenOptions::new().read(true).open(folder)?.sync_all()
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(ending);
    name.into()
}

/// Removes what a copy left behind, if anything.
#[expect(clippy::disallowed_methods, reason = "the ledger keeps its own files")]
fn remove(part: &Path) -> io::Result<()> {
    match fs::remove_file(part) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
