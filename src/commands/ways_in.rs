//! Where readers come in: an address with or without TLS, or a Unix socket, and plain
//! HTTP that leads to https. It turns what was typed into what `http` listens at.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;

use super::certificates::{Look, Renewal};
use crate::cli::{ListeningArgs, ServeArgs};
use crate::disk::{SocketFile, read_if_there};
use crate::http::{Place, Proofs, Proxies, Tls, serve_redirects};
use crate::live::Live;

/// Where certbot puts its proofs below its folder. Source: RFC 8555, section 8.3.
const PROOFS: &str = ".well-known/acme-challenge";

/// Where readers come in. What it holds is given up when it is dropped.
pub(super) struct WaysIn {
    pub(super) place: Place,
    renewal: Option<Arc<Renewal>>,
    /// The file is there as long as this.
    _socket: Option<SocketFile>,
}

impl WaysIn {
    /// Opens what has to be opened before anybody listens.
    ///
    /// # Errors
    /// A certificate, its key or the place of a socket is no good: for the operator.
    pub(super) fn open(args: &ServeArgs, proxies: &Proxies) -> anyhow::Result<Self> {
        let listening = &args.listening;
        if let Some(path) = &listening.unix_socket {
            return Self::at_socket(path, proxies);
        }
        let files = listening
            .tls_certificate
            .as_ref()
            .zip(listening.tls_key.as_ref());
        let Some((certificate, key)) = files else {
            return Ok(Self {
                place: Place::Http(args.addr),
                renewal: None,
                _socket: None,
            });
        };
        let renewal = Renewal::begin(certificate, key)?;
        Ok(Self {
            place: Place::Https(args.addr, renewal.tls()),
            renewal: Some(renewal),
            _socket: None,
        })
    }

    fn at_socket(path: &Path, proxies: &Proxies) -> anyhow::Result<Self> {
        let named = path.display();
        let socket =
            SocketFile::listen(path).with_context(|| format!("can't listen at `{named}`"))?;
        let listener = Arc::new(socket.listener()?);
        if !proxies.networks.iter().any(|network| network.is_socket()) {
            tracing::warn!(
                "the proxy at `{named}` is not believed, so all readers share one allowance: `--trusted-proxy unix` \
                 believes it"
            );
        }
        Ok(Self {
            place: Place::Socket(path.to_owned(), listener),
            renewal: None,
            _socket: Some(socket),
        })
    }

    /// What proves who we are, over https.
    pub(super) fn tls(&self) -> Option<Arc<Tls>> {
        self.renewal.as_ref().map(|renewal| renewal.tls())
    }

    /// Looks at the certificate of a site from time to time.
    pub(super) fn keep_renewed(&self, site: &Arc<Live>) {
        if let Some(renewal) = &self.renewal {
            renewal.look_from_time_to_time(site);
        }
    }

    /// Looks at the certificate now.
    pub(super) fn look_again(&self) {
        if let Some(renewal) = &self.renewal {
            renewal.look(Look::Asked);
        }
    }
}

/// Begins to lead from plain HTTP to https, if that was asked for.
///
/// # Errors
/// The clinic's own address is not https, or the address can't be bound: for the operator.
pub(super) fn redirect(
    args: &ListeningArgs,
    live: &Arc<Live>,
) -> anyhow::Result<Option<actix_web::dev::ServerHandle>> {
    let Some(addr) = args.http_redirect else {
        return Ok(None);
    };
    let origin = live.snapshot().site().clinic.origin.clone();
    if !origin.starts_with("https://") {
        anyhow::bail!(
            "`--http-redirect` leads to `origin` of `clinic/clinic.toml`, which is `{origin}`: expected one that begins \
             with `https://`"
        );
    }
    let proofs = args.acme_folder.as_ref().map(|folder| -> Proofs {
        let folder = folder.join(PROOFS);
        Arc::new(move |name| read_if_there(&folder.join(name)).ok().flatten())
    });
    let (server, at) = serve_redirects(addr, Arc::clone(live), proofs)
        .with_context(|| format!("can't listen on {addr} for plain HTTP"))?;
    tracing::info!("http://{at} leads to {origin}");
    let handle = server.handle();
    actix_web::rt::spawn(server);
    Ok(Some(handle))
}
