//! What an export wrote, so that the next one leaves alone what is the same and removes
//! what is no longer needed, and so that neither touches a file of anybody else.
//! It is kept in the folder itself, where it can't be mistaken for that of another.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The form of the file. It is raised when an older program would misread it.
const FORM: u32 = 1;

/// What an export wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    form: u32,
    /// How siblings were made. When it differs, they are made again.
    pub compression: String,
    /// Files by path relative to the folder, ascending.
    pub files: BTreeMap<String, Written>,
}

/// A file that an export wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Written {
    /// The hash of its bytes: XXH3, 128 bits, 32 hexadecimal digits.
    pub hash: String,
    /// Since when no page names it; a page that somebody opened earlier may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unneeded_since: Option<Timestamp>,
}

/// A manifest that this program can't read.
#[derive(Debug, thiserror::Error)]
pub enum UnknownManifest {
    /// It is no manifest.
    #[error("it can't be read: {0}")]
    Broken(#[from] serde_json::Error),
    /// A newer program wrote it.
    #[error("it has form {0}, and this program knows form {FORM}")]
    Newer(u32),
}

impl Manifest {
    /// Nothing was written yet.
    pub fn empty(compression: impl Into<String>) -> Self {
        Self {
            form: FORM,
            compression: compression.into(),
            files: BTreeMap::new(),
        }
    }

    /// Reads a manifest.
    ///
    /// # Errors
    /// See [`UnknownManifest`]: for the operator.
    pub fn parse(text: &[u8]) -> Result<Self, UnknownManifest> {
        let manifest: Self = serde_json::from_slice(text)?;
        match manifest.form {
            FORM => Ok(manifest),
            form => Err(UnknownManifest::Newer(form)),
        }
    }

    /// The manifest as it is kept.
    ///
    /// # Errors
    /// None that can come about: all of it are texts and numbers.
    pub fn text(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut text = serde_json::to_vec_pretty(self)?;
        text.push(b'\n');
        Ok(text)
    }

    /// Whether a file is there because an export wrote it.
    pub fn owns(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// The hash of what was written at a path.
    pub fn hash(&self, path: &str) -> Option<u128> {
        u128::from_str_radix(&self.files.get(path)?.hash, 16).ok()
    }

    /// Says that a file is written and needed.
    pub fn add(&mut self, path: String, hash: u128) {
        let written = Written {
            hash: format!("{hash:032x}"),
            unneeded_since: None,
        };
        self.files.insert(path, written);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_reads_back_as_it_was_and_others_are_refused() {
        let mut manifest = Manifest::empty("brotli");
        manifest.add("index.html".into(), 7);
        let text = manifest.text().unwrap();
        assert_eq!(Manifest::parse(&text).unwrap(), manifest);
        assert_eq!(manifest.hash("index.html"), Some(7));
        assert_eq!(manifest.hash("other.html"), None);
        let newer = String::from_utf8(text)
            .unwrap()
            .replace("\"form\": 1", "\"form\": 2");
        for (text, words) in [("{}", "can't be read"), (newer.as_str(), "form 2")] {
            let refused = Manifest::parse(text.as_bytes()).unwrap_err();
            assert!(refused.to_string().contains(words), "{refused}");
        }
    }
}
