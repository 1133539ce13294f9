//! What HTTP promises. Source: RFC 9110 and RFC 9111.

use std::collections::BTreeMap;

use reqwest::Method;
use signpost::snapshot::Entry;

use crate::clinic::{Answer, Clinic};
use crate::folder::{Folder, REFERENCE};
use crate::wire;

const CODINGS: [&str; 3] = ["br", "gzip", "identity"];

fn article() -> String {
    format!("/articles/{REFERENCE}")
}

/// Every address that answers, and some that are not in the snapshot.
fn addresses(clinic: &Clinic) -> Vec<String> {
    let snapshot = clinic.live.snapshot();
    let own = snapshot.addresses().into_iter();
    own.chain([
        "/healthz",
        "/readyz",
        "/nothing-here",
        "/articles/",
        "/ARTICLES",
    ])
    .map(str::to_owned)
    .collect()
}

/// All headers but the date, with their values.
fn headers(answer: &Answer) -> BTreeMap<String, String> {
    let lasting = answer.headers.iter().filter(|(name, _)| *name != "date");
    lasting
        .map(|(name, _)| (name.to_string(), answer.header(name.as_str()).to_owned()))
        .collect()
}

async fn in_coding(clinic: &Clinic, path: &str, coding: &str) -> Answer {
    clinic
        .ask(Method::GET, path, &[("accept-encoding", coding)])
        .await
}

#[actix_web::test]
async fn every_coding_decodes_to_the_same_bytes() {
    let clinic = Clinic::of_the_repository().await;
    for path in addresses(&clinic) {
        let plain = clinic.get(&path).await;
        assert_eq!(plain.header("content-encoding"), "", "{path}");
        for coding in CODINGS {
            let answer = in_coding(&clinic, &path, coding).await;
            assert_eq!(answer.status, plain.status, "{path} {coding}");
            assert_eq!(answer.decoded(), plain.body, "{path} {coding}");
            assert!(answer.body.len() <= plain.body.len(), "{path} {coding}");
        }
    }
}

#[actix_web::test]
async fn pages_and_sheets_come_in_each_coding_with_an_etag_of_its_own() {
    let clinic = Clinic::of_the_repository().await;
    let snapshot = clinic.live.snapshot();
    let sheet = snapshot
        .addresses()
        .into_iter()
        .find(|path| path.ends_with(".css"))
        .expect("there is a style sheet");
    for path in [article().as_str(), "/", "/articles", sheet] {
        let mut etags = Vec::new();
        for coding in CODINGS {
            let answer = in_coding(&clinic, path, coding).await;
            let expected = if coding == "identity" { "" } else { coding };
            assert_eq!(answer.header("content-encoding"), expected, "{path}");
            assert_eq!(answer.header("vary"), "Accept-Encoding", "{path} {coding}");
            let etag = answer.header("etag").to_owned();
            assert!(etag.starts_with('"') && etag.ends_with('"'), "{etag}");
            assert!(
                !etags.contains(&etag),
                "{path}: {etag} stands for two bodies"
            );
            etags.push(etag);
        }
    }
}

#[actix_web::test]
async fn brotli_is_smaller_than_gzip_and_gzip_than_nothing() {
    let clinic = Clinic::of_the_repository().await;
    let mut sizes = Vec::new();
    for coding in CODINGS {
        sizes.push(in_coding(&clinic, &article(), coding).await.body.len());
    }
    assert!(sizes.is_sorted_by(|a, b| a < b), "{sizes:?}");
}

