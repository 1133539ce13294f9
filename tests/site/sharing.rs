//! What other sites and chat programs are told about a page, and the picture that they show.

use scraper::ElementRef;
use signpost::diagnostic::Code;
use signpost::pages::share_picture::{HEIGHT, SharePicture, WIDTH, share_pictures};
use signpost::rebuild::{Calendar, build_from};
use signpost::snapshot::{Entry, Snapshot};

use crate::clinic::{Clinic, TODAY};
use crate::document::Document;
use crate::folder::{Folder, REFERENCE, copy, repository};

const ORIGIN: &str = "https://clinic.example";
const TITLE: &str = "title: \"Lower back pain with a popping sound: what it can mean\"";

/// The value of a tag that stands once.
fn tag(document: &Document, name: &str) -> String {
    let selector = format!("meta[property=\"{name}\"], meta[name=\"{name}\"]");
    let value = document.one(&selector).attr("content");
    value.expect("a tag has a value").to_owned()
}

/// Whether a page tells other sites anything.
fn is_shared(document: &Document) -> bool {
    document.has("meta[property], meta[name^=\"twitter:\"]")
}

/// The repository's content with its pictures, to be edited.
fn with_pictures() -> Folder {
    let folder = Folder::copied();
    copy(
        &repository().join("static/share"),
        &folder.path("static/share"),
    );
    folder
}

/// The picture that a page names, from the root; none if it names none.
fn picture_of(document: &Document) -> Option<String> {
    let image = document.all("meta[property=\"og:image\"]");
    let content = image.first().and_then(|tag| tag.attr("content"))?;
    let path = content.strip_prefix(ORIGIN);
    Some(path.expect("the address is absolute").to_owned())
}

/// Pages of a snapshot by address.
fn pages(snapshot: &Snapshot) -> Vec<String> {
    let addresses = snapshot.addresses().into_iter().filter(|path| {
        let is_file = path.starts_with("/static/") || *path == signpost::pages::OPEN_SEARCH;
        !is_file && matches!(snapshot.entry(path), Some(Entry::Page(_)))
    });
    addresses.map(str::to_owned).collect()
}

#[actix_web::test]
async fn every_listed_page_says_what_it_is_and_no_other_does() {
    let clinic = Clinic::of_the_repository().await;
    let mut listed = 0;
    for path in pages(&clinic.live.snapshot()) {
        let answer = clinic.get(&path).await;
        let document = answer.document();
        if document.has("meta[name=\"robots\"]") {
            assert!(!is_shared(&document), "{path}");
            continue;
        }
        listed += 1;
        for name in ["og:type", "og:title", "og:description", "og:image:alt"] {
            assert!(!tag(&document, name).is_empty(), "{path}: {name}");
        }
        let canonical = document.attributes("link[rel=\"canonical\"]", "href");
        assert_eq!(canonical, [tag(&document, "og:url")], "{path}");
        assert_eq!(tag(&document, "og:url"), format!("{ORIGIN}{path}"));
        assert_eq!(tag(&document, "og:site_name"), "Harbor Light Clinic");
        assert_eq!(tag(&document, "og:locale"), "en_US");
        assert_eq!(tag(&document, "twitter:card"), "summary_large_image");
        assert!(picture_of(&document).is_some(), "{path}");
    }
    assert!(listed > 15, "only {listed} pages");
}

#[actix_web::test]
async fn a_page_that_search_engines_must_not_list_tells_nothing() {
    let clinic = Clinic::of(with_pictures()).await;
    assert!(!is_shared(&clinic.get("/nothing-here").await.document()));
    let path = format!("/articles/{REFERENCE}");
    assert!(is_shared(&clinic.page(&path).await));
    clinic.refresh_on("2028-06-01".parse().expect("it is a day"));
    let overdue = clinic.page(&path).await;
    assert!(overdue.has("meta[name=\"robots\"]"));
    assert!(!is_shared(&overdue));
}

#[actix_web::test]
async fn an_article_tells_its_dates_and_a_visit_has_none() {
    let clinic = Clinic::of_the_repository().await;
    let article = clinic.page(&format!("/articles/{REFERENCE}")).await;
    assert_eq!(tag(&article, "og:type"), "article");
    assert_eq!(tag(&article, "article:published_time"), "2026-10-05");
    assert_eq!(tag(&article, "article:modified_time"), "2026-11-02");
    let visit = clinic.page("/book/back-pain-visit").await;
    assert_eq!(tag(&visit, "og:type"), "website");
    assert!(!visit.has("meta[property^=\"article:\"]"));
}

#[actix_web::test]
async fn each_article_and_visit_has_its_own_picture_and_others_have_the_clinics() {
    let clinic = Clinic::of_the_repository().await;
    let rows = [
        ("/articles/sciatica", "article-sciatica."),
        ("/book/primary-care-visit", "service-primary-care-visit."),
        ("/", "clinic."),
        ("/articles", "clinic."),
        ("/symptoms", "clinic."),
        ("/topics/headache", "clinic."),
    ];
    for (path, stem) in rows {
        let picture = picture_of(&clinic.page(path).await).expect("it has a picture");
        let expected = format!("/static/share/{stem}");
        assert!(picture.starts_with(&expected), "{path}: {picture}");
    }
}

