//! Typed content to HTML: one struct per page, one template per struct. A page is
//! a pure function of a [`Making`], so `export` and `serve` can't differ, and so the
//! same content always gives the same bytes.

mod article;
mod articles;
pub mod book;
mod care;
mod fields;
mod form_target;
mod frame;
mod home;
mod page_text;
mod person;
mod problem;
mod prose;
pub mod share_picture;
pub mod symptoms;
mod topic;

pub use form_target::FormTarget;
pub use frame::{Crumb, Frame, Section};
pub use problem::{Problem, problem_page};

use askama::Template;
use jiff::civil::Date;
use rayon::prelude::*;

use crate::assets::AssetAddresses;
use crate::messages::Languages;
use crate::site::{Site, Visibility};
use crate::triage::{Addressee, Posted, Protocol};
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
    /// The whole document.
    pub html: String,
    /// The day on which its content last changed, if that is known.
    pub modified_on: Option<Date>,
    /// Whether search engines may list it.
    pub indexing: Indexing,
    /// The language of the page.
    pub lang: String,
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
            Self::Gone => 410,
            Self::Unprocessable => 422,
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
    /// The pictures that other sites show beside a link to us.
    pub pictures: &'a SharedPictures,
    /// Where forms are sent.
    pub forms: &'a FormTarget,
}

/// Every page of a site that does not depend on the visitor, by kind and then by address.
///
/// # Errors
/// A template failed to render: a fault of ours, told with the address.
pub fn render_all(making: Making<'_>) -> Result<Vec<RenderedPage>, String> {
    let site = making.site;
    let mut jobs: Vec<Job<'_>> = vec![Job::Home, Job::Articles, Job::Book, Job::Symptoms];
    jobs.extend(site.page_texts.keys().map(|name| Job::PageText(name)));
    jobs.extend(site.topics.values().map(|topic| Job::Topic(topic)));
    jobs.extend(site.people.values().map(|person| Job::Person(person)));
    jobs.extend(site.services.values().map(|service| Job::Service(service)));
    for article in site.articles.values() {
        match site.visibility(article) {
            Visibility::NotYet => {}
            Visibility::Public => jobs.push(Job::Article(article)),
            Visibility::Withdrawn => jobs.push(Job::Withdrawn(article)),
        }
    }
    for protocol in site.protocols.values() {
        let addressees = protocol.addressees().iter();
        jobs.extend(addressees.map(|addressee| Job::SymptomForm(protocol, *addressee)));
    }
    jobs.extend(site.unavailable.iter().map(Job::Unavailable));
    jobs.into_par_iter().map(|job| job.render(making)).collect()
}

enum Job<'a> {
    Home,
    Articles,
    Book,
    PageText(&'a str),
    Topic(&'a crate::clinic::Topic),
    Person(&'a crate::clinic::Person),
    Service(&'a crate::booking::Service),
    Article(&'a crate::content::Article),
    Withdrawn(&'a crate::content::Article),
    Unavailable(&'a crate::id::Slug),
    Symptoms,
    SymptomForm(&'a Protocol, Addressee),
}

impl Job<'_> {
    fn render(self, making: Making<'_>) -> Result<RenderedPage, String> {
        match self {
            Self::Home => home::render(making),
            Self::Articles => articles::render(making),
            Self::Book => book::render_list(making),
            Self::PageText(name) => page_text::render(making, name),
            Self::Topic(topic) => topic::render(making, topic),
            Self::Person(person) => person::render(making, person),
            Self::Service(service) => book::render_service(making, service),
            Self::Article(article) => article::render(making, article),
            Self::Withdrawn(article) => problem::render(making, Problem::Withdrawn(article)),
            Self::Symptoms => symptoms::choose(making),
            Self::SymptomForm(protocol, addressee) => {
                let posted = Posted::new();
                let page = symptoms::FirstPage {
                    protocol,
                    addressee,
                    posted: &posted,
                    problems: &[],
                };
                symptoms::first_page(making, page)
            }
            Self::Unavailable(slug) => problem::render(making, Problem::Unavailable(slug)),
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
        html,
        modified_on,
        indexing: frame.indexing,
        lang: frame.words.lang.clone(),
    })
}
