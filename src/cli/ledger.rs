//! Where the ledger is. It stands apart because every command that opens the ledger
//! asks for it in the same words.

use clap::Args;

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
