//! The program in a process of its own, with an environment that holds nothing.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::wire;

/// How often something is looked at before a test gives up, and how long between two looks.
const LOOKS: u32 = 2400;
const BETWEEN_LOOKS: Duration = Duration::from_millis(25);

/// What a program printed until it ended.
pub struct Ended {
    /// The exit status.
    pub status: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

/// The program with arguments, in a folder.
pub fn signpost(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_signpost"));
    command.args(arguments).current_dir(folder).env_clear();
    command
}

/// Runs a program that ends by itself.
pub fn run(mut command: Command) -> Ended {
    let output = command.output().expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it prints UTF-8");
    Ended {
        status: output.status.code(),
        out: text(output.stdout),
        err: text(output.stderr),
    }
}

/// A program that serves. It is ended when the value is dropped.
pub struct Serving {
    child: Child,
    /// Where it listens; nowhere that can be asked, if that is a Unix socket.
    pub addr: SocketAddr,
    /// The line that it printed first.
    pub first_line: String,
    log: Arc<Mutex<String>>,
}

impl Serving {
    /// Starts a program and waits until it says where it listens.
    pub fn start(mut command: Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let log = Arc::new(Mutex::new(String::new()));
        let stderr = child.stderr.take().expect("standard error is a pipe");
        let kept = Arc::clone(&log);
        std::thread::spawn(move || keep(stderr, &kept));
        let stdout = child.stdout.take().expect("standard output is a pipe");
        let mut first_line = String::new();
        BufReader::new(stdout)
            .read_line(&mut first_line)
            .expect("it prints a line");
        let addr = match first_line.trim_end().strip_prefix("listening on ") {
            Some(place) if place.starts_with("unix:") => Some(SocketAddr::from(([0, 0, 0, 0], 0))),
            place => place
                .and_then(|place| place.split_once("://"))
                .and_then(|(_, addr)| addr.parse().ok()),
        };
        let Some(addr) = addr else {
            child.wait().expect("it ended");
            panic!(
                "it printed `{first_line}`, and on standard error:\n{}",
                text_of(&log)
            );
        };
        Self {
            child,
            addr,
            first_line,
            log,
        }
    }

    /// Asks for a page and gives the whole answer.
    pub fn get(&self, path: &str) -> String {
        wire::exchange(self.addr, &format!("GET {path} HTTP/1.1"))
    }

    /// Everything that it logged so far.
    pub fn log(&self) -> String {
        text_of(&self.log)
    }

    /// Sends it a signal by name, such as `TERM`.
    pub fn signal(&self, name: &str) {
        let process = self.child.id();
        let sent = Command::new("sh")
            .args(["-c", &format!("kill -{name} {process}")])
            .status()
            .expect("there is a shell");
        assert!(sent.success(), "no signal {name}");
    }

    /// Waits until it ends, and gives the exit status.
    pub fn end(&mut self) -> Option<i32> {
        let child = &mut self.child;
        let mut status = None;
        until("the program ends", || {
            status = child.try_wait().expect("it can be asked");
            status.is_some()
        });
        status.and_then(|status| status.code())
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended by itself, and then there is nothing to end.
        self.child.kill().unwrap_or_default();
        self.child.wait().map(|_| ()).unwrap_or_default();
    }
}

fn keep(mut from: impl Read, to: &Mutex<String>) {
    let mut part = [0; 4096];
    while let Ok(length @ 1..) = from.read(&mut part) {
        let text = String::from_utf8_lossy(part.get(..length).unwrap_or_default()).into_owned();
        to.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push_str(&text);
    }
}

fn text_of(log: &Mutex<String>) -> String {
    log.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// Looks until something holds, a bounded number of times.
pub fn until(what: &str, mut holds: impl FnMut() -> bool) {
    for _ in 0..LOOKS {
        if holds() {
            return;
        }
        std::thread::sleep(BETWEEN_LOOKS);
    }
    panic!("it never came: {what}");
}
