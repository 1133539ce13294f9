//! The small text files at known addresses: robots.txt, llms.txt, humans.txt and
//! security.txt. Each is a template; what must be decided for it is decided here.

use std::sync::Arc;

use askama::Template;
use jiff::ToSpan;
use jiff::civil::Date;

use super::text_of;
use crate::booking::Services;
use crate::clinic::{Clinic, Person, Topic};
use crate::content::Article;
use crate::messages::Words;
use crate::pages::Making;

/// How many articles of a topic llms.txt names: the newest. It is a choice, and the sitemap is the whole list.
/// Source: llmstxt.org.
pub(in crate::pages) const MOST_ON_A_SHELF: usize = 20;

/// How many months ahead a security.txt expires, from the month in which it was made. Source: RFC 9116, section 2.5.5:
/// less than a year. It stays the same for a month, so a day that begins changes nothing.
const SECURITY_MONTHS: i32 = 11;

#[derive(Template)]
#[template(path = "machine/robots.txt")]
struct Robots<'a> {
    origin: &'a str,
    is_preview: bool,
}

pub(super) fn robots(making: Making<'_>) -> Result<String, String> {
    text_of(&Robots {
        origin: &making.site.clinic.origin,
        is_preview: making.preview.is_some(),
    })
}

#[derive(Template)]
#[template(path = "machine/humans.txt")]
struct Humans<'a> {
    clinic: &'a Clinic,
    people: Vec<&'a Person>,
}

pub(super) fn humans(making: Making<'_>) -> Result<String, String> {
    let people = making.site.people.values().map(AsRef::as_ref);
    text_of(&Humans {
        clinic: &making.site.clinic,
        people: people.filter(|person| !person.sample).collect(),
    })
}

#[derive(Template)]
#[template(path = "machine/security.txt")]
struct Security<'a> {
    contact: String,
    expires: String,
    origin: &'a str,
    lang: &'a str,
}

pub(super) fn security(making: Making<'_>) -> Result<String, String> {
    let clinic = &making.site.clinic;
    let contact = clinic.security_contact.as_ref();
    text_of(&Security {
        contact: contact.map(ToString::to_string).unwrap_or_default(),
        expires: expires(making.site.today),
        origin: &clinic.origin,
        lang: &clinic.lang,
    })
}

/// When a security.txt of a day expires: always more than ten months ahead and less than a year.
fn expires(today: Date) -> String {
    let ahead = today
        .first_of_month()
        .checked_add(SECURITY_MONTHS.months())
        .unwrap_or(Date::MAX);
    format!("{ahead}T00:00:00Z")
}

/// A topic with its newest articles.
struct Shelf<'a> {
    topic: &'a Topic,
    /// Newest review first; never empty.
    articles: Vec<&'a Article>,
}

#[derive(Template)]
#[template(path = "machine/llms.txt")]
struct Llms<'a> {
    clinic: &'a Clinic,
    words: &'a Words,
    shelves: Vec<Shelf<'a>>,
    services: Vec<&'a crate::booking::Service>,
}

/// `shows` are the articles that it names, topic by topic.
pub(super) fn llms(making: Making<'_>, shows: &[&Arc<Article>]) -> Result<String, String> {
    let site = making.site;
    let services: &Services = &site.services;
    text_of(&Llms {
        clinic: &site.clinic,
        words: making.words(&site.clinic.lang),
        shelves: shelves(shows),
        services: services.values().map(AsRef::as_ref).collect(),
    })
}

fn shelves<'a>(shows: &[&'a Arc<Article>]) -> Vec<Shelf<'a>> {
    let mut shelves: Vec<Shelf<'a>> = Vec::new();
    for article in shows {
        let topic = article.topic.as_ref();
        match shelves
            .last_mut()
            .filter(|shelf| shelf.topic.id == topic.id)
        {
            Some(shelf) => shelf.articles.push(article),
            None => shelves.push(Shelf {
                topic,
                articles: vec![article],
            }),
        }
    }
    shelves
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_security_file_expires_in_less_than_a_year_and_not_soon() {
        let mut day = date(2026, 1, 1);
        for _ in 0..800 {
            let expires = super::expires(day);
            let (last, _) = expires.split_once('T').unwrap();
            let last: Date = last.parse().unwrap();
            let days = day.until(last).unwrap().get_days();
            assert!((300..365).contains(&days), "{day}: {last}");
            day = day.tomorrow().unwrap();
        }
        assert_eq!(super::expires(date(2026, 11, 26)), "2027-10-01T00:00:00Z");
    }
}
