//! https without a proxy: the same pages in HTTP/2 and in HTTP/1.1, under the same limits, and what HTTP/2 alone needs.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use signpost::http::{Certificate, Limits, Place, Tls};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::clinic::Clinic;
use crate::desk::Scratch;
use crate::secure::{self, HOST, Pair, ask, request};
use crate::wire;

/// A certificate for all tests, and another one to be changed for; made once.
pub fn pairs() -> &'static (Pair, Pair) {
    static PAIRS: OnceLock<(Scratch, (Pair, Pair))> = OnceLock::new();
    let (_, pairs) = PAIRS.get_or_init(|| {
        let folder = Scratch::new();
        std::fs::create_dir_all(folder.path("")).expect("it can be made");
        let made = |name| Pair::made(&folder.path(""), name, HOST, 2);
        let pairs = (made("first"), made("second"));
        (folder, pairs)
    });
    pairs
}

pub fn read(pair: &Pair) -> Certificate {
    let [certificate, key] = pair.bytes();
    Certificate::read(&certificate, &key).expect("it is sound")
}

/// How many requests a client of HTTP/2 may have at once.
const MAX_STREAMS: usize = 100;

/// Limits that are met within a moment.
fn short() -> Limits {
    Limits {
        head_within: Duration::from_millis(300),
        form_within: Duration::from_millis(300),
        stalled: Duration::from_millis(300),
        rates: None,
        ..Limits::default()
    }
}

fn lasting() -> Limits {
    Limits {
        rates: None,
        ..Limits::default()
    }
}

/// A clinic over https, what proves who it is, and what its readers trust.
async fn secured(limits: Limits) -> (Clinic, Arc<Tls>, &'static Pair) {
    let (pair, _) = pairs();
    let tls = Arc::new(Tls::new(read(pair)).expect("there are random numbers"));
    let place = Place::Https(([127, 0, 0, 1], 0).into(), Arc::clone(&tls));
    (Clinic::over(place, limits).await, tls, pair)
}

/// Lines of a head that tell of the page and not of the connection, in order.
fn told<'a>(lines: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<String> {
    let lines = lines.map(|(name, value)| (name.to_lowercase(), value.trim()));
    let lines = lines
        .filter(|(name, _)| !["date", "connection", "transfer-encoding"].contains(&name.as_str()));
    let mut lines: Vec<String> = lines
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    lines.sort();
    lines
}

#[actix_web::test]
async fn a_page_is_the_same_in_http_2_and_in_http_1_1() {
    let (clinic, _, pair) = secured(lasting()).await;
    let (client, _) = secure::http2(clinic.addr(), pair).await;
    let coding = ("accept-encoding", "br");
    for path in [
        "/",
        "/articles/sciatica",
        "/articles/sciatica?from=mail",
        "/symptoms",
        "/search?q=back",
        "/healthz",
        "/nothing-here",
        "/Articles/Sciatica/",
    ] {
        for method in ["GET", "HEAD", "POST"] {
            let asked = request(method, path, &[coding]);
            let (head, body) = ask(&client, asked, "").await.expect("it is answered");
            let older = format!(
                "{method} {path} HTTP/1.1\r\nHost: {HOST}\r\nAccept-Encoding: br\r\nContent-Length: 0\r\n\
                 Connection: close\r\n\r\n"
            );
            let stream = secure::connect(clinic.addr(), pair, &["http/1.1"]).await;
            let mut stream = stream.expect("it proves who it is");
            stream
                .write_all(older.as_bytes())
                .await
                .expect("it is sent");
            let mut answer = Vec::new();
            tokio::io::AsyncReadExt::read_to_end(&mut stream, &mut answer)
                .await
                .expect("it ends");
            let end = answer.windows(4).position(|four| four == b"\r\n\r\n");
            let (old_head, old_body) = answer.split_at(end.expect("the head ends") + 4);
            let old_head = String::from_utf8_lossy(old_head).into_owned();
            let asked = format!("{method} {path}");
            assert_eq!(
                Some(head.status.as_u16()),
                wire::status(&old_head),
                "{asked}"
            );
            let lines = head.headers.iter();
            let lines =
                lines.map(|(name, value)| (name.as_str(), value.to_str().expect("it is text")));
            let old_lines = old_head.lines().filter_map(|line| line.split_once(": "));
            assert_eq!(told(lines), told(old_lines), "{asked}");
            assert!(
                body == old_body,
                "{asked}: {} and {} bytes",
                body.len(),
                old_body.len()
            );
            assert!(body.is_empty() || method != "HEAD", "{asked}");
            assert!(head.headers.contains_key("date"), "{asked}");
            let back = &head.headers["strict-transport-security"];
            assert_eq!(back, "max-age=63072000", "{asked}");
        }
    }
}

