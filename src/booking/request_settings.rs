//! `clinic/booking.toml`: how the clinic takes requests for visits. Without the file
//! there is no form, and patients book by phone.

use std::str::FromStr;

use age::x25519;

use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Fields, from_toml};
use crate::file::SourceFile;

/// How the clinic takes requests for visits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestSettings {
    /// The public keys to which requests are sealed, such as `age1...`; every one of them is sound. Empty while the
    /// clinic tries things out: then the server makes a key of its own, and the page says so.
    pub public_keys: Vec<String>,
    /// How many days a request is kept, 1 to 3650.
    pub keep_days: i32,
    /// By when the clinic answers, to be put after "We answer", such as "within one working day".
    pub answer_within: String,
}

impl RequestSettings {
    /// The number of days that a request is kept, for a message that counts them.
    pub fn days_kept(&self) -> usize {
        self.keep_days.unsigned_abs() as usize
    }

    /// Whether there is no key of the clinic's own yet.
    pub fn is_trial(&self) -> bool {
        self.public_keys.is_empty()
    }
}

/// Reads `clinic/booking.toml`.
///
/// # Diagnostics
/// `key-*`, `value-wrong`: for the clinic; there are no settings after an error. `key-development`: before it goes public.
pub fn parse_request_settings(file: &SourceFile) -> (Option<RequestSettings>, Vec<Diagnostic>) {
    let (root, mut diagnostics) = from_toml(file);
    let mut fields = Fields::of(file, &root, "the file");
    let settings = settings(&mut fields);
    diagnostics.extend(fields.finish());
    let sound = !diagnostics.iter().any(Diagnostic::is_error);
    (settings.filter(|_| sound), diagnostics)
}

fn settings(fields: &mut Fields<'_>) -> Option<RequestSettings> {
    let keys = fields.optional_texts("public_keys");
    for key in &keys {
        if let Err(fault) = key.value.parse::<x25519::Recipient>() {
            let secret = key.value.starts_with("AGE-SECRET-KEY-");
            // A private key that somebody put here by mistake must not be printed.
            let message = if secret {
                "`public_keys` holds a private key, which must never stand in this file".to_owned()
            } else {
                format!(
                    "`public_keys` holds `{}`, which is no public key: {fault}",
                    key.value
                )
            };
            let place = fields.file().place(key.offset);
            let help = if secret {
                "make a new key with `signpost visits keygen`, and take this one out: whoever saw it can read requests"
            } else {
                "`signpost visits keygen` prints one; it begins with `age1`"
            };
            fields.tell(Diagnostic::new(Code::ValueWrong, place, message).help(help));
        }
    }
    if keys.is_empty() {
        let place = fields.file().place(fields.offset());
        let message = "`public_keys` names no key, so requests are sealed to a throwaway key";
        fields.tell(
            Diagnostic::new(Code::KeyDevelopment, place, message)
                .help("`signpost visits keygen` makes the clinic's key; put its public half here"),
        );
    }
    let keep_days = fields.parsed::<KeepDays>("keep_days");
    let answer_within = fields.text("answer_within");
    Some(RequestSettings {
        public_keys: keys.into_iter().map(|key| key.value).collect(),
        keep_days: keep_days?.value.0,
        answer_within: answer_within?.value,
    })
}

/// For how many days: 1 to 3650.
struct KeepDays(i32);

impl FromStr for KeepDays {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let days = text.parse().ok().filter(|days| (1..=3650).contains(days));
        days.map(Self)
            .ok_or("expected a whole number of days from 1 to 3650")
    }
}
