//! `serve --preview`: what editors see beside their articles, how the open page hears of a
//! change, and that readers never see any of it.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::process::Command;
use std::time::{Duration, SystemTime};

use crate::folder::{Folder, REFERENCE};
use crate::program::{Serving, run, signpost, until};
use crate::wire;

const FILE: &str = "articles/lower-back-pain-popping-sound.md";
const OTHER: &str = "articles/sciatica.md";
const THIRD: &str = "articles/sore-throat-strep.md";

fn command(folder: &Folder, arguments: &[&str]) -> Command {
    let mut command = signpost(folder.root(), arguments);
    command.env("SIGNPOST_TODAY", "2026-11-25");
    command
}

fn preview(folder: &Folder) -> Serving {
    Serving::start(command(
        folder,
        &["serve", "--preview", "--addr", "127.0.0.1:0"],
    ))
}

fn article() -> String {
    format!("/articles/{REFERENCE}")
}

/// A folder with an article that is a draft, one of the future, one that never was good, and one
/// that has nothing of it. No other article names the first two.
fn unfinished() -> Folder {
    let folder = Folder::copied();
    let text = folder.read(THIRD);
    let renamed = |name: &str| text.replacen("title: \"", &format!("title: \"{name}: "), 1);
    let draft = renamed("Draft").replacen("authors: ", "draft: true\nauthors: ", 1);
    folder.write("articles/a-draft.md", &draft);
    let future = renamed("Future")
        .replacen("published_on: 2026-10-19", "published_on: 2026-12-24", 1)
        .replacen("reviewed_on: 2026-11-09", "reviewed_on: 2026-12-24", 1);
    folder.write("articles/of-the-future.md", &future);
    folder.write("articles/never-good.md", "---\ntitle: [\n---\n");
    folder
}

#[test]
fn readers_never_see_anything_of_a_preview() {
    let folder = unfinished();
    let serving = Serving::start(command(&folder, &["serve", "--addr", "127.0.0.1:0"]));
    let pages = [
        "/",
        "/articles",
        "/articles/never-good",
        "/no-such-page",
        "/book",
        "/symptoms",
    ];
    let article = article();
    for path in pages.into_iter().chain([article.as_str()]) {
        let answer = serving.get(path).to_lowercase();
        for part in ["preview", "server-timing", "vscode", "event-stream"] {
            assert!(!answer.contains(part), "{path} holds `{part}`");
        }
    }
    for path in [
        "/preview",
        "/preview/events",
        "/preview/events?page=/",
        "/articles/a-draft",
        "/articles/of-the-future",
        "/static/js/preview.js",
    ] {
        assert_eq!(wire::status(&serving.get(path)), Some(404), "{path}");
    }
    let home = serving.get("/");
    let (_, sheet) = home
        .split_once("<link rel=\"stylesheet\" href=\"")
        .expect("a sheet");
    let sheet = sheet.split('"').next().expect("an address");
    let sheet = serving.get(sheet);
    assert_eq!(wire::status(&sheet), Some(200));
    assert!(!sheet.contains("preview"), "the style sheet knows previews");
    assert!(!home.to_lowercase().contains("noindex"));
    assert!(!serving.log().contains("preview"), "{}", serving.log());
}

#[test]
fn drafts_and_articles_of_the_future_are_there_and_say_what_they_are() {
    let folder = unfinished();
    let serving = preview(&folder);
    for (path, said) in [
        ("/articles/a-draft", "This is a draft."),
        ("/articles/of-the-future", "<time datetime=\"2026-12-24\">"),
        (article().as_str(), "This is how the page looks to readers."),
        ("/", "This is how the page looks to readers."),
    ] {
        let answer = serving.get(path);
        assert_eq!(wire::status(&answer), Some(200), "{path}");
        assert!(answer.contains(said), "{path} does not say `{said}`");
        assert!(
            answer.contains("<aside class=\"preview no-print\""),
            "{path}"
        );
    }
    let list = serving.get("/articles");
    assert!(
        !list.contains("href=\"/articles/a-draft\""),
        "a list is as readers see it"
    );
}

#[test]
fn a_draft_that_nobody_has_reviewed_says_so() {
    let folder = unfinished();
    let unset = "reviewed_on: 9999-12-31";
    folder.edit("articles/a-draft.md", "reviewed_on: 2026-11-09", unset);
    let page = preview(&folder).get("/articles/a-draft");
    assert!(
        page.contains("Not reviewed yet") && !page.contains("December 31, 9999"),
        "{page}"
    );
}

#[test]
fn every_answer_of_a_preview_is_kept_from_search_engines_and_caches() {
    let folder = unfinished();
    let serving = preview(&folder);
    for path in ["/", "/articles/a-draft", "/preview", "/no-such-page"] {
        let answer = serving.get(path).to_lowercase();
        assert!(answer.contains("x-robots-tag: noindex"), "{path}");
        assert!(answer.contains("cache-control: no-store"), "{path}");
        assert!(
            answer.contains("script-src 'sha256-") && answer.contains("; connect-src 'self';"),
            "{path}"
        );
    }
    until("the log says so", || {
        serving.log().contains("preview: content is live")
    });
}

