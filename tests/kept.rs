//! What a server keeps on disk of its pages: they are sent from there as they would be sent from
//! memory, the next server knows them again, and whatever becomes of the file costs no reader a page.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "spoils files, and stops at once when something is not as it says"
)]

#[path = "support/copy.rs"]
mod copy;
#[path = "support/generated.rs"]
mod generated;
#[path = "support/same_answer.rs"]
mod same_answer;

use std::fs;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::{Date, date};
use signpost::content::Audience;
use signpost::disk::{read_tree, stamps_of};
use signpost::pages::{Edition, FormTarget};
use signpost::site::name_of_files;
use signpost::snapshot::{
    Built, Claim, Coding, Codings, Copies, Entry, Extent, Inherited, Inventory, Moment, Page,
    Pressed, Progress, Purpose, Snapshot, build_for, count_quick, with_all_forms,
    with_best_compression, with_files_in,
};
use signpost::vault::Vault;

use crate::same_answer::same_answer;

const TODAY: Date = date(2026, 11, 25);

/// How many articles the site has besides those of `tests/content/sound`.
const ARTICLES: usize = 12;

/// A site of its own on disk, built as a large one is.
struct Kept {
    root: PathBuf,
    late: Arc<Snapshot>,
}

impl Kept {
    fn new(name: &str) -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let root = root.join(format!("kept-{name}-{}", std::process::id()));
        let sound = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/content/sound");
        copy::copy(&sound, &root);
        generated::write_articles(&root, ARTICLES);
        let (late, faults) = built(&root);
        assert!(!faults.iter().any(|fault| fault.is_error()), "{faults:?}");
        Self { root, late }
    }

    fn file(&self) -> PathBuf {
        self.root.join("vault")
    }

    /// What the next server finds on disk, with the inventory that the last one wrote.
    fn found(&self, inventory: &[u8]) -> (Inventory, Arc<Vault>) {
        let listed = Inventory::read(inventory).expect("it is whole");
        let vault = Vault::open(&self.file(), listed.end()).expect("it is there");
        assert_eq!(vault.name(), listed.vault());
        (listed, Arc::new(vault))
    }

    fn vault(&self) -> Arc<Vault> {
        Arc::new(Vault::begin(&self.file()).expect("the folder is there"))
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.root).unwrap_or_default();
    }
}

fn built(root: &Path) -> Built {
    let purpose = Purpose {
        today: TODAY,
        edition: &Edition::Public,
        last_good: None,
        extent: Extent::Everything,
        forms: FormTarget::SameOrigin,
        codings: Codings::Behind,
        articles: Moment::WhenAsked,
        audience: Audience::Editors,
    };
    let tree = read_tree(root).expect("the folder can be read");
    build_for(&tree, purpose).expect("there is a clinic")
}

fn into(vault: &Arc<Vault>) -> Pressed {
    let mut pressed = Pressed::default();
    pressed.put_into(Arc::clone(vault));
    pressed
}

/// As small as can be, with what goes into a file in `pressed`.
fn smallest(snapshot: &Snapshot, pressed: &Pressed) -> Snapshot {
    let all = with_all_forms(snapshot, pressed).expect("forms were missing");
    let best = with_best_compression(&all, pressed, usize::MAX, || true);
    let (best, progress) = best.expect("nobody calls it off");
    assert_eq!(progress, Progress::Whole);
    best
}

fn pages(snapshot: &Snapshot) -> impl Iterator<Item = (&str, &Page)> {
    let addresses = snapshot.addresses().into_iter();
    addresses.filter_map(|address| match snapshot.entry(address)? {
        Entry::Page(page) => Some((address, page.as_ref())),
        Entry::Moved(_) => None,
    })
}

fn is_of_an_article(address: &str) -> bool {
    address.starts_with("/articles/")
}

/// Compares all that a reader may be sent.
fn same_page(one: &Page, two: &Page, address: &str) {
    same_answer(one, two, address);
    let forms = |page: &Page| -> Vec<_> {
        let own = page.representations.iter();
        own.map(|own| (own.tag, own.body.bytes())).collect()
    };
    let forms = (forms(one), forms(two));
    assert!(forms.0.iter().all(|(.., body)| body.is_some()), "{address}");
    assert!(forms.0 == forms.1, "{address}: other bytes");
}

fn in_memory(snapshot: &Snapshot) -> usize {
    [Coding::Gzip, Coding::Brotli]
        .into_iter()
        .map(|coding| snapshot.bytes_in(coding))
        .sum()
}

