//! One frozen build of the site: every answer that does not depend on the visitor,
//! as bytes that are ready to be sent, on large sites once somebody asked for them.
//! A request takes one snapshot and keeps it to the last byte; a new build is made
//! off to the side and swapped in whole.

mod article_pages;
mod best;
mod body;
mod build;
mod compress;
mod draft;
mod headers;
mod http_date;
mod inventory;
mod page;
mod page_headers;
mod press;
mod pressed;
mod share;
mod tag;

pub use best::{
    Progress, compressed, count_quick, with_all_forms, with_best_compression, with_files_in,
    with_forms_of_articles,
};
pub use body::{Body, Packed};
pub use build::{Built, Codings, Extent, Moment, Purpose, build, build_for};
pub use compress::COMPRESSION;
pub use draft::{Failure, inspect};
pub use headers::{Embedding, file_headers};
pub use inventory::{Claim, Copies, Inherited, Inventory};
pub use page::{CachePolicy, Coding, Entry, Heads, Page, Representation};
pub use page_headers::PageHeaders;
pub use press::{file_for_one, page_for_one};
pub use pressed::Pressed;
pub use tag::{Tag, WrittenTag};

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use actix_web::web::Bytes;
use foldhash::fast::FixedState;

use self::article_pages::{MadeOfArticle, Slot};
use self::draft::{Drawn, Spoken};
use self::press::Press;
use crate::assets::{AssetAddresses, Assets};
use crate::content::Article;
use crate::infobutton;
use crate::messages::Languages;
use crate::pages::share_picture::{ShareNames, SharedPicture, SharedPictures};
use crate::pages::{
    Edition, FormTarget, Indexing, Making, Media, Names, Note, Notes, RenderedPage, Status,
};
use crate::site::{Reading, Relations, Site};

/// Something for each address. The next snapshot shares the addresses that it has as well. Everybody may ask for any address,
/// but only we put some in, so the hash need not be of a kind that nobody can foresee.
type ByAddress<T> = HashMap<Arc<str>, T, FixedState>;

fn room_for<T>(addresses: usize) -> ByAddress<T> {
    HashMap::with_capacity_and_hasher(addresses, FixedState::default())
}

/// The frozen answers.
#[derive(Debug)]
pub struct Snapshot {
    /// Pages of single articles.
    slots: Arc<ByAddress<Slot>>,
    /// Everything else.
    others: ByAddress<Entry>,
    problems: Problems,
    site: Arc<Site>,
    materials: Arc<Materials>,
    /// Listed articles by code.
    codes: Arc<infobutton::LateIndex>,
    /// Addresses of the files that this build made, ascending; it may answer for older ones too.
    files: BTreeSet<Arc<str>>,
    /// Addresses of files that only pages of earlier builds name, or an article that stayed as it was.
    kept_files: BTreeSet<Arc<str>>,
    /// Names the files that were read, if all that it shows stands in them.
    read_from: Option<u128>,
    making: Arc<Made>,
}

/// How the answers came about, so that the next build makes only what changed. It is never asked for an answer.
#[derive(Debug)]
struct Made {
    reading: Reading,
    drawn: Drawn,
    spoken: Arc<Spoken>,
    assets: Arc<Assets>,
    share_names: ShareNames,
    edition: Edition,
    codings: Codings,
    /// By slug.
    articles: Vec<Arc<MadeOfArticle>>,
    /// Other pages by address.
    pages: ByAddress<Arc<MadeOf>>,
}

/// What a page of no single article is made of besides the ground of the site.
#[derive(Debug, Clone)]
struct MadeOf {
    /// Articles of which it shows something, in its order.
    articles: Arc<[Arc<Article>]>,
    /// What a preview says on it.
    note: Option<Note>,
    /// What other sites show beside a link to it.
    picture: Option<SharedPicture>,
    /// What names the list that it shows, if it shows one.
    listing: u128,
    /// Whether the sitemap names it.
    sitemap: Listing,
}

/// Whether the sitemap names a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Listing {
    /// It is a page that is there, and search engines may list it.
    InSitemap,
    /// It is not.
    Nowhere,
}

impl Listing {
    fn of(page: &RenderedPage) -> Self {
        let is_page = page.media == Media::Html && page.status == Status::Ok;
        match is_page && page.indexing == Indexing::Allowed {
            true => Self::InSitemap,
            false => Self::Nowhere,
        }
    }
}

/// What pages are made of besides the site, for those that are rendered per request.
#[derive(Debug)]
struct Materials {
    languages: Languages,
    assets: AssetAddresses,
    relations: Relations,
    pictures: SharedPictures,
    names: Arc<Names>,
    forms: FormTarget,
    /// What editors are told; none for readers.
    notes: Option<Arc<Notes>>,
}

/// Pages for what has no address of its own.
#[derive(Debug, Clone)]
struct Problems {
    not_found: Page,
    method_not_allowed: Page,
    forged: Page,
    malformed: Page,
    failed: Page,
    too_long: Page,
    too_slow: Page,
    too_often: Page,
    overloaded: Page,
}

