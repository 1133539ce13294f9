//! Files to a [`Site`]: reads each, puts the last good version in the place of
//! what broke, and reports every fault of every file in one run.

mod articles;
mod ground;
mod protocols;
mod reviews;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;

use self::articles::{ReadFile, Settled};
use self::ground::Ground;
use super::links::{Checked, Destinations};
use super::{NOTICES, PAGE_TEXTS, Site, Tree, Visibility};
use crate::booking::{
    Campaigns, FeeSchedule, RequestSettings, Services, parse_campaigns, parse_fees,
    parse_request_settings, parse_services,
};
use crate::clinic::{
    Clinic, Glossary, People, Synonyms, Topics, parse_clinic, parse_glossary, parse_people,
    parse_synonyms, parse_topics,
};
use crate::content::markdown::{Diagrams, Pictures, read_diagrams};
use crate::content::{Audience, PageText};
use crate::diagnostic::{Code, Diagnostic, in_reading_order};
use crate::document::{nearest, placeholders_of};
use crate::file::{Place, SourceFile};
use crate::id::{ComplaintId, Id};
use crate::triage::{
    EmergencyWords, Measures, Protocol, SharedFindings, parse_emergency_words, parse_measures,
    parse_shared_findings,
};

/// Every diagnostic of a load, in reading order.
pub type Faults = Vec<Diagnostic>;

/// How a site was read: what each file gave by itself. It makes the next load quick, and holds nothing that
/// could not be read again.
#[derive(Debug)]
pub struct Reading {
    ground: Arc<Ground>,
    pictures: Pictures,
    diagrams: Arc<Diagrams>,
    /// Files of `articles/`, by path, ascending.
    files: Vec<Arc<ReadFile>>,
    links: Checked,
}

impl Reading {
    /// Whether two sites stand on the same ground: everything but articles and pictures is the same value in both.
    pub fn has_ground_of(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.ground, &other.ground)
    }
}

/// Files of `clinic/` that every clinic has.
const CLINIC_FILES: [&str; 5] = [
    "clinic/clinic.toml",
    "clinic/people.toml",
    "clinic/topics.toml",
    "clinic/services.toml",
    "clinic/copays.toml",
];

/// Reads a tree as of `today`. What broke is taken from `last_good`, if it was good there.
/// There is no site only when there never was a good `clinic/clinic.toml`.
///
/// # Diagnostics
/// Everything that any file has to answer for.
pub fn load(
    tree: &Tree,
    pictures: &Pictures,
    languages: &[String],
    today: Date,
    last_good: Option<&Site>,
) -> (Option<Site>, Faults) {
    let before = Before {
        last_good,
        reading: None,
    };
    let audience = Audience::Editors;
    let (loaded, faults) = load_again(tree, pictures, languages, today, audience, before);
    (loaded.map(|(site, _)| site), faults)
}

/// What was there before a load.
#[derive(Clone, Copy, Default)]
pub struct Before<'a> {
    /// The site whose values stand in for what broke.
    pub last_good: Option<&'a Site>,
    /// How `last_good` was read; what is the same now is taken over from it. Without it everything is read.
    pub reading: Option<&'a Reading>,
}

/// Does what [`load`] does for an audience, reads only what changed since `before`, and says how it was read for the
/// next time. The result is the same as if everything had been read.
pub fn load_again(
    tree: &Tree,
    pictures: &Pictures,
    languages: &[String],
    today: Date,
    audience: Audience,
    before: Before<'_>,
) -> (Option<(Site, Reading)>, Faults) {
    let mut loading = Loading {
        tree,
        last_good: before.last_good,
        audience,
        faults: tree.faults.clone(),
    };
    let ground = loading.ground(languages, today, before.reading);
    let loaded = ground.map(|ground| loading.site(ground, pictures, before.reading));
    (loaded, in_reading_order(loading.faults))
}

