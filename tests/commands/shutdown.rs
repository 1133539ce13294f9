//! A stop cuts nobody off: what runs may end, and nobody new is let in.

use std::fs::File;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Instant;

use crate::folder::Folder;
use crate::program::{Serving, signpost, until};
use crate::wire;

/// So large that no buffer of the system holds it.
const LARGE_BYTES: u64 = 48 * 1024 * 1024;

fn serving(folder: &Folder) -> Serving {
    serving_with(folder, &[])
}

fn serving_with(folder: &Folder, options: &[&str]) -> Serving {
    let mut command = signpost(folder.root(), &["serve", "--addr", "127.0.0.1:0"]);
    command.args(options);
    command.env("SIGNPOST_TODAY", "2026-11-25");
    Serving::start(command)
}

fn is_stopping(serving: &Serving) -> bool {
    serving.log().contains("stopping: no new requests")
}

#[test]
fn a_stop_ends_with_exit_status_0() {
    for signal in ["TERM", "INT"] {
        let folder = Folder::copied();
        let mut serving = serving(&folder);
        assert_eq!(wire::status(&serving.get("/")), Some(200));
        serving.signal(signal);
        assert_eq!(serving.end(), Some(0), "{signal}");
        assert!(is_stopping(&serving), "{}", serving.log());
        assert!(TcpStream::connect(serving.addr).is_err(), "nobody listens");
    }
}

#[test]
fn an_answer_that_is_being_sent_is_sent_to_its_end() {
    let folder = Folder::copied();
    folder.write("static/downloads/large.bin", "");
    File::options()
        .write(true)
        .open(folder.path("static/downloads/large.bin"))
        .and_then(|file| file.set_len(LARGE_BYTES))
        .expect("the file can grow");
    let mut serving = serving(&folder);
    let mut reader = wire::connect(serving.addr);
    reader
        .write_all(
            b"GET /static/downloads/large.bin HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        )
        .expect("the request is sent");
    let mut start = [0; 1000];
    reader.read_exact(&mut start).expect("the answer begins");
    let head = String::from_utf8_lossy(&start).into_owned();
    assert_eq!(wire::status(&head), Some(200), "{head}");
    serving.signal("TERM");
    until("it stops", || is_stopping(&serving));
    let rest = wire::read_to_end(&mut reader);
    let headers = head.find("\r\n\r\n").expect("the headers end") + 4;
    let body = start.len() - headers + rest.len();
    assert_eq!(body as u64, LARGE_BYTES);
    assert_eq!(serving.end(), Some(0));
}

#[test]
fn a_load_balancer_is_told_to_send_nobody_any_more() {
    let folder = Folder::copied();
    // So long that only the second signal can end it.
    let mut serving = serving_with(&folder, &["--drain-seconds", "600"]);
    let mut kept = wire::connect(serving.addr);
    let mut ask = || {
        kept.write_all(b"GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n")
            .expect("the request is sent");
        let mut part = [0; 1000];
        let length = kept.read(&mut part).expect("it answers");
        wire::status(&String::from_utf8_lossy(
            part.get(..length).unwrap_or_default(),
        ))
    };
    assert_eq!(ask(), Some(200));
    serving.signal("TERM");
    until("it drains", || serving.log().contains("draining"));
    assert_eq!(ask(), Some(503), "to whom is connected");
    assert_eq!(
        wire::status(&serving.get("/readyz")),
        Some(503),
        "to others"
    );
    assert_eq!(
        wire::status(&serving.get("/")),
        Some(200),
        "pages still come"
    );
    drop(kept);
    serving.signal("TERM");
    assert_eq!(serving.end(), Some(0));
    assert!(TcpStream::connect(serving.addr).is_err(), "nobody listens");
}

#[test]
fn an_idle_connection_does_not_hold_up_the_stop() {
    // The first is answered by the router, the second goes the short way.
    for path in ["/healthz", "/"] {
        let folder = Folder::copied();
        let mut serving = serving(&folder);
        let mut idle = wire::connect(serving.addr);
        idle.write_all(format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes())
            .expect("the request is sent");
        let mut part = [0; 1000];
        let length = idle.read(&mut part).expect("it answers");
        assert!(length > 0, "{path}");
        let asked = Instant::now();
        serving.signal("TERM");
        assert_eq!(serving.end(), Some(0), "{path}");
        assert!(
            asked.elapsed().as_secs() < 10,
            "{path}: it took {:?}",
            asked.elapsed()
        );
    }
}

#[test]
fn a_page_that_is_being_sent_is_sent_to_its_end() {
    let folder = Folder::copied();
    let mut serving = serving(&folder);
    let request = "GET /articles/sciatica HTTP/1.1\r\nHost: x\r\n\r\n";
    let page = wire::exchange(serving.addr, "GET /articles/sciatica HTTP/1.1");
    let (head, page) = page.split_once("\r\n\r\n").expect("it has a head");
    assert_eq!(wire::status(head), Some(200));
    // As many at once as one reading takes; together they are more than any buffer of the system holds.
    let times = 8_000 / request.len();
    let mut reader = wire::connect(serving.addr);
    reader
        .write_all(request.repeat(times).as_bytes())
        .expect("the requests are sent");
    let mut start = [0; 1000];
    reader.read_exact(&mut start).expect("an answer begins");
    serving.signal("TERM");
    until("it stops", || is_stopping(&serving));
    let answers = [start.to_vec(), wire::read_to_end(&mut reader)].concat();
    let answers = String::from_utf8_lossy(&answers);
    // What had not begun is left; what had begun is there to its last byte.
    let whole = answers.matches(page).count();
    assert!((1..=times).contains(&whole), "{whole} of {times}");
    assert_eq!(answers.matches("HTTP/1.1 200 OK").count(), whole);
    assert!(answers.ends_with(page));
    assert_eq!(serving.end(), Some(0));
}
