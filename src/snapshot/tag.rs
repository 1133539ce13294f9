//! What tells one body from all others: the hash of the body as it is, and the form in which it is
//! sent. A large site holds a hundred thousand of them, so the text of an ETag is written when it is asked for.

use actix_web::http::header::HeaderValue;
use serde::{Deserialize, Serialize};

use super::page::Coding;

/// How a form of a body came about. Each has a tag of its own, since its bytes are others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) enum Form {
    /// Brotli, as small as can be.
    Best,
    /// Brotli, made quickly.
    Quick,
    /// gzip.
    Gzip,
    /// As it is.
    Identity,
}

impl Form {
    pub(super) fn coding(self) -> Coding {
        match self {
            Self::Best | Self::Quick => Coding::Brotli,
            Self::Gzip => Coding::Gzip,
            Self::Identity => Coding::Identity,
        }
    }

    /// What its tag ends with.
    fn ending(self) -> &'static str {
        match self {
            Self::Best => "-br",
            Self::Quick => "-b5",
            Self::Gzip => "-gz",
            Self::Identity => "",
        }
    }
}

/// The strong ETag of exactly the bytes of one form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tag {
    /// In the order of its digits. As a number it would take half as much room again.
    hash: [u8; 16],
    form: Form,
}

/// Length of the longest tag: 32 digits, an ending and two quotes.
const LONGEST: usize = 37;

/// A tag as it stands in a header, with its quotes.
#[derive(Debug, Clone, Copy)]
pub struct WrittenTag {
    bytes: [u8; LONGEST],
    length: usize,
}

impl Tag {
    /// The tag of a form of the body that has a hash.
    pub(super) fn new(hash: u128, form: Form) -> Self {
        let hash = hash.to_be_bytes();
        Self { hash, form }
    }

    /// The hash of the body as it is.
    pub(super) fn hash(self) -> u128 {
        u128::from_be_bytes(self.hash)
    }

    /// How its bytes came about.
    pub(super) fn form(self) -> Form {
        self.form
    }

    /// Its text.
    pub fn written(self) -> WrittenTag {
        let digits = self.hash.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        let digits = digits.map(|digit| match digit {
            0..=9 => b'0' + digit,
            _ => b'a' + digit - 10,
        });
        let text = std::iter::once(b'"')
            .chain(digits)
            .chain(self.form.ending().bytes())
            .chain([b'"']);
        let (mut bytes, mut length) = ([0; LONGEST], 0);
        for (place, byte) in bytes.iter_mut().zip(text) {
            *place = byte;
            length += 1;
        }
        WrittenTag { bytes, length }
    }

    /// The value of `ETag`.
    pub fn header(self) -> HeaderValue {
        let value = HeaderValue::from_str(self.written().as_str());
        value.unwrap_or_else(|_| unreachable!("hexadecimal digits are a header value"))
    }
}

impl WrittenTag {
    /// The text with its quotes.
    pub fn as_str(&self) -> &str {
        let text = self.bytes.get(..self.length).unwrap_or_default();
        str::from_utf8(text).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_the_hash_in_digits_and_what_tells_its_form() {
        let hash = 0x0123_4567_89ab_cdef_0000_0000_0000_0f0a;
        let rows = [
            (Form::Identity, "\"0123456789abcdef0000000000000f0a\""),
            (Form::Gzip, "\"0123456789abcdef0000000000000f0a-gz\""),
            (Form::Quick, "\"0123456789abcdef0000000000000f0a-b5\""),
            (Form::Best, "\"0123456789abcdef0000000000000f0a-br\""),
        ];
        for (form, expected) in rows {
            let tag = Tag::new(hash, form);
            assert_eq!(tag.written().as_str(), expected);
            assert_eq!(tag.header(), expected);
            assert_eq!((tag.hash(), tag.form()), (hash, form));
        }
    }
}
