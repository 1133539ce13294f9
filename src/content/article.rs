//! One article as a value: everything a page shows, nothing that depends on the
//! day. Made only by [`read`](super::read), whole or not at all.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use jiff::civil::Date;

use super::markdown::{Heading, Link, Piece};
use super::measured::Measured;
use super::review::{Change, Dates};
use crate::booking::Service;
use crate::clinic::{Person, Term, Topic};
use crate::document::Known;
use crate::file::Spanned;
use crate::id::Slug;
use crate::source::Source;
use crate::triage::Protocol;

/// One text for patients.
#[derive(Debug, Clone, PartialEq)]
pub struct Article {
    /// The last part of the address; also the file name.
    pub slug: Slug,
    /// The file, relative to the content folder.
    pub path: String,
    /// The language, such as `en`.
    pub lang: String,
    /// The h1.
    pub title: String,
    /// One or two sentences for lists and search engines.
    pub description: String,
    /// The shelf.
    pub topic: Arc<Topic>,
    /// The complaint's protocol: the care cards come from it.
    pub protocol: Arc<Protocol>,
    /// The visit that fits, if one does.
    pub service: Option<Arc<Service>>,
    /// Other names, in the order of the file.
    pub also_called: Vec<String>,
    /// Old addresses and where the file names them, in the order of the file.
    pub aliases: Vec<Spanned<Slug>>,
    /// Who wrote it; never empty.
    pub authors: Vec<Arc<Person>>,
    /// Who vouches for it: has credentials, is no author.
    pub reviewer: Arc<Person>,
    /// A sentence that names a conflict of interest; none if there is none.
    pub conflict: Option<String>,
    /// When it was published, changed and reviewed.
    pub dates: Dates,
    /// What changed since publication, newest first; of one day in the order of the file.
    pub changes: Vec<Change>,
    /// Whether only its editors may see it.
    pub is_draft: bool,
    /// Why and when it was taken back, if it was.
    pub withdrawal: Option<Withdrawal>,
    /// 3 to 5, each one sentence.
    pub takeaways: Vec<Vec<Piece>>,
    /// Codes of the condition, in the order of the file.
    pub codes: Vec<Code>,
    /// Articles that the editor pinned, with places, in the order of the file.
    pub related: Vec<Spanned<Slug>>,
    /// The text without questions and FAQ.
    pub body: Vec<Piece>,
    /// Headings of `body`, in its order.
    pub headings: Vec<Heading>,
    /// Questions to ask at the visit; none if the article has no such block.
    pub questions: Option<Vec<Piece>>,
    /// Questions and answers, in the order of the file.
    pub faq: Vec<FaqItem>,
    /// Works that the text relies on, in the order in which the clinic's style prints them.
    pub sources: Vec<Source>,
    /// Each citation in the text; [`CitationMark`](super::markdown::CitationMark) counts in this list.
    pub citations: Vec<Citation>,
    /// Links within the site, with places, in the order of the file.
    pub links: Vec<Spanned<Link>>,
    /// Addresses of the files that its pictures are made of, in the order of the file.
    pub picture_files: Vec<String>,
    /// Anchors that a link may name.
    pub anchors: BTreeSet<String>,
    /// Medical terms that its words name, by id.
    pub terms: Vec<Arc<Term>>,
    /// Those of which words of the text lead to the explanation, in the order of the file.
    pub glossed: Vec<Arc<Term>>,
    /// The words of its title and other names as stems, ascending, each once; see [`keywords`](super::keywords()).
    pub keywords: Vec<String>,
    /// How many words a reader reads.
    pub words: usize,
    /// What was counted in the words, for editors. Not there until it was read for them.
    pub measured: OnceLock<Measured>,
}

impl Article {
    /// Minutes to read it, at least 1. Source: 200 words a minute, the pace that plain-language
    /// guides assume for adults; a hint, not a measurement.
    pub fn reading_minutes(&self) -> usize {
        self.words.div_ceil(200).max(1)
    }

    /// Whether pages that list articles show the same of both: names, days, and what it belongs to. What stands only
    /// on the article's own page may differ. Both were read on the same ground.
    pub fn is_listed_like(&self, other: &Self) -> bool {
        self.slug == other.slug
            && self.lang == other.lang
            && self.title == other.title
            && self.description == other.description
            && self.dates == other.dates
            && self.also_called == other.also_called
            && self.terms == other.terms
            && self.authors == other.authors
            && self.reviewer == other.reviewer
            && self.topic == other.topic
            && self.service == other.service
            && Arc::ptr_eq(&self.protocol, &other.protocol)
    }
}

/// One question and its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaqItem {
    /// The anchor.
    pub id: String,
    /// The question as plain text.
    pub question: String,
    /// The answer.
    pub answer: Vec<Piece>,
}

/// One place in the text that points to a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Citation {
    /// The source's place in [`Article::sources`], from 0. What a reader sees is one more.
    pub source: usize,
    /// Which mention of this source it is, from 1, in reading order.
    pub mention: usize,
}

/// An article that was taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawal {
    /// Since when.
    pub on: Date,
    /// Why, in one sentence for the reader.
    pub why: String,
    /// Where to go instead, with its place.
    pub see: Option<Spanned<Slug>>,
}

/// A code of a condition in a code system, exactly as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// The code system.
    pub system: CodeSystem,
    /// The code, such as `M54.50`.
    pub code: String,
    /// The official name, if the editor gave it.
    pub display: Option<String>,
}

/// The code systems that articles carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CodeSystem {
    /// International Classification of Diseases, 10th revision, Clinical Modification.
    Icd10Cm,
    /// SNOMED Clinical Terms.
    SnomedCt,
    /// RxNorm.
    RxNorm,
    /// Logical Observation Identifiers Names and Codes.
    Loinc,
}

impl Known for CodeSystem {
    const ALL: &'static [(&'static str, Self)] = &[
        ("icd-10-cm", Self::Icd10Cm),
        ("snomed-ct", Self::SnomedCt),
        ("rxnorm", Self::RxNorm),
        ("loinc", Self::Loinc),
    ];
}
