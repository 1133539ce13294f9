//! The feed of an answer. One value is printed as Atom, in the order of HL7's schema, and
//! as JSON by HL7's rules: attributes are members, texts are `_value`, and what may
//! repeat is a list even when it stands once. Its structs are a promise to programs.

use askama::Template;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{further, sought};
use crate::infobutton::{Answer, Echo, Match, Medium, Request, oid};
use crate::messages::Words;
use crate::pages::Making;
use crate::pages::prose::{Markup, Surroundings, fill_words};

/// One answer as a program reads it.
#[derive(Debug, Serialize, Template)]
#[template(path = "infobutton.xml")]
pub struct Feed {
    base: String,
    lang: String,
    title: Text,
    subtitle: Text,
    author: Author,
    updated: Value,
    category: Vec<Category>,
    id: Value,
    link: Vec<Link>,
    entry: Vec<Entry>,
}

#[derive(Debug, Serialize)]
struct Text {
    #[serde(rename = "_value")]
    value: String,
    #[serde(rename = "type")]
    kind: &'static str,
}

#[derive(Debug, Serialize)]
struct Value {
    #[serde(rename = "_value")]
    value: String,
}

#[derive(Debug, Serialize)]
struct Author {
    name: Value,
    uri: Value,
}

#[derive(Debug, Serialize)]
struct Category {
    scheme: String,
    term: String,
}

#[derive(Debug, Serialize)]
struct Link {
    href: String,
    rel: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    hreflang: String,
    title: String,
}

/// One article.
#[derive(Debug, Serialize)]
struct Entry {
    lang: String,
    title: Text,
    link: Vec<Link>,
    id: Value,
    updated: Value,
    author: Author,
    summary: Text,
    category: Vec<Category>,
}

/// The summary of an entry, as HTML.
#[derive(Template)]
#[template(path = "infobutton-summary.html")]
struct Summary<'a> {
    words: &'a Words,
    article: &'a crate::content::Article,
    takeaways: Vec<Markup>,
}

#[derive(Serialize)]
struct Envelope<'a> {
    feed: &'a Feed,
}

impl Feed {
    /// The feed of an answer that is given `at` this instant.
    ///
    /// # Errors
    /// A template failed: a fault of ours.
    pub fn of(
        making: Making<'_>,
        request: &Request,
        answer: &Answer<'_>,
        at: Timestamp,
    ) -> Result<Self, String> {
        let clinic = &making.site.clinic;
        let words = making.words(answer.lang);
        let entry = answer
            .matches
            .iter()
            .map(|own| entry(making, request, own))
            .collect::<askama::Result<_>>();
        let subtitle = words
            .clinicians
            .articles_for
            .with("sought", sought(request));
        Ok(Self {
            base: format!("{}/", clinic.origin),
            lang: answer.lang.to_owned(),
            title: plain(&clinic.name),
            subtitle: plain(&subtitle.to_string()),
            author: author(making),
            updated: value(instant(at)),
            category: request.echo.iter().map(Category::of).collect(),
            id: value(feed_id(&clinic.origin, &request.echo)),
            link: vec![itself(making, request, answer.lang, words)],
            entry: entry.map_err(|error| format!("/infobutton: {error}"))?,
        })
    }

    /// The feed as Atom.
    ///
    /// # Errors
    /// The template failed: a fault of ours.
    pub fn to_atom(&self) -> Result<String, String> {
        self.render()
            .map_err(|error| format!("/infobutton: {error}"))
    }

    /// The feed as JSON.
    ///
    /// # Errors
    /// It can't be written as JSON: a fault of ours.
    pub fn to_json(&self) -> Result<String, String> {
        serde_json::to_string(&Envelope { feed: self })
            .map_err(|error| format!("/infobutton: {error}"))
    }
}

impl Category {
    fn of(echo: &Echo) -> Self {
        Self {
            scheme: echo.scheme.clone(),
            term: echo.term.clone(),
        }
    }

    fn new(scheme: &str, term: impl ToString) -> Self {
        Self {
            scheme: scheme.to_owned(),
            term: term.to_string(),
        }
    }
}

fn plain(text: &str) -> Text {
    Text {
        value: text.to_owned(),
        kind: "text",
    }
}

fn value(value: String) -> Value {
    Value { value }
}

fn author(making: Making<'_>) -> Author {
    let clinic = &making.site.clinic;
    Author {
        name: value(clinic.name.clone()),
        uri: value(format!("{}/", clinic.origin)),
    }
}

