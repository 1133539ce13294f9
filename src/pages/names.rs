//! All names of all listed articles from A to Z. Other names and lay names are entries of
//! their own, so that a reader finds a page by the word that they would use. The list is
//! made once for a snapshot and taken over while no name changes, since at 10,000 articles
//! it has 50,000 entries; then each letter also has pages of its own.

use std::cmp::Ordering;
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
    pub(super) letters: Vec<Arc<Letter>>,
    /// The pages of single letters, in the order of the letters; empty while all names fit on one page.
    pub(super) pages: Vec<LetterPage>,
    /// Changes when anything does that the list of all names shows.
    pub(super) fingerprint: u128,
    /// What the letters were put together from.
    parts: Parts,
}

/// A letter with its entries, by name, ascending; empty if nothing begins with it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Letter {
    pub(super) letter: String,
    pub(super) entries: Vec<Entry>,
}

/// A name and the article behind it. Cloning is cheap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// The name in lower case, by which it is sorted.
    key: Arc<str>,
    /// The name, if it is not the title.
    pub(super) other_name: Option<Arc<str>>,
    /// The article.
    pub(super) slug: Slug,
    /// Its title.
    pub(super) title: Arc<str>,
}

/// One page of the entries of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
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

    /// By name, then by article.
    fn in_order(&self, other: &Self) -> Ordering {
        let names = self.key.cmp(&other.key);
        names.then_with(|| self.slug.cmp(&other.slug))
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
    /// The names of a site. `before` are those of an earlier one: what would be the same is taken over.
    pub fn again(site: &Site, before: Option<(&Site, &Arc<Self>)>) -> Arc<Self> {
        let listed: Vec<&Arc<Article>> = site.listed_articles().collect();
        let change = before.map(|(earlier, names)| (names, Change::between(earlier, &listed)));
        match change {
            Some((names, change)) if change.is_nothing() => Arc::clone(names),
            Some((names, change)) if change.is_small() => {
                let own = names.parts.own.after(&change);
                Arc::new(Self::of(own, &listed, Some(names), MOST_ON_ONE_PAGE))
            }
            _ => {
                let own = OwnNames::of(&listed);
                Arc::new(Self::of(own, &listed, None, MOST_ON_ONE_PAGE))
            }
        }
    }

    /// The names of listed articles, which are by slug, from those by which they call themselves.
    fn of(own: OwnNames, listed: &[&Arc<Article>], before: Option<&Self>, most: usize) -> Self {
        let parts = Parts {
            lay: lay_terms(&own, listed),
            own,
        };
        let letters = parts.letters(before);
        let all: usize = letters.iter().map(|letter| letter.entries.len()).sum();
        let pages = match all <= most {
            true => Vec::new(),
            false => pages(&letters, before, most),
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
            parts,
        }
    }

    /// How many letters are the very values of an earlier list.
    pub fn same_letters(&self, earlier: &Self) -> usize {
        let pairs = self.letters.iter().zip(&earlier.letters);
        pairs.filter(|(now, last)| Arc::ptr_eq(now, last)).count()
    }

    /// Whether each letter has pages of its own.
    pub(super) fn is_by_letter(&self) -> bool {
        !self.pages.is_empty()
    }
}

/// Most articles of which names changed for which single names are put in and taken out.
const MOST_CHANGED: usize = 64;

/// Listed articles of which names are no longer there, or new.
#[derive(Debug, Default)]
struct Change<'a> {
    gone: Vec<&'a Article>,
    new: Vec<&'a Article>,
    /// Whether complaints may be called something else.
    has_other_protocols: bool,
}

impl<'a> Change<'a> {
    /// What changed from an earlier site to the articles that are listed now, which are by slug.
    fn between(earlier: &'a Site, now: &[&'a Arc<Article>]) -> Self {
        let mut change = Self::default();
        let mut last = earlier.listed_articles().peekable();
        for own in now {
            if last.next_if(|last| Arc::ptr_eq(last, own)).is_some() {
                continue;
            }
            while let Some(gone) = last.next_if(|last| last.slug < own.slug) {
                change.gone.push(gone);
            }
            let Some(last) = last.next_if(|last| last.slug == own.slug) else {
                change.new.push(own);
                continue;
            };
            change.has_other_protocols |= !Arc::ptr_eq(&last.protocol, &own.protocol);
            if last.title != own.title || last.also_called != own.also_called {
                change.gone.push(last);
                change.new.push(own);
            }
        }
        change.gone.extend(last.map(AsRef::as_ref));
        change
    }

    fn is_nothing(&self) -> bool {
        self.gone.is_empty() && self.new.is_empty() && !self.has_other_protocols
    }

    fn is_small(&self) -> bool {
        self.gone.len() + self.new.len() <= MOST_CHANGED
    }
}

