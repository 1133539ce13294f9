//! `export` writes the very bytes that `serve` sends, leaves alone what is the same,
//! and touches nothing that somebody else put beside it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use signpost::export::{Folder as Target, MovedPages, Siblings, lay_out, write};
use signpost::pages::FormTarget;
use signpost::rebuild::{Calendar, build_for_export, build_from};
use signpost::snapshot::{Entry, Snapshot};

use crate::folder::{Folder, REFERENCE, copy, repository};
use crate::program::{Ended, Serving, run, signpost, until};
use crate::wire;

const TODAY: [&str; 2] = ["--today", "2026-11-25"];
const CALENDAR: Calendar = Calendar::Fixed(date(2026, 11, 25));

/// What a host decides by itself, or what depends on the day of the answer.
const OF_THE_HOST: [&str; 8] = [
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "etag",
    "last-modified",
    "vary",
];

/// An answer of the server: status, headers and body.
struct Answer {
    status: u16,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

/// Asks a server for a page in one coding.
fn get(serving: &Serving, address: &str, coding: &str) -> Answer {
    let mut stream = wire::connect(serving.addr);
    let request = format!(
        "GET {address} HTTP/1.1\r\nHost: clinic.example\r\nAccept-Encoding: {coding}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).expect("it is sent");
    let answer = wire::read_to_end(&mut stream);
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n");
    let (head, body) = answer.split_at(end.expect("an answer has a head") + 4);
    let head = String::from_utf8(head.to_vec()).expect("a head is text");
    let headers = head.lines().filter_map(|line| line.split_once(": "));
    Answer {
        status: wire::status(&head).expect("an answer has a status"),
        headers: headers
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect(),
        body: body.to_vec(),
    }
}

/// Exports a folder of content into its `out/`.
fn export(content: &Folder, more: &[&str]) -> Ended {
    let mut command = signpost(content.root(), &["export", "out", TODAY[0], TODAY[1]]);
    command.args(more);
    run(command)
}

/// Exports without the slow part, and expects that it went well; gives the line that it printed.
fn exported(content: &Folder, more: &[&str]) -> String {
    let more = [&["--siblings", "none"], more].concat();
    let ended = export(content, &more);
    assert_eq!(
        (ended.status, ended.err.as_str()),
        (Some(0), ""),
        "{}",
        ended.out
    );
    ended.out.trim_end().to_owned()
}

/// Every file below a folder with its inode, time and bytes.
fn files(folder: &Path) -> BTreeMap<String, (u64, i64, Vec<u8>)> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).expect("a folder can be read") {
            let path = entry.expect("an entry can be read").path();
            let kind = fs::symlink_metadata(&path).expect("it is there");
            if kind.is_dir() {
                open.push(path);
                continue;
            }
            let name = path.strip_prefix(folder).expect("it lies in the folder");
            let bytes = fs::read(&path).expect("a file can be read");
            let name = name.to_str().expect("a name is text").to_owned();
            found.insert(name, (kind.ino(), kind.mtime_nsec(), bytes));
        }
    }
    found
}

/// Which file stands for an address.
fn file_of(address: &str, answer: &Answer) -> String {
    let kind = answer.headers.get("content-type");
    let is_page = kind.is_some_and(|kind| kind.starts_with("text/html"));
    match address.trim_start_matches('/') {
        "" => "index.html".to_owned(),
        path if is_page => format!("{path}.html"),
        path => path.to_owned(),
    }
}

/// What `_headers` says for an address. A header that two rules name is a fault.
fn stated(rules: &str, address: &str) -> BTreeMap<String, String> {
    let mut stated = BTreeMap::new();
    let mut applies = false;
    for line in rules.lines() {
        match line.strip_prefix("  ") {
            None => {
                applies = match line.strip_suffix('*') {
                    Some(start) => address.starts_with(start),
                    None => address == line,
                };
            }
            Some(header) if applies => {
                let (name, value) = header.split_once(": ").expect("a header has a value");
                let before = stated.insert(name.to_owned(), value.to_owned());
                assert_eq!(before, None, "{address}: {name}");
            }
            Some(_) => {}
        }
    }
    stated
}

