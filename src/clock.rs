//! The one place where the program asks what time it is. Everything else takes the
//! instant or the day as an argument, so that any moment can be tried at any time.

use jiff::Timestamp;

/// This instant.
#[allow(clippy::disallowed_methods)] // this module is the reason for the ban
pub fn now() -> Timestamp {
    Timestamp::now()
}
