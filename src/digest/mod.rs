//! What is due: once a week, for the people who look after the content. It stands
//! apart from `check`, which tells what is wrong now and where: this tells who has
//! to do what soon. Pure: files and the day come from outside.

mod section;
mod text;

pub use section::{Group, Row, Section, sections};
pub use text::{html, text};

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;

use crate::booking::Fee;
use crate::clinic::Person;
use crate::content::Article;
use crate::id::Id;
use crate::links::{History, Mentions, Standing};
use crate::site::{Site, Visibility};

/// How many days ahead a review is told, so that a reviewer can find the time.
pub const REVIEW_DAYS: i32 = 60;

/// How many days ahead a price and the end of a campaign are told: two mails.
pub const SOON_DAYS: i32 = 14;

/// What is due. Its keys are what `digest --format json` prints, so they are a promise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Digest {
    /// Goes up when a key changes its meaning or goes away.
    pub version: u32,
    /// The clinic's name.
    pub clinic: String,
    /// The day, in the clinic's time zone.
    pub today: Date,
    /// By reviewer, ascending; nobody without reviews.
    pub reviews: Vec<Reviews>,
    /// The first due first.
    pub texts: Vec<DueText>,
    /// The first to go stale first.
    pub prices: Vec<StalePrice>,
    /// By address, ascending.
    pub links: Vec<BrokenLink>,
    /// The oldest first.
    pub drafts: Vec<OldDraft>,
    /// The first to end first.
    pub campaigns: Vec<EndingCampaign>,
    /// By id, ascending.
    pub sample_people: Vec<SamplePerson>,
}

/// The reviews that one person owes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reviews {
    /// The reviewer's id.
    pub reviewer: String,
    /// The reviewer's name with credentials.
    pub name: String,
    /// The first due first; never empty.
    pub articles: Vec<DueReview>,
}

/// An article to review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DueReview {
    /// The title.
    pub title: String,
    /// The file, relative to the content folder.
    pub path: String,
    /// The page's whole address.
    pub url: String,
    /// The last day for the review.
    pub due_on: Date,
    /// Days until then; below zero when it has passed.
    pub days_left: i32,
}

/// A page of the clinic's own words, or a list, to look at again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DueText {
    /// What it is called.
    pub name: String,
    /// The file, relative to the content folder.
    pub path: String,
    /// The id of its reviewer; none for a page, which the whole clinic answers for.
    pub reviewer: Option<String>,
    /// The last day for it.
    pub due_on: Date,
    /// Days until then; below zero when it has passed.
    pub days_left: i32,
}

/// A price that somebody should confirm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StalePrice {
    /// The service's id.
    pub service: String,
    /// The service's name.
    pub name: String,
    /// The day on which somebody last confirmed it.
    pub as_of: Date,
    /// The first day on which pages no longer show it.
    pub stale_on: Date,
    /// Days until then; zero or below when it is stale.
    pub days_left: i32,
}

/// An address that does not answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BrokenLink {
    /// The address.
    pub url: String,
    /// Whether it has failed on 3 days over a week.
    pub is_dead: bool,
    /// The first failure in a row.
    pub since: Date,
    /// What the last one was.
    pub why: String,
    /// The places that name it, such as `articles/a.md:4:11`; by file and line.
    pub places: Vec<String>,
}

/// A draft that nobody has touched for a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OldDraft {
    /// The title.
    pub title: String,
    /// The file, relative to the content folder.
    pub path: String,
    /// The ids of its authors, in the order of the file.
    pub authors: Vec<String>,
    /// The last change that is known of.
    pub touched_on: Date,
}

/// A campaign that ends soon.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EndingCampaign {
    /// The id.
    pub id: String,
    /// What marketing calls it.
    pub label: String,
    /// The last day on which it counts.
    pub until: Date,
    /// Days until then.
    pub days_left: i32,
}

/// A placeholder for a real person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SamplePerson {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
}

/// What a digest is made of.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    /// The content of the day.
    pub site: &'a Site,
    /// The addresses that it names.
    pub mentions: &'a Mentions,
    /// What runs of `check --links` found.
    pub history: &'a History,
    /// The day on which a file was last written, in the clinic's time zone; none if nobody knows.
    pub touched_on: &'a dyn Fn(&str) -> Option<Date>,
}

/// Tells what is due.
pub fn digest(facts: Facts<'_>) -> Digest {
    let site = facts.site;
    Digest {
        version: 1,
        clinic: site.clinic.name.clone(),
        today: site.today,
        reviews: reviews(site),
        texts: texts(site),
        prices: prices(site),
        links: links(facts),
        drafts: drafts(facts),
        campaigns: campaigns(site),
        sample_people: sample_people(site),
    }
}

fn days_left(today: Date, day: Date) -> i32 {
    (day - today).get_days()
}

