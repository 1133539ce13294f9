//! `campaigns report` and `campaigns link`. Reading and printing are here; what a
//! report says is made below from rows of data, so that it can be tried without a ledger.

mod figures;
mod link;
mod page;
mod period;
mod rows;
mod text;

use std::io::{self, Write};
use std::path::Path;

use anyhow::Context;

use self::figures::{Report, report};
use self::period::Period;
use super::clinic_files::{self, ClinicFiles};
use super::open_ledger::{open, wait_for};
use super::{Exit, calendar};
use crate::cli::{CampaignsCommand, ContentArgs, ReportArgs, ReportFormat};
use crate::disk::{Readers, write_whole};

pub(super) fn run(command: &CampaignsCommand) -> anyhow::Result<Exit> {
    match command {
        CampaignsCommand::Report(args) => wait_for(run_report(args)),
        CampaignsCommand::Link(args) => link::run(args),
    }
}

async fn run_report(args: &ReportArgs) -> anyhow::Result<Exit> {
    let root = &args.content.folder.content;
    let files = clinic_files::read(root)?;
    let today = today(&args.content, &files);
    let period = Period::new(args.from, args.until, today)?;
    let ledger = open(&args.ledger, root).await?;
    let tallies = ledger.tallies(period.first(), period.last()).await?;
    let report = report(&tallies, &files, period);
    let text = rendered(&report, &files, args.format)?;
    match &args.output {
        Some(path) => write(path, &text)?,
        None => io::stdout().lock().write_all(text.as_bytes())?,
    }
    tell_faults(&files)
}

fn rendered(report: &Report, files: &ClinicFiles, format: ReportFormat) -> anyhow::Result<String> {
    Ok(match format {
        ReportFormat::Table => text::text(report),
        ReportFormat::Csv => rows::csv(report)?,
        ReportFormat::Html => page::html(report, files.clinic.accent.as_ref())?,
    })
}

fn today(content: &ContentArgs, files: &ClinicFiles) -> jiff::civil::Date {
    calendar(content.today).today(&files.clinic.timezone)
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    write_whole(path, text.as_bytes(), Readers::Anybody)
        .with_context(|| format!("`{}` can't be written", path.display()))
}

/// A campaign with an error keeps its counts and loses its label, so somebody should mend it.
fn tell_faults(files: &ClinicFiles) -> anyhow::Result<Exit> {
    let mut err = io::stderr().lock();
    for fault in &files.campaign_faults {
        writeln!(err, "{fault}")?;
    }
    let sound = files.campaign_faults.iter().all(|fault| !fault.is_error());
    Ok(if sound {
        Exit::Clean
    } else {
        Exit::FoundErrors
    })
}
