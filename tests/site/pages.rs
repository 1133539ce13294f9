//! Every page that the snapshot holds is fetched and looked at. Faults of all
//! pages are told in one run.

use std::collections::{BTreeMap, BTreeSet};

use scraper::ElementRef;
use signpost::snapshot::{Entry, Snapshot};

use crate::clinic::{Answer, Clinic};
use crate::document::{Document, words};

/// Every page of the site with its answer, and the page for unknown addresses.
struct Visit {
    clinic: Clinic,
    pages: BTreeMap<String, (Answer, Document)>,
}

/// Data for search engines: it runs nothing.
const DATA: &str = "script[type=\"application/ld+json\"]";

async fn visit() -> Visit {
    let clinic = Clinic::of_the_repository().await;
    let mut pages = BTreeMap::new();
    for path in addresses(&clinic.live.snapshot()) {
        let answer = clinic.get(&path).await;
        if answer.header("content-type").starts_with("text/html") {
            let document = answer.document();
            pages.insert(path, (answer, document));
        }
    }
    assert!(pages.len() > 15, "only {} pages", pages.len());
    Visit { clinic, pages }
}

impl Visit {
    /// Fails with all faults that a rule finds on all pages.
    fn check(&self, rule: impl Fn(&str, &Document) -> Vec<String>) {
        let mut faults = Vec::new();
        for (path, (_, document)) in &self.pages {
            let found = rule(path, document);
            faults.extend(found.into_iter().map(|fault| format!("{path}: {fault}")));
        }
        expect_none(&faults);
    }
}

fn addresses(snapshot: &Snapshot) -> Vec<String> {
    snapshot
        .addresses()
        .into_iter()
        .map(str::to_owned)
        .collect()
}

fn expect_none(faults: &[String]) {
    assert!(
        faults.is_empty(),
        "faults: {}\n  {}",
        faults.len(),
        faults.join("\n  ")
    );
}

#[actix_web::test]
async fn every_address_answers_with_what_it_is() {
    let clinic = Clinic::of_the_repository().await;
    let snapshot = clinic.live.snapshot();
    let mut faults = Vec::new();
    for path in addresses(&snapshot) {
        let answer = clinic.get(&path).await;
        let expected = match snapshot.entry(&path) {
            Some(Entry::Moved(_)) => 301,
            _ => 200,
        };
        if answer.status != expected {
            faults.push(format!("{path}: {}", answer.status));
        }
        let kind = match path.rsplit_once('.').map(|(_, extension)| extension) {
            Some("css") => "text/css; charset=utf-8",
            Some("js") => "text/javascript; charset=utf-8",
            Some("svg") => "image/svg+xml",
            Some("woff2") => "font/woff2",
            Some("txt") => "text/plain; charset=utf-8",
            Some("md") => "text/markdown; charset=utf-8",
            Some("xml") if path == "/opensearch.xml" => "application/opensearchdescription+xml",
            Some("json") if path == "/feed.json" => "application/feed+json",
            Some("json") => "application/json",
            Some("atom") => "application/atom+xml",
            Some("xml") => "application/xml",
            Some("webmanifest") => "application/manifest+json",
            Some(_) => continue,
            None => "text/html; charset=utf-8",
        };
        if expected == 200 && answer.header("content-type") != kind {
            faults.push(format!("{path}: {}", answer.header("content-type")));
        }
    }
    expect_none(&faults);
}

#[actix_web::test]
async fn every_kind_of_page_is_there() {
    let visit = visit().await;
    for path in [
        "/",
        "/articles",
        "/articles/lower-back-pain-popping-sound",
        "/articles/lower-back-pain-popping-sound/questions",
        "/topics",
        "/topics/back-and-joints",
        "/for/clinicians",
        "/people/sample-reviewer",
        "/book",
        "/book/back-pain-visit",
        "/body",
        "/body/back",
        "/accessibility",
        "/editorial-process",
        "/privacy",
    ] {
        assert!(visit.pages.contains_key(path), "{path}");
    }
}

#[actix_web::test]
async fn headings_begin_with_one_h1_and_never_skip_a_level() {
    visit().await.check(|_, page| {
        let mut faults = Vec::new();
        if page.all("h1").len() != 1 {
            faults.push(format!("{} h1", page.all("h1").len()));
        }
        let mut before = 0;
        for heading in page.all("h1, h2, h3, h4, h5, h6") {
            let level: u8 = heading.value().name()[1..].parse().unwrap_or(0);
            if level > before + 1 {
                faults.push(format!("h{level} after h{before}: {}", words(heading)));
            }
            if words(heading).is_empty() {
                faults.push(format!("an empty h{level}"));
            }
            before = level;
        }
        faults
    });
}

