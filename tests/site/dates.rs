//! What depends on the day. Every rule is tried on the last day before it holds
//! and on the first day on which it does.

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use signpost::rebuild::Calendar;

use crate::clinic::{Clinic, TODAY, eventually};
use crate::folder::{Folder, REFERENCE};

const FILE: &str = "articles/lower-back-pain-popping-sound.md";
const OVERDUE: &str = ".notice--overdue";

fn article() -> String {
    format!("/articles/{REFERENCE}")
}

/// Adds an article that says the same as the one on sore throats, with changes.
fn add(folder: &Folder, slug: &str, changes: &[(&str, &str)]) {
    let file = format!("articles/{slug}.md");
    folder.write(&file, &folder.read("articles/sore-throat-strep.md"));
    folder.edit(
        &file,
        "title: \"Sore throat and strep throat: ",
        &format!("title: \"{slug}: "),
    );
    for (from, to) in changes {
        folder.edit(&file, from, to);
    }
}

/// The pages that list articles, and whether each names an article.
async fn lists_that_name(clinic: &Clinic, path: &str) -> Vec<&'static str> {
    let mut found = Vec::new();
    for (list, within) in [
        ("/", "main"),
        ("/articles", "main"),
        ("/topics/back-and-joints", "main"),
        ("/topics/cold-flu-and-throat", "main"),
        ("/people/sample-reviewer", "main"),
        ("/people/sample-author", "main"),
        ("/book/back-pain-visit", "main"),
        ("/book/sore-throat-visit", "main"),
        ("/articles/sciatica", ".related"),
    ] {
        let page = clinic.page(list).await;
        if page.has(&format!("{within} a[href='{path}']")) {
            found.push(list);
        }
    }
    found
}

#[actix_web::test]
async fn a_page_says_that_its_review_is_due_the_day_after_it_was() {
    let clinic = Clinic::of(Folder::copied()).await;
    for (day, overdue) in [
        (TODAY, false),
        (date(2027, 11, 2), false),
        (date(2027, 11, 3), true),
        (date(2028, 1, 31), true),
    ] {
        clinic.refresh_on(day);
        let answer = clinic.get(&article()).await;
        assert_eq!(answer.status, 200, "{day}");
        let page = answer.document();
        assert_eq!(page.has(OVERDUE), overdue, "{day}");
        assert!(page.has("link[rel=canonical]"), "{day}: still listed");
        assert_eq!(answer.header("x-robots-tag"), "", "{day}");
        assert!(
            lists_that_name(&clinic, &article())
                .await
                .contains(&"/articles"),
            "{day}"
        );
    }
    let page = clinic.page(&article()).await;
    let notice = page.one(OVERDUE);
    let text = crate::document::words(notice);
    for part in [
        "This page is due for review.",
        "last reviewed on November 2, 2026",
        "due on November 2, 2027",
        "1-555-555-0100",
    ] {
        assert!(text.contains(part), "{text}");
    }
    assert!(
        page.end(notice) < page.position(page.one("h1")),
        "it comes first"
    );
}

#[actix_web::test]
async fn a_page_that_is_long_overdue_leaves_lists_and_search_engines_but_not_its_address() {
    let folder = Folder::copied();
    folder.edit(
        FILE,
        "reviewed_on: 2026-11-02",
        "reviewed_on: 2026-11-02\nreview_due: 2026-11-10",
    );
    let clinic = Clinic::of(folder).await;
    let last = date(2027, 2, 8);
    clinic.refresh_on(last);
    assert_eq!(
        lists_that_name(&clinic, &article()).await,
        [
            "/",
            "/articles",
            "/topics/back-and-joints",
            "/people/sample-reviewer",
            "/people/sample-author",
            "/book/back-pain-visit",
            "/articles/sciatica",
        ]
    );
    clinic.refresh_on(last.tomorrow().expect("a day follows"));
    assert_eq!(lists_that_name(&clinic, &article()).await, [""; 0]);
    let answer = clinic.get(&article()).await;
    assert_eq!(answer.status, 200, "still reachable");
    assert_eq!(answer.header("x-robots-tag"), "noindex");
    let page = answer.document();
    assert!(page.has("meta[name=robots][content=noindex]"));
    assert!(!page.has("link[rel=canonical]"));
    assert!(page.has(OVERDUE));
}

