//! `serve` says where it listens, builds again when files change, and logs
//! nothing of what readers ask for.

use std::net::{SocketAddr, TcpListener};
use std::process::Command;

use crate::folder::{Folder, REFERENCE};
use crate::program::{Serving, run, signpost, until};
use crate::wire;

const FILE: &str = "articles/lower-back-pain-popping-sound.md";

/// `serve` on a free port, for a folder and on a day.
fn serve(folder: &Folder) -> Command {
    let mut command = signpost(folder.root(), &["serve", "--addr", "127.0.0.1:0"]);
    command.env("SIGNPOST_TODAY", "2026-11-25");
    command
}

#[test]
fn the_program_alone_serves() {
    let folder = Folder::copied();
    let mut command = signpost(folder.root(), &[]);
    command
        .env("SIGNPOST_ADDR", "127.0.0.1:0")
        .env("SIGNPOST_TODAY", "2026-11-25");
    let serving = Serving::start(command);
    assert_eq!(
        serving.first_line,
        format!("listening on http://{}\n", serving.addr)
    );
    assert_ne!(serving.addr.port(), 0);
    assert_eq!(wire::status(&serving.get("/")), Some(200));
}

#[test]
fn arguments_name_address_and_folder() {
    let folder = Folder::copied();
    let elsewhere = Folder::copied();
    elsewhere.edit(
        "clinic/clinic.toml",
        "Harbor Light Clinic",
        "Elsewhere Clinic",
    );
    let root = elsewhere.root().to_str().expect("the path is text");
    let mut command = serve(&folder);
    command.args(["--content", root]);
    let serving = Serving::start(command);
    assert!(serving.get("/").contains("Elsewhere Clinic"));
}

#[test]
fn the_environment_names_address_folder_and_day() {
    let folder = Folder::copied();
    let mut command = signpost(std::path::Path::new("/"), &["serve"]);
    command
        .env("SIGNPOST_ADDR", "127.0.0.1:0")
        .env("SIGNPOST_CONTENT", folder.root())
        .env("SIGNPOST_TODAY", "2027-11-03");
    let serving = Serving::start(command);
    let page = serving.get(&format!("/articles/{REFERENCE}"));
    assert!(page.contains("This page is due for review."));
}

#[test]
fn health_is_told() {
    let folder = Folder::copied();
    let serving = Serving::start(serve(&folder));
    for path in ["/healthz", "/readyz"] {
        assert_eq!(wire::status(&serving.get(path)), Some(200), "{path}");
    }
}

#[test]
fn an_address_in_use_is_told() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let addr = taken.local_addr().expect("it has an address").to_string();
    let folder = Folder::copied();
    let mut command = signpost(folder.root(), &["serve", "--addr", &addr]);
    command.env("SIGNPOST_TODAY", "2026-11-25");
    let ended = run(command);
    assert_eq!(ended.status, Some(2));
    assert_eq!(ended.out, "");
    let last = ended.err.lines().last().unwrap_or_default();
    assert_eq!(
        last,
        format!("signpost: can't listen on {addr}: Address already in use (os error 98)")
    );
}

#[test]
fn content_without_a_clinic_is_not_served() {
    let folder = Folder::copied();
    folder.edit("clinic/clinic.toml", "phone = ", "fone = ");
    let ended = run(serve(&folder));
    assert_eq!(ended.status, Some(2));
    assert_eq!(ended.out, "");
    assert!(
        ended
            .err
            .contains("clinic/clinic.toml:4:1: error[key-unknown]"),
        "{}",
        ended.err
    );
    let last = ended.err.lines().last().unwrap_or_default();
    assert!(
        last.starts_with("signpost: there is no clinic to show"),
        "{last}"
    );
}

#[test]
fn a_folder_that_is_not_there_is_not_served() {
    let folder = Folder::copied();
    let mut command = serve(&folder);
    command.args(["--content", "nowhere"]);
    let ended = run(command);
    assert_eq!(ended.status, Some(2));
    let lines: Vec<&str> = ended.err.lines().collect();
    assert_eq!(
        lines,
        [
            "signpost: the content folder `nowhere` can't be read: No such file or directory (os error 2)"
        ]
    );
}