/// The absolute path of the folder as a link names it.
fn root(folder: &Folder) -> String {
    let root = folder.root().canonicalize().expect("it is there");
    root.to_str().expect("the path is text").to_owned()
}

#[test]
fn a_broken_article_shows_its_last_good_version_with_all_that_is_needed_to_mend_it() {
    let folder = Folder::copied();
    let serving = preview(&folder);
    let link = format!("vscode://file{}/{FILE}", root(&folder));
    let before = serving.get(&article());
    assert!(before.contains("Nothing to mend in"));
    assert!(before.contains(&format!("{link}:1:1")), "{link}");
    folder.edit(
        FILE,
        "reviewer: sample-reviewer",
        "reviewer: sample-reviewr",
    );
    until("the page tells it", || {
        serving.get(&article()).contains("person-unknown")
    });
    let line = 1 + folder
        .read(FILE)
        .lines()
        .position(|line| line.starts_with("reviewer:"))
        .expect("it has a reviewer");
    let page = serving.get(&article());
    assert_eq!(wire::status(&page), Some(200));
    for part in [
        "You see the last good version.",
        "1 error",
        "<code>sample-reviewr</code>",
        "To mend it:",
        "did you mean <code>sample-reviewer</code>?",
        &format!("Open line {line}</a>"),
        &format!("<a class=\"preview__open\" href=\"{link}:{line}:11\">"),
        &format!("<code class=\"preview__path\">{FILE}:{line}:11</code>"),
    ] {
        assert!(page.contains(part), "the page lacks `{part}`");
    }
    folder.edit(
        FILE,
        "reviewer: sample-reviewr",
        "reviewer: sample-reviewer",
    );
    until("there is nothing to mend", || {
        serving.get(&article()).contains("Nothing to mend in")
    });
}

#[test]
fn what_keeps_an_article_away_is_told_before_what_could_be_better() {
    let folder = Folder::copied();
    let serving = preview(&folder);
    let long = format!("description: \"{}", "A pop in the lower back. ".repeat(10));
    folder.edit(FILE, "description: \"", &long);
    let text = folder.read(FILE) + "\nWe heard it somewhere.[@nobody-knows]\n";
    folder.write(FILE, &text);
    until("the page tells both", || {
        let page = serving.get(&article());
        page.contains("citation-unknown") && page.contains("description-long")
    });
    let page = serving.get(&article());
    assert!(page.find("citation-unknown") < page.find("description-long"));
}

#[test]
fn an_article_that_never_was_good_shows_the_message() {
    let folder = unfinished();
    let serving = preview(&folder);
    let page = serving.get("/articles/never-good");
    assert_eq!(wire::status(&page), Some(503));
    assert!(page.contains("There is no good version of this page yet."));
    assert!(page.contains("articles/never-good.md:"));
    assert!(page.contains("<code class=\"preview__code\">syntax</code>"));
}

/// The stream of a page's news, from its first line on.
struct Stream(std::io::Lines<BufReader<TcpStream>>);

impl Stream {
    /// Listens to a page of which a version is open.
    fn open(serving: &Serving, page: &str, has: &str) -> Self {
        let mut stream = wire::connect(serving.addr);
        write!(
            stream,
            "GET /preview/events?page={page}&has={has} HTTP/1.1\r\nHost: localhost\r\n\r\n"
        )
        .expect("it listens");
        Self(BufReader::new(stream).lines())
    }

    /// Reads on until a line begins so.
    fn line(&mut self, start: &str) -> String {
        let mut lines = self
            .0
            .by_ref()
            .map(|line| line.expect("the stream goes on"));
        lines.find(|line| line.starts_with(start)).expect("a line")
    }
}

fn version(serving: &Serving, page: &str) -> String {
    let answer = serving.get(page);
    let (_, rest) = answer
        .split_once("server-timing: page;desc=\"")
        .expect("a page names its version");
    rest.split('"').next().expect("a version").to_owned()
}

#[test]
fn the_open_page_hears_of_its_own_changes_and_of_no_others() {
    let folder = Folder::copied();
    let serving = preview(&folder);
    let mut own = Stream::open(&serving, &article(), &version(&serving, &article()));
    let third = "/articles/sore-throat-strep";
    let mut other = Stream::open(&serving, third, &version(&serving, third));
    for stream in [&mut own, &mut other] {
        stream.line(":");
    }
    let text = folder.read(FILE);
    folder.write(FILE, &format!("{text}\nOne more sentence.\n"));
    assert_eq!(own.line("event: "), "event: changed");
    let told = own.line("data: ");
    let now = version(&serving, &article());
    assert!(told.contains(&article()) && told.contains(&now), "{told}");
    // The first thing that the other page hears is its own change.
    let text = folder.read(THIRD);
    folder.write(THIRD, &format!("{text}\nOne more sentence.\n"));
    assert_eq!(other.line("event: "), "event: changed");
    assert!(other.line("data: ").contains(third));
}

