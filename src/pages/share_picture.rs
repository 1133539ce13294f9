//! The picture that chat programs and other sites show beside a link to us: typed
//! content to SVG. It stands apart from pages because somebody else draws it: this
//! program links no image crate, so `tools/share-pictures` turns the SVG into a file
//! below `static/share/`, and pages name that file only where it is there. No picture
//! holds a price or a date, since links are shown long after they were made.

pub mod lettering;
mod sheet;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use askama::Template;
use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_128;

use super::Making;
use crate::booking::Service;
use crate::content::{Article, ReviewStatus};
use crate::site::{Visibility, in_step};
use lettering::is_drawable;
use sheet::Sheet;

/// Width in pixels. Source: `specs/site-conventions.md`, section 10.
pub const WIDTH: u32 = 1200;
/// Height in pixels. Source: as for [`WIDTH`].
pub const HEIGHT: u32 = 630;

/// What a picture is about.
#[derive(Clone, Copy)]
pub enum Subject<'a> {
    /// The clinic itself, for every page that has no picture of its own.
    Clinic,
    /// An article.
    Article(&'a Article),
    /// A visit.
    Service(&'a Service),
}

impl Subject<'_> {
    /// The file name up to the hash.
    fn stem(self) -> String {
        match self {
            Self::Clinic => "clinic".to_owned(),
            Self::Article(article) => format!("article-{}", article.slug),
            Self::Service(service) => format!("service-{}", service.id),
        }
    }
}

/// A picture before it is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharePicture {
    /// What it is about, such as `article-sciatica`.
    pub stem: String,
    /// The name of its file: `<stem>.<hash>.png`. The hash changes with everything that the picture shows.
    pub file_name: String,
    /// The picture.
    pub svg: String,
    /// Its words, for those who do not see it.
    pub alt: String,
}

/// Who may see a picture today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Everybody: a page shows it.
    Everybody,
    /// Nobody yet, or no longer: its page is scheduled, or out of the lists until it is reviewed.
    Nobody,
}

/// A picture that is there, as pages name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedPicture {
    /// The address from the root.
    pub path: String,
    /// Its words, for those who do not see it.
    pub alt: String,
}

/// The pictures that pages may name, by stem.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SharedPictures(BTreeMap<String, Arc<SharedPicture>>);

impl SharedPictures {
    /// Of the pictures that everybody may see, those whose file is there.
    pub fn among(names: &ShareNames, files: &BTreeSet<String>) -> Self {
        let there = names.all().filter(|(name, audience)| {
            *audience == Audience::Everybody && files.contains(&name.file_name)
        });
        let shared = there.map(|(name, _)| (name.stem.clone(), Arc::clone(&name.shared)));
        Self(shared.collect())
    }

    /// The picture of a page: its own, else the clinic's.
    pub fn of(&self, subject: Subject<'_>) -> Option<&SharedPicture> {
        self.shared(subject).map(AsRef::as_ref)
    }

    /// The same, to be kept.
    pub fn shared(&self, subject: Subject<'_>) -> Option<&Arc<SharedPicture>> {
        let own = self.0.get(&subject.stem());
        own.or_else(|| self.0.get(&Subject::Clinic.stem()))
    }

    /// The files that pages may name, by name.
    pub fn paths(&self) -> BTreeSet<&str> {
        self.0.values().map(|shared| shared.path.as_str()).collect()
    }
}

/// What a picture is called, without the picture.
#[derive(Debug, PartialEq, Eq)]
pub struct ShareName {
    /// What it is about, such as `article-sciatica`.
    pub stem: String,
    /// The name of its file.
    pub file_name: String,
    shared: Arc<SharedPicture>,
}

impl From<SharePicture> for ShareName {
    fn from(picture: SharePicture) -> Self {
        let path = format!("/static/share/{}", picture.file_name);
        let alt = picture.alt;
        Self {
            stem: picture.stem,
            file_name: picture.file_name,
            shared: Arc::new(SharedPicture { path, alt }),
        }
    }
}

/// What the pictures of a site are called. A name is known only when the picture is laid out, so names are taken over
/// from one build to the next.
#[derive(Debug, Default)]
pub struct ShareNames {
    /// The clinic, then services by id.
    fixed: Vec<Arc<ShareName>>,
    /// By slug, ascending.
    articles: Vec<OfArticle>,
}

#[derive(Debug)]
struct OfArticle {
    article: Arc<Article>,
    /// None if our typeface lacks a letter of it.
    name: Option<Arc<ShareName>>,
    audience: Audience,
}