/// How many pictures a site has: one of the clinic, one for each visit and each article.
fn subjects(snapshot: &Snapshot) -> usize {
    let site = snapshot.site();
    1 + site.services.len() + site.listed_articles().count()
}

#[actix_web::test]
async fn a_picture_is_sent_to_every_site_and_is_as_large_as_the_page_says() {
    let clinic = Clinic::of_the_repository().await;
    let snapshot = clinic.live.snapshot();
    let paths = snapshot.addresses().into_iter();
    let pictures: Vec<&str> = paths
        .filter(|path| path.starts_with("/static/share/"))
        .collect();
    assert_eq!(pictures.len(), subjects(&snapshot));
    for path in pictures {
        let answer = clinic.get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        for (name, value) in [
            ("content-type", "image/png"),
            ("cache-control", "public, max-age=31536000, immutable"),
            ("cross-origin-resource-policy", "cross-origin"),
            ("x-content-type-options", "nosniff"),
        ] {
            assert_eq!(answer.header(name), value, "{path}");
        }
        let size = imagesize::blob_size(&answer.body).expect("it is a picture");
        assert_eq!((size.width, size.height), (1200, 630), "{path}");
        assert_eq!((WIDTH, HEIGHT), (1200, 630));
    }
    let page = clinic.page("/").await;
    assert_eq!(tag(&page, "og:image:width"), "1200");
    assert_eq!(tag(&page, "og:image:height"), "630");
}

#[actix_web::test]
async fn no_other_file_is_sent_to_other_sites() {
    let clinic = Clinic::of_the_repository().await;
    let snapshot = clinic.live.snapshot();
    let files = snapshot.addresses().into_iter();
    let own = files.filter(|path| path.starts_with("/static/") && !path.contains("/share/"));
    for path in own {
        let answer = clinic.get(path).await;
        let policy = answer.header("cross-origin-resource-policy");
        assert_eq!(policy, "same-origin", "{path}");
    }
}

#[actix_web::test]
async fn a_title_with_signs_of_html_stays_a_title() {
    let folder = with_pictures();
    let article = format!("articles/{REFERENCE}.md");
    let title = "Pops & \"cracks\" <b>: what they can mean";
    folder.edit(&article, TITLE, &format!("title: '{title}'"));
    let clinic = Clinic::of(folder).await;
    let document = clinic.page(&format!("/articles/{REFERENCE}")).await;
    assert_eq!(tag(&document, "og:title"), title);
    let svg = drawn(clinic.folder(), "article-lower-back").svg;
    assert!(
        svg.contains("Pops &#38; &#34;cracks&#34; &#60;b&#62;:"),
        "{svg}"
    );
}

#[actix_web::test]
async fn a_stale_picture_gives_way_to_the_clinics_and_a_missing_one_to_none() {
    let clinic = Clinic::of(with_pictures()).await;
    let path = format!("/articles/{REFERENCE}");
    let own = picture_of(&clinic.page(&path).await).expect("it has a picture");
    let general = picture_of(&clinic.page("/").await).expect("it has a picture");
    assert_ne!(own, general);
    assert!(!clinic.diagnostics().contains("share-picture-stale"));

    let folder = clinic.folder();
    let article = format!("articles/{REFERENCE}.md");
    folder.edit(&article, TITLE, "title: \"A back that pops\"");
    clinic.refresh();
    assert_eq!(picture_of(&clinic.page(&path).await), Some(general.clone()));
    let told = clinic.diagnostics();
    let expected = format!(
        "warning[share-picture-stale]: 1 of {} pictures in `static/share/` are missing or stale: \
         `article-lower-back-pain-popping-sound`\n  \
         help: run `cargo run --release -p signpost-share-pictures -- --content DIR`",
        subjects(&clinic.live.snapshot())
    );
    assert!(told.contains(&expected), "{told}");

    clinic.folder().remove(general.trim_start_matches('/'));
    clinic.refresh();
    let page = clinic.page(&path).await;
    assert_eq!(picture_of(&page), None);
    assert!(!page.has("meta[property^=\"og:image\"]"));
    assert_eq!(tag(&page, "twitter:card"), "summary");
}

#[actix_web::test]
async fn a_clinic_that_never_made_pictures_is_not_told_of_them() {
    let clinic = Clinic::of(Folder::copied()).await;
    assert!(!clinic.diagnostics().contains("share-picture-stale"));
    assert_eq!(picture_of(&clinic.page("/").await), None);
}

