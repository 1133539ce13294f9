//! What every request passes: its head is looked at once, its answer is counted, and
//! over https browsers are told to come back over https. It stands on the path of
//! every page, so it allocates nothing, takes no lock and writes no line.

use std::future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};

use actix_http::{Response, ResponseHead};
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{Payload, RequestHead, Service, ServiceRequest, ServiceResponse, Transform};
use actix_web::http::header::{self, HeaderValue};
use actix_web::http::{ConnectionType, Method, StatusCode, Version};
use actix_web::web::{Bytes, Data};
use actix_web::{Error, HttpMessage};
use pin_project_lite::pin_project;

use super::answered::{Answered, Asked};
use super::front::Front;
use super::guard::with_status;
use super::limits::{MAX_ADDRESS_BYTES, MAX_HEADER_BYTES};
use super::proxies;
use super::reading::Reading;
use crate::live::Live;
use crate::meters::{Class, Limit};
use crate::snapshot::Entry;

/// How browsers are told to come back over https: for two years. It speaks for this host alone; what else the clinic
/// has below its domain is not ours to decide. Source: RFC 6797.
const COME_BACK_OVER_HTTPS: &str = "max-age=63072000";

/// The ends of heads: of one that says so and of one that does not, and the same where the connection ends too.
pub(super) const END_OVER_HTTPS: &[u8] = b"strict-transport-security: max-age=63072000\r\n\r\n";
pub(super) const END: &[u8] = b"\r\n";
pub(super) const LAST_END_OVER_HTTPS: &[u8] =
    b"connection: close\r\nstrict-transport-security: max-age=63072000\r\n\r\n";
pub(super) const LAST_END: &[u8] = b"connection: close\r\n\r\n";

/// Makes the gate of one worker.
#[derive(Clone)]
pub(super) struct Gate {
    pub(super) live: Data<Live>,
    pub(super) front: Front,
}

/// How requests come to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Carriage {
    /// As anybody on the way can read them; a proxy may have got them over https.
    Plain,
    /// Over TLS, which ends here.
    Tls,
}

/// An answer as the bytes that are sent, but for the date, which stands between head and end.
#[derive(Debug)]
pub(super) struct Ready {
    /// The status line and headers.
    pub(super) head: Bytes,
    /// The last headers and the empty line.
    pub(super) end: &'static [u8],
    /// The body; empty where none is sent.
    pub(super) body: Bytes,
    /// Whether the connection ends after it.
    pub(super) is_last: bool,
}

/// The gate of one worker.
pub(super) struct Kept<S> {
    service: S,
    gate: Rc<Gate>,
}

impl<S> Transform<S, ServiceRequest> for Gate
where
    S: Service<ServiceRequest, Response = ServiceResponse, Error = Error>,
{
    type Response = ServiceResponse;
    type Error = Error;
    type Transform = Kept<S>;
    type InitError = ();
    type Future = future::Ready<Result<Kept<S>, ()>>;

    fn new_transform(&self, service: S) -> Self::Future {
        let gate = Rc::new(self.clone());
        future::ready(Ok(Kept { service, gate }))
    }
}

impl<S> Service<ServiceRequest> for Kept<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse, Error = Error>,
{
    type Response = ServiceResponse;
    type Error = Error;
    type Future = Passing<S::Future>;

    actix_web::dev::forward_ready!(service);

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let gate = Rc::clone(&self.gate);
        let seen = Seen {
            class: class_of(request.head()),
            is_https: gate.is_https(request.head()),
        };
        match fault_of(request.head()) {
            None => Passing::Inside {
                answer: self.service.call(request),
                gate,
                seen,
            },
            Some(fault) => Passing::Refused {
                answer: Some(gate.refuse(request, fault)),
                gate,
                seen,
            },
        }
    }
}

/// What is remembered of a request until its answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    class: Class,
    is_https: bool,
}

pin_project! {
    /// A request between its coming and its answer.
    #[project = PassingPlace]
    pub(super) enum Passing<F> {
        /// It was let in.
        Inside { #[pin] answer: F, gate: Rc<Gate>, seen: Seen },
        /// It was not.
        Refused { answer: Option<ServiceResponse>, gate: Rc<Gate>, seen: Seen },
    }
}

impl<F> Future for Passing<F>
where
    F: Future<Output = Result<ServiceResponse, Error>>,
{
    type Output = Result<ServiceResponse, Error>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project() {
            PassingPlace::Inside { answer, gate, seen } => {
                let answer = ready!(answer.poll(context));
                Poll::Ready(answer.map(|answer| gate.let_out(answer, *seen)))
            }
            PassingPlace::Refused { answer, gate, seen } => match answer.take() {
                Some(answer) => Poll::Ready(Ok(gate.let_out(answer, *seen))),
                None => Poll::Pending,
            },
        }
    }
}

