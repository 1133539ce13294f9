//! Content changes while readers read. A good build goes live whole; a bad one
//! changes nothing for readers, and the operator is told.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs;
use std::rc::Rc;
use std::sync::Arc;

use signpost::pages::Edition;
use signpost::rebuild::{Calendar, build_edition, build_from, refresh};
use signpost::snapshot::{Entry, Extent, Snapshot};

use crate::clinic::{Answer, Clinic, TODAY, eventually};
use crate::folder::{Folder, REFERENCE, copy, repository};
use crate::generated;

const FILE: &str = "articles/lower-back-pain-popping-sound.md";
const TITLE: &str = "Lower back pain with a popping sound: what it can mean";

fn article() -> String {
    format!("/articles/{REFERENCE}")
}

/// Gives the article a title, and its first section the same name.
fn name(folder: &Folder, title: &str) {
    let text = folder.read(FILE);
    folder.write(FILE, &named(&text, title));
}

fn named(text: &str, title: &str) -> String {
    let line = |line: &str| {
        if line.starts_with("title: ") && !line.starts_with("title: \"Lumb") {
            format!("title: \"{title}\"")
        } else if line.starts_with("## ") && line.ends_with(" {#first}")
            || line == "## Is it normal for your back to pop?"
        {
            format!("## {title} {{#first}}")
        } else {
            line.to_owned()
        }
    };
    let lines: Vec<String> = text.lines().map(line).collect();
    lines.join("\n") + "\n"
}

#[actix_web::test]
async fn an_edit_goes_live_by_itself() {
    let clinic = Clinic::of(Folder::copied()).await;
    let _watch = clinic.watch();
    let before = clinic.get(&article()).await;
    name(clinic.folder(), "A new title");
    let after = clinic
        .until(&article(), |answer| {
            answer.document().texts("h1") == ["A new title"]
        })
        .await;
    assert_ne!(after.header("etag"), before.header("etag"));
    let list = clinic.page("/articles").await;
    assert!(list.words().contains("A new title"), "lists change with it");
}

#[actix_web::test]
async fn every_kind_of_file_goes_live_by_itself() {
    let clinic = Clinic::of(Folder::copied()).await;
    let _watch = clinic.watch();
    for (file, from, to, path, words) in [
        (
            "clinic/clinic.toml",
            "Harbor Light Clinic",
            "Other Clinic",
            "/",
            "Other Clinic",
        ),
        ("clinic/copays.toml", "2500", "2600", "/book", "$26"),
        (
            "clinic/services.toml",
            "Back pain visit",
            "Spine visit",
            "/book",
            "Spine visit",
        ),
        (
            "clinic/topics.toml",
            "Back, neck and joints",
            "Spine",
            "/",
            "Spine",
        ),
        (
            "clinic/people.toml",
            "Sample reviewer",
            "Other reviewer",
            "/people/sample-reviewer",
            "Other reviewer",
        ),
        (
            "clinic/protocols/lower-back-pain.toml",
            "are newly numb or tingly",
            "feel newly numb or tingly",
            "/articles/lower-back-pain-popping-sound",
            "feel newly numb or tingly",
        ),
        (
            "clinic/pages/privacy.md",
            "We set no cookies",
            "We never set cookies",
            "/privacy",
            "We never set cookies",
        ),
    ] {
        clinic.folder().edit(file, from, to);
        clinic
            .until(path, |answer| {
                answer.status == 200 && answer.document().words().contains(words)
            })
            .await;
    }
}

/// What breaks a file, and what the operator is told.
async fn broken(file: &str, from: &str, to: &str, told: &str, path: &str) {
    let clinic = Clinic::of(Folder::copied()).await;
    let before = clinic.get(path).await;
    clinic.folder().edit(file, from, to);
    clinic.refresh();
    let after = clinic.get(path).await;
    assert_eq!(after.status, 200, "{file}");
    assert_eq!(
        after.text(),
        before.text(),
        "{file}: the last good page stays"
    );
    let diagnostics = clinic.diagnostics();
    let line = diagnostics
        .lines()
        .find(|line| line.starts_with(&format!("{file}:")) && line.contains(told));
    assert!(
        line.is_some(),
        "{file}: `{told}` is not told:\n{diagnostics}"
    );
    assert!(
        clinic
            .live
            .diagnostics()
            .iter()
            .any(|found| found.is_error()),
        "{file}"
    );
    clinic.folder().edit(file, to, from);
    clinic.refresh();
    assert!(
        !clinic
            .live
            .diagnostics()
            .iter()
            .any(|found| found.is_error()),
        "{file}: mended, and still told:\n{}",
        clinic.diagnostics()
    );
}

