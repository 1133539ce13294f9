//! The order of what was found: whole titles and names first, then words of titles and
//! names, short texts, and the rest. Scores count only what is in the index now, and
//! equal ones stand by kind and title, so the same content always gives the same order.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::document::{Kind, is_found};
use super::excerpt::{Excerpt, best};
use super::index::{Entry, Fault, Index, Part};
use super::query::Query;
use super::reading::{Origin, understand};
use super::scores::Scores;
use super::terms::StemMark;
use super::understood::{Reading, Span, Understood};
use crate::site::Site;

/// Most results that are shown. Who has not found it in these asks with other words.
const MOST_SHOWN: usize = 30;

/// How many of the best by words are looked at closely.
const MOST_CANDIDATES: usize = 48;

/// A result is shown if it fits at least this share as well as the best one, or if it holds all that was asked and the
/// least of it at least this share as well: a page whose name is just what was asked must not hide all others on it.
const LEAST_SHARE: f32 = 0.3;

/// What a stem counts by where it stands.
const WEIGHTS: [(Part, f32); 4] = [
    (Part::Title, 6.0),
    (Part::Name, 5.0),
    (Part::Passage, 2.0),
    (Part::Text, 1.0),
];

/// What a whole title or name counts for which nothing else was asked.
const WHOLE: [(Part, f32); 2] = [(Part::WholeTitle, 100.0), (Part::WholeName, 90.0)];

/// What a name counts that is there to the last word, beside the words in it.
const NAMED: f32 = 10.0;

/// What another name counts beside a title.
const OTHER_NAME: f32 = 0.9;

/// What a term of the glossary counts beside a page.
const TERM: f32 = 0.8;

/// One result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// What was found.
    pub entry: Arc<Entry>,
    /// The short text that fits best, with marks; none for a complaint.
    pub excerpt: Option<Excerpt>,
    /// The other name by which it was found, if the title does not say it.
    pub named: Option<Excerpt>,
}

/// What came of a query.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// Best first, at most 30.
    pub hits: Vec<Hit>,
    /// What was looked for, if nobody uses a word that was typed.
    pub corrected: Option<String>,
    /// What was probably meant, where every word is in use.
    pub offered: Option<String>,
}

/// What documents hold of a span.
struct Held {
    /// All of its words together, or another phrase.
    sum: Scores,
    /// Of those that hold all of its words, the one that counts least; or another phrase.
    least: Scores,
}

impl Index {
    /// Finds what fits and what readers can open today; the index may be older than the site.
    ///
    /// # Errors
    /// See [`Fault`].
    pub fn find(&self, query: &Query, site: &Site) -> Result<Found, Fault> {
        let mut understood = understand(query, Origin::Typed, self)?;
        if let Some(corrected) = &understood.corrected {
            // What is told as looked for is what is looked for, phrases of the list included.
            let query = Query::read(corrected);
            understood.spans = understand(&query, Origin::Corrected, self)?.spans;
        }
        let ranked = self.ranked(&understood, &WEIGHTS)?;
        let ranked = ranked
            .into_iter()
            .filter(|(_, entry)| self.is_there(site, entry));
        let stems: BTreeSet<&str> = understood.stems().collect();
        let marks: Vec<StemMark> = stems.iter().map(|stem| StemMark::of(stem)).collect();
        let hits: Vec<Hit> = ranked
            .take(MOST_SHOWN)
            .map(|(_, entry)| hit(entry, &stems, &marks))
            .collect();
        Ok(Found {
            corrected: understood.corrected.filter(|_| !hits.is_empty()),
            offered: understood.offered,
            hits,
        })
    }

    /// Whether a site has a page for something that was found earlier.
    pub(super) fn is_there(&self, site: &Site, entry: &Entry) -> bool {
        let id = entry.id.as_str();
        match entry.kind {
            Kind::Article => {
                let article = id.parse().ok().and_then(|slug| site.articles.get(&slug));
                article.is_some_and(|article| is_found(site, self.scope, article))
            }
            Kind::Complaint => id.parse().is_ok_and(|id| site.protocols.contains_key(&id)),
            Kind::Topic => id.parse().is_ok_and(|id| site.topics.contains_key(&id)),
            Kind::Service => id.parse().is_ok_and(|id| site.services.contains_key(&id)),
            Kind::Term => id.parse().is_ok_and(|id| site.glossary.contains_key(&id)),
            Kind::Person => id.parse().is_ok_and(|id| site.people.contains_key(&id)),
        }
    }

