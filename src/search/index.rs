//! Everything that can be found at one moment, frozen like a snapshot: postings by stem
//! in memory, and for each document what a result shows. It counts only documents that
//! are there, so that an index which grew by edits answers like one that was made anew.

use std::sync::Arc;

use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::{DocSet, Searcher, TERMINATED, TantivyError, Term};

use super::document::{Document, Kind, Scope};
use super::terms::{StemMarks, telling_stems};
use super::thesaurus::Thesaurus;
use super::vocabulary::Vocabulary;

/// Why the index can't be made or read: a fault of ours, or no memory.
#[derive(Debug, thiserror::Error)]
#[error("the search index failed: {0}")]
pub struct Fault(#[from] TantivyError);

/// What a result shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it is.
    pub kind: Kind,
    /// Its id among those of its kind.
    pub id: String,
    /// Its page, or its place on one.
    pub address: String,
    /// What it is called.
    pub title: String,
    /// Other names, in the order of the file.
    pub names: Vec<String>,
    /// Short texts, the one that describes it first.
    pub passages: Vec<String>,
    /// Each form of the title as its stems, joined by `_`.
    pub(super) title_stems: Vec<String>,
    /// Each other name as its stems, joined by `_`; as many as `names`.
    pub(super) name_stems: Vec<String>,
    /// What stands in each of its texts.
    pub(super) marks: EntryMarks,
}

/// The stems of the texts of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct EntryMarks {
    /// Those of the title.
    pub(super) title: StemMarks,
    /// Those of each other name; as many as `names`.
    pub(super) names: Vec<StemMarks>,
    /// Those of each short text; as many as `passages`.
    pub(super) passages: Vec<StemMarks>,
}

impl Entry {
    pub(super) fn of(document: &Document) -> Self {
        let joined = |names: &[String]| names.iter().map(|name| whole(name)).collect();
        let marks = |texts: &[String]| texts.iter().map(|text| StemMarks::of(text)).collect();
        Self {
            kind: document.kind,
            id: document.id.clone(),
            address: document.address(),
            title: document.title.clone(),
            names: document.names.clone(),
            passages: document.passages.clone(),
            title_stems: joined(&document.titles),
            name_stems: joined(&document.names),
            marks: EntryMarks {
                title: StemMarks::of(&document.title),
                names: marks(&document.names),
                passages: marks(&document.passages),
            },
        }
    }
}

/// A name as one term: its stems, joined by `_`.
fn whole(name: &str) -> String {
    telling_stems(name).join("_")
}

/// Where in a document a stem stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// In the title.
    Title,
    /// In another name.
    Name,
    /// In a short text that a result may show.
    Passage,
    /// Anywhere else.
    Text,
    /// A whole form of the title, as one term.
    WholeTitle,
    /// A whole other name, as one term.
    WholeName,
}

impl Part {
    /// In the order of the fields.
    pub(super) const ALL: [Self; 6] = [
        Self::Title,
        Self::Name,
        Self::Passage,
        Self::Text,
        Self::WholeTitle,
        Self::WholeName,
    ];

    fn field_name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Name => "name",
            Self::Passage => "passage",
            Self::Text => "text",
            Self::WholeTitle => "whole-title",
            Self::WholeName => "whole-name",
        }
    }
}

/// The tokenizer that splits at spaces: what is indexed is stems already.
pub(super) const STEMS: &str = "stems";

/// The fields of the index.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields {
    /// The place of the document among the entries.
    pub(super) slot: Field,
    title: Field,
    name: Field,
    passage: Field,
    text: Field,
    whole_title: Field,
    whole_name: Field,
}

impl Fields {
    pub(super) fn new() -> (Self, Schema) {
        let mut schema = Schema::builder();
        let slot = schema.add_u64_field("slot", FAST | INDEXED);
        // How often and where in a field a stem stands is not asked.
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(STEMS)
            .set_fieldnorms(false)
            .set_index_option(IndexRecordOption::Basic);
        let options = TextOptions::default().set_indexing_options(indexing);
        let mut text = |part: Part| schema.add_text_field(part.field_name(), options.clone());
        let fields = Self {
            slot,
            title: text(Part::Title),
            name: text(Part::Name),
            passage: text(Part::Passage),
            text: text(Part::Text),
            whole_title: text(Part::WholeTitle),
            whole_name: text(Part::WholeName),
        };
        (fields, schema.build())
    }

    pub(super) fn of(self, part: Part) -> Field {
        match part {
            Part::Title => self.title,
            Part::Name => self.name,
            Part::Passage => self.passage,
            Part::Text => self.text,
            Part::WholeTitle => self.whole_title,
            Part::WholeName => self.whole_name,
        }
    }
}

/// Marks a document that was taken out of its segment.
pub(super) const GONE: u32 = u32::MAX;

/// What can be found at one moment.
pub struct Index {
    pub(super) fields: Fields,
    pub(super) searcher: Searcher,
    /// For each segment the slot of each of its documents, or [`GONE`].
    pub(super) slots: Vec<Vec<u32>>,
    /// By slot; some are free.
    pub(super) entries: Vec<Option<Arc<Entry>>>,
    /// For each slot its place when everything stands by kind, title and id.
    pub(super) ranks: Vec<u32>,
    pub(super) vocabulary: Arc<Vocabulary>,
    pub(super) thesaurus: Arc<Thesaurus>,
    pub(super) scope: Scope,
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index")
            .field("documents", &self.len())
            .finish_non_exhaustive()
    }
}

impl Index {
    /// How many documents can be found.
    pub fn len(&self) -> usize {
        self.entries.iter().flatten().count()
    }

    /// Whether nothing can be found.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn entry(&self, slot: u32) -> Option<&Arc<Entry>> {
        let slot = usize::try_from(slot).ok()?;
        self.entries.get(slot)?.as_ref()
    }

    pub(super) fn rank(&self, slot: u32) -> u32 {
        let slot = usize::try_from(slot).unwrap_or(usize::MAX);
        self.ranks.get(slot).copied().unwrap_or(u32::MAX)
    }

    /// Tells the slot of every document that has a term in a part.
    pub(super) fn each_with(
        &self,
        part: Part,
        term: &str,
        mut tell: impl FnMut(u32),
    ) -> Result<(), Fault> {
        let field = self.fields.of(part);
        let term = Term::from_field_text(field, term);
        for (segment, slots) in self.searcher.segment_readers().iter().zip(&self.slots) {
            let inverted = segment.inverted_index(field)?;
            let postings = inverted.read_postings(&term, IndexRecordOption::Basic);
            let Some(mut postings) = postings.map_err(TantivyError::from)? else {
                continue;
            };
            let mut document = postings.doc();
            while document != TERMINATED {
                let at = usize::try_from(document).unwrap_or(usize::MAX);
                let slot = slots.get(at).copied().unwrap_or(GONE);
                if slot != GONE {
                    tell(slot);
                }
                document = postings.advance();
            }
        }
        Ok(())
    }
}
