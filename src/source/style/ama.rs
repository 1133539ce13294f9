//! AMA Manual of Style, 11th edition: one function for each kind of source.
//! Apart from the other styles, so that a rule of one can change without the others.
//! It turns no title into sentence case; a title keeps the capitals of its record.

use super::date::{accessed, written};
use super::line::{Line, around, doi_link, linked, linked_italic, page_link};
use super::name::{is_same_name, name_list};
use super::place::{
    Address, address, hyphened, imprint, is_stat_pearls, is_whole_work, joined, journal_name,
    last_update, numbering,
};
use super::title::title_case;
use super::{ReferenceStyle, Run};
use crate::source::{Author, Source, SourceKind};

pub(super) fn compose(source: &Source) -> Line {
    let mut line = Line::default();
    line.words(&name_list(source, ReferenceStyle::Ama));
    line.sentence(title_runs(source));
    match source.kind {
        SourceKind::ArticleJournal => add_journal(&mut line, source),
        SourceKind::Chapter => add_chapter(&mut line, source),
        SourceKind::Book | SourceKind::Report => add_whole_work(&mut line, source),
        SourceKind::Webpage | SourceKind::Text => add_page(&mut line, source),
    }
    add_address(&mut line, source);
    line
}

fn title_runs(source: &Source) -> Vec<Run> {
    if source.title_supplied {
        around("[", linked(source, source.title.clone()), "]")
    } else if is_whole_work(source) {
        vec![linked_italic(source, title_case(&source.title))]
    } else {
        vec![linked(source, source.title.clone())]
    }
}

fn add_journal(line: &mut Line, source: &Source) {
    line.sentence(vec![Run::Italic(journal_name(source).to_owned())]);
    let year = source.issued.year().map(|year| year.to_string());
    let pages = source.page.as_deref().map(hyphened);
    line.words(&numbering(source, year.as_deref(), pages.as_deref()));
}

fn add_chapter(line: &mut Line, source: &Source) {
    if let Some(book) = &source.container {
        line.sentence(around("In: ", Run::Italic(book.clone()), ""));
    }
    let pages = source.page.as_deref().map(hyphened);
    let imprint = imprint(source.publisher.as_deref(), issued(source).as_deref());
    line.words(&joined(&[Some(&imprint), pages.as_deref()], ":"));
    if let Some(date) = last_update(source).and_then(|it| written(it, ReferenceStyle::Ama)) {
        line.words(&format!("Updated {date}"));
    }
}

fn add_whole_work(line: &mut Line, source: &Source) {
    line.words(source.container.as_deref().unwrap_or_default());
    line.words(&imprint(
        source.publisher.as_deref(),
        issued(source).as_deref(),
    ));
}

fn issued(source: &Source) -> Option<String> {
    if is_stat_pearls(source) {
        return source.issued.year().map(|year| year.to_string());
    }
    written(source.issued, ReferenceStyle::Ama)
}

fn add_page(line: &mut Line, source: &Source) {
    let is_author = |site: &&str| match source.authors.as_slice() {
        [Author::Organization(name)] => is_same_name(name, site),
        _ => false,
    };
    let site = source.container.as_deref().or(source.publisher.as_deref());
    line.words(site.filter(|site| !is_author(site)).unwrap_or_default());
    if let Some(date) = written(source.issued, ReferenceStyle::Ama) {
        line.words(&format!("Published {date}"));
    }
}

fn add_address(line: &mut Line, source: &Source) {
    match address(source) {
        Some(Address::Doi(doi)) => line.sentence(around("doi:", doi_link(doi), "")),
        Some(Address::Page(href)) => {
            if let Some(day) = accessed(source, ReferenceStyle::Ama) {
                line.words(&format!("Accessed {day}"));
            }
            line.sentence(vec![page_link(&href)]);
        }
        None => line.stop(),
    }
}
