//! Writes the mail that tells of a visit request, and hands it to the clinic's mail
//! server. The conversation is led step by step, so that one mailbox that is gone
//! does not keep the others from hearing, and so that no error repeats a password.

use std::fmt;

use jiff::Zoned;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Mailboxes};
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::Mechanism;
use lettre::transport::smtp::client::{SmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, Message};

use super::courier::Parting;
use super::worker::Described;
use super::{Encryption, Failure, Pace, SmtpAddress};
use crate::ledger::Notice;

/// Who hears by mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailSettings {
    /// Where mail is handed over.
    pub server: SmtpAddress,
    /// The sender.
    pub from: Mailbox,
    /// The receivers, as configured; never empty.
    pub to: Vec<Mailbox>,
}

/// Sends a notice. Blocks for as long as `pace` allows.
pub(super) fn send(
    settings: &MailSettings,
    notice: &Notice,
    described: &Described,
    pace: &Pace,
) -> Result<Parting, Failure> {
    let message = compose(settings, notice, described)?;
    let mut connection = connect(&settings.server, pace).map_err(|error| failure(&error))?;
    log_in(&mut connection, &settings.server)?;
    hand_over(&mut connection, settings, &message.formatted())?;
    let patience = pace.farewell;
    Ok(Box::new(move || {
        // It is sent; how the server says goodbye doesn't matter.
        connection.set_timeout(Some(patience)).unwrap_or_default();
        connection.abort();
    }))
}

/// The mail, the same for each try.
fn compose(
    settings: &MailSettings,
    notice: &Notice,
    described: &Described,
) -> Result<Message, Failure> {
    let code = notice.code;
    let automatic = HeaderValue::new(
        HeaderName::new_from_ascii_str("Auto-Submitted"),
        "auto-generated".to_owned(),
    );
    // The same for each try, so that a mail that was sent twice is shown once.
    let id = format!(
        "<visit-request-{code}-{}@{}>",
        notice.id.0,
        settings.from.email.domain()
    );
    let to: Mailboxes = settings.to.iter().cloned().collect();
    Message::builder()
        .from(settings.from.clone())
        .mailbox(lettre::message::header::To::from(to))
        .subject(format!("Visit request {code}"))
        .date(notice.received_at.into())
        .message_id(Some(id))
        .raw_header(automatic)
        .header(ContentType::TEXT_PLAIN)
        .body(text(notice, described))
        .map_err(Failure::refused)
}

fn text(notice: &Notice, described: &Described) -> String {
    let Notice { code, service, .. } = notice;
    let name = &described.service_name;
    let at: Zoned = notice.received_at.to_zoned(described.timezone.clone());
    let (day, time) = (at.strftime("%Y-%m-%d"), at.strftime("%H:%M %Z"));
    format!(
        "A visit request came in on {day} at {time}.\n\
         \n\
         Service: {name} ({service})\n\
         Request code: {code}\n\
         \n\
         To read it, on the machine that has the clinic's private key:\n\
         \n    signpost visits show {code}\n\
         \n\
         This mail says nothing about the patient.\n\
         A program sent it, and nobody reads replies.\n"
    )
}

fn connect(server: &SmtpAddress, pace: &Pace) -> Result<SmtpConnection, Error> {
    let name = ClientId::default();
    let tls = || TlsParameters::new_rustls(server.host.clone());
    let tls_at_once = match server.encryption {
        Encryption::Smtps => Some(tls()?),
        Encryption::StartTls | Encryption::Plain => None,
    };
    let mut connection = SmtpConnection::connect(
        (server.host.as_str(), server.port),
        Some(pace.connect_within),
        &name,
        tls_at_once.as_ref(),
        None,
    )?;
    // A server may look at the mail for some seconds before it takes it.
    connection
        .set_timeout(Some(pace.send_within))
        .unwrap_or_default();
    if server.encryption == Encryption::StartTls {
        connection.starttls(&tls()?, &name)?;
    }
    Ok(connection)
}

/// A server may repeat what it did not understand, so nothing of its answer is told but the number.
fn log_in(connection: &mut SmtpConnection, server: &SmtpAddress) -> Result<(), Failure> {
    let Some(credentials) = &server.credentials else {
        return Ok(());
    };
    let known = [Mechanism::Plain, Mechanism::Login];
    match connection.auth(&known, credentials) {
        Ok(_) => Ok(()),
        Err(error) if error.is_permanent() => Err(Failure::refused(format_args!(
            "the mail server does not let us in ({}); check the user and password in `--smtp-url`",
            Status(&error)
        ))),
        Err(error) if error.is_client() => Err(Failure::refused(
            "the mail server knows neither PLAIN nor LOGIN; take the user and password out of `--smtp-url`, or ask its operator",
        )),
        Err(error) => Err(Failure::later(format_args!(
            "the mail server does not let us in now ({})",
            Status(&error)
        ))),
    }
}

