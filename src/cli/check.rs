//! What `check`, `explain` and `digest` can be asked. They stand together because
//! they tell people of the same faults: now, at leisure, and once a week.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{ContentArgs, FolderArgs, ReportCardArgs};

/// What to check, for whom, and how to tell it.
#[derive(Debug, Clone, Args)]
pub struct CheckArgs {
    /// Where the content is, and the day.
    #[command(flatten)]
    pub content: ContentArgs,
    /// How the faults are printed.
    #[arg(long, value_enum, default_value_t = CheckFormat::Text)]
    pub format: CheckFormat,
    /// Check what is about to go public: samples, placeholders and missing notices are errors.
    #[arg(long)]
    pub production: bool,
    /// Open every address outside the site instead, and tell those that have failed on 3 days over a week.
    #[arg(long)]
    pub links: bool,
    /// How addresses are opened.
    #[command(flatten)]
    pub visits: VisitArgs,
    /// Which report cards to make.
    #[command(flatten)]
    pub report_card: ReportCardArgs,
}

/// How addresses outside the site are opened by `check --links`.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Opening links (`--links`)")]
pub struct VisitArgs {
    /// What earlier runs found. `var/links.json` below the content folder when left out.
    #[arg(long, value_name = "FILE", env = "SIGNPOST_LINKS_FILE")]
    pub links_file: Option<PathBuf>,
    /// A proxy to go through, such as `http://proxy.clinic.example:3128`.
    #[arg(long, value_name = "URL", env = "HTTPS_PROXY", hide_env_values = true)]
    pub links_proxy: Option<String>,
}

/// How faults are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    /// For a person: a line for each fault, and one that counts them.
    Text,
    /// For a program: one object.
    Json,
    /// For GitHub Actions: a note at the line of each fault.
    Github,
    /// For code scanning: SARIF 2.1.0.
    Sarif,
}

/// Which code to explain.
#[derive(Debug, Clone, Args)]
pub struct ExplainCodeArgs {
    /// The code, such as `source-uncited`; a list of all when none is named.
    #[arg(value_name = "CODE")]
    pub code: Option<String>,
}

/// What a digest is made of, and how it looks.
#[derive(Debug, Clone, Args)]
pub struct DigestArgs {
    /// Where the content is, and the day.
    #[command(flatten)]
    pub content: ContentArgs,
    /// How it looks.
    #[arg(long, value_enum, default_value_t = DigestFormat::Text)]
    pub format: DigestFormat,
    /// What `check --links` found. `var/links.json` below the content folder when left out.
    #[arg(long, value_name = "FILE", env = "SIGNPOST_LINKS_FILE")]
    pub links_file: Option<PathBuf>,
}

/// How a digest looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DigestFormat {
    /// A text to read or to mail.
    Text,
    /// A page that mail programs show.
    Html,
    /// For a program: one object.
    Json,
}

/// The file that remembers what `check --links` found.
pub fn links_file(named: Option<&PathBuf>, folder: &FolderArgs) -> PathBuf {
    named.map_or_else(|| folder.content.join("var/links.json"), PathBuf::clone)
}
