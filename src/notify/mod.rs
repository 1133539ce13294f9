//! Tells staff that a visit request has come in: by mail, and by a signed request to
//! another program. It works off the ledger's outbox in a thread of its own, so that
//! a dead mail server delays nobody and loses nothing. It never holds, sends or logs
//! anything about a patient: a notice has a code, a service and an instant.

mod courier;
mod failure;
mod mail;
mod pace;
mod settings;
mod signature;
mod smtp_address;
mod webhook;
mod worker;

pub use failure::Failure;
pub use mail::MailSettings;
pub use pace::Pace;
pub use settings::{Fault, InvalidSettings, NotifySettings, TypedSettings, channels};
pub use signature::{InvalidSecret, WebhookSecret};
pub use smtp_address::{Encryption, InvalidSmtpAddress, SmtpAddress};
pub use webhook::{InvalidWebhookUrl, WebhookSettings, WebhookUrl};
pub use worker::{Described, Wake, Worker, start};
