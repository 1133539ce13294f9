//! Which headers a host must send for which address. Addresses of one folder that say
//! the same share a rule, and no two rules that match one address name the same header:
//! Netlify would take the last value and Cloudflare Pages would join both.

use std::collections::BTreeMap;

use actix_web::http::header;

use crate::pages::Media;
use crate::snapshot::{Embedding, Page, file_headers};

/// A file, its address and what the server says with it.
pub(super) struct Stated<'a> {
    pub path: &'a str,
    pub address: &'a str,
    pub page: &'a Page,
}

/// Values by header, in lower case.
pub(super) type Headers = BTreeMap<String, String>;

/// Whom a rule is for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Pattern {
    /// One address, and its file.
    Exact { address: String, path: String },
    /// Every address that begins so; ends in a slash.
    Below(String),
}

/// One rule.
#[derive(Debug)]
pub(super) struct Rule {
    pub pattern: Pattern,
    pub headers: Headers,
}

/// All rules of an export.
#[derive(Debug)]
pub(super) struct Rules {
    /// What all addresses of a pattern say, by pattern, ascending. Each address fits exactly one.
    pub groups: Vec<Rule>,
    /// What single addresses say besides their group.
    pub extras: Vec<Rule>,
}

impl Rules {
    pub fn of<'a>(stated: impl Iterator<Item = Stated<'a>>) -> Self {
        let mut members: BTreeMap<Pattern, Vec<(Pattern, Headers)>> = BTreeMap::new();
        for file in stated {
            let exact = Pattern::Exact {
                address: file.address.to_owned(),
                path: file.path.to_owned(),
            };
            let group = folder(file.address).map_or_else(|| exact.clone(), Pattern::Below);
            let group = members.entry(group).or_default();
            group.push((exact, headers(file.address, file.page)));
        }
        let mut rules = Self {
            groups: Vec::new(),
            extras: Vec::new(),
        };
        for (pattern, members) in members {
            rules.add(pattern, members);
        }
        rules.groups.push(downloads());
        rules
    }

    fn add(&mut self, pattern: Pattern, members: Vec<(Pattern, Headers)>) {
        let mut shared: Headers = members
            .first()
            .map(|(_, own)| own.clone())
            .unwrap_or_default();
        for (_, own) in &members {
            shared.retain(|name, value| own.get(name) == Some(value));
        }
        for (pattern, mut headers) in members {
            headers.retain(|name, _| !shared.contains_key(name));
            if !headers.is_empty() {
                self.extras.push(Rule { pattern, headers });
            }
        }
        let headers = shared;
        self.groups.push(Rule { pattern, headers });
    }

    /// Every rule; those of folders stand before those of single addresses, since Cloudflare Pages reads only so many.
    pub fn all(&self) -> impl Iterator<Item = &Rule> {
        self.groups.iter().chain(&self.extras)
    }

    /// What the first page says. A host says it wherever no rule says otherwise, as with the page for what is not there.
    pub fn of_the_first_page(&self) -> Headers {
        let is_first = |rule: &&Rule| matches!(&rule.pattern, Pattern::Exact { address, .. } if address == "/");
        let first = self.groups.iter().find(is_first);
        first.map(|rule| rule.headers.clone()).unwrap_or_default()
    }
}

/// Files that stay on disk say what the server says with them.
fn downloads() -> Rule {
    let headers = file_headers(Embedding::OurPages);
    let text = |value: &header::HeaderValue| value.to_str().unwrap_or_default().to_owned();
    Rule {
        pattern: Pattern::Below("/static/downloads/".to_owned()),
        headers: headers
            .iter()
            .map(|(name, value)| (name.to_string(), text(value)))
            .collect(),
    }
}

/// Media types of ours that a host would not tell by the end of the name.
const UNKNOWN_TO_HOSTS: [Media; 4] = [Media::Atom, Media::JsonFeed, Media::Manifest, Media::Text];

/// Whether a host must be told the media type of a file.
fn is_unknown(address: &str, value: &header::HeaderValue) -> bool {
    let mut unknown = UNKNOWN_TO_HOSTS.iter();
    !address.starts_with("/static/") && unknown.any(|media| value == media.content_type())
}

/// What the server says, without what a host knows by itself.
fn headers(address: &str, page: &Page) -> Headers {
    let said = page
        .headers
        .iter()
        .filter(|(name, value)| *name != header::CONTENT_TYPE || is_unknown(address, value));
    let text = |value: &header::HeaderValue| value.to_str().unwrap_or_default().to_owned();
    said.map(|(name, value)| (name.to_string(), text(value)))
        .collect()
}

/// The folder whose addresses share a rule; none for an address that stands alone.
fn folder(address: &str) -> Option<String> {
    let below = address.strip_prefix("/static/");
    let (start, below) = match below {
        Some(below) => ("/static/", below),
        None => ("/", address.strip_prefix('/')?),
    };
    let (name, _) = below.split_once('/')?;
    Some(format!("{start}{name}/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(address: &str) -> Pattern {
        Pattern::Exact {
            address: address.into(),
            path: format!("{address}.html"),
        }
    }

    fn said(rows: &[(&str, &str)]) -> Headers {
        let rows = rows
            .iter()
            .map(|(name, value)| ((*name).into(), (*value).into()));
        rows.collect()
    }

    #[test]
    fn addresses_of_one_folder_share_a_rule() {
        let rows = [
            ("/", None),
            ("/articles", None),
            ("/articles/sciatica", Some("/articles/")),
            ("/book/video/more", Some("/book/")),
            ("/static/site.0.css", None),
            ("/static/share/a.png", Some("/static/share/")),
            ("/static/articles/a/b.png", Some("/static/articles/")),
        ];
        for (address, expected) in rows {
            assert_eq!(folder(address).as_deref(), expected, "{address}");
        }
    }

    #[test]
    fn no_header_stands_in_two_rules_that_match_one_address() {
        let mut rules = Rules {
            groups: Vec::new(),
            extras: Vec::new(),
        };
        let members = vec![
            (exact("/a/1"), said(&[("cache", "long"), ("lang", "en")])),
            (
                exact("/a/2"),
                said(&[("cache", "long"), ("lang", "es"), ("robots", "none")]),
            ),
        ];
        rules.add(Pattern::Below("/a/".into()), members);
        assert_eq!(rules.groups[0].headers, said(&[("cache", "long")]));
        assert_eq!(rules.extras[0].headers, said(&[("lang", "en")]));
        assert_eq!(
            rules.extras[1].headers,
            said(&[("lang", "es"), ("robots", "none")])
        );
    }
}