#[actix_web::test]
async fn a_broken_article_keeps_its_last_good_page() {
    for (from, to, told) in [
        (
            "reviewer: sample-reviewer",
            "reviewer: nobody",
            "error[person-unknown]",
        ),
        (
            "reviewed_on: 2026-11-02",
            "reviewed_on: 2026-02-30",
            "error[date-impossible]",
        ),
        ("reviewed_on:", "lastreviewed:", "error[key-unknown]"),
        ("takeaways:", "takeaways: [", "error[syntax]"),
        (
            "\n::: questions",
            "\n::: question",
            "error[block-malformed]",
        ),
        (
            "[@burlington-pop]",
            "[@burlington]",
            "error[citation-unknown]",
        ),
        ("(sciatica.md)", "(scatica.md)", "error[link-unknown]"),
        (
            "(finding:leg-weakness)",
            "(finding:leg-weaknes)",
            "error[finding-unknown]",
        ),
        (
            "## Relief at home",
            "## Relief at home\n\n<b>bold</b>",
            "error[raw-html]",
        ),
    ] {
        broken(FILE, from, to, told, &article()).await;
    }
}

#[actix_web::test]
async fn a_broken_protocol_keeps_its_last_good_cards() {
    let file = "clinic/protocols/lower-back-pain.toml";
    for (from, to, told) in [
        (
            "level = \"emergency\"",
            "level = \"emergancy\"",
            "error[value-wrong]",
        ),
        ("[[finding]]", "[[finding]", "error[syntax]"),
        (
            "statement = \"the pain started",
            "statemnt = \"the pain started",
            "error[key-unknown]",
        ),
    ] {
        broken(file, from, to, told, &article()).await;
    }
}

#[actix_web::test]
async fn broken_clinic_files_keep_what_they_last_said() {
    for (file, from, to, told) in [
        (
            "clinic/copays.toml",
            "typical_copay_cents = 2500",
            "typical_copay_cents = \"$25\"",
            "error[value-wrong]",
        ),
        (
            "clinic/copays.toml",
            "from = 2026-01-01",
            "from = 2027-01-01",
            "error[copay-missing]",
        ),
        (
            "clinic/clinic.toml",
            "name = ",
            "nam = ",
            "error[key-unknown]",
        ),
        ("clinic/clinic.toml", "[limits]", "[limits", "error[syntax]"),
        (
            "clinic/clinic.toml",
            "America/New_York",
            "America/New_Yrok",
            "error[value-wrong]",
        ),
        (
            "clinic/people.toml",
            "[[person]]",
            "[[person]",
            "error[syntax]",
        ),
        (
            "clinic/topics.toml",
            "[[topic]]",
            "[[topic]",
            "error[syntax]",
        ),
        (
            "clinic/services.toml",
            "[[service]]",
            "[[service]",
            "error[syntax]",
        ),
    ] {
        broken(file, from, to, told, &article()).await;
    }
    broken(
        "clinic/pages/privacy.md",
        "updated_on: 2026-11-25",
        "updated_on: yesterday",
        "error[",
        "/privacy",
    )
    .await;
}

#[actix_web::test]
async fn one_broken_article_holds_up_no_other() {
    let clinic = Clinic::of(Folder::copied()).await;
    clinic.folder().edit(FILE, "takeaways:", "takeaways: [");
    clinic.folder().edit(
        "articles/sciatica.md",
        "Sciatica: what it can mean",
        "Sciatica today",
    );
    clinic.refresh();
    assert_eq!(clinic.page(&article()).await.texts("h1"), [TITLE]);
    assert_eq!(
        clinic.page("/articles/sciatica").await.texts("h1"),
        ["Sciatica today"]
    );
}

