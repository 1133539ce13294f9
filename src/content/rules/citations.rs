//! Citations: each names a source, each source is named, and the list stands in
//! the order of the clinic's style.

use std::collections::BTreeMap;

use crate::content::article::Citation;
use crate::content::front_matter::FrontMatter;
use crate::content::markdown::{Piece, citation_marks};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::{nearest, split_front_matter};
use crate::file::{SourceFile, Spanned};
use crate::source::{ReferenceStyle, Source, SourceId, sort_key};

/// Numbers the sources. `cited` is the article's list of citations, `texts` its texts in reading order.
/// Gives the sources in the order of the style, one [`Citation`] for each entry of `cited`, and the faults:
/// a citation without source, and a source without citation.
pub(in crate::content) fn citations(
    file: &SourceFile,
    front: &FrontMatter,
    cited: &[Spanned<SourceId>],
    texts: &[&[Piece]],
    style: ReferenceStyle,
) -> (Vec<Source>, Vec<Citation>, Vec<Diagnostic>) {
    let mut faults = unknown(file, front, cited);
    faults.extend(without_at(file, front));
    let reading_order: Vec<usize> = texts
        .iter()
        .flat_map(|text| citation_marks(text))
        .map(|mark| mark.0)
        .collect();
    let first_mention = first_mentions(cited, &reading_order);
    let mut sources: Vec<Source> = Vec::with_capacity(front.sources.len());
    for (source, offset) in front.sources.iter().zip(&front.source_places) {
        if first_mention.contains_key(&source.id) {
            sources.push(source.clone());
            continue;
        }
        let message = format!("nothing cites the source `{}`", source.id);
        let fault = Diagnostic::new(Code::SourceUncited, file.place(*offset), message);
        faults.push(fault.help(format!(
            "cite it with `[@{}]` where it supports the text, or take it out",
            source.id
        )));
    }
    if style.is_numbered() {
        sources.sort_by_key(|source| first_mention.get(&source.id).copied());
    } else {
        sources.sort_by_cached_key(sort_key);
    }
    let citations = number(cited, &reading_order, &sources);
    (sources, citations, faults)
}

fn unknown(file: &SourceFile, front: &FrontMatter, cited: &[Spanned<SourceId>]) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    for id in cited {
        if front.sources.iter().any(|source| source.id == id.value) {
            continue;
        }
        let message = format!("`[@{}]` cites no source of this article", id.value);
        let names = front.sources.iter().map(|source| source.id.as_str());
        let help = match nearest(id.value.as_str(), names) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "add it under `sources:` in the front matter".to_owned(),
        };
        faults.push(
            Diagnostic::new(Code::CitationUnknown, file.place(id.offset), message).help(help),
        );
    }
    faults
}

/// Names of sources in brackets without the `@`, which would be printed as they are.
fn without_at(file: &SourceFile, front: &FrontMatter) -> Vec<Diagnostic> {
    let start = split_front_matter(file).map_or(0, |parts| parts.body.start);
    let body = file.text().get(start..).unwrap_or_default();
    let mut faults = Vec::new();
    for source in &front.sources {
        let bare = format!("[{}]", source.id);
        let meant = body.match_indices(&bare).filter(|(at, _)| {
            // Words of a link stand before its address.
            let after = body.get(at + bare.len()..).unwrap_or_default();
            !after.starts_with(['(', '[', ':'])
        });
        faults.extend(meant.map(|(at, _)| {
            let message = format!("`{bare}` names a source and cites nothing");
            Diagnostic::new(Code::CitationUnknown, file.place(start + at), message)
                .help(format!("write `[@{}]`", source.id))
        }));
    }
    faults
}

/// Where in reading order each source is first cited.
fn first_mentions(
    cited: &[Spanned<SourceId>],
    reading_order: &[usize],
) -> BTreeMap<SourceId, usize> {
    let mut first = BTreeMap::new();
    for (position, index) in reading_order.iter().enumerate() {
        if let Some(id) = cited.get(*index) {
            first.entry(id.value.clone()).or_insert(position);
        }
    }
    first
}

fn number(
    cited: &[Spanned<SourceId>],
    reading_order: &[usize],
    sources: &[Source],
) -> Vec<Citation> {
    let mut mentions: BTreeMap<usize, usize> = BTreeMap::new();
    let mut numbered = vec![
        Citation {
            source: 0,
            mention: 0
        };
        cited.len()
    ];
    for index in reading_order {
        let source = cited
            .get(*index)
            .and_then(|id| sources.iter().position(|source| source.id == id.value));
        let (Some(source), Some(slot)) = (source, numbered.get_mut(*index)) else {
            continue;
        };
        let mention = mentions.entry(source).or_default();
        *mention += 1;
        *slot = Citation {
            source,
            mention: *mention,
        };
    }
    numbered
}
