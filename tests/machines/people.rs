//! People at the balancer: some read and look at everything that a page needs, some ask
//! for a visit and send again what got no answer, as the page of the balancer says.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use regex::Regex;
use signpost::booking::RequestCode;

use crate::fleet::mark;
use crate::visit_form::visit_form;
use crate::wire;

/// How often a person sends a form before a test gives up.
const TRIES: usize = 20;

/// Editions that a page may be of.
const EDITIONS: std::ops::RangeInclusive<u32> = 1..=3;

/// What readers saw, and what was wrong with it.
#[derive(Debug, Default)]
pub struct Seen {
    /// How many pages.
    pub pages: u32,
    /// Files that pages named, by edition.
    pub files: BTreeMap<u32, BTreeSet<String>>,
    /// Whatever no reader should have met.
    pub faults: BTreeSet<String>,
}

impl Seen {
    /// What two readers saw.
    pub fn and(mut self, other: Self) -> Self {
        self.pages += other.pages;
        for (edition, files) in other.files {
            self.files.entry(edition).or_default().extend(files);
        }
        self.faults.extend(other.faults);
        self
    }

    /// All files that any page named.
    pub fn all_files(&self) -> BTreeSet<&str> {
        self.files.values().flatten().map(String::as_str).collect()
    }
}

/// Reads pages, follows their links and fetches what they need, until somebody says stop. Each file is asked for at
/// the balancer, and at each of `machines` itself as well.
pub fn read(balancer: SocketAddr, machines: &[SocketAddr], stop: &AtomicBool) -> Seen {
    let link = Regex::new(r#"href="(/(?:articles|topics|book)[^"?\#]*)""#).expect("a pattern");
    let file = Regex::new(r#"/static/[^"\s,)&]+"#).expect("a pattern");
    let mut seen = Seen::default();
    let first = [
        "/",
        "/articles",
        "/articles/small-page",
        "/articles/every-part",
        "/book",
    ];
    let mut next: Vec<String> = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        let path = next.pop().unwrap_or_else(|| {
            next.extend(first.map(str::to_owned));
            "/".to_owned()
        });
        let Some(page) = fetch(balancer, &path, &mut seen) else {
            continue;
        };
        seen.pages += 1;
        let editions: Vec<u32> = EDITIONS.filter(|own| page.contains(&mark(*own))).collect();
        let &[edition] = editions.as_slice() else {
            seen.faults
                .insert(format!("{path} is of editions {editions:?}"));
            continue;
        };
        for found in file.find_iter(&page).map(|found| found.as_str()) {
            if !seen
                .files
                .entry(edition)
                .or_default()
                .insert(found.to_owned())
            {
                continue;
            }
            for addr in machines.iter().chain([&balancer]) {
                fetch(*addr, found, &mut seen);
            }
        }
        if path == "/articles" {
            let links = link.captures_iter(&page);
            next.extend(links.filter_map(|found| Some(found.get(1)?.as_str().to_owned())));
        }
    }
    seen
}

/// Fetches an address; what is no page or file is a fault.
fn fetch(addr: SocketAddr, path: &str, seen: &mut Seen) -> Option<String> {
    let answer = wire::exchange(addr, &format!("GET {path} HTTP/1.1"));
    let status = wire::status(&answer);
    if status == Some(200) {
        return Some(answer);
    }
    seen.faults.insert(format!("{path} at {addr}: {status:?}"));
    None
}

/// What people who asked for a visit were told.
#[derive(Debug, Default)]
pub struct Told {
    /// Codes by the name of who asked.
    pub codes: BTreeMap<String, BTreeSet<RequestCode>>,
    /// How often a form was sent and got no code.
    pub again: u32,
    /// How often somebody came through the campaign.
    pub views: u32,
}

impl Told {
    /// What two people were told.
    pub fn and(mut self, other: Self) -> Self {
        for (name, codes) in other.codes {
            self.codes.entry(name).or_default().extend(codes);
        }
        self.again += other.again;
        self.views += other.views;
        self
    }
}

/// Comes through the campaign and asks for a visit, again and again, until somebody says stop; each name once.
pub fn ask(balancer: SocketAddr, person: &str, count: &AtomicU32, stop: &AtomicBool) -> Told {
    let mut told = Told::default();
    let mut number = 0;
    while !stop.load(Ordering::Relaxed) {
        let view = "GET /go/flyer HTTP/1.1\r\nUser-Agent: Mozilla/5.0";
        let view = wire::exchange(balancer, view);
        assert_eq!(wire::status(&view), Some(302), "{view}");
        told.views += 1;
        let name = format!("{person}-{number}");
        number += 1;
        let code = (0..TRIES).find_map(|_| {
            let code = send(balancer, &name);
            told.again += u32::from(code.is_none());
            code
        });
        let code = code.expect("a form that is sent again and again is kept in the end");
        told.codes.entry(name).or_default().insert(code);
        count.fetch_add(1, Ordering::Relaxed);
    }
    told
}

/// Sends the form once, and gives the code; none if the balancer says to try again.
pub fn send(addr: SocketAddr, name: &str) -> Option<RequestCode> {
    let answer = post(addr, name, "");
    if answer.starts_with("HTTP/1.1 502") {
        return None;
    }
    let code = answer
        .lines()
        .find_map(|line| {
            line.to_lowercase()
                .strip_prefix("location: ")
                .map(str::to_owned)
        })
        .and_then(|to| to.trim().rsplit('/').next()?.to_uppercase().parse().ok());
    assert!(code.is_some(), "no code: {answer}");
    code
}

/// Posts the form, with a header line more, and gives the whole answer.
pub fn post(addr: SocketAddr, name: &str, header: &str) -> String {
    let request = visit_form(
        name,
        "campaign=flyer&",
        &format!(
            "User-Agent: Mozilla/5.0
{header}"
        ),
    );
    let mut stream = TcpStream::connect(addr).expect("it listens");
    let patience = Some(Duration::from_secs(20));
    stream
        .set_read_timeout(patience)
        .expect("a wait can be limited");
    stream.write_all(request.as_bytes()).expect("it is sent");
    let mut answer = Vec::new();
    stream
        .read_to_end(&mut answer)
        .expect("the balancer answers to the end");
    String::from_utf8_lossy(&answer).into_owned()
}
