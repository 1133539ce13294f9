//! The feeds: the articles that changed last, by RFC 4287 and by JSON Feed 1.1. Both
//! say the same. They hold a summary and the key takeaways, since a feed reader shows no
//! review, no source and no care card.

use std::sync::Arc;

use askama::Template;
use serde::Serialize;

use super::entry::Entry;
use super::{Machine, instant, newest_change, text_of};
use crate::clinic::Clinic;
use crate::content::Article;
use crate::pages::Making;

/// How many articles a feed holds. Source: `specs/site-conventions.md`, section 3: a JSON feed stays below 250 KB, and
/// an entry takes 1 to 3 KB.
pub const MOST_ENTRIES: usize = 50;

#[derive(Template)]
#[template(path = "machine/feed.atom.xml")]
struct AtomFeed<'a> {
    clinic: &'a Clinic,
    lang: &'a str,
    title: String,
    home: String,
    own: String,
    icon: Option<String>,
    updated: String,
    entries: Vec<Entry<'a>>,
}

/// The Atom feed of articles, newest change first.
pub(super) fn atom(making: Making<'_>, shows: &[&Arc<Article>]) -> Result<String, String> {
    let site = making.site;
    let clinic = &site.clinic;
    let absolute = |path: &str| format!("{}{path}", clinic.origin);
    let updated = newest_change(shows).unwrap_or(site.today);
    text_of(&AtomFeed {
        clinic,
        lang: &clinic.lang,
        title: title(making),
        home: absolute("/"),
        own: absolute(Machine::Atom.path()),
        icon: making.assets.icons.square_192.as_deref().map(absolute),
        updated: instant(updated, &clinic.timezone),
        entries: entries(making, shows)?,
    })
}

fn entries<'a>(making: Making<'a>, shows: &[&'a Arc<Article>]) -> Result<Vec<Entry<'a>>, String> {
    let entries = shows.iter().map(|article| Entry::of(making, article));
    entries.collect()
}

fn title(making: Making<'_>) -> String {
    let clinic = &making.site.clinic;
    let words = making.words(&clinic.lang);
    words
        .machine
        .feed_title
        .with("name", &clinic.name)
        .to_string()
}

/// Source: jsonfeed.org/version/1.1.
#[derive(Serialize)]
struct JsonFeed<'a> {
    version: &'static str,
    title: String,
    home_page_url: String,
    feed_url: String,
    description: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    icon: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    favicon: Option<String>,
    authors: [JsonAuthor<'a>; 1],
    language: &'a str,
    items: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct JsonAuthor<'a> {
    name: &'a str,
    url: String,
}

#[derive(Serialize)]
struct Item<'a> {
    id: String,
    url: String,
    title: &'a str,
    content_html: String,
    summary: &'a str,
    date_published: String,
    date_modified: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<JsonAuthor<'a>>,
    tags: Vec<&'a str>,
    language: &'a str,
}

/// The JSON feed of articles, newest change first.
pub(super) fn json(making: Making<'_>, shows: &[&Arc<Article>]) -> Result<String, String> {
    let clinic = &making.site.clinic;
    let absolute = |path: &str| format!("{}{path}", clinic.origin);
    let icons = &making.assets.icons;
    let feed = JsonFeed {
        version: "https://jsonfeed.org/version/1.1",
        title: title(making),
        home_page_url: absolute("/"),
        feed_url: absolute(Machine::JsonFeed.path()),
        description: &clinic.tagline,
        icon: icons.square_512.as_deref().map(absolute),
        favicon: icons.square_192.as_deref().map(absolute),
        authors: [JsonAuthor {
            name: &clinic.name,
            url: absolute("/"),
        }],
        language: &clinic.lang,
        items: entries(making, shows)?.into_iter().map(Item::of).collect(),
    };
    let text = serde_json::to_string_pretty(&feed).map_err(|error| error.to_string())?;
    Ok(format!("{text}\n"))
}

impl<'a> Item<'a> {
    fn of(entry: Entry<'a>) -> Self {
        let authors = entry.authors.into_iter().map(|author| JsonAuthor {
            name: author.name,
            url: author.url,
        });
        let names = entry.also_called.iter().map(String::as_str);
        Self {
            id: entry.id,
            url: entry.url,
            title: entry.title,
            content_html: entry.content,
            summary: entry.summary,
            date_published: entry.published,
            date_modified: entry.updated,
            authors: authors.collect(),
            tags: std::iter::once(entry.topic).chain(names).collect(),
            language: entry.lang,
        }
    }
}
