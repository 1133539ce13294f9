//! The program on a folder of its own: what it makes, leaves alone, removes and tells,
//! and what the server then shows.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    reason = "lays out a folder of its own, which a test may stop over"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use image::{Rgb, RgbImage};
use jiff::civil::date;
use signpost::diagnostic::{Code, Diagnostic};
use signpost::disk::read_tree;
use signpost::snapshot::{Entry, Snapshot, build};

/// The article whose picture changes, and its picture.
const ARTICLE: &str = "articles/small-page.md";
const PHOTO: &str = "articles/small-page/photo.png";

/// A small site, which is gone when the value is dropped.
struct Folder(PathBuf);

impl Folder {
    /// The sound site, with a photo in an article.
    fn new(name: &str) -> Self {
        let root =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        let sound = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/content/sound");
        copy(&sound, &root);
        let folder = Self(root);
        let path = folder.0.join(ARTICLE);
        let text = fs::read_to_string(&path).expect("the article is there");
        let shown = format!("{text}\n![A field](photo.png \"A field that is here to be shown\")\n");
        fs::write(path, shown).expect("the article can be written");
        folder.photograph(900, 20);
        folder
    }

    /// Puts a photo of a shade into the article's folder.
    fn photograph(&self, width: u32, shade: u8) {
        let photo = RgbImage::from_fn(width, 40, |x, y| {
            let slope = u8::try_from((x + y) / 8 % 200).expect("it is small");
            Rgb([slope, shade, 90])
        });
        let path = self.0.join(PHOTO);
        fs::create_dir_all(path.parent().expect("a folder")).expect("it can be made");
        photo.save(path).expect("the photo can be written");
    }

    /// What it prints, what it complains of, and its exit status.
    fn said(&self, arguments: &[&str]) -> (String, String, Option<i32>) {
        let mut program = Command::new(env!("CARGO_BIN_EXE_pictures"));
        program.arg("--content").arg(&self.0).args(arguments);
        let output = program
            .env_remove("SIGNPOST_CONTENT")
            .output()
            .expect("the program starts");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (out, err) = (text(&output.stdout), text(&output.stderr));
        (out, err, output.status.code())
    }

    fn versions(&self) -> BTreeSet<String> {
        let Ok(entries) = fs::read_dir(self.0.join("static/pictures")) else {
            return BTreeSet::new();
        };
        let name = |entry: std::io::Result<fs::DirEntry>| {
            let entry = entry.expect("the entry can be read");
            entry.file_name().to_string_lossy().into_owned()
        };
        entries.map(name).collect()
    }

    fn built(&self) -> Built {
        let tree = read_tree(&self.0).expect("the folder can be read");
        let (snapshot, diagnostics) =
            build(&tree, date(2026, 11, 25), None).unwrap_or_else(|fault| panic!("{fault:?}"));
        let Some(Entry::Page(page)) = snapshot.entry("/articles/small-page") else {
            panic!("the page is gone: {diagnostics:#?}");
        };
        let body = page.identity().and_then(|own| own.body.bytes());
        let body = body.expect("it has a body").to_vec();
        Built {
            page: String::from_utf8(body).expect("it is text"),
            snapshot,
            stale: diagnostics
                .into_iter()
                .filter(|found| found.code == Code::ImageStale)
                .collect(),
        }
    }
}

/// The site as readers have it.
struct Built {
    snapshot: std::sync::Arc<Snapshot>,
    page: String,
    stale: Vec<Diagnostic>,
}

impl Built {
    /// Every picture that the page names, and that answers.
    fn pictures(&self) -> Vec<String> {
        let parts = self.page.split(['"', ' ', ',']);
        let named = parts
            .filter(|part| part.starts_with("/static/") && !part.starts_with("/static/icons/"));
        let named = named.filter(|part| {
            [".webp", ".jpg", ".png"]
                .iter()
                .any(|end| part.ends_with(end))
        });
        let named: Vec<String> = named.map(str::to_owned).collect();
        for address in &named {
            assert!(self.snapshot.entry(address).is_some(), "{address} is gone");
        }
        named
    }

