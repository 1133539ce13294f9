//! The statements about notices and counts. A notice is claimed by the statement that
//! puts it off, so that of two instances one alone sends it.

use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::any::AnyRow;

use super::cells;
use super::database::{Kind, Open};
use super::{LedgerError, Notice, NoticeId, Tally};
use crate::document::Known;

/// A notice is put off by an hour at most. One that is due in more than a day was put off by a clock that was wrong, and
/// is due now, in microseconds.
const NEVER_PUT_OFF_BY_US: i64 = 24 * 60 * 60 * 1_000_000;

/// Puts off the notices that are due and gives them. The choice is made once, before any of them is changed;
/// `$lock` passes over those that another instance is just claiming. SQLite has one writer and needs none.
macro_rules! claim {
    ($lock:literal) => {
        concat!(
            "WITH due AS MATERIALIZED (
                 SELECT number FROM notices WHERE due_at <= $1 OR due_at > $3 ORDER BY due_at, number LIMIT 20",
            $lock,
            ")
             UPDATE notices SET was_due_at = due_at, due_at = $2
             WHERE number IN (SELECT number FROM due)
             RETURNING number, channel, tries, was_due_at,
                 (SELECT code FROM requests WHERE requests.number = request) AS code,
                 (SELECT service FROM requests WHERE requests.number = request) AS service,
                 (SELECT received_at FROM requests WHERE requests.number = request) AS received_at"
        )
    };
}

pub(super) async fn due_notices(
    open: &Open,
    now: Timestamp,
    again_at: Timestamp,
) -> Result<Vec<Notice>, LedgerError> {
    let statement = match open.kind {
        Kind::Sqlite => claim!(""),
        Kind::Postgres => claim!(" FOR UPDATE SKIP LOCKED"),
    };
    let statement = sqlx::query(statement)
        .bind(now.as_microsecond())
        .bind(again_at.as_microsecond())
        .bind(now.as_microsecond().saturating_add(NEVER_PUT_OFF_BY_US));
    let rows = open.rows(statement).await?;
    let notices = rows.iter().map(|row| {
        let notice = read_notice(row)?;
        Ok((cells::number(row, "was_due_at")?, notice))
    });
    let mut notices: Vec<(i64, Notice)> = notices.collect::<Result<_, LedgerError>>()?;
    notices.sort_by_key(|(was_due_at, notice)| (*was_due_at, notice.id));
    Ok(notices.into_iter().map(|(_, notice)| notice).collect())
}

fn read_notice(row: &AnyRow) -> Result<Notice, LedgerError> {
    Ok(Notice {
        id: NoticeId(cells::number(row, "number")?),
        channel: cells::known(row, "channel")?,
        code: cells::parsed(row, "code")?,
        service: cells::parsed(row, "service")?,
        received_at: cells::instant(row, "received_at")?,
        tries: cells::count(row, "tries")?,
    })
}

pub(super) async fn waiting(open: &Open) -> Result<u64, LedgerError> {
    let rows = open
        .rows(sqlx::query("SELECT count(*) AS waiting FROM notices"))
        .await?;
    let waiting = rows
        .first()
        .map_or(Ok(0), |row| cells::number(row, "waiting"))?;
    u64::try_from(waiting).map_err(|_| LedgerError::Unexpected("column waiting".into()))
}

pub(super) async fn notice_sent(open: &Open, notice: NoticeId) -> Result<(), LedgerError> {
    let statement = sqlx::query("DELETE FROM notices WHERE number = $1").bind(notice.0);
    open.rows(statement).await.map(|_| ())
}

pub(super) async fn notice_failed(
    open: &Open,
    notice: NoticeId,
    again_at: Timestamp,
) -> Result<(), LedgerError> {
    let statement =
        sqlx::query("UPDATE notices SET due_at = $2, tries = tries + 1 WHERE number = $1")
            .bind(notice.0)
            .bind(again_at.as_microsecond());
    open.rows(statement).await.map(|_| ())
}

pub(super) async fn add_tallies(open: &Open, tallies: &[Tally]) -> Result<(), LedgerError> {
    // Everybody takes rows in the same order, so that no two wait for each other.
    let mut tallies: Vec<&Tally> = tallies.iter().collect();
    tallies.sort_unstable();
    let mut change = open.change().await?;
    for tally in tallies {
        let statement = sqlx::query(
            "INSERT INTO tallies (campaign, service, day, step, count) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (campaign, service, day, step) DO UPDATE SET count = tallies.count + excluded.count",
        )
        .bind(tally.campaign.as_str())
        .bind(tally.service.as_str())
        .bind(cells::day_text(tally.day))
        .bind(tally.step.word())
        .bind(i64::from(tally.count));
        change.run(statement).await?;
    }
    change.commit().await
}

pub(super) async fn tallies(
    open: &Open,
    from: Date,
    until: Date,
) -> Result<Vec<Tally>, LedgerError> {
    let statement = sqlx::query(
        "SELECT campaign, service, day, step, count FROM tallies WHERE day >= $1 AND day <= $2",
    )
    .bind(cells::day_text(from))
    .bind(cells::day_text(until));
    let rows = open.rows(statement).await?;
    let mut tallies: Vec<Tally> = rows.iter().map(read_tally).collect::<Result<_, _>>()?;
    tallies.sort_unstable();
    Ok(tallies)
}

fn read_tally(row: &AnyRow) -> Result<Tally, LedgerError> {
    Ok(Tally {
        campaign: cells::parsed(row, "campaign")?,
        service: cells::parsed(row, "service")?,
        day: cells::parsed(row, "day")?,
        step: cells::known(row, "step")?,
        count: cells::count(row, "count")?,
    })
}
