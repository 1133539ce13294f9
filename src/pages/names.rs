//! All names of all listed articles from A to Z. Other names and lay names are entries of
//! their own, so that a reader finds a page by the word that they would use. The list is
//! made once for a snapshot and taken over while no name changes, since at 10,000 articles
//! it has 50,000 entries; then each letter also has pages of its own.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;
use xxhash_rust::xxh3::Xxh3;

use crate::content::Article;
use crate::id::Slug;
use crate::site::Site;

/// Most entries of one page, with all letters or with one. A page of so many has about 12 KB as it is sent.
const MOST_ON_ONE_PAGE: usize = 1000;

/// Where names stand that begin with no letter.
const NO_LETTER: &str = "0-9";

/// All names, by letter.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// A to Z, empty ones included; then names that begin with no letter, if there are any.
    pub(super) letters: Vec<Letter>,
    /// The pages of single letters, in the order of the letters; empty while all names fit on one page.
    pub(super) pages: Vec<LetterPage>,
    /// Changes when anything does that the list of all names shows.
    pub(super) fingerprint: u128,
}

/// A letter with its entries, by name, ascending; empty if nothing begins with it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Letter {
    pub(super) letter: String,
    pub(super) entries: Vec<Entry>,
}

/// A name and the article behind it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// The name, if it is not the title.
    pub(super) other_name: Option<String>,
    /// The article.
    pub(super) slug: Slug,
    /// Its title.
    pub(super) title: String,
}

/// One page of the entries of a letter.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct LetterPage {
    /// The letter's place in [`Names::letters`].
    pub(super) letter: usize,
    /// Which page of the letter it is, from 1.
    pub(super) part: usize,
    /// The places of its entries in the letter.
    pub(super) entries: Range<usize>,
    /// The address.
    pub(super) path: String,
    /// Changes when anything does that the page shows.
    pub(super) fingerprint: u128,
}

impl Entry {
    /// The name under which it stands.
    pub(super) fn name(&self) -> &str {
        self.other_name.as_deref().unwrap_or(&self.title)
    }
}

impl Letter {
    /// Its entries.
    pub(super) fn list(&self) -> &[Entry] {
        &self.entries
    }

    /// The anchor of its heading.
    pub(super) fn id(&self) -> String {
        format!("letter-{}", self.letter.to_lowercase())
    }

    /// The address of its heading on the page with all letters.
    pub(super) fn anchor(&self) -> String {
        format!("#{}", self.id())
    }

    /// The address of its first page.
    pub(super) fn path(&self) -> String {
        self.path_of(1)
    }

    fn path_of(&self, part: usize) -> String {
        let letter = self.letter.to_lowercase();
        match part {
            1 => format!("/articles/a-to-z/{letter}"),
            part => format!("/articles/a-to-z/{letter}/{part}"),
        }
    }
}

impl Names {
    /// The names of a site. `before` are those of an earlier one, which are taken over if they would be the same.
    pub fn again(site: &Site, before: Option<(&Site, &Arc<Self>)>) -> Arc<Self> {
        if let Some((earlier, names)) = before
            && is_named_alike(site, earlier)
        {
            return Arc::clone(names);
        }
        let listed: Vec<&Arc<Article>> = site.listed_articles().collect();
        Arc::new(Self::of(&listed, MOST_ON_ONE_PAGE))
    }

    /// The names of listed articles, which are by slug.
    fn of(listed: &[&Arc<Article>], most: usize) -> Self {
        let letters = letters(listed);
        let all: usize = letters.iter().map(|letter| letter.entries.len()).sum();
        let pages = if all <= most {
            Vec::new()
        } else {
            pages(&letters, most)
        };
        let mut all = Xxh3::new();
        for letter in &letters {
            all.update(letter.letter.as_bytes());
            all.update(&letter.entries.len().to_le_bytes());
            // With pages for each letter, this one shows numbers alone.
            if pages.is_empty() {
                add(&mut all, &letter.entries);
            }
        }
        Self {
            fingerprint: all.digest128(),
            letters,
            pages,
        }
    }

