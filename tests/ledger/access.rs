use std::fs;

use jiff::civil::date;
use signpost::ledger::{
    Access, Channel, Deed, Kept, LedgerPlace, NewRequest, Sealed, Status, Which,
};

use crate::scratch::{Scratch, access, at, on_both, request};

#[tokio::test(flavor = "multi_thread")]
async fn finishing_writes_it_down_and_forgets_the_fingerprint() {
    on_both(async |scratch| {
        let ledger = scratch.ledger();
        let mut codes = Vec::new();
        for number in 0..3 {
            codes.push(ledger.keep(&request(number), &[]).await.unwrap().code());
        }
        let unknown = "WWWW-WWWW".parse().unwrap();
        let line = access(Deed::Finished, &[codes[2], unknown, codes[0], codes[2]]);
        let finished = ledger.finish(&line).await.unwrap();
        assert_eq!(finished, [codes[2], codes[0]]);
        // Nobody is told that the same requests were finished twice.
        assert_eq!(ledger.finish(&line).await.unwrap(), []);

        assert_eq!(ledger.codes(Which::Open).await.unwrap(), [codes[1]]);
        assert_eq!(ledger.codes(Which::All).await.unwrap(), codes);
        let entry = ledger.entry(codes[0]).await.unwrap().unwrap();
        assert_eq!(entry.status, Status::Done(line.at));
        let written = access(Deed::Finished, &finished);
        assert_eq!(ledger.accesses().await.unwrap(), [written]);

        let new = ledger.keep(&request(0), &[]).await.unwrap();
        assert!(matches!(new, Kept::New(code) if code != codes[0]));
        let open = ledger.keep(&request(1), &[]).await.unwrap();
        assert_eq!(open, Kept::Again(codes[1]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_purge_removes_what_is_due_with_its_notices_and_writes_it_down() {
    on_both(async |scratch| {
        let ledger = scratch.ledger();
        let mut codes = Vec::new();
        for (number, day) in [(0, 1), (1, 2), (2, 3)] {
            let request = NewRequest {
                delete_on: date(2027, 1, day),
                ..request(number)
            };
            let kept = ledger.keep(&request, &[Channel::Mail]).await.unwrap();
            codes.push(kept.code());
        }
        let line = access(Deed::Purged, &[codes[2]]);
        assert_eq!(ledger.purge(date(2026, 12, 31), &line).await.unwrap(), []);
        assert_eq!(ledger.accesses().await.unwrap(), []);

        let removed = ledger.purge(date(2027, 1, 2), &line).await.unwrap();
        assert_eq!(removed, codes[..2]);
        assert_eq!(ledger.codes(Which::All).await.unwrap(), [codes[2]]);
        assert_eq!(ledger.entry(codes[0]).await.unwrap(), None);
        let notices = ledger.due_notices(at(100), at(200)).await.unwrap();
        let of: Vec<_> = notices.iter().map(|notice| notice.code).collect();
        assert_eq!(of, [codes[2]]);
        let written = access(Deed::Purged, &removed);
        assert_eq!(ledger.accesses().await.unwrap(), [written]);
    })
    .await;
}

/// Whether any file of a SQLite ledger holds these bytes.
fn is_on_disk(scratch: &Scratch, bytes: &[u8]) -> bool {
    let LedgerPlace::Sqlite(path) = &scratch.place else {
        panic!("it is a file")
    };
    let files = fs::read_dir(path.parent().unwrap()).unwrap();
    let mut files = files.map(|file| fs::read(file.unwrap().path()).unwrap());
    files.any(|file| file.windows(bytes.len()).any(|part| part == bytes))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_purged_is_nowhere_in_the_files() {
    let scratch = Scratch::sqlite();
    let ledger = scratch.ledger();
    let letter = b"nobody reads this again, ".repeat(400);
    let due = NewRequest {
        delete_on: date(2026, 1, 1),
        sealed: Sealed(letter.clone()),
        ..request(1)
    };
    ledger.keep(&due, &[Channel::Mail]).await.unwrap();
    ledger.keep(&request(2), &[Channel::Mail]).await.unwrap();
    // A whole letter spans pages; a part of it is on one.
    let secrets = [&letter[..50], &due.fingerprint.0];
    for secret in secrets {
        assert!(is_on_disk(&scratch, secret));
    }
    let line = access(Deed::Purged, &[]);
    ledger.purge(date(2026, 6, 1), &line).await.unwrap();
    for secret in secrets {
        assert!(!is_on_disk(&scratch, secret));
    }
    assert!(is_on_disk(&scratch, &request(2).sealed.0));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_access_log_keeps_every_line_in_order() {
    on_both(async |scratch| {
        let ledger = scratch.ledger();
        let codes = ["B7KP-4QXM", "B7KP-4QXF"].map(|code| code.parse().unwrap());
        let lines = [
            access(Deed::Shown, &codes),
            access(Deed::Listed, &[]),
            Access {
                at: at(1),
                ..access(Deed::Exported, &[codes[1], codes[0]])
            },
        ];
        for line in &lines {
            ledger.write_access(line).await.unwrap();
        }
        assert_eq!(scratch.ledger().accesses().await.unwrap(), lines);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_changes_the_access_log_by_hand() {
    on_both(async |scratch| {
        let ledger = scratch.ledger();
        let line = access(Deed::Shown, &[]);
        ledger.write_access(&line).await.unwrap();
        let mut by_hand = scratch.by_hand().await;
        let of_sqlite = [
            "INSERT OR REPLACE INTO accesses VALUES (1, 0, 'x', 'x', 'shown', '')",
            "UPDATE OR REPLACE accesses SET who = 'x'",
        ];
        let of_postgres = [
            "TRUNCATE accesses",
            "DELETE FROM accesses WHERE who LIKE 'nobody'",
        ];
        let more = if scratch.is_sqlite {
            of_sqlite
        } else {
            of_postgres
        };
        for statement in ["UPDATE accesses SET who = 'x'", "DELETE FROM accesses"]
            .iter()
            .chain(&more)
        {
            let error = sqlx::query(*statement)
                .execute(&mut by_hand)
                .await
                .unwrap_err();
            let error = error.to_string();
            assert!(error.contains("only ever added to"), "{statement}: {error}");
        }
        assert_eq!(ledger.accesses().await.unwrap(), [line]);
    })
    .await;
}
