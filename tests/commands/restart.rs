//! A server that is started again: it sends the pages of the last one at once if nothing has
//! changed, and never if anything has.

use std::io::{Read, Write};
use std::process::Command;

use crate::folder::{Folder, REFERENCE};
use crate::program::{Serving, signpost, until};
use crate::wire;

/// What the log says of pages that need not wait.
const SAME: &str = "nothing has changed: pages of before are sent";

fn serve(folder: &Folder, day: &str) -> Command {
    let arguments = ["serve", "--addr", "127.0.0.1:0", "--today", day];
    signpost(folder.root(), &arguments)
}

fn start(folder: &Folder) -> Serving {
    Serving::start(serve(folder, "2026-11-25"))
}

/// The answer to a reading as browsers send it: head and body.
fn read(serving: &Serving, path: &str) -> (String, Vec<u8>) {
    let mut stream = wire::connect(serving.addr);
    let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip, br\r\n\r\n");
    let sent = stream.write_all(request.as_bytes());
    sent.expect("the request is sent");
    let (mut answer, mut part) = (Vec::new(), [0; 4096]);
    loop {
        let length = stream.read(&mut part).expect("the answer comes");
        answer.extend_from_slice(part.get(..length).unwrap_or_default());
        let text = String::from_utf8_lossy(&answer).into_owned();
        let Some((head, _)) = text.split_once("\r\n\r\n") else {
            assert!(length > 0, "no whole head: {text}");
            continue;
        };
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "))
            .and_then(|number| number.parse::<usize>().ok())
            .expect("it says its length");
        let body = answer.get(head.len() + 4..).unwrap_or_default();
        if body.len() >= length {
            let head = head.lines().filter(|line| !line.starts_with("date: "));
            return (head.collect::<Vec<_>>().join("\n"), body.to_vec());
        }
    }
}

/// Serves a site until its pages are kept for the next start, and stops.
fn serve_once(folder: &Folder) -> (String, Vec<u8>) {
    let mut serving = start(folder);
    let inventory = folder.path("var/compressed.inventory");
    until("pages are kept", || inventory.exists());
    let page = read(&serving, &article());
    assert!(
        page.0.contains("-br\""),
        "it is as small as can be: {}",
        page.0
    );
    serving.signal("TERM");
    assert_eq!(serving.end(), Some(0));
    page
}

fn article() -> String {
    format!("/articles/{REFERENCE}")
}

#[test]
fn a_server_that_starts_again_sends_the_same_pages_at_once() {
    let folder = Folder::copied();
    let before = serve_once(&folder);
    let mut serving = start(&folder);
    assert!(read(&serving, &article()) == before, "another page");
    assert!(serving.log().contains(SAME), "{}", serving.log());
    // What is not a page waits until the site is there, and is then answered as ever.
    assert_eq!(wire::status(&serving.get("/readyz/reading")), Some(200));
    assert_eq!(wire::status(&serving.get("/nothing-there")), Some(404));
    until("search finds", || {
        wire::status(&serving.get("/search?q=back")) == Some(200)
    });
    assert!(serving.log().contains("content is live"));
    // And what it knows already is pressed by nobody again.
    until("pages are small", || read(&serving, &article()) == before);
    serving.signal("TERM");
    assert_eq!(serving.end(), Some(0));
}

#[test]
fn a_server_that_is_told_to_stop_before_its_site_is_there_stops() {
    let folder = Folder::copied();
    serve_once(&folder);
    for _ in 0..3 {
        let mut serving = start(&folder);
        let mut waiting = wire::connect(serving.addr);
        let sent = waiting.write_all(b"GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n");
        sent.expect("the request is sent");
        serving.signal("TERM");
        assert_eq!(serving.end(), Some(0), "{}", serving.log());
    }
}

#[test]
fn a_server_that_is_told_to_stop_as_soon_as_its_site_is_there_stops() {
    let folder = Folder::copied();
    // Whether its first trial of the ledger has ended by then is a matter of microseconds.
    for _ in 0..8 {
        let mut serving = start(&folder);
        let ready = serving.get("/readyz/reading");
        assert_eq!(wire::status(&ready), Some(200), "{ready}");
        serving.signal("TERM");
        assert_eq!(serving.end(), Some(0), "{}", serving.log());
        assert!(!serving.log().contains("panicked"), "{}", serving.log());
    }
}

/// What somebody did between two starts, and on which day the second is.
type Change = (&'static str, fn(&Folder), &'static str);

#[test]
fn what_changed_between_two_starts_is_never_sent_as_it_was() {
    let today = "2026-11-25";
    let rows: [Change; 7] = [
        ("an article was edited", |folder| retitle(folder), today),
        (
            "the clinic has another name",
            |folder| {
                folder.edit("clinic/clinic.toml", "name = \"", "name = \"New ");
            },
            today,
        ),
        ("it is another day", |_| {}, "2026-11-26"),
        (
            "the compressed pages were deleted",
            |folder| folder.remove("var/compressed"),
            today,
        ),
        (
            "the inventory was deleted",
            |folder| folder.remove("var/compressed.inventory"),
            today,
        ),
        (
            "the inventory was cut",
            |folder| cut(folder, "var/compressed.inventory"),
            today,
        ),
        (
            "the compressed pages were cut",
            |folder| cut(folder, "var/compressed"),
            today,
        ),
    ];
    let folder = Folder::copied();
    for (what, change, day) in rows {
        serve_once(&folder);
        change(&folder);
        let mut serving = Serving::start(serve(&folder, day));
        let (head, _) = read(&serving, &article());
        assert!(head.starts_with("HTTP/1.1 200"), "{what}: {head}");
        assert!(!serving.log().contains(SAME), "{what}: {}", serving.log());
        let page = serving.get(&article());
        let title = folder.read(&format!("articles/{REFERENCE}.md"));
        let title = title.lines().find_map(|line| line.strip_prefix("title: "));
        let title = title.expect("it has one").trim_matches('"');
        assert!(page.contains(title), "{what}: {title}");
        serving.signal("TERM");
        assert_eq!(serving.end(), Some(0), "{what}");
        // It ends before all of it is kept again, or after.
        for file in ["var/compressed", "var/compressed.inventory"] {
            std::fs::remove_file(folder.path(file)).unwrap_or_default();
        }
    }
}

fn retitle(folder: &Folder) {
    let file = format!("articles/{REFERENCE}.md");
    folder.edit(&file, "title: \"", "title: \"New: ");
}

/// Leaves the first half of a file.
fn cut(folder: &Folder, file: &str) {
    let path = folder.path(file);
    let opened = std::fs::File::options().write(true).open(path);
    let cut = opened.and_then(|file| file.set_len(file.metadata()?.len() / 2));
    cut.expect("it can be cut");
}

#[test]
fn a_spoiled_page_is_made_again_and_the_operator_is_told() {
    let folder = Folder::copied();
    let before = serve_once(&folder);
    let path = folder.path("var/compressed");
    let mut bytes = std::fs::read(&path).expect("it is there");
    // The length stays, so only whoever reads it can notice.
    bytes[64..].iter_mut().for_each(|byte| *byte ^= 0x55);
    std::fs::write(&path, bytes).expect("it can be written");
    let serving = start(&folder);
    let (head, _) = read(&serving, &article());
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    until("it is small again", || read(&serving, &article()) == before);
    let told = "the file of compressed pages can't be read; pages are made again";
    assert!(serving.log().contains(told), "{}", serving.log());
}
