//! Proves that a ledger could keep a request, and that what it keeps is whole. A
//! database that answers may still be read-only, full or damaged, so it is asked for
//! the very thing that matters.

use super::LedgerError;
use super::cells;
use super::database::{Kind, Open};

/// What marks a SQLite file as a ledger of this program: `SPLG` in ASCII. Source: sqlite.org/pragma.html, `application_id`.
const MARK: &str = "PRAGMA application_id = 1397771335";

/// Writes something that changes nothing.
pub(super) async fn prove_writable(open: &Open) -> Result<(), LedgerError> {
    let mut change = open.change().await?;
    match open.kind {
        // A page of the file, as a request is.
        Kind::Sqlite => {
            change.rows(sqlx::query(MARK)).await?;
        }
        // The first fails where nothing may be written, the second takes a number that only a write takes.
        Kind::Postgres => {
            let nothing = sqlx::query("UPDATE notices SET tries = tries WHERE number < 0");
            change.run(nothing).await?;
            change
                .rows(sqlx::query("SELECT txid_current() AS number"))
                .await?;
        }
    }
    change.commit().await
}

/// Reads all of a SQLite file; PostgreSQL looks after itself.
pub(super) async fn check_integrity(open: &Open) -> Result<(), LedgerError> {
    if open.kind == Kind::Postgres {
        return Ok(());
    }
    let rows = open
        .rows_without_limit(sqlx::query("PRAGMA integrity_check(1)"))
        .await?;
    let found = rows.first().map(|row| cells::text(row, "integrity_check"));
    match found {
        Some(Ok(text)) if text == "ok" => Ok(()),
        // What it says may repeat what stands in the file.
        _ => Err(LedgerError::Unexpected("its file is damaged".into())),
    }
}
