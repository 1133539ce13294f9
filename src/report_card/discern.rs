//! DISCERN: sixteen questions about how well a text supports a choice of treatment.
//! Nearly all are about meaning, so nearly all are left to a human.

use super::instrument::{Instrument, Item, counted, human, met, not_met};
use crate::content::Article;

pub(super) fn discern(article: &Article) -> Instrument {
    Instrument {
        name: "DISCERN",
        about: "support for a choice of treatment",
        items: vec![
            human(
                1,
                "Aims are clear",
                "read the title, the description and the takeaways",
            ),
            human(
                2,
                "It does what it says it will",
                "compare the headings with the description",
            ),
            human(3, "It answers what readers ask", "ask two readers"),
            sources(article),
            dates(article),
            human(
                6,
                "It is balanced",
                "look for praise, blame and missing choices",
            ),
            human(
                7,
                "It points to more help",
                "look for places to turn to besides this clinic",
            ),
            human(
                8,
                "It says what is not known",
                "look for words such as `no one knows`",
            ),
            human(
                9,
                "It says how each treatment works",
                "read the section on treatment",
            ),
            human(
                10,
                "It names benefits of each treatment",
                "read the section on treatment",
            ),
            human(
                11,
                "It names risks of each treatment",
                "read the section on treatment",
            ),
            human(
                12,
                "It says what happens without treatment",
                "read the section on treatment",
            ),
            human(
                13,
                "It says what treatment changes in daily life",
                "read the section on treatment",
            ),
            human(
                14,
                "It shows that there may be more than one choice",
                "count the treatments",
            ),
            choice(article),
            human(
                16,
                "The whole is worth giving to a patient",
                "judge after items 1 to 15",
            ),
        ],
    }
}

fn sources(article: &Article) -> Item {
    let sources = counted(article.sources.len(), "source");
    let citations = counted(article.citations.len(), "citation");
    met(
        4,
        "It shows where its facts come from",
        format!("{sources} in a list, {citations} in the text"),
    )
}

fn dates(article: &Article) -> Item {
    let asks = "It shows how old its facts are";
    let all = article.sources.len();
    let undated = article
        .sources
        .iter()
        .filter(|source| {
            source.issued.year().is_none() && source.accessed.is_none() && source.text.is_none()
        })
        .count();
    match undated {
        0 => met(
            5,
            asks,
            format!("all {all} sources have a date, or the day on which somebody read them"),
        ),
        _ => not_met(
            5,
            asks,
            format!("{undated} of {all} sources have no date and no `accessed`"),
        ),
    }
}

fn choice(article: &Article) -> Item {
    let asks = "It helps to decide together";
    match article.questions {
        Some(_) => human(
            15,
            asks,
            "it has questions to ask at the visit; see whether they lead to a choice",
        ),
        None => not_met(15, asks, "it has no questions to ask at the visit"),
    }
}
