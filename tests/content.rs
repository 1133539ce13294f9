//! Whole sites as test data. `content/sound/` is a small site that uses every part of the format
//! and has nothing to mend. Each folder of `content/broken/` holds only the files that differ
//! from it, for one fault, and in `expected.txt` what `check` says. A folder is named after its
//! code; `<code>--<variant>` is another way to raise the same one.
//!
//! Three more files may stand in such a folder: `delete.txt` lists files to take away, `more.txt`
//! names what `check` looks at beyond the build (`readiness`, or `links` with a `var/links.json`), and
//! `catalog.txt` makes a second catalog, `clinic/messages/es.toml`, of the English one with the
//! changes that it lists. `SIGNPOST_BLESS=1` rewrites every `expected.txt`; read the difference.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    reason = "lays out folders of its own, which a test may stop over"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};

use jiff::civil::Date;
use rayon::prelude::*;
use signpost::diagnostic::{Code, Diagnostic, in_reading_order};
use signpost::disk::read_tree;
use signpost::links::{self, History};
use signpost::readiness;
use signpost::rebuild::{Calendar, RebuildError, build_from};
use signpost::snapshot::{Entry, Snapshot};

/// The day on which every site here is read.
const TODAY: Date = jiff::civil::date(2026, 11, 25);

/// Files of a broken site that say what to do and are no part of it.
const INSTRUCTIONS: [&str; 4] = ["expected.txt", "delete.txt", "catalog.txt", "more.txt"];

/// Codes that tell of a file which is not there, so that no line of it can be named.
const OF_MISSING_FILES: [Code; 2] = [Code::FileMissing, Code::NoticeMissing];

#[test]
fn sound_content_has_no_diagnostics() {
    let told = printed(&SOUND.diagnostics);
    assert!(told.is_empty(), "{told}");
}

#[test]
fn sound_content_answers_at_every_address_that_it_should() {
    let rows: [(&str, Option<u16>); 20] = [
        ("/", Some(200)),
        ("/articles", Some(200)),
        ("/articles/every-part", Some(200)),
        ("/articles/small-page", Some(200)),
        ("/articles/old-page", Some(308)),
        ("/articles/older-page", Some(308)),
        ("/articles/withdrawn-page", Some(410)),
        ("/articles/draft-page", None),
        ("/articles/later-page", None),
        ("/topics/first-topic", Some(200)),
        ("/people/test-reviewer", Some(200)),
        ("/body", Some(200)),
        ("/body/hand", Some(200)),
        ("/body/chest", None),
        ("/book", Some(200)),
        ("/book/test-visit", Some(200)),
        ("/book/other-visit", Some(200)),
        ("/glossary", Some(200)),
        ("/privacy", Some(200)),
        ("/editorial-process", Some(200)),
    ];
    let snapshot = SOUND.snapshot();
    let faults = rows
        .iter()
        .filter(|(address, expected)| status(snapshot, address) != *expected)
        .map(|(address, expected)| {
            let found = status(snapshot, address);
            format!("{address}: {found:?}, expected {expected:?}")
        })
        .collect();
    expect_none(faults);
}

#[test]
fn every_code_has_a_broken_site() {
    let mut faults = Vec::new();
    let mut covered = BTreeSet::new();
    for site in BROKEN.iter() {
        let name = site.code();
        let Some(code) = Code::ALL.iter().find(|code| code.name() == name) else {
            faults.push(format!("broken/{}: `{name}` is no code", site.name));
            continue;
        };
        covered.insert(*code);
        if !site.diagnostics.iter().any(|found| found.code == *code) {
            faults.push(format!("broken/{}: nothing tells `{name}`", site.name));
        }
    }
    for code in Code::ALL.iter().filter(|code| !covered.contains(code)) {
        faults.push(format!("broken/{}: there is no such folder", code.name()));
    }
    expect_none(faults);
}

