//! The depot: a folder with the files that pages of any version name, of versions
//! that are gone and of those to come. It stands apart because it is no content: a
//! server asks it only for what its own snapshot does not have. It holds nothing but
//! files whose names change with what they show, and may be deleted at any time.

use std::fs::{self, File};
use std::io;
use std::path::{Component, Path, PathBuf};
use std::time::SystemTime;

use jiff::{SignedDuration, Timestamp};

use super::draft::{Readers, write_whole};

/// Where the addresses of its files begin.
const BELOW: &str = "/static/";

/// Hexadecimal digits of the fingerprint in a name.
const FINGERPRINT: usize = 16;

/// How long a file stays after the last server that made it has said so, in days. Browsers show a page for some minutes
/// from memory, people leave one open for days, and search engines keep one for weeks.
const KEPT_DAYS: i64 = 30;

/// How often a file that is in use is marked so, in hours.
const MARKED_H: i64 = 24;

/// A folder with files of all versions.
#[derive(Debug, Clone)]
pub struct Depot {
    folder: PathBuf,
}

/// What came of putting a file into a depot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// It was not there.
    New,
    /// It was there, and stays.
    Known,
}

impl Depot {
    /// The depot in a folder, which is made when the first file is put there; the one around it must be there.
    pub fn at(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Puts a file there, by its address. When this returns, every server with this depot answers for it.
    ///
    /// # Errors
    /// The folder can't be written, or no version of any file has such an address: for the operator.
    #[allow(clippy::disallowed_methods)] // `disk` is the reason for the ban
    pub fn put(&self, address: &str, bytes: &[u8], now: Timestamp) -> io::Result<Put> {
        let path = self.path_of(address).ok_or_else(|| {
            let message = format!("`{address}` is no address of a file with a fingerprint");
            io::Error::new(io::ErrorKind::InvalidInput, message)
        })?;
        if let Ok(known) = fs::metadata(&path)
            && known.len() == bytes.len() as u64
        {
            mark(&path, &known, now)?;
            return Ok(Put::Known);
        }
        // Where the folder around it is gone, such as a disk that is no longer mounted, none is made in its place.
        match fs::create_dir(&self.folder) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
        if let Some(above) = path.parent() {
            fs::create_dir_all(above)?;
        }
        write_whole(&path, bytes, Readers::Anybody)?;
        Ok(Put::New)
    }

    /// The bytes of the file with an address; none if it is not there.
    #[allow(clippy::disallowed_methods)]
    pub fn find(&self, address: &str) -> Option<Vec<u8>> {
        let bytes = fs::read(self.path_of(address)?).ok()?;
        // What a crash of the machine left of a file is nothing.
        (!bytes.is_empty()).then_some(bytes)
    }

    /// Removes files that no server has put there or marked for a long time, and gives their number.
    ///
    /// # Errors
    /// One of them can't be removed: for the operator.
    pub fn clear_out(&self, now: Timestamp) -> io::Result<usize> {
        let before = now - SignedDuration::from_hours(KEPT_DAYS * 24);
        let before = SystemTime::from(before);
        clear_folder(&self.folder, before)
    }

    /// Where a file is; none for an address that no file of any version has, so that nobody looks around on the disk.
    fn path_of(&self, address: &str) -> Option<PathBuf> {
        let below = Path::new(address.strip_prefix(BELOW)?);
        let is_plain = |part: Component<'_>| match part {
            Component::Normal(name) => name
                .to_str()
                .is_some_and(|name| !name.starts_with('.') && !name.contains('\0')),
            _ => false,
        };
        let name = below.file_name()?.to_str()?;
        (has_fingerprint(name) && below.components().all(is_plain)).then(|| self.folder.join(below))
    }
}

/// Whether a name is a stem, a fingerprint and an extension.
fn has_fingerprint(name: &str) -> bool {
    let mut parts = name.rsplit('.').skip(1);
    let hash = parts.next().unwrap_or_default();
    let is_hash = hash.len() == FINGERPRINT && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hash && parts.next().is_some()
}

