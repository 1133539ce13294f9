//! The front matter of an article as typed fields. It knows shapes, not meanings:
//! whether a named person or topic exists is asked in [`read`](super::read).

use jiff::civil::Date;

use super::allowance::{Allowance, read_allowances};
use super::article::{Code, Withdrawal};
use super::review::Change;
use crate::clinic::{Person, Topic};
use crate::document::{Fields, Node};
use crate::file::{SourceFile, Spanned};
use crate::id::{ComplaintId, Id, ServiceId, Slug};
use crate::source::{Source, read_sources};

/// What was typed. A field is `None` after a fault, so that every other fault can still be found.
pub(super) struct FrontMatter {
    pub(super) title: Option<Spanned<String>>,
    pub(super) description: Option<Spanned<String>>,
    pub(super) lang: Option<Spanned<String>>,
    pub(super) topic: Option<Spanned<Id<Topic>>>,
    pub(super) complaint: Option<Spanned<ComplaintId>>,
    pub(super) service: Option<Spanned<ServiceId>>,
    pub(super) also_called: Vec<String>,
    pub(super) aliases: Vec<Spanned<Slug>>,
    pub(super) authors: Vec<Spanned<Id<Person>>>,
    pub(super) reviewer: Option<Spanned<Id<Person>>>,
    pub(super) conflicts: Option<String>,
    pub(super) published_on: Option<Spanned<Date>>,
    pub(super) updated_on: Option<Spanned<Date>>,
    pub(super) reviewed_on: Option<Spanned<Date>>,
    pub(super) review_due: Option<Spanned<Date>>,
    pub(super) is_draft: bool,
    pub(super) changes: Vec<Spanned<Change>>,
    pub(super) withdrawal: Option<Withdrawal>,
    pub(super) takeaways: Vec<Spanned<String>>,
    pub(super) takeaways_at: usize,
    pub(super) codes: Vec<Code>,
    pub(super) related: Vec<Spanned<Slug>>,
    pub(super) sources: Vec<Source>,
    pub(super) source_places: Vec<usize>,
    pub(super) allowances: Vec<Allowance>,
}

/// Reads every field, and adds every fault to the fields' own list.
pub(super) fn read_fields(fields: &mut Fields<'_>) -> FrontMatter {
    let description = fields
        .renamed("description", &["summary"])
        .unwrap_or("description");
    let published_on = fields
        .renamed("published_on", &["date", "published", "pubDate"])
        .unwrap_or("published_on");
    let updated_on = fields
        .renamed("updated_on", &["updated", "lastmod", "updatedDate"])
        .unwrap_or("updated_on");
    let (sources, source_places) = read_sources(fields, "sources");
    FrontMatter {
        title: fields.text("title"),
        description: fields.text(description),
        lang: fields.optional_text("lang"),
        topic: fields.parsed("topic"),
        complaint: fields.parsed("complaint"),
        service: fields.optional_parsed("service"),
        also_called: fields
            .optional_texts("also_called")
            .into_iter()
            .map(|text| text.value)
            .collect(),
        aliases: fields.optional_parsed_list("aliases"),
        authors: fields.parsed_list("authors"),
        reviewer: fields.parsed("reviewer"),
        conflicts: fields.text("conflicts").map(|text| text.value),
        published_on: fields.date(published_on),
        updated_on: fields.optional_date(updated_on),
        reviewed_on: fields.date("reviewed_on"),
        review_due: fields.optional_date("review_due"),
        is_draft: fields.flag("draft"),
        changes: changes(fields),
        withdrawal: withdrawal(fields),
        takeaways_at: fields
            .optional("takeaways")
            .map_or(fields.offset(), |node| node.span.start),
        takeaways: fields.texts("takeaways"),
        codes: codes(fields),
        related: fields.optional_parsed_list("related"),
        sources,
        source_places,
        allowances: read_allowances(fields),
    }
}

fn withdrawal(outer: &mut Fields<'_>) -> Option<Withdrawal> {
    let node = outer.optional("withdrawn")?;
    let mut fields = Fields::of(outer.file(), node, "withdrawn");
    let on = fields.date("on");
    let why = fields.text("why");
    let see = fields.optional_parsed("see");
    outer.tell_all(fields.finish());
    Some(Withdrawal {
        on: on?.value,
        why: why?.value,
        see,
    })
}

fn changes(outer: &mut Fields<'_>) -> Vec<Spanned<Change>> {
    let nodes = outer.optional_list("changes");
    let mut changes = Vec::with_capacity(nodes.len());
    for node in nodes {
        let mut fields = Fields::of(outer.file(), node, "a change");
        let on = fields.date("on");
        let what = fields.text("what");
        outer.tell_all(fields.finish());
        if let (Some(on), Some(what)) = (on, what) {
            let what = what.value;
            changes.push(on.map(|on| Change { on, what }));
        }
    }
    changes
}

fn codes(outer: &mut Fields<'_>) -> Vec<Code> {
    let nodes = outer.optional_list("codes");
    let mut codes = Vec::with_capacity(nodes.len());
    for node in nodes {
        let (code, faults) = code(outer.file(), node);
        outer.tell_all(faults);
        codes.extend(code);
    }
    codes
}

fn code(file: &SourceFile, node: &Node) -> (Option<Code>, Vec<crate::diagnostic::Diagnostic>) {
    let mut fields = Fields::of(file, node, "a code");
    let system = fields.known("system");
    let code = fields.text("code");
    let display = fields.optional_text("display");
    let code = system.zip(code).map(|(system, code)| Code {
        system: system.value,
        code: code.value,
        display: display.map(|text| text.value),
    });
    (code, fields.finish())
}
