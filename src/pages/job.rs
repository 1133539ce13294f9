//! The pages of a site as jobs: which there are, of which articles each shows
//! something, and how each is rendered. What a page shows is named before it is
//! rendered, so that a page of which nothing changed need not be rendered at all.

use std::sync::Arc;

use rayon::prelude::*;

use super::preview::{self, Note};
use super::share_picture::{SharedPicture, Subject};
use super::shelves::{Shelves, Shown};
use super::{
    Making, Problem, RenderedPage, article, articles, book, home, page_text, person, problem,
    search, symptoms, topic,
};
use crate::booking::Service;
use crate::clinic::{Person, Topic};
use crate::content::Article;
use crate::id::Slug;
use crate::site::Visibility;
use crate::triage::{Addressee, Posted, Protocol};

/// One page that does not depend on the visitor.
pub struct Job<'a> {
    path: String,
    kind: Kind<'a>,
    shows: Shown<'a>,
}

enum Kind<'a> {
    Home,
    Articles,
    Book,
    PageText(&'a str),
    Topic(&'a Topic),
    Person(&'a Person),
    Service(&'a Service),
    Article(&'a Article),
    Withdrawn(&'a Article),
    Unavailable(&'a Slug),
    Search,
    Symptoms,
    SymptomForm(&'a Protocol, Addressee),
    Preview,
}

/// Every page of a site that does not depend on the visitor, by kind and then by address.
pub fn jobs(making: Making<'_>) -> Vec<Job<'_>> {
    let site = making.site;
    let shelves = Shelves::of(site);
    let fixed = [
        ("/", Kind::Home, shelves.newest.clone()),
        ("/articles", Kind::Articles, shelves.listed.clone()),
        ("/book", Kind::Book, Vec::new()),
        ("/search", Kind::Search, Vec::new()),
        ("/symptoms", Kind::Symptoms, Vec::new()),
    ];
    let mut jobs: Vec<Job<'_>> = fixed
        .into_iter()
        .map(|(path, kind, shows)| Job::new(path.to_owned(), kind, shows))
        .collect();
    for name in site.page_texts.keys() {
        jobs.push(Job::new(format!("/{name}"), Kind::PageText(name), vec![]));
    }
    for topic in site.topics.values() {
        let path = format!("/topics/{}", topic.id);
        let shows = shelves.on_topic(&topic.id);
        jobs.push(Job::new(path, Kind::Topic(topic), shows));
    }
    for person in site.people.values() {
        let path = format!("/people/{}", person.id);
        let shows = shelves.of_person(&person.id);
        jobs.push(Job::new(path, Kind::Person(person), shows));
    }
    for service in site.services.values() {
        let path = format!("/book/{}", service.id);
        let shows = shelves.with_service(&service.id);
        jobs.push(Job::new(path, Kind::Service(service), shows));
    }
    let of_articles: Vec<_> = site.articles.values().collect();
    let of_articles = of_articles.into_par_iter();
    jobs.par_extend(of_articles.filter_map(|article| of_article(making, &shelves, article)));
    for protocol in site.protocols.values() {
        let addressees = protocol.addressees().iter().copied();
        jobs.extend(addressees.map(|addressee| {
            let path = symptoms::form_address(protocol, addressee);
            Job::new(path, Kind::SymptomForm(protocol, addressee), vec![])
        }));
    }
    for slug in &site.unavailable {
        let path = format!("/articles/{slug}");
        jobs.push(Job::new(path, Kind::Unavailable(slug), vec![]));
    }
    if making.preview.is_some() {
        let path = preview::INDEX.to_owned();
        jobs.push(Job::new(path, Kind::Preview, shelves.newest.clone()));
    }
    jobs
}

/// The page of an article; none while readers may not see it, unless this is a preview.
fn of_article<'a>(
    making: Making<'a>,
    shelves: &Shelves<'a>,
    article: &'a Arc<Article>,
) -> Option<Job<'a>> {
    let path = format!("/articles/{}", article.slug);
    let shown = |others: Shown<'a>| std::iter::once(article).chain(others).collect();
    match making.site.visibility(article) {
        Visibility::NotYet if making.preview.is_none() => None,
        Visibility::NotYet | Visibility::Public => {
            let shows = shown(shelves.related(article));
            Some(Job::new(path, Kind::Article(article), shows))
        }
        Visibility::Withdrawn => {
            let shows = shown(shelves.instead_of(article).into_iter().collect());
            Some(Job::new(path, Kind::Withdrawn(article), shows))
        }
    }
}

impl<'a> Job<'a> {
    fn new(path: String, kind: Kind<'a>, shows: Shown<'a>) -> Self {
        Self { path, kind, shows }
    }

    /// The address.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Every article of which the page shows something, or whose absence it would show.
    pub fn shows(&self) -> &[&'a Arc<Article>] {
        &self.shows
    }

    /// What a preview says on the page.
    pub fn note(&self, making: Making<'a>) -> Option<&'a Note> {
        making.preview?.on(&self.path)
    }

    /// What other sites show beside a link to the page.
    pub fn picture(&self, making: Making<'a>) -> Option<&'a SharedPicture> {
        making.pictures.of(match self.kind {
            Kind::Article(article) => Subject::Article(article),
            Kind::Service(service) => Subject::Service(service),
            _ => Subject::Clinic,
        })
    }

    /// Whether a page that was made of `articles` on the same ground, with the same note and the same picture, is still
    /// the same: it is about the same value, and lists show the same of all others.
    pub fn is_made_of(&self, articles: &[Arc<Article>]) -> bool {
        let is_about = |at: usize| match self.kind {
            Kind::Article(_) | Kind::Withdrawn(_) => at == 0,
            _ => false,
        };
        let is_same = |(at, (now, last)): (usize, (&&Arc<Article>, &Arc<Article>))| {
            Arc::ptr_eq(now, last) || !is_about(at) && now.is_listed_like(last)
        };
        let mut pairs = self.shows.iter().zip(articles).enumerate();
        !matches!(self.kind, Kind::Preview)
            && self.shows.len() == articles.len()
            && pairs.all(is_same)
    }

    /// Renders the page.
    ///
    /// # Errors
    /// A template failed: a fault of ours, told with the address.
    pub fn render(&self, making: Making<'a>) -> Result<RenderedPage, String> {
        let shows = &self.shows;
        match self.kind {
            Kind::Home => home::render(making, shows),
            Kind::Articles => articles::render(making, shows),
            Kind::Book => book::render_list(making),
            Kind::PageText(name) => page_text::render(making, name),
            Kind::Topic(topic) => topic::render(making, topic, shows),
            Kind::Person(person) => person::render(making, person, shows),
            Kind::Service(service) => book::render_service(making, service),
            Kind::Article(article) => {
                let related = shows.get(1..).unwrap_or_default();
                article::render(making, article, related)
            }
            Kind::Withdrawn(article) => problem::render(making, Problem::Withdrawn(article)),
            Kind::Unavailable(slug) => problem::render(making, Problem::Unavailable(slug)),
            Kind::Search => search::blank_page(making),
            Kind::Symptoms => symptoms::choose(making),
            Kind::SymptomForm(protocol, addressee) => {
                let posted = Posted::new();
                let page = symptoms::FirstPage {
                    protocol,
                    addressee,
                    posted: &posted,
                    problems: &[],
                };
                symptoms::first_page(making, page)
            }
            Kind::Preview => preview::render(making),
        }
    }
}
