//! Which articles are worth reading after an article, and why. An editor's choice comes
//! first, then what two articles share, each thing with a fixed weight in whole numbers,
//! so the same content always gives the same list and every place can be explained.
//! Candidates come from lists of those that share something, never from a look at all.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::sync::Arc;

use foldhash::fast::FixedState;

use super::Site;
use crate::clinic::Topic;
use crate::content::{Article, CodeSystem};
use crate::document::Known;
use crate::id::{ComplaintId, Id, ServiceId, Slug};
use crate::triage::BodyArea;

/// How many articles stand under "Read next".
pub const MOST_RELATED: usize = 5;

/// Who shares something with fewer articles is also led to what was reviewed last.
const LEAST_RELATED: usize = 3;

/// Most articles that one shared thing brings in: those that were reviewed last. A word or code that more articles have
/// tells little, and the whole list must not take a look at each pair.
const MOST_OF_ONE_KIND: usize = 16;

/// Most articles that are weighed for one list.
const MOST_CANDIDATES: usize = 64;

/// What each shared thing counts. A word counts [`WORD`] divided by how many articles have it.
const COMPLAINT: u32 = 40;
const CODE: u32 = 30;
const FAMILY: u32 = 20;
const TOPIC: u32 = 15;
const AREA: u32 = 8;
const SERVICE: u32 = 5;
const WORD: u32 = 24;

/// Most codes that count; articles with long lists of codes are no nearer to each other.
const MOST_CODES: usize = 2;

/// Why an article stands under another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// The editor named it.
    Pinned,
    /// Both have the same complaint.
    SameComplaint(ComplaintId),
    /// Both carry a code.
    SharedCode(String),
    /// Both carry codes of one category of ICD-10-CM, such as `M54`.
    SameCategory(String),
    /// Both have a word in their names, as a stem; the number is how many articles have it.
    SharedWord(String, usize),
    /// Both are on one shelf.
    SameTopic(Id<Topic>),
    /// Both complaints are in one part of the body.
    SameBodyArea(BodyArea),
    /// The same visit fits both.
    SameVisit(ServiceId),
    /// They share nothing, and there is too little that does; this one was reviewed last.
    ReviewedLast,
}

impl Reason {
    /// What it counts. A pinned article stands first, whatever it counts.
    pub fn weight(&self) -> u32 {
        match self {
            Self::Pinned | Self::ReviewedLast => 0,
            Self::SameComplaint(_) => COMPLAINT,
            Self::SharedCode(_) => CODE,
            Self::SameCategory(_) => FAMILY,
            Self::SharedWord(_, articles) => word_weight(*articles),
            Self::SameTopic(_) => TOPIC,
            Self::SameBodyArea(_) => AREA,
            Self::SameVisit(_) => SERVICE,
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pinned => f.write_str("named by the editor"),
            Self::SameComplaint(complaint) => write!(f, "same complaint `{complaint}`"),
            Self::SharedCode(code) => write!(f, "same code {code}"),
            Self::SameCategory(category) => write!(f, "codes of the same category {category}"),
            Self::SharedWord(word, articles) => {
                write!(f, "same word `{word}`, which {articles} articles have")
            }
            Self::SameTopic(topic) => write!(f, "same topic `{topic}`"),
            Self::SameBodyArea(area) => write!(f, "same part of the body `{}`", area.word()),
            Self::SameVisit(service) => write!(f, "same visit `{service}`"),
            Self::ReviewedLast => f.write_str("reviewed last; it shares nothing"),
        }
    }
}

/// The rarer a word, the more it counts; 0 for one that so many have that it says nothing.
fn word_weight(articles: usize) -> u32 {
    let articles = u32::try_from(articles.max(1)).unwrap_or(u32::MAX);
    WORD / articles
}

/// An article with what speaks for it.
#[derive(Debug, Clone)]
pub struct Related<'a> {
    /// The article.
    pub article: &'a Arc<Article>,
    /// Why, most important first; never empty.
    pub reasons: Vec<Reason>,
}

