//! An article's file taken apart: front matter, takeaways and text, before anything that
//! they name is looked up. It stands apart because two ask for it: who makes the article,
//! and who counts its words later, for editors.

use super::front_matter::{FrontMatter, read_fields};
use super::glossed::Glossing;
use super::markdown::{Prose, Reading, read_line, read_text};
use super::read::Surroundings;
use crate::diagnostic::Diagnostic;
use crate::document::{Fields, Notes, from_yaml, split_front_matter};
use crate::file::{SourceFile, Span};
use crate::id::{InvalidId, Slug};

/// A file taken apart.
pub(super) struct Parsed {
    /// Where front matter and text stand, and how each writes notes.
    pub(super) spans: [(Span, Notes); 2],
    pub(super) slug: Result<Slug, InvalidId>,
    /// None if it is no YAML.
    pub(super) front: Option<FrontMatter>,
    pub(super) takeaways: Vec<Prose>,
    pub(super) body: Prose,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Takes a file apart. Without front matter there is nothing of it.
pub(super) fn parse(file: &SourceFile, around: Surroundings<'_>) -> Result<Parsed, Diagnostic> {
    let parts = split_front_matter(file)?;
    let slug = file.stem().parse::<Slug>();
    let (front, mut diagnostics) = read_front(file, parts.yaml.clone());
    let title = front.as_ref().and_then(|front| front.title.as_ref());
    let title = title.map_or_else(String::new, |title| title.value.clone());
    let reading = Reading {
        file,
        slug: slug.as_ref().ok(),
        pictures: around.pictures,
        glossing: Some(Glossing {
            terms: around.terms,
            title: &title,
        }),
        diagrams: Some(around.diagrams),
    };
    let (body, faults) = read_text(reading, parts.body.clone());
    diagnostics.extend(faults);
    let lines = front.iter().flat_map(|front| &front.takeaways);
    let lines = lines.map(|line| read_line(reading, line));
    let (takeaways, faults): (Vec<Prose>, Vec<_>) = lines.unzip();
    diagnostics.extend(faults.into_iter().flatten());
    Ok(Parsed {
        spans: [(parts.yaml, Notes::Hash), (parts.body, Notes::Absent)],
        slug,
        front,
        takeaways,
        body,
        diagnostics,
    })
}

/// The front matter, and what is wrong with it; none if it is no YAML.
fn read_front(file: &SourceFile, yaml: Span) -> (Option<FrontMatter>, Vec<Diagnostic>) {
    let (root, mut diagnostics) = from_yaml(file, yaml);
    let front = root.map(|root| {
        let mut fields = Fields::of(file, &root, "an article");
        let front = read_fields(&mut fields);
        diagnostics.extend(fields.finish());
        front
    });
    (front, diagnostics)
}
