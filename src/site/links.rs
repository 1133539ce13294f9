//! What articles say of each other: links, pinned articles, aliases, one address each.
//! It stands apart from reading because only a whole site knows where a link leads.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::{Site, Visibility, in_step};
use crate::content::Article;
use crate::content::markdown::{Link, Target};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::nearest;
use crate::file::{SourceFile, Spanned};
use crate::id::{Id, Slug};

/// What links may lead to.
pub(super) struct Destinations<'a> {
    site: &'a Site,
    articles: &'a BTreeMap<Slug, Arc<Article>>,
    known: &'a BTreeSet<Slug>,
    pages: BTreeSet<String>,
}

/// What a check of all links found, for the next one.
#[derive(Debug)]
pub(super) struct Checked {
    /// The articles that were read.
    pub(super) articles: BTreeMap<Slug, Arc<Article>>,
    /// All that have a file.
    pub(super) known: BTreeSet<Slug>,
    /// Faults of the articles that have any.
    pub(super) faults: BTreeMap<Slug, Vec<Diagnostic>>,
}

impl Destinations<'_> {
    /// Checks what articles say of others; `before` is the last check on the same ground. An article that is the same
    /// is checked again only if something that it names changed, or if it has a fault, which may suggest another name.
    pub(super) fn check(
        &self,
        fresh: &BTreeMap<Slug, (Arc<Article>, &SourceFile)>,
        before: Option<&Checked>,
    ) -> BTreeMap<Slug, Vec<Diagnostic>> {
        let changed = before.map(|before| self.changed_since(before));
        let last = before.into_iter().flat_map(|before| &before.articles);
        let fresh = in_step(fresh, last, |(last, _), (slug, _)| (*last).cmp(*slug));
        let is_same = |slug: &Slug, article: &Arc<Article>, last: Option<&Arc<Article>>| {
            let Some((before, changed)) = before.zip(changed.as_ref()) else {
                return false;
            };
            last.is_some_and(|last| Arc::ptr_eq(last, article))
                && !before.faults.contains_key(slug)
                && (changed.is_empty() || !named_by(article).any(|named| changed.contains(named)))
        };
        let checked = fresh
            .par_iter()
            .filter_map(|((slug, (article, file)), last)| {
                if is_same(slug, article, last.map(|(_, last)| last)) {
                    return None;
                }
                let faults = self.faults_of(file, article);
                (!faults.is_empty()).then(|| ((*slug).clone(), faults))
            });
        checked.collect()
    }

    /// Articles of which something that a link depends on is not as it was.
    fn changed_since(&self, before: &Checked) -> BTreeSet<Slug> {
        let files = self.known.symmetric_difference(&before.known);
        let mut changed: BTreeSet<Slug> = files.cloned().collect();
        let mut last = before.articles.iter().peekable();
        for (slug, article) in self.articles {
            while let Some((gone, _)) = last.next_if(|(known, _)| *known < slug) {
                changed.insert(gone.clone());
            }
            let known = last.next_if(|(known, _)| *known == slug);
            let same = known.is_some_and(|(_, last)| {
                Arc::ptr_eq(last, article)
                    || last.anchors == article.anchors
                        && last.path == article.path
                        && self.site.visibility(last) == self.site.visibility(article)
            });
            if !same {
                changed.insert(slug.clone());
            }
        }
        changed.extend(last.map(|(gone, _)| gone.clone()));
        changed
    }
}

/// The articles that an article names.
fn named_by(article: &Article) -> impl Iterator<Item = &Slug> {
    let linked = article
        .links
        .iter()
        .filter_map(|link| match &link.value.target {
            Target::Article(slug) => Some(slug),
            Target::SamePage | Target::Page(_) => None,
        });
    let see = article.withdrawal.as_ref().and_then(|own| own.see.as_ref());
    let pinned = article.related.iter().chain(see).map(|slug| &slug.value);
    linked.chain(pinned)
}

impl<'a> Destinations<'a> {
    /// `articles` are those that were read; `known` are all that have a file.
    pub(super) fn new(
        site: &'a Site,
        articles: &'a BTreeMap<Slug, Arc<Article>>,
        known: &'a BTreeSet<Slug>,
    ) -> Self {
        Self {
            site,
            articles,
            known,
            pages: site.page_addresses(),
        }
    }

    /// Everything that an article says of others and that does not hold.
    pub(super) fn faults_of(&self, file: &SourceFile, article: &Article) -> Vec<Diagnostic> {
        let own = |anchor: &str| article.anchors.contains(anchor);
        let mut faults = self.link_faults(file, &article.links, own, self.site.visibility(article));
        let see = article
            .withdrawal
            .as_ref()
            .and_then(|withdrawal| withdrawal.see.as_ref());
        let from = match self.site.visibility(article) {
            Visibility::NotYet => Visibility::NotYet,
            Visibility::Public | Visibility::Withdrawn => Visibility::Public,
        };
        for slug in article.related.iter().chain(see) {
            faults.extend(self.article_fault(file, &slug.value, None, slug.offset, from));
        }
        faults
    }

