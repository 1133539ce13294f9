//! The pages that an article has at addresses of its own. They are nearly all pages of a
//! site, so each is made of the article and of those that it names, and of nothing that
//! has to be looked for among all others: one can be rendered without the rest, and late.

use std::sync::Arc;

use jiff::civil::Date;

use super::machine::{article_addresses, article_json, article_markdown};
use super::share_picture::{SharedPicture, Subject};
use super::{Indexing, Making, Problem, RenderedPage, article, problem, question_sheet};
use crate::content::Article;
use crate::site::Visibility;

/// A page of one article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnPage {
    /// The article.
    Article,
    /// What to ask at the visit, to be printed.
    QuestionSheet,
    /// That it was taken back, and what to read instead.
    Withdrawn,
    /// The article as Markdown.
    Markdown,
    /// The article as JSON.
    Json,
}

impl OwnPage {
    /// Those that an article has, the article itself first. None while readers may not see it, unless this is a preview;
    /// forms for programs only while it is listed.
    pub fn all(making: Making<'_>, article: &Article) -> impl Iterator<Item = Self> {
        let (page, is_there) = match making.site.visibility(article) {
            Visibility::NotYet => (Self::Article, making.preview.is_some()),
            Visibility::Public => (Self::Article, true),
            Visibility::Withdrawn => (Self::Withdrawn, true),
        };
        let has_sheet = page == Self::Article && article.questions.is_some();
        let is_listed = making.site.is_listed(article);
        [
            (page, is_there),
            (Self::QuestionSheet, is_there && has_sheet),
            (Self::Markdown, is_listed),
            (Self::Json, is_listed),
        ]
        .into_iter()
        .filter_map(|(page, is_there)| is_there.then_some(page))
    }

    /// Whether it shows something of other articles as well.
    pub fn shows_others(self) -> bool {
        match self {
            Self::Article | Self::Withdrawn => true,
            Self::QuestionSheet | Self::Markdown | Self::Json => false,
        }
    }

    /// The address.
    pub fn path(self, article: &Article) -> String {
        match self {
            Self::Article | Self::Withdrawn => format!("/articles/{}", article.slug),
            Self::QuestionSheet => question_sheet::path(article).unwrap_or_default(),
            Self::Markdown | Self::Json => {
                let [markdown, json] = article_addresses(article);
                if self == Self::Json { json } else { markdown }
            }
        }
    }

    /// What other sites show beside a link to the page.
    pub fn picture<'a>(
        self,
        making: Making<'a>,
        article: &Article,
    ) -> Option<&'a Arc<SharedPicture>> {
        making.pictures.shared(match self {
            Self::Article | Self::QuestionSheet => Subject::Article(article),
            Self::Withdrawn | Self::Markdown | Self::Json => Subject::Clinic,
        })
    }

    /// What a sitemap says of it, if it names it: the day of the last edit.
    pub fn in_sitemap(self, making: Making<'_>, article: &Article) -> Option<Date> {
        let is_named =
            self == Self::Article && article::indexing(making, article) == Indexing::Allowed;
        is_named.then(|| article.dates.modified_on())
    }

    /// Renders the page of the first of `shows`; the others are those of which it shows something.
    ///
    /// # Errors
    /// A template failed: a fault of ours, told with the address.
    pub fn render<'a>(
        self,
        making: Making<'a>,
        shows: &[&'a Arc<Article>],
    ) -> Result<RenderedPage, String> {
        let Some((own, others)) = shows.split_first() else {
            return Err("a page of no article".to_owned());
        };
        match self {
            Self::Article => article::render(making, own, others),
            Self::QuestionSheet => question_sheet::render(making, own),
            Self::Withdrawn => problem::render(making, Problem::Withdrawn(own)),
            Self::Markdown => Ok(article_markdown(making, own)),
            Self::Json => article_json(making, own),
        }
    }
}
