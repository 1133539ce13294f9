//! `digest`: what is due on a day that the test chooses, as a text, a page and JSON.

use scraper::{Html, Selector};
use serde_json::{Value, json};

use crate::folder::{Folder, REFERENCE};
use crate::program::{run, signpost};

const TODAY: &str = "2026-11-25";

fn digest(folder: &Folder, format: &str) -> String {
    let arguments = ["digest", "--today", TODAY, "--format", format];
    let ended = run(signpost(folder.root(), &arguments));
    assert_eq!(
        (ended.status, ended.err.as_str()),
        (Some(0), ""),
        "{}",
        ended.out
    );
    ended.out
}

/// A folder in which something of every kind is due.
fn busy() -> Folder {
    let folder = Folder::copied();
    let article = |name: &str| format!("articles/{name}.md");
    let due = |name: &str, day: &str| {
        let text = folder.read(&article(name));
        let lines = text.lines().filter(|line| !line.starts_with("review_due:"));
        let lines = lines.map(|line| match line.starts_with("reviewed_on:") {
            true => format!("{line}\nreview_due: {day}\n"),
            false => format!("{line}\n"),
        });
        folder.write(&article(name), &lines.collect::<String>());
    };
    due(REFERENCE, "2026-11-20");
    due("sciatica", "2027-01-24");
    due("sore-throat-strep", "2027-01-25");
    let draft = folder.read(&article("sciatica"));
    let draft = draft
        .lines()
        .filter(|line| {
            let left_out = ["aliases:", "updated_on:", "changes:", "  - { on: "];
            !left_out.iter().any(|start| line.starts_with(start))
        })
        .map(
            |line| match line.split_once(':').map_or("", |(key, _)| key) {
                "title" => "title: \"<b>Old</b> & resting\"\ndraft: true\n".to_owned(),
                "published_on" => "published_on: 2026-10-01\n".to_owned(),
                _ => format!("{line}\n"),
            },
        );
    folder.write("articles/resting.md", &draft.collect::<String>());
    let services = folder.read("clinic/services.toml");
    let service = services.lines().find_map(|line| line.strip_prefix("id = "));
    let service = service.expect("there is a service");
    folder.write(
        "clinic/campaigns.toml",
        &format!(
            "[[campaign]]\nid = \"flyer\"\nlabel = \"Autumn flyer\"\nchannel = \"flyer\"\nfrom = 2026-09-01\nuntil = 2026-12-09\nservice = {service}\n\n\
             [[campaign]]\nid = \"mail\"\nlabel = \"Mail\"\nchannel = \"email\"\nfrom = 2026-09-01\nuntil = 2026-12-10\nservice = {service}\n"
        ),
    );
    let prices = folder.read("clinic/copays.toml");
    let mut number = 0;
    let prices = prices
        .lines()
        .map(|line| match line.starts_with("as_of = ") {
            true => {
                number += 1;
                // Shown for 90 days: the first is stale since the day before, the second in 14 days, the rest later.
                let days = ["2026-08-25", "2026-09-09"];
                format!(
                    "as_of = {}\n",
                    days.get(number - 1).unwrap_or(&"2026-09-10")
                )
            }
            false => format!("{line}\n"),
        });
    let prices: String = prices.collect();
    folder.write("clinic/copays.toml", &prices);
    let link = "https://medlineplus.gov/gone.html";
    let page = folder.read("clinic/pages/privacy.md");
    folder.write(
        "clinic/pages/privacy.md",
        &format!("{page}\nSee [more]({link}).\n"),
    );
    let run = |day: &str| json!({ "on": day, "outcome": "failed", "why": "404 Not Found" });
    let runs: Vec<Value> = ["2026-11-10", "2026-11-17", "2026-11-24"].map(run).into();
    let history = json!({ "version": 1, "links": { link: { "runs": runs } } });
    folder.write("var/links.json", &history.to_string());
    folder
}

#[test]
fn everything_that_is_due_is_told_with_its_owner_and_its_day() {
    let folder = busy();
    let told: Value = serde_json::from_str(&digest(&folder, "json")).expect("it is JSON");
    assert_eq!(told["today"], TODAY);
    let reviews = &told["reviews"];
    assert_eq!(reviews.as_array().map(Vec::len), Some(1));
    assert_eq!(reviews[0]["reviewer"], "sample-reviewer");
    let days: Vec<_> = reviews[0]["articles"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|article| (article["path"].as_str(), article["days_left"].as_i64()))
        .collect();
    let reference = format!("articles/{REFERENCE}.md");
    let expected = [
        (Some(reference.as_str()), Some(-5)),
        (Some("articles/sciatica.md"), Some(60)),
    ];
    assert_eq!(days, expected, "61 days ahead is not told, and no draft");
    let stale: Vec<_> = told["prices"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|price| (price["stale_on"].as_str(), price["days_left"].as_i64()))
        .collect();
    assert_eq!(
        stale,
        [
            (Some("2026-11-24"), Some(-1)),
            (Some("2026-12-09"), Some(14))
        ]
    );
    assert_eq!(told["links"][0]["is_dead"], true);
    assert_eq!(told["links"][0]["since"], "2026-11-10");
    assert_eq!(told["drafts"][0]["path"], "articles/resting.md");
    assert_eq!(told["drafts"][0]["touched_on"], "2026-10-01");
    assert_eq!(told["campaigns"].as_array().map(Vec::len), Some(1));
    assert_eq!(told["campaigns"][0]["days_left"], 14);
    assert_eq!(told["sample_people"].as_array().map(Vec::len), Some(2));
}

