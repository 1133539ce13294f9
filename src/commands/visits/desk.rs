//! The desk: an open ledger, the clinic, the day, and who sits there. Every command but
//! `keygen` works at it, and it alone writes the access log.

use anyhow::Context;
use jiff::civil::Date;
use jiff::{Timestamp, Zoned};

use super::super::calendar;
use super::super::clinic_files::{self, ClinicFiles};
use super::super::open_ledger::open;
use crate::booking::RequestCode;
use crate::cli::DeskArgs;
use crate::clock::now;
use crate::id::ServiceId;
use crate::ledger::{Access, Deed, Entry, Ledger, Status};

/// Most requests that one line of the access log names.
pub(super) const CODES_PER_LINE: usize = 100;

/// An open ledger, and who asks for it.
pub(super) struct Desk {
    files: ClinicFiles,
    who: String,
    /// The clinic-local day.
    pub(super) today: Date,
    /// The requests.
    pub(super) ledger: Ledger,
}

/// How urgent an estimate is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Due {
    /// There is none to send, or the request is done.
    No,
    /// It must be sent by this day, which has not passed.
    By(Date),
    /// It should have been sent by this day.
    Overdue(Date),
}

impl Desk {
    /// Opens the ledger.
    ///
    /// # Errors
    /// Nobody is named, the clinic's files can't be read, or the ledger can't be reached: for the operator.
    pub(super) async fn open(args: &DeskArgs) -> anyhow::Result<Self> {
        let names = [&args.who, &args.account].into_iter().flatten();
        let mut names = names
            .map(|name| name.trim())
            .filter(|name| !name.is_empty());
        let who = names
            .next()
            .context("the access log needs your name: give it with --who, or set SIGNPOST_WHO")?;
        let root = &args.content.folder.content;
        let files = clinic_files::read(root)?;
        let ledger = open(&args.ledger, root).await?;
        Ok(Self {
            today: calendar(args.content.today).today(&files.clinic.timezone),
            files,
            who: who.to_owned(),
            ledger,
        })
    }

    /// A line of the access log that is not written yet.
    ///
    /// # Errors
    /// No reason is given: for whoever typed it.
    pub(super) fn access(
        &self,
        deed: Deed,
        why: &str,
        codes: &[RequestCode],
    ) -> anyhow::Result<Access> {
        let why = why.trim();
        anyhow::ensure!(
            !why.is_empty(),
            "the access log needs a reason: give it with --why"
        );
        Ok(Access {
            at: now(),
            who: self.who.clone(),
            why: why.to_owned(),
            deed,
            codes: codes.to_vec(),
        })
    }

    /// Writes into the access log what is about to be seen, in lines of at most [`CODES_PER_LINE`] requests.
    ///
    /// # Errors
    /// As [`Desk::access`]; or the ledger can't write, and then nothing may be shown.
    pub(super) async fn write_down(
        &self,
        deed: Deed,
        why: &str,
        codes: &[RequestCode],
    ) -> anyhow::Result<()> {
        for part in codes.chunks(CODES_PER_LINE) {
            self.ledger
                .write_access(&self.access(deed, why, part)?)
                .await?;
        }
        Ok(())
    }

    /// An instant on the clinic's own clock.
    pub(super) fn local(&self, at: Timestamp) -> Zoned {
        self.files.local(at)
    }

    /// A day as it stands in a table: without the year if that is this one.
    pub(super) fn short_day(&self, day: Date) -> String {
        let form = if day.year() == self.today.year() {
            "%b %-d"
        } else {
            "%b %-d %Y"
        };
        day.strftime(form).to_string()
    }

    /// What a service is called.
    pub(super) fn service_name(&self, id: &ServiceId) -> String {
        self.files.service_name(id)
    }

    /// How urgent the estimate of a request is.
    pub(super) fn due(&self, entry: &Entry) -> Due {
        match (entry.status, entry.estimate_due_on) {
            (Status::Open, Some(day)) if day < self.today => Due::Overdue(day),
            (Status::Open, Some(day)) => Due::By(day),
            _ => Due::No,
        }
    }
}
