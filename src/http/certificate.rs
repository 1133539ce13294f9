//! A certificate and its key, as two PEM files hold them. It stands apart because
//! every way in which such files go wrong has a message of its own, and because it
//! knows no file: it is given bytes. It trusts nobody; that is what readers do.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use rustls::crypto::CryptoProvider;
use rustls::server::ParsedCertificate;
use rustls::sign::CertifiedKey;
use rustls::{Error, InconsistentKeys};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName};

/// A chain of certificates whose key is known to belong to the first one.
#[derive(Debug)]
pub struct Certificate {
    pub(super) key: CertifiedKey,
    facts: Facts,
}

/// What a certificate says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Facts {
    begins_at: Timestamp,
    ends_at: Timestamp,
    /// Whether whoever issued it is the one for whom it is.
    is_issued_by_itself: bool,
}

/// One of the two files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PemFile {
    /// The chain of certificates.
    Certificate,
    /// The private key.
    Key,
}

/// What is wrong with a file, in words that follow its name. All of it is for the operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CertificateFault {
    /// The file of the certificate has something else in it, or nothing.
    #[error(
        "holds no certificate: expected lines from `-----BEGIN CERTIFICATE-----` to `-----END CERTIFICATE-----`, as \
         `fullchain.pem` of certbot has"
    )]
    NoCertificate,
    /// The file of the certificate has the key in it.
    #[error(
        "holds a private key and no certificate: expected the certificate; `--tls-certificate` and `--tls-key` may be \
         swapped"
    )]
    KeyInstead,
    /// The certificate can't be read.
    #[error("holds a certificate that can't be read: copy it again from whoever issued it")]
    OddCertificate,
    /// The file of the key has something else in it, or nothing.
    #[error(
        "holds no private key: expected lines from `-----BEGIN PRIVATE KEY-----` to `-----END PRIVATE KEY-----`, as \
         `privkey.pem` of certbot has"
    )]
    NoKey,
    /// The key needs a passphrase.
    #[error(
        "holds a key that is locked with a passphrase: expected one without, as `openssl pkey -in LOCKED -out KEY` \
         writes it"
    )]
    LockedKey,
    /// The key is of a kind that browsers don't take, or broken.
    #[error(
        "holds a key that can't be used: expected ECDSA with P-256 or P-384, Ed25519, or RSA with 2048 to 8192 bits"
    )]
    OddKey,
    /// The key belongs to another certificate.
    #[error("holds the key of another certificate: expected both files to be of one renewal")]
    Mismatch,
}

impl CertificateFault {
    /// The file that is to be mended.
    pub fn file(self) -> PemFile {
        match self {
            Self::NoCertificate | Self::KeyInstead | Self::OddCertificate => PemFile::Certificate,
            Self::NoKey | Self::LockedKey | Self::OddKey | Self::Mismatch => PemFile::Key,
        }
    }
}

impl Certificate {
    /// Reads the bytes of both files.
    ///
    /// # Errors
    /// What is wrong with one of them: for the operator.
    pub fn read(certificate: &[u8], key: &[u8]) -> Result<Self, CertificateFault> {
        let chain = chain(certificate)?;
        let first = chain.first().ok_or(CertificateFault::NoCertificate)?;
        let facts = facts_of(first).ok_or(CertificateFault::OddCertificate)?;
        let key = private_key(key)?;
        match CertifiedKey::from_der(chain, key, &provider()) {
            Ok(key) => Ok(Self { key, facts }),
            Err(Error::InconsistentKeys(InconsistentKeys::KeyMismatch)) => {
                Err(CertificateFault::Mismatch)
            }
            Err(Error::InvalidCertificate(_)) => Err(CertificateFault::OddCertificate),
            Err(_) => Err(CertificateFault::OddKey),
        }
    }

    /// From when on it holds.
    pub fn begins_at(&self) -> Timestamp {
        self.facts.begins_at
    }

    /// Until when it holds.
    pub fn ends_at(&self) -> Timestamp {
        self.facts.ends_at
    }

    /// Whether it comes without the certificate of its issuer, so that programs which have not met that one can't check it.
    pub fn lacks_its_issuer(&self) -> bool {
        self.key.cert.len() == 1 && !self.facts.is_issued_by_itself
    }

    /// Whether it is for a host, such as `clinic.example`.
    pub fn is_for(&self, host: &str) -> bool {
        let first = self.key.cert.first();
        let parsed = first.and_then(|first| ParsedCertificate::try_from(first).ok());
        let name = ServerName::try_from(host).ok();
        parsed.zip(name).is_some_and(|(certificate, name)| {
            rustls::client::verify_server_name(&certificate, &name).is_ok()
        })
    }
}

/// The one provider of ciphers.
pub(super) fn provider() -> CryptoProvider {
    rustls::crypto::ring::default_provider()
}