#[actix_web::test]
async fn a_reader_gets_only_a_coding_that_it_takes() {
    let clinic = Clinic::of_the_repository().await;
    for (accepted, expected) in [
        ("", ""),
        ("br, gzip", "br"),
        ("gzip, deflate", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.0, gzip;q=0.000", ""),
        ("*;q=0", ""),
        ("*", "br"),
        ("br;q=0, *", "gzip"),
        ("BR", "br"),
        ("zstd, deflate", ""),
        ("identity", ""),
        ("nonsense;;q==", ""),
    ] {
        let answer = in_coding(&clinic, &article(), accepted).await;
        assert_eq!(answer.header("content-encoding"), expected, "{accepted}");
    }
}

#[actix_web::test]
async fn a_reader_who_has_the_page_gets_304_with_the_headers_of_200() {
    let clinic = Clinic::of_the_repository().await;
    let snapshot = clinic.live.snapshot();
    for path in snapshot.addresses() {
        if !matches!(snapshot.entry(path), Some(Entry::Page(_))) {
            continue;
        }
        for coding in CODINGS {
            let full = in_coding(&clinic, path, coding).await;
            let named = [
                ("accept-encoding", coding),
                ("if-none-match", full.header("etag")),
            ];
            for method in [Method::GET, Method::HEAD] {
                let again = clinic.ask(method, path, &named).await;
                assert_eq!(again.status, 304, "{path} {coding}");
                assert!(again.body.is_empty(), "{path} {coding}");
                for name in ["cache-control", "etag", "vary", "last-modified"] {
                    assert_eq!(again.header(name), full.header(name), "{path} {name}");
                }
                assert!(!again.header("date").is_empty(), "{path}");
                assert_eq!(again.header("content-encoding"), "", "{path}");
            }
        }
    }
}

#[actix_web::test]
async fn if_none_match_takes_lists_weak_tags_and_a_star() {
    let clinic = Clinic::of_the_repository().await;
    let etag = clinic.get("/").await.header("etag").to_owned();
    for (named, status) in [
        (etag.clone(), 304),
        (format!("W/{etag}"), 304),
        (format!("\"a\", {etag}, \"b\""), 304),
        (format!("\"a\",W/{etag}"), 304),
        ("*".to_owned(), 304),
        ("\"a\", \"b\"".to_owned(), 200),
        ("nonsense".to_owned(), 200),
        (String::new(), 200),
    ] {
        let answer = clinic
            .ask(Method::GET, "/", &[("if-none-match", &named)])
            .await;
        assert_eq!(answer.status, status, "{named}");
    }
}

#[actix_web::test]
async fn a_tag_of_another_coding_is_not_the_page() {
    let clinic = Clinic::of_the_repository().await;
    let brotli = in_coding(&clinic, "/", "br").await;
    let named = [
        ("accept-encoding", "gzip"),
        ("if-none-match", brotli.header("etag")),
    ];
    assert_eq!(clinic.ask(Method::GET, "/", &named).await.status, 200);
}

#[actix_web::test]
async fn if_modified_since_is_heard_unless_a_tag_is_named() {
    let clinic = Clinic::of_the_repository().await;
    let path = article();
    let modified = clinic.get(&path).await.header("last-modified").to_owned();
    assert_eq!(
        modified, "Mon, 02 Nov 2026 05:00:00 GMT",
        "midnight in New York"
    );
    for (since, status) in [
        (modified.as_str(), 304),
        ("Mon, 02 Nov 2026 05:00:01 GMT", 304),
        ("Mon, 02 Nov 2026 04:59:59 GMT", 200),
        ("yesterday", 200),
    ] {
        let answer = clinic
            .ask(Method::GET, &path, &[("if-modified-since", since)])
            .await;
        assert_eq!(answer.status, status, "{since}");
        let both = [("if-modified-since", since), ("if-none-match", "\"other\"")];
        let answer = clinic.ask(Method::GET, &path, &both).await;
        assert_eq!(answer.status, 200, "{since} with another tag");
    }
}

#[actix_web::test]
async fn each_kind_of_page_may_be_kept_as_long_as_it_holds() {
    let clinic = Clinic::of_the_repository().await;
    let page = "public, max-age=60, stale-while-revalidate=600";
    let immutable = "public, max-age=31536000, immutable";
    let snapshot = clinic.live.snapshot();
    for path in snapshot.addresses() {
        let expected = match snapshot.entry(path) {
            Some(Entry::Moved(_)) => continue,
            _ if path.starts_with("/static/") => immutable,
            _ if path.starts_with("/articles/") || !path.contains('.') => page,
            _ => "public, max-age=3600",
        };
        let answer = clinic.get(path).await;
        assert_eq!(answer.header("cache-control"), expected, "{path}");
        assert!(!answer.header("etag").is_empty(), "{path}");
    }
    for path in ["/nothing-here", "/healthz", "/readyz"] {
        let answer = clinic.get(path).await;
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert_eq!(answer.header("etag"), "", "{path}");
    }
}

#[actix_web::test]
async fn fonts_are_sent_as_they_are() {
    let clinic = Clinic::of_the_repository().await;
    let snapshot = clinic.live.snapshot();
    let fonts = snapshot.addresses().into_iter();
    let fonts: Vec<&str> = fonts.filter(|path| path.ends_with(".woff2")).collect();
    assert!(!fonts.is_empty());
    for path in fonts {
        let answer = in_coding(&clinic, path, "br, gzip").await;
        assert_eq!(answer.header("content-encoding"), "", "{path}");
        assert_eq!(answer.header("vary"), "", "{path}");
        assert_eq!(answer.body.get(..4), Some(b"wOF2".as_slice()), "{path}");
    }
}

#[actix_web::test]
async fn head_is_get_without_the_body() {
    let clinic = Clinic::of_the_repository().await;
    for path in addresses(&clinic) {
        for coding in CODINGS {
            let coding = [("accept-encoding", coding)];
            let get = clinic.ask(Method::GET, &path, &coding).await;
            let head = clinic.ask(Method::HEAD, &path, &coding).await;
            assert_eq!(head.status, get.status, "{path}");
            assert!(head.body.is_empty(), "{path}");
            assert_eq!(headers(&head), headers(&get), "{path}");
            let length = head.header("content-length");
            assert_eq!(length, get.body.len().to_string(), "{path}");
        }
    }
}

#[actix_web::test]
async fn a_wrong_method_is_told_which_ones_are_right() {
    let clinic = Clinic::of_the_repository().await;
    let sheet = clinic.live.snapshot();
    let sheet = sheet
        .addresses()
        .into_iter()
        .find(|path| path.ends_with(".css"))
        .expect("there is a style sheet");
    for path in [article().as_str(), "/", sheet, "/healthz", "/readyz"] {
        for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
            let answer = clinic.ask(method.clone(), path, &[]).await;
            assert_eq!(answer.status, 405, "{method} {path}");
            let allowed = answer.header("allow");
            assert_eq!(allowed, "GET, HEAD, OPTIONS", "{method} {path}");
            assert_eq!(
                answer.header("cache-control"),
                "no-store",
                "{method} {path}"
            );
        }
    }
    let page = clinic.ask(Method::POST, "/", &[]).await.document();
    assert!(page.has("a[href='tel:15555550100']"));
}

