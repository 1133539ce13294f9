//! Counts of campaigns. A row knows a campaign, a service, a day and a step; no
//! request and no person can be found from it.

use jiff::civil::Date;

use crate::booking::Step;
use crate::id::{CampaignId, ServiceId};

/// How often one step happened on one day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tally {
    /// The campaign.
    pub campaign: CampaignId,
    /// The service whose page it was.
    pub service: ServiceId,
    /// The clinic-local day.
    pub day: Date,
    /// What happened.
    pub step: Step,
    /// How often.
    pub count: u32,
}
