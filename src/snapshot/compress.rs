//! Bodies made small beforehand, so that no request pays for it. Brotli has two
//! steps: a quick one at once, the best one in the background.
//! Source of the levels of brotli: `specs/performance.md`, "Compression": nothing between 5 and 11 pays.

use std::io::Write;
use std::ops::RangeInclusive;

use actix_web::web::Bytes;

/// How hard to try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// Brotli 5 with a window of at most 2^18 bytes: about 0.7 ms for 45 KB.
    Quick,
    /// Brotli 11: about 50 ms for 45 KB, and a tenth smaller.
    Best,
}

/// What forms are made with. Change it with them: servers and exports then make theirs again.
pub const COMPRESSION: &str = "brotli 5 and 11, window 17 to 22; gzip 6";

/// Bytes below this size gain nothing: one packet holds them either way.
pub(super) const MIN_BYTES: usize = 256;

/// Makes the brotli form; none if it would not be smaller.
pub(super) fn brotli(body: &[u8], effort: Effort) -> Option<Bytes> {
    let (quality, windows) = match effort {
        Effort::Quick => (5, 17..=18),
        Effort::Best => (11, 18..=22),
    };
    let window = window(body.len(), windows);
    let mut out = Vec::with_capacity(body.len() / 3);
    let mut writer = brotli::CompressorWriter::new(&mut out, 4096, quality, window);
    writer.write_all(body).ok()?;
    drop(writer);
    smaller(&out, body)
}

/// The smallest window that holds a body, as a power of two in bytes. A larger one makes nothing smaller and takes memory
/// in proportion, which has to be cleared: 32 MB for 22. Below 17, the encoder begins to work in another way, which is
/// slower. Measured on pages of 9 to 45 KB: the best form takes a sixth less time with 18 than with 22, in as many bytes.
fn window(length: usize, windows: RangeInclusive<u32>) -> u32 {
    // Some bytes of a window can't be used. Source: RFC 7932, section 9.1.
    let needed = (length + 16).next_power_of_two().ilog2();
    needed.clamp(*windows.start(), *windows.end())
}

/// The level of gzip: about 0.3 ms for 45 KB. Level 9 takes 0.5 ms and gains less than a hundredth; 11 takes 7 ms, which only an
/// export could wait for, and exports have the bytes that servers send.
const GZIP_LEVEL: i32 = 6;

/// Makes the gzip form; none if it would not be smaller.
pub(super) fn gzip(body: &[u8]) -> Option<Bytes> {
    let level = libdeflater::CompressionLvl::new(GZIP_LEVEL).ok()?;
    let mut compressor = libdeflater::Compressor::new(level);
    let mut out = vec![0; compressor.gzip_compress_bound(body.len())];
    let length = compressor.gzip_compress(body, &mut out).ok()?;
    smaller(out.get(..length)?, body)
}

/// The form in exactly the room that it needs: what it was made in has room for far more.
fn smaller(out: &[u8], body: &[u8]) -> Option<Bytes> {
    (body.len() >= MIN_BYTES && out.len() < body.len()).then(|| Bytes::copy_from_slice(out))
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn a_window_holds_the_body_if_it_may_be_that_large() {
        let rows = [
            (0, 18),
            (262_128, 18),
            (262_129, 19),
            (1_048_560, 20),
            (4_194_288, 22),
            (100_000_000, 22),
        ];
        for (length, expected) in rows {
            assert_eq!(window(length, 18..=22), expected, "{length}");
        }
    }

    #[test]
    fn bodies_of_any_length_come_back_as_they_were() {
        // Nothing repeats within a window, and then everything does.
        let mut state = 1_u64;
        let mut next = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            b' ' + (state >> 58) as u8
        };
        let text: Vec<u8> = (0..131_060).map(|_| next()).collect();
        for length in [300, 65_530, 131_056, 131_057, 262_120] {
            let body: Vec<u8> = text.iter().copied().cycle().take(length).collect();
            let small = brotli(&body, Effort::Quick).unwrap();
            let mut back = Vec::new();
            let mut reader = brotli::Decompressor::new(small.as_ref(), 4096);
            reader.read_to_end(&mut back).unwrap();
            assert!(back == body, "{length}");
            let small = gzip(&body).unwrap();
            let mut back = vec![0; length];
            let mut reader = libdeflater::Decompressor::new();
            let whole = reader.gzip_decompress(&small, &mut back);
            assert!(whole == Ok(length) && back == body, "{length}");
        }
    }
}
