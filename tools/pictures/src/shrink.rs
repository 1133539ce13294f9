//! One picture to smaller ones: decoded once, its colors those that every screen knows,
//! turned upright, and without anything that a camera wrote beside it. The same file
//! gives the same bytes.

use std::io::Cursor;

use anyhow::{Context, anyhow, ensure};
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType as PngFilter, PngEncoder};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, RgbaImage};
use moxcms::{ColorProfile, Layout, TransformOptions};
use signpost::assets::versions::Coding;
use signpost::assets::{Format, Photo};
use signpost::content::markdown::MAX_PIXELS;
use webp::{Encoder, WebPConfig};

/// Quality of a WebP file, 1 to 100: where letters in drawings stay clean and photos lose nothing that is seen at
/// the size of a page.
const WEBP_QUALITY: f32 = 80.0;

/// Pains that the WebP encoder takes, 0 to 6 (most).
const WEBP_METHOD: i32 = 6;

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
        let is_opaque = pixels
            .pixels()
            .all(|pixel| pixel.0.last() == Some(&u8::MAX));
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
            Coding::WebP => return webp(&small, self.surface),
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
        let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
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
    let transform = profile.create_transform_8bit(Layout::Rgba, &srgb, Layout::Rgba, options);
    let Ok(transform) = transform else { return };
    let mut changed = vec![0; pixels.as_raw().len()];
    if transform.transform(pixels.as_raw(), &mut changed).is_ok() {
        pixels.copy_from_slice(&changed);
    }
}

fn webp(small: &RgbaImage, surface: Surface) -> anyhow::Result<Vec<u8>> {
    let mut config =
        WebPConfig::new().map_err(|()| anyhow!("libwebp has no settings of its own"))?;
    config.quality = WEBP_QUALITY;
    config.method = WEBP_METHOD;
    // Colors that meet sharply, as in drawings, keep their edges.
    config.use_sharp_yuv = 1;
    let (width, height) = small.dimensions();
    let encoded = match surface {
        Surface::Opaque => {
            let pixels = DynamicImage::ImageRgba8(small.clone()).into_rgb8();
            Encoder::from_rgb(&pixels, width, height).encode_advanced(&config)
        }
        Surface::SeeThrough => Encoder::from_rgba(small, width, height).encode_advanced(&config),
    };
    let encoded = encoded.map_err(|error| anyhow!("libwebp refuses the picture: {error:?}"))?;
    Ok(encoded.to_vec())
}

#[cfg(test)]
mod tests {
    use image::codecs::jpeg::JpegEncoder;
    use image::{ImageEncoder, Rgba, RgbaImage};

    use super::*;

    /// A picture whose left half has one color and whose right half another.
    fn halves(width: u32, height: u32, colors: [[u8; 4]; 2]) -> RgbaImage {
        RgbaImage::from_fn(width, height, |x, _| {
            Rgba(colors[usize::from(x >= width / 2)])
        })
    }

