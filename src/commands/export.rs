//! `export`: builds as the server does, and writes files instead of listening. What
//! has errors is not published by accident, since a static host has no last good
//! version to show in its place.

use std::io::{self, IsTerminal, Write};

use anyhow::Context;
use indicatif::{HumanBytes, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{Exit, calendar};
use crate::cli::{RedirectFiles, SiblingFiles, SiteExportArgs};
use crate::clinic::Origin;
use crate::clock::now;
use crate::diagnostic::{Diagnostic, count};
use crate::disk::{DOWNLOADS, is_within};
use crate::export::{Counts, Exported, Folder, MovedPages, Siblings, Step, lay_out, write};
use crate::pages::FormTarget;
use crate::rebuild::{RebuildError, build_for_export};

/// Most rules for headers that Cloudflare Pages reads. Source: developers.cloudflare.com/pages/configuration/headers.
const MOST_HEADER_RULES: usize = 100;

pub(super) fn run(args: &SiteExportArgs) -> anyhow::Result<Exit> {
    let forms = form_target(args.forms_origin.as_deref())?;
    let root = &args.content.folder.content;
    let shown = args.to.display();
    if is_within(&args.to, root)? && is_within(root, &args.to)? {
        anyhow::bail!("`{shown}` is the content itself; name another folder");
    }
    for part in ["articles", "clinic", "static"] {
        if is_within(&args.to, &root.join(part))? {
            anyhow::bail!(
                "`{shown}` lies in `{part}/` of the content, which is read; name a folder outside of it"
            );
        }
    }
    let cant = || format!("can't export to `{shown}`");
    let folder = Folder::open(&args.to).with_context(cant)?;
    if !args.force {
        folder.expect_ours().with_context(cant)?;
    }
    let calendar = calendar(args.content.today);
    let (snapshot, diagnostics) = match build_for_export(root, calendar, forms.clone()) {
        Ok(built) => built,
        Err(RebuildError::Content(diagnostics)) => return refuse(&diagnostics),
        Err(error) => return Err(error.into()),
    };
    let (errors, _) = count(&diagnostics);
    if errors > 0 && !args.allow_errors {
        return refuse(&diagnostics);
    }
    let moved = match args.redirects {
        RedirectFiles::Rules => MovedPages::Rules,
        RedirectFiles::Pages => MovedPages::Pages,
    };
    let siblings = match args.siblings {
        SiblingFiles::All => Siblings::Compressed,
        SiblingFiles::None => Siblings::None,
    };
    let exported = lay_out(&snapshot, &forms, moved, siblings)?;
    let bar = progress_bar();
    let progress = |step| tell(&bar, step);
    let counts =
        write(&folder, &exported, &root.join(DOWNLOADS), now(), &progress).with_context(cant)?;
    bar.finish_and_clear();
    report(&exported, &counts)?;
    Ok(match errors {
        0 => Exit::Clean,
        _ => {
            print_errors(&diagnostics)?;
            Exit::FoundErrors
        }
    })
}

/// Where forms go, as it was said.
fn form_target(said: Option<&str>) -> anyhow::Result<FormTarget> {
    match said {
        None => Ok(FormTarget::ClinicOrigin),
        Some("same") => Ok(FormTarget::SameOrigin),
        Some(text) => {
            let origin = text.parse::<Origin>().map_err(anyhow::Error::msg);
            let origin = origin.with_context(|| format!("`--forms-origin {text}`"))?;
            Ok(FormTarget::Origin(origin))
        }
    }
}

/// Tells every error, and that nothing was written.
fn refuse(diagnostics: &[Diagnostic]) -> anyhow::Result<Exit> {
    print_errors(diagnostics)?;
    let line = "export: nothing was written: mend the errors above, or export what is sound with `--allow-errors`";
    writeln!(io::stdout(), "{line}")?;
    Ok(Exit::FoundErrors)
}

fn print_errors(diagnostics: &[Diagnostic]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let errors = diagnostics.iter().filter(|found| found.is_error());
    for found in errors {
        writeln!(out, "{found}")?;
    }
    Ok(())
}

/// On standard error, and only if that is a terminal.
fn progress_bar() -> ProgressBar {
    let target = if io::stderr().is_terminal() {
        ProgressDrawTarget::stderr()
    } else {
        ProgressDrawTarget::hidden()
    };
    let bar = ProgressBar::with_draw_target(None, target);
    match ProgressStyle::with_template("{wide_bar} {human_pos} of {human_len} {msg}, {eta} left") {
        Ok(style) => bar.with_style(style).with_message("pages and files"),
        Err(_) => bar,
    }
}

fn tell(bar: &ProgressBar, step: Step) {
    match step {
        Step::Planned(count) => bar.set_length(count as u64),
        Step::Done => bar.inc(1),
        Step::Publishing => bar.set_message("made, now putting them in place"),
    }
}

/// What somebody may have to know, and one line that says what was done.
fn report(exported: &Exported, counts: &Counts) -> io::Result<()> {
    let mut err = io::stderr().lock();
    for path in &counts.changed_by_others {
        writeln!(
            err,
            "`{path}` is no longer needed, but somebody changed it; it was left there"
        )?;
    }
    for own in &exported.unservable {
        let (address, status) = (&own.address, own.status.as_u16());
        writeln!(
            err,
            "`{address}` should answer {status}; nginx will, other hosts say 200"
        )?;
    }
    if exported.header_rules > MOST_HEADER_RULES {
        let rules = exported.header_rules;
        writeln!(
            err,
            "`_headers` needs {rules} rules; Cloudflare Pages reads {MOST_HEADER_RULES}"
        )?;
    }
    writeln!(io::stdout(), "{}", summary(counts))
}

fn summary(counts: &Counts) -> String {
    let staying = match counts.staying {
        0 => String::new(),
        staying => format!(", {staying} stay for a day"),
    };
    format!(
        "export: {} files written ({}), {} kept, {} removed{staying}",
        counts.written,
        HumanBytes(counts.bytes),
        counts.kept,
        counts.removed
    )
}
