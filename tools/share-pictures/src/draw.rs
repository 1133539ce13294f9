//! SVG to PNG with the clinic's own fonts and no other, so that a picture is the
//! same on every machine.

use std::sync::Arc;

use anyhow::{Context, ensure};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::fontdb::{Database, FaceInfo, ID, Language, Source, Stretch, Style, Weight};
use resvg::usvg::{Options, Tree};
use signpost::pages::share_picture::{HEIGHT, SharePicture, WIDTH};

use crate::indexed::to_png;

/// The font that pictures ask for. Source: `templates/share/picture.svg`.
const FAMILY: &str = "Atkinson Hyperlegible Next";

/// What pictures are drawn with.
pub struct Pens {
    options: Options<'static>,
}

impl Pens {
    /// Takes fonts as the web has them (WOFF2), the one with the most letters first.
    ///
    /// # Errors
    /// A font can't be read: for whoever put it into `static/fonts/`.
    pub fn of(fonts: Vec<&[u8]>) -> anyhow::Result<Self> {
        ensure!(!fonts.is_empty(), "there is no font in `static/fonts/`");
        let mut database = Database::new();
        for font in fonts {
            database.push_face_info(face(unpacked(font)?));
        }
        let options = Options {
            font_family: FAMILY.to_owned(),
            fontdb: Arc::new(database),
            ..Options::default()
        };
        Ok(Self { options })
    }

    /// Draws a picture.
    ///
    /// # Errors
    /// The SVG can't be read: a fault of ours.
    pub fn draw(&self, picture: &SharePicture) -> anyhow::Result<Vec<u8>> {
        let tree = self
            .tree(&picture.svg)
            .with_context(|| format!("`{}` can't be drawn", picture.stem))?;
        let mut canvas = Pixmap::new(WIDTH, HEIGHT).context("a picture needs 3 MB of memory")?;
        resvg::render(&tree, Transform::identity(), &mut canvas.as_mut());
        to_png(&canvas)
    }

    pub(crate) fn tree(&self, svg: &str) -> anyhow::Result<Tree> {
        Ok(Tree::from_str(svg, &self.options)?)
    }
}

/// How a font is found. Subsets for the web lack names that a database of fonts looks for, and a clinic may serve
/// another font in the place of ours, so the name is the one that pictures ask for.
fn face(font: Vec<u8>) -> FaceInfo {
    FaceInfo {
        id: ID::dummy(),
        source: Source::Binary(Arc::new(font)),
        index: 0,
        families: vec![(FAMILY.to_owned(), Language::English_UnitedStates)],
        post_script_name: FAMILY.replace(' ', ""),
        style: Style::Normal,
        weight: Weight::NORMAL,
        stretch: Stretch::Normal,
        monospaced: false,
    }
}