    fn png(image: &RgbaImage, profile: Option<Vec<u8>>) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = PngEncoder::new(&mut bytes);
        if let Some(profile) = profile {
            encoder.set_icc_profile(profile).unwrap();
        }
        image.write_with_encoder(encoder).unwrap();
        bytes
    }

    fn decoded(bytes: &[u8]) -> Original {
        Original::decode(bytes, Photo::of(bytes).unwrap()).unwrap()
    }

    /// A color of a file, in parts of its width and height.
    fn color(bytes: &[u8], x: f32, y: f32) -> [u8; 4] {
        let image = image::load_from_memory(bytes).unwrap().into_rgba8();
        let at = |part: f32, size: u32| (part * size as f32) as u32;
        image
            .get_pixel(at(x, image.width()), at(y, image.height()))
            .0
    }

    fn is_near(one: [u8; 4], other: [u8; 4]) -> bool {
        one.iter().zip(other).all(|(a, b)| a.abs_diff(b) < 12)
    }

    const RED: [u8; 4] = [200, 30, 30, 255];
    const BLUE: [u8; 4] = [30, 30, 200, 255];

    /// A JPEG as a phone writes it that is held upright: it lies, and says so, and says where it was taken.
    fn phone_jpeg() -> Vec<u8> {
        let lying = DynamicImage::ImageRgba8(halves(600, 300, [RED, BLUE])).into_rgb8();
        let mut jpeg = Vec::new();
        lying
            .write_with_encoder(JpegEncoder::new_with_quality(&mut jpeg, 90))
            .unwrap();
        let exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x02\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\x88\x25\0\x04\0\0\0\x01\0\0\0\x26\0\0\0\0";
        let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
        let part = [b"\xff\xe1".as_slice(), &length, exif].concat();
        jpeg.splice(2..2, part);
        jpeg
    }

    #[test]
    fn a_photo_is_turned_upright_and_tells_no_place() {
        let jpeg = phone_jpeg();
        let photo = Photo::of(&jpeg).unwrap();
        assert_eq!((photo.width, photo.height), (300, 600));
        assert!(photo.tells_place);
        for coding in [Coding::Jpeg, Coding::WebP] {
            let version = decoded(&jpeg).version(150, coding).unwrap();
            let says = |words: &[u8]| version.windows(words.len()).any(|part| part == words);
            assert!(!says(b"Exif") && !says(b"MM\0*"), "{coding:?}");
            let size = image_size(&version);
            assert_eq!(size, (150, 300), "{coding:?}");
        }
        // What was left lies on top when the camera was turned to the right.
        let small = decoded(&jpeg).version(150, Coding::Jpeg).unwrap();
        assert!(is_near(color(&small, 0.5, 0.2), RED));
        assert!(is_near(color(&small, 0.5, 0.8), BLUE));
    }

    fn image_size(bytes: &[u8]) -> (usize, usize) {
        let size = imagesize::blob_size(bytes).unwrap();
        (size.width, size.height)
    }

    #[test]
    fn what_can_be_seen_through_stays_so_and_keeps_its_color() {
        let drawing = png(&halves(800, 400, [[200, 30, 30, 255], [0, 0, 0, 0]]), None);
        let small = decoded(&drawing).version(400, Coding::Png).unwrap();
        assert_eq!(color(&small, 0.2, 0.5), [200, 30, 30, 255]);
        assert_eq!(color(&small, 0.8, 0.5)[3], 0);
        // No black bleeds into the last column that is seen.
        let edge = color(&small, 0.495, 0.5);
        assert!(edge[0] > 180, "{edge:?}");
    }

    #[test]
    fn colors_of_a_wide_screen_become_those_of_every_screen() {
        let profile = ColorProfile::new_display_p3().encode().unwrap();
        let muted = [200, 100, 100, 255];
        let image = halves(600, 100, [muted, muted]);
        let plain = decoded(&png(&image, None))
            .version(300, Coding::Png)
            .unwrap();
        let wide = decoded(&png(&image, Some(profile)));
        let wide = wide.version(300, Coding::Png).unwrap();
        assert_eq!(color(&plain, 0.5, 0.5), muted);
        // Source: Display P3 200, 100, 100 is sRGB 213, 95, 97, by CSS Color 4, section 17.
        let turned = color(&wide, 0.5, 0.5);
        assert!(is_near(turned, [213, 95, 97, 255]), "{turned:?}");
        assert!(turned[0] > 206, "{turned:?}");
    }

    #[test]
    fn a_picture_keeps_its_shape_and_gives_the_same_bytes_twice() {
        let image = png(&halves(1001, 333, [RED, BLUE]), None);
        let original = decoded(&image);
        for coding in [Coding::WebP, Coding::Png] {
            let first = original.version(540, coding).unwrap();
            assert_eq!(image_size(&first), (540, 180));
            assert_eq!(original.version(540, coding).unwrap(), first);
        }
    }

    #[test]
    fn a_broken_file_is_told_and_stops_nothing() {
        let whole = png(&halves(800, 400, [RED, BLUE]), None);
        let cut = &whole[..whole.len() / 2];
        let photo = Photo::of(cut).unwrap();
        assert!(Original::decode(cut, photo).is_err());
    }
}
