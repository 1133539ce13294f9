//! Campaign links over real HTTP: what is counted, what is taken away, and what is never stored.

use jiff::civil::date;
use reqwest::Method;
use signpost::booking::Step;

use crate::clinic::{Clinic, TODAY};

const PERSON: (&str, &str) = (
    "user-agent",
    "Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0",
);
const VISIT: &str = "/book/back-pain-visit";
const VIA: &str = "/book/back-pain-visit/via/back-care-flyer";

/// What was counted: campaign, service, step, how often.
async fn counted(clinic: &Clinic) -> Vec<(String, String, Step, u32)> {
    let ledger = clinic.desk.intake.ledger();
    clinic
        .desk
        .counting
        .write_to(ledger)
        .await
        .expect("the ledger answers");
    let tallies = ledger.tallies(date(2020, 1, 1), date(2030, 1, 1)).await;
    let tallies = tallies.expect("the ledger answers");
    assert!(tallies.iter().all(|tally| tally.day == TODAY));
    let plain = |tally: &signpost::ledger::Tally| {
        (
            tally.campaign.to_string(),
            tally.service.to_string(),
            tally.step,
            tally.count,
        )
    };
    tallies.iter().map(plain).collect()
}

fn row(step: Step, count: u32) -> (String, String, Step, u32) {
    (
        "back-care-flyer".into(),
        "back-pain-visit".into(),
        step,
        count,
    )
}

#[actix_web::test]
async fn a_listed_campaign_is_counted_at_each_step_and_its_tag_is_taken_away() {
    let clinic = Clinic::of_the_repository().await;
    let tagged = format!("{VISIT}?utm_source=x&utm_campaign=back-care-flyer&gclid=abc");
    for link in [tagged.as_str(), "/go/back-care-flyer"] {
        let answer = clinic.ask(Method::GET, link, &[PERSON]).await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (302, VIA),
            "{link}"
        );
        assert_eq!(answer.header("cache-control"), "no-store", "{link}");
        assert!(!answer.headers.contains_key("set-cookie"), "{link}");
    }
    let page = clinic.ask(Method::GET, VIA, &[PERSON]).await;
    assert!(
        page.text()
            .contains("name=\"campaign\" value=\"back-care-flyer\"")
    );
    let own = [PERSON, ("sec-fetch-site", "same-origin")];
    let state = [
        ("go", "state"),
        ("state", "NY"),
        ("campaign", "back-care-flyer"),
    ];
    let form = clinic.post_with(VISIT, &state, &own).await;
    assert!(
        form.text()
            .contains("name=\"campaign\" value=\"back-care-flyer\"")
    );
    let sent = clinic.post_with(VISIT, SENT, &own).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    assert!(!sent.header("location").contains("flyer"));
    // Sent again is not counted again.
    clinic.post_with(VISIT, SENT, &own).await;
    assert_eq!(
        counted(&clinic).await,
        [
            row(Step::Viewed, 2),
            row(Step::Started, 1),
            row(Step::Sent, 1)
        ]
    );
}

const SENT: &[(&str, &str)] = &[
    ("go", "send"),
    ("campaign", "back-care-flyer"),
    ("state", "NY"),
    ("how-soon", "soonest"),
    ("patient", "new"),
    ("name", "Ann Example"),
    ("birth-month", "3"),
    ("birth-day", "24"),
    ("birth-year", "1985"),
    ("phone", "555-555-0123"),
    ("preferred", "phone"),
    ("message", "yes"),
    ("payment", "medicare"),
    ("consent", "yes"),
];

#[actix_web::test]
async fn what_no_clinic_listed_is_neither_counted_nor_stored() {
    let clinic = Clinic::of_the_repository().await;
    for query in [
        "utm_campaign=somebody-elses",
        "utm_source=news",
        "fbclid=1",
        "utm_campaign=%00%FF",
    ] {
        let answer = clinic
            .ask(Method::GET, &format!("{VISIT}?{query}"), &[PERSON])
            .await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (302, VISIT),
            "{query}"
        );
    }
    assert_eq!(clinic.get(&format!("{VISIT}?page=2")).await.status, 200);
    for path in ["/go/somebody-elses", "/go/", "/go/a/b"] {
        assert_eq!(clinic.get(path).await.status, 404, "{path}");
    }
    let answer = clinic.get(&format!("{VISIT}/via/somebody-elses")).await;
    assert_eq!((answer.status, answer.header("location")), (302, VISIT));
    let own = [PERSON, ("sec-fetch-site", "same-origin")];
    let state = [
        ("go", "state"),
        ("state", "NY"),
        ("campaign", "somebody-elses"),
    ];
    clinic.post_with(VISIT, &state, &own).await;
    assert_eq!(counted(&clinic).await, []);
    let bytes = clinic.desk.scratch.bytes();
    assert!(!bytes.windows(13).any(|part| part == b"somebody-else"));
}

#[actix_web::test]
async fn programs_and_pages_fetched_ahead_are_not_counted() {
    let clinic = Clinic::of_the_repository().await;
    let robot = ("user-agent", "Mozilla/5.0 (compatible; Googlebot/2.1)");
    for headers in [&[robot][..], &[PERSON, ("sec-purpose", "prefetch")], &[]] {
        let answer = clinic
            .ask(Method::GET, "/go/back-care-flyer", headers)
            .await;
        assert_eq!(answer.header("location"), VIA);
    }
    let head = clinic
        .ask(Method::HEAD, "/go/back-care-flyer", &[PERSON])
        .await;
    assert_eq!(head.status, 302);
    assert_eq!(counted(&clinic).await, []);
}

#[actix_web::test]
async fn a_campaign_counts_only_while_it_runs_and_its_link_works_for_ever() {
    let folder = crate::folder::Folder::copied();
    folder.edit(
        "clinic/campaigns.toml",
        "until = 2027-02-28",
        "until = 2026-11-24",
    );
    let clinic = Clinic::of(folder).await;
    let answer = clinic
        .ask(Method::GET, "/go/back-care-flyer", &[PERSON])
        .await;
    assert_eq!((answer.status, answer.header("location")), (302, VISIT));
    assert_eq!(counted(&clinic).await, []);
}

#[actix_web::test]
async fn a_short_link_is_typed_from_paper() {
    let clinic = Clinic::of_the_repository().await;
    for path in ["/go/Back-Care-Flyer", "/go/back-care-flyer/"] {
        let answer = clinic.ask(Method::GET, path, &[PERSON]).await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (302, VIA),
            "{path}"
        );
    }
    let refused = clinic
        .ask(Method::POST, "/go/back-care-flyer", &[PERSON])
        .await;
    assert_eq!(
        (refused.status, refused.header("allow")),
        (405, "GET, HEAD, OPTIONS")
    );
}

#[actix_web::test]
async fn counts_wait_while_the_ledger_is_away() {
    let clinic = Clinic::of_the_repository().await;
    let file = clinic.desk.scratch.path("ledger.sqlite");
    std::fs::create_dir(&file).expect("the folder can be made");
    clinic
        .ask(Method::GET, "/go/back-care-flyer", &[PERSON])
        .await;
    let ledger = clinic.desk.intake.ledger();
    assert!(clinic.desk.counting.write_to(ledger).await.is_err());
    clinic
        .ask(Method::GET, "/go/back-care-flyer", &[PERSON])
        .await;
    std::fs::remove_dir(&file).expect("the folder can be removed");
    assert_eq!(counted(&clinic).await, [row(Step::Viewed, 2)]);
}
