//! Pictures of articles: where they are served and how large they are, so that a
//! page can leave the right room for them before they arrive, and a phone loads no
//! more than it can show. It only names files; `assets` knows which are there.

use std::collections::BTreeMap;

use super::walk::escaped;

/// How wide a page shows a picture, for the browser's choice among its versions. Source: `--measure`, `--gutter` and
/// `--font-size-root` of `static/css/tokens.css`: 29.5 rem of 17 px, and less on narrow screens.
const SIZES: &str = "(min-width: 35em) 500px, calc(100vw - 36px)";

/// Most bytes of a picture as the editor has it. Phones take pictures of 2 to 6 MB.
pub const MAX_BYTES: usize = 8_000_000;

/// Most pixels of a picture: each takes 4 bytes of memory when it is made smaller, so 160 MB.
pub const MAX_PIXELS: u64 = 40_000_000;

/// A picture on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The address that every browser can load, with the content's fingerprint.
    pub href: String,
    /// Width in CSS pixels, of the picture as its editor has it, turned upright.
    pub width: u32,
    /// Height in CSS pixels, likewise.
    pub height: u32,
    /// Size of the file as its editor has it.
    pub bytes: usize,
    /// What there is of it besides.
    pub versions: Versions,
}

/// What there is of a picture besides the file of its editor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Versions {
    /// Nothing, and nothing is missing: a drawing of lines, or small.
    NotNeeded,
    /// Something is missing, so the editor's own file is served.
    Missing(Location),
    /// WebP files, by width, ascending; never empty. The picture's own address is that of a small JPEG or PNG, and
    /// the editor's file is not served.
    Ready(Vec<Version>),
}

/// Whether a file says where it was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Location {
    /// It holds the coordinates, as phones write them.
    Told,
    /// It does not.
    Untold,
}

/// One version of a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Its address.
    pub href: String,
    /// Its width in pixels.
    pub width: u32,
}

/// Pictures by path relative to the content folder, such as `articles/sciatica/nerve.svg`.
/// A file that is no readable picture has no size and maps to `None`.
pub type Pictures = BTreeMap<String, Option<Picture>>;

impl Picture {
    /// Whether an editor must make it smaller before anything can be done with it.
    pub fn is_too_large(&self) -> bool {
        let pixels = u64::from(self.width) * u64::from(self.height);
        let is_raster = self.versions != Versions::NotNeeded;
        self.bytes > MAX_BYTES || is_raster && pixels > MAX_PIXELS
    }

    /// Every address that a page names to show it.
    pub fn addresses(&self) -> Vec<String> {
        let versions = match &self.versions {
            Versions::Ready(versions) => versions.as_slice(),
            Versions::NotNeeded | Versions::Missing(_) => &[],
        };
        let versions = versions.iter().map(|version| version.href.clone());
        versions.chain([self.href.clone()]).collect()
    }

    /// The element that shows it. It loads when it comes near: a page begins with takeaways and care cards, so no
    /// picture of the text is on the first screen.
    pub(super) fn markup(&self, alt: &str) -> String {
        let image = format!(
            "<img class=\"figure__image\" src=\"{}\" alt=\"{}\" width=\"{}\" height=\"{}\" loading=\"lazy\" decoding=\"async\">",
            escaped(&self.href),
            escaped(alt),
            self.width,
            self.height
        );
        let Versions::Ready(versions) = &self.versions else {
            return image;
        };
        let set = versions.iter();
        let set = set.map(|version| format!("{} {}w", escaped(&version.href), version.width));
        let set = set.collect::<Vec<_>>().join(", ");
        format!(
            "<picture><source type=\"image/webp\" srcset=\"{set}\" sizes=\"{SIZES}\">{image}</picture>"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(versions: Versions) -> Picture {
        Picture {
            href: "/static/a.jpg".to_owned(),
            width: 800,
            height: 600,
            bytes: 1000,
            versions,
        }
    }

    #[test]
    fn a_browser_may_choose_once_there_are_versions() {
        let image = "<img class=\"figure__image\" src=\"/static/a.jpg\" alt=\"an &quot;elbow&quot;\" \
             width=\"800\" height=\"600\" loading=\"lazy\" decoding=\"async\">";
        for versions in [Versions::NotNeeded, Versions::Missing(Location::Told)] {
            assert_eq!(picture(versions).markup("an \"elbow\""), image);
        }
        let version = |width: u32| Version {
            href: format!("/static/{width}.webp"),
            width,
        };
        let ready = picture(Versions::Ready(vec![version(540), version(800)]));
        let set = "srcset=\"/static/540.webp 540w, /static/800.webp 800w\"";
        let source = format!("<source type=\"image/webp\" {set} sizes=\"{SIZES}\">");
        let expected = format!("<picture>{source}{image}</picture>");
        assert_eq!(ready.markup("an \"elbow\""), expected);
        let addresses = ["/static/540.webp", "/static/800.webp", "/static/a.jpg"];
        assert_eq!(ready.addresses(), addresses);
    }

    #[test]
    fn the_width_that_browsers_are_told_is_that_of_the_style_sheet() {
        let tokens = include_str!("../../../static/css/tokens.css");
        for line in [
            "--measure: 29.5rem;",
            "--gutter: 1rem;",
            "--font-size-root: 106.25%;",
        ] {
            assert!(tokens.contains(line), "`{line}` changed, so `SIZES` must");
        }
    }

    #[test]
    fn a_picture_of_too_many_pixels_or_bytes_is_refused() {
        let rows = [
            (8_000, 5_000, 1, false),
            (8_000, 5_001, 1, true),
            (1, 1, MAX_BYTES + 1, true),
        ];
        for (width, height, bytes, is_too_large) in rows {
            let picture = Picture {
                width,
                height,
                bytes,
                ..picture(Versions::Missing(Location::Untold))
            };
            assert_eq!(
                picture.is_too_large(),
                is_too_large,
                "{width} {height} {bytes}"
            );
        }
    }
}
