//! Whether the clock of this machine can be believed when something is to be deleted
//! for good. A clock that jumped ahead would make every deletion day come at once, so
//! nothing is deleted until it has gone on steadily for a day.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// By how much the clock may differ from what has passed, in minutes: setting it right by the network is less.
const SLACK_MIN: i64 = 60;

/// How long after a jump it is not believed, in hours.
const DOUBT_H: u64 = 24;

/// The clock, and what has passed since it was first looked at.
#[derive(Debug)]
pub(super) struct SteadyClock {
    base: Timestamp,
    /// What had passed when `base` was taken.
    base_at: Duration,
    jumped_at: Option<Duration>,
}

impl SteadyClock {
    /// Believes the clock as it is now.
    pub(super) fn new(now: Timestamp) -> Self {
        Self {
            base: now,
            base_at: Duration::ZERO,
            jumped_at: None,
        }
    }

    /// Whether the clock is believed; `passed` is what has passed since [`SteadyClock::new`], by something that only goes
    /// forward.
    pub(super) fn is_steady(&mut self, now: Timestamp, passed: Duration) -> bool {
        let since = passed.saturating_sub(self.base_at);
        let expected = SignedDuration::try_from(since).unwrap_or(SignedDuration::MAX);
        let difference = now.duration_since(self.base) - expected;
        if difference.abs() > SignedDuration::from_mins(SLACK_MIN) {
            self.jumped_at = Some(passed);
        }
        (self.base, self.base_at) = (now, passed);
        let doubt = Duration::from_secs(DOUBT_H * 60 * 60);
        self.jumped_at
            .is_none_or(|jumped| passed.saturating_sub(jumped) >= doubt)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_deleted_for_a_day_after_the_clock_jumped() {
        let start = Timestamp::from_second(1_790_000_000).unwrap();
        // Minutes that passed, minutes that the clock shows, whether it is believed.
        let ten_years = 10 * 365 * 24 * 60;
        let rows = [
            (0, 0, true),
            (15, 15, true),
            (30, 75, true),
            (45, ten_years, false),
            (60, ten_years + 15, false),
            (75, 75, false),
            (24 * 60, 24 * 60, false),
            (24 * 60 + 80, 24 * 60 + 80, true),
            (24 * 60 + 95, 0, false),
        ];
        let mut clock = SteadyClock::new(start);
        for (passed, shown, expected) in rows {
            let now = start + SignedDuration::from_mins(shown);
            let passed_time = Duration::from_secs(60 * u64::try_from(passed).unwrap());
            assert_eq!(
                clock.is_steady(now, passed_time),
                expected,
                "{passed} {shown}"
            );
        }
    }
}
