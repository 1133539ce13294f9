//! `visits done`: says that requests were answered. It tells of each code what became
//! of it, and an unknown one never keeps the others from being done.

use std::io::{self, Write};

use super::super::Exit;
use super::super::harmless::one_line;
use super::codes::{NoCode, typed};
use super::desk::Desk;
use crate::booking::RequestCode;
use crate::cli::DoneArgs;
use crate::ledger::{Deed, Status};

/// What is known of a code that was typed.
enum Fate {
    Open(RequestCode),
    DoneBefore(RequestCode, jiff::Timestamp),
    Unknown(RequestCode),
    NoCode(String),
}

pub(super) async fn run(args: &DoneArgs) -> anyhow::Result<Exit> {
    let desk = Desk::open(&args.desk).await?;
    let mut fates = Vec::new();
    for word in typed(&args.codes) {
        fates.push(fate(&desk, word).await?);
    }
    let open: Vec<RequestCode> = fates.iter().filter_map(Fate::open).collect();
    let finished = if open.is_empty() {
        Vec::new()
    } else {
        let access = desk.access(Deed::Finished, &args.why, &open)?;
        desk.ledger.finish(&access).await?
    };
    let mut out = io::stdout().lock();
    for fate in &fates {
        writeln!(out, "{}", fate.told(&desk, &finished))?;
    }
    let unknown = |fate: &Fate| matches!(fate, Fate::Unknown(_) | Fate::NoCode(_));
    Ok(if fates.iter().any(unknown) {
        Exit::FoundErrors
    } else {
        Exit::Clean
    })
}

async fn fate(desk: &Desk, word: Result<RequestCode, NoCode>) -> anyhow::Result<Fate> {
    let code = match word {
        Ok(code) => code,
        Err(NoCode(word)) => return Ok(Fate::NoCode(word)),
    };
    let entry = desk.ledger.entry(code).await?;
    Ok(match entry.map(|entry| entry.status) {
        Some(Status::Open) => Fate::Open(code),
        Some(Status::Done(at)) => Fate::DoneBefore(code, at),
        None => Fate::Unknown(code),
    })
}

impl Fate {
    fn open(&self) -> Option<RequestCode> {
        match self {
            Self::Open(code) => Some(*code),
            Self::DoneBefore(..) | Self::Unknown(_) | Self::NoCode(_) => None,
        }
    }

    /// One line. `finished` are the codes that the ledger has finished now.
    fn told(&self, desk: &Desk, finished: &[RequestCode]) -> String {
        match self {
            Self::Open(code) if finished.contains(code) => format!("{code}: done"),
            Self::Open(code) => {
                format!("{code}: somebody else was faster; it is not open any more")
            }
            Self::DoneBefore(code, at) => {
                let at = desk.local(*at).strftime("%Y-%m-%d %H:%M");
                format!("{code}: was done already, on {at}")
            }
            Self::Unknown(code) => format!("{code}: there is no such request"),
            Self::NoCode(word) => format!(
                "{}: this is no request code; expected one such as B7KP-4QXM",
                one_line(word)
            ),
        }
    }
}
