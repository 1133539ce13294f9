//! `digest`: what is due, printed to be mailed. It only brings the facts together:
//! the content, what `check --links` found, and when files were last written.

use std::io::{self, Write};

use anyhow::Context;

use super::Exit;
use super::check::{Progress, STEPS, kept_history, read};
use crate::cli::{DigestArgs, DigestFormat, links_file};
use crate::digest::{Facts, digest, html, text};
use crate::disk::modified_at;
use crate::links::mentions;

pub(super) fn run(args: &DigestArgs) -> anyhow::Result<Exit> {
    let checked = read(&args.content, &Progress::steps(STEPS))?;
    let site = checked.site;
    let site = site.context("there is no clinic: `clinic/clinic.toml` has errors")?;
    let folder = &args.content.folder;
    let history = kept_history(&links_file(args.links_file.as_ref(), folder))?;
    let touched_on = |path: &str| {
        let at = modified_at(&folder.content.join(path)).ok()?;
        Some(at.to_zoned(site.clinic.timezone.clone()).date())
    };
    let digest = digest(Facts {
        site: &site,
        mentions: &mentions(&checked.tree),
        history: &history,
        touched_on: &touched_on,
    });
    let printed = match args.format {
        DigestFormat::Text => text(&digest),
        DigestFormat::Html => html(&digest)?,
        DigestFormat::Json => format!("{}\n", serde_json::to_string_pretty(&digest)?),
    };
    io::stdout().lock().write_all(printed.as_bytes())?;
    Ok(Exit::Clean)
}
