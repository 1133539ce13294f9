//! The page of an article: who wrote and who vouched, which condition it is about, on
//! which works it relies, and its common questions. A review that a placeholder did is
//! none, and a review that has lapsed is not told.

use super::Names;
use super::node::{
    Article as ArticleNode, Audience, Code as CodeNode, Condition, FaqPage, Node, Question, Ref,
    Work, WorkFacts,
};
use super::page::{facts, person, person_ref};
use crate::clinic::Person;
use crate::content::{Article, CodeSystem, ReviewStatus};
use crate::pages::frame::Frame;
use crate::pages::machine::{instant, plain};
use crate::source::{Doi, Source, SourceKind};

pub(super) fn nodes<'a>(
    frame: &Frame<'a>,
    article: &'a Article,
    review: ReviewStatus,
) -> Vec<Node<'a>> {
    let codes = condition_codes(article);
    let is_about = !codes.is_empty();
    let reviewer = Some(article.reviewer.as_ref())
        .filter(|person| !person.sample && review == ReviewStatus::Current);
    let mut page = facts(frame);
    page.main = Some(frame.own("article"));
    page.about = is_about.then(|| frame.own("condition"));
    let about = page.about.clone();
    page.audience = Some(Audience::PATIENTS);
    page.last_reviewed = reviewer.map(|_| article.dates.reviewed_on.to_string());
    page.reviewed_by = reviewer.map(|person| person_ref(frame, person));
    let authors: Vec<&Person> = real_authors(article);
    let mut nodes = vec![
        Node::MedicalWebPage(page.into()),
        Node::Article(Box::new(text(frame, article, &authors, about))),
    ];
    nodes.extend(is_about.then(|| {
        Node::MedicalCondition(Condition {
            own: frame.own("condition"),
            name: condition_name(article),
            other_names: &article.also_called,
            codes,
        })
    }));
    nodes.extend(faq(frame, article));
    let mut people = authors;
    people.extend(reviewer.filter(|own| people.iter().all(|other| other.id != own.id)));
    let people = people.into_iter();
    nodes.extend(people.map(|own| Node::Person(person(frame, own))));
    nodes
}

fn real_authors(article: &Article) -> Vec<&Person> {
    let authors = article.authors.iter().map(AsRef::as_ref);
    authors.filter(|person| !person.sample).collect()
}

fn text<'a>(
    frame: &Frame<'a>,
    article: &'a Article,
    authors: &[&Person],
    about: Option<Ref>,
) -> ArticleNode<'a> {
    let zone = &frame.clinic.timezone;
    let picture = frame.picture.map(|own| frame.absolute(&own.path));
    let authors = authors.iter().map(|own| person_ref(frame, own));
    ArticleNode {
        own: frame.own("article"),
        headline: &article.title,
        description: &article.description,
        lang: &article.lang,
        page: frame.own("page"),
        publisher: frame.common("clinic"),
        authors: authors.collect(),
        published: instant(article.dates.published_on, zone),
        modified: instant(article.dates.modified_on(), zone),
        images: picture.into_iter().collect(),
        about,
        words: article.words,
        is_free: true,
        principles: frame.absolute("/editorial-process"),
        citations: article.sources.iter().map(work).collect(),
    }
}

/// Codes of conditions. Codes of medicines and tests name no condition.
fn condition_codes(article: &Article) -> Vec<CodeNode<'_>> {
    let codes = article.codes.iter().filter_map(|own| {
        Some(CodeNode::MedicalCode {
            value: &own.code,
            system: system_name(own.system)?,
            name: own.display.as_deref(),
        })
    });
    codes.collect()
}

/// The name of a system of conditions. Source: `specs/structured-data.md`, section 1.
fn system_name(system: CodeSystem) -> Option<&'static str> {
    match system {
        CodeSystem::Icd10Cm => Some("ICD-10-CM"),
        CodeSystem::SnomedCt => Some("SNOMED-CT"),
        CodeSystem::RxNorm | CodeSystem::Loinc => None,
    }
}

/// The title up to its colon: "Sciatica: what it can mean" is about sciatica.
fn condition_name(article: &Article) -> &str {
    let title = article.title.as_str();
    title.split_once(": ").map_or(title, |(name, _)| name)
}

fn faq<'a>(frame: &Frame<'a>, article: &'a Article) -> Option<Node<'a>> {
    let questions = article
        .faq
        .iter()
        .map(|item| Question::new(&item.question, plain(&item.answer, article)));
    let questions: Vec<Question> = questions.collect();
    (!questions.is_empty()).then(|| {
        Node::FaqPage(FaqPage {
            own: frame.own("faq"),
            page: frame.own("page"),
            questions,
        })
    })
}

fn work(source: &Source) -> Work<'_> {
    let doi = source.doi.as_ref().map(Doi::href);
    let url = source.url.as_ref().map(ToString::to_string);
    let facts = WorkFacts {
        name: source.text.as_deref().unwrap_or(&source.title),
        url: url.filter(|url| doi.as_ref() != Some(url)),
        doi,
    };
    match source.kind {
        SourceKind::ArticleJournal => Work::ScholarlyArticle(facts),
        SourceKind::Chapter => Work::Chapter(facts),
        SourceKind::Book => Work::Book(facts),
        SourceKind::Report => Work::Report(facts),
        SourceKind::Webpage => Work::WebPage(facts),
        SourceKind::Text => Work::Other(facts),
    }
}
