//! Visit requests against the real program: killed again and again under load, and
//! looked through for anything that a patient typed.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use signpost::booking::RequestCode;
use signpost::ledger::{Ledger, LedgerPlace, Which};

use crate::folder::{Folder, copy, repository};
use crate::program::{Serving, signpost, until};
use crate::visit_form::visit_form;
use crate::wire;

const KILLS: u32 = 100;
const CLIENTS: u32 = 4;

/// The smallest site that takes requests.
fn small_site(name: &str) -> PathBuf {
    let root =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
    std::fs::remove_dir_all(&root).unwrap_or_default();
    copy(&repository().join("tests/content/sound"), &root);
    let settings = "keep_days = 30\nanswer_within = \"soon\"\n";
    std::fs::write(root.join("clinic/booking.toml"), settings).expect("it can be written");
    root
}

fn serving(root: &Path) -> Command {
    let mut command = signpost(root, &["serve", "--addr", "127.0.0.1:0", "--workers", "2"]);
    command.args(["--today", "2026-11-25", "--rate-limits", "off"]);
    command
}

/// Sends one request and gives the code; none if the server died meanwhile.
fn send(addr: SocketAddr, name: &str) -> Option<RequestCode> {
    let request = visit_form(name, "", "");
    let mut stream = TcpStream::connect(addr).ok()?;
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .ok()?;
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = Vec::new();
    // A connection that is cut off in the middle has said nothing.
    std::io::Read::read_to_end(&mut stream, &mut answer).ok()?;
    let answer = String::from_utf8_lossy(&answer);
    let line = answer
        .lines()
        .find_map(|line| line.strip_prefix("location: "))?;
    line.trim().rsplit('/').next()?.parse().ok()
}

#[test]
fn a_hundred_kills_under_load_lose_no_request_and_keep_none_twice() {
    let root = small_site("kills");
    // By name of the person: the codes that were shown for it.
    let mut shown: BTreeMap<String, BTreeSet<RequestCode>> = BTreeMap::new();
    // What each client has to send next; a request that got no answer is sent again.
    let mut next = vec![0_u32; CLIENTS as usize];
    for round in 0..KILLS {
        let server = Serving::start(serving(&root));
        let addr = server.addr;
        let (acknowledged, stop) = (AtomicU32::new(0), AtomicBool::new(false));
        std::thread::scope(|scope| {
            let clients: Vec<_> = next
                .iter_mut()
                .enumerate()
                .map(|(client, next)| {
                    let (acknowledged, stop) = (&acknowledged, &stop);
                    scope.spawn(move || {
                        let mut got = Vec::new();
                        while !stop.load(Ordering::Relaxed) {
                            let name = format!("Client-{client}-{next}");
                            let Some(code) = send(addr, &name) else { break };
                            acknowledged.fetch_add(1, Ordering::Relaxed);
                            got.push((name, code));
                            *next += 1;
                        }
                        got
                    })
                })
                .collect();
            // Each round another moment, and always in the middle of other requests.
            until("requests are acknowledged", || {
                acknowledged.load(Ordering::Relaxed) > round % 13
            });
            server.signal("KILL");
            stop.store(true, Ordering::Relaxed);
            for client in clients {
                for (name, code) in client.join().expect("a client ends") {
                    shown.entry(name).or_default().insert(code);
                }
            }
        });
    }
    // What was cut off is sent once more.
    let server = Serving::start(serving(&root));
    for (client, next) in next.iter().enumerate() {
        let name = format!("Client-{client}-{next}");
        let code = send(server.addr, &name).expect("it is answered");
        shown.entry(name).or_default().insert(code);
    }
    drop(server);
    let ledger = Ledger::at(LedgerPlace::Sqlite(root.join("var/ledger.sqlite")));
    let runtime = tokio::runtime::Runtime::new().expect("there are threads");
    let kept = runtime
        .block_on(ledger.codes(Which::All))
        .expect("the ledger opens");
    let distinct: BTreeSet<_> = kept.iter().copied().collect();
    assert_eq!(kept.len(), distinct.len(), "no code stands twice");
    assert!(shown.len() > KILLS as usize, "{} requests", shown.len());
    for (name, codes) in &shown {
        assert_eq!(codes.len(), 1, "`{name}` was told several codes");
        assert!(
            codes.is_subset(&distinct),
            "the code of `{name}` is not in the ledger"
        );
    }
    assert_eq!(
        kept.len(),
        shown.len(),
        "every request is kept exactly once"
    );
    std::fs::remove_dir_all(&root).unwrap_or_default();
}

