//! Looks up what the records of one file cite, and remembers it, so that a source
//! that nothing cites can be told at the end.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Fields, nearest};
use crate::file::Spanned;
use crate::source::{Source, SourceId, read_sources};

/// The sources of one file.
pub(super) struct Shelf {
    sources: Vec<Arc<Source>>,
    places: Vec<usize>,
    cited: BTreeSet<SourceId>,
}

impl Shelf {
    /// Reads the tables `[[source]]`.
    pub(super) fn read(fields: &mut Fields<'_>) -> Self {
        let (sources, places) = read_sources(fields, "source");
        Self {
            sources: sources.into_iter().map(Arc::new).collect(),
            places,
            cited: BTreeSet::new(),
        }
    }

    /// Reads `sources` of one record and looks each up.
    ///
    /// # Diagnostics
    /// `citation-unknown`, `key-missing`: for the editor.
    pub(super) fn cite(&mut self, fields: &mut Fields<'_>) -> Vec<Arc<Source>> {
        let mut found = Vec::new();
        for Spanned { value: id, offset } in fields.parsed_list::<SourceId>("sources") {
            self.cited.insert(id.clone());
            if let Some(source) = self.sources.iter().find(|source| source.id == id) {
                found.push(Arc::clone(source));
                continue;
            }
            let place = fields.file().place(offset);
            let fault = Diagnostic::new(
                Code::CitationUnknown,
                place,
                format!("`{id}` is no source of this file"),
            );
            let names = self.sources.iter().map(|source| source.id.as_str());
            fields.tell(match nearest(id.as_str(), names) {
                Some(near) => fault.help(format!("did you mean `{near}`?")),
                None => fault.help("add a [[source]] with this id"),
            });
        }
        found
    }

    /// Ends the file: the sources in its order, and a fault for each that nothing cites.
    pub(super) fn finish(self, fields: &mut Fields<'_>) -> Vec<Arc<Source>> {
        for (source, offset) in self.sources.iter().zip(&self.places) {
            if self.cited.contains(&source.id) {
                continue;
            }
            let place = fields.file().place(*offset);
            let fault = Diagnostic::new(
                Code::SourceUncited,
                place,
                format!("nothing cites the source `{}`", source.id),
            );
            fields.tell(fault.help("cite it where it supports a finding, or take it out"));
        }
        self.sources
    }
}
