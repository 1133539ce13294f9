//! What each command does, and how the program ends.
//! Nothing here knows how a page is made: commands only put the parts together.

mod campaigns;
mod certificates;
mod check;
mod clinic_files;
mod columns;
mod config;
mod digest;
mod explain;
mod export;
mod front_desk;
mod harmless;
mod ledger;
mod log;
mod new;
mod notify;
mod open_ledger;
mod proposal;
mod related;
mod reload;
mod rename;
mod schema;
mod serve;
mod spreadsheet;
mod stage;
mod steady_clock;
mod triage;
mod visits;
mod ways_in;

pub use notify::notify_settings;

use crate::cli::Command;
use crate::rebuild::Calendar;

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done, and nothing to mend.
    Clean,
    /// Done, and there are errors to mend.
    FoundErrors,
    /// It could not be done.
    CouldNotRun,
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Clean => Self::from(0),
            Exit::FoundErrors => Self::from(1),
            Exit::CouldNotRun => Self::from(2),
        }
    }
}

/// Runs a command.
///
/// # Errors
/// Whatever kept it from running, told for the operator.
pub fn run(command: Command) -> anyhow::Result<Exit> {
    match command {
        Command::Serve(args) => serve::run(&args),
        Command::Preview(mut args) => {
            args.preview = true;
            serve::run(&args)
        }
        Command::Reload(args) => reload::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Digest(args) => digest::run(&args),
        Command::Related(args) => related::run(&args),
        Command::New(command) => new::run(&command),
        Command::Rename(args) => rename::run(&args),
        Command::Export(args) => export::run(&args),
        Command::Stage(args) => stage::run(&args),
        Command::Triage(command) => triage::run(&command),
        Command::Campaigns(command) => campaigns::run(&command),
        Command::Visits(command) => visits::run(&command),
        Command::Ledger(command) => ledger::run(&command),
        Command::Config(command) => config::run(&command),
        Command::Schema(args) => schema::run(&args),
    }
}

fn calendar(today: Option<jiff::civil::Date>) -> Calendar {
    today.map_or(Calendar::Clock, Calendar::Fixed)
}
