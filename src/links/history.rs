//! What earlier runs found, as it is kept in a file between them. Pure: it is read
//! from a text and written to one, and which day it is comes from outside.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::mention::Mentions;
use super::visit::Answer;

/// Goes up when an older program could not read the file.
const VERSION: u32 = 1;

/// Failures in a row that count, each on a day of its own. Source: `specs/editorial-checks.md`, "External links".
const FAILURES: usize = 3;

/// Days over which they must be spread. Source: as above.
const DAYS: i32 = 7;

/// Runs that are kept of each address: more than a year of weekly ones.
const KEPT_RUNS: usize = 60;

/// What is known of every address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct History {
    version: u32,
    /// By address, ascending.
    pub links: BTreeMap<String, Memory>,
}

impl Default for History {
    fn default() -> Self {
        Self {
            version: VERSION,
            links: BTreeMap::new(),
        }
    }
}

/// What is known of one address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Memory {
    /// At most one a day, oldest first, at most 60.
    pub runs: Vec<Run>,
    /// Where it has moved for good, as the last answer said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_to: Option<String>,
}

/// What one run found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// The day, in the clinic's time zone.
    pub on: Date,
    /// What came back.
    pub outcome: Outcome,
    /// In a few words, such as `404 Not Found`.
    pub why: String,
}

/// What an answer means for a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The page is there.
    Alive,
    /// It is not, or nobody answered.
    Failed,
    /// The site does not answer programs: could not tell.
    Unsure,
}

/// Where an address stands after all runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// The last run that could tell found the page.
    Sound,
    /// No run could tell.
    Unsure,
    /// It fails, but not for long enough to count.
    Failing {
        /// The first failure in a row.
        since: Date,
        /// What the last one was.
        why: String,
    },
    /// It has failed on three days over a week.
    Dead {
        /// The first failure in a row.
        since: Date,
        /// What the last one was.
        why: String,
    },
}

impl Memory {
    /// Where the address stands. Runs that could not tell count neither way.
    pub fn standing(&self) -> Standing {
        let telling = self.runs.iter().rev();
        let telling = telling.filter(|run| run.outcome != Outcome::Unsure);
        let failures: Vec<&Run> = telling
            .clone()
            .take_while(|run| run.outcome == Outcome::Failed)
            .collect();
        let (Some(last), Some(first)) = (failures.first(), failures.last()) else {
            return match telling.count() {
                0 => Standing::Unsure,
                _ => Standing::Sound,
            };
        };
        let (since, why) = (first.on, last.why.clone());
        let days = (last.on - first.on).get_days();
        if failures.len() >= FAILURES && days >= DAYS {
            Standing::Dead { since, why }
        } else {
            Standing::Failing { since, why }
        }
    }

    /// Whether a day's run found the page, so that another one that day would tell nothing new.
    fn is_alive_on(&self, day: Date) -> bool {
        let last = self.runs.last();
        last.is_some_and(|run| run.on == day && run.outcome == Outcome::Alive)
    }
}

impl History {
    /// Reads the file of an earlier run.
    ///
    /// # Errors
    /// It is not what this program writes, in one line: for the operator.
    pub fn parse(text: &str) -> Result<Self, String> {
        let history: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        match history.version {
            VERSION => Ok(history),
            other => Err(format!("it has version {other}, expected {VERSION}")),
        }
    }

    /// The file, with a line break at its end.
    ///
    /// # Errors
    /// None that can be met: every part can be written as JSON.
    pub fn text(&self) -> serde_json::Result<String> {
        serde_json::to_string_pretty(self).map(|text| format!("{text}\n"))
    }

