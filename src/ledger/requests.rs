//! The statements about requests and the access log. A request and its notices, or
//! a removal and its line in the log, are one change; both databases run the same text.

use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::any::AnyRow;

use super::cells;
use super::database::{Change, Open};
use super::{Access, Channel, Entry, Kept, LedgerError, NewRequest, Sealed, Status, Which};
use crate::booking::RequestCode;
use crate::document::Known;

/// How often a code that is taken is drawn again. With a million requests kept, 1 of 50,000 codes is taken.
const DRAWS: usize = 8;

/// Keeps a request and its notices, or finds the one that it repeats.
pub(super) async fn keep(
    open: &Open,
    request: &NewRequest,
    channels: &[Channel],
) -> Result<Kept, LedgerError> {
    let draw = || RequestCode::from_random(rand::random());
    keep_under(open, request, channels, draw).await
}

async fn keep_under(
    open: &Open,
    request: &NewRequest,
    channels: &[Channel],
    mut draw: impl FnMut() -> RequestCode,
) -> Result<Kept, LedgerError> {
    let mut change = open.change().await?;
    for _ in 0..DRAWS {
        let code = draw();
        if let Some(number) = add(&mut change, request, code).await? {
            add_notices(&mut change, number, request.received_at, channels).await?;
            change.commit().await?;
            return Ok(Kept::New(code));
        }
        if let Some(code) = with_fingerprint(&mut change, request).await? {
            // The file must be the one at the path here, too: what was kept has to be there.
            change.commit().await?;
            return Ok(Kept::Again(code));
        }
    }
    Err(LedgerError::Unexpected(
        "every code that was drawn is taken".into(),
    ))
}

/// Adds the row; gives none when its code or its fingerprint is there already. One of two at the same time waits
/// for the other one here.
async fn add(
    change: &mut Change<'_>,
    request: &NewRequest,
    code: RequestCode,
) -> Result<Option<i64>, LedgerError> {
    let statement = sqlx::query(
        "INSERT INTO requests (code, service, sealed, fingerprint, received_at, delete_on, estimate_due_on)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING number",
    )
    .bind(code.to_string())
    .bind(request.service.as_str())
    .bind(request.sealed.0.as_slice())
    .bind(request.fingerprint.0.as_slice())
    .bind(request.received_at.as_microsecond())
    .bind(cells::day_text(request.delete_on))
    .bind(request.estimate_due_on.map(cells::day_text));
    let rows = change.rows(statement).await?;
    rows.first()
        .map(|row| cells::number(row, "number"))
        .transpose()
}

async fn add_notices(
    change: &mut Change<'_>,
    request: i64,
    due_at: Timestamp,
    channels: &[Channel],
) -> Result<(), LedgerError> {
    for channel in channels {
        let statement = sqlx::query(
            "INSERT INTO notices (request, channel, due_at, was_due_at) VALUES ($1, $2, $3, $3)",
        )
        .bind(request)
        .bind(channel.word())
        .bind(due_at.as_microsecond());
        change.run(statement).await?;
    }
    Ok(())
}

async fn with_fingerprint(
    change: &mut Change<'_>,
    request: &NewRequest,
) -> Result<Option<RequestCode>, LedgerError> {
    let statement = sqlx::query("SELECT code FROM requests WHERE fingerprint = $1")
        .bind(request.fingerprint.0.as_slice());
    let rows = change.rows(statement).await?;
    rows.first()
        .map(|row| cells::parsed(row, "code"))
        .transpose()
}

pub(super) async fn entry(open: &Open, code: RequestCode) -> Result<Option<Entry>, LedgerError> {
    let statement = sqlx::query(
        "SELECT code, service, sealed, received_at, delete_on, estimate_due_on, done_at
         FROM requests WHERE code = $1",
    )
    .bind(code.to_string());
    open.rows(statement)
        .await?
        .first()
        .map(read_entry)
        .transpose()
}

fn read_entry(row: &AnyRow) -> Result<Entry, LedgerError> {
    Ok(Entry {
        code: cells::parsed(row, "code")?,
        service: cells::parsed(row, "service")?,
        received_at: cells::instant(row, "received_at")?,
        estimate_due_on: cells::day_if_any(row, "estimate_due_on")?,
        delete_on: cells::parsed(row, "delete_on")?,
        status: cells::instant_if_any(row, "done_at")?.map_or(Status::Open, Status::Done),
        sealed: Sealed(cells::bytes(row, "sealed")?),
    })
}

/// Estimates that are due first, then the others; among equals the one that came in first.
pub(super) async fn codes(open: &Open, which: Which) -> Result<Vec<RequestCode>, LedgerError> {
    let statement = match which {
        Which::Open => sqlx::query(
            "SELECT code FROM requests WHERE done_at IS NULL
             ORDER BY estimate_due_on IS NULL, estimate_due_on, received_at, number",
        ),
        Which::All => sqlx::query(
            "SELECT code FROM requests
             ORDER BY estimate_due_on IS NULL, estimate_due_on, received_at, number",
        ),
    };
    let rows = open.rows(statement).await?;
    rows.iter().map(|row| cells::parsed(row, "code")).collect()
}

