//! A connection of HTTP/2: frames as a client may send them, whole or broken off. The first byte of an input says
//! whether the server stops meanwhile; the rest follows the greeting of every client.

use std::cell::Cell;
use std::rc::Rc;
use std::task::Poll;

use super::breaking::Breaking;
use super::server::Server;
use super::wire::{PATIENCE, Wire};

/// How a connection begins, with settings that say nothing. Source: RFC 9113, section 3.4.
const GREETING: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";

/// Bytes of a frame before its payload, and how many kinds of frames there are.
const HEAD_BYTES: usize = 9;
const KINDS: u8 = 10;

/// Sends any bytes over a connection.
pub fn run(data: &[u8]) {
    let breaking = Breaking::watch();
    let stops = data.first().is_some_and(|first| first % 2 == 1);
    let frames = data.get(1..).unwrap_or_default();
    let answered = Rc::new(Answered::default());
    let into = Rc::clone(&answered);
    let wire = Wire::new([[GREETING, frames].concat()], move |bytes: &[u8]| {
        into.take(bytes);
    });
    let sent = wire.sent();
    let stopping = std::future::poll_fn(move |_| match stops && sent.get() {
        true => Poll::Ready(()),
        false => Poll::Pending,
    });
    Server::with(|server| {
        server.runtime.block_on(async {
            server.worker.answer_http2(wire, None, stopping).await;
            // What was asked last is still at work, for nobody.
            for _ in 0..PATIENCE {
                tokio::task::yield_now().await;
            }
        });
    });
    breaking.expect_none();
    answered.expect_whole_frames();
}

/// What the server sent: where its frames end, and the head of the one that is not whole.
#[derive(Default)]
struct Answered {
    /// Bytes of the payload that are still to come.
    left: Cell<usize>,
    head: Cell<([u8; HEAD_BYTES], usize)>,
}

impl Answered {
    fn take(&self, mut bytes: &[u8]) {
        while let Some((byte, rest)) = bytes.split_first() {
            let passed = self.left.get().min(bytes.len());
            if passed > 0 {
                self.left.set(self.left.get() - passed);
                bytes = bytes.get(passed..).unwrap_or_default();
                continue;
            }
            let (mut head, at) = self.head.get();
            head[at] = *byte;
            bytes = rest;
            if at + 1 < HEAD_BYTES {
                self.head.set((head, at + 1));
                continue;
            }
            let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
            assert!(head[3] < KINDS, "no such frame: {head:?}");
            self.head.set((head, 0));
            self.left.set(usize::try_from(length).unwrap_or(usize::MAX));
        }
    }

    /// # Panics
    /// What was sent ends within a frame.
    fn expect_whole_frames(&self) {
        assert_eq!((self.left.get(), self.head.get().1), (0, 0));
    }
}
