//! An article as JSON: one value of a documented shape, for a clinic's other programs.
//! It is described in `docs/machine-formats.md`; a change that takes a field away or
//! changes its meaning needs another [`VERSION`].

use serde::Serialize;

use super::article_markdown::Text;
use super::plain::plain;
use crate::clinic::Person;
use crate::content::{Article, CodeSystem};
use crate::document::Known;
use crate::pages::care::CareCard;
use crate::pages::{Making, Media, RenderedPage, Status};
use crate::source::{Source, plain as plain_reference, reference};
use crate::triage::TriageLevel;

/// The version of the shape.
pub const VERSION: u32 = 1;

/// The address of the JSON of an article.
pub(in crate::pages) fn address(article: &Article) -> String {
    format!("/articles/{}.json", article.slug)
}

/// The document at [`address`].
///
/// # Errors
/// It can't be written as JSON: a fault of ours.
pub(in crate::pages) fn render(
    making: Making<'_>,
    article: &Article,
) -> Result<RenderedPage, String> {
    let path = address(article);
    let document = ArticleDocument::of(making, article);
    let mut text = serde_json::to_string(&document).map_err(|error| format!("{path}: {error}"))?;
    text.push('\n');
    Ok(RenderedPage {
        script_sources: "'none'".to_owned(),
        path,
        status: Status::Ok,
        media: Media::Json,
        text,
        modified_on: Some(article.dates.modified_on()),
        indexing: making.indexing(),
        lang: article.lang.clone(),
        canonical: Some(document.url),
    })
}

/// The whole document. Addresses are absolute, days are `YYYY-MM-DD`.
#[derive(Serialize)]
struct ArticleDocument<'a> {
    format: &'static str,
    version: u32,
    url: String,
    markdown_url: String,
    lang: &'a str,
    slug: &'a str,
    title: &'a str,
    description: &'a str,
    is_sample: bool,
    clinic: Named<'a>,
    topic: Named<'a>,
    complaint: Named<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    visit: Option<Named<'a>>,
    also_called: &'a [String],
    codes: Vec<CodeRecord<'a>>,
    authors: Vec<PersonRecord<'a>>,
    reviewer: PersonRecord<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    conflict: Option<&'a str>,
    dates: DatesRecord,
    words: usize,
    reading_minutes: usize,
    takeaways: Vec<String>,
    care: Vec<CareRecord<'a>>,
    headings: Vec<HeadingRecord<'a>>,
    body_markdown: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    questions_markdown: Option<String>,
    faq: Vec<FaqRecord<'a>>,
    sources: Vec<SourceRecord<'a>>,
}

/// A thing with a page.
#[derive(Serialize)]
struct Named<'a> {
    name: &'a str,
    url: String,
}

#[derive(Serialize)]
struct CodeRecord<'a> {
    system: &'static str,
    code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    display: Option<&'a str>,
}

#[derive(Serialize)]
struct PersonRecord<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    credentials: Option<&'a str>,
    role: &'a str,
    url: String,
    is_sample: bool,
}

#[derive(Serialize)]
struct DatesRecord {
    published_on: String,
    modified_on: String,
    reviewed_on: String,
    review_due_on: String,
}

#[derive(Serialize)]
struct CareRecord<'a> {
    level: &'static str,
    action: &'a str,
    findings: Vec<String>,
}

#[derive(Serialize)]
struct HeadingRecord<'a> {
    level: u8,
    id: &'a str,
    text: &'a str,
}

#[derive(Serialize)]
struct FaqRecord<'a> {
    id: &'a str,
    question: &'a str,
    answer_text: String,
    answer_markdown: String,
}

#[derive(Serialize)]
struct SourceRecord<'a> {
    number: usize,
    kind: &'static str,
    title: &'a str,
    reference: String,
    issued: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    doi: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pmid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pmcid: Option<String>,
}

