//! Builds a snapshot from a tree: load, render, compress. What is made of the same
//! as in the last snapshot is taken over from it: a page whose ground, articles, note
//! and picture are the same values is the same entry. The result is the same, byte for byte.
//! Pages of single articles come from `article_pages`.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use actix_web::http::header::HeaderValue;
use jiff::civil::Date;
use rayon::prelude::*;

use super::article_pages::{ArticlePages, Maker};
use super::draft::{Draft, Failure, read};
use super::page::Entry;
use super::press::Press;
use super::share::served;
use super::{ByAddress, Listing, Made, MadeOf, Materials, Problems, Snapshot, room_for};
use crate::assets::Asset;
use crate::content::Audience;
use crate::diagnostic::Diagnostic;
use crate::file::Spanned;
use crate::id::Slug;
use crate::pages::machine::{ListedPage, MOST_ADDRESSES, sitemaps};
use crate::pages::share_picture::Subject;
use crate::pages::{
    Edition, FormTarget, Job, Making, OPEN_SEARCH, OPEN_SEARCH_TYPE, Plan, Problem, open_search,
    problem_page,
};
use crate::site::{Site, Tree, name_of_files};

/// What came of a build: the snapshot, and everything that somebody should mend.
pub type Built = (Arc<Snapshot>, Vec<Diagnostic>);

/// Which forms of its bodies a snapshot has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Codings {
    /// All, each made quickly.
    Quick,
    /// Those that are known, and identity: a server adds the others behind it, so that nobody waits for them.
    Behind,
    /// Identity alone: whoever asked for the build makes the others, has them already, or does not need them.
    IdentityOnly,
}

/// When pages of single articles are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Before the snapshot is there.
    AtOnce,
    /// When somebody first asks for one: nobody waits for the others.
    WhenAsked,
}

/// How much of a site is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// What is not as it was in the last snapshot.
    Changes,
    /// Everything: to prove that [`Extent::Changes`] gives the same.
    Everything,
}

/// What a build is for, besides its tree.
#[derive(Debug, Clone)]
pub struct Purpose<'a> {
    /// The day for which the site is built.
    pub today: Date,
    /// For whom it is built.
    pub edition: &'a Edition,
    /// What broke comes from here.
    pub last_good: Option<&'a Snapshot>,
    /// Whether what did not change comes from `last_good` as well.
    pub extent: Extent,
    /// Where forms are sent.
    pub forms: FormTarget,
    /// Which forms of bodies are made.
    pub codings: Codings,
    /// When pages of single articles are made.
    pub articles: Moment,
    /// For whom words are read: it changes what is told, and no page.
    pub audience: Audience,
}

impl<'a> Purpose<'a> {
    /// The site of a day for readers, as a server sends it.
    pub(super) fn for_readers(today: Date, last_good: Option<&'a Snapshot>) -> Self {
        Self {
            today,
            edition: &Edition::Public,
            last_good,
            extent: Extent::Changes,
            forms: FormTarget::SameOrigin,
            codings: Codings::Quick,
            articles: Moment::AtOnce,
            audience: Audience::Editors,
        }
    }

    /// The last snapshot, if its bodies have the forms that are made now.
    fn coded_alike(&self) -> Option<&'a Snapshot> {
        self.last_good
            .filter(|last| last.making.codings == self.codings)
    }

    /// The snapshot from which values and answers may be taken over.
    pub(super) fn before(&self) -> Option<&'a Snapshot> {
        let last = self.coded_alike();
        last.filter(|_| self.extent == Extent::Changes)
    }
}

/// Builds the site of `today` for a server. What broke comes from `last_good`.
///
/// # Errors
/// See [`Failure`].
pub fn build(tree: &Tree, today: Date, last_good: Option<&Snapshot>) -> Result<Built, Failure> {
    build_for(tree, Purpose::for_readers(today, last_good))
}

/// Builds the site from a tree.
///
/// # Errors
/// See [`Failure`].
pub fn build_for(tree: &Tree, purpose: Purpose<'_>) -> Result<Built, Failure> {
    let (draft, faults) = read(tree, &purpose)?;
    let mut snapshot = freeze(draft, &purpose).map_err(Failure::Template)?;
    let is_whole = !faults.iter().any(Diagnostic::is_error);
    snapshot.read_from = is_whole.then(|| name_of_files(&tree.stamps));
    Ok((Arc::new(snapshot), faults))
}

