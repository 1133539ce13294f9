//! Notes that editors leave in a text: `<!--` at the start of a line to `-->` at the end of
//! one. They are blanked before anything else looks at the text, so no reader and no rule
//! meets them, and every offset stays true. Any other HTML is refused, comments in a line too.

use super::block::fence_after;

/// The text with spaces in place of its comments, as long as before, and where a comment begins that never ends.
pub(crate) fn without_comments(text: &str) -> (String, Option<usize>) {
    let mut blanked = String::with_capacity(text.len());
    let mut fence: Option<&str> = None;
    let mut rest = text;
    while !rest.is_empty() {
        let length = rest.find('\n').map_or(rest.len(), |at| at + 1);
        let (line, after) = rest.split_at(length);
        if fence.is_some() || !line.starts_with("<!--") {
            fence = fence_after(fence, line);
            blanked.push_str(line);
            rest = after;
            continue;
        }
        let Some(end) = rest.find("-->").map(|at| at + 3) else {
            let at = blanked.len();
            blank(&mut blanked, rest);
            return (blanked, Some(at));
        };
        let (comment, after) = rest.split_at(end);
        let is_alone = after.lines().next().unwrap_or_default().trim().is_empty();
        if is_alone {
            blank(&mut blanked, comment);
        } else {
            blanked.push_str(comment);
        }
        // Words behind a comment make the line one of the text, and the comment HTML in it.
        let length = after.find('\n').map_or(after.len(), |at| at + 1);
        let (line, after) = after.split_at(length);
        blanked.push_str(line);
        rest = after;
    }
    (blanked, None)
}

/// Adds as many bytes as `text` has: its line ends, and spaces.
fn blank(to: &mut String, text: &str) {
    to.extend(text.bytes().map(|byte| match byte {
        b'\n' | b'\r' => char::from(byte),
        _ => ' ',
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_on_lines_of_its_own_is_blanked_and_nothing_else() {
        let rows = [
            ("a\n<!-- é -->\nb\n", "a\n           \nb\n", None),
            ("<!-- a\n::: do\n-->\nb", "      \n      \n   \nb", None),
            ("a <!-- b -->\n", "a <!-- b -->\n", None),
            ("<!-- a --> b\nc", "<!-- a --> b\nc", None),
            ("```\n<!-- a -->\n```\n", "```\n<!-- a -->\n```\n", None),
            ("a\n<!-- b\nc\n", "a\n      \n \n", Some(2)),
        ];
        for (text, expected, unclosed) in rows {
            assert_eq!(
                without_comments(text),
                (expected.to_owned(), unclosed),
                "{text}"
            );
        }
    }
}