#[actix_web::test]
async fn every_id_stands_once() {
    visit().await.check(|_, page| {
        let twice = page.ids().into_iter().filter(|(_, count)| *count > 1);
        twice
            .map(|(id, count)| format!("{id}: {count} times"))
            .collect()
    });
}

#[actix_web::test]
async fn everything_that_is_named_by_an_id_is_there() {
    visit().await.check(|_, page| {
        let ids = page.ids();
        let mut faults = Vec::new();
        for name in [
            "aria-labelledby",
            "aria-describedby",
            "aria-controls",
            "for",
        ] {
            for list in page.attributes(&format!("[{name}]"), name) {
                let lost = list.split_whitespace().filter(|id| !ids.contains_key(id));
                faults.extend(lost.map(|id| format!("{name}: no `{id}`")));
            }
        }
        faults
    });
}

#[actix_web::test]
async fn everything_that_needs_a_name_has_one() {
    visit().await.check(|_, page| {
        let mut faults = Vec::new();
        for element in page.all("a, button, summary") {
            if name_of(element).is_empty() {
                faults.push(format!("no name: {}", element.html()));
            }
        }
        for element in page.all("section, nav") {
            if element.attr("aria-label").is_none() && element.attr("aria-labelledby").is_none() {
                faults.push(format!("no name: <{}>", element.value().name()));
            }
        }
        for input in page.all("input:not([type=hidden]), select, textarea") {
            let id = input.attr("id").unwrap_or_default();
            let is_named = input
                .attr("aria-label")
                .is_some_and(|name| !name.is_empty())
                || !id.is_empty() && page.has(&format!("label[for='{id}']"));
            let is_wrapped = input
                .ancestors()
                .filter_map(ElementRef::wrap)
                .any(|outer| outer.value().name() == "label");
            if !is_named && !is_wrapped {
                faults.push(format!("no label: {}", input.html()));
            }
        }
        for picture in page.all("img:not([alt])") {
            faults.push(format!("no words: {}", picture.html()));
        }
        // A drawing within another one is a part of it.
        for drawing in page.all(":not(svg) > svg:not([aria-hidden=true])") {
            let name = match drawing.attr("role") {
                Some("img") => drawing
                    .attr("aria-label")
                    .or(drawing.attr("aria-labelledby")),
                Some("group") => drawing.attr("aria-labelledby"), // it holds links
                _ => None,
            };
            if name.is_none_or(str::is_empty) {
                faults.push(format!("neither words nor hidden: {}", drawing.html()));
            }
        }
        faults
    });
}

#[actix_web::test]
async fn what_is_heard_holds_what_is_seen() {
    // WCAG 2.2, 2.5.3: who says the visible words must reach the control.
    visit().await.check(|_, page| {
        let mut faults = Vec::new();
        for element in page.all("a[aria-label], button[aria-label]") {
            let heard = element
                .attr("aria-label")
                .unwrap_or_default()
                .to_lowercase();
            let seen = words(element).to_lowercase();
            if !heard.contains(&seen) {
                faults.push(format!("`{seen}` is heard as `{heard}`"));
            }
        }
        faults
    });
}

#[actix_web::test]
async fn parts_with_the_same_role_have_different_names() {
    visit().await.check(|_, page| {
        let mut names = BTreeSet::new();
        let navs = page.all("nav").into_iter();
        let label = |nav: ElementRef<'_>| {
            nav.attr("aria-label")
                .or(nav.attr("aria-labelledby"))
                .unwrap_or_default()
                .to_owned()
        };
        navs.map(label)
            .filter(|name| !names.insert(name.clone()))
            .map(|name| format!("two nav `{name}`"))
            .collect()
    });
}

/// What a screen reader says of an element.
fn name_of(element: ElementRef<'_>) -> String {
    let pictures: String = element
        .descendants()
        .filter_map(ElementRef::wrap)
        .filter_map(|inner| inner.attr("alt"))
        .collect();
    let label = element.attr("aria-label").unwrap_or_default();
    format!("{label}{}{pictures}", words(element))
}

