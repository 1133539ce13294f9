use std::collections::BTreeSet;

use signpost::ledger::{Channel, Ledger, NoticeId};
use sqlx::Connection;
use tokio::task::JoinSet;

use crate::scratch::{Scratch, at, on_both, request};

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_tells_of_the_request_and_the_longest_due_comes_first() {
    on_both(async |scratch| {
        let ledger = scratch.ledger();
        let late = ledger.keep(&request(9), &[Channel::Mail]).await.unwrap();
        let early = ledger.keep(&request(3), &[Channel::Webhook]).await.unwrap();
        assert_eq!(ledger.due_notices(at(2), at(60)).await.unwrap(), []);
        let notices = ledger.due_notices(at(9), at(60)).await.unwrap();
        let told: Vec<_> = notices
            .iter()
            .map(|notice| {
                (
                    notice.code,
                    notice.channel,
                    notice.received_at,
                    notice.tries,
                )
            })
            .collect();
        let expected = [
            (early.code(), Channel::Webhook, at(3), 0),
            (late.code(), Channel::Mail, at(9), 0),
        ];
        assert_eq!(told, expected);
        assert_eq!(notices[0].service, request(3).service);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_notice_comes_again_and_a_sent_one_never() {
    on_both(async |scratch| {
        let ledger = scratch.ledger();
        let channels = [Channel::Mail, Channel::Webhook];
        ledger.keep(&request(0), &channels).await.unwrap();
        let first = ledger.due_notices(at(0), at(60)).await.unwrap();
        assert_eq!(first.len(), 2);
        ledger.notice_sent(first[0].id).await.unwrap();
        ledger.notice_failed(first[1].id, at(300)).await.unwrap();
        assert_eq!(ledger.due_notices(at(299), at(400)).await.unwrap(), []);
        let again = ledger.due_notices(at(300), at(400)).await.unwrap();
        let told: Vec<_> = again
            .iter()
            .map(|notice| (notice.id, notice.tries))
            .collect();
        assert_eq!(told, [(first[1].id, 1)]);
        // Whoever claimed it may have stopped half way.
        let again = ledger.due_notices(at(400), at(500)).await.unwrap();
        assert_eq!(again.len(), 1);
        ledger.notice_sent(again[0].id).await.unwrap();
        assert_eq!(ledger.due_notices(at(9999), at(9999)).await.unwrap(), []);
    })
    .await;
}

/// Claims until nothing is left.
async fn claim_all(ledger: Ledger) -> Vec<NoticeId> {
    let mut claimed = Vec::new();
    loop {
        let notices = ledger.due_notices(at(500), at(900)).await.unwrap();
        assert!(notices.len() <= 20, "{} at once", notices.len());
        if notices.is_empty() {
            return claimed;
        }
        claimed.extend(notices.iter().map(|notice| notice.id));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_several_instances_one_alone_gets_a_notice() {
    on_both(async |scratch| {
        let ledger = scratch.ledger();
        for number in 0..60 {
            let channels = [Channel::Mail, Channel::Webhook];
            ledger.keep(&request(number), &channels).await.unwrap();
        }
        let mut claiming = JoinSet::new();
        for _ in 0..4 {
            let ledger = scratch.ledger();
            ledger.open().await.unwrap();
            claiming.spawn(claim_all(ledger));
        }
        let mut claimed = claiming.join_all().await.concat();
        // One that was locked was passed over; whoever asks later gets it.
        claimed.extend(claim_all(ledger).await);
        let each: BTreeSet<_> = claimed.iter().collect();
        assert_eq!((claimed.len(), each.len()), (120, 120));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_that_another_instance_is_just_claiming_is_passed_over() {
    // SQLite lets one alone write, so there is no such moment.
    let scratch = Scratch::postgres().await;
    let ledger = scratch.ledger();
    for number in 0..3 {
        ledger
            .keep(&request(number), &[Channel::Mail])
            .await
            .unwrap();
    }
    let mut other = scratch.by_hand().await;
    let mut claim = other.begin().await.unwrap();
    sqlx::query("UPDATE notices SET due_at = due_at + 1000000000 WHERE tries = 0 AND number < 3")
        .execute(&mut *claim)
        .await
        .unwrap();
    let received = async || {
        let notices = ledger.due_notices(at(500), at(900)).await.unwrap();
        notices
            .iter()
            .map(|notice| notice.received_at)
            .collect::<Vec<_>>()
    };
    assert_eq!(received().await, [at(2)]);
    // The other one stops half way, so its notices are there again.
    claim.rollback().await.unwrap();
    assert_eq!(received().await, [at(0), at(1)]);
}
