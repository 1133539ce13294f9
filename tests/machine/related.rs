//! What stands under an article: an editor's choice first, then what is nearest, always
//! the same, and never something that readers may not see.

use std::fmt::Write as _;

use signpost::site::{MOST_RELATED, Reason, RelationIndex};

use crate::built::{Built, sound};
use crate::folder::Folder;

/// Slugs under an article of a site, in the order of its page.
fn under(built: &Built, slug: &str) -> Vec<String> {
    let site = built.0.site();
    let article = &site.articles[&slug.parse().expect("a slug")];
    let related = RelationIndex::of(site).related_to(article);
    related
        .iter()
        .map(|own| own.article.slug.to_string())
        .collect()
}

/// Slugs that the page of an article links to under "Read next".
fn shown(built: &Built, slug: &str) -> Vec<String> {
    let page = scraper::Html::parse_document(&built.text(&format!("/articles/{slug}")));
    let links = scraper::Selector::parse(".related .article-list__link").expect("a selector");
    let links = page.select(&links).filter_map(|link| link.attr("href"));
    links
        .map(|href| href.trim_start_matches("/articles/").to_owned())
        .collect()
}

#[test]
fn every_article_of_ours_has_three_to_five_under_it_and_never_itself() {
    let built = Built::ours();
    for slug in built.listed() {
        let under = under(&built, &slug);
        assert!(
            (3..=MOST_RELATED).contains(&under.len()),
            "{slug}: {under:?}"
        );
        assert!(!under.contains(&slug), "{slug}");
        assert_eq!(
            shown(&built, &slug),
            under,
            "{slug}: the page shows another list"
        );
    }
}

#[test]
fn each_place_has_a_reason_and_weights_descend() {
    let built = Built::ours();
    let site = built.0.site();
    let index = RelationIndex::of(site);
    for article in site.listed_articles() {
        let related = index.related_to(article);
        let pinned = |own: &signpost::site::Related<'_>| own.reasons.contains(&Reason::Pinned);
        for own in &related {
            assert!(!own.reasons.is_empty(), "{}", article.slug);
        }
        let free: Vec<u32> = related
            .iter()
            .filter(|own| !pinned(own))
            .map(signpost::site::Related::weight)
            .collect();
        assert!(
            free.is_sorted_by(|one, two| one >= two),
            "{}: {free:?}",
            article.slug
        );
        let first_free = related
            .iter()
            .position(|own| !pinned(own))
            .unwrap_or(related.len());
        assert!(
            related[first_free..].iter().all(|own| !pinned(own)),
            "{}",
            article.slug
        );
    }
}

/// A folder whose articles are those of some rows: slug, title, topic, complaint, and lines of front matter.
fn site(rows: &[(&str, &str, &str, &str, &str)]) -> Folder {
    let folder = sound();
    let plain = folder.read("articles/small-page.md");
    for name in [
        "every-part",
        "draft-page",
        "later-page",
        "withdrawn-page",
        "small-page",
    ] {
        folder.remove(&format!("articles/{name}.md"));
    }
    // It names an article that is gone now.
    let privacy = folder.read("clinic/pages/privacy.md");
    let lines = privacy.lines().filter(|line| !line.contains("small-page"));
    let kept: Vec<&str> = lines.collect();
    folder.write("clinic/pages/privacy.md", &(kept.join("\n") + "\n"));
    for (slug, title, topic, complaint, more) in rows {
        let text = plain
            .lines()
            .map(|line| match line.split_once(": ") {
                Some(("title", _)) => format!("title: \"{title}\""),
                Some(("topic", _)) => format!("topic: {topic}"),
                Some(("complaint", _)) => format!("complaint: {complaint}\n{more}"),
                _ => line.to_owned(),
            })
            .fold(String::new(), |mut text, line| {
                writeln!(text, "{line}").expect("a text takes everything");
                text
            });
        let text = text.replace("\n\nauthors", "\nauthors");
        folder.write(&format!("articles/{slug}.md"), &text);
    }
    folder
}

