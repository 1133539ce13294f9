//! A folder of its own for the ledger of one test.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

static NEXT: AtomicUsize = AtomicUsize::new(0);

/// A folder that is gone when the value is dropped.
pub struct Scratch(PathBuf);

impl Scratch {
    /// A new, empty folder.
    pub fn new() -> Self {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("desk-{}-{number}", std::process::id());
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&folder).expect("the folder can be made");
        Self(folder)
    }

    /// A path in the folder.
    pub fn path(&self, below: &str) -> PathBuf {
        self.0.join(below)
    }

    /// Every byte that lies in the folder.
    pub fn bytes(&self) -> Vec<u8> {
        let entries = fs::read_dir(&self.0).expect("the folder can be read");
        let read = |entry: std::io::Result<fs::DirEntry>| {
            fs::read(entry.expect("the entry can be read").path()).expect("the file can be read")
        };
        entries.flat_map(read).collect()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What is left over is in the build folder, where it harms nobody.
        fs::remove_dir_all(&self.0).unwrap_or_default();
    }
}
