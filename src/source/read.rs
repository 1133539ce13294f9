//! Reads the source records of an article or a protocol, and refuses one that a
//! reader could not find: every source says what it is called, who made it, when,
//! and where it stands.

use std::collections::{BTreeMap, BTreeSet};

use super::work::{Author, Issued, Source, SourceKind};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Fields, Node};
use crate::file::SourceFile;

/// Reads the list of sources under `key`: the sound ones in the order of the file, and where each begins.
///
/// # Diagnostics
/// `key-*`, `value-wrong`, `id-duplicate`, `source-incomplete`, `source-duplicate`: for the editor.
pub fn read_sources(outer: &mut Fields<'_>, key: &'static str) -> (Vec<Source>, Vec<usize>) {
    let file = outer.file();
    let mut sources: Vec<Source> = Vec::new();
    let mut places = Vec::new();
    let mut ids = BTreeSet::new();
    let mut works: BTreeMap<String, String> = BTreeMap::new();
    for node in outer.list(key) {
        let (source, faults) = read_source(file, node);
        outer.tell_all(faults);
        let Some(source) = source else { continue };
        let offset = node.span.start;
        if !ids.insert(source.id.clone()) {
            let message = format!("a second source has the id `{}`", source.id);
            let fault = Diagnostic::new(Code::IdDuplicate, file.place(offset), message);
            outer.tell(fault.help("give one of the two another id"));
            continue;
        }
        for name in names_of_the_work(&source) {
            let Some(other) = works.insert(name.clone(), source.id.to_string()) else {
                continue;
            };
            let message = format!(
                "`{}` is the same work as `{other}`: both are {name}",
                source.id
            );
            let fault = Diagnostic::new(Code::SourceDuplicate, file.place(offset), message);
            outer.tell(fault.help("keep one, and let every citation name it"));
            break;
        }
        sources.push(source);
        places.push(offset);
    }
    (sources, places)
}

/// What identifies the work itself, whatever the record calls it.
fn names_of_the_work(source: &Source) -> Vec<String> {
    let doi = source
        .doi
        .as_ref()
        .map(|doi| format!("doi {}", doi.as_str().to_lowercase()));
    let pmid = source.pmid.as_ref().map(|pmid| format!("pmid {pmid}"));
    let pmcid = source.pmcid.as_ref().map(|pmcid| format!("pmcid {pmcid}"));
    let url = source.url.as_ref().map(|url| format!("at {url}"));
    [doi, pmid, pmcid, url].into_iter().flatten().collect()
}

fn read_source(file: &SourceFile, node: &Node) -> (Option<Source>, Vec<Diagnostic>) {
    let mut fields = Fields::of(file, node, "a source");
    let source = source(&mut fields);
    if let Some(source) = &source {
        refuse_incomplete(&mut fields, source);
    }
    (source, fields.finish())
}

fn source(fields: &mut Fields<'_>) -> Option<Source> {
    let id = fields.parsed("id");
    let kind = fields.parsed::<SourceKind>("type");
    let finished = kind
        .as_ref()
        .is_some_and(|kind| kind.value == SourceKind::Text);
    let text = if finished {
        fields.text("text")
    } else {
        fields.optional_text("text")
    };
    let title = if finished {
        fields.optional_text("title")
    } else {
        fields.text("title")
    };
    let title_supplied = fields.flag("title_supplied");
    let authors = fields.optional_parsed_list::<Author>("authors");
    let et_al = fields.flag("et_al");
    let container = fields.optional_text("container");
    let container_short = fields.optional_text("container_short");
    let publisher = fields.optional_text("publisher");
    let issued = issued(fields, finished);
    let accessed = fields.optional_date("accessed");
    let volume = fields.optional_text("volume");
    let issue = fields.optional_text("issue");
    let page = fields.optional_text("page");
    let doi = fields.optional_parsed("doi");
    let pmid = fields.optional_parsed("pmid");
    let pmcid = fields.optional_parsed("pmcid");
    let url = fields.optional_parsed("url");
    Some(Source {
        id: id?.value,
        kind: kind?.value,
        title: title.map(|text| text.value).unwrap_or_default(),
        title_supplied,
        authors: authors.into_iter().map(|author| author.value).collect(),
        et_al,
        container: container.map(|text| text.value),
        container_short: container_short.map(|text| text.value),
        publisher: publisher.map(|text| text.value),
        issued: issued?,
        accessed: accessed.map(|date| date.value),
        volume: volume.map(|text| text.value),
        issue: issue.map(|text| text.value),
        page: page.map(|text| text.value),
        doi: doi.map(|doi| doi.value),
        pmid: pmid.map(|pmid| pmid.value),
        pmcid: pmcid.map(|pmcid| pmcid.value),
        url: url.map(|url| url.value),
        text: text.map(|text| text.value),
    })
}

fn issued(fields: &mut Fields<'_>, finished: bool) -> Option<Issued> {
    if fields.optional("issued").is_some() {
        return fields.parsed("issued").map(|issued| issued.value);
    }
    if finished {
        return Some(Issued::Undated);
    }
    let place = fields.file().place(fields.offset());
    fields.tell(
        Diagnostic::new(Code::SourceIncomplete, place, "the source does not say when it was issued")
            .help("add `issued: 2024-02-27`, `2024-02` or `2024`; for a page without a date write `issued: undated`"),
    );
    None
}

fn refuse_incomplete(fields: &mut Fields<'_>, source: &Source) {
    let nobody =
        source.authors.is_empty() && source.publisher.is_none() && source.kind != SourceKind::Text;
    let nowhere = source.doi.is_none()
        && source.pmid.is_none()
        && source.pmcid.is_none()
        && source.url.is_none();
    let rows = [
        (nobody, "who made it", "add `authors` or `publisher`"),
        (
            nowhere,
            "where it stands",
            "add `doi`, `pmid`, `pmcid` or `url`",
        ),
    ];
    for (lacking, what, help) in rows {
        if lacking {
            let place = fields.file().place(fields.offset());
            let message = format!("the source `{}` does not say {what}", source.id);
            fields.tell(Diagnostic::new(Code::SourceIncomplete, place, message).help(help));
        }
    }
}
