//! All typed content of one moment, checked against itself. It stands above the
//! modules that read single files because only here is it known what else exists:
//! which links lead somewhere, which addresses clash, and which last good version
//! takes the place of a file that broke.

mod in_step;
mod links;
mod load;
mod related;
mod relations;

pub use in_step::in_step;
pub use load::{Before, Faults, Reading, load, load_again};
pub use related::{MOST_RELATED, Reason, Related, RelationIndex};
pub use relations::Relations;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use xxhash_rust::xxh3::Xxh3;

use crate::booking::{Campaigns, FeeSchedule, Price, RequestSettings, Service, Services};
use crate::clinic::{Clinic, Glossary, People, Synonyms, Topics};
use crate::content::markdown::Diagrams;
use crate::content::{Article, PageText, ReviewStatus, due_after};
use crate::document::Known;
use crate::file::SourceFile;
use crate::id::{ComplaintId, Id, Slug};
use crate::triage::{BodyArea, EmergencyWords, Entrance, Measures, Protocol, SharedFindings};

/// The pages of the clinic's own words that a site must have: file stem and address.
pub const PAGE_TEXTS: [&str; 2] = ["editorial-process", "privacy"];

/// Notices that a site can do without and a clinic should not: file stem and address, in the order of the footer. The
/// last two are owed to patients in the US alone.
pub const NOTICES: [&str; 3] = [
    "accessibility",
    "nondiscrimination",
    "notice-of-privacy-practices",
];

/// What was found on disk, before anybody understood it.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    /// Text files of `articles/` and `clinic/`, by path, ascending.
    pub texts: Vec<SourceFile>,
    /// Other files by path relative to the content folder: pictures, style sheets, fonts.
    pub assets: BTreeMap<String, Arc<[u8]>>,
    /// Files that could not be read as text.
    pub faults: Vec<crate::diagnostic::Diagnostic>,
    /// What the system said of each file when it was read, by path.
    pub stamps: BTreeMap<String, Stamp>,
}

impl Tree {
    /// The text file at a path.
    pub fn text(&self, path: &str) -> Option<&SourceFile> {
        let at = self.texts.binary_search_by(|file| file.path().cmp(path));
        self.texts.get(at.ok()?)
    }
}

/// What the system says of a file without its bytes. A file that was written since has another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// When it was saved last, as far as that is known.
    pub saved_at: Option<Timestamp>,
    /// How long it is.
    pub bytes: u64,
    /// Which file it is; one that takes its place by a rename has another number.
    pub inode: u64,
}

/// What names files by what the system says of them, by path: if any of them is written, or another takes its place, it is
/// another name.
pub fn name_of_files(stamps: &BTreeMap<String, Stamp>) -> u128 {
    let mut name = Xxh3::new();
    for (path, stamp) in stamps {
        name.update(path.as_bytes());
        let saved_at = stamp.saved_at.map_or(0, Timestamp::as_nanosecond);
        // No path has such a byte.
        name.update(&[0]);
        name.update(&saved_at.to_le_bytes());
        name.update(&stamp.bytes.to_le_bytes());
        name.update(&stamp.inode.to_le_bytes());
    }
    name.digest128()
}

/// The content of one moment. Every value in it was read without an error, now or earlier.
#[derive(Debug, Clone)]
pub struct Site {
    /// The day for which it was built, in the clinic's time zone.
    pub today: Date,
    /// The clinic.
    pub clinic: Arc<Clinic>,
    /// Authors and reviewers by id.
    pub people: Arc<People>,
    /// Topics by id.
    pub topics: Arc<Topics>,
    /// Medical terms in plain words, by id.
    pub glossary: Arc<Glossary>,
    /// Words that people use for the same thing, and who answers for them.
    pub synonyms: Arc<Synonyms>,
    /// Numbers that the symptom checker asks for, by id.
    pub measures: Arc<Measures>,
    /// Findings that several protocols share, by id.
    pub shared_findings: Arc<SharedFindings>,
    /// The lay words of all protocols, and the words that tell of an emergency.
    pub entrance: Arc<Entrance>,
    /// Words that tell of an emergency, in the order of the file.
    pub emergency_words: Arc<Vec<EmergencyWords>>,
    /// Protocols by complaint.
    pub protocols: Arc<BTreeMap<ComplaintId, Arc<Protocol>>>,
    /// Visits by id.
    pub services: Arc<Services>,
    /// What they cost.
    pub fees: Arc<FeeSchedule>,
    /// How requests for visits are taken; none if patients book by phone or on another site.
    request_settings: Option<Arc<RequestSettings>>,
    /// Campaigns that may be counted, by id.
    pub campaigns: Arc<Campaigns>,
    /// The clinic's own pages by file stem.
    pub page_texts: BTreeMap<String, Arc<PageText>>,
    /// Diagrams by name.
    pub diagrams: Arc<Diagrams>,
    /// Articles by slug, drafts and withdrawn ones included.
    pub articles: BTreeMap<Slug, Arc<Article>>,
    /// Articles that have a file, but no good version yet.
    pub unavailable: BTreeSet<Slug>,
}

