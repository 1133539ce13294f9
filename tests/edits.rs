//! Building only what an edit touches gives what building everything gives. Two sites
//! live through the same random edits: one builds what changed, the other everything,
//! and after each edit every answer and every diagnostic of both is compared.
//!
//! `SIGNPOST_EDITS` says how many edits each site lives through, `SIGNPOST_SEED` which.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    reason = "edits content on disk, and stops at once when something is not as it says"
)]

#[path = "support/copy.rs"]
mod copy;
#[path = "support/generated.rs"]
mod generated;
#[path = "support/same_answer.rs"]
mod same_answer;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::{Date, date};
use signpost::assets::versions::{Plan, plans, unneeded};
use signpost::content::Audience;
use signpost::diagnostic::{Code, Diagnostic};
use signpost::disk::read_tree;
use signpost::live::Live;
use signpost::pages::preview::Desk;
use signpost::pages::share_picture::share_pictures;
use signpost::pages::{Edition, FormTarget};
use signpost::rebuild::{Calendar, Changes, Folder, build_edition};
use signpost::snapshot::{
    Coding, Codings, Entry, Extent, Moment, Page, Pressed, Purpose, Snapshot, build_for,
    with_all_forms, with_forms_of_articles,
};

use crate::generated::Dice;
use crate::same_answer::same_answer;

const TODAY: Date = date(2026, 11, 25);

/// How many articles the site has besides those of `tests/content/sound`.
const ARTICLES: usize = 30;

fn sound_site() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/content/sound")
}

fn number_from(variable: &str, otherwise: u64) -> u64 {
    let text = std::env::var(variable).ok();
    text.map_or(otherwise, |text| text.parse().expect("it is a number"))
}

#[test]
fn building_what_changed_gives_readers_what_building_everything_gives() {
    live_through(Edition::Public, "public", 1);
}

#[test]
fn building_what_changed_gives_editors_what_building_everything_gives() {
    let root = "/home/nurse/site".to_owned();
    live_through(Edition::Preview(Desk { root }), "preview", 2);
}

fn live_through(edition: Edition, name: &str, salt: u64) {
    let seed = number_from("SIGNPOST_SEED", 1) * 1000 + salt;
    let edits = number_from("SIGNPOST_EDITS", 40);
    let mut site = Site::new(edition, name, seed);
    let mut told = Vec::new();
    for number in 1..=edits {
        told.clear();
        let at_once = 1 + site.dice.below(3) / 2;
        for _ in 0..at_once {
            told.push(site.edit());
        }
        site.build();
        let place = format!("edit {number} of seed {seed}: {}", told.join(" and "));
        let looks = match number == edits {
            true => Looks::AtAll,
            false => Looks::AtSome,
        };
        site.compare(&place, looks);
    }
    let made = site.taken_over;
    assert!(made > 0, "nothing was ever taken over");
}

#[test]
fn what_rules_of_style_say_follows_the_first_build_and_no_page_is_made_again_for_it() {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("style-{}", std::process::id()));
    copy::copy(&sound_site(), &root);
    generated::write_articles(&root, ARTICLES);
    let path = root.join("articles/knee-1.md");
    let text = fs::read_to_string(&path).expect("it was written");
    let long = format!("{text}\nYou {}rest.\n", "rest and ".repeat(40));
    fs::write(&path, long).expect("it can be written");
    let tree = read_tree(&root).expect("the folder can be read");
    let built = |audience, last_good| {
        let purpose = Purpose {
            today: TODAY,
            edition: &Edition::Public,
            last_good,
            extent: Extent::Changes,
            forms: FormTarget::SameOrigin,
            codings: Codings::Behind,
            articles: Moment::WhenAsked,
            audience,
        };
        build_for(&tree, purpose).expect("there is a clinic")
    };
    let (first, soon) = built(Audience::Readers, None);
    let (second, later) = built(Audience::Editors, Some(&first));
    let (whole, all) = built(Audience::Editors, None);
    assert_eq!(later, all, "both builds have told the same");
    let is_told = |found: &&Diagnostic| !soon.contains(found);
    let style: Vec<&Diagnostic> = all.iter().filter(is_told).collect();
    let about_length = |found: &&Diagnostic| found.code == Code::SentenceLong;
    assert!(style.iter().any(about_length), "{style:?}");
    assert!(!style.iter().any(|found| found.is_error()));
    assert!(soon.iter().all(|found| all.contains(found)));
    for (slug, article) in &second.site().articles {
        assert!(Arc::ptr_eq(article, &first.site().articles[slug]), "{slug}");
        let counted = article.measured.get();
        assert!(counted.is_some(), "{slug}");
        assert_eq!(counted, whole.site().articles[slug].measured.get());
    }
    let of_articles = |address: &&str| address.starts_with("/articles/");
    for address in second.addresses().into_iter().filter(of_articles) {
        if let (Some(Entry::Page(one)), Some(Entry::Page(two))) =
            (second.entry(address), first.entry(address))
        {
            assert!(Arc::ptr_eq(one, two), "{address} was made again");
        }
    }
}

