//! One frozen build of the site: every answer that does not depend on the visitor,
//! as bytes that are ready to be sent. A request takes one snapshot and keeps it
//! to the last byte; a new build is made off to the side and swapped in whole.

mod best;
mod build;
mod compress;
mod draft;
mod headers;
mod http_date;
mod page;
mod share;

pub use best::{compressed, with_best_compression};
pub use build::{Built, Codings, Purpose, build, build_for, page_for_one};
pub use compress::COMPRESSION;
pub use draft::{Failure, inspect};
pub use headers::{Embedding, file_headers};
pub use page::{CachePolicy, Coding, Entry, Page, Representation};

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::assets::AssetAddresses;
use crate::messages::Languages;
use crate::pages::share_picture::SharedPictures;
use crate::pages::{FormTarget, Making};
use crate::site::Site;

/// The frozen answers.
#[derive(Debug)]
pub struct Snapshot {
    entries: HashMap<Box<str>, Entry>,
    problems: Problems,
    site: Arc<Site>,
    materials: Arc<Materials>,
    /// Addresses of the files that this build made, ascending; it may answer for older ones too.
    files: BTreeSet<Box<str>>,
}

/// What pages are made of besides the site, for those that are rendered per request.
#[derive(Debug)]
struct Materials {
    languages: Languages,
    assets: AssetAddresses,
    pictures: SharedPictures,
    forms: FormTarget,
}

/// Pages for what has no address of its own.
#[derive(Debug, Clone)]
struct Problems {
    not_found: Page,
    method_not_allowed: Page,
    forged: Page,
    malformed: Page,
    failed: Page,
}

impl Snapshot {
    /// What stands at an address: a path from the root, percent-decoded, without query.
    pub fn entry(&self, path: &str) -> Option<&Entry> {
        self.entries.get(path)
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

    /// The content from which it was built.
    pub fn site(&self) -> &Arc<Site> {
        &self.site
    }

    /// What a page is made of that depends on the visitor.
    pub fn making(&self) -> Making<'_> {
        Making {
            site: &self.site,
            languages: &self.materials.languages,
            assets: &self.materials.assets,
            pictures: &self.materials.pictures,
            forms: &self.materials.forms,
        }
    }

    /// How many addresses answer.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether no address answers.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Every address that answers, ascending.
    pub fn addresses(&self) -> Vec<&str> {
        let mut addresses: Vec<&str> = self.entries.keys().map(AsRef::as_ref).collect();
        addresses.sort_unstable();
        addresses
    }
}
