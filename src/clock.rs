//! The one place where the program asks what time it is. Everything else takes the
//! instant or the day as an argument, so that any moment can be tried at any time.

use std::time::{Duration, Instant};

use jiff::Timestamp;

/// This instant.
#[allow(clippy::disallowed_methods)] // this module is the reason for the ban
pub fn now() -> Timestamp {
    Timestamp::now()
}

/// Measures how long something takes. It only ever goes forward, whatever is done to the clock meanwhile.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Begins to measure.
    #[allow(clippy::disallowed_methods)] // this module is the reason for the ban
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// How long ago it began.
    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}