#[test]
fn pages_that_are_made_behind_a_start_are_those_that_are_made_before_it() {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("late-{}", std::process::id()));
    copy::copy(&sound_site(), &root);
    generated::write_articles(&root, ARTICLES);
    let tree = read_tree(&root).expect("the folder can be read");
    let built = |codings, articles| {
        let purpose = Purpose {
            today: TODAY,
            edition: &Edition::Public,
            last_good: None,
            extent: Extent::Everything,
            forms: FormTarget::SameOrigin,
            codings,
            articles,
            audience: Audience::Editors,
        };
        build_for(&tree, purpose).expect("there is a clinic").0
    };
    let soon = built(Codings::Quick, Moment::AtOnce);
    let late = built(Codings::Behind, Moment::WhenAsked);
    assert!(late.bytes_in(Coding::Identity) + 1_000_000 < soon.bytes_in(Coding::Identity));
    // Somebody looks at one before all are compressed.
    let seen = "/articles/knee-1";
    let Some(Entry::Page(page)) = late.entry(seen) else {
        panic!("{seen} is a page");
    };
    assert_eq!(page.representations.len(), 1, "nobody waits for its forms");
    // What people read comes first.
    let first = with_forms_of_articles(&late, &Pressed::default()).expect("forms were missing");
    let forms = |address: &str| match first.entry(address) {
        Some(Entry::Page(page)) => page.representations.len(),
        _ => panic!("{address} is a page"),
    };
    assert_eq!((forms(seen), forms("/articles/knee-1.json")), (3, 1));
    let done = with_all_forms(&first, &Pressed::default()).expect("forms were missing");
    assert_eq!(done.addresses(), soon.addresses());
    for address in soon.addresses() {
        if let (Some(Entry::Page(one)), Some(Entry::Page(two))) =
            (done.entry(address), soon.entry(address))
        {
            same_page(one, two, address);
        }
    }
    assert!(with_all_forms(&done, &Pressed::default()).is_none());
    fs::remove_dir_all(&root).unwrap_or_default();
}

/// At how many pages one looks after a build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Looks {
    AtAll,
    AtSome,
}

/// A site that is built twice.
struct Site {
    root: PathBuf,
    dice: Dice,
    today: Date,
    edition: Edition,
    /// Sound texts by path.
    sound: BTreeMap<String, Vec<u8>>,
    changed: BTreeSet<String>,
    folder: Folder,
    /// Builds what changed.
    quick: Live,
    /// Builds everything.
    whole: (Arc<Snapshot>, Vec<Diagnostic>),
    /// How many pages were the very same value after a build.
    taken_over: usize,
}

impl Drop for Site {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.root).unwrap_or_default();
    }
}

