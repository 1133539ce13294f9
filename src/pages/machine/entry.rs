//! One article as both feeds tell it: who, when, and the words that are worth reading
//! without the page. A name of an entry never changes, or readers see it twice.

use askama::Template;

use super::{instant, plain};
use crate::content::Article;
use crate::messages::Words;
use crate::pages::Making;

/// One entry.
pub(super) struct Entry<'a> {
    /// The first address that the article ever had: it stays when the address changes.
    pub(super) id: String,
    pub(super) url: String,
    pub(super) lang: &'a str,
    pub(super) title: &'a str,
    /// RFC 3339.
    pub(super) published: String,
    /// RFC 3339; the day of the last edit, and never that of the build.
    pub(super) updated: String,
    /// Real people alone.
    pub(super) authors: Vec<Author<'a>>,
    pub(super) topic: &'a str,
    pub(super) topic_id: &'a str,
    pub(super) also_called: &'a [String],
    pub(super) summary: &'a str,
    /// HTML with absolute addresses.
    pub(super) content: String,
}

/// Somebody who wrote an article.
pub(super) struct Author<'a> {
    pub(super) name: &'a str,
    pub(super) url: String,
}

#[derive(Template)]
#[template(path = "machine/entry.html")]
struct Content<'a> {
    words: &'a Words,
    summary: &'a str,
    takeaways: Vec<String>,
    url: &'a str,
    is_sample: bool,
}

impl<'a> Entry<'a> {
    pub(super) fn of(making: Making<'a>, article: &'a Article) -> Result<Self, String> {
        let clinic = &making.site.clinic;
        let address = |slug: &str| format!("{}/articles/{slug}", clinic.origin);
        let first = article.aliases.first();
        let url = address(article.slug.as_str());
        let takeaways = article.takeaways.iter();
        let content = Content {
            words: making.words(&article.lang),
            summary: &article.description,
            takeaways: takeaways.map(|line| plain(line, article)).collect(),
            url: &url,
            is_sample: clinic.sample_content,
        };
        let content = content.render().map_err(|error| error.to_string())?;
        Ok(Self {
            id: first.map_or_else(|| url.clone(), |first| address(first.value.as_str())),
            lang: &article.lang,
            title: &article.title,
            published: instant(article.dates.published_on, &clinic.timezone),
            updated: instant(article.dates.modified_on(), &clinic.timezone),
            authors: authors(making, article),
            topic: &article.topic.name,
            topic_id: article.topic.id.as_str(),
            also_called: &article.also_called,
            summary: &article.description,
            content,
            url,
        })
    }
}

fn authors<'a>(making: Making<'_>, article: &'a Article) -> Vec<Author<'a>> {
    let origin = &making.site.clinic.origin;
    let real = article.authors.iter().filter(|person| !person.sample);
    real.map(|person| Author {
        name: &person.name,
        url: format!("{origin}/people/{}", person.id),
    })
    .collect()
}
