//! Whether all servers with one database have one request secret. With another one, a
//! server does not know a request again that was sent to the others, and nobody would
//! notice. The secret itself is never written down.

use jiff::{SignedDuration, Timestamp};

use super::LedgerError;
use super::database::{Kind, Open};

/// For how long a server counts as there after it said so, in seconds.
const THERE_S: i64 = 60;

/// A hash that names a secret and tells nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecretMark(pub [u8; 32]);

/// Which secrets the servers have that are there now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Secrets {
    /// The same.
    Shared,
    /// At least two.
    Differ,
}

/// Says that a server with a secret is there, and looks for servers with another one. A file has one server.
pub(super) async fn meet(
    open: &Open,
    own: &SecretMark,
    now: Timestamp,
) -> Result<Secrets, LedgerError> {
    if open.kind == Kind::Sqlite {
        return Ok(Secrets::Shared);
    }
    let gone = (now - SignedDuration::from_secs(THERE_S)).as_microsecond();
    let statement = sqlx::query(
        "INSERT INTO secrets_in_use (mark, seen_at) VALUES ($1, $2)
         ON CONFLICT (mark) DO UPDATE SET seen_at = excluded.seen_at",
    );
    let statement = statement.bind(own.0.as_slice()).bind(now.as_microsecond());
    open.rows(statement).await?;
    let statement = sqlx::query("DELETE FROM secrets_in_use WHERE seen_at <= $1");
    open.rows(statement.bind(gone)).await?;
    let statement = sqlx::query("SELECT seen_at FROM secrets_in_use WHERE mark <> $1");
    let others = open.rows(statement.bind(own.0.as_slice())).await?;
    Ok(match others.is_empty() {
        true => Secrets::Shared,
        false => Secrets::Differ,
    })
}
