//! When somebody has to look at a text again: a day after the one on which somebody did. It stands
//! apart because articles, pages and lists all say it, and must be told of the same mistake.

use jiff::civil::Date;

use crate::diagnostic::{Code, Diagnostic};
use crate::file::{SourceFile, Spanned};

/// What is wrong with a `review_due` that does not lie after the day it counts from, which stands under the key `than`.
///
/// # Diagnostics
/// `date-order`: for the editor, without help.
pub fn due_too_early(
    file: &SourceFile,
    due: Option<Spanned<Date>>,
    than: &str,
    day: Option<Spanned<Date>>,
) -> Option<Diagnostic> {
    let (due, day) = (due?, day?);
    (due.value <= day.value).then(|| {
        let message = format!(
            "`review_due` is {}, not after `{than}`, {}",
            due.value, day.value
        );
        Diagnostic::new(Code::DateOrder, file.place(due.offset), message)
    })
}
