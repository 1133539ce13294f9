//! The icon of the site as pixels, for what can't show an SVG. All are drawn from the
//! one SVG that browsers get. They keep plain names: the server gives each its
//! fingerprint, so only their bytes tell whether they are current.

use anyhow::{Context, ensure};
use png::{BitDepth, ColorType, Compression, Encoder};
use resvg::tiny_skia::{Color, Pixmap, PremultipliedColorU8, Transform};
use resvg::usvg::{Options, Tree};

/// From what icons are drawn.
pub const SOURCE: &str = "static/icons/favicon.svg";

/// What a system does with an icon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outline {
    /// Shows it as it is, with clear corners.
    Own,
    /// Rounds its corners, so the ground reaches into them.
    Filled,
    /// Cuts any outline out of it; four fifths in the middle stay. Source: W3C, "Web Application Manifest", maskable.
    Cut,
}

/// File, size in pixels, and outline.
const ICONS: [(&str, u32, Outline); 4] = [
    ("static/icons/touch-180.png", 180, Outline::Filled),
    ("static/icons/icon-192.png", 192, Outline::Own),
    ("static/icons/icon-512.png", 512, Outline::Own),
    ("static/icons/maskable-512.png", 512, Outline::Cut),
];

/// An icon as a file.
pub struct Icon {
    /// Where it stands in the content folder.
    pub path: &'static str,
    /// The file. The same SVG gives the same bytes.
    pub png: Vec<u8>,
}

/// Every icon of an SVG.
///
/// # Errors
/// The SVG can't be read, or is not square: for whoever put it there.
pub fn icons(svg: &[u8]) -> anyhow::Result<Vec<Icon>> {
    let tree = Tree::from_data(svg, &Options::default())
        .with_context(|| format!("`{SOURCE}` can't be drawn"))?;
    let (width, height) = (tree.size().width(), tree.size().height());
    ensure!(
        (width - height).abs() < f32::EPSILON,
        "`{SOURCE}` is {width} wide and {height} high, expected a square"
    );
    let icons = ICONS.iter().map(|(path, size, outline)| {
        let png = encoded(&drawn(&tree, *size, *outline)?)?;
        Ok(Icon { path, png })
    });
    icons.collect()
}

fn drawn(tree: &Tree, size: u32, outline: Outline) -> anyhow::Result<Pixmap> {
    let mut canvas = Pixmap::new(size, size).context("an icon needs 1 MB of memory")?;
    // Sizes are far below what a float holds exactly.
    let side = size as f32;
    let share = match outline {
        Outline::Own | Outline::Filled => 1.0,
        Outline::Cut => 0.8,
    };
    if outline != Outline::Own {
        canvas.fill(ground(tree)?);
    }
    let scale = side * share / tree.size().width();
    let margin = side * (1.0 - share) / 2.0;
    let place = Transform::from_scale(scale, scale).post_translate(margin, margin);
    resvg::render(tree, place, &mut canvas.as_mut());
    Ok(canvas)
}

/// The color at the middle of the upper edge: that on which the sign stands.
fn ground(tree: &Tree) -> anyhow::Result<Color> {
    let mut canvas = Pixmap::new(64, 64).context("an icon needs 1 MB of memory")?;
    let scale = 64.0 / tree.size().width();
    resvg::render(
        tree,
        Transform::from_scale(scale, scale),
        &mut canvas.as_mut(),
    );
    let pixel = canvas.pixel(32, 1).context("a canvas has pixels")?;
    let color = pixel.demultiply();
    Ok(Color::from_rgba8(
        color.red(),
        color.green(),
        color.blue(),
        255,
    ))
}

fn encoded(canvas: &Pixmap) -> anyhow::Result<Vec<u8>> {
    let pixels = canvas.pixels().iter();
    let rows: Vec<u8> = pixels.flat_map(channels).collect();
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, canvas.width(), canvas.height());
    encoder.set_color(ColorType::Rgba);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::High);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&rows)?;
    writer.finish()?;
    Ok(bytes)
}

fn channels(pixel: &PremultipliedColorU8) -> [u8; 4] {
    let color = pixel.demultiply();
    [color.red(), color.green(), color.blue(), color.alpha()]
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use signpost::disk::read_tree;

    use super::*;

    #[test]
    fn every_icon_of_our_own_site_is_there_and_current() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let tree = read_tree(&root).unwrap();
        for icon in icons(&tree.assets[SOURCE]).unwrap() {
            let file = tree.assets.get(icon.path);
            assert!(
                file.is_some_and(|bytes| **bytes == *icon.png),
                "{} is not what `{SOURCE}` shows; run `cargo run --release -p signpost-share-pictures`",
                icon.path
            );
        }
    }

    #[test]
    fn an_icon_has_its_size_and_its_outline() {
        let svg = br##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="#0b5d5a"/><path fill="#fff" d="M8 8h16v16H8z"/></svg>"##;
        let tree = Tree::from_data(svg, &Options::default()).unwrap();
        for (path, size, outline) in ICONS {
            let canvas = drawn(&tree, size, outline).unwrap();
            let at = |x: u32, y: u32| channels(&canvas.pixel(x, y).unwrap());
            let corner = match outline {
                Outline::Own => [0, 0, 0, 0],
                Outline::Filled | Outline::Cut => [0x0b, 0x5d, 0x5a, 255],
            };
            assert_eq!(at(0, 0), corner, "{path}");
            assert_eq!(at(size / 2, size / 2), [255; 4], "{path}");
            // The sign begins a quarter from the edge, and nearer to the middle where an outline is cut.
            let edge = at(size * 27 / 100, size / 2);
            assert_eq!(edge == [255; 4], outline != Outline::Cut, "{path}");
        }
        for icon in icons(svg).unwrap() {
            let size = imagesize::blob_size(&icon.png).unwrap();
            assert!(icon.path.contains(&size.width.to_string()), "{}", icon.path);
            assert_eq!(size.width, size.height);
        }
    }

    #[test]
    fn what_is_no_square_picture_is_told() {
        let wide = br#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 16"/>"#;
        let told = icons(wide).err().unwrap().to_string();
        assert_eq!(
            told,
            "`static/icons/favicon.svg` is 32 wide and 16 high, expected a square"
        );
        assert!(icons(b"<p>").is_err());
    }
}