#[test]
fn each_broken_site_tells_exactly_its_faults() {
    let bless = std::env::var_os("SIGNPOST_BLESS").is_some();
    let mut faults = Vec::new();
    for site in BROKEN.iter() {
        let path = broken().join(&site.name).join("expected.txt");
        let found = printed(&site.diagnostics);
        if bless {
            fs::write(&path, &found).expect("the folder can be written");
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        if found != expected {
            let changes = difference(&expected, &found);
            faults.push(format!("broken/{}/expected.txt\n{changes}", site.name));
        }
    }
    expect_none(faults);
}

#[test]
fn a_broken_article_costs_itself_and_never_its_neighbors() {
    let mut faults = Vec::new();
    let sites = BROKEN.iter().filter(|site| site.changes_only("articles/"));
    for site in sites {
        let own = site.own_addresses();
        for slug in SOUND.snapshot().site().articles.keys() {
            let address = format!("/articles/{slug}");
            let before = status(SOUND.snapshot(), &address);
            let now = status(site.snapshot(), &address);
            if !own.contains(&address) && now != before {
                let name = &site.name;
                faults.push(format!(
                    "broken/{name}: {address} answers {now:?}, expected {before:?}"
                ));
            }
        }
    }
    expect_none(faults);
}

#[test]
fn the_last_good_version_of_a_broken_file_stays() {
    let before = SOUND.snapshot();
    let mut faults = Vec::new();
    for site in BROKEN.iter().filter(|site| site.has_errors()) {
        for address in before.addresses() {
            let is_deleted = site
                .deleted
                .iter()
                .filter_map(|path| address_of(path))
                .filter_map(|own| address.strip_prefix(own.as_str()))
                // The article itself, its other forms, and what stands below it.
                .any(|rest| rest.is_empty() || rest.starts_with(['.', '/']));
            let (expected, now) = (status(before, address), status(&site.after_sound, address));
            if now != expected && !is_deleted {
                let name = &site.name;
                faults.push(format!(
                    "broken/{name}: {address} answers {now:?}, expected {expected:?}"
                ));
            }
        }
    }
    expect_none(faults);
}

#[test]
fn a_page_with_an_error_shows_its_last_good_words() {
    let before = SOUND.snapshot();
    let mut faults = Vec::new();
    for site in BROKEN.iter() {
        let errors = site.diagnostics.iter().filter(|found| found.is_error());
        let pages: BTreeSet<String> = errors
            .filter(|found| site.changed.contains(&*found.place.path))
            .filter_map(|found| address_of(&found.place.path))
            .collect();
        for address in pages {
            let expected = main_part(before, &address);
            if expected.is_some() && main_part(&site.after_sound, &address) != expected {
                let name = &site.name;
                faults.push(format!("broken/{name}: {address} changed with an error"));
            }
        }
    }
    expect_none(faults);
}

#[test]
fn a_broken_catalog_keeps_its_last_good_words() {
    let folder = Folder::of_sound();
    let path = "clinic/messages/es.toml";
    let words = "takeaways = \"Key takeaways\" => takeaways = \"Ideas clave\"";
    folder.write(path, catalog(words).as_bytes());
    let article = fs::read_to_string(folder.0.join("articles/small-page.md"))
        .expect("the sound site has it")
        .replace("topic: first-topic", "lang: es\ntopic: first-topic");
    folder.write("articles/small-page.md", article.as_bytes());
    let (before, diagnostics) =
        build_from(&folder.0, Calendar::Fixed(TODAY), None).expect("there is a clinic");
    assert_eq!(printed(&diagnostics), "");
    folder.write(path, b"[site]\n");
    let (after, diagnostics) =
        build_from(&folder.0, Calendar::Fixed(TODAY), Some(&before)).expect("there is a clinic");
    assert!(diagnostics.iter().any(Diagnostic::is_error));
    let own = main_part(&before, "/articles/small-page");
    assert!(own.as_deref().unwrap_or_default().contains("Ideas clave"));
    assert_eq!(main_part(&after, "/articles/small-page"), own);
}

#[test]
fn a_page_tells_what_changed_newest_first_and_notes_to_nobody() {
    let page = main_part(SOUND.snapshot(), "/articles/every-part").expect("there is a page");
    let (_, told) = page
        .split_once(">What changed</summary>")
        .expect("it tells");
    let (told, _) = told.split_once("</details>").expect("the list ends");
    let newest = told.find("November 10, 2026</time>: A part that was missing.");
    let oldest = told.find("October 5, 2026</time>: First version.");
    assert!(newest.is_some() && newest < oldest, "{told}");
    assert!(!page.contains("A note for editors"), "a note is shown");
    let without = main_part(SOUND.snapshot(), "/articles/small-page").expect("there is a page");
    assert!(!without.contains("What changed"));
}

#[test]
fn a_message_names_file_line_and_column() {
    let mut faults = Vec::new();
    for site in BROKEN.iter() {
        for found in &site.diagnostics {
            let place = &found.place;
            let Some(text) = site.texts.get(&*place.path) else {
                if !OF_MISSING_FILES.contains(&found.code) {
                    faults.push(format!("broken/{}: no file: {found}", site.name));
                }
                continue;
            };
            let last_line = text.lines().count().max(1);
            let line = text.lines().nth(place.line.saturating_sub(1));
            let columns = line.map_or(0, |line| line.chars().count()) + 1;
            if place.line > last_line || !(1..=columns).contains(&place.column) {
                faults.push(format!("broken/{}: no such place: {found}", site.name));
            }
        }
    }
    expect_none(faults);
}

#[test]
fn a_message_is_one_lower_case_line_without_a_period() {
    let mut faults = Vec::new();
    for site in BROKEN.iter() {
        for found in &site.diagnostics {
            let help = found.help.as_deref().unwrap_or("`");
            for text in [found.message.as_str(), help] {
                let is_lower = !text.starts_with(char::is_uppercase);
                let is_open = !text.ends_with('.') && !text.is_empty();
                if text.contains('\n') || !is_lower || !is_open {
                    faults.push(format!("broken/{}: {text}", site.name));
                }
            }
        }
    }
    expect_none(faults);
}

#[test]
fn diagnostics_stand_in_reading_order_and_once() {
    let mut faults = Vec::new();
    for site in BROKEN.iter() {
        for pair in site.diagnostics.windows(2) {
            if let [first, second] = pair
                && (&first.place, first.code, &first.message)
                    >= (&second.place, second.code, &second.message)
            {
                faults.push(format!("broken/{}: {second}", site.name));
            }
        }
    }
    expect_none(faults);
}

#[test]
fn a_file_that_is_too_large_is_told_and_costs_itself() {
    let folder = Folder::of_sound();
    let bytes = usize::try_from(signpost::disk::MAX_FILE_BYTES).expect("it fits") + 1;
    folder.write("articles/small-page.md", &vec![b'a'; bytes]);
    let (snapshot, diagnostics) =
        build_from(&folder.0, Calendar::Fixed(TODAY), Some(SOUND.snapshot()))
            .expect("there is a clinic");
    let told = printed(&diagnostics);
    let expected = "articles/small-page.md:1:1: error[encoding]: \
                    the file has 4194305 bytes, at most 4194304 are held in memory\n  \
                    help: put large files into `static/downloads/`\n";
    assert_eq!(told, expected);
    assert_eq!(status(&snapshot, "/articles/small-page"), Some(200));
}

/// The sound site, read once.
static SOUND: LazyLock<Sound> = LazyLock::new(|| {
    let built = build_from(&content().join("sound"), Calendar::Fixed(TODAY), None);
    let (snapshot, diagnostics) = built.expect("the sound site can be built");
    Sound {
        snapshot,
        diagnostics,
    }
});

/// Every broken site by name, ascending, each read once by itself and once after the sound site.
static BROKEN: LazyLock<Vec<Broken>> = LazyLock::new(|| {
    let mut names = Vec::new();
    for entry in fs::read_dir(broken()).expect("the folder can be read") {
        let entry = entry.expect("the entry can be read");
        names.push(entry.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    LazyLock::force(&SOUND);
    names.into_par_iter().map(Broken::read).collect()
});

struct Sound {
    snapshot: Arc<Snapshot>,
    diagnostics: Vec<Diagnostic>,
}

impl Sound {
    fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }
}

/// One folder of `broken/`, laid over the sound site.
struct Broken {
    /// The folder's name.
    name: String,
    /// Files that differ from the sound site.
    changed: BTreeSet<String>,
    /// Files that were taken away.
    deleted: BTreeSet<String>,
    /// What `check` tells.
    diagnostics: Vec<Diagnostic>,
    /// The site as it is when there never was another; none without a clinic.
    alone: Option<Arc<Snapshot>>,
    /// The site as it is when it was sound before.
    after_sound: Arc<Snapshot>,
    /// Every text file by path.
    texts: BTreeMap<String, String>,
}

impl Broken {
    fn read(name: String) -> Self {
        let folder = Folder::of_sound();
        let own = broken().join(&name);
        let mut changed = BTreeSet::new();
        for path in files(&own) {
            if !INSTRUCTIONS.contains(&path.as_str()) {
                let bytes = fs::read(own.join(&path)).expect("the file can be read");
                folder.write(&path, &bytes);
                changed.insert(path);
            }
        }
        if let Ok(changes) = fs::read_to_string(own.join("catalog.txt")) {
            let path = "clinic/messages/es.toml";
            folder.write(path, catalog(&changes).as_bytes());
            changed.insert(path.to_owned());
        }
        let list = fs::read_to_string(own.join("delete.txt")).unwrap_or_default();
        let deleted: BTreeSet<String> = list.lines().map(str::to_owned).collect();
        for path in &deleted {
            fs::remove_file(folder.0.join(path)).expect("what is deleted is there");
        }
        let (alone, mut diagnostics) = match build_from(&folder.0, Calendar::Fixed(TODAY), None) {
            Ok((snapshot, diagnostics)) => (Some(snapshot), diagnostics),
            Err(RebuildError::Content(diagnostics)) => (None, diagnostics),
            Err(error) => panic!("broken/{name}: {error}"),
        };
        if let (Ok(more), Some(snapshot)) = (fs::read_to_string(own.join("more.txt")), &alone) {
            diagnostics.extend(beyond_the_build(&folder, more.trim(), snapshot));
            diagnostics = in_reading_order(diagnostics);
        }
        let after = build_from(&folder.0, Calendar::Fixed(TODAY), Some(SOUND.snapshot()));
        let (after_sound, _) = after.expect("there was a clinic before");
        Self {
            name,
            changed,
            deleted,
            diagnostics,
            alone,
            after_sound,
            texts: folder.texts(),
        }
    }

    /// The code that its name says.
    fn code(&self) -> &str {
        self.name
            .split_once("--")
            .map_or(&self.name, |(code, _)| code)
    }

    fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }

    fn changes_only(&self, folder: &str) -> bool {
        let mut paths = self.changed.iter().chain(&self.deleted);
        paths.all(|path| path.starts_with(folder))
    }

    /// The addresses of the articles to which its own files belong.
    fn own_addresses(&self) -> BTreeSet<String> {
        let paths = self.changed.iter().chain(&self.deleted);
        paths.filter_map(|path| address_of(path)).collect()
    }

    fn snapshot(&self) -> &Snapshot {
        self.alone.as_ref().expect("articles never cost the clinic")
    }
}

/// What `check` looks at beyond the build.
fn beyond_the_build(folder: &Folder, more: &str, snapshot: &Snapshot) -> Vec<Diagnostic> {
    let tree = read_tree(&folder.0).expect("the folder can be read");
    match more {
        "readiness" => readiness::faults(snapshot.site(), &tree),
        "links" => {
            let kept = fs::read_to_string(folder.0.join("var/links.json"));
            let history = History::parse(&kept.expect("the file can be read"));
            links::faults(&links::mentions(&tree), &history.expect("it is sound"))
        }
        other => panic!("more.txt: there is no `{other}`; write `readiness` or `links`"),
    }
}

/// A folder of its own, which is gone when the value is.
struct Folder(PathBuf);

impl Folder {
    /// A copy of the sound site.
    fn of_sound() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("signpost-content-{}-{number}", std::process::id());
        let folder = Self(std::env::temp_dir().join(name));
        let sound = content().join("sound");
        for path in files(&sound) {
            let bytes = fs::read(sound.join(&path)).expect("the file can be read");
            folder.write(&path, &bytes);
        }
        folder
    }

    fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.0.join(path);
        let folder = path.parent().expect("a file stands in a folder");
        fs::create_dir_all(folder).expect("the folder can be made");
        fs::write(&path, bytes).expect("the file can be written");
    }

    fn texts(&self) -> BTreeMap<String, String> {
        let texts = files(&self.0).into_iter().filter(|path| {
            [".md", ".toml", ".svg"]
                .iter()
                .any(|end| path.ends_with(end))
        });
        texts
            .map(|path| {
                let bytes = fs::read(self.0.join(&path)).expect("the file can be read");
                (path, String::from_utf8_lossy(&bytes).into_owned())
            })
            .collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // It is in the folder for such files; what is left there is swept by others.
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn content() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/content")
}

