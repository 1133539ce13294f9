//! Bodies made small beforehand, so that no request pays for it. Brotli has two
//! steps: a quick one at once, the best one in the background.
//! Source of the levels: `specs/performance.md`, "Compression": nothing between 5 and 11 pays.

use std::io::Write;

use actix_web::web::Bytes;

/// How hard to try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// Brotli 5 with a window of 2^18 bytes: about 1 ms for 45 KB.
    Quick,
    /// Brotli 11: about 50 ms for 45 KB, and a tenth smaller.
    Best,
}

/// What the best forms are made with. Change it with them: exports then make theirs again.
pub const COMPRESSION: &str = "brotli 11, window 22; gzip 9";

/// Bytes below this size gain nothing: one packet holds them either way.
pub(super) const MIN_BYTES: usize = 256;

/// Makes the brotli form; none if it would not be smaller.
pub(super) fn brotli(body: &[u8], effort: Effort) -> Option<Bytes> {
    let (quality, window) = match effort {
        Effort::Quick => (5, 18),
        Effort::Best => (11, 22),
    };
    let mut out = Vec::with_capacity(body.len() / 3);
    let mut writer = brotli::CompressorWriter::new(&mut out, 4096, quality, window);
    writer.write_all(body).ok()?;
    drop(writer);
    smaller(&out, body)
}

/// Makes the gzip form; none if it would not be smaller.
pub(super) fn gzip(body: &[u8]) -> Option<Bytes> {
    let level = libdeflater::CompressionLvl::new(9).ok()?;
    let mut compressor = libdeflater::Compressor::new(level);
    let mut out = vec![0; compressor.gzip_compress_bound(body.len())];
    let length = compressor.gzip_compress(body, &mut out).ok()?;
    smaller(out.get(..length)?, body)
}

/// The form in exactly the room that it needs: what it was made in has room for far more.
fn smaller(out: &[u8], body: &[u8]) -> Option<Bytes> {
    (body.len() >= MIN_BYTES && out.len() < body.len()).then(|| Bytes::copy_from_slice(out))
}
