//! Posts a notice to another program, signed as the Standard Webhooks specification
//! says. It follows no redirect, and of the answer only the status counts. The
//! address may hold a key of its own, so it is shown no more than the secret.

use std::fmt;
use std::io::Read;
use std::net::IpAddr;
use std::str::FromStr;

use jiff::Timestamp;
use serde::Serialize;
use ureq::http::Uri;

use super::courier::Parting;
use super::{Failure, Pace, WebhookSecret};
use crate::ledger::Notice;

/// How much of an answer is read, in bytes, so that the other side can finish its sentence.
const MAX_ANSWER_BYTES: u64 = 4096;

/// What the event is called.
const EVENT: &str = "visit_request.received";

/// Where to post: `https`, or `http` on this machine.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookUrl(Uri);

impl fmt::Debug for WebhookUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookUrl")
    }
}

/// Text that can't be posted to; prints what was expected, never what was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvalidWebhookUrl {
    /// It is no web address with a host.
    Address,
    /// It would go in plain to another machine.
    Plain,
    /// It holds a user or a password.
    User,
}

impl fmt::Display for InvalidWebhookUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Address => "expected an address such as `https://hooks.example/visit-requests`",
            Self::Plain => {
                "expected an address with `https://`; `http://` is for this machine alone"
            }
            Self::User => {
                "expected an address without user and password; the signature says who sends"
            }
        })
    }
}

impl std::error::Error for InvalidWebhookUrl {}

impl FromStr for WebhookUrl {
    type Err = InvalidWebhookUrl;

    fn from_str(text: &str) -> Result<Self, InvalidWebhookUrl> {
        let uri: Uri = text
            .trim()
            .parse()
            .map_err(|_| InvalidWebhookUrl::Address)?;
        let authority = uri.authority().ok_or(InvalidWebhookUrl::Address)?;
        let host = authority.host().trim_matches(['[', ']']);
        if authority.as_str().contains('@') {
            return Err(InvalidWebhookUrl::User);
        }
        // The parser lets a port through that is no number.
        let port = authority.as_str().strip_prefix(authority.host());
        let is_port = |text: &str| text.parse::<u16>().is_ok_and(|port| port > 0);
        let has_sound_port =
            port.is_some_and(|port| port.is_empty() || port.strip_prefix(':').is_some_and(is_port));
        if host.is_empty() || !has_sound_port {
            return Err(InvalidWebhookUrl::Address);
        }
        let ip = host.parse::<IpAddr>().ok();
        let is_here = host == "localhost" || ip.is_some_and(|ip| ip.is_loopback());
        match uri.scheme_str() {
            Some("https") => Ok(Self(uri)),
            Some("http") if is_here => Ok(Self(uri)),
            Some("http") => Err(InvalidWebhookUrl::Plain),
            _ => Err(InvalidWebhookUrl::Address),
        }
    }
}

/// Where to post and what to sign with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookSettings {
    /// Where to post.
    pub url: WebhookUrl,
    /// What to sign with.
    pub secret: WebhookSecret,
}

/// What is posted. Its names are a promise to receivers; `docs/notifications.md` tells them.
#[derive(Serialize)]
struct Event {
    r#type: &'static str,
    timestamp: String,
    data: EventDetails,
}

#[derive(Serialize)]
struct EventDetails {
    code: String,
    service: String,
    received_at: String,
}

/// The value of `webhook-id`: the same for each try, so that a receiver can tell a repetition.
fn id(notice: &Notice) -> String {
    format!("visit-request-{}-{}", notice.code, notice.id.0)
}

/// The body, the same for each try.
fn body(notice: &Notice) -> Result<Vec<u8>, Failure> {
    let received_at = notice
        .received_at
        .strftime("%Y-%m-%dT%H:%M:%SZ")
        .to_string();
    let event = Event {
        r#type: EVENT,
        timestamp: received_at.clone(),
        data: EventDetails {
            code: notice.code.to_string(),
            service: notice.service.to_string(),
            received_at,
        },
    };
    serde_json::to_vec(&event).map_err(Failure::refused)
}

/// Posts a notice. Blocks for as long as `pace` allows.
pub(super) fn post(
    settings: &WebhookSettings,
    notice: &Notice,
    pace: &Pace,
    now: Timestamp,
) -> Result<Parting, Failure> {
    let (id, body, seconds) = (id(notice), body(notice)?, now.as_second());
    let signature = settings.secret.sign(&id, seconds, &body);
    let request = agent(pace)
        .post(settings.url.0.clone())
        .header("content-type", "application/json")
        .header("webhook-id", id)
        .header("webhook-timestamp", seconds.to_string())
        .header("webhook-signature", signature.map_err(Failure::refused)?);
    let answer = request
        .send(&body)
        .map_err(|error| Failure::later(reason(&error)))?;
    judge(answer.status().as_u16())?;
    Ok(Box::new(move || {
        let mut rest = answer.into_body().into_reader().take(MAX_ANSWER_BYTES);
        std::io::copy(&mut rest, &mut std::io::sink()).unwrap_or_default();
    }))
}

