//! The lists of a whole site, of what to read after each article. They stand apart from the
//! index that weighs single pairs because they are taken over from one build to the next:
//! they know what a change of a few articles can touch, and make only that again.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::related::RelationIndex;
use super::{Site, Visibility};
use crate::content::Article;
use crate::id::Slug;

/// The lists of a whole site, so that the next build makes them again only when something that they hang on changed.
#[derive(Debug, Default)]
pub struct Relations {
    /// Every article that has a list, by slug.
    articles: Vec<Arc<Article>>,
    lists: Arc<Lists>,
}

/// What changed for the lists between two moments.
enum Change {
    /// Nothing.
    None,
    /// The words of some names.
    Words(ChangedWords),
    /// Anything else, or many words.
    More,
}

/// Words that some articles have in their names now and had not before, or the other way round.
#[derive(Debug, Default)]
struct ChangedWords {
    /// The articles, as places among all that have a list, ascending.
    articles: Vec<usize>,
    /// The words.
    words: BTreeSet<String>,
}

/// Most articles of which only names changed for which single lists are made again.
const MOST_CHANGED: usize = 16;

#[derive(Debug, Default)]
struct Lists {
    /// Slugs of listed articles, ascending.
    listed: Vec<Slug>,
    /// For each article, places in `listed` in the order of its page.
    related: Vec<Vec<usize>>,
}

impl Relations {
    /// The lists of a site. They are those of `before` if nothing that they hang on changed since; and if only names did,
    /// those of articles that have none of the words stay.
    pub fn of(site: &Site, before: Option<&Self>) -> Self {
        let all = site.articles.values();
        let articles: Vec<Arc<Article>> = all
            .filter(|article| site.visibility(article) != Visibility::Withdrawn)
            .cloned()
            .collect();
        let change = before.map(|before| (before, before.change_to(site, &articles)));
        let lists = match change {
            Some((before, Change::None)) => Arc::clone(&before.lists),
            Some((before, Change::Words(changed))) => {
                Arc::new(before.lists.with_other_words(site, &articles, &changed))
            }
            None | Some((_, Change::More)) => Arc::new(Lists::of(site, &articles)),
        };
        Self { articles, lists }
    }

    /// What changed for the lists up to another moment.
    fn change_to(&self, site: &Site, articles: &[Arc<Article>]) -> Change {
        let listed = site.listed_articles().map(|own| &own.slug);
        if self.articles.len() != articles.len() || !self.lists.listed.iter().eq(listed) {
            return Change::More;
        }
        let pairs = self.articles.iter().zip(articles).enumerate();
        let others = pairs.filter(|(_, (last, now))| !Arc::ptr_eq(last, now));
        let mut changed = ChangedWords::default();
        for (at, (last, now)) in others {
            if !is_related_like_but_for_words(last, now) {
                return Change::More;
            }
            let (last, now) = (&last.keywords, &now.keywords);
            let own = last.iter().chain(now);
            let own = own.filter(|word| last.contains(*word) != now.contains(*word));
            changed.words.extend(own.cloned());
            if last != now {
                changed.articles.push(at);
            }
        }
        match changed.articles.len() {
            0 => Change::None,
            1..=MOST_CHANGED => Change::Words(changed),
            _ => Change::More,
        }
    }

    /// What to read after each article, in the order of its page, as places among the listed articles by slug. All articles
    /// that were not taken back, by slug.
    pub fn lists(&self) -> impl Iterator<Item = (&Arc<Article>, &[usize])> {
        let related = self.lists.related.iter().map(Vec::as_slice);
        self.articles.iter().zip(related)
    }
}

impl Lists {
    fn of(site: &Site, articles: &[Arc<Article>]) -> Self {
        let index = RelationIndex::of(site);
        let places = |article: &Arc<Article>| index.places(article);
        Self {
            related: articles.par_iter().map(places).collect(),
            listed: index.slugs().cloned().collect(),
        }
    }

    /// The lists after words of names changed: those of the articles themselves, and of all that have one of the words. A
    /// word that tells nothing, since too many have it, is in no list, neither before nor now.
    fn with_other_words(
        &self,
        site: &Site,
        articles: &[Arc<Article>],
        changed: &ChangedWords,
    ) -> Self {
        let index = RelationIndex::of(site);
        // Of the articles that have a word now, at most these had it not before.
        let new = changed.articles.len();
        let telling: HashSet<&str> = changed
            .words
            .iter()
            .map(String::as_str)
            .filter(|word| index.tells(word, new))
            .collect();
        let is_touched = |at: usize, article: &Article| {
            let mut words = article.keywords.iter();
            changed.articles.contains(&at) || words.any(|word| telling.contains(word.as_str()))
        };
        let related = articles.par_iter().zip(&self.related).enumerate();
        let related = related.map(|(at, (article, last))| match is_touched(at, article) {
            true => index.places(article),
            false => last.clone(),
        });
        Self {
            related: related.collect(),
            listed: self.listed.clone(),
        }
    }
}

/// Whether everything that lists hang on is the same in two versions of an article, but for the words of its names.
fn is_related_like_but_for_words(one: &Article, two: &Article) -> bool {
    let pinned = |own: &Article| -> Vec<Slug> {
        let related = own.related.iter();
        related.map(|slug| slug.value.clone()).collect()
    };
    one.slug == two.slug
        && one.protocol.complaint == two.protocol.complaint
        && one.protocol.body_area == two.protocol.body_area
        && one.topic.id == two.topic.id
        && one.service.as_ref().map(|own| &own.id) == two.service.as_ref().map(|own| &own.id)
        && one.codes == two.codes
        && one.dates.reviewed_on == two.dates.reviewed_on
        && pinned(one) == pinned(two)
}
