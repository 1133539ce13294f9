//! How many connections are open. Each is counted from its first moment to its last,
//! and one whose reader takes nothing of an answer is dropped by the system. While
//! half of all places are taken, no connection is kept beyond one answer: a client
//! that begins a second request and never ends it would hold its place for nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use actix_web::rt::net::TcpStream;

/// The open connections of one server.
#[derive(Debug)]
pub struct Connections {
    open: AtomicUsize,
    most: usize,
    stalled: Duration,
}

/// One of them; it is closed when this is dropped.
pub(super) struct Open(Arc<Connections>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Connections {
    pub(super) fn new(most: usize, stalled: Duration) -> Self {
        Self {
            open: AtomicUsize::new(0),
            most,
            stalled,
        }
    }

    /// How many are open.
    pub fn open(&self) -> usize {
        self.open.load(Ordering::Relaxed)
    }

    /// Whether there are so many that each must go after its answer.
    pub(super) fn are_scarce(&self) -> bool {
        self.open() > self.most / 2
    }

    /// One more was opened; over no network when there is no stream.
    pub(super) fn open_one(self: &Arc<Self>, stream: Option<&TcpStream>) -> Open {
        self.open.fetch_add(1, Ordering::Relaxed);
        if let Some(stream) = stream {
            let stalled_ms = u32::try_from(self.stalled.as_millis()).unwrap_or(u32::MAX);
            // A system that knows no such limit has others, which are only longer.
            rustix::net::sockopt::set_tcp_user_timeout(stream, stalled_ms).unwrap_or_default();
        }
        Open(Arc::clone(self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_are_counted_until_they_are_closed() {
        let connections = Arc::new(Connections::new(4, Duration::from_secs(1)));
        let mut kept = Vec::new();
        for number in 0..3 {
            assert_eq!(connections.are_scarce(), number > 2, "{number}");
            kept.push(connections.open_one(None));
        }
        assert_eq!((connections.open(), connections.are_scarce()), (3, true));
        kept.clear();
        assert_eq!((connections.open(), connections.are_scarce()), (0, false));
    }
}
