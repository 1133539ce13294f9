//! Heads of requests, as bytes on a connection: what a client library would never send, and what an attacker would.

use std::io::Write;
use std::net::Shutdown;

use crate::clinic::Clinic;
use crate::wire;

/// Sends bytes as they stand and gives all that comes back.
async fn send(clinic: &Clinic, request: String) -> String {
    let addr = clinic.addr();
    let exchanged = actix_web::rt::task::spawn_blocking(move || {
        let mut stream = wire::connect(addr);
        // The server may have hung up before all is sent.
        stream.write_all(request.as_bytes()).unwrap_or_default();
        stream.shutdown(Shutdown::Write).unwrap_or_default();
        String::from_utf8_lossy(&wire::read_to_end(&mut stream)).into_owned()
    });
    exchanged.await.expect("the exchange ends")
}

#[actix_web::test]
async fn a_head_that_is_too_long_is_told_so_with_a_page() {
    let clinic = Clinic::of_the_repository().await;
    let path = |length: usize| format!("GET /{} HTTP/1.1\r\nHost: x\r\n", "a".repeat(length));
    let query = |length: usize| format!("GET /?q={} HTTP/1.1\r\nHost: x\r\n", "a".repeat(length));
    let cookie = |length: usize| {
        format!(
            "GET / HTTP/1.1\r\nHost: x\r\nCookie: {}\r\n",
            "a".repeat(length)
        )
    };
    let many = |count: usize| format!("GET / HTTP/1.1\r\nHost: x\r\n{}", "A: b\r\n".repeat(count));
    let rows = [
        ("a long path", path(8_000), 404),
        ("a longer path", path(8_200), 414),
        ("a path of 60 KB", path(60_000), 414),
        ("a long query", query(8_000), 200),
        ("a longer query", query(8_200), 414),
        ("large cookies", cookie(30_000), 200),
        ("larger cookies", cookie(33_000), 431),
        ("cookies of 100 KB", cookie(100_000), 431),
        ("90 headers", many(90), 200),
    ];
    for (what, head, expected) in rows {
        let answer = send(&clinic, format!("{head}Connection: close\r\n\r\n")).await;
        assert_eq!(wire::status(&answer), Some(expected), "{what}");
        let is_page = answer.contains("<!doctype html>") && answer.contains("tel:15555550100");
        assert!(is_page, "{what} is answered with a page");
        assert!(answer.contains("content-security-policy: "), "{what}");
    }
    assert_eq!(
        clinic.count("signpost_limit_reached_total{limit=\"address\"}"),
        3
    );
    assert_eq!(
        clinic.count("signpost_limit_reached_total{limit=\"headers\"}"),
        2
    );
    // More than that never comes as far as to our pages.
    for (what, head) in [
        ("cookies of 200 KB", cookie(200_000)),
        ("200 headers", many(200)),
    ] {
        let answer = send(&clinic, format!("{head}\r\n")).await;
        let status = wire::status(&answer);
        assert!(
            matches!(status, None | Some(400 | 431)),
            "{what}: {status:?}"
        );
    }
}

#[actix_web::test]
async fn a_request_can_not_be_smuggled_past_a_proxy() {
    let clinic = Clinic::of_the_repository().await;
    let smuggled = "GET /articles/sciatica HTTP/1.1\r\nHost: x\r\n\r\n";
    let rows = [
        // One side counts bytes, the other reads pieces.
        format!(
            "POST /symptoms HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{smuggled}"
        ),
        format!(
            "GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n{smuggled}"
        ),
        format!(
            "POST /symptoms HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{smuggled}"
        ),
        format!(
            "POST /symptoms HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n{smuggled}"
        ),
        format!(
            "POST /symptoms HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n{smuggled}"
        ),
        format!(
            "POST /symptoms HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n{smuggled}"
        ),
        format!(
            "POST /symptoms HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n{smuggled}"
        ),
        format!(
            "POST /symptoms HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nContent-Length: 44\r\n\r\n{smuggled}"
        ),
        format!("POST /symptoms HTTP/1.1\r\nHost: x\r\nContent-Length: +0\r\n\r\n{smuggled}"),
        format!("POST /symptoms HTTP/1.1\r\nHost: x\r\nContent-Length: 0x0\r\n\r\n{smuggled}"),
        format!("GET / HTTP/1.1\r\nHost: x\r\n Folded: y\r\n\r\n{smuggled}"),
        format!("GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n{smuggled}"),
        format!("GET / HTTP/1.1\r\nNo-Host: x\r\n\r\n{smuggled}"),
        format!("GET / HTTP/1.1\r\nHost: x\r\nA: b\0c\r\n\r\n{smuggled}"),
    ];
    for request in rows {
        let answer = send(&clinic, request.clone()).await;
        let (head, _) = request.split_once("\r\n\r\n").expect("there is a head");
        assert_eq!(wire::status(&answer), Some(400), "{head}");
        let answers = answer.matches("HTTP/1.").count();
        assert_eq!(answers, 1, "the connection ends after {head}:\n{answer}");
    }
}

