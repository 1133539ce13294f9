//! The report as workflow commands of GitHub Actions, which show each fault at its line.
//! Source: docs.github.com, "Workflow commands"; what is escaped is in the runner's toolkit, `command.ts`.

use std::path::Path;

use super::report::Report;
use crate::diagnostic::Diagnostic;

/// The report as workflow commands, then its summary. `root` is the content folder as it was typed.
pub(super) fn text(report: &Report, root: &Path) -> String {
    let told = report.diagnostics.iter();
    let mut text: String = told.map(|found| command(report, found, root)).collect();
    text.push_str(&report.summary());
    text.push('\n');
    text
}

fn command(report: &Report, found: &Diagnostic, root: &Path) -> String {
    let severity = found.code.severity_in(report.edition);
    let (line, column) = (found.place.line, found.place.column);
    let file = property(&root.join(&*found.place.path).display().to_string());
    let file = file.trim_start_matches("./");
    let title = property(found.code.name());
    let help = found.help.as_ref();
    let help = help.map_or_else(String::new, |help| format!("\nhelp: {help}"));
    let message = data(&format!("{}{help}", found.message));
    format!("::{severity} file={file},line={line},col={column},title={title}::{message}\n")
}

/// Text after the second `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// The value of a property, which also ends at a comma or colon.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::super::report::Counted;
    use super::*;
    use crate::diagnostic::{Code, Edition};
    use crate::file::Place;

    #[test]
    fn signs_that_end_a_command_are_escaped() {
        let place = Place {
            path: "articles/a,b:c.md".into(),
            line: 4,
            column: 11,
        };
        let found = Diagnostic::new(Code::SamplePerson, place, "100% :: a, b").help("mend");
        let report = |edition| Report {
            counted: Counted::Nothing,
            diagnostics: vec![found.clone()],
            edition,
        };
        let rest = "file=site/articles/a%2Cb%3Ac.md,line=4,col=11,title=sample-person::100%25 :: a, b%0Ahelp: mend";
        for (edition, expected) in [
            (Edition::Preview, format!("::warning {rest}")),
            (Edition::Production, format!("::error {rest}")),
        ] {
            let printed = text(&report(edition), Path::new("./site"));
            assert_eq!(printed.lines().next(), Some(expected.as_str()));
        }
    }
}
