//! `serve` at a Unix socket: who may connect, what is replaced and what is not, and whom it believes.

use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::folder::Folder;
use crate::program::{Serving, run, signpost};
use crate::wire;

/// A short path, since that of a socket must be; its folder is gone at the end.
struct Place(PathBuf);

impl Place {
    fn new() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("signpost-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).expect("it can be made");
        Self(folder)
    }

    fn socket(&self) -> PathBuf {
        self.0.join("site.sock")
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).unwrap_or_default();
    }
}

fn serve(folder: &Folder, socket: &Path, options: &[&str]) -> Command {
    let mut command = signpost(folder.root(), &["serve", "--today", "2026-11-25"]);
    command.arg("--unix-socket").arg(socket).args(options);
    command
}

/// Sends bytes and gives all that comes back.
fn exchange(socket: &Path, sent: &str) -> String {
    let mut stream = UnixStream::connect(socket).expect("it listens");
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .expect("a wait can be limited");
    stream.write_all(sent.as_bytes()).expect("it is sent");
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        Err(error) if error.kind() != ErrorKind::ConnectionReset => panic!("no end: {error}"),
        _ => String::from_utf8_lossy(&answer).into_owned(),
    }
}

fn get(socket: &Path, path: &str, headers: &str) -> String {
    let asked = format!("GET {path} HTTP/1.1\r\nHost: x\r\n{headers}Connection: close\r\n\r\n");
    exchange(socket, &asked)
}

fn form(headers: &str, length: usize, body: &str) -> String {
    format!(
        "POST /symptoms HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\n{headers}Connection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{body}"
    )
}

#[test]
fn a_site_at_a_socket_is_there_for_its_group_and_gone_after_a_stop() {
    let (folder, place) = (Folder::copied(), Place::new());
    let socket = place.socket();
    let mut serving = Serving::start(serve(&folder, &socket, &["--addr", "127.0.0.1:1"]));
    assert_eq!(
        serving.first_line,
        format!("listening on unix:{}\n", socket.display())
    );
    assert_eq!(wire::status(&get(&socket, "/", "")), Some(200));
    let mode = std::fs::metadata(&socket)
        .expect("it is there")
        .permissions()
        .mode();
    assert_eq!(mode & 0o7777, 0o660);
    let two = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
    let last = "GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let both = exchange(&socket, &format!("{two}{last}"));
    assert_eq!(both.matches("HTTP/1.1 200 OK").count(), 2, "{both}");
    let page = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    let three = exchange(&socket, &format!("{page}{page}{last}"));
    assert_eq!(three.matches("HTTP/1.1 200 OK").count(), 3, "{three}");
    assert!(three.ends_with("\r\n\r\nok\n"), "{three}");
    // The limits are those of everywhere.
    let large = exchange(&socket, &form("", 40_000, "problem="));
    assert_eq!(wire::status(&large), Some(413), "{large}");
    let long = get(&socket, &format!("/{}", "a".repeat(8_300)), "");
    assert_eq!(wire::status(&long), Some(414));
    serving.signal("TERM");
    assert_eq!(serving.end(), Some(0));
    let left: Vec<_> = std::fs::read_dir(&place.0).expect("it is there").collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_socket_that_a_crash_left_is_replaced_and_one_that_lives_is_not() {
    let (folder, place) = (Folder::copied(), Place::new());
    let socket = place.socket();
    let mut killed = Serving::start(serve(&folder, &socket, &[]));
    killed.signal("KILL");
    assert_eq!(killed.end(), None);
    assert!(socket.exists(), "nobody was there to take it away");
    let serving = Serving::start(serve(&folder, &socket, &[]));
    assert_eq!(wire::status(&get(&socket, "/", "")), Some(200));
    let refused = |told: &str| {
        let ended = run(serve(&folder, &socket, &[]));
        assert_eq!(ended.status, Some(2), "{told}");
        assert!(ended.err.contains(told), "{told}\n{}", ended.err);
    };
    refused("another server listens there: stop it first");
    assert_eq!(
        wire::status(&get(&socket, "/", "")),
        Some(200),
        "it still listens"
    );
    drop(serving);
    std::fs::remove_file(&socket).expect("a kill leaves it");
    // Another program's counts as well, and a file of another kind is not ours to take away.
    let other = UnixListener::bind(&socket).expect("it can be made");
    refused("another server listens there");
    drop(other);
    std::fs::remove_file(&socket).expect("it is there");
    std::fs::write(&socket, "a letter").expect("it can be written");
    refused("something that is no socket stands there");
    assert_eq!(
        std::fs::read_to_string(&socket).expect("it is there"),
        "a letter"
    );
    let long = place.0.join("a".repeat(120));
    let ended = run(serve(&folder, &long, &[]));
    assert!(ended.err.contains("choose a shorter one"), "{}", ended.err);
    let nowhere = place.0.join("nowhere/site.sock");
    assert_eq!(run(serve(&folder, &nowhere, &[])).status, Some(2));
}

#[test]
fn a_server_that_ends_takes_no_socket_away_that_another_one_put_there() {
    let (folder, place) = (Folder::copied(), Place::new());
    let socket = place.socket();
    let mut first = Serving::start(serve(&folder, &socket, &[]));
    std::fs::remove_file(&socket).expect("it is there");
    let _second = Serving::start(serve(&folder, &socket, &[]));
    first.signal("TERM");
    assert_eq!(first.end(), Some(0));
    assert_eq!(wire::status(&get(&socket, "/", "")), Some(200));
}

#[test]
fn a_proxy_at_the_socket_is_believed_when_it_is_named() {
    let (folder, place) = (Folder::copied(), Place::new());
    let socket = place.socket();
    let https = "X-Forwarded-Proto: https\r\n";
    let told = "is not believed, so all readers share one allowance";
    let from = |number: u32| {
        let headers = format!("X-Forwarded-For: 203.0.113.{}\r\n", number % 250);
        wire::status(&exchange(&socket, &form(&headers, 13, "problem=cough")))
    };
    let serving = Serving::start(serve(&folder, &socket, &[]));
    assert!(serving.log().contains(told), "{}", serving.log());
    assert!(!get(&socket, "/", https).contains("strict-transport-security"));
    assert!(
        (0..200).any(|number| from(number) == Some(429)),
        "one allowance for all"
    );
    drop(serving);
    let serving = Serving::start(serve(&folder, &socket, &["--trusted-proxy", "unix"]));
    assert!(!serving.log().contains(told), "{}", serving.log());
    assert!(get(&socket, "/", https).contains("strict-transport-security: max-age"));
    // The same of a page on a connection that is kept, as proxies keep theirs.
    let kept = format!("GET / HTTP/1.1\r\nHost: x\r\n{https}\r\n");
    let last = "GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let told = exchange(&socket, &format!("{kept}{last}"));
    assert_eq!(told.matches("strict-transport-security").count(), 1);
    assert!(
        (0..200).all(|number| from(number) == Some(200)),
        "each has one"
    );
}
