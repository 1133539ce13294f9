//! Texts that somebody else typed, made harmless for a terminal or a file: no sign of
//! theirs can move the cursor, change a color, or turn the reading order around. Such
//! a sign is shown as its number, so that nothing vanishes in silence.

/// A text on one line. Line breaks and tabs become spaces.
pub(super) fn one_line(text: &str) -> String {
    let spaced = text.replace("\r\n", " ").replace(['\n', '\r', '\t'], " ");
    shown(&spaced)
}

/// The lines of a text, in its order; one empty line for an empty text.
pub(super) fn lines(text: &str) -> Vec<String> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.split('\n')
        .map(|line| shown(&line.replace('\t', " ")))
        .collect()
}

fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for sign in text.chars() {
        if is_harmful(sign) {
            shown.extend(sign.escape_unicode());
        } else {
            shown.push(sign);
        }
    }
    shown
}

/// Control characters; signs that change the direction of reading; signs that nobody can see.
fn is_harmful(sign: char) -> bool {
    sign.is_control()
        || matches!(sign,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_sign_of_somebody_else_moves_a_cursor_or_hides() {
        let rows = [
            ("Ann Example", "Ann Example"),
            ("Zoë 王 👩\u{200d}⚕️", "Zoë 王 👩\u{200d}⚕️"),
            (
                "\u{1b}[2J\u{1b}]0;owned\u{7}",
                "\\u{1b}[2J\\u{1b}]0;owned\\u{7}",
            ),
            ("a\u{9b}31m", "a\\u{9b}31m"),
            ("a\u{202e}cba", "a\\u{202e}cba"),
            ("a\u{200b}b\u{feff}", "a\\u{200b}b\\u{feff}"),
            ("a\r\nb\tc\rd", "a b c d"),
            ("\u{8}\u{7f}", "\\u{8}\\u{7f}"),
        ];
        for (text, expected) in rows {
            assert_eq!(one_line(text), expected, "{text:?}");
        }
    }

    #[test]
    fn lines_stay_lines() {
        assert_eq!(lines("a\r\nb\rc\n\u{1b}d"), ["a", "b", "c", "\\u{1b}d"]);
        assert_eq!(lines(""), [""]);
    }
}