impl<'a> ArticleDocument<'a> {
    fn of(making: Making<'a>, article: &'a Article) -> Self {
        let clinic = &making.site.clinic;
        let url = |path: &str| format!("{}{path}", clinic.origin);
        let named = |name: &'a str, path: String| Named {
            name,
            url: url(&path),
        };
        let text = Text::of(making, article);
        let sources = article.sources.iter().enumerate();
        let visit = article.service.as_deref();
        let questions = article.questions.as_deref();
        Self {
            format: "signpost-article",
            version: VERSION,
            url: url(&format!("/articles/{}", article.slug)),
            markdown_url: url(&super::article_markdown::address(article)),
            lang: &article.lang,
            slug: article.slug.as_str(),
            title: &article.title,
            description: &article.description,
            is_sample: clinic.sample_content,
            clinic: named(&clinic.name, "/".to_owned()),
            topic: named(&article.topic.name, format!("/topics/{}", article.topic.id)),
            complaint: named(
                &article.protocol.title,
                format!("/symptoms/{}", article.protocol.complaint),
            ),
            visit: visit.map(|visit| named(&visit.name, format!("/book/{}", visit.id))),
            also_called: &article.also_called,
            codes: codes(article),
            authors: article
                .authors
                .iter()
                .map(|own| PersonRecord::of(making, own))
                .collect(),
            reviewer: PersonRecord::of(making, &article.reviewer),
            conflict: article.conflict.as_deref(),
            dates: DatesRecord::of(article),
            words: article.words,
            reading_minutes: article.reading_minutes(),
            takeaways: article
                .takeaways
                .iter()
                .map(|line| plain(line, article))
                .collect(),
            care: care(making, article),
            headings: headings(article),
            body_markdown: text.pieces(&article.body),
            questions_markdown: questions.map(|pieces| text.pieces(pieces)),
            faq: faq(article, &text),
            sources: sources
                .map(|(at, source)| SourceRecord::of(making, source, at + 1))
                .collect(),
        }
    }
}

fn codes(article: &Article) -> Vec<CodeRecord<'_>> {
    let codes = article.codes.iter();
    codes
        .map(|own| CodeRecord {
            system: system_name(own.system),
            code: &own.code,
            display: own.display.as_deref(),
        })
        .collect()
}

/// The code system as front matter names it.
fn system_name(system: CodeSystem) -> &'static str {
    let mut all = CodeSystem::ALL.iter();
    all.find(|(_, known)| *known == system)
        .map_or("", |(name, _)| name)
}

fn care<'a>(making: Making<'a>, article: &'a Article) -> Vec<CareRecord<'a>> {
    let words = making.words(&article.lang);
    let card = |level| CareCard::of(article, level, &[], words, &making.site.clinic.phone);
    let record = |level: TriageLevel| {
        let card = card(level)?;
        let statement = |finding: &&crate::triage::Finding| finding.statement.to(card.addressee);
        Some(CareRecord {
            level: level.id(),
            action: match level {
                TriageLevel::Emergency => &words.care.emergency_action,
                TriageLevel::Urgent => &words.care.urgent_action,
                TriageLevel::Soon => &words.care.soon_action,
                TriageLevel::SelfCare => &words.care.self_care_action,
            },
            findings: card.findings.iter().map(statement).collect(),
        })
    };
    let levels = TriageLevel::MOST_URGENT_FIRST.into_iter();
    levels.filter_map(record).collect()
}

fn headings(article: &Article) -> Vec<HeadingRecord<'_>> {
    let headings = article.headings.iter();
    headings
        .map(|heading| HeadingRecord {
            level: heading.level,
            id: &heading.id,
            text: &heading.text,
        })
        .collect()
}

fn faq<'a>(article: &'a Article, text: &Text<'_>) -> Vec<FaqRecord<'a>> {
    let items = article.faq.iter();
    items
        .map(|item| FaqRecord {
            id: &item.id,
            question: &item.question,
            answer_text: plain(&item.answer, article),
            answer_markdown: text.pieces(&item.answer),
        })
        .collect()
}

impl<'a> PersonRecord<'a> {
    fn of(making: Making<'_>, person: &'a Person) -> Self {
        Self {
            name: &person.name,
            credentials: person.credentials.as_deref(),
            role: &person.role,
            url: format!("{}/people/{}", making.site.clinic.origin, person.id),
            is_sample: person.sample,
        }
    }
}

impl DatesRecord {
    fn of(article: &Article) -> Self {
        let dates = &article.dates;
        Self {
            published_on: dates.published_on.to_string(),
            modified_on: dates.modified_on().to_string(),
            reviewed_on: dates.reviewed_on.to_string(),
            review_due_on: dates.review_due.to_string(),
        }
    }
}

impl<'a> SourceRecord<'a> {
    fn of(making: Making<'_>, source: &'a Source, number: usize) -> Self {
        let style = making.site.clinic.citation_style;
        Self {
            number,
            kind: source.kind.name(),
            title: &source.title,
            reference: plain_reference(&reference(source, style)),
            issued: source.issued.to_string(),
            url: source.main_href(),
            doi: source.doi.as_ref().map(ToString::to_string),
            pmid: source.pmid.as_ref().map(ToString::to_string),
            pmcid: source.pmcid.as_ref().map(ToString::to_string),
        }
    }
}
