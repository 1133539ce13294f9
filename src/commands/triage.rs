//! `triage test` and `triage explain`: the proof of the protocols, and a protocol on
//! paper. Both read content by the same load as the server, so neither can speak of
//! a protocol that patients do not get.

mod explain;
mod paper;
mod picture;
mod proof;

use std::io::{self, Write};
use std::path::Path;

use anyhow::Context;
use jiff::civil::Date;

use super::Exit;
use crate::cli::{ExplainArgs, ExplainFormat, TriageCommand, TriageTestArgs};
use crate::content::markdown::Pictures;
use crate::diagnostic::{Code, Diagnostic, in_reading_order};
use crate::disk::{VIGNETTES, read_tree, read_vignettes};
use crate::document::nearest;
use crate::file::{Place, SourceFile};
use crate::id::ComplaintId;
use crate::rebuild::RebuildError;
use crate::site::{Site, load};
use crate::triage::{Vignette, parse_vignettes, try_vignettes};

/// No protocol depends on the day, so it is always the same.
const ANY_DAY: Date = Date::constant(2000, 1, 1);

/// Files that the symptom checker is made of.
const FILES: [&str; 4] = [
    "clinic/protocols/",
    "clinic/findings.toml",
    "clinic/measures.toml",
    "clinic/emergency-words.toml",
];

pub(super) fn run(command: &TriageCommand) -> anyhow::Result<Exit> {
    match command {
        TriageCommand::Test(args) => test(args),
        TriageCommand::Explain(args) => explain(args),
    }
}

/// The clinic's files as a site, with the faults of those that the symptom checker is made of.
fn read(root: &Path) -> anyhow::Result<(Site, Vec<Diagnostic>)> {
    let mut tree = read_tree(root).map_err(|error| RebuildError::Folder(root.to_owned(), error))?;
    tree.texts.retain(|file| file.path().starts_with("clinic/"));
    let (site, mut faults) = load(&tree, &Pictures::new(), &[], ANY_DAY, None);
    faults.retain(|fault| FILES.iter().any(|path| fault.place.path.starts_with(path)));
    let site = site.context("`clinic/clinic.toml` has errors; `signpost check` tells them")?;
    Ok((site, faults))
}

fn test(args: &TriageTestArgs) -> anyhow::Result<Exit> {
    let root = &args.folder.content;
    let (site, mut faults) = read(root)?;
    let (files, unreadable) = read_vignettes(root)
        .with_context(|| format!("`{}` can't be read", root.join(VIGNETTES).display()))?;
    faults.extend(unreadable);
    let chosen = chosen(&site, &faults, &args.complaints)?;
    if args.complaints.is_empty() {
        faults.extend(
            files
                .iter()
                .filter_map(|file| without_protocol(&site, file)),
        );
    } else {
        let own = |fault: &Diagnostic| {
            let path = &fault.place.path;
            let of_all = !path.starts_with("clinic/protocols/") && !path.starts_with(VIGNETTES);
            of_all || chosen.iter().any(|id| is_of(id, path))
        };
        faults.retain(own);
    }
    let mut read: Vec<(&ComplaintId, Vec<Vignette>)> = Vec::new();
    for complaint in &chosen {
        let Some(protocol) = site.protocols.get(complaint) else {
            continue;
        };
        let Some(file) = files.iter().find(|file| is_of(complaint, file.path())) else {
            faults.push(without_vignettes(complaint));
            continue;
        };
        let (vignettes, told) = parse_vignettes(file, protocol, &site.measures);
        faults.extend(told);
        read.push((complaint, vignettes));
    }
    let trials: Vec<_> = read
        .iter()
        .filter_map(|(id, vignettes)| Some((site.protocols.get(*id)?, vignettes)))
        .map(|(protocol, vignettes)| {
            try_vignettes(protocol, vignettes, &site.measures, &site.entrance)
        })
        .collect();
    let faults = in_reading_order(faults);
    let proof = proof::proof(&trials);
    let mut out = io::stdout().lock();
    for fault in &faults {
        writeln!(out, "{fault}")?;
    }
    write!(out, "{}", proof.text)?;
    let failed = proof.failures > 0 || faults.iter().any(Diagnostic::is_error);
    Ok(if failed {
        Exit::FoundErrors
    } else {
        Exit::Clean
    })
}

