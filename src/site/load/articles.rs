//! Articles: reading each by itself, then settling which version of each is shown,
//! when some broke and some say things of others that do not hold.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::Loading;
use crate::content::markdown::Link;
use crate::content::{Article, ReadArticle, Surroundings, read_article};
use crate::diagnostic::{Code, Diagnostic};
use crate::file::{SourceFile, Spanned};
use crate::id::{ArticleMark, Slug};
use crate::site::links::{Destinations, alias_faults};
use crate::site::{Site, Visibility};

/// A file that was read, or not.
pub(super) struct Outcome<'a> {
    file: &'a SourceFile,
    read: ReadArticle,
}

/// A file with a fault of its own: its links are checked all the same, so that one fault hides no other.
type BrokenAlone<'a> = (&'a SourceFile, Vec<Spanned<Link>>, BTreeSet<String>);

impl<'a> Loading<'a> {
    pub(super) fn read_articles(&mut self, surroundings: Surroundings<'_>) -> Vec<Outcome<'a>> {
        let files: Vec<_> = self.files_below("articles/").collect();
        let read: Vec<_> = files
            .par_iter()
            .map(|file| read_article(file, surroundings))
            .collect();
        let mut outcomes = Vec::with_capacity(files.len());
        for (file, mut read) in files.into_iter().zip(read) {
            self.faults.append(&mut read.diagnostics);
            outcomes.push(Outcome { file, read });
        }
        outcomes
    }

    /// Checks articles against each other and puts last good versions in the place of broken ones.
    pub(super) fn settle_articles(
        &mut self,
        site: &Site,
        mut read: Vec<Outcome<'a>>,
    ) -> (BTreeMap<Slug, Arc<Article>>, BTreeSet<Slug>) {
        // Of two files with one address, the one that is not in a folder of its own keeps it.
        read.sort_by_key(|outcome| outcome.file.path().matches('/').count());
        let mut known: BTreeSet<Slug> = self
            .unreadable::<ArticleMark>("articles/", ".md")
            .into_iter()
            .collect();
        let mut clashing = BTreeSet::new();
        let mut fresh: BTreeMap<Slug, (Arc<Article>, &SourceFile)> = BTreeMap::new();
        let mut paths: BTreeMap<Slug, &str> = BTreeMap::new();
        let mut broken_alone = Vec::new();
        for outcome in read {
            let file = outcome.file;
            let Ok(slug) = file.stem().parse::<Slug>() else {
                continue;
            };
            if let Some(first) = paths.get(&slug) {
                let message = format!("`{slug}` is also the address of `{first}`");
                let fault = Diagnostic::new(Code::SlugDuplicate, file.place(0), message);
                self.faults.push(fault.help("rename one of the two files"));
                clashing.insert(slug);
                continue;
            }
            paths.insert(slug.clone(), file.path());
            known.insert(slug.clone());
            match outcome.read.article {
                Some(article) => _ = fresh.insert(slug, (Arc::new(article), file)),
                None => broken_alone.push((file, outcome.read.links, outcome.read.anchors)),
            }
        }
        // A second file must not take over the address of a page that readers know.
        if let Some(last) = self.last_good {
            fresh.retain(|slug, _| !clashing.contains(slug) || !last.articles.contains_key(slug));
        }
        let broken = self.broken_by_others(site, &fresh, &known, &broken_alone);
        let mut articles = BTreeMap::new();
        let mut unavailable = BTreeSet::new();
        for slug in known {
            let now = fresh
                .get(&slug)
                .filter(|_| !broken.contains(&slug))
                .map(|(article, _)| Arc::clone(article));
            let last = self
                .last_good
                .and_then(|last| last.articles.get(&slug).map(Arc::clone));
            match now.or(last) {
                Some(article) => _ = articles.insert(slug, article),
                None => _ = unavailable.insert(slug),
            }
        }
        (articles, unavailable)
    }

    /// Articles that were read well but say something of others that does not hold.
    fn broken_by_others(
        &mut self,
        site: &Site,
        fresh: &BTreeMap<Slug, (Arc<Article>, &SourceFile)>,
        known: &BTreeSet<Slug>,
        broken_alone: &[BrokenAlone<'_>],
    ) -> BTreeSet<Slug> {
        let read: BTreeMap<Slug, Arc<Article>> = fresh
            .iter()
            .map(|(slug, (article, _))| (slug.clone(), Arc::clone(article)))
            .collect();
        let destinations = Destinations::new(site, &read, known);
        for (file, links, anchors) in broken_alone {
            let own = |anchor: &str| anchors.contains(anchor);
            let faults = destinations.link_faults(file, links, own, Visibility::NotYet);
            self.faults.extend(faults);
        }
        let mut by_slug = alias_faults(fresh, known);
        for (slug, (article, file)) in fresh {
            by_slug
                .entry(slug.clone())
                .or_default()
                .extend(destinations.faults_of(file, article));
        }
        let broken = by_slug
            .iter()
            .filter(|(_, faults)| faults.iter().any(Diagnostic::is_error));
        let broken = broken.map(|(slug, _)| slug.clone()).collect();
        self.faults.extend(by_slug.into_values().flatten());
        broken
    }
}
