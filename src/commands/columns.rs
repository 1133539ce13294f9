//! Tables for a terminal. Widths are counted as a terminal shows them, and no line is
//! wider than [`WIDTH`]: what doesn't fit is cut or wrapped, column by column. Cells
//! hold one line and no control characters; see `harmless`.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Widest line, in cells of the terminal.
pub(super) const WIDTH: usize = 100;

/// Cells between two columns.
const GAP: usize = 2;

/// What to do with a text that is wider than its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Excess {
    /// End it with an ellipsis.
    Cut,
    /// Go on in the next line.
    Wrap,
}

/// On which side a column is even.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// Texts.
    Left,
    /// Numbers.
    Right,
}

/// One column.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    heading: &'static str,
    /// It is never made narrower than this, in cells.
    least: usize,
    side: Side,
    excess: Excess,
}

impl Column {
    /// A column of texts that are cut when they must be, to not less than `least` cells.
    pub(super) const fn text(heading: &'static str, least: usize) -> Self {
        Self {
            heading,
            least,
            side: Side::Left,
            excess: Excess::Cut,
        }
    }

    /// A column of texts that go on in the next line, with not less than `least` cells.
    pub(super) const fn wrapped(heading: &'static str, least: usize) -> Self {
        Self {
            heading,
            least,
            side: Side::Left,
            excess: Excess::Wrap,
        }
    }

    /// A column of numbers, which are never cut.
    pub(super) const fn number(heading: &'static str) -> Self {
        Self {
            heading,
            least: usize::MAX,
            side: Side::Right,
            excess: Excess::Cut,
        }
    }
}

/// A table with its headings; each row has one cell a column.
pub(super) fn table<const N: usize>(columns: [Column; N], rows: &[[String; N]]) -> String {
    let widths = widths(&columns, rows);
    let headings = columns.map(|column| column.heading.to_owned());
    let mut table = String::new();
    for row in std::iter::once(&headings).chain(rows) {
        line_up(&mut table, &columns, &widths, row);
    }
    table
}

/// As wide as the widest cell; then the widest column gives way until the line fits.
fn widths<const N: usize>(columns: &[Column; N], rows: &[[String; N]]) -> Vec<usize> {
    let widest = |at: usize| {
        let cells = rows.iter().filter_map(|row| row.get(at));
        cells.map(|cell| cell.width()).max().unwrap_or_default()
    };
    let mut widths: Vec<usize> = columns
        .iter()
        .enumerate()
        .map(|(at, column)| widest(at).max(column.heading.width()))
        .collect();
    let room = WIDTH.saturating_sub(GAP * N.saturating_sub(1));
    while widths.iter().sum::<usize>() > room {
        let wide = widths.iter_mut().zip(columns);
        let wide = wide.filter(|(width, column)| **width > column.least);
        let Some((width, _)) = wide.max_by_key(|(width, _)| **width) else {
            break;
        };
        *width -= 1;
    }
    widths
}

fn line_up<const N: usize>(
    table: &mut String,
    columns: &[Column; N],
    widths: &[usize],
    row: &[String; N],
) {
    let cells: Vec<Vec<String>> = columns
        .iter()
        .zip(widths)
        .zip(row)
        .map(|((column, width), cell)| match column.excess {
            Excess::Cut => vec![cut(cell, *width)],
            Excess::Wrap => wrap(cell, *width),
        })
        .collect();
    let height = cells.iter().map(Vec::len).max().unwrap_or_default();
    for at in 0..height {
        let mut line = String::new();
        for ((column, width), cell) in columns.iter().zip(widths).zip(&cells) {
            let text = cell.get(at).map_or("", String::as_str);
            let space = " ".repeat(width.saturating_sub(text.width()));
            let (before, after) = match column.side {
                Side::Left => ("", space.as_str()),
                Side::Right => (space.as_str(), ""),
            };
            line.extend([before, text, after, "  "]);
        }
        table.push_str(line.trim_end());
        table.push('\n');
    }
}

/// The beginning of a text that is too wide, and an ellipsis.
fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let (mut kept, mut used) = (String::new(), 1);
    for sign in text.chars() {
        used += sign.width().unwrap_or_default();
        if used > width {
            break;
        }
        kept.push(sign);
    }
    kept.push('…');
    kept
}

/// A text as lines that fit; a word that is too wide is broken.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let used = lines.last().map_or(0, |line| line.width());
        if used > 0 && used + 1 + word.width() > width {
            lines.push(String::new());
        } else if used > 0 {
            push(&mut lines, ' ');
        }
        for sign in word.chars() {
            let used = lines.last().map_or(0, |line| line.width());
            if used > 0 && used + sign.width().unwrap_or_default() > width {
                lines.push(String::new());
            }
            push(&mut lines, sign);
        }
    }
    lines
}

fn push(lines: &mut [String], sign: char) {
    if let Some(line) = lines.last_mut() {
        line.push(sign);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row<const N: usize>(cells: [&str; N]) -> [String; N] {
        cells.map(str::to_owned)
    }

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let columns = [Column::text("NAME", 4), Column::number("COUNT")];
        let rows = [row(["Ann", "7"]), row(["王小明", "1,000"])];
        let expected = "NAME    COUNT\nAnn         7\n王小明  1,000\n";
        assert_eq!(table(columns, &rows), expected);
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        let columns = [
            Column::text("A", 9),
            Column::text("B", 9),
            Column::wrapped("C", 9),
        ];
        let long = "word ".repeat(40);
        let rows = [
            row(["fixed", long.trim(), long.trim()]),
            row(["b", &"王".repeat(80), "c"]),
        ];
        let table = table(columns, &rows);
        assert!(table.lines().all(|line| line.width() <= WIDTH), "{table}");
        assert_eq!(table.matches('…').count(), 2);
        assert!(
            table.matches("word").count() > 40,
            "a wrapped cell loses nothing"
        );
    }

    #[test]
    fn a_word_that_is_too_wide_is_broken() {
        assert_eq!(wrap("ab abcdefg h", 3), ["ab", "abc", "def", "g h"]);
        assert_eq!(wrap("", 3), [""]);
        assert_eq!(cut("abcdef", 4), "abc…");
    }
}
