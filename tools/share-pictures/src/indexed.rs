//! A canvas to a PNG of at most 256 colors. Our pictures are flat, so nearly all
//! of their colors are the blends at the edges of letters, and of those neighbors
//! can't be told apart: a file has a third of the size that it would have in full color.

use std::collections::BTreeMap;

use anyhow::Context;
use png::{BitDepth, ColorType, Compression, Encoder, Filter};
use resvg::tiny_skia::{Pixmap, PremultipliedColorU8};

/// Red, green and blue.
type Rgb = [u8; 3];

/// The most colors that one byte can name.
const MOST_COLORS: usize = 256;

/// Encodes an opaque canvas. The same canvas gives the same bytes.
///
/// # Errors
/// The encoder refused: a fault of ours.
pub fn to_png(canvas: &Pixmap) -> anyhow::Result<Vec<u8>> {
    let pixels: Vec<Rgb> = canvas.pixels().iter().map(rgb).collect();
    let palette = palette(&pixels);
    let rows = numbered(&pixels, &palette)?;
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, canvas.width(), canvas.height());
    encoder.set_color(ColorType::Indexed);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::High);
    // Numbers of colors are no amounts, so the difference of two says nothing.
    encoder.set_filter(Filter::NoFilter);
    encoder.set_palette(palette.concat());
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&rows)?;
    writer.finish()?;
    Ok(bytes)
}

fn rgb(pixel: &PremultipliedColorU8) -> Rgb {
    [pixel.red(), pixel.green(), pixel.blue()]
}

/// The most frequent colors, most frequent first, and among equals by value.
fn palette(pixels: &[Rgb]) -> Vec<Rgb> {
    let mut counts: BTreeMap<Rgb, usize> = BTreeMap::new();
    for run in pixels.chunk_by(|one, next| one == next) {
        if let Some(color) = run.first() {
            *counts.entry(*color).or_default() += run.len();
        }
    }
    let mut colors: Vec<(Rgb, usize)> = counts.into_iter().collect();
    colors.sort_by_key(|(color, count)| (std::cmp::Reverse(*count), *color));
    colors.truncate(MOST_COLORS);
    colors.into_iter().map(|(color, _)| color).collect()
}

/// Each pixel as the number of the nearest color.
fn numbered(pixels: &[Rgb], palette: &[Rgb]) -> anyhow::Result<Vec<u8>> {
    let mut known: BTreeMap<Rgb, u8> = BTreeMap::new();
    let mut rows = Vec::with_capacity(pixels.len());
    for run in pixels.chunk_by(|one, next| one == next) {
        let Some(color) = run.first() else { continue };
        let number = match known.get(color) {
            Some(number) => *number,
            None => {
                let number = nearest(*color, palette).context("a canvas has pixels")?;
                known.insert(*color, number);
                number
            }
        };
        rows.resize(rows.len() + run.len(), number);
    }
    Ok(rows)
}

fn nearest(color: Rgb, palette: &[Rgb]) -> Option<u8> {
    let (at, _) = palette
        .iter()
        .enumerate()
        .min_by_key(|(_, other)| distance(color, **other))?;
    u8::try_from(at).ok()
}

/// The square of the distance between two colors.
fn distance(one: Rgb, other: Rgb) -> u32 {
    let channels = one.iter().zip(other);
    channels.map(|(a, b)| u32::from(a.abs_diff(b)).pow(2)).sum()
}
