//! Pictures in a text: a paragraph of their own, with words for those who can't see
//! them and a caption. What is on disk is asked of the list of pictures, never of the disk.

use pulldown_cmark::{Event, Tag, TagEnd};

use super::{Events, Walker, collect, escaped};
use crate::content::markdown::Picture;
use crate::content::markdown::picture::{Location, MAX_BYTES, MAX_PIXELS, Versions};
use crate::diagnostic::Code;
use crate::file::Span;

/// The command that makes the versions of pictures.
const COMMAND: &str = "cargo run --release -p signpost-pictures -- --content DIR";

impl<'e> Walker<'_, 'e> {
    pub(super) fn figure(&mut self, span: Span, events: &mut Events<'e>) {
        let image = events.next();
        let Some((
            Event::Start(Tag::Image {
                dest_url, title, ..
            }),
            _,
        )) = image
        else {
            return;
        };
        let (_, alt) = collect(events);
        events.next(); // the paragraph's end
        self.depth = self.depth.saturating_sub(1);
        let (alt, caption) = (alt.trim(), title.trim());
        let decorative = caption == "decorative" && alt.is_empty();
        self.prose.pictures += usize::from(!decorative);
        if !decorative && alt.is_empty() {
            let message =
                format!("the picture `{dest_url}` has no words for those who can't see it");
            let help = "write `![what it shows](file \"caption\")`";
            self.fault(Code::ImageAlt, span.start, message, help);
        }
        if caption.is_empty() {
            let message = format!("the picture `{dest_url}` has no caption");
            let help = "write it in quotes behind the file name";
            self.fault(Code::ImageCaption, span.start, message, help);
        }
        let Some(picture) = self.picture(&dest_url, span) else {
            return;
        };
        self.prose.picture_files.extend(picture.addresses());
        let image = picture.markup(alt);
        let image = format!("<div class=\"figure__frame\">{image}</div>");
        self.raw(match decorative {
            true => format!("<div class=\"block\"><div class=\"figure\">{image}</div></div>\n"),
            false => {
                let caption = escaped(caption);
                format!("<div class=\"block\"><figure class=\"figure\">{image}<figcaption>{caption}</figcaption></figure></div>\n")
            }
        });
    }

    fn picture(&mut self, file: &str, span: Span) -> Option<Picture> {
        let folder = self
            .reading
            .slug
            .map_or(String::new(), |slug| format!("articles/{slug}/"));
        let path = format!("{folder}{file}");
        let (message, help) = match self.reading.pictures.get(&path) {
            Some(Some(picture)) => {
                let picture = picture.clone();
                self.tell_size(&path, &picture, span);
                return Some(picture);
            }
            Some(None) => (
                format!("`{path}` is no picture that we can read"),
                "save it as PNG, JPEG, WebP, AVIF, GIF or SVG",
            ),
            None => (
                format!("there is no file `{path}`"),
                "put the picture there, and mind upper and lower case",
            ),
        };
        self.fault(Code::ImageMissing, span.start, message, help);
        None
    }

    /// Tells what is wrong with a picture that can be read.
    fn tell_size(&mut self, path: &str, picture: &Picture, span: Span) {
        let size = megabytes(picture.bytes);
        if picture.is_too_large() {
            let (width, height) = (picture.width, picture.height);
            let message = format!(
                "`{path}` has {width} x {height} pixels and {size}, expected at most {} million pixels and {}",
                MAX_PIXELS / 1_000_000,
                megabytes(MAX_BYTES)
            );
            let help = "save it 1600 pixels wide; no page shows more";
            return self.fault(Code::ImageLarge, span.start, message, help);
        }
        let Versions::Missing(location) = picture.versions else {
            return;
        };
        let message = match location {
            Location::Told => {
                format!("`{path}` says where it was taken, and its smaller versions are not made")
            }
            Location::Untold => {
                format!("the smaller versions of `{path}` are not made; every phone loads {size}")
            }
        };
        let help = format!("run `{COMMAND}` with the content folder as DIR");
        self.fault(Code::ImageStale, span.start, message, &help);
    }
}

/// A number of bytes for people: "5.2 MB".
fn megabytes(bytes: usize) -> String {
    let tenths = bytes.div_ceil(100_000);
    format!("{}.{} MB", tenths / 10, tenths % 10)
}

/// Whether the paragraph that has just begun holds one picture and nothing else.
pub(super) fn is_picture(events: &mut Events<'_>) -> bool {
    if !matches!(events.peek(), Some((Event::Start(Tag::Image { .. }), _))) {
        return false;
    }
    let mut ahead = events.clone();
    ahead.next();
    collect(&mut ahead);
    matches!(ahead.next(), Some((Event::End(TagEnd::Paragraph), _)))
}
