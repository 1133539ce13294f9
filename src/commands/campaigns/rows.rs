//! A report as CSV: one row for each campaign, week and service, and no totals, so that
//! a spreadsheet adds up what is shown. A number from 1 to 4 is an empty cell, and the
//! last column says so. Shares are fractions.

use super::super::spreadsheet::cell;
use super::figures::{CampaignFigures, Report, ServiceFigures, Share, Shown, WeekFigures};
use crate::document::Known;

const HEADINGS: [&str; 13] = [
    "campaign",
    "label",
    "channel",
    "week",
    "first_day",
    "last_day",
    "service",
    "viewed",
    "started",
    "sent",
    "started_share",
    "sent_share",
    "note",
];

/// The report.
///
/// # Errors
/// A row could not be written: a fault of ours.
pub(super) fn csv(report: &Report) -> anyhow::Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEADINGS)?;
    for campaign in &report.campaigns {
        for week in &campaign.weeks {
            for service in &week.services {
                writer.write_record(row(campaign, week, service))?;
            }
        }
    }
    Ok(String::from_utf8(writer.into_inner()?)?)
}

fn row(campaign: &CampaignFigures, week: &WeekFigures, service: &ServiceFigures) -> [String; 13] {
    let steps = &service.steps;
    [
        cell(campaign.id.as_str()),
        cell(&campaign.label),
        cell(&campaign.channel),
        week.week.to_string(),
        week.week.monday().to_string(),
        week.week.sunday().to_string(),
        cell(service.id.as_str()),
        number(steps.viewed),
        number(steps.started),
        number(steps.sent),
        fraction(steps.started_share()),
        fraction(steps.sent_share()),
        note(service),
    ]
}

fn number(shown: Shown) -> String {
    match shown {
        Shown::Exact(count) => count.to_string(),
        Shown::Small | Shown::AndSmall(_) => String::new(),
    }
}

/// `0.125` for 12.5 %. A row has no sums, so there is no share of one.
fn fraction(share: Share) -> String {
    match share {
        Share::Exact(tenths) => format!("{}.{:03}", tenths / 1000, tenths % 1000),
        Share::AtLeast(_) | Share::Unknown => String::new(),
    }
}

/// Which numbers are from 1 to 4, and so not shown.
fn note(service: &ServiceFigures) -> String {
    let hidden = service.steps.all().into_iter();
    let hidden: Vec<&str> = hidden
        .filter(|(_, shown)| shown.hides())
        .map(|(step, _)| step.word())
        .collect();
    match hidden.as_slice() {
        [] => String::new(),
        [only] => format!("{only} is from 1 to 4"),
        several => format!("{} are from 1 to 4", several.join(" and ")),
    }
}
