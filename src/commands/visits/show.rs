//! `visits show`: one request, every field in words, and what to do by when. Whether a
//! message may be left stands before the number to call.

use std::fmt::Write as _;
use std::io::{self, Write as _};

use super::super::Exit;
use super::super::harmless::{lines, one_line};
use super::codes::{NoCode, typed};
use super::desk::{Desk, Due};
use super::letters::{Keys, Opened};
use super::list::refused;
use super::words::{self, Message};
use crate::booking::{Letter, RequestCode};
use crate::cli::ShowArgs;
use crate::ledger::{Deed, Entry, Status};

/// Width of labels, in cells of the terminal.
const LABEL: usize = 20;

pub(super) async fn run(args: &ShowArgs) -> anyhow::Result<Exit> {
    let code = code(&args.code)?;
    let keys = Keys::read_some(&args.key)?;
    let desk = Desk::open(&args.desk).await?;
    let Some(entry) = desk.ledger.entry(code).await? else {
        return Ok(refused(&[format!("there is no request `{code}`")])?);
    };
    desk.write_down(Deed::Shown, &args.why, &[code]).await?;
    let opened = keys.open(&entry.sealed);
    let text = text(&desk, &entry, opened.letter());
    io::stdout().lock().write_all(text.as_bytes())?;
    let reason = match &opened {
        Opened::Refused(reason) => vec![format!("{code}: {reason}")],
        Opened::Sealed | Opened::Letter(_) => Vec::new(),
    };
    Ok(refused(&reason)?)
}

fn code(words: &[String]) -> anyhow::Result<RequestCode> {
    match typed(words).as_slice() {
        [Ok(code)] => Ok(*code),
        [Err(NoCode(word))] => anyhow::bail!(
            "`{}` is no request code; expected one such as `B7KP-4QXM`",
            one_line(word)
        ),
        several => anyhow::bail!(
            "expected one request code, found {}; show one after the other",
            several.len()
        ),
    }
}

fn text(desk: &Desk, entry: &Entry, letter: Option<&Letter>) -> String {
    let mut text = format!("Request {}\n", entry.code);
    request(&mut text, desk, entry);
    if let Some(letter) = letter {
        contact(&mut text, letter);
        patient(&mut text, letter);
        visit(&mut text, letter);
    }
    to_do(&mut text, desk, entry, letter);
    text
}

fn request(text: &mut String, desk: &Desk, entry: &Entry) {
    let received = desk.local(entry.received_at);
    field(text, "Visit", &desk.service_name(&entry.service));
    field(
        text,
        "Received",
        &received.strftime("%A, %Y-%m-%d %H:%M %Z").to_string(),
    );
    let status = match entry.status {
        Status::Open => "Open".to_owned(),
        Status::Done(at) => format!("Done {}", desk.local(at).strftime("%Y-%m-%d %H:%M %Z")),
    };
    field(text, "Status", &status);
    let due = match (desk.due(entry), entry.estimate_due_on) {
        (Due::Overdue(day), _) => format!("{day}, OVERDUE"),
        (Due::By(day), _) => day.to_string(),
        (Due::No, Some(day)) => day.to_string(),
        (Due::No, None) => "None needed".to_owned(),
    };
    field(text, "Estimate due", &due);
    field(text, "Deleted from", &entry.delete_on.to_string());
}

fn contact(text: &mut String, letter: &Letter) {
    text.push_str("\nContact\n");
    let message = match words::message(letter) {
        Message::Allowed => "May be left",
        Message::Forbidden => "DO NOT LEAVE ONE: somebody else could hear or read it",
    };
    field(text, "Message", message);
    for (label, name, value) in [
        ("Phone", "phone", &letter.phone),
        ("E-mail", "email", &letter.email),
    ] {
        let preferred = if letter.preferred == name {
            " (preferred)"
        } else {
            ""
        };
        let value = value.as_deref().unwrap_or("Not given");
        field(text, &format!("{label}{preferred}"), value);
    }
}

fn patient(text: &mut String, letter: &Letter) {
    text.push_str("\nPatient\n");
    field(text, "Name", &letter.name);
    optional(text, "Date of birth", letter.birth_date.as_deref());
    field(text, "Patient", &words::patient(letter));
    field(text, "Will be in", &words::state(letter));
    field(text, "Pays by", &words::payment(letter));
    optional(text, "Interpreter", letter.interpreter.as_deref());
    optional(text, "Access needs", letter.access_needs.as_deref());
}

fn visit(text: &mut String, letter: &Letter) {
    text.push_str("\nVisit\n");
    field(text, "How soon", &words::how_soon(letter));
    field(text, "Days", &words::any_of(&letter.days));
    field(text, "Times", &words::any_of(&letter.times));
    let advice = letter.advice.as_ref().map(|advice| {
        let (complaint, level) = (
            words::spaced(&advice.complaint),
            words::spaced(&advice.level),
        );
        format!("{complaint}: {level}")
    });
    field(
        text,
        "Symptom checker",
        advice.as_deref().unwrap_or("Nothing sent"),
    );
}

fn to_do(text: &mut String, desk: &Desk, entry: &Entry, letter: Option<&Letter>) {
    if entry.status != Status::Open {
        return;
    }
    text.push_str("\nTo do\n");
    match desk.due(entry) {
        Due::Overdue(day) => step(
            text,
            &format!(
                "Send the good-faith estimate now: it was due {}.",
                in_full(day)
            ),
        ),
        Due::By(day) => step(
            text,
            &format!("Send the good-faith estimate by {}.", in_full(day)),
        ),
        Due::No => {}
    }
    if let Some(letter) = letter {
        let message = match words::message(letter) {
            Message::Allowed => "You may leave a message.",
            Message::Forbidden => "Speak or write to nobody else, and leave no message.",
        };
        let way = words::contact(letter);
        step(text, &format!("Offer a time: {way}. {message}"));
    }
    step(
        text,
        &format!("Then run `signpost visits done {}`.", entry.code),
    );
}

fn in_full(day: jiff::civil::Date) -> String {
    day.strftime("%A, %Y-%m-%d").to_string()
}

fn step(text: &mut String, what: &str) {
    // Writing to a text can't fail.
    writeln!(text, "  - {}", one_line(what)).unwrap_or_default();
}

fn optional(text: &mut String, label: &str, value: Option<&str>) {
    field(text, label, value.unwrap_or("None"));
}

/// A label and a value; further lines of the value stand below its first.
fn field(text: &mut String, label: &str, value: &str) {
    let mut label = label;
    for line in lines(value) {
        let written = writeln!(text, "  {label:<LABEL$}{line}");
        written.unwrap_or_default();
        label = "";
    }
}
