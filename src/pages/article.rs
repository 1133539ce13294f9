//! The article page: what it is, what to do, who says so, and what it costs, in
//! the order in which a worried person needs it.

use std::sync::Arc;

use askama::Template;
use jiff::civil::Date;

use super::book::Offer;
use super::care::{CareCard, moved_levels};
use super::frame::{Crumb, Frame, OtherForm, Section};
use super::glossary::Explained;
use super::machine::article_addresses;
use super::prose::{Markup, Surroundings, fill, fill_in_two};
use super::qr_code::{EcLevel, QrModules};
use super::question_sheet;
use super::share_picture::Subject;
use super::{About, Indexing, Making, RenderedPage, finish};
use crate::content::markdown::{Heading, has_drawing};
use crate::content::{Article, ReviewStatus};
use crate::messages::Words;
use crate::source::{Run, Source, reference};
use crate::triage::TriageLevel;

/// A page is long, and its jump-to list shows h3 as well, from this many words on.
const LONG_PAGE_WORDS: usize = 2500;

/// One article as a reader sees it.
#[derive(Template)]
#[template(path = "pages/article.html")]
struct ArticlePage<'a> {
    frame: Frame<'a>,
    words: &'a Words,
    article: &'a Article,
    review: ReviewStatus,
    takeaways: Vec<Markup>,
    emergency: Option<CareCard<'a>>,
    jump_to: Vec<JumpTo>,
    lead: Markup,
    rest: Markup,
    offer: Option<Offer<'a>>,
    other_cards: Vec<CareCard<'a>>,
    questions: Option<Markup>,
    faq: Vec<Faq<'a>>,
    explained: Vec<Explained<'a>>,
    references: Vec<Reference<'a>>,
    care_references: Vec<Reference<'a>>,
    related: Vec<&'a Article>,
    /// The code of its own address, for paper.
    qr: Option<QrModules>,
}

/// An entry of the jump-to list.
struct JumpTo {
    id: String,
    text: String,
    is_sub: bool,
}

/// A question with its answer.
struct Faq<'a> {
    id: &'a str,
    question: &'a str,
    answer: Markup,
}

/// A source as the list prints it.
pub(super) struct Reference<'a> {
    /// What a reader recognizes first: publisher or journal, where the reference does not begin with it.
    pub(super) lead: Option<&'a str>,
    /// The reference in the clinic's style.
    pub(super) runs: Vec<Run>,
    /// How often the text cites it.
    pub(super) mentions: usize,
}

/// The page of an article. `related` stands under "Read next".
pub(super) fn render(
    making: Making<'_>,
    article: &Article,
    related: &[&Arc<Article>],
) -> Result<RenderedPage, String> {
    let page = page(making, article, related)
        .map_err(|error| format!("/articles/{}: {error}", article.slug))?;
    finish(&page, &page.frame, Some(article.dates.modified_on()))
}

fn page<'a>(
    making: Making<'a>,
    article: &'a Article,
    related: &[&'a Arc<Article>],
) -> askama::Result<ArticlePage<'a>> {
    let site = making.site;
    let frame = frame(making, article);
    let words = frame.words;
    let around = Surroundings {
        words,
        article: Some(article),
        style: site.clinic.citation_style,
        phone: &site.clinic.phone,
    };
    let card = |level| CareCard::of(article, level, &[], words, &site.clinic.phone);
    let moved = moved_levels(&article.body);
    let related: Vec<&Article> = related.iter().copied().map(AsRef::as_ref).collect();
    let (lead, rest) = fill_in_two(&article.body, around)?;
    let other_cards: Vec<_> = [
        TriageLevel::Urgent,
        TriageLevel::Soon,
        TriageLevel::SelfCare,
    ]
    .into_iter()
    .filter(|level| !moved.contains(level))
    .filter_map(card)
    .collect();
    Ok(ArticlePage {
        words,
        review: site.review_status(article),
        takeaways: article
            .takeaways
            .iter()
            .map(|line| fill(line, around))
            .collect::<Result<_, _>>()?,
        emergency: card(TriageLevel::Emergency),
        jump_to: jump_to(article, words, &other_cards, &related),
        lead,
        rest,
        offer: article
            .service
            .as_deref()
            .map(|service| Offer::of(making, service)),
        other_cards,
        questions: article
            .questions
            .as_deref()
            .map(|pieces| fill(pieces, around))
            .transpose()?,
        faq: faq(article, around)?,
        explained: Explained::of(article),
        references: references(making, article),
        care_references: care_references(making, article),
        related,
        qr: QrModules::of(&frame.canonical(), EcLevel::M),
        article,
        frame,
    })
}

fn frame<'a>(making: Making<'a>, article: &'a Article) -> Frame<'a> {
    let path = format!("/articles/{}", article.slug);
    let mut frame = Frame::in_language(making, &article.lang, path, &article.title);
    frame.description = article.description.clone();
    frame.section = Section::Articles;
    frame.dates = Some(&article.dates);
    frame.about = About::Article(article, making.site.review_status(article));
    frame.forms = other_forms(making, article);
    frame.picture = making.pictures.of(Subject::Article(article));
    frame.crumbs = vec![
        Crumb::articles(frame.words),
        Crumb {
            href: format!("/topics/{}", article.topic.id),
            name: article.topic.name.clone(),
        },
    ];
    frame.is_made_of(&article.path);
    frame.indexing = indexing(making, article);
    frame
}