fn entry(making: Making<'_>, request: &Request, own: &Match<'_>) -> askama::Result<Entry> {
    let (article, clinic) = (own.article, &making.site.clinic);
    let words = making.words(&article.lang);
    let page = |rel, path: &str, title: String| Link {
        href: format!("{}{path}", clinic.origin),
        rel,
        kind: "text/html",
        hreflang: article.lang.clone(),
        title,
    };
    let path = format!("/articles/{}", article.slug);
    let mut link = vec![page("alternate", &path, article.title.clone())];
    let others = further(own, request, words).into_iter();
    link.extend(others.map(|further| page("related", &further.path, further.title)));
    let suffix = match own.number {
        0 => String::new(),
        number => number.to_string(),
    };
    let code = own.code.into_iter().flat_map(|code| {
        let (name, system) = (&code.code, oid(code.system));
        [
            Category::new(&format!("mainSearchCriteria.v.c{suffix}"), name),
            Category::new(&format!("mainSearchCriteria.v.cs{suffix}"), system),
        ]
    });
    let relevance = Category::new("relevanceScore", own.relevance);
    Ok(Entry {
        lang: article.lang.clone(),
        title: plain(&article.title),
        link,
        id: value(entry_id(&clinic.origin, own)),
        updated: value(start_of(making, article.dates.modified_on())),
        author: author(making),
        summary: Text {
            value: summary(making, own, words)?,
            kind: "html",
        },
        category: code.chain([relevance]).collect(),
    })
}

fn summary(making: Making<'_>, own: &Match<'_>, words: &Words) -> askama::Result<String> {
    let around = Surroundings {
        words,
        article: Some(own.article),
        style: making.site.clinic.citation_style,
        phone: &making.site.clinic.phone,
    };
    let takeaways = own.article.takeaways.iter();
    Summary {
        words,
        article: own.article,
        takeaways: takeaways
            .map(|line| fill_words(line, around))
            .collect::<Result<_, _>>()?,
    }
    .render()
}

/// The address that gives the same answer, with what it depends on and nothing else.
fn itself(making: Making<'_>, request: &Request, lang: &str, words: &Words) -> Link {
    let kind = match request.medium {
        Medium::Json => "application/json",
        Medium::Atom | Medium::Page => "text/xml",
    };
    let mut query = form_urlencoded::Serializer::new(String::new());
    for echo in &request.echo {
        query.append_pair(&echo.scheme, &echo.term);
    }
    query.append_pair("knowledgeResponseType", kind);
    Link {
        href: format!(
            "{}/infobutton?{}",
            making.site.clinic.origin,
            query.finish()
        ),
        rel: "self",
        kind,
        hreflang: lang.to_owned(),
        title: words.clinicians.this_answer.clone(),
    }
}

/// A name for the answer to a question, the same each time and another for another question: a UUID of version 8, which
/// is for names that are made by rules of one's own. Source: RFC 9562, section 5.8.
fn feed_id(origin: &str, echo: &[Echo]) -> String {
    let mut hash = Sha256::new();
    hash.update(origin);
    for Echo { scheme, term } in echo {
        hash.update(format!("\n{scheme}={term}"));
    }
    let hash: [u8; 32] = hash.finalize().into();
    let head = hash.iter().take(16);
    let bytes = head.enumerate().map(|(at, byte)| match at {
        6 => byte & 0x0f | 0x80,
        8 => byte & 0x3f | 0x80,
        _ => *byte,
    });
    let digits: Vec<String> = bytes.map(|byte| format!("{byte:02x}")).collect();
    let mut id = String::from("urn:uuid:");
    for (at, digits) in digits.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            id.push('-');
        }
        id.push_str(digits);
    }
    id
}

/// A name for an article that no edit changes. Source: RFC 4151.
fn entry_id(origin: &str, own: &Match<'_>) -> String {
    let host = origin.split_once("://").map_or(origin, |(_, host)| host);
    let host = host.split(':').next().unwrap_or(host);
    let year = own.article.dates.published_on.year();
    format!("tag:{host},{year}:articles/{}", own.article.slug)
}

/// An instant in whole seconds.
fn instant(at: Timestamp) -> String {
    let whole = Timestamp::from_second(at.as_second()).unwrap_or(at);
    whole.to_string()
}

/// The beginning of a day where the clinic is.
fn start_of(making: Making<'_>, day: Date) -> String {
    let zone = making.site.clinic.timezone.clone();
    let start = day.to_zoned(zone).map(|start| start.timestamp());
    start.map_or_else(|_| format!("{day}T00:00:00Z"), instant)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feed_has_one_name_per_question() {
        let echo = |term: &str| Echo {
            scheme: "mainSearchCriteria.v.c".into(),
            term: term.into(),
        };
        let id = feed_id("https://a.example", &[echo("M54.50")]);
        assert_eq!(id, feed_id("https://a.example", &[echo("M54.50")]));
        assert_ne!(id, feed_id("https://a.example", &[echo("M54.5")]));
        assert_ne!(id, feed_id("https://b.example", &[echo("M54.50")]));
        let parts: Vec<usize> = id["urn:uuid:".len()..].split('-').map(str::len).collect();
        assert_eq!(parts, [8, 4, 4, 4, 12], "{id}");
        assert_eq!(&id[23..24], "8", "{id}");
    }

    #[test]
    fn instants_have_whole_seconds() {
        let at = Timestamp::from_nanosecond(1_748_779_200_123_456_789).unwrap();
        assert_eq!(instant(at), "2025-06-01T12:00:00Z");
    }
}