impl ShareNames {
    /// The names of a site. `before` are those of a site on the same ground, in the same words and letters: what it
    /// knew of an article that is the same value still holds.
    ///
    /// # Errors
    /// A template failed to render: a fault of ours, told with the picture.
    pub fn of(making: Making<'_>, before: Option<&Self>) -> Result<Self, String> {
        let subjects = fixed_subjects(making).into_iter();
        let fixed: Vec<_> = match before {
            Some(before) => before.fixed.clone(),
            None => named(subjects.map(|subject| share_picture(making, subject)))?,
        };
        let known = before.map_or(&[][..], |before| &before.articles);
        let articles = in_step(articles(making), known, |own, (article, _)| {
            own.article.slug.cmp(&article.slug)
        });
        let articles = articles
            .par_iter()
            .map(|((article, audience), last)| {
                let last = last.filter(|own| Arc::ptr_eq(&own.article, article));
                let name = match last {
                    Some(own) => own.name.clone(),
                    None => share_picture(making, Subject::Article(article))?
                        .map(|picture| Arc::new(picture.into())),
                };
                Ok(OfArticle {
                    article: Arc::clone(article),
                    name,
                    audience: *audience,
                })
            })
            .collect::<Result<_, String>>()?;
        Ok(Self { fixed, articles })
    }

    /// Every name with who may see its picture today: the clinic, then services and articles, each by id.
    pub fn all(&self) -> impl Iterator<Item = (&ShareName, Audience)> {
        let fixed = self.fixed.iter().map(|name| (&**name, Audience::Everybody));
        let articles = self.articles.iter();
        fixed.chain(articles.filter_map(|own| Some((own.name.as_deref()?, own.audience))))
    }
}

fn named(
    pictures: impl Iterator<Item = Result<Option<SharePicture>, String>>,
) -> Result<Vec<Arc<ShareName>>, String> {
    let pictures = pictures.filter_map(Result::transpose);
    pictures
        .map(|picture| Ok(Arc::new(picture?.into())))
        .collect()
}

/// The clinic, then services by id.
fn fixed_subjects<'a>(making: Making<'a>) -> Vec<Subject<'a>> {
    let services = making.site.services.values();
    let services = services.map(|service| Subject::Service(service));
    [Subject::Clinic].into_iter().chain(services).collect()
}

/// Articles that have a picture, by slug, with who may see it: all but drafts and those that were taken back.
fn articles<'a>(making: Making<'a>) -> Vec<(&'a Arc<Article>, Audience)> {
    let site = making.site;
    let shown = site
        .articles
        .values()
        .filter(|article| !article.is_draft && site.visibility(article) != Visibility::Withdrawn);
    let audience = |article: &Article| {
        let is_public = site.visibility(article) == Visibility::Public;
        let is_listed = site.review_status(article) != ReviewStatus::LongOverdue;
        match is_public && is_listed {
            true => Audience::Everybody,
            false => Audience::Nobody,
        }
    };
    shown.map(|own| (own, audience(own))).collect()
}

/// Every picture that the site can show: the clinic, then services and articles, each by id. Drafts, articles that
/// were taken back, and texts in letters that our typeface lacks have none.
///
/// # Errors
/// A template failed to render: a fault of ours, told with the picture.
pub fn share_pictures(making: Making<'_>) -> Result<Vec<SharePicture>, String> {
    let fixed = fixed_subjects(making).into_iter();
    let articles = articles(making).into_iter();
    let subjects = fixed.chain(articles.map(|(article, _)| Subject::Article(article)));
    let pictures = subjects.map(|subject| share_picture(making, subject));
    pictures.filter_map(Result::transpose).collect()
}

/// The picture of one subject, if our typeface has its letters.
fn share_picture(making: Making<'_>, subject: Subject<'_>) -> Result<Option<SharePicture>, String> {
    let sheet = Sheet::of(making, subject);
    if !sheet.texts().iter().all(|text| is_drawable(text)) {
        return Ok(None);
    }
    let stem = subject.stem();
    let svg = sheet.render().map_err(|error| format!("{stem}: {error}"))?;
    let lettering = &making.assets.lettering;
    let hash: String = format!("{:032x}", xxh3_128(format!("{lettering}{svg}").as_bytes()))
        .chars()
        .take(16)
        .collect();
    Ok(Some(SharePicture {
        file_name: format!("{stem}.{hash}.png"),
        alt: sheet.said,
        stem,
        svg,
    }))
}
