//! The picture that chat programs and other sites show beside a link to us: typed
//! content to SVG. It stands apart from pages because somebody else draws it: this
//! program links no image crate, so `tools/share-pictures` turns the SVG into a file
//! below `static/share/`, and pages name that file only where it is there. No picture
//! holds a price or a date, since links are shown long after they were made.

pub mod lettering;
mod sheet;

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use xxhash_rust::xxh3::xxh3_128;

use super::Making;
use crate::booking::Service;
use crate::content::Article;
use crate::site::Visibility;
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
    /// Who may see it today.
    pub audience: Audience,
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
pub struct SharedPictures(BTreeMap<String, SharedPicture>);

impl SharedPictures {
    /// Of the pictures that everybody may see, those whose file is there.
    pub fn among(pictures: &[SharePicture], files: &BTreeSet<String>) -> Self {
        let there = pictures.iter().filter(|picture| {
            picture.audience == Audience::Everybody && files.contains(&picture.file_name)
        });
        let shared = there.map(|picture| {
            let path = format!("/static/share/{}", picture.file_name);
            let alt = picture.alt.clone();
            (picture.stem.clone(), SharedPicture { path, alt })
        });
        Self(shared.collect())
    }

    /// The picture of a page: its own, else the clinic's.
    pub fn of(&self, subject: Subject<'_>) -> Option<&SharedPicture> {
        let own = self.0.get(&subject.stem());
        own.or_else(|| self.0.get(&Subject::Clinic.stem()))
    }

    /// The files that pages may name, by name.
    pub fn paths(&self) -> BTreeSet<&str> {
        self.0.values().map(|shared| shared.path.as_str()).collect()
    }
}

/// Every picture that the site can show: the clinic, then services and articles, each by id. Drafts, articles that
/// were taken back, and texts in letters that our typeface lacks have none.
///
/// # Errors
/// A template failed to render: a fault of ours, told with the picture.
pub fn share_pictures(making: Making<'_>) -> Result<Vec<SharePicture>, String> {
    let site = making.site;
    let listed: BTreeSet<_> = site
        .listed_articles()
        .map(|article| &article.slug)
        .collect();
    let services = site.services.values();
    let articles = site
        .articles
        .values()
        .filter(|article| !article.is_draft && site.visibility(article) != Visibility::Withdrawn);
    let subjects = [Subject::Clinic]
        .into_iter()
        .chain(services.map(|service| Subject::Service(service)))
        .chain(articles.map(|article| Subject::Article(article)));
    let mut pictures = Vec::new();
    for subject in subjects {
        let audience = match subject {
            Subject::Article(article) if !listed.contains(&article.slug) => Audience::Nobody,
            _ => Audience::Everybody,
        };
        pictures.extend(share_picture(making, subject, audience)?);
    }
    Ok(pictures)
}

/// The picture of one subject, if our typeface has its letters.
fn share_picture(
    making: Making<'_>,
    subject: Subject<'_>,
    audience: Audience,
) -> Result<Option<SharePicture>, String> {
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
        audience,
    }))
}
