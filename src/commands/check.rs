//! `check` is the real load without the serving, never a second checker.
//! So it can't disagree with the server on what goes live. With `--links` it asks
//! another question instead: whether what we link to is still there.

mod github;
mod json;
mod links;
mod progress;
mod report;
mod report_card;
mod sarif;

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;

pub(super) use self::links::kept_history;
pub(super) use self::progress::Progress;
use self::report::{Counted, Report};
use super::{Exit, calendar};
use crate::cli::{CheckArgs, CheckFormat, ContentArgs};
use crate::diagnostic::{Diagnostic, Edition, in_reading_order};
use crate::disk::read_tree;
use crate::readiness;
use crate::rebuild::{RebuildError, inspect_tree};
use crate::site::{Site, Tree};

pub(super) fn run(args: &CheckArgs) -> anyhow::Result<Exit> {
    let edition = if args.production {
        Edition::Production
    } else {
        Edition::Preview
    };
    let root = &args.content.folder.content;
    if args.links {
        let report = links::report(args, edition)?;
        print(&report, args.format, root)?;
        return Ok(report.exit());
    }
    let checked = read(&args.content, &Progress::steps(STEPS))?;
    let report = Report {
        counted: Counted::content(checked.site.as_deref()),
        diagnostics: checked.diagnostics,
        edition,
    };
    // A card is for people: programs that read the report get the report alone.
    if args.format == CheckFormat::Text {
        let site = checked.site.as_deref();
        report_card::report(&mut io::stdout().lock(), &args.report_card, site)?;
    }
    print(&report, args.format, root)?;
    Ok(report.exit())
}

/// Reading files, and making a site of them.
pub(super) const STEPS: u64 = 2;

/// What came of reading a content folder.
pub(super) struct Checked {
    /// What was read.
    pub(super) tree: Tree,
    /// The site; none without a clinic.
    pub(super) site: Option<Arc<Site>>,
    /// All that somebody should mend, in reading order.
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Reads and builds a content folder, and looks for what keeps it from going public.
///
/// # Errors
/// The folder can't be read, or a template failed: for the operator.
pub(super) fn read(args: &ContentArgs, progress: &Progress) -> anyhow::Result<Checked> {
    let root = &args.folder.content;
    progress.step("reading files");
    let tree = read_tree(root).map_err(|error| RebuildError::Folder(root.clone(), error))?;
    progress.step(format!("checking {} files", tree.texts.len()));
    let (site, mut diagnostics) = match inspect_tree(&tree, calendar(args.today)) {
        Ok((site, diagnostics)) => (Some(site), diagnostics),
        Err(RebuildError::Content(diagnostics)) => (None, diagnostics),
        Err(error) => return Err(error.into()),
    };
    if let Some(site) = &site {
        diagnostics.extend(readiness::faults(site, &tree));
    }
    Ok(Checked {
        tree,
        site,
        diagnostics: in_reading_order(diagnostics),
    })
}

fn print(report: &Report, format: CheckFormat, root: &Path) -> anyhow::Result<()> {
    let text = match format {
        CheckFormat::Text => report.text(),
        CheckFormat::Json => json::text(report)?,
        CheckFormat::Github => github::text(report, root),
        CheckFormat::Sarif => sarif::text(report, root)?,
    };
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())
        .context("the report can't be printed")
}