impl Related<'_> {
    /// What all reasons count together.
    pub fn weight(&self) -> u32 {
        self.reasons.iter().map(Reason::weight).sum()
    }

    fn is_pinned(&self) -> bool {
        self.reasons.contains(&Reason::Pinned)
    }
}

/// Listed articles by everything that two of them may share. Lists hold places in `listed`, newest review first.
pub struct RelationIndex<'a> {
    /// By slug.
    listed: Vec<&'a Arc<Article>>,
    by_complaint: BTreeMap<&'a ComplaintId, Vec<usize>>,
    by_topic: BTreeMap<&'a Id<Topic>, Vec<usize>>,
    by_area: BTreeMap<BodyArea, Vec<usize>>,
    by_service: BTreeMap<&'a ServiceId, Vec<usize>>,
    by_code: BTreeMap<(CodeSystem, &'a str), Vec<usize>>,
    by_category: HashMap<&'a str, Vec<usize>, FixedState>,
    by_word: ByWord<'a>,
    newest: Vec<usize>,
}

/// Listed articles by the words of their names.
#[derive(Default)]
struct ByWord<'a> {
    /// Places of words in `lists`.
    words: HashMap<&'a str, usize, FixedState>,
    /// Places of articles, newest review first.
    lists: Vec<Vec<usize>>,
    /// The words of each listed article, as places in `lists`, ascending.
    words_of: Vec<Vec<usize>>,
}

impl<'a> ByWord<'a> {
    /// From articles with their places, newest review first.
    fn of(articles: &[(usize, &'a Article)]) -> Self {
        let mut index = Self {
            words_of: vec![Vec::new(); articles.len()],
            ..Self::default()
        };
        for (at, article) in articles {
            index.add(*at, article);
        }
        index
    }

    fn add(&mut self, at: usize, article: &'a Article) {
        let mut words: Vec<usize> = article.keywords.iter().map(|own| self.word(own)).collect();
        words.sort_unstable();
        for word in &words {
            if let Some(list) = self.lists.get_mut(*word) {
                list.push(at);
            }
        }
        if let Some(own) = self.words_of.get_mut(at) {
            *own = words;
        }
    }

    /// The place of a word, which it gets if it has none yet.
    fn word(&mut self, word: &'a str) -> usize {
        let next = self.lists.len();
        let place = *self.words.entry(word).or_insert(next);
        if place == next {
            self.lists.push(Vec::new());
        }
        place
    }

    /// The articles with a word.
    fn list(&self, place: usize) -> Option<&Vec<usize>> {
        self.lists.get(place)
    }

    /// The place of a word that some article has.
    fn find(&self, word: &str) -> Option<usize> {
        self.words.get(word).copied()
    }
}

impl<'a> RelationIndex<'a> {
    /// Sorts the listed articles of a site.
    pub fn of(site: &'a Site) -> Self {
        let listed: Vec<&'a Arc<Article>> = site.listed_articles().collect();
        let places = listed.iter().copied().enumerate();
        let mut places: Vec<(usize, &'a Article)> =
            places.map(|(at, own)| (at, own.as_ref())).collect();
        let mut index = Self {
            listed,
            by_complaint: BTreeMap::new(),
            by_topic: BTreeMap::new(),
            by_area: BTreeMap::new(),
            by_service: BTreeMap::new(),
            by_code: BTreeMap::new(),
            by_category: HashMap::default(),
            by_word: ByWord::default(),
            newest: Vec::new(),
        };
        // The sort is stable, so articles of one day stay by slug.
        places.sort_by_key(|(_, article)| Reverse(article.dates.reviewed_on));
        let words = || ByWord::of(&places);
        let add_all = || {
            places
                .iter()
                .for_each(|(at, article)| index.add(*at, article))
        };
        let (by_word, ()) = rayon::join(words, add_all);
        index.by_word = by_word;
        index
    }

    fn add(&mut self, at: usize, article: &'a Article) {
        let complaint = &article.protocol.complaint;
        self.by_complaint.entry(complaint).or_default().push(at);
        self.by_topic.entry(&article.topic.id).or_default().push(at);
        let area = article.protocol.body_area;
        if area != BodyArea::WholeBody {
            self.by_area.entry(area).or_default().push(at);
        }
        self.newest.push(at);
        if let Some(service) = &article.service {
            self.by_service.entry(&service.id).or_default().push(at);
        }
        for code in &article.codes {
            let list = self.by_code.entry((code.system, &code.code)).or_default();
            if list.last() != Some(&at) {
                list.push(at);
            }
        }
        for category in categories(article) {
            self.by_category.entry(category).or_default().push(at);
        }
    }

    /// The words of an article that say something about two that share them, ascending.
    fn telling_words<'b>(&self, article: &'b Article) -> Vec<TellingWord<'b>> {
        let words = article.keywords.iter().filter_map(|word| {
            let place = self.by_word.find(word)?;
            let articles = self.by_word.list(place)?.len();
            let word = TellingWord {
                place,
                word,
                articles,
            };
            (word_weight(articles) > 0).then_some(word)
        });
        words.collect()
    }

    /// What to read after an article: pinned articles in the editor's order, then those with the greatest weight, newer
    /// reviews first, then by slug; at most [`MOST_RELATED`].
    pub fn related_to(&self, article: &Article) -> Vec<Related<'a>> {
        let mut pinned: Vec<usize> = Vec::new();
        for slug in &article.related {
            let place = self.find(&slug.value);
            pinned.extend(place.filter(|place| !pinned.contains(place)));
        }
        let words = self.telling_words(article);
        let others = self.candidates(article, &words).into_iter();
        let others = others.filter(|place| !pinned.contains(place));
        let own = self.find(&article.slug);
        let places = pinned.iter().copied().chain(others);
        let places = places.filter(|place| Some(*place) != own);
        let mut found: Vec<Related<'a>> = places
            .filter_map(|place| self.related(article, &words, place))
            .collect();
        // The sort is stable, so pinned articles keep the editor's order.
        found.sort_by_cached_key(|own| match own.is_pinned() {
            true => (false, Reverse(0), Reverse(jiff::civil::Date::MAX), None),
            false => {
                let reviewed_on = own.article.dates.reviewed_on;
                let slug = Some(&own.article.slug);
                (true, Reverse(own.weight()), Reverse(reviewed_on), slug)
            }
        });
        found.truncate(MOST_RELATED);
        self.fill(&mut found, article);
        found
    }

