//! Pages over HTTP/1.1, which go a way of their own: what it answers is what the other way answers, byte for byte, and
//! what it does not know is handed on with nothing lost.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use signpost::http::{ForwardedBy, Limits, Place, Proxies, Tls};
use signpost::snapshot::{Coding, Entry, Page, Snapshot};

use crate::clinic::Clinic;
use crate::folder::Folder;
use crate::https::{pairs, read};
use crate::{secure, wire};

/// A header that says nothing, but more than a plain reading: whoever sends it is answered on the other way.
const LONG: &str = "Connection: keep-alive, x\r\n";

/// What ends a connection. It is no page, so it is answered on the other way.
const GOODBYE: &str = "GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

/// Sends bytes as they stand and gives all that comes back.
async fn exchange(addr: SocketAddr, sent: impl Into<Vec<u8>>) -> Vec<u8> {
    let sent = sent.into();
    let exchanged = actix_web::rt::task::spawn_blocking(move || {
        let mut stream = wire::connect(addr);
        // The server may have hung up before all is sent.
        stream.write_all(&sent).unwrap_or_default();
        stream.shutdown(Shutdown::Write).unwrap_or_default();
        wire::read_to_end(&mut stream)
    });
    exchanged.await.expect("the exchange ends")
}

fn asked(method: &str, path: &str, headers: &str) -> String {
    format!("{method} {path} HTTP/1.1\r\nHost: x\r\n{headers}\r\n")
}

/// One answer: its status line, its headers in alphabetical order without the date, and its body.
#[derive(Debug, PartialEq, Eq)]
struct Told {
    status: String,
    headers: Vec<String>,
    body: Vec<u8>,
}

impl Told {
    /// Without whether it is the last one: actix says so from the moment on at which it reads that it will be.
    fn kept(mut self) -> Self {
        self.headers.retain(|line| line != "connection: close");
        self
    }
}

/// Takes the first answer from some bytes; `method` says whether it has a body.
fn take(bytes: &mut &[u8], method: &str) -> Told {
    let all: &[u8] = bytes;
    let end = all.windows(4).position(|part| part == b"\r\n\r\n");
    let end = end.unwrap_or_else(|| panic!("no head: {}", String::from_utf8_lossy(all)));
    let head = String::from_utf8(all[..end].to_vec()).expect("a head is text");
    let mut lines = head.split("\r\n").map(str::to_owned);
    let status = lines.next().expect("it has a first line");
    let (dates, mut headers): (Vec<String>, _) = lines.partition(|line| line.starts_with("date: "));
    // What goes on is no answer yet.
    let expected = if status.contains(" 100 ") { 0 } else { 1 };
    assert_eq!(dates.len(), expected, "{head}");
    headers.sort_unstable();
    let length = headers
        .iter()
        .find_map(|line| line.strip_prefix("content-length: "));
    let length = length.map_or(0, |length| length.parse().expect("it is a number"));
    let length = if method == "HEAD" { 0 } else { length };
    let rest = &all[end + 4..];
    assert!(
        rest.len() >= length,
        "{status}: {} of {length} bytes",
        rest.len()
    );
    let (body, rest) = rest.split_at(length);
    *bytes = rest;
    Told {
        status,
        headers,
        body: body.to_vec(),
    }
}

/// The answers to one request on both ways. After each, the connection still takes another one.
async fn both(addr: SocketAddr, method: &str, path: &str, headers: &str) -> [Told; 2] {
    let mut told = Vec::new();
    for more in ["", LONG] {
        let request = asked(method, path, &format!("{headers}{more}"));
        let answers = exchange(addr, request + GOODBYE).await;
        let mut rest = answers.as_slice();
        told.push(take(&mut rest, method));
        assert_eq!(
            take(&mut rest, "GET").body,
            b"ok\n",
            "{method} {path} {headers}"
        );
        assert!(rest.is_empty(), "{method} {path} {headers}");
    }
    told.try_into().expect("there are two ways")
}

