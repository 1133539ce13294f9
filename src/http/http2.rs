//! HTTP/2 on one connection. The framing is `h2`'s; what stands here is what actix's
//! own loop has not: a bound for requests at once, an end for connections that do
//! nothing and for readers who take nothing, and a stop that lets requests end. What
//! is answered comes from the same services as over HTTP/1.1.

use std::cell::Cell;
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, SystemTime};

use actix_http::body::{BodySize, BoxBody, MessageBody};
use actix_http::error::PayloadError;
use actix_http::{Payload, Request, Response, ResponseHead};
use actix_service::Service;
use actix_web::Error;
use actix_web::http::header::{self, HttpDate, TryIntoHeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::web::Bytes;
use futures_util::future::poll_fn;
use futures_util::stream::Stream;
use h2::server::{Builder, SendResponse};
use h2::{Reason, RecvStream, SendStream};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::Notify;
use tokio::time::{sleep, timeout};

use super::limits::{
    Limits, MAX_HEADER_LIST_BYTES, MAX_STREAMS, UNREAD_PER_CONNECTION_BYTES, UNREAD_PER_FORM_BYTES,
};
use crate::clock::now;

/// Most bytes that are handed over at once, so that a large answer leaves room for others.
const PIECE_BYTES: usize = 16 * 1024;

/// How long a client may take to leave once it was asked to, with nothing running.
const LEAVING: Duration = Duration::from_secs(5);

/// The requests of one connection that have no whole answer yet.
#[derive(Default)]
struct Running {
    count: Cell<usize>,
    ended: Notify,
}

/// One of them; it has ended when this is dropped.
struct Turn(Rc<Running>);

impl Turn {
    fn begin(running: &Rc<Running>) -> Self {
        running.count.set(running.count.get() + 1);
        Self(Rc::clone(running))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.count.set(self.0.count.get() - 1);
        self.0.ended.notify_one();
    }
}

/// What happens on a connection.
enum Event {
    Asked(Box<(http::Request<RecvStream>, SendResponse<Bytes>)>),
    Ended,
    Quiet,
    Stopping,
    Closed,
}

/// Answers everything that is asked on a connection, until its client leaves, does nothing for too long, or the server
/// stops.
pub(super) async fn serve<T, S, B>(
    stream: T,
    peer: Option<SocketAddr>,
    app: Rc<S>,
    limits: &Limits,
    stopping: impl Future<Output = ()>,
) where
    T: AsyncRead + AsyncWrite + Unpin,
    S: Service<Request, Response = Response<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    let opened = Builder::new()
        .max_concurrent_streams(MAX_STREAMS)
        .max_header_list_size(MAX_HEADER_LIST_BYTES)
        .initial_window_size(UNREAD_PER_FORM_BYTES)
        .initial_connection_window_size(UNREAD_PER_CONNECTION_BYTES)
        .handshake(stream);
    let Ok(Ok(mut connection)) = timeout(limits.head_within, opened).await else {
        return;
    };
    let running = Rc::<Running>::default();
    let mut stopping = pin!(stopping);
    let mut quiet = pin!(sleep(limits.idle));
    let mut is_leaving = false;
    loop {
        let event = tokio::select! {
            asked = connection.accept() => match asked {
                Some(Ok(asked)) => Event::Asked(Box::new(asked)),
                Some(Err(_)) | None => Event::Closed,
            },
            () = running.ended.notified() => Event::Ended,
            () = &mut quiet => Event::Quiet,
            () = &mut stopping, if !is_leaving => Event::Stopping,
        };
        match event {
            Event::Asked(asked) => {
                let (request, respond) = *asked;
                let turn = Turn::begin(&running);
                let answered = answer(request, respond, peer, Rc::clone(&app), limits.stalled);
                actix_web::rt::spawn(async move {
                    // A client that went away needs no answer, and there is nobody to tell.
                    answered.await.unwrap_or_default();
                    drop(turn);
                });
            }
            Event::Ended => {}
            Event::Quiet if running.count.get() > 0 => {}
            Event::Quiet if is_leaving => return,
            Event::Quiet | Event::Stopping => {
                // It is asked to send nothing new; what it sent before it hears of that is still answered.
                connection.graceful_shutdown();
                is_leaving = true;
            }
            Event::Closed => return,
        }
        quiet.set(sleep(if is_leaving { LEAVING } else { limits.idle }));
    }
}

/// What a client posts, as it comes.
struct Body(RecvStream);

impl Stream for Body {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let part = ready!(self.0.poll_data(context));
        Poll::Ready(part.map(|part| {
            let part = part.map_err(unreadable)?;
            let read = self.0.flow_control().release_capacity(part.len());
            read.map(|()| part).map_err(unreadable)
        }))
    }
}

fn unreadable(error: h2::Error) -> PayloadError {
    PayloadError::Io(io::Error::other(error))
}

