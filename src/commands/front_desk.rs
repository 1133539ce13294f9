//! Where visit requests come in while the site is served: the ledger, its secret and
//! key, and the upkeep that goes on beside the pages. The pages are served whatever
//! happens here, so nothing of it keeps a server from starting.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use jiff::{SignedDuration, Timestamp};
use tokio::task::JoinSet;

use super::open_ledger::{beside, ledger_place};
use super::steady_clock::SteadyClock;
use crate::cli::ServeArgs;
use crate::clock::{Stopwatch, now};
use crate::counting::Counting;
use crate::disk::kept_secret;
use crate::http::{Health, Keeping, Listening};
use crate::id::ServiceId;
use crate::intake::{Intake, Secret};
use crate::ledger::{Access, Deed, Identity, Ledger, Recipients, Secrets};
use crate::live::Live;
use crate::notify::{self, Described, NotifySettings, Pace, Wake, Worker, channels};

/// Bytes of the secret: as many as the hash gives. Source: RFC 2104, section 3.
const SECRET_BYTES: usize = 32;

/// How often counts are written, in seconds.
const COUNTS_S: u64 = 1;

/// How often old requests and fingerprints are looked for, in seconds.
const UPKEEP_S: u64 = 15 * 60;

/// How often the ledger is tried, in seconds: within twice that, `/readyz` tells that it is away or back.
const TRIAL_S: u64 = 5;

/// How often addresses that asked are forgotten, in seconds.
const FORGETTING_S: u64 = 10;

/// How long a request that is sent again is known, in hours. A patient who asks again on another day means it.
const KNOWN_AGAIN_H: i64 = 24;

/// What takes requests in.
pub(super) struct FrontDesk {
    pub(super) intake: Arc<Intake>,
    pub(super) counting: Arc<Counting>,
    /// Tells staff of new requests until it is dropped.
    _teller: Worker,
    /// What goes on beside the pages.
    upkeep: JoinSet<()>,
}

/// Opens the front desk of a site. A database that is away is told and tried again later.
///
/// # Errors
/// The ledger's place can't be understood, or the system gives no thread: for the operator.
pub(super) async fn open(
    args: &ServeArgs,
    root: &Path,
    live: &Arc<Live>,
    telling: NotifySettings,
) -> anyhow::Result<FrontDesk> {
    let place = ledger_place(&args.ledger, root)?;
    let beside = beside(&place, root);
    let file = args.request_secret_file.clone();
    let secret = secret(&file.unwrap_or_else(|| beside.join("request-secret")));
    let ledger = Ledger::at(place.clone());
    let snapshot = live.snapshot();
    let settings = snapshot.site().request_settings();
    if settings.is_some()
        && let Err(error) = ledger.open().await
    {
        tracing::error!(%error, "no visit request can be kept until this is mended; pages are served");
    }
    let trial = settings
        .filter(|settings| settings.is_trial())
        .and_then(|_| trial_key(&beside.join("trial-key.txt")));
    let (wake, ways) = (Wake::default(), channels(&telling));
    let bell = wake.clone();
    let intake = Intake::new(ledger, secret, trial).telling(ways, move || bell.ring());
    let described = describe(Arc::clone(live));
    // It has a connection of its own, in a thread of its own: a slow database there holds up nobody here.
    let teller = notify::start(telling, Pace::default(), Ledger::at(place), wake, described)
        .context("the system gives no thread to tell staff of requests")?;
    Ok(FrontDesk {
        intake: Arc::new(intake),
        counting: Arc::default(),
        _teller: teller,
        upkeep: JoinSet::new(),
    })
}

/// What a mail says of a service, as the snapshot of that moment has it.
fn describe(live: Arc<Live>) -> impl Fn(&ServiceId) -> Described + Send + Sync + 'static {
    move |id| {
        let snapshot = live.snapshot();
        let service = snapshot.site().services.get(id);
        Described {
            service_name: service.map_or_else(|| id.to_string(), |service| service.name.clone()),
            timezone: snapshot.site().clinic.timezone.clone(),
        }
    }
}

/// The secret of the servers. Without a file it lasts as long as this process.
fn secret(file: &Path) -> Secret {
    let made = || {
        let bytes: [u8; SECRET_BYTES] = rand::random();
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    };
    let text = kept_secret(file, &made).unwrap_or_else(|error| {
        let file = file.display();
        tracing::warn!(%error, "`{file}` can't be kept: a request that is sent again after a restart is kept twice");
        made()
    });
    Secret::new(text.trim().as_bytes().to_vec())
}

/// A key for a clinic that has none yet. It says loudly that it is there.
fn trial_key(file: &Path) -> Option<Recipients> {
    let made = || Identity::generate().secret().as_str().to_owned();
    let key = kept_secret(file, &made)
        .map_err(anyhow::Error::from)
        .and_then(|text| text.parse::<Identity>().context("it holds no key"))
        .map(|identity| identity.public_key());
    let file = file.display();
    match key {
        Ok(key) => {
            tracing::warn!(
                "TRIAL: requests are sealed to a key that lies on this machine, in `{file}`; for patients, make the \
                 clinic's own with `signpost visits keygen`"
            );
            Recipients::new([key.as_str()]).ok()
        }
        Err(error) => {
            tracing::error!(%error, "no visit request can be kept: the trial key `{file}` can't be made or read");
            None
        }
    }
}

