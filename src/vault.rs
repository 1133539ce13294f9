//! A file of many byte strings: too many for memory, and all can be made again. It only grows, and
//! what it holds is found by its spot and proven by a sum, so that nobody is sent what a failing disk
//! made of it. Who has it open keeps it, even where its name is given to another or deleted.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

/// What a vault begins with; the last digit is the version of its form. Its name follows: 16 bytes by chance.
const MARK: &[u8; 17] = b"signpost-vault-1\n";

/// Length of the mark and the name, in bytes: the first spot.
const START: u64 = 33;

/// A file of byte strings.
#[derive(Debug)]
pub struct Vault {
    file: File,
    /// By chance; an index that names another vault is no index of this one.
    name: u128,
    /// Who holds the lock may write.
    is_ours: AtomicBool,
    /// Where the next byte string goes.
    end: AtomicU64,
    /// The disk took something no longer.
    is_full: AtomicBool,
    /// The disk gave back something else.
    is_spoiled: AtomicBool,
}

/// Where a byte string lies in a vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spot {
    at: u64,
    length: u32,
    sum: u64,
}

impl Spot {
    /// Length of the byte string.
    pub fn len(&self) -> usize {
        usize::try_from(self.length).unwrap_or(usize::MAX)
    }

    /// Whether nothing lies there.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }
}

