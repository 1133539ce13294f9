//! The text that a new article begins with: every section of a good one, the signs of its
//! complaint, and a place to fill wherever only the editor can know.

use askama::Template;
use jiff::civil::Date;

use super::quoted;
use super::source::StartedSource;
use crate::id::FindingId;
use crate::triage::{Finding, Hotline, Protocol, TriageLevel};

/// Longest heading, in characters. Source: `specs/editorial-checks.md`.
const MAX_HEADING: usize = 65;

/// How many signs of one level stand in the text; the cards show all of them.
const MOST_SIGNS: usize = 5;

/// What is known of an article before it is written.
#[derive(Debug, Clone, Copy)]
pub struct NewArticle<'a> {
    /// The last part of its address.
    pub slug: &'a str,
    /// The h1, as typed.
    pub title: &'a str,
    /// The id of its shelf.
    pub topic: &'a str,
    /// The protocol of its complaint.
    pub protocol: &'a Protocol,
    /// The id of the visit that fits.
    pub service: Option<&'a str>,
    /// Ids of its authors; never empty.
    pub authors: &'a [String],
    /// The id of its reviewer.
    pub reviewer: &'a str,
    /// The day of its first version.
    pub today: Date,
    /// Works that it relies on; never empty.
    pub sources: &'a [StartedSource],
}

#[derive(Template)]
#[template(path = "scaffold/article.md", escape = "none")]
struct ArticleText<'a> {
    slug: &'a str,
    title: String,
    topic: &'a str,
    complaint: String,
    service: Option<&'a str>,
    authors: &'a [String],
    reviewer: &'a str,
    today: Date,
    sources: &'a [StartedSource],
    cite: String,
    cite_all: String,
    what_is_it: String,
    emergency: Vec<Sign<'a>>,
    signs: Vec<Sign<'a>>,
    cards: Vec<Card<'a>>,
}

/// A finding as a list in the file shows it.
struct Sign<'a> {
    id: &'a FindingId,
    level: &'static str,
    statement: String,
}

impl<'a> Sign<'a> {
    fn of(finding: &'a Finding) -> Self {
        Self {
            id: &finding.id,
            level: finding.level.id(),
            statement: finding.statement.to_string(),
        }
    }
}

/// The signs of one level, with the words above them.
struct Card<'a> {
    heading: &'static str,
    lead: &'static str,
    signs: Vec<Sign<'a>>,
}

impl NewArticle<'_> {
    /// The text of the file.
    ///
    /// # Errors
    /// The template fails: a fault of ours.
    pub fn text(&self) -> askama::Result<String> {
        let ids: Vec<String> = self
            .sources
            .iter()
            .map(|source| format!("@{}", source.id()))
            .collect();
        let first = ids.first().map(String::as_str).unwrap_or_default();
        let mut text = ArticleText {
            slug: self.slug,
            title: quoted(self.title),
            topic: self.topic,
            complaint: self.protocol.complaint.to_string(),
            service: self.service,
            authors: self.authors,
            reviewer: self.reviewer,
            today: self.today,
            sources: self.sources,
            cite: format!("[{first}]"),
            cite_all: format!("[{}]", ids.join("; ")),
            what_is_it: what_is_it(self.title),
            emergency: signs_at(self.protocol, TriageLevel::Emergency),
            signs: self.protocol.findings.iter().map(|f| Sign::of(f)).collect(),
            cards: cards(self.protocol),
        }
        .render()?;
        text.push('\n');
        Ok(text)
    }
}

/// The first signs of a level. Those for which another number than 911 is called stand on the cards, with that number.
fn signs_at(protocol: &Protocol, level: TriageLevel) -> Vec<Sign<'_>> {
    let findings = protocol.findings_at(level);
    let findings = findings.filter(|finding| finding.call == Hotline::Emergency);
    findings.take(MOST_SIGNS).map(Sign::of).collect()
}

/// The levels that have signs, most urgent first.
fn cards(protocol: &Protocol) -> Vec<Card<'_>> {
    let rows = [
        (
            TriageLevel::Emergency,
            "Get help right now",
            "Call 911 or go to an emergency department if:",
        ),
        (
            TriageLevel::Urgent,
            "Get care today",
            "See a clinician the same day if:",
        ),
        (
            TriageLevel::Soon,
            "Get care within a few days",
            "Ask for a visit if:",
        ),
    ];
    let cards = rows.map(|(level, heading, lead)| Card {
        heading,
        lead,
        signs: signs_at(protocol, level),
    });
    cards
        .into_iter()
        .filter(|card| !card.signs.is_empty())
        .collect()
}

/// The first heading: a question with the name of the condition, if it is short enough.
fn what_is_it(title: &str) -> String {
    let name = title.split(':').next().unwrap_or(title).trim();
    let mut signs = name.chars();
    let first = signs.next().unwrap_or_default();
    let is_word = signs.clone().next().is_some_and(char::is_lowercase);
    let name = if is_word {
        format!("{}{}", first.to_lowercase(), signs.as_str())
    } else {
        name.to_owned()
    };
    let heading = format!("What is {name}?");
    let fits = heading.chars().count() <= MAX_HEADING;
    if fits && !name.contains(['[', '<', '`', '*', '!', '{', '?']) {
        heading
    } else {
        "What it is".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_heading_asks_for_the_condition() {
        let rows = [
            ("Tennis elbow", "What is tennis elbow?"),
            ("Pink eye: what it can mean", "What is pink eye?"),
            ("COPD", "What is COPD?"),
            ("Is it [a] trap?", "What it is"),
        ];
        for (title, expected) in rows {
            assert_eq!(what_is_it(title), expected);
        }
        assert_eq!(what_is_it(&"long ".repeat(20)), "What it is");
    }
}