#[actix_web::test]
async fn an_article_that_never_was_good_says_that_it_is_being_mended() {
    let folder = Folder::copied();
    folder.write("articles/broken.md", "---\ntitle: [\n---\n");
    let clinic = Clinic::of(folder).await;
    let answer = clinic.get("/articles/broken").await;
    assert_eq!(answer.status, 503);
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(answer.document().has("main a[href='tel:15555550100']"));
    assert!(
        !answer.text().contains("articles/broken.md"),
        "internals stay inside"
    );
    assert!(clinic.diagnostics().contains("articles/broken.md:"));
    assert_eq!(clinic.get(&article()).await.status, 200);
    assert!(
        !clinic
            .page("/articles")
            .await
            .has("a[href='/articles/broken']")
    );
}

#[actix_web::test]
async fn a_deleted_article_is_not_there_any_more() {
    let folder = Folder::copied();
    folder.write("articles/extra.md", &extra(&folder));
    let clinic = Clinic::of(folder).await;
    let _watch = clinic.watch();
    assert_eq!(clinic.get("/articles/extra").await.status, 200);
    clinic.folder().remove("articles/extra.md");
    clinic
        .until("/articles/extra", |answer| answer.status == 404)
        .await;
    assert!(
        !clinic
            .page("/articles")
            .await
            .has("a[href='/articles/extra']")
    );
}

/// Another article, with an old address.
fn extra(folder: &Folder) -> String {
    let text = folder.read("articles/sore-throat-strep.md");
    let text = text.replacen("title: \"Sore throat", "title: \"Extra: sore throat", 1);
    text.replacen("authors: ", "aliases: [old-extra]\nauthors: ", 1)
}

#[actix_web::test]
async fn a_new_article_and_its_alias_are_there_at_once() {
    let clinic = Clinic::of(Folder::copied()).await;
    let _watch = clinic.watch();
    assert_eq!(clinic.get("/articles/extra").await.status, 404);
    assert_eq!(clinic.get("/articles/old-extra").await.status, 404);
    clinic
        .folder()
        .write("articles/extra.md", &extra(clinic.folder()));
    clinic
        .until("/articles/extra", |answer| answer.status == 200)
        .await;
    let alias = clinic.get("/articles/old-extra").await;
    assert_eq!(
        (alias.status, alias.header("location")),
        (301, "/articles/extra")
    );
    assert!(
        clinic
            .page("/articles")
            .await
            .has("a[href='/articles/extra']")
    );
}

#[actix_web::test]
async fn an_article_in_a_new_folder_is_seen() {
    let clinic = Clinic::of(Folder::copied()).await;
    let _watch = clinic.watch();
    clinic
        .folder()
        .write("articles/throat/extra.md", &extra(clinic.folder()));
    clinic
        .until("/articles/extra", |answer| answer.status == 200)
        .await;
    let text = clinic.folder().read("articles/throat/extra.md");
    let text = text.replacen("Extra: sore", "Second: sore", 1);
    clinic.folder().write("articles/throat/extra.md", &text);
    clinic
        .until("/articles/extra", |answer| {
            answer.text().contains("Second: sore")
        })
        .await;
}

/// Saves an article with a word in its title, and waits until readers have it.
async fn see_an_edit(clinic: &Clinic, word: &str) {
    let text = extra(clinic.folder()).replacen("Extra:", &format!("{word}:"), 1);
    clinic.folder().write("articles/extra.md", &text);
    let has_word = |answer: &Answer| answer.text().contains(&format!("{word}: sore"));
    clinic.until("/articles/extra", has_word).await;
}

#[actix_web::test]
async fn a_change_that_the_system_tells_nobody_of_is_found() {
    let clinic = Clinic::of(Folder::copied()).await;
    let _watch = clinic.watch();
    let folder = clinic.folder();
    // The first build reads everything, the next ones what they are told of.
    see_an_edit(&clinic, "One").await;
    // The system tells of a file by the name that is written to, and this one stands where nobody looks.
    let outside = folder.path("elsewhere.md");
    fs::hard_link(folder.path(FILE), &outside).expect("a second name can be given");
    let text = folder.read(FILE);
    fs::write(&outside, text.replacen("title: \"", "title: \"Untold: ", 1))
        .expect("the file can be written");
    see_an_edit(&clinic, "Two").await;
    clinic
        .until(&article(), |answer| answer.text().contains("Untold: "))
        .await;
}

