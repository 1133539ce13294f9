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
/// No place is named, there is no such file, or the database can't be reached: for the operator.
pub(super) async fn open(args: &LedgerArgs, root: &Path) -> anyhow::Result<Ledger> {
    let place = ledger_place(args, root)?;
    if let LedgerPlace::Sqlite(file) = &place {
        anyhow::ensure!(
            file.is_file(),
            "the ledger can't be reached: there is no file `{}`; `serve` makes it when a request comes in, \
             and --ledger names another",
            file.display()
        );
    }
    let ledger = Ledger::at(place.clone());
    ledger.open().await.with_context(|| place.to_string())?;
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

/// Where the ledger is. An empty setting is none.
///
/// # Errors
/// It is said in a way that can't be understood: for the operator.
pub(super) fn ledger_place(args: &LedgerArgs, root: &Path) -> anyhow::Result<LedgerPlace> {
    let named = [
        ("DATABASE_URL", args.database_url.as_deref()),
        ("--ledger", args.ledger.as_deref()),
    ];
    let mut named = named
        .into_iter()
        .filter(|(_, place)| place.is_some_and(|place| !place.is_empty()));
    match named.next() {
        // The text itself may hold a password, and is never told.
        Some((by, Some(place))) => place
            .parse()
            .with_context(|| format!("{by} names no ledger")),
        _ => Ok(LedgerPlace::Sqlite(root.join(DEFAULT))),
    }
}

/// The folder for what a server keeps beside its ledger.
pub(super) fn beside(place: &LedgerPlace, root: &Path) -> PathBuf {
    match place {
        LedgerPlace::Sqlite(file) => file.parent().map_or_else(PathBuf::new, Path::to_owned),
        LedgerPlace::Postgres(_) => root.join("var"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_names_no_ledger_is_told_without_its_words() {
        let args = LedgerArgs {
            ledger: None,
            database_url: Some("mysql://ann:hunter2@db/visits".to_owned()),
        };
        let error = ledger_place(&args, Path::new("content")).unwrap_err();
        let told = format!("{error:#}");
        assert!(told.starts_with("DATABASE_URL names no ledger: expected "));
        assert!(!told.contains("hunter2"));
    }

    #[test]
    fn the_database_of_the_environment_wins_and_a_file_is_the_default() {
        let sqlite = |path: &str| LedgerPlace::Sqlite(path.into());
        let postgres = |address: &str| LedgerPlace::Postgres(address.to_owned());
        let rows = [
            (None, None, sqlite("content/var/ledger.sqlite")),
            (Some("a.sqlite"), None, sqlite("a.sqlite")),
            (Some(""), Some(""), sqlite("content/var/ledger.sqlite")),
            (
                Some("a"),
                Some("postgres://b/c"),
                postgres("postgres://b/c"),
            ),
            (Some("postgresql://b/c"), None, postgres("postgresql://b/c")),
            (
                None,
                Some("sqlite:///srv/a.sqlite"),
                sqlite("/srv/a.sqlite"),
            ),
        ];
        for (ledger, database_url, expected) in rows {
            let args = LedgerArgs {
                ledger: ledger.map(str::to_owned),
                database_url: database_url.map(str::to_owned),
            };
            let found = ledger_place(&args, Path::new("content")).unwrap();
            assert_eq!(found, expected);
        }
    }
}
