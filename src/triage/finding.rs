//! Reads findings: those of a protocol and those that several share. One reader
//! serves both, so that a shared sign can't be held to a lower standard.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Fields, from_toml, nearest};
use crate::file::{SourceFile, Spanned};
use crate::id::{FindingId, Id};

use super::applicability::{Applicability, read_applicability};
use super::citing::Shelf;
use super::disposition::TriageLevel;
use super::measure::{Measures, read_thresholds};
use super::protocol::{Finding, Hotline};

/// Shared findings by id, ascending.
pub type SharedFindings = BTreeMap<FindingId, Arc<Finding>>;

/// Reads `clinic/findings.toml`.
///
/// # Diagnostics
/// As for the findings of a protocol, for the editor. A broken finding is left out.
pub fn parse_shared_findings(
    file: &SourceFile,
    measures: &Measures,
) -> (SharedFindings, Vec<Diagnostic>) {
    let (root, mut diagnostics) = from_toml(file);
    let mut outer = Fields::of(file, &root, "the file");
    let mut shelf = Shelf::read(&mut outer);
    let mut findings = SharedFindings::new();
    for node in outer.list("finding") {
        let mut fields = Fields::of(file, node, "a finding");
        let read = read_finding(&mut fields, &mut shelf, measures);
        outer.tell_all(fields.finish());
        let Some(Spanned {
            value: finding,
            offset,
        }) = read
        else {
            continue;
        };
        if findings.contains_key(&finding.id) {
            outer.tell(id_taken(file, &finding, offset));
            continue;
        }
        findings.insert(finding.id.clone(), Arc::new(finding));
    }
    shelf.finish(&mut outer);
    diagnostics.extend(outer.finish());
    (findings, diagnostics)
}

/// Reads the findings of a protocol, in the order of the file, most urgent first.
///
/// # Diagnostics
/// `key-*`, `value-wrong`, `id-unknown`, `id-duplicate`, `citation-unknown`, `finding-order`,
/// `applicability-contradictory`: for the editor.
pub(super) fn read_findings(
    outer: &mut Fields<'_>,
    shelf: &mut Shelf,
    measures: &Measures,
    shared: &SharedFindings,
) -> Vec<Arc<Finding>> {
    let file = outer.file();
    let mut findings: Vec<Arc<Finding>> = Vec::new();
    for node in outer.list("finding") {
        let mut fields = Fields::of(file, node, "a finding");
        let read = if fields.optional("use").is_some() {
            used(&mut fields, shared)
        } else {
            read_finding(&mut fields, shelf, measures).map(|found| found.map(Arc::new))
        };
        outer.tell_all(fields.finish());
        let Some(Spanned {
            value: finding,
            offset,
        }) = read
        else {
            continue;
        };
        if findings.iter().any(|other| other.id == finding.id) {
            outer.tell(id_taken(file, &finding, offset));
        }
        outer.tell_all(below_a_milder_one(file, &findings, &finding, offset));
        findings.push(finding);
    }
    findings
}

fn used(fields: &mut Fields<'_>, shared: &SharedFindings) -> Option<Spanned<Arc<Finding>>> {
    let id = fields.parsed::<FindingId>("use")?;
    if let Some(finding) = shared.get(&id.value) {
        return Some(Spanned::new(Arc::clone(finding), id.offset));
    }
    let place = fields.file().place(id.offset);
    let fault = Diagnostic::new(
        Code::IdUnknown,
        place,
        format!("`{}` is not in `clinic/findings.toml`", id.value),
    );
    fields.tell(
        match nearest(id.value.as_str(), shared.keys().map(Id::as_str)) {
            Some(near) => fault.help(format!("did you mean `{near}`?")),
            None => fault.help("add it there, or write the finding here"),
        },
    );
    None
}

fn read_finding(
    fields: &mut Fields<'_>,
    shelf: &mut Shelf,
    measures: &Measures,
) -> Option<Spanned<Finding>> {
    let id = fields.parsed::<FindingId>("id");
    let level = fields.known::<TriageLevel>("level");
    let statement = fields.parsed("statement");
    let ask = fields.optional_parsed("ask");
    let when = read_thresholds(fields, measures);
    let why = fields.parsed("why");
    let call = fields.optional_known::<Hotline>("call");
    let sources = shelf.cite(fields);
    let applies_to = match fields.optional("applies_to") {
        Some(node) => read_applicability(fields, node),
        None => Applicability::default(),
    };
    if ask.is_none() && when.is_empty() {
        let place = fields.file().place(fields.offset());
        let fault = Diagnostic::new(Code::KeyMissing, place, "a finding needs `ask` or `when`");
        fields.tell(fault.help("write the question, or the number that decides"));
    }
    let id = id?;
    let finding = Finding {
        id: id.value,
        level: level?.value,
        statement: statement?.value,
        ask: ask.map(|ask| ask.value),
        when,
        why: why?.value,
        call: call.map(|call| call.value).unwrap_or_default(),
        sources,
        applies_to,
    };
    Some(Spanned::new(finding, id.offset))
}

fn id_taken(file: &SourceFile, finding: &Finding, offset: usize) -> Diagnostic {
    let message = format!("a second finding has the id `{}`", finding.id);
    Diagnostic::new(Code::IdDuplicate, file.place(offset), message)
        .help("give one of the two another id")
}

fn below_a_milder_one(
    file: &SourceFile,
    before: &[Arc<Finding>],
    finding: &Finding,
    offset: usize,
) -> Vec<Diagnostic> {
    let milder = before.iter().find(|other| other.level < finding.level);
    let tell = |milder: &Arc<Finding>| {
        let (own, other) = (finding.level.id(), milder.level.id());
        let message = format!(
            "`{}` is {own}, but stands below `{}`, which is {other}",
            finding.id, milder.id
        );
        Diagnostic::new(Code::FindingOrder, file.place(offset), message)
            .help("move it up: the most urgent findings come first")
    };
    milder.map(tell).into_iter().collect()
}
