//! Finds the links of a text that lead to an article, wherever they stand: in the body, in a
//! takeaway, in a note. It looks at destinations only, so words that happen to be the same
//! stay as they are.

use super::front_matter::Spot;
use crate::id::Slug;

/// What stands before a destination: behind the words of a link, or behind the name of a reference.
const OPENINGS: [&str; 2] = ["](", "]:"];

/// Every destination that leads to `old`, in the order of the text, with what shall stand there.
pub(super) fn link_spots(text: &str, old: &Slug, new: &Slug) -> Vec<Spot> {
    let mut spots = Vec::new();
    for opening in OPENINGS {
        for (at, _) in text.match_indices(opening) {
            let start = at + opening.len();
            let rest = text.get(start..).unwrap_or_default();
            let skipped = rest.len() - rest.trim_start_matches([' ', '<']).len();
            let begins = start + skipped;
            let ends = |sign: char| sign.is_whitespace() || matches!(sign, ')' | '>' | '"');
            let rest = text.get(begins..).unwrap_or_default();
            let destination = rest.split(ends).next().unwrap_or_default();
            spots.extend(spot(destination, begins, old, new));
        }
    }
    spots.sort_by_key(|spot| spot.span.start);
    spots
}

fn spot(destination: &str, begins: usize, old: &Slug, new: &Slug) -> Option<Spot> {
    let path = destination.split('#').next()?;
    let name_at = match path.strip_suffix(".md") {
        Some(_) if path.contains("://") => return None,
        Some(stem) => stem.rfind('/').map_or(0, |at| at + 1),
        None => path
            .strip_prefix("/articles/")
            .map(|_| "/articles/".len())?,
    };
    let name = path.get(name_at..)?;
    let name = name.strip_suffix(".md").unwrap_or(name);
    let start = begins + name_at;
    (name == old.as_str()).then(|| Spot {
        span: start..start + name.len(),
        words: new.to_string(),
        told: format!(
            "the link `{destination}` becomes `{}`",
            replaced(destination, name_at, old, new)
        ),
    })
}

fn replaced(destination: &str, at: usize, old: &Slug, new: &Slug) -> String {
    let (before, rest) = destination.split_at(at);
    let after = rest.strip_prefix(old.as_str()).unwrap_or(rest);
    format!("{before}{new}{after}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text with its links mended.
    fn mended(text: &str) -> String {
        let (old, new) = ("knee".parse().unwrap(), "knee-pain".parse().unwrap());
        let mut out = text.to_owned();
        for spot in link_spots(text, &old, &new).into_iter().rev() {
            out.replace_range(spot.span, &spot.words);
        }
        out
    }

    #[test]
    fn every_form_of_a_link_is_mended_and_nothing_else() {
        let rows = [
            ("[a](knee.md)", "[a](knee-pain.md)"),
            ("[a](knee.md#relief)", "[a](knee-pain.md#relief)"),
            (
                "[a](../articles/knee.md \"b\")",
                "[a](../articles/knee-pain.md \"b\")",
            ),
            ("[a](</articles/knee#b>)", "[a](</articles/knee-pain#b>)"),
            ("[a]: knee.md\n", "[a]: knee-pain.md\n"),
            (
                "[a][b]\n\n[b]: /articles/knee\n",
                "[a][b]\n\n[b]: /articles/knee-pain\n",
            ),
            (
                "[a](knee.md) and [b](knee.md)",
                "[a](knee-pain.md) and [b](knee-pain.md)",
            ),
        ];
        for (text, expected) in rows {
            assert_eq!(mended(text), expected);
        }
        let others = [
            "[knee.md](hip.md)",
            "[a](my-knee.md)",
            "[a](knee-cap.md)",
            "[a](finding:knee)",
            "[a](https://other.example/knee.md)",
            "[a](#knee)",
            "![a](knee.svg \"b\")",
            "knee.md, the knee",
            "[a](/topics/knee)",
        ];
        for text in others {
            assert_eq!(mended(text), text);
        }
    }
}
