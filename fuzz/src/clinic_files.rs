//! What else a clinic writes: its details, services, prices, people, findings, words, pages, catalogs and drawings. The
//! first line of an input names the file, the rest is its text. What has no error is built into the site.

use std::collections::BTreeSet;

use signpost::booking::{parse_campaigns, parse_fees, parse_request_settings, parse_services};
use signpost::clinic::{parse_clinic, parse_glossary, parse_people, parse_synonyms, parse_topics};
use signpost::content::markdown::read_diagrams;
use signpost::content::parse_page_text;
use signpost::diagnostic::Diagnostic;
use signpost::file::SourceFile;
use signpost::messages::read_catalogs;
use signpost::site::Tree;
use signpost::triage::{
    parse_emergency_words, parse_measures, parse_protocol, parse_shared_findings, parse_vignettes,
};

use super::headed;
use super::sound::{SOUND, TODAY, assets_with, expect_told_well, live, site, with};

/// Files that can be written anew. Another name stands for one of them.
const PATHS: [&str; 18] = [
    "clinic/clinic.toml",
    "clinic/people.toml",
    "clinic/topics.toml",
    "clinic/services.toml",
    "clinic/copays.toml",
    "clinic/booking.toml",
    "clinic/campaigns.toml",
    "clinic/findings.toml",
    "clinic/measures.toml",
    "clinic/glossary.toml",
    "clinic/emergency-words.toml",
    "clinic/synonyms.toml",
    "clinic/protocols/test-complaint.toml",
    "clinic/pages/privacy.md",
    "clinic/pages/nondiscrimination.md",
    "clinic/messages/es.toml",
    "static/diagrams/test-part.svg",
    "tests/vignettes/test-complaint.toml",
];

/// Reads any bytes as one of the files.
pub fn run(data: &[u8]) {
    let input = String::from_utf8_lossy(data);
    let (name, text) = headed(&input);
    let meant = PATHS.iter().find(|path| **path == name);
    let path = *meant.unwrap_or(&PATHS[name.len() % PATHS.len()]);
    let file = SourceFile::new(path, text);
    let told = read(&file);
    expect_told_well(&file, &told);
    if told.iter().any(Diagnostic::is_error) || path.starts_with("tests/") {
        return;
    }
    let tree = match path.starts_with("static/") {
        true => Tree {
            assets: assets_with(path, text),
            ..SOUND.tree.clone()
        },
        false => with(path, text),
    };
    live(&tree);
}

/// What the reader of a file tells of it.
fn read(file: &SourceFile) -> Vec<Diagnostic> {
    let site = site();
    let services: Vec<_> = site.services.keys().cloned().collect();
    match file.path() {
        "clinic/clinic.toml" => parse_clinic(file).1,
        "clinic/people.toml" => parse_people(file).1,
        "clinic/topics.toml" => parse_topics(file).1,
        "clinic/services.toml" => parse_services(file).1,
        "clinic/copays.toml" => parse_fees(file, &services, TODAY, 90).1,
        "clinic/booking.toml" => parse_request_settings(file).1,
        "clinic/campaigns.toml" => parse_campaigns(file, &services).1,
        "clinic/findings.toml" => parse_shared_findings(file, &site.measures).1,
        "clinic/measures.toml" => parse_measures(file).1,
        "clinic/glossary.toml" => parse_glossary(file).1,
        "clinic/emergency-words.toml" => {
            let (shared, protocols) = (&site.shared_findings, &site.protocols);
            parse_emergency_words(file, shared, protocols, &BTreeSet::new()).1
        }
        "clinic/synonyms.toml" => parse_synonyms(file).1,
        "clinic/messages/es.toml" => read_catalogs(std::slice::from_ref(file)).1,
        "static/diagrams/test-part.svg" => {
            let assets = assets_with(file.path(), file.text());
            read_diagrams(&assets, None).1
        }
        "tests/vignettes/test-complaint.toml" => {
            let protocols = site.protocols.values();
            let mut protocols = protocols.filter(|own| own.complaint.as_str() == file.stem());
            let protocol = protocols.next().expect("the sound site has it");
            parse_vignettes(file, protocol, &site.measures).1
        }
        path if path.ends_with(".md") => parse_page_text(file).1,
        _ => parse_protocol(file, &site.shared_findings, &site.measures).1,
    }
}