impl Gate {
    fn is_https(&self, head: &RequestHead) -> bool {
        self.front.carriage == Carriage::Tls
            || self.front.guards.proxies.is_https(head.peer_addr, |name| {
                proxies::last_line(&head.headers, name)
            })
    }

    fn let_out(&self, mut answer: ServiceResponse, seen: Seen) -> ServiceResponse {
        let marked = answer.request().extensions().get::<Class>().copied();
        let class = marked.unwrap_or(seen.class);
        self.seal(answer.response_mut().head_mut(), class, seen.is_https);
        answer
    }

    /// Counts an answer, and adds what depends on how it travels.
    fn seal(&self, head: &mut ResponseHead, class: Class, is_https: bool) {
        self.front
            .guards
            .meters
            .answered(class, head.status.as_u16());
        if self.front.connections.are_scarce() {
            head.set_connection_type(ConnectionType::Close);
        }
        if is_https {
            head.headers_mut().insert(
                header::STRICT_TRANSPORT_SECURITY,
                HeaderValue::from_static(COME_BACK_OVER_HTTPS),
            );
        }
    }

    /// The answer to a plain reading request for an address of the snapshot, written as it stands there, whose head is
    /// right. A query may mean something to the router, and so may a percent sign.
    pub(super) fn snapshot_answer(&self, head: &RequestHead) -> Option<Response<Bytes>> {
        let reads = matches!(head.method, Method::GET | Method::HEAD);
        if !reads || head.uri.query().is_some() || fault_of(head).is_some() {
            return None;
        }
        let mut answer = match self.live.current().entry(head.uri.path())? {
            Entry::Page(page) => Answered::to(page, &Asked::by(&head.headers))?.response()?,
            Entry::Moved(_) => return None,
        };
        self.seal(answer.head_mut(), class_of(head), self.is_https(head));
        Some(answer)
    }

    /// The answer to the same request as bytes; none for what the long way has to look at.
    pub(super) fn ready_answer(
        &self,
        reading: &Reading<'_, '_>,
        peer: Option<SocketAddr>,
    ) -> Option<Ready> {
        let snapshot = self.live.current();
        let Entry::Page(page) = snapshot.entry(reading.path)? else {
            return None;
        };
        self.front.ready(page, reading, peer)
    }

    fn refuse(&self, mut request: ServiceRequest, fault: Fault) -> ServiceResponse {
        let (limit, status) = match fault {
            Fault::LongAddress => (Limit::Address, StatusCode::URI_TOO_LONG),
            Fault::LongHeaders => (Limit::Headers, StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE),
            Fault::Ambiguous => (Limit::Head, StatusCode::BAD_REQUEST),
            Fault::NoLength => (Limit::Head, StatusCode::LENGTH_REQUIRED),
        };
        self.front.guards.meters.limit_reached(limit);
        let snapshot = self.live.snapshot();
        let page = match fault {
            Fault::LongAddress | Fault::LongHeaders => snapshot.too_long(),
            Fault::Ambiguous | Fault::NoLength => snapshot.malformed(),
        };
        let mut response = with_status(page, status, request.request());
        // Whoever sends such a head may mean the rest for somebody else.
        let head = response.head_mut();
        head.set_connection_type(ConnectionType::Close);
        let unread = request.take_payload();
        request.into_response(response.map_body(|_, answer| HeldBack { answer, unread }.boxed()))
    }
}

/// An answer to a request whose body nobody reads. A body that is let go would be read to its end, which may never come;
/// while it is held, the connection is closed after the answer.
struct HeldBack {
    answer: BoxBody,
    #[expect(dead_code, reason = "it is held, and nothing is done with it")]
    unread: Payload,
}

impl MessageBody for HeldBack {
    type Error = Box<dyn std::error::Error>;

    fn size(&self) -> BodySize {
        self.answer.size()
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.answer).poll_next(context)
    }
}

