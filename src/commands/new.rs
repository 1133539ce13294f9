//! `new`: the beginning of an article, a protocol, a person or a visit. Everything is asked
//! before anything is written, each answer is checked at once, and each file is put before the
//! real load, so what is written holds except for the places that it leaves to fill.

mod article;
mod dialogue;
mod person;
mod protocol;
mod reading;
mod visit;

use std::io::{self, BufReader, IsTerminal, Stderr, Stdin, Write};

use dialogue::{Dialogue, Manner};

use super::Exit;
use crate::cli::NewCommand;

/// The dialogue of the program: questions on standard error, so that standard output holds only what was done.
type Terminal = Dialogue<BufReader<Stdin>, Stderr>;

pub(super) fn run(command: &NewCommand) -> anyhow::Result<Exit> {
    let done = match command {
        NewCommand::Article(args) => article::begin(args, &mut terminal(args.begin.yes)),
        NewCommand::Protocol(args) => protocol::begin(args, &mut terminal(args.begin.yes)),
        NewCommand::Person(args) => person::add(args, &mut terminal(args.begin.yes)),
        NewCommand::Service(args) => visit::add(args, &mut terminal(args.begin.yes)),
    }?;
    write!(io::stdout().lock(), "{done}")?;
    Ok(Exit::Clean)
}

fn terminal(yes: bool) -> Terminal {
    let manner = match (yes, io::stdin().is_terminal()) {
        (true, _) => Manner::TakeDefaults,
        (false, true) => Manner::Ask,
        (false, false) => Manner::FlagsOnly,
    };
    Dialogue::new(BufReader::new(io::stdin()), io::stderr(), manner)
}

/// What was written and what comes next, as it is printed.
fn report(written: &[String], steps: &[String]) -> String {
    let mut out = String::new();
    for line in written {
        out.push_str(&format!("{line}\n"));
    }
    out.push_str("next:\n");
    for (number, step) in (1..).zip(steps) {
        out.push_str(&format!("  {number}. {step}\n"));
    }
    out
}

fn places(count: usize) -> String {
    match count {
        1 => "1 place".to_owned(),
        count => format!("{count} places"),
    }
}
