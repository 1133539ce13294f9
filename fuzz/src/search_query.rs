//! What somebody types into the search: cut, corrected, found, suggested and shown. Words that tell of an emergency
//! are heard whatever stands behind them.

use std::sync::LazyLock;

use signpost::pages::search::{answer_page, suggestions};
use signpost::search::{Index, Indexer, MAX_CHARS, MAX_WORDS, Query, Scope};

use super::html;
use super::sound::{SOUND, site};

/// Words that the sound site takes for an emergency.
const EMERGENCY: &str = "chest pain";

/// The word beside which it does not.
const UNLESS: &str = "toy";

/// The index of the sound site.
static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let mut indexer = Indexer::new().expect("there is memory");
    let index = indexer.follow(site(), Scope::Listed);
    index.expect("there is memory")
});

/// Reads any bytes as a question.
pub fn run(data: &[u8]) {
    let typed = String::from_utf8_lossy(data);
    let query = Query::read(&typed);
    assert!(query.text().chars().count() <= MAX_CHARS);
    assert_eq!(Query::read(query.text()).text(), query.text());
    expect_answer(&query);
    expect_suggestions(&query);
    let urgent = format!("{EMERGENCY} {typed}");
    let hears_other = urgent.replace(['\'', '\u{2019}'], "").to_lowercase();
    if !hears_other.contains(UNLESS) {
        let page = expect_answer(&Query::read(&urgent));
        assert!(page.contains("href=\"tel:"), "nobody to call: {urgent:?}");
    }
}

/// # Panics
/// The page fails or is not well made, or shows more than a reader can take in.
fn expect_answer(query: &Query) -> String {
    let found = INDEX.find(query, site()).expect("the index can be read");
    assert!(found.hits.len() <= 30);
    for told in found.corrected.iter().chain(&found.offered) {
        assert!(told.split_whitespace().count() <= MAX_WORDS, "{told:?}");
    }
    let page = answer_page(SOUND.snapshot.making(), query, Some(&found));
    let page = page.expect("the template can be filled");
    assert_eq!(html::fault(&page.text), None);
    page.text
}

/// # Panics
/// What a search box is told is no JSON, or leads to another site.
fn expect_suggestions(query: &Query) {
    let found = INDEX.suggest(query, site()).expect("the index can be read");
    let text = suggestions(SOUND.snapshot.making(), query, &found);
    let text = text.expect("it can be written");
    let read: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    assert_eq!(read.get(0).and_then(|own| own.as_str()), Some(query.text()));
    // Names, kinds and addresses; whom to call may stand before what was found.
    let lists = [1, 2, 3].map(|at| read.get(at).and_then(|own| own.as_array()).map(Vec::len));
    assert!(
        lists.iter().all(|own| own.is_some() && *own == lists[0]),
        "{text}"
    );
}
