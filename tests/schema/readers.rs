//! The readers themselves, each over a small clinic that is made of the schemas' examples.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use serde_json::Value;
use signpost::booking::{
    Services, parse_campaigns, parse_fees, parse_request_settings, parse_services,
};
use signpost::clinic::{
    Clinic, People, Topics, parse_clinic, parse_glossary, parse_people, parse_synonyms,
    parse_topics,
};
use signpost::content::markdown::{Diagrams, Pictures};
use signpost::content::{Audience, Surroundings, TermIndex, parse_page_text, read_article};
use signpost::diagnostic::{Code, Diagnostic};
use signpost::file::SourceFile;
use signpost::id::{ComplaintId, ServiceId};
use signpost::schema::{self, Format, Schema, example};
use signpost::triage::{
    Measures, Protocol, SharedFindings, parse_emergency_words, parse_measures, parse_protocol,
    parse_shared_findings,
};

/// Faults that are about the shape of a file: what a schema can know.
const OF_SHAPE: [Code; 8] = [
    Code::Syntax,
    Code::KeyUnknown,
    Code::KeyMissing,
    Code::ValueWrong,
    Code::DateImpossible,
    Code::SourceIncomplete,
    Code::ProtocolIncomplete,
    Code::TakeawayCount,
];

/// Whether a fault is about the shape of a file.
pub fn is_of_shape(fault: &Diagnostic) -> bool {
    OF_SHAPE.contains(&fault.code)
}

/// What the real reader tells of a document, warnings left out.
pub fn errors(schema: &Schema, document: &Value) -> Vec<Diagnostic> {
    let faults = read(schema, &file(schema, document));
    faults.into_iter().filter(Diagnostic::is_error).collect()
}

/// A document as the file that an author would write.
pub fn file(schema: &Schema, document: &Value) -> SourceFile {
    let path = match schema.name {
        "article" => "articles/sciatica.md",
        "page-text" => "clinic/pages/privacy.md",
        "protocol" => "clinic/protocols/lower-back-pain.toml",
        _ => schema.files,
    };
    let text = match schema.format {
        // JSON is YAML, too.
        Format::FrontMatter => format!("---\n{document}\n---\n\n{}", body(document)),
        Format::Toml => toml_lines(document),
    };
    SourceFile::new(path, text)
}

/// A text that cites every source, so that only the front matter is tried.
fn body(document: &Value) -> String {
    let sources = document["sources"].as_array().into_iter().flatten();
    let ids = sources.filter_map(|source| source["id"].as_str());
    ids.map(|id| format!("A sentence.[@{id}]\n")).collect()
}

fn toml_lines(document: &Value) -> String {
    let keys = document.as_object().expect("a document has keys");
    let lines = keys
        .iter()
        .map(|(key, value)| format!("{key} = {}\n", toml(value)));
    lines.collect()
}

fn toml(value: &Value) -> String {
    match value {
        Value::Object(keys) => {
            let keys = keys
                .iter()
                .map(|(key, value)| format!("{key} = {}", toml(value)));
            format!("{{ {} }}", keys.collect::<Vec<_>>().join(", "))
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(toml).collect();
            format!("[{}]", items.join(", "))
        }
        // Strings, numbers and truth values look the same in both.
        single => single.to_string(),
    }
}

fn read(schema: &Schema, file: &SourceFile) -> Vec<Diagnostic> {
    let clinic = &*EXAMPLES;
    let services: Vec<ServiceId> = clinic.services.keys().cloned().collect();
    match schema.name {
        "article" => {
            let read = read_article(file, clinic.surroundings(), Audience::Editors);
            let style = read.style.into_iter().flatten();
            read.diagnostics.into_iter().chain(style).collect()
        }
        "page-text" => parse_page_text(file).1,
        "clinic" => parse_clinic(file).1,
        "people" => parse_people(file).1,
        "topics" => parse_topics(file).1,
        "services" => parse_services(file).1,
        "copays" => parse_fees(file, &services, TODAY, 90).1,
        "booking" => parse_request_settings(file).1,
        "campaigns" => parse_campaigns(file, &services).1,
        "protocol" => parse_protocol(file, &clinic.findings, &clinic.measures).1,
        "findings" => parse_shared_findings(file, &clinic.measures).1,
        "measures" => parse_measures(file).1,
        "emergency-words" => {
            parse_emergency_words(file, &clinic.findings, &clinic.protocols, &BTreeSet::new()).1
        }
        "synonyms" => parse_synonyms(file).1,
        "glossary" => parse_glossary(file).1,
        name => panic!("`{name}` has no reader here: add it to `read` in tests/schema/readers.rs"),
    }
}

const TODAY: jiff::civil::Date = jiff::civil::date(2026, 11, 25);

/// The clinic that the examples of all schemas make together.
struct Examples {
    clinic: Clinic,
    people: People,
    topics: Topics,
    terms: TermIndex,
    services: Services,
    measures: Measures,
    findings: SharedFindings,
    protocols: BTreeMap<ComplaintId, Arc<Protocol>>,
    nothing_broken: BTreeSet<ComplaintId>,
    pictures: Pictures,
    diagrams: Diagrams,
    languages: Vec<String>,
}

static EXAMPLES: LazyLock<Examples> = LazyLock::new(|| {
    let text = |name: &str| {
        let schema = schema::named(name).expect("there is such a schema");
        file(schema, &example(schema.record))
    };
    let (measures, _) = parse_measures(&text("measures"));
    let (findings, _) = parse_shared_findings(&text("findings"), &measures);
    let (protocol, faults) = parse_protocol(&text("protocol"), &findings, &measures);
    let protocol = protocol.unwrap_or_else(|| panic!("the example of a protocol: {faults:?}"));
    let (clinic, faults) = parse_clinic(&text("clinic"));
    Examples {
        clinic: clinic.unwrap_or_else(|| panic!("the example of a clinic: {faults:?}")),
        people: people(),
        topics: parse_topics(&text("topics")).0,
        terms: TermIndex::new(&parse_glossary(&text("glossary")).0),
        services: parse_services(&text("services")).0,
        measures,
        findings,
        protocols: BTreeMap::from([(protocol.complaint.clone(), Arc::new(protocol))]),
        nothing_broken: BTreeSet::new(),
        pictures: Pictures::new(),
        diagrams: Diagrams::new(),
        languages: vec!["en".to_owned()],
    }
});

/// The person of the example reviews; somebody else must have written.
fn people() -> People {
    let schema = schema::named("people").expect("there is such a schema");
    let mut document = example(schema.record);
    let mut author = document["person"][0].clone();
    author["id"] = "jane-roe".into();
    let people = document["person"].as_array_mut();
    people.expect("it is a list").push(author);
    parse_people(&file(schema, &document)).0
}

impl Examples {
    fn surroundings(&self) -> Surroundings<'_> {
        Surroundings {
            clinic: &self.clinic,
            people: &self.people,
            topics: &self.topics,
            terms: &self.terms,
            protocols: &self.protocols,
            broken_protocols: &self.nothing_broken,
            services: &self.services,
            pictures: &self.pictures,
            diagrams: &self.diagrams,
            languages: &self.languages,
            today: TODAY,
        }
    }
}
