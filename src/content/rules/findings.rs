//! Findings that an article names: each must be in its complaint's protocol, and a
//! care block may only show findings of its own level.

use crate::content::markdown::{BlockKind, Piece, Prose};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::nearest;
use crate::file::SourceFile;
use crate::triage::Protocol;

/// Flags a finding that the protocol lacks, and one in the card of another level.
pub(in crate::content) fn findings<'a>(
    file: &SourceFile,
    proses: impl Iterator<Item = &'a Prose>,
    protocol: &Protocol,
) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    for prose in proses {
        for id in &prose.findings {
            if protocol.finding(&id.value).is_some() {
                continue;
            }
            let message = format!(
                "`{}` is no finding of `clinic/protocols/{}.toml`",
                id.value, protocol.complaint
            );
            let names = protocol.findings.iter().map(|finding| finding.id.as_str());
            let help = match nearest(id.value.as_str(), names) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!(
                    "`clinic/protocols/{}.toml` lists the signs; a new one needs its level and source there first",
                    protocol.complaint
                ),
            };
            faults.push(
                Diagnostic::new(Code::FindingUnknown, file.place(id.offset), message).help(help),
            );
        }
        faults.extend(misplaced(file, prose, protocol));
    }
    faults
}

fn misplaced(file: &SourceFile, prose: &Prose, protocol: &Protocol) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    for piece in &prose.pieces {
        let Piece::Block(block) = piece else { continue };
        let BlockKind::Care(level, named) = &block.kind else {
            continue;
        };
        for id in named {
            let Some(finding) = protocol
                .finding(id)
                .filter(|finding| finding.level != *level)
            else {
                continue;
            };
            let offset = prose
                .findings
                .iter()
                .find(|found| found.value == *id)
                .map_or(0, |found| found.offset);
            let message = format!(
                "`{id}` is {}, but stands in the card of {}",
                finding.level.id(),
                level.id()
            );
            let fault = Diagnostic::new(Code::FindingUnknown, file.place(offset), message);
            faults.push(fault.help(format!(
                "move it to a block `::: care {}`",
                finding.level.id()
            )));
        }
    }
    faults
}
