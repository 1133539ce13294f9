//! `ledger`: a copy of all visit requests, and whether a ledger is whole. Neither opens
//! a letter, so neither needs a private key, and a copy is as safe as the ledger is.

use std::io::{self, Write};

use anyhow::Context;

use super::Exit;
use super::open_ledger::{open, wait_for};
use crate::cli::{BackupArgs, LedgerCheckArgs, LedgerCommand};
use crate::ledger::Which;

pub(super) fn run(command: &LedgerCommand) -> anyhow::Result<Exit> {
    match command {
        LedgerCommand::Backup(args) => wait_for(back_up(args)),
        LedgerCommand::Check(args) => wait_for(check(args)),
    }
}

async fn back_up(args: &BackupArgs) -> anyhow::Result<Exit> {
    let ledger = open(&args.ledger, &args.folder.content).await?;
    let file = &args.file;
    anyhow::ensure!(
        !file.exists(),
        "`{}` is there already, and a copy is never overwritten: name another file",
        file.display()
    );
    let copied = ledger.back_up(file).await.context("there is no copy")?;
    ledger.close().await;
    let (requests, open) = (copied.requests, copied.open);
    writeln!(
        io::stdout().lock(),
        "{}: {requests} visit requests, {open} of them open; the copy was read again and is whole",
        file.display()
    )?;
    Ok(Exit::Clean)
}

async fn check(args: &LedgerCheckArgs) -> anyhow::Result<Exit> {
    let ledger = open(&args.ledger, &args.folder.content).await?;
    ledger.check_integrity().await?;
    let requests = ledger.codes(Which::All).await?.len();
    let open = ledger.codes(Which::Open).await?.len();
    ledger.close().await;
    writeln!(
        io::stdout().lock(),
        "the ledger is whole: {requests} visit requests, {open} of them open"
    )?;
    Ok(Exit::Clean)
}