#[actix_web::test]
async fn what_two_programs_read_differently_is_never_one_request_more() {
    let clinic = Clinic::of_the_repository().await;
    let hidden = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
    // A body that nobody asked for: read to its end or not at all, but never as a request.
    let rows = [
        format!(
            "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{hidden}",
            hidden.len()
        ),
        format!(
            "GET /nothing HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{hidden}",
            hidden.len()
        ),
        format!(
            "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{hidden}",
            hidden.len()
        ),
        format!(
            "POST /symptoms HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{hidden}",
            hidden.len()
        ),
        format!("POST /symptoms HTTP/1.1\r\nHost: x\r\nContent-Length: 40000\r\n\r\n{hidden}"),
    ];
    for request in rows {
        let answer = send(&clinic, request.clone()).await;
        assert!(!answer.ends_with("ok\n"), "{request}\n{answer}");
        assert_eq!(
            answer.matches("HTTP/1.1 ").count(),
            1,
            "{request}\n{answer}"
        );
    }
}

#[actix_web::test]
async fn several_requests_in_one_go_are_answered_in_their_order() {
    let clinic = Clinic::of_the_repository().await;
    let ask = |path: &str, connection: &str| {
        format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: {connection}\r\n\r\n")
    };
    let all = [
        ask("/healthz", "keep-alive"),
        ask("/nothing", "keep-alive"),
        ask("/readyz", "close"),
    ];
    let answer = send(&clinic, all.concat()).await;
    let statuses: Vec<&str> = answer
        .lines()
        .filter_map(|line| line.split("HTTP/1.1 ").nth(1))
        .collect();
    assert_eq!(statuses, ["200 OK", "404 Not Found", "200 OK"]);
    assert!(answer.ends_with("ready\n"));
}

#[actix_web::test]
async fn an_address_that_nobody_can_read_is_a_bad_request() {
    let clinic = Clinic::of_the_repository().await;
    for (path, expected) in [
        ("/articles/%ff%fe", 400),
        ("/articles/%", 400),
        ("/articles/%zz", 400),
        ("/%c0%ae%c0%ae/etc/passwd", 400),
        ("/book/%ff", 400),
        ("/articles/%C3%A9", 404),
        ("/articles/%73ciatica", 301),
        ("/articles/sci\u{e4}tica", 400),
    ] {
        let answer = clinic.send(&format!("GET {path} HTTP/1.1")).await;
        assert_eq!(wire::status(&answer), Some(expected), "{path}");
        // Text that is no ASCII is refused by the parser; everything else gets a page.
        let is_page =
            answer.contains("tel:15555550100") && answer.contains("content-security-policy");
        assert!(
            expected == 301 || is_page || !path.is_ascii(),
            "{path}: {answer}"
        );
    }
}

#[actix_web::test]
async fn methods_that_nobody_has_are_refused() {
    let clinic = Clinic::of_the_repository().await;
    for (line, expected) in [
        ("TRACE / HTTP/1.1", 405),
        ("CONNECT elsewhere.example:443 HTTP/1.1", 404),
        ("BREW / HTTP/1.1", 405),
        ("OPTIONS * HTTP/1.1", 204),
        ("GET * HTTP/1.1", 404),
        ("GET http://elsewhere.example/healthz HTTP/1.1", 200),
        ("GET / HTTP/1.0", 200),
    ] {
        let answer = clinic.send(line).await;
        assert_eq!(wire::status(&answer), Some(expected), "{line}");
        assert!(
            !answer.to_lowercase().contains("elsewhere"),
            "{line} is repeated"
        );
    }
}

#[actix_web::test]
async fn nothing_of_a_request_ever_stands_in_a_header_of_its_answer() {
    let clinic = Clinic::of_the_repository().await;
    for path in [
        "/articles/%0d%0aSet-Cookie:%20a=b/",
        "/ARTICLES/%0d%0aX-Injected:%20yes",
        "/go/%0d%0aX-Injected:%20yes",
        "/go/spring-flyer%0d%0aX-Injected:yes",
        "/book/back-pain-visit?utm_campaign=%0d%0aX-Injected:%20yes",
        "/book/%0d%0aX-Injected:yes/via/x",
        "/book/back-pain-visit/via/%0d%0aX-Injected:yes",
        "/book/back-pain-visit/requested/%0d%0aX-Injected:yes",
        "//elsewhere.example/%2e%2e",
        "/\\elsewhere.example",
        "/%5celsewhere.example/",
        "/go//elsewhere.example",
        "/articles//elsewhere.example/",
    ] {
        let answer = clinic.send(&format!("GET {path} HTTP/1.1")).await;
        let (head, _) = answer.split_once("\r\n\r\n").expect("it has a head");
        let head = head.to_lowercase();
        for injected in ["x-injected", "set-cookie", "elsewhere"] {
            assert!(!head.contains(injected), "{path}:\n{head}");
        }
        let location = head
            .lines()
            .find_map(|line| line.strip_prefix("location: "));
        let stays = location.is_none_or(|to| to.starts_with('/') && !to.starts_with("//"));
        assert!(stays, "{path} leads to {location:?}");
    }
}
