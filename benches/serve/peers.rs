//! The two servers, each with one worker on core 0, and what the system says of them.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::CODINGS;
use crate::client::request;

/// Where Debian's packages put the module that serves `.br` files.
const BROTLI_MODULE: &str = "/usr/lib/nginx/modules/ngx_http_brotli_static_module.so";

/// Headers that each server makes itself.
const OWN_HEADERS: [&str; 9] = [
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "etag",
    "last-modified",
    "server",
    "vary",
];

/// Clock ticks a second in `/proc/*/stat`. Source: `proc(5)`; it is 100 on every Linux that we know.
const TICKS: f64 = 100.0;

/// A server. It is ended when the value is dropped.
pub struct Peer {
    name: &'static str,
    child: Child,
    pub addr: SocketAddr,
}

/// An answer, whole.
pub struct Answer {
    pub status: u16,
    head: String,
    pub body: Vec<u8>,
}

impl Answer {
    /// A header, empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        let line = self.headers().find(|(own, _)| own == name);
        line.map_or("", |(_, value)| value)
    }

    /// Names in lower case, with their values.
    fn headers(&self) -> impl Iterator<Item = (String, &str)> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.map(|(name, value)| (name.to_lowercase(), value))
    }
}

/// Starts Signpost on a content folder.
pub fn signpost(site: &Path) -> Peer {
    let mut child = Command::new(env!("CARGO_BIN_EXE_signpost"))
        .args(["serve", "--addr", "127.0.0.1:0", "--workers", "1"])
        .args(["--log", "error", "--no-watch", "--today", "2026-11-25"])
        .arg("--content")
        .arg(site)
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
    Peer {
        name: "signpost",
        addr: addr.parse().expect("an address"),
        child,
    }
}

/// How many files nginx keeps open.
#[derive(Debug, Clone, Copy)]
pub enum OpenFiles {
    /// All that it serves.
    All,
    /// The last thousand, as in the example of its documentation of `open_file_cache`.
    AsDocumented,
}

impl OpenFiles {
    fn settings(self) -> &'static str {
        match self {
            Self::All => {
                "open_file_cache max=60000 inactive=600s;
    open_file_cache_valid 600s;
    open_file_cache_errors on;"
            }
            Self::AsDocumented => {
                "open_file_cache max=1000 inactive=20s;
    open_file_cache_valid 30s;
    open_file_cache_min_uses 2;
    open_file_cache_errors on;"
            }
        }
    }
}

/// Lays pages down as files, in every coding.
pub fn lay_down(files: &Path, ours: &Peer, paths: &[String]) {
    for path in paths {
        for (_, coding) in CODINGS {
            let ending = match coding {
                "" => "",
                "gzip" => ".gz",
                _ => ".br",
            };
            let file = files.join(format!("{}{ending}", path.trim_start_matches('/')));
            fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
            fs::write(file, ours.fetch(path, coding).body).expect("the file can be written");
        }
    }
}

/// Starts nginx on files in a folder of its own, and binds it and us to core 0. Its headers are those of a page of ours.
pub fn nginx(root: &Path, files: &Path, ours: &Peer, page: &str, kept: OpenFiles) -> Peer {
    fs::create_dir_all(root).expect("a folder");
    let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let addr = free.local_addr().expect("an address");
    drop(free);
    let settings = settings(root, files, addr, &ours.fetch(page, "br"), kept);
    let file = root.join("nginx.conf");
    fs::write(&file, settings).expect("the file can be written");
    let child = Command::new("nginx")
        .arg("-p")
        .arg(root)
        .arg("-c")
        .arg(&file)
        .stderr(Stdio::inherit())
        .spawn()
        .expect("nginx is installed");
    let peer = Peer {
        name: "nginx",
        child,
        addr,
    };
    for _ in 0..100 {
        if TcpStream::connect(addr).is_ok() {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    for pid in ours.pids().into_iter().chain(peer.pids()) {
        pin(pid, 0);
    }
    peer
}

/// As many files as a process may have open here: nginx asks for three of each page, and keeps them open.
fn most_files() -> u64 {
    let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile);
    limit.maximum.unwrap_or(1 << 20)
}

/// nginx as fast as it goes, with the headers that we send.
fn settings(root: &Path, files: &Path, addr: SocketAddr, ours: &Answer, kept: OpenFiles) -> String {
    let headers: String = ours
        .headers()
        .filter(|(name, _)| !OWN_HEADERS.contains(&name.as_str()))
        .map(|(name, value)| format!("    add_header {name} \"{value}\";\n"))
        .collect();
    let (root, files, most_files) = (root.display(), files.display(), most_files());
    let kept = kept.settings();
    format!(
        "load_module {BROTLI_MODULE};
worker_processes 1;
worker_rlimit_nofile {most_files};
daemon off;
pid {root}/nginx.pid;
error_log {root}/nginx.log warn;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    server_tokens off;
    default_type \"text/html; charset=utf-8\";
    sendfile on;
    tcp_nopush on;
    tcp_nodelay on;
    keepalive_timeout 75;
    keepalive_requests 1000000000;
    {kept}
    gzip_static on;
    gzip_vary on;
    gzip_proxied any;
    brotli_static on;
    client_body_temp_path {root}/body;
    proxy_temp_path {root}/proxy;
    fastcgi_temp_path {root}/fastcgi;
    uwsgi_temp_path {root}/uwsgi;
    scgi_temp_path {root}/scgi;
{headers}
    server {{
        listen {addr} backlog=4096;
        root {files};
    }}
}}
"
    )
}

