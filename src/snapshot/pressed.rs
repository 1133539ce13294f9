//! Compressed forms that lie in a vault, by the hash of the body that they came from: those that
//! an earlier server left, so that a restart does not pay for them again, and room for more.

use std::collections::HashMap;
use std::sync::Arc;

use super::body::Body;
use super::page::Representation;
use super::press::representation;
use super::tag::Form;
use crate::vault::{Spot, Vault};

/// The gzip and the brotli form of many bodies, and a vault for more. Without one, everything stays in memory.
#[derive(Debug, Default)]
pub struct Pressed {
    forms: HashMap<u128, Forms>,
    /// Where these lie.
    known_in: Option<Arc<Vault>>,
    /// Where others go.
    vault: Option<Arc<Vault>>,
}

/// The forms of one body; one that would not be smaller is not there.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Forms {
    pub(super) gzip: Option<Spot>,
    pub(super) best: Option<Spot>,
    pub(super) quick: Option<Spot>,
}

/// Where compressed forms of a page live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Home {
    /// In memory: what could not be made again if the file failed, and all of a small site.
    Memory,
    /// In the vault, as far as it takes them.
    Vault,
}

impl Pressed {
    pub(super) fn in_vault(vault: Arc<Vault>, forms: HashMap<u128, Forms>) -> Self {
        Self {
            forms,
            known_in: Some(Arc::clone(&vault)),
            vault: Some(vault),
        }
    }

    /// Puts what comes from now on into a vault.
    pub fn put_into(&mut self, vault: Arc<Vault>) {
        self.vault = Some(vault);
    }

    /// Where it is put.
    pub fn vault(&self) -> Option<&Arc<Vault>> {
        self.vault.as_ref()
    }

    /// Forgets what is known: all of it is in a snapshot.
    pub fn forget(&mut self) {
        self.forms = HashMap::new();
        self.known_in = None;
    }

    /// The forms of a body that are known, smallest first; none if nothing is known of it.
    pub(super) fn forms(&self, hash: u128, home: Home) -> Option<Vec<Representation>> {
        let forms = self.forms.get(&hash)?;
        let quick = || self.representation(Form::Quick, forms.quick, hash, home);
        let best = self.representation(Form::Best, forms.best, hash, home);
        let gzip = self.representation(Form::Gzip, forms.gzip, hash, home);
        Some(best.or_else(quick).into_iter().chain(gzip).collect())
    }

    /// The best brotli form of a body, if it is known.
    pub(super) fn best(&self, hash: u128, home: Home) -> Option<Representation> {
        let forms = self.forms.get(&hash)?;
        self.representation(Form::Best, forms.best, hash, home)
    }

    fn representation(
        &self,
        form: Form,
        spot: Option<Spot>,
        hash: u128,
        home: Home,
    ) -> Option<Representation> {
        let (vault, spot) = self.known_in.as_ref().zip(spot)?;
        let body = match home {
            Home::Vault => Body::filed(Arc::clone(vault), spot),
            Home::Memory => Body::Whole(vault.get(spot)?.into()),
        };
        Some(representation(form, body, hash))
    }

    /// A body in the vault in the place of one in memory or in another vault; none if it is there, or the vault takes no
    /// more.
    pub(super) fn filed(&self, body: &Body) -> Option<Body> {
        let vault = self.vault.as_ref()?;
        if body.spot_in(vault).is_some() || !vault.takes_more() {
            return None;
        }
        let spot = vault.put(&body.once()?)?;
        Some(Body::filed(Arc::clone(vault), spot))
    }
}
