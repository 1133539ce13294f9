//! Every component has a template and a style sheet of the same name, so that whoever finds one
//! finds the other. What stands alone does so for a reason that is written here.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "lists the folders themselves, which are there when a test runs"
)]

use std::collections::BTreeSet;
use std::path::Path;

/// Components that are only a template, and why.
const WITHOUT_SHEET: &[(&str, &str)] = &[
    (
        "date",
        "a `time` element that looks like the text around it",
    ),
    ("hotlines", "buttons in a row"),
];

/// Components that are only a sheet, and why.
const WITHOUT_TEMPLATE: &[(&str, &str)] = &[
    (
        "booking-call",
        "the macro stands in booking-card.html, which shows the same offer",
    ),
    ("body-list", "a list of two pages"),
    ("button", "a class of links and buttons"),
    (
        "citation",
        "templates/fragments/citation.html fills it into running text",
    ),
    (
        "diagram",
        "templates/fragments/diagram.html fills it into running text",
    ),
    ("facts", "a description list of one page"),
    (
        "chart",
        "templates/fragments/timeline.html, zones.html and comparison.html fill it into running text",
    ),
    ("question-sheet", "one page"),
    ("faq", "one section of the article page"),
    ("figure", "Markdown makes it, in content::markdown"),
    (
        "footnotes",
        "templates/fragments/footnotes-start.html fills it into running text",
    ),
    ("hero", "one part of the first page"),
    (
        "note",
        "templates/fragments/note-start.html fills it into running text",
    ),
    ("panel", "a frame around any content"),
    ("questions", "one section of the article page"),
    ("request-code", "one section of the page with the code"),
    ("request-form", "the form of one page"),
    ("request-summary", "one section of that page"),
    ("result", "one section of the advice"),
    ("skip-link", "one link of the frame"),
    ("steps", "a list of one page"),
    (
        "table-scroll",
        "templates/fragments/table-start.html fills it into running text",
    ),
    (
        "term",
        "templates/fragments/term-link.html fills it into running text",
    ),
    ("watch", "one section of the advice"),
    (
        "warning",
        "templates/fragments/block-start.html fills it into running text",
    ),
];

#[test]
fn every_component_has_a_template_and_a_sheet() {
    let faults = faults(&templates(), &sheets(), WITHOUT_SHEET, WITHOUT_TEMPLATE);
    assert!(
        faults.is_empty(),
        "faults: {}\n  {}",
        faults.len(),
        faults.join("\n  ")
    );
}

#[test]
fn a_component_that_stands_alone_is_found() {
    let both = names_of(&["care-card", "faq"]);
    let one = names_of(&["faq"]);
    let none: &[(&str, &str)] = &[];
    let cases = [
        (faults(&both, &both, none, none), ""),
        (
            faults(&both, &one, none, none),
            "templates/components/care-card.html has no static/css/components/care-card.css",
        ),
        (
            faults(&one, &both, none, none),
            "static/css/components/care-card.css has no templates/components/care-card.html",
        ),
        (faults(&both, &one, &[("care-card", "a test")], none), ""),
        (
            faults(&both, &both, &[("care-card", "a test")], none),
            "`care-card` is listed as an exception and is none",
        ),
    ];
    for (found, expected) in cases {
        assert_eq!(found.join("\n"), expected);
    }
}

/// One line for each component that stands alone without being listed, and for each that is
/// listed without standing alone.
fn faults(
    templates: &BTreeSet<String>,
    sheets: &BTreeSet<String>,
    without_sheet: &[(&str, &str)],
    without_template: &[(&str, &str)],
) -> Vec<String> {
    let listed =
        |list: &[(&str, &str)], name: &String| list.iter().any(|(listed, _)| listed == name);
    let mut faults = Vec::new();
    for name in templates
        .difference(sheets)
        .filter(|name| !listed(without_sheet, name))
    {
        faults.push(format!(
            "templates/components/{name}.html has no static/css/components/{name}.css"
        ));
    }
    for name in sheets
        .difference(templates)
        .filter(|name| !listed(without_template, name))
    {
        faults.push(format!(
            "static/css/components/{name}.css has no templates/components/{name}.html"
        ));
    }
    let alone = |name: &str, here: &BTreeSet<String>, there: &BTreeSet<String>| {
        here.contains(name) && !there.contains(name)
    };
    for (name, _) in without_sheet
        .iter()
        .filter(|(name, _)| !alone(name, templates, sheets))
    {
        faults.push(format!("`{name}` is listed as an exception and is none"));
    }
    for (name, _) in without_template
        .iter()
        .filter(|(name, _)| !alone(name, sheets, templates))
    {
        faults.push(format!("`{name}` is listed as an exception and is none"));
    }
    faults
}

fn templates() -> BTreeSet<String> {
    stems("templates/components", "html")
}

/// Those for every page, and those in a folder for some.
fn sheets() -> BTreeSet<String> {
    let folders = ["", "/charts", "/finding", "/forms"];
    let names = folders.map(|folder| stems(&format!("static/css/components{folder}"), "css"));
    names.into_iter().flatten().collect()
}

/// The names, without extension, of the files in a folder of the crate; never empty.
fn stems(folder: &str, extension: &str) -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let stems: BTreeSet<String> = std::fs::read_dir(&path)
        .expect("the folder can be read")
        .map(|entry| entry.expect("the entry can be read").path())
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .filter_map(|path| {
            path.file_stem()
                .map(|stem| stem.to_string_lossy().into_owned())
        })
        .collect();
    assert!(!stems.is_empty(), "{folder} holds no .{extension} file");
    stems
}

fn names_of(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}
