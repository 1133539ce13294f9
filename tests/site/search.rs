//! The search over HTTP. What is found is in tests/search.rs; here it is how it is said,
//! and to whom it is not.

use reqwest::Method;
use serde_json::Value;
use signpost::pages::FormTarget;
use signpost::rebuild::{Calendar, build_for_export, index};
use signpost::snapshot::Entry;

use crate::clinic::{Clinic, TODAY};
use crate::document::words;
use crate::folder::repository;

/// Our own site with its index.
async fn clinic() -> Clinic {
    let clinic = Clinic::of_the_repository().await;
    index(&clinic.live, &mut None);
    clinic
}

/// Suggestions as four lists: the question, names, kinds, addresses.
async fn suggested(clinic: &Clinic, path: &str) -> Value {
    let answer = clinic.get(path).await;
    assert_eq!(answer.status, 200, "{path}");
    assert_eq!(
        answer.header("content-type"),
        "application/x-suggestions+json"
    );
    assert_eq!(answer.header("cache-control"), "private, no-store");
    serde_json::from_slice(&answer.body).expect("it is JSON")
}

#[actix_web::test]
async fn a_question_leads_to_marked_results_that_say_what_they_are() {
    let clinic = clinic().await;
    let page = clinic.page("/search?q=siatica").await;
    assert_eq!(
        page.attributes("main .search-hit a", "href")
            .first()
            .map(String::as_str),
        Some("/articles/sciatica")
    );
    assert_eq!(
        page.texts(".search-hit__kind").first().map(String::as_str),
        Some("Article")
    );
    assert!(page.has("main mark"));
    assert_eq!(page.attributes("#search", "value"), ["siatica"]);
    assert!(
        words(page.one("main")).contains("“sciatica”"),
        "it says what it looked for"
    );
    let title = words(page.one("title"));
    assert!(
        !title.contains("siatica") && title.contains("Search"),
        "{title}"
    );
}

#[actix_web::test]
async fn a_medical_word_leads_to_its_explanation() {
    let clinic = clinic().await;
    let page = clinic.page("/search?q=herniated+disk").await;
    let links = page.attributes("main .search-hit a", "href");
    let link = links.first().expect("something is found");
    let (path, id) = link.split_once('#').expect("it leads to a place in a page");
    assert_eq!(path, "/glossary");
    let glossary = clinic.page(path).await;
    assert!(glossary.has(&format!("[id='{id}']")), "{link}");
}

#[actix_web::test]
async fn no_link_and_no_other_page_learns_what_was_asked() {
    let clinic = clinic().await;
    let asked = "/search?q=zanzibar+sciatica+feever";
    let answer = clinic.get(asked).await;
    assert_eq!(answer.header("cache-control"), "private, no-store");
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
    assert_eq!(answer.header("x-robots-tag"), "noindex");
    let page = answer.document();
    for name in ["href", "src", "action"] {
        for value in page.attributes(&format!("[{name}]"), name) {
            let is_told = value.contains("zanzibar") || value.contains("q=");
            assert!(!is_told, "{name}: {value}");
        }
    }
    assert!(
        !page.has("form[method=post]"),
        "a page without referrer must have no form that is posted"
    );
    assert!(!page.has("link[rel=canonical]") && !page.has("meta[property='og:url']"));
}

#[actix_web::test]
async fn words_of_an_emergency_are_answered_first_and_without_an_offer() {
    let clinic = clinic().await;
    let rows = [
        ("chest+pain+and+sweating", "tel:911"),
        ("i+want+to+die", "tel:988"),
        ("can%27t+breathe", "tel:911"),
        ("took+a+bunch+of+pills", "tel:911"),
        // Told by what the search read there.
        ("chest+pian+and+sweating", "tel:911"),
    ];
    for (typed, number) in rows {
        let page = clinic.page(&format!("/search?q={typed}")).await;
        let advice = page.one(".result--emergency");
        let calls = page.attributes(".result--emergency a", "href");
        assert!(
            calls.iter().any(|call| call == number) || typed.contains("pills"),
            "{typed}: {calls:?}"
        );
        if let Some(first) = page.all(".search-hit").first() {
            assert!(page.end(advice) < page.position(*first), "{typed}");
        }
        let offers = page
            .attributes("main a", "href")
            .into_iter()
            .filter(|href| href.starts_with("/book"));
        assert_eq!(offers.count(), 0, "{typed}");
    }
    let calm = clinic.page("/search?q=headache").await;
    assert!(!calm.has(".result--emergency"));
}

#[actix_web::test]
async fn what_finds_nothing_offers_other_ways() {
    let clinic = clinic().await;
    let page = clinic.page("/search?q=xqzwv").await;
    assert!(!page.has(".search-hit"));
    let ways = page.attributes("main .panel a", "href");
    for way in ["/articles", "/symptoms"] {
        assert!(ways.iter().any(|href| href == way), "{ways:?}");
    }
    assert!(ways.iter().any(|href| href.starts_with("tel:")), "{ways:?}");
}

