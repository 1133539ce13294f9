//! The client's end of a connection that lies in memory: it sends what it has, waits a while, and is gone. It takes all
//! that it gets.

use std::cell::Cell;
use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// How often the server is waited for before the client is gone.
pub const PATIENCE: usize = 60;

/// A client that sends some bytes and hands what it gets to somebody.
pub struct Wire<F> {
    /// What is sent in one go each.
    parts: VecDeque<Vec<u8>>,
    patience: usize,
    sent: Rc<Cell<bool>>,
    take: F,
}

impl<F: FnMut(&[u8])> Wire<F> {
    /// A client that sends some parts, of which the server reads no two at once.
    pub fn new(parts: impl IntoIterator<Item = Vec<u8>>, take: F) -> Self {
        Self {
            parts: parts.into_iter().filter(|part| !part.is_empty()).collect(),
            patience: PATIENCE,
            sent: Rc::default(),
            take,
        }
    }

    /// Whether all was sent, as somebody may look who no longer has the client.
    pub fn sent(&self) -> Rc<Cell<bool>> {
        Rc::clone(&self.sent)
    }
}

impl<F: Unpin> AsyncRead for Wire<F> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        room: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if let Some(mut part) = self.parts.pop_front() {
            let rest = part.split_off(part.len().min(room.remaining()));
            room.put_slice(&part);
            if !rest.is_empty() {
                self.parts.push_front(rest);
            }
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

impl<F: FnMut(&[u8]) + Unpin> AsyncWrite for Wire<F> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        (self.take)(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
