//! A report as tables for the terminal. It computes nothing: what can't be shown was
//! forgotten before it came here.

use std::fmt::Write;

use super::super::columns::{Column, table};
use super::super::harmless::one_line;
use super::figures::{CampaignFigures, Report, Steps};

/// What stands under the tables.
const NOTE: &str = "\
Whole weeks that are over, Monday to Sunday. `<5` is a number from 1 to 4; a total adds up the numbers
that are shown, and `+` says that at least one `<5` is missing from it. Shares are of those who viewed.
";

/// The report.
pub(super) fn text(report: &Report) -> String {
    let mut text = format!(
        "{}: campaigns, {}\n",
        one_line(&report.clinic),
        report.period
    );
    for campaign in &report.campaigns {
        section(&mut text, campaign);
    }
    if report.campaigns.is_empty() {
        text.push_str("\nNo campaign ran, and nothing was counted.\n");
    }
    text.push('\n');
    text.push_str(NOTE);
    text
}

fn section(text: &mut String, campaign: &CampaignFigures) {
    let heading = match campaign.channel.as_str() {
        "" => format!("{} (no longer listed)", campaign.id),
        channel => format!("{} ({}, {channel})", campaign.label, campaign.id),
    };
    // Writing to a text can't fail.
    writeln!(text, "\n{}", one_line(&heading)).unwrap_or_default();
    if campaign.weeks.is_empty() {
        text.push_str("nothing was counted\n");
        return;
    }
    let columns = [
        Column::text("WEEK", 8),
        Column::text("DAYS", 16),
        Column::text("SERVICE", 12),
        Column::number("VIEWED"),
        Column::number("STARTED"),
        Column::number("SHARE"),
        Column::number("SENT"),
        Column::number("SHARE"),
    ];
    text.push_str(&table(columns, &rows(campaign)));
}

fn rows(campaign: &CampaignFigures) -> Vec<[String; 8]> {
    let mut rows = Vec::new();
    for figures in &campaign.weeks {
        let (mut week, mut days) = (figures.week.to_string(), figures.week.days());
        for service in &figures.services {
            let name = service.id.to_string();
            let week = std::mem::take(&mut week);
            rows.push(row(week, std::mem::take(&mut days), name, &service.steps));
        }
        if figures.services.len() > 1 {
            let name = "all services".to_owned();
            rows.push(row(String::new(), String::new(), name, &figures.steps));
        }
    }
    if campaign.weeks.len() > 1 {
        let name = String::new();
        rows.push(row("all".to_owned(), String::new(), name, &campaign.steps));
    }
    rows
}

fn row(week: String, days: String, service: String, steps: &Steps) -> [String; 8] {
    [
        week,
        days,
        service,
        steps.viewed.to_string(),
        steps.started.to_string(),
        steps.started_share().to_string(),
        steps.sent.to_string(),
        steps.sent_share().to_string(),
    ]
}