/// Whether search engines may list the page of an article that readers may see.
pub(super) fn indexing(making: Making<'_>, article: &Article) -> Indexing {
    match making.site.review_status(article) {
        ReviewStatus::LongOverdue => Indexing::Refused,
        _ => making.indexing(),
    }
}

/// The article as Markdown and JSON, if it is listed: nothing else has these forms.
fn other_forms(making: Making<'_>, article: &Article) -> Vec<OtherForm> {
    if !making.site.is_listed(article) {
        return Vec::new();
    }
    let [markdown, json] = article_addresses(article);
    let form = |(href, media)| OtherForm { href, media };
    [(markdown, "text/markdown"), (json, "application/json")]
        .map(form)
        .into()
}

/// Every h2 of the page in reading order, and h3 of the text where the page is long.
fn jump_to(
    article: &Article,
    words: &Words,
    cards: &[CareCard<'_>],
    related: &[&Article],
) -> Vec<JumpTo> {
    let deepest = if article.words >= LONG_PAGE_WORDS {
        3
    } else {
        2
    };
    let own = article
        .headings
        .iter()
        .filter(|heading| heading.level <= deepest);
    let mut entries: Vec<JumpTo> = own
        .map(|heading: &Heading| JumpTo {
            id: heading.id.clone(),
            text: heading.text.clone(),
            is_sub: heading.level > 2,
        })
        .collect();
    let mut add = |present: bool, id: &str, text: &str| {
        if present {
            entries.push(JumpTo {
                id: id.into(),
                text: text.into(),
                is_sub: false,
            });
        }
    };
    add(!cards.is_empty(), "care", &words.care.heading);
    add(
        article.questions.is_some(),
        "questions",
        &words.article.questions,
    );
    add(!article.faq.is_empty(), "faq", &words.article.faq);
    add(
        !article.glossed.is_empty(),
        "medical-words",
        &words.glossary.on_this_page,
    );
    add(true, "sources", &words.article.sources);
    add(true, "about-this-page", &words.article.about_this_page);
    add(!related.is_empty(), "related", &words.article.related);
    entries
}

fn faq<'a>(article: &'a Article, around: Surroundings<'_>) -> askama::Result<Vec<Faq<'a>>> {
    let item = |item: &'a crate::content::FaqItem| {
        Ok(Faq {
            id: &item.id,
            question: &item.question,
            answer: fill(&item.answer, around)?,
        })
    };
    article.faq.iter().map(item).collect()
}

fn references<'a>(making: Making<'_>, article: &'a Article) -> Vec<Reference<'a>> {
    let mentions = |at: usize| {
        article
            .citations
            .iter()
            .filter(|citation| citation.source == at)
            .count()
    };
    let sources = article.sources.iter().enumerate();
    sources
        .map(|(at, source)| Reference::of(making, source, mentions(at)))
        .collect()
}

/// The sources of the findings on the cards that are not in the article's own list.
fn care_references<'a>(making: Making<'_>, article: &'a Article) -> Vec<Reference<'a>> {
    let protocol = &article.protocol;
    let cited = |source: &Source| {
        let findings = protocol.findings.iter();
        findings
            .flat_map(|finding| &finding.sources)
            .any(|other| other.id == source.id)
    };
    let own = |source: &Source| {
        article
            .sources
            .iter()
            .any(|other| other.main_href() == source.main_href())
    };
    let sources = protocol.sources.iter().map(AsRef::as_ref);
    let sources = sources.filter(|source| cited(source) && !own(source));
    sources
        .map(|source| Reference::of(making, source, 0))
        .collect()
}

impl<'a> Reference<'a> {
    pub(super) fn of(making: Making<'_>, source: &'a Source, mentions: usize) -> Self {
        let runs = reference(source, making.site.clinic.citation_style);
        let begins = crate::source::plain(&runs);
        let name = source.container.as_deref().or(source.publisher.as_deref());
        let lead = name.filter(|name| !begins.starts_with(name));
        Self {
            lead,
            runs,
            mentions,
        }
    }

    /// The numbers of its mentions, from 1.
    fn mention_numbers(&self) -> std::ops::RangeInclusive<usize> {
        1..=self.mentions
    }
}

impl ArticlePage<'_> {
    fn has_drawing(&self) -> bool {
        has_drawing(&self.article.body)
    }

    fn is_overdue(&self) -> bool {
        self.review != ReviewStatus::Current
    }

    /// The day of the last edit, if it differs from the day of the review.
    fn updated_apart(&self) -> Option<Date> {
        let dates = &self.article.dates;
        dates
            .updated_on
            .filter(|updated| *updated != dates.reviewed_on)
    }

    /// The address of its sheet of questions, if it asks any.
    fn sheet(&self) -> Option<String> {
        question_sheet::path(self.article)
    }

    fn is_signed(&self) -> bool {
        self.article.protocol.signed_off_by.is_some()
    }
}
