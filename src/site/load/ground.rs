//! What articles stand on: the clinic's own files, read together. They stand apart
//! because they change seldom and every article depends on them: while nothing below
//! `clinic/` changed on the same day, the ground of the last load is taken over whole.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;

use super::{Loading, Reading};
use crate::booking::{Campaigns, FeeSchedule, RequestSettings, Services};
use crate::clinic::{Clinic, Glossary, People, Synonyms, Topics};
use crate::content::markdown::Pictures;
use crate::content::{PageText, Surroundings, TermIndex, parse_page_text};
use crate::diagnostic::Diagnostic;
use crate::file::SourceFile;
use crate::id::ComplaintId;
use crate::site::{NOTICES, PAGE_TEXTS, Site};
use crate::triage::{EmergencyWords, Entrance, Measures, Protocol, SharedFindings};

/// Whether the clinic's words of a page are those of its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// They were read from it.
    Read,
    /// The file has an error, and they are older.
    Kept,
}

/// Everything that the files of `clinic/` gave on one day, last good values included.
#[derive(Debug)]
pub(super) struct Ground {
    /// What it was made of; the same again gives the same ground.
    made_of: Sources,
    clinic: Arc<Clinic>,
    people: Arc<People>,
    topics: Arc<Topics>,
    glossary: Arc<Glossary>,
    /// The glossary again, as articles look for its terms.
    terms: TermIndex,
    synonyms: Arc<Synonyms>,
    measures: Arc<Measures>,
    shared_findings: Arc<SharedFindings>,
    entrance: Arc<Entrance>,
    emergency_words: Arc<Vec<EmergencyWords>>,
    protocols: Arc<BTreeMap<ComplaintId, Arc<Protocol>>>,
    broken_protocols: BTreeSet<ComplaintId>,
    services: Arc<Services>,
    fees: Arc<FeeSchedule>,
    request_settings: Option<Arc<RequestSettings>>,
    campaigns: Arc<Campaigns>,
    page_texts: BTreeMap<String, (Arc<PageText>, Standing)>,
    /// What is wrong with the files, and what could not be read.
    faults: Vec<Diagnostic>,
}

/// What a ground is made of.
#[derive(Debug, PartialEq, Eq)]
struct Sources {
    /// Text files of `clinic/`, by path, ascending.
    files: Vec<SourceFile>,
    /// Files of `clinic/` that are no text.
    unreadable: Vec<Diagnostic>,
    languages: Vec<String>,
    today: Date,
}

impl Ground {
    /// A site without articles.
    pub(super) fn site(&self) -> Site {
        let page_texts = self.page_texts.iter();
        Site {
            today: self.made_of.today,
            clinic: Arc::clone(&self.clinic),
            people: Arc::clone(&self.people),
            topics: Arc::clone(&self.topics),
            glossary: Arc::clone(&self.glossary),
            synonyms: Arc::clone(&self.synonyms),
            measures: Arc::clone(&self.measures),
            shared_findings: Arc::clone(&self.shared_findings),
            entrance: Arc::clone(&self.entrance),
            emergency_words: Arc::clone(&self.emergency_words),
            protocols: Arc::clone(&self.protocols),
            services: Arc::clone(&self.services),
            fees: Arc::clone(&self.fees),
            request_settings: self.request_settings.clone(),
            campaigns: Arc::clone(&self.campaigns),
            page_texts: page_texts
                .map(|(name, (page, _))| (name.clone(), Arc::clone(page)))
                .collect(),
            diagrams: Arc::default(),
            articles: BTreeMap::new(),
            unavailable: BTreeSet::new(),
        }
    }

