//! Several writers save, empty, rename and delete content files at random while readers read over
//! HTTP. No answer is a failure, no page is cut, an article that was good stays, and when it is
//! quiet the site is the same as one that was built at once.
//!
//! `SIGNPOST_CHAOS_SECONDS` says how long the writers write.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use signpost::live::Live;
use signpost::pages::Edition;
use signpost::rebuild::{Calendar, build_edition};
use signpost::snapshot::Extent;

use crate::clinic::{BETWEEN_LOOKS, Clinic, LOOKS, TODAY};
use crate::folder::{Folder, REFERENCE};
use crate::generated::{self, Dice};
use crate::living::bodies;

/// How long writers write, in seconds, when nobody says otherwise.
const SECONDS: u64 = 8;

/// How many articles there are besides those of the repository.
const ARTICLES: usize = 24;

/// Articles that are saved and broken in place, and so have a good version all the time.
const KEPT: usize = 8;

/// Files of the clinic that are broken and mended.
const CLINIC_FILES: [&str; 5] = [
    "clinic/clinic.toml",
    "clinic/topics.toml",
    "clinic/services.toml",
    "clinic/copays.toml",
    "clinic/pages/privacy.md",
];

#[actix_web::test]
async fn whatever_happens_to_files_readers_see_whole_good_pages() {
    let folder = Folder::copied();
    let names = generated::Clinic::of(folder.root());
    for number in 0..ARTICLES {
        // Links lead only to articles that are always there: one that comes back must find what it names.
        let text = generated::article(number, KEPT, &names);
        folder.write(&format!("articles/{}.md", generated::slug(number)), &text);
    }
    let clinic = Clinic::of(folder).await;
    assert!(
        !clinic.diagnostics().contains("error["),
        "{}",
        clinic.diagnostics()
    );
    let _watch = clinic.watch();
    let stop = Arc::new(AtomicBool::new(false));
    let writers: Vec<JoinHandle<usize>> = (0..3)
        .map(|number| {
            let writer = Writer::new(&clinic, number);
            let stop = Arc::clone(&stop);
            std::thread::spawn(move || writer.write_until(&stop))
        })
        .collect();
    let seconds = std::env::var("SIGNPOST_CHAOS_SECONDS").ok();
    let seconds = seconds.map_or(SECONDS, |text| text.parse().expect("it is a number"));
    let begun = Instant::now();
    let readers = Readers::default();
    let reading = (0..4).map(|number| readers.read_for(&clinic, number, seconds, begun));
    let read: usize = join_all(reading.collect()).await.into_iter().sum();
    stop.store(true, Ordering::Relaxed);
    let ended = writers.into_iter().map(|writer| writer.join());
    let written: usize = ended
        .map(|count| count.expect("the writer ended well"))
        .sum();
    assert!(
        read > 100 && written > 50,
        "{read} pages read, {written} files written"
    );
    let root = clinic.folder().root().to_owned();
    let calendar = Calendar::Fixed(TODAY);
    let whole = build_edition(&root, calendar, &Edition::Public, None, Extent::Everything);
    let whole = bodies(&whole.expect("the content is sound again").0);
    for _ in 0..LOOKS * 4 {
        if bodies(&clinic.live.snapshot()) == whole {
            break;
        }
        actix_web::rt::time::sleep(BETWEEN_LOOKS).await;
    }
    let differs = differing(&bodies(&clinic.live.snapshot()), &whole);
    assert!(
        differs.is_empty(),
        "not what a whole build gives: {differs:?}; diagnostics:\n{}",
        clinic.diagnostics()
    );
    assert!(
        !clinic.diagnostics().contains("error["),
        "{}",
        clinic.diagnostics()
    );
}

/// The addresses at which two sites answer differently.
fn differing<Body: PartialEq>(
    one: &BTreeMap<String, Body>,
    other: &BTreeMap<String, Body>,
) -> Vec<String> {
    let all: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    let differs = all
        .into_iter()
        .filter(|path| one.get(*path) != other.get(*path));
    differs.cloned().collect()
}

/// Waits for all of some readers at once.
async fn join_all<T>(all: Vec<impl Future<Output = T>>) -> Vec<T> {
    let mut all: Vec<_> = all.into_iter().map(Box::pin).collect();
    let mut done = Vec::new();
    std::future::poll_fn(move |context| {
        all.retain_mut(|one| match one.as_mut().poll(context) {
            std::task::Poll::Ready(value) => {
                done.push(value);
                false
            }
            std::task::Poll::Pending => true,
        });
        match all.is_empty() {
            true => std::task::Poll::Ready(std::mem::take(&mut done)),
            false => std::task::Poll::Pending,
        }
    })
    .await
}

/// What all readers saw together.
#[derive(Default)]
struct Readers {
    /// The body of each ETag, by address and tag.
    seen: Mutex<HashMap<(String, String), Vec<u8>>>,
}

impl Readers {
    async fn read_for(&self, clinic: &Clinic, number: u64, seconds: u64, begun: Instant) -> usize {
        let mut dice = Dice::new(number + 100);
        let mut read = 0;
        while begun.elapsed() < Duration::from_secs(seconds) {
            let kept = format!("/articles/{}", generated::slug(dice.below(KEPT)));
            let moving = format!("/articles/{}", generated::slug(dice.below(ARTICLES)));
            let reference = format!("/articles/{REFERENCE}");
            let addresses = [
                kept.as_str(),
                kept.as_str(),
                moving.as_str(),
                reference.as_str(),
                "/",
                "/articles",
                "/book",
                "/privacy",
                "/no-such-page",
            ];
            let address = dice.one(&addresses);
            self.read(clinic, address).await;
            read += 1;
        }
        read
    }

