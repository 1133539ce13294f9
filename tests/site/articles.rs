//! The reference article holds everything that a worried person needs, in the
//! order in which they need it.

use std::collections::BTreeSet;

use crate::clinic::Clinic;
use crate::document::{Document, words};
use crate::folder::{Folder, REFERENCE, repository};

async fn article() -> Document {
    let clinic = Clinic::of_the_repository().await;
    clinic.page(&format!("/articles/{REFERENCE}")).await
}

/// The text of a file of the repository.
fn file(path: &str) -> String {
    std::fs::read_to_string(repository().join(path)).expect("the repository holds it")
}

/// The article as its author wrote it.
fn written() -> String {
    file(&format!("articles/{REFERENCE}.md"))
}

/// The lines of a block `::: name` of the article.
fn block(name: &str) -> String {
    let text = written();
    let (_, rest) = text
        .split_once(&format!("\n::: {name}"))
        .expect("the article has the block");
    let (block, _) = rest.split_once("\n:::").expect("the block is closed");
    block.to_owned()
}

/// The findings of a TOML file.
fn findings(path: &str) -> Vec<toml::Value> {
    let table: toml::Table = file(path).parse().expect("the file is TOML");
    let findings = table["finding"].as_array().expect("a list of findings");
    findings.clone()
}

/// The findings of a level, as the protocol and the shared findings state them.
fn statements(level: &str) -> Vec<String> {
    let shared = findings("clinic/findings.toml");
    let text = |finding: &toml::Value, key: &str| {
        let value = finding.get(key).and_then(toml::Value::as_str);
        value.unwrap_or_default().to_owned()
    };
    let own = |finding: toml::Value| match text(&finding, "use").as_str() {
        "" => finding,
        id => shared
            .iter()
            .find(|other| text(other, "id") == id)
            .expect("the shared finding is there")
            .clone(),
    };
    findings("clinic/protocols/lower-back-pain.toml")
        .into_iter()
        .map(own)
        .filter(|finding| text(finding, "level") == level)
        .map(|finding| said_to_the_reader(&text(&finding, "statement")))
        .collect()
}

/// A statement about the reader: `{you}` is "you", and `{are|is}` is "are".
fn said_to_the_reader(statement: &str) -> String {
    let mut parts = statement.split('{');
    let mut said = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (slot, rest) = part.split_once('}').expect("the slot is closed");
        said.push_str(slot.split('|').next().unwrap_or_default());
        said.push_str(rest);
    }
    said
}

#[actix_web::test]
async fn an_article_is_read_in_the_order_of_need() {
    let page = article().await;
    let order = [
        "nav.breadcrumb",
        "article h1",
        ".byline a[href='/people/sample-author']",
        ".byline a[href='/people/sample-reviewer']",
        ".byline__dates time",
        ".takeaways",
        ".care-card--emergency",
        "nav.jump-to",
        ".article__lead h2",
        ".booking-card",
        ".care-card--urgent",
        ".care-card--soon",
        ".care-card--self-care",
        ".questions",
        ".faq",
        "#sources",
        "#source-1",
        ".credit a[href='/editorial-process']",
        ".credit a[href='/people/sample-reviewer']",
        "nav.related",
        "article > .article__body > p a[href='tel:911']",
    ];
    let mut before = ("the start of the page", 0);
    for selector in order {
        let found = page.all(selector);
        let first = found
            .first()
            .unwrap_or_else(|| panic!("there is no `{selector}`"));
        let position = page.position(*first);
        assert!(
            position > before.1,
            "`{selector}` does not come after `{}`",
            before.0
        );
        before = (selector, position);
    }
}

#[actix_web::test]
async fn the_whole_text_is_read_before_the_care_cards_and_ends_with_an_offer() {
    let page = article().await;
    let last = page.one("#managing-it-over-time");
    let offer = page.one(".booking-call");
    assert!(page.position(last) < page.position(offer));
    assert!(page.end(offer) < page.position(page.one(".care-card--urgent")));
}

#[actix_web::test]
async fn the_emergency_card_stands_before_every_offer_and_offers_nothing() {
    let page = article().await;
    let card = page.one(".care-card--emergency");
    let offers = page.all("main a[href^='/book']");
    let first = offers.first().expect("the article offers a visit");
    assert!(page.end(card) < page.position(*first));
    let links = page.attributes(".care-card--emergency a", "href");
    assert_eq!(links, ["tel:911"]);
    assert!(
        words(card).contains("Call 911 or go to an emergency department now"),
        "{}",
        words(card)
    );
}

