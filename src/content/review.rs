//! When a page was reviewed and whether it is due again. Pure rules over dates;
//! which day it is comes from outside, in the clinic's time zone.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::document::UNSET_DAY;

/// The dates of an article. `published <= updated`, `published <= reviewed < review_due`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dates {
    /// The first day on which readers see it.
    pub published_on: Date,
    /// The day of the last small edit, if there was one after publication.
    pub updated_on: Option<Date>,
    /// The day of the last review of the whole page.
    pub reviewed_on: Date,
    /// The last day for the next review.
    pub review_due: Date,
}

/// One dated change of a page, told to its readers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The day, from publication on.
    pub on: Date,
    /// What changed, in one sentence.
    pub what: String,
}

/// Whether a page's review still holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReviewStatus {
    /// The due date has not passed.
    Current,
    /// The due date has passed; the page says so.
    Overdue,
    /// The due date passed so long ago that the page leaves lists and search engines.
    LongOverdue,
}

impl Dates {
    /// Whether anybody reviewed it: a draft may stand there before.
    pub fn is_reviewed(&self) -> bool {
        self.reviewed_on != UNSET_DAY
    }

    /// The last day on which the content changed: what `dateModified` and `Last-Modified` say.
    pub fn modified_on(&self) -> Date {
        self.updated_on
            .unwrap_or(self.published_on)
            .max(self.published_on)
    }

    /// Whether the review holds on a day. Source: `specs/editorial-checks.md`, "Freshness".
    pub fn review_status(&self, today: Date, hide_after_days: i32) -> ReviewStatus {
        if today <= self.review_due {
            return ReviewStatus::Current;
        }
        let hidden_from = self.review_due.checked_add(hide_after_days.days());
        match hidden_from.is_ok_and(|limit| today > limit) {
            true => ReviewStatus::LongOverdue,
            false => ReviewStatus::Overdue,
        }
    }
}

/// The day on which a review is due that many months after it was done.
pub fn due_after(reviewed_on: Date, months: i32) -> Date {
    reviewed_on
        .checked_add(months.months())
        .unwrap_or(Date::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_page_is_overdue_the_day_after_its_due_date() {
        let dates = Dates {
            published_on: date(2025, 1, 1),
            updated_on: None,
            reviewed_on: date(2025, 11, 24),
            review_due: date(2026, 11, 24),
        };
        let rows = [
            (date(2026, 11, 24), ReviewStatus::Current),
            (date(2026, 11, 25), ReviewStatus::Overdue),
            (date(2027, 2, 22), ReviewStatus::Overdue),
            (date(2027, 2, 23), ReviewStatus::LongOverdue),
        ];
        for (today, status) in rows {
            assert_eq!(dates.review_status(today, 90), status, "{today}");
        }
    }

    #[test]
    fn a_due_date_is_a_real_day() {
        assert_eq!(due_after(date(2024, 2, 29), 12), date(2025, 2, 28));
    }
}
