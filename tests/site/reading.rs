//! What helps to read and to take along: the sheet of questions, choices without a script,
//! paper that leads back, and lists that stay short when there are many articles.

use std::collections::BTreeSet;

use crate::clinic::Clinic;
use crate::folder::{Folder, REFERENCE};
use crate::generated;

#[actix_web::test]
async fn the_sheet_of_questions_has_room_codes_and_the_way_back() {
    let clinic = Clinic::of_the_repository().await;
    let article = clinic.page(&format!("/articles/{REFERENCE}")).await;
    let path = format!("/articles/{REFERENCE}/questions");
    assert!(article.has(&format!("a[href='{path}']")));
    // On the page the numbers of sources follow; on paper they would lead nowhere.
    let asked = article.texts(".questions .questions__item").into_iter();
    let asked: Vec<String> = asked
        .map(|text| {
            text.trim_end_matches(|sign: char| sign.is_ascii_digit())
                .to_owned()
        })
        .collect();
    let answer = clinic.get(&path).await;
    assert_eq!(answer.header("x-robots-tag"), "noindex");
    let sheet = answer.document();
    assert_eq!(sheet.texts(".questions__item"), asked);
    let words = sheet.words();
    for expected in ["ICD-10-CM M54.50", "Questions for your visit"] {
        assert!(words.contains(expected), "{expected}");
    }
    assert!(sheet.has("svg.qr path") && sheet.has("a[href^='tel:']"));
    let anchors: BTreeSet<String> = sheet
        .attributes("a[href^='#']", "href")
        .into_iter()
        .collect();
    assert_eq!(
        anchors,
        BTreeSet::from(["#main".to_owned()]),
        "no mark of a source leads nowhere"
    );
}

#[actix_web::test]
async fn an_article_without_questions_has_no_sheet() {
    let folder = Folder::copied();
    let path = "articles/sciatica.md";
    let text = folder.read(path);
    let (before, rest) = text.split_once("::: questions").expect("it asks questions");
    let (_, after) = rest.split_once("\n:::").expect("the block ends");
    folder.write(path, &format!("{before}{after}"));
    let clinic = Clinic::of(folder).await;
    assert_eq!(clinic.get("/articles/sciatica/questions").await.status, 404);
    let article = clinic.page("/articles/sciatica").await;
    assert!(!article.has("a[href$='/questions']"));
}

#[actix_web::test]
async fn every_heading_of_an_article_links_to_itself() {
    let clinic = Clinic::of_the_repository().await;
    let article = clinic.page(&format!("/articles/{REFERENCE}")).await;
    let mut linked = 0;
    for heading in article.all(".prose > h2[id], .prose > h3[id]") {
        let id = heading.attr("id").expect("the selector asks for it");
        let link = format!("[id='{id}'] > a.heading-link[href='#{id}'][aria-label]");
        assert!(article.has(&link), "{id}");
        linked += 1;
    }
    assert!(linked > 5, "{linked}");
}

#[actix_web::test]
async fn an_empty_topic_is_named_and_is_no_link() {
    let clinic = Clinic::of(Folder::copied()).await;
    let page = clinic.page("/topics").await;
    let tiles = page.all(".topic-tile").len();
    let links = page.all(".topic-tile a").len();
    assert!(links > 0 && links < tiles, "{links} of {tiles}");
    assert!(page.words().contains("0 articles"));
}

/// A site whose names do not fit on one page.
fn large() -> Folder {
    let folder = Folder::copied();
    for slug in [REFERENCE, "sciatica", "sore-throat-strep"] {
        folder.remove(&format!("articles/{slug}.md"));
    }
    let count = 110;
    generated::write_articles(folder.root(), count);
    for number in 0..count {
        let path = format!("articles/{}.md", generated::slug(number));
        let text = folder.read(&path);
        let (before, rest) = text
            .split_once("also_called: [")
            .expect("it has other names");
        let names: String = (0..10)
            .map(|name| format!("\"Quality name {number} {name}\", "))
            .collect();
        folder.write(&path, &format!("{before}also_called: [{names}{rest}"));
    }
    folder
}

#[actix_web::test]
async fn many_names_stand_on_a_page_for_each_letter() {
    let clinic = Clinic::of(large()).await;
    let all = clinic.page("/articles").await;
    assert!(all.has("a[href='/articles/a-to-z/q']"));
    assert!(!all.has("a[href='/articles/a-to-z/z']"));
    let mut entries = BTreeSet::new();
    let mut pages = vec!["/articles/a-to-z/q".to_owned()];
    let first = clinic.page("/articles/a-to-z/q").await;
    pages.extend(first.attributes("nav[aria-labelledby=parts] a", "href"));
    assert_eq!(pages, ["/articles/a-to-z/q", "/articles/a-to-z/q/2"]);
    for path in &pages {
        let page = clinic.page(path).await;
        let own = page.texts(".letter-index__entry");
        assert!(own.len() <= 1000, "{path}: {}", own.len());
        entries.extend(own);
        assert!(page.has(".letter-index__none") && page.has("a[aria-current=page]"));
    }
    assert_eq!(entries.len(), 1100);
    // A new name changes the pages of its letters, and no other.
    let before = clinic.live.snapshot();
    let path = format!("articles/{}.md", generated::slug(3));
    let text = clinic
        .folder()
        .read(&path)
        .replace("Quality name 3 4", "Xenial name");
    clinic.folder().write(&path, &text);
    clinic.refresh();
    let after = clinic.live.snapshot();
    let page = clinic.page("/articles/a-to-z/x").await;
    assert!(page.words().contains("Xenial name"));
    assert_eq!(
        before.version("/articles/a-to-z/q/3"),
        after.version("/articles/a-to-z/q/3")
    );
    assert_ne!(
        before.version("/articles/a-to-z/q"),
        after.version("/articles/a-to-z/q")
    );
    assert_ne!(before.version("/articles"), after.version("/articles"));
}
