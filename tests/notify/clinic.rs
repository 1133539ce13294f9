//! A clinic with a SQLite ledger in a folder of its own, which is gone at the end.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::date;
use jiff::tz::TimeZone;
use signpost::booking::RequestCode;
use signpost::ledger::{
    Fingerprint, Identity, Ledger, LedgerPlace, NewRequest, Notice, Recipients, Sealed,
};
use signpost::notify::{
    Described, NotifySettings, Pace, TypedSettings, Wake, Worker, channels, start,
};

use crate::mail_server::MailServer;
use crate::receiver::Receiver;

/// How long a test waits for what must come. Long, since the machine may be busy.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// What the letter of every request says.
pub const LETTER: &str = "{\"name\":\"Ann Example\",\"phone\":\"555-0100\"}";

/// The secret that webhooks are signed with.
pub const SECRET: &str = "whsec_c2lnbnBvc3QgZXhhbXBsZSBzZWNyZXQgMDAwMQ==";

static NEXT: AtomicUsize = AtomicUsize::new(0);

/// Tries again at once and never gives up a send.
pub fn eager() -> Pace {
    Pace {
        look_every: Duration::from_millis(10),
        claim: PATIENCE * 4,
        retry_unit: Duration::from_millis(1),
        longest_wait: Duration::from_millis(5),
        connect_within: PATIENCE,
        send_within: PATIENCE * 2,
        farewell: PATIENCE,
    }
}

/// Whom to tell.
pub fn settings(mail: Option<&str>, webhook: Option<&str>) -> NotifySettings {
    NotifySettings::read(TypedSettings {
        smtp_url: mail,
        from: mail.map(|_| "Signpost <no-reply@clinic.example>"),
        to: mail.map(|_| "desk@clinic.example, Night <night@clinic.example>"),
        webhook_url: webhook,
        webhook_secret: webhook.map(|_| SECRET),
    })
    .expect("the settings are sound")
}

/// Mail to one and webhooks to the other.
pub fn both(mail: &MailServer, receiver: &Receiver) -> NotifySettings {
    settings(Some(&mail.url()), Some(&receiver.url()))
}

pub struct Clinic {
    folder: PathBuf,
    ledger: Ledger,
    runtime: tokio::runtime::Runtime,
    recipients: Recipients,
    kept: AtomicUsize,
    pub wake: Wake,
}

impl Clinic {
    /// With a ledger that is there.
    pub fn new() -> Self {
        let clinic = Self::without_ledger();
        let opened = clinic.runtime.block_on(clinic.ledger.open());
        opened.expect("the ledger opens");
        clinic
    }

    /// With a ledger that nobody has opened.
    pub fn without_ledger() -> Self {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("notify-{}-{number}", std::process::id());
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::create_dir_all(&folder).expect("the folder can be made");
        let key = Identity::generate().public_key();
        Self {
            ledger: Ledger::at(LedgerPlace::Sqlite(folder.join("ledger.db"))),
            folder,
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("there is a runtime"),
            recipients: Recipients::new([key.as_str()]).expect("a key was made"),
            kept: AtomicUsize::new(0),
            wake: Wake::default(),
        }
    }

    /// The file of the ledger.
    pub fn ledger_file(&self) -> PathBuf {
        self.folder.join("ledger.db")
    }

    /// A worker with a ledger of its own at the same place, as `serve` starts it.
    pub fn start(&self, settings: &NotifySettings, pace: Pace) -> Worker {
        let place = LedgerPlace::Sqlite(self.ledger_file());
        let describe = |service: &signpost::id::ServiceId| Described {
            service_name: format!("The {service}"),
            timezone: TimeZone::get("America/New_York").expect("the zone is known"),
        };
        let wake = self.wake.clone();
        start(settings.clone(), pace, Ledger::at(place), wake, describe).expect("there is a thread")
    }

    /// Keeps a request with a notice for each channel, and wakes the worker.
    pub fn keep(&self, settings: &NotifySettings) -> RequestCode {
        self.keep_sealed(settings).0
    }

    /// The same, with what was sealed.
    pub fn keep_sealed(&self, settings: &NotifySettings) -> (RequestCode, Sealed) {
        let number = self.kept.fetch_add(1, Ordering::Relaxed);
        let mut fingerprint = [0xa7; 32];
        fingerprint[..8].copy_from_slice(&number.to_be_bytes());
        let sealed = self
            .recipients
            .seal(LETTER.as_bytes())
            .expect("it is sealed");
        let request = NewRequest {
            service: "back-pain-visit".parse().expect("an id"),
            sealed: sealed.clone(),
            fingerprint: Fingerprint(fingerprint),
            received_at: "2026-01-26T04:05:09Z".parse().expect("an instant"),
            delete_on: date(2027, 11, 26),
            estimate_due_on: None,
        };
        let channels = channels(settings);
        let kept = self.ledger.keep(&request, &channels);
        let code = self.runtime.block_on(kept).expect("it is kept").code();
        self.wake.ring();
        (code, sealed)
    }

    /// What is still to be sent, whoever has claimed it; only to be asked when no worker runs. All of it is due from
    /// then on.
    pub fn left(&self) -> Vec<Notice> {
        let (far, now) = (Timestamp::MAX, Timestamp::UNIX_EPOCH);
        let due = self.ledger.due_notices(far, now);
        let mut notices = self.runtime.block_on(due).expect("the ledger is there");
        notices.sort_by_key(|notice| notice.id);
        notices
    }
}

impl Drop for Clinic {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.folder).unwrap_or_default();
    }
}