/// Where a page links to within the site: address, and place on that page.
fn inner_links(path: &str, page: &Document) -> Vec<(String, Option<String>)> {
    let mut hrefs = page.attributes("a[href], link[href]", "href");
    hrefs.extend(page.attributes("[src]", "src"));
    let split = |href: String| match href.split_once('#') {
        Some(("", anchor)) => (path.to_owned(), Some(anchor.to_owned())),
        Some((target, anchor)) => (target.to_owned(), Some(anchor.to_owned())),
        None => (href, None),
    };
    let links = hrefs.into_iter().map(split);
    links
        .filter(|(target, _)| target.starts_with('/'))
        .collect()
}

#[actix_web::test]
async fn every_link_within_the_site_leads_somewhere() {
    let visit = visit().await;
    let mut faults = Vec::new();
    let mut targets: BTreeMap<String, Option<Document>> = BTreeMap::new();
    for (path, (_, page)) in &visit.pages {
        for (target, anchor) in inner_links(path, page) {
            if !targets.contains_key(&target) {
                let answer = visit.clinic.get(&target).await;
                if answer.status != 200 {
                    faults.push(format!("{path}: {target} answers {}", answer.status));
                }
                let is_page = answer.header("content-type").starts_with("text/html");
                targets.insert(target.clone(), is_page.then(|| answer.document()));
            }
            let there = targets[&target].as_ref();
            if let Some(anchor) = anchor
                && !there.is_some_and(|page| page.ids().contains_key(anchor.as_str()))
            {
                faults.push(format!("{path}: {target} has no place `{anchor}`"));
            }
        }
    }
    expect_none(&faults);
}

#[actix_web::test]
async fn every_other_link_is_https_or_a_phone_number() {
    visit().await.check(|_, page| {
        let hrefs = page.attributes("a[href]", "href");
        hrefs
            .into_iter()
            .filter(|href| {
                !["/", "#", "https://", "tel:", "mailto:"]
                    .iter()
                    .any(|start| href.starts_with(start))
                    || href.starts_with("//")
            })
            .collect()
    });
}

#[actix_web::test]
async fn every_page_says_what_it_is_in_its_head() {
    let visit = visit().await;
    let mut titles = BTreeSet::new();
    let mut faults = Vec::new();
    for (path, (answer, page)) in &visit.pages {
        let title = words(page.one("head title"));
        if !title.ends_with("Harbor Light Clinic") || !titles.insert(title.clone()) {
            faults.push(format!("{path}: title `{title}`"));
        }
        let html = page.one("html");
        if html.attr("lang") != Some("en") || html.attr("dir") != Some("ltr") {
            faults.push(format!("{path}: language"));
        }
        if answer.header("content-language") != "en" {
            faults.push(format!("{path}: content-language"));
        }
        let canonical = page.attributes("link[rel=canonical]", "href");
        // A page that search engines must not list has no better address elsewhere.
        let expected = if page.has("meta[name=robots][content=noindex]") {
            Vec::new()
        } else {
            vec![format!("https://clinic.example{path}")]
        };
        if canonical != expected {
            faults.push(format!("{path}: canonical {canonical:?}"));
        }
        let description = page.attributes("meta[name=description]", "content");
        if description.len() != 1 || description.iter().any(String::is_empty) {
            faults.push(format!("{path}: description {description:?}"));
        }
        for selector in [
            "meta[charset='utf-8']",
            "meta[name=viewport][content*='width=device-width']",
            "a.skip-link[href='#main']",
            "main#main",
            "header.site-header",
            "footer.site-footer",
        ] {
            if page.all(selector).len() != 1 {
                faults.push(format!("{path}: `{selector}`"));
            }
        }
        if !answer.text().starts_with("<!doctype html>") {
            faults.push(format!("{path}: doctype"));
        }
    }
    expect_none(&faults);
}

#[actix_web::test]
async fn every_page_gives_the_phone_number_and_911() {
    visit().await.check(|_, page| {
        let mut faults = Vec::new();
        for selector in ["a[href='tel:15555550100']", "a[href='tel:911']"] {
            if !page.has(selector) {
                faults.push(selector.to_owned());
            }
        }
        if !page.words().contains("1-555-555-0100") {
            faults.push("no phone number in words".to_owned());
        }
        faults
    });
}

#[actix_web::test]
async fn every_page_says_that_its_content_is_a_sample() {
    visit().await.check(|_, page| {
        let said = page
            .words()
            .contains("Sample content. No clinician has reviewed this page.");
        if said {
            Vec::new()
        } else {
            vec!["it does not".to_owned()]
        }
    });
}

