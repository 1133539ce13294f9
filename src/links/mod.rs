//! Whether what we link to is still there. It stands apart from `site`, because it is
//! the one check that depends on the rest of the world: it is asked by hand or once a
//! week, never while serving. A single failure proves nothing, so what counts is the
//! history of several runs.

mod history;
mod mention;
mod public_hosts;
mod visit;

pub use history::{History, Memory, Outcome, Run, Standing};
pub use mention::{Mention, Mentions, Origin, mentions};
pub use visit::{Answer, Pace, visit_all};

use jiff::civil::Date;

use crate::diagnostic::{Code, Diagnostic};

/// What the history says of the addresses that are mentioned, at each place where they are.
///
/// # Diagnostics
/// `link-dead`, `link-moved`: for the editor.
pub fn faults(mentions: &Mentions, history: &History) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    for (address, places) in mentions {
        let Some(memory) = history.links.get(address) else {
            continue;
        };
        for mention in places {
            faults.extend(match memory.standing() {
                Standing::Dead { since, why } => Some(dead(address, mention, since, &why)),
                Standing::Failing { .. } | Standing::Sound | Standing::Unsure => {
                    moved(memory, mention)
                }
            });
        }
    }
    faults
}

fn dead(address: &str, mention: &Mention, since: Date, why: &str) -> Diagnostic {
    let message = format!("`{address}` has failed on every run since {since}: {why}");
    Diagnostic::new(Code::LinkDead, mention.place.clone(), message)
        .help("look for the page's new address, or take the link out")
}

/// An address that nobody typed, such as that of a DOI, is not the editor's to change.
fn moved(memory: &Memory, mention: &Mention) -> Option<Diagnostic> {
    let target = memory.moved_to.as_ref()?;
    let told = mention.origin == Origin::Written;
    told.then(|| {
        let message = format!("this address has moved for good to `{target}`");
        Diagnostic::new(Code::LinkMoved, mention.place.clone(), message)
            .help("look at the new page, and write its address")
    })
}
