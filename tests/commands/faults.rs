//! What happens when something is taken away in the middle: the process by a signal or without a word, in the middle of
//! requests and in the middle of builds.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use signpost::booking::RequestCode;
use signpost::ledger::{Ledger, LedgerPlace, Which};

use crate::folder::{Folder, REFERENCE};
use crate::program::{Serving, signpost, until};
use crate::wire;

const CLIENTS: u32 = 8;

fn serve(folder: &Folder, options: &[&str]) -> Command {
    let mut command = signpost(
        folder.root(),
        &["serve", "--addr", "127.0.0.1:0", "--rate-limits", "off"],
    );
    command.args(["--today", "2026-11-25"]).args(options);
    command
}

/// What came of a request.
enum Sent {
    /// Nobody took it.
    NotTaken,
    /// It was taken, and the connection broke off before an answer, or in its middle.
    BrokenOff,
    /// The whole answer came.
    Answered(String),
}

/// Sends a visit request over a connection of its own.
fn send(addr: SocketAddr, name: &str) -> Sent {
    let body = format!(
        "go=send&state=NY&how-soon=soonest&patient=new&name={name}&birth-month=7&birth-day=19&birth-year=1961\
         &phone=5555550123&preferred=phone&message=yes&payment=self-pay&consent=yes"
    );
    let request = format!(
        "POST /book/back-pain-visit HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let Ok(mut stream) = TcpStream::connect(addr) else {
        return Sent::NotTaken;
    };
    let limited = stream.set_read_timeout(Some(Duration::from_secs(20)));
    limited.expect("a wait can be limited");
    let mut answer = Vec::new();
    let sent = stream.write_all(request.as_bytes());
    let read = sent.and_then(|()| stream.read_to_end(&mut answer));
    match (read, String::from_utf8_lossy(&answer).into_owned()) {
        (Ok(_), answer) if answer.contains("\r\n\r\n") => Sent::Answered(answer),
        // The system had the connection in its queue, and nobody of ours ever saw it.
        (_, answer) if answer.is_empty() => Sent::BrokenOff,
        (_, answer) => panic!("half an answer: {answer}"),
    }
}

fn code(answer: &str) -> RequestCode {
    let line = answer
        .lines()
        .find_map(|line| line.strip_prefix("location: "));
    let code = line.and_then(|line| line.trim().rsplit('/').next()?.parse().ok());
    code.unwrap_or_else(|| panic!("no code in {answer}"))
}

fn kept(folder: &Folder) -> BTreeSet<RequestCode> {
    let ledger = Ledger::at(LedgerPlace::Sqlite(folder.path("var/ledger.sqlite")));
    let runtime = tokio::runtime::Runtime::new().expect("there are threads");
    let codes = runtime
        .block_on(ledger.codes(Which::All))
        .expect("the ledger opens");
    let distinct: BTreeSet<RequestCode> = codes.iter().copied().collect();
    assert_eq!(codes.len(), distinct.len(), "no code stands twice");
    distinct
}

#[test]
fn a_stop_under_load_loses_no_request_that_was_taken() {
    let folder = Folder::copied();
    let mut serving = Serving::start(serve(&folder, &[]));
    let addr = serving.addr;
    let acknowledged = AtomicU32::new(0);
    // The codes that were shown, and the names whose request broke off.
    let (mut shown, mut broken_off) = (BTreeSet::new(), Vec::new());
    std::thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| {
                let acknowledged = &acknowledged;
                scope.spawn(move || {
                    let mut codes = Vec::new();
                    for number in 0_u32.. {
                        let name = format!("Client-{client}-{number}");
                        match send(addr, &name) {
                            Sent::NotTaken => return (codes, None),
                            Sent::BrokenOff => return (codes, Some(name)),
                            Sent::Answered(answer) => codes.push(code(&answer)),
                        }
                        acknowledged.fetch_add(1, Ordering::Relaxed);
                    }
                    (codes, None)
                })
            })
            .collect();
        until("requests are acknowledged", || {
            acknowledged.load(Ordering::Relaxed) > 50
        });
        serving.signal("TERM");
        for client in clients {
            let (codes, broken) = client.join().expect("a client ends");
            shown.extend(codes);
            broken_off.extend(broken);
        }
    });
    assert_eq!(serving.end(), Some(0));
    let before = kept(&folder);
    assert!(
        shown.len() > 50 && shown.is_subset(&before),
        "every code that was shown is kept"
    );
    // Who got no answer was kept no more often than who was told: what is in the ledger was answered.
    assert_eq!(before.len(), shown.len(), "{} broke off", broken_off.len());
    // And whoever sends again is kept once.
    let serving = Serving::start(serve(&folder, &[]));
    for name in &broken_off {
        let Sent::Answered(answer) = send(serving.addr, name) else {
            panic!("{name} is not taken again");
        };
        code(&answer);
    }
    drop(serving);
    assert_eq!(kept(&folder).len(), shown.len() + broken_off.len());
}

