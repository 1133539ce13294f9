//! What an operator sees and does: settings, numbers, readiness, logs, and copies of the ledger.

use std::io::Write;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use crate::folder::Folder;
use crate::program::{Serving, run, signpost, until};
use crate::wire;

fn serve(folder: &Folder, options: &[&str]) -> Command {
    let mut command = signpost(folder.root(), &["serve", "--addr", "127.0.0.1:0"]);
    command.args(["--today", "2026-11-25"]).args(options);
    command
}

/// Where operators are answered, as the log says it.
fn operators(serving: &Serving) -> SocketAddr {
    let mut found = None;
    until("the log names the address for operators", || {
        let log = serving.log();
        let address = log.split("metrics are at http://").nth(1);
        found = address.and_then(|rest| rest.split('/').next()?.parse().ok());
        found.is_some()
    });
    found.expect("it was found")
}

/// Posts a form and gives the whole answer.
fn post(addr: SocketAddr, path: &str, body: &str) -> String {
    let mut stream = wire::connect(addr);
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: clinic.example\r\nSec-Fetch-Site: same-origin\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).expect("it is sent");
    String::from_utf8_lossy(&wire::read_to_end(&mut stream)).into_owned()
}

/// A visit request that can be kept; the same number is the same request.
fn request(number: u32) -> String {
    format!(
        "go=send&state=NY&how-soon=soonest&patient=new&name=Person-{number}&birth-month=7&birth-day=19&birth-year=1961\
         &phone=5555550123&preferred=phone&message=yes&payment=self-pay&consent=yes"
    )
}

const VISIT: &str = "/book/back-pain-visit";

#[test]
fn operators_are_answered_at_an_address_of_their_own() {
    let folder = Folder::copied();
    let serving = Serving::start(serve(&folder, &["--metrics-addr", "127.0.0.1:0"]));
    let addr = operators(&serving);
    assert_eq!(wire::status(&serving.get("/articles/sciatica")), Some(200));
    assert!(post(serving.addr, VISIT, &request(1)).starts_with("HTTP/1.1 303"));
    until("the ledger is tried", || {
        wire::exchange(addr, "GET /metrics HTTP/1.1").contains("signpost_notices_waiting 0")
    });
    let metrics = wire::exchange(addr, "GET /metrics HTTP/1.1");
    for line in [
        "signpost_requests_total{class=\"page\",status=\"2xx\"} 1",
        "signpost_requests_total{class=\"form\",status=\"3xx\"} 1",
        "signpost_builds_total{outcome=\"failed\"} 0",
        "signpost_ledger_failures_total 0",
        "signpost_content_errors 0",
        "signpost_ready 1",
    ] {
        assert!(metrics.lines().any(|own| own == line), "{line}\n{metrics}");
    }
    for coding in ["identity", "gzip", "br"] {
        let start = format!("signpost_snapshot_bytes{{coding=\"{coding}\"}} ");
        let line = metrics.lines().find_map(|line| line.strip_prefix(&start));
        let bytes: u64 = line
            .and_then(|bytes| bytes.parse().ok())
            .unwrap_or_default();
        assert!(bytes > 100_000, "{coding}: {bytes}");
    }
    let memory = metrics
        .lines()
        .find_map(|line| line.strip_prefix("process_resident_memory_bytes "));
    let memory: u64 = memory
        .and_then(|bytes| bytes.parse().ok())
        .unwrap_or_default();
    assert!(memory > 10_000_000, "{memory}");
    let details = wire::exchange(addr, "GET /readyz HTTP/1.1");
    for said in [
        "ready\n",
        "ledger: can be written\n",
        "notices waiting: 0\n",
        " 0 errors, ",
    ] {
        assert!(details.contains(said), "{said}\n{details}");
    }
    // Readers find nothing of that.
    assert_eq!(wire::status(&serving.get("/metrics")), Some(404));
    assert!(!serving.get("/readyz").contains("notices"));
}

#[test]
fn without_being_asked_nobody_is_answered_there() {
    let folder = Folder::copied();
    let serving = Serving::start(serve(&folder, &[]));
    assert_eq!(wire::status(&serving.get("/")), Some(200));
    assert!(
        !serving.log().contains("metrics are at"),
        "{}",
        serving.log()
    );
}

