//! `check --links`: opening addresses at a real server of the test's own, on days that
//! the test chooses, and what the program remembers between runs.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use signpost::links::{Answer, History, Outcome, Pace, visit_all};

use crate::folder::Folder;
use crate::program::{run, signpost};

/// A library on the web: answers by path, and remembers who asked for what. It ends with the test's process.
struct Library {
    addr: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
    /// The greatest number of requests that were open at once.
    most_at_once: Arc<AtomicUsize>,
}

impl Library {
    fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let library = Self {
            addr: listener.local_addr().expect("it is bound"),
            asked: Arc::default(),
            most_at_once: Arc::default(),
        };
        let (asked, most) = (
            Arc::clone(&library.asked),
            Arc::clone(&library.most_at_once),
        );
        let open = Arc::new(AtomicUsize::new(0));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (asked, most, open) =
                    (Arc::clone(&asked), Arc::clone(&most), Arc::clone(&open));
                std::thread::spawn(move || {
                    let now = open.fetch_add(1, Ordering::SeqCst) + 1;
                    most.fetch_max(now, Ordering::SeqCst);
                    answer(stream, &asked, &open);
                });
            }
        });
        library
    }

    fn address(&self, path: &str) -> String {
        format!("http://{}{path}", self.addr)
    }

    /// What was asked for, in order, such as `HEAD /page`.
    fn asked(&self) -> Vec<String> {
        self.asked
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

fn answer(mut stream: TcpStream, asked: &Mutex<Vec<String>>, open: &AtomicUsize) {
    let mut reader = BufReader::new(stream.try_clone().expect("a socket can be shared"));
    let mut line = String::new();
    reader.read_line(&mut line).unwrap_or_default();
    let mut header = String::new();
    while reader.read_line(&mut header).unwrap_or_default() > 2 {
        header.clear();
    }
    let mut words = line.split(' ');
    let (method, path) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
    let asked_before = {
        let mut asked = asked.lock().unwrap_or_else(PoisonError::into_inner);
        let again = asked
            .iter()
            .filter(|one| one.ends_with(&format!(" {path}")))
            .count();
        asked.push(format!("{method} {path}"));
        again
    };
    let (status, location) = reply(method, path, asked_before);
    let location = location.map_or_else(String::new, |to| format!("Location: {to}\r\n"));
    // Counted down before the answer is out: whoever has it may ask again at once.
    open.fetch_sub(1, Ordering::SeqCst);
    let head =
        format!("HTTP/1.1 {status}\r\n{location}Content-Length: 0\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap_or_default();
}

/// Status and the address to go on to.
fn reply(method: &str, path: &str, asked_before: usize) -> (&'static str, Option<String>) {
    match path {
        "/page" => ("200 OK", None),
        "/get-only" if method == "HEAD" => ("404 Not Found", None),
        "/get-only" => ("200 OK", None),
        "/no-programs" => ("403 Forbidden", None),
        "/no-method" => ("405 Method Not Allowed", None),
        "/too-fast" => ("429 Too Many Requests", None),
        "/gone" => ("410 Gone", None),
        "/flaky" if asked_before < 3 => ("503 Service Unavailable", None),
        "/flaky" => ("200 OK", None),
        "/down" => ("500 Internal Server Error", None),
        "/moved" => ("301 Moved Permanently", Some("/page".into())),
        "/elsewhere-today" => ("302 Found", Some("/page".into())),
        "/moved-then-not" => ("308 Permanent Redirect", Some("/elsewhere-today".into())),
        "/moved-to-nothing" => ("301 Moved Permanently", Some("/gone".into())),
        "/to-a-letter" => ("302 Found", Some("mailto:a@b.org".into())),
        "/round" => ("302 Found", Some("/round".into())),
        lure if lure.starts_with("/lure/") => {
            let port = lure.trim_start_matches("/lure/");
            ("302 Found", Some(format!("http://127.0.0.1:{port}/secret")))
        }
        _ => ("404 Not Found", None),
    }
}

/// Fast enough for a test; everything else as it is.
const PACE: Pace = Pace {
    hosts: 4,
    between: Duration::ZERO,
    timeout: Duration::from_secs(20),
    tries: 3,
    backoff: Duration::ZERO,
};

fn visit(addresses: &[String]) -> BTreeMap<String, Answer> {
    let addresses: Vec<&str> = addresses.iter().map(String::as_str).collect();
    let done = AtomicUsize::new(0);
    let count = || _ = done.fetch_add(1, Ordering::SeqCst);
    let answers = visit_all(&addresses, PACE, None, &count).expect("there is no proxy");
    assert_eq!(done.load(Ordering::SeqCst), addresses.len());
    answers.into_iter().collect()
}

#[test]
fn each_answer_means_what_the_house_says() {
    let rows = [
        ("/page", Outcome::Alive, "200 OK", None),
        ("/get-only", Outcome::Alive, "200 OK", None),
        ("/no-programs", Outcome::Unsure, "403 Forbidden", None),
        (
            "/no-method",
            Outcome::Unsure,
            "405 Method Not Allowed",
            None,
        ),
        ("/too-fast", Outcome::Unsure, "429 Too Many Requests", None),
        ("/gone", Outcome::Failed, "410 Gone", None),
        ("/flaky", Outcome::Alive, "200 OK", None),
        ("/down", Outcome::Failed, "500 Internal Server Error", None),
        ("/moved", Outcome::Alive, "200 OK", Some("/page")),
        ("/elsewhere-today", Outcome::Alive, "200 OK", None),
        ("/moved-then-not", Outcome::Alive, "200 OK", None),
        ("/moved-to-nothing", Outcome::Failed, "410 Gone", None),
        (
            "/to-a-letter",
            Outcome::Failed,
            "it redirects to something that is no address",
            None,
        ),
        (
            "/round",
            Outcome::Failed,
            "it redirects more than 10 times",
            None,
        ),
    ];
    let library = Library::open();
    let addresses: Vec<String> = rows.iter().map(|row| library.address(row.0)).collect();
    let answers = visit(&addresses);
    for (path, outcome, why, moved_to) in rows {
        let expected = Answer {
            outcome,
            why: why.into(),
            moved_to: moved_to.map(|path| library.address(path)),
        };
        assert_eq!(answers[&library.address(path)], expected, "{path}");
    }
}

#[test]
fn nothing_in_a_private_network_is_opened_unless_an_author_wrote_its_very_address() {
    let (library, inside) = (Library::open(), Library::open());
    let named = format!("http://localhost:{}/page", library.addr.port());
    let lured = library.address(&format!("/lure/{}", inside.addr.port()));
    let answers = visit(&[named.clone(), lured.clone(), library.address("/page")]);
    let why = |address: &str| {
        answers
            .get(address)
            .map(|answer| (answer.outcome, answer.why.as_str()))
    };
    assert_eq!(
        why(&named),
        Some((
            Outcome::Failed,
            "there is no such host that everybody can reach"
        ))
    );
    assert_eq!(
        why(&lured),
        Some((Outcome::Failed, "it redirects into a private network"))
    );
    assert_eq!(
        why(&library.address("/page")).map(|(outcome, _)| outcome),
        Some(Outcome::Alive)
    );
    assert!(inside.asked().is_empty(), "{:?}", inside.asked());
    let asked = library.asked();
    assert!(
        asked.iter().all(|one| !one.contains("localhost")),
        "{asked:?}"
    );
}

#[test]
fn a_host_is_asked_for_one_thing_at_a_time_and_no_more_often_than_needed() {
    let library = Library::open();
    let paths = ["/page", "/gone", "/down", "/no-programs"];
    let mut addresses: Vec<String> = paths.map(|path| library.address(path)).into();
    addresses.extend((0..20).map(|number| library.address(&format!("/missing-{number}"))));
    visit(&addresses);
    assert_eq!(library.most_at_once.load(Ordering::SeqCst), 1);
    let asked = library.asked();
    let of = |path: &str| {
        let own = asked.iter().filter(|one| one.ends_with(path));
        own.map(|one| one.split(' ').next().unwrap_or(""))
            .collect::<Vec<_>>()
    };
    assert_eq!(of(" /page"), ["HEAD"]);
    assert_eq!(
        of(" /gone"),
        ["HEAD", "GET"],
        "gone for good is not tried again"
    );
    assert_eq!(of(" /no-programs"), ["HEAD", "GET"]);
    assert_eq!(of(" /down"), ["HEAD", "GET", "GET", "GET"]);
}

#[test]
fn nobody_who_listens_is_a_failure_in_plain_words() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = format!("http://{}/", listener.local_addr().expect("it is bound"));
    drop(listener);
    let answers = visit(std::slice::from_ref(&address));
    assert_eq!(answers[&address].outcome, Outcome::Failed);
    assert_eq!(answers[&address].why, "the connection was refused");
}

/// A folder whose only addresses are links of one article to a library.
fn folder_with(library: &Library, paths: &[&str]) -> Folder {
    let folder = Folder::copied();
    let bare = "[[topic]]\nid = \"a\"\nname = \"A\"\ndescription = \"A shelf.\"\n";
    folder.write("clinic/topics.toml", bare);
    for file in [
        "lower-back-pain-popping-sound",
        "sciatica",
        "sore-throat-strep",
    ] {
        folder.remove(&format!("articles/{file}.md"));
    }
    let protocols = std::fs::read_dir(folder.path("clinic/protocols")).expect("it can be read");
    for protocol in protocols {
        std::fs::remove_file(protocol.expect("an entry").path()).expect("it can be removed");
    }
    for file in ["findings.toml", "measures.toml", "glossary.toml"] {
        folder.remove(&format!("clinic/{file}"));
    }
    let links: String = paths
        .iter()
        .map(|path| format!("- [a page]({})\n", library.address(path)))
        .collect();
    let page = folder.read("clinic/pages/privacy.md");
    assert!(!page.contains("](http"), "the page has no links of its own");
    folder.write("clinic/pages/privacy.md", &format!("{page}\n{links}"));
    folder
}

fn check_links(folder: &Folder, day: &str) -> (Option<i32>, String) {
    let ended = run(signpost(
        folder.root(),
        &["check", "--links", "--today", day],
    ));
    assert_eq!(ended.err, "");
    (ended.status, ended.out)
}

#[test]
fn a_link_is_told_after_three_failures_over_a_week_and_not_before() {
    let library = Library::open();
    let folder = folder_with(&library, &["/gone", "/moved"]);
    let line = folder.read("clinic/pages/privacy.md").lines().count();
    let moved = format!(
        "clinic/pages/privacy.md:{line}:3: warning[link-moved]: this address has moved for good to `{}`\n  help: look at the new page, and write its address\n",
        library.address("/page")
    );
    let dead = format!(
        "clinic/pages/privacy.md:{}:3: warning[link-dead]: `{}` has failed on every run since 2026-11-10: 410 Gone\n  help: look for the page's new address, or take the link out\n",
        line - 1,
        library.address("/gone")
    );
    let summary = |visits: &str, warnings: &str| {
        format!(
            "check: 2 addresses, {visits}, 1 failure, 0 unclear answers: 0 errors, {warnings}\n"
        )
    };
    let both = summary("2 visits, 1 answer", "1 warning");
    for day in ["2026-11-10", "2026-11-14"] {
        assert_eq!(
            check_links(&folder, day),
            (Some(0), format!("{moved}{both}")),
            "{day}"
        );
    }
    let again = summary("1 visit, 0 answers", "1 warning");
    let same_day = check_links(&folder, "2026-11-14");
    assert_eq!(
        same_day,
        (Some(0), format!("{moved}{again}")),
        "a run that found a page is not repeated"
    );
    let told = summary("2 visits, 1 answer", "2 warnings");
    let expected = format!("{dead}{moved}{told}");
    assert_eq!(check_links(&folder, "2026-11-17"), (Some(0), expected));
    let kept = History::parse(&folder.read("var/links.json")).expect("it can be read again");
    let runs: Vec<usize> = kept.links.values().map(|link| link.runs.len()).collect();
    assert_eq!(runs, [3, 3]);
}

#[test]
fn the_ordinary_check_opens_no_address() {
    let library = Library::open();
    let folder = folder_with(&library, &["/gone"]);
    let ended = run(signpost(folder.root(), &["check", "--today", "2026-11-25"]));
    assert!(!ended.out.contains("link-"), "{}", ended.out);
    assert_eq!(library.asked(), Vec::<String>::new());
    assert!(!folder.path("var").exists());
}

#[test]
fn a_history_that_can_not_be_understood_is_told_and_kept() {
    let library = Library::open();
    let folder = folder_with(&library, &["/page"]);
    folder.write("var/links.json", "{ half");
    let ended = run(signpost(
        folder.root(),
        &["check", "--links", "--today", "2026-11-25"],
    ));
    assert_eq!(ended.status, Some(2));
    assert!(ended.err.contains("can't be understood"), "{}", ended.err);
    assert!(
        ended.err.contains("move it away to begin anew"),
        "{}",
        ended.err
    );
    assert_eq!(folder.read("var/links.json"), "{ half");
    assert_eq!(library.asked(), Vec::<String>::new());
}
