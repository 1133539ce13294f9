//! Private keys, and what they open. A letter that no key opens is told and costs
//! itself alone. Reasons name no content: a parser's words could quote a patient.

use std::path::Path;

use anyhow::Context;
use zeroize::Zeroizing;

use crate::booking::Letter;
use crate::cli::KeyArgs;
use crate::disk::read_text;
use crate::ledger::{Identity, Sealed};

/// The form of letters that this program knows.
const VERSION: u32 = 1;

/// Private keys, in the order in which they are tried.
pub(super) struct Keys(Vec<Identity>);

/// What became of a letter.
pub(super) enum Opened {
    /// There was no key to try.
    Sealed,
    /// It stays closed; the reason is for staff.
    Refused(&'static str),
    /// What the patient told us.
    Letter(Box<Letter>),
}

impl Opened {
    /// The letter, if it was opened.
    pub(super) fn letter(&self) -> Option<&Letter> {
        match self {
            Self::Letter(letter) => Some(letter),
            Self::Sealed | Self::Refused(_) => None,
        }
    }
}

impl Keys {
    /// Reads the key files that were named.
    ///
    /// # Errors
    /// One of them can't be read or holds no private key: for whoever named it.
    pub(super) fn read(args: &KeyArgs) -> anyhow::Result<Self> {
        let named = args.keys.iter().filter(|path| !path.as_os_str().is_empty());
        named
            .map(|path| key(path))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Reads the key files that were named, of which there must be one.
    ///
    /// # Errors
    /// As [`Keys::read`]; or none is named.
    pub(super) fn read_some(args: &KeyArgs) -> anyhow::Result<Self> {
        let keys = Self::read(args)?;
        anyhow::ensure!(
            !keys.0.is_empty(),
            "a private key is needed: name its file with --key, or in SIGNPOST_KEY"
        );
        Ok(keys)
    }

    /// Opens a letter with the first key that fits.
    pub(super) fn open(&self, sealed: &Sealed) -> Opened {
        if self.0.is_empty() {
            return Opened::Sealed;
        }
        let Some(json) = self.0.iter().find_map(|key| key.open(sealed).ok()) else {
            return Opened::Refused("no key that was given opens it");
        };
        match Letter::from_json(&json) {
            Ok(letter) if letter.version == VERSION => Opened::Letter(Box::new(letter)),
            Ok(_) => Opened::Refused("it is a letter of a later form; use a newer signpost"),
            Err(_) => Opened::Refused("it holds no letter that this signpost can read"),
        }
    }
}

fn key(path: &Path) -> anyhow::Result<Identity> {
    let shown = path.display();
    let text = read_text(path).with_context(|| format!("the key `{shown}` can't be read"))?;
    Zeroizing::new(text)
        .parse()
        .with_context(|| format!("`{shown}` holds no private key"))
}