#[actix_web::test]
async fn a_reader_who_has_the_page_is_told_so_over_http_2() {
    let (clinic, _, pair) = secured(lasting()).await;
    let (client, _) = secure::http2(clinic.addr(), pair).await;
    let page = request("GET", "/articles/sciatica", &[]);
    let (head, _) = ask(&client, page, "").await.expect("it is answered");
    let tag = head.headers["etag"]
        .to_str()
        .expect("it is text")
        .to_owned();
    let again = request("GET", "/articles/sciatica", &[("if-none-match", &tag)]);
    let (head, body) = ask(&client, again, "").await.expect("it is answered");
    assert_eq!((head.status.as_u16(), body.len()), (304, 0));
    assert_eq!(head.headers["etag"], tag.as_str());
}

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

#[actix_web::test]
async fn what_is_too_much_is_told_so_over_http_2() {
    let (clinic, _, pair) = secured(short()).await;
    let (client, _) = secure::http2(clinic.addr(), pair).await;
    let posted = |path| request("POST", path, &[FORM, ("sec-fetch-site", "same-origin")]);
    let answer = ask(&client, posted("/symptoms"), "problem=cough").await;
    assert_eq!(answer.expect("it is answered").0.status, 200);
    let large = format!("problem={}", "a".repeat(33 * 1024));
    let long = format!("/{}", "a".repeat(8 * 1024));
    let header = "a".repeat(33 * 1024);
    let rows = [
        (posted("/symptoms"), large.as_str(), 413),
        (request("GET", &long, &[]), "", 414),
        (request("GET", "/", &[("x", &header)]), "", 431),
    ];
    for (request, body, expected) in rows {
        let asked = format!("{expected} for {}", request.method());
        let (head, body) = ask(&client, request, body).await.expect("it is answered");
        assert_eq!(head.status, expected, "{asked}");
        let page = String::from_utf8_lossy(&body);
        assert!(page.trim_end().ends_with("</html>"), "{asked}: {page}");
    }
    // A form that begins and does not go on.
    let mut waiting = client.clone().ready().await.expect("there is room");
    let begun = waiting.send_request(posted("/symptoms"), false);
    let (answer, mut sending) = begun.expect("it is sent");
    let part = sending.send_data("problem=".into(), false);
    part.expect("it is sent");
    let (head, _) = secure::whole(answer).await.expect("it is answered");
    assert_eq!(head.status, 408);
    // And all of that costs nobody else on the connection anything.
    let (head, _) = ask(&client, request("GET", "/", &[]), "")
        .await
        .expect("it is answered");
    assert_eq!(head.status, 200);
}

#[actix_web::test]
async fn what_is_too_much_is_told_so_over_tls() {
    let (clinic, _, pair) = secured(short()).await;
    let head = format!(
        "POST /symptoms HTTP/1.1\r\nHost: {HOST}\r\nSec-Fetch-Site: same-origin\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: "
    );
    let rows = [
        (format!("{head}13\r\n\r\nproblem=cough"), Some(200)),
        (format!("{head}40000\r\n\r\nproblem="), Some(413)),
        (format!("{head}13\r\n\r\nproblem="), Some(408)),
        ("GET / HTTP/1.1\r\nHo".to_owned(), Some(408)),
    ];
    for (sent, expected) in rows {
        let answer = secure::exchange(clinic.addr(), pair, &sent).await;
        assert_eq!(wire::status(&answer), expected, "{sent}");
    }
}

#[actix_web::test]
async fn several_requests_in_one_go_are_answered_in_their_order_over_tls() {
    let (clinic, _, pair) = secured(lasting()).await;
    let asked = |path: &str| format!("GET {path} HTTP/1.1\r\nHost: {HOST}\r\n");
    let sent = format!(
        "{}\r\n{}\r\n{}Connection: close\r\n\r\n",
        asked("/livez"),
        asked("/nothing-here"),
        asked("/readyz")
    );
    let answers = secure::exchange(clinic.addr(), pair, &sent).await;
    let statuses = answers.split("HTTP/1.1 ").skip(1);
    let statuses: Vec<&str> = statuses.map(|answer| &answer[..3]).collect();
    assert_eq!(statuses, ["200", "404", "200"]);
}

