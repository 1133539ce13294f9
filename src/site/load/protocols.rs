//! Protocols: reading each by itself, then looking up what it names of others.
//! It stands apart because a protocol may name a service, a reviewer and another
//! complaint, which only a whole site knows.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::Loading;
use crate::booking::Services;
use crate::clinic::People;
use crate::diagnostic::{Code, Diagnostic};
use crate::document::nearest;
use crate::file::SourceFile;
use crate::id::{ComplaintId, ComplaintMark, Id};
use crate::triage::{Measures, Protocol, SharedFindings, parse_protocol};

/// Where the names that a protocol gives are at home.
const SERVICES: &str = "clinic/services.toml";
const PROTOCOLS: &str = "clinic/protocols/";
const PEOPLE: &str = "clinic/people.toml";
const HOMES: [&str; 3] = [SERVICES, PROTOCOLS, PEOPLE];

/// Protocols by complaint, and the complaints whose file has an error.
pub(super) type ReadProtocols = (
    Arc<BTreeMap<ComplaintId, Arc<Protocol>>>,
    BTreeSet<ComplaintId>,
);

impl Loading<'_> {
    pub(super) fn protocols(
        &mut self,
        shared: &SharedFindings,
        measures: &Measures,
        services: &Services,
        people: &People,
    ) -> ReadProtocols {
        let files: Vec<_> = self.files_below("clinic/protocols/").collect();
        let read: Vec<_> = files
            .par_iter()
            .map(|file| parse_protocol(file, shared, measures))
            .collect();
        let unreadable = self.unreadable::<ComplaintMark>("clinic/protocols/", ".toml");
        let stems = files.iter().map(|file| file.stem());
        let complaints: BTreeSet<&str> = stems.chain(unreadable.iter().map(Id::as_str)).collect();
        // A name can't be looked up in a file that has errors of its own.
        let sound: Vec<&str> = HOMES
            .into_iter()
            .filter(|home| self.is_sound(home))
            .collect();
        let mut found = BTreeMap::new();
        let mut broken: BTreeSet<ComplaintId> = BTreeSet::new();
        for (file, (protocol, faults)) in files.iter().zip(read) {
            self.faults.extend(faults);
            let Ok(complaint) = file.stem().parse::<ComplaintId>() else {
                continue;
            };
            let unknown = protocol.as_ref().map(|protocol| {
                unknown_names(file, protocol, services, people, &complaints, &sound)
            });
            let unknown = unknown.unwrap_or_default();
            let protocol = protocol.filter(|_| unknown.is_empty());
            self.faults.extend(unknown);
            match protocol {
                Some(protocol) => _ = found.insert(complaint, Arc::new(protocol)),
                None => _ = broken.insert(complaint),
            }
        }
        broken.extend(unreadable.iter().cloned());
        for complaint in &broken {
            let last = self
                .last_good
                .and_then(|site| site.protocols.get(complaint));
            found.extend(last.map(|last| (complaint.clone(), Arc::clone(last))));
        }
        (Arc::new(found), broken)
    }
}

/// What a protocol names and nobody knows.
fn unknown_names(
    file: &SourceFile,
    protocol: &Protocol,
    services: &Services,
    people: &People,
    complaints: &BTreeSet<&str>,
    sound: &[&str],
) -> Vec<Diagnostic> {
    let service = protocol.service.as_ref().map(Id::as_str);
    let instead = protocol.see_instead.as_ref().map(Id::as_str);
    let signed = protocol.signed_off_by.as_deref();
    let service_ids: Vec<&str> = services.keys().map(Id::as_str).collect();
    let person_ids: Vec<&str> = people.keys().map(Id::as_str).collect();
    let complaint_ids: Vec<&str> = complaints.iter().copied().collect();
    let rows = [
        ("service", service, service_ids, SERVICES),
        ("see_instead", instead, complaint_ids, PROTOCOLS),
        ("signed_off_by", signed, person_ids, PEOPLE),
    ];
    let fault = |(key, named, known, home): (&str, Option<&str>, Vec<&str>, &str)| {
        let named = named.filter(|named| sound.contains(&home) && !known.contains(named))?;
        let message = format!("`{key}` is `{named}`, which is not in `{home}`");
        let place = file.place(offset_of_key(file, key));
        let fault = Diagnostic::new(Code::IdUnknown, place, message);
        Some(match nearest(named, known) {
            Some(near) => fault.help(format!("did you mean `{near}`?")),
            None => fault.help(format!("add it to `{home}`, or name one that is there")),
        })
    };
    rows.into_iter().filter_map(fault).collect()
}

/// Where a key of the first table begins; such keys stand at the start of a line.
pub(super) fn offset_of_key(file: &SourceFile, key: &str) -> usize {
    let mut offset = 0;
    for line in file.text().split_inclusive('\n') {
        let rest = line.strip_prefix(key).unwrap_or_default();
        if rest.trim_start().starts_with('=') {
            return offset;
        }
        offset += line.len();
    }
    0
}