#[actix_web::test]
async fn which_methods_an_address_has_is_told_to_whoever_asks() {
    let clinic = Clinic::of_the_repository().await;
    let read = "GET, HEAD, OPTIONS";
    let form = "GET, HEAD, OPTIONS, POST";
    let rows = [
        ("/", 204, read),
        (&*article(), 204, read),
        ("/healthz", 204, read),
        ("/readyz", 204, read),
        ("/go/spring-flyer", 204, read),
        ("/symptoms", 204, form),
        ("/symptoms/lower-back-pain", 204, form),
        ("/book/back-pain-visit", 204, form),
        ("/nothing-here", 404, ""),
    ];
    for (path, status, allowed) in rows {
        // As a page of another site asks before it sends something that only we may send.
        let foreign = [
            ("origin", "https://elsewhere.example"),
            ("access-control-request-method", "POST"),
        ];
        let answer = clinic.ask(Method::OPTIONS, path, &foreign).await;
        assert_eq!(
            (answer.status, answer.header("allow")),
            (status, allowed),
            "{path}"
        );
        let granted = answer
            .headers
            .keys()
            .find(|name| name.as_str().starts_with("access-control"));
        assert!(granted.is_none(), "{path}: {granted:?}");
    }
}

#[actix_web::test]
async fn nothing_stands_at_an_unknown_address_whatever_the_method() {
    let clinic = Clinic::of_the_repository().await;
    for method in [Method::GET, Method::HEAD, Method::POST, Method::DELETE] {
        let answer = clinic.ask(method.clone(), "/articles/nothing", &[]).await;
        assert_eq!(answer.status, 404, "{method}");
        assert_eq!(answer.header("allow"), "", "{method}");
    }
}

#[actix_web::test]
async fn the_page_for_unknown_addresses_says_what_still_works() {
    let clinic = Clinic::of_the_repository().await;
    let answer = clinic.get("/articles/nothing").await;
    assert_eq!(answer.header("x-robots-tag"), "noindex");
    let page = answer.document();
    assert_eq!(page.texts("h1"), ["We can't find that page"]);
    assert_eq!(page.texts("#works"), ["What still works"]);
    for selector in [
        "main a[href='/articles']",
        "main a[href='/book']",
        "main a[href='tel:15555550100']",
        "main a[href='tel:911']",
        "meta[name=robots][content=noindex]",
    ] {
        assert!(page.has(selector), "{selector}");
    }
    assert!(!page.has("link[rel=canonical]"));
    assert!(!page.words().contains("nothing"), "it repeats the address");
}

