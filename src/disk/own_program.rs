//! Which program this is. What one program made of files is not what the next one makes of
//! them, so whoever keeps something for a later start has to know whether it is the same one.

use std::os::unix::fs::MetadataExt;

use xxhash_rust::xxh3::Xxh3;

/// What names the file of this program, by its version and by what the system says of it: one that was built or put there
/// again is another one. None where the system does not say.
pub fn name_of_program() -> Option<u128> {
    let file = std::env::current_exe().ok()?;
    let kind = std::fs::metadata(file).ok()?;
    let mut name = Xxh3::new();
    name.update(env!("CARGO_PKG_VERSION").as_bytes());
    for number in [
        i64::try_from(kind.len()).ok()?,
        kind.mtime(),
        kind.mtime_nsec(),
        // Whoever sets the time of writing back can't set this one.
        kind.ctime(),
        kind.ctime_nsec(),
    ] {
        name.update(&number.to_le_bytes());
    }
    name.update(&kind.ino().to_le_bytes());
    Some(name.digest128())
}
