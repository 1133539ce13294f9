//! The pages of a site as jobs: which there are, of which articles each shows
//! something, and how each is rendered. What a page shows is named before it is
//! rendered, so that a page of which nothing changed need not be rendered at all.
//! Pages of single articles are [`OwnPage`](super::OwnPage)s: there are too many for a job each.

use std::sync::Arc;

use jiff::civil::Date;

use super::machine::{MOST_ENTRIES, MOST_ON_A_SHELF, Machine};
use super::names::LetterPage;
use super::preview::{self, Note};
use super::share_picture::{SharedPicture, Subject};
use super::shelves::{Shelves, Shown};
use super::{
    Making, Problem, RenderedPage, articles, body, book, clinicians, glossary, home, page_text,
    person, problem, search, symptoms, topic, topics,
};
use crate::booking::Service;
use crate::clinic::{Person, Topic};
use crate::content::Article;
use crate::id::Slug;
use crate::site::{Visibility, area_address};
use crate::triage::{Addressee, BodyArea, Posted, Protocol};

/// One page that does not depend on the visitor.
pub struct Job<'a> {
    path: String,
    kind: Kind<'a>,
    shows: Shown<'a>,
    /// Changes when a list does that the page shows; 0 if it shows none.
    listing: u128,
}

enum Kind<'a> {
    Home,
    Articles,
    Letter(&'a LetterPage),
    Topics,
    Clinicians,
    Book,
    Glossary,
    PageText(&'a str),
    Topic(&'a Topic),
    Person(&'a Person),
    Service(&'a Service),
    Unavailable(&'a Slug),
    Search,
    Symptoms,
    SymptomForm(&'a Protocol, Addressee),
    Body,
    BodyArea(BodyArea),
    Preview,
    Machine(Machine),
}

/// Every page of a site that does not depend on the visitor, before any is made.
pub struct Plan<'a> {
    making: Making<'a>,
    shelves: Shelves<'a>,
}

/// An article that may have pages of its own.
#[derive(Clone, Copy)]
pub struct Planned<'a> {
    /// The article.
    pub article: &'a Arc<Article>,
    /// What to read after it, as places among the listed articles by slug.
    related: &'a [usize],
}

impl<'a> Plan<'a> {
    /// The pages of a site.
    pub fn of(making: Making<'a>) -> Self {
        let shelves = Shelves::of(making.site);
        Self { making, shelves }
    }

    /// All articles, by slug. Which pages each has says [`OwnPage::all`](super::OwnPage::all).
    pub fn articles(&self) -> Vec<Planned<'a>> {
        let mut lists = self.making.relations.lists().peekable();
        let articles = self.making.site.articles.values();
        articles
            .map(|article| {
                let list = lists.next_if(|(own, _)| Arc::ptr_eq(own, article));
                let related = list.map(|(_, places)| places).unwrap_or_default();
                Planned { article, related }
            })
            .collect()
    }

    /// Other articles of which the page of an article shows something, in its order.
    pub fn beside(&self, planned: Planned<'a>) -> impl Iterator<Item = &'a Arc<Article>> {
        let related = planned.related.iter();
        let related = related.filter_map(|at| self.shelves.listed.get(*at).copied());
        // What was taken back has no list of what to read after it.
        let is_withdrawn = self.making.site.visibility(planned.article) == Visibility::Withdrawn;
        let instead = is_withdrawn.then(|| self.shelves.instead_of(planned.article));
        related.chain(instead.flatten())
    }

    /// All pages but those of single articles, by kind and then by address.
    pub fn jobs(&self) -> Vec<Job<'a>> {
        let (making, shelves) = (self.making, &self.shelves);
        let site = making.site;
        let fixed = [
            ("/", Kind::Home, shelves.newest.clone()),
            ("/topics", Kind::Topics, shelves.listed.clone()),
            (
                "/for/clinicians",
                Kind::Clinicians,
                clinicians::shown(&shelves.listed),
            ),
            ("/book", Kind::Book, Vec::new()),
            ("/search", Kind::Search, Vec::new()),
            ("/symptoms", Kind::Symptoms, Vec::new()),
            ("/body", Kind::Body, Vec::new()),
        ];
        let mut jobs: Vec<Job<'_>> = fixed
            .into_iter()
            .map(|(path, kind, shows)| Job::new(path.to_owned(), kind, shows))
            .collect();
        if !site.glossary.is_empty() {
            let path = glossary::ADDRESS.to_owned();
            jobs.push(Job::new(path, Kind::Glossary, shelves.newest.clone()));
        }
        jobs.extend(a_to_z(making, shelves));
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
        for area in site.body_areas() {
            let shows = shelves.in_area(area);
            jobs.push(Job::new(area_address(area), Kind::BodyArea(area), shows));
        }
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
        jobs.extend(machines(making, shelves));
        if making.preview.is_some() {
            let path = preview::INDEX.to_owned();
            jobs.push(Job::new(path, Kind::Preview, shelves.newest.clone()));
        }
        jobs
    }
}

/// The list of all names. While it fits on one page it also says when one of the articles changed.
fn a_to_z<'a>(making: Making<'a>, shelves: &Shelves<'a>) -> Vec<Job<'a>> {
    let names = making.names;
    let shows = match names.is_by_letter() {
        true => Vec::new(),
        false => shelves.listed.clone(),
    };
    let mut all = Job::new("/articles".to_owned(), Kind::Articles, shows);
    all.listing = names.fingerprint;
    let pages = names.pages.iter().map(|page| {
        let mut job = Job::new(page.path.clone(), Kind::Letter(page), vec![]);
        job.listing = page.fingerprint;
        job
    });
    std::iter::once(all).chain(pages).collect()
}

/// Documents for programs at fixed addresses.
fn machines<'a>(making: Making<'a>, shelves: &Shelves<'a>) -> Vec<Job<'a>> {
    let job = |machine: Machine| {
        let shows = match machine {
            Machine::Atom | Machine::JsonFeed => shelves.changed_last(MOST_ENTRIES),
            Machine::Llms => shelves.best_of_topics(MOST_ON_A_SHELF),
            Machine::Robots | Machine::Humans | Machine::Manifest | Machine::Security => vec![],
        };
        Job::new(machine.path().to_owned(), Kind::Machine(machine), shows)
    };
    Machine::of(making).into_iter().map(job).collect()
}

impl<'a> Job<'a> {
    fn new(path: String, kind: Kind<'a>, shows: Shown<'a>) -> Self {
        Self {
            path,
            kind,
            shows,
            listing: 0,
        }
    }

    /// The address.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Every article of which the page shows something, or whose absence it would show.
    pub fn shows(&self) -> &[&'a Arc<Article>] {
        &self.shows
    }

    /// What changes when a list does that the page shows beyond its articles.
    pub fn listing(&self) -> u128 {
        self.listing
    }

    /// The day of the last edit, for a page of which somebody keeps it. A page that only lists others has none.
    pub fn changed_on(&self, making: Making<'a>) -> Option<Date> {
        match self.kind {
            Kind::PageText(name) => making.site.page_texts.get(name).map(|text| text.updated_on),
            _ => None,
        }
    }

    /// What a preview says on the page.
    pub fn note(&self, making: Making<'a>) -> Option<&'a Note> {
        making.preview?.on(&self.path)
    }

    /// What other sites show beside a link to the page.
    pub fn picture(&self, making: Making<'a>) -> Option<&'a SharedPicture> {
        making.pictures.of(match self.kind {
            Kind::Service(service) => Subject::Service(service),
            _ => Subject::Clinic,
        })
    }

    /// Whether a page that was made of `articles` on the same ground, with the same note and the same picture, is still
    /// the same: it is about the same value, and lists show the same of all others.
    pub fn is_made_of(&self, articles: &[Arc<Article>]) -> bool {
        let is_about_all = match self.kind {
            // A feed shows takeaways, which no list does.
            Kind::Machine(Machine::Atom | Machine::JsonFeed) => true,
            // Its examples are their codes, which lists don't show.
            Kind::Clinicians => true,
            _ => false,
        };
        let is_same = |(now, last): (&&Arc<Article>, &Arc<Article>)| {
            Arc::ptr_eq(now, last) || !is_about_all && now.is_listed_like(last)
        };
        let mut pairs = self.shows.iter().zip(articles);
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
            Kind::Letter(page) => articles::render_letter(making, page),
            Kind::Topics => topics::render(making, shows),
            Kind::Clinicians => clinicians::render(making, shows),
            Kind::Book => book::render_list(making),
            Kind::Glossary => glossary::render(making, shows),
            Kind::PageText(name) => page_text::render(making, name),
            Kind::Topic(topic) => topic::render(making, topic, shows),
            Kind::Person(person) => person::render(making, person, shows),
            Kind::Service(service) => book::render_service(making, service),
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
            Kind::Body => body::render(making),
            Kind::BodyArea(area) => body::render_area(making, area, shows),
            Kind::Preview => preview::render(making),
            Kind::Machine(machine) => machine.render(making, shows),
        }
    }
}