/// What a reader may see of an article today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visibility {
    /// Nothing: it is a draft, or its day has not come.
    NotYet,
    /// The page.
    Public,
    /// That it was taken back.
    Withdrawn,
}

impl Site {
    /// What a reader may see of an article today.
    pub fn visibility(&self, article: &Article) -> Visibility {
        if article.is_draft || article.dates.published_on > self.today {
            return Visibility::NotYet;
        }
        match &article.withdrawal {
            Some(withdrawal) if withdrawal.on <= self.today => Visibility::Withdrawn,
            _ => Visibility::Public,
        }
    }

    /// Whether the review of an article holds today.
    pub fn review_status(&self, article: &Article) -> ReviewStatus {
        article
            .dates
            .review_status(self.today, self.clinic.limits.hide_overdue_after_days)
    }

    /// Articles that readers can open, by slug.
    pub fn public_articles(&self) -> impl Iterator<Item = &Arc<Article>> {
        self.articles
            .values()
            .filter(|article| self.visibility(article) == Visibility::Public)
    }

    /// Articles that lists and search engines show: public, and not long overdue; by slug.
    pub fn listed_articles(&self) -> impl Iterator<Item = &Arc<Article>> {
        self.articles
            .values()
            .filter(|article| self.is_listed(article))
    }

    /// Whether lists and search engines show an article.
    pub fn is_listed(&self, article: &Article) -> bool {
        self.visibility(article) == Visibility::Public
            && self.review_status(article) != ReviewStatus::LongOverdue
    }

    /// The last day for the next review of the words that people use for the same thing; none without a review.
    pub fn synonyms_due(&self) -> Option<Date> {
        let review = self.synonyms.review.as_ref()?;
        let months = self.clinic.limits.review_months;
        let due = || due_after(review.reviewed_on, months);
        Some(review.review_due.unwrap_or_else(due))
    }

    /// What a service costs today.
    pub fn price(&self, service: &Service) -> Price<'_> {
        self.fees.price(
            &service.id,
            self.today,
            self.clinic.limits.price_stale_after_days,
        )
    }

    /// How requests for visits are taken here; none if patients book by phone or on another site.
    pub fn request_settings(&self) -> Option<&RequestSettings> {
        let books_here = self.clinic.external_booking.is_none();
        self.request_settings.as_deref().filter(|_| books_here)
    }

    /// The parts of the body that a complaint belongs to; each has a page of its own.
    pub fn body_areas(&self) -> BTreeSet<BodyArea> {
        let protocols = self.protocols.values();
        protocols.flat_map(|protocol| protocol.areas()).collect()
    }

    /// Addresses of all pages that are no articles.
    pub fn page_addresses(&self) -> BTreeSet<String> {
        fn below<T>(folder: &str, ids: impl Iterator<Item = Id<T>>) -> Vec<String> {
            ids.map(|id| format!("{folder}{id}")).collect()
        }
        let glossary = (!self.glossary.is_empty()).then(|| "/glossary".to_owned());
        let fixed = [
            "/",
            "/articles",
            "/topics",
            "/for/clinicians",
            "/book",
            "/search",
            "/symptoms",
            "/body",
        ]
        .map(str::to_owned);
        let texts = self.page_texts.keys().map(|name| format!("/{name}"));
        let topics = below("/topics/", self.topics.keys().cloned());
        let people = below("/people/", self.people.keys().cloned());
        let services = below("/book/", self.services.keys().cloned());
        let areas = self.body_areas().into_iter().map(area_address);
        fixed
            .into_iter()
            .chain(glossary)
            .chain(texts)
            .chain(topics)
            .chain(people)
            .chain(services)
            .chain(areas)
            .collect()
    }
}

/// The address of the page of a part of the body.
pub fn area_address(area: BodyArea) -> String {
    format!("/body/{}", area.word())
}
