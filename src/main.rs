//! The `signpost` program: arguments to one command to an exit status.
//! It decides nothing else, so that all of the program can be tested as a library.

use std::process::ExitCode;

use clap::Parser;
use signpost::cli::Cli;
use signpost::commands::{Exit, run};

/// Compression allocates much; this allocator makes it several times as fast.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match run(Cli::parse().command()) {
        Ok(exit) => exit.into(),
        Err(error) => {
            eprintln!("signpost: {error:#}");
            Exit::CouldNotRun.into()
        }
    }
}
