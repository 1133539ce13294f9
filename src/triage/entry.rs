//! From what somebody writes to the complaints that fit: lay words, any order, one
//! typing mistake a word. Words that tell of an emergency are recognized first, so
//! that nobody has to choose from a list before being told to call.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rust_stemmers::{Algorithm, Stemmer};

use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Fields, Value, from_toml};
use crate::file::SourceFile;
use crate::id::{ComplaintId, FindingId};

use super::finding::SharedFindings;
use super::protocol::{Finding, Hotline, Protocol};

/// Most complaints that are offered: one screen of a phone.
const MOST_OFFERED: usize = 6;

/// Longest text that is looked at, in words. More says nothing new and costs time.
const MOST_WORDS: usize = 40;

/// Words that say nothing about a complaint.
const STOP_WORDS: &str = "a about after all also am an and any are as at be because been but by can could do does \
    doing down for from get getting go got had has have having he her him his i if im in is it its ive just like lot \
    me my no not now of off on or our out really she since so some still such that the their them then there they \
    thing this to too up us very was we were what when which who will with would you your last week day days month \
    yesterday today feel feels feeling keep keeps bad";

/// Words that tell of an emergency: in each group one word must be there, whatever the order.
#[derive(Debug, Clone, PartialEq)]
pub struct EmergencyWords {
    /// The shared finding that they tell of; its source stands behind the advice.
    pub finding: Arc<Finding>,
    /// Groups of stems; each group never empty.
    groups: Vec<BTreeSet<String>>,
}

/// Reads `clinic/emergency-words.toml`.
///
/// # Diagnostics
/// `key-*`, `value-wrong`, `id-unknown`: for the editor. A broken entry is left out.
pub fn parse_emergency_words(
    file: &SourceFile,
    shared: &SharedFindings,
) -> (Vec<EmergencyWords>, Vec<Diagnostic>) {
    let (root, mut diagnostics) = from_toml(file);
    let mut outer = Fields::of(file, &root, "the file");
    let mut entries = Vec::new();
    for node in outer.list("emergency") {
        let mut fields = Fields::of(file, node, "emergency");
        let id = fields.parsed::<FindingId>("finding");
        let groups = groups(&mut fields);
        if let Some(id) = id {
            match shared.get(&id.value) {
                Some(finding) if !groups.is_empty() => entries.push(EmergencyWords {
                    finding: Arc::clone(finding),
                    groups,
                }),
                Some(_) => {}
                None => {
                    let message = format!("`{}` is not in `clinic/findings.toml`", id.value);
                    fields.tell(Diagnostic::new(
                        Code::IdUnknown,
                        file.place(id.offset),
                        message,
                    ));
                }
            }
        }
        outer.tell_all(fields.finish());
    }
    diagnostics.extend(outer.finish());
    (entries, diagnostics)
}

fn groups(fields: &mut Fields<'_>) -> Vec<BTreeSet<String>> {
    let stemmer = Stemmer::create(Algorithm::English);
    let mut groups = Vec::new();
    for node in fields.list("all") {
        let Value::List(words) = &node.value else {
            let place = fields.file().place(node.span.start);
            let fault = Diagnostic::new(Code::ValueWrong, place, "`all` holds lists of words");
            fields.tell(fault.help("write `all = [[\"chest\"], [\"pain\", \"hurts\"]]`"));
            continue;
        };
        let texts = words.iter().filter_map(|word| match &word.value {
            Value::Scalar(text) => Some(text.as_str()),
            _ => None,
        });
        let group: BTreeSet<String> = texts.flat_map(|text| stems(&stemmer, text)).collect();
        if !group.is_empty() {
            groups.push(group);
        }
    }
    groups
}

/// The lay words of all protocols, ready to be searched.
#[derive(Debug, Clone, Default)]
pub struct Entrance {
    complaints: Vec<(ComplaintId, Words)>,
    commonness: BTreeMap<String, usize>,
    emergencies: Vec<EmergencyWords>,
}

/// The words of one complaint.
#[derive(Debug, Clone, Default)]
struct Words {
    /// Each name of the complaint as its stems.
    names: Vec<BTreeSet<String>>,
    /// Stems of all names.
    own: BTreeSet<String>,
    /// Stems of its findings.
    signs: BTreeSet<String>,
    urgency: usize,
}

/// What fits the words that somebody wrote.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Match {
    /// Complaints, best first, at most six.
    pub complaints: Vec<ComplaintId>,
    /// Whom to call at once; empty if the words tell of no emergency.
    pub hotlines: Vec<Hotline>,
}

