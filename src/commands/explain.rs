//! `explain`: what a code means, printed for whoever has to mend it.
//! The words are files in `docs/diagnostics/`; this only finds the right one.

use std::io::{self, Write};

use anyhow::{Context, bail};

use super::Exit;
use crate::cli::ExplainCodeArgs;
use crate::diagnostic::Code;
use crate::document::nearest;
use crate::explanation::{Explanation, overview};

pub(super) fn run(args: &ExplainCodeArgs) -> anyhow::Result<Exit> {
    let text = match &args.code {
        None => overview(),
        Some(name) => {
            let code = find(name)?;
            let explanation = Explanation::of(code);
            let explanation =
                explanation.with_context(|| format!("`{name}` has no explanation yet"))?;
            explanation.printed(code)
        }
    };
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    Ok(Exit::Clean)
}

/// The code that was meant. Somebody who copies it from a line of `check` may take the brackets along.
fn find(name: &str) -> anyhow::Result<Code> {
    let bare = name
        .trim_start_matches("error")
        .trim_start_matches("warning");
    let bare = bare.trim_matches(['[', ']', ':', '`']).to_lowercase();
    if let Some(code) = Code::ALL.iter().find(|code| code.name() == bare) {
        return Ok(*code);
    }
    match nearest(&bare, Code::ALL.iter().map(|code| code.name())) {
        Some(near) => bail!("there is no code `{name}`; did you mean `{near}`?"),
        None => bail!("there is no code `{name}`; `signpost explain` lists all of them"),
    }
}
