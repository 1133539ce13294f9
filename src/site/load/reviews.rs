//! Reviews that are due, and the review of the list of same words. It stands apart because
//! a file can't know by itself who is there, which day it is and how long a review holds.

use super::Loading;
use super::protocols::offset_of_key;
use crate::clinic::ListReview;
use crate::content::ReviewStatus;
use crate::diagnostic::{Code, Diagnostic};
use crate::document::nearest;
use crate::file::{Place, SourceFile};
use crate::id::Id;
use crate::site::Site;

const SYNONYMS: &str = "clinic/synonyms.toml";
const PEOPLE: &str = "clinic/people.toml";

impl Loading<'_> {
    /// Tells of every text whose review is due.
    pub(super) fn tell_overdue(&mut self, site: &Site) {
        self.tell_overdue_articles(site);
        for (name, page) in &site.page_texts {
            if let Some(due) = page.review_due.filter(|_| page.is_overdue(site.today)) {
                let path = format!("clinic/pages/{name}.md");
                let message = format!("the review was due on {due}; the page says so");
                let fault = Diagnostic::new(Code::ReviewOverdue, Place::start_of(path), message);
                self.faults.push(
                    fault.help("look at the whole page, then set `updated_on` and `review_due`"),
                );
            }
        }
    }

    fn tell_overdue_articles(&mut self, site: &Site) {
        for article in site.public_articles() {
            let (code, effect) = match site.review_status(article) {
                ReviewStatus::Current => continue,
                ReviewStatus::Overdue => (Code::ReviewOverdue, "the page says so"),
                ReviewStatus::LongOverdue => (
                    Code::ReviewLapsed,
                    "lists and search engines no longer show the page",
                ),
            };
            let message = format!(
                "the review was due on {}; {effect}",
                article.dates.review_due
            );
            let fault = Diagnostic::new(code, Place::start_of(article.path.as_str()), message);
            let help = format!(
                "ask `{}` to review the whole page, then set `reviewed_on`",
                article.reviewer.id
            );
            self.faults.push(fault.help(help));
        }
    }

    /// Tells what is wrong with the review of the list of same words. Where the file or the one of people has an error,
    /// that is told alone.
    pub(super) fn tell_review_of_words(&mut self, site: &Site) {
        let file = self.tree.text(SYNONYMS);
        let review = site.synonyms.review.as_ref();
        let (Some(file), Some(review)) = (file, review) else {
            return;
        };
        if !self.is_sound(SYNONYMS) {
            return;
        }
        let are_people_sound = self.is_sound(PEOPLE);
        let unknown = unknown_reviewer(file, review, site).filter(|_| are_people_sound);
        self.faults.extend(unknown);
        if review.reviewed_on > site.today {
            let message = format!(
                "`reviewed_on` is {}, which is in the future",
                review.reviewed_on
            );
            let place = file.place(offset_of_key(file, "reviewed_on"));
            let fault = Diagnostic::new(Code::ReviewInFuture, place, message);
            self.faults
                .push(fault.help("give the day on which the review was done"));
        }
        if let Some(due) = site.synonyms_due().filter(|due| *due < site.today) {
            let message =
                format!("the review was due on {due}; the search still goes by this list");
            let fault = Diagnostic::new(Code::ReviewOverdue, Place::start_of(SYNONYMS), message);
            let help = format!(
                "ask `{}` to look through the whole list, then set `reviewed_on`",
                review.reviewer
            );
            self.faults.push(fault.help(help));
        }
    }
}

fn unknown_reviewer(file: &SourceFile, review: &ListReview, site: &Site) -> Option<Diagnostic> {
    let named = &review.reviewer;
    if site.people.contains_key(named) {
        return None;
    }
    let place = file.place(offset_of_key(file, "reviewer"));
    let message = format!("`{named}` is not in `{PEOPLE}`");
    let fault = Diagnostic::new(Code::PersonUnknown, place, message);
    Some(
        match nearest(named.as_str(), site.people.keys().map(Id::as_str)) {
            Some(near) => fault.help(format!("did you mean `{near}`?")),
            None => fault.help(format!("add it to `{PEOPLE}`, or name one that is there")),
        },
    )
}
