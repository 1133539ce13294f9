//! `clinic/glossary.toml`: medical terms and what they are in plain words. It stands
//! apart because all articles share it; it explains words and gives no advice, and which
//! words an article must explain is asked in `content::rules`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Fields, from_toml, nearest};
use crate::file::SourceFile;
use crate::id::Id;
use crate::source::{Source, SourceId, read_sources};

/// One medical term.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// The name in files and addresses.
    pub id: Id<Term>,
    /// The term as a text writes it, such as `osteoporosis`.
    pub term: String,
    /// The same in plain words, such as `weak bones`.
    pub plain: String,
    /// Other forms, such as plurals and abbreviations, in the order of the file.
    pub also: Vec<String>,
    /// One or two sentences that explain it.
    pub explain: String,
    /// Works that support the explanation, in the order of the record; may be empty.
    pub sources: Vec<Arc<Source>>,
}

impl Term {
    /// The term and its other forms.
    pub fn forms(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.term)
            .chain(&self.also)
            .map(String::as_str)
    }
}

/// Terms by id, ascending.
pub type Glossary = BTreeMap<Id<Term>, Arc<Term>>;

/// Reads `clinic/glossary.toml`.
///
/// # Diagnostics
/// `key-*`, `value-wrong`, `id-duplicate` (also for one form of two terms), `source-*`, `citation-unknown`: for the
/// editor.
pub fn parse_glossary(file: &SourceFile) -> (Glossary, Vec<Diagnostic>) {
    let (root, mut diagnostics) = from_toml(file);
    let mut outer = Fields::of(file, &root, "the file");
    let has_sources = !outer.optional_list("source").is_empty();
    let (sources, places) = if has_sources {
        read_sources(&mut outer, "source")
    } else {
        Default::default()
    };
    let sources: Vec<Arc<Source>> = sources.into_iter().map(Arc::new).collect();
    let mut reading = Reading {
        sources: &sources,
        cited: BTreeSet::new(),
        forms: BTreeMap::new(),
        terms: Glossary::new(),
    };
    for node in outer.list("term") {
        let mut fields = Fields::of(file, node, "term");
        reading.term(&mut fields);
        outer.tell_all(fields.finish());
    }
    for (source, place) in sources.iter().zip(places) {
        if !reading.cited.contains(&source.id) {
            let message = format!("nothing cites the source `{}`", source.id);
            let fault = Diagnostic::new(Code::SourceUncited, file.place(place), message);
            outer.tell(fault.help("cite it where it supports an explanation, or take it out"));
        }
    }
    let terms = reading.terms;
    diagnostics.extend(outer.finish());
    (terms, diagnostics)
}

struct Reading<'a> {
    sources: &'a [Arc<Source>],
    cited: BTreeSet<SourceId>,
    /// Forms in lower case, and the term that has each.
    forms: BTreeMap<String, Id<Term>>,
    terms: Glossary,
}

impl Reading<'_> {
    fn term(&mut self, fields: &mut Fields<'_>) {
        let id = fields.parsed::<Id<Term>>("id");
        let term = fields.text("term");
        let plain = fields.text("plain");
        let also = fields.optional_texts("also");
        let explain = fields.text("explain");
        let sources = self.cite(fields);
        let (Some(id), Some(term), Some(plain), Some(explain)) = (id, term, plain, explain) else {
            return;
        };
        if self.terms.contains_key(&id.value) {
            let message = format!("a second term has the id `{}`", id.value);
            let fault = Diagnostic::new(Code::IdDuplicate, fields.file().place(id.offset), message);
            return fields.tell(fault.help("give one of the two another id"));
        }
        for form in std::iter::once(&term).chain(&also) {
            let known = self
                .forms
                .insert(form.value.to_lowercase(), id.value.clone());
            if let Some(other) = known {
                let message = format!("`{}` is also a form of the term `{other}`", form.value);
                let place = fields.file().place(form.offset);
                let fault = Diagnostic::new(Code::IdDuplicate, place, message);
                fields.tell(fault.help("leave it to one of the two"));
            }
        }
        let term = Term {
            id: id.value.clone(),
            term: term.value,
            plain: plain.value,
            also: also.into_iter().map(|form| form.value).collect(),
            explain: explain.value,
            sources,
        };
        self.terms.insert(id.value, Arc::new(term));
    }

    fn cite(&mut self, fields: &mut Fields<'_>) -> Vec<Arc<Source>> {
        let mut found = Vec::new();
        for id in fields.optional_parsed_list::<SourceId>("sources") {
            self.cited.insert(id.value.clone());
            if let Some(source) = self.sources.iter().find(|source| source.id == id.value) {
                found.push(Arc::clone(source));
                continue;
            }
            let place = fields.file().place(id.offset);
            let message = format!("`{}` is no source of this file", id.value);
            let fault = Diagnostic::new(Code::CitationUnknown, place, message);
            let names = self.sources.iter().map(|source| source.id.as_str());
            fields.tell(match nearest(id.value.as_str(), names) {
                Some(near) => fault.help(format!("did you mean `{near}`?")),
                None => fault.help("add a [[source]] with this id"),
            });
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> (Glossary, Vec<String>) {
        let (terms, faults) = parse_glossary(&SourceFile::new("clinic/glossary.toml", text));
        let lines = faults.iter().map(|fault| {
            format!(
                "{}: {}: {}",
                fault.place.line,
                fault.code.name(),
                fault.message
            )
        });
        (terms, lines.collect())
    }

    #[test]
    fn a_term_has_all_its_forms() {
        let (terms, faults) = told(
            "[[term]]\nid = \"nsaid\"\nterm = \"NSAID\"\nplain = \"pain pills\"\nalso = [\"NSAIDs\"]\nexplain = \"Pills.\"\n",
        );
        assert_eq!(faults, Vec::<String>::new());
        let forms: Vec<&str> = terms.values().flat_map(|term| term.forms()).collect();
        assert_eq!(forms, ["NSAID", "NSAIDs"]);
    }

    #[test]
    fn every_fault_of_a_glossary_is_told() {
        let (terms, faults) = told(
            "[[source]]\nid = \"a\"\ntype = \"webpage\"\ntitle = \"A\"\npublisher = \"B\"\nissued = 2020\nurl = \"https://a.example/\"\n\
             [[term]]\nid = \"x\"\nterm = \"X\"\nplain = \"x\"\nexplain = \"E.\"\nsources = [\"b\"]\n\
             [[term]]\nid = \"x\"\nterm = \"Y\"\nplain = \"y\"\nexplain = \"E.\"\n\
             [[term]]\nid = \"z\"\nterm = \"x\"\nplain = \"z\"\nexplain = \"E.\"\n\
             [[term]]\nid = \"w\"\nterm = \"W\"\n",
        );
        assert_eq!(terms.len(), 2);
        let expected = [
            "13: citation-unknown: `b` is no source of this file",
            "15: id-duplicate: a second term has the id `x`",
            "21: id-duplicate: `x` is also a form of the term `x`",
            "24: key-missing: term needs `plain`, which is missing",
            "24: key-missing: term needs `explain`, which is missing",
            "1: source-uncited: nothing cites the source `a`",
        ];
        assert_eq!(faults, expected);
    }
}
