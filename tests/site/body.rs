//! The body map and the pages of its parts: what is a link, and where it leads.

use std::collections::BTreeSet;

use crate::clinic::Clinic;
use crate::folder::Folder;

/// Parts without a place on the picture.
const NO_PLACE: [&str; 3] = ["/body/skin", "/body/mind", "/body/whole-body"];

fn parts(addresses: Vec<String>) -> BTreeSet<String> {
    let parts = addresses.into_iter();
    parts.filter(|path| path.starts_with("/body/")).collect()
}

fn pages_of_parts(clinic: &Clinic) -> BTreeSet<String> {
    let snapshot = clinic.live.snapshot();
    let addresses = snapshot.addresses().into_iter().map(str::to_owned);
    parts(addresses.collect())
}

#[actix_web::test]
async fn the_picture_and_the_list_lead_to_every_part_that_has_complaints() {
    let clinic = Clinic::of_the_repository().await;
    let page = clinic.page("/body").await;
    let all = pages_of_parts(&clinic);
    assert!(all.len() >= 15, "{all:?}");
    assert_eq!(parts(page.attributes(".body-list a", "href")), all);
    let mut pictured = parts(page.attributes(".body-map a", "href"));
    pictured.extend(NO_PLACE.map(str::to_owned));
    assert_eq!(pictured, all);
}

#[actix_web::test]
async fn every_link_of_the_picture_has_a_name_that_the_list_has_too() {
    let clinic = Clinic::of_the_repository().await;
    let page = clinic.page("/body").await;
    let listed: BTreeSet<String> = page.texts(".body-list a").into_iter().collect();
    let names = page.attributes(".body-map a", "aria-label");
    assert_eq!(names.len(), page.all(".body-map a").len());
    assert_eq!(page.texts(".body-map a > title"), names);
    for name in names {
        assert!(listed.contains(&name), "{name}");
    }
}

#[actix_web::test]
async fn a_part_without_complaints_is_no_link_and_has_no_page() {
    let folder = Folder::whole();
    let shipped = Clinic::of_the_repository().await.live.snapshot();
    for complaint in shipped.site().protocols.keys() {
        let path = format!("clinic/protocols/{complaint}.toml");
        let text = folder.read(&path);
        let lines = text.lines().filter(|line| !line.starts_with("also_in = "));
        folder.write(&path, &(lines.collect::<Vec<_>>().join("\n") + "\n"));
    }
    let clinic = Clinic::of(folder).await;
    assert!(!pages_of_parts(&clinic).contains("/body/hand"));
    assert_eq!(clinic.get("/body/hand").await.status, 404);
    assert_eq!(clinic.get("/body/tail").await.status, 404);
    let page = clinic.page("/body").await;
    assert!(!page.all(".body-map__nothing").is_empty());
}

#[actix_web::test]
async fn every_part_of_the_picture_is_a_link_to_at_least_one_complaint() {
    let clinic = Clinic::of_the_repository().await;
    let page = clinic.page("/body").await;
    assert_eq!(page.all(".body-map__nothing").len(), 0);
    let links: BTreeSet<String> = page.attributes(".body-map a", "href").into_iter().collect();
    assert!(links.contains("/body/hand") && links.contains("/body/face"));
    for link in links {
        let page = clinic.page(&link).await;
        let complaints = page.attributes(".body-list a", "href");
        assert!(!complaints.is_empty(), "{link}");
        for complaint in complaints {
            assert_eq!(clinic.get(&complaint).await.status, 200, "{complaint}");
        }
    }
}

#[actix_web::test]
async fn what_people_also_look_for_in_a_part_stands_after_what_is_at_home_there() {
    let clinic = Clinic::of_the_repository().await;
    let at_home = ["/symptoms/knee-pain", "/symptoms/leg-pain-or-swelling"];
    let links = clinic.page("/body/leg").await;
    let links = links.attributes(".body-list a", "href");
    assert_eq!(links.get(..2), Some(&at_home.map(str::to_owned)[..]));
    assert!(links.contains(&"/symptoms/weakness-or-numbness".to_owned()));
}

#[actix_web::test]
async fn the_page_of_a_part_leads_to_its_complaints_and_articles() {
    let clinic = Clinic::of_the_repository().await;
    let rows = [
        (
            "/body/back",
            "/symptoms/lower-back-pain",
            "/articles/sciatica",
        ),
        (
            "/body/eye",
            "/symptoms/eye-redness-or-discharge",
            "/articles/pink-eye",
        ),
        (
            "/body/mind",
            "/symptoms/anxiety-or-panic",
            "/articles/panic-attack-vs-heart-attack",
        ),
    ];
    for (path, complaint, article) in rows {
        let page = clinic.page(path).await;
        let links = page.attributes("main a", "href");
        for expected in [complaint, article, "/body"] {
            assert!(
                links.iter().any(|link| link == expected),
                "{path}: {expected}"
            );
        }
        let above = page.attributes(".breadcrumb a", "href");
        assert!(
            above.iter().any(|link| link == "/body"),
            "{path}: {above:?}"
        );
    }
}

#[actix_web::test]
async fn home_symptoms_and_footer_lead_to_the_picture() {
    let clinic = Clinic::of_the_repository().await;
    let rows = [
        ("/", "main a[href='/body']"),
        ("/symptoms", "main a[href='/body']"),
        ("/book", "footer a[href='/body']"),
    ];
    for (path, link) in rows {
        assert_eq!(clinic.page(path).await.all(link).len(), 1, "{path}");
    }
}