impl Site {
    fn new(edition: Edition, name: &str, seed: u64) -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("edits-{}-{name}", std::process::id()));
        copy::copy(&sound_site(), &root);
        generated::write_articles(&root, ARTICLES);
        let mut sound = BTreeMap::new();
        texts_below(&root, "articles", &mut sound);
        texts_below(&root, "clinic", &mut sound);
        texts_below(&root, "static", &mut sound);
        let calendar = Calendar::Fixed(TODAY);
        let whole = build_edition(&root, calendar, &edition, None, Extent::Everything);
        let whole = whole.expect("there is a clinic");
        assert!(!whole.1.iter().any(Diagnostic::is_error), "{:#?}", whole.1);
        let quick = Live::new(Arc::clone(&whole.0), whole.1.clone());
        Self {
            folder: Folder::new(root.clone()),
            root,
            dice: Dice::new(seed),
            today: TODAY,
            edition,
            sound,
            changed: BTreeSet::new(),
            quick,
            whole,
            taken_over: 0,
        }
    }

    /// Builds both again.
    fn build(&mut self) {
        let calendar = Calendar::Fixed(self.today);
        // Some changes are seen file by file, some only as a whole.
        let changes = match self.dice.below(6) {
            0 => Changes::Everything,
            _ => Changes::Paths(std::mem::take(&mut self.changed)),
        };
        self.changed.clear();
        let before = self.quick.snapshot();
        self.folder.refresh(&changes, calendar, &self.quick);
        let after = self.quick.snapshot();
        let same = before.addresses().into_iter().filter(|address| {
            match (before.entry(address), after.entry(address)) {
                (Some(Entry::Page(one)), Some(Entry::Page(two))) => Arc::ptr_eq(one, two),
                _ => false,
            }
        });
        self.taken_over += same
            .filter(|address| address.starts_with("/articles/"))
            .count();
        let last = Arc::clone(&self.whole.0);
        let whole = build_edition(
            &self.root,
            calendar,
            &self.edition,
            Some(&last),
            Extent::Everything,
        );
        self.whole = whole.expect("there was a clinic");
    }

    fn compare(&mut self, place: &str, looks: Looks) {
        let (quick, whole) = (self.quick.snapshot(), Arc::clone(&self.whole.0));
        assert_eq!(
            lines(&self.quick.diagnostics()),
            lines(&self.whole.1),
            "{place}: diagnostics"
        );
        assert_eq!(quick.addresses(), whole.addresses(), "{place}: addresses");
        // A page is made when somebody asks for it: each time some are left for a later build to make or take over.
        let left = usize::from(looks == Looks::AtSome) * (1 + self.dice.below(3));
        for (at, address) in whole.addresses().into_iter().enumerate() {
            if left > 0 && at % 3 + 1 == left {
                continue;
            }
            let (one, two) = (quick.entry(address), whole.entry(address));
            match (one, two) {
                (Some(Entry::Page(one)), Some(Entry::Page(two))) => {
                    same_page(one, two, &format!("{place}: {address}"));
                }
                (Some(Entry::Moved(one)), Some(Entry::Moved(two))) => {
                    assert_eq!(one, two, "{place}: {address}");
                }
                _ => panic!("{place}: {address} is a page in one and a redirect in the other"),
            }
        }
        for (one, two) in [
            (quick.not_found(), whole.not_found()),
            (quick.method_not_allowed(), whole.method_not_allowed()),
            (quick.forged(), whole.forged()),
            (quick.malformed(), whole.malformed()),
            (quick.failed(), whole.failed()),
        ] {
            same_page(one, two, &format!("{place}: a problem"));
        }
        assert_eq!(
            quick.site().articles,
            whole.site().articles,
            "{place}: articles"
        );
    }

    fn write(&mut self, path: &str, text: impl AsRef<[u8]>) {
        let file = self.root.join(path);
        fs::create_dir_all(file.parent().expect("a file stands in a folder"))
            .expect("the folder can be made");
        fs::write(file, text).expect("the file can be written");
        self.changed.insert(path.to_owned());
    }

    fn remove(&mut self, path: &str) {
        fs::remove_file(self.root.join(path)).unwrap_or_default();
        self.changed.insert(path.to_owned());
    }

    /// A path of a sound file below a folder, such as `articles/`.
    fn any(&mut self, folder: &str) -> String {
        let paths: Vec<&String> = self
            .sound
            .keys()
            .filter(|path| path.starts_with(folder))
            .filter(|path| path.ends_with(".md") || path.ends_with(".toml"))
            .collect();
        (*self.dice.one(&paths)).clone()
    }

    fn text(&self, path: &str) -> String {
        let bytes = self.sound.get(path).expect("it is a sound file");
        String::from_utf8(bytes.clone()).expect("it is text")
    }

    /// Changes something, and says what.
    fn edit(&mut self) -> String {
        match self.dice.below(32) {
            0 | 1 => self.change_words(),
            2 => self.rename_a_heading(),
            3 => self.add_an_article(),
            4 => {
                let path = self.any("articles/");
                self.remove(&path);
                format!("remove {path}")
            }
            5 => self.rename_an_article(),
            6 | 7 => self.break_a_file("articles/"),
            8 => self.break_a_file("clinic/"),
            9..=12 => self.mend(),
            13 => self.set_a_key("draft: true"),
            14 => {
                self.set_a_key("withdrawn: { on: 2026-11-01, why: \"It was wrong.\", see: knee-1 }")
            }
            15 => self.set_a_key("aliases: [old-address]"),
            16 => self.set_a_key("related: [knee-1, elbow-24, gone-1]"),
            17 => self.change_the_clinic(),
            18 => self.change_a_folder(),
            19 => self.change_a_picture(),
            20 => self.change_the_style(),
            21..=23 => self.change_share_pictures(),
            24 => self.set_a_key(
                "updated_on: 2026-11-20\nchanges: [{ on: 2026-11-20, what: \"It was wrong.\" }]",
            ),
            25 => self.change_a_notice(),
            26 => self.change_a_diagram(),
            27..=29 => self.change_a_photo(),
            _ => {
                let days = 1 + i64::try_from(self.dice.below(40)).expect("a few days");
                self.today = self.today.saturating_add(days.days());
                format!("wait until {}", self.today)
            }
        }
    }

    fn change_words(&mut self) -> String {
        let path = self.any("articles/");
        let mut dice = Dice::new(self.dice.below(1000) as u64);
        let text = self.text(&path);
        let text = match dice.below(3) {
            0 => text.replacen("title: \"", "title: \"New: ", 1),
            1 => text.replacen("reviewed_on: 2026-10-", "reviewed_on: 2026-11-", 1),
            _ => format!("{text}\nOne more sentence, number {}.\n", dice.below(1000)),
        };
        self.write(&path, text);
        format!("change words of {path}")
    }

    fn rename_a_heading(&mut self) -> String {
        let path = self.any("articles/");
        let text = self.text(&path).replacen("{#part-1}", "{#other-part}", 1);
        self.write(&path, text);
        format!("rename a heading of {path}")
    }

    fn add_an_article(&mut self) -> String {
        let number = ARTICLES + self.dice.below(10);
        let clinic = generated::Clinic::of(&sound_site());
        let text = generated::article(number, ARTICLES + 10, &clinic);
        let path = format!("articles/{}.md", generated::slug(number));
        self.write(&path, text);
        format!("add {path}")
    }

    fn rename_an_article(&mut self) -> String {
        let path = self.any("articles/");
        let text = self.text(&path);
        self.remove(&path);
        let name = path.replacen(".md", "-renamed.md", 1);
        self.write(&name, text);
        format!("rename {path}")
    }

    fn break_a_file(&mut self, folder: &str) -> String {
        let path = self.any(folder);
        let text = self.text(&path);
        let bytes = match self.dice.below(5) {
            0 => text
                .replacen(": ", ": [", 1)
                .replacen(" = ", " = [", 1)
                .into_bytes(),
            1 => text.bytes().take(self.dice.below(text.len())).collect(),
            2 => Vec::new(),
            3 => text.bytes().chain([0xff, 0xfe]).collect(),
            _ => text.replace("](", "](gone-").into_bytes(),
        };
        self.write(&path, bytes);
        format!("break {path}")
    }

    /// Makes some files sound again.
    fn mend(&mut self) -> String {
        let mut mended = Vec::new();
        let sound = self.sound.clone();
        for (path, bytes) in sound {
            let is_sound = fs::read(self.root.join(&path)).is_ok_and(|now| now == bytes);
            if !is_sound && self.dice.below(2) == 0 {
                self.write(&path, bytes);
                mended.push(path);
            }
        }
        format!("mend {}", mended.join(", "))
    }

    fn set_a_key(&mut self, line: &str) -> String {
        let path = self.any("articles/");
        let text = self.text(&path);
        let text = text.replacen("authors: ", &format!("{line}\nauthors: "), 1);
        self.write(&path, text);
        format!("set `{line}` in {path}")
    }

    fn change_the_clinic(&mut self) -> String {
        let rows = [
            ("clinic/clinic.toml", "name = \"", "name = \"New "),
            ("clinic/people.toml", "bio = \"", "bio = \"Now: "),
            ("clinic/topics.toml", "name = \"", "name = \"New "),
            ("clinic/services.toml", "name = \"", "name = \"New "),
            (
                "clinic/pages/privacy.md",
                "\n## ",
                "\nSee [a page](/articles/knee-1).\n\n## ",
            ),
            (
                "clinic/protocols/test-complaint.toml",
                "title = \"",
                "title = \"New ",
            ),
            (
                "clinic/glossary.toml",
                "term = \"testitis\"",
                "term = \"elbow\"",
            ),
        ];
        let (path, from, to) = self.dice.one(&rows);
        let text = self.text(path).replacen(from, to, 1);
        self.write(path, text);
        format!("change {path}")
    }

    /// Makes a folder with two articles, one of which has the address of another, or takes it away.
    fn change_a_folder(&mut self) -> String {
        let folder = "articles/more";
        if self.root.join(folder).is_dir() {
            fs::remove_dir_all(self.root.join(folder)).expect("it can be removed");
            self.changed.insert(folder.to_owned());
            return format!("remove {folder}");
        }
        let text = self.text("articles/small-page.md");
        self.write("articles/more/deep/another-page.md", &text);
        self.write("articles/more/small-page.md", &text);
        self.changed = std::mem::take(&mut self.changed)
            .into_iter()
            .filter(|path| !path.starts_with(folder))
            .chain([folder.to_owned()])
            .collect();
        format!("add {folder}")
    }

    /// Changes what a drawing shows, what it names, or breaks it.
    fn change_a_diagram(&mut self) -> String {
        let path = "static/diagrams/test-part.svg";
        let text = self.text(path);
        let text = match self.dice.below(3) {
            0 => text.replacen("r=\"30\"", "r=\"20\"", 1),
            1 => text.replacen("First part", "Other part", 1),
            _ => text.replacen("class=\"accent\"", "fill=\"red\"", 1),
        };
        self.write(path, text);
        format!("change {path}")
    }

    fn change_a_picture(&mut self) -> String {
        let pictures: Vec<String> = self
            .sound
            .keys()
            .filter(|path| path.ends_with(".svg"))
            .cloned()
            .collect();
        let path = self.dice.one(&pictures).clone();
        match self.dice.below(3) {
            0 => self.remove(&path),
            1 => {
                let bytes = self.sound.get(&path).cloned().expect("it is a sound file");
                self.write(&path, bytes);
            }
            _ => {
                let text = self.text(&path).replacen("<svg", "<!-- new --><svg", 1);
                self.write(&path, text);
            }
        }
        format!("change {path}")
    }

    /// Puts a photo in the place of a small picture, and makes some of its versions, takes some away, or leaves those
    /// of the photo before.
    fn change_a_photo(&mut self) -> String {
        let photo = "articles/every-part/dot.png";
        let mut told = Vec::new();
        if self.dice.below(2) == 0 {
            let width = *self.dice.one(&[40, 300, 700, 1200, 2000]);
            let salt = u8::try_from(self.dice.below(4)).expect("it is small");
            self.write(photo, head_of_png(width, salt));
            told.push(format!("{photo} of {width} pixels"));
        }
        let tree = read_tree(&self.root).expect("the folder can be read");
        let plans = plans(&tree.assets);
        let files = plans.values().flat_map(Plan::files);
        let is_whole = self.dice.below(2) == 0;
        for made in files.collect::<Vec<_>>() {
            if !is_whole && self.dice.below(6) == 0 {
                self.remove(&made.path);
                told.push(format!("no {}", made.path));
            } else {
                self.write(&made.path, head_of_png(made.width, 0));
            }
        }
        if self.dice.below(4) == 0 {
            for path in unneeded(&tree.assets, &plans) {
                self.remove(&path);
            }
            told.push("no old versions".to_owned());
        }
        format!("change versions: {}", told.join(", "))
    }

    /// Draws some of the pictures that other sites show, draws some again, and takes some away. Later edits make
    /// others stale.
    fn change_share_pictures(&mut self) -> String {
        let snapshot = self.quick.snapshot();
        let pictures = share_pictures(snapshot.making()).expect("pictures can be laid out");
        let mut told = Vec::new();
        for at in 0..12 {
            let picture = match at {
                0 => pictures.first().expect("the clinic has one"),
                _ => self.dice.one(&pictures),
            };
            let path = format!("static/share/{}", picture.file_name);
            match self.dice.below(4) {
                0 => self.remove(&path),
                _ => {
                    let drawing = format!("drawing {}", self.dice.below(1000));
                    self.write(&path, drawing);
                }
            }
            told.push(path);
        }
        format!("draw {}", told.join(", "))
    }

    /// Puts up a notice that every page names, or takes it away again.
    fn change_a_notice(&mut self) -> String {
        let path = "clinic/pages/nondiscrimination.md";
        if self.root.join(path).is_file() {
            self.remove(path);
        } else {
            let text = self.text("clinic/pages/privacy.md");
            self.write(path, text);
        }
        format!("change {path}")
    }

    /// Puts a sheet in the place of the program's own, or takes it away again.
    fn change_the_style(&mut self) -> String {
        let path = "static/css/print.css";
        if self.root.join(path).is_file() {
            self.remove(path);
        } else {
            let orphans = self.dice.below(9);
            self.write(path, format!("@layer print{{p{{orphans:{orphans}}}}}"));
        }
        format!("change {path}")
    }
}

