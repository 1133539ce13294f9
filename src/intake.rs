//! Takes a visit request in: the letter is sealed, the request gets its fingerprint
//! and its days, and the ledger keeps it. It stands between the form and the
//! ledger so that nothing personal can reach the one unsealed.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use sha2::Sha256;

use crate::booking::{Payment, RequestSettings, VisitRequest, delete_on, estimate_due_on};
use crate::ledger::{
    Allowance, Asked, Asker, Channel, Fingerprint, InvalidKey, Kept, Ledger, LedgerError,
    NewRequest, Recipients, SealError, SecretMark, Secrets,
};

/// What only the servers of one clinic know. With it, a fingerprint tells whether two requests are the same;
/// without it, it tells nothing. It never stands in the ledger.
pub struct Secret(Vec<u8>);

impl Secret {
    /// The secret that these bytes are.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// Takes requests in.
pub struct Intake {
    ledger: Ledger,
    secret: Secret,
    trial: Option<Recipients>,
    channels: Vec<Channel>,
    wake: Box<dyn Fn() + Send + Sync>,
}

/// Why a request was not taken in. None of it holds anything about a patient.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// There is no key to seal to: for the operator.
    #[error("there is no key to seal requests to: put `public_keys` into `clinic/booking.toml`")]
    NoKey,
    /// Sealing failed: for us.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The letter could not be written: for us.
    #[error("the letter can't be written: {0}")]
    Letter(#[from] serde_json::Error),
    /// The ledger did not keep it: for the operator.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

impl From<InvalidKey> for IntakeError {
    fn from(_: InvalidKey) -> Self {
        Self::NoKey
    }
}

impl Intake {
    /// An intake that keeps requests in `ledger`. `trial` is the throwaway key of a clinic that has none of its own.
    pub fn new(ledger: Ledger, secret: Secret, trial: Option<Recipients>) -> Self {
        Self {
            ledger,
            secret,
            trial,
            channels: Vec::new(),
            wake: Box::new(|| {}),
        }
    }

    /// Tells of each new request through `channels`; `wake` is called when there is something to tell, and returns at once.
    #[must_use]
    pub fn telling(
        mut self,
        channels: Vec<Channel>,
        wake: impl Fn() + Send + Sync + 'static,
    ) -> Self {
        self.channels = channels;
        self.wake = Box::new(wake);
        self
    }

    /// Where requests are kept.
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Keeps a request that came in at `now`; days are those of `zone`. When this returns, it is durable.
    ///
    /// # Errors
    /// See [`IntakeError`]; then nothing was kept.
    pub async fn keep(
        &self,
        request: &VisitRequest,
        settings: &RequestSettings,
        now: Timestamp,
        zone: &TimeZone,
    ) -> Result<Kept, IntakeError> {
        let received_on = now.to_zoned(zone.clone()).date();
        let letter = request.letter().to_json()?;
        let due = || estimate_due_on(received_on, request.how_soon);
        let entry = NewRequest {
            service: request.service.clone(),
            sealed: self.recipients(settings)?.seal(&letter)?,
            fingerprint: self.fingerprint(request, &letter),
            received_at: now,
            delete_on: delete_on(received_on, settings.keep_days),
            estimate_due_on: (request.payment == Payment::SelfPay).then(due),
        };
        let kept = self.ledger.keep(&entry, &self.channels).await?;
        if matches!(kept, Kept::New(_)) && !self.channels.is_empty() {
            (self.wake)();
        }
        Ok(kept)
    }

    /// Counts one more request of somebody, where several servers share a ledger. `household` tells one address, or what
    /// one household has of them, from all others; only its keyed hash is written down.
    ///
    /// # Errors
    /// The ledger can't be reached: for the operator. Then no request could be kept either.
    pub async fn ask(
        &self,
        household: &[u8],
        allowance: Allowance,
        now: Timestamp,
    ) -> Result<Asked, LedgerError> {
        let asker = Asker(self.keyed_hash(&[b"asker", household]));
        self.ledger.ask(&asker, allowance, now).await
    }

    /// Tells whether the other servers with this ledger have the same secret.
    ///
    /// # Errors
    /// The ledger can't be reached: for the operator.
    pub async fn meet_others(&self, now: Timestamp) -> Result<Secrets, LedgerError> {
        let mark = SecretMark(self.keyed_hash(&[b"mark", b""]));
        self.ledger.meet(&mark, now).await
    }

    fn recipients(&self, settings: &RequestSettings) -> Result<Recipients, IntakeError> {
        if settings.is_trial() {
            return self.trial.clone().ok_or(IntakeError::NoKey);
        }
        Ok(Recipients::new(
            settings.public_keys.iter().map(String::as_str),
        )?)
    }

    fn fingerprint(&self, request: &VisitRequest, letter: &[u8]) -> Fingerprint {
        Fingerprint(self.keyed_hash(&[request.service.as_str().as_bytes(), letter]))
    }

    /// HMAC-SHA256 over a word that says what it is of, and the rest. Source: RFC 2104. What is no request begins with a
    /// word after which no letter follows: letters are JSON.
    fn keyed_hash(&self, parts: &[&[u8]; 2]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.secret.0)
            .unwrap_or_else(|_| unreachable!("HMAC takes a key of any length"));
        let [word, rest] = parts;
        mac.update(word);
        mac.update(b"\0");
        mac.update(rest);
        mac.finalize().into_bytes().into()
    }
}
