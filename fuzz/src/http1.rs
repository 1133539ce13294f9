//! A connection of HTTP/1.1: requests as a client may send them, one after another, whole or broken off. What the short
//! way answers is held against actix, which answers a connection from the start when the first byte comes alone.

use std::cell::RefCell;
use std::rc::Rc;

use super::breaking::Breaking;
use super::server::Server;
use super::wire::{PATIENCE, Wire};

/// An answer as it is compared.
#[derive(Debug, PartialEq, Eq)]
struct Told {
    /// Its status, and its headers in no order that matters, without what changes with the second.
    head: Vec<String>,
    body: Vec<u8>,
}

/// Sends any bytes over a connection.
pub fn run(data: &[u8]) {
    let (first, rest) = data.split_at(data.len().min(1));
    let short = answered([data.to_vec()]);
    let long = answered([first.to_vec(), rest.to_vec()]);
    let (short, long) = (told(&short), told(&long));
    // Whoever is gone before the end may get less; what comes is the same.
    for (short, long) in short.iter().zip(&long) {
        assert_eq!(short, long, "the short way first, the long one second");
    }
}

fn answered(parts: impl IntoIterator<Item = Vec<u8>>) -> Vec<u8> {
    let breaking = Breaking::watch();
    let taken = Rc::<RefCell<Vec<u8>>>::default();
    let into = Rc::clone(&taken);
    let wire = Wire::new(parts, move |bytes: &[u8]| {
        into.borrow_mut().extend_from_slice(bytes);
    });
    Server::with(|server| {
        server.runtime.block_on(async {
            server.worker.answer_http1(wire, None).await;
            // What was asked last is still at work, for nobody.
            for _ in 0..PATIENCE {
                tokio::task::yield_now().await;
            }
        });
    });
    breaking.expect_none();
    taken.take()
}

/// The answers up to the first that is made for its request alone, or is broken off.
///
/// # Panics
/// Something stands there that is no answer.
fn told(mut bytes: &[u8]) -> Vec<Told> {
    let mut all = Vec::new();
    while let Some(end) = bytes.windows(4).position(|part| part == b"\r\n\r\n") {
        let head = String::from_utf8(bytes[..end].to_vec()).expect("a head is text");
        assert!(head.starts_with("HTTP/1."), "no answer: {head}");
        bytes = &bytes[end + 4..];
        let mut head: Vec<String> = head.split("\r\n").map(str::to_owned).collect();
        // actix answers in the version of the last request that it has read, and says of the connection what that asked.
        head.retain(|line| !line.starts_with("date: ") && !line.starts_with("connection: "));
        head[0].replace_range(.."HTTP/1.1 ".len(), "");
        head[1..].sort_unstable();
        if is_made_for_one(&head) {
            break;
        }
        let length = head
            .iter()
            .find_map(|line| line.strip_prefix("content-length: "));
        let length = length.map_or(0, |length| length.parse().expect("it is a number"));
        // An answer to HEAD tells a length and has no body.
        let length = if bytes.starts_with(b"HTTP/1.") {
            0
        } else {
            length
        };
        let Some((body, rest)) = bytes.split_at_checked(length) else {
            break;
        };
        bytes = rest;
        all.push(Told {
            head,
            body: body.to_vec(),
        });
    }
    all
}

/// Whether an answer may hold chance, or what was counted.
fn is_made_for_one(head: &[String]) -> bool {
    let mut lines = head.iter();
    lines.any(|line| {
        line.starts_with("transfer-encoding: ")
            || line.starts_with("cache-control: ") && line.contains("no-store")
    })
}