fn page(snapshot: &Snapshot, path: &str) -> Arc<Page> {
    match snapshot.entry(path) {
        Some(Entry::Page(page)) => Arc::clone(page),
        other => panic!("{path} is {other:?}"),
    }
}

/// The first address of each kind of answer: of each list of headers and codings, with redirects.
fn kinds(snapshot: &Snapshot) -> Vec<String> {
    let mut kinds = BTreeMap::new();
    for path in snapshot.addresses() {
        let kind = match snapshot.entry(path) {
            Some(Entry::Page(page)) => {
                let names = page.headers.iter().map(|(name, _)| name.as_str());
                let names: Vec<&str> = names.collect();
                let kept = page.last_modified.is_some();
                format!(
                    "{names:?} {:?} {kept} {}",
                    page.cache,
                    page.representations.len()
                )
            }
            _ => "moved".to_owned(),
        };
        kinds.entry(kind).or_insert_with(|| path.to_owned());
    }
    kinds.into_values().collect()
}

#[actix_web::test]
async fn a_page_is_answered_alike_on_both_ways() {
    let clinic = Clinic::of_the_repository().await;
    let snapshot = clinic.live.snapshot();
    let mut paths = kinds(&snapshot);
    assert!(paths.len() > 5, "{paths:?}");
    paths.extend(
        [
            "/articles/sciatica",
            "/nothing-here",
            "/ARTICLES/sciatica",
            "/search",
        ]
        .map(str::to_owned),
    );
    for path in paths {
        let mut rows = vec![
            String::new(),
            "Accept-Encoding: gzip, deflate, br, zstd\r\n".to_owned(),
            "Accept-Encoding: gzip\r\n".to_owned(),
            "Accept-Encoding: br;q=0, *\r\n".to_owned(),
            "accept-encoding: br\r\nAccept-Encoding: gzip\r\n".to_owned(),
            "Accept-Encoding: \u{e9}\r\n".to_owned(),
            "If-None-Match: *\r\n".to_owned(),
            "If-None-Match: \"another\"\r\nIf-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT\r\n"
                .to_owned(),
            "If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT\r\n".to_owned(),
            "If-Modified-Since: Thu, 01 Jan 1970 00:00:00 GMT\r\n".to_owned(),
            "If-Modified-Since: the day before yesterday\r\n".to_owned(),
            "Range: bytes=0-1\r\nIf-Match: \"another\"\r\n".to_owned(),
            "X-Forwarded-Proto: https\r\nForwarded: proto=https\r\n".to_owned(),
        ];
        if let Some(Entry::Page(page)) = snapshot.entry(&path) {
            let tags = page.representations.iter().map(|own| own.tag.written());
            rows.extend(tags.map(|tag| {
                let tag = tag.as_str();
                format!("Accept-Encoding: br\r\nIf-None-Match: W/{tag}, \"b\"\r\n")
            }));
            let date = page
                .last_modified
                .as_ref()
                .and_then(|date| date.to_str().ok());
            rows.extend(date.map(|date| format!("If-Modified-Since: {date}\r\n")));
        }
        for headers in rows {
            for method in ["GET", "HEAD"] {
                let [short, long] = both(clinic.addr(), method, &path, &headers).await;
                assert_eq!(short, long, "{method} {path}\n{headers}");
            }
        }
    }
}