/// The complaints that were named, or all; one that was named and is broken is among them.
fn chosen(
    site: &Site,
    faults: &[Diagnostic],
    names: &[String],
) -> anyhow::Result<Vec<ComplaintId>> {
    if names.is_empty() {
        return Ok(site.protocols.keys().cloned().collect());
    }
    let known = |name: &String| {
        let id: Option<ComplaintId> = name.parse().ok();
        let id = id.filter(|id| {
            site.protocols.contains_key(id)
                || faults.iter().any(|fault| is_of(id, &fault.place.path))
        });
        id.with_context(|| unknown(site, name))
    };
    names.iter().map(known).collect()
}

fn unknown(site: &Site, name: &str) -> String {
    let names = site.protocols.keys().map(ComplaintId::as_str);
    match nearest(name, names) {
        Some(near) => format!("there is no protocol `{name}`; did you mean `{near}`?"),
        None => format!("there is no protocol `{name}` in `clinic/protocols/`"),
    }
}

/// Whether a file holds the protocol or the vignettes of a complaint.
fn is_of(complaint: &ComplaintId, path: &str) -> bool {
    ["clinic/protocols", VIGNETTES]
        .iter()
        .any(|folder| path == format!("{folder}/{complaint}.toml"))
}

fn without_vignettes(complaint: &ComplaintId) -> Diagnostic {
    let place = Place::start_of(format!("{VIGNETTES}/{complaint}.toml"));
    Diagnostic::new(Code::FileMissing, place, "the protocol has no vignettes")
        .help("write at least six; `docs/content-format.md` shows how")
}

fn without_protocol(site: &Site, file: &SourceFile) -> Option<Diagnostic> {
    let names = || site.protocols.keys().map(ComplaintId::as_str);
    if names().any(|name| name == file.stem()) {
        return None;
    }
    let message = format!("there is no protocol `{}`, or it has errors", file.stem());
    let fault = Diagnostic::new(Code::IdUnknown, file.place(0), message);
    Some(match nearest(file.stem(), names()) {
        Some(near) => fault.help(format!("did you mean `{near}`?")),
        None => fault.help("name the file like its protocol"),
    })
}

