//! From what somebody writes to the complaints that fit: lay words, any order, one
//! typing mistake a word. Words that tell of an emergency are recognized first, so
//! that nobody has to choose from a list before being told to call.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use rust_stemmers::{Algorithm, Stemmer};

use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Fields, Value, from_toml};
use crate::file::SourceFile;
use crate::id::{ComplaintId, FindingId};

use super::disposition::TriageLevel;
use super::finding::SharedFindings;
use super::protocol::{Finding, Hotline, Protocol};

/// Most complaints that are offered: one screen of a phone.
const MOST_OFFERED: usize = 6;

/// A complaint is offered if it fits at least this share as well as the best one.
const LEAST_SHARE: f64 = 0.3;

/// What a word counts that stands in a finding and in no name of a complaint, beside one that does.
const SIGN_SHARE: f64 = 0.5;

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
    /// The emergency finding that they tell of; its source stands behind the advice.
    pub finding: Arc<Finding>,
    /// The complaint whose finding it is; none for a shared one.
    pub complaint: Option<ComplaintId>,
    /// Groups of stems; each group never empty.
    groups: Vec<BTreeSet<String>>,
    /// Stems that give the words another meaning, such as the nose through which somebody can't breathe.
    unless: BTreeSet<String>,
}

/// Protocols by complaint, as a site has them.
type Protocols = BTreeMap<ComplaintId, Arc<Protocol>>;

/// Reads `clinic/emergency-words.toml`. `broken` are complaints whose own file has told its fault.
///
/// # Diagnostics
/// `key-*`, `value-wrong`, `id-unknown`, `finding-unknown`: for the editor. A broken entry is left out.
pub fn parse_emergency_words(
    file: &SourceFile,
    shared: &SharedFindings,
    protocols: &Protocols,
    broken: &BTreeSet<ComplaintId>,
) -> (Vec<EmergencyWords>, Vec<Diagnostic>) {
    let (root, mut diagnostics) = from_toml(file);
    let mut outer = Fields::of(file, &root, "the file");
    let mut entries = Vec::new();
    for node in outer.list("emergency") {
        let mut fields = Fields::of(file, node, "emergency");
        entries.extend(emergency(&mut fields, shared, protocols, broken));
        outer.tell_all(fields.finish());
    }
    diagnostics.extend(outer.finish());
    (entries, diagnostics)
}

fn emergency(
    fields: &mut Fields<'_>,
    shared: &SharedFindings,
    protocols: &Protocols,
    broken: &BTreeSet<ComplaintId>,
) -> Option<EmergencyWords> {
    let id = fields.parsed::<FindingId>("finding");
    let complaint = fields.optional_parsed::<ComplaintId>("complaint");
    let stemmer = Stemmer::create(Algorithm::English);
    let groups = groups(fields, &stemmer);
    let unless = fields.optional_texts("unless");
    let unless = unless.iter().flat_map(|word| stems(&stemmer, &word.value));
    let unless = unless.collect();
    let (id, complaint) = (id?, complaint.map(|complaint| complaint.value));
    let found = match &complaint {
        None => shared.get(&id.value),
        Some(complaint) => protocols
            .get(complaint)
            .and_then(|protocol| protocol.findings.iter().find(|own| own.id == id.value)),
    };
    let red = found.filter(|finding| finding.level == TriageLevel::Emergency);
    let Some(finding) = red else {
        // Nobody knows what a file that can't be read would hold: its own fault is told once.
        if complaint
            .as_ref()
            .is_some_and(|complaint| broken.contains(complaint))
        {
            return None;
        }
        let home = match &complaint {
            None => "clinic/findings.toml".to_owned(),
            Some(complaint) => format!("clinic/protocols/{complaint}.toml"),
        };
        let place = fields.file().place(id.offset);
        let message = format!("`{}` is no emergency finding of `{home}`", id.value);
        let fault = Diagnostic::new(Code::FindingUnknown, place, message);
        fields
            .tell(fault.help("name one that is there, with `complaint` if it is not a shared one"));
        return None;
    };
    (!groups.is_empty()).then(|| EmergencyWords {
        finding: Arc::clone(finding),
        complaint,
        groups,
        unless,
    })
}

