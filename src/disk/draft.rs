//! Files that appear whole or not at all: they are written under a hidden name in
//! the same folder and then renamed. It stands apart because reading content needs
//! none of it. It will not write into a folder that is not there.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// Who may read a file that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readers {
    /// Whoever the machine allows as a rule.
    Anybody,
    /// Its owner alone: it holds a key, or what patients wrote.
    OwnerOnly,
}

impl Readers {
    fn mode(self) -> u32 {
        match self {
            Self::Anybody => 0o666,
            Self::OwnerOnly => 0o600,
        }
    }
}

/// A file in the making. It gets its name with [`Draft::finish`]; dropped before, it leaves nothing behind.
#[derive(Debug)]
pub struct Draft {
    file: File,
    hidden: PathBuf,
    path: PathBuf,
}

impl Draft {
    /// Begins a file that will be at `path`, and replace what is there.
    ///
    /// # Errors
    /// The folder is not there or can't be written: for whoever named it.
    pub fn begin(path: &Path, readers: Readers) -> io::Result<Self> {
        let hidden = hidden_beside(path)?;
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(readers.mode())
            .open(&hidden)?;
        Ok(Self {
            file,
            hidden,
            path: path.to_owned(),
        })
    }

    /// Gives the file its name. When this returns, the file is whole and durable.
    ///
    /// # Errors
    /// The disk is full or the name is that of a folder; then nothing changed at `path`.
    #[allow(clippy::disallowed_methods)] // `disk` is the reason for the ban
    pub fn finish(self) -> io::Result<()> {
        self.file.sync_all()?;
        fs::rename(&self.hidden, &self.path)?;
        File::open(folder_of(&self.path))?.sync_all()
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Draft {
    #[allow(clippy::disallowed_methods)]
    fn drop(&mut self) {
        // After `finish` there is nothing under this name any more.
        fs::remove_file(&self.hidden).unwrap_or_default();
    }
}

/// Writes a whole file, and replaces what is there.
///
/// # Errors
/// As [`Draft::begin`] and [`Draft::finish`]; then nothing changed at `path`.
pub fn write_whole(path: &Path, content: &[u8], readers: Readers) -> io::Result<()> {
    let mut draft = Draft::begin(path, readers)?;
    draft.write_all(content)?;
    draft.finish()
}

/// Writes a whole file that only its owner can read, where there is none yet.
///
/// # Errors
/// As [`write_new`].
pub fn write_once(path: &Path, content: &[u8]) -> io::Result<()> {
    write_new(path, content, Readers::OwnerOnly)
}

/// Writes a whole file where there is none yet.
///
/// # Errors
/// As [`write_whole`]; and `AlreadyExists` when there is something at `path`, which then stays as it is.
#[allow(clippy::disallowed_methods)]
pub fn write_new(path: &Path, content: &[u8], readers: Readers) -> io::Result<()> {
    let mut draft = Draft::begin(path, readers)?;
    draft.write_all(content)?;
    draft.file.sync_all()?;
    // A second name for the whole file: of two at the same time one has it, and nobody reads half.
    fs::hard_link(&draft.hidden, path)?;
    File::open(folder_of(path))?.sync_all()
}

/// A hidden name in the same folder, so that renaming never crosses a border between disks. It is by chance: a
/// draft that a crash left behind is never in the way.
fn hidden_beside(path: &Path) -> io::Result<PathBuf> {
    let name = path.file_name().ok_or_else(|| {
        let message = "expected the name of a file";
        io::Error::new(io::ErrorKind::InvalidInput, message)
    })?;
    let mut hidden = OsString::from(".");
    hidden.push(name);
    hidden.push(format!(".{:016x}.part", rand::random::<u64>()));
    Ok(path.with_file_name(hidden))
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    /// A folder of its own, gone when the value is dropped.
    struct Scratch(PathBuf);

    impl Scratch {
        fn new(name: &str) -> Self {
            let folder = std::env::temp_dir().join(format!("draft-{name}-{}", std::process::id()));
            fs::create_dir_all(&folder).unwrap();
            Self(folder)
        }

        fn names(&self) -> Vec<OsString> {
            let entries = fs::read_dir(&self.0).unwrap();
            entries.map(|entry| entry.unwrap().file_name()).collect()
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            fs::remove_dir_all(&self.0).unwrap_or_default();
        }
    }

    #[test]
    fn a_file_is_replaced_whole_and_nothing_else_is_left() {
        let folder = Scratch::new("whole");
        let path = folder.0.join("report.html");
        write_whole(&path, b"old and longer", Readers::Anybody).unwrap();
        write_whole(&path, b"new", Readers::Anybody).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(folder.names(), ["report.html"]);
    }

    #[test]
    fn a_draft_that_is_given_up_changes_nothing() {
        let folder = Scratch::new("given-up");
        let path = folder.0.join("rows.csv");
        write_whole(&path, b"before", Readers::OwnerOnly).unwrap();
        let mut draft = Draft::begin(&path, Readers::OwnerOnly).unwrap();
        draft.write_all(b"half").unwrap();
        assert_eq!(folder.names().len(), 2);
        drop(draft);
        assert_eq!(fs::read(&path).unwrap(), b"before");
        assert_eq!(folder.names(), ["rows.csv"]);
    }

    #[test]
    fn a_file_that_is_written_once_is_for_its_owner_and_stays() {
        let folder = Scratch::new("once");
        let path = folder.0.join("private.key");
        write_once(&path, b"first").unwrap();
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        let again = write_once(&path, b"second").unwrap_err();
        assert_eq!(again.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"first");
        assert_eq!(folder.names(), ["private.key"]);
    }

    #[test]
    fn a_folder_that_is_not_there_is_told() {
        let folder = Scratch::new("absent");
        let path = folder.0.join("absent/private.key");
        assert!(write_once(&path, b"key").is_err());
        assert!(write_whole(&path, b"key", Readers::Anybody).is_err());
        assert!(write_whole(Path::new("/"), b"", Readers::Anybody).is_err());
    }
}