#[actix_web::test]
async fn after_a_burst_of_writes_the_last_one_is_live() {
    let clinic = Clinic::of(Folder::copied()).await;
    let _watch = clinic.watch();
    let text = clinic.folder().read(FILE);
    for number in 1..=200 {
        clinic
            .folder()
            .write(FILE, &named(&text, &format!("Version {number}")));
    }
    let last = |answer: &crate::clinic::Answer| answer.document().texts("h1") == ["Version 200"];
    clinic.until(&article(), last).await;
    assert_eq!(clinic.get("/readyz").await.status, 200);
}

#[actix_web::test]
async fn a_burst_of_new_files_is_live_as_a_whole() {
    let clinic = Clinic::of(Folder::copied()).await;
    let _watch = clinic.watch();
    let text = clinic.folder().read("articles/sore-throat-strep.md");
    for number in 1..=20 {
        let text = text.replacen("title: \"Sore", &format!("title: \"{number} sore"), 1);
        clinic
            .folder()
            .write(&format!("articles/burst-{number}.md"), &text);
    }
    for number in 1..=20 {
        let path = format!("/articles/burst-{number}");
        clinic.until(&path, |answer| answer.status == 200).await;
    }
}

#[actix_web::test]
async fn a_save_by_renaming_is_seen_and_its_leftovers_are_not() {
    let clinic = Clinic::of(Folder::copied()).await;
    let _watch = clinic.watch();
    let folder = clinic.folder();
    let text = folder.read(FILE);
    for title in ["First save", "Second save"] {
        for leftover in [
            "articles/.lower.md.swp",
            "articles/lower.md~",
            "articles/#lower.md#",
        ] {
            folder.write(leftover, "half a thou");
        }
        folder.write("articles/.new.tmp", &named(&text, title));
        fs::rename(folder.path("articles/.new.tmp"), folder.path(FILE))
            .expect("the file can be renamed");
        clinic
            .until(&article(), |answer| {
                answer.document().texts("h1") == [title]
            })
            .await;
    }
    assert!(
        !clinic.diagnostics().contains("error["),
        "{}",
        clinic.diagnostics()
    );
}

#[actix_web::test]
async fn a_half_written_file_never_shows() {
    let clinic = Clinic::of(Folder::copied()).await;
    let _watch = clinic.watch();
    let whole = named(&clinic.folder().read(FILE), "The whole text");
    for part in [0, 1, 3, 400, 6000, whole.len() / 2] {
        let half = whole.get(..part).expect("a cut between two letters");
        clinic.folder().write(FILE, half);
        eventually("the operator is told", || async {
            clinic.diagnostics().contains(&format!("{FILE}:"))
        })
        .await;
        let page = clinic.page(&article()).await;
        assert_eq!(page.texts("h1"), [TITLE], "after {part} bytes");
        assert!(page.has(".care-card--emergency") && page.has("#sources"));
    }
    clinic.folder().write(FILE, &whole);
    clinic
        .until(&article(), |answer| {
            answer.document().texts("h1") == ["The whole text"]
        })
        .await;
}

#[actix_web::test]
async fn a_save_that_empties_the_file_first_never_shows_an_empty_page() {
    let clinic = Clinic::of(Folder::copied()).await;
    let _watch = clinic.watch();
    let text = clinic.folder().read(FILE);
    for number in 1..=3 {
        let title = format!("Version {number}");
        let before = clinic.page(&article()).await.texts("h1");
        clinic.folder().write(FILE, "");
        eventually("the operator is told", || async {
            clinic.diagnostics().contains("error[front-matter-missing]")
        })
        .await;
        assert_eq!(clinic.page(&article()).await.texts("h1"), before);
        clinic.folder().write(FILE, &named(&text, &title));
        clinic
            .until(&article(), |answer| {
                answer.document().texts("h1") == [title.as_str()]
            })
            .await;
    }
}

