//! The text that a new protocol begins with, and its first vignettes: a finding of every
//! level to replace. It can't be served as it is, since each place to fill is an error.

use askama::Template;

use super::quoted;
use super::source::StartedSource;
use crate::triage::TriageLevel;

/// What is known of a protocol before it is written.
#[derive(Debug, Clone, Copy)]
pub struct NewProtocol<'a> {
    /// The complaint; also the file name.
    pub complaint: &'a str,
    /// What pages call it, as typed.
    pub title: &'a str,
    /// What patients call it; never empty.
    pub lay_terms: &'a [String],
    /// The word of its place on the body.
    pub body_area: &'a str,
    /// The id of the visit that fits.
    pub service: Option<&'a str>,
    /// Works that it relies on; never empty.
    pub sources: &'a [StartedSource],
    /// Findings that it may share with others.
    pub shared: &'a [SharedSign<'a>],
}

/// A shared finding by id, with the word of its level.
pub type SharedSign<'a> = (&'a str, &'a str);

#[derive(Template)]
#[template(path = "scaffold/protocol.toml", escape = "none")]
struct ProtocolText<'a> {
    title: String,
    lay_terms: Vec<String>,
    body_area: &'a str,
    service: Option<&'a str>,
    sources: &'a [StartedSource],
    shared: &'a [SharedSign<'a>],
    cite: &'a str,
    levels: Vec<Level>,
    /// Braces, which the template language would take for its own.
    open: char,
    close: char,
}

#[derive(Template)]
#[template(path = "scaffold/vignettes.toml", escape = "none")]
struct VignettesText<'a> {
    complaint: &'a str,
    cite: &'a str,
    levels: Vec<Level>,
}

/// A level with its heading in the file.
struct Level {
    id: &'static str,
    heading: &'static str,
}

fn levels() -> Vec<Level> {
    let rows = [
        (TriageLevel::Emergency, "Emergency"),
        (TriageLevel::Urgent, "Urgent: the same day"),
        (TriageLevel::Soon, "Soon: within a few days"),
        (TriageLevel::SelfCare, "Self-care"),
    ];
    let level = |(level, heading): (TriageLevel, &'static str)| Level {
        id: level.id(),
        heading,
    };
    rows.map(level).into()
}

impl NewProtocol<'_> {
    /// The text of the protocol's file.
    ///
    /// # Errors
    /// The template fails: a fault of ours.
    pub fn text(&self) -> askama::Result<String> {
        let text = ProtocolText {
            title: quoted(self.title),
            lay_terms: self.lay_terms.iter().map(|term| quoted(term)).collect(),
            body_area: self.body_area,
            service: self.service,
            sources: self.sources,
            shared: self.shared,
            cite: self.cite(),
            levels: levels(),
            open: '{',
            close: '}',
        };
        Ok(text.render()? + "\n")
    }

    /// The text of the file with its first vignettes.
    ///
    /// # Errors
    /// The template fails: a fault of ours.
    pub fn vignettes(&self) -> askama::Result<String> {
        let text = VignettesText {
            complaint: self.complaint,
            cite: self.cite(),
            levels: levels(),
        };
        Ok(text.render()? + "\n")
    }

    fn cite(&self) -> &str {
        self.sources.first().map_or("", StartedSource::id)
    }
}
