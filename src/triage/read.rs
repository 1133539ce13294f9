//! A protocol's file to a [`Protocol`]. It stands apart from the types because
//! most of it is about what an editor may get wrong: a source that is not there,
//! a red flag below a milder sign, a group of people that nobody belongs to.

use std::str::FromStr;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Fields, Node, from_toml, placeholders_of};
use crate::file::SourceFile;
use crate::id::ComplaintId;
use crate::source::Source;

use super::applicability::{Applicability, read_applicability};
use super::citing::Shelf;
use super::disposition::TriageLevel;
use super::finding::{SharedFindings, read_findings};
use super::measure::Measures;
use super::protocol::*;

/// Reads `clinic/protocols/<complaint>.toml`.
///
/// # Diagnostics
/// `key-*`, `value-wrong`, `id-*`, `citation-unknown`, `source-*`, `finding-order`,
/// `applicability-contradictory`, `protocol-incomplete`, `placeholder`: for the editor. There is no protocol after an error.
pub fn parse_protocol(
    file: &SourceFile,
    shared: &SharedFindings,
    measures: &Measures,
) -> ReadProtocol {
    let (root, mut diagnostics) = from_toml(file);
    let mut fields = Fields::of(file, &root, "a protocol");
    let complaint = complaint(&mut fields);
    let protocol = protocol(&mut fields, complaint, shared, measures);
    diagnostics.extend(fields.finish());
    diagnostics.extend(placeholders_of(file));
    let sound = !diagnostics.iter().any(Diagnostic::is_error);
    (protocol.filter(|_| sound), diagnostics)
}

fn complaint(fields: &mut Fields<'_>) -> Option<ComplaintId> {
    match fields.file().stem().parse() {
        Ok(id) => Some(id),
        Err(error) => {
            let message = format!(
                "the file name `{}` is no complaint, {error}",
                fields.file().stem()
            );
            let place = fields.file().place(0);
            fields.tell(Diagnostic::new(Code::ValueWrong, place, message).help("rename the file"));
            None
        }
    }
}

fn protocol(
    fields: &mut Fields<'_>,
    complaint: Option<ComplaintId>,
    shared: &SharedFindings,
    measures: &Measures,
) -> Option<Protocol> {
    let title = fields.text("title");
    let lay_terms = fields.texts("lay_terms");
    let body_area = fields.known("body_area");
    let also_in = fields.optional_known_list("also_in");
    let youngest = fields.optional_parsed::<Months>("youngest_age_months");
    let oldest = fields.optional_parsed::<Months>("oldest_age_years");
    let see_instead = fields.optional_parsed("see_instead");
    let safety_note = fields.optional_text("safety_note");
    let articles = fields.optional_parsed_list("articles");
    let service = fields.optional_parsed("service");
    let signed_off_by = fields.optional_text("signed_off_by");
    let mut shelf = Shelf::read(fields);
    let default = default_level(fields, &mut shelf);
    let findings = read_findings(fields, &mut shelf, measures, shared);
    let durations = durations(fields, &mut shelf);
    let self_care = each(fields, "self_care", |inner| {
        self_care_step(inner, &mut shelf)
    });
    let watch_for = watch_for(fields, &mut shelf);
    let sources = with_shared(shelf.finish(fields), &findings);
    let default = default?;
    refuse_incomplete(fields, &default, &self_care, &watch_for);
    Some(Protocol {
        complaint: complaint?,
        title: title?.value,
        lay_terms: lay_terms.into_iter().map(|term| term.value).collect(),
        body_area: body_area?.value,
        also_in: also_in.into_iter().map(|area| area.value).collect(),
        youngest_age_months: youngest.map_or(0, |months| months.value.0),
        oldest_age_years: oldest.map(|years| years.value.0),
        see_instead: see_instead.map(|complaint| complaint.value),
        safety_note: safety_note.map(|note| note.value),
        articles: articles.into_iter().map(|slug| slug.value).collect(),
        service: service.map(|service| service.value),
        signed_off_by: signed_off_by.map(|id| id.value),
        default,
        findings,
        durations,
        self_care,
        watch_for,
        sources,
    })
}