/// What a build of everything gives, by address.
fn whole(clinic: &Clinic) -> BTreeMap<String, Vec<u8>> {
    let root = clinic.folder().root();
    let calendar = Calendar::Fixed(TODAY);
    // It gives only compressed forms, which are what takes long.
    let live = clinic.live.snapshot();
    let last = Some(live.as_ref());
    let built = build_edition(root, calendar, &Edition::Public, last, Extent::Everything);
    bodies(&built.expect("the content can be built").0)
}

/// The body at each address.
pub fn bodies(snapshot: &Snapshot) -> BTreeMap<String, Vec<u8>> {
    let addresses = snapshot.addresses().into_iter();
    let body = |address: &str| match snapshot.entry(address) {
        Some(Entry::Page(page)) => {
            let body = page.identity().and_then(|own| own.body.bytes());
            body.map(|body| body.to_vec())
        }
        Some(Entry::Moved(to)) => Some(to.as_bytes().to_vec()),
        None => None,
    };
    addresses
        .map(|address| (address.to_owned(), body(address).expect("it answers")))
        .collect()
}

#[actix_web::test]
async fn a_thousand_files_at_once_are_few_builds_and_the_same_as_a_whole_one() {
    const FILES: usize = 1000;
    let clinic = Clinic::of(Folder::copied()).await;
    let _watch = clinic.watch();
    let folder = clinic.folder();
    // Something was seen, so the watch is there.
    name(folder, "A new title");
    clinic
        .until(&article(), |answer| {
            answer.document().texts("h1") == ["A new title"]
        })
        .await;
    let mut builds = clinic.live.builds();
    let before = *builds.borrow_and_update();
    let names = generated::Clinic::of(folder.root());
    for number in 0..FILES {
        let text = generated::article(number, FILES, &names);
        // Short ones: this is about their number. The last lines cite every source.
        let (first, _) = text.split_once("\n## Part 2").expect("it has parts");
        let (_, cited) = text.split_once("\n- Study 1 ").expect("it cites");
        let short = format!("{first}\n- Study 1 {cited}");
        folder.write(&format!("articles/{}.md", generated::slug(number)), &short);
    }
    eventually("all are there", || async {
        clinic.live.snapshot().site().articles.len() == FILES + 3
            && !clinic.diagnostics().contains("error[")
    })
    .await;
    let count = *builds.borrow_and_update() - before;
    assert!(count <= 10, "{count} builds for one checkout");
    assert_eq!(bodies(&clinic.live.snapshot()), whole(&clinic));
}

#[actix_web::test]
async fn a_folder_of_articles_that_is_made_again_is_seen_with_all_that_is_in_it() {
    let clinic = Clinic::of(Folder::copied()).await;
    let _watch = clinic.watch();
    let folder = clinic.folder();
    let text = extra(folder);
    for round in 1..=3 {
        folder.write("articles/throat/deep/extra.md", &text);
        clinic
            .until("/articles/extra", |answer| answer.status == 200)
            .await;
        let title = format!("Round {round}: sore");
        let edited = text.replacen("Extra: sore", &title, 1);
        folder.write("articles/throat/deep/extra.md", &edited);
        clinic
            .until("/articles/extra", |answer| answer.text().contains(&title))
            .await;
        fs::remove_dir_all(folder.path("articles/throat")).expect("it can be removed");
        clinic
            .until("/articles/extra", |answer| answer.status == 404)
            .await;
    }
}

#[actix_web::test]
async fn a_file_that_is_no_text_is_told_and_changes_nothing() {
    for file in [
        FILE,
        "clinic/protocols/lower-back-pain.toml",
        "clinic/copays.toml",
        "clinic/clinic.toml",
    ] {
        let clinic = Clinic::of(Folder::copied()).await;
        let before = clinic.get(&article()).await;
        let mut bytes = clinic.folder().read(file).into_bytes();
        bytes.extend([0xff, 0xfe]);
        fs::write(clinic.folder().path(file), bytes).expect("the file can be written");
        clinic.refresh();
        let after = clinic.get(&article()).await;
        assert_eq!((after.status, after.text()), (200, before.text()), "{file}");
        let told = clinic.diagnostics();
        let errors: Vec<&str> = told
            .lines()
            .filter(|line| line.contains(": error["))
            .collect();
        assert!(
            matches!(errors.as_slice(), [only] if only.starts_with(file) && only.contains("error[encoding]")),
            "{file}: {errors:#?}"
        );
    }
}

