//! JSON-LD of every page: sound by a validator that others wrote, complete in itself, and
//! true to what readers see. A second validator looks at it in
//! `tests/browser/structured-data.test.mjs`.

use std::collections::BTreeSet;

use regex::Regex;
use schemaorg_rs::{extract_all, validation};
use serde_json::Value;

use crate::built::{Built, ORIGIN, one, sound, visible};

const DATA: &str = "script[type=\"application/ld+json\"]";

/// What a page says, if it says anything.
fn data(page: &scraper::Html) -> Option<Value> {
    let script = one(page, DATA)?;
    let text: String = script.text().collect();
    Some(serde_json::from_str(&text).expect("a block is JSON"))
}

fn nodes(data: &Value) -> &[Value] {
    data["@graph"].as_array().expect("a graph has nodes")
}

fn of_type<'a>(data: &'a Value, name: &str) -> Vec<&'a Value> {
    nodes(data)
        .iter()
        .filter(|node| node["@type"] == name)
        .collect()
}

/// Every value below a value, with the keys that lead to it.
fn walk<'a>(value: &'a Value, key: &'a str, see: &mut impl FnMut(&'a str, &'a Value)) {
    see(key, value);
    match value {
        Value::Object(parts) => parts.iter().for_each(|(key, part)| walk(part, key, see)),
        Value::Array(parts) => parts.iter().for_each(|part| walk(part, key, see)),
        _ => {}
    }
}

fn sites() -> [Built; 2] {
    [Built::ours(), Built::sound()]
}

#[test]
fn every_page_that_may_be_listed_has_one_block_and_no_other_page_has_any() {
    for built in sites() {
        let mut told = 0;
        for (path, page) in built.pages() {
            let is_listed = one(&page, "meta[name=robots]").is_none();
            assert_eq!(data(&page).is_some(), is_listed, "{path}");
            told += usize::from(is_listed);
        }
        assert!(told > 8, "{told} pages");
    }
}

#[test]
fn every_block_is_sound_by_the_vocabulary() {
    for built in sites() {
        let mut faults = Vec::new();
        for (path, _) in built.pages() {
            let graph = extract_all(&built.text(&path)).expect("it can be read");
            let result = validation::validate(&graph);
            for fault in result.errors().chain(result.warnings()) {
                faults.push(format!("{path}: {}: {}", fault.path, fault.message));
            }
        }
        assert!(faults.is_empty(), "{} faults: {faults:#?}", faults.len());
    }
}

#[test]
fn the_validator_finds_faults_that_somebody_put_there() {
    for wrong in [
        r#"{"@type":"MedicalCondition","subtype":"x"}"#,
        r#"{"@type":"Article","reviewedBy":{"@type":"Person","name":"a"}}"#,
        r#"{"@type":"MedicalWebPag","name":"a"}"#,
    ] {
        let page = format!(
            "<script type=\"application/ld+json\">{{\"@context\":\"https://schema.org\",\"@graph\":[{wrong}]}}</script>"
        );
        let graph = extract_all(&page).expect("it can be read");
        let result = validation::validate(&graph);
        assert!(!result.is_empty(), "{wrong}");
    }
}

#[test]
fn every_reference_leads_to_a_node_of_the_same_page() {
    for built in sites() {
        for (path, page) in built.pages() {
            let Some(data) = data(&page) else { continue };
            let ids: Vec<&str> = nodes(&data)
                .iter()
                .filter_map(|own| own["@id"].as_str())
                .collect();
            assert_eq!(ids.len(), nodes(&data).len(), "{path}: a node has no name");
            let known: BTreeSet<&str> = ids.iter().copied().collect();
            assert_eq!(known.len(), ids.len(), "{path}: a name stands twice");
            walk(&data, "", &mut |_, value| {
                let is_reference = value.as_object().is_some_and(|own| own.len() == 1);
                if let Some(id) = value["@id"].as_str().filter(|_| is_reference) {
                    assert!(known.contains(id), "{path}: {id} is nowhere");
                }
            });
        }
    }
}

