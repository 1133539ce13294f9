//! The Infobutton over HTTP: rows of questions with the articles that answer them, feeds
//! as a program reads them, and what is promised about privacy and errors.

use reqwest::Method;
use roxmltree::{Document as Xml, Node};
use serde_json::Value;

use crate::clinic::{Answer, Clinic};

const ICD: &str = "mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria.v.c=";
const SNOMED: &str = "mainSearchCriteria.v.cs=2.16.840.1.113883.6.96&mainSearchCriteria.v.c=";
const RXNORM: &str = "mainSearchCriteria.v.cs=2.16.840.1.113883.6.88&mainSearchCriteria.v.c=";
const BACK: &str = "lower-back-pain-popping-sound";
const ATOM: &str = "http://www.w3.org/2005/Atom";

async fn asked(clinic: &Clinic, query: &str) -> Answer {
    clinic.get(&format!("/infobutton?{query}")).await
}

/// The feed of a question as JSON.
async fn feed(clinic: &Clinic, query: &str) -> Value {
    let query = format!("{query}&knowledgeResponseType=application/json");
    let answer = asked(clinic, &query).await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.text());
    let mut value: Value = serde_json::from_str(answer.text()).expect("it is JSON");
    value["feed"].take()
}

/// The slugs of the entries of a feed, in its order.
fn slugs(feed: &Value) -> Vec<String> {
    let entries = feed["entry"].as_array().expect("entries are a list");
    let slug = |entry: &Value| {
        let href = entry["link"][0]["href"].as_str().expect("an address");
        let (_, slug) = href.split_once("/articles/").expect("an article");
        slug.to_owned()
    };
    entries.iter().map(slug).collect()
}

