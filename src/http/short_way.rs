//! HTTP/1.1 for what almost everybody asks: a page as it stands in the snapshot. Its bytes are
//! ready, so an answer is one read, one lookup and one write, without a copy. It knows nothing of
//! bodies, of faults or of anything unusual: as soon as such a thing comes, the connection is
//! given back with every byte that was read and not answered, for the rest of its life.

use std::cell::OnceCell;
use std::future::poll_fn;
use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use actix_web::web::Bytes;
use tokio::io::ReadBuf;
use tokio::time::{Instant, sleep, timeout};

use super::front::Front;
use super::gate::{Gate, Ready};
use super::limits::Limits;
use super::reading;
use super::shift::{DateLine, Shift, TICK};
use super::unread::Wire;

/// How long saying goodbye may take.
const LEAVING: Duration = Duration::from_secs(1);

/// The short way of one worker.
pub(super) struct ShortWay {
    front: Front,
    /// The way in, once the site is there.
    gate: OnceCell<Gate>,
    shift: Rc<Shift>,
    head_within: Duration,
    idle: Duration,
}

/// What comes on a connection.
enum Come {
    /// A plain reading, with its answer, and what follows it.
    Reading(Ready, Bytes),
    /// Anything else, from its first byte.
    Other(Bytes),
    /// Nothing more.
    End,
}

impl ShortWay {
    pub(super) fn new(front: Front, shift: Rc<Shift>, limits: &Limits) -> Self {
        Self {
            front,
            gate: OnceCell::new(),
            shift,
            head_within: limits.head_within,
            idle: limits.idle,
        }
    }

    /// Answers plain readings until something else comes, and gives the connection back with the bytes of that. None if the
    /// connection has ended: its client left or did nothing for too long, or the server stops.
    pub(super) async fn attend<T: Wire>(
        &self,
        mut stream: T,
        peer: Option<SocketAddr>,
    ) -> Option<(Bytes, T)> {
        let mut over = pin!(self.shift.over());
        // It is not set anew for each answer: when it ends, somebody looks when the last one was.
        let mut wait = pin!(sleep(self.head_within));
        let (mut unread, mut answered_at) = (Bytes::new(), None);
        while !self.shift.is_over() {
            let come = if unread.is_empty() {
                tokio::select! {
                    biased;
                    come = self.next(&mut stream, peer) => come,
                    () = &mut over => break,
                    () = &mut wait => match self.leaves_at(answered_at) {
                        Some(instant) => {
                            wait.as_mut().reset(instant);
                            continue;
                        }
                        None => break,
                    },
                }
            } else {
                self.first_of(unread, peer)
            };
            match come {
                Come::Reading(answer, more) => {
                    send(&mut stream, &answer, self.shift.date()).await.ok()?;
                    if answer.is_last {
                        break;
                    }
                    answered_at = Some(self.shift.instant());
                    unread = more;
                }
                Come::Other(bytes) => return Some((bytes, stream)),
                Come::End => break,
            }
        }
        let leaving = poll_fn(|context| Pin::new(&mut stream).poll_shutdown(context));
        // How a connection ends is no news for anybody.
        drop(timeout(LEAVING, leaving).await);
        None
    }

    /// When a connection is let go that was last answered at an instant, unless more comes; none if that is past.
    fn leaves_at(&self, answered_at: Option<Instant>) -> Option<Instant> {
        let leaves_at = answered_at? + self.idle + TICK;
        (leaves_at > Instant::now()).then_some(leaves_at)
    }

    /// Waits for what comes. Most heads come whole, so none is kept in a room of its own.
    async fn next<T: Wire>(&self, stream: &mut T, peer: Option<SocketAddr>) -> Come {
        poll_fn(|context| {
            let mut room = self.shift.room.borrow_mut();
            let mut room = ReadBuf::new(&mut room);
            let read = ready!(Pin::new(&mut *stream).poll_read(context, &mut room));
            let bytes = room.filled();
            if read.is_err() || bytes.is_empty() {
                return Poll::Ready(Come::End);
            }
            Poll::Ready(match self.answer_to(bytes, peer) {
                Some((answer, length)) => {
                    let more = bytes.get(length..).unwrap_or_default();
                    Come::Reading(answer, Bytes::copy_from_slice(more))
                }
                None => Come::Other(Bytes::copy_from_slice(bytes)),
            })
        })
        .await
    }

    /// What came together with something that is answered already.
    fn first_of(&self, mut bytes: Bytes, peer: Option<SocketAddr>) -> Come {
        match self.answer_to(&bytes, peer) {
            Some((answer, length)) => Come::Reading(answer, bytes.split_off(length)),
            None => Come::Other(bytes),
        }
    }

    fn answer_to(&self, bytes: &[u8], peer: Option<SocketAddr>) -> Option<(Ready, usize)> {
        reading::first_of(bytes, |reading| match self.gate() {
            Some(gate) => gate.ready_answer(reading, peer),
            None => self.front.inherited_answer(reading, peer),
        })
    }

    fn gate(&self) -> Option<&Gate> {
        self.gate.get().or_else(|| {
            let behind = self.front.behind()?;
            Some(self.gate.get_or_init(|| self.front.gate(behind)))
        })
    }

    /// Resolves when the server begins to stop, or at once if it does already.
    pub(super) async fn over(&self) {
        let over = self.shift.over();
        if !self.shift.is_over() {
            over.await;
        }
    }
}

/// Sends an answer in as few pieces as the connection takes it.
async fn send<T: Wire>(stream: &mut T, answer: &Ready, date: DateLine) -> io::Result<()> {
    let parts: [&[u8]; 4] = [&answer.head, &date, answer.end, &answer.body];
    let mut parts = parts.map(IoSlice::new);
    let mut left = parts.as_mut_slice();
    while !left.is_empty() {
        let write =
            |context: &mut Context<'_>| Pin::new(&mut *stream).poll_write_vectored(context, left);
        match poll_fn(write).await? {
            0 => return Err(io::ErrorKind::WriteZero.into()),
            length => IoSlice::advance_slices(&mut left, length),
        }
    }
    poll_fn(|context| Pin::new(&mut *stream).poll_flush(context)).await
}
