//! The thread that works off the outbox. It takes what is due, gives each notice to
//! its channel, and writes down what came of it. Channels don't wait for each other,
//! and a stop does not wait for a send that hangs: the ledger gives that notice again.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;
use std::thread::JoinHandle;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{Notify, Semaphore, watch};
use tokio::task::{JoinSet, LocalSet};

use super::courier::{Courier, Describe};
use super::pace::after;
use super::{Failure, NotifySettings, Pace};
use crate::clock;
use crate::id::ServiceId;
use crate::ledger::{Channel, Ledger, LedgerError, Notice};

/// Most sends of one channel that may be under way, those that were left behind included. One is all that a channel
/// needs; the others are for a server that hangs longer than we wait.
const MAX_SENDS: usize = 4;

/// Most threads that may wait for something: all sends of both channels, and the names that a database looks up.
const MAX_THREADS: usize = 2 * MAX_SENDS + 4;

/// What a mail says of a service beyond its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Described {
    /// Its name, or its id if the clinic no longer offers it.
    pub service_name: String,
    /// The clinic's time zone.
    pub timezone: TimeZone,
}

/// Tells the worker that there is something to send. Cheap to clone; ringing never waits.
#[derive(Debug, Clone, Default)]
pub struct Wake(Arc<Notify>);

impl Wake {
    /// Call it when a request was kept.
    pub fn ring(&self) {
        self.0.notify_one();
    }
}

/// Sends notices until it is dropped. The drop waits for running sends, but no longer than [`Pace::farewell`].
#[derive(Debug)]
pub struct Worker {
    /// Its drop is the sign to stop.
    running: Option<watch::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.running = None;
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap_or_default();
        }
    }
}

/// Begins to send what the ledger holds; without any channel there is nothing to do.
///
/// `serve` starts it after the ledger is named and before it listens, gives clones of `wake` to the handlers and
/// [`channels`](super::channels) to [`Ledger::keep`], and drops the worker after the server has ended. `describe`
/// reads the snapshot that is live, so that a mail has the name of today. The worker needs a ledger of its own,
/// [`Ledger::at`] the same place, because a connection to PostgreSQL lives and ends with the thread that opened it.
///
/// # Errors
/// The system gives no thread: for the operator.
pub fn start(
    settings: NotifySettings,
    pace: Pace,
    ledger: Ledger,
    wake: Wake,
    describe: impl Fn(&ServiceId) -> Described + Send + Sync + 'static,
) -> io::Result<Worker> {
    let (running, stopped) = watch::channel(());
    let describe: Describe = Arc::new(describe);
    let couriers = Courier::all(settings, &describe);
    if couriers.is_empty() {
        return Ok(Worker {
            running: None,
            thread: None,
        });
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .thread_name("notify-send")
        .max_blocking_threads(MAX_THREADS)
        .build()?;
    let outbox = Outbox {
        ledger,
        pace,
        stopped,
    };
    let thread = std::thread::Builder::new().name("notify".into());
    let thread = thread.spawn(move || {
        LocalSet::new().block_on(&runtime, outbox.work_off(&wake, couriers));
        runtime.shutdown_background();
    })?;
    Ok(Worker {
        running: Some(running),
        thread: Some(thread),
    })
}

/// A notice, and until when it is ours.
struct Claimed {
    notice: Notice,
    until: Timestamp,
}

impl Claimed {
    /// Whether it can be sent while it is ours. If it waited too long for its turn, another may have it by then.
    fn has_time(&self, now: Timestamp, pace: &Pace) -> bool {
        after(now, pace.send_within) <= self.until
    }
}

type Queues = BTreeMap<Channel, UnboundedSender<Claimed>>;

#[derive(Clone)]
struct Outbox {
    ledger: Ledger,
    pace: Pace,
    stopped: watch::Receiver<()>,
}

impl Outbox {
    async fn work_off(self, wake: &Wake, couriers: Vec<Courier>) {
        let mut rounds = JoinSet::new();
        let mut queues = Queues::new();
        for courier in couriers {
            let (sender, queue) = unbounded_channel();
            queues.insert(courier.channel(), sender);
            rounds.spawn_local(self.clone().deliver(courier, queue));
        }
        let mut stopped = self.stopped.clone();
        tokio::select! {
            _ = stopped.changed() => {}
            () = self.hand_out(wake, &queues) => {}
        }
        let ended = async { while rounds.join_next().await.is_some() {} };
        // What is still under way after this is given again by the ledger.
        let farewell = tokio::time::timeout(self.pace.farewell, ended).await;
        farewell.unwrap_or_default();
        // A database connection can only be given back while the runtime is there.
        rounds.shutdown().await;
    }

    /// Takes what is due, now and whenever it is woken, and looks by itself in between. Never ends.
    async fn hand_out(&self, wake: &Wake, queues: &Queues) {
        let mut log = OutboxLog::default();
        loop {
            let found = self.hand_out_all_due(queues, &mut log).await;
            log.ledger(found);
            tokio::select! {
                () = wake.0.notified() => {}
                () = tokio::time::sleep(self.pace.look_every) => {}
            }
        }
    }

    async fn hand_out_all_due(
        &self,
        queues: &Queues,
        log: &mut OutboxLog,
    ) -> Result<(), LedgerError> {
        loop {
            let now = clock::now();
            let until = after(now, self.pace.claim);
            let notices = self.ledger.due_notices(now, until).await?;
            if notices.is_empty() {
                return Ok(());
            }
            for notice in notices {
                match queues.get(&notice.channel) {
                    // It is only closed when the worker stops.
                    Some(queue) => queue.send(Claimed { notice, until }).unwrap_or_default(),
                    // Another instance may have this channel; it can take the notice after the claim.
                    None => log.without_channel(&notice),
                }
            }
        }
    }

    /// Sends what comes to one channel, one notice after the other, until the worker stops.
    async fn deliver(mut self, courier: Courier, mut queue: UnboundedReceiver<Claimed>) {
        let mut log = ChannelLog::new(courier.name());
        let places = Arc::new(Semaphore::new(MAX_SENDS));
        loop {
            let claimed = tokio::select! {
                biased;
                _ = self.stopped.changed() => return,
                claimed = queue.recv() => claimed,
            };
            let Some(claimed) = claimed else {
                return;
            };
            let Ok(place) = Arc::clone(&places).acquire_owned().await else {
                return;
            };
            if !claimed.has_time(clock::now(), &self.pace) {
                continue;
            }
            let notice = claimed.notice;
            let outcome = courier.send(&notice, self.pace, place).await;
            log.tell(&notice, &outcome);
            self.write_down(&notice, &outcome).await;
        }
    }

    async fn write_down(&self, notice: &Notice, outcome: &Result<(), Failure>) {
        match outcome {
            // While the ledger is away there is nothing else to send, so this may wait for it.
            Ok(()) => {
                while self.ledger.notice_sent(notice.id).await.is_err() {
                    tokio::time::sleep(self.pace.look_every).await;
                }
            }
            Err(failure) => {
                let now = clock::now();
                let again_at = self.pace.again_at(now, notice.id, notice.tries, failure);
                // If this is not kept, the notice comes again when the claim is over.
                let kept = self.ledger.notice_failed(notice.id, again_at).await;
                kept.unwrap_or_default();
            }
        }
    }
}

/// What was last said of the ledger and of channels that nobody configured; each is said once.
#[derive(Default)]
struct OutboxLog {
    ledger_is_away: bool,
    told_of: Vec<Channel>,
}

impl OutboxLog {
    fn ledger(&mut self, found: Result<(), LedgerError>) {
        match found {
            Err(error) if !self.ledger_is_away => {
                tracing::warn!(%error, "notices of visit requests can't be read; trying again");
                self.ledger_is_away = true;
            }
            Ok(()) if self.ledger_is_away => {
                tracing::info!("notices of visit requests can be read again");
                self.ledger_is_away = false;
            }
            _ => {}
        }
    }

    fn without_channel(&mut self, notice: &Notice) {
        if self.told_of.contains(&notice.channel) {
            return;
        }
        self.told_of.push(notice.channel);
        tracing::warn!(
            code = %notice.code,
            channel = ?notice.channel,
            "a notice waits for a channel that is not configured here; configure it again, or let the purge remove it"
        );
    }
}

/// How a channel works at present.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Health {
    Working,
    Away,
    Refusing,
}