impl Snapshot {
    /// What stands at an address: a path from the root, percent-decoded, without query.
    pub fn entry(&self, path: &str) -> Option<&Entry> {
        match self.slot(path) {
            Some(Slot::Ready(entry)) => Some(entry),
            Some(Slot::Later(later)) => Some(later.entry(self, |page| page)),
            Some(Slot::Filed(entry, _)) if entry.is_sound() => Some(entry),
            Some(Slot::Filed(_, later)) => Some(later.entry(self, |page| page)),
            None => self.others.get(path),
        }
    }

    /// The same, if it was made already.
    fn made(&self, path: &str) -> Option<&Entry> {
        match self.slot(path) {
            Some(slot) => slot.made(),
            None => self.others.get(path),
        }
    }

    /// Makes answers of pages that somebody asks for.
    fn press(&self) -> Press<'_> {
        let clinic = &self.site.clinic;
        Press {
            clinic,
            edition: self.edition(),
            last_good: None,
            form_origin: self.materials.forms.origin(clinic),
            codings: self.making.codings,
        }
    }

    /// The page that says that nothing stands at an address.
    pub fn not_found(&self) -> &Page {
        &self.problems.not_found
    }

    /// The page that says that an address can only be read.
    pub fn method_not_allowed(&self) -> &Page {
        &self.problems.method_not_allowed
    }

    /// The page that says that a form did not come from here.
    pub fn forged(&self) -> &Page {
        &self.problems.forged
    }

    /// The page that says that a form can't be read.
    pub fn malformed(&self) -> &Page {
        &self.problems.malformed
    }

    /// The page that says that we failed.
    pub fn failed(&self) -> &Page {
        &self.problems.failed
    }

    /// The page that says that an address, or what a browser sends with it, is too long or contradicts itself.
    pub fn too_long(&self) -> &Page {
        &self.problems.too_long
    }

    /// The page that says that a form did not come in time.
    pub fn too_slow(&self) -> &Page {
        &self.problems.too_slow
    }

    /// The page that says that somebody asks too often.
    pub fn too_often(&self) -> &Page {
        &self.problems.too_often
    }

    /// The page that says that too many ask at once.
    pub fn overloaded(&self) -> &Page {
        &self.problems.overloaded
    }

    /// The content from which it was built.
    pub fn site(&self) -> &Arc<Site> {
        &self.site
    }

    /// Listed articles by code. Whoever asks first waits until they are sorted.
    pub fn codes(&self) -> &infobutton::Index {
        self.codes.get()
    }

    /// What a page is made of that depends on the visitor.
    pub fn making(&self) -> Making<'_> {
        Making {
            site: &self.site,
            languages: &self.materials.languages,
            assets: &self.materials.assets,
            relations: &self.materials.relations,
            pictures: &self.materials.pictures,
            names: &self.materials.names,
            forms: &self.materials.forms,
            preview: self.materials.notes.as_deref(),
        }
    }

    /// What names the files that were read: a build of the same files gives the same answers. None where something in
    /// them was wrong, since what stands in for it came from an earlier build.
    pub fn read_from(&self) -> Option<u128> {
        self.read_from
    }

    /// For whom it was made.
    pub fn edition(&self) -> &Edition {
        &self.making.edition
    }

    /// What names the version of the page at an address, or of the page that says that there is none.
    pub fn version(&self, path: &str) -> String {
        let page = match self.entry(path) {
            Some(Entry::Page(page)) => page.as_ref(),
            Some(Entry::Moved(to)) => return to.to_str().unwrap_or_default().to_owned(),
            None => self.not_found(),
        };
        let written = page.identity().map(|own| own.tag.written());
        let text = written.as_ref().map_or("", WrittenTag::as_str);
        text.trim_matches('"').to_owned()
    }

    /// The files that pages of this build name: address and bytes, ascending by address.
    pub fn files(&self) -> impl Iterator<Item = (&str, Bytes)> {
        self.files.iter().filter_map(|address| {
            let Entry::Page(page) = self.entry(address)? else {
                return None;
            };
            let own = page.identity()?;
            Some((address.as_ref(), own.body.bytes()?))
        })
    }

    /// How many addresses answer.
    pub fn len(&self) -> usize {
        self.slots.len() + self.others.len()
    }

    /// Bytes in memory for all bodies in one coding, as far as they are made.
    pub fn bytes_in(&self, coding: Coding) -> usize {
        let made = self.slots.values().filter_map(Slot::made);
        let pages = made.chain(self.others.values());
        let pages = pages.filter_map(|entry| match entry {
            Entry::Page(page) => Some(&page.representations),
            Entry::Moved(_) => None,
        });
        let bodies = pages.flatten().filter(|own| own.coding() == coding);
        bodies.map(|own| own.body.resident()).sum()
    }

    /// Whether no address answers.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty() && self.others.is_empty()
    }

    /// Every address that answers, ascending.
    pub fn addresses(&self) -> Vec<&str> {
        let all = self.slots.keys().chain(self.others.keys());
        let mut addresses: Vec<&str> = all.map(AsRef::as_ref).collect();
        addresses.sort_unstable();
        addresses
    }
}
