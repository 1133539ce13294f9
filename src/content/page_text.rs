//! The clinic's own pages, such as privacy: Markdown with a title and a date, but
//! without sources, findings and care cards.

use jiff::civil::Date;

use super::markdown::{Heading, Link, Pictures, Piece, Reading, read_text};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Fields, due_too_early, from_yaml, split_front_matter};
use crate::file::{SourceFile, Spanned};

/// A page of the clinic's own words.
#[derive(Debug, Clone, PartialEq)]
pub struct PageText {
    /// The h1.
    pub title: String,
    /// One or two sentences for search engines.
    pub description: String,
    /// The day of the last change.
    pub updated_on: Date,
    /// The last day on which somebody should have looked at the whole page again, after the last change; none if nobody
    /// promises that.
    pub review_due: Option<Date>,
    /// The text.
    pub body: Vec<Piece>,
    /// Headings of the text, in its order.
    pub headings: Vec<Heading>,
    /// Links within the site, with places.
    pub links: Vec<Spanned<Link>>,
}

impl PageText {
    /// Whether the day has passed on which somebody should have looked at it again.
    pub fn is_overdue(&self, today: Date) -> bool {
        self.review_due.is_some_and(|due| due < today)
    }
}

/// Reads `clinic/pages/<page>.md`.
///
/// # Diagnostics
/// As for an article's text; `date-order`; `citation-unknown` and `finding-unknown` for what such a page can't hold.
/// For the editor.
pub fn parse_page_text(file: &SourceFile) -> (Option<PageText>, Vec<Diagnostic>) {
    let parts = match split_front_matter(file) {
        Ok(parts) => parts,
        Err(fault) => return (None, vec![fault]),
    };
    let pictures = Pictures::new();
    let (prose, mut diagnostics) = read_text(
        Reading {
            file,
            slug: None,
            pictures: &pictures,
            glossing: None,
            diagrams: None,
        },
        parts.body,
    );
    for cited in &prose.citations {
        let message = format!("`[@{}]` stands on a page without sources", cited.value);
        diagnostics.push(
            Diagnostic::new(Code::CitationUnknown, file.place(cited.offset), message)
                .help("take it out"),
        );
    }
    for finding in &prose.findings {
        let message = format!(
            "the finding `{}` stands on a page without protocol",
            finding.value
        );
        diagnostics.push(
            Diagnostic::new(Code::FindingUnknown, file.place(finding.offset), message)
                .help("take it out"),
        );
    }
    let (root, faults) = from_yaml(file, parts.yaml);
    diagnostics.extend(faults);
    let Some(root) = root else {
        return (None, diagnostics);
    };
    let mut fields = Fields::of(file, &root, "a page");
    let title = fields.text("title");
    let description = fields.text("description");
    let updated_on = fields.date("updated_on");
    let review_due = fields.optional_date("review_due");
    if let Some(fault) = due_too_early(file, review_due, "updated_on", updated_on) {
        fields.tell(fault.help("name the day until which somebody looks at the page again"));
    }
    diagnostics.extend(fields.finish());
    let sound = !diagnostics.iter().any(Diagnostic::is_error);
    let page = title
        .zip(description)
        .zip(updated_on)
        .map(|((title, description), updated_on)| PageText {
            title: title.value,
            description: description.value,
            updated_on: updated_on.value,
            review_due: review_due.map(|due| due.value),
            body: prose.pieces,
            headings: prose.headings,
            links: prose.links,
        });
    (page.filter(|_| sound), diagnostics)
}