#[actix_web::test]
async fn a_slash_too_many_or_a_capital_leads_to_the_page() {
    let clinic = Clinic::of_the_repository().await;
    for (path, target) in [
        ("/articles/", "/articles"),
        ("/articles///", "/articles"),
        ("/Articles", "/articles"),
        ("/ARTICLES/Sciatica", "/articles/sciatica"),
        ("/articles/sciatica/", "/articles/sciatica"),
        ("/Book/", "/book"),
        ("//", "/"),
    ] {
        for method in [Method::GET, Method::HEAD] {
            let answer = clinic.ask(method, path, &[]).await;
            assert_eq!(answer.status, 301, "{path}");
            assert_eq!(answer.header("location"), target, "{path}");
            assert!(answer.body.is_empty(), "{path}");
        }
    }
    for path in [
        "/nothing/",
        "/NOTHING",
        "//example.com/",
        "//example.com/articles/",
    ] {
        let answer = clinic.get(path).await;
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(answer.header("location"), "", "{path}");
    }
}

#[actix_web::test]
async fn a_query_changes_nothing() {
    let clinic = Clinic::of_the_repository().await;
    let plain = clinic.get("/articles").await;
    let asked = clinic.get("/articles?utm_source=x&q=back%20pain").await;
    assert_eq!(asked.status, 200);
    assert_eq!(asked.body, plain.body);
}

#[actix_web::test]
async fn odd_addresses_are_refused_and_never_break_anything() {
    let clinic = Clinic::of_the_repository().await;
    let long = |length: usize| format!("/articles/{}", "a".repeat(length));
    let many = format!("/{}", "articles/".repeat(2000));
    for path in [
        "/../Cargo.toml",
        "/../../etc/passwd",
        "/static/../Cargo.toml",
        "/static/..%2f..%2fCargo.toml",
        "/static/%2e%2e/%2e%2e/Cargo.toml",
        "/static/..%5c..%5cCargo.toml",
        "/static/downloads/..%2f..%2fclinic/clinic.toml",
        "/articles/%00",
        "/articles/%ff%fe",
        "/articles/%",
        "/articles/%zz",
        "/articles/lower-back-pain-popping-sound.txt",
        "/clinic/pages/privacy.md",
        "/articles/lower-back-pain-popping-sound%00",
        "/clinic/clinic.toml",
        "/.git/config",
        "/articles/{slug}",
        "/articles/<script>",
        "/articles/..;/",
        "/index.html",
        "*",
        "",
        "/ /",
        &long(300),
        &long(8_000),
        &long(60_000),
        &long(2_000_000),
        &many,
    ] {
        let answer = clinic.send(&format!("GET {path} HTTP/1.1")).await;
        let start: String = path.chars().take(60).collect();
        // Whoever sends more than a server can read may also be hung up on.
        if let Some(status) = wire::status(&answer) {
            assert!((400..500).contains(&status), "{start}: {status}");
        } else {
            assert!(path.len() > 100_000, "{start}: no answer");
        }
        for inside in [
            "[package]",
            "root:",
            "timezone",
            "panicked",
            "os error",
            "src/",
        ] {
            assert!(!answer.contains(inside), "{start} shows `{inside}`");
        }
    }
    assert_eq!(clinic.get("/readyz").await.status, 200, "it still answers");
}

#[actix_web::test]
async fn odd_requests_are_refused_and_never_break_anything() {
    let clinic = Clinic::of_the_repository().await;
    for line in [
        "BREW / HTTP/1.1",
        "GET / HTTP/9.9",
        "GET /",
        "nonsense",
        "GET / HTTP/1.1\r\nContent-Length: -1",
        "GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2",
        "POST / HTTP/1.1\r\nTransfer-Encoding: nonsense",
    ] {
        let answer = clinic.send(line).await;
        let status = wire::status(&answer);
        assert!(
            status.is_none_or(|status| (400..500).contains(&status)),
            "{line}: {status:?}"
        );
    }
    assert_eq!(clinic.get("/readyz").await.status, 200, "it still answers");
}

#[actix_web::test]
async fn every_page_protects_its_reader() {
    let clinic = Clinic::of_the_repository().await;
    let snapshot = clinic.live.snapshot();
    let pages = snapshot.addresses().into_iter().filter(|path| {
        let is_file = path.starts_with("/static/") || *path == signpost::pages::OPEN_SEARCH;
        !is_file && matches!(snapshot.entry(path), Some(Entry::Page(_)))
    });
    for path in pages.chain(["/nothing-here"]) {
        let answer = clinic.get(path).await;
        let policy = answer.header("content-security-policy");
        for part in [
            "default-src 'none'",
            "script-src '",
            "style-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
        let is_page = answer.header("content-type").starts_with("text/html");
        let scripts = if is_page {
            "script-src 'sha256-"
        } else {
            "script-src 'none'"
        };
        assert!(policy.contains(scripts), "{path}: {policy}");
        // A script without the hash that the policy names would not run.
        for script in answer.document().attributes("script[src]", "integrity") {
            assert!(policy.contains(&format!("'{script}'")), "{path}: {script}");
        }
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("x-frame-options", "DENY"),
        ] {
            assert_eq!(answer.header(name), value, "{path}");
        }
        assert!(
            answer
                .header("permissions-policy")
                .contains("geolocation=()")
        );
        assert_eq!(answer.header("server"), "", "{path} names its program");
    }
}

