//! `new protocol`: one complaint with a finding of every level to replace, and its first
//! vignettes. It begins with errors on purpose: nobody may be asked a question that nobody
//! has written.

use std::io::{BufRead, Write};

use super::article::{visits, words_of};
use super::dialogue::{Dialogue, Question};
use super::reading::{
    NONE, choice, free_id, given_identifiers, id_from, identifiers, list, look_up_step,
    optional_choice, words,
};
use super::{places, report};
use crate::cli::NewProtocolArgs;
use crate::commands::proposal::Content;
use crate::diagnostic::Code;
use crate::disk::{Edit, VIGNETTES, is_taken};
use crate::id::{ComplaintId, ComplaintMark};
use crate::scaffold::{NewProtocol, SharedSign, StartedSource};
use crate::triage::BodyArea;

/// Begins a protocol. Gives what is printed.
///
/// # Errors
/// An answer is missing or wrong, or a file can't be written: for the editor. Nothing is left behind.
pub(super) fn begin<In: BufRead, Out: Write>(
    args: &NewProtocolArgs,
    dialogue: &mut Dialogue<In, Out>,
) -> anyhow::Result<String> {
    let content = Content::read(&args.begin.content)?;
    let answers = answers(args, &content, dialogue)?;
    let findings = content.site.shared_findings.values();
    let shared: Vec<SharedSign<'_>> = findings
        .map(|finding| (finding.id.as_str(), finding.level.id()))
        .collect();
    let begun = NewProtocol {
        complaint: answers.complaint.as_str(),
        title: &answers.title,
        lay_terms: &answers.lay_terms,
        body_area: &answers.body_area,
        service: answers.service.as_deref(),
        sources: &answers.sources,
        shared: &shared,
    };
    let path = format!("clinic/protocols/{}.toml", answers.complaint);
    let vignettes = format!("{VIGNETTES}/{}.toml", answers.complaint);
    let edits = [
        Edit::Create {
            path: path.clone(),
            text: begun.text()?,
        },
        Edit::Create {
            path: vignettes.clone(),
            text: begun.vignettes()?,
        },
    ];
    let told = content.make(&edits, Some(Code::Placeholder))?;
    let left = told.iter().filter(|fault| fault.code == Code::Placeholder);
    let written = [
        format!(
            "wrote {path} with {} to fill; until they are, nobody sees it",
            places(left.count())
        ),
        format!("wrote {vignettes} with a case for each level"),
    ];
    let complaint = &answers.complaint;
    let steps = [
        format!(
            "open {path} and write what each \"Replace this\" asks for; {}",
            look_up_step(&answers.sources)
        ),
        "run `signpost check`: it names each place that is left, and each mistake".to_owned(),
        format!(
            "write a case for each finding in {vignettes}, run `signpost triage test {complaint}`, and let a clinician sign \
             what `signpost triage explain {complaint}` prints"
        ),
    ];
    Ok(report(&written, &steps))
}

struct Answers {
    title: String,
    complaint: ComplaintId,
    lay_terms: Vec<String>,
    body_area: String,
    service: Option<String>,
    sources: Vec<StartedSource>,
}

fn answers<In: BufRead, Out: Write>(
    args: &NewProtocolArgs,
    content: &Content,
    dialogue: &mut Dialogue<In, Out>,
) -> anyhow::Result<Answers> {
    let given = given_identifiers(&args.sources)?;
    let title = dialogue.answer(
        &Question {
            words: "Title",
            help: "what pages call the complaint, such as \"Elbow pain\"",
            flag: "--title",
            given: args.title.as_deref().or(args.words.as_deref()),
            default: None,
            choices: &[],
        },
        words,
    )?;
    let complaint = complaint(args, content, &title, dialogue)?;
    let areas = words_of::<BodyArea>();
    let body_area = dialogue.answer(
        &Question {
            words: "Body area",
            help: "where on the body it is",
            flag: "--body-area",
            given: args.body_area.as_deref(),
            default: None,
            choices: &areas,
        },
        |typed| choice(typed, &areas, "body area", "take `whole-body`"),
    )?;
    let lay_terms = dialogue.answer(
        &Question {
            words: "Names",
            help: "what patients call it, with commas between the names",
            flag: "--lay-terms",
            given: args.lay_terms.as_deref(),
            default: Some(title.to_lowercase()),
            choices: &[],
        },
        |typed| list(typed, ','),
    )?;
    let visits = visits(&content.site);
    let service = dialogue.answer(
        &Question {
            words: "Visit",
            help: "the visit that fits; `none` for none",
            flag: "--service",
            given: args.service.as_deref(),
            default: Some(NONE.to_owned()),
            choices: &visits,
        },
        |typed| optional_choice(typed, &visits, "visit"),
    )?;
    let known = match given {
        Some(known) => known,
        None => dialogue.answer(
            &Question {
                words: "Sources",
                help: "DOIs or PMIDs with commas between them, or `none` to look them up later",
                flag: "--doi",
                given: None,
                default: Some(NONE.to_owned()),
                choices: &[],
            },
            identifiers,
        )?,
    };
    Ok(Answers {
        title,
        complaint,
        lay_terms,
        body_area,
        service,
        sources: StartedSource::all(&known),
    })
}

fn complaint<In: BufRead, Out: Write>(
    args: &NewProtocolArgs,
    content: &Content,
    title: &str,
    dialogue: &mut Dialogue<In, Out>,
) -> anyhow::Result<ComplaintId> {
    let home = "clinic/protocols/";
    let is_protocol = |path: &str| path.starts_with(home) && path.ends_with(".toml");
    let files = content
        .texts()
        .iter()
        .filter(|file| is_protocol(file.path()));
    let taken: Vec<&str> = files.map(|file| file.stem()).collect();
    let from_title = id_from(title);
    let typed = args.title.as_ref().or(args.words.as_ref());
    let from_flag = typed.and_then(|_| from_title.clone());
    dialogue.answer(
        &Question {
            words: "File name",
            help: "by which articles and addresses call the complaint; short words with hyphens",
            flag: "--complaint",
            given: args.complaint.as_deref().or(from_flag.as_deref()),
            default: from_title,
            choices: &[],
        },
        |typed| {
            let id = free_id::<ComplaintMark>(typed, &taken, home)?;
            let vignettes = format!("{VIGNETTES}/{id}.toml");
            if is_taken(&content.on_disk(&vignettes)) {
                return Err(format!("there is a file `{vignettes}` already"));
            }
            Ok(id)
        },
    )
}
