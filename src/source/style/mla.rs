//! MLA Handbook, 9th edition: author, title, and one list of elements for every kind of source.
//! Apart from the other styles, because MLA alone spells names out and drops some of them.
//! It does not shorten a second work by the same author to a dash.

use super::date::{accessed, written};
use super::line::{Line, around, linked, linked_italic};
use super::name::{is_same_name, short_name, suffix_in};
use super::place::{Address, address, is_whole_work, joined, page_range, shortened};
use super::title::{single_quoted, title_case};
use super::{ReferenceStyle, Run};
use crate::source::{Author, Issued, Source, SourceKind};

pub(super) fn compose(source: &Source) -> Line {
    let mut line = Line::default();
    line.words(&author_names(source));
    line.sentence(title_runs(source));
    line.sentence(comma_separated(elements(source)));
    line.stop();
    let may_change =
        source.issued == Issued::Undated && matches!(address(source), Some(Address::Page(_)));
    if let Some(day) = accessed(source, ReferenceStyle::Mla).filter(|_| may_change) {
        line.words(&format!("Accessed {day}."));
    }
    line
}

/// The authors, unless the only one is an organization that is also the publisher.
pub(super) fn named_authors(source: &Source) -> &[Author] {
    let issuer = match source.kind {
        SourceKind::Webpage => source.publisher.as_deref().or(source.container.as_deref()),
        _ => source.publisher.as_deref(),
    };
    match source.authors.as_slice() {
        [Author::Organization(name)]
            if !source.et_al && issuer.is_some_and(|issuer| is_same_name(name, issuer)) =>
        {
            &[]
        }
        authors => authors,
    }
}

fn author_names(source: &Source) -> String {
    match (named_authors(source), source.et_al) {
        ([], _) => String::new(),
        ([one], false) => first_name(one),
        ([one, other], false) => format!("{}, and {}", first_name(one), second_name(other)),
        ([first, ..], _) => format!("{}, et al.", first_name(first)),
    }
}

fn first_name(author: &Author) -> String {
    match author {
        Author::Organization(name) => name.clone(),
        Author::Person {
            family,
            given,
            suffix,
        } => {
            let suffix = suffix.as_deref().map(mla_suffix);
            joined(&[Some(family), Some(given), suffix], ", ")
        }
    }
}

fn second_name(author: &Author) -> String {
    let Author::Person {
        family,
        given,
        suffix,
    } = author
    else {
        return short_name(author).to_owned();
    };
    match suffix.as_deref().map(mla_suffix) {
        Some(suffix @ ("Jr." | "Sr.")) => format!("{given} {family}, {suffix}"),
        suffix => joined(&[Some(given), Some(family), suffix], " "),
    }
}

fn mla_suffix(suffix: &str) -> &str {
    suffix_in(suffix, ReferenceStyle::Mla)
}

pub(super) fn title_runs(source: &Source) -> Vec<Run> {
    if source.title_supplied {
        around("[", linked(source, source.title.clone()), "]")
    } else if is_whole_work(source) {
        vec![linked_italic(source, title_case(&source.title))]
    } else {
        let title = single_quoted(&title_case(&source.title));
        around("“", linked(source, title), "”")
    }
}

/// What follows an MLA title, in the order of the handbook.
fn elements(source: &Source) -> Vec<Run> {
    let container = source
        .container
        .as_deref()
        .map(|name| match is_whole_work(source) {
            true => Run::Text(name.to_owned()),
            false => Run::Italic(name.to_owned()),
        });
    let volume = source
        .volume
        .as_deref()
        .map(|volume| format!("vol. {volume}"));
    let issue = source.issue.as_deref().map(|issue| format!("no. {issue}"));
    let publisher = publisher_to_name(source).map(str::to_owned);
    let date = written(source.issued, ReferenceStyle::Mla);
    let pages = source
        .page
        .as_deref()
        .map(|page| pages_text(source.kind, page));
    let texts = [volume, issue, publisher, date, pages];
    let texts = texts.into_iter().flatten().map(Run::Text);
    let address = address(source).map(address_run);
    container.into_iter().chain(texts).chain(address).collect()
}

fn publisher_to_name(source: &Source) -> Option<&str> {
    let container = source.container.as_deref().unwrap_or_default();
    source
        .publisher
        .as_deref()
        .filter(|name| source.kind != SourceKind::ArticleJournal && !is_same_name(name, container))
}

fn pages_text(kind: SourceKind, page: &str) -> String {
    match (page_range(page), kind) {
        (Some((first, last)), _) => format!("pp. {first}–{}", shortened(first, last, 2)),
        (None, _) if page.contains(',') => format!("pp. {page}"),
        (None, SourceKind::ArticleJournal) => format!("article {page}"),
        (None, _) => format!("p. {page}"),
    }
}

fn address_run(address: Address<'_>) -> Run {
    match address {
        Address::Doi(doi) => Run::Link {
            text: format!("https://doi.org/{doi}"),
            href: doi.href(),
        },
        Address::Page(href) => {
            let shown = href
                .strip_prefix("https://")
                .or(href.strip_prefix("http://"));
            Run::Link {
                text: shown.unwrap_or(&href).to_owned(),
                href,
            }
        }
    }
}

fn comma_separated(elements: Vec<Run>) -> Vec<Run> {
    let mut runs = Vec::new();
    for element in elements {
        if !runs.is_empty() {
            runs.push(Run::Text(", ".to_owned()));
        }
        runs.push(element);
    }
    runs
}
