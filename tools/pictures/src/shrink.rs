//! One picture to smaller ones: decoded once, its colors those that every screen knows,
//! turned upright, and without anything that a camera wrote beside it. The same file
//! gives the same bytes.

use std::io::Cursor;

use anyhow::{Context, ensure};
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType as PngFilter, PngEncoder};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, RgbaImage};
use moxcms::{ColorProfile, Layout, TransformOptions};
use ravif::{Encoder, Img, RGB8, RGBA8};
use signpost::assets::versions::Coding;
use signpost::assets::{Format, Photo};
use signpost::content::markdown::MAX_PIXELS;

/// Quality of an AVIF file, 1 to 100: where letters in drawings stay clean and photos lose nothing that is seen at
/// the size of a page.
const AVIF_QUALITY: f32 = 70.0;

/// Pains that the AVIF encoder takes, 1 (most) to 10. From 6 to 4 a file shrinks by some 3 percent in twice the time.
const AVIF_SPEED: u8 = 6;

/// Quality of a JPEG file, 1 to 100.
const JPEG_QUALITY: u8 = 82;

/// A picture in memory, upright, in sRGB, 4 bytes a pixel.
pub struct Original {
    image: DynamicImage,
    surface: Surface,
}

/// Whether one can see through a picture somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Surface {
    Opaque,
    SeeThrough,
}

impl Original {
    /// Decodes a file.
    ///
    /// # Errors
    /// It is broken, or not what its head says: for its editor.
    pub fn decode(bytes: &[u8], photo: Photo) -> anyhow::Result<Self> {
        let format = match photo.format {
            Format::Jpeg => ImageFormat::Jpeg,
            Format::Png => ImageFormat::Png,
            Format::WebP => ImageFormat::WebP,
        };
        let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
        let mut limits = Limits::default();
        // 16 bits for each of 4 channels at most.
        limits.max_alloc = Some(MAX_PIXELS * 8);
        reader.limits(limits);
        let mut decoder = reader.into_decoder()?;
        let profile = decoder.icc_profile()?;
        let mut pixels = DynamicImage::from_decoder(decoder)?.into_rgba8();
        if let Some(profile) = profile {
            to_srgb(&mut pixels, &profile);
        }
        let is_opaque = pixels.pixels().all(|pixel| pixel.0.last() == Some(&u8::MAX));
        let mut image = DynamicImage::ImageRgba8(pixels);
        image.apply_orientation(Orientation::from_exif(photo.turn).context("no such turn")?);
        ensure!(
            (image.width(), image.height()) == (photo.width, photo.height),
            "its head says another size"
        );
        let surface = if is_opaque {
            Surface::Opaque
        } else {
            Surface::SeeThrough
        };
        Ok(Self { image, surface })
    }

    /// The picture at a width, encoded.
    ///
    /// # Errors
    /// An encoder refused: a fault of ours.
    pub fn version(&self, width: u32, coding: Coding) -> anyhow::Result<Vec<u8>> {
        let small = self.resized(width)?;
        let mut bytes = Vec::new();
        match coding {
            Coding::Avif => return avif(&small, self.surface),
            Coding::Jpeg => DynamicImage::ImageRgba8(small)
                .into_rgb8()
                .write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY))?,
            Coding::Png => {
                let encoder = PngEncoder::new_with_quality(
                    &mut bytes,
                    CompressionType::Best,
                    PngFilter::Adaptive,
                );
                let small = DynamicImage::ImageRgba8(small);
                match self.surface {
                    Surface::Opaque => small.into_rgb8().write_with_encoder(encoder)?,
                    Surface::SeeThrough => small.write_with_encoder(encoder)?,
                }
            }
        }
        Ok(bytes)
    }

    fn resized(&self, width: u32) -> anyhow::Result<RgbaImage> {
        let height = u64::from(width) * u64::from(self.image.height());
        let whole = u64::from(self.image.width());
        let height = u32::try_from(((height + whole / 2) / whole).max(1))?;
        let mut small = DynamicImage::new_rgba8(width, height);
        // Multiplied by alpha first, so that what is not seen does not bleed into what is.
        let options =
            ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
        Resizer::new().resize(&self.image, &mut small, &options)?;
        Ok(small.into_rgba8())
    }
}

/// Changes colors of another space into those of sRGB. A profile that can't be used is left out, as browsers do.
fn to_srgb(pixels: &mut RgbaImage, profile: &[u8]) {
    let Ok(profile) = ColorProfile::new_from_slice(profile) else {
        return;
    };
    let srgb = ColorProfile::new_srgb();
    let options = TransformOptions::default();
    let transform =
        profile.create_transform_8bit(Layout::Rgba, &srgb, Layout::Rgba, options);
    let Ok(transform) = transform else { return };
    let mut changed = vec![0; pixels.as_raw().len()];
    if transform.transform(pixels.as_raw(), &mut changed).is_ok() {
        pixels.copy_from_slice(&changed);
    }
}

fn avif(small: &RgbaImage, surface: Surface) -> anyhow::Result<Vec<u8>> {
    let (width, height) = (small.width() as usize, small.height() as usize);
    let encoder = Encoder::new()
        .with_quality(AVIF_QUALITY)
        .with_alpha_quality(AVIF_QUALITY)
        .with_speed(AVIF_SPEED)
        .with_num_threads(Some(1));
    let pixels = small.pixels().map(|pixel| pixel.0);
    let encoded = match surface {
        Surface::Opaque => {
            let pixels: Vec<RGB8> = pixels.map(|[r, g, b, _]| RGB8::new(r, g, b)).collect();
            encoder.encode_rgb(Img::new(&pixels, width, height))
        }
        Surface::SeeThrough => {
            let pixels: Vec<RGBA8> = pixels
                .map(|[r, g, b, a]| RGBA8::new(r, g, b, a))
                .collect();
            encoder.encode_rgba(Img::new(&pixels, width, height))
        }
    };
    Ok(encoded?.avif_file)
}