    /// Whether each letter has pages of its own.
    pub(super) fn is_by_letter(&self) -> bool {
        !self.pages.is_empty()
    }
}

/// Whether the names of two sites are the same.
fn is_named_alike(now: &Site, earlier: &Site) -> bool {
    let mut others = earlier.listed_articles();
    let all_alike = now.listed_articles().all(|own| {
        let other = others.next();
        other.is_some_and(|other| Arc::ptr_eq(own, other) || own.is_listed_like(other))
    });
    all_alike && others.next().is_none()
}

fn pages(letters: &[Letter], most: usize) -> Vec<LetterPage> {
    let mut pages = Vec::new();
    for (at, letter) in letters.iter().enumerate() {
        let parts = letter.entries.len().div_ceil(most);
        for (part, entries) in letter.entries.chunks(most).enumerate() {
            let from = part * most;
            // Neighbors are named on each page, so a page is also made of where it stands.
            let mut own = Xxh3::new();
            own.update(
                &[part, parts, letter.entries.len()]
                    .map(usize::to_le_bytes)
                    .concat(),
            );
            let names = letters.iter().map(|letter| letter.entries.is_empty());
            own.update(&names.map(u8::from).collect::<Vec<_>>());
            add(&mut own, entries);
            pages.push(LetterPage {
                letter: at,
                part: part + 1,
                entries: from..from + entries.len(),
                path: letter.path_of(part + 1),
                fingerprint: own.digest128(),
            });
        }
    }
    pages
}

/// Adds everything that is shown of entries. Lengths keep two names from reading as another two.
fn add(all: &mut Xxh3, entries: &[Entry]) {
    for entry in entries {
        for text in [entry.name(), &entry.title, entry.slug.as_str()] {
            all.update(&text.len().to_le_bytes());
            all.update(text.as_bytes());
        }
    }
}

fn letters(listed: &[&Arc<Article>]) -> Vec<Letter> {
    let owned = OwnNames::of(listed);
    let articles = listed.par_iter().map(|article| article.as_ref());
    let named = articles.flat_map_iter(|article| {
        let title = (None, article.title.as_str());
        let others = article.also_called.iter().chain(lay_terms(&owned, article));
        let named = others.map(|name| (Some(sentence_case(name)), name.as_str()));
        [title].into_iter().chain(named).map(|(other_name, name)| {
            let key = (name.to_lowercase(), article.slug.as_str());
            let entry = Entry {
                other_name,
                slug: article.slug.clone(),
                title: article.title.clone(),
            };
            (key, entry)
        })
    });
    let mut sorted: Vec<((String, &str), Entry)> = named.collect();
    // The sort is stable, so that of one name twice in an article the first stays.
    sorted.par_sort_by(|(one, _), (other, _)| one.cmp(other));
    sorted.dedup_by(|(next, _), (kept, _)| next == kept);
    let mut letters: BTreeMap<char, Vec<Entry>> =
        ('A'..='Z').map(|letter| (letter, Vec::new())).collect();
    let mut others = Vec::new();
    for ((name, _), entry) in sorted {
        match letter_of(&name).and_then(|letter| letters.get_mut(&letter)) {
            Some(entries) => entries.push(entry),
            None => others.push(entry),
        }
    }
    let mut letters: Vec<Letter> = letters
        .into_iter()
        .map(|(letter, entries)| Letter {
            letter: letter.to_string(),
            entries,
        })
        .collect();
    if !others.is_empty() {
        letters.push(Letter {
            letter: NO_LETTER.to_owned(),
            entries: others,
        });
    }
    letters
}

/// The Latin letter under which a name stands: that of its first sign that is a letter or a digit, without accents.
fn letter_of(name: &str) -> Option<char> {
    let first = name.chars().find(|sign| sign.is_alphanumeric())?;
    let plain = match first.is_ascii() {
        true => first,
        false => slug::slugify(first.to_string()).chars().next()?,
    };
    Some(plain.to_ascii_uppercase())
}

