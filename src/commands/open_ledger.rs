//! From arguments to an open ledger. It stands apart because a command must never
//! make an empty ledger by a mistyped name and then say that there are no requests.

use std::future::Future;
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::cli::LedgerArgs;
use crate::ledger::{Ledger, LedgerPlace};

/// Where the ledger is when nobody says so, below the content folder.
const DEFAULT: &str = "var/ledger.sqlite";

/// Opens the ledger that was named.
///
/// # Errors
/// There is no such file, or the database can't be reached: for the operator.
pub(super) async fn open(args: &LedgerArgs, root: &Path) -> anyhow::Result<Ledger> {
    let place = place(args, root);
    if let LedgerPlace::Sqlite(file) = &place {
        anyhow::ensure!(
            file.is_file(),
            "the ledger can't be reached: there is no file `{}`; `serve` makes it when a request comes in, \
             and --ledger names another",
            file.display()
        );
    }
    let ledger = Ledger::at(place);
    ledger.open().await?;
    Ok(ledger)
}

/// Runs what waits for a database.
///
/// # Errors
/// Those of the future; or the operating system gives no thread.
pub(super) fn wait_for<T>(future: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime
        .context("the system gives no thread")?
        .block_on(future)
}

fn place(args: &LedgerArgs, root: &Path) -> LedgerPlace {
    let named = args.database_url.as_ref().or(args.ledger.as_ref());
    let named = named.map(String::as_str).filter(|text| !text.is_empty());
    let Some(named) = named else {
        return LedgerPlace::Sqlite(root.join(DEFAULT));
    };
    if ["postgres://", "postgresql://"]
        .iter()
        .any(|scheme| named.starts_with(scheme))
    {
        return LedgerPlace::Postgres(named.to_owned());
    }
    let file = named.strip_prefix("sqlite:").unwrap_or(named);
    LedgerPlace::Sqlite(PathBuf::from(file.strip_prefix("//").unwrap_or(file)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_database_of_the_environment_wins_and_a_file_is_the_default() {
        let sqlite = |path: &str| LedgerPlace::Sqlite(path.into());
        let postgres = |address: &str| LedgerPlace::Postgres(address.to_owned());
        let rows = [
            (None, None, sqlite("content/var/ledger.sqlite")),
            (Some("a.sqlite"), None, sqlite("a.sqlite")),
            (Some(""), Some(""), sqlite("content/var/ledger.sqlite")),
            (Some("a"), Some("postgres://b/c"), postgres("postgres://b/c")),
            (Some("postgresql://b/c"), None, postgres("postgresql://b/c")),
            (None, Some("sqlite:///srv/a.sqlite"), sqlite("/srv/a.sqlite")),
            (None, Some("sqlite:a.sqlite"), sqlite("a.sqlite")),
        ];
        for (ledger, database_url, expected) in rows {
            let args = LedgerArgs {
                ledger: ledger.map(str::to_owned),
                database_url: database_url.map(str::to_owned),
            };
            assert_eq!(place(&args, Path::new("content")), expected, "{args:?}");
        }
    }
}
