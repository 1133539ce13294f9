//! The request code: what a patient quotes by phone to find a visit request again.
//! It says nothing about the patient, so it may stand in an address and in a mail.

use std::fmt;
use std::str::FromStr;

/// The signs of a code, ascending. No vowels, so that no word comes about, and no two that look
/// alike: 0 and O, 1 and I and L, 2 and Z, 5 and S.
pub const CODE_SIGNS: [u8; 22] = *b"346789BCDFGHJKMPQRTVWX";

/// How many signs a code has: 22 to the 8th, or 54 thousand million, so that guessing finds nothing.
const LENGTH: usize = 8;

/// The code of one visit request: 8 signs of [`CODE_SIGNS`], shown as `B7KP-4QXM`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestCode([u8; LENGTH]);

impl RequestCode {
    /// The code that a source of randomness chose: each number is taken modulo the count of signs.
    pub fn from_random(numbers: [u64; LENGTH]) -> Self {
        let count = CODE_SIGNS.len() as u64;
        Self(numbers.map(|number| {
            let index = usize::try_from(number % count).unwrap_or_default();
            CODE_SIGNS.get(index).copied().unwrap_or(b'X')
        }))
    }
}

impl fmt::Display for RequestCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, sign) in self.0.iter().enumerate() {
            if at == LENGTH / 2 {
                f.write_str("-")?;
            }
            write!(f, "{}", char::from(*sign))?;
        }
        Ok(())
    }
}

/// Text that is no code; prints what was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidCode;

impl fmt::Display for InvalidCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected a request code such as `B7KP-4QXM`")
    }
}

impl std::error::Error for InvalidCode {}

/// Reads a code as people say and type it: in any case, with or without spaces and hyphens.
impl FromStr for RequestCode {
    type Err = InvalidCode;

    fn from_str(text: &str) -> Result<Self, InvalidCode> {
        let signs = text.bytes().filter(|sign| !b" -".contains(sign));
        let signs: Vec<u8> = signs.map(|sign| sign.to_ascii_uppercase()).collect();
        let signs: [u8; LENGTH] = signs.try_into().map_err(|_| InvalidCode)?;
        let known = signs.iter().all(|sign| CODE_SIGNS.contains(sign));
        known.then_some(Self(signs)).ok_or(InvalidCode)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_reads_as_people_say_it_and_prints_in_two_groups() {
        let rows = [
            ("B7KP-4QXM", Some("B7KP-4QXM")),
            (" b7kp 4qxm ", Some("B7KP-4QXM")),
            ("b7kp4qxm", Some("B7KP-4QXM")),
            ("B7KP-4QX", None),
            ("B7KP-4QXMM", None),
            ("B7KO-4QXM", None),
            ("B7K\u{e9}4QXM", None),
            ("", None),
        ];
        for (text, expected) in rows {
            let read = text
                .parse::<RequestCode>()
                .ok()
                .map(|code| code.to_string());
            assert_eq!(read.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn every_number_gives_a_code_that_reads_back() {
        for number in 0..100 {
            let code = RequestCode::from_random([number; LENGTH]);
            assert_eq!(code.to_string().parse(), Ok(code));
        }
    }
}