    /// What to read after an article, as places among the listed articles by slug.
    pub(super) fn places(&self, article: &Article) -> Vec<usize> {
        let related = self.related_to(article).into_iter();
        related
            .filter_map(|own| self.find(&own.article.slug))
            .collect()
    }

    /// Listed articles, ascending.
    pub(super) fn slugs(&self) -> impl Iterator<Item = &'a Slug> + '_ {
        self.listed.iter().map(|own| &own.slug)
    }

    /// Whether a word counts for two that share it, or would if so many articles fewer had it.
    pub(super) fn tells(&self, word: &str, fewer: usize) -> bool {
        let place = self.by_word.find(word);
        let list = place.and_then(|place| self.by_word.list(place));
        word_weight(list.map_or(0, Vec::len).saturating_sub(fewer)) > 0
    }

    /// Adds what was reviewed last where too little is shared.
    fn fill(&self, found: &mut Vec<Related<'a>>, article: &Article) {
        let newest = self.newest.iter().filter_map(|at| self.listed.get(*at));
        // Whoever is there already is passed over, so these are enough to look at.
        for other in newest.take(LEAST_RELATED + MOST_RELATED) {
            if found.len() >= LEAST_RELATED {
                return;
            }
            let is_known = found.iter().any(|own| own.article.slug == other.slug);
            if other.slug != article.slug && !is_known {
                found.push(Related {
                    article: other,
                    reasons: vec![Reason::ReviewedLast],
                });
            }
        }
    }

    fn find(&self, slug: &Slug) -> Option<usize> {
        let listed = &self.listed;
        listed.binary_search_by(|other| other.slug.cmp(slug)).ok()
    }