#[test]
fn an_address_that_others_can_reach_is_told_loudly() {
    let folder = Folder::copied();
    let serving = Serving::start(serve(&folder, &["--metrics-addr", "0.0.0.0:0"]));
    until("it is told", || {
        serving.log().contains("keep it behind a firewall")
    });
}

#[test]
fn an_audit_is_told_loudly() {
    let folder = Folder::copied();
    let audited = Serving::start(serve(&folder, &["--rate-limits", "off"]));
    assert!(
        audited.log().contains("AUDIT: rate limits are off"),
        "{}",
        audited.log()
    );
    for number in 0..130 {
        let answer = post(audited.addr, "/symptoms", "problem=cough");
        assert_eq!(wire::status(&answer), Some(200), "{number}");
    }
    drop(audited);
    let serving = Serving::start(serve(&folder, &[]));
    assert!(!serving.log().contains("AUDIT"), "{}", serving.log());
    let statuses =
        (0..130).map(|_| wire::status(&post(serving.addr, "/symptoms", "problem=cough")));
    assert!(statuses.into_iter().any(|status| status == Some(429)));
}

#[test]
fn a_proxy_that_is_no_network_is_told() {
    let folder = Folder::copied();
    for (typed, told) in [
        ("nginx", "`--trusted-proxy nginx`"),
        ("10.0.0.0/8,10.1.2.3/8", "10.1.2.3/8"),
    ] {
        let ended = run(serve(&folder, &["--trusted-proxy", typed]));
        assert_eq!(ended.status, Some(2), "{typed}");
        assert!(ended.err.contains(told), "{}", ended.err);
        assert!(
            ended.err.contains("expected an address or a network"),
            "{}",
            ended.err
        );
    }
}

#[test]
fn a_ledger_that_is_away_is_told_to_machines_and_once_to_the_log() {
    let folder = Folder::copied();
    let serving = Serving::start(serve(
        &folder,
        &["--metrics-addr", "127.0.0.1:0", "--rate-limits", "off"],
    ));
    let addr = operators(&serving);
    assert!(post(serving.addr, VISIT, &request(1)).starts_with("HTTP/1.1 303"));
    let (ledger, aside) = (
        folder.path("var/ledger.sqlite"),
        folder.path("var/aside.sqlite"),
    );
    std::fs::rename(&ledger, &aside).expect("it can be moved");
    std::fs::create_dir(&ledger).expect("the folder can be made");
    for number in 0..20 {
        let answer = post(serving.addr, VISIT, &request(number));
        assert_eq!(wire::status(&answer), Some(503), "{answer}");
        assert!(answer.contains("retry-after: 60"), "{answer}");
    }
    let said = serving
        .log()
        .matches("a visit request could not be kept")
        .count();
    assert_eq!(said, 1, "{}", serving.log());
    let metrics = wire::exchange(addr, "GET /metrics HTTP/1.1");
    assert!(
        metrics.contains("signpost_ledger_failures_total 20"),
        "{metrics}"
    );
    until("readiness tells it", || {
        wire::status(&serving.get("/readyz")) == Some(503)
    });
    let told = serving.get("/readyz");
    assert!(
        told.ends_with("pages are served; visit requests can't be kept\n"),
        "{told}"
    );
    assert_eq!(wire::status(&serving.get("/readyz/reading")), Some(200));
    assert_eq!(wire::status(&serving.get("/articles/sciatica")), Some(200));
    let details = wire::exchange(addr, "GET /readyz HTTP/1.1");
    assert!(
        details.contains("ledger: the ledger can't be reached"),
        "{details}"
    );
    std::fs::remove_dir(&ledger).expect("the folder can be removed");
    std::fs::rename(&aside, &ledger).expect("it can be moved back");
    until("readiness tells that it is back", || {
        wire::status(&serving.get("/readyz")) == Some(200)
    });
    assert!(post(serving.addr, VISIT, &request(1)).starts_with("HTTP/1.1 303"));
}