fn broken() -> PathBuf {
    content().join("broken")
}

/// Every file below a folder, by path relative to it with `/`, ascending.
fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the entry can be read").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            found.extend(files(&path).iter().map(|below| format!("{name}/{below}")));
        } else {
            found.push(name.into_owned());
        }
    }
    found.sort();
    found
}

/// The English catalog with changes, one on each line: `words => other words`, `\n` for a new line.
fn catalog(changes: &str) -> String {
    let english = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/messages/en.toml");
    let mut text = fs::read_to_string(english).expect("the file can be read");
    for change in changes.lines() {
        let (from, to) = change
            .split_once(" => ")
            .expect("a change is `words => other words`");
        assert!(
            text.contains(&format!("\n{from}\n")),
            "the catalog has no line `{from}`"
        );
        let to = format!("\n{}\n", to.replace("\\n", "\n"));
        text = text.replacen(&format!("\n{from}\n"), &to, 1);
    }
    text
}

/// Diagnostics as `check` prints them.
fn printed(diagnostics: &[Diagnostic]) -> String {
    diagnostics
        .iter()
        .map(|found| format!("{found}\n"))
        .collect()
}

/// Lines that are missing with `-`, lines that are new with `+`.
fn difference(expected: &str, found: &str) -> String {
    let missing = expected
        .lines()
        .filter(|line| !found.lines().any(|other| other == *line))
        .map(|line| format!("- {line}\n"));
    let new = found
        .lines()
        .filter(|line| !expected.lines().any(|other| other == *line))
        .map(|line| format!("+ {line}\n"));
    let changes: String = missing.chain(new).collect();
    if changes.is_empty() {
        return format!("the same lines, but not in this order or number:\n{found}");
    }
    changes
}