fn chain(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, CertificateFault> {
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let chain = chain.map_err(|_| CertificateFault::OddCertificate)?;
    match chain.is_empty() {
        false => Ok(chain),
        true if PrivateKeyDer::from_pem_slice(pem).is_ok() => Err(CertificateFault::KeyInstead),
        true => Err(CertificateFault::NoCertificate),
    }
}

fn private_key(pem: &[u8]) -> Result<PrivateKeyDer<'static>, CertificateFault> {
    // Both ways of locking a key say this word, in the first line or in the one below. Source: RFC 1421, RFC 5958.
    let is_locked = pem.windows(9).any(|word| word == b"ENCRYPTED");
    match PrivateKeyDer::from_pem_slice(pem) {
        _ if is_locked => Err(CertificateFault::LockedKey),
        Ok(key) => Ok(key),
        Err(_) => Err(CertificateFault::NoKey),
    }
}

/// A value of DER with its kind, and what follows it. Source: X.690, section 8.1.
struct Element<'a> {
    tag: u8,
    content: &'a [u8],
    rest: &'a [u8],
}

const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xa0;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

fn element(der: &[u8]) -> Option<Element<'_>> {
    let (tag, rest) = der.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(*first), rest),
        // Lengths of up to four bytes: no certificate is longer.
        0x81..=0x84 => {
            let (length, rest) = rest.split_at_checked(usize::from(first & 0x0f))?;
            let add = |sum: usize, byte: &u8| sum << 8 | usize::from(*byte);
            (length.iter().fold(0, add), rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some(Element {
        tag: *tag,
        content,
        rest,
    })
}

fn sequence(der: &[u8]) -> Option<Element<'_>> {
    element(der).filter(|element| element.tag == SEQUENCE)
}

/// Walks to the validity, which stands behind version, number, algorithm and issuer. Source: RFC 5280, section 4.1.
fn facts_of(certificate: &[u8]) -> Option<Facts> {
    let signed = sequence(sequence(certificate)?.content)?;
    let first = element(signed.content)?;
    let number = match first.tag {
        VERSION => element(first.rest)?,
        _ => first,
    };
    let algorithm = sequence(number.rest)?;
    let issuer = sequence(algorithm.rest)?;
    let validity = sequence(issuer.rest)?;
    let subject = sequence(validity.rest)?;
    let begins = element(validity.content)?;
    Some(Facts {
        begins_at: instant(&begins)?,
        ends_at: instant(&element(begins.rest)?)?,
        is_issued_by_itself: issuer.content == subject.content,
    })
}

/// An instant, always to the second and in UTC. Years of two digits are those from 1950 to 2049. Source: RFC 5280,
/// section 4.1.2.5.
fn instant(time: &Element<'_>) -> Option<Timestamp> {
    let text = std::str::from_utf8(time.content).ok()?;
    let text = match time.tag {
        GENERALIZED_TIME => text.to_owned(),
        UTC_TIME if text.get(..2)? < "50" => format!("20{text}"),
        UTC_TIME => format!("19{text}"),
        _ => return None,
    };
    let time = DateTime::strptime("%Y%m%d%H%M%SZ", &text).ok()?;
    let zoned = time.to_zoned(TimeZone::UTC).ok()?;
    Some(zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_read_in_both_ways_that_certificates_have() {
        let rows: [(u8, &str, Option<&str>); 6] = [
            (UTC_TIME, "261126101112Z", Some("2026-11-26T10:11:12Z")),
            (UTC_TIME, "491231235959Z", Some("2049-12-31T23:59:59Z")),
            (UTC_TIME, "500101000000Z", Some("1950-01-01T00:00:00Z")),
            (
                GENERALIZED_TIME,
                "20500101000000Z",
                Some("2050-01-01T00:00:00Z"),
            ),
            (GENERALIZED_TIME, "2050010100000", None),
            (0x04, "20500101000000Z", None),
        ];
        for (tag, text, expected) in rows {
            let time = Element {
                tag,
                content: text.as_bytes(),
                rest: &[],
            };
            let expected: Option<Timestamp> = expected.map(|text| text.parse().unwrap());
            assert_eq!(instant(&time), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_der_is_no_certificate() {
        let rows: [&[u8]; 7] = [
            b"",
            b"\x30",
            b"\x30\x05\x01",
            b"\x30\x80\x00\x00",
            b"\x30\x84\xff\xff\xff\xff\x00",
            b"\x30\x85\x01\x01\x01\x01\x01\x00",
            b"\x30\x04\x30\x02\xa0\x00",
        ];
        for bytes in rows {
            assert_eq!(facts_of(bytes), None, "{bytes:?}");
        }
    }

    #[test]
    fn files_without_pem_are_told_apart() {
        let key = b"-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n";
        let certificate = b"-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
        let rows: [(&[u8], CertificateFault); 3] = [
            (b"", CertificateFault::NoCertificate),
            (key, CertificateFault::KeyInstead),
            (certificate, CertificateFault::OddCertificate),
        ];
        for (bytes, expected) in rows {
            let read = Certificate::read(bytes, key);
            assert_eq!(read.err(), Some(expected), "{expected}");
            assert_eq!(expected.file(), PemFile::Certificate);
        }
        let locked =
            b"-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----\n";
        let rows: [(&[u8], CertificateFault); 3] = [
            (b"", CertificateFault::NoKey),
            (certificate, CertificateFault::NoKey),
            (locked, CertificateFault::LockedKey),
        ];
        for (bytes, expected) in rows {
            assert_eq!(private_key(bytes).err(), Some(expected), "{expected}");
            assert_eq!(expected.file(), PemFile::Key);
        }
    }
}