    /// What fits, best first, with its score.
    pub(super) fn ranked(
        &self,
        understood: &Understood,
        weights: &[(Part, f32)],
    ) -> Result<Vec<(f32, Arc<Entry>)>, Fault> {
        let spans = &understood.spans;
        let mut sum = self.whole(spans)?;
        let mut complete: Option<Scores> = None;
        for span in spans {
            let held = self.span(span, weights)?;
            sum.add_all(&held.sum);
            complete = Some(match complete {
                None => held.least,
                Some(complete) => complete.least_of_both(&held.least),
            });
        }
        let complete = complete.unwrap_or_default();
        let asked: f32 = spans.iter().map(Span::rarity).sum();
        let closer = |(score, slot): (f32, u32)| {
            let entry = self.entry(slot)?;
            let named = NAMED * asked * best_name(entry, spans, asked);
            let kind = if entry.kind == Kind::Term { TERM } else { 1.0 };
            let fit = (score + named) * kind;
            Some((fit, self.rank(slot), complete.of(slot), entry))
        };
        let mut ranked: Vec<_> = self.best(&sum).into_iter().filter_map(closer).collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let least = ranked.first().map_or(0.0, |best| best.0 * LEAST_SHARE);
        let most_complete = ranked.iter().fold(0.0, |best, row| f32::max(best, row.2));
        let is_fitting = |fit: f32, complete: f32| {
            fit >= least || complete > 0.0 && complete >= most_complete * LEAST_SHARE
        };
        let fitting = ranked
            .into_iter()
            .filter(|(fit, _, complete, _)| is_fitting(*fit, *complete));
        Ok(fitting
            .map(|(fit, _, _, entry)| (fit, Arc::clone(entry)))
            .collect())
    }

    /// The best by their words, in no order.
    fn best(&self, scores: &Scores) -> Vec<(f32, u32)> {
        let mut found: Vec<(f32, u32)> = scores.each().collect();
        if found.len() > MOST_CANDIDATES {
            found.select_nth_unstable_by(MOST_CANDIDATES, |a, b| {
                let by_rank = || self.rank(a.1).cmp(&self.rank(b.1));
                b.0.total_cmp(&a.0).then_with(by_rank)
            });
            found.truncate(MOST_CANDIDATES);
        }
        found
    }

    /// What each document holds of a span: its words, or another phrase for the same.
    fn span(&self, span: &Span, weights: &[(Part, f32)]) -> Result<Held, Fault> {
        let mut sum = Scores::new(self.entries.len());
        let mut least: Option<Scores> = None;
        for word in &span.words {
            let mut own = Scores::new(self.entries.len());
            for reading in &word.readings {
                let factor = reading.factor * word.rarity;
                own.raise_all(&self.reading(reading, weights)?, factor);
            }
            sum.add_all(&own);
            least = Some(match least {
                None => own,
                Some(least) => least.least_of_both(&own),
            });
        }
        let mut least = least.unwrap_or_default();
        for other in &span.others {
            let factor = other.factor * span.rarity();
            let own = self.reading(other, weights)?;
            sum.raise_all(&own, factor);
            least.raise_all(&own, factor);
        }
        Ok(Held { sum, least })
    }

    /// What the stems of a reading count in each document that holds all of them.
    fn reading(&self, reading: &Reading, weights: &[(Part, f32)]) -> Result<Scores, Fault> {
        let mut all: Option<Scores> = None;
        for stem in &reading.stems {
            let mut held = Scores::new(self.entries.len());
            for (part, weight) in weights {
                self.each_with(*part, stem, |slot| held.hold(slot, *weight))?;
            }
            all = Some(match all {
                None => held,
                Some(all) => all.least_of_both(&held),
            });
        }
        Ok(all.unwrap_or_default())
    }

    /// What it counts to be called by exactly what was asked.
    fn whole(&self, spans: &[Span]) -> Result<Scores, Fault> {
        let mut whole = Scores::new(self.entries.len());
        for (term, factor) in phrasings(spans) {
            for (part, weight) in WHOLE {
                self.each_with(part, &term, |slot| whole.raise(slot, weight * factor))?;
            }
        }
        Ok(whole)
    }
}

