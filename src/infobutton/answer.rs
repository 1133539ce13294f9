//! A request and a site to the articles that answer it, best first. Nothing is lost
//! because of an age or a recipient: who the patient is only changes the order, since
//! the asker may know better than we do.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::index::{Fit, Hit, Index};
use super::patient::AgeRange;
use super::request::{Criterion, Request, Sought};
use super::system::{System, key};
use crate::content::{Article, CodeSystem};
use crate::id::Slug;
use crate::site::Site;

/// Most articles of one answer. MedlinePlus Connect sends 3; who asks for several codes wants some of each.
pub const MOST_ENTRIES: usize = 10;

/// What answers a request.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer<'a> {
    /// Best first; at most [`MOST_ENTRIES`]. Empty if nothing fits.
    pub matches: Vec<Match<'a>>,
    /// The language of the feed: that of the reader if there is an article in it, else the clinic's.
    pub lang: &'a str,
}

/// An article that answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Match<'a> {
    /// The article.
    pub article: &'a Arc<Article>,
    /// How well it fits.
    pub relevance: Relevance,
    /// The number of the criterion that it fits best.
    pub number: u16,
    /// The code of the article that fits; none if its name does.
    pub code: Option<&'a crate::content::Code>,
}

/// How well an article fits. Unit: hundredths, 1 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Relevance(u8);

impl Relevance {
    fn of(fit: Fit) -> Self {
        Self(match fit {
            Fit::Exact => 100,
            Fit::Name => 95,
            Fit::Narrower => 90,
            Fit::Wider(Reverse(steps)) => 90u8.saturating_sub(steps.saturating_mul(10)),
            Fit::Words(hundredths) => hundredths / 2,
        })
    }

    /// Of an article that is meant for another age.
    fn halved(self) -> Self {
        Self((self.0 / 2).max(1))
    }
}

impl std::fmt::Display for Relevance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            100.. => f.write_str("1"),
            tens if tens % 10 == 0 => write!(f, "0.{}", tens / 10),
            hundredths => write!(f, "0.{hundredths:02}"),
        }
    }
}

/// Answers a request.
pub fn answer<'a>(site: &'a Site, index: &Index, request: &Request) -> Answer<'a> {
    let mut best: BTreeMap<&Slug, (Hit<'_>, u16)> = BTreeMap::new();
    for criterion in &request.criteria {
        for hit in hits(index, criterion) {
            let known = best.entry(hit.slug).or_insert((hit, criterion.number));
            if rank(&hit) < rank(&known.0) {
                *known = (hit, criterion.number);
            }
        }
    }
    let mut found: Vec<(Match<'a>, usize)> = best
        .into_values()
        .filter_map(|(hit, number)| Some((matched(site, request, hit, number)?, hit.place)))
        .collect();
    found.sort_by(|(one, here), (two, there)| {
        let by = |own: &Match<'_>, place| (Reverse(own.relevance), own.number, place);
        let order = by(one, *here).cmp(&by(two, *there));
        order.then_with(|| one.article.slug.cmp(&two.article.slug))
    });
    let mut matches: Vec<Match<'a>> = found.into_iter().map(|(own, _)| own).collect();
    let lang = in_language(&mut matches, request.language.as_deref());
    matches.truncate(MOST_ENTRIES);
    Answer {
        lang: lang.unwrap_or(&site.clinic.lang),
        matches,
    }
}

/// The smaller, the better.
fn rank(hit: &Hit<'_>) -> (Reverse<Fit>, usize) {
    (Reverse(hit.fit), hit.place)
}

/// What fits one criterion. A drug whose number is unknown is looked for by its name, as MedlinePlus Connect does;
/// a name beside any other code is only a name.
fn hits<'i>(index: &'i Index, criterion: &Criterion) -> Vec<Hit<'i>> {
    let name = criterion.name.as_deref();
    let by_name = || name.map_or_else(Vec::new, |name| index.by_words(name));
    match &criterion.sought {
        Sought::Words => by_name(),
        Sought::Code(System::Other(_), _) => Vec::new(),
        Sought::Code(System::Known(system), code) => {
            let hits = index.by_code(*system, code);
            match hits.is_empty() && *system == CodeSystem::RxNorm {
                true => by_name(),
                false => hits,
            }
        }
    }
}

fn matched<'a>(site: &'a Site, request: &Request, hit: Hit<'_>, number: u16) -> Option<Match<'a>> {
    let article = site.articles.get(hit.slug)?;
    let relevance = Relevance::of(hit.fit);
    let fits_age = |age: AgeRange| {
        let ends = [age.from_months, age.to_months];
        ends.iter()
            .any(|months| article.protocol.fits_age(Some(*months)))
    };
    let code = match hit.fit {
        Fit::Name | Fit::Words(_) => None,
        Fit::Exact | Fit::Narrower | Fit::Wider(_) => article.codes.get(hit.place),
    };
    Some(Match {
        article,
        relevance: match request.age.is_none_or(fits_age) {
            true => relevance,
            false => relevance.halved(),
        },
        number,
        code: code.filter(|code| key(code.system, &code.code).is_some()),
    })
}

/// Keeps the articles in the reader's language, if there are any, and says which that is. Without any, all stay, each
/// labeled with its own.
fn in_language<'a>(matches: &mut Vec<Match<'a>>, asked: Option<&str>) -> Option<&'a str> {
    let asked = primary(asked?);
    let speaks = |own: &Match<'a>| primary(&own.article.lang).eq_ignore_ascii_case(asked);
    let lang = matches
        .iter()
        .find(|own| speaks(own))?
        .article
        .lang
        .as_str();
    matches.retain(speaks);
    Some(lang)
}

/// The language of a tag such as `es-MX`, without its region.
fn primary(tag: &str) -> &str {
    tag.split('-').next().unwrap_or(tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relevance_is_a_number_from_0_to_1() {
        let rows = [
            (100, "1"),
            (95, "0.95"),
            (90, "0.9"),
            (5, "0.05"),
            (1, "0.01"),
        ];
        for (hundredths, expected) in rows {
            assert_eq!(Relevance(hundredths).to_string(), expected);
        }
        assert_eq!(Relevance(1).halved(), Relevance(1));
    }
}