/// A page without the script that asks for suggestions.
fn without_suggestions(page: &str) -> String {
    let is_kept = |line: &&str| !line.contains("src=\"/static/js/search.");
    let page: String = page.split_inclusive('\n').filter(is_kept).collect();
    let mut parts = page.split(" data-suggestions=\"");
    let mut kept = parts.next().expect("there is a first part").to_owned();
    for part in parts {
        // Up to the end of the form's tag.
        kept.push_str(part.find('>').map_or("", |end| &part[end..]));
    }
    kept
}

/// The small site that uses every part of the format: little to compress, and addresses of every kind.
fn sound() -> Folder {
    let content = Folder::copied();
    for part in ["articles", "clinic"] {
        fs::remove_dir_all(content.path(part)).expect("a folder can be removed");
        let from = repository().join("tests/content/sound").join(part);
        copy(&from, &content.path(part));
    }
    let drawings = repository().join("tests/content/sound/static");
    copy(&drawings, &content.path("static"));
    content
}

#[test]
fn export_writes_the_very_bytes_that_serve_sends() {
    let content = sound();
    content.write("static/downloads/forms/intake.pdf", "%PDF-1.7 not really");
    let ended = export(&content, &["--forms", "same"]);
    assert_eq!(ended.status, Some(0), "{}{}", ended.out, ended.err);
    let root = content.root().to_str().expect("a path is text");
    let arguments = [
        "serve",
        "--addr",
        "127.0.0.1:0",
        "--content",
        root,
        TODAY[0],
        TODAY[1],
    ];
    let serving = Serving::start(signpost(content.root(), &arguments));
    until("the server has its smallest forms", || {
        get(&serving, "/", "br").headers["etag"].ends_with("-br\"")
    });
    let (snapshot, _) = build_from(content.root(), CALENDAR, None).expect("there is a clinic");
    let out = content.path("out");
    let rules = content.read("out/_headers");
    let redirects = content.read("out/_redirects");
    let mut expected = BTreeSet::new();
    let addresses = snapshot.addresses().into_iter();
    for address in addresses.chain(["/404", "/static/downloads/forms/intake.pdf"]) {
        let plain = get(&serving, address, "identity");
        if let Some(Entry::Moved(_)) = snapshot.entry(address) {
            let line = format!("{address} {} {}\n", plain.headers["location"], plain.status);
            assert!(redirects.contains(&line), "{line}");
            continue;
        }
        let status = match address {
            "/404" => 404,
            "/articles/withdrawn-page" => 410,
            _ => 200,
        };
        assert_eq!(plain.status, status, "{address}");
        let file = file_of(address, &plain);
        for (coding, ending) in [("identity", ""), ("br", ".br"), ("gzip", ".gz")] {
            let answer = get(&serving, address, coding);
            let path = format!("{file}{ending}");
            let is_coded = answer.headers.get("content-encoding").map(String::as_str);
            if is_coded == Some(coding) || coding == "identity" {
                let bytes = fs::read(out.join(&path)).unwrap_or_else(|_| panic!("no `{path}`"));
                assert!(
                    bytes == answer.body,
                    "`{path}` differs from what {address} sends"
                );
                expected.insert(path);
            }
        }
        let kind = plain.headers.get("content-type").cloned();
        let kind = kind.unwrap_or_default();
        let mut said = plain.headers;
        said.retain(|name, _| !OF_THE_HOST.contains(&name.as_str()));
        if address.starts_with("/static/downloads/") {
            said.retain(|name, _| {
                !["content-disposition", "accept-ranges"].contains(&name.as_str())
            });
        }
        let mut stated = stated(&rules, address);
        // Only what a host can't tell by the name is said.
        if let Some(media) = stated.remove("content-type") {
            assert_eq!(media, kind, "{address}");
        }
        assert_eq!(stated, said, "{address}");
    }
    let hosts = [
        ".nojekyll",
        ".signpost-export.json",
        "_headers",
        "_redirects",
        "headers.nginx.conf",
        "redirects.nginx.conf",
        "site.nginx.conf",
    ];
    expected.extend(hosts.map(str::to_owned));
    let there: BTreeSet<String> = files(&out).into_keys().collect();
    assert_eq!(there, expected, "nothing more, and nothing less");
    assert!(redirects.contains("/articles/old-page /articles/every-part 301\n"));
    let gone = "`/articles/withdrawn-page` should answer 410; nginx will, other hosts say 200\n";
    assert_eq!(ended.err, gone);
}