/// The status at an address; none if nothing stands there.
fn status(snapshot: &Snapshot, address: &str) -> Option<u16> {
    match snapshot.entry(address)? {
        Entry::Page(page) => Some(page.status.as_u16()),
        Entry::Moved(_) => Some(308),
    }
}

/// What the page at an address says itself: what stands around it may change with the site.
fn main_part(snapshot: &Snapshot, address: &str) -> Option<String> {
    let Entry::Page(page) = snapshot.entry(address)? else {
        return None;
    };
    let text = String::from_utf8_lossy(&page.identity()?.body.bytes()?).into_owned();
    let (_, after) = text.split_once("<main")?;
    let (inside, _) = after.split_once("</main>")?;
    let own = inside.split("<nav class=\"related").next();
    own.map(str::to_owned)
}

/// The address of the page to which a file belongs: a text, or a picture of an article.
fn address_of(path: &str) -> Option<String> {
    if let Some(below) = path.strip_prefix("clinic/pages/") {
        return Some(format!("/{}", below.strip_suffix(".md")?));
    }
    let below = path.strip_prefix("articles/")?;
    let slug = match below.strip_suffix(".md") {
        Some(stem) => stem.rsplit('/').next()?,
        None => below.split('/').next()?,
    };
    Some(format!("/articles/{slug}"))
}

fn expect_none(faults: Vec<String>) {
    assert!(
        faults.is_empty(),
        "{} found:\n{}",
        faults.len(),
        faults.join("\n")
    );
}
