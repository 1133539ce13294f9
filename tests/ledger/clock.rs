use jiff::Timestamp;
use signpost::ledger::{Channel, Kept, Which};

use crate::scratch::{at, on_both, request};

/// Ten years, in seconds.
const FAR: i64 = 10 * 365 * 86_400;

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_jumps_loses_no_request_and_no_notice() {
    on_both(async |scratch| {
        let ledger = scratch.ledger();
        let minute = |now: Timestamp| now + jiff::SignedDuration::from_mins(2);
        let first = ledger.keep(&request(1), &[Channel::Mail]).await.unwrap();
        // The clock goes back ten years: what comes in then comes after what came in before.
        let mut earlier = request(2);
        earlier.received_at = at(-FAR);
        let second = ledger.keep(&earlier, &[Channel::Mail]).await.unwrap();
        assert!(matches!(second, Kept::New(_)));
        let codes = ledger.codes(Which::Open).await.unwrap();
        assert_eq!(codes.len(), 2);
        // It goes ten years ahead, and a notice is put off from there.
        let ahead = at(FAR);
        let claimed = ledger.due_notices(ahead, minute(ahead)).await.unwrap();
        assert_eq!(claimed.len(), 2);
        for notice in &claimed {
            ledger
                .notice_failed(notice.id, ahead + jiff::SignedDuration::from_hours(1))
                .await
                .unwrap();
        }
        // It is right again: nobody waits ten years for what was put off.
        let now = at(5_000);
        let again = ledger.due_notices(now, minute(now)).await.unwrap();
        let mut told: Vec<_> = again.iter().map(|notice| notice.code).collect();
        let mut expected = vec![first.code(), second.code()];
        told.sort_by_key(ToString::to_string);
        expected.sort_by_key(ToString::to_string);
        assert_eq!(told, expected);
        // What is put off by an hour, as it should be, waits.
        for notice in &again {
            ledger
                .notice_failed(notice.id, now + jiff::SignedDuration::from_hours(1))
                .await
                .unwrap();
        }
        assert!(
            ledger
                .due_notices(now, minute(now))
                .await
                .unwrap()
                .is_empty()
        );
    })
    .await;
}
