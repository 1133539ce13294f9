//! `config show`: every setting of `serve`, its value and where it comes from. It
//! starts nothing, so it can be asked on a machine that is already serving.

use std::io::{self, Write};

use super::Exit;
use super::harmless::one_line;
use super::open_ledger::ledger_place;
use super::serve::proxies;
use crate::cli::{ConfigCommand, Said, Setting, SettingsArgs, Source};
use crate::ledger::LedgerPlace;

pub(super) fn run(command: &ConfigCommand) -> anyhow::Result<Exit> {
    let ConfigCommand::Show(args) = command;
    // What `serve` would refuse is refused here too, in the same words.
    super::notify::notify_settings(&args.serve.notify)?;
    proxies(&args.serve.network)?;
    let text = text(args)?;
    io::stdout().lock().write_all(text.as_bytes())?;
    Ok(Exit::Clean)
}

fn text(args: &SettingsArgs) -> anyhow::Result<String> {
    let rows: Vec<[String; 3]> = args.settings.iter().map(row).collect();
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(String::len).max().unwrap_or_default()
    };
    let (name, value) = (width(0), width(1));
    let mut text = String::new();
    for [argument, said, by] in &rows {
        text.push_str(&format!("{argument:name$}  {said:value$}  {by}\n"));
    }
    let place = ledger_place(&args.serve.ledger, &args.serve.content.folder.content)?;
    let kind = match place {
        LedgerPlace::Sqlite(_) => "one server alone may use it",
        LedgerPlace::Postgres(_) => "several servers may share it",
    };
    text.push_str(&format!("\nvisit requests are kept in {place}; {kind}\n"));
    Ok(text)
}

fn row(setting: &Setting) -> [String; 3] {
    let said = match &setting.value {
        Said::Nothing => "-".to_owned(),
        Said::Text(text) => one_line(text),
        Said::Secret => "(set, and not shown)".to_owned(),
    };
    let by = match (setting.by, &setting.variable) {
        (Source::CommandLine, _) => "command line".to_owned(),
        (Source::Environment, Some(variable)) => format!("{variable} in the environment"),
        (Source::Environment, None) => "environment".to_owned(),
        (Source::Default, Some(variable)) => format!("default ({variable})"),
        (Source::Default, None) => "default".to_owned(),
    };
    [setting.argument.clone(), said, by]
}
