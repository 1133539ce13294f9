//! A body of an answer. Nearly every reader takes a compressed form, so on a large site
//! the body as it is only stands in its gzip form, out of which it is taken for those who
//! ask for it; what was asked for last stays, as far as there is room.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use actix_web::web::Bytes;

/// Room for bodies that were taken out of their gzip form, in bytes: some 800 articles.
const ROOM: usize = 32 * 1024 * 1024;

/// How much of it is taken.
static TAKEN: AtomicUsize = AtomicUsize::new(0);

/// The bytes of an answer. Cloning is cheap.
#[derive(Debug, Clone)]
pub enum Body {
    /// As they are sent.
    Whole(Bytes),
    /// In the gzip form of the same page.
    Packed(Arc<Packed>),
}

/// A body in its gzip form.
#[derive(Debug)]
pub struct Packed {
    gzip: Bytes,
    /// Length of the body in bytes.
    length: usize,
    /// The body, if somebody asked for it and there was room.
    kept: OnceLock<Bytes>,
}

impl Body {
    /// A body that needs no room beside its gzip form.
    pub(super) fn packed(gzip: Bytes, length: usize) -> Self {
        Self::Packed(Arc::new(Packed {
            gzip,
            length,
            kept: OnceLock::new(),
        }))
    }

    /// What is sent, to whoever asks for it.
    pub fn bytes(&self) -> Bytes {
        match self {
            Self::Whole(bytes) => bytes.clone(),
            Self::Packed(packed) => packed.asked_for(),
        }
    }

    /// The same for us: nothing of it stays.
    pub(super) fn once(&self) -> Bytes {
        match self {
            Self::Whole(bytes) => bytes.clone(),
            Self::Packed(packed) => packed.kept.get().cloned().unwrap_or_else(|| packed.body()),
        }
    }

    /// Length in bytes.
    pub fn len(&self) -> usize {
        match self {
            Self::Whole(bytes) => bytes.len(),
            Self::Packed(packed) => packed.length,
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
            Self::Packed(packed) => packed.kept.get().map_or(0, Bytes::len),
        }
    }
}

impl Packed {
    fn asked_for(&self) -> Bytes {
        if let Some(kept) = self.kept.get() {
            return kept.clone();
        }
        let body = self.body();
        let claim = |taken: usize| Some(taken + body.len()).filter(|taken| *taken <= ROOM);
        if TAKEN
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, claim)
            .is_ok()
            && self.kept.set(body.clone()).is_err()
        {
            // Somebody else was quicker.
            TAKEN.fetch_sub(body.len(), Ordering::Relaxed);
        }
        body
    }

    fn body(&self) -> Bytes {
        let mut body = vec![0; self.length];
        let whole = libdeflater::Decompressor::new().gzip_decompress(&self.gzip, &mut body);
        if whole != Ok(self.length) {
            unreachable!("we made the gzip form of a body of this length");
        }
        body.into()
    }
}

impl Drop for Packed {
    fn drop(&mut self) {
        if let Some(kept) = self.kept.get() {
            TAKEN.fetch_sub(kept.len(), Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::compress::gzip;

    fn packed(length: usize) -> (Vec<u8>, Body) {
        let body: Vec<u8> = b"Rest, and call. "
            .iter()
            .copied()
            .cycle()
            .take(length)
            .collect();
        let packed = Body::packed(gzip(&body).unwrap(), body.len());
        (body, packed)
    }

    #[test]
    fn a_packed_body_is_the_one_that_was_packed() {
        let (body, packed) = packed(40_000);
        assert_eq!((packed.len(), packed.resident()), (40_000, 0));
        assert_eq!(packed.once(), body);
        assert_eq!(packed.resident(), 0, "nobody asked for it");
        assert_eq!(packed.bytes(), body);
        assert_eq!(packed.resident(), 40_000, "somebody may ask again");
        assert_eq!(packed.once(), body);
    }

    #[test]
    fn what_does_not_fit_is_given_all_the_same_and_does_not_stay() {
        let (body, packed) = packed(ROOM + 1);
        assert_eq!(packed.bytes(), body);
        assert_eq!(packed.resident(), 0);
    }
}
