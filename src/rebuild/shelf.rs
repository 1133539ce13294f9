//! What a server keeps on disk of its snapshots: compressed bodies, with an inventory for its next
//! start, and files for pages of other versions. It stands apart from building because none of it
//! is ever needed: a disk that is full costs memory and time, and nobody a page.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::tz::TimeZone;
use xxhash_rust::xxh3::{Xxh3, xxh3_128};

use super::Calendar;
use crate::clock::now;
use crate::disk::{
    Depot, Put, Readers, name_of_program, read_bytes, resolved, stamps_of, write_whole,
};
use crate::site::name_of_files;
use crate::snapshot::{Claim, Copies, Inherited, Inventory, Pressed, Snapshot, with_files_in};
use crate::vault::Vault;

/// Seconds of a day.
const DAY_S: i64 = 86_400;

/// How much of a vault may be of pages that are gone before all others are put into a new one, in bytes: as much as those
/// take, and this.
const LITTER: u64 = 64 * 1024 * 1024;

/// What the name of the inventory has more than that of the vault.
const INVENTORY: &str = "inventory";

/// Where a server keeps compressed bodies, and what it has of them.
#[derive(Debug, Default)]
pub struct Shelf {
    /// The vault.
    file: Option<PathBuf>,
    pressed: Pressed,
    copies: Copies,
    /// The inventory that is on disk.
    written: u128,
    /// Whether the vault is another one than that in which live pages lie.
    is_other: bool,
    /// Whether the operator was told that there can be no vault.
    is_told: bool,
    depot: Option<Depot>,
    /// The files that were put there last, and on which day.
    stocked: Option<(u128, i64)>,
}

impl Shelf {
    /// What an earlier server left in a file and in the inventory beside it, and the pages that it sent, if a build of the
    /// folder would give the same today. What is not there or can't be used is the same as nothing.
    pub fn open(file: PathBuf, root: &Path, calendar: Calendar) -> (Self, Option<Inherited>) {
        let nothing = |file| Self {
            file: Some(file),
            ..Self::default()
        };
        let bytes = read_bytes(&beside(&file)).unwrap_or_default();
        let Some(inventory) = Inventory::read(&bytes) else {
            return (nothing(file), None);
        };
        let vault = Vault::open(&file, inventory.end()).map(Arc::new);
        let Some(vault) = vault.ok().filter(|vault| vault.name() == inventory.vault()) else {
            return (nothing(file), None);
        };
        let holds = |claim: &Claim| holds(claim, root, calendar);
        // Each takes most of what stands between a start and its first page.
        let (is_same, (pressed, copies)) = rayon::join(
            || inventory.claim().is_some_and(holds),
            || inventory.pressed(Arc::clone(&vault)),
        );
        let inherited = is_same.then(|| Inherited::of(inventory, vault));
        let own = Self {
            pressed,
            copies,
            written: xxh3_128(&bytes),
            ..nothing(file)
        };
        (own, inherited)
    }

    /// Puts the files of all that goes live into a depot as well.
    #[must_use]
    pub fn with_depot(self, depot: Depot) -> Self {
        let depot = Some(depot);
        Self { depot, ..self }
    }

