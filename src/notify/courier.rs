//! One way to tell staff, mail or webhook, seen from the worker: try to send a notice
//! within a limit, and say what came of it. A send that hangs is left behind in a
//! thread of its own, which its own timeouts end.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, oneshot};

use super::worker::Described;
use super::{Failure, MailSettings, NotifySettings, Pace, WebhookSettings, mail, webhook};
use crate::clock;
use crate::id::ServiceId;
use crate::ledger::{Channel, Notice};

/// What is left to do when a notice is known to be sent: to part politely, which may take a while.
pub(super) type Parting = Box<dyn FnOnce()>;

/// What is known of a service now.
pub(super) type Describe = Arc<dyn Fn(&ServiceId) -> Described + Send + Sync>;

/// One way to tell staff.
#[derive(Clone)]
pub(super) enum Courier {
    /// By mail.
    Mail(Arc<MailSettings>, Describe),
    /// By a signed request.
    Webhook(Arc<WebhookSettings>),
}

impl Courier {
    /// One for each channel that is configured.
    pub(super) fn all(settings: NotifySettings, describe: &Describe) -> Vec<Self> {
        let mail = settings.mail.map(Arc::new);
        let mail = mail.map(|mail| Self::Mail(mail, Arc::clone(describe)));
        let webhook = settings.webhook.map(Arc::new).map(Self::Webhook);
        mail.into_iter().chain(webhook).collect()
    }

    /// Which channel it is.
    pub(super) fn channel(&self) -> Channel {
        match self {
            Self::Mail(..) => Channel::Mail,
            Self::Webhook(_) => Channel::Webhook,
        }
    }

    /// What log lines call it.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Mail(..) => "mail",
            Self::Webhook(_) => "webhook",
        }
    }

    /// Tries to send a notice, for at most [`Pace::send_within`]. A send that is left behind keeps its `place` until it
    /// really ends.
    pub(super) async fn send(
        &self,
        notice: &Notice,
        pace: Pace,
        place: OwnedSemaphorePermit,
    ) -> Result<(), Failure> {
        let (tell, told) = oneshot::channel();
        let (courier, notice) = (self.clone(), notice.clone());
        tokio::task::spawn_blocking(move || {
            match courier.send_blocking(&notice, &pace) {
                Ok(part) => {
                    tell.send(Ok(())).unwrap_or_default();
                    part();
                }
                Err(failure) => tell.send(Err(failure)).unwrap_or_default(),
            }
            drop(place);
        });
        match tokio::time::timeout(pace.send_within, told).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_)) => Err(Failure::later("sending ended without a result")),
            Err(_) => Err(Failure::later("it took too long")),
        }
    }

    fn send_blocking(&self, notice: &Notice, pace: &Pace) -> Result<Parting, Failure> {
        match self {
            Self::Mail(settings, describe) => {
                mail::send(settings, notice, &describe(&notice.service), pace)
            }
            Self::Webhook(settings) => webhook::post(settings, notice, pace, clock::now()),
        }
    }
}
