//! The list of all names after an edit is the list of a site that never was another one.
//! Sites are changed in memory, a few articles at a time, and each list that came from the
//! last one is compared with one that was made of everything.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "writes content to disk, and stops at once when something is not as it says"
)]

#[path = "support/copy.rs"]
mod copy;
#[path = "support/generated.rs"]
mod generated;

use std::fs;
use std::path::Path;
use std::sync::Arc;

use jiff::civil::date;
use signpost::content::Article;
use signpost::disk::read_tree;
use signpost::pages::Names;
use signpost::site::Site;
use signpost::snapshot::inspect;

use crate::generated::Dice;

/// How many articles there are.
const ARTICLES: usize = 120;

/// Other names of each at the start: so many that each letter has pages of its own.
const OTHER_NAMES: usize = 10;

/// What names are made of: some begin alike, some with an accent or no letter, some are lay terms of protocols.
const WORDS: [&str; 14] = [
    "Knee",
    "knee pain",
    "Ear",
    "earache",
    "\u{c9}paule",
    "24-hour flu",
    "Sore throat",
    "throat",
    "Zoster",
    "\u{201c}pink eye\u{201d}",
    "pink eye",
    "Back",
    "back pain",
    "A",
];

fn site() -> Site {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("names-{}", std::process::id()));
    let sound = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/content/sound");
    copy::copy(&sound, &root);
    generated::write_articles(&root, ARTICLES);
    let tree = read_tree(&root).expect("the folder can be read");
    let (site, _) = inspect(&tree, date(2026, 11, 25)).expect("there is a clinic");
    fs::remove_dir_all(&root).unwrap_or_default();
    Site::clone(&site)
}

fn name(dice: &mut Dice) -> String {
    match dice.below(3) {
        0 => (*dice.one(&WORDS)).to_owned(),
        1 => format!("{} {}", dice.one(&WORDS), dice.below(9)),
        _ => format!("{} {}", dice.one(&WORDS), dice.one(&WORDS)),
    }
}

/// Changes the names of an article.
fn rename(article: &mut Article, dice: &mut Dice) {
    match dice.below(4) {
        0 => article.title = name(dice),
        1 => article.also_called.push(name(dice)),
        2 => _ = article.also_called.pop(),
        _ => article.also_called = vec![article.title.to_uppercase(), name(dice)],
    }
}

/// Changes a few articles, and says what.
fn edit(site: &mut Site, all: &Site, dice: &mut Dice) -> String {
    let slugs: Vec<_> = all.articles.keys().cloned().collect();
    let mut told = Vec::new();
    for _ in 0..1 + dice.below(3) {
        let slug = dice.one(&slugs).clone();
        let what = match (site.articles.get_mut(&slug), dice.below(6)) {
            (None, _) => {
                let article = all.articles.get(&slug).expect("it was there");
                site.articles.insert(slug.clone(), Arc::clone(article));
                "is back"
            }
            (Some(_), 0) => {
                site.articles.remove(&slug);
                "is gone"
            }
            (Some(article), 1) => {
                Arc::make_mut(article).is_draft ^= true;
                "is a draft, or no longer"
            }
            (Some(article), 2) => {
                let article = Arc::make_mut(article);
                let mut protocol = article.protocol.as_ref().clone();
                protocol.lay_terms.push(name(dice));
                article.protocol = Arc::new(protocol);
                "has a complaint with another lay term"
            }
            (Some(article), _) => {
                rename(Arc::make_mut(article), dice);
                "has other names"
            }
        };
        told.push(format!("{} {what}", slug.as_str()));
    }
    told.join(", ")
}

#[test]
fn names_that_were_taken_over_are_those_that_are_made_of_everything() {
    let mut dice = Dice::new(7);
    let mut all = site();
    for article in all.articles.values_mut() {
        let article = Arc::make_mut(article);
        let names = (0..OTHER_NAMES).map(|at| format!("{} {at}", name(&mut dice)));
        article.also_called.extend(names);
    }
    let mut site = all.clone();
    let mut names = Names::again(&site, None);
    let mut taken_over = 0;
    for number in 0..150 {
        let before = site.clone();
        let told = edit(&mut site, &all, &mut dice);
        let now = Names::again(&site, Some((&before, &names)));
        assert!(*now == *Names::again(&site, None), "edit {number}: {told}");
        taken_over += now.same_letters(&names);
        names = now;
    }
    assert!(
        taken_over > 150 * 10,
        "{taken_over} letters are the same values"
    );
    let same = Names::again(&site, Some((&site.clone(), &names)));
    assert!(Arc::ptr_eq(&same, &names));
}
