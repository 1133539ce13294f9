//! Vancouver as in NLM's *Citing Medicine*, 2nd edition: one function for each kind of source.
//! Apart from the other styles, because it alone names the medium and lists every identifier.
//! It prints the place of no publisher but StatPearls': records do not hold it.

use jiff::civil::Date;

use super::date::written;
use super::line::{Line, around, doi_link, linked, page_link};
use super::name::name_list;
use super::place::{
    Address, STAT_PEARLS_PLACE, address, imprint, is_stat_pearls, is_whole_work, joined,
    journal_name, last_update, numbering, page_range, shortened,
};
use super::{ReferenceStyle, Run};
use crate::source::{Issued, LinkKind, Source, SourceKind, same_page};

pub(super) fn compose(source: &Source) -> Line {
    let mut line = Line::default();
    let page = page_to_print(source);
    let date = date_and_notes(source, page.as_ref().and(source.accessed));
    let medium = if page.is_some() { " [Internet]" } else { "" };
    line.words(&name_list(source, ReferenceStyle::Vancouver));
    line.sentence(title_runs(source));
    match source.kind {
        SourceKind::ArticleJournal => add_journal(&mut line, source, medium, &date),
        SourceKind::Chapter => add_chapter(&mut line, source, medium, &date),
        SourceKind::Book | SourceKind::Report | SourceKind::Webpage | SourceKind::Text => {
            line.text(medium);
            add_whole_work(&mut line, source, &date);
        }
    }
    add_address(&mut line, source, page.as_deref());
    line
}

fn title_runs(source: &Source) -> Vec<Run> {
    let title = linked(source, source.title.clone());
    match source.title_supplied {
        true => around("[", title, "]"),
        false => vec![title],
    }
}

fn add_journal(line: &mut Line, source: &Source, medium: &str, date: &str) {
    line.words(&format!("{}{medium}", journal_name(source)));
    let pages = source.page.as_deref().map(short_pages);
    line.words(&numbering(source, Some(date), pages.as_deref()));
}

fn add_chapter(line: &mut Line, source: &Source, medium: &str, date: &str) {
    if let Some(book) = &source.container {
        line.words(&format!("In: {book}{medium}"));
    }
    let place = is_stat_pearls(source).then_some(STAT_PEARLS_PLACE);
    let place = place.filter(|_| source.publisher.is_some());
    let publisher = joined(&[place, source.publisher.as_deref()], ": ");
    line.words(&imprint(Some(&publisher), Some(date)));
    if let Some(page) = &source.page {
        line.words(&format!("p. {}", short_pages(page)));
    }
}

fn add_whole_work(line: &mut Line, source: &Source, date: &str) {
    let (container, publisher) = (source.container.as_deref(), source.publisher.as_deref());
    if is_whole_work(source) {
        line.words(container.unwrap_or_default());
        line.words(&imprint(publisher, Some(date)));
    } else {
        line.words(&imprint(publisher.or(container), Some(date)));
    }
}

/// The address to print. An article in a journal shows its identifiers instead, where it has one.
fn page_to_print(source: &Source) -> Option<String> {
    match (address(source)?, source.kind) {
        (Address::Doi(_), _) => None,
        (Address::Page(_), SourceKind::ArticleJournal) => {
            let mut links = source.links().into_iter();
            let own = links.find(|link| link.kind == LinkKind::Web);
            own.map(|link| link.href)
        }
        (Address::Page(href), _) => Some(href),
    }
}

fn date_and_notes(source: &Source, cited: Option<Date>) -> String {
    let update = last_update(source);
    let issued = match update {
        Some(update) => update.year().map(|year| year.to_string()),
        None => written(source.issued, ReferenceStyle::Vancouver),
    };
    let updated = note("updated", update);
    let cited = note("cited", cited.map(Issued::Day));
    let notes = joined(&[updated.as_deref(), cited.as_deref()], "; ");
    let issued = issued.unwrap_or("[date unknown]".to_owned());
    match notes.is_empty() {
        true => issued,
        false => format!("{issued} [{notes}]"),
    }
}

fn note(label: &str, date: Option<Issued>) -> Option<String> {
    let date = written(date?, ReferenceStyle::Vancouver)?;
    Some(format!("{label} {date}"))
}

fn add_address(line: &mut Line, source: &Source, page: Option<&str>) {
    if let Some(doi) = &source.doi {
        line.sentence(around("doi: ", doi_link(doi), "."));
    }
    if let Some(href) = page {
        line.sentence(around("Available from: ", page_link(href), ""));
    }
    let notes = identifiers(source, page);
    if page.is_some() && !notes.is_empty() {
        line.text(" ");
        notes.into_iter().for_each(|run| line.push(run));
    } else if page.is_none() {
        line.sentence(notes);
        line.stop();
    }
}

/// PMID and PMCID, but for one whose page is printed already.
fn identifiers(source: &Source, page: Option<&str>) -> Vec<Run> {
    let pmid = source.pmid.as_ref();
    let pmid = pmid.map(|id| ("PubMed PMID: ", id.to_string(), id.href()));
    let pmcid = source.pmcid.as_ref();
    let pmcid = pmcid.map(|id| ("PubMed Central PMCID: ", id.to_string(), id.href()));
    let mut runs = Vec::new();
    for (label, text, href) in pmid.into_iter().chain(pmcid) {
        if page.is_some_and(|page| same_page(page, &href)) {
            continue;
        }
        let between = if runs.is_empty() { "" } else { "; " };
        runs.push(Run::Text(format!("{between}{label}")));
        runs.push(Run::Link { text, href });
    }
    if !runs.is_empty() {
        runs.push(Run::Text(".".to_owned()));
    }
    runs
}

fn short_pages(page: &str) -> String {
    match page_range(page) {
        Some((first, last)) => format!("{first}-{}", shortened(first, last, 1)),
        None => page.to_owned(),
    }
}
