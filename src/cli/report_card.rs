//! Which report cards to make. It stands apart because `check` has many arguments, and
//! these belong together.

use std::path::PathBuf;

use clap::Args;

/// Which report cards to make.
#[derive(Debug, Clone, Default, Args)]
pub struct ReportCardArgs {
    /// Print the report card of an article, or of all: reading grade, hardest sentences, and which items of JAMA,
    /// DISCERN, PEMAT-P and the CDC index it meets.
    #[arg(long, value_name = "SLUG", num_args = 0..=1)]
    pub report_card: Option<Option<String>>,
    /// Write report cards into a self-contained HTML file, of all articles or of the one that `--report-card` names.
    #[arg(long, value_name = "FILE")]
    pub report_card_html: Option<PathBuf>,
}