    /// Those that share something, what counts most first.
    fn candidates(&self, article: &Article, words: &[TellingWord<'_>]) -> BTreeSet<usize> {
        let codes = article.codes.iter();
        let by_code = codes.filter_map(|own| self.by_code.get(&(own.system, own.code.as_str())));
        let by_category = categories(article)
            .into_iter()
            .filter_map(|category| self.by_category.get(category));
        let by_word = words
            .iter()
            .filter_map(|word| self.by_word.list(word.place));
        let service = article.service.as_ref();
        let lists = self
            .by_complaint
            .get(&article.protocol.complaint)
            .into_iter()
            .chain(by_code)
            .chain(by_category)
            .chain(by_word)
            .chain(self.by_topic.get(&article.topic.id))
            .chain(self.by_area.get(&article.protocol.body_area))
            .chain(service.and_then(|own| self.by_service.get(&own.id)));
        let mut found = BTreeSet::new();
        for list in lists {
            for at in list.iter().take(MOST_OF_ONE_KIND) {
                if found.len() < MOST_CANDIDATES {
                    found.insert(*at);
                }
            }
        }
        found
    }

    /// The article at a place, with everything that speaks for it.
    fn related(
        &self,
        article: &Article,
        words: &[TellingWord<'_>],
        place: usize,
    ) -> Option<Related<'a>> {
        let theirs = self.by_word.words_of.get(place)?;
        let shared = words
            .iter()
            .filter(|word| theirs.binary_search(&word.place).is_ok());
        let article_there = self.listed.get(place).copied()?;
        Some(Related {
            article: article_there,
            reasons: reasons(article, article_there, shared),
        })
    }
}

/// A word of an article, with the number of listed articles that have it.
struct TellingWord<'a> {
    /// Its place among the words of all articles.
    place: usize,
    word: &'a str,
    articles: usize,
}

/// Everything that speaks for `other`, most important first.
fn reasons<'a>(
    article: &Article,
    other: &Article,
    shared: impl Iterator<Item = &'a TellingWord<'a>>,
) -> Vec<Reason> {
    let mut reasons = Vec::new();
    let is_pinned = article.related.iter().any(|slug| slug.value == other.slug);
    reasons.extend(is_pinned.then_some(Reason::Pinned));
    let complaint = &article.protocol.complaint;
    if *complaint == other.protocol.complaint {
        reasons.push(Reason::SameComplaint(complaint.clone()));
    }
    reasons.extend(shared_codes(article, other));
    reasons.extend(shared.map(|word| Reason::SharedWord(word.word.to_owned(), word.articles)));
    if article.topic.id == other.topic.id {
        reasons.push(Reason::SameTopic(article.topic.id.clone()));
    }
    let area = article.protocol.body_area;
    // A complaint of the whole body is nowhere.
    if area == other.protocol.body_area && area != BodyArea::WholeBody {
        reasons.push(Reason::SameBodyArea(area));
    }
    let service = article.service.as_ref().map(|own| &own.id);
    if let Some(service) = service
        && other.service.as_ref().map(|own| &own.id) == Some(service)
    {
        reasons.push(Reason::SameVisit(service.clone()));
    }
    reasons
}

/// Categories of the codes of ICD-10-CM of an article, ascending, each once: what stands before the dot.
fn categories(article: &Article) -> BTreeSet<&str> {
    let codes = article.codes.iter();
    let conditions = codes.filter(|own| own.system == CodeSystem::Icd10Cm);
    conditions.filter_map(|own| own.code.get(..3)).collect()
}

/// Shared codes, and shared categories of codes that are not the same; at most [`MOST_CODES`].
fn shared_codes(article: &Article, other: &Article) -> Vec<Reason> {
    let codes = article.codes.iter();
    let same: Vec<&str> = codes
        .filter(|own| {
            let mut others = other.codes.iter();
            others.any(|code| code.system == own.system && code.code == own.code)
        })
        .map(|own| own.code.as_str())
        .collect();
    let theirs = categories(other);
    let near = categories(article).into_iter().filter(|category| {
        theirs.contains(category) && !same.iter().any(|code| code.starts_with(category))
    });
    let near: Vec<Reason> = near
        .map(|category| Reason::SameCategory(category.to_owned()))
        .collect();
    let same = same
        .iter()
        .map(|code| Reason::SharedCode((*code).to_owned()));
    same.chain(near).take(MOST_CODES).collect()
}