struct Loading<'a> {
    tree: &'a Tree,
    last_good: Option<&'a Site>,
    audience: Audience,
    faults: Faults,
}

impl<'a> Loading<'a> {
    /// Reads the articles on a ground, and settles what is shown.
    fn site(
        &mut self,
        ground: Arc<Ground>,
        pictures: &Pictures,
        before: Option<&Reading>,
    ) -> (Site, Reading) {
        let mut site = ground.site();
        site.diagrams = self.diagrams();
        let around = ground.surroundings(&site, pictures);
        let same = before.filter(|before| Arc::ptr_eq(&before.ground, &ground));
        let alike = same.filter(|before| before.diagrams == site.diagrams);
        let files = self.read_articles(around, alike);
        let links_before = same.map(|before| &before.links);
        let (settled, links) = self.settle_articles(&site, &files, links_before);
        let page_texts = self.settle_page_texts(&site, &ground, &settled);
        site.page_texts = page_texts;
        site.articles = settled.articles;
        site.unavailable = settled.unavailable;
        self.tell_overdue(&site);
        self.tell_review_of_words(&site);
        let reading = Reading {
            ground,
            pictures: pictures.clone(),
            diagrams: Arc::clone(&site.diagrams),
            files,
            links,
        };
        (site, reading)
    }

    /// Every diagram, of the program and of the clinic.
    fn diagrams(&mut self) -> Arc<Diagrams> {
        let last = self.last_good.map(|last| last.diagrams.as_ref());
        let (diagrams, faults) = read_diagrams(&self.tree.assets, last);
        self.faults.extend(faults);
        Arc::new(diagrams)
    }

