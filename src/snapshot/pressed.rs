//! Compressed bodies by the content that they came from, as one block of bytes that a
//! server keeps on disk, so that a restart does not pay for them again. A block that is
//! cut, spoiled or made with other settings is not used: everything is made again.

use std::collections::HashMap;

use actix_web::web::Bytes;
use xxhash_rust::xxh3::xxh3_128;

use super::compress::COMPRESSION;
use super::page::{Coding, Entry, Page};
use super::{Snapshot, best};

/// What a block begins with; the last digit is the version of its form.
const MARK: &[u8] = b"signpost-pressed-1\n";

/// Length of a checksum and of the hash of a body, in bytes.
const HASH: usize = 16;

/// The gzip and the best brotli form of many bodies. Cloning is cheap.
#[derive(Debug, Clone, Default)]
pub struct Pressed {
    forms: HashMap<u128, Forms>,
}

/// The forms of one body; one that would not be smaller is not there.
#[derive(Debug, Clone, Default)]
pub(super) struct Forms {
    pub(super) gzip: Option<Bytes>,
    pub(super) brotli: Option<Bytes>,
}

impl Pressed {
    /// Reads a block; none if it is not whole or was made with other settings.
    ///
    /// After the mark, the settings and a checksum of all that follows come records: the hash of a body, the lengths
    /// of its two forms as 32 bits (0 for a form that is not there), and the forms. Numbers are little-endian.
    pub fn read(block: Bytes) -> Option<Self> {
        let settings = COMPRESSION.as_bytes();
        let start = MARK.len() + settings.len();
        let rest = block.strip_prefix(MARK)?.strip_prefix(settings)?;
        let (sum, records) = rest.split_at_checked(HASH)?;
        if sum != xxh3_128(records).to_le_bytes() {
            return None;
        }
        let mut reader = Reader {
            at: start + HASH,
            block,
        };
        let mut forms = HashMap::new();
        while reader.at < reader.block.len() {
            let hash = u128::from_le_bytes(*reader.array()?);
            let (gzip, brotli) = (reader.length()?, reader.length()?);
            let (gzip, brotli) = (reader.form(gzip)?, reader.form(brotli)?);
            forms.insert(hash, Forms { gzip, brotli });
        }
        Some(Self { forms })
    }

    /// What is known of a body.
    pub(super) fn of(&self, hash: u128) -> Option<&Forms> {
        self.forms.get(&hash)
    }

    /// How many bodies are known.
    pub fn len(&self) -> usize {
        self.forms.len()
    }

    /// Whether no body is known.
    pub fn is_empty(&self) -> bool {
        self.forms.is_empty()
    }
}

/// The block of a snapshot: each body whose forms are the best there are, by address.
pub fn block(snapshot: &Snapshot) -> Vec<u8> {
    let mut records = Vec::new();
    let pages = snapshot.addresses().into_iter();
    let pages = pages.filter_map(|address| match snapshot.entry(address)? {
        Entry::Page(page) => Some(page),
        Entry::Moved(_) => None,
    });
    for page in pages {
        let Some(hash) = best::hash_of(page).filter(|_| best::is_at_best(page)) else {
            continue;
        };
        let (gzip, brotli) = (form(page, Coding::Gzip), form(page, Coding::Brotli));
        records.extend(hash.to_le_bytes());
        for form in [&gzip, &brotli] {
            records.extend(u32::try_from(form.len()).unwrap_or_default().to_le_bytes());
        }
        records.extend(gzip);
        records.extend(brotli);
    }
    let sum = xxh3_128(&records).to_le_bytes();
    [MARK, COMPRESSION.as_bytes(), &sum, &records].concat()
}

fn form(page: &Page, coding: Coding) -> Bytes {
    let mut forms = page.representations.iter();
    let form = forms.find(|own| own.coding == coding);
    form.map_or_else(Bytes::new, |own| own.body.bytes())
}

/// Reads a block from front to back; none as soon as it ends too early.
struct Reader {
    block: Bytes,
    at: usize,
}

impl Reader {
    fn array<const LENGTH: usize>(&mut self) -> Option<&[u8; LENGTH]> {
        let array = self.block.get(self.at..)?.first_chunk()?;
        self.at += LENGTH;
        Some(array)
    }

    fn length(&mut self) -> Option<usize> {
        usize::try_from(u32::from_le_bytes(*self.array()?)).ok()
    }

    /// A form without a copy: it stays part of the block.
    fn form(&mut self, length: usize) -> Option<Option<Bytes>> {
        let end = self.at.checked_add(length)?;
        if end > self.block.len() {
            return None;
        }
        let form = (length > 0).then(|| self.block.slice(self.at..end));
        self.at = end;
        Some(form)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(hash: u128, gzip: &[u8], brotli: &[u8]) -> Vec<u8> {
        let length = |form: &[u8]| u32::try_from(form.len()).unwrap().to_le_bytes();
        [
            &hash.to_le_bytes()[..],
            &length(gzip),
            &length(brotli),
            gzip,
            brotli,
        ]
        .concat()
    }

    fn whole(records: &[u8]) -> Vec<u8> {
        let sum = xxh3_128(records).to_le_bytes();
        [MARK, COMPRESSION.as_bytes(), &sum, records].concat()
    }

    #[test]
    fn a_block_gives_what_was_put_in() {
        let records = [record(7, b"gz", b"br"), record(8, b"", b"only")].concat();
        let pressed = Pressed::read(whole(&records).into()).unwrap();
        let seven = pressed.of(7).unwrap();
        assert_eq!(seven.gzip.as_deref(), Some(&b"gz"[..]));
        assert_eq!(seven.brotli.as_deref(), Some(&b"br"[..]));
        assert_eq!(pressed.of(8).unwrap().gzip, None);
        assert!(pressed.of(9).is_none());
    }

    #[test]
    fn a_block_that_is_cut_or_spoiled_anywhere_is_not_used() {
        let block = whole(&record(7, b"gz", b"br"));
        for end in 0..block.len() {
            assert!(
                Pressed::read(Bytes::copy_from_slice(&block[..end]))
                    .is_none_or(|got| got.is_empty())
            );
            let mut spoiled = block.clone();
            spoiled[end] ^= 1;
            assert!(Pressed::read(spoiled.into()).is_none(), "byte {end}");
        }
        // A record that claims more than there is, with a checksum that fits.
        let mut record = record(7, b"gz", b"br");
        record[16] = 200;
        assert!(Pressed::read(whole(&record).into()).is_none());
    }
}
