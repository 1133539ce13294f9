//! `visits list`: a table for daily work, those first whose estimate is due. Without a
//! key it tells what may be known without one.

use std::io::{self, Write};

use super::super::Exit;
use super::super::columns::{Column, table};
use super::super::harmless::one_line;
use super::desk::{Desk, Due};
use super::letters::{Keys, Opened};
use super::words::{Message, contact, message};
use crate::cli::ListArgs;
use crate::ledger::{Deed, Entry, Status, Which};

pub(super) async fn run(args: &ListArgs) -> anyhow::Result<Exit> {
    let keys = Keys::read(&args.key)?;
    let desk = Desk::open(&args.desk).await?;
    let which = if args.all { Which::All } else { Which::Open };
    let codes = desk.ledger.codes(which).await?;
    desk.write_down(Deed::Listed, &args.why, &codes).await?;
    let mut list = List::default();
    for code in codes {
        // It may have been purged since.
        if let Some(entry) = desk.ledger.entry(code).await? {
            list.add(&desk, &entry, &keys.open(&entry.sealed));
        }
    }
    write!(io::stdout().lock(), "{}", list.text(which))?;
    Ok(refused(&list.refused)?)
}

/// Tells which letters stayed closed.
///
/// # Errors
/// Standard error can't be written.
pub(super) fn refused(lines: &[String]) -> io::Result<Exit> {
    let mut err = io::stderr().lock();
    for line in lines {
        writeln!(err, "signpost: {line}")?;
    }
    Ok(if lines.is_empty() {
        Exit::Clean
    } else {
        Exit::FoundErrors
    })
}

#[derive(Default)]
struct List {
    rows: Vec<[String; 6]>,
    overdue: usize,
    refused: Vec<String>,
}

impl List {
    fn add(&mut self, desk: &Desk, entry: &Entry, opened: &Opened) {
        let (name, contact) = match opened {
            Opened::Letter(letter) => {
                let warning = match message(letter) {
                    Message::Allowed => "",
                    Message::Forbidden => "no message! ",
                };
                let contact = format!("{warning}{}", contact(letter));
                (one_line(&letter.name), contact)
            }
            Opened::Sealed | Opened::Refused(_) => ("sealed".to_owned(), String::new()),
        };
        if let Opened::Refused(reason) = opened {
            self.refused.push(format!("{}: {reason}", entry.code));
        }
        let received = desk.local(entry.received_at);
        let due = self.due(desk, entry);
        self.rows.push([
            entry.code.to_string(),
            entry.service.to_string(),
            format!(
                "{} {}",
                desk.short_day(received.date()),
                received.strftime("%H:%M")
            ),
            due,
            name,
            contact,
        ]);
    }

    fn due(&mut self, desk: &Desk, entry: &Entry) -> String {
        if let Status::Done(at) = entry.status {
            return format!("done {}", desk.short_day(desk.local(at).date()));
        }
        match desk.due(entry) {
            Due::No => String::new(),
            Due::By(day) if day == desk.today => format!("{} today", desk.short_day(day)),
            Due::By(day) => desk.short_day(day),
            Due::Overdue(day) => {
                self.overdue += 1;
                format!("{} overdue", desk.short_day(day))
            }
        }
    }

    fn text(&self, which: Which) -> String {
        let open = match which {
            Which::Open => "open ",
            Which::All => "",
        };
        let count = match self.rows.len() {
            0 => return format!("no {open}requests\n"),
            1 => format!("1 {open}request"),
            count => format!("{count} {open}requests"),
        };
        let columns = [
            Column::text("CODE", 9),
            Column::text("SERVICE", 14),
            Column::text("RECEIVED", 17),
            Column::text("ESTIMATE DUE", 19),
            Column::text("NAME", 12),
            Column::text("CONTACT", 19),
        ];
        let table = table(columns, &self.rows);
        format!("{table}\n{count}, {} overdue\n", self.overdue)
    }
}