    /// Links that lead nowhere. `own` tells whether the page itself has an anchor.
    pub(super) fn link_faults(
        &self,
        file: &SourceFile,
        links: &[Spanned<Link>],
        own: impl Fn(&str) -> bool,
        from: Visibility,
    ) -> Vec<Diagnostic> {
        let mut faults = Vec::new();
        for Spanned {
            value: link,
            offset,
        } in links
        {
            let fault = match &link.target {
                Target::SamePage => {
                    let anchor = link.anchor.as_deref().unwrap_or_default();
                    (!own(anchor)).then(|| missing_anchor(file, *offset, anchor, "this page"))
                }
                Target::Article(slug) => {
                    self.article_fault(file, slug, link.anchor.as_deref(), *offset, from)
                }
                Target::Page(path) => self.page_fault(file, path, *offset).or_else(|| {
                    self.page_anchor_fault(file, path, link.anchor.as_deref(), *offset)
                }),
            };
            faults.extend(fault);
        }
        faults
    }

    fn article_fault(
        &self,
        file: &SourceFile,
        slug: &Slug,
        anchor: Option<&str>,
        offset: usize,
        from: Visibility,
    ) -> Option<Diagnostic> {
        let Some(target) = self.articles.get(slug) else {
            return (!self.known.contains(slug)).then(|| self.unknown_article(file, slug, offset));
        };
        if from == Visibility::Public && self.site.visibility(target) == Visibility::NotYet {
            let message = format!("the link leads to `{slug}`, which readers can't open yet");
            let fault = Diagnostic::new(Code::LinkToDraft, file.place(offset), message);
            return Some(fault.help(format!(
                "publish `{}` first, or take the link out",
                target.path
            )));
        }
        let anchor = anchor.filter(|anchor| !target.anchors.contains(*anchor))?;
        Some(missing_anchor(
            file,
            offset,
            anchor,
            &format!("`{}`", target.path),
        ))
    }

    fn unknown_article(&self, file: &SourceFile, slug: &Slug, offset: usize) -> Diagnostic {
        let fault = Diagnostic::new(
            Code::LinkUnknown,
            file.place(offset),
            format!("there is no article `{slug}`"),
        );
        match nearest(slug.as_str(), self.known.iter().map(Slug::as_str)) {
            Some(near) => fault.help(format!("did you mean `{near}`?")),
            None => fault.help("write the file name of an article in `articles/`"),
        }
    }

    fn page_fault(&self, file: &SourceFile, path: &str, offset: usize) -> Option<Diagnostic> {
        if self.pages.contains(path) {
            return None;
        }
        let fault = Diagnostic::new(
            Code::LinkUnknown,
            file.place(offset),
            format!("there is no page `{path}`"),
        );
        Some(match nearest(path, self.pages.iter().map(String::as_str)) {
            Some(near) => fault.help(format!("did you mean `{near}`?")),
            None => fault.help("pages are `/articles`, `/topics/<topic>`, `/people/<id>`, `/book/<service>` and the like"),
        })
    }
}

impl Destinations<'_> {
    /// An anchor on one of the clinic's own pages that has no such heading.
    fn page_anchor_fault(
        &self,
        file: &SourceFile,
        path: &str,
        anchor: Option<&str>,
        offset: usize,
    ) -> Option<Diagnostic> {
        let anchor = anchor?;
        let is_there = match path {
            "/glossary" => {
                let mut terms = self.site.glossary.keys().map(Id::as_str);
                let term = anchor.strip_prefix("term-");
                term.is_some_and(|term| terms.any(|id| id == term))
            }
            path => {
                let page = self.site.page_texts.get(path.strip_prefix('/')?)?;
                page.headings.iter().any(|own| own.id == anchor)
            }
        };
        if is_there {
            return None;
        }
        Some(missing_anchor(file, offset, anchor, &format!("`{path}`")))
    }
}

fn missing_anchor(file: &SourceFile, offset: usize, anchor: &str, page: &str) -> Diagnostic {
    Diagnostic::new(
        Code::AnchorUnknown,
        file.place(offset),
        format!("{page} has no heading with the id `{anchor}`"),
    )
    .help("an id is the heading in lower case with hyphens, or what stands in `{#id}` behind it")
}

/// Aliases that hide an article or another alias. `articles` are those that were read, with their files.
pub(super) fn alias_faults(
    articles: &BTreeMap<Slug, (Arc<Article>, &SourceFile)>,
    known: &BTreeSet<Slug>,
) -> BTreeMap<Slug, Vec<Diagnostic>> {
    let mut owners: BTreeMap<&Slug, &Slug> = BTreeMap::new();
    let mut faults: BTreeMap<Slug, Vec<Diagnostic>> = BTreeMap::new();
    for (slug, (article, file)) in articles {
        for alias in &article.aliases {
            let message = match owners.get(&alias.value) {
                _ if known.contains(&alias.value) => {
                    format!("the alias `{}` is the address of an article", alias.value)
                }
                Some(other) => format!("the alias `{}` already leads to `{other}`", alias.value),
                None => {
                    owners.insert(&alias.value, slug);
                    continue;
                }
            };
            let fault = Diagnostic::new(Code::AliasClash, file.place(alias.offset), message);
            faults
                .entry(slug.clone())
                .or_default()
                .push(fault.help("take the alias out"));
        }
    }
    faults
}
