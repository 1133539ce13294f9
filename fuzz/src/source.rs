//! Works by DOI or PMID, as an editor types them when an article is begun. Whatever is taken for one can be typed
//! again in every form that we show, and the article that begins with it has no fault of its own.

use signpost::content::{Audience, read_article};
use signpost::diagnostic::Diagnostic;
use signpost::file::SourceFile;
use signpost::scaffold::{Identifier, NewArticle, StartedSource};
use signpost::source::{Pmcid, SourceId, WebAddress};

use super::article::surroundings;
use super::sound::{TODAY, site};

/// Most works that are looked at; an article has fewer.
const MOST: usize = 12;

/// Reads any bytes as names of works.
pub fn run(data: &[u8]) {
    let typed = String::from_utf8_lossy(data);
    let names = typed.split(|sign: char| sign == ',' || sign.is_whitespace());
    let mut found = Vec::new();
    for name in names.filter(|name| !name.is_empty()).take(MOST) {
        expect_text_alone(name);
        if let Some(identifier) = Identifier::read(name) {
            expect_again(&identifier);
            found.push(identifier);
        }
    }
    if !found.is_empty() {
        expect_sound_article(&StartedSource::all(&found));
    }
}

/// # Panics
/// A name is shown in another way than it was typed.
fn expect_text_alone(name: &str) {
    if let Ok(own) = name.parse::<WebAddress>() {
        assert_eq!(own.as_str(), name);
        assert!(!own.host().is_empty());
    }
    if let Ok(own) = name.parse::<Pmcid>() {
        assert!(own.href().parse::<WebAddress>().is_ok());
    }
}

/// # Panics
/// A work that is typed again, by name or by address, is another one.
fn expect_again(identifier: &Identifier) {
    let (name, label, address) = match identifier {
        Identifier::Doi(doi) => (doi.as_str(), "DOI:", doi.href()),
        Identifier::Pmid(pmid) => (pmid.as_str(), "pmid:", pmid.href()),
    };
    assert!(address.parse::<WebAddress>().is_ok(), "{address}");
    for typed in [name, &format!("{label}{name}"), &address] {
        assert_eq!(
            Identifier::read(typed).as_ref(),
            Some(identifier),
            "{typed}"
        );
    }
}

/// # Panics
/// An article that begins with these works has an error.
fn expect_sound_article(sources: &[StartedSource]) {
    for source in sources {
        assert!(source.id().parse::<SourceId>().is_ok(), "{}", source.id());
    }
    let protocol = site().protocols.values().next();
    let article = NewArticle {
        slug: "begun-page",
        title: "A begun page",
        topic: "first-topic",
        protocol: protocol.expect("the sound site has one"),
        service: None,
        authors: &["test-author".to_owned()],
        reviewer: "test-reviewer",
        today: TODAY,
        sources,
    };
    let text = article.text().expect("the template can be filled");
    let file = SourceFile::new("articles/begun-page.md", text);
    let read = read_article(&file, surroundings(), Audience::Editors);
    let wrong = read
        .diagnostics
        .iter()
        .find(|found| Diagnostic::is_error(found));
    assert!(
        wrong.is_none(),
        "{}\n{}",
        wrong.expect("there is"),
        file.text()
    );
}
