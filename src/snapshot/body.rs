//! A body of an answer. Nearly every reader takes a compressed form, so on a large site
//! the body as it is only stands in its gzip form, out of which it is taken for those who
//! ask for it; and the compressed forms lie in a file. What was asked for first stays in
//! memory, as far as there is room.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use actix_web::web::Bytes;

use crate::vault::{Spot, Vault};

/// Room for bodies out of the file that were asked for: some 7,000 articles in the form that browsers take.
static OF_FILES: Room = Room::of(64 * 1024 * 1024);

/// Room for bodies that were taken out of their gzip form: some 400 articles. Hardly anybody asks for them, and who asks
/// for all of them leaves the others their room.
static UNPACKED: Room = Room::of(16 * 1024 * 1024);

/// Memory for bodies that were asked for. Who comes first has it until the body is gone.
#[derive(Debug)]
struct Room {
    /// In bytes.
    size: usize,
    taken: AtomicUsize,
}

/// The bytes of an answer. Cloning is cheap.
#[derive(Debug, Clone)]
pub enum Body {
    /// As they are sent.
    Whole(Bytes),
    /// In the gzip form of the same page.
    Packed(Arc<Packed>),
    /// In a file.
    Filed(Arc<Filed>),
}

/// A body in its gzip form.
#[derive(Debug)]
pub struct Packed {
    gzip: Body,
    /// Length of the body in bytes.
    length: usize,
    kept: Kept,
}

/// A body in a file.
#[derive(Debug)]
pub struct Filed {
    vault: Arc<Vault>,
    spot: Spot,
    kept: Kept,
}

/// A body that somebody asked for, if there was room.
#[derive(Debug, Default)]
struct Kept(OnceLock<Box<Bytes>>);

impl Body {
    /// A body that needs no room beside its gzip form.
    pub(super) fn packed(gzip: Self, length: usize) -> Self {
        Self::Packed(Arc::new(Packed {
            gzip,
            length,
            kept: Kept::default(),
        }))
    }

    /// A body that needs no room in memory.
    pub(super) fn filed(vault: Arc<Vault>, spot: Spot) -> Self {
        Self::Filed(Arc::new(Filed {
            vault,
            spot,
            kept: Kept::default(),
        }))
    }

    /// What is sent, to whoever asks for it. None if it lay in a file that fails: the snapshot then has it made again.
    pub fn bytes(&self) -> Option<Bytes> {
        match self {
            Self::Whole(bytes) => Some(bytes.clone()),
            Self::Packed(packed) => packed.kept.or_take(&UNPACKED, || packed.body()),
            Self::Filed(filed) => filed.kept.or_take(&OF_FILES, || filed.body()),
        }
    }

    /// The same for us: nothing of it stays.
    pub(super) fn once(&self) -> Option<Bytes> {
        match self {
            Self::Whole(bytes) => Some(bytes.clone()),
            Self::Packed(packed) => packed.kept.get().or_else(|| packed.body()),
            Self::Filed(filed) => filed.kept.get().or_else(|| filed.body()),
        }
    }

    /// Whether it can be had: it lies in no file that failed.
    pub(super) fn is_sound(&self) -> bool {
        match self {
            Self::Whole(_) => true,
            Self::Packed(packed) => packed.gzip.is_sound(),
            Self::Filed(filed) => filed.vault.is_sound(),
        }
    }

    /// Where it lies in a vault, if it does.
    pub(super) fn spot_in(&self, vault: &Arc<Vault>) -> Option<Spot> {
        match self {
            Self::Filed(filed) if Arc::ptr_eq(&filed.vault, vault) => Some(filed.spot),
            Self::Whole(_) | Self::Packed(_) | Self::Filed(_) => None,
        }
    }

    /// Length in bytes.
    pub fn len(&self) -> usize {
        match self {
            Self::Whole(bytes) => bytes.len(),
            Self::Packed(packed) => packed.length,
            Self::Filed(filed) => filed.spot.len(),
        }
    }

    /// Whether nothing is sent.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many bytes stand in memory for it, beside its gzip form.
    pub(super) fn resident(&self) -> usize {
        match self {
            Self::Whole(bytes) => bytes.len(),
            Self::Packed(packed) => packed.kept.len(),
            Self::Filed(filed) => filed.kept.len(),
        }
    }
}