#[test]
fn pages_are_sent_from_a_file_as_from_memory() {
    let kept = Kept::new("sent");
    let memory = smallest(&kept.late, &Pressed::default());
    let (again, _) = built(&kept.root);
    let vault = kept.vault();
    let filed = smallest(&again, &into(&vault));
    assert!(vault.end() > 50_000, "nothing lies there");
    assert!(
        in_memory(&filed) * 2 < in_memory(&memory),
        "what lies in a file is in memory too"
    );
    assert_eq!(filed.addresses(), memory.addresses());
    for ((address, one), (_, two)) in pages(&filed).zip(pages(&memory)) {
        same_page(one, two, address);
    }
    assert_eq!(count_quick(&filed), 0);
    assert!(with_all_forms(&filed, &into(&vault)).is_none());
}

#[test]
fn a_file_that_fails_costs_no_reader_a_page() {
    let kept = Kept::new("fails");
    let memory = smallest(&kept.late, &Pressed::default());
    let (again, _) = built(&kept.root);
    let filed = smallest(&again, &into(&kept.vault()));
    // Everything behind its head is overwritten in place, as by a disk that loses its mind.
    let length = fs::metadata(kept.file()).expect("it is there").len();
    let other = fs::File::options().write(true).open(kept.file());
    let nonsense = vec![7; usize::try_from(length).expect("it is small") - 33];
    let spoiled = other.and_then(|file| file.write_all_at(&nonsense, 33));
    spoiled.expect("it can be written");
    let first = pages(&filed).find(|(address, _)| is_of_an_article(address));
    let (_, first) = first.expect("there are articles");
    let forms = first.representations.iter();
    let missing = forms.filter(|own| own.body.bytes().is_none()).count();
    assert!(missing > 0, "nobody noticed");
    // Whoever asks the snapshot again is given the same page, made again.
    for ((address, one), (_, two)) in pages(&filed).zip(pages(&memory)) {
        let body = |page: &Page| page.identity().and_then(|own| own.body.bytes());
        assert!(body(one).is_some(), "{address}");
        assert!(body(one) == body(two), "{address}: another page");
        assert_eq!(one.headers, two.headers, "{address}");
    }
    // And with another file, all is as it was.
    let mended = smallest(&filed, &into(&kept.vault()));
    for ((address, one), (_, two)) in pages(&mended).zip(pages(&memory)) {
        same_page(one, two, address);
    }
}

#[test]
fn a_full_or_busy_file_costs_memory_and_nothing_else() {
    let kept = Kept::new("busy");
    let memory = smallest(&kept.late, &Pressed::default());
    let (again, _) = built(&kept.root);
    let owner = kept.vault();
    let busy = Arc::new(Vault::open(&kept.file(), owner.end()).expect("it is there"));
    let filed = smallest(&again, &into(&busy));
    assert_eq!(in_memory(&filed), in_memory(&memory));
    // As soon as there is one that takes it, it goes there.
    let moved = with_files_in(&filed, &into(&owner));
    assert!(in_memory(&moved) * 2 < in_memory(&memory));
    for snapshot in [&filed, &moved] {
        for ((address, one), (_, two)) in pages(snapshot).zip(pages(&memory)) {
            same_page(one, two, address);
        }
    }
}

/// How many bodies are made as small as can be at once.
const AT_ONCE: usize = 7;

#[test]
fn what_is_made_smaller_bit_by_bit_is_the_same_in_the_end() {
    let kept = Kept::new("bits");
    let whole = smallest(&kept.late, &Pressed::default());
    let (again, _) = built(&kept.root);
    let nothing = Pressed::default();
    let mut snapshot = with_all_forms(&again, &nothing).expect("forms were missing");
    let mut parts = 0;
    loop {
        let before = count_quick(&snapshot);
        let better = with_best_compression(&snapshot, &nothing, AT_ONCE, || true);
        let (better, progress) = better.expect("nobody calls it off");
        let left = count_quick(&better);
        snapshot = better;
        if progress == Progress::Whole {
            assert_eq!(left, 0);
            break;
        }
        assert!(before - left <= AT_ONCE, "{before} to {left}");
        parts += 1;
    }
    assert!(parts > 4 * ARTICLES / AT_ONCE, "{parts}");
    for ((address, one), (_, two)) in pages(&snapshot).zip(pages(&whole)) {
        same_page(one, two, address);
    }
    assert!(with_best_compression(&snapshot, &nothing, AT_ONCE, || false).is_none());
}

/// Puts all of a site into a vault, and gives the inventory as the bytes of its file.
fn inventory(kept: &Kept, vault: &Arc<Vault>) -> (Snapshot, Vec<u8>) {
    let filed = smallest(&kept.late, &into(vault));
    let bytes = listed(&filed, vault);
    (filed, bytes)
}

fn listed(filed: &Snapshot, vault: &Arc<Vault>) -> Vec<u8> {
    let claim = Claim {
        content: filed.read_from().expect("nothing was wrong"),
        program: 7,
        today: TODAY,
        timezone: "America/New_York".to_owned(),
    };
    let listed = Inventory::of(filed, Some(claim), vault, &mut Copies::default());
    let bytes = listed.and_then(|listed| listed.to_bytes());
    bytes.expect("the vault takes it")
}