    /// Nothing is kept.
    pub fn none() -> Self {
        Self::default()
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

    /// What an earlier server left, until all of it is in a snapshot, and where more goes.
    pub(super) fn pressed(&self) -> &Pressed {
        &self.pressed
    }

    /// Looks whether the vault takes more, and begins another one if it does not. Without one everything stays in memory.
    pub(super) fn make_room(&mut self) {
        let takes_more = |vault: &Arc<Vault>| vault.takes_more() || vault.ask_again();
        if !self.pressed.vault().is_some_and(takes_more) {
            self.begin_vault();
        }
    }

    /// Begins an empty vault in the place of the one there is; tells whether that could be done.
    fn begin_vault(&mut self) -> bool {
        let Some(file) = &self.file else { return false };
        match Vault::begin(file) {
            Ok(vault) => {
                self.pressed.put_into(Arc::new(vault));
                self.copies = Copies::default();
                self.is_other = true;
                self.is_told = false;
                true
            }
            Err(error) => {
                if !self.is_told {
                    tracing::warn!(%error, file = %file.display(), "compressed pages can't be kept on disk; they stay in memory");
                    self.is_told = true;
                }
                false
            }
        }
    }

    /// Keeps what a snapshot has for the next start. A disk that is full costs the next start time, and nothing else. Gives
    /// the same snapshot with all of it in one vault, if some of it was in another, or if too much there was of pages that
    /// are gone.
    pub(super) fn keep(&mut self, snapshot: &Snapshot) -> Option<Snapshot> {
        if !self.is_other {
            let bytes = self.write(snapshot)?;
            if self.pressed.vault()?.end() <= 2 * bytes + LITTER || !self.begin_vault() {
                return None;
            }
        }
        let moved = with_files_in(snapshot, &self.pressed);
        self.is_other = false;
        self.write(&moved);
        Some(moved)
    }

    /// Forgets what an earlier server left: all of it is in a snapshot.
    pub(super) fn forget(&mut self) {
        self.pressed.forget();
    }

    /// Writes the inventory of a snapshot, and tells how many bytes of the vault it lists.
    fn write(&mut self, snapshot: &Snapshot) -> Option<u64> {
        let (file, vault) = self.file.as_ref().zip(self.pressed.vault())?;
        let claim = claim(snapshot);
        let inventory = Inventory::of(snapshot, claim, vault, &mut self.copies)?;
        let bytes = inventory.to_bytes()?;
        let sum = xxh3_128(&bytes);
        if sum != self.written {
            let file = beside(file);
            let written = vault.sync();
            match written.and_then(|()| write_whole(&file, &bytes, Readers::OwnerOnly)) {
                Ok(()) => self.written = sum,
                Err(error) => {
                    tracing::warn!(%error, file = %file.display(), "compressed pages can't be kept for the next start");
                }
            }
        }
        Some(inventory.bytes())
    }
}

/// Where the inventory of a vault is.
fn beside(vault: &Path) -> PathBuf {
    vault.with_added_extension(INVENTORY)
}

/// Of what a snapshot was made, if that can be known again.
fn claim(snapshot: &Snapshot) -> Option<Claim> {
    let site = snapshot.site();
    Some(Claim {
        content: snapshot.read_from()?,
        program: name_of_program()?,
        today: site.today,
        timezone: site.clinic.timezone.iana_name()?.to_owned(),
    })
}

/// Whether this program would make the same today of what is in a folder.
fn holds(claim: &Claim, root: &Path, calendar: Calendar) -> bool {
    let is_today = TimeZone::get(&claim.timezone)
        .is_ok_and(|timezone| calendar.today(&timezone) == claim.today);
    is_today
        && name_of_program() == Some(claim.program)
        && name_of_files(&stamps_of(&resolved(root))) == claim.content
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

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::rebuild::build_from;

    const TODAY: Calendar = Calendar::Fixed(date(2026, 11, 25));

    fn scratch(name: &str) -> PathBuf {
        let name = format!("signpost-shelf-{name}-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        folder.join("compressed")
    }

    fn site() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/content/sound")
    }

    fn length(file: &Path) -> u64 {
        std::fs::metadata(file).unwrap().len()
    }

    #[test]
    fn what_pages_that_are_gone_left_is_thrown_away_when_it_is_more_than_the_rest() {
        let (file, site) = (scratch("litter"), site());
        let (snapshot, _) = build_from(&site, TODAY, None).unwrap();
        let (mut shelf, inherited) = Shelf::open(file.clone(), &site, TODAY);
        assert!(inherited.is_none());
        shelf.make_room();
        let moved = shelf.keep(&snapshot);
        assert!(moved.is_some(), "all goes into the first vault");
        let kept = length(&file);
        let vault = Arc::clone(shelf.pressed.vault().unwrap());
        // As long as there is little of it, it stays.
        vault.put(&vec![0; 1024]).unwrap();
        assert!(shelf.keep(&snapshot).is_none());
        vault.put(&vec![0; usize::try_from(2 * kept + LITTER).unwrap()]);
        assert!(shelf.keep(&snapshot).is_some());
        assert_eq!(length(&file), kept, "only what is sent is left");
        assert_ne!(shelf.pressed.vault().unwrap().name(), vault.name());
        drop((shelf, vault));
        let (_, inherited) = Shelf::open(file.clone(), &site, TODAY);
        assert!(inherited.is_some_and(|pages| pages.page("/articles/every-part").is_some()));
        std::fs::remove_dir_all(file.parent().unwrap()).unwrap();
    }

    #[test]
    fn a_folder_that_can_not_be_written_costs_nobody_anything() {
        let file = scratch("absent").join("nowhere").join("compressed");
        let (mut shelf, _) = Shelf::open(file, &site(), TODAY);
        let (snapshot, _) = build_from(&site(), TODAY, None).unwrap();
        for _ in 0..2 {
            shelf.make_room();
            assert!(shelf.pressed.vault().is_none());
            assert!(shelf.keep(&snapshot).is_none());
        }
        std::fs::remove_dir_all(scratch("absent").parent().unwrap()).unwrap();
    }
}