#[actix_web::test]
async fn no_page_shows_an_unfilled_place() {
    visit().await.check(|_, page| {
        let mut text = page.one("html").html();
        // What search engines are told is JSON.
        for data in page.all(DATA) {
            text = text.replace(&data.html(), "");
        }
        // The script of the search box fills this in.
        for spoken in page.attributes("[data-suggestions]", "data-count") {
            text = text.replace(&spoken, "");
        }
        let signs = ["{", "}", "[@", "finding:", ":::"].iter();
        signs
            .filter(|sign| text.contains(**sign))
            .map(|sign| format!("`{sign}`"))
            .collect()
    });
}

#[actix_web::test]
async fn no_page_runs_or_styles_anything_inline() {
    visit().await.check(|_, page| {
        let mut faults = Vec::new();
        for element in page.all("*") {
            let unwanted = element.value().attrs().filter(|(name, value)| {
                *name == "style" || name.starts_with("on") || value.starts_with("javascript:")
            });
            faults.extend(unwanted.map(|(name, value)| format!("{name}=\"{value}\"")));
        }
        let inline = "style, script:not([src]):not([type=\"application/ld+json\"]), iframe, object, embed, base";
        for element in page.all(inline) {
            faults.push(element.html());
        }
        faults
    });
}

#[actix_web::test]
async fn nothing_is_loaded_from_others() {
    let visit = visit().await;
    visit.check(|_, page| {
        let mut loaded = page.attributes("[src]", "src");
        loaded.extend(page.attributes("[poster]", "poster"));
        loaded.extend(page.attributes("[srcset]", "srcset"));
        // A link to another form, or to the authors, is followed by nobody by itself.
        let links =
            "link:not([rel=canonical]):not([rel=alternate]):not([rel=author]):not([rel=search])";
        loaded.extend(page.attributes(links, "href"));
        let foreign = loaded
            .into_iter()
            .filter(|url| !url.starts_with("/static/") && url != "/site.webmanifest");
        foreign.collect()
    });
    for path in addresses(&visit.clinic.live.snapshot()) {
        if path.ends_with(".css") {
            let sheet = visit.clinic.get(&path).await;
            assert!(!sheet.text().contains("@import"), "{path}");
            for (_, url) in sheet.text().match_indices("url(").map(|(at, _)| {
                let url = sheet.text()[at + 4..].trim_start_matches(['"', '\'']);
                (at, url)
            }) {
                assert!(
                    url.starts_with("/static/") || url.starts_with("data:"),
                    "{path}: {}",
                    url.chars().take(60).collect::<String>()
                );
            }
        }
    }
}

#[actix_web::test]
async fn everything_that_a_page_or_sheet_loads_has_a_fingerprint() {
    let clinic = Clinic::of_the_repository().await;
    for path in addresses(&clinic.live.snapshot()) {
        let Some(name) = path.strip_prefix("/static/") else {
            continue;
        };
        let fingerprint = name.rsplit('.').nth(1).unwrap_or_default();
        let is_hexadecimal = fingerprint.bytes().all(|byte| byte.is_ascii_hexdigit());
        assert!(fingerprint.len() == 16 && is_hexadecimal, "{path}");
    }
}

#[actix_web::test]
async fn the_main_navigation_marks_where_the_reader_is() {
    let visit = visit().await;
    for (path, current) in [
        ("/articles", "/articles"),
        ("/articles/sciatica", "/articles"),
        ("/topics/back-and-joints", "/articles"),
        ("/body", "/symptoms"),
        ("/body/back", "/symptoms"),
        ("/book", "/book"),
        ("/book/back-pain-visit", "/book"),
    ] {
        let (_, page) = &visit.pages[path];
        let marked = page.attributes(".site-header a[aria-current]", "href");
        assert_eq!(marked, [current], "{path}");
    }
}

#[actix_web::test]
async fn the_a_to_z_list_leads_to_an_article_by_each_of_its_names() {
    let visit = visit().await;
    let (_, page) = &visit.pages["/articles"];
    let entries = page.texts(".letter-index__entry");
    for name in [
        "lumbago: see",
        "strep: see",
        "pinched nerve in the back: see",
    ] {
        let found = entries
            .iter()
            .filter(|entry| entry.to_lowercase().starts_with(name));
        assert_eq!(found.count(), 1, "{name}");
    }
}
