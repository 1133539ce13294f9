//! What a new connection over TLS is offered. A new certificate is swapped in for
//! connections that come later and touches none that is open. While connections are
//! scarce, HTTP/2 is not offered: such a connection can't be ended after each answer.

use std::fmt;
use std::sync::Arc;

use arc_swap::ArcSwap;
use jiff::Timestamp;
use rustls::ServerConfig;
use rustls::server::ProducesTickets;
use rustls::sign::SingleCertAndKey;

use super::certificate::{Certificate, provider};

/// The names of the two protocols. Source: RFC 7301, section 6; RFC 9113, section 3.2.
pub(super) const HTTP_2: &[u8] = b"h2";
const HTTP_1: &[u8] = b"http/1.1";

/// Which protocols a connection may speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Protocols {
    /// HTTP/2, and HTTP/1.1 for whoever does not know it.
    Both,
    /// HTTP/1.1 alone.
    Older,
}

/// How a server proves who it is. All workers share it.
pub struct Tls {
    current: ArcSwap<Offer>,
    /// Who comes back needs no second proof, also after a new certificate and with another worker.
    tickets: Arc<dyn ProducesTickets>,
}

/// One certificate, ready to be used.
struct Offer {
    both: Arc<ServerConfig>,
    older: Arc<ServerConfig>,
    certificate: Certificate,
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tls")
    }
}

impl Tls {
    /// Begins with a certificate.
    ///
    /// # Errors
    /// The system gives no random numbers: for the operator.
    pub fn new(certificate: Certificate) -> Result<Self, rustls::Error> {
        let tickets = rustls::crypto::ring::Ticketer::new()?;
        let offer = Offer::of(certificate, &tickets)?;
        Ok(Self {
            current: ArcSwap::from_pointee(offer),
            tickets,
        })
    }

    /// Takes another certificate for all connections to come.
    ///
    /// # Errors
    /// It can't be used with the protocols that we speak: for the operator.
    pub fn renew(&self, certificate: Certificate) -> Result<(), rustls::Error> {
        let offer = Offer::of(certificate, &self.tickets)?;
        self.current.store(Arc::new(offer));
        Ok(())
    }

    /// Until when the certificate holds.
    pub fn ends_at(&self) -> Timestamp {
        self.current.load().certificate.ends_at()
    }

    /// From when on it holds.
    pub fn begins_at(&self) -> Timestamp {
        self.current.load().certificate.begins_at()
    }

    /// Whether it is for a host, such as `clinic.example`.
    pub fn is_for(&self, host: &str) -> bool {
        self.current.load().certificate.is_for(host)
    }

    /// Whether it comes without the certificate of its issuer, so that programs which have not met that one can't check it.
    pub fn lacks_its_issuer(&self) -> bool {
        self.current.load().certificate.lacks_its_issuer()
    }

    pub(super) fn offered(&self, protocols: Protocols) -> Arc<ServerConfig> {
        let offer = self.current.load();
        Arc::clone(match protocols {
            Protocols::Both => &offer.both,
            Protocols::Older => &offer.older,
        })
    }
}

impl Offer {
    fn of(
        certificate: Certificate,
        tickets: &Arc<dyn ProducesTickets>,
    ) -> Result<Self, rustls::Error> {
        let key = Arc::new(SingleCertAndKey::from(certificate.key.clone()));
        let mut older = ServerConfig::builder_with_provider(Arc::new(provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(key);
        older.ticketer = Arc::clone(tickets);
        older.alpn_protocols = vec![HTTP_1.to_vec()];
        let mut both = older.clone();
        both.alpn_protocols = vec![HTTP_2.to_vec(), HTTP_1.to_vec()];
        Ok(Self {
            both: Arc::new(both),
            older: Arc::new(older),
            certificate,
        })
    }
}