/// How many letters have a list: A to Z, and what begins with none.
const LISTS: usize = 27;

/// Entries under each letter, ascending; last those that begin with no letter.
type Lists = [Arc<Vec<Entry>>; LISTS];

/// Entries by where they come from.
#[derive(Debug, Default, PartialEq, Eq)]
struct Parts {
    own: OwnNames,
    /// What patients call complaints.
    lay: Lists,
}

impl Parts {
    /// Both in one list for each letter. A letter of `before` is the same value if it would be the same.
    fn letters(&self, before: Option<&Names>) -> Vec<Arc<Letter>> {
        let lists = self.own.0.iter().zip(&self.lay).enumerate();
        let letters = lists.filter_map(|(at, (own, lay))| {
            if at == LISTS - 1 && own.is_empty() && lay.is_empty() {
                return None;
            }
            let last = before.and_then(|before| {
                let (parts, letter) = (&before.parts, before.letters.get(at)?);
                let is_same = Arc::ptr_eq(parts.own.0.get(at)?, own) && parts.lay.get(at)? == lay;
                is_same.then(|| Arc::clone(letter))
            });
            Some(last.unwrap_or_else(|| {
                // Of one name twice in an article, the article's own stays.
                let entries = own.iter().chain(lay.iter()).cloned();
                Arc::new(Letter {
                    letter: name_of_list(at),
                    entries: each_once(entries.collect()),
                })
            }))
        });
        letters.collect()
    }
}

fn name_of_list(at: usize) -> String {
    let letter = ('A'..='Z').nth(at);
    letter.map_or_else(|| NO_LETTER.to_owned(), |letter| letter.to_string())
}

/// Which list a name stands in.
fn list_of(name: &str) -> usize {
    let letter = letter_of(name).filter(char::is_ascii_uppercase);
    let letter = letter.and_then(|letter| u8::try_from(letter).ok());
    letter.map_or(LISTS - 1, |letter| usize::from(letter - b'A'))
}

/// Entries in order; of one name twice in an article the first stays.
fn each_once(mut entries: Vec<Entry>) -> Vec<Entry> {
    // The sort is stable.
    entries.par_sort_by(Entry::in_order);
    entries.dedup_by(|next, kept| next.in_order(kept).is_eq());
    entries
}

/// Puts entries into their lists, sorted.
fn sorted(entries: Vec<Entry>) -> Lists {
    let mut lists: [Vec<Entry>; LISTS] = Default::default();
    for entry in each_once(entries) {
        if let Some(list) = lists.get_mut(list_of(&entry.key)) {
            list.push(entry);
        }
    }
    lists.map(Arc::new)
}