/// A font as resvg reads it.
pub(crate) fn unpacked(font: &[u8]) -> anyhow::Result<Vec<u8>> {
    ensure!(font.starts_with(b"wOF2"), "a font is not WOFF2");
    wuff::decompress_woff2(font).map_err(|error| anyhow::anyhow!("a font can't be read: {error:?}"))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use jiff::civil::date;
    use resvg::usvg::{Group, Node, Rect};
    use signpost::assets::SHARE_FONTS;
    use signpost::disk::read_tree;
    use signpost::file::SourceFile;
    use signpost::pages::share_picture::lettering::{is_drawable, width};
    use signpost::pages::share_picture::share_pictures;
    use signpost::snapshot::build;
    use skrifa::MetadataProvider;
    use skrifa::instance::Size;

    use super::*;

    fn repository() -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
    }

    fn fonts() -> Vec<Vec<u8>> {
        let tree = read_tree(&repository()).unwrap();
        let fonts = SHARE_FONTS.iter().map(|path| tree.assets[*path].to_vec());
        fonts.collect()
    }

    fn pens() -> Pens {
        let fonts = fonts();
        Pens::of(fonts.iter().map(Vec::as_slice).collect()).unwrap()
    }

    /// The pictures of our own content with every text of a kind replaced.
    fn pictures(changes: &[(&str, &str, &str)]) -> Vec<SharePicture> {
        let mut tree = read_tree(&repository()).unwrap();
        for (path, from, to) in changes {
            let file = tree.texts.iter_mut().find(|file| file.path() == *path);
            let file = file.unwrap();
            assert!(file.text().contains(from), "{path} holds no {from}");
            *file = SourceFile::new(*path, file.text().replacen(from, to, 1));
        }
        let (snapshot, _) = build(&tree, date(2026, 11, 25), None).unwrap();
        share_pictures(snapshot.making()).unwrap()
    }

    /// Where the letters of each text stand.
    fn letters(group: &Group) -> Vec<(String, Rect)> {
        let mut found = Vec::new();
        for node in group.children() {
            match node {
                Node::Group(inner) => found.extend(letters(inner)),
                Node::Text(text) => {
                    let words = text.chunks().iter().map(|chunk| chunk.text().to_owned());
                    found.push((words.collect(), text.abs_bounding_box()));
                }
                _ => {}
            }
        }
        found
    }

    #[test]
    fn every_text_stays_in_its_place_however_long_it_is() {
        let title = "Sciatica: what it can mean";
        let long =
            "Lower back pain with a popping sound, and what you can do about it now: 80 signs";
        let word = format!("{} hurts", "W".repeat(30));
        let endless = "many long words ".repeat(20);
        let pens = pens();
        for text in [long, &word, endless.trim(), "A", &"@".repeat(80)] {
            let of_all = [
                ("articles/sciatica.md", title, text),
                ("clinic/topics.toml", "Back, neck and joints", text),
                ("clinic/services.toml", "Back pain visit", text),
                ("clinic/services.toml", "Every day, 8 am to 8 pm", text),
                ("clinic/clinic.toml", "Harbor Light Clinic", text),
                (
                    "clinic/clinic.toml",
                    "Plain answers, and care when you need it",
                    text,
                ),
            ];
            for picture in pictures(&of_all) {
                let tree = pens.tree(&picture.svg).unwrap();
                let placed = letters(tree.root());
                assert!(placed.len() >= 3, "{}", picture.stem);
                for (words, place) in &placed {
                    let stem = &picture.stem;
                    let is_inside = place.left() > 80.0
                        && place.right() < 1120.0
                        && place.top() > 15.0
                        && place.bottom() < 620.0;
                    assert!(is_inside, "{stem}: {words} at {place:?}");
                    let crosses_horizon = place.top() < 514.0 && place.bottom() > 514.0;
                    assert!(!crosses_horizon, "{stem}: {words} at {place:?}");
                    if place.top() < 514.0 {
                        assert!(place.right() <= 890.0, "{stem}: {words} at {place:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn no_letter_is_wider_than_the_library_says() {
        let mut letters = 0;
        for font in fonts() {
            let font = unpacked(&font).unwrap();
            let font = skrifa::FontRef::new(&font).unwrap();
            for weight in [400.0, 650.0] {
                let location = font.axes().location([("wght", weight)]);
                let metrics = font.glyph_metrics(Size::new(1000.0), &location);
                for (code, glyph) in font.charmap().mappings() {
                    let letter = char::from_u32(code).unwrap();
                    let own = metrics.advance_width(glyph).unwrap();
                    let said = width(&letter.to_string(), 1000);
                    assert!(
                        f64::from(own) < f64::from(said) + 1.0,
                        "{letter}: {own} > {said}"
                    );
                    letters += 1;
                }
            }
        }
        assert!(letters > 500, "only {letters} letters");
    }

    #[test]
    fn every_letter_that_is_drawn_is_in_the_fonts() {
        let fonts: Vec<Vec<u8>> = fonts().iter().map(|font| unpacked(font).unwrap()).collect();
        let has = |letter: char| {
            fonts.iter().any(|font| {
                let font = skrifa::FontRef::new(font).unwrap();
                font.charmap().map(letter).is_some()
            })
        };
        let drawable = ('\0'..='\u{ffff}').filter(|own| is_drawable(&own.to_string()));
        let missing: Vec<char> = drawable.filter(|letter| !has(*letter)).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    #[test]
    fn a_picture_is_the_same_twice_small_and_of_the_right_size() {
        let clinic = &pictures(&[])[0];
        assert_eq!(clinic.stem, "clinic");
        let first = pens().draw(clinic).unwrap();
        assert_eq!(pens().draw(clinic).unwrap(), first);
        let size = imagesize::blob_size(&first).unwrap();
        assert_eq!((size.width, size.height), (1200, 630));
        assert!(first.len() < 40_000, "{} bytes", first.len());
    }

    #[test]
    fn what_is_no_font_is_told() {
        for (fonts, told) in [
            (vec![], "there is no font in `static/fonts/`"),
            (vec![b"TTF".as_slice()], "a font is not WOFF2"),
        ] {
            let error = Pens::of(fonts).err().unwrap();
            assert_eq!(error.to_string(), told);
        }
        assert!(Pens::of(vec![b"wOF2 cut off".as_slice()]).is_err());
    }
}
