//! A reader of HTTP/1.1 on one thread: as many requests as can be answered, or a fixed number a
//! second. It reads every answer to its end and stops when one is not what was asked for.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::LocalSet;

use crate::peers::Peer;

/// How many connections are open at once.
const CONNECTIONS: usize = 64;

/// How a page is asked for.
#[derive(Debug, Clone, Copy)]
pub enum Ask {
    /// In a coding; as it is, for an empty name.
    Coding(&'static str),
    /// Only if it has changed, in brotli.
    Unchanged,
}

/// What is asked for, one after the other and again from the beginning.
pub struct Load {
    paths: Vec<String>,
    ask: Ask,
}

impl Load {
    /// One page.
    pub fn one(path: &str, ask: Ask) -> Self {
        Self::all(&[path.to_owned()], ask)
    }

    /// Many pages.
    pub fn all(paths: &[String], ask: Ask) -> Self {
        let paths = paths.to_vec();
        Self { paths, ask }
    }

    /// The requests as bytes, and the status that each must get.
    fn requests(&self, peer: &Peer) -> (Vec<Vec<u8>>, u16) {
        let (coding, status) = match self.ask {
            Ask::Coding(coding) => (coding, 200),
            Ask::Unchanged => ("br", 304),
        };
        let request = |path: &String| {
            let known = match self.ask {
                Ask::Coding(_) => String::new(),
                Ask::Unchanged => {
                    let answer = peer.fetch(path, coding);
                    format!("If-None-Match: {}\r\n", answer.header("etag"))
                }
            };
            request(path, coding, &known).into_bytes()
        };
        (self.paths.iter().map(request).collect(), status)
    }
}

/// A request as browsers send it, in short; `more` holds whole header lines.
pub fn request(path: &str, coding: &str, more: &str) -> String {
    let accept = match coding {
        "" => String::new(),
        coding => format!("Accept-Encoding: {coding}\r\n"),
    };
    format!(
        "GET {path} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: bench\r\nAccept: text/html\r\n{accept}{more}\r\n"
    )
}

/// How long readers waited, in microseconds.
pub struct Waits {
    pub p50: f64,
    pub p99: f64,
}

/// Asks on all connections without a pause, and gives how many requests were answered.
pub fn saturate(peer: &Peer, load: &Load, time: Duration) -> u64 {
    let (requests, status) = load.requests(peer);
    let (requests, answered) = (Rc::new(requests), Rc::new(Cell::new(0)));
    on_this_thread(async {
        let until = Instant::now() + time;
        let mut tasks = Vec::new();
        for number in 0..CONNECTIONS {
            let (requests, answered) = (Rc::clone(&requests), Rc::clone(&answered));
            let mut connection = Connection::open(peer, status).await;
            tasks.push(tokio::task::spawn_local(async move {
                let mut next = number * 7919;
                while Instant::now() < until {
                    connection.ask(&requests[next % requests.len()]).await;
                    answered.set(answered.get() + 1);
                    next += 1;
                }
            }));
        }
        for task in tasks {
            task.await.expect("every answer was right");
        }
    });
    answered.get()
}

/// Asks at a fixed rate. A wait counts from the moment at which a request was due, so a server that falls behind is
/// not spared.
pub fn pace(peer: &Peer, load: &Load, rate: u32, time: Duration) -> Waits {
    let (requests, status) = load.requests(peer);
    let requests = Rc::new(requests);
    let waits = Rc::new(RefCell::new(Vec::new()));
    on_this_thread(async {
        let between = Duration::from_secs(1) * CONNECTIONS as u32 / rate;
        let begun = Instant::now() + Duration::from_millis(50);
        let mut tasks = Vec::new();
        for number in 0..CONNECTIONS {
            let (requests, waits) = (Rc::clone(&requests), Rc::clone(&waits));
            let mut connection = Connection::open(peer, status).await;
            tasks.push(tokio::task::spawn_local(async move {
                let mut due = begun + between * number as u32 / CONNECTIONS as u32;
                let mut next = number;
                while due < begun + time {
                    tokio::time::sleep_until(due.into()).await;
                    // A timer wakes up to a millisecond late, which is no wait for an answer.
                    let from = Instant::now();
                    let late = from.saturating_duration_since(due);
                    let from = if late < Duration::from_millis(2) {
                        from
                    } else {
                        due
                    };
                    connection.ask(&requests[next % requests.len()]).await;
                    waits.borrow_mut().push(from.elapsed().as_secs_f64() * 1e6);
                    due += between;
                    next += 1;
                }
            }));
        }
        for task in tasks {
            task.await.expect("every answer was right");
        }
    });
    let mut waits = waits.take();
    waits.sort_by(f64::total_cmp);
    let at = |part: usize| waits[waits.len() * part / 100];
    Waits {
        p50: at(50),
        p99: at(99),
    }
}

fn on_this_thread(all: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    LocalSet::new().block_on(&runtime, all);
}

/// One connection that is kept open.
struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
    status: String,
}

impl Connection {
    async fn open(peer: &Peer, status: u16) -> Self {
        let stream = TcpStream::connect(peer.addr).await.expect("it listens");
        stream.set_nodelay(true).expect("a socket");
        let buffer = vec![0; 256 * 1024];
        let status = format!("HTTP/1.1 {status} ");
        Self {
            stream,
            buffer,
            status,
        }
    }

    /// Sends a request and reads its answer to the end.
    async fn ask(&mut self, request: &[u8]) {
        self.stream.write_all(request).await.expect("it takes it");
        let mut have = 0;
        let whole = loop {
            let read = self.stream.read(&mut self.buffer[have..]).await;
            let read = read.expect("it answers");
            assert!(read > 0, "the connection was closed");
            have += read;
            if let Some(whole) = length(&self.buffer[..have]) {
                break whole;
            }
        };
        assert!(
            self.buffer.starts_with(self.status.as_bytes()),
            "another status: {}",
            String::from_utf8_lossy(&self.buffer[..have.min(200)])
        );
        while have < whole {
            let read = self.stream.read(&mut self.buffer[have..]).await;
            have += read.expect("the answer ends");
        }
        assert_eq!(have, whole, "more than one answer");
    }
}

/// How long a whole answer is, once its head is there.
fn length(answer: &[u8]) -> Option<usize> {
    let head = answer.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let name = b"content-length: ";
    let lines = answer[..head].split(|byte| *byte == b'\n');
    let value = lines
        .filter(|line| line.len() > name.len())
        .find(|line| line[..name.len()].eq_ignore_ascii_case(name))
        .map(|line| &line[name.len()..]);
    let body = value.map_or(0, |value| {
        let text = std::str::from_utf8(value).expect("a number").trim();
        text.parse().expect("a number")
    });
    Some(head + body)
}
