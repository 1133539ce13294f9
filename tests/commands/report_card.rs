//! `check --report-card` and `--report-card-html`: what is printed and written, and how
//! it ends.

use std::fs;

use crate::folder::{Folder, repository};
use crate::program::{Ended, run, signpost};

fn check(arguments: &[&str]) -> Ended {
    let all = [&["check", "--today", "2026-11-25"], arguments].concat();
    run(signpost(repository(), &all))
}

/// The lines of a card that belong to one instrument.
fn items<'a>(out: &'a str, instrument: &str) -> Vec<&'a str> {
    let title = format!("  {instrument}: ");
    let after = out.lines().skip_while(|line| !line.starts_with(&title));
    after
        .skip(1)
        .take_while(|line| !line.trim().is_empty())
        .collect()
}

#[test]
fn a_card_has_every_item_of_every_instrument() {
    let ended = check(&["--report-card", "sciatica"]);
    assert_eq!(ended.status, Some(0), "{}", ended.err);
    let rows = [
        ("JAMA benchmarks", 4),
        ("DISCERN", 16),
        ("PEMAT-P", 24),
        ("CDC Clear Communication Index", 20),
    ];
    for (instrument, count) in rows {
        let items = items(&ended.out, instrument);
        assert_eq!(items.len(), count, "{instrument}");
        let numbers: Vec<u8> = items
            .iter()
            .filter_map(|line| line.split_whitespace().nth(1)?.parse().ok())
            .collect();
        assert!(numbers.is_sorted() && numbers.len() == count, "{numbers:?}");
    }
    for part in [
        "Reading grade",
        "SMOG grade",
        "Hardest sentences",
        "  line ",
    ] {
        assert!(ended.out.contains(part), "{part}");
    }
    assert!(
        ended
            .out
            .lines()
            .last()
            .is_some_and(|line| line.starts_with("check: "))
    );
}

#[test]
fn without_a_name_every_article_has_a_card() {
    let ended = check(&["--report-card"]);
    let cards = ended
        .out
        .lines()
        .filter(|line| line.starts_with("  JAMA benchmarks:"));
    let articles = fs::read_dir(repository().join("articles")).expect("the folder can be read");
    let names = articles.map(|entry| entry.expect("an entry").file_name());
    let texts = names.filter(|name| name.to_string_lossy().ends_with(".md"));
    assert_eq!(cards.count(), texts.count());
}

#[test]
fn a_name_of_no_article_could_not_be_run() {
    let ended = check(&["--report-card", "sciatca"]);
    assert_eq!(ended.status, Some(2));
    assert!(
        ended.err.contains("there is no article `sciatca`"),
        "{}",
        ended.err
    );
    assert!(
        ended.err.contains("did you mean `sciatica`?"),
        "{}",
        ended.err
    );
}

#[test]
fn the_file_needs_nothing_but_itself() {
    let folder = Folder::copied();
    let path = folder.root().join("cards.html");
    let name = path.to_str().expect("the path is text");
    let ended = check(&["--report-card-html", name]);
    assert_eq!(ended.status, Some(0), "{}", ended.err);
    assert!(
        !ended.out.contains("JAMA benchmarks"),
        "cards are in the file alone"
    );
    let page = fs::read_to_string(&path).expect("the file is there");
    for part in ["<script", "src=", "@import", "url(", "http://", "https://"] {
        assert!(!page.contains(part), "{part}");
    }
    for part in [
        "<article class=\"article\" id=\"sciatica\">",
        "prefers-color-scheme: dark",
        "@media print",
    ] {
        assert!(page.contains(part), "{part}");
    }
}

#[test]
fn a_file_that_cannot_be_written_is_told() {
    let ended = check(&["--report-card-html", "no-such-folder/cards.html"]);
    assert_eq!(ended.status, Some(2));
    assert!(
        ended
            .err
            .contains("`no-such-folder/cards.html` can't be written"),
        "{}",
        ended.err
    );
}