#[actix_web::test]
async fn what_somebody_types_is_shown_as_text_and_cut_where_it_is_too_long() {
    let clinic = clinic().await;
    let answer = clinic
        .get("/search?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
        .await;
    assert!(!answer.text().contains("<script>alert"));
    let long = format!("/search?q={}", "knee+".repeat(1_000));
    let page = clinic.page(&long).await;
    assert!(words(page.one("main")).contains("at most 12"));
    assert!(page.attributes("#search", "value")[0].chars().count() <= 200);
    for odd in [
        "/search?q=%FF%FE%00",
        "/search?q=%",
        "/search?&&=&q=knee&q=x",
        "/search?q=🦵",
    ] {
        assert_eq!(clinic.get(odd).await.status, 200, "{odd}");
    }
}

#[actix_web::test]
async fn a_page_without_a_question_is_the_one_of_the_snapshot() {
    let clinic = clinic().await;
    for path in ["/search", "/search?q=", "/search?q=%20", "/search?x=1"] {
        let answer = clinic.get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("x-robots-tag"), "noindex", "{path}");
        assert!(!answer.header("etag").is_empty(), "{path}");
    }
    assert_eq!(clinic.ask(Method::POST, "/search", &[]).await.status, 405);
}

#[actix_web::test]
async fn before_there_is_an_index_the_page_says_so_and_still_tells_of_an_emergency() {
    let clinic = Clinic::of_the_repository().await;
    let answer = clinic.get("/search?q=chest+pain+and+sweating").await;
    assert_eq!((answer.status, answer.header("retry-after")), (503, "5"));
    let page = answer.document();
    assert!(page.has(".result--emergency a[href='tel:911']"));
    let calm = clinic.get("/search?q=headache").await;
    assert_eq!((calm.status, calm.header("retry-after")), (503, "5"));
    assert_eq!(calm.header("cache-control"), "private, no-store");
    let page = calm.document();
    assert!(
        words(page.one("main")).contains("Search is getting ready"),
        "it says why nothing is there"
    );
    assert!(words(page.one("main")).contains("911"));
    let ways = page.attributes("main .panel a", "href");
    for way in ["/articles", "/symptoms", "tel:"] {
        assert!(ways.iter().any(|href| href.starts_with(way)), "{way}");
    }
    let suggested = suggested(&clinic, "/search/suggestions?q=sci").await;
    assert_eq!(suggested, serde_json::json!(["sci", [], [], []]));
}

#[actix_web::test]
async fn suggestions_have_the_form_that_browsers_read() {
    let clinic = clinic().await;
    let found = suggested(&clinic, "/search/suggestions?q=sciat").await;
    assert_eq!(found[0], "sciat");
    assert_eq!(found[3][0], "/articles/sciatica");
    assert_eq!(found[2][0], "Article");
    let emergency = suggested(&clinic, "/search/suggestions?q=chest+pain+sweating").await;
    assert_eq!(emergency[3][0], "tel:911");
    let services = emergency[3].as_array().expect("a list");
    assert!(
        !services
            .iter()
            .any(|address| address.as_str().is_some_and(|own| own.starts_with("/book")))
    );
    assert_eq!(
        suggested(&clinic, "/search/suggestions").await,
        serde_json::json!(["", [], [], []])
    );
}

#[actix_web::test]
async fn browsers_and_programs_learn_how_to_search_here() {
    let clinic = clinic().await;
    let page = clinic.page("/").await;
    assert_eq!(
        page.attributes("link[rel=search]", "href"),
        ["/opensearch.xml"]
    );
    let answer = clinic.get("/opensearch.xml").await;
    assert_eq!(
        answer.header("content-type"),
        "application/opensearchdescription+xml"
    );
    let origin = clinic.live.snapshot().site().clinic.origin.to_string();
    let text = answer.text();
    for part in [
        format!("template=\"{origin}/search?q={{searchTerms}}\""),
        format!("template=\"{origin}/search/suggestions?q={{searchTerms}}\""),
    ] {
        assert!(text.contains(&part), "{part}\n{text}");
    }
    let (_, rest) = text.split_once("<ShortName>").expect("it has a short name");
    assert!(
        rest.split('<')
            .next()
            .is_some_and(|name| name.chars().count() <= 16)
    );
}

#[test]
fn on_a_host_that_runs_no_program_the_form_goes_to_the_server_without_suggestions() {
    let built = build_for_export(
        repository(),
        Calendar::Fixed(TODAY),
        FormTarget::ClinicOrigin,
    );
    let (snapshot, _) = built.expect("the site can be built");
    let origin = &snapshot.site().clinic.origin;
    for path in ["/search", "/", "/articles/sciatica"] {
        let Some(Entry::Page(page)) = snapshot.entry(path) else {
            panic!("{path}: no page");
        };
        let body = page.identity().and_then(|own| own.body.bytes());
        let body = body.expect("it has a body");
        let text = std::str::from_utf8(&body).expect("it is text");
        assert!(
            text.contains(&format!("action=\"{origin}/search\"")),
            "{path}"
        );
        assert!(
            !text.contains("data-suggestions") && !text.contains("/static/js/search."),
            "{path}"
        );
    }
}

#[actix_web::test]
async fn every_page_has_one_search_box() {
    let clinic = clinic().await;
    for path in [
        "/",
        "/search",
        "/articles",
        "/articles/sciatica",
        "/symptoms",
        "/book",
        "/privacy",
        "/nowhere",
    ] {
        let page = clinic.get(path).await.document();
        assert_eq!(page.all("input[type=search]").len(), 1, "{path}");
        assert_eq!(page.all("header a[href='/search']").len(), 1, "{path}");
    }
}