const ONE: &str = "first-topic";
const TWO: &str = "empty-topic";
const PAIN: &str = "test-complaint";
const OTHER: &str = "other-complaint";

#[test]
fn what_two_articles_share_decides_their_order() {
    let folder = site(&[
        (
            "a",
            "Elbow",
            ONE,
            PAIN,
            "codes: [{ system: icd-10-cm, code: \"M54.50\" }]\nrelated: [pinned]",
        ),
        ("pinned", "Nothing alike", TWO, OTHER, ""),
        ("same-complaint", "One", TWO, PAIN, ""),
        (
            "same-code",
            "Two",
            TWO,
            OTHER,
            "codes: [{ system: icd-10-cm, code: \"M54.50\" }]",
        ),
        ("same-word", "Elbows", TWO, OTHER, ""),
        ("a-far-one", "Nothing of all", TWO, OTHER, ""),
        ("same-topic", "Three", ONE, OTHER, ""),
        (
            "same-family",
            "Four",
            TWO,
            OTHER,
            "codes: [{ system: icd-10-cm, code: \"M54.9\" }]",
        ),
    ]);
    let built = Built::of(folder.root());
    let expected = [
        "pinned",
        "same-complaint",
        "same-code",
        "same-family",
        "same-topic",
    ];
    assert_eq!(under(&built, "a"), expected);
    assert_eq!(shown(&built, "a"), expected);
}

#[test]
fn an_article_that_readers_may_not_see_stands_under_none() {
    let folder = site(&[
        ("a", "Elbow", ONE, PAIN, "related: [hidden]"),
        ("hidden", "Elbow too", ONE, PAIN, "draft: true"),
        ("b", "Elbow three", ONE, PAIN, ""),
    ]);
    folder.edit("articles/a.md", "related: [hidden]\n", "");
    let built = Built::of(folder.root());
    assert_eq!(under(&built, "a"), ["b"]);
}

#[test]
fn the_order_does_not_depend_on_the_order_of_files() {
    let rows = [
        ("a", "Elbow", ONE, PAIN, ""),
        ("b", "Elbow pain", ONE, PAIN, ""),
        ("c", "Elbow pain", ONE, PAIN, ""),
        ("d", "Elbow pain", ONE, PAIN, ""),
    ];
    let mut turned = rows;
    turned.reverse();
    let (one, two) = (site(&rows), site(&turned));
    let (one, two) = (Built::of(one.root()), Built::of(two.root()));
    assert_eq!(under(&one, "a"), ["b", "c", "d"], "equals stand by slug");
    assert_eq!(under(&two, "a"), ["b", "c", "d"]);
}

fn command(folder: &std::path::Path, slug: &str) -> (String, String, Option<i32>) {
    let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_signpost"));
    program
        .args(["related", slug, "--today", "2026-11-25", "--content"])
        .arg(folder)
        .env_remove("SIGNPOST_CONTENT");
    let ended = program.output().expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it prints text");
    (text(ended.stdout), text(ended.stderr), ended.status.code())
}

#[test]
fn the_command_tells_each_place_and_its_reasons() {
    let folder = site(&[
        ("a", "Elbow", ONE, PAIN, "related: [c]"),
        ("b", "Elbows", ONE, PAIN, ""),
        ("c", "Nothing alike", TWO, OTHER, ""),
    ]);
    let expected = "Elbow\n\
                    1. c: Nothing alike (weight 0)\n    0  named by the editor\n\
                    2. b: Elbows (weight 67)\n   40  same complaint `test-complaint`\n   \
                    12  same word `elbow`, which 2 articles have\n   15  same topic `first-topic`\n";
    assert_eq!(
        command(folder.root(), "a"),
        (expected.into(), String::new(), Some(0))
    );
    let (out, err, status) = command(folder.root(), "bb");
    assert_eq!((out.as_str(), status), ("", Some(2)));
    assert!(err.contains("there is no article `bb`"), "{err}");
}