#[test]
fn the_clinics_own_pages_and_the_words_of_the_search_are_told_as_well() {
    let folder = Folder::copied();
    let none: Value = serde_json::from_str(&digest(&folder, "json")).expect("it is JSON");
    assert_eq!(none["texts"], serde_json::json!([]));
    folder.edit(
        "clinic/pages/accessibility.md",
        "review_due: 2027-05-25",
        "review_due: 2026-12-25",
    );
    folder.edit(
        "clinic/synonyms.toml",
        "reviewed_on = 2026-11-25",
        "reviewed_on = 2025-11-20",
    );
    let told: Value = serde_json::from_str(&digest(&folder, "json")).expect("it is JSON");
    let rows: Vec<_> = told["texts"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|text| (text["path"].as_str(), text["days_left"].as_i64()))
        .collect();
    let expected = [
        (Some("clinic/synonyms.toml"), Some(-5)),
        (Some("clinic/pages/accessibility.md"), Some(30)),
    ];
    assert_eq!(rows, expected);
    let text = digest(&folder, "text");
    let part = "within 60 days\n  - 2026-11-20, 5 days overdue: Same words of the search, by sample-reviewer\n";
    assert!(text.contains(part), "{text}");
}

#[test]
fn a_draft_for_a_day_to_come_is_as_old_as_its_file() {
    let folder = busy();
    folder.edit(
        "articles/resting.md",
        "published_on: 2026-10-01",
        "published_on: 2027-10-01",
    );
    folder.edit(
        "articles/resting.md",
        "reviewed_on: ",
        "reviewed_on: 2027-10-01 #",
    );
    folder.edit("articles/resting.md", "review_due: 2027-01-24", "");
    let file = std::fs::File::options()
        .write(true)
        .open(folder.path("articles/resting.md"))
        .expect("it can be opened");
    let day = |text: &str| text.parse::<jiff::Timestamp>().expect("an instant").into();
    for (written, expected) in [("2026-10-20T12:00:00Z", 1), ("2026-11-20T12:00:00Z", 0)] {
        file.set_modified(day(written)).expect("the day can be set");
        let told: Value = serde_json::from_str(&digest(&folder, "json")).expect("it is JSON");
        assert_eq!(
            told["drafts"].as_array().map(Vec::len),
            Some(expected),
            "{written}"
        );
    }
}

#[test]
fn the_text_has_a_line_for_each_thing_to_do() {
    let text = digest(&busy(), "text");
    for part in [
        "Harbor Light Clinic: what is due on 2026-11-25\n",
        "\nReviews overdue or due within 60 days\n  Sample reviewer, MD (sample-reviewer)\n  - 2026-11-20, 5 days overdue: ",
        "\nPrices to confirm, stale or within 14 days\n  - stale since 2026-11-24: ",
        "\nLinks that do not answer\n  - dead since 2026-11-10: https://medlineplus.gov/gone.html (404 Not Found)\n    clinic/pages/privacy.md:",
        "\nDrafts untouched for a month\n  - since 2026-10-01: <b>Old</b> & resting, by sample-author\n    articles/resting.md\n",
        "\nCampaigns that end within 14 days\n  - 2026-12-09, in 14 days: Autumn flyer (flyer)\n",
        "\nSample people to replace\n",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
}

#[test]
fn the_page_stands_alone_and_says_what_the_text_says() {
    let folder = busy();
    let page = digest(&folder, "html");
    let text = digest(&folder, "text");
    for banned in [
        "<script", "<link", "<img", "<style", "url(", "src=", "class=", "<b>Old",
    ] {
        assert!(!page.contains(banned), "{banned}");
    }
    // Without colors of its own it is readable whichever way a mail program turns them.
    assert!(page.contains("content=\"light dark\""));
    assert!(!page.contains("background"));
    let html = Html::parse_document(&page);
    assert_eq!(html.errors, Vec::<String>::new());
    let cells = Selector::parse("td[valign] ").expect("a selector");
    for cell in html.select(&cells) {
        for part in cell.text() {
            assert!(text.contains(part), "{part}\n{text}");
        }
    }
    let headings = Selector::parse("h2").expect("a selector");
    assert_eq!(html.select(&headings).count(), 7);
}

#[test]
fn a_week_without_anything_says_so_and_one_without_clinic_is_refused() {
    let folder = Folder::copied();
    let text = digest(&folder, "text");
    assert!(
        text.contains("\nLinks that do not answer\n  Nothing.\n"),
        "{text}"
    );
    folder.remove("clinic/clinic.toml");
    let ended = run(signpost(folder.root(), &["digest", "--today", TODAY]));
    assert_eq!(ended.status, Some(2));
    assert_eq!(ended.out, "");
}
