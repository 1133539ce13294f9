//! QR codes as rows of dark modules, for paper that leads back to a page. It stands apart
//! because handouts and mailings draw the same modules in different sizes.

use std::fmt::Write;

use qrcode::Color;
pub use qrcode::EcLevel;
use qrcode::bits::encode_auto;
use qrcode::canvas::{Canvas, MaskPattern};
use qrcode::ec::construct_codewords;
use qrcode::types::QrResult;

/// Light modules around a code. Source: ISO/IEC 18004, which asks for 4.
const QUIET_ZONE: usize = 4;

/// The pattern laid over the data, so that no large area is of one color. The code says which, so every reader takes all
/// eight. The standard asks encoders to draw all and weigh which is best; that is for data that happens to look like a
/// pattern itself, which addresses do not, and it took a fifth of the time in which a site is built.
const MASK: MaskPattern = MaskPattern::DiagonalLines;

/// The dark modules of a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QrModules {
    /// Width and height with the light modules around it.
    pub size: usize,
    /// Column, row and length of each run of dark modules, by row, then by column.
    pub runs: Vec<(usize, usize, usize)>,
}

impl QrModules {
    /// The code of an address; none if the address is too long for one.
    pub fn of(address: &str, level: EcLevel) -> Option<Self> {
        let (width, colors) = drawn(address, level).ok()?;
        let mut runs = Vec::new();
        for (row, line) in colors.chunks(width).enumerate() {
            let mut column = 0;
            for run in line.chunk_by(|a, b| a == b) {
                if run.first() == Some(&Color::Dark) {
                    runs.push((column + QUIET_ZONE, row + QUIET_ZONE, run.len()));
                }
                column += run.len();
            }
        }
        Some(Self {
            size: width + 2 * QUIET_ZONE,
            runs,
        })
    }

    /// The runs as one path of lines that are one module wide. It is half as long as a path of areas, and stands in
    /// every article.
    pub fn path(&self) -> String {
        let mut path = String::with_capacity(self.runs.len() * 8);
        let mut last: Option<(usize, usize)> = None;
        for (column, row, length) in &self.runs {
            let written = match last {
                Some((end, at)) if at == *row => write!(path, "m{} 0h{length}", column - end),
                _ => write!(path, "M{column} {row}.5h{length}"),
            };
            // A string takes everything.
            written.unwrap_or_default();
            last = Some((column + length, *row));
        }
        path
    }
}

/// The width of a code in modules, and its modules by row, then by column.
fn drawn(address: &str, level: EcLevel) -> QrResult<(usize, Vec<Color>)> {
    let bits = encode_auto(address.as_bytes(), level)?;
    let version = bits.version();
    let (data, correction) = construct_codewords(&bits.into_bytes(), version, level)?;
    let mut canvas = Canvas::new(version, level);
    canvas.draw_all_functional_patterns();
    canvas.draw_data(&data, &correction);
    canvas.apply_mask(MASK);
    let width = usize::try_from(version.width()).unwrap_or_default();
    Ok((width, canvas.into_colors()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADDRESS: &str = "https://clinic.example/articles/lower-back-pain";

    #[test]
    fn every_dark_module_of_a_code_is_drawn_once_inside_the_quiet_zone() {
        let (width, colors) = drawn(ADDRESS, EcLevel::Q).unwrap();
        let dark = colors.iter().filter(|color| **color == Color::Dark).count();
        let modules = QrModules::of(ADDRESS, EcLevel::Q).unwrap();
        let drawn: usize = modules.runs.iter().map(|(_, _, length)| length).sum();
        assert_eq!(drawn, dark);
        for (column, row, length) in modules.runs {
            assert!(column >= QUIET_ZONE && column + length <= width + QUIET_ZONE);
            assert!(row >= QUIET_ZONE && row < width + QUIET_ZONE);
        }
    }

    #[test]
    fn the_path_draws_the_same_runs() {
        let modules = QrModules::of(ADDRESS, EcLevel::M).unwrap();
        let path = modules.path();
        let mut drawn = Vec::new();
        for line in path.split('M').skip(1) {
            let (start, rest) = line.split_once('h').unwrap();
            let (column, row) = start.split_once(' ').unwrap();
            let row: usize = row.strip_suffix(".5").unwrap().parse().unwrap();
            let mut column: usize = column.parse().unwrap();
            for (at, part) in rest.split('m').enumerate() {
                let (gap, length) = match at {
                    0 => ("0", part),
                    _ => part.split_once(" 0h").unwrap(),
                };
                column += gap.parse::<usize>().unwrap();
                let length: usize = length.parse().unwrap();
                drawn.push((column, row, length));
                column += length;
            }
        }
        assert_eq!(drawn, modules.runs);
    }

    #[test]
    fn a_camera_reads_the_address_whatever_it_is() {
        for number in 0..200 {
            let path = "a-long-name-of-an-article-".repeat(number % 4);
            let address = format!("https://clinic{number}.example/articles/{path}{number}");
            for level in [EcLevel::M, EcLevel::Q] {
                let modules = QrModules::of(&address, level).unwrap();
                let is_dark = |x: usize, y: usize| {
                    modules.runs.iter().any(|(column, row, length)| {
                        let (x, y) = (x + QUIET_ZONE, y + QUIET_ZONE);
                        *row == y && (*column..column + length).contains(&x)
                    })
                };
                let grid = rqrr::SimpleGrid::from_func(modules.size - 2 * QUIET_ZONE, is_dark);
                let (_, read) = rqrr::Grid::new(grid).decode().unwrap();
                assert_eq!(read, address);
            }
        }
    }

    #[test]
    fn an_address_that_is_too_long_has_no_code() {
        assert_eq!(QrModules::of(&"a".repeat(4000), EcLevel::M), None);
    }
}