    /// What an article may name.
    pub(super) fn surroundings<'a>(
        &'a self,
        site: &'a Site,
        pictures: &'a Pictures,
    ) -> Surroundings<'a> {
        Surroundings {
            clinic: &site.clinic,
            people: &self.people,
            topics: &self.topics,
            terms: &self.terms,
            protocols: &self.protocols,
            broken_protocols: &self.broken_protocols,
            services: &self.services,
            pictures,
            diagrams: &site.diagrams,
            languages: &self.made_of.languages,
            today: self.made_of.today,
        }
    }

    /// Whether the words of a page are those of its file.
    pub(super) fn was_read(&self, page: &str) -> bool {
        let standing = self.page_texts.get(page).map(|(_, standing)| *standing);
        standing == Some(Standing::Read)
    }
}

impl Loading<'_> {
    /// The ground of `before`, if it is made of the same, else a new one; none without a clinic.
    pub(super) fn ground(
        &mut self,
        languages: &[String],
        today: Date,
        before: Option<&Reading>,
    ) -> Option<Arc<Ground>> {
        let made_of = self.sources(languages, today);
        let before = before.filter(|before| before.ground.made_of == made_of);
        if let Some(before) = before {
            self.faults.extend_from_slice(&before.ground.faults);
            return Some(Arc::clone(&before.ground));
        }
        let elsewhere = std::mem::replace(&mut self.faults, made_of.unreadable.clone());
        let ground = self.read_ground(made_of);
        self.faults.extend(elsewhere);
        ground.map(Arc::new)
    }

    fn sources(&self, languages: &[String], today: Date) -> Sources {
        let faults = self.tree.faults.iter();
        let unreadable = faults.filter(|fault| fault.place.path.starts_with("clinic/"));
        Sources {
            files: self.files_below("clinic/").cloned().collect(),
            unreadable: unreadable.cloned().collect(),
            languages: languages.to_vec(),
            today,
        }
    }

    fn read_ground(&mut self, made_of: Sources) -> Option<Ground> {
        self.tell_unknown_files();
        let clinic = self.clinic();
        let people = self.people();
        let topics = self.topics();
        let services = self.services();
        let glossary = self.glossary();
        let synonyms = self.synonyms();
        let measures = self.measures();
        let shared_findings = self.shared_findings(&measures);
        let (protocols, broken_protocols) =
            self.protocols(&shared_findings, &measures, &services, &people);
        let emergency_words = self.emergency_words(&shared_findings, &protocols, &broken_protocols);
        let entrance = Entrance::new(
            protocols.values().map(AsRef::as_ref),
            emergency_words.as_ref().clone(),
        );
        let page_texts = self.page_texts();
        let clinic = clinic?;
        self.tell_unknown_language(&clinic, &made_of.languages);
        let fees = self.fees(&services, made_of.today, &clinic);
        let request_settings = self.request_settings();
        let campaigns = self.campaigns(&services);
        Some(Ground {
            made_of,
            clinic,
            people,
            topics,
            terms: TermIndex::new(&glossary),
            glossary,
            synonyms,
            measures,
            shared_findings,
            entrance: Arc::new(entrance),
            emergency_words,
            protocols,
            broken_protocols,
            services,
            fees,
            request_settings,
            campaigns,
            page_texts,
            faults: self.faults.clone(),
        })
    }

    fn page_texts(&mut self) -> BTreeMap<String, (Arc<PageText>, Standing)> {
        let mut pages = BTreeMap::new();
        // A notice is gone when its file is, but not when the whole folder is.
        let has_folder = self.has("clinic/clinic.toml");
        for name in PAGE_TEXTS.into_iter().chain(NOTICES) {
            let path = format!("clinic/pages/{name}.md");
            let is_left_out = NOTICES.contains(&name) && !self.has(&path);
            if is_left_out && has_folder {
                continue;
            }
            let last = self
                .last_good
                .and_then(|site| site.page_texts.get(name).map(Arc::clone));
            let file = if is_left_out { None } else { self.file(&path) };
            let read = file.map(parse_page_text);
            let (page, faults) = read.unwrap_or_default();
            self.faults.extend(faults);
            let read = page.map(|page| (Arc::new(page), Standing::Read));
            let page = read.or(last.map(|last| (last, Standing::Kept)));
            pages.extend(page.map(|page| (name.to_owned(), page)));
        }
        pages
    }
}