#[test]
fn nothing_of_a_request_lies_in_a_file_or_a_log() {
    let folder = Folder::copied();
    let mut command = signpost(folder.root(), &["serve", "--addr", "127.0.0.1:0"]);
    command.args(["--today", "2026-11-25", "--log", "trace"]);
    let server = Serving::start(command);
    let fields = "state=NY&how-soon=soonest&patient=new&name=Xanthippe+Quoll&birth-month=7&birth-day=19\
                  &birth-year=1961&phone=555-555-0187&email=quoll%40example.org&preferred=email&message=no\
                  &payment=self-pay&interpreter=Cornish&access=lip+reading&advice=lower-back-pain%3Asoon";
    let post = |body: &str| {
        let head = format!(
            "POST /book/back-pain-visit HTTP/1.1\r\nSec-Fetch-Site: same-origin\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}",
            body.len()
        );
        exchange(server.addr, &head, body)
    };
    let kept = post(&format!("go=send&consent=yes&{fields}"));
    assert!(kept.starts_with("HTTP/1.1 303"), "{kept}");
    let mended = post(&format!("go=send&{fields}"));
    assert!(mended.starts_with("HTTP/1.1 422"), "{mended}");
    assert!(post("go=send&name=%FFXanthippe").starts_with("HTTP/1.1 400"));
    // The ledger taken away: the failure is logged, and says nothing either.
    let ledger = folder.path("var/ledger.sqlite");
    let aside = folder.path("var/aside.sqlite");
    std::fs::rename(&ledger, &aside).expect("it can be moved");
    std::fs::create_dir(&ledger).expect("the folder can be made");
    let failed = post(&format!("go=send&consent=yes&{fields}&times=morning"));
    assert!(failed.starts_with("HTTP/1.1 503"), "{failed}");
    until("the failure is logged", || {
        server.log().contains("could not be kept")
    });
    let mut looked_at = 0;
    let log = server.log();
    for (name, bytes) in files_below(folder.root())
        .into_iter()
        .chain([("the log".to_owned(), log.into_bytes())])
    {
        looked_at += 1;
        for typed in [
            "Xanthippe",
            "Quoll",
            "555-0187",
            "quoll@",
            "quoll%40",
            "Cornish",
            "lip reading",
            "lip+reading",
            "1961",
        ] {
            let typed = typed.as_bytes();
            let found = bytes
                .windows(typed.len())
                .any(|part| part.eq_ignore_ascii_case(typed));
            assert!(
                !found,
                "`{}` lies in {name}",
                String::from_utf8_lossy(typed)
            );
        }
    }
    assert!(looked_at > 10, "content, ledger and log are there");
}

/// Sends a request line with headers and a body, and gives the whole answer.
fn exchange(addr: SocketAddr, head: &str, body: &str) -> String {
    let mut stream = wire::connect(addr);
    let request = format!("{head}\r\nHost: clinic.example\r\nConnection: close\r\n\r\n{body}");
    stream.write_all(request.as_bytes()).expect("it is sent");
    String::from_utf8_lossy(&wire::read_to_end(&mut stream)).into_owned()
}

/// Every file below a folder: its path and its bytes.
fn files_below(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = std::fs::read_dir(folder).expect("the folder can be read");
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.expect("the entry can be read").path();
        if path.is_dir() {
            found.extend(files_below(&path));
        } else {
            let bytes = std::fs::read(&path).expect("the file can be read");
            found.push((path.display().to_string(), bytes));
        }
    }
    found
}
