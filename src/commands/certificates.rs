//! The certificate of a server that speaks https itself: read at the start, and again
//! when its files change, as certbot changes them. What is wrong with new files is told
//! and changes nothing; the certificate that was there stays.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use anyhow::Context;
use jiff::{SignedDuration, Timestamp};
use xxhash_rust::xxh3::xxh3_128;

use crate::clock::now;
use crate::disk::read_bytes;
use crate::http::{Certificate, PemFile, Tls};
use crate::live::Live;

/// How often the files are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(20);

/// From when on the end of a certificate is told: certbot renews 30 days before it, so something has failed for long.
const TELL_BEFORE_END: SignedDuration = SignedDuration::from_hours(10 * 24);

/// How often that is told.
const TELL_EACH: SignedDuration = SignedDuration::from_hours(24);

/// The two files, and what was last known of them.
pub(super) struct Renewal {
    certificate: PathBuf,
    key: PathBuf,
    tls: Arc<Tls>,
    /// The site, which says what host readers type; not there before it is built.
    site: OnceLock<Arc<Live>>,
    known: Mutex<Known>,
}

/// What was last known.
#[derive(Debug, Clone, Copy)]
struct Known {
    /// A hash of what was read, of an error if nothing could be.
    files: u128,
    /// Whether those files are settled: used, or told to be no good.
    is_settled: bool,
    end_was_told_at: Option<Timestamp>,
}

/// Why somebody looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// The time has come. Both files are seldom written at the same moment, so what is wrong is told at the second look.
    Regular,
    /// Somebody asked for it, and wants to know.
    Asked,
}

impl Renewal {
    /// Reads both files for the first time. That takes a moment, so it comes before the site is built.
    ///
    /// # Errors
    /// One of them can't be read or is no good: for the operator.
    pub(super) fn begin(certificate: &Path, key: &Path) -> anyhow::Result<Arc<Self>> {
        let files = Files::read(certificate, key)?;
        let tls = Tls::new(files.parsed(certificate, key)?).context("TLS can't begin")?;
        Ok(Arc::new(Self {
            certificate: certificate.to_owned(),
            key: key.to_owned(),
            tls: Arc::new(tls),
            site: OnceLock::new(),
            known: Mutex::new(Known {
                files: files.hash(),
                is_settled: true,
                end_was_told_at: None,
            }),
        }))
    }

    pub(super) fn tls(&self) -> Arc<Tls> {
        Arc::clone(&self.tls)
    }

    /// Tells what is odd about the certificate of a site, and looks at the files from time to time, as long as the system
    /// runs.
    pub(super) fn look_from_time_to_time(self: &Arc<Self>, site: &Arc<Live>) {
        self.site.get_or_init(|| Arc::clone(site));
        self.tell_oddities();
        self.tell_end(now());
        let renewal = Arc::clone(self);
        actix_web::rt::spawn(async move {
            loop {
                tokio::time::sleep(LOOK_EVERY).await;
                renewal.look(Look::Regular);
                renewal.tell_end(now());
            }
        });
    }

    /// Looks whether the files changed, and takes a new certificate.
    pub(super) fn look(&self, look: Look) {
        let read = Files::read(&self.certificate, &self.key);
        let files = match &read {
            Ok(files) => files.hash(),
            Err(error) => xxh3_128(format!("{error:#}").as_bytes()),
        };
        let before = *self.locked();
        let is_same = before.files == files;
        if is_same && before.is_settled && look == Look::Regular {
            return;
        }
        let taken = read.and_then(|files| self.take(&files));
        let is_told = is_same || look == Look::Asked;
        match &taken {
            Ok(()) if is_same && before.is_settled => {}
            Ok(()) => {
                tracing::info!(until = %self.tls.ends_at(), "a new certificate is used for new connections");
            }
            Err(error) if is_told => {
                tracing::error!("the certificate that is in use stays: {error:#}");
            }
            Err(_) => {}
        }
        let mut known = self.locked();
        known.files = files;
        known.is_settled = taken.is_ok() || is_told;
    }

    fn take(&self, files: &Files) -> anyhow::Result<()> {
        let new = files.parsed(&self.certificate, &self.key)?;
        if new.ends_at() <= now() && self.tls.ends_at() > now() {
            anyhow::bail!(
                "`{}` ended at {}, before the one that is in use: put the renewed one there",
                self.certificate.display(),
                new.ends_at()
            );
        }
        self.tls
            .renew(new)
            .context("TLS can't use the new certificate")?;
        self.tell_oddities();
        Ok(())
    }

