//! How fast pages are served beside nginx, in the same run and on the same bytes: processor time
//! a request takes, and how long readers wait at a fixed rate.
//!
//! Each page is fetched from Signpost in every coding and laid down as files for nginx, which
//! serves them with `sendfile`, `open_file_cache`, `gzip_static` and `brotli_static` and sends the
//! same headers. Over many pages it is measured once with every file open, and once with a thousand. Both servers have one worker on core 0, the client is on core 1, and they answer
//! by turns, so what else the machine does falls on both. A ratio is nginx's processor time by
//! ours: above 1, a request costs us less. It needs Debian's `nginx-light` (or `nginx`) and
//! `libnginx-mod-http-brotli-static`, and two cores. `SIGNPOST_BENCH_ARTICLES`,
//! `SIGNPOST_BENCH_ROUNDS` and `SIGNPOST_BENCH_SECONDS` change how much is measured.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "measures time, and writes a site of its own"
)]

#[path = "../tests/support/authors.rs"]
mod authors;
#[path = "serve/client.rs"]
mod client;
#[path = "../tests/support/copy.rs"]
mod copy;
#[path = "../tests/support/generated.rs"]
mod generated;
#[path = "serve/peers.rs"]
mod peers;

use std::fs;
use std::path::Path;
use std::time::Duration;

use client::{Ask, Load, Waits};
use peers::{OpenFiles, Peer, lay_down, nginx, signpost};

/// The codings that a reader may ask for, and no change at all.
const CODINGS: [(&str, &str); 3] = [("identity", ""), ("gzip", "gzip"), ("br", "br")];

/// Requests a second at which waiting is measured.
const RATE: u32 = 4_000;

/// Over how many pages brotli is measured. nginx keeps files open by their names, but with the module for brotli it opens
/// some that it has open already, again and again, until it may open no more: 2,500 pages took 20,000 files in 4 seconds. With
/// gzip it does not.
const MOST_IN_BROTLI: usize = 1_000;

fn main() {
    let articles = number("SIGNPOST_BENCH_ARTICLES", 2_000);
    let rounds = number("SIGNPOST_BENCH_ROUNDS", 5);
    let seconds = Duration::from_secs(number("SIGNPOST_BENCH_SECONDS", 2) as u64);
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("serve");
    fs::remove_dir_all(&root).unwrap_or_default();
    let site = root.join("site");
    copy::copy(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("clinic"),
        &site.join("clinic"),
    );
    authors::add_authors(&site);
    generated::write_articles(&site, articles);
    let ours = signpost(&site);
    let paths: Vec<String> = (0..articles)
        .map(|number| format!("/articles/{}", generated::slug(number)))
        .collect();
    // Near the end of the alphabet, and behind all articles: what is compressed meanwhile would count as the readers' time.
    ours.wait_for_best_compression("/topics");
    std::thread::sleep(Duration::from_secs(2));
    let size = ours.fetch(&paths[0], "").body.len();
    let files = root.join("files");
    lay_down(&files, &ours, &paths);
    let start = |name: &str, kept| nginx(&root.join(name), &files, &ours, &paths[0], kept);
    let theirs = start("nginx", OpenFiles::All);
    let sparing = start("sparing", OpenFiles::AsDocumented);
    verify(&ours, &theirs, &paths);
    verify(&ours, &sparing, &paths);
    peers::pin_this_process();
    println!("{articles} articles; the hot page has {size} bytes; {rounds} rounds of {seconds:?}");
    println!("memory: {}, {}", ours.memory(), theirs.memory());
    println!("processor time a request takes, in µs: median of the rounds (least to most)");
    for (name, load) in loads(&paths) {
        compare(name, &ours, &theirs, &load, rounds, seconds);
    }
    println!(
        "and beside nginx that keeps the last thousand files open, as its documentation has it"
    );
    for (name, coding) in [("gzip, all", "gzip"), ("br, all", "br")] {
        let load = Load::all(&paths, Ask::Coding(coding));
        compare(name, &ours, &sparing, &load, rounds, seconds);
    }
    println!("waiting at {RATE} requests a second, br, in µs");
    let load = Load::one(&paths[0], Ask::Coding("br"));
    wait(&ours, &theirs, &load, rounds, seconds);
    println!("memory: {}, {}", ours.memory(), theirs.memory());
    drop((ours, theirs, sparing));
    fs::remove_dir_all(&root).unwrap_or_default();
}

