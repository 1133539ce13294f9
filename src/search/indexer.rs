//! Follows the content: compares what can be found with what is in the index, and puts
//! only what changed into it. It stands apart from `Index`, which never changes, and
//! needs a thread of its own, since the first round takes seconds.

use std::collections::BTreeMap;
use std::sync::Arc;

use tantivy::schema::TantivyDocument;
use tantivy::tokenizer::{TextAnalyzer, WhitespaceTokenizer};
use tantivy::{IndexReader, IndexWriter, ReloadPolicy, Term};

use super::document::{Document, Kind, Scope, articles, documents, of_article};
use super::index::{Entry, Fault, Fields, GONE, Index, Part, STEMS};
use super::thesaurus::Thesaurus;
use super::vocabulary::Vocabulary;
use super::word_list::WordList;
use crate::clinic::Synonyms;
use crate::content::Article;
use crate::site::Site;

/// Memory in which postings are gathered before they become a segment, in bytes. 10,000 articles fill it a few times.
const GATHERING_BYTES: usize = 32 * 1024 * 1024;

/// What a document was made of.
enum Origin {
    /// An article, which is kept so that an untouched one is known without being read.
    Article(Arc<Article>),
    /// Anything else.
    Other(Box<Document>),
}

impl Origin {
    fn document(&self) -> Document {
        match self {
            Self::Article(article) => of_article(article),
            Self::Other(document) => document.as_ref().clone(),
        }
    }
}

/// A document that is in the index.
struct Known {
    slot: u32,
    fingerprint: u128,
    origin: Origin,
    entry: Arc<Entry>,
}

/// Kind and id.
type Key = (Kind, String);

/// Keeps an index beside the content.
pub struct Indexer {
    fields: Fields,
    writer: IndexWriter,
    reader: IndexReader,
    known: BTreeMap<Key, Known>,
    free: Vec<u32>,
    next: u32,
    vocabulary: Arc<Vocabulary>,
    thesaurus: Arc<Thesaurus>,
    synonyms: Option<Arc<Synonyms>>,
}

/// How a document stands to the index.
enum Standing {
    Same,
    Changed,
}

