//! The small sound site of the tests, with one file changed: what the readers of files are tried with. It is built
//! as a server builds it, and whatever goes live is looked at.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use jiff::civil::Date;
use signpost::assets;
use signpost::content::Audience;
use signpost::content::markdown::Pictures;
use signpost::diagnostic::{Code, Diagnostic};
use signpost::disk::read_tree;
use signpost::file::SourceFile;
use signpost::pages::{Edition, FormTarget};
use signpost::site::{Site, Tree};
use signpost::snapshot::{Codings, Entry, Extent, Moment, Page, Purpose, Snapshot, build_for};

use super::html;

/// The day on which every site here is read.
pub const TODAY: Date = jiff::civil::date(2026, 11, 25);

/// Where the site is in the repository.
const PLACE: &str = "tests/content/sound";

/// Files of a clinic that the sound site does without.
const MORE_FILES: [(&str, &str); 5] = [
    (
        "clinic/booking.toml",
        "keep_days = 90\nanswer_within = \"by the end of the next day\"\n",
    ),
    (
        "clinic/campaigns.toml",
        "[[campaign]]\nid = \"flyer\"\nlabel = \"A flyer\"\nchannel = \"flyer\"\nfrom = 2026-11-01\n\
         until = 2027-02-28\nservice = \"test-visit\"\n",
    ),
    (
        "clinic/emergency-words.toml",
        "[[emergency]]\nfinding = \"shared-sign\"\nall = [[\"chest\"], [\"pain\", \"tight\"]]\nunless = [\"toy\"]\n",
    ),
    (
        "clinic/synonyms.toml",
        "[[same]]\nwords = [\"test\", \"trial run\"]\nmisspelled = [\"tset\"]\n",
    ),
    (
        "clinic/messages/es.toml",
        include_str!("../../templates/messages/en.toml"),
    ),
];

/// The sound site, and what is made of it.
pub struct Sound {
    /// Its files.
    pub tree: Tree,
    /// What goes live of them.
    pub snapshot: Arc<Snapshot>,
    /// Its pictures.
    pub pictures: Pictures,
}

/// The sound site.
pub static SOUND: LazyLock<Sound> = LazyLock::new(|| {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = own.ancestors().map(|folder| folder.join(PLACE));
    let root = root.into_iter().find(|folder| folder.is_dir());
    let mut tree = read_tree(&root.expect("the sound site is there")).expect("it can be read");
    let more = MORE_FILES.map(|(path, text)| SourceFile::new(path, text));
    tree.texts.extend(more);
    tree.texts.sort_by(|a, b| a.path().cmp(b.path()));
    let (snapshot, _) = build_for(&tree, purpose(None)).expect("it can be built");
    let pictures = assets::build(&tree.assets, None, None).pictures;
    Sound {
        tree,
        snapshot,
        pictures,
    }
});

fn purpose(last_good: Option<&Snapshot>) -> Purpose<'_> {
    Purpose {
        today: TODAY,
        edition: &Edition::Public,
        last_good,
        extent: Extent::Changes,
        forms: FormTarget::SameOrigin,
        codings: Codings::IdentityOnly,
        articles: Moment::AtOnce,
        audience: Audience::Editors,
    }
}

/// What the sound site says.
pub fn site() -> &'static Site {
    SOUND.snapshot.site()
}

/// The text of one of its files.
pub fn text_of(path: &str) -> &'static str {
    let file = SOUND.tree.texts.iter().find(|file| file.path() == path);
    file.expect("the sound site has it").text()
}

/// Front matter of an article with its fences, and body.
pub fn halves(text: &str) -> (&str, &str) {
    let (front, _) = text
        .get(4..)
        .and_then(|after| after.split_once("\n---\n"))
        .expect("an article has front matter");
    text.split_at(4 + front.len() + 5)
}

