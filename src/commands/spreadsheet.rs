//! Cells of CSV files that people open in a spreadsheet. A spreadsheet runs what looks
//! like a formula, so a cell that begins like one gets an apostrophe before it.
//! Source: OWASP, CSV Injection.

use super::harmless::one_line;

/// Signs that begin a formula, in both widths.
const FORMULA_SIGNS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// A text as a cell: on one line, without control characters, and never a formula.
pub(super) fn cell(text: &str) -> String {
    let text = one_line(text);
    if text.trim_start().starts_with(FORMULA_SIGNS) {
        format!("'{text}")
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        let rows = [
            ("Ann", "Ann"),
            ("=1+1", "'=1+1"),
            ("+1 555 555 0100", "'+1 555 555 0100"),
            ("-2", "'-2"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "' =1"),
            ("\r\n=1", "' =1"),
            ("＝1", "'＝1"),
            ("\u{200b}=1", "\\u{200b}=1"),
            ("a=1", "a=1"),
            ("", ""),
        ];
        for (text, expected) in rows {
            assert_eq!(cell(text), expected, "{text:?}");
        }
    }
}
