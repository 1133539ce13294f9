//! `/for/clinicians`: how a clinic's own software finds our articles by code, told to the
//! people who run it, with examples that work because they are made of codes that
//! articles here carry.

use std::sync::Arc;

use askama::Template;

use super::frame::Frame;
use super::{Making, RenderedPage, finish};
use crate::content::{Article, Code, CodeSystem};
use crate::document::Known;
use crate::infobutton::{MOST_ENTRIES, label, oid};
use crate::messages::Words;

#[derive(Template)]
#[template(path = "pages/clinicians.html")]
struct CliniciansPage<'a> {
    frame: Frame<'a>,
    words: &'a Words,
    service: String,
    systems: Vec<Row>,
    examples: Vec<Example<'a>>,
    most_entries: usize,
}

/// A code system.
struct Row {
    label: &'static str,
    oid: &'static str,
}

/// A code that an article carries.
struct Example<'a> {
    system: CodeSystem,
    code: &'a Code,
}

/// For each code system the first listed article that carries a code of it: what the page shows.
pub(super) fn shown<'a>(listed: &[&'a Arc<Article>]) -> Vec<&'a Arc<Article>> {
    let first = |system: CodeSystem| {
        let carries = |article: &&&Arc<Article>| first_code(article, system).is_some();
        listed.iter().find(carries).copied()
    };
    let systems = CodeSystem::ALL.iter();
    systems.filter_map(|(_, system)| first(*system)).collect()
}

fn first_code(article: &Article, system: CodeSystem) -> Option<&Code> {
    article.codes.iter().find(|code| code.system == system)
}

/// The page, with examples from `articles`.
pub(super) fn render(
    making: Making<'_>,
    articles: &[&Arc<Article>],
) -> Result<RenderedPage, String> {
    let words = making.words(&making.site.clinic.lang);
    let title = words.clinicians.title.as_str();
    let mut frame = Frame::new(making, "/for/clinicians", title);
    frame.description = words.clinicians.description.clone();
    let systems = CodeSystem::ALL.iter().map(|(_, system)| *system);
    let examples = systems.clone().filter_map(|system| {
        let code = articles
            .iter()
            .find_map(|article| first_code(article, system))?;
        Some(Example { system, code })
    });
    let page = CliniciansPage {
        words,
        service: making.site.clinic.origin.clone() + "/infobutton",
        systems: systems
            .clone()
            .map(|system| Row {
                label: label(system),
                oid: oid(system),
            })
            .collect(),
        examples: examples.collect(),
        most_entries: MOST_ENTRIES,
        frame,
    };
    finish(&page, &page.frame, None)
}

impl Example<'_> {
    /// What is asked for, such as `ICD-10-CM M54.50, Low back pain, unspecified`.
    fn shown(&self) -> String {
        let code = format!("{} {}", label(self.system), self.code.code);
        match &self.code.display {
            Some(display) => format!("{code}, {display}"),
            None => code,
        }
    }

    /// The path and query that ask for it, and in which form.
    fn path(&self, kind: &str) -> String {
        format!("/infobutton?{}", self.query(kind))
    }

    /// The pairs that ask for it, and in which form.
    fn query(&self, kind: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("mainSearchCriteria.v.cs", oid(self.system));
        query.append_pair("mainSearchCriteria.v.c", &self.code.code);
        query.append_pair("knowledgeResponseType", kind);
        query.finish()
    }
}