/// The number of an answer, or that there was none.
struct Status<'a>(&'a Error);

impl fmt::Display for Status<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.status() {
            Some(status) => status.fmt(f),
            None => f.write_str("no answer"),
        }
    }
}

fn hand_over(
    connection: &mut SmtpConnection,
    settings: &MailSettings,
    message: &[u8],
) -> Result<(), Failure> {
    let failed = |error: Error| failure(&error);
    let from = settings.from.email.clone();
    connection
        .command(Mail::new(Some(from), Vec::new()))
        .map_err(failed)?;
    let refused = name_receivers(connection, settings)?;
    connection.command(Data).map_err(failed)?;
    connection.message(message).map_err(failed)?;
    for (address, error) in refused {
        tracing::warn!(
            receiver = %address,
            reason = failure(&error).reason(),
            "the mail server does not take this receiver of visit requests; the others were told; check `--notify-to`"
        );
    }
    Ok(())
}

/// Names all receivers to the server, and gives those that it did not take.
///
/// # Errors
/// It took none.
fn name_receivers<'a>(
    connection: &mut SmtpConnection,
    settings: &'a MailSettings,
) -> Result<Vec<(&'a Address, Error)>, Failure> {
    let mut refused = Vec::new();
    for receiver in &settings.to {
        let named = connection.command(Rcpt::new(receiver.email.clone(), Vec::new()));
        match named {
            Ok(_) => {}
            // Anything else than a no ends the conversation.
            Err(error) if error.status().is_none() => return Err(failure(&error)),
            Err(error) => refused.push((&receiver.email, error)),
        }
    }
    if refused.len() < settings.to.len() {
        return Ok(refused);
    }
    // One that may be taken later is worth another try soon.
    let hopeful = refused.iter().find(|(_, error)| error.is_transient());
    let (_, error) = hopeful
        .or(refused.first())
        .ok_or_else(|| Failure::refused("there is no receiver; set `--notify-to`"))?;
    Err(failure(error))
}

fn failure(error: &Error) -> Failure {
    if error.is_permanent() {
        Failure::refused(format_args!(
            "{error}; check `--notify-from` and `--notify-to`, and ask the mail server's operator"
        ))
    } else if error.is_client() {
        Failure::refused(format_args!("{error}; check `--smtp-url`"))
    } else if error.is_timeout() {
        Failure::later("the mail server did not answer in time")
    } else {
        Failure::later(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::{Channel, NoticeId};

    #[test]
    fn a_mail_says_what_came_in_when_and_how_to_read_it() {
        let settings = MailSettings {
            server: "smtp://localhost".parse().unwrap(),
            from: "Signpost <no-reply@clinic.example>".parse().unwrap(),
            to: vec![
                "desk@clinic.example".parse().unwrap(),
                "Night <n@clinic.example>".parse().unwrap(),
            ],
        };
        let notice = Notice {
            id: NoticeId(17),
            channel: Channel::Mail,
            code: "B7KP-4QXM".parse().unwrap(),
            service: "back-pain-visit".parse().unwrap(),
            received_at: "2026-11-26T04:05:09Z".parse().unwrap(),
            tries: 0,
        };
        let described = Described {
            service_name: "Back pain visit".into(),
            timezone: jiff::tz::TimeZone::get("America/New_York").unwrap(),
        };
        let mail = compose(&settings, &notice, &described).unwrap().formatted();
        let mail = String::from_utf8(mail).unwrap().replace("\r\n", "\n");
        let expected = "\
From: Signpost <no-reply@clinic.example>
To: desk@clinic.example, Night <n@clinic.example>
Subject: Visit request B7KP-4QXM
Date: Thu, 26 Nov 2026 04:05:09 +0000
Message-ID: <visit-request-B7KP-4QXM-17@clinic.example>
Auto-Submitted: auto-generated
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 7bit

A visit request came in on 2026-11-25 at 23:05 EST.

Service: Back pain visit (back-pain-visit)
Request code: B7KP-4QXM

To read it, on the machine that has the clinic's private key:

    signpost visits show B7KP-4QXM

This mail says nothing about the patient.
A program sent it, and nobody reads replies.
";
        assert_eq!(mail, expected);
    }
}
