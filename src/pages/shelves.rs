//! The listed articles in every order in which pages show them. They are sorted once
//! for all pages: each page that looked through all articles by itself would make the
//! whole site take as many looks as there are articles, squared.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;

use crate::clinic::{Person, Topic};
use crate::content::Article;
use crate::id::{Id, ServiceId, Slug};
use crate::site::Site;
use crate::triage::BodyArea;

/// Articles of which a page shows something, in the order in which it shows them.
pub(super) type Shown<'a> = Vec<&'a Arc<Article>>;

/// Listed articles by what they have in common.
pub(super) struct Shelves<'a> {
    site: &'a Site,
    /// All, by slug.
    pub(super) listed: Shown<'a>,
    /// All, newest review first, then by slug.
    pub(super) newest: Shown<'a>,
    /// Newest review first, then by slug.
    by_topic: BTreeMap<&'a Id<Topic>, Shown<'a>>,
    /// What somebody wrote or reviewed, by slug.
    by_person: BTreeMap<&'a Id<Person>, Shown<'a>>,
    /// Of complaints that are at home in a part of the body, newest review first, then by slug: what is looked for in
    /// other parts as well brings only itself there.
    by_area: BTreeMap<BodyArea, Shown<'a>>,
    /// By slug.
    by_service: BTreeMap<&'a ServiceId, Shown<'a>>,
}

impl<'a> Shelves<'a> {
    /// Sorts the listed articles of a site.
    pub(super) fn of(site: &'a Site) -> Self {
        let listed: Shown<'a> = site.listed_articles().collect();
        let ((newest, by_topic, by_area), (by_person, by_service)) =
            rayon::join(|| by_review(site, &listed), || by_slug(&listed));
        Self {
            site,
            listed,
            newest,
            by_topic,
            by_person,
            by_area,
            by_service,
        }
    }

    /// Listed articles on a topic, newest review first.
    pub(super) fn on_topic(&self, topic: &Id<Topic>) -> Shown<'a> {
        self.by_topic.get(topic).cloned().unwrap_or_default()
    }

    /// Listed articles on complaints in a part of the body, newest review first.
    pub(super) fn in_area(&self, area: BodyArea) -> Shown<'a> {
        self.by_area.get(&area).cloned().unwrap_or_default()
    }

    /// Listed articles that somebody wrote or reviewed, by slug.
    pub(super) fn of_person(&self, person: &Id<Person>) -> Shown<'a> {
        self.by_person.get(person).cloned().unwrap_or_default()
    }

    /// Listed articles that offer a visit, by slug.
    pub(super) fn with_service(&self, service: &ServiceId) -> Shown<'a> {
        self.by_service.get(service).cloned().unwrap_or_default()
    }

    /// The articles that changed last, newest first, then by slug; at most `most`.
    pub(super) fn changed_last(&self, most: usize) -> Shown<'a> {
        let listed = self.listed.iter().copied().enumerate();
        let mut changed: Vec<_> = listed
            .map(|(at, article)| (Reverse(article.dates.modified_on()), at, article))
            .collect();
        let by_day = |own: &(Reverse<Date>, usize, &Arc<Article>)| (own.0, own.1);
        if changed.len() > most {
            changed.select_nth_unstable_by_key(most, by_day);
            changed.truncate(most);
        }
        changed.sort_unstable_by_key(by_day);
        changed.into_iter().map(|(.., article)| article).collect()
    }

    /// The newest articles of each topic, at most `most` of each; topics by id.
    pub(super) fn best_of_topics(&self, most: usize) -> Shown<'a> {
        let shelves = self.by_topic.values();
        let best = shelves.flat_map(|shelf| shelf.iter().take(most));
        best.copied().collect()
    }

    /// The article to read instead of one that was taken back, if readers can open it.
    pub(super) fn instead_of(&self, article: &Article) -> Option<&'a Arc<Article>> {
        let see = article.withdrawal.as_ref()?.see.as_ref()?;
        let instead = self.site.articles.get(&see.value)?;
        let is_public = self.site.visibility(instead) == crate::site::Visibility::Public;
        is_public.then_some(instead)
    }
}

/// What each thing has in common with articles.
type By<'a, K> = BTreeMap<K, Shown<'a>>;

/// All, newest review first, then by slug; and in the same order those on each topic and in each part of the body.
fn by_review<'a>(
    site: &'a Site,
    listed: &Shown<'a>,
) -> (Shown<'a>, By<'a, &'a Id<Topic>>, By<'a, BodyArea>) {
    let mut newest = listed.clone();
    // The sort is stable, so articles of one day stay by slug.
    newest.sort_by_key(|article| Reverse(article.dates.reviewed_on));
    let (mut by_topic, mut by_area) = (BTreeMap::new(), BTreeMap::<_, Shown<'a>>::new());
    let areas = areas_by_article(site);
    for article in &newest {
        let own = article.protocol.body_area;
        let named = areas.get(&article.slug).into_iter().flatten();
        let others = named.copied().filter(|area| *area != own);
        for area in others.chain([own]) {
            by_area.entry(area).or_default().push(*article);
        }
        let topic: &mut Shown<'a> = by_topic.entry(&article.topic.id).or_default();
        topic.push(article);
    }
    (newest, by_topic, by_area)
}

/// Those that each person wrote or reviewed, and those that offer each visit, by slug.
fn by_slug<'a>(listed: &Shown<'a>) -> (By<'a, &'a Id<Person>>, By<'a, &'a ServiceId>) {
    let (mut by_person, mut by_service) = (BTreeMap::<_, Shown<'a>>::new(), BTreeMap::new());
    for article in listed {
        let people = article.authors.iter().chain([&article.reviewer]);
        for person in people {
            let shelf = by_person.entry(&person.id).or_default();
            // Somebody may have written and reviewed it.
            if shelf.last().is_none_or(|last| !Arc::ptr_eq(last, article)) {
                shelf.push(article);
            }
        }
        if let Some(service) = &article.service {
            let shelf: &mut Shown<'a> = by_service.entry(&service.id).or_default();
            shelf.push(article);
        }
    }
    (by_person, by_service)
}

/// The parts of the body whose protocols name an article.
fn areas_by_article(site: &Site) -> BTreeMap<&Slug, BTreeSet<BodyArea>> {
    let mut areas: BTreeMap<&Slug, BTreeSet<BodyArea>> = BTreeMap::new();
    for protocol in site.protocols.values() {
        for slug in &protocol.articles {
            areas.entry(slug).or_default().insert(protocol.body_area);
        }
    }
    areas
}
