//! An article's whole file: front matter, Markdown blocks, citations, findings, pictures, diagrams. An article
//! without an error is built into the site, so that every page which shows it is looked at, too.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use signpost::content::{Audience, Surroundings, TermIndex, read_article};
use signpost::diagnostic::Diagnostic;
use signpost::file::SourceFile;

use super::sound::{SOUND, TODAY, expect_told_well, live, site, with};

/// The file that is written anew.
const PATH: &str = "articles/every-part.md";

/// Reads any bytes as an article.
pub fn run(data: &[u8]) {
    let file = SourceFile::new(PATH, String::from_utf8_lossy(data));
    let read = read_article(&file, surroundings(), Audience::Editors);
    expect_told_well(&file, &read.diagnostics);
    expect_told_well(&file, read.style.as_deref().unwrap_or_default());
    for link in &read.links {
        let offset = link.offset;
        assert!(file.text().is_char_boundary(offset), "a link at {offset}");
    }
    let has_error = read.diagnostics.iter().any(Diagnostic::is_error);
    assert_ne!(read.article.is_some(), has_error);
    if read.article.is_some() {
        live(&with(PATH, file.text()));
    }
}

/// All that an article of the sound site may name.
pub fn surroundings() -> Surroundings<'static> {
    static NONE_BROKEN: BTreeSet<signpost::id::ComplaintId> = BTreeSet::new();
    static LANGUAGES: LazyLock<[String; 2]> = LazyLock::new(|| ["en", "es"].map(str::to_owned));
    static TERMS: LazyLock<TermIndex> = LazyLock::new(|| TermIndex::new(&site().glossary));
    let site = site();
    Surroundings {
        clinic: &site.clinic,
        people: &site.people,
        topics: &site.topics,
        terms: &TERMS,
        protocols: &site.protocols,
        broken_protocols: &NONE_BROKEN,
        services: &site.services,
        pictures: &SOUND.pictures,
        diagrams: &site.diagrams,
        languages: LANGUAGES.as_slice(),
        today: TODAY,
    }
}
