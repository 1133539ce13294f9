//! Listed articles by their codes and by the words of their names. It is made once for
//! a snapshot, behind it, and taken over from the last one while nothing that it holds changed, so
//! a request never looks through all articles, and an edit of a text costs nothing here.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, LazyLock};

use rayon::prelude::*;

use super::system::key;
use crate::content::{Article, CodeSystem};
use crate::id::Slug;
use crate::site::Site;

/// How well an article fits what was asked. The best is the greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// It has some of the words in one of its names. Unit: hundredths of both names that agree.
    Words(u8),
    /// It carries a wider code, so many steps above.
    Wider(std::cmp::Reverse<u8>),
    /// It carries a narrower code.
    Narrower,
    /// One of its names is just these words.
    Name,
    /// It carries the code.
    Exact,
}

/// An article that fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hit<'a> {
    pub(super) slug: &'a Slug,
    pub(super) fit: Fit,
    /// Where the code stands in the article's own list, from 0; editors put what it is about first.
    pub(super) place: usize,
}

/// A code of an article.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Carrier {
    slug: Slug,
    place: usize,
}

/// One of the names of an article: title, other name, or official name of a code.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Name {
    slug: Slug,
    /// How many different words it has; never 0.
    words: usize,
}

/// Listed articles by code and by word.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Index {
    /// By code in its comparable form; of one code by slug.
    codes: BTreeMap<(CodeSystem, String), Vec<Carrier>>,
    /// By article, in the order of the article.
    names: Vec<Name>,
    /// Places in `names`, ascending, by word.
    words: BTreeMap<String, Vec<usize>>,
}

/// Words of a question that are looked for. Unit: words; the longest name of a code of ours has 13.
const MOST_WORDS: usize = 16;

/// Agreement of two names from which on words count as a hit. Unit: hundredths.
const LEAST_AGREEMENT: usize = 50;

/// A category of ICD-10-CM has three signs. Source: ICD-10-CM Official Guidelines, section I.A.2.
const CATEGORY_SIGNS: usize = 3;

/// The index of a site, made when somebody first asks for it: no page needs it, so no edit waits for it.
pub struct LateIndex(LazyLock<Index, Box<dyn FnOnce() -> Index + Send>>);

impl LateIndex {
    /// The index of a site. `before` is that of an earlier one, which is taken over if it would be the same.
    pub fn again(site: &Arc<Site>, before: Option<(&Site, &Arc<Self>)>) -> Arc<Self> {
        if let Some((earlier, index)) = before
            && is_found_alike(site, earlier)
        {
            return Arc::clone(index);
        }
        let site = Arc::clone(site);
        Arc::new(Self(LazyLock::new(Box::new(move || Index::of(&site)))))
    }

    /// The index. Whoever asks first waits until it is made.
    pub fn get(&self) -> &Index {
        &self.0
    }
}

impl fmt::Debug for LateIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("LateIndex").finish_non_exhaustive()
    }
}

impl Index {
    fn of(site: &Site) -> Self {
        let mut index = Self::default();
        let listed: Vec<&Article> = site.listed_articles().map(AsRef::as_ref).collect();
        let words_of_names: Vec<_> = listed.par_iter().map(|own| words_of_names(own)).collect();
        for (article, names) in listed.into_iter().zip(words_of_names) {
            for (place, code) in article.codes.iter().enumerate() {
                let Some(key) = key(code.system, &code.code) else {
                    continue;
                };
                let carriers = index.codes.entry((code.system, key)).or_default();
                if carriers.last().is_none_or(|last| last.slug != article.slug) {
                    carriers.push(Carrier {
                        slug: article.slug.clone(),
                        place,
                    });
                }
            }
            for words in names {
                index.add_name(&article.slug, words);
            }
        }
        index
    }

    fn add_name(&mut self, slug: &Slug, words: BTreeSet<String>) {
        if words.is_empty() {
            return;
        }
        let at = self.names.len();
        self.names.push(Name {
            slug: slug.clone(),
            words: words.len(),
        });
        for word in words {
            self.words.entry(word).or_default().push(at);
        }
    }