    /// Whether anybody can load the editor's own file.
    fn serves_original(&self) -> bool {
        let addresses = self.snapshot.addresses();
        addresses
            .iter()
            .any(|address| address.contains("small-page/photo"))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap_or_default();
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("the folder can be made");
    for entry in fs::read_dir(from).expect("the folder can be read") {
        let path = entry.expect("the entry can be read").path();
        let target = to.join(path.file_name().expect("an entry has a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).expect("the file can be copied");
        }
    }
}

#[test]
fn a_page_shows_versions_once_they_are_made_and_the_photo_until_then() {
    let folder = Folder::new("shows");
    let before = folder.built();
    assert!(before.serves_original());
    assert_eq!(before.stale.len(), 1, "{:#?}", before.stale);
    assert!(before.page.contains("width=\"900\" height=\"40\""));

    let (out, err, status) = folder.said(&[]);
    assert_eq!((err.as_str(), status), ("", Some(0)), "{out}");
    assert_eq!(
        out,
        "pictures: 1 made smaller, 0 files removed, 0 were current, 0 refused\n"
    );
    let made = folder.built();
    assert!(made.stale.is_empty(), "{:#?}", made.stale);
    assert!(!made.serves_original());
    let pictures = made.pictures();
    assert_eq!(pictures.len(), 4, "{pictures:?}");
    assert!(made.page.contains(" 540w, ") && made.page.contains(" 900w\" sizes=\""));
    assert!(
        made.page
            .contains("width=\"900\" height=\"40\" loading=\"lazy\" decoding=\"async\"")
    );

    folder.photograph(900, 60);
    let changed = folder.built();
    assert_eq!(changed.stale.len(), 1);
    assert!(changed.serves_original());
    assert!(!changed.page.contains(".webp"), "an old version is shown");
}

#[test]
fn only_what_is_missing_is_made_and_what_nothing_needs_is_removed() {
    let folder = Folder::new("removes");
    folder.said(&[]);
    let first = folder.versions();
    assert_eq!(first.len(), 4, "{first:?}");
    fs::write(folder.0.join("static/pictures/mine.png"), "mine").expect("it can be written");
    let (out, _, status) = folder.said(&["--check"]);
    assert_eq!((out.as_str(), status), ("", Some(0)));
    let (out, ..) = folder.said(&[]);
    assert_eq!(
        out,
        "pictures: 0 made smaller, 0 files removed, 1 were current, 0 refused\n"
    );

    folder.photograph(700, 20);
    let (out, _, status) = folder.said(&["--check"]);
    assert_eq!(status, Some(1));
    assert!(out.starts_with("not made: versions of articles/small-page/photo.png\n"));
    assert_eq!(out.matches("no longer needed: static/pictures/").count(), 4);
    let (out, ..) = folder.said(&[]);
    assert_eq!(
        out,
        "pictures: 1 made smaller, 4 files removed, 0 were current, 0 refused\n"
    );
    let second = folder.versions();
    assert!(second.contains("mine.png"));
    assert!(second.intersection(&first).next().is_none());
    // One version cut off on disk is made again with the others.
    let name = second.iter().find(|name| name.ends_with("540.webp"));
    let path = folder
        .0
        .join("static/pictures")
        .join(name.expect("it is there"));
    fs::write(&path, "cut off").expect("it can be written");
    assert_eq!(folder.built().stale.len(), 1);
    folder.said(&[]);
    assert!(folder.built().stale.is_empty());
}

#[test]
fn what_cannot_be_read_is_told_and_holds_nothing_up() {
    let folder = Folder::new("told");
    let whole = fs::read(folder.0.join(PHOTO)).expect("the photo is there");
    let cut = whole.get(..whole.len() / 2).expect("it is long");
    fs::write(folder.0.join("articles/small-page/cut.png"), cut).expect("it can be written");
    let (out, err, status) = folder.said(&[]);
    assert_eq!(status, Some(1));
    assert!(
        out.contains("1 made smaller") && out.contains("1 refused"),
        "{out}"
    );
    let start = "articles/small-page/cut.png: it can't be read; save it again as JPEG or PNG";
    assert!(err.starts_with(start), "{err}");
}

#[test]
fn without_a_folder_it_could_not_run() {
    let folder = Folder::new("gone");
    let output = Command::new(env!("CARGO_BIN_EXE_pictures"))
        .arg("--content")
        .arg(folder.0.join("nowhere"))
        .output()
        .expect("the program starts");
    assert_eq!(output.status.code(), Some(2));
}