#[actix_web::test]
async fn the_last_page_that_is_asked_for_ends_the_connection_on_both_ways() {
    let clinic = Clinic::of_the_repository().await;
    let page = asked("GET", "/articles/sciatica", "");
    for headers in ["", "If-None-Match: *\r\n", "Accept-Encoding: br\r\n"] {
        for method in ["GET", "HEAD"] {
            let mut told = Vec::new();
            // What names a trailer is more than a plain reading.
            for more in ["", "TE: trailers\r\n"] {
                let headers = format!("{headers}{more}Connection: close\r\n");
                let request = asked(method, "/articles/sciatica", &headers);
                let answers = exchange(clinic.addr(), request).await;
                let mut rest = answers.as_slice();
                told.push(take(&mut rest, method));
                assert!(rest.is_empty(), "{method} {headers}");
            }
            assert_eq!(told[0], told[1], "{method} {headers}");
            let last = "connection: close".to_owned();
            assert!(told[0].headers.contains(&last), "{method} {headers}");
            // What comes after it is answered by nobody. Source: RFC 9112, section 9.6.
            let headers = format!("{headers}Connection: close\r\n");
            let request = asked(method, "/articles/sciatica", &headers);
            let answers = exchange(clinic.addr(), request + &page).await;
            let mut rest = answers.as_slice();
            assert_eq!(take(&mut rest, method), told[0], "{method} {headers}");
            assert!(rest.is_empty(), "{method} {headers}");
        }
    }
}

#[actix_web::test]
async fn bytes_are_made_when_a_page_is_first_asked_for_and_in_its_coding_alone() {
    let clinic = Clinic::of(Folder::copied()).await;
    let made = || {
        let page = page(&clinic.live.snapshot(), "/articles/sciatica");
        let heads = page.representations.iter().map(|own| {
            let heads = [&own.heads.whole, &own.heads.unchanged];
            (own.coding(), heads.map(|head| head.get().is_some()))
        });
        let made = heads.filter(|(_, made)| *made != [false, false]);
        made.collect::<Vec<(Coding, [bool; 2])>>()
    };
    let ask = |headers: &'static str| {
        exchange(clinic.addr(), asked("GET", "/articles/sciatica", headers))
    };
    ask("Connection: keep-alive, x\r\n").await;
    assert_eq!(made(), [], "others do not need them");
    ask("").await;
    assert_eq!(made(), [(Coding::Identity, [true, false])]);
    ask("If-None-Match: *\r\n").await;
    assert_eq!(made(), [(Coding::Identity, [true, true])]);
    // A copy may stand on another page, and makes its own.
    let copied = Page::clone(&page(&clinic.live.snapshot(), "/articles/sciatica"));
    let heads = copied.representations.iter().map(|own| &own.heads);
    assert!(
        heads
            .clone()
            .all(|own| own.whole.get().or(own.unchanged.get()).is_none())
    );
}

#[actix_web::test]
async fn what_is_read_is_counted_on_both_ways() {
    let clinic = Clinic::of_the_repository().await;
    for (headers, name) in [
        ("", "signpost_requests_total{class=\"page\",status=\"2xx\"}"),
        (
            "If-None-Match: *\r\n",
            "signpost_requests_total{class=\"page\",status=\"3xx\"}",
        ),
    ] {
        both(clinic.addr(), "GET", "/articles/sciatica", headers).await;
        assert_eq!(clinic.count(name), 2, "{name}");
    }
}

#[actix_web::test]
async fn a_proxy_of_ours_is_believed_on_both_ways() {
    let proxies = |forwarded_by| Proxies {
        networks: vec!["127.0.0.1".parse().expect("it is an address")],
        forwarded_by,
    };
    let x = "X-Forwarded-Proto: ";
    let rows = [
        (ForwardedBy::XForwarded, format!("{x}https\r\n"), true),
        (ForwardedBy::XForwarded, format!("{x}http, HTTPS\r\n"), true),
        (
            ForwardedBy::XForwarded,
            format!("{x}https\r\n{x}http\r\n"),
            false,
        ),
        (
            ForwardedBy::XForwarded,
            format!("{x}https\r\n{x}\u{e9}\r\n"),
            false,
        ),
        (
            ForwardedBy::XForwarded,
            "Forwarded: proto=https\r\n".to_owned(),
            false,
        ),
        (ForwardedBy::XForwarded, String::new(), false),
        (
            ForwardedBy::Forwarded,
            "Forwarded: proto=http, for=x; Proto=\"https\"\r\n".to_owned(),
            true,
        ),
        (
            ForwardedBy::Forwarded,
            "Forwarded: for=x\r\n".to_owned(),
            false,
        ),
        (ForwardedBy::Forwarded, format!("{x}https\r\n"), false),
    ];
    for (forwarded_by, headers, is_https) in rows {
        let clinic = Clinic::limited(Limits::default(), proxies(forwarded_by)).await;
        for conditional in ["", "If-None-Match: *\r\n"] {
            let headers = format!("{headers}{conditional}");
            let [short, long] = both(clinic.addr(), "GET", "/articles/sciatica", &headers).await;
            assert_eq!(short, long, "{headers}");
            let told = "strict-transport-security: max-age=63072000".to_owned();
            assert_eq!(short.headers.contains(&told), is_https, "{headers}");
        }
    }
}