#[actix_web::test]
async fn the_emergency_card_names_each_red_flag() {
    let page = article().await;
    let card = words(page.one(".care-card--emergency"));
    for (what, sign) in [
        ("trauma", "car crash"),
        ("trauma", "a big fall"),
        (
            "saddle numbness",
            "genitals, bottom or inner thighs are newly numb",
        ),
        ("bladder or bowel", "can't control your bladder or bowels"),
        ("leg weakness", "legs are newly weak"),
    ] {
        assert!(card.contains(sign), "{what}: {card}");
    }
}

#[actix_web::test]
async fn every_care_card_says_what_the_protocol_says() {
    let page = article().await;
    for level in ["emergency", "urgent", "soon", "self-care"] {
        let expected = statements(level);
        assert!(!expected.is_empty(), "{level}");
        let found = page.texts(&format!(".care-card--{level} li"));
        assert_eq!(found, expected, "{level}");
    }
}

#[actix_web::test]
async fn the_booking_card_says_what_a_visit_costs() {
    let page = article().await;
    let card = page.one(".booking-card");
    let text = words(card);
    assert_eq!(page.texts(".booking-card h2"), ["Back pain visit"]);
    assert!(text.contains("Talk with a clinician about your back pain by video"));
    assert_eq!(
        page.texts(".booking-card dt"),
        ["typical copay", "without insurance"]
    );
    assert_eq!(page.texts(".booking-card dd"), ["$25", "$100"]);
    assert!(text.contains("Prices as of November 2, 2026"), "{text}");
    assert_eq!(
        page.attributes(".booking-card time", "datetime"),
        ["2026-11-02"]
    );
    assert!(text.contains("Not for emergencies. Call 911."), "{text}");
}

#[actix_web::test]
async fn the_top_names_dates_author_and_reviewer_with_credentials() {
    let page = article().await;
    let byline = words(page.one(".byline"));
    for part in [
        "By Sample author, RN",
        "Medically reviewed by Sample reviewer, MD",
        "Reviewed November 2, 2026",
        "next review by November 2, 2027",
        "Published October 5, 2026",
    ] {
        assert!(byline.contains(part), "{part}: {byline}");
    }
    let credit = words(page.one(".credit"));
    assert!(credit.contains("Sample reviewer, MD"), "{credit}");
    assert!(
        credit.contains("ask a clinician to review every page"),
        "{credit}"
    );
}

#[actix_web::test]
async fn three_to_five_takeaways_each_name_a_source() {
    let page = article().await;
    let items = page.all(".takeaways li");
    assert!((3..=5).contains(&items.len()), "{}", items.len());
    let cited = page.all(".takeaways li:has(a[role='doc-noteref'])");
    assert_eq!(cited.len(), items.len());
}

#[actix_web::test]
async fn the_jump_to_list_names_every_section_that_follows() {
    let page = article().await;
    let list = page.one("nav.jump-to");
    // An offer is no section of the text.
    let offers = page.all(".booking-card h2, .booking-call h2");
    let sections: Vec<_> = page
        .all("article h2")
        .into_iter()
        .filter(|heading| page.position(*heading) > page.end(list) && !offers.contains(heading))
        .collect();
    let expected: Vec<String> = sections.iter().map(|heading| words(*heading)).collect();
    assert_eq!(page.texts("nav.jump-to a"), expected);
    let anchors: Vec<String> = sections
        .iter()
        .map(|heading| format!("#{}", heading.attr("id").unwrap_or_default()))
        .collect();
    assert_eq!(page.attributes("nav.jump-to a", "href"), anchors);
}

#[actix_web::test]
async fn the_known_sources_are_listed() {
    let page = article().await;
    let sources = page.texts("#sources ~ ol.source-list li");
    for (author, title) in [
        ("Alexander CE", "Lumbosacral radiculopathy"),
        ("Donnally CJ III", "Lumbar degenerative disk disease"),
        ("Matheve T", "The role of back muscle dysfunctions"),
        ("Wenker KJ", "Ankylosing spondylitis"),
        ("Whitney E", "Vertebral fracture"),
    ] {
        let found = sources
            .iter()
            .filter(|source| source.contains(author) && source.contains(title));
        assert_eq!(found.count(), 1, "{author}: {title}");
    }
    let links = page.all("#sources ~ ol.source-list li:has(a[href^='https://'])");
    assert_eq!(links.len(), sources.len(), "every source has a link");
}

