//! Articles as Markdown and JSON: every listed article has both, they say what the page
//! says, and they lead back to it.

use pulldown_cmark::{Event, Options, Parser, Tag};
use serde_json::Value;

use crate::built::{Built, ORIGIN, visible};

/// Signs of markup that has no place in Markdown of ours.
const MARKUP: [&str; 5] = ["<p", "<div", "<a ", "<span", "&amp;"];

#[test]
fn every_listed_article_is_there_as_markdown_and_json_and_leads_back() {
    for built in [Built::ours(), Built::sound()] {
        let listed = built.listed();
        assert!(listed.len() >= 2);
        for slug in listed {
            let page = format!("/articles/{slug}");
            let head = built.text(&page);
            for (form, media) in [
                ("md", "text/markdown; charset=utf-8"),
                ("json", "application/json"),
            ] {
                let path = format!("{page}.{form}");
                assert_eq!(built.header(&path, "content-type"), media);
                let link = format!("<{ORIGIN}{page}>; rel=\"canonical\"");
                assert_eq!(built.header(&path, "link"), link, "{path}");
                let short = media.split(';').next().expect("a media type");
                let alternate =
                    format!("<link rel=\"alternate\" type=\"{short}\" href=\"{path}\">");
                assert!(head.contains(&alternate), "{page}: {alternate}");
                assert_eq!(
                    built.header(&path, "cache-control"),
                    built.header(&page, "cache-control")
                );
            }
        }
    }
}

#[test]
fn the_markdown_of_an_article_is_clean_and_says_what_its_page_says() {
    let mut unseen = Vec::new();
    for built in [Built::ours(), Built::sound()] {
        for slug in built.listed() {
            let text = built.text(&format!("/articles/{slug}.md"));
            for sign in MARKUP {
                assert!(!text.contains(sign), "{slug}: `{sign}` in\n{text}");
            }
            let page = scraper::Html::parse_document(&built.text(&format!("/articles/{slug}")));
            let site = built.0.site();
            let article = &site.articles[&slug.parse().expect("a slug")];
            // Lists and search engines show the description.
            let seen = visible(&page) + " " + &article.description;
            let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES;
            let mut headings = 0;
            for event in Parser::new_ext(&text, options) {
                match event {
                    Event::Start(Tag::Heading { .. }) => headings += 1,
                    Event::Html(html) | Event::InlineHtml(html) => {
                        panic!("{slug}: {html} is HTML");
                    }
                    Event::Start(Tag::Link { dest_url, .. }) => {
                        let is_whole = ["https://", "http://", "tel:", "mailto:"]
                            .iter()
                            .any(|start| dest_url.starts_with(start));
                        assert!(is_whole, "{slug}: a link to {dest_url}");
                    }
                    // Before the first section stand names and days in another order than on the page.
                    Event::Text(words) if headings > 1 && !words.starts_with("https://") => {
                        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
                        if !letters(&seen).contains(&letters(&words)) {
                            unseen.push(format!("{slug}: `{words}`"));
                        }
                    }
                    _ => {}
                }
            }
            assert!(headings >= 4, "{slug}: {headings} headings");
        }
    }
    assert!(unseen.is_empty(), "no reader sees {unseen:#?}");
}

/// The letters of a text alone: between the words of a page stand marks of citations.
fn letters(text: &str) -> String {
    text.chars().filter(|sign| sign.is_alphabetic()).collect()
}

#[test]
fn the_emergency_card_stands_before_the_text_in_markdown_too() {
    let built = Built::ours();
    for slug in built.listed() {
        let text = built.text(&format!("/articles/{slug}.md"));
        let card = text.find("\n## Emergency\n").expect("an emergency card");
        let body = text.match_indices("\n## ").nth(2).expect("a text").0;
        assert!(card < body, "{slug}");
        assert!(
            !text.contains('$'),
            "{slug}: a copy is read when prices are others"
        );
    }
}

