//! `visits`: what staff do with requests, on the machine that has the private key. The
//! access log is written before anything is shown, so nobody can look and then cut
//! the line. What a patient wrote is shown harmlessly and goes into no message.

mod codes;
mod desk;
mod done;
mod export;
mod keygen;
mod letters;
mod list;
mod log;
mod purge;
mod show;
mod words;

use super::Exit;
use super::open_ledger::wait_for;
use crate::cli::VisitsCommand;

pub(super) fn run(command: &VisitsCommand) -> anyhow::Result<Exit> {
    match command {
        VisitsCommand::Keygen(args) => keygen::run(args),
        VisitsCommand::List(args) => wait_for(list::run(args)),
        VisitsCommand::Show(args) => wait_for(show::run(args)),
        VisitsCommand::Export(args) => wait_for(export::run(args)),
        VisitsCommand::Done(args) => wait_for(done::run(args)),
        VisitsCommand::Purge(args) => wait_for(purge::run(args)),
        VisitsCommand::Log(args) => wait_for(log::run(args)),
    }
}
