//! The JAMA benchmarks: four facts that a page must show about itself. The front matter
//! holds most of them, so a program can tell.

use jiff::civil::Date;

use super::instrument::{Instrument, Item, counted, human, met, not_met};
use crate::content::{Article, ReviewStatus};

pub(super) fn jama(article: &Article, today: Date) -> Instrument {
    let conflict = article.conflict.as_deref().unwrap_or("none");
    let sources = counted(article.sources.len(), "source");
    let citations = counted(article.citations.len(), "citation");
    Instrument {
        name: "JAMA benchmarks",
        about: "what a page shows about itself",
        items: vec![
            authorship(article),
            met(
                2,
                "Sources are named where they are used",
                format!("{sources}, {citations}: each resolves, or the article would not be live"),
            ),
            human(
                3,
                "Interests and money are disclosed",
                format!("conflicts of interest: {conflict}; say whether anybody pays for the page"),
            ),
            currency(article, today),
        ],
    }
}

fn authorship(article: &Article) -> Item {
    let asks = "Authors and their credentials are shown";
    let mut people = article.authors.iter().chain([&article.reviewer]);
    if let Some(sample) = people.find(|person| person.sample) {
        return not_met(1, asks, format!("`{}` is a sample person", sample.id));
    }
    let authors = counted(article.authors.len(), "author");
    met(
        1,
        asks,
        format!("{authors}, and a reviewer with credentials, in the byline"),
    )
}

fn currency(article: &Article, today: Date) -> Item {
    let asks = "Dates are shown and the page is current";
    let dates = &article.dates;
    let (reviewed, due) = (dates.reviewed_on, dates.review_due);
    match dates.review_status(today, 0) {
        ReviewStatus::Current => met(
            4,
            asks,
            format!("reviewed on {reviewed}, due again on {due}"),
        ),
        _ => not_met(4, asks, format!("the review was due on {due}")),
    }
}