/// The whole text in each way in which it can be read, as one term, and what that counts: everything as it stands,
/// and at one place another word or phrase.
fn phrasings(spans: &[Span]) -> Vec<(String, f32)> {
    let standing: Vec<Vec<&Reading>> = spans
        .iter()
        .map(|span| {
            span.words
                .iter()
                .filter_map(|word| word.readings.first())
                .collect()
        })
        .collect();
    let mut found = vec![phrasing(standing.iter().flatten().copied())];
    for (at, span) in spans.iter().enumerate() {
        let (before, after) = (standing.iter().take(at), standing.iter().skip(at + 1));
        let around = |own: &mut dyn Iterator<Item = &&Reading>| {
            let own: Vec<&Reading> = own.copied().collect();
            let before = before.clone().flatten().copied();
            phrasing(before.chain(own).chain(after.clone().flatten().copied()))
        };
        for other in &span.others {
            found.push(around(&mut [&other].into_iter()));
        }
        if let [word] = span.words.as_slice() {
            for other in word.readings.iter().skip(1) {
                found.push(around(&mut [&other].into_iter()));
            }
        }
    }
    found
}

fn phrasing<'a>(readings: impl Iterator<Item = &'a Reading>) -> (String, f32) {
    let mut stems: Vec<&str> = Vec::new();
    let mut factor: f32 = 1.0;
    for reading in readings {
        stems.extend(reading.stems.iter().map(String::as_str));
        factor = factor.min(reading.factor);
    }
    (stems.join("_"), factor)
}

/// How well the best name fits, from 0 to 1: how much of what was asked it says, times how much of it was asked for.
fn best_name(entry: &Entry, spans: &[Span], asked: f32) -> f32 {
    if asked <= 0.0 {
        return 0.0;
    }
    let titles = entry.title_stems.iter().map(|name| (name, 1.0));
    let names = entry.name_stems.iter().map(|name| (name, OTHER_NAME));
    titles.chain(names).fold(0.0, |best, (name, share)| {
        let stems: Vec<&str> = name.split('_').collect();
        f32::max(best, share * fit(&stems, spans) / asked)
    })
}

/// How much a name says of what was asked, times the share of its stems that were asked for.
fn fit(name: &[&str], spans: &[Span]) -> f32 {
    let holds = |reading: &Reading| {
        let mut stems = reading.stems.iter();
        stems.all(|stem| name.contains(&stem.as_str()))
    };
    let mut said = 0.0;
    let mut meant: Vec<bool> = vec![false; name.len()];
    for span in spans {
        let mut of_words = 0.0;
        let mut readings: Vec<&Reading> = Vec::new();
        for word in &span.words {
            let held = word.readings.iter().find(|reading| holds(reading));
            of_words += held.map_or(0.0, |reading| reading.factor * word.rarity);
            readings.extend(held);
        }
        let other = span.others.iter().find(|other| holds(other));
        let of_other = other.map_or(0.0, |other| other.factor * span.rarity());
        said += f32::max(of_words, of_other);
        readings.extend(other);
        for (stem, is_meant) in name.iter().zip(&mut meant) {
            *is_meant |= readings
                .iter()
                .any(|own| own.stems.iter().any(|held| held == stem));
        }
    }
    let count = meant.iter().filter(|is_meant| **is_meant).count();
    // Names are short, so both numbers are far below 2^24.
    said * count as f32 / name.len().max(1) as f32
}

fn hit(entry: Arc<Entry>, stems: &BTreeSet<&str>, marks: &[StemMark]) -> Hit {
    let passage = best(&entry.passages, &entry.marks.passages, marks);
    let missing = marks.iter().filter(|stem| !entry.marks.title.has(**stem));
    let missing: Vec<StemMark> = missing.copied().collect();
    let named = best(&entry.names, &entry.marks.names, &missing).filter(|(count, _)| *count > 0);
    Hit {
        excerpt: passage.map(|(_, text)| Excerpt::of(text, stems)),
        named: named.map(|(_, name)| Excerpt::of(name, stems)),
        entry,
    }
}