#[actix_web::test]
async fn files_are_taken_for_what_they_are_and_run_nothing() {
    let clinic = Clinic::of_the_repository().await;
    let snapshot = clinic.live.snapshot();
    let files = snapshot.addresses().into_iter();
    for path in files.filter(|path| path.starts_with("/static/")) {
        let answer = clinic.get(path).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("default-src 'none'"), "{path}: {policy}");
    }
}

#[actix_web::test]
async fn nobody_ever_gets_a_cookie() {
    let clinic = Clinic::of_the_repository().await;
    for path in addresses(&clinic) {
        for method in [Method::GET, Method::HEAD, Method::POST] {
            let answer = clinic.ask(method, &path, &[("cookie", "visitor=1")]).await;
            assert!(!answer.headers.contains_key("set-cookie"), "{path}");
        }
    }
}

#[actix_web::test]
async fn health_is_told_in_plain_words() {
    let clinic = Clinic::of_the_repository().await;
    for (path, text) in [("/healthz", "ok\n"), ("/readyz", "ready\n")] {
        let answer = clinic.get(path).await;
        assert_eq!((answer.status, answer.text()), (200, text));
        assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
    }
}

/// A site with one file that stays on disk.
async fn with_a_download() -> Clinic {
    let folder = Folder::copied();
    folder.write("static/downloads/plan.txt", "Walk a little every day.\n");
    Clinic::of(folder).await
}

#[actix_web::test]
async fn a_download_is_sent_whole_or_in_part() {
    let clinic = with_a_download().await;
    let path = "/static/downloads/plan.txt";
    let whole = clinic.get(path).await;
    assert_eq!(
        (whole.status, whole.text()),
        (200, "Walk a little every day.\n")
    );
    assert_eq!(whole.header("content-type"), "text/plain; charset=utf-8");
    let part = clinic
        .ask(Method::GET, path, &[("range", "bytes=0-3")])
        .await;
    assert_eq!((part.status, part.text()), (206, "Walk"));
    let head = clinic.ask(Method::HEAD, path, &[]).await;
    assert_eq!((head.status, head.header("content-length")), (200, "25"));
    let named = [("if-none-match", whole.header("etag"))];
    assert_eq!(clinic.ask(Method::GET, path, &named).await.status, 304);
}

#[actix_web::test]
async fn a_download_is_taken_for_what_it_is() {
    let clinic = with_a_download().await;
    let answer = clinic.get("/static/downloads/plan.txt").await;
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
}

#[actix_web::test]
async fn an_unknown_download_answers_like_any_unknown_address() {
    let clinic = with_a_download().await;
    for path in [
        "/static/downloads/nothing.pdf",
        "/static/downloads/",
        "/static/downloads/plan.txt/more",
        "/static/downloads/.hidden",
    ] {
        let answer = clinic.get(path).await;
        assert_eq!(answer.status, 404, "{path}");
        assert!(
            !answer.text().contains("os error"),
            "{path}: {}",
            answer.text()
        );
        assert!(answer.document().has("a[href='tel:15555550100']"), "{path}");
    }
}

#[actix_web::test]
async fn a_download_can_only_be_read() {
    let clinic = with_a_download().await;
    for method in [Method::POST, Method::DELETE] {
        let answer = clinic
            .ask(method.clone(), "/static/downloads/plan.txt", &[])
            .await;
        assert_eq!(answer.status, 405, "{method}");
        assert_eq!(answer.header("allow"), "GET, HEAD, OPTIONS", "{method}");
    }
}

#[actix_web::test]
async fn a_download_never_leads_out_of_its_folder() {
    let clinic = with_a_download().await;
    clinic
        .folder()
        .write("static/secret.txt", "not for readers");
    for path in [
        "/static/downloads/../secret.txt",
        "/static/downloads/..%2fsecret.txt",
        "/static/downloads/%2e%2e/secret.txt",
        "/static/downloads/..%2f..%2fclinic/clinic.toml",
        "/static/downloads//etc/passwd",
    ] {
        let answer = clinic.send(&format!("GET {path} HTTP/1.1")).await;
        let status = wire::status(&answer).unwrap_or_default();
        assert!((400..500).contains(&status), "{path}: {status}");
        assert!(!answer.contains("not for readers"), "{path}");
    }
}