/// Says that a file is in use, unless that was said lately.
fn mark(path: &Path, known: &fs::Metadata, now: Timestamp) -> io::Result<()> {
    let lately = SystemTime::from(now - SignedDuration::from_hours(MARKED_H));
    if known.modified()? >= lately {
        return Ok(());
    }
    let file = File::options().append(true).open(path)?;
    file.set_modified(now.into())
}

/// Removes the files below a folder that were last marked before an instant.
#[allow(clippy::disallowed_methods)]
fn clear_folder(folder: &Path, before: SystemTime) -> io::Result<usize> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        entries => entries?,
    };
    let mut removed = 0;
    for entry in entries {
        let (entry, path) = entry.map(|entry| (entry.file_type(), entry.path()))?;
        if entry?.is_dir() {
            removed += clear_folder(&path, before)?;
        } else if fs::metadata(&path)?.modified()? < before {
            match fs::remove_file(&path) {
                // Another server with this depot was quicker.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                done => done?,
            }
            removed += 1;
        }
    }
    Ok(removed)
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::*;

    const SHEET: &str = "/static/site.0123456789abcdef.css";

    fn scratch(name: &str) -> Depot {
        let name = format!("signpost-depot-{name}-{}", std::process::id());
        Depot::at(std::env::temp_dir().join(name))
    }

    fn day(number: i64) -> Timestamp {
        Timestamp::from_second(1_790_000_000 + number * 86_400).unwrap()
    }

    #[test]
    fn a_file_is_found_by_its_address_and_put_once() {
        let depot = scratch("put");
        assert_eq!(depot.find(SHEET), None);
        assert_eq!(depot.put(SHEET, b"a{}", day(0)).unwrap(), Put::New);
        assert_eq!(depot.put(SHEET, b"a{}", day(1)).unwrap(), Put::Known);
        assert_eq!(depot.find(SHEET).as_deref(), Some(&b"a{}"[..]));
        fs::remove_dir_all(depot.folder()).unwrap();
    }

    #[test]
    fn only_addresses_of_files_with_a_fingerprint_lead_into_the_depot() {
        let depot = scratch("paths");
        let rows = [
            (SHEET, true),
            ("/static/articles/every-part/dot.0123456789abcdef.png", true),
            ("/static/share/a.0123456789abcdef.png", true),
            ("/static/site.css", false),
            ("/static/.0123456789abcdef.css", false),
            ("/static/site.0123456789abcdeg.css", false),
            ("/static/../site.0123456789abcdef.css", false),
            ("/static//etc/site.0123456789abcdef.css", false),
            ("/static/.git/site.0123456789abcdef.css", false),
            ("/static/", false),
            ("/articles/site.0123456789abcdef.css", false),
            ("/static/si\0te.0123456789abcdef.css", false),
        ];
        for (address, leads) in rows {
            assert_eq!(depot.path_of(address).is_some(), leads, "{address:?}");
            assert!(leads || depot.put(address, b"a", day(0)).is_err());
        }
    }

    #[test]
    fn what_nobody_marks_for_30_days_is_removed_and_what_is_in_use_stays() {
        let depot = scratch("age");
        let other = "/static/fonts/f.0123456789abcdef.woff2";
        for address in [SHEET, other] {
            depot.put(address, b"bytes", day(0)).unwrap();
            let path = depot.path_of(address).unwrap();
            let file = File::options().append(true).open(path).unwrap();
            file.set_modified(day(0).into()).unwrap();
        }
        assert_eq!(depot.put(SHEET, b"bytes", day(20)).unwrap(), Put::Known);
        assert_eq!(depot.clear_out(day(29)).unwrap(), 0);
        assert_eq!(depot.clear_out(day(31)).unwrap(), 1);
        assert!(depot.find(SHEET).is_some() && depot.find(other).is_none());
        fs::remove_dir_all(depot.folder()).unwrap();
    }

    #[test]
    fn a_depot_that_was_never_made_is_empty_and_is_made_in_no_folder_that_is_gone() {
        let gone = Depot::at(scratch("gone").folder().join("depot"));
        let error = gone.put(SHEET, b"a{}", day(0)).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
        let depot = scratch("absent");
        assert_eq!(depot.find(SHEET), None);
        assert_eq!(depot.clear_out(day(0)).unwrap(), 0);
    }
}
