//! Authors and reviewers for a site of thousands of articles.

use std::fs;
use std::path::Path;

/// Adds 30 authors and 30 reviewers to the people of a content folder, since nobody writes or reviews thousands of articles.
pub fn add_authors(root: &Path) {
    let file = root.join("clinic/people.toml");
    let text = fs::read_to_string(&file).expect("there are people");
    let person = |(id, credentials, role, number): (&str, &str, &str, usize)| {
        format!(
            "[[person]]\nid = \"{id}-{number}\"\nname = \"{role} {number}\"\ncredentials = \"{credentials}\"\n\
             role = \"{role}\"\nbio = \"One of many.\"\n\n"
        )
    };
    let authors = (1..=30).map(|number| person(("author", "RN", "Writer", number)));
    let reviewers = (1..=30).map(|number| person(("reviewer", "MD", "Reviewer", number)));
    let all: String = authors.chain(reviewers).collect();
    fs::write(&file, format!("{all}{text}")).expect("the file can be written");
}