#[actix_web::test]
async fn an_old_address_of_a_broken_article_never_hides_a_new_article() {
    let clinic = Clinic::of(Folder::copied()).await;
    let folder = clinic.folder();
    folder.edit(FILE, "authors: ", "aliases: [extra]\nauthors: ");
    clinic.refresh();
    assert_eq!(clinic.get("/articles/extra").await.status, 301);
    folder.edit(FILE, "takeaways:", "takeaways: [");
    folder.write("articles/extra.md", &extra(folder));
    clinic.refresh();
    assert_eq!(clinic.get("/articles/extra").await.status, 200);
    assert_eq!(
        clinic.get(&article()).await.status,
        200,
        "the last good page stays"
    );
}

#[actix_web::test]
async fn the_site_outlives_its_clinic_folder_and_sees_it_come_back() {
    let clinic = Clinic::of(Folder::copied()).await;
    let _watch = clinic.watch();
    let folder = clinic.folder();
    let before = clinic.get(&article()).await;
    copy(&folder.path("clinic"), &folder.path("kept"));
    // All at once: a folder that is emptied file by file is another site for a moment.
    fs::rename(folder.path("clinic"), folder.path("gone")).expect("the folder can be moved");
    eventually("the operator is told", || async {
        clinic.diagnostics().contains("error[file-missing]")
    })
    .await;
    let during = clinic.get(&article()).await;
    assert_eq!((during.status, during.text()), (200, before.text()));

    fs::rename(folder.path("kept"), folder.path("clinic")).expect("the folder comes back");
    eventually("there is nothing to mend", || async {
        !clinic.diagnostics().contains("error[")
    })
    .await;
    folder.edit("clinic/copays.toml", "2500", "2600");
    clinic
        .until("/book", |answer| answer.document().words().contains("$26"))
        .await;
}

#[actix_web::test]
async fn the_articles_folder_is_seen_when_it_comes_back() {
    let clinic = Clinic::of(Folder::copied()).await;
    let _watch = clinic.watch();
    let folder = clinic.folder();
    copy(&folder.path("articles"), &folder.path("kept"));
    fs::remove_dir_all(folder.path("articles")).expect("the folder can be removed");
    clinic
        .until(&article(), |answer| answer.status == 404)
        .await;
    fs::rename(folder.path("kept"), folder.path("articles")).expect("the folder comes back");
    clinic
        .until(&article(), |answer| answer.status == 200)
        .await;
    name(folder, "A new title");
    clinic
        .until(&article(), |answer| {
            answer.document().texts("h1") == ["A new title"]
        })
        .await;
}

#[actix_web::test]
async fn a_folder_that_is_made_later_is_watched() {
    let clinic = Clinic::of(Folder::copied()).await;
    let _watch = clinic.watch();
    let folder = clinic.folder();
    let sheet = clinic
        .page("/")
        .await
        .attributes("link[rel=stylesheet]", "href");
    folder.write("static/css/print.css", "@layer print{p{orphans:4}}");
    let changed = clinic
        .until("/", |answer| {
            answer.document().attributes("link[rel=stylesheet]", "href") != sheet
        })
        .await;
    let second = changed
        .document()
        .attributes("link[rel=stylesheet]", "href");
    folder.write("static/css/print.css", "@layer print{p{orphans:5}}");
    clinic
        .until("/", |answer| {
            answer.document().attributes("link[rel=stylesheet]", "href") != second
        })
        .await;
}

#[actix_web::test]
async fn the_site_outlives_its_whole_folder() {
    let clinic = Clinic::of(Folder::copied()).await;
    fs::remove_dir_all(clinic.folder().root()).expect("the folder can be removed");
    clinic.refresh();
    assert_eq!(clinic.get(&article()).await.status, 200);
    assert_eq!(clinic.get("/readyz").await.status, 200);
}