/// What was last said of a channel: a change is worth a line, another failure of the same kind is not.
struct ChannelLog {
    channel: &'static str,
    health: Health,
}

impl ChannelLog {
    fn new(channel: &'static str) -> Self {
        Self {
            channel,
            health: Health::Working,
        }
    }

    fn tell(&mut self, notice: &Notice, outcome: &Result<(), Failure>) {
        let health = match outcome {
            Ok(()) => Health::Working,
            Err(Failure::Later(_)) => Health::Away,
            Err(Failure::Refused(_)) => Health::Refusing,
        };
        let reason = outcome.as_ref().err().map_or("", Failure::reason);
        let (channel, code, tries) = (self.channel, notice.code, notice.tries.saturating_add(1));
        match health {
            _ if health == self.health => {
                tracing::debug!(channel, %code, tries, reason, "a notice of a visit request was tried");
            }
            Health::Working => tracing::info!(channel, "staff hear of visit requests again"),
            Health::Away => tracing::warn!(
                channel, %code, tries, reason,
                "staff can't be told of a visit request now; it is kept, and told later"
            ),
            Health::Refusing => tracing::error!(
                channel, %code, tries, reason,
                "staff can't be told of a visit request until somebody mends this; it is kept, and tried every hour"
            ),
        }
        self.health = health;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::NoticeId;

    #[test]
    fn a_notice_that_waited_too_long_for_its_turn_is_left_to_the_ledger() {
        let claimed = Claimed {
            notice: Notice {
                id: NoticeId(1),
                channel: Channel::Mail,
                code: "B7KP-4QXM".parse().unwrap(),
                service: "back-pain-visit".parse().unwrap(),
                received_at: Timestamp::UNIX_EPOCH,
                tries: 0,
            },
            until: Timestamp::from_second(120).unwrap(),
        };
        for (second, expected) in [(0, true), (105, true), (106, false), (200, false)] {
            let now = Timestamp::from_second(second).unwrap();
            let found = claimed.has_time(now, &Pace::default());
            assert_eq!(found, expected, "{second}");
        }
    }
}
