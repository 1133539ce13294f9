//! The clinic's files that the desk and marketing need: names, the time zone, services
//! and campaigns. It stands apart so that opening a request never waits for articles,
//! and never fails over one.

use std::path::Path;

use anyhow::Context;
use jiff::Timestamp;
use jiff::Zoned;

use crate::booking::{Campaigns, Services, parse_campaigns, parse_services};
use crate::clinic::{Clinic, parse_clinic};
use crate::diagnostic::{Diagnostic, in_reading_order};
use crate::disk::read_tree;
use crate::file::SourceFile;
use crate::id::ServiceId;
use crate::rebuild::RebuildError;

/// What was read.
pub(super) struct ClinicFiles {
    /// The clinic.
    pub(super) clinic: Clinic,
    /// The visits that it offers.
    pub(super) services: Services,
    /// Its campaigns.
    pub(super) campaigns: Campaigns,
    /// What should be mended in `clinic/campaigns.toml`, in reading order.
    pub(super) campaign_faults: Vec<Diagnostic>,
}

impl ClinicFiles {
    /// An instant on the clinic's own clock.
    pub(super) fn local(&self, at: Timestamp) -> Zoned {
        at.to_zoned(self.clinic.timezone.clone())
    }

    /// What a service is called; its id if the clinic no longer offers it.
    pub(super) fn service_name(&self, id: &ServiceId) -> String {
        let service = self.services.get(id);
        service.map_or_else(|| id.to_string(), |service| service.name.clone())
    }
}

/// Reads the clinic's files below a content folder. A fault in services or campaigns costs only
/// what it stands in.
///
/// # Errors
/// The folder can't be read, or `clinic/clinic.toml` has errors: for the operator.
pub(super) fn read(root: &Path) -> anyhow::Result<ClinicFiles> {
    let tree = read_tree(root).map_err(|error| RebuildError::Folder(root.to_owned(), error))?;
    let file = |path: &str| tree.texts.iter().find(|file| file.path() == path);
    let clinic = file("clinic/clinic.toml").and_then(|file| parse_clinic(file).0);
    let clinic = clinic.with_context(|| {
        let root = root.display();
        format!("there is no sound `clinic/clinic.toml` in `{root}`; `signpost check` tells more")
    })?;
    let services = file("clinic/services.toml").map(|file| parse_services(file).0);
    let services = services.unwrap_or_default();
    let (campaigns, faults) = campaigns(file("clinic/campaigns.toml"), &services);
    Ok(ClinicFiles {
        clinic,
        services,
        campaigns,
        campaign_faults: in_reading_order(faults),
    })
}

fn campaigns(file: Option<&SourceFile>, services: &Services) -> (Campaigns, Vec<Diagnostic>) {
    let ids: Vec<ServiceId> = services.keys().cloned().collect();
    file.map_or_else(Default::default, |file| parse_campaigns(file, &ids))
}
