//! A protocol's file to a [`Protocol`]. It stands apart from the types because
//! most of it is about what an editor may get wrong: a source that is not there,
//! a red flag below a milder sign, a group of people that nobody belongs to.

use std::collections::BTreeSet;
use std::str::FromStr;

use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Fields, Node, from_toml};
use crate::file::{SourceFile, Spanned};
use crate::id::{ComplaintId, FindingId};
use crate::source::{Source, SourceId, read_sources};

use super::applicability::{Applicability, read_applicability};
use super::disposition::TriageLevel;
use super::protocol::*;

/// Reads `clinic/protocols/<complaint>.toml`.
///
/// # Diagnostics
/// `key-*`, `value-wrong`, `id-duplicate`, `citation-unknown`, `source-*`, `finding-order`,
/// `applicability-contradictory`, `protocol-incomplete`: for the editor. There is no protocol after an error.
pub fn parse_protocol(file: &SourceFile) -> ReadProtocol {
    let (root, mut diagnostics) = from_toml(file);
    let mut reading = Reading {
        file,
        cited: BTreeSet::new(),
        diagnostics: Vec::new(),
    };
    let mut fields = Fields::of(file, &root, "a protocol");
    let complaint = complaint(&mut fields);
    let protocol = reading.protocol(&mut fields, complaint);
    diagnostics.extend(fields.finish());
    diagnostics.extend(reading.diagnostics);
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

/// What has been met so far in one file.
struct Reading<'a> {
    file: &'a SourceFile,
    cited: BTreeSet<SourceId>,
    diagnostics: Vec<Diagnostic>,
}