impl Kept {
    fn get(&self) -> Option<Bytes> {
        self.0.get().map(|kept| Bytes::clone(kept))
    }

    fn len(&self) -> usize {
        self.0.get().map_or(0, |kept| kept.len())
    }

    /// The body that is kept, else the one that is taken from elsewhere, which is kept from now on if there is room.
    fn or_take(&self, room: &Room, body: impl FnOnce() -> Option<Bytes>) -> Option<Bytes> {
        if let Some(kept) = self.0.get() {
            return Some(Bytes::clone(kept));
        }
        let body = body()?;
        if room.claim(body.len()) && self.0.set(Box::new(body.clone())).is_err() {
            // Somebody else was quicker.
            room.give_back(body.len());
        }
        Some(body)
    }
}

impl Room {
    const fn of(size: usize) -> Self {
        let taken = AtomicUsize::new(0);
        Self { size, taken }
    }

    fn claim(&self, bytes: usize) -> bool {
        let claim = |taken: usize| Some(taken + bytes).filter(|taken| *taken <= self.size);
        let claimed = self
            .taken
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, claim);
        claimed.is_ok()
    }

    fn give_back(&self, bytes: usize) {
        if bytes > 0 {
            self.taken.fetch_sub(bytes, Ordering::Relaxed);
        }
    }
}

impl Drop for Packed {
    fn drop(&mut self) {
        UNPACKED.give_back(self.kept.len());
    }
}

impl Drop for Filed {
    fn drop(&mut self) {
        OF_FILES.give_back(self.kept.len());
    }
}

impl Packed {
    fn body(&self) -> Option<Bytes> {
        let gzip = self.gzip.once()?;
        let mut body = vec![0; self.length];
        let whole = libdeflater::Decompressor::new().gzip_decompress(&gzip, &mut body);
        if whole != Ok(self.length) {
            // We made it of a body of this length, so the file says something else of it than we did.
            if let Body::Filed(filed) = &self.gzip {
                filed
                    .vault
                    .distrust("a form of another length than is listed");
            }
            return None;
        }
        Some(body.into())
    }
}

impl Filed {
    fn body(&self) -> Option<Bytes> {
        self.vault.get(self.spot).map(Bytes::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::compress::gzip;

    #[allow(clippy::disallowed_methods)]
    fn remove(file: &std::path::Path) {
        std::fs::remove_file(file).unwrap();
    }

    fn packed(length: usize) -> (Vec<u8>, Body) {
        let body: Vec<u8> = b"Rest, and call. "
            .iter()
            .copied()
            .cycle()
            .take(length)
            .collect();
        let gzip = Body::Whole(gzip(&body).unwrap());
        let packed = Body::packed(gzip, body.len());
        (body, packed)
    }

    #[test]
    fn a_packed_body_is_the_one_that_was_packed() {
        let (body, packed) = packed(40_000);
        assert_eq!((packed.len(), packed.resident()), (40_000, 0));
        assert_eq!(packed.once().unwrap(), body);
        assert_eq!(packed.resident(), 0, "nobody asked for it");
        assert_eq!(packed.bytes().unwrap(), body);
        assert_eq!(packed.resident(), 40_000, "somebody may ask again");
        assert_eq!(packed.once().unwrap(), body);
    }

    #[test]
    fn a_form_in_a_file_that_gives_another_body_is_given_to_nobody_and_the_file_is_no_longer_trusted()
     {
        let name = format!("signpost-body-{}", std::process::id());
        let file = std::env::temp_dir().join(name);
        let vault = Arc::new(Vault::begin(&file).unwrap());
        let (body, _) = packed(4_000);
        let spot = vault.put(&gzip(&body).unwrap()).unwrap();
        let listed = |length| Body::packed(Body::filed(Arc::clone(&vault), spot), length);
        assert_eq!(listed(4_000).bytes().unwrap(), body);
        for length in [3_999, 4_001] {
            let other = listed(length);
            assert!(other.bytes().is_none());
            assert!(!other.is_sound());
        }
        remove(&file);
    }

    #[test]
    fn what_does_not_fit_is_given_all_the_same_and_does_not_stay() {
        let (body, packed) = packed(UNPACKED.size + 1);
        assert_eq!(packed.bytes().unwrap(), body);
        assert_eq!(packed.resident(), 0);
    }
}
