//! What the program logs, from `info` on, kept for all tests of this binary together.

use std::io;
use std::sync::{Condvar, Mutex, OnceLock};

use crate::clinic::PATIENCE;

static LOG: Mutex<String> = Mutex::new(String::new());
static MORE: Condvar = Condvar::new();

struct Lines;

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(bytes);
        LOG.lock().expect("nobody failed").push_str(&text);
        MORE.notify_all();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Begins to keep the log. Call it before a worker starts.
pub fn listen() {
    static STARTED: OnceLock<()> = OnceLock::new();
    STARTED.get_or_init(|| {
        tracing_subscriber::fmt()
            .with_max_level(tracing::Level::INFO)
            .with_ansi(false)
            .with_writer(|| Lines)
            .init();
    });
}

/// Waits until a line has all of these in it, and gives it.
pub fn line_with(parts: &[&str]) -> String {
    let log = LOG.lock().expect("nobody failed");
    let find = |log: &str| {
        let line = log
            .lines()
            .find(|line| parts.iter().all(|part| line.contains(part)));
        line.map(str::to_owned)
    };
    let (log, _) = MORE
        .wait_timeout_while(log, PATIENCE, |log| find(log).is_none())
        .expect("nobody failed");
    find(&log).unwrap_or_else(|| panic!("no line with {parts:?} in:\n{log}"))
}

/// The lines that have one of these in them.
pub fn lines_with_any(parts: &[String]) -> Vec<String> {
    let log = LOG.lock().expect("nobody failed");
    let lines = log
        .lines()
        .filter(|line| parts.iter().any(|part| line.contains(part)));
    lines.map(str::to_owned).collect()
}
