//! The report as SARIF 2.1.0, which code scanning reads. Every code is a rule with its
//! explanation, so that whoever sees a fault there need not know this program.
//! Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0".

use std::path::Path;

use serde::Serialize;

use super::report::Report;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::explanation::Explanation;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Tool,
    /// Our columns count characters; without this, readers count UTF-16 units.
    column_kind: &'static str,
    results: Vec<Finding>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
struct Driver {
    name: &'static str,
    version: &'static str,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: &'static str,
    default_configuration: Level,
    #[serde(skip_serializing_if = "Option::is_none")]
    short_description: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    full_description: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<Text>,
}

#[derive(Serialize)]
struct Level {
    level: &'static str,
}

#[derive(Serialize)]
struct Text {
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    markdown: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Finding {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Text,
    locations: [Location; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: PhysicalLocation,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: Artifact,
    region: Region,
}

#[derive(Serialize)]
struct Artifact {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
}

/// The report as SARIF, with a line break at its end. `root` is the content folder as it was typed.
pub(super) fn text(report: &Report, root: &Path) -> serde_json::Result<String> {
    let results = report
        .diagnostics
        .iter()
        .map(|found| finding(report, found, root));
    let log = Log {
        schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: "signpost",
                    version: env!("CARGO_PKG_VERSION"),
                    rules: Code::ALL.iter().map(|code| rule(report, *code)).collect(),
                },
            },
            column_kind: "unicodeCodePoints",
            results: results.collect(),
        }],
    };
    serde_json::to_string_pretty(&log).map(|text| format!("{text}\n"))
}

fn rule(report: &Report, code: Code) -> Rule {
    let explanation = Explanation::of(code);
    let plain = |text: String| Text {
        text,
        markdown: None,
    };
    Rule {
        id: code.name(),
        default_configuration: Level {
            level: level(code.severity_in(report.edition)),
        },
        short_description: explanation.as_ref().map(|told| plain(told.title.clone())),
        full_description: explanation.as_ref().map(|told| plain(told.what.clone())),
        help: explanation.map(|told| Text {
            text: told.printed(code),
            markdown: Some(told.markdown),
        }),
    }
}

fn finding(report: &Report, found: &Diagnostic, root: &Path) -> Finding {
    let help = found.help.as_ref();
    let help = help.map_or_else(String::new, |help| format!("\nhelp: {help}"));
    let place = &found.place;
    Finding {
        rule_id: found.code.name(),
        rule_index: Code::ALL
            .iter()
            .position(|code| *code == found.code)
            .unwrap_or_default(),
        level: level(found.code.severity_in(report.edition)),
        message: Text {
            text: format!("{}{help}", found.message),
            markdown: None,
        },
        locations: [Location {
            physical_location: PhysicalLocation {
                artifact_location: Artifact {
                    uri: uri(&root.join(&*place.path)),
                },
                region: Region {
                    start_line: place.line,
                    start_column: place.column,
                },
            },
        }],
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// A path as a URI reference: relative stays relative. Source: RFC 3986, section 3.3, which signs a path may hold.
fn uri(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~/@!$&'()*+,;=".contains(byte);
    let encoded: String = text
        .trim_start_matches("./")
        .bytes()
        .map(|byte| match plain(&byte) {
            true => char::from(byte).to_string(),
            false => format!("%{byte:02X}"),
        })
        .collect();
    match path.is_absolute() {
        true => format!("file://{encoded}"),
        false => encoded,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_a_reference_that_every_reader_understands() {
        let rows = [
            ("./articles/a.md", "articles/a.md"),
            ("site/a b:c%.md", "site/a%20b%3Ac%25.md"),
            ("/srv/é.md", "file:///srv/%C3%A9.md"),
        ];
        for (path, expected) in rows {
            assert_eq!(uri(Path::new(path)), expected);
        }
    }
}
