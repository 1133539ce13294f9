//! `check --links`: opens every address outside the site and tells those that have
//! been dead for a week. It reads the content as `check` does and keeps what it
//! found in a file, so that a bad evening of one server is nobody's fault.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, anyhow};

use super::progress::Progress;
use super::report::{Counted, Report};
use super::{Checked, STEPS, read};
use crate::cli::{CheckArgs, links_file};
use crate::diagnostic::{Edition, in_reading_order};
use crate::disk;
use crate::links::{Answer, History, Outcome, Pace, faults, mentions, visit_all};

/// Opens what has to be opened today, keeps it, and tells what counts.
///
/// # Errors
/// The content can't be read, there is no clinic, or the file can't be understood or written: for the operator.
pub(super) fn report(args: &CheckArgs, edition: Edition) -> anyhow::Result<Report> {
    let Checked { tree, site, .. } = read(&args.content, &Progress::steps(STEPS))?;
    let site = site.context("there is no clinic: `clinic/clinic.toml` has errors")?;
    let mentions = mentions(&tree);
    let file = links_file(args.visits.links_file.as_ref(), &args.content.folder);
    let mut history = kept_history(&file)?;
    let answers = {
        let due = history.due(&mentions, site.today);
        let progress = Progress::things(due.len() as u64).naming("addresses");
        let proxy = args.visits.links_proxy.as_deref();
        visit_all(&due, Pace::default(), proxy, &|| progress.one_done())
            .map_err(|error| anyhow!("the proxy can't be used: {error}"))?
    };
    let counted = count(mentions.len(), &answers);
    history.add(&mentions, site.today, answers);
    let text = history.text()?;
    file.parent()
        .map_or(Ok(()), disk::make_folder)
        .and_then(|()| disk::write_whole(&file, text.as_bytes(), disk::Readers::Anybody))
        .with_context(|| format!("`{}` can't be written", file.display()))?;
    Ok(Report {
        counted,
        diagnostics: in_reading_order(faults(&mentions, &history)),
        edition,
    })
}

/// What earlier runs found; nothing before the first.
///
/// # Errors
/// The file can't be read or understood: for the operator.
pub(in crate::commands) fn kept_history(file: &Path) -> anyhow::Result<History> {
    let name = file.display();
    let text = disk::read_if_there(file).with_context(|| format!("`{name}` can't be read"))?;
    text.map_or_else(
        || Ok(History::default()),
        |text| {
            History::parse(&text).map_err(|error| {
                anyhow!("`{name}` can't be understood: {error}; move it away to begin anew")
            })
        },
    )
}

fn count(known: usize, answers: &[(String, Answer)]) -> Counted {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, answer) in answers {
        let noun = match answer.outcome {
            Outcome::Alive => "answer",
            Outcome::Failed => "failure",
            Outcome::Unsure => "unclear answer",
        };
        *counts.entry(noun).or_default() += 1;
    }
    let nouns = ["answer", "failure", "unclear answer"];
    let told = nouns.map(|noun| (noun, counts.get(noun).copied().unwrap_or_default()));
    let mut things = vec![("address", known), ("visit", answers.len())];
    things.extend(told);
    Counted::Things(things)
}
