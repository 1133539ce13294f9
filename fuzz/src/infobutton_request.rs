//! What a clinic's software asks by code. The first line of an input is what it takes, as in `Accept`; the rest is
//! the question as it stands in an address or a form.

use jiff::Timestamp;
use signpost::infobutton::{MOST_ENTRIES, Medium, accepted, answer, read};
use signpost::pages::RenderedPage;
use signpost::pages::infobutton::{Feed, fault_page, infobutton_page};

use super::html;
use super::sound::{SOUND, site};

/// Reads any bytes as a request.
pub fn run(data: &[u8]) {
    let end = data.iter().position(|byte| *byte == b'\n');
    let (line, rest) = data.split_at(end.unwrap_or(data.len()));
    let accept = String::from_utf8_lossy(line);
    let question = rest.get(1..).unwrap_or_default();
    let pairs = form_urlencoded::parse(question).into_owned();
    let making = SOUND.snapshot.making();
    let asked = match read(pairs, accepted(&accept)) {
        Ok(asked) => asked,
        Err(fault) => return expect_page(fault_page(making, fault)),
    };
    assert!(!asked.criteria.is_empty());
    let found = answer(site(), SOUND.snapshot.codes(), &asked);
    assert!(found.matches.len() <= MOST_ENTRIES);
    if asked.medium == Medium::Page {
        expect_page(infobutton_page(making, &asked, &found));
    }
    let feed = Feed::of(making, &asked, &found, Timestamp::UNIX_EPOCH);
    let feed = feed.expect("the template can be filled");
    let atom = feed.to_atom().expect("the template can be filled");
    if let Err(error) = roxmltree::Document::parse(&atom) {
        panic!("{error} in {atom}");
    }
    let json = feed.to_json().expect("it can be written");
    let json: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
    assert!(json.get("feed").is_some(), "{json}");
}

fn expect_page(page: Result<RenderedPage, String>) {
    let page = page.expect("the template can be filled");
    assert_eq!(html::fault(&page.text), None);
}
