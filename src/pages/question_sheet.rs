//! The questions of an article as a sheet of paper: room to write an answer under each,
//! and what a front desk needs to know. It has an address of its own, so it can be sent
//! and printed, and it works in an export; search engines are asked to list the article.

use askama::Template;

use super::frame::{Crumb, Frame, Section};
use super::prose::{Markup, Surroundings, fill_words};
use super::qr_code::{EcLevel, QrModules};
use super::{Indexing, Making, RenderedPage, finish};
use crate::content::{Article, Code};
use crate::infobutton;
use crate::messages::Words;

#[derive(Template)]
#[template(path = "pages/question-sheet.html")]
struct QuestionSheet<'a> {
    frame: Frame<'a>,
    words: &'a Words,
    article: &'a Article,
    questions: Markup,
    address: String,
    qr: Option<QrModules>,
}

/// The address of the sheet of an article; none if it asks no questions.
pub(super) fn path(article: &Article) -> Option<String> {
    let has = article.questions.is_some();
    has.then(|| format!("/articles/{}/questions", article.slug))
}

/// The sheet of an article.
pub(super) fn render(making: Making<'_>, article: &Article) -> Result<RenderedPage, String> {
    let path = path(article).unwrap_or_default();
    let words = making.words(&article.lang);
    let title = words.sheet.title.with("article", &article.title);
    let mut frame = Frame::in_language(making, &article.lang, path, title.to_string());
    frame.description = article.description.clone();
    frame.section = Section::Articles;
    frame.indexing = Indexing::Refused;
    frame.crumbs = vec![
        Crumb::articles(words),
        Crumb {
            href: format!("/articles/{}", article.slug),
            name: article.title.clone(),
        },
    ];
    frame.is_made_of(&article.path);
    let around = Surroundings {
        words,
        article: Some(article),
        style: making.site.clinic.citation_style,
        phone: &making.site.clinic.phone,
    };
    let questions = article.questions.as_deref().unwrap_or_default();
    let questions =
        fill_words(questions, around).map_err(|error| format!("{}: {error}", frame.path))?;
    let address = frame.absolute(&format!("/articles/{}", article.slug));
    let page = QuestionSheet {
        words,
        article,
        questions,
        qr: QrModules::of(&address, EcLevel::M),
        address,
        frame,
    };
    finish(&page, &page.frame, Some(article.dates.modified_on()))
}

impl QuestionSheet<'_> {
    /// Codes as staff know them, such as `ICD-10-CM M54.50`.
    fn code(&self, code: &Code) -> String {
        format!("{} {}", infobutton::label(code.system), code.code)
    }
}
