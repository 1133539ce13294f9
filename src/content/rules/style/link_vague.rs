//! Flags a link whose words say nothing of where it leads, such as "click here". Who
//! listens to the links of a page hears them without the text around them.

use super::{Hit, Manuscript};
use crate::diagnostic::Code;

/// Words of links that name no page, in lower case. A link that holds more words is fine.
const VAGUE: [&str; 16] = [
    "click here",
    "click",
    "here",
    "click this link",
    "this link",
    "link",
    "this page",
    "this article",
    "this website",
    "this site",
    "read more",
    "learn more",
    "find out more",
    "more",
    "more information",
    "see here",
];

pub(super) fn link_vague(manuscript: &Manuscript<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for passage in manuscript.passages {
        let links = passage.links.iter().filter_map(|link| {
            let words = passage.text.get(link.range.clone())?;
            let bare = words.trim_matches(|sign: char| !sign.is_alphanumeric());
            let is_vague = VAGUE.contains(&bare.to_lowercase().as_str());
            is_vague.then_some((link.range.start, words))
        });
        let mut found: Vec<(usize, &str)> = links.collect();
        let lower = passage.text.to_ascii_lowercase();
        if let Some(at) = lower.find("click here").filter(|_| found.is_empty()) {
            found.extend(passage.text.get(at..at + 10).map(|words| (at, words)));
        }
        hits.extend(found.into_iter().map(|(at, words)| {
            Hit::in_passage(Code::LinkVague, passage, at, &passage.text).says(
                format!("the link `{words}` does not say where it leads"),
                "link the words that name the page, such as `[sciatica](sciatica.md)`",
            )
        }));
    }
    hits
}
