//! Diagrams on the pages of articles, and what happens to them while files change.

use std::collections::BTreeSet;

use crate::clinic::Clinic;
use crate::folder::Folder;

/// Articles with a diagram, and how many labels its list explains.
const SHOWN: [(&str, usize); 8] = [
    ("acid-reflux-heartburn", 4),
    ("ankle-sprain", 3),
    ("knee-popping-and-pain", 6),
    ("lower-back-pain-popping-sound", 5),
    ("pink-eye", 4),
    ("sciatica", 10),
    ("sinus-infection", 3),
    ("urinary-tract-infection", 4),
];

#[actix_web::test]
async fn a_diagram_has_a_name_a_cited_caption_and_a_list_of_its_parts() {
    let clinic = Clinic::of_the_repository().await;
    for (slug, parts) in SHOWN {
        let page = clinic.page(&format!("/articles/{slug}")).await;
        let names = page.attributes(".diagram svg[role='img']", "aria-label");
        assert!(
            names.iter().all(|name| name.len() > 20),
            "{slug}: {names:?}"
        );
        let figures = page.all(".diagram figcaption").len();
        let cited = page.all(".diagram figcaption:has(a[role='doc-noteref'])");
        assert_eq!((names.len(), cited.len()), (figures, figures), "{slug}");
        assert_eq!(page.all(".diagram__parts li strong").len(), parts, "{slug}");
    }
}

#[actix_web::test]
async fn a_drawing_has_nothing_that_runs_is_colored_by_itself_or_comes_from_elsewhere() {
    let clinic = Clinic::of_the_repository().await;
    for (slug, _) in SHOWN {
        let page = clinic.page(&format!("/articles/{slug}")).await;
        let attributes: BTreeSet<String> = page
            .all(".diagram svg *")
            .iter()
            .flat_map(|element| element.value().attrs().map(|(name, _)| name.to_owned()))
            .collect();
        for refused in [
            "id",
            "style",
            "fill",
            "stroke",
            "href",
            "xlink:href",
            "onclick",
        ] {
            assert!(!attributes.contains(refused), "{slug}: {refused}");
        }
        assert!(attributes.contains("d"), "{slug}: {attributes:?}");
    }
}

#[actix_web::test]
async fn a_drawing_of_the_clinic_takes_the_place_of_ours_and_a_broken_one_leaves_it_as_it_was() {
    let clinic = Clinic::of(Folder::copied()).await;
    let path = "static/diagrams/sciatic-nerve.svg";
    let labels = ["Lower back", "Buttock", "Calf", "Foot", "Sciatic nerve"];
    let labels =
        labels.map(|label| format!("<text class=\"label\" x=\"9\" y=\"20\">{label}</text>"));
    let own = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 320 100\"><title>A drawing of the clinic</title>{}</svg>",
        labels.concat()
    );
    let rows = [
        (own.clone(), ""),
        (own.replacen("<text", "<script", 1), "diagram-malformed"),
        (own.replace("Calf", "Shin"), "diagram-parts"),
    ];
    for (drawing, told) in rows {
        clinic.folder().write(path, &drawing);
        clinic.refresh();
        let page = clinic.page("/articles/sciatica").await;
        let names = page.attributes(".diagram svg", "aria-label");
        assert_eq!(
            names.first().map(String::as_str),
            Some("A drawing of the clinic")
        );
        assert!(
            clinic.diagnostics().contains(told),
            "{}",
            clinic.diagnostics()
        );
    }
}
