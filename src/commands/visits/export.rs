//! `visits export`: requests as CSV, one row after the other, so that any number of
//! them needs the memory of one. Each part is in the access log before its first row
//! is written. A file appears whole or not at all, and only its owner can read it.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::Path;

use anyhow::Context;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::super::Exit;
use super::super::spreadsheet::cell;
use super::desk::{CODES_PER_LINE, Desk};
use super::letters::{Keys, Opened};
use super::list::refused;
use crate::booking::{Letter, RequestCode};
use crate::cli::ExportArgs;
use crate::disk::{Draft, Readers};
use crate::ledger::{Deed, Entry, Status, Which};

/// Whether a message may be left stands before the number to call.
const HEADINGS: [&str; 24] = [
    "code",
    "service",
    "received_at",
    "status",
    "done_at",
    "estimate_due_on",
    "delete_on",
    "letter",
    "name",
    "birth_date",
    "may_leave_message",
    "preferred",
    "phone",
    "email",
    "state",
    "patient",
    "payment",
    "how_soon",
    "days",
    "times",
    "interpreter",
    "access_needs",
    "advice_complaint",
    "advice_level",
];

/// How many of the columns are known without a key.
const OPEN_COLUMNS: usize = 8;

pub(super) async fn run(args: &ExportArgs) -> anyhow::Result<Exit> {
    let keys = Keys::read_some(&args.key)?;
    let desk = Desk::open(&args.desk).await?;
    let which = if args.all { Which::All } else { Which::Open };
    let codes = desk.ledger.codes(which).await?;
    let export = Export {
        desk: &desk,
        keys: &keys,
        why: &args.why,
        bar: progress_bar(codes.len() as u64, args.output.as_deref()),
    };
    // A request that is cut short drops the draft, and with it what was written.
    let lines = tokio::select! {
        lines = export.to(args.output.as_deref(), &codes) => lines?,
        _ = tokio::signal::ctrl_c() => anyhow::bail!("stopped; no file was written"),
    };
    Ok(refused(&lines)?)
}

/// On standard error, and only if that is a terminal on which no rows are printed.
fn progress_bar(count: u64, output: Option<&Path>) -> ProgressBar {
    let rows_on_screen = output.is_none() && io::stdout().is_terminal();
    let target = if rows_on_screen || !io::stderr().is_terminal() {
        ProgressDrawTarget::hidden()
    } else {
        ProgressDrawTarget::stderr()
    };
    let bar = ProgressBar::with_draw_target(Some(count), target);
    match ProgressStyle::with_template("{wide_bar} {human_pos} of {human_len} requests, {eta} left")
    {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

struct Export<'a> {
    desk: &'a Desk,
    keys: &'a Keys,
    why: &'a str,
    bar: ProgressBar,
}

impl Export<'_> {
    /// Writes all rows, and gives a line for each letter that stayed closed.
    async fn to(
        &self,
        output: Option<&Path>,
        codes: &[RequestCode],
    ) -> anyhow::Result<Vec<String>> {
        let Some(path) = output else {
            let lines = self.rows(BufWriter::new(io::stdout()), codes).await?;
            return Ok(lines);
        };
        let failed = || format!("`{}` can't be written", path.display());
        let mut draft = Draft::begin(path, Readers::OwnerOnly).with_context(failed)?;
        let lines = self.rows(&mut draft, codes).await?;
        draft.finish().with_context(failed)?;
        Ok(lines)
    }

    async fn rows(&self, out: impl Write, codes: &[RequestCode]) -> anyhow::Result<Vec<String>> {
        let mut rows = csv::Writer::from_writer(out);
        rows.write_record(HEADINGS)?;
        let mut lines = Vec::new();
        for part in codes.chunks(CODES_PER_LINE) {
            self.desk.write_down(Deed::Exported, self.why, part).await?;
            for code in part {
                // It may have been purged since.
                if let Some(entry) = self.desk.ledger.entry(*code).await? {
                    let opened = self.keys.open(&entry.sealed);
                    rows.write_record(row(self.desk, &entry, &opened))?;
                    if let Opened::Refused(reason) = opened {
                        lines.push(format!("{code}: {reason}"));
                    }
                }
                self.bar.inc(1);
            }
            rows.flush()?;
        }
        rows.flush()?;
        self.bar.finish_and_clear();
        Ok(lines)
    }
}

fn row(desk: &Desk, entry: &Entry, opened: &Opened) -> Vec<String> {
    let at = |instant| {
        desk.local(instant)
            .strftime("%Y-%m-%dT%H:%M:%S%:z")
            .to_string()
    };
    let (status, done_at) = match entry.status {
        Status::Open => ("open", String::new()),
        Status::Done(done_at) => ("done", at(done_at)),
    };
    let letter = match opened {
        Opened::Letter(_) => "opened",
        Opened::Sealed => "sealed",
        Opened::Refused(reason) => reason,
    };
    let due = entry.estimate_due_on.map(|day| day.to_string());
    let mut row = vec![
        entry.code.to_string(),
        entry.service.to_string(),
        at(entry.received_at),
        status.to_owned(),
        done_at,
        due.unwrap_or_default(),
        entry.delete_on.to_string(),
        letter.to_owned(),
    ];
    match opened.letter() {
        Some(letter) => row.extend(personal(letter).map(|text| cell(&text))),
        None => row.resize(HEADINGS.len(), String::new()),
    }
    row
}

fn personal(letter: &Letter) -> [String; HEADINGS.len() - OPEN_COLUMNS] {
    let optional = |text: &Option<String>| text.clone().unwrap_or_default();
    let advice = letter.advice.as_ref();
    [
        letter.name.clone(),
        optional(&letter.birth_date),
        letter.may_leave_message.clone(),
        letter.preferred.clone(),
        optional(&letter.phone),
        optional(&letter.email),
        letter.state.clone(),
        letter.patient.clone(),
        letter.payment.clone(),
        letter.how_soon.clone(),
        letter.days.join(" "),
        letter.times.join(" "),
        optional(&letter.interpreter),
        optional(&letter.access_needs),
        advice
            .map(|advice| advice.complaint.clone())
            .unwrap_or_default(),
        advice
            .map(|advice| advice.level.clone())
            .unwrap_or_default(),
    ]
}