/// The protocol's own sources, and those of shared findings that are not the same work.
fn with_shared(mut sources: Vec<Arc<Source>>, findings: &[Arc<Finding>]) -> Vec<Arc<Source>> {
    for source in findings.iter().flat_map(|finding| &finding.sources) {
        if !sources
            .iter()
            .any(|own| own.main_href() == source.main_href())
        {
            sources.push(Arc::clone(source));
        }
    }
    sources
}

/// Reads each table of a list; a broken one costs itself.
fn each<T>(
    fields: &mut Fields<'_>,
    key: &'static str,
    mut read: impl FnMut(&mut Fields<'_>) -> Option<T>,
) -> Vec<T> {
    let nodes: &[Node] = fields.optional_list(key);
    let mut records = Vec::with_capacity(nodes.len());
    for node in nodes {
        let mut inner = Fields::of(fields.file(), node, key);
        records.extend(read(&mut inner));
        fields.tell_all(inner.finish());
    }
    records
}

fn default_level(fields: &mut Fields<'_>, shelf: &mut Shelf) -> Option<DefaultLevel> {
    let node = fields.required("default")?;
    let mut inner = Fields::of(fields.file(), node, "default");
    let level = inner.known("level");
    let why = inner.text("why");
    let sources = shelf.cite(&mut inner);
    fields.tell_all(inner.finish());
    Some(DefaultLevel {
        level: level?.value,
        why: why?.value,
        sources,
    })
}

fn durations(fields: &mut Fields<'_>, shelf: &mut Shelf) -> Vec<DurationRule> {
    let mut rules = each(fields, "duration", |inner| {
        let days = inner.parsed::<Days>("longer_than_days");
        let level = inner.known("level");
        let sources = shelf.cite(inner);
        let applies_to = match inner.optional("applies_to") {
            Some(node) => read_applicability(inner, node),
            None => Applicability::default(),
        };
        Some(DurationRule {
            longer_than_days: days?.value.0,
            level: level?.value,
            applies_to,
            sources,
        })
    });
    rules.sort_by_key(|rule| rule.longer_than_days);
    rules
}

fn self_care_step(fields: &mut Fields<'_>, shelf: &mut Shelf) -> Option<SelfCareStep> {
    let step = fields.text("step");
    let sources = shelf.cite(fields);
    Some(SelfCareStep {
        step: step?.value,
        sources,
    })
}

fn watch_for(fields: &mut Fields<'_>, shelf: &mut Shelf) -> Vec<WatchFor> {
    let mut signs = each(fields, "watch_for", |inner| {
        let level = inner.known::<TriageLevel>("level");
        let sign = inner.text("sign");
        let sources = shelf.cite(inner);
        Some(WatchFor {
            level: level?.value,
            sign: sign?.value,
            sources,
        })
    });
    signs.sort_by_key(|sign| std::cmp::Reverse(sign.level));
    signs
}

fn refuse_incomplete(
    fields: &mut Fields<'_>,
    default: &DefaultLevel,
    self_care: &[SelfCareStep],
    watch_for: &[WatchFor],
) {
    let lacks_home_care = default.level == TriageLevel::SelfCare && self_care.is_empty();
    let rows = [
        (
            watch_for.is_empty(),
            "nothing to watch for",
            "add a [[watch_for]] with level, sign and sources",
        ),
        (
            lacks_home_care,
            "no home care, though its default level is self-care",
            "add a [[self_care]] with step and sources",
        ),
    ];
    for (lacking, what, help) in rows {
        if lacking {
            let place = fields.file().place(fields.offset());
            fields.tell(
                Diagnostic::new(
                    Code::ProtocolIncomplete,
                    place,
                    format!("the protocol has {what}"),
                )
                .help(help),
            );
        }
    }
}

struct Days(u16);

impl FromStr for Days {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = text
            .parse()
            .ok()
            .filter(|number| (1..=3660).contains(number));
        number
            .map(Self)
            .ok_or("expected a whole number of days from 1")
    }
}

/// A limit of age, in the unit that its key names.
struct Months(u16);

impl FromStr for Months {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = text
            .parse()
            .ok()
            .filter(|number| (0..=1560).contains(number));
        number.map(Self).ok_or("expected a whole number from 0")
    }
}
