//! `check` is the real load without the serving, never a second checker.
//! So it can't disagree with the server on what goes live.

mod report_card;

use std::io::{self, Write};

use super::{Exit, calendar};
use crate::cli::CheckArgs;
use crate::diagnostic::{Diagnostic, count};
use crate::rebuild::{RebuildError, build_from};
use crate::site::Site;

pub(super) fn run(args: &CheckArgs) -> anyhow::Result<Exit> {
    let (site, diagnostics) = match build_from(
        &args.content.folder.content,
        calendar(args.content.today),
        None,
    ) {
        Ok((snapshot, diagnostics)) => (Some(snapshot.site().clone()), diagnostics),
        Err(RebuildError::Content(diagnostics)) => (None, diagnostics),
        Err(error) => return Err(error.into()),
    };
    let mut out = io::stdout().lock();
    for found in &diagnostics {
        writeln!(out, "{found}")?;
    }
    report_card::report(&mut out, &args.report_card, site.as_deref())?;
    writeln!(out, "{}", summary(site.as_deref(), &diagnostics))?;
    let (errors, _) = count(&diagnostics);
    Ok(if errors > 0 {
        Exit::FoundErrors
    } else {
        Exit::Clean
    })
}

/// One line that says how much was read and what was found.
fn summary(site: Option<&Site>, diagnostics: &[Diagnostic]) -> String {
    let (errors, warnings) = count(diagnostics);
    let read = site.map_or_else(
        || "nothing could be built".to_owned(),
        |site| {
            let articles = plural(site.articles.len(), "article");
            let protocols = plural(site.protocols.len(), "protocol");
            let services = plural(site.services.len(), "service");
            format!("{articles}, {protocols}, {services}")
        },
    );
    format!(
        "check: {read}: {}, {}",
        plural(errors, "error"),
        plural(warnings, "warning")
    )
}

fn plural(count: usize, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        _ => format!("{count} {noun}s"),
    }
}
