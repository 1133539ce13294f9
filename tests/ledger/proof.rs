use std::fs;

use signpost::ledger::{BackupError, Channel, Ledger, LedgerError, LedgerPlace, Which};

use crate::cluster::Cluster;
use crate::scratch::{Folder, Scratch, on_both, request};

#[tokio::test(flavor = "multi_thread")]
async fn what_could_be_kept_is_proved_by_writing() {
    on_both(async |scratch| {
        let ledger = scratch.ledger();
        ledger.prove_writable().await.unwrap();
        let kept = ledger
            .keep(&request(1), &[Channel::Mail, Channel::Webhook])
            .await
            .unwrap();
        ledger.prove_writable().await.unwrap();
        ledger.check_integrity().await.unwrap();
        assert_eq!(
            ledger.codes(Which::All).await.unwrap(),
            [kept.code()],
            "nothing changed"
        );
        assert_eq!(ledger.notices_waiting().await.unwrap(), 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_answers_and_can_not_be_written_is_not_ready() {
    let cluster = Cluster::shared();
    let name = cluster.database().await;
    let ledger = Ledger::at(LedgerPlace::Postgres(cluster.address(&name)));
    ledger.prove_writable().await.unwrap();
    let mut by_hand = {
        use sqlx::Connection;
        sqlx::PgConnection::connect(&cluster.address("postgres"))
            .await
            .unwrap()
    };
    // The name is made of words and a number.
    let change = |to: &str| {
        sqlx::AssertSqlSafe(format!(
            "ALTER DATABASE {name} SET default_transaction_read_only = {to}"
        ))
    };
    sqlx::query(change("on"))
        .execute(&mut by_hand)
        .await
        .unwrap();
    let again = Ledger::at(LedgerPlace::Postgres(cluster.address(&name)));
    again.is_reachable().await.unwrap_or_default();
    let error = again.prove_writable().await.unwrap_err();
    assert!(matches!(error, LedgerError::Unreachable(_)), "{error:?}");
    sqlx::query(change("off"))
        .execute(&mut by_hand)
        .await
        .unwrap();
    let last = Ledger::at(LedgerPlace::Postgres(cluster.address(&name)));
    last.prove_writable().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_can_not_be_written_leaves_nothing_behind() {
    let scratch = Scratch::sqlite();
    let ledger = scratch.ledger();
    ledger.keep(&request(1), &[]).await.unwrap();
    let folder = Folder::new();
    let nowhere = folder.path("nowhere/copy.sqlite");
    let error = ledger.back_up(&nowhere).await.unwrap_err();
    assert!(matches!(error, BackupError::File(_, _)), "{error:?}");
    // Somebody else was faster: theirs stays as it is.
    let taken = folder.path("taken.sqlite");
    fs::write(&taken, "theirs").unwrap();
    assert!(ledger.back_up(&taken).await.is_err());
    assert_eq!(fs::read_to_string(&taken).unwrap(), "theirs");
    assert!(!folder.path("taken.sqlite.part").exists());
    let copied = ledger.back_up(&folder.path("copy.sqlite")).await.unwrap();
    assert_eq!((copied.requests, copied.open), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn postgresql_is_copied_by_its_own_program() {
    let scratch = Scratch::postgres().await;
    let folder = Folder::new();
    let error = scratch
        .ledger()
        .back_up(&folder.path("copy"))
        .await
        .unwrap_err();
    assert!(error.to_string().contains("pg_dump"), "{error}");
}