    /// The articles that carry a code or narrower ones; if there are none, those of the nearest wider code.
    /// Only codes of ICD-10-CM tell by their signs which is wider. An article may stand more than once.
    pub(super) fn by_code(&self, system: CodeSystem, code: &str) -> Vec<Hit<'_>> {
        let Some(key) = key(system, code) else {
            return Vec::new();
        };
        if system != CodeSystem::Icd10Cm {
            let carriers = self.codes.get(&(system, key)).into_iter().flatten();
            return carriers.map(|carrier| carrier.hit(Fit::Exact)).collect();
        }
        let own = self.below(&key, |found| match found.len() == key.len() {
            true => Fit::Exact,
            false => Fit::Narrower,
        });
        if !own.is_empty() {
            return own;
        }
        self.above(&key)
    }

    /// The articles of the nearest wider code. Within a category, codes that share a stem differ in side, encounter or
    /// detail, so all of them will do. Categories hold different conditions: of these only the category itself and its
    /// unspecified codes, which by convention go on with 9, say something true of every code below.
    fn above(&self, key: &str) -> Vec<Hit<'_>> {
        let mut steps = 0;
        let mut stem = key;
        while stem.len() > CATEGORY_SIGNS {
            stem = stem.get(..stem.len() - 1).unwrap_or_default();
            steps += 1;
            let wider = Fit::Wider(std::cmp::Reverse(steps));
            let is_category = stem.len() == CATEGORY_SIGNS;
            let mut hits = self.below(stem, |_| wider);
            if is_category {
                let exact = self.codes.get(&(CodeSystem::Icd10Cm, stem.to_owned()));
                let exact = exact.into_iter().flatten();
                hits = exact.map(|carrier| carrier.hit(wider)).collect();
                hits.extend(self.below(&format!("{stem}9"), |_| wider));
            }
            if !hits.is_empty() {
                return hits;
            }
        }
        Vec::new()
    }

    /// The articles whose codes of ICD-10-CM begin with a stem.
    fn below(&self, stem: &str, fit: impl Fn(&str) -> Fit) -> Vec<Hit<'_>> {
        let from = (CodeSystem::Icd10Cm, stem.to_owned());
        let below = self.codes.range(from..).take_while(|((system, key), _)| {
            *system == CodeSystem::Icd10Cm && key.starts_with(stem)
        });
        below
            .flat_map(|((_, key), carriers)| {
                let fit = fit(key);
                carriers.iter().map(move |carrier| carrier.hit(fit))
            })
            .collect()
    }

    /// The articles that have a name of these words, or most of them. A name counts if it holds all the words that were
    /// sent, or if all of it was sent, so that "low back pain, unspecified" finds "low back pain". An article may stand
    /// more than once.
    pub(super) fn by_words(&self, text: &str) -> Vec<Hit<'_>> {
        let asked = words(text);
        let asked: Vec<String> = asked.into_iter().take(MOST_WORDS).collect();
        let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
        for word in &asked {
            for at in self.words.get(word).into_iter().flatten() {
                *shared.entry(*at).or_default() += 1;
            }
        }
        let hits = shared.into_iter().filter_map(|(at, shared)| {
            let name = self.names.get(at)?;
            let is_whole = shared == asked.len() || shared == name.words;
            let agreement = 200 * shared / (asked.len() + name.words);
            (is_whole && agreement >= LEAST_AGREEMENT).then(|| Hit {
                slug: &name.slug,
                fit: match agreement {
                    100 => Fit::Name,
                    // Less than 100, so it fits.
                    _ => Fit::Words(u8::try_from(agreement).unwrap_or(99)),
                },
                place: 0,
            })
        });
        hits.collect()
    }
}

impl Carrier {
    fn hit(&self, fit: Fit) -> Hit<'_> {
        Hit {
            slug: &self.slug,
            fit,
            place: self.place,
        }
    }
}

/// Whether the index of two sites is the same.
fn is_found_alike(now: &Site, earlier: &Site) -> bool {
    let is_alike = |(one, two): (&Arc<Article>, &Arc<Article>)| {
        Arc::ptr_eq(one, two)
            || one.slug == two.slug
                && one.title == two.title
                && one.also_called == two.also_called
                && one.codes == two.codes
    };
    let mut others = earlier.listed_articles();
    let all_alike = now
        .listed_articles()
        .all(|own| others.next().is_some_and(|other| is_alike((own, other))));
    all_alike && others.next().is_none()
}

/// Words that say nothing of a condition.
const EMPTY_WORDS: [&str; 14] = [
    "a",
    "an",
    "and",
    "by",
    "due",
    "for",
    "in",
    "not",
    "of",
    "or",
    "the",
    "to",
    "unspecified",
    "with",
];

/// The words of each name of an article, in its order.
fn words_of_names(article: &Article) -> Vec<BTreeSet<String>> {
    let displays = article.codes.iter();
    let displays = displays.filter_map(|code| code.display.as_ref());
    let names = std::iter::once(&article.title).chain(&article.also_called);
    names.chain(displays).map(|name| words(name)).collect()
}

/// The different words of a name, in lower case, without the plural.
fn words(text: &str) -> BTreeSet<String> {
    let lower = text.to_lowercase().replace(['\'', '\u{2019}'], "");
    let words = lower.split(|sign: char| !sign.is_alphanumeric());
    let told = words.filter(|word| !word.is_empty() && !EMPTY_WORDS.contains(word));
    told.map(|word| match word.strip_suffix('s') {
        Some(one) if one.len() > 2 && !one.ends_with(['s', 'u', 'i']) => one.to_owned(),
        _ => word.to_owned(),
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words_of(text: &str) -> String {
        let words: Vec<String> = words(text).into_iter().collect();
        words.join(" ")
    }

    #[test]
    fn a_name_is_its_telling_words_in_any_order_and_number() {
        let rows = [
            ("Low back pain, unspecified", "back low pain"),
            ("Hives and rashes", "hive rashe"),
            ("Runner\u{2019}s knee", "knee runner"),
            ("Meniscus, abscess, arthritis", "abscess arthritis meniscus"),
            ("the of", ""),
        ];
        for (text, expected) in rows {
            assert_eq!(words_of(text), expected, "{text}");
        }
    }

    #[test]
    fn fits_are_ordered_from_some_words_to_the_very_code() {
        let wider = |steps| Fit::Wider(std::cmp::Reverse(steps));
        let order = [
            Fit::Words(50),
            Fit::Words(99),
            wider(3),
            wider(1),
            Fit::Narrower,
            Fit::Name,
            Fit::Exact,
        ];
        assert!(order.is_sorted());
    }
}