fn reviews(site: &Site) -> Vec<Reviews> {
    let mut owed: BTreeMap<&Id<Person>, (&Person, Vec<&Article>)> = BTreeMap::new();
    for article in site.public_articles() {
        if days_left(site.today, article.dates.review_due) <= REVIEW_DAYS {
            let reviewer = &*article.reviewer;
            let owes = owed.entry(&reviewer.id).or_insert((reviewer, Vec::new()));
            owes.1.push(article);
        }
    }
    let told = owed.into_values().map(|(reviewer, mut articles)| {
        articles.sort_by_key(|article| (article.dates.review_due, &article.slug));
        Reviews {
            reviewer: reviewer.id.to_string(),
            name: reviewer.credited_name(),
            articles: articles.into_iter().map(|own| due(site, own)).collect(),
        }
    });
    told.collect()
}

fn due(site: &Site, article: &Article) -> DueReview {
    DueReview {
        title: article.title.clone(),
        path: article.path.clone(),
        url: format!("{}/articles/{}", site.clinic.origin, article.slug),
        due_on: article.dates.review_due,
        days_left: days_left(site.today, article.dates.review_due),
    }
}

fn texts(site: &Site) -> Vec<DueText> {
    let text = |name: &str, path: String, reviewer: Option<String>, due_on: Date| DueText {
        name: name.to_owned(),
        path,
        reviewer,
        due_on,
        days_left: days_left(site.today, due_on),
    };
    let pages = site.page_texts.iter().filter_map(|(name, page)| {
        let path = format!("clinic/pages/{name}.md");
        Some(text(&page.title, path, None, page.review_due?))
    });
    let list = site.synonyms_due().map(|due_on| {
        let review = site.synonyms.review.as_ref();
        let reviewer = review.map(|review| review.reviewer.to_string());
        let path = "clinic/synonyms.toml".to_owned();
        text("Same words of the search", path, reviewer, due_on)
    });
    let due = pages.chain(list);
    let mut due: Vec<DueText> = due.filter(|text| text.days_left <= REVIEW_DAYS).collect();
    due.sort_by_key(|text| text.due_on);
    due
}

fn prices(site: &Site) -> Vec<StalePrice> {
    let shown = i64::from(site.clinic.limits.price_stale_after_days);
    let stale_on = |fee: &Fee| {
        fee.as_of
            .checked_add((shown + 1).days())
            .unwrap_or(Date::MAX)
    };
    let services = site.services.values().filter_map(|service| {
        let fee = site.fees.on(&service.id, site.today)?;
        let stale_on = stale_on(fee);
        let days_left = days_left(site.today, stale_on);
        (days_left <= SOON_DAYS).then(|| StalePrice {
            service: service.id.to_string(),
            name: service.name.clone(),
            as_of: fee.as_of,
            stale_on,
            days_left,
        })
    });
    let mut prices: Vec<StalePrice> = services.collect();
    prices.sort_by_key(|price| price.stale_on);
    prices
}

fn links(facts: Facts<'_>) -> Vec<BrokenLink> {
    let broken = facts.mentions.iter().filter_map(|(url, mentions)| {
        let memory = facts.history.links.get(url)?;
        let (is_dead, since, why) = match memory.standing() {
            Standing::Dead { since, why } => (true, since, why),
            Standing::Failing { since, why } => (false, since, why),
            Standing::Sound | Standing::Unsure => return None,
        };
        let places = mentions.iter().map(|mention| mention.place.to_string());
        Some(BrokenLink {
            url: url.clone(),
            is_dead,
            since,
            why,
            places: places.collect(),
        })
    });
    broken.collect()
}

/// Drafts that rest. A draft has no date of its own: its last edit counts if its file names one that has passed,
/// else the day on which the file was written.
fn drafts(facts: Facts<'_>) -> Vec<OldDraft> {
    let site = facts.site;
    let resting = site.articles.values().filter_map(|article| {
        let is_draft = article.is_draft && site.visibility(article) == Visibility::NotYet;
        let edited = Some(article.dates.modified_on()).filter(|day| *day <= site.today);
        let touched_on = edited.or_else(|| (facts.touched_on)(&article.path))?;
        let month_later = touched_on.checked_add(1.month()).unwrap_or(Date::MAX);
        (is_draft && month_later < site.today).then(|| OldDraft {
            title: article.title.clone(),
            path: article.path.clone(),
            authors: article
                .authors
                .iter()
                .map(|author| author.id.to_string())
                .collect(),
            touched_on,
        })
    });
    let mut drafts: Vec<OldDraft> = resting.collect();
    drafts.sort_by_key(|draft| draft.touched_on);
    drafts
}

fn campaigns(site: &Site) -> Vec<EndingCampaign> {
    let ending = site.campaigns.values().filter_map(|campaign| {
        let until = campaign.period.until?;
        let days_left = days_left(site.today, until);
        (0..=SOON_DAYS)
            .contains(&days_left)
            .then(|| EndingCampaign {
                id: campaign.id.to_string(),
                label: campaign.label.clone(),
                until,
                days_left,
            })
    });
    let mut campaigns: Vec<EndingCampaign> = ending.collect();
    campaigns.sort_by_key(|campaign| campaign.until);
    campaigns
}

fn sample_people(site: &Site) -> Vec<SamplePerson> {
    let samples = site.people.values().filter(|person| person.sample);
    let told = samples.map(|person| SamplePerson {
        id: person.id.to_string(),
        name: person.credited_name(),
    });
    told.collect()
}
