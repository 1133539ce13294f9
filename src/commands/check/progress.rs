//! How far a check is, on a terminal and only when it takes long enough to wonder.
//! It is the one part that draws on the screen; what it shows decides nothing.

use std::borrow::Cow;
use std::sync::mpsc::{Sender, channel};
use std::thread;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How long work may take before it is shown.
const PATIENCE: Duration = Duration::from_millis(500);

/// How often it is drawn when nothing happens.
const TICK: Duration = Duration::from_millis(100);

/// A bar on standard error. It is gone when the value is dropped.
pub(in crate::commands) struct Progress {
    bar: ProgressBar,
    /// Dropped before the bar is cleared: then the bar is never shown.
    done: Option<Sender<()>>,
    drawing: Option<thread::JoinHandle<()>>,
}

impl Progress {
    /// Work in a few steps.
    pub(in crate::commands) fn steps(count: u64) -> Self {
        Self::new(count, "{spinner} [{bar:20}] {msg} ({elapsed})")
    }

    /// Work on many things of one kind.
    pub(super) fn things(count: u64) -> Self {
        Self::new(
            count,
            "{spinner} [{bar:30}] {pos} of {len} {msg} ({elapsed})",
        )
    }

    fn new(count: u64, look: &str) -> Self {
        let bar = ProgressBar::with_draw_target(Some(count), ProgressDrawTarget::hidden());
        let style = ProgressStyle::with_template(look);
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        let (done, waiting) = channel::<()>();
        let shown = bar.clone();
        let drawing = thread::Builder::new().spawn(move || {
            // The channel is closed when the work is done; only silence means that it still goes on.
            let outcome = waiting.recv_timeout(PATIENCE);
            if outcome == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
                // Draws nothing where standard error is no terminal.
                shown.set_draw_target(ProgressDrawTarget::stderr());
                shown.enable_steady_tick(TICK);
            }
        });
        Self {
            bar,
            done: Some(done),
            drawing: drawing.ok(),
        }
    }

    /// Begins the next step.
    pub(in crate::commands) fn step(&self, what: impl Into<Cow<'static, str>>) {
        if !self.bar.message().is_empty() {
            self.bar.inc(1);
        }
        self.bar.set_message(what);
    }

    /// Says what the things are.
    pub(super) fn naming(self, what: &'static str) -> Self {
        self.bar.set_message(what);
        self
    }

    /// One thing is done.
    pub(super) fn one_done(&self) {
        self.bar.inc(1);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        drop(self.done.take());
        if let Some(drawing) = self.drawing.take() {
            drawing.join().unwrap_or_default();
        }
        self.bar.finish_and_clear();
    }
}
