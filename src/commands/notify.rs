//! From the arguments that say whom to tell of visit requests to what they mean.
//! It stands apart because `cli` knows no meaning and `notify` knows no arguments.

use crate::cli::NotifyArgs;
use crate::notify::{InvalidSettings, NotifySettings, TypedSettings};

/// Whom to tell of visit requests. `serve` reads this before it builds the site, so that a fault shows at once, and
/// gives it to [`notify::start`](crate::notify::start).
///
/// # Errors
/// See [`InvalidSettings`]: for the operator.
pub fn notify_settings(args: &NotifyArgs) -> Result<NotifySettings, InvalidSettings> {
    NotifySettings::read(TypedSettings {
        smtp_url: args.smtp_url.as_ref().map(|text| text.reveal()),
        from: args.notify_from.as_deref(),
        to: args.notify_to.as_deref(),
        webhook_url: args.webhook_url.as_ref().map(|text| text.reveal()),
        webhook_secret: args.webhook_secret.as_ref().map(|text| text.reveal()),
    })
}
