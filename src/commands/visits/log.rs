//! `visits log`: the access log as a table, oldest line first. Nothing is left out: a
//! long reason and many codes go on in further lines.

use std::io::{self, Write};

use super::super::Exit;
use super::super::clinic_files::{self, ClinicFiles};
use super::super::columns::{Column, table};
use super::super::harmless::one_line;
use super::super::open_ledger::open;
use crate::cli::LogArgs;
use crate::document::Known;
use crate::ledger::Access;

pub(super) async fn run(args: &LogArgs) -> anyhow::Result<Exit> {
    let root = &args.content.folder.content;
    let files = clinic_files::read(root)?;
    let ledger = open(&args.ledger, root).await?;
    let accesses = ledger.accesses().await?;
    let text = text(&accesses, &files);
    io::stdout().lock().write_all(text.as_bytes())?;
    Ok(Exit::Clean)
}

fn text(accesses: &[Access], files: &ClinicFiles) -> String {
    if accesses.is_empty() {
        return "nobody has looked at a request yet\n".to_owned();
    }
    let columns = [
        Column::text("AT", 16),
        Column::wrapped("WHO", 10),
        Column::text("DEED", 8),
        Column::wrapped("WHY", 24),
        Column::wrapped("CODES", 29),
    ];
    let rows: Vec<[String; 5]> = accesses.iter().map(|access| row(access, files)).collect();
    table(columns, &rows)
}

fn row(access: &Access, files: &ClinicFiles) -> [String; 5] {
    let codes: Vec<String> = access.codes.iter().map(ToString::to_string).collect();
    let at = files.local(access.at);
    [
        at.strftime("%Y-%m-%d %H:%M").to_string(),
        one_line(&access.who),
        access.deed.word().to_owned(),
        one_line(&access.why),
        codes.join(" "),
    ]
}
