//! How long a start takes with 10,000 articles: until the first page is answered, until every article
//! and then every page is compressed quickly, and until it is compressed as well as can be; then the same once more
//! with what the first server left on disk. Beside it, in the same run, whole builds of the same
//! Markdown by Hugo and Zola, as far as they are installed: they write files and check nothing.
//! `SIGNPOST_BENCH_ARTICLES` changes the number.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
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
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

fn main() {
    let articles = std::env::var("SIGNPOST_BENCH_ARTICLES").ok();
    let articles = articles.map_or(10_000, |text| text.parse().expect("it is a number"));
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("start");
    fs::remove_dir_all(&root).unwrap_or_default();
    let site = root.join("site");
    copy::copy(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("clinic"),
        &site.join("clinic"),
    );
    authors::add_authors(&site);
    generated::write_articles(&site, articles);
    println!("{articles} articles, files in the system's cache");
    println!("nothing kept:  {}", start(&site, articles));
    let kept = fs::metadata(site.join("var/compressed")).map_or(0, |file| file.len());
    println!("kept on disk:  {} MiB", kept / 1024 / 1024);
    println!("restart:       {}", start(&site, articles));
    for (name, build) in [
        ("hugo", hugo as fn(&Path, &Path) -> Command),
        ("zola", zola),
    ] {
        let is_there = Command::new(name).arg("version").output().is_ok()
            || Command::new(name).arg("--version").output().is_ok();
        match is_there {
            true => println!(
                "{name}, whole build to files: {:.2} s",
                peer(build, &root, &site)
            ),
            false => println!("{name} is not installed"),
        }
    }
    fs::remove_dir_all(&root).unwrap_or_default();
}

/// Starts a server, and says when what was there.
fn start(site: &Path, articles: usize) -> String {
    let begun = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_signpost"))
        .args(["serve", "--addr", "127.0.0.1:0", "--log", "error"])
        .args(["--today", "2026-11-25", "--content"])
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
    let addr = line.trim().strip_prefix("listening on http://");
    let addr: SocketAddr = addr.and_then(|addr| addr.parse().ok()).expect("it listens");
    // The last in the alphabet, so that all others are there too.
    let path = format!(
        "/articles/{}",
        (0..articles).map(generated::slug).max().expect("one")
    );
    until(addr, &path, |_| true);
    let first = begun.elapsed();
    until(addr, &path, |head| head.contains("content-encoding: br"));
    let articles = begun.elapsed();
    // Other forms of articles come after the articles themselves.
    let other = format!("{path}.json");
    until(addr, &other, |head| head.contains("content-encoding: br"));
    let quick = begun.elapsed();
    // Near the end of the alphabet, and behind all articles.
    until(addr, "/topics", |head| head.contains("-br\""));
    let (best, at_best) = (begun.elapsed(), SystemTime::now());
    let memory = fs::read_to_string(format!("/proc/{}/status", child.id())).expect("it runs");
    let peak = memory
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .map_or("", str::trim);
    let told = format!(
        "first page {:.2} s, all articles compressed {:.2} s, all pages {:.2} s, all at their best {:.2} s, peak memory {peak}",
        first.as_secs_f64(),
        articles.as_secs_f64(),
        quick.as_secs_f64(),
        best.as_secs_f64()
    );
    // It is kept a moment later.
    let kept = site.join("var/compressed.inventory");
    let is_kept = || fs::metadata(&kept).is_ok_and(|file| file.modified().unwrap() > at_best);
    for _ in 0..1_200 {
        if is_kept() {
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    let ended = Command::new("kill").arg(child.id().to_string()).status();
    assert!(ended.expect("kill is there").success());
    child.wait().expect("it ends");
    told
}

/// Asks until the head of an answer is as it should be.
fn until(addr: SocketAddr, path: &str, holds: impl Fn(&str) -> bool) {
    loop {
        let mut stream = TcpStream::connect(addr).expect("it listens");
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: br\r\nConnection: close\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).expect("it takes it");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("it answers");
        let answer = String::from_utf8_lossy(&answer).to_lowercase();
        let (head, _) = answer.split_once("\r\n\r\n").expect("a head");
        assert!(head.starts_with("http/1.1 200"), "{head}");
        if holds(head) {
            return;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Seconds that a site generator takes for the same articles, to files.
fn peer(build: fn(&Path, &Path) -> Command, root: &Path, site: &Path) -> f64 {
    let own = root.join("peer");
    fs::remove_dir_all(&own).unwrap_or_default();
    let mut command = build(&own, site);
    let begun = Instant::now();
    let done = command.output().expect("it runs");
    let time = begun.elapsed().as_secs_f64();
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    time
}

/// A page with its text, and nothing else: less than what we render.
const LAYOUT: &str = "<!doctype html><html lang=en><meta charset=utf-8><title>TITLE</title><main>CONTENT</main></html>";

fn hugo(own: &Path, site: &Path) -> Command {
    let layouts = own.join("layouts/_default");
    fs::create_dir_all(&layouts).expect("a folder");
    let page = LAYOUT.replace("TITLE", "{{ .Title }}");
    let page = page.replace("CONTENT", "{{ .TableOfContents }}{{ .Content }}");
    for name in ["single.html", "list.html"] {
        fs::write(layouts.join(name), &page).expect("a file");
    }
    fs::write(
        own.join("hugo.toml"),
        "baseURL = \"https://clinic.example/\"\n",
    )
    .expect("a file");
    copy::copy(&site.join("articles"), &own.join("content/articles"));
    let mut command = Command::new("hugo");
    command.args(["--quiet", "--source"]).arg(own);
    command
}

fn zola(own: &Path, site: &Path) -> Command {
    let templates = own.join("templates");
    fs::create_dir_all(&templates).expect("a folder");
    let page = LAYOUT.replace("TITLE", "{{ page.title }}");
    let page = page.replace("CONTENT", "{{ page.content | safe }}");
    fs::write(templates.join("page.html"), page).expect("a file");
    for name in ["index.html", "section.html"] {
        fs::write(templates.join(name), "<title>List</title>").expect("a file");
    }
    fs::write(
        own.join("config.toml"),
        "base_url = \"https://clinic.example\"\n",
    )
    .expect("a file");
    let content = own.join("content/articles");
    fs::create_dir_all(&content).expect("a folder");
    for entry in fs::read_dir(site.join("articles")).expect("articles") {
        let path = entry.expect("an entry").path();
        let text = fs::read_to_string(&path).expect("text");
        // Zola knows a few keys alone, so only the title is left to it.
        let (_, rest) = text.split_once("---\n").expect("front matter");
        let (front, body) = rest.split_once("\n---\n").expect("front matter");
        let title = front.lines().find(|line| line.starts_with("title:"));
        let page = format!("---\n{}\n---\n{body}", title.unwrap_or("title: A"));
        fs::write(content.join(path.file_name().expect("a name")), page).expect("a file");
    }
    let mut command = Command::new("zola");
    command.arg("--root").arg(own).arg("build");
    command
}