/// A number that the environment gives, or another one.
fn number(name: &str, otherwise: usize) -> usize {
    std::env::var(name).map_or(otherwise, |text| text.parse().expect("it is a number"))
}

/// What is measured, in the order of printing.
fn loads(paths: &[String]) -> Vec<(&'static str, Load)> {
    let hot = &paths[0];
    let mut loads: Vec<(&'static str, Load)> = CODINGS
        .iter()
        .map(|(name, coding)| (*name, Load::one(hot, Ask::Coding(coding))))
        .collect();
    loads.push(("304", Load::one(hot, Ask::Unchanged)));
    loads.push(("gzip, all pages", Load::all(paths, Ask::Coding("gzip"))));
    let some = paths
        .get(..paths.len().min(MOST_IN_BROTLI))
        .unwrap_or_default();
    loads.push(("br, many pages", Load::all(some, Ask::Coding("br"))));
    loads
}

/// Stops when the two servers don't send the same.
fn verify(ours: &Peer, theirs: &Peer, paths: &[String]) {
    for path in paths.iter().step_by(paths.len().div_ceil(50)) {
        for (name, coding) in CODINGS {
            let (one, other) = (ours.fetch(path, coding), theirs.fetch(path, coding));
            assert_eq!(one.status, 200, "{path} {name}");
            assert_eq!(other.status, 200, "{path} {name} of nginx");
            assert_eq!(one.header("content-encoding"), coding, "{path}");
            assert_eq!(other.header("content-encoding"), coding, "{path} of nginx");
            assert!(one.body == other.body, "{path} {name}: two bodies");
        }
    }
}

/// Lets both answer by turns, and prints what a request costs each.
fn compare(name: &str, ours: &Peer, theirs: &Peer, load: &Load, rounds: usize, time: Duration) {
    let (mut own, mut other, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..=rounds {
        let (one, two) = (cost(ours, load, time), cost(theirs, load, time));
        // The first round warms up.
        if round > 0 {
            ratios.push(two / one);
            own.push(one);
            other.push(two);
        }
    }
    println!(
        "{name:>14}: signpost {}, nginx {}, ratio {}",
        spread(own),
        spread(other),
        spread(ratios)
    );
}

/// Processor time of a request, in microseconds.
fn cost(peer: &Peer, load: &Load, time: Duration) -> f64 {
    let before = peer.processor_time();
    let answered = client::saturate(peer, load, time);
    let spent = peer.processor_time() - before;
    spent.as_secs_f64() * 1e6 / answered as f64
}

/// Lets both answer at a fixed rate by turns, and prints how long readers wait.
fn wait(ours: &Peer, theirs: &Peer, load: &Load, rounds: usize, time: Duration) {
    let (mut p50, mut p99) = (Vec::new(), Vec::new());
    let (mut own, mut other) = (Vec::new(), Vec::new());
    for round in 0..=rounds {
        let one = client::pace(ours, load, RATE, time);
        let two = client::pace(theirs, load, RATE, time);
        if round > 0 {
            p50.push(one.p50 / two.p50);
            p99.push(one.p99 / two.p99);
            own.push(one);
            other.push(two);
        }
    }
    for (name, waits) in [("signpost", &own), ("nginx", &other)] {
        let of = |part: fn(&Waits) -> f64| spread(waits.iter().map(part).collect());
        println!(
            "{name:>14}: p50 {}, p99 {}",
            of(|waits| waits.p50),
            of(|waits| waits.p99)
        );
    }
    println!(
        "         ratio: p50 {}, p99 {} (below 1: ours is sooner)",
        spread(p50),
        spread(p99)
    );
}

/// "median (least to most)".
fn spread(mut values: Vec<f64>) -> String {
    values.sort_by(f64::total_cmp);
    let (least, most) = (values[0], values[values.len() - 1]);
    format!("{:.2} ({least:.2} to {most:.2})", values[values.len() / 2])
}