#[actix_web::test]
async fn the_clinic_decides_how_long_an_overdue_page_stays_listed() {
    let folder = Folder::copied();
    folder.edit(
        FILE,
        "reviewed_on: 2026-11-02",
        "reviewed_on: 2026-11-02\nreview_due: 2026-11-20",
    );
    folder.edit(
        "clinic/clinic.toml",
        "hide_overdue_after_days = 90",
        "hide_overdue_after_days = 5",
    );
    let clinic = Clinic::of(folder).await;
    assert!(
        lists_that_name(&clinic, &article())
            .await
            .contains(&"/articles")
    );
    clinic.refresh_on(date(2026, 11, 26));
    assert!(lists_that_name(&clinic, &article()).await.is_empty());
}

#[actix_web::test]
async fn the_operator_is_told_of_an_overdue_review() {
    let clinic = Clinic::of(Folder::copied()).await;
    clinic.refresh_on(date(2027, 11, 3));
    let told = clinic.diagnostics();
    assert!(
        told.contains(&format!(
            "{FILE}:1:1: warning[review-overdue]: the review was due on 2027-11-02"
        )),
        "{told}"
    );
}

#[actix_web::test]
async fn an_article_of_the_future_does_not_exist_until_its_day() {
    let folder = Folder::copied();
    add(
        &folder,
        "later",
        &[
            ("published_on: 2026-10-19", "published_on: 2026-12-01"),
            ("reviewed_on: 2026-11-09", "reviewed_on: 2026-12-01"),
            ("lang: en\n", ""),
        ][..2],
    );
    folder.edit(
        "articles/later.md",
        "authors: ",
        "aliases: [much-later]\nauthors: ",
    );
    let clinic = Clinic::of(folder).await;
    for (day, exists) in [
        (TODAY, false),
        (date(2026, 11, 30), false),
        (date(2026, 12, 1), true),
    ] {
        clinic.refresh_on(day);
        let status = if exists { 200 } else { 404 };
        assert_eq!(clinic.get("/articles/later").await.status, status, "{day}");
        let alias = clinic.get("/articles/much-later").await;
        assert_eq!(alias.status, if exists { 301 } else { 404 }, "{day}");
        let lists = lists_that_name(&clinic, "/articles/later").await;
        assert_eq!(lists.is_empty(), !exists, "{day}: {lists:?}");
    }
}

#[actix_web::test]
async fn a_draft_never_exists() {
    let folder = Folder::copied();
    add(
        &folder,
        "unfinished",
        &[("authors: ", "draft: true\naliases: [sketch]\nauthors: ")],
    );
    let clinic = Clinic::of(folder).await;
    for day in [TODAY, date(2030, 1, 1)] {
        clinic.refresh_on(day);
        assert_eq!(
            clinic.get("/articles/unfinished").await.status,
            404,
            "{day}"
        );
        assert_eq!(clinic.get("/articles/sketch").await.status, 404, "{day}");
        let lists = lists_that_name(&clinic, "/articles/unfinished").await;
        assert!(lists.is_empty(), "{day}: {lists:?}");
    }
}

#[actix_web::test]
async fn a_withdrawn_article_is_gone_and_says_why_and_where_to_go() {
    let folder = Folder::copied();
    folder.edit(
        FILE,
        "takeaways:",
        "withdrawn:\n  on: 2026-11-26\n  why: \"The advice on heat is out of date.\"\n  see: sciatica\ntakeaways:",
    );
    let clinic = Clinic::of(folder).await;
    assert_eq!(clinic.get(&article()).await.status, 200, "not yet");
    clinic.refresh_on(date(2026, 11, 26));
    let answer = clinic.get(&article()).await;
    assert_eq!(answer.status, 410);
    assert_eq!(answer.header("x-robots-tag"), "noindex");
    assert_eq!(answer.header("cache-control"), "no-store");
    let page = answer.document();
    let text = page.words();
    assert!(
        text.contains("The advice on heat is out of date."),
        "{text}"
    );
    assert!(
        text.contains("We took it down on November 26, 2026."),
        "{text}"
    );
    assert!(page.has("main a[href='/articles/sciatica']"));
    assert!(page.has("main a[href='tel:15555550100']"));
    assert!(!page.has(".booking-card, .takeaways, .source-list"));
    let lists = lists_that_name(&clinic, &article()).await;
    assert!(lists.is_empty(), "{lists:?}");
    let head = clinic.ask(reqwest::Method::HEAD, &article(), &[]).await;
    assert_eq!(head.status, 410);
    let post = clinic.ask(reqwest::Method::POST, &article(), &[]).await;
    assert_eq!(post.status, 405);
}

