//! The pages of single articles, which are nearly all of a large site. They are taken over
//! article by article while nothing changed of what they show; and when there are many, or
//! when only editors look at them, each is made when somebody first asks for it, so that a
//! start and an edit wait for none of them. Early or late, they are the same, byte for byte.

use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use super::page::{Entry, Page};
use super::press::Press;
use super::{ByAddress, Moment, Snapshot, room_for};
use crate::content::Article;
use crate::pages::machine::ListedPage;
use crate::pages::share_picture::{SharedPicture, Subject};
use crate::pages::{Making, Note, OwnPage, Plan, Planned};
use crate::site::in_step;

/// Where all of them stand.
const FOLDER: &str = "/articles/";

/// What stands at the address of a page of an article.
#[derive(Debug, Clone)]
pub(super) enum Slot {
    /// The page.
    Ready(Entry),
    /// The page, once somebody asked for it.
    Later(Arc<Later>),
    /// The page, whose compressed forms may lie in a file; and the same page made anew, should the file fail.
    Filed(Entry, Arc<Later>),
}

/// A page that is made when it is first asked for. Snapshots on the same ground share it.
#[derive(Debug)]
pub(super) struct Later {
    page: OwnPage,
    /// The article, then those of which the page shows something.
    shows: Arc<[Arc<Article>]>,
    /// What stood there before: a body that is still the same keeps its forms.
    before: Option<Arc<Page>>,
    made: OnceLock<Entry>,
}

/// The pages of all articles.
#[derive(Debug, Default)]
pub(super) struct ArticlePages {
    /// What they were made of, by slug.
    pub(super) articles: Vec<Arc<MadeOfArticle>>,
    /// The pages.
    pub(super) slots: Arc<ByAddress<Slot>>,
}

/// What the pages of one article were made of, besides the ground of the site.
#[derive(Debug)]
pub(super) struct MadeOfArticle {
    /// The article, then those of which its page shows something.
    shows: Arc<[Arc<Article>]>,
    /// What other sites show beside a link to it.
    picture: Option<Arc<SharedPicture>>,
    pages: Vec<Standing>,
}

/// One page of an article.
#[derive(Debug, Clone)]
struct Standing {
    page: OwnPage,
    address: Arc<str>,
    /// What a preview says on it.
    note: Option<Note>,
}

/// How the articles beside one are, measured by those of the last build.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Beside {
    /// The same values.
    Same,
    /// Lists show the same of each.
    ListedAlike,
    /// Others.
    Others,
}

/// How the pages of an article came about.
struct Again {
    made_of: Arc<MadeOfArticle>,
    /// Those that are not as they were.
    new: Vec<(Arc<str>, Slot)>,
}

/// Makes the pages of articles, or takes them over.
#[derive(Clone, Copy)]
pub(super) struct Maker<'a> {
    pub(super) plan: &'a Plan<'a>,
    pub(super) making: Making<'a>,
    pub(super) press: Press<'a>,
    pub(super) moment: Moment,
}

