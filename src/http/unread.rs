//! A connection of which somebody has read a little already, and gives it back: whoever reads
//! it next reads from the first of those bytes. It keeps nothing of what was read twice.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::web::Bytes;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// What bytes go to and come from, whatever lies below.
pub(super) trait Wire: AsyncRead + AsyncWrite + Unpin {}

impl<T: AsyncRead + AsyncWrite + Unpin> Wire for T {}

/// A connection, and what of it comes first.
pub(super) struct Unread {
    first: Bytes,
    rest: Box<dyn Wire>,
}

impl Unread {
    pub(super) fn new(first: Bytes, rest: impl Wire + 'static) -> Self {
        let rest = Box::new(rest);
        Self { first, rest }
    }
}

impl AsyncRead for Unread {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        room: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.first.is_empty() {
            return Pin::new(&mut self.rest).poll_read(context, room);
        }
        let length = self.first.len().min(room.remaining());
        room.put_slice(&self.first.split_to(length));
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Unread {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.rest).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.rest).poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.rest.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.rest).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.rest).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    #[actix_web::test]
    async fn what_was_read_already_comes_first_and_once() {
        for room in [1, 3, 100] {
            let (mut client, server) = tokio::io::duplex(100);
            client.write_all(b"and the rest").await.unwrap();
            client.shutdown().await.unwrap();
            let mut unread = Unread::new(Bytes::from_static(b"the first "), server);
            let (mut all, mut part) = (Vec::new(), vec![0; room]);
            while let length @ 1.. = unread.read(&mut part).await.unwrap() {
                all.extend_from_slice(&part[..length]);
            }
            assert_eq!(all, b"the first and the rest", "{room}");
            unread.write_all(b"heard").await.unwrap();
            drop(unread);
            let mut heard = String::new();
            client.read_to_string(&mut heard).await.unwrap();
            assert_eq!(heard, "heard");
        }
    }
}
