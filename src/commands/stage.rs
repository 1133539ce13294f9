//! `stage`: the first of two steps in which a release goes over several machines. It
//! builds the release as a server would and puts its files where running servers look
//! for what they don't have; which pages are shown stays as it is.

use std::io::{self, Write};

use anyhow::Context;

use super::{Exit, calendar};
use crate::cli::StageArgs;
use crate::diagnostic::{Diagnostic, count};
use crate::disk::Depot;
use crate::pages::FormTarget;
use crate::rebuild::{RebuildError, Stocked, build_for_export, stock};

pub(super) fn run(args: &StageArgs) -> anyhow::Result<Exit> {
    let root = &args.content.folder.content;
    let built = build_for_export(root, calendar(args.content.today), FormTarget::SameOrigin);
    let (snapshot, diagnostics) = match built {
        Ok(built) => built,
        Err(RebuildError::Content(diagnostics)) => return refuse(&diagnostics),
        Err(error) => return Err(error.into()),
    };
    if count(&diagnostics).0 > 0 {
        return refuse(&diagnostics);
    }
    let depot = Depot::at(args.depot.clone());
    let shown = args.depot.display();
    let stocked =
        stock(&depot, &snapshot).with_context(|| format!("can't put files into `{shown}`"))?;
    let Stocked { all, new } = stocked;
    writeln!(
        io::stdout(),
        "stage: `{shown}` has all {all} files of this release, {new} of them new; when it is so on every machine, \
         let the servers read the release, one after the other"
    )?;
    Ok(Exit::Clean)
}

/// Tells every error. A server would show the last good version of what is broken, but only one that has it.
fn refuse(diagnostics: &[Diagnostic]) -> anyhow::Result<Exit> {
    let mut out = io::stdout().lock();
    for found in diagnostics.iter().filter(|found| found.is_error()) {
        writeln!(out, "{found}")?;
    }
    writeln!(
        out,
        "stage: nothing was put into the depot: mend the errors above before this release goes out"
    )?;
    Ok(Exit::FoundErrors)
}