#[actix_web::test]
async fn each_citation_leads_to_its_source_and_back_to_its_own_place() {
    let page = article().await;
    let marks = page.all("a[role='doc-noteref'][href^='#source-']");
    assert!(marks.len() > 50, "{}", marks.len());
    let mut there = BTreeSet::new();
    for mark in &marks {
        let source = mark
            .attr("href")
            .unwrap_or_default()
            .trim_start_matches('#');
        let place = mark.attr("id").expect("a mark has an id");
        assert!(page.has(&format!("li#{source}")), "{source}");
        assert!(
            there.insert((source.to_owned(), place.to_owned())),
            "{place} stands twice"
        );
    }
    let mut back = BTreeSet::new();
    for item in page.all("li[id^='source-']") {
        let source = item.attr("id").unwrap_or_default();
        for place in page.attributes(&format!("#{source} a[role='doc-backlink']"), "href") {
            let place = place.trim_start_matches('#').to_owned();
            assert!(
                back.insert((source.to_owned(), place.clone())),
                "two ways back to {place}"
            );
        }
    }
    assert_eq!(there, back);
}

#[actix_web::test]
async fn sources_are_numbered_in_the_order_of_their_first_citation() {
    let page = article().await;
    let mut seen: Vec<String> = Vec::new();
    for href in page.attributes("a[role='doc-noteref'][href^='#source-']", "href") {
        if !seen.contains(&href) {
            seen.push(href);
        }
    }
    let expected: Vec<String> = (1..=page.all("li[id^='source-']").len())
        .map(|number| format!("#source-{number}"))
        .collect();
    assert_eq!(seen, expected);
}

#[actix_web::test]
async fn common_questions_are_headings() {
    let page = article().await;
    let written: Vec<String> = block("faq")
        .lines()
        .filter_map(|line| line.strip_prefix("### "))
        .map(str::to_owned)
        .collect();
    assert!(!written.is_empty());
    assert_eq!(page.texts(".faq h3"), written);
    assert!(!page.has(".faq details"), "answers are open");
}

#[actix_web::test]
async fn lists_of_the_author_are_lists_of_the_page() {
    let page = article().await;
    for (name, selector) in [
        ("questions", ".questions li"),
        ("do", ".advice-list--do li"),
        ("dont", ".advice-list--dont li"),
    ] {
        let written = block(name);
        let items = written
            .lines()
            .filter(|line| line.starts_with("- "))
            .count();
        assert!(items > 0, "{name}");
        assert_eq!(page.all(selector).len(), items, "{name}");
    }
    assert_eq!(page.all(".advice-list--do h3").len(), 1);
    assert_eq!(page.all(".advice-list--dont h3").len(), 1);
}

#[actix_web::test]
async fn a_page_says_what_it_is_not() {
    let page = article().await;
    let text = words(page.one("article > .article__body"));
    assert!(
        text.ends_with(
            "This page is for learning. It doesn't replace care from a clinician who knows you. \
             In an emergency, call 911."
        ),
        "{}",
        text.chars().rev().take(200).collect::<String>()
    );
}

#[actix_web::test]
async fn words_of_the_author_lead_to_the_card_of_the_finding() {
    let page = article().await;
    for card in page.attributes("article a[href^='#care-']", "href") {
        assert!(page.has(&card), "{card}");
    }
    assert!(page.has(".takeaways a[href='#care-emergency']"));
}

#[actix_web::test]
async fn cells_stand_where_their_column_says_without_a_style_in_the_page() {
    let folder = Folder::copied();
    let path = format!("articles/{REFERENCE}.md");
    let table =
        "\n## When it hurts\n\n| Day | Pain | Steps |\n|:---|:---:|---:|\n| Monday | 3 | 4,000 |\n";
    folder.write(&path, &(folder.read(&path) + table));
    let clinic = Clinic::of(folder).await;
    let page = clinic.page(&format!("/articles/{REFERENCE}")).await;
    for (class, cell) in [
        ("cell--start", "Monday"),
        ("cell--center", "3"),
        ("cell--end", "4,000"),
    ] {
        assert_eq!(words(page.one(&format!("td.{class}"))), cell);
    }
    assert!(!page.has("[style]"), "our policy refuses styles in a page");
}
