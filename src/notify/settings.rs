//! Whom to tell of a visit request, from what was typed. Half of a configuration is an
//! error at the start, since nobody would notice mails that never come. No error
//! text holds a password, a secret or the address of a webhook.

use std::fmt;

use lettre::message::Mailbox;

use super::{MailSettings, WebhookSettings};
use crate::ledger::Channel;

/// What was typed, or came from the environment. Blank text counts as nothing.
#[derive(Clone, Copy, Default)]
pub struct TypedSettings<'a> {
    /// The mail server, with its password.
    pub smtp_url: Option<&'a str>,
    /// The sender of mails.
    pub from: Option<&'a str>,
    /// The receivers of mails, with commas between them.
    pub to: Option<&'a str>,
    /// Where to post.
    pub webhook_url: Option<&'a str>,
    /// What to sign with.
    pub webhook_secret: Option<&'a str>,
}

/// Whom to tell of a visit request. Neither is fine: then nobody is told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NotifySettings {
    /// By mail.
    pub mail: Option<MailSettings>,
    /// By a signed request.
    pub webhook: Option<WebhookSettings>,
}

/// The channels that are configured, for [`Ledger::keep`](crate::ledger::Ledger::keep); mail first.
pub fn channels(settings: &NotifySettings) -> Vec<Channel> {
    let mail = settings.mail.as_ref().map(|_| Channel::Mail);
    let webhook = settings.webhook.as_ref().map(|_| Channel::Webhook);
    mail.into_iter().chain(webhook).collect()
}

/// One thing that is wrong with what was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// One setting is there, and another that it needs is not.
    Missing {
        /// The one that is there, such as `--notify-from`.
        given: &'static str,
        /// The one that is not.
        missing: &'static str,
    },
    /// A setting can't be read.
    Invalid {
        /// Which one.
        name: &'static str,
        /// What was expected.
        expected: String,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { given, missing } => write!(
                f,
                "`{given}` is set and `{missing}` is not; set it too ({}), or neither",
                environment_name(missing)
            ),
            Self::Invalid { name, expected } => {
                write!(f, "`{name}` ({}): {expected}", environment_name(name))
            }
        }
    }
}

/// All that is wrong with what was typed; never empty. For the operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidSettings(pub Vec<Fault>);

impl fmt::Display for InvalidSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.0.iter().map(Fault::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for InvalidSettings {}

const SMTP_URL: &str = "--smtp-url";
const FROM: &str = "--notify-from";
const TO: &str = "--notify-to";
const WEBHOOK_URL: &str = "--webhook-url";
const WEBHOOK_SECRET: &str = "--webhook-secret";

/// `--smtp-url` is `SIGNPOST_SMTP_URL`.
fn environment_name(argument: &str) -> String {
    let words = argument.trim_start_matches('-').replace('-', "_");
    format!("SIGNPOST_{}", words.to_ascii_uppercase())
}

impl NotifySettings {
    /// Reads what was typed.
    ///
    /// # Errors
    /// See [`InvalidSettings`]: every fault at once, in the order of the fields.
    pub fn read(typed: TypedSettings<'_>) -> Result<Self, InvalidSettings> {
        let mut faults = Vec::new();
        let settings = Self {
            mail: mail(typed, &mut faults),
            webhook: webhook(typed, &mut faults),
        };
        if faults.is_empty() {
            Ok(settings)
        } else {
            Err(InvalidSettings(faults))
        }
    }
}

fn mail(typed: TypedSettings<'_>, faults: &mut Vec<Fault>) -> Option<MailSettings> {
    let texts = [
        (SMTP_URL, typed.smtp_url),
        (FROM, typed.from),
        (TO, typed.to),
    ];
    let [smtp_url, from, to] = all_or_none(texts, faults)?;
    let server = read(SMTP_URL, smtp_url.parse(), faults);
    let from = read(FROM, mailbox(from), faults);
    let to = to.split(',').map(str::trim).filter(|one| !one.is_empty());
    let to: Vec<_> = to
        .filter_map(|one| read(TO, mailbox(one), faults))
        .collect();
    Some(MailSettings {
        server: server?,
        from: from?,
        to,
    })
}

fn webhook(typed: TypedSettings<'_>, faults: &mut Vec<Fault>) -> Option<WebhookSettings> {
    let texts = [
        (WEBHOOK_URL, typed.webhook_url),
        (WEBHOOK_SECRET, typed.webhook_secret),
    ];
    let [url, secret] = all_or_none(texts, faults)?;
    let url = read(WEBHOOK_URL, url.parse(), faults);
    let secret = read(WEBHOOK_SECRET, secret.parse(), faults);
    Some(WebhookSettings {
        url: url?,
        secret: secret?,
    })
}

/// The texts, if all are there. If only some are, each of the others is a fault.
fn all_or_none<'a, const COUNT: usize>(
    texts: [(&'static str, Option<&'a str>); COUNT],
    faults: &mut Vec<Fault>,
) -> Option<[&'a str; COUNT]> {
    let texts = texts.map(|(name, text)| {
        let is_blank = |text: &str| text.chars().all(|sign| sign.is_whitespace() || sign == ',');
        (name, text.filter(|text| !is_blank(text)))
    });
    let (given, _) = texts.iter().find(|(_, text)| text.is_some())?;
    let absent = texts.iter().filter(|(_, text)| text.is_none());
    let absent: Vec<Fault> = absent
        .map(|(missing, _)| Fault::Missing { given, missing })
        .collect();
    let is_whole = absent.is_empty();
    faults.extend(absent);
    is_whole.then(|| texts.map(|(_, text)| text.unwrap_or_default()))
}