#[test]
fn forms_of_an_export_go_to_a_server_and_nothing_else_of_a_page_differs() {
    let content = Folder::copied();
    exported(&content, &["--forms", "same"]);
    let same = files(&content.path("out"));
    for (more, origin, counts) in [
        (&[][..], "https://clinic.example", false),
        (
            &["--forms-origin", "https://visits.example"],
            "https://visits.example",
            true,
        ),
    ] {
        exported(&content, more);
        let away = files(&content.path("out"));
        let (from, to) = (format!("action=\"{origin}/"), "action=\"/");
        let mut forms = 0;
        for (path, (_, _, bytes)) in away.iter().filter(|(path, _)| path.ends_with(".html")) {
            let text = String::from_utf8(bytes.clone()).expect("a page is text");
            forms += text.matches(&from).count();
            assert!(!text.contains(to), "`{path}` has a form that nobody takes");
            let served = String::from_utf8_lossy(&same[path].2);
            // What is typed into a search box is never sent to another server before somebody asks.
            let served = without_suggestions(&served);
            // Examples of questions by code lead to who can answer them.
            let (asked, own) = (format!("href=\"{origin}/infobutton"), "href=\"/infobutton");
            let text = text.replace(&asked, own);
            assert_eq!(text.replace(&from, to), served, "{path}");
        }
        assert!(forms > 2, "{forms}");
        let rules = content.read("out/_headers");
        let policy = &stated(&rules, "/book/video")["content-security-policy"];
        assert!(
            policy.contains(&format!("form-action 'self' {origin};")),
            "{policy}"
        );
        let campaigns = format!("/go/* {origin}/go/:splat 302\n");
        assert_eq!(content.read("out/_redirects").contains(&campaigns), counts);
    }
}

#[test]
fn a_second_export_leaves_alone_what_is_the_same() {
    let content = Folder::copied();
    let article = format!("articles/{REFERENCE}");
    assert!(exported(&content, &[]).starts_with("export: "));
    let first = files(&content.path("out"));
    let line = exported(&content, &[]);
    let count = first.len() - 1; // the manifest counts nowhere
    assert_eq!(
        line,
        format!("export: 0 files written (0 B), {count} kept, 0 removed")
    );
    assert!(
        files(&content.path("out")) == first,
        "the same files, not new ones"
    );

    content.edit(
        &format!("{article}.md"),
        "\n## Is it normal",
        "\nA new sentence.\n\n## Is it normal",
    );
    let line = exported(&content, &[]);
    let second = files(&content.path("out"));
    let differs = |path: &&String| first[*path].2 != second[*path].2;
    let changed: Vec<&String> = second.keys().filter(differs).collect();
    assert!(changed.contains(&&format!("{article}.html")), "{changed:?}");
    assert!(
        line.starts_with(&format!("export: {} files written (", changed.len() - 1)),
        "{line}"
    );
    for (path, before) in first
        .iter()
        .filter(|(path, _)| *path != ".signpost-export.json")
    {
        let is_same_file = (second[path].0, second[path].1) == (before.0, before.1);
        assert_eq!(is_same_file, second[path].2 == before.2, "{path}");
    }
}

#[test]
fn what_is_no_longer_needed_goes_and_what_others_put_there_stays() {
    let content = Folder::copied();
    content.write("articles/short.md", &short_article(&content));
    content.write("articles/shorter.md", &short_article(&content));
    assert_eq!(export(&content, &[]).status, Some(0));
    let gone = [
        "articles/short.html",
        "articles/short.html.br",
        "articles/short.html.gz",
    ];
    for path in gone {
        assert!(content.path("out").join(path).is_file(), "{path}");
    }
    content.write("out/articles/notes.txt", "mine");
    content.write("out/articles/shorter.html", "mine now");
    content.remove("articles/short.md");
    content.remove("articles/shorter.md");
    let ended = export(&content, &[]);
    assert_eq!(ended.status, Some(0), "{}{}", ended.out, ended.err);
    let told =
        "`articles/shorter.html` is no longer needed, but somebody changed it; it was left there\n";
    assert_eq!(ended.err, told);
    assert!(ended.out.contains(", 23 removed"), "{}", ended.out);
    for path in gone {
        assert!(!content.path("out").join(path).exists(), "{path}");
    }
    assert_eq!(content.read("out/articles/notes.txt"), "mine");
    assert_eq!(content.read("out/articles/shorter.html"), "mine now");
}

