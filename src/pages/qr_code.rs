//! QR codes as rows of dark modules, for paper that leads back to a page. It stands apart
//! because handouts and mailings draw the same modules in different sizes.

use std::fmt::Write;

pub use qrcode::EcLevel;
use qrcode::{Color, QrCode};

/// Light modules around a code. Source: ISO/IEC 18004, which asks for 4.
const QUIET_ZONE: usize = 4;

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
        let code = QrCode::with_error_correction_level(address, level).ok()?;
        let colors = code.to_colors();
        let mut runs = Vec::new();
        for (row, line) in colors.chunks(code.width()).enumerate() {
            let mut column = 0;
            for run in line.chunk_by(|a, b| a == b) {
                if run.first() == Some(&Color::Dark) {
                    runs.push((column + QUIET_ZONE, row + QUIET_ZONE, run.len()));
                }
                column += run.len();
            }
        }
        Some(Self {
            size: code.width() + 2 * QUIET_ZONE,
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

#[cfg(test)]
mod tests {
    use super::*;

    const ADDRESS: &str = "https://clinic.example/articles/lower-back-pain";

    #[test]
    fn every_dark_module_of_a_code_is_drawn_once_inside_the_quiet_zone() {
        let code = QrCode::with_error_correction_level(ADDRESS, EcLevel::Q).unwrap();
        let dark = code
            .to_colors()
            .iter()
            .filter(|color| **color == Color::Dark)
            .count();
        let modules = QrModules::of(ADDRESS, EcLevel::Q).unwrap();
        let drawn: usize = modules.runs.iter().map(|(_, _, length)| length).sum();
        assert_eq!(drawn, dark);
        for (column, row, length) in modules.runs {
            assert!(column >= QUIET_ZONE && column + length <= code.width() + QUIET_ZONE);
            assert!(row >= QUIET_ZONE && row < code.width() + QUIET_ZONE);
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
    fn an_address_that_is_too_long_has_no_code() {
        assert_eq!(QrModules::of(&"a".repeat(4000), EcLevel::M), None);
    }
}