fn read<T, E: fmt::Display>(
    name: &'static str,
    result: Result<T, E>,
    faults: &mut Vec<Fault>,
) -> Option<T> {
    let invalid = |error: E| Fault::Invalid {
        name,
        expected: error.to_string(),
    };
    result.map_err(|error| faults.push(invalid(error))).ok()
}

fn mailbox(text: &str) -> Result<Mailbox, String> {
    let sound = text.parse::<Mailbox>().ok();
    // Other letters would need a server that knows SMTPUTF8.
    let sound = sound.filter(|one| AsRef::<str>::as_ref(&one.email).is_ascii());
    sound.ok_or_else(|| {
        format!("`{text}` is no mail address; expected one such as `desk@clinic.example` or `Desk <desk@clinic.example>`")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    fn typed<'a>(texts: [&'a str; 5]) -> TypedSettings<'a> {
        let [smtp_url, from, to, webhook_url, webhook_secret] = texts.map(Some);
        TypedSettings {
            smtp_url,
            from,
            to,
            webhook_url,
            webhook_secret,
        }
    }

    #[test]
    fn nothing_mail_a_webhook_or_both_can_be_configured() {
        let (smtp, hook) = ("smtps://mail.example", "https://hooks.example/in");
        let (from, to) = (
            "Signpost <no-reply@c.example>",
            "a@c.example, B <b@c.example>,",
        );
        let rows: [([&str; 5], &[Channel]); 4] = [
            (["", " ", ",", "", ""], &[]),
            ([smtp, from, to, "", ""], &[Channel::Mail]),
            (["", "", "", hook, SECRET], &[Channel::Webhook]),
            (
                [smtp, from, to, hook, SECRET],
                &[Channel::Mail, Channel::Webhook],
            ),
        ];
        for (texts, expected) in rows {
            let settings = NotifySettings::read(typed(texts)).unwrap();
            assert_eq!(channels(&settings), expected, "{texts:?}");
            let receivers = settings.mail.map_or(0, |mail| mail.to.len());
            assert!(receivers == 0 || receivers == 2);
        }
        assert_eq!(
            NotifySettings::read(TypedSettings::default()).unwrap(),
            NotifySettings::default()
        );
    }

    #[test]
    fn every_fault_is_told_at_once_with_the_name_of_its_setting() {
        let rows: [([&str; 5], &str); 5] = [
            (
                ["", "a@c.example", "", "", ""],
                "`--notify-from` is set and `--smtp-url` is not; set it too (SIGNPOST_SMTP_URL), or neither\n\
                 `--notify-from` is set and `--notify-to` is not; set it too (SIGNPOST_NOTIFY_TO), or neither",
            ),
            (
                ["", "", "", "https://hooks.example", ""],
                "`--webhook-url` is set and `--webhook-secret` is not; set it too (SIGNPOST_WEBHOOK_SECRET), or neither",
            ),
            (
                ["smtps://mail.example", "desk", "a@c.example,b@", "", ""],
                "`--notify-from` (SIGNPOST_NOTIFY_FROM): `desk` is no mail address; expected one such as `desk@clinic.example` or `Desk <desk@clinic.example>`\n\
                 `--notify-to` (SIGNPOST_NOTIFY_TO): `b@` is no mail address; expected one such as `desk@clinic.example` or `Desk <desk@clinic.example>`",
            ),
            (
                [
                    "",
                    "",
                    "",
                    "http://hooks.example/T0P",
                    "whsec_dG9wLXNlY3JldA==",
                ],
                "`--webhook-url` (SIGNPOST_WEBHOOK_URL): expected an address with `https://`; `http://` is for this machine alone\n\
                 `--webhook-secret` (SIGNPOST_WEBHOOK_SECRET): expected `whsec_` and 24 to 64 random bytes in base64; make one with `echo whsec_$(openssl rand -base64 32)`",
            ),
            (
                [
                    "smtp://desk:hunter2@mail.example",
                    "a@c.example",
                    "a@c.example",
                    "",
                    "",
                ],
                "`--smtp-url` (SIGNPOST_SMTP_URL): expected `smtps://` or `smtp+starttls://`, because a password is not sent unencrypted",
            ),
        ];
        for (texts, expected) in rows {
            let error = NotifySettings::read(typed(texts)).unwrap_err();
            assert_eq!(error.to_string(), expected);
        }
    }

    #[test]
    fn no_password_secret_or_webhook_address_is_shown() {
        let texts = [
            "smtps://desk:hunter2@mail.example",
            "a@c.example",
            "a@c.example",
            "https://hooks.example/T0P?key=hush",
            SECRET,
        ];
        let settings = NotifySettings::read(typed(texts)).unwrap();
        let mut broken = texts;
        broken[0] = "smtps://desk:hunter2@mail.example:no-port";
        broken[3] = "https://hooks.example:T0P/key=hush";
        broken[4] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw=====";
        let error = NotifySettings::read(typed(broken)).unwrap_err();
        assert_eq!(error.0.len(), 3, "{error}");
        let shown = format!("{settings:?} {settings:#?} {error} {error:?}");
        assert!(shown.contains("mail.example"), "{shown}");
        for hidden in ["hunter2", "T0P", "hush", "MfKQ9r8G"] {
            assert!(!shown.contains(hidden), "{hidden}: {shown}");
        }
    }
}