#[actix_web::test]
async fn over_tls_pages_are_answered_alike_on_both_ways() {
    let (pair, _) = pairs();
    let tls = Arc::new(Tls::new(read(pair)).expect("there are random numbers"));
    let place = Place::Https(([127, 0, 0, 1], 0).into(), tls);
    let clinic = Clinic::over(place, Limits::default()).await;
    for path in ["/", "/articles/sciatica", "/nothing-here"] {
        for headers in ["", "If-None-Match: *\r\n"] {
            let mut told = Vec::new();
            for more in ["", LONG] {
                let request = asked("GET", path, &format!("{headers}{more}"));
                let sent = format!("{request}{request}{GOODBYE}");
                let answers = secure::exchange(clinic.addr(), pair, &sent).await;
                let mut rest = answers.as_bytes();
                told.push(take(&mut rest, "GET"));
                let next = take(&mut rest, "GET").kept();
                assert_eq!(told.last(), Some(&next), "{path} {headers}");
                assert_eq!(take(&mut rest, "GET").body, b"ok\n", "{path} {headers}");
            }
            assert_eq!(told[0], told[1], "{path} {headers}");
            let has = |name: &str| told[0].headers.iter().any(|line| line.starts_with(name));
            assert!(has("strict-transport-security: "), "{path} {headers}");
        }
    }
}

#[actix_web::test]
async fn whatever_comes_in_one_go_is_answered_in_its_order() {
    let clinic = Clinic::of_the_repository().await;
    let article = asked("GET", "/articles/sciatica", "");
    let head = asked("HEAD", "/", "");
    let post = "POST /symptoms HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\nContent-Length: 13\r\n\
                Content-Type: application/x-www-form-urlencoded\r\n\r\nproblem=cough";
    let query = asked("GET", "/articles/sciatica?q=back", "");
    let rows: [(&str, &str); 6] = [
        (&article, "GET"),
        (&head, "HEAD"),
        (&article, "GET"),
        (post, "GET"),
        (&article, "GET"),
        (&query, "GET"),
    ];
    let alone = |request: &str| exchange(clinic.addr(), format!("{request}{GOODBYE}"));
    let all: String = rows.iter().map(|(request, _)| *request).collect();
    let answers = exchange(clinic.addr(), all + GOODBYE).await;
    let mut rest = answers.as_slice();
    for (request, method) in rows {
        let own = alone(request).await;
        let expected = take(&mut own.as_slice(), method);
        assert_eq!(expected.status, "HTTP/1.1 200 OK", "{request}");
        assert_eq!(take(&mut rest, method).kept(), expected.kept(), "{request}");
    }
    assert_eq!(take(&mut rest, "GET").body, b"ok\n");
    assert!(rest.is_empty());
}