    async fn read(&self, clinic: &Clinic, address: &str) {
        let answer = clinic.get(address).await;
        let moves = generated_number(address).is_some_and(|number| number >= KEPT);
        let fits = match answer.status {
            200 => true,
            404 => moves || address == "/no-such-page",
            _ => false,
        };
        assert!(fits, "{address} answers {}", answer.status);
        let text = answer.text();
        assert!(text.trim_end().ends_with("</html>"), "{address} is cut");
        assert!(
            text.contains("</main>") && text.contains("<h1"),
            "{address} is no whole page"
        );
        if answer.status == 200 {
            let tag = answer.header("etag").to_owned();
            assert!(!tag.is_empty(), "{address} has no tag");
            let mut seen = self.seen.lock().expect("no reader failed");
            let known = seen.entry((address.to_owned(), tag));
            let body = known.or_insert_with(|| answer.body.clone());
            assert!(*body == answer.body, "{address}: two bodies with one tag");
        }
    }
}

/// The number of a generated article.
fn generated_number(address: &str) -> Option<usize> {
    let (_, number) = address.strip_prefix("/articles/")?.rsplit_once('-')?;
    number.parse().ok()
}

/// Changes its own share of the files.
struct Writer {
    root: PathBuf,
    live: Arc<Live>,
    dice: Dice,
    /// Its files with their sound texts: those that always have a good version, and those that come and go.
    kept: Vec<(String, String)>,
    moving: Vec<(String, String)>,
}

impl Writer {
    /// The writer of every third file.
    fn new(clinic: &Clinic, number: usize) -> Self {
        let folder = clinic.folder();
        let own = |(at, path): (usize, String)| {
            (at % 3 == number).then(|| (path.clone(), folder.read(&path)))
        };
        let path = |number: usize| format!("articles/{}.md", generated::slug(number));
        let kept = (0..KEPT).map(path);
        let kept = kept.chain(CLINIC_FILES.map(str::to_owned));
        let moving = (KEPT..ARTICLES).map(path);
        Self {
            root: folder.root().to_owned(),
            live: Arc::clone(&clinic.live),
            dice: Dice::new(number as u64),
            kept: kept.enumerate().filter_map(own).collect(),
            moving: moving.enumerate().filter_map(own).collect(),
        }
    }

    /// Changes files until it is told to stop, then makes them all sound again. Gives how often it changed one.
    fn write_until(mut self, stop: &AtomicBool) -> usize {
        let mut written = 0;
        while !stop.load(Ordering::Relaxed) {
            if self.dice.below(3) == 0 {
                self.move_one();
            } else {
                self.change_one();
            }
            written += 1;
            std::thread::sleep(Duration::from_millis(self.dice.below(40) as u64));
        }
        for (path, text) in self.kept.iter().chain(&self.moving) {
            self.save(path, text);
        }
        written
    }

    /// Saves by renaming, as most editors do.
    fn save(&self, path: &str, text: &str) {
        let aside = self.root.join(format!("{path}.tmp"));
        fs::write(&aside, text).expect("the file can be written");
        fs::rename(&aside, self.root.join(path)).expect("the file can be renamed");
    }

    /// Saves a file that always has a good version, soundly or not.
    fn change_one(&mut self) {
        let (path, text) = self.dice.one(&self.kept).clone();
        let file = self.root.join(&path);
        let mut cut: String = text.chars().take(self.dice.below(text.len())).collect();
        if path.ends_with(".toml") {
            // Cut between two records it would be a sound file that says less.
            cut.push_str("\n[[");
        }
        let number = self.dice.below(1000);
        match self.dice.below(6) {
            0 => self.save(&path, &text),
            1 => fs::write(&file, &cut).expect("the file can be written"),
            2 => fs::write(&file, "").expect("the file can be written"),
            3 => fs::write(&file, [0xff, 0xfe, 0x00]).expect("the file can be written"),
            4 if path.starts_with("clinic/") => fs::remove_file(&file).unwrap_or_default(),
            _ => {
                // In two steps, as editors do that keep the file's owner.
                fs::write(&file, "").expect("the file can be written");
                let text = text.replacen("title: \"", &format!("title: \"{number}: "), 1);
                fs::write(&file, text).expect("the file can be written");
            }
        }
    }

    /// Takes a file away, or gives it another name, and brings it back whole.
    fn move_one(&mut self) {
        let (path, text) = self.dice.one(&self.moving).clone();
        let file = self.root.join(&path);
        if self.dice.below(2) == 0 {
            fs::remove_file(&file).expect("it is there");
        } else {
            let elsewhere = path.replacen(".md", "-renamed.md", 1);
            let elsewhere = self.root.join(elsewhere);
            fs::rename(&file, &elsewhere).expect("it is there");
            std::thread::sleep(Duration::from_millis(self.dice.below(60) as u64));
            fs::rename(&elsewhere, &file).expect("it is there");
        }
        self.save(&path, &text);
        self.wait_for(Path::new(&path));
    }

    /// Waits a while until an article is there, so that it has a good version before it is changed again.
    fn wait_for(&self, path: &Path) {
        let slug = path.file_stem().and_then(|stem| stem.to_str());
        let address = format!("/articles/{}", slug.expect("a name"));
        for _ in 0..100 {
            if self.live.snapshot().entry(&address).is_some() {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}
