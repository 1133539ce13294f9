//! A digest as headings and rows, which every form of it prints. It stands apart so
//! that text and HTML say the same in the same order.

use super::{Digest, REVIEW_DAYS, SOON_DAYS};

/// One part of a digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// What its rows have in common.
    pub heading: String,
    /// Who or what has something to do; empty if there is nothing.
    pub groups: Vec<Group>,
}

/// Rows of one person or kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Whose they are; none if the section has only one kind.
    pub name: Option<String>,
    /// Never empty.
    pub rows: Vec<Row>,
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// When, or how late.
    pub when: String,
    /// What it is about.
    pub what: String,
    /// Where that is: an address of the site, if it is one that can be opened.
    pub href: Option<String>,
    /// Where to mend it.
    pub place: String,
}

/// All parts, in the order of reading; those without anything too.
pub fn sections(digest: &Digest) -> Vec<Section> {
    vec![
        reviews(digest),
        section(
            format!("Other texts to look at again, overdue or within {REVIEW_DAYS} days"),
            texts(digest),
        ),
        section(
            format!("Prices to confirm, stale or within {SOON_DAYS} days"),
            prices(digest),
        ),
        section("Links that do not answer".into(), links(digest)),
        section("Drafts untouched for a month".into(), drafts(digest)),
        section(
            format!("Campaigns that end within {SOON_DAYS} days"),
            campaigns(digest),
        ),
        section("Sample people to replace".into(), sample_people(digest)),
    ]
}

fn section(heading: String, rows: Vec<Row>) -> Section {
    let group = (!rows.is_empty()).then_some(Group { name: None, rows });
    Section {
        heading,
        groups: group.into_iter().collect(),
    }
}

fn reviews(digest: &Digest) -> Section {
    let groups = digest.reviews.iter().map(|owed| Group {
        name: Some(format!("{} ({})", owed.name, owed.reviewer)),
        rows: owed
            .articles
            .iter()
            .map(|article| Row {
                when: format!("{}, {}", article.due_on, distance(article.days_left)),
                what: article.title.clone(),
                href: Some(article.url.clone()),
                place: article.path.clone(),
            })
            .collect(),
    });
    Section {
        heading: format!("Reviews overdue or due within {REVIEW_DAYS} days"),
        groups: groups.collect(),
    }
}

fn texts(digest: &Digest) -> Vec<Row> {
    let rows = digest.texts.iter().map(|text| Row {
        when: format!("{}, {}", text.due_on, distance(text.days_left)),
        what: match &text.reviewer {
            Some(reviewer) => format!("{}, by {reviewer}", text.name),
            None => text.name.clone(),
        },
        href: None,
        place: text.path.clone(),
    });
    rows.collect()
}

fn prices(digest: &Digest) -> Vec<Row> {
    let rows = digest.prices.iter().map(|price| Row {
        when: match price.days_left {
            ..=0 => format!("stale since {}", price.stale_on),
            left => format!("stale on {}, {}", price.stale_on, distance(left)),
        },
        what: format!("{}, confirmed on {}", price.name, price.as_of),
        href: None,
        place: "clinic/copays.toml".into(),
    });
    rows.collect()
}

fn links(digest: &Digest) -> Vec<Row> {
    let rows = digest.links.iter().map(|link| Row {
        when: match link.is_dead {
            true => format!("dead since {}", link.since),
            false => format!("failing since {}", link.since),
        },
        what: format!("{} ({})", link.url, link.why),
        href: None,
        place: link.places.join(", "),
    });
    rows.collect()
}

fn drafts(digest: &Digest) -> Vec<Row> {
    let rows = digest.drafts.iter().map(|draft| Row {
        when: format!("since {}", draft.touched_on),
        what: format!("{}, by {}", draft.title, draft.authors.join(", ")),
        href: None,
        place: draft.path.clone(),
    });
    rows.collect()
}

fn campaigns(digest: &Digest) -> Vec<Row> {
    let rows = digest.campaigns.iter().map(|campaign| Row {
        when: format!("{}, {}", campaign.until, distance(campaign.days_left)),
        what: format!("{} ({})", campaign.label, campaign.id),
        href: None,
        place: "clinic/campaigns.toml".into(),
    });
    rows.collect()
}

fn sample_people(digest: &Digest) -> Vec<Row> {
    let rows = digest.sample_people.iter().map(|person| Row {
        when: "before the site goes public".into(),
        what: format!("{} ({})", person.name, person.id),
        href: None,
        place: "clinic/people.toml".into(),
    });
    rows.collect()
}

/// How far a day is, in words.
fn distance(days: i32) -> String {
    match days {
        0 => "today".into(),
        1 => "tomorrow".into(),
        -1 => "1 day overdue".into(),
        2.. => format!("in {days} days"),
        _ => format!("{} days overdue", days.unsigned_abs()),
    }
}
