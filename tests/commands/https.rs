//! `serve` with https of its own: what it says of certificates that are no good, how it takes a new one, where plain HTTP
//! leads, and how it stops.

use std::io::Write;
use std::process::Command;

use crate::folder::{Folder, REFERENCE};
use crate::program::{Serving, run, signpost, until};
use crate::secure::{self, HOST, Pair, ask, openssl, request};
use crate::wire;

fn serve(folder: &Folder, pair: &Pair, options: &[&str]) -> Command {
    let mut command = signpost(folder.root(), &["serve", "--addr", "127.0.0.1:0"]);
    command.args(["--today", "2026-11-25"]);
    command.arg("--tls-certificate").arg(&pair.certificate);
    command.arg("--tls-key").arg(&pair.key).args(options);
    command
}

/// Where something is answered that the log names with these words before it.
fn named(serving: &Serving, words: &str) -> std::net::SocketAddr {
    let mut found = None;
    until(words, || {
        let log = serving.log();
        let rest = log.split(words).nth(1);
        found = rest.and_then(|rest| rest.split([' ', '/', '\n']).next()?.parse().ok());
        found.is_some()
    });
    found.expect("it was found")
}

#[test]
fn a_certificate_that_is_no_good_is_told_with_what_to_do() {
    let folder = Folder::copied();
    let good = Pair::made(folder.root(), "good", HOST, 2);
    let other = Pair::made(folder.root(), "other", HOST, 2);
    let locked = folder.path("locked.pem");
    let name = locked.to_str().expect("the path is text");
    let key = good.key.to_str().expect("the path is text");
    openssl(
        folder.root(),
        &[
            "pkey",
            "-in",
            key,
            "-aes256",
            "-passout",
            "pass:word",
            "-out",
            name,
        ],
    );
    let with = |certificate: &std::path::Path, key: &std::path::Path| Pair {
        certificate: certificate.to_owned(),
        key: key.to_owned(),
    };
    folder.write(
        "odd.pem",
        "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n",
    );
    folder.write("empty.pem", "");
    let (odd, empty) = (folder.path("odd.pem"), folder.path("empty.pem"));
    let missing = folder.path("missing.pem");
    let rows = [
        (
            with(&missing, &good.key),
            "missing.pem` of `--tls-certificate` can't be read: let",
        ),
        (
            with(&good.certificate, &missing),
            "missing.pem` of `--tls-key` can't be read: let",
        ),
        (
            with(&good.key, &good.certificate),
            "good-key.pem` holds a private key and no certificate",
        ),
        (
            with(&empty, &good.key),
            "empty.pem` holds no certificate: expected lines from",
        ),
        (
            with(&odd, &good.key),
            "odd.pem` holds a certificate that can't be read: copy",
        ),
        (
            with(&good.certificate, &empty),
            "empty.pem` holds no private key: expected lines",
        ),
        (
            with(&good.certificate, &locked),
            "locked.pem` holds a key that is locked with a passphrase",
        ),
        (
            with(&good.certificate, &other.key),
            "other-key.pem` holds the key of another certificate",
        ),
    ];
    for (pair, told) in rows {
        let ended = run(serve(&folder, &pair, &[]));
        assert_eq!(ended.status, Some(2), "{told}");
        assert!(ended.err.contains(told), "{told}\n{}", ended.err);
        assert!(ended.out.is_empty(), "nobody is told that it listens");
    }
    // One of them alone is half a setting.
    let mut half = signpost(folder.root(), &["serve", "--tls-certificate"]);
    half.arg(&good.certificate);
    let ended = run(half);
    assert_eq!(ended.status, Some(2));
    assert!(ended.err.contains("--tls-key"), "{}", ended.err);
}