fn groups(fields: &mut Fields<'_>, stemmer: &Stemmer) -> Vec<BTreeSet<String>> {
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
        let group: BTreeSet<String> = texts.flat_map(|text| stems(stemmer, text)).collect();
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
    sign_commonness: BTreeMap<String, usize>,
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
            for stem in &words.signs {
                *entrance.sign_commonness.entry(stem.clone()).or_default() += 1;
            }
            entrance
                .complaints
                .push((protocol.complaint.clone(), words));
        }
        entrance
    }

    /// Finds what fits. Equal fits stand in the order of their urgency; a complaint of whose emergency the words
    /// tell stands first.
    pub fn find(&self, text: &str) -> Match {
        let stemmer = Stemmer::create(Algorithm::English);
        let all: Vec<String> = stems(&stemmer, text).take(MOST_WORDS).collect();
        let typed: Vec<&String> = all.iter().filter(|stem| !is_stop_word(stem)).collect();
        let told = self.told(&all);
        let mut scored: Vec<(f64, usize, &ComplaintId)> = self
            .complaints
            .iter()
            .map(|(id, words)| (self.score(words, &typed), words.urgency, id))
            .filter(|(score, _, _)| *score > 0.0)
            .collect();
        scored.sort_by(|a, b| {
            let by_score = b.0.total_cmp(&a.0);
            by_score.then(b.1.cmp(&a.1)).then(a.2.cmp(b.2))
        });
        let best = scored.first().map_or(0.0, |(score, _, _)| *score);
        let near = scored
            .into_iter()
            .filter(|(score, _, _)| *score >= best * LEAST_SHARE);
        let mut complaints: Vec<ComplaintId> = Vec::new();
        let first = told.iter().filter_map(|entry| entry.complaint.as_ref());
        for id in first.chain(near.map(|(_, _, id)| id)) {
            if complaints.len() < MOST_OFFERED && !complaints.contains(id) {
                complaints.push(id.clone());
            }
        }
        let mut hotlines: Vec<Hotline> = told.iter().map(|entry| entry.finding.call).collect();
        hotlines.sort_unstable();
        hotlines.dedup();
        Match {
            complaints,
            hotlines,
        }
    }

    /// The emergencies of which the words tell.
    fn told(&self, typed: &[String]) -> Vec<&EmergencyWords> {
        let is_there = |group: &BTreeSet<String>| {
            typed
                .iter()
                .any(|stem| group.iter().any(|word| is_surely(stem, word)))
        };
        let told = |entry: &&EmergencyWords| {
            let means_other = typed.iter().any(|stem| entry.unless.contains(stem));
            entry.groups.iter().all(is_there) && !means_other
        };
        self.emergencies.iter().filter(told).collect()
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
        if words.signs.contains(stem) {
            return self.rarity_of_sign(stem) * SIGN_SHARE;
        }
        // A word that some complaint knows is no typing mistake: "back" is not "hack".
        if self.commonness.contains_key(stem) || self.sign_commonness.contains_key(stem) {
            return 0.0;
        }
        let near = words.own.iter().filter(|word| is_near(stem, word));
        let mistyped = near.map(|word| self.rarity(word) * 0.7);
        mistyped.fold(0.0, f64::max)
    }

    /// The same for a word of findings.
    fn rarity_of_sign(&self, stem: &str) -> f64 {
        self.rarity_in(&self.sign_commonness, stem)
    }

    /// How much a word tells: 1 if every complaint has it, more the fewer do.
    fn rarity(&self, stem: &str) -> f64 {
        self.rarity_in(&self.commonness, stem)
    }

    fn rarity_in(&self, commonness: &BTreeMap<String, usize>, stem: &str) -> f64 {
        let count = |number: usize| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
        let having = count(commonness.get(stem).copied().unwrap_or(1));
        1.0 + (count(self.complaints.len()) / having).ln().max(0.0)
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
    // As stems, because that is what is compared: "because" has the stem "becaus".
    static STOP_STEMS: LazyLock<BTreeSet<String>> =
        LazyLock::new(|| stems(&Stemmer::create(Algorithm::English), STOP_WORDS).collect());
    STOP_STEMS.contains(stem)
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

/// As [`is_near`], but words of four letters must be right: "like" and "line" are not "life".
fn is_surely(typed: &str, word: &str) -> bool {
    typed == word || word.chars().count() >= 5 && is_near(typed, word)
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
