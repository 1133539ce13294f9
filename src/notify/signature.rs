//! Signs what a webhook is sent, so that its receiver knows who sent it and that it
//! is fresh. Source: the Standard Webhooks specification, version 1.0.0, symmetric
//! signatures (`v1`). It knows no clock and sends nothing.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

/// What a secret begins with.
const PREFIX: &str = "whsec_";

/// How many bytes a secret may have.
const SECRET_BYTES: std::ops::RangeInclusive<usize> = 24..=64;

/// The key that we share with the receiver: 24 to 64 bytes. Never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookSecret(Zeroizing<Vec<u8>>);

impl fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookSecret")
    }
}

/// Text that is no secret; prints what was expected, never what was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidSecret;

impl fmt::Display for InvalidSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "expected `whsec_` and 24 to 64 random bytes in base64; make one with `echo whsec_$(openssl rand -base64 32)`",
        )
    }
}

impl std::error::Error for InvalidSecret {}

impl FromStr for WebhookSecret {
    type Err = InvalidSecret;

    fn from_str(text: &str) -> Result<Self, InvalidSecret> {
        let encoded = text.trim().strip_prefix(PREFIX).ok_or(InvalidSecret)?;
        let bytes = STANDARD.decode(encoded).map_err(|_| InvalidSecret)?;
        let bytes = Zeroizing::new(bytes);
        SECRET_BYTES
            .contains(&bytes.len())
            .then_some(Self(bytes))
            .ok_or(InvalidSecret)
    }
}

impl WebhookSecret {
    /// The value of the header `webhook-signature`. `seconds` is what `webhook-timestamp` says: since 1970.
    ///
    /// # Errors
    /// See [`InvalidSecret`]; a secret that was read is none of those.
    pub fn sign(&self, id: &str, seconds: i64, body: &[u8]) -> Result<String, InvalidSecret> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).map_err(|_| InvalidSecret)?;
        mac.update(format!("{id}.{seconds}.").as_bytes());
        mac.update(body);
        let digest = mac.finalize().into_bytes();
        Ok(format!("v1,{}", STANDARD.encode(digest)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From the specification's own libraries: standard-webhooks, `libraries/python/tests/test_webhooks.py`.
    #[test]
    fn a_signature_is_the_one_of_the_specification() {
        let secret: WebhookSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".parse().unwrap();
        let signature = secret.sign(
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            b"{\"test\": 2432232314}",
        );
        assert_eq!(
            signature.unwrap(),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        );
    }

    #[test]
    fn a_secret_is_24_to_64_bytes_in_base64() {
        let of = |count: usize| format!("whsec_{}", STANDARD.encode(vec![7_u8; count]));
        let rows = [
            (of(23), false),
            (of(24), true),
            (of(64), true),
            (of(65), false),
            (of(24).replace("whsec_", ""), false),
            ("whsec_%%%%".to_owned(), false),
            (String::new(), false),
        ];
        for (text, sound) in rows {
            assert_eq!(text.parse::<WebhookSecret>().is_ok(), sound, "{text}");
        }
    }
}
