//! A Unix socket at a path. Whoever may write to the file may speak through it, so it
//! never stands there with other rights than its own, and one that a crash left behind
//! is replaced. A socket at which somebody listens, and a file of another kind, stay.

use std::fs::{File, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};

/// Who may speak through it: the user and the group of this process.
const MODE: u32 = 0o660;

/// Longest path of a socket, in bytes. Source: unix(7).
const MAX_PATH_BYTES: usize = 107;

/// What the socket is called until it has its rights.
const DRAFT: &str = ".new";

/// A socket of this process. Its file is gone when the value is dropped.
#[derive(Debug)]
pub struct SocketFile {
    path: PathBuf,
    listener: UnixListener,
    /// Device and number of the file, by which we know it again.
    identity: (u64, u64),
}

impl SocketFile {
    /// Listens at a path.
    ///
    /// # Errors
    /// Somebody listens there, something else stands there, or nothing can be made there: for the operator.
    #[allow(clippy::disallowed_methods)] // this module is a part of `disk`
    pub fn listen(path: &Path) -> io::Result<Self> {
        let draft = draft(path)?;
        let folder = path.parent().filter(|folder| folder != &Path::new(""));
        // Of two servers that start at once, one looks after the other has bound.
        let folder = File::open(folder.unwrap_or(Path::new(".")))?;
        folder.lock()?;
        refuse_others(path)?;
        match std::fs::remove_file(&draft) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let listener = UnixListener::bind(&draft)?;
        std::fs::set_permissions(&draft, Permissions::from_mode(MODE))?;
        let identity = identity(&draft)?;
        std::fs::rename(&draft, path)?;
        Ok(Self {
            path: path.to_owned(),
            listener,
            identity,
        })
    }

    /// Where it stands.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What listens there.
    ///
    /// # Errors
    /// The system gives no more file descriptors: for the operator.
    pub fn listener(&self) -> io::Result<UnixListener> {
        self.listener.try_clone()
    }
}

impl Drop for SocketFile {
    #[allow(clippy::disallowed_methods)]
    fn drop(&mut self) {
        // Somebody may have put another one there meanwhile. One that stays is replaced by the next server.
        if identity(&self.path).is_ok_and(|there| there == self.identity) {
            std::fs::remove_file(&self.path).unwrap_or_default();
        }
    }
}

fn draft(path: &Path) -> io::Result<PathBuf> {
    let mut draft = path.as_os_str().to_owned();
    draft.push(DRAFT);
    let most = MAX_PATH_BYTES - DRAFT.len();
    if path.as_os_str().as_bytes().len() > most {
        let told = format!("the path of a socket has at most {most} bytes: choose a shorter one");
        return Err(io::Error::new(ErrorKind::InvalidFilename, told));
    }
    Ok(PathBuf::from(draft))
}

fn identity(path: &Path) -> io::Result<(u64, u64)> {
    let found = std::fs::symlink_metadata(path)?;
    Ok((found.dev(), found.ino()))
}

/// Refuses whatever is not ours to replace.
fn refuse_others(path: &Path) -> io::Result<()> {
    let found = match std::fs::symlink_metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        found => found?,
    };
    if !found.file_type().is_socket() {
        let told = "something that is no socket stands there: move it away, or choose another path";
        return Err(io::Error::new(ErrorKind::AlreadyExists, told));
    }
    match UnixStream::connect(path) {
        // Nobody listens any more.
        Err(error) if error.kind() == ErrorKind::ConnectionRefused => Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Ok(_) => {
            let told = "another server listens there: stop it first, or choose another path";
            Err(io::Error::new(ErrorKind::AddrInUse, told))
        }
        Err(error) => Err(error),
    }
}