#[test]
fn dates_have_a_zone_or_are_days_and_addresses_have_a_host() {
    let date = Regex::new(r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2}))?$")
        .expect("a pattern");
    for built in sites() {
        for (path, page) in built.pages() {
            let Some(data) = data(&page) else { continue };
            walk(&data, "", &mut |key, value| {
                let Some(text) = value.as_str() else { return };
                match key {
                    "datePublished" | "dateModified" | "lastReviewed" => {
                        assert!(date.is_match(text), "{path}: {key} {text}");
                    }
                    "url"
                    | "item"
                    | "image"
                    | "logo"
                    | "sameAs"
                    | "urlTemplate"
                    | "@id"
                    | "publishingPrinciples" => {
                        let is_whole = text.starts_with("https://") || text.starts_with("http://");
                        assert!(is_whole, "{path}: {key} {text}");
                    }
                    _ => assert!(
                        !text.contains("&amp;") && !text.contains("&quot;"),
                        "{path}: {text}"
                    ),
                }
            });
        }
    }
}

#[test]
fn a_page_of_a_real_reviewer_says_who_vouched_and_when() {
    let built = Built::sound();
    let page = scraper::Html::parse_document(&built.text("/articles/every-part"));
    let data = data(&page).expect("it is listed");
    let [page] = of_type(&data, "MedicalWebPage")[..] else {
        panic!("one page")
    };
    assert_eq!(page["lastReviewed"], "2026-11-02");
    let reviewer = format!("{ORIGIN}/people/test-reviewer#person");
    assert_eq!(page["reviewedBy"]["@id"], reviewer);
    assert_eq!(page["medicalAudience"]["audienceType"], "Patient");
    let [article] = of_type(&data, "Article")[..] else {
        panic!("one article")
    };
    assert_eq!(article["dateModified"], "2026-11-10T00:00:00-05:00");
    assert_eq!(article["author"].as_array().map(Vec::len), Some(2));
    assert!(
        article.get("lastReviewed").is_none(),
        "it belongs to the page"
    );
    let [condition] = of_type(&data, "MedicalCondition")[..] else {
        panic!("one condition")
    };
    let codes = condition["code"].as_array().expect("codes");
    let systems: Vec<&Value> = codes.iter().map(|code| &code["codingSystem"]).collect();
    assert_eq!(
        systems,
        ["ICD-10-CM", "SNOMED-CT"],
        "medicines and tests are no condition"
    );
    let people = of_type(&data, "Person");
    let names: Vec<&Value> = people.iter().map(|person| &person["name"]).collect();
    assert_eq!(names, ["Test Author", "Test Helper", "Test Reviewer"]);
    assert_eq!(people[2]["honorificSuffix"], "MD");
}

#[test]
fn a_sample_is_no_person_and_its_review_is_none() {
    let built = Built::ours();
    for (path, page) in built.pages() {
        let Some(data) = data(&page) else { continue };
        let text = data.to_string();
        if !path.starts_with("/people/") {
            assert!(
                !text.contains("Sample author") && !text.contains("Sample reviewer"),
                "{path}"
            );
        }
        assert!(of_type(&data, "Person").is_empty(), "{path}");
        assert!(
            !text.contains("lastReviewed") && !text.contains("reviewedBy"),
            "{path}"
        );
    }
}

#[test]
fn a_review_that_has_lapsed_is_not_told() {
    let folder = sound();
    let day = "2027-07-01".parse().expect("a day");
    let built = Built::on(folder.root(), day);
    let text = built.text("/articles/every-part");
    let page = scraper::Html::parse_document(&text);
    let data = data(&page).expect("it is overdue, and still listed");
    assert!(!data.to_string().contains("lastReviewed"));
}