/// The reference article under another name.
fn short_article(content: &Folder) -> String {
    content.read(&format!("articles/{REFERENCE}.md"))
}

#[test]
fn a_folder_of_somebody_else_is_refused_and_stays_as_it_was() {
    let content = Folder::copied();
    content.write("out/photos/a.txt", "mine");
    content.write("out/index.html", "mine");
    let before = files(&content.path("out"));
    let refused = export(&content, &["--siblings", "none"]);
    assert_eq!((refused.status, refused.out.as_str()), (Some(2), ""));
    assert!(
        refused
            .err
            .contains("it is not empty and holds no `.signpost-export.json`"),
        "{}",
        refused.err
    );
    let refused = export(&content, &["--siblings", "none", "--force"]);
    assert_eq!(refused.status, Some(2));
    let words = "`index.html` was there before the export and would be replaced; move it";
    assert!(
        refused.err.contains(words.trim_end_matches(" move it")),
        "{}",
        refused.err
    );
    assert!(files(&content.path("out")) == before);

    content.remove("out/index.html");
    std::os::unix::fs::symlink("photos", content.path("out/articles")).expect("a link can be made");
    let refused = export(&content, &["--siblings", "none", "--force"]);
    assert_eq!(refused.status, Some(2), "nothing is written through a link");
    fs::remove_file(content.path("out/articles")).expect("a link can be removed");

    exported(&content, &["--force"]);
    assert_eq!(content.read("out/photos/a.txt"), "mine");
    for (to, words) in [
        ("articles/out", "lies in `articles/`"),
        (".", "is the content itself"),
    ] {
        let ended = run(signpost(content.root(), &["export", to, "--force"]));
        assert_eq!(ended.status, Some(2));
        assert!(ended.err.contains(words), "{}", ended.err);
    }
}

#[test]
fn content_with_errors_is_not_published_unless_that_is_wanted() {
    let content = Folder::copied();
    exported(&content, &[]);
    let before = files(&content.path("out"));
    let article = format!("articles/{REFERENCE}.md");
    content.edit(
        &article,
        "reviewer: sample-reviewer",
        "reviewer: sample-reviewr",
    );
    let refused = export(&content, &["--siblings", "none"]);
    assert_eq!((refused.status, refused.err.as_str()), (Some(1), ""));
    let lines: Vec<&str> = refused.out.lines().collect();
    assert!(
        lines[0].starts_with(&format!("{article}:9:11: error[person-unknown]: ")),
        "{lines:?}"
    );
    let last = "export: nothing was written: mend the errors above, or export what is sound with `--allow-errors`";
    assert_eq!(lines.last(), Some(&last));
    assert!(files(&content.path("out")) == before);

    let ended = export(&content, &["--siblings", "none", "--allow-errors"]);
    assert_eq!(
        ended.status,
        Some(1),
        "it is written, and there is something to mend"
    );
    let address = format!("/articles/{REFERENCE}");
    assert!(
        ended
            .err
            .contains(&format!("`{address}` should answer 503; ")),
        "{}",
        ended.err
    );
    let nginx = content.read("out/site.nginx.conf");
    let line = format!("location = {address} {{ error_page 503 {address}.html; return 503; }}\n");
    assert!(nginx.contains(&line), "{nginx}");
    assert!(
        !content
            .read(&format!("out{address}.html"))
            .contains("Is it normal")
    );
}

#[test]
fn arguments_that_mean_nothing_are_told() {
    let content = Folder::copied();
    let ended = export(&content, &["--forms-origin", "https://visits.example/book"]);
    assert_eq!(ended.status, Some(2));
    assert!(
        ended.err.contains("expected scheme and host alone"),
        "{}",
        ended.err
    );
    content.write("out/.signpost-export.json", "{}");
    let ended = export(&content, &[]);
    assert_eq!(ended.status, Some(2));
    assert!(
        ended
            .err
            .contains("its `.signpost-export.json`: it can't be read"),
        "{}",
        ended.err
    );
}

