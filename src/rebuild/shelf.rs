//! What a server keeps on disk of its snapshots: compressed bodies for its next start,
//! and files for pages of other versions. It stands apart from building because none
//! of it is ever needed: a disk that is full costs time, and nobody a page.

use std::io;
use std::path::PathBuf;

use xxhash_rust::xxh3::{Xxh3, xxh3_128};

use crate::clock::now;
use crate::disk::{Depot, Put, Readers, read_bytes, write_whole};
use crate::snapshot::{Pressed, Snapshot, block};

/// Seconds of a day.
const DAY_S: i64 = 86_400;

/// Where a server keeps compressed bodies for its next start, and what it has of them.
#[derive(Debug)]
pub struct Shelf {
    file: Option<PathBuf>,
    pressed: Pressed,
    /// The block that is on disk.
    written: u128,
    depot: Option<Depot>,
    /// The files that were put there last, and on which day.
    stocked: Option<(u128, i64)>,
}

impl Shelf {
    /// What an earlier server left in a file. A file that is not there or can't be used is the same as an empty one.
    pub fn open(file: PathBuf) -> Self {
        let block = read_bytes(&file).unwrap_or_default();
        let written = xxh3_128(&block);
        let pressed = Pressed::read(block.into()).unwrap_or_default();
        Self {
            file: Some(file),
            pressed,
            written,
            depot: None,
            stocked: None,
        }
    }

    /// Puts the files of all that goes live into a depot as well.
    #[must_use]
    pub fn with_depot(self, depot: Depot) -> Self {
        let depot = Some(depot);
        Self { depot, ..self }
    }

    /// Nothing is kept.
    pub fn none() -> Self {
        Self {
            file: None,
            pressed: Pressed::default(),
            written: 0,
            depot: None,
            stocked: None,
        }
    }

    /// Keeps the files of a snapshot for pages that are open when the next one is live, or another server. A disk that is
    /// full costs these pages a file, and nothing else. Files that are the same are only marked once a day.
    pub(super) fn stock(&mut self, snapshot: &Snapshot) {
        let Some(depot) = &self.depot else { return };
        let (now, mut names) = (now(), Xxh3::new());
        for (address, _) in snapshot.files() {
            names.update(address.as_bytes());
        }
        let wanted = Some((names.digest128(), now.as_second() / DAY_S));
        if self.stocked == wanted {
            return;
        }
        match stock(depot, snapshot).and_then(|_| depot.clear_out(now)) {
            Ok(_) => self.stocked = wanted,
            Err(error) => {
                tracing::warn!(%error, folder = %depot.folder().display(), "files can't be kept for pages of other versions");
            }
        }
    }

    /// What an earlier server left, until all of it is in a snapshot.
    pub(super) fn pressed(&self) -> &Pressed {
        &self.pressed
    }

    /// Keeps what a snapshot has for the next start. A disk that is full costs the next start time, and nothing else.
    pub(super) fn keep(&mut self, snapshot: &Snapshot) {
        // The forms are in the snapshot now.
        self.pressed = Pressed::default();
        let Some(file) = &self.file else { return };
        let block = block(snapshot);
        let sum = xxh3_128(&block);
        if sum == self.written {
            return;
        }
        match write_whole(file, &block, Readers::OwnerOnly) {
            Ok(()) => self.written = sum,
            Err(error) => {
                tracing::warn!(%error, file = %file.display(), "compressed pages can't be kept for the next start");
            }
        }
    }
}

/// How many files there are, and how many of them were put into a depot just now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stocked {
    /// All of them.
    pub all: usize,
    /// Those that were not there.
    pub new: usize,
}

/// Puts the files that pages of a snapshot name into a depot.
///
/// # Errors
/// The depot can't be written: for the operator.
pub fn stock(depot: &Depot, snapshot: &Snapshot) -> io::Result<Stocked> {
    let (now, mut stocked) = (now(), Stocked::default());
    for (address, bytes) in snapshot.files() {
        let put = depot.put(address, &bytes, now)?;
        stocked.all += 1;
        stocked.new += usize::from(put == Put::New);
    }
    Ok(stocked)
}