#[test]
fn the_next_server_has_the_pages_of_the_last_one_before_it_has_read_anything() {
    let kept = Kept::new("next");
    let vault = kept.vault();
    let (last, bytes) = inventory(&kept, &vault);
    drop(vault);
    let (listed, vault) = kept.found(&bytes);
    let inherited = Inherited::of(listed, vault);
    assert!(inherited.len() > 4 * ARTICLES);
    assert!(inherited.page("/articles/nothing-there").is_none());
    for (address, page) in pages(&last) {
        let own = inherited.page(address);
        same_page(&own.expect("it was there"), page, address);
    }
}

#[test]
fn the_next_server_presses_nothing_again() {
    let kept = Kept::new("again");
    let vault = kept.vault();
    let (last, bytes) = inventory(&kept, &vault);
    drop(vault);
    let (listed, vault) = kept.found(&bytes);
    let (pressed, mut copies) = listed.pressed(Arc::clone(&vault));
    let (next, _) = built(&kept.root);
    let all = with_all_forms(&next, &pressed).expect("forms were missing");
    assert_eq!(count_quick(&all), 0, "all are the best there are");
    for ((address, one), (_, two)) in pages(&all).zip(pages(&last)) {
        same_page(one, two, address);
    }
    let claim = listed.claim().cloned();
    let again = Inventory::of(&all, claim, &vault, &mut copies);
    let again = again.and_then(|again| again.to_bytes());
    assert!(again.as_deref() == Some(&bytes), "something is new");
}

#[test]
fn a_server_that_was_stopped_before_all_was_at_its_best_leaves_what_it_had() {
    let kept = Kept::new("half");
    let vault = kept.vault();
    let pressed = into(&vault);
    let quick = with_all_forms(&kept.late, &pressed).expect("forms were missing");
    let half = with_best_compression(&quick, &pressed, AT_ONCE, || true);
    let (half, progress) = half.expect("nobody calls it off");
    assert_eq!(progress, Progress::Part);
    let bytes = listed(&half, &vault);
    drop((vault, pressed));
    let (listed, vault) = kept.found(&bytes);
    let (known, _) = listed.pressed(vault);
    let (next, _) = built(&kept.root);
    let next = with_all_forms(&next, &known).expect("forms were missing");
    assert_eq!(count_quick(&next), count_quick(&half));
    for ((address, one), (_, two)) in pages(&next).zip(pages(&half)) {
        same_page(one, two, address);
    }
    // The last server still has the file, so what is made once more could only go into memory.
    assert_eq!(in_memory(&next), in_memory(&half));
}

#[test]
fn an_inventory_that_is_cut_or_spoiled_anywhere_is_not_used() {
    let kept = Kept::new("cut");
    let (_, bytes) = inventory(&kept, &kept.vault());
    // Each byte of its head, and some of the rest.
    let places = (0..64).chain((64..bytes.len()).step_by(97));
    for place in places {
        assert!(Inventory::read(&bytes[..place]).is_none(), "cut at {place}");
        let mut spoiled = bytes.clone();
        spoiled[place] ^= 1;
        assert!(Inventory::read(&spoiled).is_none(), "byte {place}");
    }
}

#[test]
fn files_have_another_name_as_soon_as_one_of_them_is_another() {
    let kept = Kept::new("names");
    let name = || name_of_files(&stamps_of(&kept.root));
    let before = name();
    assert_eq!(Some(before), kept.late.read_from());
    assert_eq!(before, name());
    let article = kept.root.join("articles/knee-1.md");
    let text = fs::read_to_string(&article).expect("it was written");
    let mut names = vec![before];
    let mut changed = |what: &str| {
        let now = name();
        assert!(!names.contains(&now), "{what}");
        names.push(now);
    };
    fs::write(&article, format!("{text}\nRest.\n")).expect("it can be written");
    changed("an article was edited");
    fs::write(&article, &text).expect("it can be written");
    changed("it was edited back at another time");
    let aside = kept.root.join("articles/knee-one.md");
    fs::rename(&article, &aside).expect("it can be moved");
    changed("it has another name");
    fs::remove_file(&aside).expect("it can be removed");
    changed("it is gone");
    fs::write(kept.root.join("clinic/new.toml"), "").expect("it can be written");
    changed("there is a new file");
}

#[test]
fn a_build_of_which_something_broke_is_never_taken_for_the_files() {
    let kept = Kept::new("broken");
    assert!(kept.late.read_from().is_some());
    let article = kept.root.join("articles/knee-1.md");
    fs::write(&article, "---\ntitle: \"\n---\n").expect("it can be written");
    let (broken, faults) = built(&kept.root);
    assert!(faults.iter().any(|fault| fault.is_error()));
    assert_eq!(broken.read_from(), None);
}