/// The sound site with another text at a path, which may be new.
pub fn with(path: &str, text: impl Into<Arc<str>>) -> Tree {
    put(SOUND.tree.clone(), path, text)
}

/// A tree with another text at a path, which may be new.
pub fn put(mut tree: Tree, path: &str, text: impl Into<Arc<str>>) -> Tree {
    let new = SourceFile::new(path, text);
    match tree.texts.binary_search_by(|file| file.path().cmp(path)) {
        Ok(at) => tree.texts[at] = new,
        Err(at) => tree.texts.insert(at, new),
    }
    tree
}

/// What goes live of a tree after the sound site.
///
/// # Panics
/// A fault lies in no file, or something went live that no reader should get.
pub fn live(tree: &Tree) -> (Arc<Snapshot>, Vec<Diagnostic>) {
    let last = &SOUND.snapshot;
    let built = build_for(tree, purpose(Some(last)));
    let (snapshot, told) = built.expect("the last good clinic stands in");
    for found in &told {
        assert!(is_inside(tree, found), "no such place: {found}");
    }
    for address in snapshot.addresses() {
        let (now, before) = (snapshot.entry(address), last.entry(address));
        match (now, before) {
            (Some(Entry::Page(now)), Some(Entry::Page(before))) if Arc::ptr_eq(now, before) => {}
            (Some(Entry::Page(page)), _) => expect_well_made(address, page),
            _ => {}
        }
    }
    (snapshot, told)
}

/// # Panics
/// A page is cut or nested wrongly, or holds what an author may not bring; or what programs read is not well formed.
fn expect_well_made(address: &str, page: &Page) {
    let body = page.identity().and_then(|own| own.body.bytes());
    let body = body.unwrap_or_default();
    let Ok(text) = std::str::from_utf8(&body) else {
        assert!(address.starts_with("/static/"), "{address} is no text");
        return;
    };
    let start: String = text.chars().take(14).collect();
    let fault = if start.to_lowercase().starts_with("<!doctype html") {
        html::fault(text)
    } else if address.ends_with(".json") {
        let read = serde_json::from_str::<serde_json::Value>(text);
        read.err().map(|error| error.to_string())
    } else if start.starts_with("<?xml") {
        let read = roxmltree::Document::parse(text);
        read.err().map(|error| error.to_string())
    } else {
        None
    };
    assert_eq!(fault, None, "at {address}");
}

fn is_inside(tree: &Tree, found: &Diagnostic) -> bool {
    let path: &str = &found.place.path;
    let text = tree.texts.iter().find(|file| file.path() == path).cloned();
    let drawing = || {
        let bytes = tree.assets.get(path)?;
        Some(SourceFile::new(path, String::from_utf8_lossy(bytes)))
    };
    match text.or_else(drawing) {
        Some(file) => lies_in(&file, found),
        None => found.code == Code::FileMissing,
    }
}

/// Whether a fault lies in its file: somebody can go to its line and column.
pub fn lies_in(file: &SourceFile, found: &Diagnostic) -> bool {
    let place = &found.place;
    let line = file.text().split('\n').nth(place.line.wrapping_sub(1));
    line.is_some_and(|line| (1..=line.chars().count() + 1).contains(&place.column))
}

/// # Panics
/// A fault lies outside of its file, or all of them together are far longer than it.
pub fn expect_told_well(file: &SourceFile, told: &[Diagnostic]) {
    for found in told {
        assert!(lies_in(file, found), "no such place: {found}");
    }
    let length: usize = told.iter().map(|found| found.to_string().len()).sum();
    let most = 20_000 + 1_000 * file.text().len();
    assert!(length <= most, "{length} bytes are told of {most}");
}

/// The assets of the sound site with another file among them.
pub fn assets_with(path: &str, text: &str) -> BTreeMap<String, Arc<[u8]>> {
    let mut assets = SOUND.tree.assets.clone();
    assets.insert(path.to_owned(), text.as_bytes().into());
    assets
}
