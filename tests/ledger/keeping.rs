use std::collections::BTreeSet;

use jiff::civil::date;
use signpost::ledger::{Channel, Entry, Kept, LedgerError, NewRequest, Status, Which};
use tokio::task::JoinSet;

use crate::scratch::{at, on_both, request};

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_is_kept_is_found_as_it_came_in() {
    on_both(async |scratch| {
        let ledger = scratch.ledger();
        let owed = NewRequest {
            estimate_due_on: Some(date(2026, 12, 3)),
            ..request(2)
        };
        for request in [request(1), owed] {
            let kept = ledger.keep(&request, &[Channel::Mail]).await.unwrap();
            let Kept::New(code) = kept else {
                panic!("it is new: {kept:?}")
            };
            let expected = Entry {
                code,
                service: request.service,
                received_at: request.received_at,
                estimate_due_on: request.estimate_due_on,
                delete_on: request.delete_on,
                status: Status::Open,
                sealed: request.sealed,
            };
            // Another instance sees it as soon as the code is told.
            assert_eq!(scratch.ledger().entry(code).await.unwrap(), Some(expected));
        }
        let unknown = "WWWW-WWWW".parse().unwrap();
        assert_eq!(ledger.entry(unknown).await.unwrap(), None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_is_sent_50_times_at_once_to_two_instances_is_kept_once() {
    on_both(async |scratch| {
        let instances = [scratch.ledger(), scratch.ledger()];
        let mut sending = JoinSet::new();
        for number in 0..50 {
            let ledger = instances[number % 2].clone();
            sending.spawn(async move {
                let channels = [Channel::Mail, Channel::Webhook];
                ledger.keep(&request(1), &channels).await
            });
        }
        let kept: Vec<Kept> = sending
            .join_all()
            .await
            .into_iter()
            .collect::<Result<_, _>>()
            .unwrap();
        let new = kept
            .iter()
            .filter(|kept| matches!(kept, Kept::New(_)))
            .count();
        let codes: BTreeSet<_> = kept.iter().map(|kept| kept.code()).collect();
        assert_eq!((new, codes.len()), (1, 1));
        let all = instances[0].codes(Which::All).await.unwrap();
        assert_eq!(all, codes.into_iter().collect::<Vec<_>>());
        let notices = instances[0].due_notices(at(1), at(2)).await.unwrap();
        assert_eq!(notices.len(), 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_request_has_a_code_of_its_own() {
    on_both(async |scratch| {
        let ledger = scratch.ledger();
        let mut sending = JoinSet::new();
        for number in 0..100 {
            let ledger = ledger.clone();
            sending.spawn(async move { ledger.keep(&request(number), &[]).await });
        }
        let kept: Result<BTreeSet<_>, LedgerError> = sending
            .join_all()
            .await
            .into_iter()
            .map(|kept| kept.map(Kept::code))
            .collect();
        let told = kept.unwrap();
        let there = ledger.codes(Which::All).await.unwrap();
        assert_eq!(told.len(), 100);
        assert_eq!(told, there.into_iter().collect());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn estimates_that_are_due_first_come_first_then_what_came_in_first() {
    on_both(async |scratch| {
        let ledger = scratch.ledger();
        // When it came in, and when its estimate is due; the number is the place that is expected.
        let rows = [
            (3, 10, None),
            (1, 40, Some(date(2026, 12, 2))),
            (4, 20, None),
            (0, 50, Some(date(2026, 12, 1))),
            (2, 45, Some(date(2026, 12, 2))),
            (5, 20, None),
        ];
        let mut expected = Vec::new();
        for (place, received, estimate_due_on) in rows {
            let request = NewRequest {
                received_at: at(received),
                estimate_due_on,
                ..request(place)
            };
            expected.push((place, ledger.keep(&request, &[]).await.unwrap().code()));
        }
        expected.sort_unstable();
        let expected: Vec<_> = expected.into_iter().map(|(_, code)| code).collect();
        assert_eq!(ledger.codes(Which::All).await.unwrap(), expected);
        assert_eq!(ledger.codes(Which::Open).await.unwrap(), expected);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_fingerprint_lets_the_same_words_be_a_new_request() {
    on_both(async |scratch| {
        let ledger = scratch.ledger();
        let first = ledger.keep(&request(5), &[]).await.unwrap();
        ledger.forget_fingerprints(at(5)).await.unwrap();
        let again = ledger.keep(&request(5), &[]).await.unwrap();
        assert_eq!(
            again,
            Kept::Again(first.code()),
            "it came in at that instant, not before"
        );
        ledger.forget_fingerprints(at(6)).await.unwrap();
        let new = ledger.keep(&request(5), &[]).await.unwrap();
        assert!(matches!(new, Kept::New(code) if code != first.code()));
    })
    .await;
}