impl Indexer {
    /// An indexer that knows nothing yet.
    ///
    /// # Errors
    /// See [`Fault`].
    pub fn new() -> Result<Self, Fault> {
        let (fields, schema) = Fields::new();
        let index = tantivy::Index::create_in_ram(schema);
        let stems = TextAnalyzer::from(WhitespaceTokenizer::default());
        index.tokenizers().register(STEMS, stems);
        // One thread: readers need the others more.
        let writer = index.writer_with_num_threads(1, GATHERING_BYTES)?;
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual);
        Ok(Self {
            fields,
            writer,
            reader: reader.try_into()?,
            known: BTreeMap::new(),
            free: Vec::new(),
            next: 0,
            vocabulary: Arc::default(),
            thesaurus: Arc::default(),
            synonyms: None,
        })
    }

    /// The index of a site. What did not change since the last call stays as it is.
    ///
    /// # Errors
    /// See [`Fault`]. The indexer may be half way then; take a new one.
    pub fn follow(&mut self, site: &Site, scope: Scope) -> Result<Index, Fault> {
        let mut gone = std::mem::take(&mut self.known);
        for document in documents(site) {
            let key = (document.kind, document.id.clone());
            self.take(&mut gone, key, Origin::Other(Box::new(document)))?;
        }
        for article in articles(site, scope) {
            let key = (Kind::Article, article.slug.to_string());
            self.take(&mut gone, key, Origin::Article(Arc::clone(article)))?;
        }
        for known in gone.into_values() {
            self.remove(known);
        }
        self.writer.commit()?;
        self.reader.reload()?;
        self.learn(&site.synonyms);
        self.frozen(scope)
    }

    /// Takes a document over from what was known, or puts it in the place of what was.
    fn take(
        &mut self,
        gone: &mut BTreeMap<Key, Known>,
        key: Key,
        origin: Origin,
    ) -> Result<(), Fault> {
        let last = gone.remove(&key);
        let known = match last {
            Some(last) => match standing(&last, &origin) {
                Standing::Same => Known { origin, ..last },
                Standing::Changed => {
                    self.remove(last);
                    self.add(origin)?
                }
            },
            None => self.add(origin)?,
        };
        self.known.insert(key, known);
        Ok(())
    }

    fn add(&mut self, origin: Origin) -> Result<Known, Fault> {
        let document = origin.document();
        let slot = self.free.pop().unwrap_or_else(|| {
            self.next += 1;
            self.next - 1
        });
        let entry = Entry::of(&document);
        let words = WordList::of(&document);
        let indexed = self.indexed(slot, &words, &entry);
        self.writer.add_document(indexed)?;
        Arc::make_mut(&mut self.vocabulary).add(&words);
        Ok(Known {
            slot,
            fingerprint: document.fingerprint(),
            entry: Arc::new(entry),
            origin,
        })
    }

    fn remove(&mut self, known: Known) {
        let term = Term::from_field_u64(self.fields.slot, u64::from(known.slot));
        self.writer.delete_term(term);
        self.free.push(known.slot);
        let document = known.origin.document();
        Arc::make_mut(&mut self.vocabulary).remove(&WordList::of(&document));
    }

    fn indexed(&self, slot: u32, words: &WordList<'_>, entry: &Entry) -> TantivyDocument {
        let mut indexed = TantivyDocument::default();
        indexed.add_u64(self.fields.slot, u64::from(slot));
        for part in Part::ALL {
            let terms = match part {
                Part::Title | Part::Name | Part::Passage | Part::Text => {
                    words.stems_in(part).join(" ")
                }
                Part::WholeTitle => entry.title_stems.join(" "),
                Part::WholeName => entry.name_stems.join(" "),
            };
            indexed.add_text(self.fields.of(part), terms);
        }
        indexed
    }

    fn learn(&mut self, synonyms: &Arc<Synonyms>) {
        let is_same = self
            .synonyms
            .as_ref()
            .is_some_and(|known| known == synonyms);
        if !is_same {
            self.thesaurus = Arc::new(Thesaurus::of(&synonyms.sets));
            self.synonyms = Some(Arc::clone(synonyms));
        }
    }

    fn frozen(&self, scope: Scope) -> Result<Index, Fault> {
        let searcher = self.reader.searcher();
        let slots = searcher.segment_readers().iter().map(slots_of);
        let count = usize::try_from(self.next).unwrap_or_default();
        let mut entries: Vec<Option<Arc<Entry>>> = vec![None; count];
        for known in self.known.values() {
            if let Some(place) = usize::try_from(known.slot)
                .ok()
                .and_then(|at| entries.get_mut(at))
            {
                *place = Some(Arc::clone(&known.entry));
            }
        }
        Ok(Index {
            fields: self.fields,
            slots: slots.collect::<Result<_, Fault>>()?,
            ranks: ranks(&entries),
            entries,
            searcher,
            vocabulary: Arc::clone(&self.vocabulary),
            thesaurus: Arc::clone(&self.thesaurus),
            scope,
        })
    }
}

fn standing(last: &Known, now: &Origin) -> Standing {
    if let (Origin::Article(last), Origin::Article(now)) = (&last.origin, now)
        && Arc::ptr_eq(last, now)
    {
        return Standing::Same;
    }
    match now.document().fingerprint() == last.fingerprint {
        true => Standing::Same,
        false => Standing::Changed,
    }
}

/// The slot of each document of a segment.
fn slots_of(segment: &tantivy::SegmentReader) -> Result<Vec<u32>, Fault> {
    let column = segment.fast_fields().u64("slot")?;
    let slot = |document: u32| {
        let slot = column
            .first(document)
            .filter(|_| !segment.is_deleted(document));
        slot.and_then(|slot| u32::try_from(slot).ok())
            .unwrap_or(GONE)
    };
    Ok((0..segment.max_doc()).map(slot).collect())
}

/// For each slot its place when everything stands by kind, title and id.
fn ranks(entries: &[Option<Arc<Entry>>]) -> Vec<u32> {
    let mut order: Vec<(u32, &Entry)> = (0..)
        .zip(entries)
        .filter_map(|(slot, entry)| Some((slot, entry.as_deref()?)))
        .collect();
    order.sort_by_key(|(_, entry)| (entry.kind, entry.title.as_str(), entry.id.as_str()));
    let mut ranks = vec![u32::MAX; entries.len()];
    for (rank, (slot, _)) in (0..).zip(order) {
        if let Some(place) = usize::try_from(slot).ok().and_then(|at| ranks.get_mut(at)) {
            *place = rank;
        }
    }
    ranks
}