#[test]
fn an_edit_goes_live_and_a_fault_is_logged_once_as_check_prints_it() {
    let folder = Folder::copied();
    let serving = Serving::start(serve(&folder));
    let path = format!("/articles/{REFERENCE}");
    folder.edit(FILE, "what it can mean\"", "a new title\"");
    until("the edit is live", || {
        serving.get(&path).contains("a new title")
    });
    folder.edit(FILE, "reviewer: sample-reviewer", "reviewer: nobody");
    until("the fault is logged", || {
        serving.log().contains("error[person-unknown]")
    });
    assert!(
        serving.get(&path).contains("a new title"),
        "the last good page stays"
    );
    folder.edit("articles/sciatica.md", "Sciatica: what", "Nerve pain: what");
    until("another edit is live", || {
        serving
            .get("/articles/sciatica")
            .contains("Nerve pain: what")
    });
    let told = serving.log().matches("error[person-unknown]").count();
    assert_eq!(told, 1, "{}", serving.log());
}

/// How often the content went live.
fn builds(serving: &Serving) -> usize {
    serving.log().matches("content is live").count()
}

/// Waits until an edit is live, so that nothing is left to build from the start.
fn settle(serving: &Serving) {
    until("the first build is logged", || builds(serving) > 0);
    serving.signal("HUP");
    until("another build is logged", || builds(serving) > 1);
}

#[test]
fn a_hangup_builds_again() {
    let folder = Folder::copied();
    let serving = Serving::start(serve(&folder));
    settle(&serving);
    for _ in 0..2 {
        let before = builds(&serving);
        serving.signal("HUP");
        until("a build is logged", || builds(&serving) > before);
    }
    assert_eq!(wire::status(&serving.get("/")), Some(200));
}

/// Asks for addresses that hold a word which must not be logged, and gives the log.
fn log_after_marked_requests(level: &str) -> String {
    let folder = Folder::copied();
    folder.write("static/downloads/plan.txt", "Walk a little every day.");
    let mut command = serve(&folder);
    command.env("SIGNPOST_LOG", level);
    let serving = Serving::start(command);
    for line in [
        "GET /articles/secretword HTTP/1.1",
        "GET /articles?q=secretword HTTP/1.1",
        "GET /articles/sciatica?secretword=1 HTTP/1.1",
        "HEAD /secretword/%00 HTTP/1.1",
        "POST /secretword HTTP/1.1",
        "GET /static/downloads/secretword.pdf HTTP/1.1",
        "GET /static/downloads/plan.txt?secretword HTTP/1.1",
        "GET / HTTP/1.1\r\nReferer: https://clinic.example/secretword",
        "GET / HTTP/1.1\r\nUser-Agent: secretword",
        "GET /secretword HTTP/9.9",
        "GET /sec ret/secretword HTTP/1.1",
        "GET / HTTP/1.1\r\nContent-Length: secretword",
        "GET / HTTP/1.1\r\nBad Header secretword",
    ] {
        wire::exchange(serving.addr, line);
    }
    // Whatever was logged for these requests is logged before this.
    let before = builds(&serving);
    serving.signal("HUP");
    until("the log is written", || builds(&serving) > before);
    let log = serving.log();
    assert!(log.contains("content is live"), "{log}");
    log
}

#[test]
fn no_log_line_holds_what_a_reader_asked_for() {
    for level in ["info", "debug", "trace"] {
        let log = log_after_marked_requests(level);
        let lines: Vec<&str> = log
            .lines()
            .filter(|line| line.contains("secretword"))
            .collect();
        assert!(lines.is_empty(), "{level}: {lines:#?}");
    }
}

#[test]
fn the_log_can_be_read_by_a_program() {
    let folder = Folder::copied();
    let mut command = serve(&folder);
    command.env("SIGNPOST_LOG_FORMAT", "json");
    let serving = Serving::start(command);
    until("the first build is logged", || {
        serving.log().contains("content is live")
    });
    let log = serving.log();
    let line = log.lines().find(|line| line.contains("content is live"));
    let line = line.unwrap_or_default();
    assert!(line.starts_with('{') && line.ends_with('}'), "{line}");
    assert!(line.contains("\"errors\":0"), "{line}");
}

#[test]
fn a_log_in_a_file_holds_no_colors() {
    let folder = Folder::copied();
    let serving = Serving::start(serve(&folder));
    until("the first build is logged", || {
        serving.log().contains("content is live")
    });
    assert!(!serving.log().contains('\u{1b}'), "{}", serving.log());
}

#[test]
fn it_can_listen_on_every_kind_of_address() {
    let folder = Folder::copied();
    let mut command = signpost(folder.root(), &["serve", "--addr", "0.0.0.0:0"]);
    command.env("SIGNPOST_TODAY", "2026-11-25");
    let serving = Serving::start(command);
    let local = SocketAddr::from(([127, 0, 0, 1], serving.addr.port()));
    let answer = wire::exchange(local, "GET / HTTP/1.1");
    assert_eq!(wire::status(&answer), Some(200));
}