    /// The addresses that a run of this day has to open, ascending.
    pub fn due<'a>(&self, mentions: &'a Mentions, today: Date) -> Vec<&'a str> {
        let done = |address: &str| {
            let memory = self.links.get(address);
            memory.is_some_and(|memory| memory.is_alive_on(today))
        };
        let addresses = mentions.keys().map(String::as_str);
        addresses.filter(|address| !done(address)).collect()
    }

    /// Adds what a run found. A second run of a day takes the place of the first, and what
    /// nobody mentions any more is forgotten.
    pub fn add(&mut self, mentions: &Mentions, today: Date, answers: Vec<(String, Answer)>) {
        self.links
            .retain(|address, _| mentions.contains_key(address));
        for (address, answer) in answers {
            let memory = self.links.entry(address).or_default();
            memory.runs.retain(|run| run.on != today);
            memory.runs.push(Run {
                on: today,
                outcome: answer.outcome,
                why: answer.why,
            });
            memory.runs.sort_by_key(|run| run.on);
            let surplus = memory.runs.len().saturating_sub(KEPT_RUNS);
            memory.runs.drain(..surplus);
            if answer.outcome == Outcome::Alive {
                memory.moved_to = answer.moved_to;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    /// A history of runs: the day of November, and `a`live, `f`ailed or `u`nsure.
    fn memory(runs: &[(i8, char)]) -> Memory {
        let run = |(day, sign): &(i8, char)| Run {
            on: date(2026, 11, *day),
            outcome: match sign {
                'a' => Outcome::Alive,
                'f' => Outcome::Failed,
                _ => Outcome::Unsure,
            },
            why: format!("{day}"),
        };
        Memory {
            runs: runs.iter().map(run).collect(),
            moved_to: None,
        }
    }

    #[test]
    fn a_link_is_dead_after_three_failures_over_seven_days() {
        let dead = |since| Standing::Dead {
            since: date(2026, 11, since),
            why: "8".into(),
        };
        let failing = |since, why: &str| Standing::Failing {
            since: date(2026, 11, since),
            why: why.into(),
        };
        let rows = [
            (vec![], Standing::Unsure),
            (vec![(1, 'u')], Standing::Unsure),
            (vec![(1, 'a')], Standing::Sound),
            (vec![(1, 'f'), (4, 'f'), (8, 'f')], dead(1)),
            (vec![(1, 'f'), (4, 'f'), (7, 'f')], failing(1, "7")),
            (vec![(1, 'f'), (8, 'f')], failing(1, "8")),
            (
                vec![(1, 'f'), (2, 'a'), (4, 'f'), (8, 'f')],
                failing(4, "8"),
            ),
            (vec![(1, 'f'), (2, 'u'), (4, 'f'), (8, 'f')], dead(1)),
            (vec![(1, 'f'), (4, 'f'), (8, 'f'), (9, 'u')], dead(1)),
            (
                vec![(1, 'f'), (4, 'f'), (8, 'f'), (9, 'a')],
                Standing::Sound,
            ),
        ];
        for (runs, expected) in rows {
            assert_eq!(memory(&runs).standing(), expected, "{runs:?}");
        }
    }

    #[test]
    fn several_runs_on_one_day_are_one() {
        let mut history = History::default();
        let mentions = Mentions::from([("https://a.example/".to_owned(), Vec::new())]);
        for _ in 0..3 {
            let answer = Answer {
                outcome: Outcome::Failed,
                why: "404 Not Found".into(),
                moved_to: None,
            };
            let answers = vec![("https://a.example/".to_owned(), answer)];
            history.add(&mentions, date(2026, 11, 25), answers);
        }
        let kept: Vec<usize> = history.links.values().map(|kept| kept.runs.len()).collect();
        assert_eq!(kept, [1]);
        let text = history.text().unwrap();
        assert_eq!(History::parse(&text), Ok(history.clone()));
        history.add(&Mentions::new(), date(2026, 11, 26), Vec::new());
        assert!(history.links.is_empty(), "nobody mentions it any more");
    }

    #[test]
    fn a_file_of_something_else_is_refused() {
        for text in [
            "",
            "{}",
            "{\"version\":2,\"links\":{}}",
            "{\"version\":1,\"links\":[]}",
        ] {
            assert!(History::parse(text).is_err(), "{text}");
        }
    }
}