#[actix_web::test]
async fn whoever_does_not_begin_to_speak_is_let_go() {
    let (clinic, _, pair) = secured(short()).await;
    // No TLS, half of it, and none of HTTP/2 after it.
    let plain = ["", "\x16\x03\x01", "GET / HTTP/1.1\r\nHost: x\r\n\r\n"];
    for begun in plain {
        let mut stream = TcpStream::connect(clinic.addr()).await.expect("it listens");
        stream
            .write_all(begun.as_bytes())
            .await
            .expect("it is sent");
        let mut answer = Vec::new();
        let read = tokio::io::AsyncReadExt::read_to_end(&mut stream, &mut answer);
        let read = tokio::time::timeout(Duration::from_secs(20), read).await;
        read.expect("it ends").map(|_| ()).unwrap_or_default();
        assert!(
            !answer.starts_with(b"HTTP"),
            "{begun}: nothing is told without TLS"
        );
    }
    let stream = secure::connect(clinic.addr(), pair, &["h2"]).await;
    let mut stream = stream.expect("it proves who it is");
    stream
        .write_all(b"PRI * HTTP/2.0\r\n")
        .await
        .expect("it is sent");
    secure::rest(&mut stream).await;
}

#[actix_web::test]
async fn a_thousand_slow_clients_over_tls_hold_up_nobody_and_are_let_go() {
    let limits = Limits {
        head_within: Duration::from_secs(2),
        form_within: Duration::from_secs(2),
        ..lasting()
    };
    let (clinic, _, pair) = secured(limits).await;
    // Some say nothing, some stop in the middle of their first words, and some prove that they speak TLS and stop then.
    let mut unproven = Vec::new();
    for begun in ["", "\x16\x03\x01\x02\x00\x01"] {
        for _ in 0..400 {
            let mut stream = TcpStream::connect(clinic.addr()).await.expect("it listens");
            stream
                .write_all(begun.as_bytes())
                .await
                .expect("it is sent");
            unproven.push(stream);
        }
    }
    let mut proven = Vec::new();
    let form = format!(
        "POST /symptoms HTTP/1.1\r\nHost: {HOST}\r\nSec-Fetch-Site: same-origin\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 13\r\n\r\nprob"
    );
    for (protocol, begun, expected) in [
        ("http/1.1", "GET / HTTP/1.1\r\nHo", Some(408)),
        ("http/1.1", form.as_str(), Some(408)),
        ("h2", "PRI * HTTP/2.0\r\n", None),
        ("h2", "", None),
    ] {
        for _ in 0..50 {
            let stream = secure::connect(clinic.addr(), pair, &[protocol]).await;
            let mut stream = stream.expect("it proves who it is");
            stream
                .write_all(begun.as_bytes())
                .await
                .expect("it is sent");
            proven.push((stream, protocol, expected));
        }
    }
    let (client, _) = secure::http2(clinic.addr(), pair).await;
    for path in ["/", "/articles/sciatica", "/symptoms"] {
        let answer = ask(&client, request("GET", path, &[]), "").await;
        let (head, _) = answer.expect("whoever is quick is served meanwhile");
        assert_eq!(head.status, 200, "{path}");
    }
    let mut told = std::collections::BTreeMap::new();
    for (mut stream, protocol, expected) in proven {
        let answer = secure::rest(&mut stream).await;
        let is_told = protocol == "h2" || wire::status(&answer) == expected;
        *told.entry((protocol, is_told)).or_insert(0) += 1;
    }
    assert_eq!(
        told,
        [(("h2", true), 100), (("http/1.1", true), 100)].into()
    );
    for mut stream in unproven {
        let mut answer = Vec::new();
        let read = tokio::io::AsyncReadExt::read_to_end(&mut stream, &mut answer);
        let read = tokio::time::timeout(Duration::from_secs(20), read).await;
        read.expect("it ends").map(|_| ()).unwrap_or_default();
        assert!(!answer.starts_with(b"HTTP"), "nothing is told without TLS");
    }
    let answer = ask(&client, request("GET", "/", &[]), "").await;
    assert_eq!(answer.expect("it is answered").0.status, 200);
}

#[actix_web::test]
async fn a_client_of_http_2_has_a_bound_number_of_requests_at_once() {
    let (clinic, _, pair) = secured(lasting()).await;
    let (mut client, _) = secure::http2(clinic.addr(), pair).await;
    let (head, _) = ask(&client, request("GET", "/", &[]), "")
        .await
        .expect("it is answered");
    assert_eq!(head.status, 200);
    // As many as that may hang without an answer, and one more waits until one of them is let go.
    let posted = || {
        let headers = [FORM, ("sec-fetch-site", "same-origin")];
        request("POST", "/symptoms", &headers)
    };
    let mut hanging = Vec::new();
    for _ in 0..MAX_STREAMS {
        client = client.ready().await.expect("there is room");
        hanging.push(client.send_request(posted(), false).expect("it is sent"));
    }
    let mut more = std::pin::pin!(ask(&client, request("GET", "/", &[]), ""));
    let moment = Duration::from_millis(300);
    let waited = tokio::time::timeout(moment, &mut more).await;
    assert!(
        waited.is_err(),
        "{:?}",
        waited.map(|answer| answer.map(|(head, _)| head))
    );
    let (_, mut sending) = hanging.remove(0);
    sending
        .send_data("problem=cough".into(), true)
        .expect("it is sent");
    let (head, _) = more.await.expect("there is room again");
    assert_eq!(head.status, 200);
}

