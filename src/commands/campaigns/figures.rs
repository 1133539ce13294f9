//! Counts as a report may show them. A count from 1 to 4 is forgotten here, at the
//! smallest cell (campaign, week, service, step), before anything is added up. All
//! totals and shares are made of what is left, so no subtraction brings one back:
//! two ledgers that differ in such counts alone give the same report, byte by byte.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::super::clinic_files::ClinicFiles;
use super::period::{Period, Week};
use crate::booking::{Campaign, Step};
use crate::id::{CampaignId, ServiceId};
use crate::ledger::Tally;

/// The smallest count that is shown, other than 0. A smaller one could be a person whom somebody knows.
const LEAST_SHOWN: u64 = 5;

/// A count as it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// This many: 0, or at least 5.
    Exact(u64),
    /// From 1 to 4.
    Small,
    /// A sum of the counts that are shown, from which at least one small one is missing.
    AndSmall(u64),
}

impl Shown {
    /// A count of a smallest cell.
    fn of(count: u64) -> Self {
        match count {
            1..LEAST_SHOWN => Self::Small,
            _ => Self::Exact(count),
        }
    }

    /// The sum of what is shown. A single part that is not 0 is its own sum.
    fn sum(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut parts = parts.into_iter().filter(|part| *part != Self::Exact(0));
        let first = parts.next().unwrap_or(Self::Exact(0));
        parts.fold(first, |sum, part| match (sum, part) {
            (Self::Exact(a), Self::Exact(b)) => Self::Exact(a.saturating_add(b)),
            (a, b) => Self::AndSmall(a.least().saturating_add(b.least())),
        })
    }

    /// What is known of it: the part that a chart can draw.
    pub(super) fn least(self) -> u64 {
        match self {
            Self::Exact(count) | Self::AndSmall(count) => count,
            Self::Small => 0,
        }
    }

    /// Whether some of it is not shown.
    pub(super) fn hides(self) -> bool {
        !matches!(self, Self::Exact(_))
    }
}

/// `1,234`; `<5`; or `120+`, which tells that small counts are missing.
impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact(count) => f.write_str(&grouped(*count)),
            Self::Small => write!(f, "<{LEAST_SHOWN}"),
            Self::AndSmall(count) => write!(f, "{}+", grouped(*count)),
        }
    }
}

/// A number with a comma before every three digits.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A part of a whole, in tenths of a percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Share {
    /// Both counts are shown.
    Exact(u64),
    /// The whole is shown; of the part, small counts are missing.
    AtLeast(u64),
    /// It can't be told from what is shown, or there was nobody to go on.
    Unknown,
}

impl Share {
    /// The share of `whole` that `part` is.
    fn of(part: Shown, whole: Shown) -> Self {
        let Shown::Exact(whole @ 1..) = whole else {
            return Self::Unknown;
        };
        match part {
            Shown::Exact(part) => Self::Exact(tenths(part, whole)),
            Shown::AndSmall(part @ 1..) => Self::AtLeast(tenths(part, whole)),
            Shown::AndSmall(0) | Shown::Small => Self::Unknown,
        }
    }

    /// Whether it can be told.
    pub(super) fn is_known(self) -> bool {
        self != Self::Unknown
    }
}

/// Tenths of a percent, rounded half up.
fn tenths(part: u64, whole: u64) -> u64 {
    let doubled = part.saturating_mul(2000).saturating_add(whole);
    doubled
        .checked_div(whole.saturating_mul(2))
        .unwrap_or_default()
}

/// `12.5 %`; `12.5 %+`, which tells that small counts are missing; or a dash.
impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact(tenths) => write!(f, "{}.{} %", tenths / 10, tenths % 10),
            Self::AtLeast(tenths) => write!(f, "{}.{} %+", tenths / 10, tenths % 10),
            Self::Unknown => f.write_str("–"),
        }
    }
}

/// How many took each step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Steps {
    /// Opened the page of a service.
    pub(super) viewed: Shown,
    /// Began the form.
    pub(super) started: Shown,
    /// Sent a request.
    pub(super) sent: Shown,
}

impl Steps {
    fn of(counts: &BTreeMap<Step, u64>) -> Self {
        let shown = |step| Shown::of(counts.get(&step).copied().unwrap_or_default());
        Self {
            viewed: shown(Step::Viewed),
            started: shown(Step::Started),
            sent: shown(Step::Sent),
        }
    }

    fn sum<'a>(parts: impl Iterator<Item = &'a Self> + Clone) -> Self {
        Self {
            viewed: Shown::sum(parts.clone().map(|part| part.viewed)),
            started: Shown::sum(parts.clone().map(|part| part.started)),
            sent: Shown::sum(parts.map(|part| part.sent)),
        }
    }

    /// The counts, in the order of the steps.
    pub(super) fn all(&self) -> [(Step, Shown); 3] {
        [
            (Step::Viewed, self.viewed),
            (Step::Started, self.started),
            (Step::Sent, self.sent),
        ]
    }

    /// Who began the form, of those who opened the page.
    pub(super) fn started_share(&self) -> Share {
        Share::of(self.started, self.viewed)
    }

    /// Who sent a request, of those who opened the page.
    pub(super) fn sent_share(&self) -> Share {
        Share::of(self.sent, self.viewed)
    }
}

/// One service in one week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ServiceFigures {
    /// The service.
    pub(super) id: ServiceId,
    /// What it is called, or its id.
    pub(super) name: String,
    /// How many took each step.
    pub(super) steps: Steps,
}

