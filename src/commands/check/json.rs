//! The report as one JSON object. Its structs are a promise to other programs, so they
//! stand apart from the types of the content, which may change.

use std::collections::BTreeMap;

use serde::Serialize;

use super::report::{Counted, Report};
use crate::diagnostic::Diagnostic;

/// Goes up when a key changes its meaning or goes away.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Printed<'a> {
    version: u32,
    summary: Summary,
    diagnostics: Vec<Fault<'a>>,
}

#[derive(Serialize)]
struct Summary {
    /// How many of each were read; empty when there is no clinic.
    read: BTreeMap<String, usize>,
    errors: usize,
    warnings: usize,
}

#[derive(Serialize)]
struct Fault<'a> {
    code: &'static str,
    severity: String,
    path: &'a str,
    line: usize,
    column: usize,
    message: &'a str,
    help: Option<&'a str>,
}

/// The report as JSON, with a line break at its end.
pub(super) fn text(report: &Report) -> serde_json::Result<String> {
    let (errors, warnings) = report.weights();
    let read = match &report.counted {
        Counted::Nothing => BTreeMap::new(),
        Counted::Things(things) => things
            .iter()
            .map(|(noun, count)| (noun.replace(' ', "_"), *count))
            .collect(),
    };
    let fault = |found: &'_ Diagnostic| found.code.severity_in(report.edition).to_string();
    let diagnostics = report.diagnostics.iter().map(|found| Fault {
        code: found.code.name(),
        severity: fault(found),
        path: &found.place.path,
        line: found.place.line,
        column: found.place.column,
        message: &found.message,
        help: found.help.as_deref(),
    });
    let printed = Printed {
        version: VERSION,
        summary: Summary {
            read,
            errors,
            warnings,
        },
        diagnostics: diagnostics.collect(),
    };
    serde_json::to_string_pretty(&printed).map(|text| format!("{text}\n"))
}
