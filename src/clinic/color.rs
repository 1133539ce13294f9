//! Colors and the contrast between them, by the formula of WCAG 2.2.
//! It stands apart because the clinic's accent is data, and a color that people
//! can't read must be refused before it reaches a page.

use std::fmt;
use std::str::FromStr;

/// The least contrast of text, as a ratio to 1. Source: WCAG 2.2, success criterion 1.4.3 (AA).
pub const MIN_CONTRAST: f64 = 4.5;

/// An opaque sRGB color, written `#rrggbb`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Color {
    red: u8,
    green: u8,
    blue: u8,
}

impl Color {
    /// Makes a color from its three channels, each 0 to 255.
    pub const fn new(red: u8, green: u8, blue: u8) -> Self {
        Self { red, green, blue }
    }

    /// The contrast between two colors, from 1 (the same) to 21 (black and white).
    /// Source: WCAG 2.2, "contrast ratio".
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// The relative luminance, 0 (black) to 1 (white). Source: WCAG 2.2, "relative luminance".
    fn luminance(self) -> f64 {
        let channel = |value: u8| {
            let value = f64::from(value) / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * channel(self.red) + 0.7152 * channel(self.green) + 0.0722 * channel(self.blue)
    }

    /// Of the candidates the one with the most contrast to this color.
    pub fn best_ink(self, first: Self, second: Self) -> Self {
        if self.contrast(first) >= self.contrast(second) {
            first
        } else {
            second
        }
    }
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

/// Text that is no color; prints what was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidColor;

impl fmt::Display for InvalidColor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected a color such as `#0b5d5a`")
    }
}

impl std::error::Error for InvalidColor {}

impl FromStr for Color {
    type Err = InvalidColor;

    fn from_str(text: &str) -> Result<Self, InvalidColor> {
        let digits = text
            .strip_prefix('#')
            .filter(|digits| digits.len() == 6 && digits.is_ascii())
            .ok_or(InvalidColor)?;
        let channel = |at: usize| {
            let pair = digits.get(at..at + 2).ok_or(InvalidColor)?;
            u8::from_str_radix(pair, 16).map_err(|_| InvalidColor)
        };
        Ok(Self::new(channel(0)?, channel(2)?, channel(4)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_follows_the_published_formula() {
        let rows = [
            ("#000000", "#ffffff", 21.0),
            ("#777777", "#ffffff", 4.48),
            ("#0b5d5a", "#ffffff", 7.66),
        ];
        for (a, b, expected) in rows {
            let (a, b): (Color, Color) = (a.parse().unwrap(), b.parse().unwrap());
            assert!(
                (a.contrast(b) - expected).abs() < 0.06,
                "{a} on {b}: {}",
                a.contrast(b)
            );
        }
    }

    #[test]
    fn a_color_prints_as_it_is_written() {
        assert_eq!("#0b5d5a".parse::<Color>().unwrap().to_string(), "#0b5d5a");
        for text in ["0b5d5a", "#0b5d5", "#0b5d5g", "teal", "#ααα"] {
            assert!(text.parse::<Color>().is_err(), "{text}");
        }
    }
}