pub(super) async fn finish(open: &Open, access: &Access) -> Result<Vec<RequestCode>, LedgerError> {
    // Everybody takes rows in the same order, so that no two wait for each other.
    let mut asked = access.codes.clone();
    asked.sort_unstable();
    asked.dedup();
    let mut change = open.change().await?;
    let mut finished = Vec::new();
    for code in asked {
        let statement = sqlx::query(
            "UPDATE requests SET done_at = $1, fingerprint = NULL WHERE code = $2 AND done_at IS NULL",
        )
        .bind(access.at.as_microsecond())
        .bind(code.to_string());
        if change.run(statement).await? > 0 {
            finished.push(code);
        }
    }
    let place = |code: &RequestCode| access.codes.iter().position(|asked| asked == code);
    finished.sort_by_key(place);
    commit_with_access(change, access, &finished).await?;
    Ok(finished)
}

pub(super) async fn purge(
    open: &Open,
    today: Date,
    access: &Access,
) -> Result<Vec<RequestCode>, LedgerError> {
    let mut change = open.change().await?;
    let statement =
        sqlx::query("DELETE FROM requests WHERE delete_on <= $1 RETURNING number, code")
            .bind(cells::day_text(today));
    let rows = change.rows(statement).await?;
    let removed = rows
        .iter()
        .map(|row| Ok((cells::number(row, "number")?, cells::parsed(row, "code")?)));
    let mut removed: Vec<(i64, RequestCode)> = removed.collect::<Result<_, LedgerError>>()?;
    removed.sort_unstable();
    let removed: Vec<RequestCode> = removed.into_iter().map(|(_, code)| code).collect();
    commit_with_access(change, access, &removed).await?;
    // Also when there was none: the last time, somebody may have been reading.
    open.truncate_log().await;
    Ok(removed)
}

/// Writes down what was done with these requests, and makes both last; without any, nothing is written.
async fn commit_with_access(
    mut change: Change<'_>,
    access: &Access,
    codes: &[RequestCode],
) -> Result<(), LedgerError> {
    if !codes.is_empty() {
        add_access(&mut change, access, codes).await?;
    }
    change.commit().await
}

pub(super) async fn write_access(open: &Open, access: &Access) -> Result<(), LedgerError> {
    let mut change = open.change().await?;
    add_access(&mut change, access, &access.codes).await?;
    change.commit().await
}

async fn add_access(
    change: &mut Change<'_>,
    access: &Access,
    codes: &[RequestCode],
) -> Result<(), LedgerError> {
    let codes: Vec<String> = codes.iter().map(RequestCode::to_string).collect();
    let statement = sqlx::query(
        "INSERT INTO accesses (happened_at, who, why, deed, codes) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(access.at.as_microsecond())
    .bind(access.who.as_str())
    .bind(access.why.as_str())
    .bind(access.deed.word())
    .bind(codes.join(" "));
    change.run(statement).await.map(|_| ())
}

pub(super) async fn accesses(open: &Open) -> Result<Vec<Access>, LedgerError> {
    let statement =
        sqlx::query("SELECT happened_at, who, why, deed, codes FROM accesses ORDER BY number");
    let rows = open.rows(statement).await?;
    rows.iter().map(read_access).collect()
}

fn read_access(row: &AnyRow) -> Result<Access, LedgerError> {
    Ok(Access {
        at: cells::instant(row, "happened_at")?,
        who: cells::text(row, "who")?,
        why: cells::text(row, "why")?,
        deed: cells::known(row, "deed")?,
        codes: cells::codes(row, "codes")?,
    })
}

pub(super) async fn forget_fingerprints(open: &Open, before: Timestamp) -> Result<(), LedgerError> {
    let statement = sqlx::query(
        "UPDATE requests SET fingerprint = NULL WHERE received_at < $1 AND fingerprint IS NOT NULL",
    )
    .bind(before.as_microsecond());
    open.rows(statement).await.map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::database;
    use crate::ledger::{Fingerprint, LedgerPlace};

    fn request(number: u8) -> NewRequest {
        NewRequest {
            service: "video-visit".parse().unwrap(),
            sealed: Sealed(vec![number]),
            fingerprint: Fingerprint([number; 32]),
            received_at: Timestamp::UNIX_EPOCH,
            delete_on: jiff::civil::date(2027, 1, 1),
            estimate_due_on: None,
        }
    }

    #[tokio::test]
    async fn a_code_that_is_taken_is_drawn_again() {
        let name = format!("signpost-test-codes-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        let place = LedgerPlace::Sqlite(folder.join("ledger.sqlite"));
        let open = database::open(&place).await.unwrap();
        let [one, two] = [1, 2].map(|number| RequestCode::from_random([number; 8]));
        let keep = async |number, codes: Vec<RequestCode>| {
            let mut codes = codes.into_iter();
            let draw = || codes.next().unwrap();
            keep_under(&open, &request(number), &[], draw).await
        };
        assert_eq!(keep(1, vec![one]).await.unwrap(), Kept::New(one));
        assert_eq!(keep(2, vec![one, one, two]).await.unwrap(), Kept::New(two));
        assert!(keep(3, vec![one; DRAWS]).await.is_err());
        let kept = codes(&open, Which::All).await.unwrap();
        assert_eq!(kept, [one, two]);
        open.close().await;
        #[expect(clippy::disallowed_methods, reason = "the test made the folder")]
        std::fs::remove_dir_all(folder).unwrap();
    }
}