#[test]
fn no_log_line_and_no_number_holds_what_a_patient_sent() {
    let folder = Folder::copied();
    let options = [
        "--metrics-addr",
        "127.0.0.1:0",
        "--log",
        "trace",
        "--log-format",
        "json",
        "--trusted-proxy",
        "127.0.0.1",
    ];
    let serving = Serving::start(serve(&folder, &options));
    let addr = operators(&serving);
    let from = "X-Forwarded-For: 203.0.113.77\r\nForwarded: for=203.0.113.77;host=secretword";
    for line in [
        "GET /articles/secretword HTTP/1.1",
        "GET /search?q=secretword HTTP/1.1",
        "GET /book/back-pain-visit/requested/B7KP-4QXM?secretword HTTP/1.1",
        "GET /book/back-pain-visit?utm_campaign=secretword&gclid=secretword HTTP/1.1",
        "GET /go/secretword HTTP/1.1",
        "OPTIONS /secretword HTTP/1.1",
        "GET /%ffsecretword HTTP/1.1",
    ] {
        wire::exchange(serving.addr, &format!("{line}\r\n{from}"));
    }
    let long = "secretword".repeat(900);
    wire::exchange(serving.addr, &format!("GET /{long} HTTP/1.1\r\n{from}"));
    wire::exchange(
        serving.addr,
        &format!("GET / HTTP/1.1\r\nCookie: {}\r\n{from}", long.repeat(4)),
    );
    post(serving.addr, "/symptoms", "problem=secretword");
    post(
        serving.addr,
        "/symptoms/lower-back-pain",
        "secretword=secretword",
    );
    post(
        serving.addr,
        VISIT,
        &request(1).replace("Person-1", "secretword"),
    );
    post(serving.addr, VISIT, "go=send&name=secretword");
    post(
        serving.addr,
        VISIT,
        &format!("go=send&name={}", "secretword".repeat(4_000)),
    );
    // Refused because of its number, which names nobody either.
    for _ in 0..125 {
        wire::exchange(
            serving.addr,
            &format!("GET /book/back-pain-visit/via/secretword HTTP/1.1\r\n{from}"),
        );
    }
    let metrics = wire::exchange(addr, "GET /metrics HTTP/1.1");
    assert!(
        metrics.contains("signpost_limit_reached_total{limit=\"rate\"} "),
        "{metrics}"
    );
    let before = serving.log().matches("content is live").count();
    serving.signal("HUP");
    until("the log is written", || {
        serving.log().matches("content is live").count() > before
    });
    let log = serving.log();
    for word in ["secretword", "203.0.113", "B7KP", "5555550123", "1961"] {
        let lines: Vec<&str> = log.lines().filter(|line| line.contains(word)).collect();
        assert!(lines.is_empty(), "{word}: {lines:#?}");
        assert!(!metrics.contains(word), "{word}: {metrics}");
    }
    for line in log.lines() {
        let read: Result<serde_json::Value, _> = serde_json::from_str(line);
        assert!(read.is_ok(), "no JSON: {line}");
    }
}

#[test]
fn a_line_of_the_log_is_one_line_whatever_stands_in_a_file_or_an_address() {
    let folder = Folder::copied();
    let serving = Serving::start(serve(&folder, &[]));
    wire::exchange(serving.addr, "GET /%0aERROR%20forged HTTP/1.1");
    wire::exchange(
        serving.addr,
        "GET / HTTP/1.1\r\nUser-Agent: a\u{1b}[31mERROR forged",
    );
    // Content is written by people we trust, but a message must still end where its line ends.
    folder.edit(
        "articles/sciatica.md",
        "reviewer: sample-reviewer",
        "reviewer: \"a\\nERROR forged\\e[31m\"",
    );
    until("the fault is told", || {
        serving.log().contains("articles/sciatica.md")
    });
    let log = serving.log();
    assert!(
        !log.lines().any(|line| line.starts_with("ERROR forged")),
        "{log}"
    );
    assert!(!log.contains('\u{1b}'), "{log}");
}

