//! Names as AMA and NLM shorten them, and what all styles need to tell about a name.
//! Apart from the styles, because the two differ only in a suffix and in how many names they show.
//! It corrects no name: what the record says is printed.

use super::ReferenceStyle;
use super::place::joined;
use crate::source::{Author, Source};

/// Authors as `Family AB`. AMA shows three of more than six; NLM shows all.
pub(super) fn name_list(source: &Source, style: ReferenceStyle) -> String {
    let most = match (style, source.authors.len()) {
        (ReferenceStyle::Ama, 7..) => 3,
        (_, all) => all,
    };
    let cut = source.et_al || most < source.authors.len();
    let mut names: Vec<String> = source
        .authors
        .iter()
        .take(most)
        .map(|author| initialed(author, style))
        .collect();
    if cut && !names.is_empty() {
        names.push("et al".to_owned());
    }
    names.join(", ")
}

fn initialed(author: &Author, style: ReferenceStyle) -> String {
    match author {
        Author::Organization(name) => name.clone(),
        Author::Person {
            family,
            given,
            suffix,
        } => {
            let suffix = suffix.as_deref().map(|it| suffix_in(it, style));
            joined(&[Some(family), Some(&initials(given)), suffix], " ")
        }
    }
}

fn initials(given: &str) -> String {
    let parts = given.split(|c: char| c.is_whitespace() || matches!(c, '.' | '-'));
    parts.map(initials_of_part).collect()
}

/// `WJG` is three initials already; `Wim` gives one.
fn initials_of_part(part: &str) -> String {
    if part.chars().all(char::is_uppercase) {
        return part.to_owned();
    }
    let first = part.chars().find(|c| c.is_alphabetic());
    first.into_iter().flat_map(char::to_uppercase).collect()
}

pub(super) fn suffix_in(suffix: &str, style: ReferenceStyle) -> &str {
    match (suffix.trim_end_matches('.'), style) {
        ("Jr", ReferenceStyle::Mla) => "Jr.",
        ("Sr", ReferenceStyle::Mla) => "Sr.",
        ("II" | "2nd", ReferenceStyle::Vancouver) => "2nd",
        ("III" | "3rd", ReferenceStyle::Vancouver) => "3rd",
        ("IV" | "4th", ReferenceStyle::Vancouver) => "4th",
        ("2nd", _) => "II",
        ("3rd", _) => "III",
        ("4th", _) => "IV",
        (other, _) => other,
    }
}

pub(super) fn short_name(author: &Author) -> &str {
    match author {
        Author::Person { family, .. } => family,
        Author::Organization(name) => name,
    }
}

pub(super) fn is_same_name(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_names_become_initials() {
        let rows = [
            ("Kyle J.", "KJ"),
            ("Stuart Jon", "SJ"),
            ("Masja C. M.", "MCM"),
            ("C.M.", "CM"),
            ("Y.-Y.", "YY"),
            ("Jean-Louis", "JL"),
            ("Raymond WJG", "RWJG"),
            ("élodie", "É"),
            ("M. O'Neil", "MO"),
        ];
        for (given, expected) in rows {
            assert_eq!(initials(given), expected);
        }
    }

    #[test]
    fn a_suffix_is_written_as_its_style_does() {
        use ReferenceStyle::{Ama, Mla, Vancouver};
        let rows = [
            ("III", [(Ama, "III"), (Mla, "III"), (Vancouver, "3rd")]),
            ("2nd", [(Ama, "II"), (Mla, "II"), (Vancouver, "2nd")]),
            ("IV", [(Ama, "IV"), (Mla, "IV"), (Vancouver, "4th")]),
            ("Jr.", [(Ama, "Jr"), (Mla, "Jr."), (Vancouver, "Jr")]),
            ("Sr", [(Ama, "Sr"), (Mla, "Sr."), (Vancouver, "Sr")]),
        ];
        for (suffix, styles) in rows {
            for (style, expected) in styles {
                assert_eq!(suffix_in(suffix, style), expected);
            }
        }
    }
}
