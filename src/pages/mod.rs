//! Typed content to HTML: one struct per page, one template per struct. A page is
//! a pure function of a [`Making`], so `export` and `serve` can't differ, and so the
//! same content always gives the same bytes.

mod article;
mod articles;
mod body;
pub mod book;
mod care;
mod chart;
mod clinicians;
mod fields;
mod form_target;
mod frame;
mod glossary;
mod home;
pub mod infobutton;
mod job;
mod json_ld;
pub mod machine;
mod names;
mod open_search;
mod own_page;
mod page_text;
mod person;
pub mod preview;
mod problem;
mod prose;
pub mod qr_code;
mod question_sheet;
pub mod search;
pub mod share_picture;
mod shelves;
pub mod symptoms;
mod topic;
mod topics;

pub use form_target::FormTarget;
pub use frame::{Crumb, Frame, OtherForm, SearchPlace, Section};
pub use job::{Job, Plan, Planned};
pub use json_ld::{About, JsonLd};
pub use names::Names;
pub use open_search::{OPEN_SEARCH, OPEN_SEARCH_TYPE, open_search};
pub use own_page::OwnPage;
pub use preview::{Edition, Note, Notes};
pub use problem::{Problem, problem_page};

use askama::Template;
use jiff::civil::Date;

use crate::assets::AssetAddresses;
use crate::messages::Languages;
use crate::site::{Relations, Site};
use share_picture::SharedPictures;

/// Whether search engines may list a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Indexing {
    /// They may.
    Allowed,
    /// They may not.
    Refused,
}

/// A page as text, before it is compressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedPage {
    /// The address, from the root.
    pub path: String,
    /// What is sent.
    pub status: Status,
    /// What the text is.
    pub media: Media,
    /// The whole document.
    pub text: String,
    /// The day on which its content last changed, if that is known.
    pub modified_on: Option<Date>,
    /// Whether search engines may list it.
    pub indexing: Indexing,
    /// The language of the page.
    pub lang: String,
    /// The absolute address of the page of which this is another form; none for a page itself.
    pub canonical: Option<String>,
    /// What it may run, as a content security policy names it.
    pub script_sources: String,
}

/// What a document is: for readers, or for their programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Media {
    /// A page.
    Html,
    /// An article as Markdown.
    Markdown,
    /// An article as JSON.
    Json,
    /// A feed of entries, by RFC 4287.
    Atom,
    /// A feed of entries, by jsonfeed.org.
    JsonFeed,
    /// Addresses for search engines.
    Sitemap,
    /// How a phone shows the site among its programs.
    Manifest,
    /// Plain text.
    Text,
}

impl Media {
    /// The media type. Source: `specs/site-conventions.md`; RFC 7763 for Markdown.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Html => "text/html; charset=utf-8",
            Self::Markdown => "text/markdown; charset=utf-8",
            Self::Json => "application/json",
            Self::Atom => "application/atom+xml",
            Self::JsonFeed => "application/feed+json",
            Self::Sitemap => "application/xml",
            Self::Manifest => "application/manifest+json",
            Self::Text => "text/plain; charset=utf-8",
        }
    }
}

/// How a page answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Here it is.
    Ok,
    /// It is not there.
    NotFound,
    /// What was sent is nothing that our pages send.
    BadRequest,
    /// What was sent did not come from our pages.
    Forbidden,
    /// Something that was sent must be mended by whoever sent it.
    Unprocessable,
    /// It was there, and was taken back.
    Gone,
    /// The method is not allowed.
    MethodNotAllowed,
    /// What was sent did not come in time.
    TimedOut,
    /// The address is too long.
    TooLong,
    /// Somebody asks too often.
    TooOften,
    /// Something failed on our side.
    Failed,
    /// It is there, but not now.
    Unavailable,
}

impl Status {
    /// The number of HTTP.
    pub fn code(self) -> u16 {
        match self {
            Self::Ok => 200,
            Self::BadRequest => 400,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::TimedOut => 408,
            Self::Gone => 410,
            Self::TooLong => 414,
            Self::Unprocessable => 422,
            Self::TooOften => 429,
            Self::Failed => 500,
            Self::Unavailable => 503,
        }
    }
}

/// What every page is made of.
#[derive(Clone, Copy)]
pub struct Making<'a> {
    /// The content.
    pub site: &'a Site,
    /// Words by language; the clinic's language is there.
    pub languages: &'a Languages,
    /// Addresses of style sheet, fonts and scripts.
    pub assets: &'a AssetAddresses,
    /// Which articles are worth reading after which.
    pub relations: &'a Relations,
    /// The pictures that other sites show beside a link to us.
    pub pictures: &'a SharedPictures,
    /// All names from A to Z.
    pub names: &'a Names,
    /// Where forms are sent.
    pub forms: &'a FormTarget,
    /// What editors are told in a preview; none for readers.
    pub preview: Option<&'a Notes>,
}

impl Making<'_> {
    /// Whether search engines may list what is made: never what only editors see.
    pub(crate) fn indexing(&self) -> Indexing {
        match self.preview {
            Some(_) => Indexing::Refused,
            None => Indexing::Allowed,
        }
    }
}

/// Renders a template that stands for the page of `frame`.
fn finish(
    page: &impl Template,
    frame: &Frame<'_>,
    modified_on: Option<Date>,
) -> Result<RenderedPage, String> {
    let html = page
        .render()
        .map_err(|error| format!("{}: {error}", frame.path))?;
    Ok(RenderedPage {
        path: frame.path.clone(),
        status: frame.status,
        media: Media::Html,
        text: html,
        modified_on,
        indexing: frame.indexing,
        lang: frame.words.lang.clone(),
        canonical: None,
        script_sources: frame.assets.script_sources(),
    })
}
