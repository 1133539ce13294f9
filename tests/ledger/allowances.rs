use std::time::Duration;

use signpost::ledger::{Allowance, Asked, Asker, Ledger};
use tokio::task::JoinSet;

use crate::scratch::{Scratch, at};

const ALLOWANCE: Allowance = Allowance {
    at_once: 40,
    one_more_each: Duration::from_secs(10),
};
const ANN: Asker = Asker([1; 32]);
const BEN: Asker = Asker([2; 32]);

async fn asks(ledger: &Ledger, asker: Asker, seconds: i64) -> Asked {
    ledger.ask(&asker, ALLOWANCE, at(seconds)).await.unwrap()
}

async fn asks_until_refused(ledger: &Ledger, asker: Asker, seconds: i64) -> usize {
    let mut granted = 0;
    while asks(ledger, asker, seconds).await == Asked::InTime {
        granted += 1;
        assert!(granted <= 1_000, "nobody is ever refused");
    }
    granted
}

#[tokio::test(flavor = "multi_thread")]
async fn three_instances_that_are_asked_at_once_give_no_more_than_one_allowance() {
    let scratch = Scratch::postgres().await;
    let instances = [scratch.ledger(), scratch.ledger(), scratch.ledger()];
    let mut asking = JoinSet::new();
    for number in 0..120 {
        let ledger = instances[number % 3].clone();
        asking.spawn(async move { asks(&ledger, ANN, 0).await });
    }
    let answers = asking.join_all().await;
    let granted = answers.iter().filter(|asked| **asked == Asked::InTime);
    assert_eq!(granted.count(), 40);
    assert_eq!(asks_until_refused(&instances[0], BEN, 0).await, 40);
}

#[tokio::test]
async fn there_is_one_more_after_each_pause_and_all_of_it_after_all_of_them() {
    let scratch = Scratch::postgres().await;
    let ledger = scratch.ledger();
    // When somebody asks, how many are granted, and how long the next one takes then, in seconds.
    let rows = [
        (0, 40, 10),
        (9, 0, 1),
        (10, 1, 10),
        (45, 3, 5),
        (1_000, 40, 10),
    ];
    for (seconds, granted, wait) in rows {
        assert_eq!(
            asks_until_refused(&ledger, ANN, seconds).await,
            granted,
            "at {seconds}"
        );
        let next = Asked::TooOften(Duration::from_secs(wait));
        assert_eq!(asks(&ledger, ANN, seconds).await, next, "at {seconds}");
    }
}

#[tokio::test]
async fn an_instance_whose_clock_is_wrong_locks_nobody_out() {
    let scratch = Scratch::postgres().await;
    let (right, ahead) = (scratch.ledger(), scratch.ledger());
    assert_eq!(asks_until_refused(&ahead, ANN, 86_400).await, 40);
    assert_eq!(asks_until_refused(&right, ANN, 0).await, 40);
}

#[tokio::test]
async fn askers_are_forgotten_when_they_have_their_whole_allowance_again() {
    let scratch = Scratch::postgres().await;
    let ledger = scratch.ledger();
    asks_until_refused(&ledger, ANN, 0).await;
    asks(&ledger, BEN, 0).await;
    let mut by_hand = scratch.by_hand().await;
    for (seconds, left) in [(0, 2), (10, 1), (399, 1), (400, 0)] {
        ledger.forget_askers(at(seconds)).await.unwrap();
        let rows = sqlx::query("SELECT asker FROM allowances").fetch_all(&mut by_hand);
        assert_eq!(rows.await.unwrap().len(), left, "after {seconds} seconds");
    }
}

#[tokio::test]
async fn a_ledger_in_a_file_leaves_counting_to_its_one_server() {
    let scratch = Scratch::sqlite();
    let ledger = scratch.ledger();
    for _ in 0..100 {
        assert_eq!(asks(&ledger, ANN, 0).await, Asked::InTime);
    }
    ledger.forget_askers(at(1_000)).await.unwrap();
}