fn explain(args: &ExplainArgs) -> anyhow::Result<Exit> {
    let (site, faults) = read(&args.folder.content)?;
    let mut out = io::stdout().lock();
    let complaint: Option<ComplaintId> = args.complaint.parse().ok();
    let protocol = complaint.as_ref().and_then(|id| site.protocols.get(id));
    let Some(protocol) = protocol else {
        let own = |fault: &&Diagnostic| {
            complaint
                .as_ref()
                .is_some_and(|id| is_of(id, &fault.place.path))
        };
        let own: Vec<_> = faults.iter().filter(own).collect();
        anyhow::ensure!(!own.is_empty(), unknown(&site, &args.complaint));
        for fault in own {
            writeln!(out, "{fault}")?;
        }
        return Ok(Exit::FoundErrors);
    };
    let text = match args.format {
        ExplainFormat::Text => explain::text(protocol),
        ExplainFormat::Svg => picture::svg(protocol)?,
    };
    write!(out, "{text}")?;
    Ok(Exit::Clean)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::triage::Protocol;

    fn site() -> Site {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        read(root).expect("the content of the repository").0
    }

    #[test]
    fn a_protocol_on_paper_leaves_nothing_out() {
        for protocol in site().protocols.values() {
            let text = explain::text(protocol);
            let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let addressee = protocol.first_addressee();
            let findings = protocol.findings.iter().flat_map(|finding| {
                let ask = finding.ask.as_ref().map(|ask| ask.to(addressee));
                let (statement, why) = (finding.statement.to(addressee), finding.why.to(addressee));
                [finding.id.to_string(), statement, why]
                    .into_iter()
                    .chain(ask)
            });
            let steps = protocol.self_care.iter().map(|step| step.step.clone());
            let signs = protocol.watch_for.iter().map(|sign| sign.sign.clone());
            let hrefs = protocol
                .sources
                .iter()
                .filter_map(|source| source.main_href());
            let days = protocol.durations.iter();
            let days = days.map(|rule| format!("more than {} days", rule.longer_than_days));
            for part in findings.chain(steps).chain(signs).chain(hrefs).chain(days) {
                let part = part.split_whitespace().collect::<Vec<_>>().join(" ");
                assert!(flat.contains(&part), "{}: {part}", protocol.complaint);
            }
            assert!(
                text.contains("Credentials   ____"),
                "{}",
                protocol.complaint
            );
            let too_long = text
                .lines()
                .find(|line| line.chars().count() > 80 && line.trim_start().contains(' '));
            assert_eq!(too_long.filter(|line| !line.contains("http")), None);
        }
    }

    #[test]
    fn a_picture_holds_every_finding_as_text() {
        let words = |text: &str| {
            text.split_whitespace()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        for protocol in site().protocols.values() {
            let svg = picture::svg(protocol).expect("a picture");
            let parts = svg.split("<text ").skip(1);
            let shown: Vec<String> = parts
                .filter_map(|part| part.split_once('>')?.1.split_once("</text>"))
                .flat_map(|(text, _)| words(&text.replace("&#39;", "'").replace("&#34;", "\"")))
                .collect();
            for finding in &protocol.findings {
                let statement = words(&finding.statement.to(protocol.first_addressee()));
                let found = shown.windows(statement.len()).any(|part| part == statement);
                assert!(found, "{}: {}", protocol.complaint, finding.id);
            }
            assert!(!svg.contains("NaN") && svg.trim_end().ends_with("</svg>"));
        }
    }

    #[test]
    fn every_failure_is_told_with_its_place() {
        let site = site();
        let protocol: &Protocol = site
            .protocols
            .values()
            .find(|protocol| protocol.complaint.as_str() == "lower-back-pain")
            .expect("the protocol");
        let source = protocol.sources.first().expect("a source").id.as_str();
        let case = |name: &str, expect: &str, rest: &str| {
            format!(
                "[[case]]\nname = \"{name}\"\nwho = \"me\"\nage = \"34 years\"\n\
                 pregnant_or_postpartum = false\nexpect = \"{expect}\"\nsource = \"{source}\"\n{rest}\n"
            )
        };
        let text = [
            case("a", "emergency", "numbers = { days = 0 }\nwords = \"zzzz\""),
            case(
                "b",
                "self-care",
                "numbers = { days = 0 }\nyes = [\"saddle-numbness\"]",
            ),
            case("c", "self-care", ""),
        ]
        .concat();
        let file = SourceFile::new("tests/vignettes/lower-back-pain.toml", text);
        let (vignettes, faults) = parse_vignettes(&file, protocol, &site.measures);
        assert!(faults.is_empty(), "{faults:?}");
        let trial = try_vignettes(protocol, &vignettes, &site.measures, &site.entrance);
        let proof = proof::proof(&[trial]);
        let place = "tests/vignettes/lower-back-pain.toml";
        let rows = [
            format!("{place}:1:1: under-triaged: expected emergency, given self-care: a\n"),
            format!(
                "{place}:1:1: words of emergency lead somewhere else, not to `lower-back-pain`: zzzz\n"
            ),
            format!("{place}:10:1: over-triaged: expected self-care, given emergency: b\n"),
            format!("{place}:19:1: the form asks for `numbers.days`: c\n"),
            format!("{place}: no vignette reaches the finding `leg-weakness`\n"),
            format!("{place}: no vignette reaches the level urgent\n"),
            "right: 1 (33.3 %), under-triaged: 1, over-triaged: 1\n".to_owned(),
            "emergency              0           0           0           1\n".to_owned(),
        ];
        for row in rows {
            assert!(proof.text.contains(&row), "{row}\n{}", proof.text);
        }
        assert!(proof.failures > 5);
    }
}