#[test]
fn a_page_that_listens_late_is_told_at_once_what_it_missed() {
    let folder = Folder::copied();
    let serving = preview(&folder);
    let before = version(&serving, &article());
    let text = folder.read(FILE);
    folder.write(FILE, &format!("{text}\nOne more sentence.\n"));
    until("the page is another one", || {
        version(&serving, &article()) != before
    });
    let mut stream = Stream::open(&serving, &article(), &before);
    assert_eq!(stream.line("event: "), "event: changed");
}

#[test]
fn a_preview_is_for_this_machine_unless_somebody_says_otherwise() {
    let folder = Folder::copied();
    let open = ["serve", "--preview", "--addr", "0.0.0.0:0"];
    let ended = run(command(&folder, &open));
    assert_eq!(ended.status, Some(2));
    assert!(ended.err.contains("--preview-for-others"), "{}", ended.err);
    let told: Vec<&str> = open.into_iter().chain(["--preview-for-others"]).collect();
    let serving = Serving::start(command(&folder, &told));
    assert!(serving.first_line.contains("0.0.0.0"));
}

#[test]
fn the_short_command_is_a_preview_too() {
    let folder = unfinished();
    let serving = Serving::start(command(&folder, &["preview", "--addr", "127.0.0.1:0"]));
    assert_eq!(wire::status(&serving.get("/articles/a-draft")), Some(200));
}

#[test]
fn a_preview_stops_though_pages_are_open() {
    let folder = Folder::copied();
    let mut serving = preview(&folder);
    let mut stream = Stream::open(&serving, "/", &version(&serving, "/"));
    stream.line(":");
    serving.signal("TERM");
    assert_eq!(serving.end(), Some(0));
}

/// Says when a file was saved, in seconds after a day long ago.
fn saved(folder: &Folder, file: &str, seconds: u64) {
    let at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000 + seconds);
    let file = File::options().write(true).open(folder.path(file));
    let set = file.and_then(|file| file.set_modified(at));
    set.expect("the time can be set");
}

#[test]
fn the_index_lists_problems_and_what_is_not_public_newest_change_first() {
    let folder = unfinished();
    folder.edit(OTHER, "reviewer: sample-reviewer", "reviewer: nobody");
    let order = [
        "articles/of-the-future.md",
        OTHER,
        "articles/never-good.md",
        "articles/a-draft.md",
    ];
    for (number, file) in order.iter().rev().enumerate() {
        saved(
            &folder,
            file,
            60 * u64::try_from(number).expect("a small number"),
        );
    }
    let serving = preview(&folder);
    let page = serving.get("/preview");
    let at = |file: &str| {
        let heading = format!(">{file}</a></h2>");
        page.find(&heading)
            .unwrap_or_else(|| panic!("`{file}` is not listed"))
    };
    let places: Vec<usize> = order.iter().map(|file| at(file)).collect();
    assert!(places.is_sorted(), "{places:?}");
    assert!(page.contains("person-unknown") && page.contains("<strong>Draft</strong>"));
    assert!(page.contains("Public from <time datetime=\"2026-12-24\">"));
    assert!(
        !page.contains(&format!(">{FILE}</a>")),
        "nothing to mend there"
    );
}

#[test]
fn where_nothing_is_watched_a_command_asks_for_a_build() {
    let folder = Folder::copied();
    let pid_file = folder.path("signpost.pid");
    let file = pid_file.to_str().expect("the path is text");
    let arguments = [
        "serve",
        "--no-watch",
        "--pid-file",
        file,
        "--addr",
        "127.0.0.1:0",
    ];
    let serving = Serving::start(command(&folder, &arguments));
    let builds = || serving.log().matches("content is live").count();
    until("the first builds are over", || builds() == 2);
    let text = folder.read(FILE);
    folder.write(
        FILE,
        &text.replacen("title: \"Lower", "title: \"New: lower", 1),
    );
    let ended = run(command(&folder, &["reload", "--pid-file", file]));
    assert_eq!(ended.status, Some(0), "{}", ended.err);
    until("the edit is live", || {
        serving.get(&article()).contains("New: lower")
    });
    assert_eq!(builds(), 3, "nothing but the command asked for a build");
    let second = run(command(&folder, &arguments));
    assert_eq!(second.status, Some(2));
    assert!(
        second.err.contains("another server keeps it"),
        "{}",
        second.err
    );
}

#[test]
fn a_command_without_a_server_says_so_and_signals_nobody() {
    let folder = Folder::copied();
    let pid_file = folder.path("signpost.pid");
    let file = pid_file.to_str().expect("the path is text");
    // What a crash left behind names a process that is somebody else: this one.
    fs::write(&pid_file, std::process::id().to_string()).expect("the file can be written");
    let ended = run(command(&folder, &["reload", "--pid-file", file]));
    assert_eq!(ended.status, Some(2));
    assert!(ended.err.contains("no server keeps"), "{}", ended.err);
}
