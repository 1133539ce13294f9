//! Where content names addresses outside the site: in links of the text, and in
//! sources. It reads the files as they stand, drafts and broken ones too, since a
//! dead link should be known before its page goes live.

use std::collections::BTreeMap;

use pulldown_cmark::{Event, Options, Parser, Tag};

use crate::file::{Place, SourceFile};
use crate::site::Tree;
use crate::source::{Doi, Pmcid, Pmid, WebAddress};

/// One place that names an address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mention {
    /// Where it stands.
    pub place: Place,
    /// Whether it was typed.
    pub origin: Origin,
}

/// How an address came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// Somebody typed it.
    Written,
    /// It follows from a DOI, PMID or PMCID.
    Derived,
}

/// Every address outside the site, without its anchor, and the places that name it, by file and line; both ascending.
pub type Mentions = BTreeMap<String, Vec<Mention>>;

/// Every address outside the site that the content names.
pub fn mentions(tree: &Tree) -> Mentions {
    let mut found = Mentions::new();
    for file in &tree.texts {
        let mut add = |address: &str, offset: usize, origin: Origin| {
            // What stands behind `#` is never sent.
            let address = address.split('#').next().unwrap_or(address);
            let place = file.place(offset);
            let places = found.entry(address.to_owned()).or_default();
            places.push(Mention { place, origin });
        };
        sources(file, &mut add);
        if file.path().ends_with(".md") {
            links(file, &mut add);
        }
    }
    for places in found.values_mut() {
        places.sort();
        places.dedup();
    }
    found
}

fn is_outside(address: &str) -> bool {
    address.starts_with("https://") || address.starts_with("http://")
}

/// Links in Markdown, those in front matter too.
fn links(file: &SourceFile, add: &mut impl FnMut(&str, usize, Origin)) {
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_GFM;
    for (event, span) in Parser::new_ext(file.text(), options).into_offset_iter() {
        if let Event::Start(Tag::Link { dest_url, .. }) = event
            && is_outside(&dest_url)
        {
            add(&dest_url, span.start, Origin::Written);
        }
    }
}

/// The keys by which a source, or the clinic, names an address.
const KEYS: [&str; 5] = ["url", "doi", "pmid", "pmcid", "external_booking"];

/// Addresses of sources, in YAML and in TOML.
fn sources(file: &SourceFile, add: &mut impl FnMut(&str, usize, Origin)) {
    let mut offset = 0;
    for line in file.text().split_inclusive('\n') {
        for key in KEYS {
            if let Some((at, value)) = value_of(line, key)
                && let Some((address, origin)) = address(key, value)
            {
                add(&address, offset + at, origin);
            }
        }
        offset += line.len();
    }
}

fn address(key: &str, value: &str) -> Option<(String, Origin)> {
    match key {
        "doi" => Some((value.parse::<Doi>().ok()?.href(), Origin::Derived)),
        "pmid" => Some((value.parse::<Pmid>().ok()?.href(), Origin::Derived)),
        "pmcid" => Some((value.parse::<Pmcid>().ok()?.href(), Origin::Derived)),
        _ => Some((
            value.parse::<WebAddress>().ok()?.to_string(),
            Origin::Written,
        )),
    }
}

/// The value of a key on a line and where it begins: `key: value`, `key = "value"`, alone or between others in braces.
fn value_of<'a>(line: &'a str, key: &str) -> Option<(usize, &'a str)> {
    if line.trim_start().starts_with('#') {
        return None;
    }
    let (at, _) = line.match_indices(key).find(|(at, _)| {
        let before = line.get(..*at).unwrap_or_default().trim_end();
        let after = line.get(at + key.len()..).unwrap_or_default().trim_start();
        let begins = before.is_empty() || before.ends_with(['-', '{', ',']);
        begins && after.starts_with([':', '='])
    })?;
    let after = line.get(at + key.len()..)?;
    let sign = after.find([':', '='])? + 1;
    let value = after.get(sign..)?;
    let start = line.len() - value.trim_start().len();
    let value = line.get(start..)?;
    match value.chars().next() {
        Some(quote @ ('"' | '\'')) => {
            let inside = value.get(1..)?;
            Some((start + 1, inside.get(..inside.find(quote)?)?))
        }
        _ => {
            let end = value.find([' ', ',', '}', '\n', '\r']);
            Some((start, value.get(..end.unwrap_or(value.len()))?))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<String> {
        let tree = Tree {
            texts: vec![SourceFile::new(path, text)],
            ..Tree::default()
        };
        let told = mentions(&tree).into_iter().flat_map(|(address, places)| {
            let line = |mention: Mention| {
                let Place { line, column, .. } = mention.place;
                format!("{line}:{column} {address} {:?}", mention.origin)
            };
            places.into_iter().map(line).collect::<Vec<_>>()
        });
        told.collect()
    }

    #[test]
    fn links_of_a_text_and_its_sources_are_found_where_they_stand() {
        let text = "---\ntakeaways:\n  - \"See [a](https://a.example/one).\"\nsources:\n  - id: x\n    url: \"https://b.example/#part\"\n    doi: 10.5555/1\n    pmid: \"123\"\n---\n\nSee [c](https://c.example/two) and <https://d.example/>, not `https://e.example` or [in](small.md).\n";
        assert_eq!(
            found("articles/a.md", text),
            [
                "3:10 https://a.example/one Written",
                "6:11 https://b.example/ Written",
                "11:5 https://c.example/two Written",
                "11:36 https://d.example/ Written",
                "7:10 https://doi.org/10.5555/1 Derived",
                "8:12 https://pubmed.ncbi.nlm.nih.gov/123/ Derived",
            ]
        );
    }

    #[test]
    fn sources_of_a_protocol_are_found_and_comments_are_not() {
        let text = "# url = \"https://a.example/\"\n[[source]]\nurl = \"https://b.example/\" # seen\nother = { pmcid = \"PMC1\", curl = \"https://c.example/\" }\n";
        assert_eq!(
            found("clinic/protocols/a.toml", text),
            [
                "3:8 https://b.example/ Written",
                "4:20 https://pmc.ncbi.nlm.nih.gov/articles/PMC1/ Derived",
            ]
        );
    }
}