#[test]
fn every_setting_is_shown_with_where_it_comes_from_and_without_secrets() {
    let folder = Folder::copied();
    let mut command = signpost(
        folder.root(),
        &[
            "config",
            "show",
            "--workers",
            "3",
            "--trusted-proxy",
            "10.0.0.0/8,127.0.0.1",
        ],
    );
    command
        .env("SIGNPOST_LOG_FORMAT", "json")
        .env("DATABASE_URL", "postgres://ann:hunter2@db.example/visits")
        .env("SIGNPOST_SMTP_URL", "smtps://ann:hunter2@mail.example:465")
        .env("SIGNPOST_NOTIFY_FROM", "Signpost <no-reply@clinic.example>")
        .env("SIGNPOST_NOTIFY_TO", "desk@clinic.example");
    let ended = run(command);
    assert_eq!(
        (ended.status, ended.err.as_str()),
        (Some(0), ""),
        "{}",
        ended.err
    );
    let row = |name: &str| {
        let line = ended
            .out
            .lines()
            .find(|line| line.split(' ').next() == Some(name));
        let line = line.unwrap_or_else(|| panic!("no {name} in\n{}", ended.out));
        line.split("  ")
            .map(str::trim)
            .filter(|cell| !cell.is_empty())
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(row("--workers"), ["--workers", "3", "command line"]);
    assert_eq!(
        row("--trusted-proxy"),
        ["--trusted-proxy", "10.0.0.0/8,127.0.0.1", "command line"]
    );
    assert_eq!(
        row("--log-format"),
        [
            "--log-format",
            "json",
            "SIGNPOST_LOG_FORMAT in the environment"
        ]
    );
    assert_eq!(
        row("--addr"),
        ["--addr", "127.0.0.1:8080", "default (SIGNPOST_ADDR)"]
    );
    assert_eq!(
        row("--metrics-addr"),
        ["--metrics-addr", "-", "default (SIGNPOST_METRICS_ADDR)"]
    );
    assert_eq!(
        row("--smtp-url"),
        [
            "--smtp-url",
            "(set, and not shown)",
            "SIGNPOST_SMTP_URL in the environment"
        ]
    );
    assert!(
        ended.out.contains(
            "visit requests are kept in postgres://db.example/visits; several servers may share it"
        ),
        "{}",
        ended.out
    );
    assert!(!ended.out.contains("hunter2"), "{}", ended.out);
    let help = run(signpost(folder.root(), &["help", "serve"])).out;
    let options = help
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("--"));
    for option in options.filter_map(|line| line.split([' ', '\n']).next()) {
        if !matches!(option, "help" | "version") {
            row(&format!("--{option}"));
        }
    }
}

#[test]
fn settings_that_serve_would_refuse_are_refused_when_they_are_shown() {
    let folder = Folder::copied();
    let ended = run(signpost(
        folder.root(),
        &["config", "show", "--trusted-proxy", "nginx"],
    ));
    assert_eq!((ended.status, ended.out.as_str()), (Some(2), ""));
    assert!(
        ended.err.contains("`--trusted-proxy nginx` is no network"),
        "{}",
        ended.err
    );
}

fn codes(folder: &Folder) -> Vec<String> {
    let mut command = signpost(
        folder.root(),
        &[
            "visits",
            "list",
            "--today",
            "2026-11-25",
            "--key",
            "var/trial-key.txt",
        ],
    );
    command.args(["--why", "a test"]).env("USER", "ann");
    let ended = run(command);
    let words = ended.out.split_whitespace();
    let is_code = |word: &&str| {
        word.len() == 9
            && word.as_bytes().get(4) == Some(&b'-')
            && word.parse::<signpost::booking::RequestCode>().is_ok()
    };
    let mut codes: Vec<String> = words.filter(is_code).map(str::to_owned).collect();
    codes.sort();
    assert!(!codes.is_empty(), "{}{}", ended.out, ended.err);
    codes
}

