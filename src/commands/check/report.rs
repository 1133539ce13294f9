//! What a check found, before it is printed in one form or another. It stands apart
//! so that every form tells the same faults with the same weight.

use crate::commands::Exit;
use crate::diagnostic::{Diagnostic, Edition, count_in};
use crate::site::Site;

/// What a check found.
pub(super) struct Report {
    /// What was looked at.
    pub(super) counted: Counted,
    /// What somebody should mend, in reading order.
    pub(super) diagnostics: Vec<Diagnostic>,
    /// For whom it was checked: decides how much each fault weighs.
    pub(super) edition: Edition,
}

/// What was looked at: a noun and how many of it there are, in the order of printing.
pub(super) enum Counted {
    /// These things.
    Things(Vec<(&'static str, usize)>),
    /// Nothing, since there is no clinic.
    Nothing,
}

impl Counted {
    /// The content of a site.
    pub(super) fn content(site: Option<&Site>) -> Self {
        site.map_or(Self::Nothing, |site| {
            Self::Things(vec![
                ("article", site.articles.len()),
                ("protocol", site.protocols.len()),
                ("service", site.services.len()),
            ])
        })
    }
}

impl Report {
    /// Errors, then warnings.
    pub(super) fn weights(&self) -> (usize, usize) {
        count_in(self.edition, &self.diagnostics)
    }

    /// How the program ends.
    pub(super) fn exit(&self) -> Exit {
        match self.weights() {
            (0, _) => Exit::Clean,
            _ => Exit::FoundErrors,
        }
    }

    /// For a person: every fault, and the summary.
    pub(super) fn text(&self) -> String {
        let told = self.diagnostics.iter();
        let mut text: String = told
            .map(|found| format!("{}\n", found.told_in(self.edition)))
            .collect();
        text.push_str(&self.summary());
        text.push('\n');
        text
    }

    /// One line that says how much was read and what was found.
    pub(super) fn summary(&self) -> String {
        let (errors, warnings) = self.weights();
        let read = match &self.counted {
            Counted::Nothing => "nothing could be built".to_owned(),
            Counted::Things(things) => {
                let things = things.iter().map(|(noun, count)| plural(*count, noun));
                things.collect::<Vec<_>>().join(", ")
            }
        };
        let (errors, warnings) = (plural(errors, "error"), plural(warnings, "warning"));
        format!("check: {read}: {errors}, {warnings}")
    }
}

fn plural(count: usize, noun: &str) -> String {
    match (count, noun.strip_suffix("ss")) {
        (1, _) => format!("1 {noun}"),
        (_, Some(_)) => format!("{count} {noun}es"),
        _ => format!("{count} {noun}s"),
    }
}
