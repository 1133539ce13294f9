//! Campaigns that marketing may count. Only what stands in `clinic/campaigns.toml`
//! is ever counted, and a count is joined to no person: it knows a campaign, a
//! service, a day and a step, and nothing else.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::period::{Period, read_period, read_service};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Fields, Known, from_toml};
use crate::file::SourceFile;
use crate::id::{CampaignId, ServiceId};

/// One campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Campaign {
    /// What stands in `utm_campaign` and in `/go/<id>`.
    pub id: CampaignId,
    /// What marketing calls it.
    pub label: String,
    /// Where it runs, in words, such as `email` or `flyer`; becomes `utm_medium` of a tagged link.
    pub channel: String,
    /// When it counts.
    pub period: Period,
    /// The service to which its short link leads.
    pub service: ServiceId,
}

/// Campaigns by id, ascending.
pub type Campaigns = BTreeMap<CampaignId, Arc<Campaign>>;

/// How far somebody went who came through a campaign. In the order in which it happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// The page of the service was opened.
    Viewed,
    /// The form was begun: a state was chosen.
    Started,
    /// A request was kept.
    Sent,
}

impl Known for Step {
    const ALL: &'static [(&'static str, Self)] = &[
        ("viewed", Self::Viewed),
        ("started", Self::Started),
        ("sent", Self::Sent),
    ];
}

/// Reads `clinic/campaigns.toml`. `services` are those of `clinic/services.toml`.
///
/// # Diagnostics
/// `key-*`, `value-wrong`, `id-unknown`, `id-duplicate`, `date-order`: for marketing. A campaign with an error does not exist.
pub fn parse_campaigns(file: &SourceFile, services: &[ServiceId]) -> (Campaigns, Vec<Diagnostic>) {
    let (root, mut diagnostics) = from_toml(file);
    let mut outer = Fields::of(file, &root, "the file");
    let mut campaigns = Campaigns::new();
    for node in outer.optional_list("campaign") {
        let mut fields = Fields::of(file, node, "a campaign");
        let found = campaign(&mut fields, services);
        let offset = fields.offset();
        let faults = fields.finish();
        let is_sound = !faults.iter().any(Diagnostic::is_error);
        outer.tell_all(faults);
        let Some(found) = found.filter(|_| is_sound) else {
            continue;
        };
        if campaigns.contains_key(&found.id) {
            let message = format!("a second campaign has the id `{}`", found.id);
            let fault = Diagnostic::new(Code::IdDuplicate, file.place(offset), message);
            outer.tell(fault.help("give one of the two another id"));
            continue;
        }
        campaigns.insert(found.id.clone(), Arc::new(found));
    }
    diagnostics.extend(outer.finish());
    (campaigns, diagnostics)
}

fn campaign(fields: &mut Fields<'_>, services: &[ServiceId]) -> Option<Campaign> {
    let id = fields.parsed("id");
    let label = fields.text("label");
    let channel = fields.text("channel");
    let period = read_period(fields, "the campaign");
    let service = read_service(fields, services);
    Some(Campaign {
        id: id?.value,
        label: label?.value,
        channel: channel?.value,
        period: period?,
        service: service?,
    })
}
