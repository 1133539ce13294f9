//! How often one address may have a request kept, counted by all servers together. It
//! stands in the database that they share and nowhere else: a ledger in a file has one
//! server, which counts in its own memory. An address is never written down.

use std::time::Duration;

use jiff::Timestamp;

use super::database::{Kind, Open};
use super::{LedgerError, cells};

/// So many at once, and then one more after each pause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// How many at once.
    pub at_once: u32,
    /// How long until there is one more.
    pub one_more_each: Duration,
}

/// A keyed hash of who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asker(pub [u8; 32]);

/// Whether somebody has an allowance left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// One was left, and it is used now.
    InTime,
    /// None is left; there is one after this time.
    TooOften(Duration),
}

/// Takes one of an allowance, if there is one left: the generic cell rate algorithm, as the limits in memory count. What
/// says that the allowance comes back later than it could was written by a clock that is wrong, and counts as nothing.
pub(super) async fn ask(
    open: &Open,
    asker: &Asker,
    allowance: Allowance,
    now: Timestamp,
) -> Result<Asked, LedgerError> {
    if open.kind == Kind::Sqlite {
        return Ok(Asked::InTime);
    }
    let each = microseconds(allowance.one_more_each);
    let now = now.as_microsecond();
    let latest = now.saturating_add(each.saturating_mul(allowance.at_once.into()));
    let statement = sqlx::query(
        "INSERT INTO allowances (asker, full_at) VALUES ($1, $2 + $3)
         ON CONFLICT (asker) DO UPDATE SET full_at = $3 +
             CASE WHEN allowances.full_at BETWEEN $2 AND $4 THEN allowances.full_at ELSE $2 END
         WHERE NOT (allowances.full_at > $4 - $3 AND allowances.full_at <= $4)
         RETURNING full_at",
    )
    .bind(asker.0.as_slice())
    .bind(now)
    .bind(each)
    .bind(latest);
    if !open.rows(statement).await?.is_empty() {
        return Ok(Asked::InTime);
    }
    let statement = sqlx::query("SELECT full_at FROM allowances WHERE asker = $1");
    let rows = open.rows(statement.bind(asker.0.as_slice())).await?;
    let full_at = rows.first().map(|row| cells::number(row, "full_at"));
    // Somebody may have forgotten it in between; then there is one at once.
    let full_at = full_at.transpose()?.unwrap_or(now);
    let wait = full_at.saturating_sub(latest.saturating_sub(each));
    Ok(Asked::TooOften(Duration::from_micros(
        u64::try_from(wait).unwrap_or_default(),
    )))
}

/// Forgets whoever has the whole allowance again.
pub(super) async fn forget(open: &Open, now: Timestamp) -> Result<(), LedgerError> {
    if open.kind == Kind::Sqlite {
        return Ok(());
    }
    let statement = sqlx::query("DELETE FROM allowances WHERE full_at <= $1");
    open.rows(statement.bind(now.as_microsecond()))
        .await
        .map(|_| ())
}

fn microseconds(time: Duration) -> i64 {
    i64::try_from(time.as_micros()).unwrap_or(i64::MAX)
}