/// One week in which something was counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WeekFigures {
    /// The week.
    pub(super) week: Week,
    /// By service, ascending; never empty.
    pub(super) services: Vec<ServiceFigures>,
    /// Their sum.
    pub(super) steps: Steps,
}

/// One campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CampaignFigures {
    /// Its id.
    pub(super) id: CampaignId,
    /// What marketing calls it; its id when it is no longer listed.
    pub(super) label: String,
    /// Where it runs; empty when it is no longer listed.
    pub(super) channel: String,
    /// By week, ascending; weeks in which nothing was counted are left out.
    pub(super) weeks: Vec<WeekFigures>,
    /// Their sum.
    pub(super) steps: Steps,
}

/// All that a report says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Report {
    /// The clinic's name.
    pub(super) clinic: String,
    /// What is counted.
    pub(super) period: Period,
    /// Those that are listed and run in the period, and those that were counted in it; by id.
    pub(super) campaigns: Vec<CampaignFigures>,
}

type Counts = BTreeMap<ServiceId, BTreeMap<Step, u64>>;

/// The report on a period. Counts outside of it are not looked at.
pub(super) fn report(tallies: &[Tally], files: &ClinicFiles, period: Period) -> Report {
    let mut counts: BTreeMap<&CampaignId, BTreeMap<Week, Counts>> = BTreeMap::new();
    for tally in tallies.iter().filter(|tally| tally.count > 0) {
        let within = (period.first()..=period.last()).contains(&tally.day);
        let Some(week) = Week::of(tally.day).filter(|_| within) else {
            continue;
        };
        let weeks = counts.entry(&tally.campaign).or_default();
        let services = weeks.entry(week).or_default();
        let steps = services.entry(tally.service.clone()).or_default();
        *steps.entry(tally.step).or_default() += u64::from(tally.count);
    }
    let listed = files.campaigns.values();
    let listed = listed.filter(|campaign| runs_in(campaign, period));
    let mut ids: BTreeSet<&CampaignId> = counts.keys().copied().collect();
    ids.extend(listed.map(|campaign| &campaign.id));
    let campaigns = ids.into_iter().map(|id| {
        let weeks = counts.get(id).into_iter().flatten();
        let weeks = weeks.map(|(week, counts)| week_figures(*week, counts, files));
        campaign_figures(id, weeks.collect(), files)
    });
    Report {
        clinic: files.clinic.name.clone(),
        period,
        campaigns: campaigns.collect(),
    }
}

fn runs_in(campaign: &Campaign, period: Period) -> bool {
    campaign.period.from <= period.last()
        && campaign
            .period
            .until
            .is_none_or(|until| period.first() <= until)
}

fn week_figures(week: Week, counts: &Counts, files: &ClinicFiles) -> WeekFigures {
    let services = counts.iter().map(|(id, steps)| ServiceFigures {
        id: id.clone(),
        name: files.service_name(id),
        steps: Steps::of(steps),
    });
    let services: Vec<_> = services.collect();
    WeekFigures {
        week,
        steps: Steps::sum(services.iter().map(|service| &service.steps)),
        services,
    }
}

fn campaign_figures(
    id: &CampaignId,
    weeks: Vec<WeekFigures>,
    files: &ClinicFiles,
) -> CampaignFigures {
    let listed = files.campaigns.get(id);
    CampaignFigures {
        id: id.clone(),
        label: listed.map_or_else(|| id.to_string(), |campaign| campaign.label.clone()),
        channel: listed.map_or_else(String::new, |campaign| campaign.channel.clone()),
        steps: Steps::sum(weeks.iter().map(|week| &week.steps)),
        weeks,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_is_made_of_what_is_shown() {
        let rows: [(&[u64], &str); 8] = [
            (&[], "0"),
            (&[0, 0], "0"),
            (&[4], "<5"),
            (&[0, 1, 0], "<5"),
            (&[1, 1], "0+"),
            (&[4, 4, 4, 4], "0+"),
            (&[1000, 4, 234], "1,234+"),
            (&[5, 6], "11"),
        ];
        for (counts, expected) in rows {
            let sum = Shown::sum(counts.iter().map(|count| Shown::of(*count)));
            assert_eq!(sum.to_string(), expected, "{counts:?}");
        }
    }

    #[test]
    fn a_sum_of_sums_hides_what_its_parts_hide() {
        let sum = |counts: &[u64]| Shown::sum(counts.iter().map(|count| Shown::of(*count)));
        let rows: [(&[Shown], &str); 3] = [
            (&[sum(&[1, 1])], "0+"),
            (&[sum(&[9, 1]), sum(&[8])], "17+"),
            (&[sum(&[3]), sum(&[2])], "0+"),
        ];
        for (parts, expected) in rows {
            assert_eq!(Shown::sum(parts.iter().copied()).to_string(), expected);
        }
    }

    #[test]
    fn a_share_never_tells_what_its_counts_do_not() {
        let (exact, some) = (Shown::Exact, Shown::AndSmall);
        let rows = [
            (exact(1), exact(8), "12.5 %"),
            (exact(2), exact(3), "66.7 %"),
            (exact(0), exact(8), "0.0 %"),
            (exact(12), exact(8), "150.0 %"),
            (some(30), exact(90), "33.3 %+"),
            (some(0), exact(90), "–"),
            (Shown::Small, exact(90), "–"),
            (exact(30), some(90), "–"),
            (exact(5), Shown::Small, "–"),
            (exact(0), exact(0), "–"),
        ];
        for (part, whole, expected) in rows {
            assert_eq!(
                Share::of(part, whole).to_string(),
                expected,
                "{part} {whole}"
            );
        }
    }
}