impl Reading<'_> {
    fn protocol(
        &mut self,
        fields: &mut Fields<'_>,
        complaint: Option<ComplaintId>,
    ) -> Option<Protocol> {
        let title = fields.text("title");
        let lay_terms = fields.texts("lay_terms");
        let body_area = fields.known("body_area");
        let youngest = fields.optional_parsed::<Months>("youngest_age_months");
        let articles = fields.optional_parsed_list("articles");
        let service = fields.optional_parsed("service");
        let signed_off_by = fields.optional_text("signed_off_by");
        let (sources, places) = read_sources(fields, "source");
        let default = self.default_level(fields, &sources);
        let findings = self.findings(fields, &sources);
        let durations = self.durations(fields, &sources);
        let self_care = self.each(fields, "self_care", |this, inner| {
            this.self_care_step(inner, &sources)
        });
        let watch_for = self.watch_for(fields, &sources);
        self.refuse_uncited(&sources, &places);
        let default = default?;
        self.refuse_incomplete(fields, &default, &self_care, &watch_for);
        Some(Protocol {
            complaint: complaint?,
            title: title?.value,
            lay_terms: lay_terms.into_iter().map(|term| term.value).collect(),
            body_area: body_area?.value,
            youngest_age_months: youngest.map_or(0, |months| months.value.0),
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

    /// Reads each table of a list; a broken one costs itself.
    fn each<T>(
        &mut self,
        fields: &mut Fields<'_>,
        key: &'static str,
        read: impl Fn(&mut Self, &mut Fields<'_>) -> Option<T>,
    ) -> Vec<T> {
        let nodes: &[Node] = fields.optional_list(key);
        let mut records = Vec::with_capacity(nodes.len());
        for node in nodes {
            let mut inner = Fields::of(self.file, node, key);
            records.extend(read(self, &mut inner));
            self.diagnostics.extend(inner.finish());
        }
        records
    }

    fn default_level(
        &mut self,
        fields: &mut Fields<'_>,
        sources: &[Source],
    ) -> Option<DefaultLevel> {
        let node = fields.required("default")?;
        let mut inner = Fields::of(self.file, node, "default");
        let level = inner.known("level");
        let why = inner.text("why");
        let cited = self.cite(&mut inner, sources);
        self.diagnostics.extend(inner.finish());
        Some(DefaultLevel {
            level: level?.value,
            why: why?.value,
            sources: cited,
        })
    }

    fn findings(&mut self, fields: &mut Fields<'_>, sources: &[Source]) -> Vec<Finding> {
        fields.required("finding");
        let read = self.each(fields, "finding", |this, inner| {
            this.finding(inner, sources)
        });
        let mut findings: Vec<Finding> = Vec::with_capacity(read.len());
        for Spanned {
            value: finding,
            offset,
        } in read
        {
            self.refuse_out_of_place(&findings, &finding, offset);
            findings.push(finding);
        }
        findings
    }

    fn finding(&mut self, fields: &mut Fields<'_>, sources: &[Source]) -> Option<Spanned<Finding>> {
        let id = fields.parsed::<FindingId>("id");
        let level = fields.known("level");
        let statement = fields.text("statement");
        let ask = fields.text("ask");
        let why = fields.text("why");
        let cited = self.cite(fields, sources);
        let applies_to = match fields.optional("applies_to") {
            Some(node) => read_applicability(fields, node),
            None => Applicability::default(),
        };
        let id = id?;
        let finding = Finding {
            id: id.value,
            level: level?.value,
            statement: statement?.value,
            ask: ask?.value,
            why: why?.value,
            sources: cited,
            applies_to,
        };
        Some(Spanned::new(finding, id.offset))
    }

    fn refuse_out_of_place(&mut self, before: &[Finding], finding: &Finding, offset: usize) {
        let place = self.file.place(offset);
        if before.iter().any(|other| other.id == finding.id) {
            let message = format!("a second finding has the id `{}`", finding.id);
            let fault = Diagnostic::new(Code::IdDuplicate, place.clone(), message);
            self.diagnostics
                .push(fault.help("give one of the two another id"));
        }
        if let Some(milder) = before.iter().find(|other| other.level < finding.level) {
            let message = format!(
                "`{}` is {}, but stands below `{}`, which is {}",
                finding.id,
                finding.level.id(),
                milder.id,
                milder.level.id()
            );
            let fault = Diagnostic::new(Code::FindingOrder, place, message);
            self.diagnostics
                .push(fault.help("move it up: the most urgent findings come first"));
        }
    }

    fn durations(&mut self, fields: &mut Fields<'_>, sources: &[Source]) -> Vec<DurationRule> {
        let mut rules = self.each(fields, "duration", |this, inner| {
            let days = inner.parsed::<Days>("longer_than_days");
            let level = inner.known("level");
            let cited = this.cite(inner, sources);
            Some(DurationRule {
                longer_than_days: days?.value.0,
                level: level?.value,
                sources: cited,
            })
        });
        rules.sort_by_key(|rule| rule.longer_than_days);
        rules
    }

    fn self_care_step(
        &mut self,
        fields: &mut Fields<'_>,
        sources: &[Source],
    ) -> Option<SelfCareStep> {
        let step = fields.text("step");
        let cited = self.cite(fields, sources);
        Some(SelfCareStep {
            step: step?.value,
            sources: cited,
        })
    }

    fn watch_for(&mut self, fields: &mut Fields<'_>, sources: &[Source]) -> Vec<WatchFor> {
        let mut signs = self.each(fields, "watch_for", |this, inner| {
            let level = inner.known::<TriageLevel>("level");
            let sign = inner.text("sign");
            let cited = this.cite(inner, sources);
            Some(WatchFor {
                level: level?.value,
                sign: sign?.value,
                sources: cited,
            })
        });
        signs.sort_by_key(|sign| std::cmp::Reverse(sign.level));
        signs
    }

    /// Reads `sources` of one record and looks each up.
    fn cite(&mut self, fields: &mut Fields<'_>, sources: &[Source]) -> Vec<SourceId> {
        let cited: Cited = fields.parsed_list("sources");
        let mut found = Vec::with_capacity(cited.len());
        for Spanned { value: id, offset } in cited {
            self.cited.insert(id.clone());
            if sources.iter().any(|source| source.id == id) {
                found.push(id);
                continue;
            }
            let place = self.file.place(offset);
            let message = format!("`{id}` is no source of this protocol");
            let fault = Diagnostic::new(Code::CitationUnknown, place, message);
            let names = sources.iter().map(|source| source.id.as_str());
            self.diagnostics
                .push(match crate::document::nearest(id.as_str(), names) {
                    Some(near) => fault.help(format!("did you mean `{near}`?")),
                    None => fault.help("add a [[source]] with this id"),
                });
        }
        found
    }

    fn refuse_uncited(&mut self, sources: &[Source], places: &[usize]) {
        for (source, offset) in sources.iter().zip(places) {
            if self.cited.contains(&source.id) {
                continue;
            }
            let message = format!("nothing cites the source `{}`", source.id);
            let fault = Diagnostic::new(Code::SourceUncited, self.file.place(*offset), message);
            self.diagnostics
                .push(fault.help("cite it where it supports a finding, or take it out"));
        }
    }

    fn refuse_incomplete(
        &mut self,
        fields: &Fields<'_>,
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
                let place = self.file.place(fields.offset());
                let fault = Diagnostic::new(
                    Code::ProtocolIncomplete,
                    place,
                    format!("the protocol has {what}"),
                );
                self.diagnostics.push(fault.help(help));
            }
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

struct Months(u16);

impl FromStr for Months {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = text
            .parse()
            .ok()
            .filter(|number| (0..=1560).contains(number));
        number
            .map(Self)
            .ok_or("expected a whole number of months from 0")
    }
}
