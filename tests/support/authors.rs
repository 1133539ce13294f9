//! Authors for a site of thousands of articles.

use std::fs;
use std::path::Path;

/// Adds 30 authors to the people of a content folder, since nobody writes a thousand articles.
pub fn add_authors(root: &Path) {
    let file = root.join("clinic/people.toml");
    let text = fs::read_to_string(&file).expect("there are people");
    let author = |number: usize| {
        format!(
            "[[person]]\nid = \"author-{number}\"\nname = \"Author {number}\"\ncredentials = \"RN\"\n\
             role = \"Writer\"\nbio = \"One of many.\"\n\n"
        )
    };
    let authors: String = (1..=30).map(author).collect();
    fs::write(&file, format!("{authors}{text}")).expect("the file can be written");
}
