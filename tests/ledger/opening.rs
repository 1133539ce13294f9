use std::fs;
use std::os::unix::fs::PermissionsExt;

use signpost::ledger::{Kept, LedgerError, LedgerPlace, Which};
use sqlx::Row;
use tokio::task::JoinSet;

use crate::scratch::{Scratch, on_both, request};

#[tokio::test(flavor = "multi_thread")]
async fn naming_a_ledger_makes_nothing_and_the_first_call_makes_what_only_its_owner_reads() {
    let scratch = Scratch::sqlite();
    let LedgerPlace::Sqlite(path) = &scratch.place else {
        panic!("it is a file")
    };
    let folder = path.parent().unwrap();
    let ledger = scratch.ledger();
    assert!(!folder.exists());
    ledger.is_reachable().await.unwrap();
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(folder), 0o700);
    for file in fs::read_dir(folder).unwrap() {
        let file = file.unwrap().path();
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn several_instances_may_start_at_once() {
    on_both(async |scratch| {
        let mut starting = JoinSet::new();
        for number in 0..5 {
            let ledger = scratch.ledger();
            starting.spawn(async move { ledger.keep(&request(number), &[]).await });
        }
        for kept in starting.join_all().await {
            assert!(matches!(kept, Ok(Kept::New(_))), "{kept:?}");
        }
        let codes = scratch.ledger().codes(Which::All).await.unwrap();
        assert_eq!(codes.len(), 5);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_that_meet_while_it_opens_open_it_once() {
    let scratch = Scratch::postgres().await;
    let ledger = scratch.ledger();
    let mut calling = JoinSet::new();
    for _ in 0..30 {
        let ledger = ledger.clone();
        calling.spawn(async move { ledger.is_reachable().await });
    }
    for answer in calling.join_all().await {
        answer.unwrap();
    }
    let mut by_hand = scratch.by_hand().await;
    let row = sqlx::query(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
         AND backend_type = 'client backend' AND pid <> pg_backend_pid()",
    )
    .fetch_one(&mut by_hand)
    .await
    .unwrap();
    let connections: i64 = row.get(0);
    assert!(
        connections <= 8,
        "{connections} connections: more than one pool"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_of_a_newer_program_is_refused() {
    on_both(async |scratch| {
        scratch.ledger().keep(&request(1), &[]).await.unwrap();
        let newer = if scratch.is_sqlite {
            "INSERT INTO _sqlx_migrations VALUES (9999, 'later', '2030-01-01', true, x'00', 0)"
        } else {
            "INSERT INTO _sqlx_migrations VALUES (9999, 'later', '2030-01-01', true, '\\x00', 0)"
        };
        let mut by_hand = scratch.by_hand().await;
        sqlx::query(newer).execute(&mut by_hand).await.unwrap();

        let ledger = scratch.ledger();
        let error = ledger.keep(&request(2), &[]).await.unwrap_err();
        assert!(matches!(error, LedgerError::Unexpected(_)), "{error:?}");
        let message = "the ledger holds something unexpected: its tables are those of a newer program (migration 9999); install that one";
        assert_eq!(error.to_string(), message);

        sqlx::query("DELETE FROM _sqlx_migrations WHERE version = 9999")
            .execute(&mut by_hand)
            .await
            .unwrap();
        assert_eq!(ledger.codes(Which::All).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cell_that_nobody_can_have_written_is_told_by_its_column_alone() {
    on_both(async |scratch| {
        let ledger = scratch.ledger();
        let code = ledger.keep(&request(1), &[]).await.unwrap().code();
        let mut by_hand = scratch.by_hand().await;
        sqlx::query("UPDATE requests SET service = 'Ann''s secret'")
            .execute(&mut by_hand)
            .await
            .unwrap();
        let error = ledger.entry(code).await.unwrap_err().to_string();
        assert_eq!(
            error,
            "the ledger holds something unexpected: column service"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_acknowledges_before_it_has_written_is_overruled() {
    let scratch = Scratch::postgres().await;
    scratch.ledger().open().await.unwrap();
    let by_hand = "
        DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', current_database()); END $$;
        CREATE TABLE seen (setting TEXT);
        CREATE FUNCTION look() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN INSERT INTO seen VALUES (current_setting('synchronous_commit')); RETURN NULL; END $$;
        CREATE TRIGGER look AFTER INSERT ON requests EXECUTE FUNCTION look();
    ";
    let mut operator = scratch.by_hand().await;
    sqlx::raw_sql(by_hand).execute(&mut operator).await.unwrap();
    let default = "SELECT current_setting('synchronous_commit')";
    let default = sqlx::query(default)
        .fetch_one(&mut scratch.by_hand().await)
        .await
        .unwrap();
    assert_eq!(default.get::<String, _>(0), "off");

    scratch.ledger().keep(&request(1), &[]).await.unwrap();
    let seen = sqlx::query("SELECT setting FROM seen")
        .fetch_one(&mut operator)
        .await
        .unwrap();
    assert_eq!(seen.get::<String, _>(0), "on");
}