    /// Tells what readers or some of them would be refused for. It is used all the same: the operator may be trying things.
    fn tell_oddities(&self) {
        let file = self.certificate.display();
        if let Some(site) = self.site.get() {
            let snapshot = site.snapshot();
            let host = host_of(&snapshot.site().clinic.origin);
            if !self.tls.is_for(host) {
                tracing::warn!(
                    "the certificate in `{file}` is not for `{host}`, the host of `origin` in `clinic/clinic.toml`: \
                     browsers that come to it will refuse"
                );
            }
        }
        if self.tls.lacks_its_issuer() {
            tracing::warn!(
                "`{file}` holds one certificate and not that of its issuer, so some phones will refuse: expected both, as \
                 in `fullchain.pem` of certbot"
            );
        }
        let begins_at = self.tls.begins_at();
        if begins_at > now() {
            tracing::warn!(
                "the certificate in `{file}` begins at {begins_at}: browsers refuse it until then, or the clock of this \
                 machine is wrong"
            );
        }
    }

    fn tell_end(&self, now: Timestamp) {
        let left = now.duration_until(self.tls.ends_at());
        let mut known = self.locked();
        let told = known.end_was_told_at.map(|at| at.duration_until(now));
        if left >= TELL_BEFORE_END || told.is_some_and(|ago| ago < TELL_EACH) {
            return;
        }
        known.end_was_told_at = Some(now);
        drop(known);
        let file = self.certificate.display();
        let days = left.as_hours() / 24;
        if left.is_positive() {
            tracing::warn!(days, "the certificate in `{file}` ends soon: renew it");
        } else {
            let at = self.tls.ends_at();
            tracing::error!(
                "the certificate in `{file}` ended at {at}, and browsers refuse it: renew it, it is used as soon as it is \
                 there"
            );
        }
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The bytes of both files.
struct Files {
    certificate: Vec<u8>,
    key: zeroize::Zeroizing<Vec<u8>>,
}

impl Files {
    fn read(certificate: &Path, key: &Path) -> anyhow::Result<Self> {
        let read = |path: &Path, option: &str| {
            read_bytes(path).with_context(|| {
                format!(
                    "`{}` of `{option}` can't be read: let the user of this process read it",
                    path.display()
                )
            })
        };
        Ok(Self {
            certificate: read(certificate, "--tls-certificate")?,
            key: read(key, "--tls-key")?.into(),
        })
    }

    fn hash(&self) -> u128 {
        xxh3_128(&self.certificate) ^ xxh3_128(&self.key).rotate_left(1)
    }

    fn parsed(&self, certificate: &Path, key: &Path) -> anyhow::Result<Certificate> {
        Certificate::read(&self.certificate, &self.key).map_err(|fault| {
            let file = match fault.file() {
                PemFile::Certificate => certificate,
                PemFile::Key => key,
            };
            anyhow::anyhow!("`{}` {fault}", file.display())
        })
    }
}

/// The host of an origin, such as `clinic.example` of `https://clinic.example:8443`.
fn host_of(origin: &str) -> &str {
    let host = origin.split_once("://").map_or(origin, |(_, host)| host);
    match host.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => host,
    }
}

#[cfg(test)]
#[path = "../../tests/support/secure.rs"]
#[allow(
    dead_code,
    clippy::disallowed_methods,
    reason = "tests of the whole program use the rest, and it makes files"
)]
mod secure;

#[cfg(test)]
#[expect(
    clippy::disallowed_methods,
    reason = "a test writes the files that are looked at"
)]
mod tests {
    use super::secure::{HOST, Pair};
    use super::*;

    #[test]
    fn new_files_are_used_when_they_fit_and_told_when_they_still_do_not_at_the_second_look() {
        let folder = std::env::temp_dir().join(format!("signpost-renewal-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let used = Pair::made(&folder, "used", HOST, 30);
        let newer = Pair::made(&folder, "newer", HOST, 60);
        let renewal = Renewal::begin(&used.certificate, &used.key).unwrap();
        let first_end = renewal.tls.ends_at();
        let look = || {
            renewal.look(Look::Regular);
            let is_new = renewal.tls.ends_at() > first_end;
            (is_new, renewal.locked().is_settled)
        };
        assert_eq!(look(), (false, true), "nothing changed");
        std::fs::copy(&newer.certificate, &used.certificate).unwrap();
        assert_eq!(look(), (false, false), "the key may be about to come");
        assert_eq!(look(), (false, true), "it did not, and that was told");
        std::fs::copy(&newer.key, &used.key).unwrap();
        assert_eq!(look(), (true, true), "now they fit");
        std::fs::remove_file(&used.key).unwrap();
        assert_eq!(look(), (true, false), "what is used stays");
        std::fs::copy(&newer.key, &used.key).unwrap();
        assert_eq!(look(), (true, true));
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn the_host_of_an_origin_has_no_scheme_and_no_port() {
        let rows = [
            ("https://clinic.example", "clinic.example"),
            ("https://clinic.example:8443", "clinic.example"),
            ("http://127.0.0.1:8080", "127.0.0.1"),
        ];
        for (origin, expected) in rows {
            assert_eq!(host_of(origin), expected, "{origin}");
        }
    }
}
