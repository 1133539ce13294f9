//! A digest as a text, and as a page for mail programs. The page has no script, no
//! picture and no color of its own: mail programs turn colors around in dark mode,
//! and what has none stays readable in all of them.

use askama::Template;

use super::Digest;
use super::section::{Section, sections};

/// What stands in a part without rows.
const NOTHING: &str = "Nothing.";

/// The digest as a text of lines.
pub fn text(digest: &Digest) -> String {
    let mut text = format!("{}: what is due on {}\n", digest.clinic, digest.today);
    for section in sections(digest) {
        text.push_str(&format!("\n{}\n", section.heading));
        if section.groups.is_empty() {
            text.push_str(&format!("  {NOTHING}\n"));
        }
        for group in section.groups {
            if let Some(name) = group.name {
                text.push_str(&format!("  {name}\n"));
            }
            for row in group.rows {
                text.push_str(&format!("  - {}: {}\n", row.when, row.what));
                text.push_str(&format!("    {}\n", row.place));
            }
        }
    }
    text
}

#[derive(Template)]
#[template(path = "digest.html")]
struct Mail<'a> {
    digest: &'a Digest,
    sections: Vec<Section>,
    nothing: &'static str,
}

/// The digest as a page that stands alone.
///
/// # Errors
/// The template failed: for us.
pub fn html(digest: &Digest) -> Result<String, askama::Error> {
    let mail = Mail {
        digest,
        sections: sections(digest),
        nothing: NOTHING,
    };
    mail.render()
}
