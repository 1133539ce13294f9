//! A source of which only its name in a registry is known, or nothing yet. No registry is
//! asked: what must be looked up is left to the editor, and the address follows from the name.

use super::quoted;
use crate::source::{Doi, Expected, Pmid, SourceId};

/// The name by which a work can be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Identifier {
    /// Its digital object identifier.
    Doi(Doi),
    /// Its number in PubMed.
    Pmid(Pmid),
}

impl Identifier {
    /// A DOI by itself, after `doi:`, or in the address that leads to it.
    ///
    /// # Errors
    /// Anything else: for whoever typed it.
    pub fn doi(typed: &str) -> Result<Self, Expected> {
        let doi = match is_address(typed) {
            true => Doi::from_address(typed),
            false => after_label(typed, "doi:").parse(),
        };
        doi.map(Self::Doi)
    }

    /// A PMID by itself, after `pmid:`, or in the address of its record.
    ///
    /// # Errors
    /// Anything else: for whoever typed it.
    pub fn pmid(typed: &str) -> Result<Self, Expected> {
        let pmid = match is_address(typed) {
            true => Pmid::from_address(typed),
            false => after_label(typed, "pmid:").parse(),
        };
        pmid.map(Self::Pmid)
    }

    /// Whichever of the two somebody typed; none if it is neither.
    pub fn read(typed: &str) -> Option<Self> {
        Self::doi(typed).or_else(|_| Self::pmid(typed)).ok()
    }

    /// Whether both name one work; capital letters make no difference in a DOI.
    fn names_the_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Doi(own), Self::Doi(other)) => {
                own.as_str().to_lowercase() == other.as_str().to_lowercase()
            }
            _ => self == other,
        }
    }
}

fn is_address(typed: &str) -> bool {
    typed.starts_with("https://") || typed.starts_with("http://")
}

fn after_label<'a>(typed: &'a str, label: &str) -> &'a str {
    match typed.split_at_checked(label.len()) {
        Some((start, rest)) if start.eq_ignore_ascii_case(label) => rest,
        _ => typed,
    }
}

/// Longest id that is made from a DOI, in bytes.
const MAX_ID_BYTES: usize = 40;

/// The beginning of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartedSource {
    id: String,
    identifier: Option<Identifier>,
}

impl StartedSource {
    /// One source for each identifier, in their order and each once; one to look up when there is none. Never empty.
    pub fn all(identifiers: &[Identifier]) -> Vec<Self> {
        let mut sources: Vec<Self> = Vec::new();
        for identifier in identifiers {
            let mut known = sources
                .iter()
                .filter_map(|source| source.identifier.as_ref());
            if known.any(|known| known.names_the_same(identifier)) {
                continue;
            }
            let base = id_of(identifier);
            let ids = (1..).map(|number| match number {
                1 => base.clone(),
                number => format!("{base}-{number}"),
            });
            let mut free = ids.filter(|id| sources.iter().all(|source| source.id != *id));
            sources.extend(free.next().map(|id| Self {
                id,
                identifier: Some(identifier.clone()),
            }));
        }
        if sources.is_empty() {
            sources.push(Self {
                id: "replace-this".to_owned(),
                identifier: None,
            });
        }
        sources
    }

    /// Whether it only keeps the place of the sources that an editor has yet to write.
    pub fn is_unnamed(&self) -> bool {
        self.identifier.is_none()
    }

    /// What a citation calls it; always a sound [`SourceId`].
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Keys and values behind the id, in the order in which they are written.
    pub(super) fn facts(&self) -> Vec<(&'static str, String)> {
        let text = |key, value: &str| (key, quoted(value));
        let day = ("issued", "9999-12-31".to_owned());
        let Some(identifier) = &self.identifier else {
            return vec![
                text("type", "webpage"),
                text("title", "Replace this: the title of the page, as printed"),
                text("publisher", "Replace this: who publishes it"),
                day,
                text("url", "https://example.org/replace-this"),
            ];
        };
        let (key, name, href) = match identifier {
            Identifier::Doi(doi) => ("doi", doi.as_str(), doi.href()),
            Identifier::Pmid(pmid) => ("pmid", pmid.as_str(), pmid.href()),
        };
        vec![
            text("type", "article-journal"),
            text("title", "Replace this: the title, as printed"),
            ("authors", "[\"Replace this, Given M.\"]".to_owned()),
            text("container", "Replace this: the journal"),
            day,
            text(key, name),
            ("url", quoted(&href)),
        ]
    }
}

/// An id that follows from the identifier, such as `jcm12175510` from `10.3390/jcm12175510`.
fn id_of(identifier: &Identifier) -> String {
    let text = match identifier {
        Identifier::Pmid(pmid) => return format!("pmid{pmid}"),
        Identifier::Doi(doi) => doi.as_str().to_ascii_lowercase(),
    };
    let name = text.rsplit('/').next().unwrap_or(&text);
    let words = name.split(|sign: char| !sign.is_ascii_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let id: String = words.join("-").chars().take(MAX_ID_BYTES).collect();
    let id = id.trim_matches('-').to_owned();
    match id.parse::<SourceId>() {
        Ok(_) => id,
        Err(_) => "source".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(dois: &[&str]) -> Vec<String> {
        let doi = |text: &&str| Identifier::Doi(text.parse().unwrap());
        let sources = StartedSource::all(&dois.iter().map(doi).collect::<Vec<_>>());
        sources.iter().map(|source| source.id.clone()).collect()
    }

    #[test]
    fn an_id_follows_from_the_identifier_and_stands_once() {
        let rows: [(&[&str], &[&str]); 5] = [
            (&["10.3390/jcm12175510"], &["jcm12175510"]),
            (&["10.1001/jama.2013.280318"], &["jama-2013-280318"]),
            (&["10.1000/ü"], &["source"]),
            (&["10.1000/a", "10.2000/a", "10.1000/A"], &["a", "a-2"]),
            (&[], &["replace-this"]),
        ];
        for (dois, expected) in rows {
            assert_eq!(ids(dois), expected, "{dois:?}");
        }
        let pmid = Identifier::Pmid("37685576".parse().unwrap());
        assert_eq!(StartedSource::all(&[pmid])[0].id(), "pmid37685576");
    }

    #[test]
    fn the_address_of_a_source_is_made_from_its_identifier() {
        let doi = Identifier::Doi("10.1000/a<b>".parse().unwrap());
        let facts = StartedSource::all(&[doi])[0].facts();
        let url = facts.iter().find(|(key, _)| *key == "url").unwrap();
        assert_eq!(url.1, "\"https://doi.org/10.1000/a%3Cb%3E\"");
    }
}