/// The content as files without siblings.
fn laid_out(content: &Folder) -> (std::sync::Arc<Snapshot>, signpost::export::Exported) {
    let forms = FormTarget::SameOrigin;
    let built = build_for_export(content.root(), CALENDAR, forms.clone());
    let (snapshot, _) = built.expect("there is a clinic");
    let exported = lay_out(&snapshot, &forms, MovedPages::Rules, Siblings::None);
    let exported = exported.expect("every address is a file");
    (snapshot, exported)
}

fn out(content: &Folder) -> PathBuf {
    content.path("out")
}

#[test]
fn a_style_sheet_that_no_page_names_stays_for_a_day() {
    let content = Folder::copied();
    let nowhere = content.path("static/downloads");
    let start = Timestamp::UNIX_EPOCH;
    let at = |hours: i64| {
        let target = Target::open(&out(&content)).expect("it can be opened");
        let now = start + SignedDuration::from_hours(hours);
        write(&target, &laid_out(&content).1, &nowhere, now, &|_| {}).expect("it can be written")
    };
    let first = at(0);
    assert!(first.written > 0 && first.bytes > 0);
    let sheets = || {
        let names = files(&out(&content)).into_keys();
        names.filter(|name| name.ends_with(".css")).count()
    };
    // One for every page, one for paper, and three for some pages.
    assert_eq!(sheets(), 5);
    content.write(
        "static/css/utilities.css",
        "@layer utilities { .new { color: red; } }",
    );
    let rows = [(1, 1, 0, 6), (24, 1, 0, 6), (25, 0, 1, 5), (26, 0, 0, 5)];
    for (hours, staying, removed, left) in rows {
        let counts = at(hours);
        assert_eq!(
            (counts.staying, counts.removed, sheets()),
            (staying, removed, left),
            "{hours}"
        );
    }
}

#[test]
fn what_a_crash_left_is_cleared_away_and_two_exports_do_not_meet() {
    let content = Folder::copied();
    exported(&content, &[]);
    content.write("out/.signpost-export.part/7", "half");
    exported(&content, &[]);
    assert!(!out(&content).join(".signpost-export.part").exists());
    let held = Target::open(&out(&content)).expect("it can be opened");
    let ended = export(&content, &[]);
    assert_eq!(ended.status, Some(2));
    assert!(
        ended.err.contains("another export is writing there"),
        "{}",
        ended.err
    );
    drop(held);
    exported(&content, &[]);
}

#[test]
fn a_reader_of_the_folder_never_sees_half_a_file() {
    let content = Folder::copied();
    exported(&content, &[]);
    let page = out(&content).join(format!("articles/{REFERENCE}.html"));
    let done = AtomicBool::new(false);
    let seen = std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut seen = BTreeSet::new();
            while !done.load(Ordering::Relaxed) {
                seen.insert(fs::read(&page).expect("it is always there"));
                std::thread::yield_now();
            }
            seen
        });
        for round in 0..4 {
            let heading = format!("\nSentence {round}.\n\n## Is it normal");
            content.edit(
                &format!("articles/{REFERENCE}.md"),
                "\n## Is it normal",
                &heading,
            );
            exported(&content, &[]);
        }
        done.store(true, Ordering::Relaxed);
        reader.join().expect("the reader saw a file each time")
    });
    for bytes in &seen {
        assert!(bytes.ends_with(b"</html>\n") || bytes.ends_with(b"</html>"));
    }
    assert!(
        seen.len() <= 5,
        "five versions there were, and no others: {}",
        seen.len()
    );
}

#[test]
fn an_old_address_can_be_a_small_page_for_hosts_without_rules() {
    let content = Folder::copied();
    let article = format!("articles/{REFERENCE}.md");
    content.edit(&article, "\n---\n", "\naliases: [popping-back]\n---\n");
    exported(&content, &["--redirects", "pages"]);
    let page = content.read("out/articles/popping-back.html");
    assert!(
        page.contains(&format!("content=\"0; url=/articles/{REFERENCE}\"")),
        "{page}"
    );
    assert!(
        page.contains(&format!(
            "href=\"https://clinic.example/articles/{REFERENCE}\""
        )),
        "{page}"
    );
    exported(&content, &[]);
    assert!(!out(&content).join("articles/popping-back.html").exists());
}
