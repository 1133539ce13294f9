//! What one worker keeps for all of its connections, so that none of them needs its own: the
//! date, the room into which heads are read, and whether work is coming to its end. It stays
//! on its thread, so that nothing here takes a lock.

use std::cell::{Cell, RefCell};
use std::pin::pin;
use std::rc::Rc;
use std::time::{Duration, SystemTime};

use actix_web::http::header::{HttpDate, TryIntoHeaderValue};
use jiff::Timestamp;
use tokio::sync::Notify;
use tokio::time::{Instant, MissedTickBehavior, interval};

use crate::clock::now;

/// How old the date may be that an answer is given. It tells seconds.
pub(super) const TICK: Duration = Duration::from_millis(500);

/// Longest head that is read in one go, in bytes. Those of browsers have 1 to 2 KB.
const MAX_HEAD_BYTES: usize = 8 * 1024;

/// A line of the length of all such lines, with its end.
pub(super) type DateLine = [u8; 37];

const NO_DATE: DateLine = *b"date: Thu, 01 Jan 1970 00:00:00 GMT\r\n";

/// Where the date stands in its line.
const DATE_PLACE: std::ops::Range<usize> = 6..35;

/// A worker at work.
pub(super) struct Shift {
    date: Cell<DateLine>,
    instant: Cell<Instant>,
    is_over: Cell<bool>,
    over: Notify,
    /// It is only borrowed between two awaits.
    pub(super) room: RefCell<Box<[u8]>>,
}

impl Shift {
    /// Begins to work, until `stopping` resolves.
    pub(super) fn begin(stopping: impl Future<Output = ()> + 'static) -> Rc<Self> {
        let shift = Rc::new(Self {
            date: Cell::new(date_line(now())),
            instant: Cell::new(Instant::now()),
            is_over: Cell::new(false),
            over: Notify::new(),
            room: RefCell::new(vec![0; MAX_HEAD_BYTES].into()),
        });
        let own = Rc::downgrade(&shift);
        actix_web::rt::spawn(async move {
            let mut stopping = pin!(stopping);
            let mut ticks = interval(TICK);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
            let mut is_over = false;
            loop {
                let instant = tokio::select! {
                    () = &mut stopping, if !is_over => None,
                    instant = ticks.tick() => Some(instant),
                };
                let Some(shift) = own.upgrade() else {
                    return;
                };
                match instant {
                    Some(instant) => shift.renew(instant),
                    None => shift.end(),
                }
                is_over = shift.is_over();
            }
        });
        shift
    }

    fn renew(&self, instant: Instant) {
        self.date.set(date_line(now()));
        self.instant.set(instant);
    }

    fn end(&self) {
        self.is_over.set(true);
        self.over.notify_waiters();
    }

    /// The header with the date; at most [`TICK`] old.
    pub(super) fn date(&self) -> DateLine {
        self.date.get()
    }

    /// When it is; at most [`TICK`] ago.
    pub(super) fn instant(&self) -> Instant {
        self.instant.get()
    }

    /// Whether the server stops.
    pub(super) fn is_over(&self) -> bool {
        self.is_over.get()
    }

    /// Resolves when the server begins to stop after this was called.
    pub(super) fn over(&self) -> impl Future<Output = ()> {
        self.over.notified()
    }
}

fn date_line(instant: Timestamp) -> DateLine {
    let mut line = NO_DATE;
    let date = HttpDate::from(SystemTime::from(instant)).try_into_value();
    let place = line.get_mut(DATE_PLACE);
    if let Some((place, date)) = place.zip(date.as_ref().ok()) {
        for (byte, own) in place.iter_mut().zip(date.as_bytes()) {
            *byte = *own;
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_is_a_whole_line_of_a_head() {
        let rows = [
            ("1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT"),
            ("2026-11-26T15:04:59.9Z", "Thu, 26 Nov 2026 15:04:59 GMT"),
        ];
        for (instant, expected) in rows {
            let line = date_line(instant.parse().unwrap());
            let expected = format!("date: {expected}\r\n");
            assert_eq!(std::str::from_utf8(&line), Ok(expected.as_str()));
        }
    }

    #[actix_web::test]
    async fn a_stop_reaches_who_waits_and_who_looks() {
        let (stop, stopping) = tokio::sync::oneshot::channel::<()>();
        let shift = Shift::begin(async move { stopping.await.unwrap_or_default() });
        let over = shift.over();
        assert!(!shift.is_over());
        stop.send(()).unwrap();
        over.await;
        assert!(shift.is_over());
    }
}
