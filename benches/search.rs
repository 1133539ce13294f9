//! How long a search takes at 10,000 articles: from the typed text to results with excerpts, and
//! to suggestions, for words, phrases, mistakes and long texts. It also tells how long the index
//! takes at first, and after one edit. `cargo bench --bench search` prints all.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "measures time, and writes a site of its own"
)]

#[path = "../tests/support/copy.rs"]
mod copy;
#[path = "../tests/support/generated.rs"]
mod generated;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use jiff::civil::{Date, date};
use signpost::disk::read_tree;
use signpost::search::{Index, Indexer, Query, Scope};
use signpost::site::{Site, load};

const ARTICLES: usize = 10_000;
const TODAY: Date = date(2026, 11, 25);

/// How often each kind of text is asked.
const ASKED: usize = 500;

/// What p99 must stay below, in ms.
const MOST_MS: f64 = 5.0;

fn main() {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("search");
    fs::remove_dir_all(&root).unwrap_or_default();
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    copy::copy(&own.join("clinic"), &root.join("clinic"));
    generated::write_articles(&root, ARTICLES);
    let site = site_of(&root);
    let mut indexer = Indexer::new().expect("there is memory");
    let begun = Instant::now();
    let index = indexer
        .follow(&site, Scope::Listed)
        .expect("there is memory");
    println!(
        "{} documents: first index {:.0} ms",
        index.len(),
        ms(begun.elapsed())
    );
    let edited = edit(&root);
    let begun = Instant::now();
    let followed = indexer
        .follow(&edited, Scope::Listed)
        .expect("there is memory");
    println!(
        "after an edit: {:.1} ms, {} documents",
        ms(begun.elapsed()),
        followed.len()
    );
    let mut slowest: f64 = 0.0;
    for (kind, texts) in texts() {
        let found = measure(&texts, |text| find(&followed, &edited, text));
        let suggested = measure(&texts, |text| suggest(&followed, &edited, text));
        println!(
            "{kind}: results {}, suggestions {}",
            told(&found),
            told(&suggested)
        );
        slowest = slowest.max(p99(&found)).max(p99(&suggested));
    }
    fs::remove_dir_all(&root).unwrap_or_default();
    println!("slowest p99: {slowest:.2} ms, expected below {MOST_MS} ms");
    if slowest >= MOST_MS {
        std::process::exit(1);
    }
}

fn site_of(root: &Path) -> Site {
    let tree = read_tree(root).expect("the content can be read");
    let (site, _) = load(&tree, &BTreeMap::new(), &["en".to_owned()], TODAY, None);
    site.expect("there is a clinic")
}

fn edit(root: &Path) -> Site {
    let file = root.join(format!("articles/{}.md", generated::slug(7)));
    let text = fs::read_to_string(&file).expect("the article is there");
    fs::write(&file, format!("{text}\nOne more line.\n")).expect("the article can be written");
    site_of(root)
}

/// Texts by kind; all are asked equally often.
fn texts() -> Vec<(&'static str, Vec<String>)> {
    let number = |at: usize| at * 37 % ARTICLES;
    let noun = |at: usize| {
        generated::slug(number(at))
            .split('-')
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    let all = |make: &dyn Fn(usize) -> String| (0..ASKED).map(make).collect::<Vec<_>>();
    vec![
        ("one word", all(&noun)),
        (
            "two words",
            all(&|at| format!("{} {}", noun(at), noun(at + 1))),
        ),
        (
            "title",
            all(&|at| format!("Trouble with the {}, part {}", noun(at), number(at))),
        ),
        (
            "sentence",
            all(&|at| {
                format!(
                    "when my {} hurts in the morning the {} aches after a walk",
                    noun(at),
                    noun(at + 3)
                )
            }),
        ),
        ("mistake", all(&|at| format!("{}x hurst", noun(at)))),
        ("unknown", all(&|at| format!("qwzx{at} vbnq{at} zzzz"))),
        (
            "longest",
            all(&|at| {
                (0..12)
                    .map(|next| noun(at + next))
                    .collect::<Vec<_>>()
                    .join(" ")
            }),
        ),
        (
            "longest mistakes",
            all(&|at| {
                (0..12)
                    .map(|next| format!("{}q", noun(at + next)))
                    .collect::<Vec<_>>()
                    .join(" ")
            }),
        ),
    ]
}

fn find(index: &Index, site: &Site, text: &str) -> usize {
    let found = index.find(&Query::read(text), site);
    found.expect("the index can be read").hits.len()
}

fn suggest(index: &Index, site: &Site, text: &str) -> usize {
    let suggested = index.suggest(&Query::read(text), site);
    suggested.expect("the index can be read").len()
}

fn measure(texts: &[String], ask: impl Fn(&str) -> usize) -> Vec<Duration> {
    let mut times: Vec<Duration> = texts
        .iter()
        .map(|text| {
            let begun = Instant::now();
            std::hint::black_box(ask(text));
            begun.elapsed()
        })
        .collect();
    times.sort();
    times
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// The share of ascending times, in percent, as ms.
fn at(times: &[Duration], percent: usize) -> f64 {
    let place = (times.len() * percent / 100).min(times.len().saturating_sub(1));
    times.get(place).copied().map_or(0.0, ms)
}

fn p99(times: &[Duration]) -> f64 {
    at(times, 99)
}

fn told(times: &[Duration]) -> String {
    format!(
        "median {:.2}, p99 {:.2}, most {:.2} ms",
        at(times, 50),
        p99(times),
        at(times, 100)
    )
}
