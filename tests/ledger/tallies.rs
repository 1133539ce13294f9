use jiff::civil::{Date, date};
use signpost::booking::Step;
use signpost::ledger::Tally;
use tokio::task::JoinSet;

use crate::scratch::on_both;

fn tally(campaign: &str, day: Date, step: Step, count: u32) -> Tally {
    Tally {
        campaign: campaign.parse().unwrap(),
        service: "video-visit".parse().unwrap(),
        day,
        step,
        count,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_of_several_instances_add_up() {
    on_both(async |scratch| {
        let day = date(2026, 11, 30);
        let instances = [scratch.ledger(), scratch.ledger(), scratch.ledger()];
        let mut adding = JoinSet::new();
        for number in 0..20 {
            let ledger = instances[number % 3].clone();
            adding.spawn(async move {
                let mut tallies = [
                    tally("flu-shots", day, Step::Viewed, 3),
                    tally("flu-shots", day, Step::Sent, 1),
                ];
                if number % 2 == 0 {
                    tallies.reverse();
                }
                for _ in 0..3 {
                    ledger.add_tallies(&tallies).await.unwrap();
                }
            });
        }
        adding.join_all().await;
        let expected = [
            tally("flu-shots", day, Step::Viewed, 180),
            tally("flu-shots", day, Step::Sent, 60),
        ];
        assert_eq!(scratch.ledger().tallies(day, day).await.unwrap(), expected);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_come_by_campaign_day_and_step_and_only_of_the_days_asked_for() {
    on_both(async |scratch| {
        let ledger = scratch.ledger();
        let [before, first, last, after] = [29, 30, 31, 32].map(|day| {
            let start = date(2026, 9, 30);
            start.saturating_add(jiff::Span::new().days(day))
        });
        let expected = [
            tally("back-care", last, Step::Viewed, 2),
            tally("flu-shots", first, Step::Started, 1),
            tally("flu-shots", first, Step::Sent, 4),
            tally("flu-shots", last, Step::Viewed, 7),
        ];
        let mut tallies = expected.to_vec();
        tallies.reverse();
        tallies.push(tally("flu-shots", before, Step::Viewed, 9));
        tallies.push(tally("flu-shots", after, Step::Viewed, 9));
        ledger.add_tallies(&tallies).await.unwrap();
        assert_eq!(ledger.tallies(first, last).await.unwrap(), expected);
    })
    .await;
}
