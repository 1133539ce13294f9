//! Says a thing once a minute at most, and how often it happened since. A database
//! that is away must not fill the disk with log lines as well.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};

/// How long nothing is said after something was, in seconds.
const PAUSE_S: u64 = 60;

/// Something that may happen far more often than anybody wants to read of it.
pub(super) struct Seldom {
    limiter: DefaultDirectRateLimiter,
    unsaid: AtomicU64,
}

impl Default for Seldom {
    fn default() -> Self {
        let quota = Quota::with_period(Duration::from_secs(PAUSE_S));
        let quota = quota.unwrap_or_else(|| unreachable!("the pause is not nothing"));
        Self {
            limiter: RateLimiter::direct(quota),
            unsaid: AtomicU64::new(0),
        }
    }
}

impl Seldom {
    /// It happened. Whether to say so, and how often it happened since it was last said.
    pub(super) fn happened(&self) -> Option<u64> {
        if self.limiter.check().is_ok() {
            return Some(self.unsaid.swap(0, Ordering::Relaxed));
        }
        self.unsaid.fetch_add(1, Ordering::Relaxed);
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_said_at_once_and_then_counted() {
        let seldom = Seldom::default();
        assert_eq!(seldom.happened(), Some(0));
        for _ in 0..1_000 {
            assert_eq!(seldom.happened(), None);
        }
        assert_eq!(seldom.unsaid.load(Ordering::Relaxed), 1_000);
    }
}
