//! Counts what campaigns bring. Counts are added up in memory and written in one go,
//! so that no reader waits for a database and no row tells of one visit. What a
//! crash takes with it is a second of counts, and never a request.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use jiff::civil::Date;

use crate::booking::Step;
use crate::id::{CampaignId, ServiceId};
use crate::ledger::{Ledger, LedgerError, Tally};

/// Counts that are not yet written. Bounded: campaigns, services and steps are those of the clinic's files.
#[derive(Debug, Default)]
pub struct Counting(Mutex<BTreeMap<What, u32>>);

type What = (CampaignId, ServiceId, Date, Step);

impl Counting {
    /// Counts one step on a clinic-local day.
    pub fn add(&self, campaign: &CampaignId, service: &ServiceId, day: Date, step: Step) {
        let what = (campaign.clone(), service.clone(), day, step);
        self.add_all([(what, 1)]);
    }

    fn add_all(&self, counts: impl IntoIterator<Item = (What, u32)>) {
        let mut pending = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (what, count) in counts {
            let own = pending.entry(what).or_default();
            *own = own.saturating_add(count);
        }
    }

    /// Writes what was counted since the last time.
    ///
    /// # Errors
    /// The ledger can't be reached: for the operator. The counts stay, and are written the next time.
    pub async fn write_to(&self, ledger: &Ledger) -> Result<(), LedgerError> {
        let pending = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        if pending.is_empty() {
            return Ok(());
        }
        let tallies: Vec<Tally> = pending.iter().map(tally).collect();
        let written = ledger.add_tallies(&tallies).await;
        if written.is_err() {
            self.add_all(pending);
        }
        written
    }
}

fn tally(((campaign, service, day, step), count): (&What, &u32)) -> Tally {
    Tally {
        campaign: campaign.clone(),
        service: service.clone(),
        day: *day,
        step: *step,
        count: *count,
    }
}