impl FrontDesk {
    /// Begins what goes on beside the pages. Call it on the runtime of the server.
    pub(super) fn begin_upkeep(&mut self, live: Arc<Live>, listening: &Listening) {
        self.begin_trials(Arc::clone(&live), Arc::clone(&listening.health));
        let guards = Arc::clone(&listening.guards);
        self.upkeep.spawn_local(async move {
            loop {
                actix_web::rt::time::sleep(Duration::from_secs(FORGETTING_S)).await;
                guards.forget();
            }
        });
        self.begin_company(Arc::clone(&live));
        let (intake, counting) = (Arc::clone(&self.intake), Arc::clone(&self.counting));
        self.upkeep.spawn_local(async move {
            let mut failed = false;
            loop {
                actix_web::rt::time::sleep(Duration::from_secs(COUNTS_S)).await;
                let written = counting.write_to(intake.ledger()).await;
                if let (Err(error), false) = (&written, failed) {
                    tracing::warn!(%error, "campaign counts can't be written; they wait until they can");
                }
                failed = written.is_err();
            }
        });
        let intake = Arc::clone(&self.intake);
        self.upkeep.spawn_local(async move {
            let (mut clock, watch) = (SteadyClock::new(now()), Stopwatch::start());
            loop {
                let at = now();
                if !clock.is_steady(at, watch.elapsed()) {
                    tracing::warn!(
                        "the clock of this machine jumped; for a day no visit request is removed, though its deletion day may have come"
                    );
                } else if live.snapshot().site().request_settings().is_some() {
                    keep_tidy(intake.ledger(), &live, at).await;
                }
                actix_web::rt::time::sleep(Duration::from_secs(UPKEEP_S)).await;
            }
        });
    }

    /// Does what servers with one ledger do for each other. A ledger that is away is told elsewhere.
    fn begin_company(&mut self, live: Arc<Live>) {
        let intake = Arc::clone(&self.intake);
        self.upkeep.spawn_local(async move {
            let mut known = Secrets::Shared;
            loop {
                if live.snapshot().site().request_settings().is_some() {
                    let at = now();
                    intake.ledger().forget_askers(at).await.unwrap_or_default();
                    let secrets = intake.meet_others(at).await.unwrap_or(known);
                    if secrets == Secrets::Differ && known == Secrets::Shared {
                        tracing::error!(
                            "another server with this database has another request secret: a request that is sent again \
                             is kept twice; copy one `request-secret` to all, and start them again"
                        );
                    }
                    known = secrets;
                }
                actix_web::rt::time::sleep(Duration::from_secs(FORGETTING_S)).await;
            }
        });
    }

    /// Tries from time to time whether a request could be kept.
    fn begin_trials(&mut self, live: Arc<Live>, health: Arc<Health>) {
        let intake = Arc::clone(&self.intake);
        self.upkeep.spawn_local(async move {
            loop {
                let keeping = match live.snapshot().site().request_settings() {
                    None => Keeping::NotAsked,
                    Some(_) => match intake.ledger().prove_writable().await {
                        Ok(()) => Keeping::Works,
                        Err(error) => Keeping::Fails(error.to_string()),
                    },
                };
                tell_change(&health.keeping_is(keeping.clone()), &keeping);
                actix_web::rt::time::sleep(Duration::from_secs(TRIAL_S)).await;
            }
        });
    }

    /// Ends what goes on beside the pages, and writes what was counted last.
    pub(super) async fn close(mut self) {
        // A connection to a database can only be given back while there is a runtime.
        self.upkeep.shutdown().await;
        if let Err(error) = self.counting.write_to(self.intake.ledger()).await {
            tracing::warn!(%error, "the last campaign counts are lost");
        }
    }
}

/// Says when requests can no longer be kept, and when they can again.
fn tell_change(before: &Keeping, now: &Keeping) {
    match (before, now) {
        (Keeping::Fails(_), Keeping::Works) => {
            tracing::info!("visit requests can be kept again");
        }
        (Keeping::Works, Keeping::Fails(error)) => {
            tracing::error!(%error, "no visit request can be kept until this is mended; pages are served");
        }
        _ => {}
    }
}

/// Removes what must not be kept any longer.
async fn keep_tidy(ledger: &Ledger, live: &Live, now: Timestamp) {
    let known_since = now - SignedDuration::from_hours(KNOWN_AGAIN_H);
    let zone = live.snapshot().site().clinic.timezone.clone();
    let access = Access {
        at: now,
        who: "signpost serve".to_owned(),
        why: "its deletion day has come".to_owned(),
        deed: Deed::Purged,
        codes: Vec::new(),
    };
    let forgotten = ledger.forget_fingerprints(known_since).await;
    let purged = ledger.purge(now.to_zoned(zone).date(), &access).await;
    match forgotten.and(purged) {
        Ok(codes) if codes.is_empty() => {}
        Ok(codes) => tracing::info!(count = codes.len(), "old visit requests were removed"),
        Err(error) => tracing::warn!(%error, "old visit requests could not be looked for"),
    }
}