/// Makes answers of a draft.
fn freeze(draft: Draft, purpose: &Purpose<'_>) -> Result<Snapshot, String> {
    let making = draft.making();
    let press = Press {
        clinic: &draft.site.clinic,
        edition: purpose.edition,
        last_good: purpose.coded_alike(),
        form_origin: draft.forms.origin(&draft.site.clinic),
        codings: purpose.codings,
    };
    let same = on_the_same_ground(&draft, purpose);
    let plan = Plan::of(making);
    let maker = Maker {
        plan: &plan,
        making,
        press,
        moment: purpose.articles,
    };
    let jobs = plan.jobs();
    let (others, articles) = rayon::join(|| pages(&jobs, making, press, same), || maker.all(same));
    let (
        Pages {
            mut entries,
            pages,
            listed,
        },
        articles,
    ) = (others?, articles?);
    let problems = match same {
        Some(same) => same.problems.clone(),
        None => problems(making, press)?,
    };
    let listed = in_sitemap(making, listed, &articles);
    for file in sitemaps(making, &listed, MOST_ADDRESSES)? {
        let path = Arc::from(file.path.as_str());
        entries.insert(path, Entry::Page(Arc::new(press.page(file))));
    }
    let made_files = files(&draft, press);
    let files: BTreeSet<Arc<str>> = made_files.iter().map(|(at, _)| Arc::clone(at)).collect();
    entries.extend(made_files);
    let description = press.document(OPEN_SEARCH, OPEN_SEARCH_TYPE, open_search(making)?);
    entries.insert(OPEN_SEARCH.into(), Entry::Page(Arc::new(description)));
    for (path, entry) in redirects(&draft.site) {
        entries.entry(path).or_insert(entry);
    }
    let kept_files = keep_files_in_use(&mut entries, &draft.site, purpose.last_good);
    Ok(Snapshot {
        slots: articles.slots,
        others: entries,
        problems,
        site: draft.site,
        codes: draft.codes,
        materials: Arc::new(Materials {
            languages: draft.languages,
            assets: draft.assets.addresses.clone(),
            relations: draft.relations,
            pictures: draft.pictures,
            names: draft.names,
            forms: draft.forms,
            notes: draft.notes,
        }),
        files,
        kept_files,
        read_from: None,
        making: Arc::new(Made {
            reading: draft.reading,
            assets: draft.assets,
            drawn: draft.drawn,
            spoken: draft.spoken,
            share_names: draft.share_names,
            edition: purpose.edition.clone(),
            codings: purpose.codings,
            articles: articles.articles,
            pages,
        }),
    })
}

/// The last snapshot, if everything that any page may show is the same but articles, notes and the pictures of single
/// pages: other pages have nothing in common with these.
fn on_the_same_ground<'a>(draft: &Draft, purpose: &Purpose<'a>) -> Option<&'a Snapshot> {
    purpose.before().filter(|before| {
        let materials = &before.materials;
        let clinic = Subject::Clinic;
        before.making.reading.has_ground_of(&draft.reading)
            && before.making.edition == *purpose.edition
            && materials.languages == draft.languages
            && materials.assets == draft.assets.addresses
            && materials.forms == draft.forms
            && materials.pictures.of(clinic) == draft.pictures.of(clinic)
    })
}

/// Pages of no single article by address, and what each was made of.
struct Pages<'a> {
    entries: ByAddress<Entry>,
    pages: ByAddress<Arc<MadeOf>>,
    /// Those that the sitemap names.
    listed: Vec<ListedPage<'a>>,
}

/// All pages that the sitemap names, by address.
fn in_sitemap<'a>(
    making: Making<'a>,
    mut listed: Vec<ListedPage<'a>>,
    articles: &'a ArticlePages,
) -> Vec<ListedPage<'a>> {
    let of_articles = articles.articles.iter();
    listed.extend(of_articles.flat_map(|own| own.listed(making)));
    listed.par_sort_unstable_by_key(|page| page.path);
    listed
}

/// Every page of no single article: taken over from `same` when it is made of the same, else rendered.
fn pages<'a>(
    jobs: &'a [Job<'a>],
    making: Making<'a>,
    press: Press<'_>,
    same: Option<&Snapshot>,
) -> Result<Pages<'a>, String> {
    let made: Vec<_> = jobs
        .par_iter()
        .map(|job| {
            let known = same.and_then(|same| known(job, making, same));
            match known {
                Some(known) => Ok(known),
                None => {
                    let page = job.render(making)?;
                    let made_of = Arc::new(made_of_now(job, making, Listing::of(&page)));
                    let entry = Entry::Page(Arc::new(press.page(page)));
                    Ok((Arc::from(job.path()), entry, made_of))
                }
            }
        })
        .collect::<Result<_, String>>()?;
    let in_sitemap = jobs
        .iter()
        .zip(&made)
        .filter(|(_, (.., made_of))| made_of.sitemap == Listing::InSitemap);
    let listed = in_sitemap.map(|(job, _)| ListedPage {
        path: job.path(),
        modified_on: job.changed_on(making),
    });
    let listed = listed.collect();
    let (mut entries, mut pages) = (room_for(made.len()), room_for(made.len()));
    for (at, entry, made_of) in made {
        entries.insert(Arc::clone(&at), entry);
        pages.insert(at, made_of);
    }
    Ok(Pages {
        entries,
        pages,
        listed,
    })
}

