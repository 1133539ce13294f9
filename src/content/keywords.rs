//! The words by which a text is known: those of its title and its other names, brought
//! to their stems. They stand apart from style checks and from search, since they only
//! answer which texts are near each other.

use std::collections::BTreeSet;

use rust_stemmers::{Algorithm, Stemmer};

/// Words that many titles have and that tell no two texts apart.
const STOP_WORDS: &str = "a about after all an and are as at be by can do does don early for from get getting go have \
    help helps how if in into is it its mean means of on or sign signs symptom symptoms tell that the their them they \
    this to too up use what when which who why with you your yourself";

/// The stems of the words of some names, ascending, each once. `lang` is that of the names: words of a language other
/// than English stay as they are.
pub fn keywords<'a>(names: impl Iterator<Item = &'a str>, lang: &str) -> Vec<String> {
    let stop: BTreeSet<&str> = STOP_WORDS.split_whitespace().collect();
    let is_english = lang.split('-').next() == Some("en");
    let stemmer = is_english.then(|| Stemmer::create(Algorithm::English));
    let mut found = BTreeSet::new();
    for name in names {
        let lower = name.to_lowercase();
        let words = lower.split(|sign: char| !sign.is_alphanumeric());
        // A letter or a number alone, such as the 2 of "type 2", says too little.
        let telling = words.filter(|word| word.chars().count() > 1 && !stop.contains(word));
        for word in telling {
            let stem = stemmer.as_ref().map(|stemmer| stemmer.stem(word));
            found.insert(stem.map_or_else(|| word.to_owned(), |stem| stem.into_owned()));
        }
    }
    found.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_names_become_stems() {
        let rows: [(&[&str], &str, &[&str]); 3] = [
            (
                &["Knee popping and pain: what it can mean", "Painful knees"],
                "en",
                &["knee", "pain", "pop"],
            ),
            (
                &["Early signs of type 2 diabetes"],
                "en-US",
                &["diabet", "type"],
            ),
            (&["Dolor de rodillas"], "es", &["de", "dolor", "rodillas"]),
        ];
        for (names, lang, expected) in rows {
            assert_eq!(keywords(names.iter().copied(), lang), expected, "{names:?}");
        }
    }
}
