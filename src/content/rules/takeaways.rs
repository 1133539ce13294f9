//! Key takeaways: how many, one sentence each, and no emergency advice that the
//! protocol does not back.

use crate::content::markdown::{Piece, Prose};
use crate::content::sentence::{ends_like_a_sentence, sentences};
use crate::diagnostic::{Code, Diagnostic};
use crate::file::{SourceFile, Spanned};
use crate::triage::{Protocol, TriageLevel};

/// Words that send a reader to emergency care.
const EMERGENCY_WORDS: [&str; 3] = ["911", "988", "emergency"];

/// Flags fewer than 3 or more than 5 takeaways, one that is not one sentence, and one
/// that sends to emergency care without naming an emergency finding of the protocol.
pub(in crate::content) fn takeaways(
    file: &SourceFile,
    lines: &[Spanned<String>],
    list_at: usize,
    read: &[Prose],
    protocol: Option<&Protocol>,
) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    if !(3..=5).contains(&lines.len()) && !lines.is_empty() {
        let message = format!("there are {} key takeaways, expected 3 to 5", lines.len());
        faults.push(
            Diagnostic::new(Code::TakeawayCount, file.place(list_at), message)
                .help("keep what a reader must remember a week later"),
        );
    }
    for (line, prose) in lines.iter().zip(read) {
        faults.extend(not_one_sentence(file, line, prose));
        faults.extend(unnamed_red_flag(file, line, prose, protocol));
    }
    faults
}

fn not_one_sentence(
    file: &SourceFile,
    line: &Spanned<String>,
    prose: &Prose,
) -> Option<Diagnostic> {
    if !is_one_paragraph(prose) {
        let message = "the takeaway is not one paragraph of plain words";
        return Some(
            Diagnostic::new(Code::TakeawaySentence, file.place(line.offset), message)
                .help("take empty lines, lists and headings out of it"),
        );
    }
    let found = sentences(&prose.plain);
    let (message, help) = match found.as_slice() {
        [only] if ends_like_a_sentence(only) => return None,
        [_] => (
            "the takeaway does not end like a sentence".to_owned(),
            "end it with a period",
        ),
        [] => (
            "the takeaway has no words".to_owned(),
            "write one sentence, or take the line out",
        ),
        many => (
            format!("the takeaway has {} sentences, expected 1", many.len()),
            "say one thing in each takeaway",
        ),
    };
    Some(Diagnostic::new(Code::TakeawaySentence, file.place(line.offset), message).help(help))
}

/// Whether nothing but one paragraph stands in a text.
fn is_one_paragraph(prose: &Prose) -> bool {
    let markup = prose.pieces.iter().filter_map(|piece| match piece {
        Piece::Markup(html) => Some(html.as_str()),
        _ => None,
    });
    let markup: String = markup.collect();
    markup.starts_with("<p>") && markup.ends_with("</p>\n") && markup.matches("<p>").count() == 1
}

fn unnamed_red_flag(
    file: &SourceFile,
    line: &Spanned<String>,
    prose: &Prose,
    protocol: Option<&Protocol>,
) -> Option<Diagnostic> {
    let protocol = protocol?;
    let lower = prose.plain.to_lowercase();
    let word = EMERGENCY_WORDS.iter().find(|word| lower.contains(*word))?;
    let names_one = prose.findings.iter().any(|id| {
        protocol
            .finding(&id.value)
            .is_some_and(|finding| finding.level == TriageLevel::Emergency)
    });
    if names_one {
        return None;
    }
    let message = format!(
        "the takeaway says \"{word}\" but names no emergency finding of `{}`",
        protocol.complaint
    );
    let example = protocol.findings_at(TriageLevel::Emergency).next();
    let help = match example {
        Some(finding) => format!(
            "link the words to the finding, such as `[words](finding:{})`",
            finding.id
        ),
        None => "the protocol has no emergency finding: add it there first".to_owned(),
    };
    Some(Diagnostic::new(Code::RedFlagUnnamed, file.place(line.offset), message).help(help))
}