impl Entrance {
    /// Gathers the words of all protocols.
    pub fn new<'a>(
        protocols: impl Iterator<Item = &'a Protocol>,
        emergencies: Vec<EmergencyWords>,
    ) -> Self {
        let stemmer = Stemmer::create(Algorithm::English);
        let mut entrance = Self {
            emergencies,
            ..Self::default()
        };
        for protocol in protocols {
            let words = words_of(&stemmer, protocol);
            for stem in &words.own {
                *entrance.commonness.entry(stem.clone()).or_default() += 1;
            }
            entrance
                .complaints
                .push((protocol.complaint.clone(), words));
        }
        entrance
    }

    /// Finds what fits. Equal fits stand in the order of their urgency.
    pub fn find(&self, text: &str) -> Match {
        let stemmer = Stemmer::create(Algorithm::English);
        let all: Vec<String> = stems(&stemmer, text).take(MOST_WORDS).collect();
        let typed: Vec<&String> = all.iter().filter(|stem| !is_stop_word(stem)).collect();
        let mut scored: Vec<(f64, usize, &ComplaintId)> = self
            .complaints
            .iter()
            .map(|(id, words)| (self.score(words, &typed), words.urgency, id))
            .filter(|(score, _, _)| *score > 0.0)
            .collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)).then(a.2.cmp(b.2)));
        let best = scored.first().map_or(0.0, |(score, _, _)| *score);
        let near = scored
            .into_iter()
            .filter(|(score, _, _)| *score >= best * 0.3);
        Match {
            complaints: near
                .map(|(_, _, id)| id.clone())
                .take(MOST_OFFERED)
                .collect(),
            hotlines: self.hotlines(&all),
        }
    }

    fn hotlines(&self, typed: &[String]) -> Vec<Hotline> {
        let told = |entry: &&EmergencyWords| {
            entry.groups.iter().all(|group| {
                typed
                    .iter()
                    .any(|stem| group.iter().any(|word| is_near(stem, word)))
            })
        };
        let mut hotlines: Vec<Hotline> = self
            .emergencies
            .iter()
            .filter(told)
            .map(|entry| entry.finding.call)
            .collect();
        hotlines.sort_unstable();
        hotlines.dedup();
        hotlines
    }

    /// How well a complaint fits: rare words of its names count most, words of its findings a little, and a name
    /// that is there whole counts again.
    fn score(&self, words: &Words, typed: &[&String]) -> f64 {
        let single: f64 = typed.iter().map(|stem| self.word_score(words, stem)).sum();
        let whole = words.names.iter().filter(|name| !name.is_empty());
        let whole = whole.filter(|name| {
            name.iter()
                .all(|word| typed.iter().any(|stem| is_near(stem, word)))
        });
        let longest = whole.map(|name| name.iter().map(|word| self.rarity(word)).sum::<f64>());
        single + longest.fold(0.0, f64::max)
    }

    fn word_score(&self, words: &Words, stem: &str) -> f64 {
        if words.own.contains(stem) {
            return self.rarity(stem);
        }
        let mistyped = words
            .own
            .iter()
            .filter(|word| is_near(stem, word))
            .map(|word| self.rarity(word) * 0.7);
        let mistyped = mistyped.fold(0.0, f64::max);
        let sign = if words.signs.contains(stem) {
            0.25
        } else {
            0.0
        };
        mistyped.max(sign)
    }

    /// How much a word tells: 1 if every complaint has it, more the fewer do.
    fn rarity(&self, stem: &str) -> f64 {
        let total = f64::from(u32::try_from(self.complaints.len()).unwrap_or(u32::MAX));
        let having =
            f64::from(u32::try_from(self.commonness.get(stem).copied().unwrap_or(1)).unwrap_or(1));
        1.0 + (total / having).ln().max(0.0)
    }
}

fn words_of(stemmer: &Stemmer, protocol: &Protocol) -> Words {
    let names = [&protocol.title].into_iter().chain(&protocol.lay_terms);
    let names: Vec<BTreeSet<String>> = names
        .map(|name| {
            stems(stemmer, name)
                .filter(|stem| !is_stop_word(stem))
                .collect()
        })
        .collect();
    let statements = protocol
        .findings
        .iter()
        .map(|finding| finding.statement.to_string());
    let signs = statements
        .flat_map(|text| stems(stemmer, &text).collect::<Vec<_>>())
        .filter(|stem| !is_stop_word(stem));
    Words {
        own: names.iter().flatten().cloned().collect(),
        names,
        signs: signs.collect(),
        urgency: protocol.default.level as usize,
    }
}

fn is_stop_word(stem: &str) -> bool {
    STOP_WORDS.split_whitespace().any(|word| word == stem)
}

/// The stems of a text, in its order. An apostrophe is left out: "can't" is `cant`.
fn stems<'a>(stemmer: &'a Stemmer, text: &str) -> impl Iterator<Item = String> + 'a {
    let lower: String = text
        .to_lowercase()
        .chars()
        .filter(|sign| !matches!(sign, '\'' | '’'))
        .collect();
    let words: Vec<String> = lower
        .split(|sign: char| !sign.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    words
        .into_iter()
        .map(move |word| stemmer.stem(&word).into_owned())
}

/// Whether two stems are the same but for one typing mistake, which short words don't forgive.
fn is_near(typed: &str, word: &str) -> bool {
    typed == word
        || word.chars().count() >= 4 && typed.chars().count() >= 4 && is_one_edit(typed, word)
}

/// One letter more, less or other, or two neighbors swapped.
fn is_one_edit(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > 1 {
        return false;
    }
    let same_start = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let rest_of =
        |word: &[char], skip: usize| word.get(same_start + skip..).unwrap_or_default().to_vec();
    let swapped = a.len() == b.len()
        && a.get(same_start) == b.get(same_start + 1)
        && a.get(same_start + 1) == b.get(same_start)
        && rest_of(&a, 2) == rest_of(&b, 2);
    match a.len().cmp(&b.len()) {
        std::cmp::Ordering::Equal => rest_of(&a, 1) == rest_of(&b, 1) || swapped,
        std::cmp::Ordering::Less => rest_of(&a, 0) == rest_of(&b, 1),
        std::cmp::Ordering::Greater => rest_of(&a, 1) == rest_of(&b, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_typing_mistake_is_forgiven_and_two_are_not() {
        let rows = [
            ("throat", "throat", true),
            ("troat", "throat", true),
            ("thraot", "throat", true),
            ("throatt", "throat", true),
            ("throet", "throat", true),
            ("thraet", "throat", false),
            ("ear", "eye", false),
        ];
        for (typed, word, near) in rows {
            assert_eq!(is_near(typed, word), near, "{typed} {word}");
        }
    }
}