impl Maker<'_> {
    /// All pages; those of `same`, which is on the same ground, as far as they are made of the same.
    ///
    /// # Errors
    /// A template failed: a fault of ours.
    pub(super) fn all(self, same: Option<&Snapshot>) -> Result<ArticlePages, String> {
        let last = same.map_or(&[][..], |same| &same.making.articles);
        let pairs = in_step(self.plan.articles(), last, |last, planned| {
            last.article().slug.cmp(&planned.article.slug)
        });
        let made: Vec<Again> = pairs
            .par_iter()
            .map(|(planned, last)| self.again(*planned, *last))
            .collect::<Result<_, _>>()?;
        let slots = patched(same, last, &made);
        let articles = made.into_iter().map(|again| again.made_of).collect();
        Ok(ArticlePages { articles, slots })
    }

    /// The pages of one article.
    fn again(
        self,
        planned: Planned<'_>,
        last: Option<&Arc<MadeOfArticle>>,
    ) -> Result<Again, String> {
        let article = planned.article;
        let last = last.filter(|last| Arc::ptr_eq(last.article(), article));
        let beside = last.map_or(Beside::Others, |last| self.beside(planned, last));
        let picture = self.making.pictures.shared(Subject::Article(article));
        let last = last.filter(|last| last.picture.as_ref() == picture);
        if let Some(last) = last.filter(|last| beside == Beside::Same && self.is_same(last)) {
            return Ok(Again {
                made_of: Arc::clone(last),
                new: Vec::new(),
            });
        }
        let others = self.plan.beside(planned);
        let shows: Arc<[_]> = std::iter::once(article).chain(others).cloned().collect();
        let (mut pages, mut new) = (Vec::new(), Vec::new());
        for page in OwnPage::all(self.making, article) {
            let standing = last.and_then(|last| last.pages.iter().find(|own| own.page == page));
            let address = standing.map_or_else(
                || Arc::from(page.path(article)),
                |own| Arc::clone(&own.address),
            );
            let note = self.note(&address).cloned();
            let is_known = standing.is_some_and(|own| own.note == note)
                && (beside != Beside::Others || !page.shows_others());
            if !is_known {
                let slot = self.slot(page, &address, &shows)?;
                new.push((Arc::clone(&address), slot));
            }
            pages.push(Standing {
                page,
                address,
                note,
            });
        }
        let made_of = MadeOfArticle {
            shows,
            picture: picture.cloned(),
            pages,
        };
        Ok(Again {
            made_of: Arc::new(made_of),
            new,
        })
    }

    fn beside(self, planned: Planned<'_>, last: &MadeOfArticle) -> Beside {
        let mut others = last.shows.iter().skip(1);
        let mut beside = Beside::Same;
        for other in self.plan.beside(planned) {
            match others.next() {
                Some(last) if Arc::ptr_eq(other, last) => {}
                Some(last) if other.is_listed_like(last) => beside = Beside::ListedAlike,
                _ => return Beside::Others,
            }
        }
        match others.next() {
            Some(_) => Beside::Others,
            None => beside,
        }
    }

    /// Whether an article has the same pages as before, with the same notes.
    fn is_same(self, last: &MadeOfArticle) -> bool {
        let mut standing = last.pages.iter();
        let all_alike = OwnPage::all(self.making, last.article()).all(|page| {
            let own = standing.next().filter(|own| own.page == page);
            own.is_some_and(|own| self.note(&own.address) == own.note.as_ref())
        });
        all_alike && standing.next().is_none()
    }

    fn note(&self, address: &str) -> Option<&Note> {
        self.making.preview?.on(address)
    }

    fn slot(
        self,
        page: OwnPage,
        address: &str,
        shows: &Arc<[Arc<Article>]>,
    ) -> Result<Slot, String> {
        let before = self.press.last_page(address);
        match self.moment {
            Moment::AtOnce => {
                let page = rendered(page, self.making, shows)?;
                let page = self.press.page_after(page, before.map(AsRef::as_ref));
                Ok(Slot::Ready(Entry::Page(Arc::new(page))))
            }
            Moment::WhenAsked => Ok(Slot::Later(Arc::new(Later {
                page,
                shows: match page.shows_others() {
                    true => Arc::clone(shows),
                    false => shows.iter().take(1).cloned().collect(),
                },
                before: before.cloned(),
                made: OnceLock::new(),
            }))),
        }
    }
}