/// What patients call the complaint, for the article that its protocol names first.
/// A word that another article owns, in its title or its other names, leads there alone.
fn lay_terms<'a>(owned: &OwnNames<'a>, article: &'a Article) -> impl Iterator<Item = &'a String> {
    let is_first = article.protocol.articles.first() == Some(&article.slug);
    let terms = article.protocol.lay_terms.iter().filter(move |_| is_first);
    terms.filter(move |term| !owned.by_another(&term.to_lowercase(), &article.slug))
}

/// The names by which articles call themselves, in lower case, each list ascending.
struct OwnNames<'a> {
    titles: Vec<(String, &'a Slug)>,
    others: Vec<(String, &'a Slug)>,
}

impl<'a> OwnNames<'a> {
    fn of(listed: &[&'a Arc<Article>]) -> Self {
        let titles = listed.par_iter();
        let titles = titles.map(|own| (own.title.to_lowercase(), &own.slug));
        let mut titles: Vec<_> = titles.collect();
        titles.par_sort();
        let others = listed.par_iter().flat_map_iter(|own| {
            let names = own.also_called.iter();
            names.map(|name| (name.to_lowercase(), &own.slug))
        });
        let mut others: Vec<_> = others.collect();
        others.par_sort();
        Self { titles, others }
    }

    /// Whether a term begins the title of another article, or is one of its other names.
    fn by_another(&self, term: &str, slug: &Slug) -> bool {
        let mut titles = from(&self.titles, term).take_while(|(title, _)| title.starts_with(term));
        let mut others = from(&self.others, term).take_while(|(name, _)| name == term);
        titles.any(|(_, owner)| *owner != slug) || others.any(|(_, owner)| *owner != slug)
    }
}

/// The names that are not before a term.
fn from<'n, 'a>(
    names: &'n [(String, &'a Slug)],
    term: &str,
) -> impl Iterator<Item = &'n (String, &'a Slug)> {
    let at = names.partition_point(|(name, _)| name.as_str() < term);
    names.get(at..).unwrap_or_default().iter()
}

fn sentence_case(name: &str) -> String {
    let mut signs = name.chars();
    signs.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(signs).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stands_under_its_first_letter_without_accents() {
        let rows = [
            ("migraine", Some('M')),
            ("\u{201c}pink eye\u{201d}", Some('P')),
            ("\u{e9}pilepsie", Some('E')),
            ("\u{f1}o\u{f1}o", Some('N')),
            ("24-hour flu", Some('2')),
            ("\u{2026}", None),
        ];
        for (name, expected) in rows {
            assert_eq!(letter_of(name), expected, "{name}");
        }
    }

    fn letter(letter: &str, names: &[&str]) -> Letter {
        let entries = names.iter().map(|name| Entry {
            other_name: None,
            slug: name.to_lowercase().parse().unwrap(),
            title: (*name).to_owned(),
        });
        Letter {
            letter: letter.to_owned(),
            entries: entries.collect(),
        }
    }

    #[test]
    fn a_long_letter_has_several_pages_and_none_is_lost() {
        let letters = [
            letter("A", &["Aa", "Ab", "Ac", "Ad", "Ae"]),
            letter("B", &[]),
            letter("C", &["Ca"]),
        ];
        let pages = pages(&letters, 2);
        let told: Vec<_> = pages
            .iter()
            .map(|page| (page.path.as_str(), page.entries.clone()))
            .collect();
        assert_eq!(
            told,
            [
                ("/articles/a-to-z/a", 0..2),
                ("/articles/a-to-z/a/2", 2..4),
                ("/articles/a-to-z/a/3", 4..5),
                ("/articles/a-to-z/c", 0..1),
            ]
        );
    }

    #[test]
    fn a_page_has_another_fingerprint_when_what_it_shows_changes() {
        let of = |names: &[&str]| {
            let pages = pages(&[letter("A", names)], 2);
            pages
                .into_iter()
                .map(|page| page.fingerprint)
                .collect::<Vec<_>>()
        };
        let before = of(&["Aa", "Ab", "Ac"]);
        assert_eq!(before, of(&["Aa", "Ab", "Ac"]));
        let renamed = of(&["Aa", "Ab", "Ad"]);
        assert_eq!(before[0], renamed[0]);
        assert_ne!(before[1], renamed[1]);
    }
}
