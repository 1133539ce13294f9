//! Where the ledger is. It stands apart because every command that opens the ledger
//! asks for it in the same words.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::FolderArgs;

/// Where the ledger is.
#[derive(Debug, Clone, Args)]
pub struct LedgerArgs {
    /// A SQLite file, or the address of a PostgreSQL database. `var/ledger.sqlite` below the content folder when left
    /// out. The address in DATABASE_URL wins over it.
    #[arg(
        long,
        value_name = "PLACE",
        env = "SIGNPOST_LEDGER",
        hide_env_values = true
    )]
    pub ledger: Option<String>,
    /// Comes from the environment alone, since arguments can be seen by everybody on a machine.
    #[arg(
        long,
        env = "DATABASE_URL",
        value_name = "URL",
        hide = true,
        hide_env_values = true
    )]
    pub database_url: Option<String>,
}

/// What can be done with a ledger as a whole.
#[derive(Debug, Subcommand)]
pub enum LedgerCommand {
    /// Write a copy of a SQLite ledger to a file, while the server runs. The copy is read again before it counts.
    Backup(BackupArgs),
    /// Read all of the ledger and tell whether it is whole, such as after a backup was put back.
    Check(LedgerCheckArgs),
}

/// Where the copy goes.
#[derive(Debug, Clone, Args)]
pub struct BackupArgs {
    /// Where the content is.
    #[command(flatten)]
    pub folder: FolderArgs,
    /// Where the requests are.
    #[command(flatten)]
    pub ledger: LedgerArgs,
    /// The file of the copy. It must not be there yet; only you can read it.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

/// Which ledger to read.
#[derive(Debug, Clone, Args)]
pub struct LedgerCheckArgs {
    /// Where the content is.
    #[command(flatten)]
    pub folder: FolderArgs,
    /// Where the requests are.
    #[command(flatten)]
    pub ledger: LedgerArgs,
}