#[actix_web::test]
async fn a_snapshot_that_was_taken_before_a_swap_keeps_its_bytes() {
    let clinic = Clinic::of(Folder::copied()).await;
    let taken = clinic.live.snapshot();
    let body = |snapshot: &signpost::snapshot::Snapshot| match snapshot.entry(&article()) {
        Some(Entry::Page(page)) => {
            let identity = page.identity().expect("a page has a body");
            (identity.body.bytes(), identity.tag)
        }
        _ => panic!("there is a page"),
    };
    let (before, etag) = body(&taken);
    name(clinic.folder(), "A new title");
    clinic.refresh();
    assert!(!Arc::ptr_eq(&taken, &clinic.live.snapshot()));
    assert_eq!(body(&taken), (before.clone(), etag));
    assert_eq!(clinic.page(&article()).await.texts("h1"), ["A new title"]);
    assert_ne!(body(&clinic.live.snapshot()).0, before);
}

#[actix_web::test]
async fn the_same_content_gives_the_same_bytes() {
    let folder = || {
        let folder = Folder::copied();
        let pictures = repository().join("static/share");
        copy(&pictures, &folder.path("static/share"));
        folder
    };
    let (first, second) = (Clinic::of(folder()).await, Clinic::of(folder()).await);
    // Files of the build before are kept for one more.
    first.refresh();
    second.refresh();
    second.refresh();
    let snapshot = first.live.snapshot();
    assert_eq!(snapshot.addresses(), second.live.snapshot().addresses());
    for path in snapshot.addresses() {
        let (one, two) = (first.get(path).await, second.get(path).await);
        assert_eq!(one.body, two.body, "{path}");
        assert_eq!(one.header("etag"), two.header("etag"), "{path}");
    }
}

/// The number that a text begins with.
fn number(text: &str) -> String {
    text.chars().take_while(char::is_ascii_digit).collect()
}

#[actix_web::test]
async fn readers_during_many_swaps_see_whole_pages_only() {
    let clinic = Rc::new(Clinic::of(Folder::copied()).await);
    name(clinic.folder(), "Version 0");
    clinic.refresh();
    let done = Rc::new(Cell::new(false));
    let mut readers = Vec::new();
    for coding in ["br", "gzip", "identity"] {
        let (clinic, done) = (Rc::clone(&clinic), Rc::clone(&done));
        readers.push(actix_web::rt::spawn(async move {
            let mut versions = std::collections::BTreeSet::new();
            while !done.get() {
                let accepted = [("accept-encoding", coding)];
                let answer = clinic
                    .ask(reqwest::Method::GET, &article(), &accepted)
                    .await;
                assert_eq!(answer.status, 200);
                let text = String::from_utf8(answer.decoded()).expect("the page is text");
                let seen: std::collections::BTreeSet<String> =
                    text.split("Version ").skip(1).map(number).collect();
                assert_eq!(seen.len(), 1, "a page of two versions: {seen:?}");
                assert!(text.trim_end().ends_with("</html>"));
                versions.extend(seen);
            }
            versions.len()
        }));
    }
    for number in 1..=50 {
        name(clinic.folder(), &format!("Version {number}"));
        let (root, live) = (clinic.folder().root().to_owned(), Arc::clone(&clinic.live));
        let refreshed = actix_web::rt::task::spawn_blocking(move || {
            let calendar = Calendar::Fixed(TODAY);
            if number % 10 == 0 {
                // This also puts a better compressed form in, which takes far longer than a build.
                return refresh(&root, calendar, &live);
            }
            let built = build_from(&root, calendar, Some(&live.snapshot()));
            let (snapshot, diagnostics) = built.expect("the content can be built");
            live.swap(snapshot, diagnostics);
        });
        refreshed.await.expect("the build ends");
        let now = clinic.get(&article()).await;
        assert!(now.text().contains(&format!("Version {number}</h1>")));
    }
    done.set(true);
    for reader in readers {
        let versions = reader.await.expect("the reader saw nothing wrong");
        assert!(versions > 5, "only {versions} versions were seen");
    }
}