/// What is wrong with the head of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    LongAddress,
    LongHeaders,
    /// It names no host, or says its length in two ways. Source: RFC 9112, sections 3.2 and 6.1.
    Ambiguous,
    /// Its body comes in pieces, so nobody knows its length. Browsers send none of ours like that.
    NoLength,
}

fn fault_of(head: &RequestHead) -> Option<Fault> {
    let address = head.uri.path_and_query();
    if address.is_some_and(|address| address.as_str().len() > MAX_ADDRESS_BYTES) {
        return Some(Fault::LongAddress);
    }
    let (mut bytes, mut has_host, mut has_length, mut is_chunked) = (0, false, false, false);
    for (name, value) in head.headers() {
        bytes += name.as_str().len() + value.len();
        has_host |= *name == header::HOST;
        has_length |= *name == header::CONTENT_LENGTH;
        is_chunked |= *name == header::TRANSFER_ENCODING;
    }
    if bytes > MAX_HEADER_BYTES {
        return Some(Fault::LongHeaders);
    }
    match head.version {
        Version::HTTP_11 if !has_host || is_chunked && has_length => Some(Fault::Ambiguous),
        Version::HTTP_11 => is_chunked.then_some(Fault::NoLength),
        // Older programs know no pieces, newer ones frame them below this.
        _ => is_chunked.then_some(Fault::Ambiguous),
    }
}

fn class_of(head: &RequestHead) -> Class {
    let path = head.uri.path();
    match head.method {
        Method::POST => Class::Form,
        _ => class_of_reading(path),
    }
}

pub(super) fn class_of_reading(path: &str) -> Class {
    match path {
        _ if path.starts_with("/static/") => Class::File,
        "/healthz" | "/livez" | "/readyz" | "/readyz/reading" => Class::Health,
        _ => Class::Page,
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn a_head_is_let_in_when_it_is_short_and_says_one_thing() {
        let host = ("host", "clinic.example");
        let long = "a".repeat(MAX_HEADER_BYTES);
        type Row<'a> = (String, Version, Vec<(&'a str, &'a str)>, Option<Fault>);
        let at = |length: usize| format!("/{}", "a".repeat(length - 1));
        let (length, chunked) = (("content-length", "3"), ("transfer-encoding", "chunked"));
        let rows: Vec<Row<'_>> = vec![
            ("/".into(), Version::HTTP_11, vec![host], None),
            ("/".into(), Version::HTTP_10, vec![], None),
            ("/".into(), Version::HTTP_2, vec![], None),
            ("/".into(), Version::HTTP_11, vec![], Some(Fault::Ambiguous)),
            ("/".into(), Version::HTTP_11, vec![host, length], None),
            (
                "/".into(),
                Version::HTTP_11,
                vec![host, chunked],
                Some(Fault::NoLength),
            ),
            (
                "/".into(),
                Version::HTTP_11,
                vec![host, chunked, length],
                Some(Fault::Ambiguous),
            ),
            (
                "/".into(),
                Version::HTTP_10,
                vec![host, chunked],
                Some(Fault::Ambiguous),
            ),
            (at(MAX_ADDRESS_BYTES), Version::HTTP_11, vec![host], None),
            (
                at(MAX_ADDRESS_BYTES + 1),
                Version::HTTP_11,
                vec![host],
                Some(Fault::LongAddress),
            ),
            (
                "/".into(),
                Version::HTTP_11,
                vec![host, ("cookie", &long)],
                Some(Fault::LongHeaders),
            ),
        ];
        for (address, version, headers, expected) in rows {
            let mut request = TestRequest::with_uri(&address).version(version);
            for header in &headers {
                request = request.append_header(*header);
            }
            let request = request.to_http_request();
            assert_eq!(
                fault_of(request.head()),
                expected,
                "{version:?} {headers:?}"
            );
        }
    }

    #[test]
    fn what_is_asked_for_is_told_by_method_and_folder() {
        let rows = [
            (Method::GET, "/articles/sciatica", Class::Page),
            (Method::HEAD, "/static/app.css", Class::File),
            (Method::POST, "/symptoms", Class::Form),
            (Method::GET, "/readyz", Class::Health),
        ];
        for (method, path, expected) in rows {
            let request = TestRequest::with_uri(path).method(method).to_http_request();
            assert_eq!(class_of(request.head()), expected, "{path}");
        }
    }
}
