//! `reload`: asks a running server to read all content again, where it can't watch
//! files or was told not to. It sends SIGHUP, and only to a server that still runs.

use std::io::{self, Write};

use anyhow::Context;
use rustix::process::{Pid, Signal, kill_process};

use super::Exit;
use crate::cli::ReloadArgs;
use crate::disk::PidFile;

pub(super) fn run(args: &ReloadArgs) -> anyhow::Result<Exit> {
    let file = args.pid_file.display();
    let keeper =
        PidFile::keeper(&args.pid_file).with_context(|| format!("`{file}` can't be read"))?;
    let number = keeper.with_context(|| {
        format!("no server keeps `{file}`: start one with `signpost serve --pid-file {file}`")
    })?;
    let process = i32::try_from(number).ok().and_then(Pid::from_raw);
    let process = process.with_context(|| format!("`{file}` names no process: {number}"))?;
    kill_process(process, Signal::HUP)
        .with_context(|| format!("process {number} can't be signaled"))?;
    writeln!(
        io::stdout(),
        "reload: process {number} reads all content again; its log tells what it finds"
    )?;
    Ok(Exit::Clean)
}
