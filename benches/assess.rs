//! How many assessments a second: the largest protocol, one person after another who answers yes
//! to one finding more. `cargo bench --bench assess` prints it.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "measures time, and reads the content of the repository"
)]

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use jiff::civil::date;
use signpost::content::markdown::Pictures;
use signpost::disk::read_tree;
use signpost::site::load;
use signpost::triage::{Answer, AnswerSheet, assess};

/// How long to measure.
const LONG_ENOUGH: Duration = Duration::from_secs(1);

fn main() {
    let tree = read_tree(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("there is content");
    let (site, _) = load(&tree, &Pictures::new(), &[], date(2026, 11, 25), None);
    let site = site.expect("there is a clinic");
    let protocols = site.protocols.values();
    let protocol = protocols
        .max_by_key(|protocol| protocol.findings.len())
        .expect("there is a protocol");
    let mut sheets = vec![AnswerSheet::default()];
    for finding in &protocol.findings {
        let mut sheet = sheets.last().cloned().unwrap_or_default();
        sheet.findings.insert(finding.id.clone(), Answer::Yes);
        sheets.push(sheet);
    }
    let start = Instant::now();
    let mut rounds = 0_u32;
    while start.elapsed() < LONG_ENOUGH {
        for sheet in &sheets {
            black_box(assess(protocol, black_box(sheet)));
        }
        rounds += 1;
    }
    let each = start.elapsed() / rounds / u32::try_from(sheets.len()).unwrap_or(1);
    let a_second = 1_000_000_000 / each.as_nanos().max(1);
    println!(
        "assess `{}`, {} findings: {} ns each, {a_second} a second",
        protocol.complaint,
        protocol.findings.len(),
        each.as_nanos(),
    );
}
