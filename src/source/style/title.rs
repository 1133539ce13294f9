//! Capitals and quotation marks of a title.
//! Apart from the styles, because AMA and MLA share it and English has many small words.
//! It only puts capitals in. Which capitals of a printed title are names, no rule can tell.

/// Words that MLA leaves small inside a title.
const SMALL_WORDS: [&str; 32] = [
    "a", "about", "against", "among", "an", "and", "at", "between", "but", "by", "during", "for",
    "from", "in", "into", "nor", "of", "on", "onto", "or", "per", "than", "the", "through", "to",
    "toward", "upon", "versus", "via", "vs", "with", "without",
];

/// Puts in the capitals of a title in English. A word that has a capital, a digit or a period inside
/// stays as it is (`mRNA`, `medlineplus.gov`), so no title in capitals already is changed.
pub(super) fn title_case(title: &str) -> String {
    let words: Vec<&str> = title.split(' ').collect();
    let mut opens = true;
    let mut cased = Vec::new();
    for (index, word) in words.iter().enumerate() {
        let inside = !opens && index + 1 < words.len();
        cased.push(match inside && is_small(word) {
            true => (*word).to_owned(),
            false => capitalized_compound(word),
        });
        opens = ends_a_clause(word);
    }
    cased.join(" ")
}

fn is_small(word: &str) -> bool {
    SMALL_WORDS.contains(&word.trim_matches(|c: char| !c.is_alphanumeric()))
}

fn ends_a_clause(word: &str) -> bool {
    word.ends_with([':', '?', '!', '—', '–'])
        || (word.ends_with('.') && word.matches('.').count() == 1 && word != "vs.")
}

fn capitalized_compound(word: &str) -> String {
    let last = word.split('-').count().saturating_sub(1);
    let parts = word.split('-').enumerate().map(|(index, part)| {
        let inside = index > 0 && index < last;
        match inside && is_small(part) {
            true => part.to_owned(),
            false => capitalized(part),
        }
    });
    parts.collect::<Vec<_>>().join("-")
}

fn capitalized(word: &str) -> String {
    let name = word.trim_end_matches(['.', ':', ',', ';', '?', '!']);
    if name.contains(|c: char| c.is_uppercase() || c.is_numeric() || matches!(c, '.' | '@' | '/')) {
        return word.to_owned();
    }
    let start = word.find(char::is_alphabetic).unwrap_or(word.len());
    let (before, rest) = word.split_at(start);
    let mut letters = rest.chars();
    let first: String = letters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    format!("{before}{first}{}", letters.as_str())
}

/// A title that will stand in double quotation marks, with its own marks made single.
pub(super) fn single_quoted(title: &str) -> String {
    let mut quoted = String::new();
    for c in title.chars() {
        let opens = quoted.is_empty() || quoted.ends_with([' ', '(', '[']);
        quoted.push(match c {
            '“' => '‘',
            '"' if opens => '‘',
            '”' | '"' => '’',
            other => other,
        });
    }
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_in_sentence_case_gets_its_capitals() {
        let rows = [
            ("Ankylosing spondylitis", "Ankylosing Spondylitis"),
            (
                "The role of back muscles in pain: state-of-the-art and a view",
                "The Role of Back Muscles in Pain: State-of-the-Art and a View",
            ),
            ("pain: a review", "Pain: A Review"),
            ("what to look for", "What to Look For"),
            ("check. know. share.", "Check. Know. Share."),
            (
                "ice vs. heat for pain (and for cramps)",
                "Ice vs. Heat for Pain (and for Cramps)",
            ),
            ("over-the-counter follow-up", "Over-the-Counter Follow-Up"),
            ("don't wait", "Don't Wait"),
            (
                "“flu” in the U.S. and mRNA, on medlineplus.gov",
                "“Flu” in the U.S. and mRNA, on medlineplus.gov",
            ),
            ("hepatitis A virus", "Hepatitis A Virus"),
            ("Guideline From the College", "Guideline From the College"),
            ("", ""),
        ];
        for (title, expected) in rows {
            assert_eq!(title_case(title), expected);
            assert_eq!(title_case(expected), expected);
        }
    }

    #[test]
    fn quotation_marks_inside_a_title_become_single() {
        let rows = [
            ("Facts (\"Stomach Flu\")", "Facts (‘Stomach Flu’)"),
            ("\"Flu\" and “flu”", "‘Flu’ and ‘flu’"),
            ("Don't", "Don't"),
        ];
        for (title, expected) in rows {
            assert_eq!(single_quoted(title), expected);
        }
    }
}
