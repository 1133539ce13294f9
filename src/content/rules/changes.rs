//! What changed on a page: each entry is one sentence of a day on which readers could see
//! the page, and the page's own dates know of the newest. It tells nothing of what is missing:
//! an edit that changes no advice needs no entry.

use jiff::civil::Date;

use crate::content::front_matter::FrontMatter;
use crate::content::review::Change;
use crate::content::sentence::{ends_like_a_sentence, sentences};
use crate::diagnostic::{Code, Diagnostic};
use crate::file::{SourceFile, Spanned};

/// Flags a change that is not one sentence, lies in the future or before publication, or is
/// newer than the day of the last edit. An article that appears later may name its first day.
pub(in crate::content) fn changes(
    file: &SourceFile,
    front: &FrontMatter,
    today: Date,
) -> Vec<Diagnostic> {
    let published = front.published_on.map(|date| date.value);
    let latest = published.map_or(today, |date| date.max(today));
    let edited = front.updated_on.map(|date| date.value).or(published);
    let told = |change: &Spanned<Change>| {
        let on = change.value.on;
        let fault = |code, message: String, help: String| {
            Diagnostic::new(code, file.place(change.offset), message).help(help)
        };
        let in_future = (on > latest).then(|| {
            let message = format!("the change of {on} is in the future");
            let help = "give the day on which the page changed".to_owned();
            fault(Code::ChangeInFuture, message, help)
        });
        let too_early = published.filter(|published| on < *published);
        let too_early = too_early.map(|published| {
            let message = format!("the change of {on} is before `published_on`, {published}");
            let help = "tell only what changed since readers see the page".to_owned();
            fault(Code::DateOrder, message, help)
        });
        let unknown = edited.filter(|edited| on > *edited && on <= latest);
        let unknown = unknown.map(|_| {
            let message = format!("the change of {on} is newer than `updated_on`");
            let help = format!("set `updated_on: {on}`");
            fault(Code::DateOrder, message, help)
        });
        let sentence = not_one_sentence(&change.value.what).map(|message| {
            fault(
                Code::ChangeSentence,
                message,
                "write one whole sentence, such as \"New advice on heat and cold.\"".to_owned(),
            )
        });
        [in_future, too_early, unknown, sentence]
    };
    front.changes.iter().flat_map(told).flatten().collect()
}

fn not_one_sentence(what: &str) -> Option<String> {
    match sentences(what).as_slice() {
        [only] if ends_like_a_sentence(only) => None,
        [_] => Some("what changed does not end like a sentence".to_owned()),
        found => Some(format!(
            "what changed has {} sentences, expected 1",
            found.len()
        )),
    }
}