/// The page as it was, if it is made of the same.
fn known(
    job: &Job<'_>,
    making: Making<'_>,
    before: &Snapshot,
) -> Option<(Arc<str>, Entry, Arc<MadeOf>)> {
    let (address, made_of) = before.making.pages.get_key_value(job.path())?;
    let is_said = job.note(making) == made_of.note.as_ref();
    let is_shown = job.picture(making) == made_of.picture.as_ref();
    let is_listed = job.listing() == made_of.listing;
    if !is_said || !is_shown || !is_listed || !job.is_made_of(&made_of.articles) {
        return None;
    }
    let mut pairs = job.shows().iter().zip(made_of.articles.iter());
    let made_of = if pairs.all(|(now, last)| Arc::ptr_eq(now, last)) {
        Arc::clone(made_of)
    } else {
        // What is not shown changed; the older values are let go.
        Arc::new(made_of_now(job, making, made_of.sitemap))
    };
    let entry = before.entry(job.path())?.clone();
    Some((Arc::clone(address), entry, made_of))
}

fn made_of_now(job: &Job<'_>, making: Making<'_>, sitemap: Listing) -> MadeOf {
    MadeOf {
        articles: job.shows().iter().map(|own| Arc::clone(own)).collect(),
        note: job.note(making).cloned(),
        picture: job.picture(making).cloned(),
        listing: job.listing(),
        sitemap,
    }
}

/// Files by address. A file that has the same bytes at the same address is the same.
fn files(draft: &Draft, press: Press<'_>) -> Vec<(Arc<str>, Entry)> {
    let files: Vec<&Asset> = served(&draft.assets, &draft.pictures).collect();
    let entry = |file: &&Asset| {
        let known = press
            .last_good
            .and_then(|last| last.entry(&file.path))
            .filter(|known| holds(known, file));
        let entry = known.cloned();
        let entry = entry.unwrap_or_else(|| Entry::Page(Arc::new(press.file(file))));
        (Arc::from(file.path.as_str()), entry)
    };
    files.par_iter().map(entry).collect()
}

/// Whether an answer is that of a file. Most addresses name what is in the file, but that of a share picture only
/// names what it shows, and somebody may draw it again.
fn holds(entry: &Entry, file: &Asset) -> bool {
    match entry {
        Entry::Page(page) => page
            .identity()
            .and_then(|own| own.body.bytes())
            .is_some_and(|bytes| bytes == *file.bytes),
        Entry::Moved(_) => false,
    }
}

fn problems(making: Making<'_>, press: Press<'_>) -> Result<Problems, String> {
    let page = |problem| problem_page(making, problem).map(|page| press.page(page));
    Ok(Problems {
        not_found: page(Problem::NotFound)?,
        method_not_allowed: page(Problem::MethodNotAllowed)?,
        forged: page(Problem::Forged)?,
        malformed: page(Problem::Malformed)?,
        failed: page(Problem::Failed)?,
        too_long: page(Problem::TooLong)?,
        too_slow: page(Problem::TooSlow)?,
        too_often: page(Problem::TooOften)?,
        overloaded: page(Problem::Overloaded)?,
    })
}

/// Keeps files of the last snapshot that are gone: those that it made itself, since a browser may still show a page
/// of that time, and those that an article of now names, since it stayed as it was after an error. Tells which.
fn keep_files_in_use(
    entries: &mut ByAddress<Entry>,
    site: &Site,
    last_good: Option<&Snapshot>,
) -> BTreeSet<Arc<str>> {
    let Some(last) = last_good else {
        return BTreeSet::new();
    };
    let all = last.files.iter().chain(&last.kept_files);
    let gone: Vec<&Arc<str>> = all
        .filter(|address| !entries.contains_key(&***address))
        .collect();
    if gone.is_empty() {
        return BTreeSet::new();
    }
    let articles = site.articles.values();
    let named: HashSet<&str> = articles
        .flat_map(|article| article.picture_files.iter().map(String::as_str))
        .collect();
    let kept: Vec<(Arc<str>, Entry)> = gone
        .into_iter()
        .filter(|address| last.files.contains(*address) || named.contains(&***address))
        .filter_map(|address| Some((Arc::clone(address), last.entry(address)?.clone())))
        .collect();
    let addresses = kept
        .iter()
        .map(|(address, _)| Arc::clone(address))
        .collect();
    entries.extend(kept);
    addresses
}

/// Old addresses of articles that readers can open.
fn redirects(site: &Site) -> Vec<(Arc<str>, Entry)> {
    let mut found = Vec::new();
    let moved = site.public_articles();
    for article in moved.filter(|article| !article.aliases.is_empty()) {
        let target = HeaderValue::from_str(&format!("/articles/{}", article.slug));
        let free = |alias: &&Spanned<Slug>| !site.articles.contains_key(&alias.value);
        for alias in article.aliases.iter().filter(free) {
            let target = target.as_ref().ok().cloned();
            found.extend(target.map(|to| {
                (
                    format!("/articles/{}", alias.value).into(),
                    Entry::Moved(Box::new(to)),
                )
            }));
        }
    }
    found
}
