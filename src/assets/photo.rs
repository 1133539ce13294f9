//! What a picture file says of itself before anybody decodes it: its size, how the
//! camera was held, whether it tells where it was taken, whether it moves. It stands
//! apart because the server and the program that makes versions must say the same.

/// A picture in a format of which versions are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Photo {
    /// How it is stored.
    pub format: Format,
    /// Width of the upright picture, in pixels.
    pub width: u32,
    /// Height of the upright picture, in pixels.
    pub height: u32,
    /// How it is turned upright: the EXIF orientation, 1 to 8. Source: Exif 2.32, tag 0x0112.
    pub turn: u8,
    /// Whether it holds the coordinates of a place.
    pub tells_place: bool,
}

/// How a picture is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// JPEG.
    Jpeg,
    /// PNG that stands still.
    Png,
    /// WebP that stands still.
    WebP,
}

impl Photo {
    /// Reads the head of a file; none for other formats, for pictures that move, and for what is no picture.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let (format, exif) = if bytes.starts_with(b"\xff\xd8\xff") {
            (Format::Jpeg, in_jpeg(bytes))
        } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            (Format::Png, in_png(bytes).ok()?)
        } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
            (Format::WebP, in_webp(bytes).ok()?)
        } else {
            return None;
        };
        let size = imagesize::blob_size(bytes).ok()?;
        let (width, height) = (
            u32::try_from(size.width).ok()?,
            u32::try_from(size.height).ok()?,
        );
        let (turn, tells_place) = exif.and_then(camera).unwrap_or((1, false));
        let lies = turn >= 5;
        Some(Self {
            format,
            width: if lies { height } else { width },
            height: if lies { width } else { height },
            turn,
            tells_place,
        })
    }
}

/// The picture moves.
struct Moves;

/// The EXIF part of a JPEG. Source: ITU-T T.81, annex B; Exif 2.32, 4.5.4.
fn in_jpeg(bytes: &[u8]) -> Option<&[u8]> {
    let mut rest = bytes.get(2..)?;
    loop {
        let (marker, kind) = (rest.first()?, rest.get(1)?);
        // The picture itself begins; what the camera says stands before it.
        if *marker != 0xff || *kind == 0xda {
            return None;
        }
        let length = usize::from(u16::from_be_bytes([*rest.get(2)?, *rest.get(3)?]));
        let part = rest.get(4..2 + length)?;
        match part.strip_prefix(b"Exif\0\0") {
            Some(exif) if *kind == 0xe1 => return Some(exif),
            _ => rest = rest.get(2 + length..)?,
        }
    }
}

/// The EXIF part of a PNG. Source: PNG, third edition, 5.3 and 11.3.
fn in_png(bytes: &[u8]) -> Result<Option<&[u8]>, Moves> {
    let mut rest = bytes.get(8..).unwrap_or_default();
    let mut exif = None;
    while let Some((length, kind)) = rest.first_chunk().zip(rest.get(4..8)) {
        let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
        match kind {
            b"acTL" => return Err(Moves),
            b"eXIf" => exif = rest.get(8..length.saturating_add(8)),
            _ => {}
        }
        rest = rest.get(length.saturating_add(12)..).unwrap_or_default();
    }
    Ok(exif)
}

/// The EXIF part of a WebP. Source: RFC 9649, 2.7.
fn in_webp(bytes: &[u8]) -> Result<Option<&[u8]>, Moves> {
    let mut rest = bytes.get(12..).unwrap_or_default();
    let mut exif = None;
    while let Some((kind, length)) = rest
        .get(..4)
        .zip(rest.get(4..).and_then(|b| b.first_chunk()))
    {
        let length = usize::try_from(u32::from_le_bytes(*length)).unwrap_or(usize::MAX);
        match kind {
            b"ANIM" | b"ANMF" => return Err(Moves),
            b"EXIF" => exif = rest.get(8..length.saturating_add(8)),
            _ => {}
        }
        let padded = length.saturating_add(length % 2);
        rest = rest.get(padded.saturating_add(8)..).unwrap_or_default();
    }
    // Some programs put the head of the JPEG part before it.
    Ok(exif.map(|exif| exif.strip_prefix(b"Exif\0\0").unwrap_or(exif)))
}

/// The orientation, and whether there are coordinates. Source: TIFF 6.0, section 2; Exif 2.32, tags 0x0112 and 0x8825.
fn camera(exif: &[u8]) -> Option<(u8, bool)> {
    let order = match exif.get(..4)? {
        b"II*\0" => Order::LittleEndian,
        b"MM\0*" => Order::BigEndian,
        _ => return None,
    };
    let start = order.long(exif.get(4..)?)?;
    let directory = exif.get(usize::try_from(start).ok()?..)?;
    let count = usize::from(order.short(directory)?);
    let mut found = (1, false);
    for entry in directory.get(2..)?.chunks_exact(12).take(count) {
        match order.short(entry)? {
            0x0112 => {
                let turn = order.short(entry.get(8..)?)?;
                found.0 = u8::try_from(turn)
                    .ok()
                    .filter(|turn| (1..=8).contains(turn))?;
            }
            0x8825 => found.1 = true,
            _ => {}
        }
    }
    Some(found)
}

