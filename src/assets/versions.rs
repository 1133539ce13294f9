//! Versions of pictures: smaller files that `tools/pictures` makes of an editor's
//! pictures, in `static/pictures/`. A name holds the fingerprint of the editor's file,
//! so a version of another file is never shown. The server reads names and links no
//! image crate; a picture of which anything is missing is served as its editor made it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::photo::{Format, Photo};

/// Where versions stand, relative to the content folder.
pub const FOLDER: &str = "static/pictures/";

/// Changes when versions are made in another way, so that all are made again.
const RECIPE: u32 = 1;

/// Widths in pixels, ascending. A page shows a picture at most 500 px wide: one width for a plain screen, one for a
/// small phone with 2 pixels to the point, one for larger phones and sharp screens, one for zoom and paper.
const WIDTHS: [u32; 4] = [540, 720, 1080, 1500];

/// Width of the file for browsers that know no WebP, in pixels. They are older than 2020, so one file must do.
const FALLBACK_WIDTH: u32 = 720;

/// What is made of one picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// What its head says.
    pub photo: Photo,
    /// The start of every name: fingerprint of the editor's file, and recipe.
    key: String,
}

/// One file that is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// The path relative to the content folder.
    pub path: String,
    /// Its width in pixels.
    pub width: u32,
    /// How it is encoded.
    pub coding: Coding,
}

/// How a version is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    /// For all but old browsers.
    WebP,
    /// For old browsers, of a photo.
    Jpeg,
    /// For old browsers, of what may have sharp letters or see-through parts.
    Png,
}

impl Coding {
    fn extension(self) -> &'static str {
        match self {
            Self::WebP => "webp",
            Self::Jpeg => "jpg",
            Self::Png => "png",
        }
    }
}

impl Plan {
    /// What is to be made of a picture with a fingerprint; none if it is served as it is, because it is small, moves,
    /// or is of a format that we don't read.
    pub fn of(bytes: &[u8], fingerprint: &str) -> Option<Self> {
        let photo = Photo::of(bytes)?;
        let is_small = photo.width <= WIDTHS.first().copied().unwrap_or_default();
        let key = format!("{fingerprint}-{RECIPE}-");
        (!is_small || photo.tells_place).then_some(Self { photo, key })
    }

    /// The WebP files by width, ascending; never empty, none wider than the picture.
    pub fn webp(&self) -> Vec<Made> {
        let widest = WIDTHS.last().copied().unwrap_or_default();
        let whole = self.photo.width.min(widest);
        // One that is hardly smaller than the whole is not worth a file.
        let smaller = WIDTHS.into_iter().filter(|width| width * 10 <= whole * 9);
        let made = smaller.chain([whole]);
        made.map(|width| self.made(width, Coding::WebP)).collect()
    }

    /// The file for old browsers.
    pub fn fallback(&self) -> Made {
        let coding = match self.photo.format {
            Format::Jpeg => Coding::Jpeg,
            Format::Png | Format::WebP => Coding::Png,
        };
        self.made(self.photo.width.min(FALLBACK_WIDTH), coding)
    }

    fn made(&self, width: u32, coding: Coding) -> Made {
        let extension = coding.extension();
        Made {
            path: format!("{FOLDER}{}{width}.{extension}", self.key),
            width,
            coding,
        }
    }

    /// Every file, those of WebP first.
    pub fn files(&self) -> Vec<Made> {
        let mut files = self.webp();
        files.push(self.fallback());
        files
    }
}

/// The pictures of articles of which versions are made, by path.
pub fn plans(files: &BTreeMap<String, Arc<[u8]>>) -> BTreeMap<String, Plan> {
    let of_articles = files
        .range("articles/".to_owned()..)
        .take_while(|(path, _)| path.starts_with("articles/"));
    let plan = |bytes: &[u8]| Plan::of(bytes, &super::fingerprint(bytes));
    of_articles
        .filter_map(|(path, bytes)| Some((path.clone(), plan(bytes)?)))
        .collect()
}

