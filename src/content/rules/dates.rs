//! Dates that contradict each other, and reviews that have not happened.
//! A wrong date hides that advice has gone stale, so it is an error and no warning.

use jiff::civil::Date;

use crate::content::front_matter::FrontMatter;
use crate::diagnostic::{Code, Diagnostic};
use crate::document::{UNSET_DAY, due_too_early};
use crate::file::{SourceFile, Spanned};

/// Flags an update or a review before publication, a due date before the review,
/// and a review in the future. An article that appears later may name the day on
/// which it appears as its review, since nobody reads it before. A day that nobody has set
/// is told as the placeholder that it is.
pub(in crate::content) fn dates(
    file: &SourceFile,
    front: &FrontMatter,
    today: Date,
) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    let mut order =
        |later: Option<Spanned<Date>>, name: &str, earlier: Option<Spanned<Date>>, than: &str| {
            if let (Some(later), Some(earlier)) = (later, earlier)
                && later.value < earlier.value
            {
                let message = format!(
                    "`{name}` is {}, before `{than}`, {}",
                    later.value, earlier.value
                );
                faults.push(
                    Diagnostic::new(Code::DateOrder, file.place(later.offset), message)
                        .help("correct one of the two days"),
                );
            }
        };
    order(
        front.updated_on,
        "updated_on",
        front.published_on,
        "published_on",
    );
    order(
        front.reviewed_on,
        "reviewed_on",
        front.published_on,
        "published_on",
    );
    let early = due_too_early(file, front.review_due, "reviewed_on", front.reviewed_on);
    faults
        .extend(early.map(|fault| {
            fault.help("leave `review_due` out to take the clinic's review interval")
        }));
    let latest = front
        .published_on
        .map_or(today, |date| date.value.max(today));
    let is_ahead = |date: &Spanned<Date>| date.value > latest && date.value != UNSET_DAY;
    if let Some(reviewed) = front.reviewed_on.filter(is_ahead) {
        let message = format!(
            "`reviewed_on` is {}, which is in the future",
            reviewed.value
        );
        faults.push(
            Diagnostic::new(Code::ReviewInFuture, file.place(reviewed.offset), message)
                .help("give the day on which the review was done"),
        );
    }
    faults
}
