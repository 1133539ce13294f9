//! Articles: reading each by itself, then settling which version of each is shown,
//! when some broke and some say things of others that do not hold.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use super::{Loading, Reading};
use crate::content::markdown::{Link, Pictures};
use crate::content::{
    Article, Audience, ReadArticle, Surroundings, read_article, words_for_editors,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::file::{SourceFile, Spanned};
use crate::id::{ArticleMark, Slug};
use crate::site::links::{Checked, Destinations, alias_faults};
use crate::site::{Site, Visibility, in_step};

/// What one file gave by itself. The same file on the same ground gives the same again.
#[derive(Debug)]
pub(super) struct ReadFile {
    file: SourceFile,
    /// The address, if the file name can be one.
    slug: Option<Slug>,
    article: Option<Arc<Article>>,
    /// Links and anchors of a file that gave no article; another file's are in its article.
    links: Vec<Spanned<Link>>,
    anchors: BTreeSet<String>,
    diagnostics: Vec<Diagnostic>,
    /// What the rules of style say; not there while the file was only read for readers.
    style: OnceLock<Vec<Diagnostic>>,
}

impl ReadFile {
    fn of(file: &SourceFile, surroundings: Surroundings<'_>, audience: Audience) -> Self {
        let ReadArticle {
            article,
            links,
            anchors,
            diagnostics,
            style,
        } = read_article(file, surroundings, audience);
        let (links, anchors) = match article {
            Some(_) => (Vec::new(), BTreeSet::new()),
            None => (links, anchors),
        };
        Self {
            file: file.clone(),
            slug: file.stem().parse().ok(),
            article: article.map(Arc::new),
            links,
            anchors,
            diagnostics,
            style: style.map_or_else(OnceLock::new, OnceLock::from),
        }
    }

    /// Reads the words for editors too, if that was not done yet. The article stays the same value, so no page is made
    /// again for it.
    fn read_for_editors(&self, surroundings: Surroundings<'_>) {
        self.style.get_or_init(|| {
            let words = words_for_editors(&self.file, surroundings);
            let Some((measured, style)) = words else {
                return Vec::new();
            };
            if let Some(article) = &self.article {
                // Whoever was there first has counted the same words.
                article.measured.set(measured).unwrap_or_default();
            }
            style
        });
    }

    /// Everything that is wrong with the file by itself, as far as it was read.
    fn faults(&self) -> impl Iterator<Item = &Diagnostic> {
        self.diagnostics
            .iter()
            .chain(self.style.get().into_iter().flatten())
    }
}

/// The articles, by slug, of which a picture is not what it was.
fn changed<'a>(before: &'a Pictures, now: &'a Pictures) -> BTreeSet<&'a str> {
    let is_other = |one: &'a Pictures, two: &'a Pictures| {
        let other = one.iter().filter(|(path, own)| two.get(*path) != Some(own));
        other.filter_map(|(path, _)| path.split('/').nth(1))
    };
    let (gone, new) = (is_other(before, now), is_other(now, before));
    gone.chain(new).collect()
}

/// Which articles are shown.
pub(super) struct Settled {
    /// Those that have a good version, now or earlier.
    pub(super) articles: BTreeMap<Slug, Arc<Article>>,
    /// Those that have a file and no good version yet.
    pub(super) unavailable: BTreeSet<Slug>,
}

/// All articles that have a file, sorted by what can be said of each alone.
struct Sorted<'a> {
    /// Articles without a fault of their own.
    fresh: BTreeMap<Slug, (Arc<Article>, &'a SourceFile)>,
    /// Files with a fault of their own: their links are checked all the same, so that one fault hides no other.
    broken_alone: Vec<&'a ReadFile>,
    known: BTreeSet<Slug>,
}

impl Loading<'_> {
    /// Reads every article. Files of `before` are taken over when their text and their pictures are the same.
    pub(super) fn read_articles(
        &mut self,
        surroundings: Surroundings<'_>,
        before: Option<&Reading>,
    ) -> Vec<Arc<ReadFile>> {
        let last = before.map_or(&[][..], |before| &before.files);
        let files = in_step(self.files_below("articles/"), last, |known, file| {
            known.file.by_path(file)
        });
        let pictures = before.map(|before| changed(&before.pictures, surroundings.pictures));
        let pictures = pictures.unwrap_or_default();
        let known = |file: &SourceFile, last: Option<&Arc<ReadFile>>| {
            let known = last?;
            let slug = known.slug.as_ref().map(Slug::as_str);
            let is_same = known.file == *file && slug.is_none_or(|slug| !pictures.contains(slug));
            is_same.then(|| Arc::clone(known))
        };
        let audience = self.audience;
        let read: Vec<_> = files
            .par_iter()
            .map(|(file, last)| {
                let Some(known) = known(file, *last) else {
                    return Arc::new(ReadFile::of(file, surroundings, audience));
                };
                if audience == Audience::Editors {
                    known.read_for_editors(surroundings);
                }
                known
            })
            .collect();
        for file in &read {
            self.faults.extend(file.faults().cloned());
        }
        read
    }

    /// Checks articles against each other and puts last good versions in the place of broken ones.
    pub(super) fn settle_articles(
        &mut self,
        site: &Site,
        read: &[Arc<ReadFile>],
        before: Option<&Checked>,
    ) -> (Settled, Checked) {
        let Sorted {
            fresh,
            broken_alone,
            known,
        } = self.sort_articles(read);
        let articles = fresh
            .iter()
            .map(|(slug, (article, _))| (slug.clone(), Arc::clone(article)));
        let articles: BTreeMap<Slug, Arc<Article>> = articles.collect();
        let destinations = Destinations::new(site, &articles, &known);
        for broken in broken_alone {
            let own = |anchor: &str| broken.anchors.contains(anchor);
            let (file, links) = (&broken.file, &broken.links);
            let faults = destinations.link_faults(file, links, own, Visibility::NotYet);
            self.faults.extend(faults);
        }
        let faults = destinations.check(&fresh, before);
        let broken = self.broken_by_others(&fresh, &known, &faults);
        let mut settled = Settled {
            articles: BTreeMap::new(),
            unavailable: BTreeSet::new(),
        };
        let mut shown = Vec::with_capacity(known.len());
        let mut in_order = articles.iter().peekable();
        for slug in &known {
            let now = in_order.next_if(|(fresh, _)| *fresh == slug);
            let now = now.map(|(_, article)| article);
            let now = now.filter(|_| broken.is_empty() || !broken.contains(slug));
            let last = || self.last_good.and_then(|last| last.articles.get(slug));
            match now.or_else(last) {
                Some(article) => shown.push((slug.clone(), Arc::clone(article))),
                None => _ = settled.unavailable.insert(slug.clone()),
            }
        }
        // Made at once from what is in order, which is much quicker than one by one.
        settled.articles = shown.into_iter().collect();
        let checked = Checked {
            articles,
            known,
            faults,
        };
        (settled, checked)
    }

    /// Gives each address to one file.
    fn sort_articles<'b>(&mut self, read: &'b [Arc<ReadFile>]) -> Sorted<'b> {
        let named = read
            .iter()
            .filter_map(|read| Some((read.slug.as_ref()?, read)));
        let mut files: Vec<(&Slug, &Arc<ReadFile>)> = named.collect();
        // Of two files with one address, the one that is not in a folder of its own keeps it.
        let depth = |read: &ReadFile| read.file.path().matches('/').count();
        files.sort_by(|(slug, read), (other, second)| {
            let order = slug.cmp(other);
            order.then_with(|| depth(read).cmp(&depth(second)))
        });
        let unreadable = self.unreadable::<ArticleMark>("articles/", ".md");
        let with_file = files.iter().map(|(slug, _)| (*slug).clone());
        let known: BTreeSet<Slug> = with_file.chain(unreadable).collect();
        let mut fresh = Vec::with_capacity(files.len());
        let mut broken_alone = Vec::new();
        for sharing in files.chunk_by(|(slug, _), (other, _)| slug == other) {
            let Some((&(slug, first), others)) = sharing.split_first() else {
                continue;
            };
            for (_, other) in others {
                let (path, place) = (first.file.path(), other.file.place(0));
                let message = format!("`{slug}` is also the address of `{path}`");
                let fault = Diagnostic::new(Code::SlugDuplicate, place, message);
                self.faults.push(fault.help("rename one of the two files"));
            }
            // A second file must not take over the address of a page that readers know.
            let last_good = self.last_good.filter(|_| !others.is_empty());
            let is_held = last_good.is_some_and(|last| last.articles.contains_key(slug));
            match &first.article {
                Some(_) if is_held => {}
                Some(article) => fresh.push((slug.clone(), (Arc::clone(article), &first.file))),
                None => broken_alone.push(first.as_ref()),
            }
        }
        Sorted {
            fresh: fresh.into_iter().collect(),
            broken_alone,
            known,
        }
    }

    /// Articles that were read well but say something of others that does not hold.
    fn broken_by_others(
        &mut self,
        fresh: &BTreeMap<Slug, (Arc<Article>, &SourceFile)>,
        known: &BTreeSet<Slug>,
        link_faults: &BTreeMap<Slug, Vec<Diagnostic>>,
    ) -> BTreeSet<Slug> {
        let alias_faults = alias_faults(fresh, known);
        let mut broken = BTreeSet::new();
        for (slug, faults) in alias_faults.iter().chain(link_faults) {
            if faults.iter().any(Diagnostic::is_error) {
                broken.insert(slug.clone());
            }
            self.faults.extend_from_slice(faults);
        }
        broken
    }
}
