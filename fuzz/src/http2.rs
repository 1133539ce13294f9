//! A connection of HTTP/2: frames as a client may send them, whole or broken off. The first byte of an input says
//! whether the server stops meanwhile; the rest follows the greeting of every client.

use std::cell::Cell;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Once;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::server::Server;

/// How a connection begins, with settings that say nothing. Source: RFC 9113, section 3.4.
const GREETING: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";

/// How often the server is waited for before the client is gone.
const PATIENCE: usize = 60;

/// Bytes of a frame before its payload, and how many kinds of frames there are.
const HEAD_BYTES: usize = 9;
const KINDS: u8 = 10;

thread_local! {
    static BROKE: Cell<usize> = const { Cell::new(0) };
}

/// Sends any bytes over a connection.
pub fn run(data: &[u8]) {
    count_what_breaks();
    let stops = data.first().is_some_and(|first| first % 2 == 1);
    let frames = data.get(1..).unwrap_or_default();
    let sent = Rc::new(Cell::new(false));
    let answered = Rc::new(Answered::default());
    let wire = Wire {
        input: [GREETING, frames].concat(),
        at: 0,
        patience: PATIENCE,
        sent: Rc::clone(&sent),
        answered: Rc::clone(&answered),
    };
    let stopping = std::future::poll_fn(move |_| match stops && sent.get() {
        true => Poll::Ready(()),
        false => Poll::Pending,
    });
    let before = BROKE.get();
    Server::with(|server| {
        server.runtime.block_on(async {
            server.worker.answer_http2(wire, None, stopping).await;
            // What was asked last is still at work, for nobody.
            for _ in 0..PATIENCE {
                tokio::task::yield_now().await;
            }
        });
    });
    assert_eq!(
        BROKE.get(),
        before,
        "an answer broke; its own words stand above"
    );
    answered.expect_whole_frames();
}

/// A task that breaks tells only itself, so its thread is asked.
fn count_what_breaks() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let told = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |how| {
            BROKE.set(BROKE.get() + 1);
            told(how);
        }));
    });
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

/// The client's end: it sends what it has, waits a while, and is gone. It takes all that it gets.
struct Wire {
    input: Vec<u8>,
    at: usize,
    patience: usize,
    sent: Rc<Cell<bool>>,
    answered: Rc<Answered>,
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let rest = self.input.get(self.at..).unwrap_or_default();
        let taken = rest.len().min(buffer.remaining());
        buffer.put_slice(rest.get(..taken).unwrap_or_default());
        self.at += taken;
        if taken > 0 {
            return Poll::Ready(Ok(()));
        }
        self.sent.set(true);
        if self.patience == 0 {
            return Poll::Ready(Ok(()));
        }
        self.patience -= 1;
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.answered.take(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