/// Answers one request.
async fn answer<S, B>(
    request: http::Request<RecvStream>,
    respond: SendResponse<Bytes>,
    peer: Option<SocketAddr>,
    app: Rc<S>,
    stalled: Duration,
) -> Result<(), h2::Error>
where
    S: Service<Request, Response = Response<B>, Error = Error>,
    B: MessageBody,
{
    let (parts, body) = request.into_parts();
    let payload = match body.is_end_stream() {
        true => Payload::None,
        false => Payload::Stream {
            payload: Box::pin(Body(body)) as Pin<Box<dyn Stream<Item = _>>>,
        },
    };
    let shown = match parts.method {
        Method::HEAD => Shown::Head,
        _ => Shown::Whole,
    };
    let mut request = Request::with_payload(payload);
    let head = request.head_mut();
    head.method = parts.method;
    head.uri = parts.uri;
    head.version = parts.version;
    head.headers = parts.headers.into();
    head.peer_addr = peer;
    let answer = match poll_fn(|context| app.poll_ready(context)).await {
        Ok(()) => app.call(request).await,
        Err(error) => Err(error),
    };
    match answer {
        Ok(answer) => send(answer, respond, shown, stalled).await,
        Err(error) => {
            let answer: Response<BoxBody> = error.error_response().into();
            send(answer, respond, shown, stalled).await
        }
    }
}

/// How much of an answer is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    Whole,
    Head,
}

async fn send<B: MessageBody>(
    answer: Response<B>,
    mut respond: SendResponse<Bytes>,
    shown: Shown,
    stalled: Duration,
) -> Result<(), h2::Error> {
    let (answer, body) = answer.into_parts();
    let size = size_of(answer.status(), body.size());
    let is_all = shown == Shown::Head || matches!(size, BodySize::None | BodySize::Sized(0));
    let mut stream = respond.send_response(head_of(answer.head(), size), is_all)?;
    if is_all {
        return Ok(());
    }
    let mut body = pin!(body);
    while let Some(piece) = next_piece(&mut stream, body.as_mut()).await {
        match piece {
            Ok(piece) => send_piece(&mut stream, piece, stalled).await?,
            Err(()) => {
                stream.send_reset(Reason::INTERNAL_ERROR);
                return Ok(());
            }
        }
    }
    stream.send_data(Bytes::new(), true)
}

/// The next piece of a body; an error when it can't be made, or nobody waits for it any more.
async fn next_piece<B: MessageBody>(
    stream: &mut SendStream<Bytes>,
    mut body: Pin<&mut B>,
) -> Option<Result<Bytes, ()>> {
    poll_fn(|context| match stream.poll_reset(context) {
        Poll::Ready(_) => Poll::Ready(Some(Err(()))),
        Poll::Pending => {
            let piece = ready!(body.as_mut().poll_next(context));
            Poll::Ready(piece.map(|piece| piece.map_err(|_| ())))
        }
    })
    .await
}

/// Sends a piece as the reader takes it. One who takes nothing for too long gets no more.
async fn send_piece(
    stream: &mut SendStream<Bytes>,
    mut piece: Bytes,
    stalled: Duration,
) -> Result<(), h2::Error> {
    while !piece.is_empty() {
        stream.reserve_capacity(piece.len().min(PIECE_BYTES));
        let room = timeout(stalled, poll_fn(|context| stream.poll_capacity(context)));
        let Ok(Some(room)) = room.await else {
            stream.send_reset(Reason::CANCEL);
            return Err(Reason::CANCEL.into());
        };
        let taken = piece.split_to(room?.min(piece.len()));
        stream.send_data(taken, false)?;
    }
    Ok(())
}

/// What of a body belongs to a status. Source: RFC 9110, section 6.4.1.
fn size_of(status: StatusCode, size: BodySize) -> BodySize {
    match status {
        StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED => BodySize::None,
        status if status.is_informational() => BodySize::None,
        _ => size,
    }
}

/// The head of an answer, without what means something between two machines of HTTP/1.1 alone. Source: RFC 9113, section
/// 8.2.2.
fn head_of(head: &ResponseHead, size: BodySize) -> http::Response<()> {
    let mut answer = http::Response::new(());
    *answer.status_mut() = head.status;
    let headers = answer.headers_mut();
    for (name, value) in head.headers() {
        let is_of_http_1 = matches!(
            *name,
            header::CONNECTION
                | header::TRANSFER_ENCODING
                | header::UPGRADE
                | header::CONTENT_LENGTH
        );
        if !is_of_http_1 {
            headers.append(name, value.clone());
        }
    }
    if let BodySize::Sized(length) = size {
        headers.insert(header::CONTENT_LENGTH, length.into());
    }
    if !headers.contains_key(header::DATE) {
        let date = HttpDate::from(SystemTime::from(now())).try_into_value();
        headers.extend(date.ok().map(|date| (header::DATE, date)));
    }
    answer
}
