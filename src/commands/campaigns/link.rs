//! `campaigns link`: the addresses under which a campaign is counted, and a QR code for
//! print. The code is drawn by our own template, since print needs a size, a quiet
//! zone and a title.

use std::io::{self, Write};

use anyhow::Context;
use askama::Template;
use form_urlencoded::byte_serialize;
use jiff::civil::Date;

use super::super::Exit;
use super::super::clinic_files::{self, ClinicFiles};
use super::super::harmless::one_line;
use super::{tell_faults, today, write};
use crate::booking::Campaign;
use crate::cli::LinkArgs;
use crate::document::nearest;
use crate::id::{CampaignId, ServiceId};
use crate::pages::qr_code::{EcLevel, QrModules};

/// Printed size of one module, in tenths of a millimeter. A phone held at reading distance tells
/// modules of 0.4 mm apart; twice that leaves room for bad light and bad paper.
const MODULE_TENTHS_MM: usize = 8;

pub(super) fn run(args: &LinkArgs) -> anyhow::Result<Exit> {
    let files = clinic_files::read(&args.content.folder.content)?;
    let campaign = campaign(&files, &args.campaign)?;
    let service = service(&files, campaign, args.service.as_deref())?;
    let short = format!("{}/go/{}", files.clinic.origin, campaign.id);
    let medium: String = byte_serialize(campaign.channel.as_bytes()).collect();
    let mut out = io::stdout().lock();
    writeln!(out, "{}", one_line(&said(campaign)))?;
    writeln!(
        out,
        "tagged: {}/book/{service}?utm_campaign={}&utm_medium={medium}",
        files.clinic.origin, campaign.id
    )?;
    writeln!(out, "short:  {short}")?;
    if let Some(path) = &args.qr {
        write(path, &qr_code(&short, &campaign.label)?)?;
        writeln!(out, "QR code of the short address: {}", path.display())?;
    }
    let today = today(&args.content, &files);
    if let Some(warning) = not_running(campaign, today) {
        writeln!(io::stderr().lock(), "signpost: warning: {warning}")?;
    }
    tell_faults(&files)
}

/// What it is and when it runs.
fn said(campaign: &Campaign) -> String {
    let until = campaign.period.until.map_or_else(
        || "until further notice".to_owned(),
        |until| format!("until {until}"),
    );
    let Campaign {
        label,
        channel,
        period,
        ..
    } = campaign;
    let from = period.from;
    format!("{label} ({channel}): runs from {from} {until}")
}

fn not_running(campaign: &Campaign, today: Date) -> Option<String> {
    let id = &campaign.id;
    if today < campaign.period.from {
        let from = campaign.period.from;
        return Some(format!(
            "`{id}` does not run yet, and nothing is counted before {from}"
        ));
    }
    let until = campaign.period.until.filter(|until| *until < today)?;
    Some(format!(
        "`{id}` has ended, and nothing is counted after {until}"
    ))
}

fn campaign<'a>(files: &'a ClinicFiles, name: &str) -> anyhow::Result<&'a Campaign> {
    let id: Option<CampaignId> = name.parse().ok();
    let found = id.and_then(|id| files.campaigns.get(&id));
    found.map(AsRef::as_ref).with_context(|| {
        let mut message = unknown(
            "campaign",
            name,
            "clinic/campaigns.toml",
            files.campaigns.keys().map(CampaignId::as_str),
        );
        for fault in &files.campaign_faults {
            message.push_str(&format!("\n{fault}"));
        }
        message
    })
}

fn service(
    files: &ClinicFiles,
    campaign: &Campaign,
    name: Option<&str>,
) -> anyhow::Result<ServiceId> {
    let Some(name) = name else {
        return Ok(campaign.service.clone());
    };
    let id: Option<ServiceId> = name.parse().ok();
    id.filter(|id| files.services.contains_key(id))
        .with_context(|| {
            let ids = files.services.keys().map(ServiceId::as_str);
            unknown("service", name, "clinic/services.toml", ids)
        })
}

fn unknown<'a>(
    kind: &str,
    name: &str,
    file: &str,
    known: impl Iterator<Item = &'a str> + Clone,
) -> String {
    let name = one_line(name);
    if let Some(near) = nearest(&name, known.clone()) {
        return format!("there is no {kind} `{name}`; did you mean `{near}`?");
    }
    match known.collect::<Vec<_>>().as_slice() {
        [] => format!("there is no {kind} `{name}`; `{file}` lists none"),
        ids => format!(
            "there is no {kind} `{name}` in `{file}`; it lists {}",
            ids.join(", ")
        ),
    }
}

/// A QR code in modules: each run of dark ones is a line.
#[derive(Template)]
#[template(path = "qr-code.svg")]
struct QrPicture<'a> {
    label: &'a str,
    address: &'a str,
    size: usize,
    size_mm: String,
    /// Column, row and length.
    runs: Vec<(usize, usize, usize)>,
}

/// The code of an address, for print.
///
/// # Errors
/// The address is too long for a code, or the template failed: faults of ours.
fn qr_code(address: &str, label: &str) -> anyhow::Result<String> {
    // A quarter of the modules may be lost: paper is folded, and poured coffee over.
    let QrModules { size, runs } = QrModules::of(address, EcLevel::Q)
        .with_context(|| format!("`{address}` does not fit into a QR code"))?;
    let tenths = size * MODULE_TENTHS_MM;
    let picture = QrPicture {
        label,
        address,
        size,
        size_mm: format!("{}.{}", tenths / 10, tenths % 10),
        runs,
    };
    Ok(picture.render()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_says_in_words_where_it_leads() {
        let svg = qr_code("https://clinic.example/go/a", "Fall & <winter>").unwrap();
        assert!(svg.contains("<title id=\"title\">QR code: Fall &#38; &#60;winter&#62;, https://clinic.example/go/a</title>"), "{svg}");
        assert!(svg.trim_end().ends_with("</svg>"));
    }
}