/// Whether a connection was ended in peace. The client's own last words may come too late.
fn is_let_go(ended: &Result<(), h2::Error>) -> bool {
    ended.as_ref().err().is_none_or(h2::Error::is_io)
}

#[actix_web::test]
async fn a_connection_that_does_nothing_is_asked_to_leave() {
    let limits = Limits {
        idle: Duration::from_millis(200),
        ..lasting()
    };
    let (clinic, _, pair) = secured(limits).await;
    let (client, ended) = secure::http2(clinic.addr(), pair).await;
    let (head, _) = ask(&client, request("GET", "/", &[]), "")
        .await
        .expect("it is answered");
    assert_eq!(head.status, 200);
    // The client still holds its end, so the server ends it.
    let ended = tokio::time::timeout(Duration::from_secs(20), ended).await;
    let ended = ended.expect("it ends").expect("nothing panics");
    assert!(is_let_go(&ended), "{ended:?}");
    drop(client);
}

#[actix_web::test]
async fn a_reader_who_takes_nothing_of_an_answer_is_let_go() {
    let (clinic, _, pair) = secured(short()).await;
    let mut settings = h2::client::Builder::new();
    settings.initial_window_size(0);
    let (client, _) = secure::http2_with(clinic.addr(), pair, &settings).await;
    let answer = ask(&client, request("GET", "/", &[]), "").await;
    let reason = answer.err().and_then(|error| error.reason());
    assert_eq!(reason, Some(h2::Reason::CANCEL));
    // What has no body needs no room.
    let head = ask(&client, request("HEAD", "/", &[]), "").await;
    assert_eq!(head.expect("it is answered").0.status, 200);
}

#[actix_web::test]
async fn while_connections_are_scarce_http_2_is_not_offered() {
    let limits = Limits {
        max_connections: 6,
        ..lasting()
    };
    let (clinic, _, pair) = secured(limits).await;
    let both = ["h2", "http/1.1"];
    let mut kept = Vec::new();
    for number in 0..4 {
        let stream = secure::connect(clinic.addr(), pair, &both).await;
        let stream = stream.expect("it proves who it is");
        assert_eq!(secure::agreed(&stream).as_deref(), Some("h2"), "{number}");
        kept.push(stream);
    }
    let stream = secure::connect(clinic.addr(), pair, &both).await;
    let mut stream = stream.expect("it proves who it is");
    assert_eq!(secure::agreed(&stream).as_deref(), Some("http/1.1"));
    let asked = format!("GET / HTTP/1.1\r\nHost: {HOST}\r\n\r\n");
    stream
        .write_all(asked.as_bytes())
        .await
        .expect("it is sent");
    let answer = secure::rest(&mut stream).await;
    assert_eq!(wire::status(&answer), Some(200));
    assert!(answer.contains("connection: close"), "{answer}");
}

#[actix_web::test]
async fn a_new_certificate_is_for_new_connections_and_cuts_nobody_off() {
    let (clinic, tls, first) = secured(lasting()).await;
    let (_, second) = pairs();
    let (client, _) = secure::http2(clinic.addr(), first).await;
    let page = || request("GET", "/", &[]);
    let before = ask(&client, page(), "").await.expect("it is answered");
    tls.renew(read(second)).expect("it can be used");
    let after = ask(&client, page(), "").await.expect("it is answered");
    assert_eq!((after.0.status.as_u16(), after.1), (200, before.1));
    let (newer, _) = secure::http2(clinic.addr(), second).await;
    let answer = ask(&newer, page(), "").await.expect("it is answered");
    assert_eq!(answer.0.status, 200);
    let old = secure::connect(clinic.addr(), first, &["h2"]).await;
    assert!(old.is_err(), "the old one is no longer shown");
}

#[actix_web::test]
async fn what_no_browser_sends_breaks_no_connection_of_http_2() {
    let (clinic, _, pair) = secured(lasting()).await;
    let (client, _) = secure::http2(clinic.addr(), pair).await;
    let tunnel = http::Request::builder()
        .method("CONNECT")
        .uri("elsewhere.example:443");
    let tunnel = tunnel.body(()).expect("it is a request");
    let rows = [
        (tunnel, 404..=405),
        (request("BREW", "/", &[]), 405..=405),
        (request("GET", "/articles/%ff", &[]), 400..=404),
        (request("GET", "/", &[("te", "trailers")]), 200..=200),
    ];
    for (request, expected) in rows {
        let asked = format!("{} {}", request.method(), request.uri());
        let answer = ask(&client, request, "").await.expect("it is answered");
        let status = answer.0.status.as_u16();
        assert!(expected.contains(&status), "{asked}: {status}");
    }
}
