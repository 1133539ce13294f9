//! Campaigns that marketing may count. Only what stands in `clinic/campaigns.toml`
//! is ever counted, and a count is joined to no person: it knows a campaign, a
//! service, a day and a step, and nothing else.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Fields, Known, from_toml, nearest};
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
    /// The first day on which it counts.
    pub from: Date,
    /// The last day on which it counts; none means until further notice.
    pub until: Option<Date>,
    /// The service to which its short link leads.
    pub service: ServiceId,
}

impl Campaign {
    /// Whether it counts on a day.
    pub fn runs_on(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }
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
    let from = fields.date("from");
    let until = fields.optional_date("until");
    let service = fields.parsed::<ServiceId>("service");
    if let Some(named) = service
        .as_ref()
        .filter(|named| !services.contains(&named.value))
    {
        let message = format!("`{}` is no service in `clinic/services.toml`", named.value);
        let place = fields.file().place(named.offset);
        let fault = Diagnostic::new(Code::IdUnknown, place, message);
        let near = nearest(named.value.as_str(), services.iter().map(ServiceId::as_str));
        fields.tell(match near {
            Some(near) => fault.help(format!("did you mean `{near}`?")),
            None => fault,
        });
    }
    if let (Some(from), Some(until)) = (&from, &until)
        && until.value < from.value
    {
        let place = fields.file().place(until.offset);
        let message = format!(
            "the campaign ends on {} before it begins on {}",
            until.value, from.value
        );
        fields.tell(Diagnostic::new(Code::DateOrder, place, message).help("swap the two days"));
    }
    Some(Campaign {
        id: id?.value,
        label: label?.value,
        channel: channel?.value,
        from: from?.value,
        until: until.map(|until| until.value),
        service: service?.value,
    })
}
