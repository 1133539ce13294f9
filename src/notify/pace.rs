//! How long everything may take and when to try again. It stands apart so that a
//! test can run a week of retries in a moment. It asks no clock.

use std::time::Duration;

use jiff::Timestamp;

use super::Failure;
use crate::ledger::NoticeId;

/// The spread over which retries are put, as a part of the wait: one eighth.
const SPREAD: u32 = 8;

/// How long to wait for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// How often to look into the ledger without being woken.
    pub look_every: Duration,
    /// How long a notice belongs to the instance that took it. Longer than `send_within`.
    pub claim: Duration,
    /// Doubled for each failure of a notice, this is how long it waits.
    pub retry_unit: Duration,
    /// The longest wait before another try; also the wait after a refusal.
    pub longest_wait: Duration,
    /// How long a connection may take, with the greeting of the other side.
    pub connect_within: Duration,
    /// How long one notice may take from the first byte to the last.
    pub send_within: Duration,
    /// How long a running send may still take when the worker is told to stop.
    pub farewell: Duration,
}

impl Default for Pace {
    /// 8 s to connect, because a Postfix `postscreen` greets strangers after 6.
    fn default() -> Self {
        Self {
            look_every: Duration::from_secs(5),
            claim: Duration::from_secs(2 * 60),
            retry_unit: Duration::from_secs(60),
            longest_wait: Duration::from_secs(60 * 60),
            connect_within: Duration::from_secs(8),
            send_within: Duration::from_secs(15),
            farewell: Duration::from_secs(1),
        }
    }
}

impl Pace {
    /// When to try a notice again that failed `tries` times before this failure. The spread depends on the
    /// notice's number alone, so that those which failed together don't all come back together.
    pub fn again_at(
        &self,
        now: Timestamp,
        notice: NoticeId,
        tries: u32,
        failure: &Failure,
    ) -> Timestamp {
        let doubled = 2_u32.saturating_pow(tries.saturating_add(1));
        let wait = match failure {
            Failure::Later(_) => self
                .retry_unit
                .saturating_mul(doubled)
                .min(self.longest_wait),
            Failure::Refused(_) => self.longest_wait,
        };
        // Neighboring numbers land far apart: 619 and 1024 have no divisor in common.
        let part = u32::try_from(notice.0.wrapping_mul(619).rem_euclid(1024)).unwrap_or_default();
        after(now, wait + wait / SPREAD * part / 1024)
    }
}

/// The instant that lies so much later.
pub(super) fn after(now: Timestamp, wait: Duration) -> Timestamp {
    now.checked_add(wait).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_an_hour_and_a_refusal_waits_an_hour() {
        let later = || Failure::later("away");
        let refused = || Failure::refused("no");
        let rows = [
            (0, later(), 2),
            (1, later(), 4),
            (4, later(), 32),
            (5, later(), 60),
            (u32::MAX, later(), 60),
            (0, refused(), 60),
            (9, refused(), 60),
        ];
        for (tries, failure, minutes) in rows {
            let at = Pace::default().again_at(Timestamp::UNIX_EPOCH, NoticeId(0), tries, &failure);
            assert_eq!(at.as_second(), minutes * 60, "{tries} {failure:?}");
        }
    }

    #[test]
    fn notices_that_failed_together_come_back_within_an_eighth_and_not_at_once() {
        let at = |number| {
            let failure = Failure::refused("no");
            let at = Pace::default().again_at(Timestamp::UNIX_EPOCH, NoticeId(number), 0, &failure);
            at.as_second()
        };
        let mut times: Vec<i64> = (1..=20).map(at).collect();
        assert_eq!(at(7), at(7));
        times.sort_unstable();
        times.dedup();
        assert_eq!(times.len(), 20);
        assert!(times.iter().all(|at| (3600..=3600 + 450).contains(at)));
    }
}
