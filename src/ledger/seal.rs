//! Sealing: what is personal is encrypted to the clinic's public key in the `age`
//! format before it is kept. The server has no key to read it back.
//! Source of the format: age-encryption.org/v1.

use std::fmt;
use std::io::{Read, Write};
use std::str::FromStr;

use age::x25519;
use zeroize::Zeroizing;

/// A sealed letter is padded to a multiple of this many bytes, so that its length tells little.
const BLOCK_BYTES: usize = 512;

/// Bytes that only a holder of a private key can read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed(pub Vec<u8>);

/// The public keys to which requests are sealed; never empty. Each holder can read all.
#[derive(Clone, PartialEq, Eq)]
pub struct Recipients(Vec<x25519::Recipient>);

impl fmt::Debug for Recipients {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Recipients({})", self.0.len())
    }
}

/// Text that is no key; prints what was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidKey;

impl fmt::Display for InvalidKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected a key of `signpost visits keygen`")
    }
}

impl std::error::Error for InvalidKey {}

/// Why sealing or opening failed.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The letter could not be sealed: for us.
    #[error("the request can't be sealed: {0}")]
    Sealing(String),
    /// The letter was sealed to another key, or is damaged: for staff.
    #[error("this key doesn't open the request: {0}")]
    Opening(String),
}

impl Recipients {
    /// The holders of these public keys.
    ///
    /// # Errors
    /// There is none, or one of them is no public key.
    pub fn new<'a>(keys: impl IntoIterator<Item = &'a str>) -> Result<Self, InvalidKey> {
        let keys = keys.into_iter().map(str::parse::<x25519::Recipient>);
        let keys: Vec<_> = keys.collect::<Result<_, _>>().map_err(|_| InvalidKey)?;
        (!keys.is_empty()).then_some(Self(keys)).ok_or(InvalidKey)
    }

    /// Seals a letter; its end is padded with spaces, which JSON allows.
    ///
    /// # Errors
    /// See [`SealError::Sealing`].
    pub fn seal(&self, letter: &[u8]) -> Result<Sealed, SealError> {
        let sealing = |error: &dyn fmt::Display| SealError::Sealing(error.to_string());
        let recipients = self.0.iter().map(|key| key as &dyn age::Recipient);
        let encryptor =
            age::Encryptor::with_recipients(recipients).map_err(|error| sealing(&error))?;
        let mut sealed = Vec::new();
        let mut writer = encryptor
            .wrap_output(&mut sealed)
            .map_err(|error| sealing(&error))?;
        let padding = letter.len().next_multiple_of(BLOCK_BYTES) - letter.len();
        let padding = vec![b' '; padding];
        writer
            .write_all(letter)
            .and_then(|()| writer.write_all(&padding))
            .map_err(|error| sealing(&error))?;
        writer.finish().map_err(|error| sealing(&error))?;
        Ok(Sealed(sealed))
    }
}

/// A private key. Only staff have it.
pub struct Identity(x25519::Identity);

impl Identity {
    /// A new private key.
    pub fn generate() -> Self {
        Self(x25519::Identity::generate())
    }

    /// The public key that belongs to it, such as `age1...`.
    pub fn public_key(&self) -> String {
        self.0.to_public().to_string()
    }

    /// The key itself, to be written to a file that only its owner can read.
    pub fn secret(&self) -> Zeroizing<String> {
        use age::secrecy::ExposeSecret;
        Zeroizing::new(self.0.to_string().expose_secret().to_owned())
    }

    /// Opens a letter.
    ///
    /// # Errors
    /// See [`SealError::Opening`].
    pub fn open(&self, sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let opening = |error: &dyn fmt::Display| SealError::Opening(error.to_string());
        let decryptor =
            age::Decryptor::new(sealed.0.as_slice()).map_err(|error| opening(&error))?;
        let identity: &dyn age::Identity = &self.0;
        let mut reader = decryptor
            .decrypt(std::iter::once(identity))
            .map_err(|error| opening(&error))?;
        let mut letter = Zeroizing::new(Vec::new());
        reader
            .read_to_end(&mut letter)
            .map_err(|error| opening(&error))?;
        let end = letter
            .iter()
            .rposition(|byte| *byte != b' ')
            .map_or(0, |at| at + 1);
        letter.truncate(end);
        Ok(letter)
    }
}

/// Reads a key file: the line of the key, among comments that begin with `#`.
impl FromStr for Identity {
    type Err = InvalidKey;

    fn from_str(text: &str) -> Result<Self, InvalidKey> {
        let line = text
            .lines()
            .map(str::trim)
            .find(|line| line.starts_with("AGE-SECRET-KEY-"));
        line.and_then(|line| line.parse().ok())
            .map(Self)
            .ok_or(InvalidKey)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_private_key_opens_what_the_public_one_sealed() {
        let (own, other) = (Identity::generate(), Identity::generate());
        let recipients = Recipients::new([own.public_key().as_str()]).unwrap();
        let sealed = recipients.seal(b"{\"name\":\"Ann\"}").unwrap();
        assert_eq!(own.open(&sealed).unwrap().as_slice(), b"{\"name\":\"Ann\"}");
        assert!(other.open(&sealed).is_err());
        assert!(!sealed.0.windows(3).any(|part| part == b"Ann"));
    }

    #[test]
    fn every_holder_of_a_key_can_open_it() {
        let (one, two) = (Identity::generate(), Identity::generate());
        let keys = [one.public_key(), two.public_key()];
        let recipients = Recipients::new(keys.iter().map(String::as_str)).unwrap();
        let sealed = recipients.seal(b"{}").unwrap();
        assert_eq!(one.open(&sealed).unwrap().as_slice(), b"{}");
        assert_eq!(two.open(&sealed).unwrap().as_slice(), b"{}");
    }

    #[test]
    fn letters_of_about_the_same_length_can_not_be_told_apart_by_their_size() {
        let own = Identity::generate();
        let recipients = Recipients::new([own.public_key().as_str()]).unwrap();
        // The header holds stanzas of random length; the letter begins after its last line.
        let length = |letter: &[u8]| {
            let sealed = recipients.seal(letter).unwrap().0;
            let last_line = sealed
                .windows(5)
                .position(|part| part == b"\n--- ")
                .unwrap();
            sealed.len() - last_line
        };
        assert_eq!(length(&[b'x'; 20]), length(&[b'x'; 500]));
        assert!(length(&[b'x'; 20]) < length(&[b'x'; 600]));
    }

    #[test]
    fn a_key_file_may_hold_comments() {
        let own = Identity::generate();
        let text = format!(
            "# created today\n# public key: {}\n{}\n",
            own.public_key(),
            *own.secret()
        );
        assert_eq!(
            text.parse::<Identity>().unwrap().public_key(),
            own.public_key()
        );
        assert!("age1nothing".parse::<Identity>().is_err());
        assert!(Recipients::new(["age1nothing"]).is_err());
        assert!(Recipients::new([]).is_err());
    }
}