    fn file(&mut self, path: &str) -> Option<&'a SourceFile> {
        let found = self.tree.text(path);
        let unreadable = self
            .tree
            .faults
            .iter()
            .any(|fault| &*fault.place.path == path);
        if found.is_none() && !unreadable {
            let message = "the clinic needs this file, which is missing";
            let fault = Diagnostic::new(Code::FileMissing, Place::start_of(path), message);
            self.faults
                .push(fault.help("`docs/content-format.md` shows what stands in it"));
        }
        found
    }

    /// Adds faults, and tells whether there was no error among them.
    fn sound(&mut self, faults: Vec<Diagnostic>) -> bool {
        let sound = !faults.iter().any(Diagnostic::is_error);
        self.faults.extend(faults);
        sound
    }

    /// Reads one file; after an error the last good value stands in, else what could be read.
    fn lenient<T: Default>(
        &mut self,
        path: &str,
        parse: impl Fn(&SourceFile) -> (T, Vec<Diagnostic>),
        last: impl Fn(&Site) -> Arc<T>,
    ) -> Arc<T> {
        let (value, sound) = match self.file(path) {
            Some(file) => {
                let (value, mut faults) = parse(file);
                faults.extend(placeholders_of(file));
                (value, self.sound(faults))
            }
            None => (T::default(), false),
        };
        match self.last_good {
            Some(site) if !sound => last(site),
            _ => Arc::new(value),
        }
    }

    fn clinic(&mut self) -> Option<Arc<Clinic>> {
        let last = self.last_good.map(|site| Arc::clone(&site.clinic));
        let Some(file) = self.file("clinic/clinic.toml") else {
            return last;
        };
        let (clinic, faults) = parse_clinic(file);
        self.faults.extend(faults);
        clinic.map(Arc::new).or(last)
    }

    fn people(&mut self) -> Arc<People> {
        self.lenient("clinic/people.toml", parse_people, |site| {
            Arc::clone(&site.people)
        })
    }

    fn topics(&mut self) -> Arc<Topics> {
        self.lenient("clinic/topics.toml", parse_topics, |site| {
            Arc::clone(&site.topics)
        })
    }

    fn services(&mut self) -> Arc<Services> {
        self.lenient("clinic/services.toml", parse_services, |site| {
            Arc::clone(&site.services)
        })
    }

    fn fees(&mut self, services: &Services, today: Date, clinic: &Clinic) -> Arc<FeeSchedule> {
        let ids: Vec<_> = services.keys().cloned().collect();
        let stale = clinic.limits.price_stale_after_days;
        let parse = |file: &SourceFile| {
            let (fees, faults) = parse_fees(file, &ids, today, stale);
            (fees.unwrap_or_default(), faults)
        };
        self.lenient("clinic/copays.toml", parse, |site| Arc::clone(&site.fees))
    }

    /// How requests are taken. After an error the last good settings hold: a form that was there stays.
    fn request_settings(&mut self) -> Option<Arc<RequestSettings>> {
        if self.is_left_out("clinic/booking.toml") {
            return None;
        }
        let last = self
            .last_good
            .and_then(|site| site.request_settings.clone());
        let read = self.file("clinic/booking.toml").map(parse_request_settings);
        let (settings, faults) = read.unwrap_or_default();
        self.faults.extend(faults);
        settings.map(Arc::new).or(last)
    }

    fn campaigns(&mut self, services: &Services) -> Arc<Campaigns> {
        if self.is_left_out("clinic/campaigns.toml") {
            return Arc::default();
        }
        let ids: Vec<_> = services.keys().cloned().collect();
        let parse = |file: &SourceFile| parse_campaigns(file, &ids);
        self.lenient("clinic/campaigns.toml", parse, |site| {
            Arc::clone(&site.campaigns)
        })
    }

    fn glossary(&mut self) -> Arc<Glossary> {
        if self.is_left_out("clinic/glossary.toml") {
            return Arc::default();
        }
        self.lenient("clinic/glossary.toml", parse_glossary, |site| {
            Arc::clone(&site.glossary)
        })
    }

    fn synonyms(&mut self) -> Arc<Synonyms> {
        if self.is_left_out("clinic/synonyms.toml") {
            return Arc::default();
        }
        self.lenient("clinic/synonyms.toml", parse_synonyms, |site| {
            Arc::clone(&site.synonyms)
        })
    }

    fn measures(&mut self) -> Arc<Measures> {
        if self.is_left_out("clinic/measures.toml") {
            return Arc::default();
        }
        self.lenient("clinic/measures.toml", parse_measures, |site| {
            Arc::clone(&site.measures)
        })
    }

    fn shared_findings(&mut self, measures: &Measures) -> Arc<SharedFindings> {
        if self.is_left_out("clinic/findings.toml") {
            return Arc::default();
        }
        let parse = |file: &SourceFile| parse_shared_findings(file, measures);
        self.lenient("clinic/findings.toml", parse, |site| {
            Arc::clone(&site.shared_findings)
        })
    }

    fn emergency_words(
        &mut self,
        shared: &SharedFindings,
        protocols: &BTreeMap<ComplaintId, Arc<Protocol>>,
        broken: &BTreeSet<ComplaintId>,
    ) -> Arc<Vec<EmergencyWords>> {
        if self.is_left_out("clinic/emergency-words.toml") {
            return Arc::default();
        }
        let parse = |file: &SourceFile| parse_emergency_words(file, shared, protocols, broken);
        self.lenient("clinic/emergency-words.toml", parse, |site| {
            Arc::clone(&site.emergency_words)
        })
    }

    /// Whether a clinic does without a file. Where the whole folder is gone, nobody said so, and what was there last stays.
    fn is_left_out(&self, path: &str) -> bool {
        let is_folder_gone = !self.has("clinic/clinic.toml") && self.last_good.is_some();
        !self.has(path) && !is_folder_gone
    }

    fn has(&self, path: &str) -> bool {
        let mut unreadable = self.tree.faults.iter().map(|fault| &*fault.place.path);
        self.tree.text(path).is_some() || unreadable.any(|found| found == path)
    }

    /// Whether no error was found in a file so far.
    fn is_sound(&self, path: &str) -> bool {
        let errors = self.faults.iter().filter(|fault| fault.is_error());
        !errors.into_iter().any(|fault| &*fault.place.path == path)
    }

    /// Ids of files that are there, but could not be read as text.
    fn unreadable<T>(&self, folder: &str, extension: &str) -> Vec<Id<T>> {
        let paths = self.tree.faults.iter().map(|fault| &*fault.place.path);
        let names = paths.filter_map(|path| {
            let name = path.strip_prefix(folder)?.strip_suffix(extension)?;
            name.rsplit('/').next()?.parse().ok()
        });
        names.collect()
    }

    fn files_below(&self, folder: &'static str) -> impl Iterator<Item = &'a SourceFile> + use<'a> {
        self.tree
            .texts
            .iter()
            .filter(move |file| file.path().starts_with(folder))
    }

    /// Checks the links of the clinic's own pages, and puts the last good version in the place of a page with a dead one.
    fn settle_page_texts(
        &mut self,
        site: &Site,
        ground: &Ground,
        shown: &Settled,
    ) -> BTreeMap<String, Arc<PageText>> {
        let known = shown.articles.keys().chain(&shown.unavailable).cloned();
        let known = known.collect();
        let destinations = Destinations::new(site, &shown.articles, &known);
        let mut settled = site.page_texts.clone();
        for (name, page) in &site.page_texts {
            let path = format!("clinic/pages/{name}.md");
            let last = self.last_good.and_then(|last| last.page_texts.get(name));
            let file = self.tree.text(&path);
            let Some(file) = file.filter(|_| ground.was_read(name)) else {
                continue; // its places are those of an older text
            };
            let own = |anchor: &str| page.headings.iter().any(|heading| heading.id == anchor);
            let found = destinations.link_faults(file, &page.links, own, Visibility::Public);
            if let Some(last) = last.filter(|_| !found.is_empty()) {
                settled.insert(name.clone(), Arc::clone(last));
            }
            self.faults.extend(found);
        }
        settled
    }

    fn tell_unknown_language(&mut self, clinic: &Clinic, languages: &[String]) {
        if languages.contains(&clinic.lang) {
            return;
        }
        let message = format!("`lang` is `{}`, which has no message catalog", clinic.lang);
        let fault = Diagnostic::new(
            Code::ValueWrong,
            Place::start_of("clinic/clinic.toml"),
            message,
        );
        let help = format!(
            "add `clinic/messages/{}.toml`, or take one of {}",
            clinic.lang,
            languages.join(", ")
        );
        self.faults.push(fault.help(help));
    }

    fn tell_unknown_files(&mut self) {
        let names = PAGE_TEXTS.into_iter().chain(NOTICES);
        let texts: Vec<String> = names
            .map(|name| format!("clinic/pages/{name}.md"))
            .collect();
        let known: Vec<&str> = CLINIC_FILES
            .into_iter()
            .chain([
                "clinic/findings.toml",
                "clinic/measures.toml",
                "clinic/glossary.toml",
                "clinic/emergency-words.toml",
                "clinic/synonyms.toml",
                "clinic/booking.toml",
                "clinic/campaigns.toml",
            ])
            .chain(texts.iter().map(String::as_str))
            .collect();
        for file in self.files_below("clinic/") {
            let path = file.path();
            let of_a_kind = ["clinic/protocols/", "clinic/messages/"]
                .iter()
                .any(|folder| path.starts_with(folder) && path.ends_with(".toml"));
            if known.contains(&path) || of_a_kind {
                continue;
            }
            let fault =
                Diagnostic::new(Code::FileUnknown, file.place(0), "nothing reads this file");
            self.faults
                .push(match nearest(path, known.iter().copied()) {
                    Some(near) => fault.help(format!("did you mean `{near}`?")),
                    None => fault.help(format!("the files are {}", known.join(", "))),
                });
        }
    }
}
