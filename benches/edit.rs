//! How long an edit takes to reach a browser: from the rename by which an editor saves a file to
//! the moment at which a reader of HTTP has the new page, and at which the open page is told. Two
//! kinds of edit: one of the text, and one of the title, which lists show as well.
//! `cargo bench --bench edit` prints both for 1,000 and 10,000 articles, beside a whole build.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "measures time, and writes a site of its own"
)]

#[path = "../tests/support/authors.rs"]
mod authors;
#[path = "../tests/support/copy.rs"]
mod copy;
#[path = "../tests/support/generated.rs"]
mod generated;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// How many saves of each kind are measured, after some that are not.
const SAVES: usize = 100;
const WARM_UP: usize = 5;

/// Time between two saves, shorter than anybody writes a sentence: what follows a save, such as search, is done by then.
const PAUSE: Duration = Duration::from_millis(800);

fn main() {
    println!(
        "median, p95 and p99 of {SAVES} saves, in ms; `page`: a reader has it, `event`: the open page is told"
    );
    for count in [1_000, 10_000] {
        measure(count);
    }
}

fn measure(count: usize) {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("edit-{count}"));
    fs::remove_dir_all(&root).unwrap_or_default();
    copy::copy(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("clinic"),
        &root.join("clinic"),
    );
    authors::add_authors(&root);
    generated::write_articles(&root, count);
    let begun = Instant::now();
    let server = Server::start(&root);
    println!(
        "{count} articles: whole build and start {:.0} ms",
        ms(begun.elapsed())
    );
    for kind in ["text", "title"] {
        let (mut pages, mut events) = (Vec::new(), Vec::new());
        for save in 0..SAVES + WARM_UP {
            std::thread::sleep(PAUSE);
            let (page, event) = server.save(&root, count, kind, save);
            if save >= WARM_UP {
                pages.push(page);
                events.push(event);
            }
        }
        println!(
            "{count} articles, {kind}: page {}, event {}",
            told(pages),
            told(events)
        );
    }
    drop(server);
    fs::remove_dir_all(&root).unwrap_or_default();
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// "median …, p95 …, p99 …".
fn told(mut times: Vec<Duration>) -> String {
    times.sort();
    let at = |part: usize| {
        times
            .get((times.len() * part / 100).min(times.len() - 1))
            .copied()
    };
    let [median, p95, p99] = [50, 95, 99].map(|part| ms(at(part).unwrap_or_default()));
    format!("median {median:.1}, p95 {p95:.1}, p99 {p99:.1}")
}

/// The program in preview. It is ended when the value is dropped.
struct Server {
    child: Child,
    addr: SocketAddr,
}

impl Server {
    fn start(root: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_signpost"))
            .args([
                "serve",
                "--preview",
                "--addr",
                "127.0.0.1:0",
                "--log",
                "error",
            ])
            .args(["--today", "2026-11-25", "--content"])
            .arg(root)
            .env_clear()
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        let out = child.stdout.take().expect("standard output is a pipe");
        let mut line = String::new();
        BufReader::new(out)
            .read_line(&mut line)
            .expect("it prints a line");
        let addr = line
            .trim()
            .strip_prefix("listening on http://")
            .expect("it listens");
        let addr = addr.parse().expect("an address");
        let server = Self { child, addr };
        // The first look at all files is over when a change is seen at once.
        std::thread::sleep(Duration::from_secs(2));
        server
    }

    /// Saves an article as editors do, and waits for the page and for the event.
    fn save(&self, root: &Path, count: usize, kind: &str, save: usize) -> (Duration, Duration) {
        let number = save * 37 % count;
        let address = format!("/articles/{}", generated::slug(number));
        let clinic = generated::Clinic::of(root);
        let text = generated::article(number, count, &clinic);
        let mark = format!("Edit {save} of the {kind}");
        let text = match kind {
            "title" => text.replacen("title: \"", &format!("title: \"{mark}: "), 1),
            _ => format!("{text}\n{mark}.\n"),
        };
        let has = self.version(&address);
        let events = self.listen(&address, &has);
        let file = root.join(format!("articles/{}.md", generated::slug(number)));
        let aside: PathBuf = root.join("articles/.save.tmp");
        fs::write(&aside, text).expect("the file can be written");
        let begun = Instant::now();
        fs::rename(&aside, &file).expect("the file can be renamed");
        let page = loop {
            if self.get(&address).contains(&mark) {
                break begun.elapsed();
            }
            std::thread::sleep(Duration::from_millis(1));
            assert!(begun.elapsed().as_secs() < 60, "{address} never changed");
        };
        let told = events
            .recv_timeout(Duration::from_secs(60))
            .expect("an event");
        (page, told - begun)
    }

    fn get(&self, address: &str) -> String {
        let mut stream = TcpStream::connect(self.addr).expect("it listens");
        write!(
            stream,
            "GET {address} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        answer
    }

    fn version(&self, address: &str) -> String {
        let answer = self.get(address);
        let (_, rest) = answer.split_once("page;desc=\"").expect("a version");
        rest.split('"').next().unwrap_or_default().to_owned()
    }

    /// Tells when the open page is told that it changed.
    fn listen(&self, address: &str, has: &str) -> Receiver<Instant> {
        let mut stream = TcpStream::connect(self.addr).expect("it listens");
        write!(
            stream,
            "GET /preview/events?page={address}&has={has} HTTP/1.1\r\nHost: localhost\r\n\r\n"
        )
        .unwrap();
        let mut lines = BufReader::new(stream).lines();
        // The stream is open when its first empty comment is here.
        let is_open = |line: &str| line == ":";
        assert!(
            lines
                .by_ref()
                .map_while(Result::ok)
                .any(|line| is_open(&line))
        );
        let (sender, receiver) = channel();
        std::thread::spawn(move || {
            if lines
                .map_while(Result::ok)
                .any(|line| line == "event: changed")
            {
                sender.send(Instant::now()).unwrap_or_default();
            }
        });
        receiver
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().unwrap_or_default();
        self.child.wait().map(|_| ()).unwrap_or_default();
    }
}