/// Whether a file is there, whole enough to say its width, and as wide as its name says.
pub fn is_there(files: &BTreeMap<String, Arc<[u8]>>, made: &Made) -> bool {
    let bytes = files.get(&made.path);
    let size = bytes.and_then(|bytes| imagesize::blob_size(bytes).ok());
    size.is_some_and(|size| u32::try_from(size.width) == Ok(made.width))
}

/// Files in the folder of versions that have a name like theirs and belong to no plan, ascending.
pub fn unneeded(
    files: &BTreeMap<String, Arc<[u8]>>,
    plans: &BTreeMap<String, Plan>,
) -> BTreeSet<String> {
    let needed = plans.values().flat_map(Plan::files);
    let needed: BTreeSet<String> = needed.map(|made| made.path).collect();
    let paths = files.range(FOLDER.to_owned()..).map(|(path, _)| path);
    let ours = paths
        .take_while(|path| path.starts_with(FOLDER))
        .filter(|path| is_name(path));
    ours.filter(|path| !needed.contains(*path))
        .cloned()
        .collect()
}

/// Whether a path has the form of a version's: 16 digits of a fingerprint, recipe, width. Other files are somebody else's.
fn is_name(path: &str) -> bool {
    let Some((name, extension)) = path
        .strip_prefix(FOLDER)
        .and_then(|name| name.rsplit_once('.'))
    else {
        return false;
    };
    let parts: Vec<&str> = name.split('-').collect();
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let [hash, recipe, width] = parts.as_slice() else {
        return false;
    };
    ["webp", "jpg", "png"].contains(&extension)
        && hash.len() == 16
        && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
        && are_digits(recipe)
        && are_digits(width)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(width: u32, format: Format) -> Plan {
        let photo = Photo {
            format,
            width,
            height: 100,
            turn: 1,
            tells_place: false,
        };
        let key = format!("0123456789abcdef-{RECIPE}-");
        Plan { photo, key }
    }

    #[test]
    fn no_version_is_wider_than_the_picture_and_the_last_is_as_wide() {
        let rows: [(u32, &[u32]); 6] = [
            (300, &[300]),
            (599, &[599]),
            (600, &[540, 600]),
            (1080, &[540, 720, 1080]),
            (1200, &[540, 720, 1080, 1200]),
            (8000, &[540, 720, 1080, 1500]),
        ];
        for (width, expected) in rows {
            let plan = plan(width, Format::Jpeg);
            let widths: Vec<u32> = plan.webp().iter().map(|made| made.width).collect();
            assert_eq!(widths, expected, "{width}");
            assert_eq!(plan.fallback().width, width.min(720));
        }
    }

    #[test]
    fn a_photo_falls_back_to_jpeg_and_a_drawing_to_png() {
        let rows = [
            (Format::Jpeg, "jpg"),
            (Format::Png, "png"),
            (Format::WebP, "png"),
        ];
        for (format, extension) in rows {
            let path = plan(1000, format).fallback().path;
            assert_eq!(path, format!("{FOLDER}0123456789abcdef-1-720.{extension}"));
        }
    }

    #[test]
    fn only_names_like_ours_are_ever_unneeded() {
        let rows = [
            ("static/pictures/0123456789abcdef-1-540.webp", true),
            ("static/pictures/0123456789abcdef-12-720.jpg", true),
            ("static/pictures/0123456789abcdef-1-720.svg", false),
            ("static/pictures/0123456789abcdeg-1-720.jpg", false),
            ("static/pictures/0123456789abcdef-720.jpg", false),
            ("static/pictures/hero.jpg", false),
            ("static/picture/0123456789abcdef-1-540.webp", false),
            ("static/share/0123456789abcdef-1-540.png", false),
        ];
        let file = |path: &str| (path.to_owned(), Arc::from(b"x".as_slice()));
        let files = rows.iter().map(|(path, _)| file(path)).collect();
        let expected = rows.iter().filter(|(_, is_ours)| *is_ours);
        let expected: BTreeSet<String> = expected.map(|(path, _)| (*path).to_owned()).collect();
        assert_eq!(unneeded(&files, &BTreeMap::new()), expected);
    }
}