#[test]
fn kills_in_the_middle_of_builds_leave_nothing_that_is_half_done() {
    let folder = Folder::copied();
    let file = "articles/lower-back-pain-popping-sound.md";
    let page = format!("/articles/{REFERENCE}");
    let mut title = "what it can mean\"".to_owned();
    for round in 0..4_u32 {
        let mut serving = Serving::start(serve(&folder, &[]));
        // The last one is being built or compressed at this very moment.
        for change in 0..=round {
            let next = format!("round {round} change {change}\"");
            folder.edit(file, &title, &next);
            title = next;
        }
        serving.signal("KILL");
        assert_eq!(serving.end(), None);
        let serving = Serving::start(serve(&folder, &[]));
        let answer = serving.get(&page);
        assert!(
            answer.contains(title.trim_end_matches('"')),
            "{round}: it begins with what is on disk"
        );
        let ends = answer.trim_end().ends_with("</html>");
        assert!(ends, "{round}: the page is whole");
    }
    let strange: Vec<_> = std::fs::read_dir(folder.path("articles"))
        .expect("the folder can be read")
        .map(|entry| entry.expect("the entry can be read").file_name())
        .filter(|name| {
            name.to_string_lossy().starts_with('.') || name.to_string_lossy().ends_with('~')
        })
        .collect();
    assert!(strange.is_empty(), "{strange:?}");
}

#[test]
fn a_content_folder_that_goes_and_comes_back_costs_no_reader_a_page() {
    let folder = Folder::copied();
    let root = folder.root().to_owned();
    let aside = root.with_extension("aside");
    let place = root.to_str().expect("the path is text");
    // What the server writes is elsewhere, as at a clinic: nothing but this test changes the folder.
    let state = Folder::whole();
    let ledger = state.path("var/ledger.sqlite");
    let ledger = ledger.to_str().expect("the path is text");
    let options = ["--content", place, "--ledger", ledger];
    let serving = Serving::start(serve(&folder, &options));
    let page = format!("/articles/{REFERENCE}");
    let is_told = || {
        serving
            .log()
            .matches("the last good content stays live")
            .count()
    };
    // First there is nothing at all, then what is left of a disk that is no longer mounted.
    std::fs::rename(&root, &aside).expect("it can be moved");
    for round in 0..2 {
        if round == 1 {
            std::fs::create_dir_all(&root).expect("the folder can be made");
        }
        let before = is_told();
        serving.signal("HUP");
        until("the operator is told", || is_told() > before);
        assert_eq!(wire::status(&serving.get(&page)), Some(200), "{round}");
        let reading = wire::status(&serving.get("/readyz/reading"));
        assert_eq!(reading, Some(200), "{round}: what is served is good");
    }
    std::fs::remove_dir_all(&root).expect("the folder can be removed");
    std::fs::rename(&aside, &root).expect("it can be moved back");
    let before = serving.log().matches("content is live").count();
    serving.signal("HUP");
    until("it is built again", || {
        serving.log().matches("content is live").count() > before
    });
    assert_eq!(wire::status(&serving.get(&page)), Some(200));
}