/// The pages of letters. Those of a letter that `before` has as well are its own.
fn pages(letters: &[Arc<Letter>], before: Option<&Names>, most: usize) -> Vec<LetterPage> {
    let are_empty = |letters: &[Arc<Letter>]| -> Vec<bool> {
        let letters = letters.iter();
        letters.map(|letter| letter.entries.is_empty()).collect()
    };
    let empty = are_empty(letters);
    // Neighbors are named on each page.
    let before = before.filter(|before| are_empty(&before.letters) == empty);
    let mut pages = Vec::new();
    for (at, letter) in letters.iter().enumerate() {
        let last = before.filter(|before| {
            let last = before.letters.get(at);
            last.is_some_and(|last| Arc::ptr_eq(last, letter)) && before.is_by_letter()
        });
        if let Some(before) = last {
            let own = before.pages.iter().filter(|page| page.letter == at);
            pages.extend(own.cloned());
            continue;
        }
        let parts = letter.entries.len().div_ceil(most);
        for (part, entries) in letter.entries.chunks(most).enumerate() {
            let from = part * most;
            // A page is also made of where it stands.
            let mut own = Xxh3::new();
            own.update(
                &[part, parts, letter.entries.len()]
                    .map(usize::to_le_bytes)
                    .concat(),
            );
            let empty = empty.iter().copied();
            own.update(&empty.map(u8::from).collect::<Vec<_>>());
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

/// The Latin letter under which a name stands: that of its first sign that is a letter or a digit, without accents.
fn letter_of(name: &str) -> Option<char> {
    let first = name.chars().find(|sign| sign.is_alphanumeric())?;
    let plain = match first.is_ascii() {
        true => first,
        false => slug::slugify(first.to_string()).chars().next()?,
    };
    Some(plain.to_ascii_uppercase())
}

/// What patients call complaints, for the article that each protocol names first.
/// A word that another article owns, in its title or its other names, leads there alone.
fn lay_terms(own: &OwnNames, listed: &[&Arc<Article>]) -> Lists {
    let listed = listed.iter();
    let first = listed.filter(|own| own.protocol.articles.first() == Some(&own.slug));
    let entries = first.flat_map(|article| {
        let title = Arc::from(article.title.as_str());
        let terms = article.protocol.lay_terms.iter();
        terms.filter_map(move |term| {
            let key = term.to_lowercase();
            let is_free = !own.has_another(&key, &article.slug);
            is_free.then(|| other_name(term, key, article, &title))
        })
    });
    sorted(entries.collect())
}

/// The names by which articles call themselves.
#[derive(Debug, Default, PartialEq, Eq)]
struct OwnNames(Lists);

impl OwnNames {
    fn of(listed: &[&Arc<Article>]) -> Self {
        let entries = listed
            .par_iter()
            .flat_map_iter(|article| own_names(article));
        Self(sorted(entries.collect()))
    }

    /// The names after articles changed. Lists of letters under which nothing did are the same values.
    fn after(&self, change: &Change<'_>) -> Self {
        let names = |articles: &[&Article]| -> Vec<Entry> {
            articles.iter().copied().flat_map(own_names).collect()
        };
        let (gone, new) = (names(&change.gone), names(&change.new));
        let of_list = |at: usize, entries: &[Entry]| -> Vec<Entry> {
            let own = entries.iter().filter(|entry| list_of(&entry.key) == at);
            own.cloned().collect()
        };
        let mut lists = self.0.clone();
        for (at, list) in lists.iter_mut().enumerate() {
            let (gone, new) = (of_list(at, &gone), of_list(at, &new));
            if gone == new {
                continue;
            }
            let stays = |entry: &&Entry| !gone.iter().any(|gone| gone.in_order(entry).is_eq());
            let stay = list.iter().filter(stays).cloned();
            *list = Arc::new(each_once(stay.chain(new).collect()));
        }
        Self(lists)
    }

    /// Whether a term begins the title of another article, or is one of its other names.
    fn has_another(&self, term: &str, slug: &Slug) -> bool {
        let list = self.0.get(list_of(term)).map_or(&[][..], |list| list);
        let from = list.partition_point(|entry| &*entry.key < term);
        let begin = list.get(from..).unwrap_or_default().iter();
        let mut begin = begin.take_while(|entry| entry.key.starts_with(term));
        begin
            .any(|entry| entry.slug != *slug && (entry.other_name.is_none() || &*entry.key == term))
    }
}

/// The title and other names of an article. The title is first, and stays if it is also one of the others.
fn own_names(article: &Article) -> impl Iterator<Item = Entry> {
    let title: Arc<str> = Arc::from(article.title.as_str());
    let own = Entry {
        key: title.to_lowercase().into(),
        other_name: None,
        slug: article.slug.clone(),
        title: Arc::clone(&title),
    };
    let others = article.also_called.iter();
    let others = others.map(move |name| other_name(name, name.to_lowercase(), article, &title));
    std::iter::once(own).chain(others)
}

fn other_name(name: &str, key: String, article: &Article, title: &Arc<str>) -> Entry {
    Entry {
        key: key.into(),
        other_name: Some(sentence_case(name).into()),
        slug: article.slug.clone(),
        title: Arc::clone(title),
    }
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

    fn letter(letter: &str, names: &[&str]) -> Arc<Letter> {
        let entries = names.iter().map(|name| Entry {
            key: name.to_lowercase().into(),
            other_name: None,
            slug: name.to_lowercase().parse().unwrap(),
            title: Arc::from(*name),
        });
        Arc::new(Letter {
            letter: letter.to_owned(),
            entries: entries.collect(),
        })
    }

    #[test]
    fn a_long_letter_has_several_pages_and_none_is_lost() {
        let letters = [
            letter("A", &["Aa", "Ab", "Ac", "Ad", "Ae"]),
            letter("B", &[]),
            letter("C", &["Ca"]),
        ];
        let pages = pages(&letters, None, 2);
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
            let pages = pages(&[letter("A", names)], None, 2);
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