impl Vault {
    /// An empty vault, in the place of what has this path. Only its owner may read it.
    ///
    /// # Errors
    /// The folder is not there or can't be written: for the operator.
    #[allow(clippy::disallowed_methods)] // it keeps its own file, as the ledger does
    pub fn begin(path: &Path) -> io::Result<Self> {
        let name: u128 = rand::random();
        let hidden = path.with_added_extension(format!("{name:032x}.part"));
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&hidden)?;
        let written = file.write_all_at(MARK, 0).and_then(|()| {
            file.write_all_at(&name.to_le_bytes(), MARK.len() as u64)?;
            file.lock()?;
            fs::rename(&hidden, path)
        });
        if let Err(error) = written {
            fs::remove_file(&hidden).unwrap_or_default();
            return Err(error);
        }
        Ok(Self::with(file, name, true, START))
    }

    /// The vault at a path, up to an end that an index names; it is ours to write if nobody else has it.
    ///
    /// # Errors
    /// There is none, it can't be read, or it is shorter than that.
    pub fn open(path: &Path, end: u64) -> io::Result<Self> {
        let file = OpenOptions::new().read(true).write(true).open(path)?;
        let (mut mark, mut name) = ([0; MARK.len()], [0; 16]);
        file.read_exact_at(&mut mark, 0)?;
        file.read_exact_at(&mut name, MARK.len() as u64)?;
        if mark != *MARK || end < START || file.metadata()?.len() < end {
            let message = "it is no vault, or was cut";
            return Err(io::Error::new(io::ErrorKind::InvalidData, message));
        }
        let is_ours = file.try_lock().is_ok();
        if is_ours {
            // What a crash left behind the end is in no index.
            file.set_len(end)?;
        }
        Ok(Self::with(file, u128::from_le_bytes(name), is_ours, end))
    }

    fn with(file: File, name: u128, is_ours: bool, end: u64) -> Self {
        Self {
            file,
            name,
            is_ours: AtomicBool::new(is_ours),
            end: AtomicU64::new(end),
            is_full: AtomicBool::new(false),
            is_spoiled: AtomicBool::new(false),
        }
    }

    /// What names it.
    pub fn name(&self) -> u128 {
        self.name
    }

    /// Whether anything can be put there: nobody else writes it, and the disk has failed in nothing.
    pub fn takes_more(&self) -> bool {
        self.is_ours.load(Ordering::Relaxed)
            && self.is_sound()
            && !self.is_full.load(Ordering::Relaxed)
    }

    /// Asks once more for what was refused: the lock, if somebody else had it, and room on the disk. Tells whether it takes
    /// more now, as far as anybody can know.
    pub fn ask_again(&self) -> bool {
        if !self.is_ours.load(Ordering::Relaxed) && self.file.try_lock().is_ok() {
            // Who had it may have gone on, and perhaps an index names what that was.
            let length = self.file.metadata().map_or(u64::MAX, |kind| kind.len());
            self.end.fetch_max(length, Ordering::Relaxed);
            self.is_ours.store(true, Ordering::Relaxed);
        }
        self.is_full.store(false, Ordering::Relaxed);
        self.takes_more()
    }

    /// Whether all that was asked for was there.
    pub fn is_sound(&self) -> bool {
        !self.is_spoiled.load(Ordering::Relaxed)
    }

    /// Where the next byte string will go: its length in bytes.
    pub fn end(&self) -> u64 {
        self.end.load(Ordering::Relaxed)
    }

    /// Puts bytes there; none where it takes no more. They are there for whoever asks, and durable after [`Vault::sync`].
    pub fn put(&self, bytes: &[u8]) -> Option<Spot> {
        if !self.takes_more() {
            return None;
        }
        let length = u32::try_from(bytes.len()).ok()?;
        let at = self.end.fetch_add(u64::from(length), Ordering::Relaxed);
        match self.file.write_all_at(bytes, at) {
            Ok(()) => Some(Spot {
                at,
                length,
                sum: xxh3_64(bytes),
            }),
            Err(error) => {
                if !self.is_full.swap(true, Ordering::Relaxed) {
                    tracing::warn!(%error, "compressed pages can't be kept on disk; they stay in memory");
                }
                None
            }
        }
    }

    /// The bytes at a spot; none as soon as the disk gives back anything else, which is told once.
    pub fn get(&self, spot: Spot) -> Option<Vec<u8>> {
        let mut bytes = vec![0; spot.len()];
        let fault = match self.file.read_exact_at(&mut bytes, spot.at) {
            Ok(()) if xxh3_64(&bytes) == spot.sum => return Some(bytes),
            Ok(()) => "other bytes than were written".to_owned(),
            Err(error) => error.to_string(),
        };
        self.distrust(&fault);
        None
    }

    /// Nothing of it is used any more, which is told once.
    pub fn distrust(&self, fault: &str) {
        if !self.is_spoiled.swap(true, Ordering::Relaxed) {
            tracing::error!(%fault, "the file of compressed pages can't be read; pages are made again");
        }
    }

    /// Waits until all that was put there is durable.
    ///
    /// # Errors
    /// The disk is full or fails: for the operator.
    pub fn sync(&self) -> io::Result<()> {
        self.file.sync_data()
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::*;

    fn scratch(name: &str) -> std::path::PathBuf {
        let name = format!("signpost-vault-{name}-{}", std::process::id());
        std::env::temp_dir().join(name)
    }

    #[test]
    fn what_was_put_there_is_there_for_the_next_server() {
        let path = scratch("again");
        let vault = Vault::begin(&path).unwrap();
        let (rest, call) = (vault.put(b"rest").unwrap(), vault.put(b"").unwrap());
        assert_eq!(vault.get(rest).unwrap(), b"rest");
        assert!(vault.get(call).unwrap().is_empty());
        vault.sync().unwrap();
        let (name, end) = (vault.name(), vault.end());
        drop(vault);
        let next = Vault::open(&path, end).unwrap();
        assert_eq!((next.name(), next.end()), (name, end));
        let more = next.put(b"and call").unwrap();
        assert_eq!(next.get(rest).unwrap(), b"rest");
        assert_eq!(next.get(more).unwrap(), b"and call");
        fs::remove_file(&path).unwrap();
        assert_eq!(next.get(rest).unwrap(), b"rest", "a name is not needed");
    }

    #[test]
    fn one_server_writes_and_another_reads() {
        let path = scratch("two");
        let first = Vault::begin(&path).unwrap();
        let rest = first.put(b"rest").unwrap();
        let second = Vault::open(&path, first.end()).unwrap();
        assert!(first.takes_more() && !second.takes_more());
        assert_eq!(second.put(b"call"), None);
        assert_eq!(second.get(rest).unwrap(), b"rest");
        // The first one goes on after the second has looked, and ends.
        let more = first.put(b"and more").unwrap();
        assert!(!second.ask_again());
        let name = first.name();
        drop(first);
        assert!(second.ask_again());
        let call = second.put(b"call").unwrap();
        assert_eq!(second.get(more).unwrap(), b"and more");
        assert_eq!(second.get(call).unwrap(), b"call");
        // A new one takes the path, and takes nothing from who has the old one.
        let third = Vault::begin(&path).unwrap();
        assert_ne!(third.name(), name);
        assert_eq!(second.get(rest).unwrap(), b"rest");
        fs::remove_file(&path).unwrap();
    }

    #[test]
    fn what_the_disk_spoiled_is_never_given() {
        let path = scratch("spoiled");
        let vault = Vault::begin(&path).unwrap();
        let (rest, call) = (vault.put(b"rest").unwrap(), vault.put(b"call").unwrap());
        let other = OpenOptions::new().write(true).open(&path).unwrap();
        other.write_all_at(b"R", START).unwrap();
        assert_eq!(vault.get(call).unwrap(), b"call");
        assert!(vault.is_sound());
        assert_eq!(vault.get(rest), None);
        assert!(!vault.is_sound() && !vault.takes_more());
        fs::remove_file(&path).unwrap();
    }

    #[test]
    fn a_file_that_is_no_vault_or_was_cut_is_not_opened() {
        let path = scratch("cut");
        let vault = Vault::begin(&path).unwrap();
        vault.put(b"rest").unwrap();
        let end = vault.end();
        drop(vault);
        assert!(Vault::open(&path, end + 1).is_err());
        assert!(Vault::open(&path, START - 1).is_err());
        // What no index knows is cut off.
        assert_eq!(Vault::open(&path, end - 1).unwrap().end(), end - 1);
        assert_eq!(fs::metadata(&path).unwrap().len(), end - 1);
        fs::write(&path, b"signpost-vault-0\n0123456789abcdef").unwrap();
        assert!(Vault::open(&path, START).is_err());
        fs::remove_file(&path).unwrap();
        assert!(Vault::open(&path, START).is_err());
        assert!(Vault::begin(&path.join("x")).is_err());
    }
}