#[actix_web::test]
async fn an_old_address_leads_to_the_new_one() {
    let folder = Folder::copied();
    folder.edit(
        FILE,
        "authors: ",
        "aliases: [popping-back, cracking-back]\nauthors: ",
    );
    let clinic = Clinic::of(folder).await;
    for alias in ["popping-back", "cracking-back"] {
        let path = format!("/articles/{alias}");
        for method in [reqwest::Method::GET, reqwest::Method::HEAD] {
            let answer = clinic.ask(method, &path, &[]).await;
            assert_eq!(answer.status, 301, "{alias}");
            assert_eq!(answer.header("location"), article(), "{alias}");
        }
        let post = clinic.ask(reqwest::Method::POST, &path, &[]).await;
        assert_eq!(
            (post.status, post.header("allow")),
            (405, "GET, HEAD, OPTIONS")
        );
    }
}

#[actix_web::test]
async fn a_price_that_nobody_confirmed_for_too_long_is_not_shown() {
    let clinic = Clinic::of(Folder::copied()).await;
    for (day, shown) in [(date(2027, 1, 31), true), (date(2027, 2, 1), false)] {
        clinic.refresh_on(day);
        for path in [article().as_str(), "/book", "/book/back-pain-visit"] {
            let page = clinic.page(path).await;
            assert_eq!(page.has(".prices"), shown, "{path} on {day}");
            let text = page.words();
            assert_eq!(text.contains("$25"), shown, "{path} on {day}");
            let said = text.contains("The price is being confirmed.");
            assert_eq!(said, !shown, "{path} on {day}");
        }
    }
}

#[actix_web::test]
async fn a_fee_holds_from_its_first_day_to_its_last() {
    let folder = Folder::copied();
    folder.edit(
        "clinic/copays.toml",
        "from = 2026-01-01\n",
        "from = 2026-01-01\nuntil = 2026-11-30\n",
    );
    let fees = folder.read("clinic/copays.toml");
    folder.write(
        "clinic/copays.toml",
        &format!(
            "{fees}\n[[fee]]\nservice = \"back-pain-visit\"\nfrom = 2026-12-01\n\
             typical_copay_cents = 2750\nself_pay_cents = 11000\nas_of = 2026-11-20\n"
        ),
    );
    let clinic = Clinic::of(folder).await;
    for (day, amounts) in [
        (date(2026, 11, 30), ["$25", "$100"]),
        (date(2026, 12, 1), ["$27.50", "$110"]),
    ] {
        clinic.refresh_on(day);
        let page = clinic.page(&article()).await;
        assert_eq!(page.texts(".booking-card dd"), amounts, "{day}");
    }
}

#[actix_web::test]
async fn today_is_the_day_in_the_time_zone_of_the_clinic() {
    // The two zones are 25 hours apart, so it is never the same day in both.
    let today = |zone: &str| {
        let zone = TimeZone::get(zone).expect("the zone is known");
        Calendar::Clock.today(&zone)
    };
    assert!(today("Pacific/Kiritimati") > today("Pacific/Pago_Pago"));

    let folder = Folder::copied();
    folder.edit(
        "clinic/clinic.toml",
        "America/New_York",
        "Pacific/Kiritimati",
    );
    let clinic = Clinic::on(folder, Calendar::Clock).await;
    let day = clinic.live.snapshot().site().today.to_string();
    let folder = clinic.folder();
    add(
        folder,
        "fresh",
        &[
            ("published_on: 2026-10-19", &format!("published_on: {day}")),
            ("reviewed_on: 2026-11-09", &format!("reviewed_on: {day}")),
        ],
    );
    clinic.refresh();
    assert_eq!(clinic.get("/articles/fresh").await.status, 200);
    folder.edit(
        "clinic/clinic.toml",
        "Pacific/Kiritimati",
        "Pacific/Pago_Pago",
    );
    clinic.refresh();
    assert_eq!(
        clinic.get("/articles/fresh").await.status,
        404,
        "it is still yesterday there"
    );
}

#[actix_web::test]
async fn a_new_day_is_noticed_without_a_restart_or_a_change_of_files() {
    let clinic = Clinic::on(Folder::copied(), Calendar::Clock).await;
    let now = clinic.live.snapshot().site().today;
    clinic.refresh_on(Date::constant(2026, 1, 1));
    let _watch = clinic.watch();
    eventually("the site of today", || async {
        clinic.live.snapshot().site().today >= now
    })
    .await;
}