/// One for each try, so that no connection is kept that the other side has long forgotten.
fn agent(pace: &Pace) -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        // `cli` alone reads the environment.
        .proxy(None)
        .user_agent(concat!("signpost/", env!("CARGO_PKG_VERSION")))
        .max_idle_connections(0)
        .timeout_resolve(Some(pace.connect_within))
        .timeout_connect(Some(pace.connect_within))
        .timeout_global(Some(pace.send_within))
        .build()
        .new_agent()
}

/// What a status means: another address, and what the sender did wrong, somebody has to mend.
fn judge(status: u16) -> Result<(), Failure> {
    match status {
        200..=299 => Ok(()),
        408 | 429 => Err(Failure::later(format_args!("status {status}"))),
        300..=399 => Err(Failure::refused(format_args!(
            "status {status}, a redirect, which is not followed; set `--webhook-url` to the last address"
        ))),
        400..=499 => Err(Failure::refused(format_args!(
            "status {status}; check `--webhook-url` and that the receiver has the same `--webhook-secret`"
        ))),
        _ => Err(Failure::later(format_args!("status {status}"))),
    }
}

/// Why nothing came back, in words that never hold the address.
fn reason(error: &ureq::Error) -> String {
    match error {
        ureq::Error::Timeout(step) => format!("no answer in time: {step}"),
        ureq::Error::HostNotFound => "there is no such host".to_owned(),
        ureq::Error::Io(error) => error.to_string(),
        ureq::Error::Rustls(error) => error.to_string(),
        ureq::Error::Protocol(error) => error.to_string(),
        _ => "the request could not be sent".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::{Channel, NoticeId};

    #[test]
    fn a_webhook_goes_encrypted_or_stays_on_this_machine() {
        use InvalidWebhookUrl::{Address, Plain, User};
        let rows = [
            ("https://hooks.example/in?key=1", Ok(())),
            ("https://[2001:db8::1]:8443/", Ok(())),
            ("http://localhost:9000/in", Ok(())),
            ("http://127.0.0.1", Ok(())),
            ("http://[::1]:9000/", Ok(())),
            ("http://hooks.example/in", Err(Plain)),
            ("http://localhost.example/in", Err(Plain)),
            ("http://10.0.0.9/in", Err(Plain)),
            ("https://user:secret@hooks.example/", Err(User)),
            ("http://127.0.0.1@hooks.example/", Err(User)),
            ("ftp://hooks.example/", Err(Address)),
            ("https:///in", Err(Address)),
            ("https://hooks.example:/in", Err(Address)),
            ("https://hooks.example:0/in", Err(Address)),
            ("https://hooks.example:x/in", Err(Address)),
            ("/in", Err(Address)),
            ("hooks.example", Err(Address)),
            ("", Err(Address)),
        ];
        for (text, expected) in rows {
            assert_eq!(text.parse::<WebhookUrl>().map(|_| ()), expected, "{text}");
        }
    }

    #[test]
    fn only_what_may_pass_by_itself_is_tried_again_soon() {
        let rows = [
            (200, None),
            (204, None),
            (301, Some("refused")),
            (307, Some("refused")),
            (400, Some("refused")),
            (401, Some("refused")),
            (408, Some("later")),
            (410, Some("refused")),
            (429, Some("later")),
            (500, Some("later")),
            (503, Some("later")),
        ];
        for (status, expected) in rows {
            let found = match judge(status) {
                Ok(()) => None,
                Err(Failure::Later(_)) => Some("later"),
                Err(Failure::Refused(_)) => Some("refused"),
            };
            assert_eq!(found, expected, "{status}");
        }
    }

    /// The example of `docs/notifications.md`, number for number.
    #[test]
    fn the_example_of_the_operators_page_is_what_is_sent() {
        let page = include_str!("../../docs/notifications.md");
        let secret = "whsec_c2lnbnBvc3QgZXhhbXBsZSBzZWNyZXQgMDAwMQ==";
        let notice = Notice {
            id: NoticeId(17),
            channel: Channel::Webhook,
            code: "B7KP-4QXM".parse().unwrap(),
            service: "back-pain-visit".parse().unwrap(),
            received_at: "2026-11-26T14:05:09.25Z".parse().unwrap(),
            tries: 0,
        };
        let body = body(&notice).unwrap();
        let seconds = 1_795_701_911;
        let signature = secret.parse::<WebhookSecret>().unwrap();
        let signature = signature.sign(&id(&notice), seconds, &body).unwrap();
        let example = [
            secret.to_owned(),
            format!("webhook-id: {}", id(&notice)),
            format!("webhook-timestamp: {seconds}"),
            format!("webhook-signature: {signature}"),
            String::from_utf8(body).unwrap(),
        ];
        for line in example {
            assert!(page.contains(&line), "docs/notifications.md lacks: {line}");
        }
    }
}
