//! Both feeds are read by a parser that others wrote, and say the same.

use std::collections::BTreeSet;

use crate::built::{Built, ORIGIN, TODAY, sound};

fn parsed(built: &Built, path: &str) -> feed_rs::model::Feed {
    let text = built.text(path);
    feed_rs::parser::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn both_feeds_hold_every_listed_article_newest_change_first() {
    for built in [Built::ours(), Built::sound()] {
        let listed: BTreeSet<String> = built
            .listed()
            .iter()
            .map(|slug| format!("{ORIGIN}/articles/{slug}"))
            .collect();
        for path in ["/feed.atom", "/feed.json"] {
            let feed = parsed(&built, path);
            let urls = feed.entries.iter().map(|entry| entry.links[0].href.clone());
            assert_eq!(urls.collect::<BTreeSet<_>>(), listed, "{path}");
            let ids: BTreeSet<&str> = feed.entries.iter().map(|own| own.id.as_str()).collect();
            assert_eq!(ids.len(), feed.entries.len(), "{path}: an id stands twice");
            let updated: Vec<_> = feed.entries.iter().map(|own| own.updated).collect();
            assert!(updated.is_sorted_by(|one, two| one >= two), "{path}");
            assert!(updated.iter().all(Option::is_some), "{path}");
        }
    }
}

#[test]
fn both_feeds_say_the_same_of_an_article() {
    let built = Built::sound();
    let (atom, json) = (parsed(&built, "/feed.atom"), parsed(&built, "/feed.json"));
    assert!(atom.entries.len() >= 2);
    for (one, two) in atom.entries.iter().zip(&json.entries) {
        assert_eq!(one.id, two.id);
        let title = |entry: &feed_rs::model::Entry| entry.title.clone().expect("a title").content;
        assert_eq!(title(one), title(two));
        let content = |entry: &feed_rs::model::Entry| {
            entry
                .content
                .clone()
                .and_then(|own| own.body)
                .expect("content")
        };
        assert_eq!(content(one).trim(), content(two).trim());
        assert_eq!((one.updated, one.published), (two.updated, two.published));
        let names = |entry: &feed_rs::model::Entry| -> Vec<Option<String>> {
            entry.authors.iter().map(|own| own.name.clone()).collect()
        };
        assert_eq!(names(one), names(two));
    }
}

#[test]
fn an_entry_has_the_takeaways_in_full_and_no_address_without_a_host() {
    let built = Built::sound();
    let text = built.text("/feed.json");
    let feed: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    let items = feed["items"].as_array().expect("items");
    let every = items
        .iter()
        .find(|item| item["url"] == format!("{ORIGIN}/articles/every-part"));
    let every = every.expect("the article is in the feed");
    let content = every["content_html"].as_str().expect("content");
    for words in [
        "This page holds every part that an article can have.",
        "<li>The first takeaway is here to be cited.</li>",
        "Call 911 if the sign for an emergency is there.",
    ] {
        assert!(content.contains(words), "{words}: {content}");
    }
    for relative in ["href=\"/", "href=\"#", "src=\"/"] {
        assert!(!content.contains(relative), "{content}");
    }
    assert_eq!(every["date_published"], "2026-10-05T00:00:00-04:00");
    assert_eq!(every["date_modified"], "2026-11-10T00:00:00-05:00");
    assert_eq!(every["authors"][0]["name"], "Test Author");
}

#[test]
fn an_atom_feed_is_well_formed_and_has_what_rfc_4287_asks_for() {
    for built in [Built::ours(), Built::sound()] {
        let text = built.text("/feed.atom");
        let document = roxmltree::Document::parse(&text).expect("well-formed XML");
        let feed = document.root_element();
        let child = |node: roxmltree::Node<'_, '_>, name: &str| {
            let mut found = node.children().filter(|own| own.has_tag_name((ATOM, name)));
            let first = found.next().and_then(|own| own.text()).map(str::to_owned);
            assert!(found.next().is_none(), "a second {name}");
            first
        };
        assert!(feed.has_tag_name((ATOM, "feed")));
        let entries = feed
            .children()
            .filter(|own| own.has_tag_name((ATOM, "entry")));
        for node in entries.chain([feed]) {
            for name in ["id", "title", "updated"] {
                let value = child(node, name).unwrap_or_default();
                assert!(!value.is_empty(), "{name}");
            }
            let updated = child(node, "updated").unwrap_or_default();
            updated
                .parse::<jiff::Timestamp>()
                .expect("an instant with its zone");
        }
        let links = feed
            .children()
            .filter(|own| own.has_tag_name((ATOM, "link")));
        let own = links.filter(|link| link.attribute("rel") == Some("self"));
        let own: Vec<_> = own.filter_map(|link| link.attribute("href")).collect();
        assert_eq!(own, ["https://clinic.example/feed.atom"]);
    }
}

const ATOM: &str = "http://www.w3.org/2005/Atom";

#[test]
fn the_name_of_an_entry_stays_when_its_address_changes() {
    let folder = sound();
    let ids = |built: &Built| -> BTreeSet<String> {
        let feed = parsed(built, "/feed.atom");
        feed.entries.into_iter().map(|own| own.id).collect()
    };
    let before = ids(&Built::of(folder.root()));
    assert!(before.contains("https://clinic.example/articles/old-page"));
    let text = folder.read("articles/small-page.md");
    let renamed = text.replacen("authors: ", "aliases: [small-page]\nauthors: ", 1);
    folder.remove("articles/small-page.md");
    folder.write("articles/other-name.md", &renamed);
    for file in [
        "articles/every-part.md",
        "articles/withdrawn-page.md",
        "clinic/pages/privacy.md",
    ] {
        let text = folder.read(file).replace("small-page", "other-name");
        folder.write(file, &text);
    }
    assert_eq!(ids(&Built::of(folder.root())), before);
}

#[test]
fn what_readers_may_not_see_or_lists_do_not_show_is_in_no_document() {
    let folder = sound();
    let built = Built::of(folder.root());
    let site = built.0.site();
    let hidden: Vec<String> = site
        .articles
        .keys()
        .map(ToString::to_string)
        .filter(|slug| !built.listed().contains(slug))
        .collect();
    assert!(
        hidden.len() >= 3,
        "a draft, one of later and a withdrawn one"
    );
    // Long after its review was due, a page leaves every list.
    let later = Built::on(
        folder.root(),
        TODAY.saturating_add(jiff::Span::new().years(3)),
    );
    assert!(later.listed().is_empty());
    for (built, hidden) in [(built, hidden), (later, vec!["every-part".to_owned()])] {
        for path in ["/feed.atom", "/feed.json", "/llms.txt", "/sitemap-1.xml"] {
            let text = built.text(path);
            for slug in &hidden {
                assert!(
                    !text.contains(&format!("/articles/{slug}")),
                    "{path}: {slug}"
                );
            }
        }
        for slug in &hidden {
            for form in ["md", "json"] {
                let path = format!("/articles/{slug}.{form}");
                assert!(built.page(&path).is_none(), "{path}");
            }
        }
    }
}

#[test]
fn a_sample_person_is_no_author_of_an_entry() {
    let built = Built::ours();
    for path in ["/feed.atom", "/feed.json", "/humans.txt"] {
        let text = built.text(path);
        assert!(!text.contains("Sample author"), "{path}");
        assert!(!text.contains("Sample reviewer"), "{path}");
    }
}

#[test]
fn feeds_are_fetched_anew_only_when_they_changed() {
    let built = Built::ours();
    let rows = [
        ("/feed.atom", "application/atom+xml"),
        ("/feed.json", "application/feed+json"),
    ];
    for (path, media) in rows {
        assert_eq!(built.header(path, "content-type"), media);
        assert_eq!(built.header(path, "cache-control"), "public, max-age=3600");
        let page = built.page(path).expect("it is there");
        assert!(page.last_modified.is_some(), "{path}");
        assert!(page.representations.len() == 3, "{path} is compressed");
        assert!(built.text(path).len() < 250_000, "{path}");
    }
}