#[test]
fn the_picture_of_a_scheduled_article_is_made_before_its_day_and_sent_from_then_on() {
    let folder = with_pictures();
    let article = "articles/sciatica.md";
    for key in ["published_on: 2026-10-12", "reviewed_on: 2026-10-30"] {
        let (name, _) = key.split_once(' ').expect("a key has a value");
        folder.edit(article, key, &format!("{name} 2026-12-01"));
    }
    let picture = drawn(&folder, "article-sciatica").file_name;
    assert!(folder.path("static/share").join(&picture).is_file());
    let address = format!("/static/share/{picture}");
    for (day, is_sent) in [("2026-11-30", false), ("2026-12-01", true)] {
        let calendar = Calendar::Fixed(day.parse().expect("it is a day"));
        let built = build_from(folder.root(), calendar, None);
        let (snapshot, found) = built.expect("the content can be built");
        assert_eq!(snapshot.entry(&address).is_some(), is_sent, "{day}");
        let is_told = found.iter().any(|own| own.code == Code::SharePictureStale);
        assert!(!is_told, "{day}");
    }
}

#[actix_web::test]
async fn a_picture_that_is_drawn_again_under_its_name_is_sent_as_it_is_now() {
    let clinic = Clinic::of(with_pictures()).await;
    let general = picture_of(&clinic.page("/").await).expect("it has a picture");
    let before = clinic.get(&general).await.body;
    clinic
        .folder()
        .write(general.trim_start_matches('/'), "drawn again");
    clinic.refresh();
    let after = clinic.get(&general).await.body;
    assert_ne!(before, after);
    assert_eq!(after, b"drawn again".as_slice());
}

/// The picture of the folder whose name begins so.
fn drawn(folder: &Folder, stem: &str) -> SharePicture {
    let pictures = all_drawn(folder);
    let own = pictures.into_iter().find(|own| own.stem.starts_with(stem));
    own.expect("there is such a picture")
}

fn all_drawn(folder: &Folder) -> Vec<SharePicture> {
    let built = build_from(folder.root(), Calendar::Fixed(TODAY), None);
    let (snapshot, _) = built.expect("the content can be built");
    share_pictures(snapshot.making()).expect("the templates are sound")
}

#[test]
fn the_same_content_gives_the_same_pictures() {
    let folder = Folder::copied();
    assert_eq!(all_drawn(&folder), all_drawn(&folder));
}

#[test]
fn whatever_a_picture_shows_changes_its_name() {
    let rows = [
        (
            "articles/sciatica.md",
            "title: \"Sciatica:",
            "title: \"The sciatic nerve:",
        ),
        ("clinic/topics.toml", "Back, neck and joints", "Backs"),
        ("clinic/clinic.toml", "Harbor Light Clinic", "Hill Clinic"),
        (
            "clinic/clinic.toml",
            "sample_content = true",
            "sample_content = false",
        ),
        (
            "clinic/clinic.toml",
            "light = \"#0b5d5a\"",
            "light = \"#5d0b5a\"",
        ),
        (
            "clinic/clinic.toml",
            "[accent]",
            "logo = \"icons/logo.svg\"\n[accent]",
        ),
    ];
    let before = drawn(&Folder::copied(), "article-sciatica");
    for (file, from, to) in rows {
        let folder = Folder::copied();
        folder.edit(file, from, to);
        let now = drawn(&folder, "article-sciatica");
        assert_ne!(now.file_name, before.file_name, "{file}: {to}");
    }
    let folder = Folder::copied();
    folder.edit(
        "clinic/copays.toml",
        "typical_copay_cents = 2500",
        "typical_copay_cents = 2600",
    );
    folder.edit(
        "articles/sciatica.md",
        "description: \"Sciatica is",
        "description: \"It is",
    );
    let now = all_drawn(&folder);
    let before = all_drawn(&Folder::copied());
    assert_eq!(now, before, "no picture shows a price or a description");
}

#[test]
fn a_font_that_changes_makes_every_picture_stale() {
    let before = all_drawn(&Folder::copied());
    let folder = Folder::copied();
    folder.write(
        "static/fonts/atkinson-hyperlegible-next-latin-ext.woff2",
        "another font",
    );
    for (old, new) in before.iter().zip(all_drawn(&folder)) {
        assert_ne!(old.file_name, new.file_name);
        assert_eq!(old.svg, new.svg);
    }
}

#[test]
fn a_title_in_another_script_has_the_clinics_picture() {
    for title in ["ألم أسفل الظهر", "腰痛とは", "Боль в спине", "\u{202e}pop"]
    {
        let folder = Folder::copied();
        let article = format!("articles/{REFERENCE}.md");
        folder.edit(&article, TITLE, &format!("title: \"{title}\""));
        let stems: Vec<String> = all_drawn(&folder).into_iter().map(|own| own.stem).collect();
        assert!(stems.contains(&"article-sciatica".to_owned()), "{title}");
        assert!(!stems.contains(&format!("article-{REFERENCE}")), "{title}");
    }
}

#[actix_web::test]
async fn no_tag_stands_twice() {
    let clinic = Clinic::of_the_repository().await;
    for path in pages(&clinic.live.snapshot()) {
        let document = clinic.get(&path).await.document();
        let name = |tag: ElementRef<'_>| tag.attr("property").unwrap_or_default().to_owned();
        let mut names: Vec<String> = document
            .all("meta[property]")
            .into_iter()
            .map(name)
            .collect();
        let all = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), all, "{path}");
    }
}