#[test]
fn a_ledger_is_copied_while_it_is_written_and_put_back_whole() {
    let folder = Folder::copied();
    let serving = Serving::start(serve(&folder, &["--rate-limits", "off"]));
    for number in 0..5 {
        assert!(post(serving.addr, VISIT, &request(number)).starts_with("HTTP/1.1 303"));
    }
    let copied = run(signpost(
        folder.root(),
        &["ledger", "backup", "copy.sqlite"],
    ));
    assert_eq!(copied.status, Some(0), "{}", copied.err);
    assert_eq!(
        copied.out,
        "copy.sqlite: 5 visit requests, 5 of them open; the copy was read again and is whole\n"
    );
    let mode = std::fs::metadata(folder.path("copy.sqlite"))
        .expect("it is there")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600, "only its owner can read it");
    let left: Vec<_> = ["copy.sqlite-wal", "copy.sqlite-shm", "copy.sqlite.part"]
        .into_iter()
        .filter(|name| folder.path(name).exists())
        .collect();
    assert!(left.is_empty(), "{left:?} are left");
    let before = codes(&folder);
    assert_eq!(before.len(), 5);
    // A copy is never overwritten.
    let again = run(signpost(
        folder.root(),
        &["ledger", "backup", "copy.sqlite"],
    ));
    assert_eq!(again.status, Some(2));
    assert!(
        again.err.contains("`copy.sqlite` is there already"),
        "{}",
        again.err
    );
    // More comes in, and then the disk is lost.
    assert!(post(serving.addr, VISIT, &request(9)).starts_with("HTTP/1.1 303"));
    drop(serving);
    for name in ["ledger.sqlite", "ledger.sqlite-wal", "ledger.sqlite-shm"] {
        std::fs::remove_file(folder.path(&format!("var/{name}"))).unwrap_or_default();
    }
    // As docs/operators.md says it.
    std::fs::copy(folder.path("copy.sqlite"), folder.path("var/ledger.sqlite"))
        .expect("it can be copied");
    let whole = run(signpost(folder.root(), &["ledger", "check"]));
    assert_eq!(
        whole.out, "the ledger is whole: 5 visit requests, 5 of them open\n",
        "{}",
        whole.err
    );
    assert_eq!(codes(&folder), before);
    // A request that was sent before the copy is known again, and new ones are kept.
    let serving = Serving::start(serve(&folder, &[]));
    let again = post(serving.addr, VISIT, &request(0));
    assert!(
        before
            .iter()
            .any(|code| again.contains(&format!("/requested/{code}"))),
        "{again}"
    );
    assert!(post(serving.addr, VISIT, &request(10)).starts_with("HTTP/1.1 303"));
    assert_eq!(codes(&folder).len(), 6);
}

#[test]
fn a_copy_of_what_is_damaged_or_not_there_is_refused() {
    let folder = Folder::copied();
    let none = run(signpost(
        folder.root(),
        &["ledger", "backup", "copy.sqlite"],
    ));
    assert_eq!(none.status, Some(2));
    assert!(
        none.err.contains("there is no file `./var/ledger.sqlite`"),
        "{}",
        none.err
    );
    let serving = Serving::start(serve(&folder, &[]));
    for number in 0..5 {
        assert!(post(serving.addr, VISIT, &request(number)).starts_with("HTTP/1.1 303"));
    }
    drop(serving);
    let place = folder.path("var/ledger.sqlite");
    let mut command = signpost(
        folder.root(),
        &[
            "ledger",
            "backup",
            "copy.sqlite",
            "--ledger",
            "postgres://127.0.0.1:1/none",
        ],
    );
    command.env("USER", "ann");
    let away = run(command);
    assert_eq!(away.status, Some(2), "{}", away.err);
    std::fs::remove_file(folder.path("var/ledger.sqlite-wal")).unwrap_or_default();
    let mut bytes = std::fs::read(&place).expect("it can be read");
    let length = bytes.len();
    for byte in bytes
        .iter_mut()
        .take(length.saturating_sub(100))
        .skip(4_096)
    {
        *byte = 7;
    }
    std::fs::write(&place, bytes).expect("it can be written");
    for command in [
        &["ledger", "check"][..],
        &["ledger", "backup", "copy.sqlite"],
    ] {
        let ended = run(signpost(folder.root(), command));
        assert_eq!(
            ended.status,
            Some(2),
            "{command:?}: {}{}",
            ended.out,
            ended.err
        );
        assert!(!folder.path("copy.sqlite").exists() && !folder.path("copy.sqlite.part").exists());
    }
}