#[actix_web::test]
async fn a_head_that_comes_in_two_parts_is_answered_as_one() {
    let clinic = Clinic::of_the_repository().await;
    let addr = clinic.addr();
    let request = asked("GET", "/articles/sciatica", "Accept-Encoding: br\r\n");
    let whole = exchange(addr, format!("{request}{GOODBYE}")).await;
    let expected = take(&mut whole.as_slice(), "GET");
    let cut = move |before: &str, at: usize| {
        let (first, second) = request.split_at(at);
        let mut stream = wire::connect(addr);
        stream.set_nodelay(true).expect("it can be told");
        let send = |stream: &mut TcpStream, part: &str| {
            stream.write_all(part.as_bytes()).expect("it is sent");
            // The one worker has read what came before, once it has answered somebody else.
            wire::exchange(addr, "GET /livez HTTP/1.1");
        };
        send(&mut stream, &format!("{before}{first}"));
        send(&mut stream, &format!("{second}{GOODBYE}"));
        let answers = wire::read_to_end(&mut stream);
        let mut rest = answers.as_slice();
        if !before.is_empty() {
            take(&mut rest, "GET");
        }
        (at, take(&mut rest, "GET"), take(&mut rest, "GET").body)
    };
    let length = request_length();
    let told = actix_web::rt::task::spawn_blocking(move || {
        let another = asked("GET", "/", "");
        let alone = (1..length).map(|at| cut("", at));
        let mut told: Vec<_> = alone.collect();
        // And the same behind a page that came with it.
        told.extend((1..length).step_by(7).map(|at| cut(&another, at)));
        told
    });
    for (at, own, last) in told.await.expect("they end") {
        assert_eq!(own, expected, "cut at {at}");
        assert_eq!(last, b"ok\n", "cut at {at}");
    }
}

fn request_length() -> usize {
    asked("GET", "/articles/sciatica", "Accept-Encoding: br\r\n").len()
}

#[actix_web::test]
async fn a_reader_who_takes_little_at_a_time_gets_all_of_it() {
    let clinic = Clinic::of_the_repository().await;
    let snapshot = clinic.live.snapshot();
    let times = |path: &str| 8_000 / asked("GET", path, "").len();
    let size = |path: &&str| match snapshot.entry(path) {
        Some(Entry::Page(page)) => page.identity().map_or(0, |own| own.body.len()) * times(path),
        _ => 0,
    };
    let largest = snapshot
        .addresses()
        .into_iter()
        .max_by_key(size)
        .expect("there is one");
    let request = asked("GET", largest, "");
    // As many as come in one go, so that more waits than the system holds for a reader.
    let times = times(largest);
    let expected = exchange(clinic.addr(), format!("{request}{GOODBYE}")).await;
    let expected = take(&mut expected.as_slice(), "GET");
    assert!(expected.body.len() * times > 12_000_000, "{largest}");
    let addr = clinic.addr();
    let read = actix_web::rt::task::spawn_blocking(move || {
        let mut stream = wire::connect(addr);
        stream
            .write_all(request.repeat(times).as_bytes())
            .expect("it is sent");
        // Others are answered while nothing of it is read.
        for _ in 0..20 {
            let other = wire::exchange(addr, "GET / HTTP/1.1");
            assert_eq!(wire::status(&other), Some(200));
        }
        stream.shutdown(Shutdown::Write).expect("it is connected");
        let (mut all, mut part) = (Vec::new(), [0; 5_000]);
        while let length @ 1.. = stream.read(&mut part).expect("it goes on") {
            all.extend_from_slice(&part[..length]);
        }
        (all, times)
    });
    let (all, times) = read.await.expect("it ends");
    let mut rest = all.as_slice();
    for number in 0..times {
        let told = take(&mut rest, "GET");
        assert!(told == expected, "answer {number} of {times}");
    }
    assert!(rest.is_empty());
}