fn lines(diagnostics: &[Diagnostic]) -> String {
    let lines: Vec<String> = diagnostics.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

fn same_page(one: &Page, two: &Page, place: &str) {
    same_answer(one, two, place);
    let text = |page: &Page| {
        let body = page.identity().and_then(|own| own.body.bytes());
        String::from_utf8_lossy(&body.unwrap_or_default()).into_owned()
    };
    let (first, second) = (text(one), text(two));
    let differs = first.lines().zip(second.lines()).find(|(a, b)| a != b);
    assert!(first == second, "{place}: {differs:#?}");
    let codings = |page: &Page| -> Vec<_> {
        let own = page.representations.iter();
        own.map(|own| (own.tag, own.body.bytes())).collect()
    };
    assert_eq!(codings(one), codings(two), "{place}");
}

/// What a PNG begins with, which is all that the server looks at, and one byte that makes it another file.
fn head_of_png(width: u32, salt: u8) -> Vec<u8> {
    let mut head = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    head.extend(width.to_be_bytes());
    head.extend([0, 0, 0, 20, 8, 2, 0, 0, 0, 0, 0, 0, 0, salt]);
    head
}

/// Adds every file below a folder by its path.
fn texts_below(root: &Path, folder: &str, found: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(root.join(folder)).expect("the folder can be read") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_str().expect("text");
        let below = format!("{folder}/{name}");
        if path.is_dir() {
            texts_below(root, &below, found);
        } else {
            found.insert(below, fs::read(&path).expect("the file can be read"));
        }
    }
}
