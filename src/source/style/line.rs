//! One reference while it is put together, run by run.
//! Apart from the styles, so that spaces, periods and links are right in one place for all three.
//! It knows no style: what stands in a reference, and in which order, is not decided here.

use super::{Run, plain};
use crate::source::{Doi, Source};

/// A reference in the making. Text next to text is one run; no run is empty.
#[derive(Default)]
pub(super) struct Line {
    pub(super) runs: Vec<Run>,
}

impl Line {
    pub(super) fn push(&mut self, run: Run) {
        match (self.runs.last_mut(), run) {
            (_, run) if run.text().is_empty() => {}
            (Some(Run::Text(last)), Run::Text(text)) => last.push_str(&text),
            (_, run) => self.runs.push(run),
        }
    }

    pub(super) fn text(&mut self, text: &str) {
        self.push(Run::Text(text.to_owned()));
    }

    /// Ends what stands so far and begins a sentence; nothing happens when there is nothing to say.
    pub(super) fn sentence(&mut self, runs: Vec<Run>) {
        if runs.iter().all(|run| run.text().is_empty()) {
            return;
        }
        if !self.runs.is_empty() {
            self.stop();
            self.text(" ");
        }
        runs.into_iter().for_each(|run| self.push(run));
    }

    pub(super) fn words(&mut self, text: &str) {
        self.sentence(vec![Run::Text(text.to_owned())]);
    }

    /// Puts a period, inside a closing quotation mark, unless the sentence has an end already.
    pub(super) fn stop(&mut self) {
        let text = plain(&self.runs);
        if text.trim_end_matches('”').ends_with(['.', '?', '!']) || text.is_empty() {
            return;
        }
        match self.runs.last_mut() {
            Some(Run::Text(last)) if last.ends_with('”') => {
                last.pop();
                last.push_str(".”");
            }
            _ => self.text("."),
        }
    }
}

pub(super) fn linked(source: &Source, text: String) -> Run {
    match source.main_href() {
        Some(href) => Run::Link { text, href },
        None => Run::Text(text),
    }
}

pub(super) fn linked_italic(source: &Source, text: String) -> Run {
    match source.main_href() {
        Some(href) => Run::ItalicLink { text, href },
        None => Run::Italic(text),
    }
}

pub(super) fn around(before: &str, run: Run, after: &str) -> Vec<Run> {
    vec![
        Run::Text(before.to_owned()),
        run,
        Run::Text(after.to_owned()),
    ]
}

pub(super) fn doi_link(doi: &Doi) -> Run {
    Run::Link {
        text: doi.to_string(),
        href: doi.href(),
    }
}

pub(super) fn page_link(href: &str) -> Run {
    Run::Link {
        text: href.to_owned(),
        href: href.to_owned(),
    }
}
