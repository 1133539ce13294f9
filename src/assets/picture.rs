//! The pictures of articles as pages name them: their sizes, and which of their files
//! are served. It stands apart from style sheets because one picture may be many files.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::photo::Photo;
use super::versions::{Plan, is_there, plans, unneeded};
use crate::content::markdown::{Location, Picture, Pictures, Version, Versions};

/// Files by path relative to the content folder.
type Files = BTreeMap<String, Arc<[u8]>>;

/// Which versions of pictures stand in for the files of their editors.
pub(super) struct Gallery {
    plans: BTreeMap<String, Plan>,
    /// Pictures of which every version is there.
    ready: BTreeSet<String>,
    /// Files that no page names: editors' files that have versions, and versions of what is gone or incomplete.
    pub(super) hidden: BTreeSet<String>,
}

impl Gallery {
    /// Compares what should be there with what is there.
    pub(super) fn of(files: &Files) -> Self {
        let plans = plans(files);
        let is_ready = |plan: &Plan| plan.files().iter().all(|made| is_there(files, made));
        let ready = plans.iter().filter(|(_, plan)| is_ready(plan));
        let ready: BTreeSet<String> = ready.map(|(path, _)| path.clone()).collect();
        let unfinished = plans.iter().filter(|(path, _)| !ready.contains(*path));
        let unfinished = unfinished.flat_map(|(_, plan)| plan.files());
        let mut hidden: BTreeSet<String> = unfinished.map(|made| made.path).collect();
        hidden.extend(unneeded(files, &plans));
        hidden.extend(ready.iter().cloned());
        Self {
            plans,
            ready,
            hidden,
        }
    }

    /// The pictures of articles.
    pub(super) fn pictures(&self, files: &Files, names: &BTreeMap<&str, String>) -> Pictures {
        let of_articles = files
            .range("articles/".to_owned()..)
            .take_while(|(path, _)| path.starts_with("articles/"));
        of_articles
            .map(|(path, _)| (path.clone(), self.picture(files, names, path)))
            .collect()
    }

    /// One picture, wherever it stands.
    pub(super) fn picture(
        &self,
        files: &Files,
        names: &BTreeMap<&str, String>,
        path: &str,
    ) -> Option<Picture> {
        let bytes = files.get(path)?;
        let (width, height) = size(path, bytes)?;
        let (href, versions) = match self.plans.get(path) {
            Some(plan) if self.ready.contains(path) => (
                names.get(plan.fallback().path.as_str())?,
                Versions::Ready(versions(plan, names)?),
            ),
            Some(plan) => {
                let location = if plan.photo.tells_place {
                    Location::Told
                } else {
                    Location::Untold
                };
                (names.get(path)?, Versions::Missing(location))
            }
            None => (names.get(path)?, Versions::NotNeeded),
        };
        Some(Picture {
            href: href.clone(),
            width,
            height,
            bytes: bytes.len(),
            versions,
        })
    }
}

fn versions(plan: &Plan, names: &BTreeMap<&str, String>) -> Option<Vec<Version>> {
    let version = |made: super::versions::Made| {
        Some(Version {
            href: names.get(made.path.as_str())?.clone(),
            width: made.width,
        })
    };
    plan.webp().into_iter().map(version).collect()
}

/// Width and height of the upright picture.
fn size(path: &str, bytes: &[u8]) -> Option<(u32, u32)> {
    if path.ends_with(".svg") {
        return svg_size(bytes);
    }
    if let Some(photo) = Photo::of(bytes) {
        return Some((photo.width, photo.height));
    }
    let size = imagesize::blob_size(bytes).ok()?;
    Some((
        u32::try_from(size.width).ok()?,
        u32::try_from(size.height).ok()?,
    ))
}

/// The size of an SVG: its `width` and `height` in pixels, else those of its `viewBox`.
fn svg_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let text = std::str::from_utf8(bytes).ok()?;
    let (_, tag) = text.split_once("<svg")?;
    let (tag, _) = tag.split_once('>')?;
    let own = attribute(tag, "width")
        .and_then(pixels)
        .zip(attribute(tag, "height").and_then(pixels));
    own.or_else(|| {
        let mut numbers = attribute(tag, "viewBox")?
            .split([' ', ','])
            .filter(|part| !part.is_empty())
            .skip(2);
        numbers
            .next()
            .and_then(pixels)
            .zip(numbers.next().and_then(pixels))
    })
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split_once('"').map(|(value, _)| value)
}

fn pixels(text: &str) -> Option<u32> {
    let number: f32 = text.trim_end_matches("px").parse().ok()?;
    let rounded = number.round();
    // In range by the check, so the cast loses nothing.
    (1.0..=65_535.0)
        .contains(&rounded)
        .then_some(rounded as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_of_an_svg_is_its_own_or_that_of_its_view() {
        let rows = [
            (
                "<svg xmlns=\"x\" width=\"640\" height=\"300px\">",
                Some((640, 300)),
            ),
            ("<?xml?>\n<svg viewBox=\"0 0 32 16.4\">", Some((32, 16))),
            ("<svg>", None),
            ("<p>", None),
        ];
        for (text, size) in rows {
            assert_eq!(svg_size(text.as_bytes()), size, "{text}");
        }
    }
}
