//! Documents for programs: feeds, lists of addresses, each article as Markdown and JSON,
//! and the small files that sites have at known addresses. They say what pages say, of
//! public and listed articles alone, and are pure functions of the same content.

mod article_json;
mod article_markdown;
mod chart_table;
mod entry;
mod feed;
mod manifest;
mod markup;
mod plain;
mod sitemap;
mod small_files;
mod writer;

pub use article_json::VERSION as ARTICLE_VERSION;
pub use feed::MOST_ENTRIES;
pub use sitemap::{ListedPage, MOST_ADDRESSES, sitemaps};

pub(super) use plain::plain;
pub(super) use small_files::MOST_ON_A_SHELF;

use std::sync::Arc;

use askama::Template;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{Making, Media, RenderedPage, Status};
use crate::content::Article;

/// What stands at a fixed address for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Machine {
    /// The newest articles by RFC 4287.
    Atom,
    /// The same by jsonfeed.org.
    JsonFeed,
    /// The best of the site for language models, by llmstxt.org.
    Llms,
    /// What crawlers may fetch, by RFC 9309.
    Robots,
    /// Who made the site, by humanstxt.org.
    Humans,
    /// How a phone shows the site, by the W3C's Web Application Manifest.
    Manifest,
    /// Whom to tell of a hole, by RFC 9116.
    Security,
}

impl Machine {
    /// What a site has. Whom to tell of a hole is there only if the clinic says it.
    pub(super) fn of(making: Making<'_>) -> Vec<Self> {
        let mut all = vec![
            Self::Atom,
            Self::JsonFeed,
            Self::Llms,
            Self::Robots,
            Self::Humans,
            Self::Manifest,
        ];
        let contact = making.site.clinic.security_contact.as_ref();
        all.extend(contact.map(|_| Self::Security));
        all
    }

    /// The address from the root.
    pub(super) fn path(self) -> &'static str {
        match self {
            Self::Atom => "/feed.atom",
            Self::JsonFeed => "/feed.json",
            Self::Llms => "/llms.txt",
            Self::Robots => "/robots.txt",
            Self::Humans => "/humans.txt",
            Self::Manifest => "/site.webmanifest",
            Self::Security => "/.well-known/security.txt",
        }
    }

    fn media(self) -> Media {
        match self {
            Self::Atom => Media::Atom,
            Self::JsonFeed => Media::JsonFeed,
            Self::Manifest => Media::Manifest,
            Self::Llms | Self::Robots | Self::Humans | Self::Security => Media::Text,
        }
    }

    /// Renders it. `shows` are the articles that the job names.
    ///
    /// # Errors
    /// A template failed: a fault of ours.
    pub(super) fn render(
        self,
        making: Making<'_>,
        shows: &[&Arc<Article>],
    ) -> Result<RenderedPage, String> {
        let text = match self {
            Self::Atom => feed::atom(making, shows),
            Self::JsonFeed => feed::json(making, shows),
            Self::Llms => small_files::llms(making, shows),
            Self::Robots => small_files::robots(making),
            Self::Humans => small_files::humans(making),
            Self::Manifest => manifest::manifest(making),
            Self::Security => small_files::security(making),
        };
        let path = self.path().to_owned();
        let text = text.map_err(|error| format!("{path}: {error}"))?;
        let changed = match self {
            Self::Atom | Self::JsonFeed => newest_change(shows),
            _ => None,
        };
        Ok(RenderedPage {
            script_sources: "'none'".to_owned(),
            path,
            status: Status::Ok,
            media: self.media(),
            text,
            modified_on: changed,
            indexing: making.indexing(),
            lang: making.site.clinic.lang.clone(),
            canonical: None,
        })
    }
}

/// The Markdown of an article.
pub(super) fn article_markdown(making: Making<'_>, article: &Article) -> RenderedPage {
    article_markdown::render(making, article)
}

/// The JSON of an article.
///
/// # Errors
/// It can't be written: a fault of ours.
pub(super) fn article_json(making: Making<'_>, article: &Article) -> Result<RenderedPage, String> {
    article_json::render(making, article)
}

/// The addresses of the Markdown and of the JSON of an article.
pub(super) fn article_addresses(article: &Article) -> [String; 2] {
    [
        article_markdown::address(article),
        article_json::address(article),
    ]
}

fn newest_change(shows: &[&Arc<Article>]) -> Option<Date> {
    shows.iter().map(|own| own.dates.modified_on()).max()
}

/// The first second of a day of the clinic, by RFC 3339 with its zone.
pub(super) fn instant(day: Date, zone: &TimeZone) -> String {
    let start = day.to_zoned(zone.clone());
    start.map_or_else(
        |_| format!("{day}T00:00:00Z"),
        |start| start.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
    )
}

/// A template as text.
fn text_of(template: &impl Template) -> Result<String, String> {
    let text = template.render().map_err(|error| error.to_string())?;
    Ok(match text.ends_with('\n') {
        true => text,
        false => format!("{text}\n"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_of_the_clinic_with_its_zone() {
        let zone = TimeZone::get("America/New_York").unwrap();
        let rows = [
            (jiff::civil::date(2026, 7, 1), "2026-07-01T00:00:00-04:00"),
            (jiff::civil::date(2026, 11, 2), "2026-11-02T00:00:00-05:00"),
        ];
        for (day, written) in rows {
            assert_eq!(instant(day, &zone), written);
        }
    }
}