#[test]
fn a_certificate_that_readers_would_refuse_is_told_and_used() {
    let folder = Folder::copied();
    let rows = [
        (
            Pair::made(folder.root(), "old", HOST, -1),
            "and browsers refuse it: renew it",
        ),
        (
            Pair::made(folder.root(), "soon", HOST, 5),
            "ends soon: renew it",
        ),
        (
            Pair::made(folder.root(), "far", "else.example", 90),
            "is not for `clinic.example`",
        ),
    ];
    for (pair, told) in rows {
        let serving = Serving::start(serve(&folder, &pair, &[]));
        assert!(serving.first_line.starts_with("listening on https://"));
        assert!(serving.log().contains(told), "{told}\n{}", serving.log());
    }
    let sound = Pair::made(folder.root(), "sound", HOST, 90);
    let serving = Serving::start(serve(&folder, &sound, &[]));
    for word in ["certificate", "fullchain"] {
        assert!(!serving.log().contains(word), "{}", serving.log());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_renewed_certificate_is_used_and_a_bad_one_is_not() {
    let folder = Folder::copied();
    let used = Pair::made(folder.root(), "used", HOST, 30);
    let renewed = Pair::made(folder.root(), "renewed", HOST, 60);
    let ended = Pair::made(folder.root(), "ended", HOST, -1);
    let options = ["--metrics-addr", "127.0.0.1:0"];
    let first = used.clone();
    let serving = Serving::start(serve(&folder, &used, &options));
    let operators = named(&serving, "metrics are at http://");
    let ends = || {
        let metrics = wire::exchange(operators, "GET /metrics HTTP/1.1");
        let name = "signpost_certificate_ends_timestamp_seconds ";
        let line = metrics.lines().find_map(|line| line.strip_prefix(name));
        line.and_then(|line| line.parse::<u64>().ok())
            .expect("it is there")
    };
    let before = ends();
    // The client trusts what was there at first.
    folder.write(
        "trusted.pem",
        &std::fs::read_to_string(&first.certificate).expect("it is there"),
    );
    let trusted = Pair {
        certificate: folder.path("trusted.pem"),
        key: first.key.clone(),
    };
    let (client, _) = secure::http2(serving.addr, &trusted).await;
    let copy = |from: &std::path::Path, to: &std::path::Path| {
        std::fs::copy(from, to)
            .map(|_| ())
            .expect("it can be copied");
    };
    let after_hup = |told: &str| {
        let count = || serving.log().matches(told).count();
        let before = count();
        serving.signal("HUP");
        until(told, || count() > before);
    };
    // Only one of two files is there yet, one has ended, and one is gone.
    copy(&renewed.certificate, &used.certificate);
    after_hup("the certificate that is in use stays: `");
    copy(&ended.certificate, &used.certificate);
    copy(&ended.key, &used.key);
    after_hup("before the one that is in use: put the renewed one there");
    std::fs::remove_file(&used.key).expect("it can be removed");
    after_hup("used-key.pem` of `--tls-key` can't be read");
    let answer = ask(&client, request("GET", "/", &[]), "").await;
    assert_eq!(answer.expect("it is answered").0.status, 200);
    assert!(
        secure::connect(serving.addr, &trusted, &["h2"])
            .await
            .is_ok()
    );
    assert_eq!(ends(), before);
    copy(&renewed.certificate, &used.certificate);
    copy(&renewed.key, &used.key);
    after_hup("a new certificate is used for new connections");
    assert!(ends() > before);
    assert!(
        secure::connect(serving.addr, &renewed, &["h2"])
            .await
            .is_ok()
    );
    assert!(
        secure::connect(serving.addr, &trusted, &["h2"])
            .await
            .is_err()
    );
    let answer = ask(&client, request("GET", "/", &[]), "").await;
    assert_eq!(
        answer.expect("the old connection is still there").0.status,
        200
    );
}

#[test]
fn plain_http_leads_to_the_clinics_own_address_and_to_no_other() {
    let folder = Folder::copied();
    let pair = Pair::made(folder.root(), "sound", HOST, 90);
    folder.write("proofs/.well-known/acme-challenge/Name-_1", "Name-_1.proof");
    folder.write("proofs/secret", "secret words");
    let proofs = folder.path("proofs");
    let proofs = proofs.to_str().expect("the path is text");
    let serving = Serving::start(serve(
        &folder,
        &pair,
        &["--http-redirect", "127.0.0.1:0", "--acme-folder", proofs],
    ));
    let plain = named(&serving, "http://");
    let rows = [
        ("GET / HTTP/1.1", "/"),
        (
            "HEAD /articles/sciatica?a=b&c HTTP/1.1",
            "/articles/sciatica?a=b&c",
        ),
        ("POST /symptoms HTTP/1.1\r\nContent-Length: 0", "/symptoms"),
        ("GET http://evil.example/a HTTP/1.1", "/a"),
        ("GET //evil.example/a HTTP/1.1", "//evil.example/a"),
        ("GET / HTTP/1.1\r\nX-Forwarded-Host: evil.example", "/"),
        (
            "GET /.well-known/acme-challenge/../../secret HTTP/1.1",
            "/.well-known/acme-challenge/../../secret",
        ),
        (
            "GET /.well-known/acme-challenge/Other HTTP/1.1",
            "/.well-known/acme-challenge/Other",
        ),
        (
            "GET /.well-known/acme-challenge/ HTTP/1.1",
            "/.well-known/acme-challenge/",
        ),
    ];
    for (asked, path) in rows {
        let answer = wire::exchange(plain, asked);
        assert_eq!(wire::status(&answer), Some(308), "{asked}\n{answer}");
        let location = format!("\r\nlocation: https://{HOST}{path}\r\n");
        assert!(answer.contains(&location), "{asked}\n{answer}");
        assert!(answer.contains("\r\nconnection: close\r\n"), "{answer}");
        assert!(!answer.contains("strict-transport"), "{answer}");
    }
    let proof = wire::exchange(plain, "GET /.well-known/acme-challenge/Name-_1 HTTP/1.1");
    assert!(proof.ends_with("\r\n\r\nName-_1.proof"), "{proof}");
    let long = wire::exchange(plain, &format!("GET /{} HTTP/1.1", "a".repeat(9_000)));
    assert_eq!(wire::status(&long), Some(414), "{long}");
    drop(serving);
    // It would lead to itself for ever.
    folder.edit(
        "clinic/clinic.toml",
        &format!("https://{HOST}"),
        &format!("http://{HOST}"),
    );
    let ended = run(serve(&folder, &pair, &["--http-redirect", "127.0.0.1:0"]));
    assert_eq!(ended.status, Some(2));
    assert!(
        ended
            .err
            .contains("expected one that begins with `https://`"),
        "{}",
        ended.err
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_over_http_2_answers_what_runs_and_lets_go_who_is_idle() {
    let folder = Folder::copied();
    let pair = Pair::made(folder.root(), "sound", HOST, 90);
    let mut serving = Serving::start(serve(&folder, &pair, &[]));
    let (idle, idle_ended) = secure::http2(serving.addr, &pair).await;
    let answer = ask(&idle, request("GET", "/", &[]), "").await;
    assert_eq!(answer.expect("it is answered").0.status, 200);
    let (client, ended) = secure::http2(serving.addr, &pair).await;
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("sec-fetch-site", "same-origin"),
    ];
    let mut client = client.ready().await.expect("there is room");
    let begun = client.send_request(request("POST", "/symptoms", &headers), false);
    let (answer, mut sending) = begun.expect("it is sent");
    let part = sending.send_data("problem=".into(), false);
    part.expect("it is sent");
    // The server has what came before this on the same connection.
    let answered = ask(&client, request("GET", "/healthz", &[]), "").await;
    assert_eq!(answered.expect("it is answered").0.status, 200);
    serving.signal("TERM");
    let idle_ended = idle_ended.await.expect("nothing panics");
    let in_peace = |ended: Result<(), h2::Error>| ended.err().is_none_or(|error| error.is_io());
    assert!(in_peace(idle_ended), "the idle one is let go");
    // The other one is asked to leave, and what it began is still taken and answered.
    sending.send_data("cough".into(), true).expect("it is sent");
    let (head, body) = secure::whole(answer).await.expect("it is answered");
    assert_eq!(head.status, 200);
    assert!(
        String::from_utf8_lossy(&body)
            .trim_end()
            .ends_with("</html>")
    );
    assert!(in_peace(ended.await.expect("nothing panics")));
    let asked = std::time::Instant::now();
    assert_eq!(serving.end(), Some(0));
    assert!(asked.elapsed().as_secs() < 10, "nobody holds it up");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_log_line_holds_what_a_reader_asked_for_over_http_2() {
    let folder = Folder::copied();
    let pair = Pair::made(folder.root(), "sound", HOST, 90);
    let serving = Serving::start(serve(&folder, &pair, &["--log", "trace"]));
    let (client, _) = secure::http2(serving.addr, &pair).await;
    let page = format!("/articles/{REFERENCE}");
    for path in [page.as_str(), "/search?q=gallstones", "/nothing-like-that"] {
        let asked = request("GET", path, &[("user-agent", "a-browser-of-its-own")]);
        ask(&client, asked, "").await.expect("it is answered");
    }
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("sec-fetch-site", "same-origin"),
    ];
    let posted = request("POST", "/symptoms", &headers);
    ask(&client, posted, "problem=shingles")
        .await
        .expect("it is answered");
    // Whoever speaks no TLS is told nothing and told of to nobody.
    let mut plain = wire::connect(serving.addr);
    let sent = plain.write_all(b"GET /shingles HTTP/1.1\r\nHost: x\r\n\r\n");
    sent.expect("it is sent");
    let answer = wire::read_to_end(&mut plain);
    assert!(!answer.starts_with(b"HTTP"), "{answer:?}");
    let log = serving.log();
    let words = [
        "gallstones",
        "nothing-like-that",
        "a-browser-of",
        "shingles",
        "GET",
    ];
    for word in words {
        assert!(!log.contains(word), "{word}\n{log}");
    }
    let lines = log.lines().filter(|line| line.contains("127.0.0.1"));
    let others: Vec<&str> = lines
        .filter(|line| !line.contains("starting service"))
        .collect();
    assert!(others.is_empty(), "no address of a reader: {others:?}");
}