#[actix_web::test]
async fn each_question_finds_its_articles_best_first() {
    let clinic = Clinic::of_the_repository().await;
    let rows: &[(String, &[&str])] = &[
        (format!("{ICD}M54.50"), &[BACK]),
        (format!("{ICD}m5450"), &[BACK]),
        // The article that names it first comes first.
        (format!("{ICD}M54.16"), &[BACK, "sciatica"]),
        // No article carries it; one below the same stem does.
        (format!("{ICD}M54.59"), &[BACK]),
        (format!("{ICD}S39.012D"), &[BACK]),
        // A wider code finds the narrower ones.
        (format!("{ICD}M54.3"), &["sciatica"]),
        (format!("{ICD}M54"), &[BACK, "neck-pain", "sciatica"]),
        // Another kind within the category is found only under its unspecified code.
        (format!("{ICD}E11.65"), &["type-2-diabetes-early-signs"]),
        (format!("{ICD}F41.1"), &[]),
        (format!("{ICD}ZZZ99"), &[]),
        (format!("{ICD}%3Cscript%3E"), &[]),
        (format!("{SNOMED}279039007"), &[BACK]),
        (format!("{SNOMED}279039008"), &[]),
        (format!("{RXNORM}5640"), &[]),
        (
            format!("{RXNORM}5640&mainSearchCriteria.v.dn=migraine+headache"),
            &["migraine"],
        ),
        // A name beside a code of a condition is only its name.
        (format!("{ICD}ZZZ99&mainSearchCriteria.v.dn=migraine"), &[]),
        (
            "mainSearchCriteria.v.cs=2.16.840.1.113883.6.103&mainSearchCriteria.v.c=724.2".into(),
            &[],
        ),
        (
            "mainSearchCriteria.v.cs=http://snomed.info/sct&mainSearchCriteria.v.c=279039007"
                .into(),
            &[BACK],
        ),
        (
            "mainSearchCriteria.v.cs=urn:oid:2.16.840.1.113883.6.90&mainSearchCriteria.v.c=G47.00"
                .into(),
            &["insomnia"],
        ),
        (
            "mainSearchCriteria.v.ot=Low+back+pain,+unspecified".into(),
            &[BACK],
        ),
        (
            "mainSearchCriteria.v.dn=lumbago".into(),
            &[BACK, "sciatica"],
        ),
        ("mainSearchCriteria.v.dn=Zebra+stripes".into(), &[]),
        (
            format!(
                "{ICD}M54.50&mainSearchCriteria.v.c1=44054006&mainSearchCriteria.v.cs1=2.16.840.1.113883.6.96"
            ),
            &[BACK, "type-2-diabetes-early-signs"],
        ),
        // Nobody asked for Spanish articles in vain: there are none, so the English ones come with their label.
        (
            format!("{ICD}M54.50&informationRecipient.languageCode.c=es"),
            &[BACK],
        ),
    ];
    let mut faults = Vec::new();
    for (query, expected) in rows {
        let mut found = slugs(&feed(&clinic, query).await);
        if query.ends_with("=M54") {
            found.sort();
        }
        if found != *expected {
            faults.push(format!("{query}: found {found:?}, expected {expected:?}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[actix_web::test]
async fn an_article_for_another_age_comes_last_and_is_not_lost() {
    let clinic = Clinic::of_the_repository().await;
    let relevance = |feed: &Value| {
        let categories = feed["entry"][0]["category"].as_array().expect("a list");
        let score = categories
            .iter()
            .find(|own| own["scheme"] == "relevanceScore");
        score.expect("a score")["term"]
            .as_str()
            .expect("a text")
            .to_owned()
    };
    let grown = feed(&clinic, &format!("{ICD}I10&age.v.v=70&age.v.u=a")).await;
    let baby = feed(&clinic, &format!("{ICD}I10&age.v.v=2&age.v.u=mo")).await;
    assert_eq!(relevance(&grown), "1");
    assert_eq!(relevance(&baby), "0.5");
}

#[actix_web::test]
async fn the_atom_feed_is_xml_in_the_order_of_the_schema() {
    let clinic = Clinic::of_the_repository().await;
    let answer = asked(
        &clinic,
        &format!("{ICD}M54.16&mainSearchCriteria.v.dn=A+%3C%26%22b&knowledgeResponseType=text/XML"),
    )
    .await;
    assert_eq!(answer.header("content-type"), "text/xml; charset=UTF-8");
    let text = answer.text();
    let xml = Xml::parse(text).expect("it is XML");
    let root = xml.root_element();
    assert_eq!(root.tag_name().namespace(), Some(ATOM));
    assert_eq!(
        names(root),
        [
            "title", "subtitle", "author", "updated", "category", "category", "category",
            "category", "id", "link", "entry", "entry"
        ]
    );
    let entries = root
        .children()
        .filter(|node| node.has_tag_name((ATOM, "entry")));
    for entry in entries {
        let mut order = names(entry);
        order.dedup();
        assert_eq!(
            order,
            [
                "title", "link", "id", "updated", "author", "summary", "category"
            ]
        );
        assert_eq!(lang(entry), Some("en"));
        for link in entry
            .children()
            .filter(|node| node.has_tag_name((ATOM, "link")))
        {
            for name in ["href", "rel", "type", "hreflang", "title"] {
                assert!(
                    link.attribute(name).is_some_and(|value| !value.is_empty()),
                    "{name}"
                );
            }
        }
        let id = entry
            .children()
            .find(|node| node.has_tag_name((ATOM, "id")));
        let id = id.and_then(|id| id.text()).expect("an id");
        assert!(id.starts_with("tag:") && !id.contains(' '), "{id}");
        let summary = entry
            .children()
            .find(|node| node.has_tag_name((ATOM, "summary")));
        let summary = summary.and_then(|own| own.text()).expect("a summary");
        assert!(
            summary.starts_with("<p>") && !summary.contains("<a "),
            "{summary}"
        );
    }
    assert_eq!(lang(root), Some("en"));
    let named = root
        .children()
        .find(|node| node.attribute("scheme") == Some("mainSearchCriteria.v.dn"));
    assert_eq!(named.and_then(|own| own.attribute("term")), Some("A <&\"b"));
}

fn names<'a>(node: Node<'a, '_>) -> Vec<&'a str> {
    let elements = node.children().filter(Node::is_element);
    elements.map(|child| child.tag_name().name()).collect()
}

fn lang<'a>(node: Node<'a, '_>) -> Option<&'a str> {
    node.attribute(("http://www.w3.org/XML/1998/namespace", "lang"))
}

/// The shape of a feed as JSON. Source: HL7 SOA guide, 4.4, and recorded answers of MedlinePlus Connect.
const SHAPE: &str = r##"{
  "type": "object", "required": ["feed"], "additionalProperties": false,
  "$defs": {
    "value": {"type": "object", "required": ["_value"], "additionalProperties": false, "properties": {"_value": {"type": "string", "minLength": 1}}},
    "text": {"type": "object", "required": ["_value", "type"], "additionalProperties": false,
      "properties": {"_value": {"type": "string", "minLength": 1}, "type": {"enum": ["text", "html"]}}},
    "author": {"type": "object", "required": ["name", "uri"], "properties": {"name": {"$ref": "#/$defs/value"}, "uri": {"$ref": "#/$defs/value"}}},
    "category": {"type": "array", "items": {"type": "object", "required": ["scheme", "term"], "additionalProperties": false,
      "properties": {"scheme": {"type": "string"}, "term": {"type": "string"}}}},
    "link": {"type": "array", "minItems": 1, "items": {"type": "object", "required": ["href", "rel", "type", "hreflang", "title"],
      "properties": {"href": {"type": "string", "pattern": "^https://"}, "rel": {"enum": ["alternate", "related", "self", "via"]}}}}
  },
  "properties": {"feed": {"type": "object", "additionalProperties": false,
    "required": ["base", "lang", "title", "subtitle", "author", "updated", "category", "id", "link", "entry"],
    "properties": {
      "base": {"type": "string"}, "lang": {"type": "string", "minLength": 2}, "title": {"$ref": "#/$defs/text"}, "subtitle": {"$ref": "#/$defs/text"},
      "author": {"$ref": "#/$defs/author"}, "updated": {"$ref": "#/$defs/value"}, "category": {"$ref": "#/$defs/category"},
      "id": {"type": "object", "properties": {"_value": {"type": "string", "pattern": "^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"}}},
      "link": {"$ref": "#/$defs/link"},
      "entry": {"type": "array", "items": {"type": "object", "additionalProperties": false,
        "required": ["lang", "title", "link", "id", "updated", "author", "summary", "category"],
        "properties": {"lang": {"type": "string"}, "title": {"$ref": "#/$defs/text"}, "link": {"$ref": "#/$defs/link"}, "id": {"$ref": "#/$defs/value"},
          "updated": {"$ref": "#/$defs/value"}, "author": {"$ref": "#/$defs/author"}, "summary": {"$ref": "#/$defs/text"}, "category": {"$ref": "#/$defs/category"}}}}
    }}}
}"##;

#[actix_web::test]
async fn the_json_feed_has_the_shape_of_the_guide_with_and_without_entries() {
    let clinic = Clinic::of_the_repository().await;
    let shape: Value = serde_json::from_str(SHAPE).expect("it is JSON");
    let shape = jsonschema::validator_for(&shape).expect("it is a schema");
    for code in ["M54.50", "M54", "ZZZ99"] {
        let feed = feed(&clinic, &format!("{ICD}{code}")).await;
        let whole = serde_json::json!({ "feed": feed });
        let faults: Vec<String> = shape
            .iter_errors(&whole)
            .map(|fault| fault.to_string())
            .collect();
        assert!(faults.is_empty(), "{code}: {faults:?}");
    }
}

#[actix_web::test]
async fn the_same_question_has_the_same_name_and_leads_back_to_itself() {
    let clinic = Clinic::of_the_repository().await;
    let query = format!("{ICD}M54.50&age.v.v=70&age.v.u=a&holder.assignedEntity.n=Somebody");
    let first = feed(&clinic, &query).await;
    let href = first["link"][0]["href"].as_str().expect("an address");
    assert!(!href.contains("Somebody"), "{href}");
    let (_, again) = href.split_once("/infobutton?").expect("our own address");
    let again = asked(&clinic, again).await;
    let mut second: Value = serde_json::from_str(again.text()).expect("it is JSON");
    let mut first = first;
    // Only the instant may differ.
    first["updated"].take();
    second["feed"]["updated"].take();
    assert_eq!(first, second["feed"]);
}

#[actix_web::test]
async fn what_can_not_be_answered_is_refused_in_plain_words() {
    let clinic = Clinic::of_the_repository().await;
    let rows = [
        ("", 400),
        ("mainSearchCriteria.v.c=M54.50", 400),
        ("mainSearchCriteria.v.cs=2.16.840.1.113883.6.90", 400),
        ("mainSearchCriteria.v.dn=a&mainSearchCriteria.v.dn=b", 400),
        ("mainSearchCriteria.v.dn=%00", 400),
        (
            "mainSearchCriteria.v.dn=a&knowledgeResponseType=application/javascript&callback=alert(1)//",
            415,
        ),
        (
            "mainSearchCriteria.v.dn=a&knowledgeResponseType=application/pdf",
            415,
        ),
    ];
    for (query, expected) in rows {
        let answer = asked(&clinic, query).await;
        assert_eq!(answer.status, expected, "{query}");
        assert!(
            answer.header("content-type").starts_with("text/plain"),
            "{query}"
        );
        let text = answer.text();
        assert!(
            text.lines().count() == 1 && !text.contains("M54") && !text.contains("alert"),
            "{text}"
        );
        let person = [("accept", "text/html")];
        let page = clinic
            .ask(Method::GET, &format!("/infobutton?{query}"), &person)
            .await;
        assert_eq!(page.status, expected, "{query}");
        assert!(page.text().contains("/for/clinicians"), "{query}");
    }
}

#[actix_web::test]
async fn a_person_gets_a_page_that_nobody_keeps_and_no_site_learns_of() {
    let clinic = Clinic::of_the_repository().await;
    let path = format!(
        "/infobutton?{ICD}M54.50&age.v.v=70&age.v.u=a&patientPerson.administrativeGenderCode.c=F"
    );
    let browser = [(
        "accept",
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    )];
    let answer = clinic.ask(Method::GET, &path, &browser).await;
    assert_eq!(answer.status, 200);
    let page = answer.document();
    assert!(page.has(&format!("a[href='/articles/{BACK}']")));
    assert!(page.has("a[href='/symptoms/lower-back-pain']"));
    assert!(page.has("meta[name=robots][content=noindex]"));
    for (name, expected) in [
        ("cache-control", "private, no-store"),
        ("referrer-policy", "no-referrer"),
        ("x-robots-tag", "noindex"),
    ] {
        assert_eq!(answer.header(name), expected, "{name}");
    }
    let feed = clinic.ask(Method::GET, &path, &[]).await;
    for (name, expected) in [
        ("cache-control", "private, no-store"),
        ("access-control-allow-origin", "*"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
    ] {
        assert_eq!(feed.header(name), expected, "{name}");
    }
}

#[actix_web::test]
async fn a_provider_is_led_to_the_sources_and_a_teacher_to_the_questions() {
    let clinic = Clinic::of_the_repository().await;
    let ends = |feed: &Value| -> Vec<String> {
        let links = feed["entry"][0]["link"].as_array().expect("a list");
        let hrefs = links.iter().filter_map(|link| link["href"].as_str());
        hrefs
            .filter_map(|href| href.rsplit('/').next())
            .map(str::to_owned)
            .collect()
    };
    let rows = [
        ("", vec![BACK, "lower-back-pain", "questions"]),
        (
            "&informationRecipient=PROV",
            vec![BACK, "lower-back-pain-popping-sound#sources"],
        ),
        (
            "&informationRecipient=PROV&taskContext.c.c=PATEDUE",
            vec![BACK, "lower-back-pain-popping-sound#sources", "questions"],
        ),
    ];
    for (rest, expected) in rows {
        let feed = feed(&clinic, &format!("{ICD}M54.50{rest}")).await;
        assert_eq!(ends(&feed), expected, "{rest}");
    }
}

#[actix_web::test]
async fn a_form_from_any_site_asks_the_same_and_other_methods_are_refused() {
    let clinic = Clinic::of_the_repository().await;
    let fields = [
        ("mainSearchCriteria.v.cs", "2.16.840.1.113883.6.90"),
        ("mainSearchCriteria.v.c", "M54.50"),
        ("knowledgeResponseType", "application/json"),
    ];
    let elsewhere = [
        ("sec-fetch-site", "cross-site"),
        ("origin", "https://ehr.example"),
    ];
    let answer = clinic.post_with("/infobutton", &fields, &elsewhere).await;
    assert_eq!(answer.status, 200);
    let posted: Value = serde_json::from_str(answer.text()).expect("it is JSON");
    assert_eq!(slugs(&posted["feed"]), [BACK]);
    let json = [("content-type", "application/json")];
    assert_eq!(
        clinic
            .send_body("/infobutton", b"{}".to_vec(), &json)
            .await
            .status,
        415
    );
    let options = clinic.ask(Method::OPTIONS, "/infobutton", &[]).await;
    assert_eq!(
        (
            options.status,
            options.header("access-control-allow-origin")
        ),
        (204, "*")
    );
    let put = clinic.ask(Method::PUT, "/infobutton", &[]).await;
    assert_eq!(
        (put.status, put.header("allow")),
        (405, "GET, HEAD, POST, OPTIONS")
    );
    let head = clinic
        .ask(Method::HEAD, &format!("/infobutton?{ICD}M54.50"), &[])
        .await;
    assert!(head.status == 200 && head.body.is_empty());
}

#[actix_web::test]
async fn every_example_for_clinicians_works() {
    let clinic = Clinic::of_the_repository().await;
    let page = clinic.page("/for/clinicians").await;
    let examples = page.attributes("a[href^='/infobutton']", "href");
    assert!(examples.len() >= 6, "{examples:?}");
    for href in examples {
        let answer = clinic.get(&href).await;
        assert_eq!(answer.status, 200, "{href}");
        let found = answer.text().matches("/articles/").count();
        assert!(found > 0, "{href} finds nothing");
    }
}

#[actix_web::test]
async fn a_draft_and_a_withdrawn_article_are_not_offered() {
    let folder = crate::folder::Folder::copied();
    let path = format!("articles/{BACK}.md");
    let text = folder.read(&path);
    let clinic = Clinic::of(folder).await;
    assert_eq!(slugs(&feed(&clinic, &format!("{ICD}M54.50")).await), [BACK]);
    let draft = text.replacen("---\n", "---\ndraft: true\n", 1);
    clinic.folder().write(&path, &draft);
    clinic.refresh();
    assert!(slugs(&feed(&clinic, &format!("{ICD}M54.50")).await).is_empty());
    // The name is changed, and the code with it.
    clinic
        .folder()
        .write(&path, &text.replace("\"M54.50\"", "\"R51.9\""));
    clinic.refresh();
    assert_eq!(slugs(&feed(&clinic, &format!("{ICD}R51.9")).await), [BACK]);
}
