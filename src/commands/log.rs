//! What the server writes down, and for whom. It stands apart because it decides whose words never
//! reach a log: those of crates that would tell what readers ask for.

use std::io::{self, IsTerminal};

use anyhow::Context;
use tracing_subscriber::EnvFilter;

use crate::cli::{LogFormat, ServeArgs};

/// Crates that write down what readers ask for, what is sent to a database, or where mail goes, when they are let. The first
/// writes a line for each request that it can't read, so anybody could fill the disk.
const QUIET: [&str; 10] = [
    "actix_http=off",
    "actix_web=info",
    "actix_server=info",
    "h2=off",
    "rustls=off",
    "mio=info",
    "ureq=info",
    "ureq_proto=info",
    "lettre=info",
    "sqlx=warn",
];

/// Begins to write to the standard error, as the operator chose.
///
/// # Errors
/// The filter can't be understood: for the operator.
pub(super) fn start_log(args: &ServeArgs) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&args.log)
        .with_context(|| format!("`{}` is no log filter", args.log))?;
    let filter = QUIET
        .iter()
        .filter_map(|rule| rule.parse().ok())
        .fold(filter, EnvFilter::add_directive);
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(io::stderr().is_terminal())
        .with_writer(io::stderr);
    match args.log_format {
        LogFormat::Text => log.with_target(false).init(),
        LogFormat::Json => log.json().init(),
    }
    Ok(())
}
