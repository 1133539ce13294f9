//! A snapshot of a folder of content, asked by address.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use jiff::civil::{Date, date};
use scraper::{Html, Selector};
use signpost::rebuild::{Calendar, build_from};
use signpost::snapshot::{Entry, Page, Snapshot};

use crate::folder::{Folder, copy, repository};

/// The day for which the tests build.
pub const TODAY: Date = date(2026, 11, 25);

/// Where the clinics of the tests answer.
pub const ORIGIN: &str = "https://clinic.example";

/// The small site that uses every part of the format, with real people; to be edited.
pub fn sound() -> Folder {
    let content = Folder::copied();
    for part in ["articles", "clinic"] {
        std::fs::remove_dir_all(content.path(part)).expect("a folder can be removed");
        let from = repository().join("tests/content/sound").join(part);
        copy(&from, &content.path(part));
    }
    let drawings = repository().join("tests/content/sound/static");
    copy(&drawings, &content.path("static"));
    content
}

fn build(root: &Path, day: Date) -> signpost::snapshot::Built {
    build_from(root, Calendar::Fixed(day), None).expect("the content can be built")
}

/// A site of one moment.
pub struct Built(pub Arc<Snapshot>);

impl Built {
    /// Our own content, built once for all tests.
    pub fn ours() -> Self {
        static OURS: OnceLock<Arc<Snapshot>> = OnceLock::new();
        Self(Arc::clone(OURS.get_or_init(|| Self::of(repository()).0)))
    }

    /// The content of [`sound`], built once for all tests.
    pub fn sound() -> Self {
        static SOUND: OnceLock<Arc<Snapshot>> = OnceLock::new();
        Self(Arc::clone(SOUND.get_or_init(|| Self::of(sound().root()).0)))
    }

    /// A folder on [`TODAY`].
    pub fn of(root: &Path) -> Self {
        let (snapshot, faults) = build(root, TODAY);
        let errors: Vec<_> = faults.iter().filter(|fault| fault.is_error()).collect();
        assert!(errors.is_empty(), "{errors:#?}");
        Self(snapshot)
    }

    /// A folder on another day, on which it may have faults of its own.
    pub fn on(root: &Path, day: Date) -> Self {
        Self(build(root, day).0)
    }

    /// What stands at an address.
    pub fn page(&self, path: &str) -> Option<&Page> {
        match self.0.entry(path)? {
            Entry::Page(page) => Some(page),
            Entry::Moved(_) => None,
        }
    }

    /// The text at an address.
    pub fn text(&self, path: &str) -> String {
        let page = self
            .page(path)
            .unwrap_or_else(|| panic!("nothing at {path}"));
        let body = page.identity().and_then(|own| own.body.bytes());
        let body = body.expect("it has a body");
        String::from_utf8(body.to_vec()).expect("it is text")
    }

    /// A header of an answer; empty when it is not there.
    pub fn header(&self, path: &str, name: &str) -> String {
        let page = self
            .page(path)
            .unwrap_or_else(|| panic!("nothing at {path}"));
        let mut headers = page.headers.iter();
        let found = headers.find(|(own, _)| own.as_str() == name);
        found.map_or_else(String::new, |(_, value)| {
            value.to_str().expect("headers are ASCII").to_owned()
        })
    }

    /// Every page for readers with its document, by address.
    pub fn pages(&self) -> Vec<(String, Html)> {
        let addresses = self.0.addresses().into_iter();
        let pages = addresses.filter(|path| {
            self.page(path).is_some() && self.header(path, "content-type").starts_with("text/html")
        });
        pages
            .map(|path| (path.to_owned(), Html::parse_document(&self.text(path))))
            .collect()
    }

    /// Slugs of the articles that lists show, ascending.
    pub fn listed(&self) -> Vec<String> {
        let site = self.0.site();
        site.listed_articles()
            .map(|own| own.slug.to_string())
            .collect()
    }
}

/// The only element of a page that a selector finds, if it finds one.
pub fn one<'a>(page: &'a Html, selector: &str) -> Option<scraper::ElementRef<'a>> {
    let selector = Selector::parse(selector).expect("a selector");
    let mut found = page.select(&selector);
    let first = found.next();
    assert!(found.next().is_none(), "{selector:?} finds more than one");
    first
}

/// The words of a page that a reader sees, with single spaces.
pub fn visible(page: &Html) -> String {
    let main = one(page, "body").expect("a page has a body");
    let text: String = main.text().collect::<Vec<_>>().join(" ");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
