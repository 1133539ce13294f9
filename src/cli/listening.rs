//! Ways to listen besides plain HTTP at an address: https for a clinic without a
//! proxy, and a Unix socket for one whose proxy is on the same machine.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

/// https without a proxy, or a socket for one.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "https without a proxy, or a socket for one")]
pub struct ListeningArgs {
    /// The certificate in PEM with those of its issuers, such as `fullchain.pem` of certbot. Then `--addr` speaks https
    /// alone, with HTTP/2. It is read again on SIGHUP and within 20 seconds after it changed; nobody is cut off.
    #[arg(
        long,
        value_name = "FILE",
        requires = "tls_key",
        env = "SIGNPOST_TLS_CERTIFICATE"
    )]
    pub tls_certificate: Option<PathBuf>,
    /// The private key of the certificate in PEM, such as `privkey.pem` of certbot, without a passphrase.
    #[arg(
        long,
        value_name = "FILE",
        requires = "tls_certificate",
        env = "SIGNPOST_TLS_KEY"
    )]
    pub tls_key: Option<PathBuf>,
    /// Address and port, such as `[::]:80`, where plain HTTP is answered by sending everybody to the same path at the
    /// clinic's `origin`, which must begin with `https://`.
    #[arg(
        long,
        value_name = "ADDR",
        requires = "tls_certificate",
        env = "SIGNPOST_HTTP_REDIRECT"
    )]
    pub http_redirect: Option<SocketAddr>,
    /// A folder in which `certbot certonly --webroot -w FOLDER` puts its proofs; they are shown at `--http-redirect`.
    #[arg(
        long,
        value_name = "FOLDER",
        requires = "http_redirect",
        env = "SIGNPOST_ACME_FOLDER"
    )]
    pub acme_folder: Option<PathBuf>,
    /// Listen at this Unix socket and at no address: `--addr` is not looked at. Its user and its group may connect
    /// (mode 0660). A proxy there is believed with `--trusted-proxy unix`.
    #[arg(
        long,
        value_name = "PATH",
        conflicts_with = "tls_certificate",
        env = "SIGNPOST_UNIX_SOCKET"
    )]
    pub unix_socket: Option<PathBuf>,
}
