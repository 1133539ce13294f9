//! `visits purge`: removes for good what the clinic promised to keep no longer. A dry
//! run looks at the same days and changes nothing.

use std::io::{self, Write};

use super::super::Exit;
use super::desk::Desk;
use crate::booking::RequestCode;
use crate::cli::PurgeArgs;
use crate::ledger::{Deed, Which};

pub(super) async fn run(args: &PurgeArgs) -> anyhow::Result<Exit> {
    let desk = Desk::open(&args.desk).await?;
    let (codes, what) = if args.dry_run {
        (due(&desk).await?, "would be removed")
    } else {
        let access = desk.access(Deed::Purged, &args.why, &[])?;
        let removed = desk.ledger.purge(desk.today, &access).await?;
        (removed, "removed for good")
    };
    let mut out = io::stdout().lock();
    for code in &codes {
        writeln!(out, "{code}")?;
    }
    match codes.len() {
        1 => writeln!(out, "1 request {what}")?,
        count => writeln!(out, "{count} requests {what}")?,
    }
    Ok(Exit::Clean)
}

/// The requests whose deletion day has come.
async fn due(desk: &Desk) -> anyhow::Result<Vec<RequestCode>> {
    let mut due = Vec::new();
    for code in desk.ledger.codes(Which::All).await? {
        let entry = desk.ledger.entry(code).await?;
        if entry.is_some_and(|entry| entry.delete_on <= desk.today) {
            due.push(code);
        }
    }
    Ok(due)
}