/// Which byte of a number comes first.
#[derive(Clone, Copy)]
enum Order {
    LittleEndian,
    BigEndian,
}

impl Order {
    fn short(self, bytes: &[u8]) -> Option<u16> {
        let bytes = *bytes.first_chunk()?;
        Some(match self {
            Self::LittleEndian => u16::from_le_bytes(bytes),
            Self::BigEndian => u16::from_be_bytes(bytes),
        })
    }

    fn long(self, bytes: &[u8]) -> Option<u32> {
        let bytes = *bytes.first_chunk()?;
        Some(match self {
            Self::LittleEndian => u32::from_le_bytes(bytes),
            Self::BigEndian => u32::from_be_bytes(bytes),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// EXIF with an orientation and, if asked for, a pointer to coordinates.
    fn exif(order: &[u8; 4], turn: u8, tags: &[u16]) -> Vec<u8> {
        let is_big = order[0] == b'M';
        let short = |value: u16| match is_big {
            true => value.to_be_bytes(),
            false => value.to_le_bytes(),
        };
        let long = |value: u32| match is_big {
            true => value.to_be_bytes(),
            false => value.to_le_bytes(),
        };
        let mut out = order.to_vec();
        out.extend(long(8));
        out.extend(short(u16::try_from(tags.len()).unwrap()));
        for tag in tags {
            out.extend(short(*tag));
            out.extend(short(3));
            out.extend(long(1));
            out.extend(short(u16::from(turn)));
            out.extend([0, 0]);
        }
        out
    }

    /// A JPEG of 30 x 20 pixels up to its frame header, which is all that is looked at.
    fn jpeg(exif: &[u8]) -> Vec<u8> {
        let mut out = b"\xff\xd8\xff\xe0\x00\x04ab".to_vec();
        let length = u16::try_from(exif.len() + 8).unwrap();
        out.extend(b"\xff\xe1");
        out.extend(length.to_be_bytes());
        out.extend(b"Exif\0\0");
        out.extend(exif);
        out.extend(b"\xff\xc0\x00\x0b\x08\x00\x14\x00\x1e\x01\x01\x11\x00\xff\xda\x00\x00");
        out
    }

    fn png(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
        let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
        let head: &[u8] = &[0, 0, 0, 30, 0, 0, 0, 20, 8, 2, 0, 0, 0];
        for (kind, content) in [(b"IHDR", head)].iter().chain(chunks) {
            out.extend(u32::try_from(content.len()).unwrap().to_be_bytes());
            out.extend(*kind);
            out.extend(*content);
            out.extend([0; 4]);
        }
        out
    }

    #[test]
    fn a_picture_is_as_large_as_it_is_when_it_stands_upright() {
        for order in [b"II*\0", b"MM\0*"] {
            for turn in 1..=8 {
                let photo = Photo::of(&jpeg(&exif(order, turn, &[0x010f, 0x0112]))).unwrap();
                let size = if turn < 5 { (30, 20) } else { (20, 30) };
                assert_eq!((photo.width, photo.height), size, "{turn}");
                assert_eq!((photo.turn, photo.tells_place), (turn, false));
            }
        }
    }

    #[test]
    fn coordinates_are_seen_in_every_container() {
        let place = exif(b"MM\0*", 6, &[0x0112, 0x8825]);
        let no_place = exif(b"MM\0*", 6, &[0x0112]);
        for (exif, tells) in [(&place, true), (&no_place, false)] {
            let of_png = Photo::of(&png(&[(b"tEXt", b"a"), (b"eXIf", exif)])).unwrap();
            let of_jpeg = Photo::of(&jpeg(exif)).unwrap();
            assert_eq!([of_png.tells_place, of_jpeg.tells_place], [tells; 2]);
            assert_eq!([of_png.turn, of_jpeg.turn], [6; 2]);
        }
    }

    #[test]
    fn what_moves_or_is_no_picture_is_left_as_it_is() {
        assert_eq!(Photo::of(&png(&[(b"acTL", b"12345678")])), None);
        assert_eq!(
            Photo::of(b"<svg xmlns=\"http://www.w3.org/2000/svg\">"),
            None
        );
        assert_eq!(Photo::of(b"\xff\xd8\xff"), None);
        assert_eq!(Photo::of(b""), None);
    }

    proptest! {
        #[test]
        fn any_bytes_behind_the_first_come_to_an_end(
            start in 0..3_usize,
            rest in prop::collection::vec(any::<u8>(), 0..200),
            cut in 0..80_usize,
        ) {
            let heads = [jpeg(&exif(b"II*\0", 6, &[0x0112, 0x8825])), png(&[(b"eXIf", b"MM\0*")]), b"RIFF\0\0\0\0WEBPVP8X".to_vec()];
            let head = &heads[start];
            let mut bytes = head[..cut.min(head.len())].to_vec();
            bytes.extend(rest);
            if let Some(photo) = Photo::of(&bytes) {
                prop_assert!((1..=8).contains(&photo.turn));
            }
        }
    }
}
