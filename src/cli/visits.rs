//! Arguments of `visits`: what was typed, and nothing of what it means. They stand apart
//! because staff at the desk and operators look for different words.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{ContentArgs, LedgerArgs};

/// What staff can do with visit requests.
#[derive(Debug, Subcommand)]
pub enum VisitsCommand {
    /// Make a pair of keys: the public one seals requests, the private one opens them.
    Keygen(KeygenArgs),
    /// List open requests, those with an estimate due first. Exits 1 if a letter can't be opened with the keys given.
    List(ListArgs),
    /// Show all of one request. Exits 1 if there is none, or no key opens it.
    Show(ShowArgs),
    /// Write requests as rows for a spreadsheet. Exits 1 if a letter can't be opened with the keys given.
    Export(ExportArgs),
    /// Say that requests are done. Exits 1 if one of them is unknown.
    Done(DoneArgs),
    /// Remove for good all requests whose deletion day has come.
    Purge(PurgeArgs),
    /// Print the access log: who did what with which requests, when and why.
    Log(LogArgs),
}

/// Where to write the private key.
#[derive(Debug, Clone, Args)]
pub struct KeygenArgs {
    /// The file of the private key. It must not be there yet; only you can read it.
    #[arg(long, value_name = "FILE", default_value = "signpost-visits.key")]
    pub output: PathBuf,
}

/// Where the requests are, and who asks for them.
#[derive(Debug, Clone, Args)]
pub struct DeskArgs {
    /// Where the content is, and which day it is.
    #[command(flatten)]
    pub content: ContentArgs,
    /// Where the requests are.
    #[command(flatten)]
    pub ledger: LedgerArgs,
    /// Your name, for the access log; your name on this machine when left out.
    #[arg(long, value_name = "NAME", env = "SIGNPOST_WHO")]
    pub who: Option<String>,
    /// The name of the account on this machine.
    #[arg(long, value_name = "NAME", env = "USER", hide = true)]
    pub account: Option<String>,
}

/// The private keys.
#[derive(Debug, Clone, Args)]
pub struct KeyArgs {
    /// A file with a private key; may be given several times, in SIGNPOST_KEY with `:` between. Each key is tried.
    #[arg(
        long = "key",
        value_name = "FILE",
        env = "SIGNPOST_KEY",
        value_delimiter = ':'
    )]
    pub keys: Vec<PathBuf>,
}

/// Which requests to list.
#[derive(Debug, Clone, Args)]
pub struct ListArgs {
    /// Where the requests are, and who asks for them.
    #[command(flatten)]
    pub desk: DeskArgs,
    /// What opens them.
    #[command(flatten)]
    pub key: KeyArgs,
    /// Those that are done, too.
    #[arg(long)]
    pub all: bool,
    /// Why, for the access log.
    #[arg(long, value_name = "TEXT", default_value = "daily work")]
    pub why: String,
}

/// Which request to show.
#[derive(Debug, Clone, Args)]
pub struct ShowArgs {
    /// Where the requests are, and who asks for them.
    #[command(flatten)]
    pub desk: DeskArgs,
    /// What opens them.
    #[command(flatten)]
    pub key: KeyArgs,
    /// The request code, such as B7KP-4QXM.
    #[arg(value_name = "CODE", required = true)]
    pub code: Vec<String>,
    /// Why, for the access log.
    #[arg(long, value_name = "TEXT")]
    pub why: String,
}

/// Which requests to export, and where to.
#[derive(Debug, Clone, Args)]
pub struct ExportArgs {
    /// Where the requests are, and who asks for them.
    #[command(flatten)]
    pub desk: DeskArgs,
    /// What opens them.
    #[command(flatten)]
    pub key: KeyArgs,
    /// As comma-separated values in UTF-8, which is the only form so far.
    #[arg(long)]
    pub csv: bool,
    /// Those that are done, too.
    #[arg(long)]
    pub all: bool,
    /// The file to write, which only you can read; standard output when left out.
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Why, for the access log.
    #[arg(long, value_name = "TEXT")]
    pub why: String,
}

/// Which requests are done.
#[derive(Debug, Clone, Args)]
pub struct DoneArgs {
    /// Where the requests are, and who asks for them.
    #[command(flatten)]
    pub desk: DeskArgs,
    /// The request codes, in any case, with or without hyphens.
    #[arg(value_name = "CODE", required = true)]
    pub codes: Vec<String>,
    /// Why, for the access log.
    #[arg(long, value_name = "TEXT", default_value = "answered")]
    pub why: String,
}

/// How to purge.
#[derive(Debug, Clone, Args)]
pub struct PurgeArgs {
    /// Where the requests are, and who asks for them.
    #[command(flatten)]
    pub desk: DeskArgs,
    /// Only tell what would be removed.
    #[arg(long)]
    pub dry_run: bool,
    /// Why, for the access log.
    #[arg(long, value_name = "TEXT", default_value = "the deletion day has come")]
    pub why: String,
}

/// Which access log to print.
#[derive(Debug, Clone, Args)]
pub struct LogArgs {
    /// Where the content is, and which day it is.
    #[command(flatten)]
    pub content: ContentArgs,
    /// Where the log is.
    #[command(flatten)]
    pub ledger: LedgerArgs,
}
