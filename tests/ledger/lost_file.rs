use std::fs;
use std::future::poll_fn;
use std::path::Path;
use std::pin::pin;
use std::task::Poll;

use signpost::ledger::{Kept, Ledger, LedgerError, LedgerPlace, Which};

use crate::scratch::{Scratch, request};

fn file(scratch: &Scratch) -> &Path {
    match &scratch.place {
        LedgerPlace::Sqlite(path) => path,
        LedgerPlace::Postgres(_) => panic!("it is a file"),
    }
}

/// A new instance finds these requests and no others at the ledger's place.
async fn expect_there(scratch: &Scratch, expected: &[Kept]) {
    let codes = scratch.ledger().codes(Which::All).await.unwrap();
    let expected: Vec<_> = expected.iter().map(|kept| kept.code()).collect();
    assert_eq!(codes, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_after_the_folder_was_deleted_is_in_the_new_one() {
    let scratch = Scratch::sqlite();
    let ledger = scratch.ledger();
    ledger.keep(&request(1), &[]).await.unwrap();
    fs::remove_dir_all(file(&scratch).parent().unwrap()).unwrap();
    let kept = ledger.keep(&request(1), &[]).await.unwrap();
    assert!(matches!(kept, Kept::New(_)), "{kept:?}");
    expect_there(&scratch, &[kept]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_after_a_backup_was_put_in_place_is_in_the_backup() {
    let scratch = Scratch::sqlite();
    let [backup, moved] = ["backup", "moved"].map(|end| file(&scratch).with_extension(end));
    let first = {
        let ledger = Ledger::at(LedgerPlace::Sqlite(backup.clone()));
        ledger.keep(&request(1), &[]).await.unwrap()
    };
    let ledger = scratch.ledger();
    let lost = ledger.keep(&request(2), &[]).await.unwrap();
    fs::rename(file(&scratch), &moved).unwrap();
    move_whole(&backup, file(&scratch)).await;

    let again = ledger.keep(&request(1), &[]).await.unwrap();
    assert_eq!(again, Kept::Again(first.code()));
    let second = ledger.keep(&request(2), &[]).await.unwrap();
    assert!(matches!(second, Kept::New(_)));
    expect_there(&scratch, &[first, second]).await;
    // What was moved away lost nothing, though its log stayed behind.
    let moved = Ledger::at(LedgerPlace::Sqlite(moved));
    assert_eq!(moved.codes(Which::All).await.unwrap(), [lost.code()]);
}

/// Moves a database that nobody writes, as one file.
async fn move_whole(from: &Path, to: &Path) {
    use sqlx::Connection;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(from);
    let mut connection = sqlx::SqliteConnection::connect_with(&options)
        .await
        .unwrap();
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    fs::rename(from, to).unwrap();
}

/// Takes files away while a request is being written, at the moment between the look before and the look after.
async fn keep_while(
    scratch: &Scratch,
    ledger: &Ledger,
    loss: impl FnOnce(),
) -> Result<Kept, LedgerError> {
    let mut writer = scratch.by_hand().await;
    sqlx::query("BEGIN IMMEDIATE")
        .execute(&mut writer)
        .await
        .unwrap();
    let request = request(2);
    let mut keeping = pin!(ledger.keep(&request, &[]));
    // Its first step ends behind the look before; then the other writer holds it up.
    let first_step = poll_fn(|context| Poll::Ready(keeping.as_mut().poll(context).is_pending()));
    assert!(first_step.await, "the other writer holds it up");
    loss();
    sqlx::query("ROLLBACK").execute(&mut writer).await.unwrap();
    keeping.await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_was_written_to_a_lost_file_is_never_acknowledged() {
    type Loss = fn(&Path);
    let losses: [(&str, Loss); 4] = [
        ("the folder is deleted", |file| {
            fs::remove_dir_all(file.parent().unwrap()).unwrap()
        }),
        ("the file is deleted", |file| fs::remove_file(file).unwrap()),
        ("the file is replaced", |file| {
            fs::rename(file, file.with_extension("moved")).unwrap();
            fs::write(file, "").unwrap();
        }),
        ("the folder is moved and made anew", |file| {
            let folder = file.parent().unwrap();
            fs::rename(folder, folder.with_extension("moved")).unwrap();
            fs::create_dir(folder).unwrap();
        }),
    ];
    for (name, loss) in losses {
        println!("{name}");
        let scratch = Scratch::sqlite();
        let ledger = scratch.ledger();
        ledger.keep(&request(1), &[]).await.unwrap();
        let kept = keep_while(&scratch, &ledger, || loss(file(&scratch))).await;
        assert!(
            matches!(kept, Err(LedgerError::Unreachable(_))),
            "{name}: {kept:?}"
        );
        let kept = ledger.keep(&request(2), &[]).await.unwrap();
        assert!(matches!(kept, Kept::New(_)), "{name}: {kept:?}");
        expect_there(&scratch, &[kept]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_is_deleted_takes_no_request_with_it() {
    let scratch = Scratch::sqlite();
    let ledger = scratch.ledger();
    let first = ledger.keep(&request(1), &[]).await.unwrap();
    let mut log = file(&scratch).as_os_str().to_owned();
    log.push("-wal");
    fs::remove_file(log).unwrap();
    let second = ledger.keep(&request(2), &[]).await.unwrap();
    expect_there(&scratch, &[first, second]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_can_not_be_made_at_the_start_is_made_when_it_can() {
    let scratch = Scratch::sqlite();
    let folder = file(&scratch).parent().unwrap();
    fs::write(folder, "in the way").unwrap();
    let ledger = scratch.ledger();
    let error = ledger.keep(&request(1), &[]).await.unwrap_err();
    assert!(matches!(error, LedgerError::Unreachable(_)), "{error:?}");
    fs::remove_file(folder).unwrap();
    let kept = ledger.keep(&request(1), &[]).await.unwrap();
    expect_there(&scratch, &[kept]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_file_that_somebody_else_is_just_writing_is_waited_for() {
    let scratch = Scratch::sqlite();
    fs::create_dir(file(&scratch).parent().unwrap()).unwrap();
    fs::write(file(&scratch), "").unwrap();
    let mut writer = scratch.by_hand().await;
    let write = "BEGIN IMMEDIATE; CREATE TABLE other (number INTEGER)";
    sqlx::raw_sql(write).execute(&mut writer).await.unwrap();
    let ledger = scratch.ledger();
    let keeping = tokio::spawn(async move { ledger.keep(&request(1), &[]).await });
    // Long enough for it to be refused at least once, should it not wait.
    for _ in 0..3000 {
        sqlx::query("SELECT 1").execute(&mut writer).await.unwrap();
    }
    sqlx::query("ROLLBACK").execute(&mut writer).await.unwrap();
    let kept = keeping.await.unwrap().unwrap();
    expect_there(&scratch, &[kept]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_no_ledger_is_left_as_it_is() {
    let scratch = Scratch::sqlite();
    let text = "Dear Ann, ".repeat(500);
    fs::create_dir(file(&scratch).parent().unwrap()).unwrap();
    fs::write(file(&scratch), &text).unwrap();
    let ledger = scratch.ledger();
    let error = ledger.keep(&request(1), &[]).await.unwrap_err();
    let message = "the ledger holds something unexpected: file is not a database";
    assert_eq!(error.to_string(), message);
    assert_eq!(fs::read_to_string(file(&scratch)).unwrap(), text);
    fs::remove_file(file(&scratch)).unwrap();
    let kept = ledger.keep(&request(1), &[]).await.unwrap();
    expect_there(&scratch, &[kept]).await;
}