#[test]
fn common_questions_are_those_that_readers_see() {
    let mut questions = 0;
    for built in sites() {
        for (path, page) in built.pages() {
            let Some(data) = data(&page) else { continue };
            let seen = without_marks(&visible(&page));
            for faq in of_type(&data, "FAQPage") {
                for question in faq["mainEntity"].as_array().expect("questions") {
                    let name = question["name"].as_str().expect("a name");
                    let answer = question["acceptedAnswer"]["text"]
                        .as_str()
                        .expect("an answer");
                    for said in [name, answer] {
                        let said = without_marks(said);
                        assert!(seen.contains(&said), "{path}: nobody sees `{said}`");
                    }
                    questions += 1;
                }
            }
        }
    }
    assert!(questions > 20, "{questions} questions");
}

/// The letters of a text alone: marks of citations stand between the words that a reader sees.
fn without_marks(text: &str) -> String {
    text.chars().filter(|sign| sign.is_alphabetic()).collect()
}

#[test]
fn prices_are_those_that_readers_see_and_none_that_is_being_confirmed() {
    let folder = sound();
    let built = Built::of(folder.root());
    let path = "/book/test-visit";
    let page = scraper::Html::parse_document(&built.text(path));
    let told = data(&page).expect("it is listed");
    let [service] = of_type(&told, "Service")[..] else {
        panic!("one service")
    };
    let offers = service["offers"].as_array().expect("offers");
    assert_eq!(offers.len(), 2, "the copay and the price without insurance");
    for offer in offers {
        let price = &offer["priceSpecification"];
        assert_eq!(price["priceCurrency"], "USD");
        let amount = price["price"].as_str().expect("an amount");
        let shown = amount.strip_suffix(".00").unwrap_or(amount);
        assert!(visible(&page).contains(&format!("${shown}")), "{amount}");
    }
    // Nobody has confirmed it for too long.
    let later = Built::on(folder.root(), "2027-05-01".parse().expect("a day"));
    let page = scraper::Html::parse_document(&later.text(path));
    let told = data(&page).expect("it is listed");
    assert!(of_type(&told, "Service")[0].get("offers").is_none());
}

#[test]
fn a_trail_is_the_one_that_readers_see_and_ends_with_the_page() {
    let built = Built::ours();
    for (path, page) in built.pages() {
        let Some(data) = data(&page) else { continue };
        let Some(trail) = of_type(&data, "BreadcrumbList").pop() else {
            assert_eq!(path, "/");
            continue;
        };
        let items = trail["itemListElement"].as_array().expect("items");
        let links = scraper::Selector::parse(".breadcrumb a").expect("a selector");
        let seen: Vec<String> = page
            .select(&links)
            .map(|own| own.text().collect())
            .collect();
        let names: Vec<&str> = items
            .iter()
            .filter_map(|item| item["name"].as_str())
            .collect();
        assert_eq!(names[..names.len() - 1], seen, "{path}");
        for (at, item) in items.iter().enumerate() {
            assert_eq!(item["position"], at + 1, "{path}");
        }
        let last = items.last().expect("a last item");
        assert_eq!(last["item"], format!("{ORIGIN}{path}"));
    }
}

#[test]
fn a_person_is_the_main_thing_of_their_page() {
    let built = Built::sound();
    let page = scraper::Html::parse_document(&built.text("/people/test-reviewer"));
    let data = data(&page).expect("it is listed");
    let [profile] = of_type(&data, "ProfilePage")[..] else {
        panic!("one page")
    };
    let person = of_type(&data, "Person")[0];
    assert_eq!(profile["mainEntity"]["@id"], person["@id"]);
    assert_eq!(person["name"], "Test Reviewer");
    assert_eq!(person["description"], "A name that stands in tests alone.");
}

#[test]
fn no_word_of_an_author_ends_the_block() {
    let folder = sound();
    let title = "</script><script>alert(1)</script> & more";
    folder.edit(
        "articles/small-page.md",
        "title: \"",
        &format!("title: \"{title}"),
    );
    let built = Built::of(folder.root());
    let text = built.text("/articles/small-page");
    let page = scraper::Html::parse_document(&text);
    let told = data(&page).expect("it is listed");
    let headline = of_type(&told, "Article")[0]["headline"]
        .as_str()
        .expect("a headline");
    assert!(headline.starts_with(title), "{headline}");
    assert!(!text.contains("<script>alert"), "{text}");
}