#[test]
fn the_markdown_of_a_page_with_every_part_has_every_part() {
    let built = Built::sound();
    let text = built.text("/articles/every-part.md");
    for part in [
        "# A page with every part\n",
        "- The first takeaway is here to be cited.[^1]\n",
        "A paragraph has *soft*, **strong** and ~~struck~~ words, and `code`.[^a] A second sentence has a note too.[^b]\n",
        "[^a]: This note is here to be read.\n",
        "1. The first step.\n2. The second step.\n\n   - A part of it.\n",
        "**Term**\n\nWhat the term means.\n",
        "| First column | Second column |\n| --- | --- |\n| One | 1 |\n",
        "### Below a section\n\n#### Below that\n",
        "- [A small page](https://clinic.example/articles/small-page), and [its section](https://clinic.example/articles/small-page#a-small-section).\n",
        "> A plain quotation.\n",
        "![A square](https://clinic.example/static/articles/every-part/square.",
        "> **Note**\n>\n> By the way.\n",
        "**Leave this alone**\n\n- Don’t do this.\n",
        "```\n::: do\nThis is no block.\n:::\n```\n",
        "### Is this a common question?\n\nThis is its answer.",
        "\n## Sources\n\n[^1]: ",
    ] {
        assert!(text.contains(part), "no `{part}` in\n{text}");
    }
}

fn schema() -> Value {
    let path = crate::folder::repository().join("docs/article.schema.json");
    let text = std::fs::read_to_string(path).expect("the schema is there");
    serde_json::from_str(&text).expect("a schema is JSON")
}

#[test]
fn the_json_of_every_article_is_of_the_documented_shape() {
    let validator = jsonschema::validator_for(&schema()).expect("a schema");
    for built in [Built::ours(), Built::sound()] {
        for slug in built.listed() {
            let text = built.text(&format!("/articles/{slug}.json"));
            let document: Value = serde_json::from_str(&text).expect("it is JSON");
            let faults: Vec<String> = validator
                .iter_errors(&document)
                .map(|error| format!("{}: {error}", error.instance_path()))
                .collect();
            assert!(faults.is_empty(), "{slug}: {faults:#?}");
        }
    }
}

/// Every key that a schema names, wherever it stands.
fn keys(schema: &Value, found: &mut Vec<String>) {
    if let Some(properties) = schema["properties"].as_object() {
        found.extend(properties.keys().cloned());
    }
    match schema {
        Value::Object(parts) => parts.values().for_each(|part| keys(part, found)),
        Value::Array(parts) => parts.iter().for_each(|part| keys(part, found)),
        _ => {}
    }
}

#[test]
fn the_documented_shape_names_no_key_that_is_never_there_and_takes_no_other() {
    let built = Built::sound();
    let text =
        built.text("/articles/every-part.json") + &Built::ours().text("/articles/sciatica.json");
    let mut named = Vec::new();
    keys(&schema(), &mut named);
    assert!(named.len() > 40, "{} keys", named.len());
    for key in named {
        assert!(
            text.contains(&format!("\"{key}\":")),
            "`{key}` is never there"
        );
    }
    let validator = jsonschema::validator_for(&schema()).expect("a schema");
    let mut document: Value =
        serde_json::from_str(&built.text("/articles/every-part.json")).expect("JSON");
    assert!(validator.is_valid(&document));
    document["more"] = Value::Bool(true);
    assert!(!validator.is_valid(&document), "the schema takes anything");
}

#[test]
fn json_says_what_the_article_says() {
    let built = Built::sound();
    let text = built.text("/articles/every-part.json");
    let document: Value = serde_json::from_str(&text).expect("it is JSON");
    for (pointer, expected) in [
        ("/format", "signpost-article"),
        ("/url", "https://clinic.example/articles/every-part"),
        (
            "/markdown_url",
            "https://clinic.example/articles/every-part.md",
        ),
        (
            "/takeaways/1",
            "Call 911 if the sign for an emergency is there.",
        ),
        ("/codes/0/system", "icd-10-cm"),
        ("/dates/modified_on", "2026-11-10"),
        ("/reviewer/name", "Test Reviewer"),
        ("/care/0/level", "emergency"),
        ("/faq/0/answer_text", "This is its answer."),
        ("/sources/0/doi", "10.5555/tests.2023.1"),
    ] {
        assert_eq!(
            document.pointer(pointer),
            Some(&Value::from(expected)),
            "{pointer}"
        );
    }
    assert_eq!(
        document["version"],
        signpost::pages::machine::ARTICLE_VERSION
    );
    assert_eq!(document["is_sample"], false);
}