/// The slots of the last build with what is new; those of pages that are no longer there are gone.
fn patched(
    same: Option<&Snapshot>,
    last: &[Arc<MadeOfArticle>],
    made: &[Again],
) -> Arc<ByAddress<Slot>> {
    let gone = gone(last, made);
    let new = made.iter().flat_map(|again| &again.new);
    let mut slots = match same {
        Some(same) if gone.is_empty() && new.clone().next().is_none() => {
            return Arc::clone(&same.slots);
        }
        Some(same) => same.slots.as_ref().clone(),
        None => room_for(made.iter().map(|again| again.new.len()).sum()),
    };
    for address in gone {
        slots.remove(address);
    }
    slots.extend(new.map(|(address, slot)| (Arc::clone(address), slot.clone())));
    Arc::new(slots)
}

/// Addresses of the last build at which no page stands now.
fn gone<'a>(last: &'a [Arc<MadeOfArticle>], made: &[Again]) -> Vec<&'a str> {
    let now = made.iter().map(|again| &again.made_of);
    let pairs = in_step(last, now, |now, last| {
        now.article().slug.cmp(&last.article().slug)
    });
    let changed = pairs
        .into_iter()
        .filter(|(last, now)| now.is_none_or(|now| !Arc::ptr_eq(now, last)));
    let gone = changed.flat_map(|(last, now)| {
        let pages = now.map_or(&[][..], |now| &now.pages);
        let addresses = last.pages.iter().map(|own| own.address.as_ref());
        addresses.filter(|address| !pages.iter().any(|own| own.address.as_ref() == *address))
    });
    gone.collect()
}

impl MadeOfArticle {
    fn article(&self) -> &Arc<Article> {
        let Some(article) = self.shows.first() else {
            unreachable!("what is made of an article shows it first");
        };
        article
    }

    /// What a sitemap says of them.
    pub(super) fn listed<'a>(&'a self, making: Making<'a>) -> impl Iterator<Item = ListedPage<'a>> {
        let article = self.article();
        self.pages.iter().filter_map(move |own| {
            let changed = own.page.in_sitemap(making, article)?;
            Some(ListedPage {
                path: &own.address,
                modified_on: Some(changed),
            })
        })
    }
}

fn rendered(
    page: OwnPage,
    making: Making<'_>,
    shows: &[Arc<Article>],
) -> Result<crate::pages::RenderedPage, String> {
    let shows: Vec<&Arc<Article>> = shows.iter().collect();
    page.render(making, &shows)
}

impl Later {
    /// The page, as far as it was made.
    pub(super) fn made(&self) -> Option<&Entry> {
        self.made.get()
    }

    /// Whether it is the page of an article itself.
    pub(super) fn is_read_by_people(&self) -> bool {
        self.page == OwnPage::Article
    }

    /// The same page, of which nothing was made yet.
    pub(super) fn anew(&self) -> Arc<Self> {
        Arc::new(Self {
            page: self.page,
            shows: Arc::clone(&self.shows),
            before: None,
            made: OnceLock::new(),
        })
    }

    /// The page. Whoever asks first waits until it is rendered, which takes less than a millisecond; `change` adds to it
    /// then. A template that fails is a fault of ours: readers are told so.
    pub(super) fn entry(&self, snapshot: &Snapshot, change: impl FnOnce(Page) -> Page) -> &Entry {
        self.made.get_or_init(|| {
            let page = match rendered(self.page, snapshot.making(), &self.shows) {
                Ok(page) => snapshot.press().page_after(page, self.before.as_deref()),
                Err(error) => {
                    tracing::error!(%error, "a template failed; please report this");
                    snapshot.problems.failed.clone()
                }
            };
            Entry::Page(Arc::new(change(page)))
        })
    }
}

impl Slot {
    /// What stands there, if it is made.
    pub(super) fn made(&self) -> Option<&Entry> {
        match self {
            Self::Ready(entry) | Self::Filed(entry, _) => Some(entry),
            Self::Later(later) => later.made(),
        }
    }
}

impl Snapshot {
    /// The slot of an address, if it is of a page of an article.
    pub(super) fn slot(&self, path: &str) -> Option<&Slot> {
        match path.starts_with(FOLDER) {
            true => self.slots.get(path),
            false => None,
        }
    }
}