/// Binds this process to core 1.
pub fn pin_this_process() {
    pin(std::process::id(), 1);
}

fn pin(pid: u32, core: u32) {
    let bound = Command::new("taskset")
        .args(["--all-tasks", "--pid", "--cpu-list"])
        .args([core.to_string(), pid.to_string()])
        .stdout(Stdio::null())
        .status()
        .expect("util-linux is installed");
    assert!(
        bound.success(),
        "process {pid} can't be bound to core {core}"
    );
}

impl Peer {
    /// One page in a coding, on a connection of its own.
    pub fn fetch(&self, path: &str, coding: &str) -> Answer {
        let mut stream = TcpStream::connect(self.addr).expect("it listens");
        let request = request(path, coding, "Connection: close\r\n");
        stream.write_all(request.as_bytes()).expect("it takes it");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("it answers");
        let head = answer
            .windows(4)
            .position(|four| four == b"\r\n\r\n")
            .expect("a head");
        let body = answer.split_off(head + 4);
        let head = String::from_utf8(answer).expect("a head is text");
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok());
        Answer {
            status: status.expect("a status"),
            head,
            body,
        }
    }

    /// Waits until what is made small in the background is there.
    pub fn wait_for_best_compression(&self, path: &str) {
        for _ in 0..6_000 {
            if self.fetch(path, "br").header("etag").ends_with("-br\"") {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("pages were not compressed after ten minutes");
    }

    /// The process and its children: nginx answers from a child.
    fn pids(&self) -> Vec<u32> {
        let own = self.child.id();
        let children = fs::read_to_string(format!("/proc/{own}/task/{own}/children"));
        let children = children.unwrap_or_default();
        let children = children
            .split_whitespace()
            .filter_map(|pid| pid.parse().ok());
        std::iter::once(own).chain(children).collect()
    }

    /// User and system time so far.
    pub fn processor_time(&self) -> Duration {
        let ticks = |pid: u32| -> u64 {
            let stat = fs::read_to_string(format!("/proc/{pid}/stat")).expect("it runs");
            let (_, fields) = stat.rsplit_once(") ").expect("a name");
            let fields: Vec<&str> = fields.split(' ').collect();
            // Fields 14 and 15 of the whole line; two stand before these.
            let field = |at: usize| fields[at].parse::<u64>().expect("a number");
            field(11) + field(12)
        };
        let all: u64 = self.pids().into_iter().map(ticks).sum();
        Duration::from_secs_f64(all as f64 / TICKS)
    }

    /// What is in memory, shared pages counted by their share.
    pub fn memory(&self) -> String {
        let kib = |pid: u32| -> u64 {
            let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup"));
            let rollup = rollup.unwrap_or_default();
            let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"));
            let number = line.and_then(|line| line.trim().strip_suffix(" kB"));
            number
                .and_then(|text| text.trim().parse().ok())
                .unwrap_or(0)
        };
        let all: u64 = self.pids().into_iter().map(kib).sum();
        format!("{} {} MiB", self.name, all / 1024)
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        for pid in self.pids().into_iter().rev() {
            let ended = Command::new("kill").arg(pid.to_string()).status();
            ended.expect("kill is there");
        }
        self.child.wait().expect("it ends");
    }
}