#[actix_web::test]
async fn a_connection_is_kept_while_it_is_used_and_no_longer() {
    let short = |head_within, idle| Limits {
        head_within: Duration::from_millis(head_within),
        idle: Duration::from_millis(idle),
        ..Limits::default()
    };
    let page = asked("GET", "/articles/sciatica", "");
    // Whoever says nothing is told nothing, and whoever says nothing more is let go.
    for (sent, answers) in [(String::new(), 0), (page, 1)] {
        let clinic = Clinic::limited(short(300, 300), Proxies::default()).await;
        let addr = clinic.addr();
        let read = actix_web::rt::task::spawn_blocking(move || {
            let mut stream = wire::connect(addr);
            stream.write_all(sent.as_bytes()).expect("it is sent");
            wire::read_to_end(&mut stream)
        });
        let read = read.await.expect("it ends");
        assert_eq!(normal(&read).len(), answers);
    }
    // Whoever goes on is kept, for far longer than a head may take.
    let head = asked("HEAD", "/articles/sciatica", "");
    let clinic = Clinic::limited(short(100, 20_000), Proxies::default()).await;
    let addr = clinic.addr();
    let asked = actix_web::rt::task::spawn_blocking(move || {
        let (mut stream, begun) = (wire::connect(addr), Instant::now());
        let mut answered = 0;
        while begun.elapsed() < Duration::from_millis(500) {
            stream.write_all(head.as_bytes()).expect("it is kept");
            let (mut all, mut part) = (Vec::new(), [0; 4_000]);
            while !all.ends_with(b"\r\n\r\n") {
                let length = stream.read(&mut part).expect("it goes on");
                assert!(length > 0, "it is kept");
                all.extend_from_slice(&part[..length]);
            }
            answered += 1;
        }
        answered
    });
    assert!(asked.await.expect("it ends") > 0);
}

#[actix_web::test]
async fn while_connections_are_scarce_a_page_is_the_last_answer() {
    let limits = Limits {
        max_connections: 4,
        ..Limits::default()
    };
    let clinic = Clinic::limited(limits, Proxies::default()).await;
    let addr = clinic.addr();
    let told = actix_web::rt::task::spawn_blocking(move || {
        let ask = || {
            let mut stream = wire::connect(addr);
            let request = asked("HEAD", "/articles/sciatica", "");
            stream.write_all(request.as_bytes()).expect("it is sent");
            let mut part = [0; 4_000];
            let length = stream.read(&mut part).expect("it is answered");
            (stream, take(&mut &part[..length], "HEAD"))
        };
        let all = [ask(), ask(), ask()];
        all.map(|(_, told)| told.headers.contains(&"connection: close".to_owned()))
    });
    assert_eq!(told.await.expect("they are answered"), [false, false, true]);
}

#[actix_web::test]
async fn what_follows_a_page_is_judged_as_if_it_came_first() {
    let clinic = Clinic::of_the_repository().await;
    let page = asked("GET", "/articles/sciatica", "");
    let rows = [
        "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: +0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 7\r\nConnection: close\r\n\r\nGET / H",
        "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
        "GET / HTTP/1.1\r\nNo-Host: x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\n Folded: y\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nA: b\0c\r\n\r\n",
        "GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET / HTTP/1.1\nHost: x\nConnection: close\n\n",
        "get / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "GET http://x/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "GET / HTTP/1.0\r\n\r\n",
        "GET / HTTP/3.0\r\nHost: x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\nConnection: upgrade, close\r\n\r\n",
        "GET /articles/../ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "\x16\x03\x01\x02",
        "nonsense\r\n\r\n",
        "GET / HTT",
    ];
    let first = exchange(clinic.addr(), page.clone()).await;
    let first = take(&mut first.as_slice(), "GET");
    for row in rows {
        let alone = exchange(clinic.addr(), row).await;
        let after = exchange(clinic.addr(), format!("{page}{row}")).await;
        let mut rest = after.as_slice();
        assert_eq!(take(&mut rest, "GET"), first, "{row:?}");
        assert_eq!(normal(rest), normal(&alone), "{row:?}");
    }
}

/// Answers without what depends on the second or on the order of headers.
fn normal(mut answers: &[u8]) -> Vec<String> {
    let mut told = Vec::new();
    while !answers.is_empty() {
        let Told {
            status,
            headers,
            body,
        } = take(&mut answers, "GET");
        let body = String::from_utf8_lossy(&body).into_owned();
        told.push(format!("{status}\n{}\n{body}", headers.join("\n")));
    }
    told
}
