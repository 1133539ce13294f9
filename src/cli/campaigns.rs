//! Arguments of `campaigns`: what was typed, and nothing of what it means. They stand apart
//! because marketing and operators look for different words.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;

use super::{ContentArgs, LedgerArgs};

/// What can be done with campaigns.
#[derive(Debug, Subcommand)]
pub enum CampaignsCommand {
    /// Count who came through each campaign and how far they went, by week. Numbers under 5 are not shown.
    ///
    /// Whole weeks are counted, Monday to Sunday, and only those that are over, so that no two reports can be
    /// subtracted from each other. Exits 0 if all is well, 1 if `clinic/campaigns.toml` has errors, 2 if it could not run.
    Report(ReportArgs),
    /// Print the addresses of a campaign: one with its tag, and a short one for print.
    Link(LinkArgs),
}

/// What to report, and how.
#[derive(Debug, Clone, Args)]
pub struct ReportArgs {
    /// Where the content is, and which day it is.
    #[command(flatten)]
    pub content: ContentArgs,
    /// Where the counts are.
    #[command(flatten)]
    pub ledger: LedgerArgs,
    /// A day of the first week, such as 2026-09-01; 12 weeks are counted when left out.
    #[arg(long, value_name = "DATE")]
    pub from: Option<Date>,
    /// A day of the last week; the last week that is over when left out.
    #[arg(long, value_name = "DATE")]
    pub until: Option<Date>,
    /// As a table for the terminal, rows for a spreadsheet, or a page to mail around.
    #[arg(long, value_enum, default_value_t = ReportFormat::Table)]
    pub format: ReportFormat,
    /// The file to write; standard output when left out.
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// How a report is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// A table for the terminal.
    Table,
    /// Rows for a spreadsheet.
    Csv,
    /// One page with a chart, complete in one file.
    Html,
}

/// Which addresses to print.
#[derive(Debug, Clone, Args)]
pub struct LinkArgs {
    /// Where the content is, and which day it is.
    #[command(flatten)]
    pub content: ContentArgs,
    /// The id of the campaign, as `clinic/campaigns.toml` has it.
    #[arg(value_name = "CAMPAIGN")]
    pub campaign: String,
    /// Lead the tagged address to this service; to the campaign's own when left out.
    #[arg(long, value_name = "ID")]
    pub service: Option<String>,
    /// Write the short address as a QR code for print, as SVG.
    #[arg(long, value_name = "FILE")]
    pub qr: Option<PathBuf>,
}
