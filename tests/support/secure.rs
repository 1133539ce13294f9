//! Certificates as `openssl` makes them, and clients that check them: bytes over TLS,
//! and HTTP/2 by the `h2` crate's own client.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use actix_web::web::Bytes;
use h2::client::SendRequest;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, ServerName};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// The host of the repository's own `origin`.
pub const HOST: &str = "clinic.example";

/// Longest wait for an answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// A certificate and its key as two files.
#[derive(Debug, Clone)]
pub struct Pair {
    /// The certificate, which is issued by itself.
    pub certificate: PathBuf,
    /// Its key.
    pub key: PathBuf,
}

/// Runs `openssl`, which every Debian has.
pub fn openssl(folder: &Path, arguments: &[&str]) {
    let ran = Command::new("openssl")
        .args(arguments)
        .current_dir(folder)
        .stderr(Stdio::null())
        .stdout(Stdio::null())
        .status();
    assert!(ran.expect("`openssl` is there").success(), "{arguments:?}");
}

impl Pair {
    /// Makes one for a host that holds for so many days; for less than none, it has ended.
    pub fn made(folder: &Path, name: &str, host: &str, days: i32) -> Self {
        let (certificate, key) = (format!("{name}.pem"), format!("{name}-key.pem"));
        let (wish, more) = (format!("{name}.csr"), format!("{name}.ext"));
        let says = format!("subjectAltName=DNS:{host}\nbasicConstraints=critical,CA:FALSE\n");
        std::fs::write(folder.join(&more), says).expect("it can be written");
        let (curve, subject) = ("ec_paramgen_curve:prime256v1", format!("/CN={host}"));
        openssl(
            folder,
            &[
                "req", "-newkey", "ec", "-pkeyopt", curve, "-nodes", "-subj", &subject, "-keyout",
                &key, "-out", &wish,
            ],
        );
        openssl(
            folder,
            &[
                "x509",
                "-req",
                "-in",
                &wish,
                "-signkey",
                &key,
                "-days",
                &days.to_string(),
                "-extfile",
                &more,
                "-out",
                &certificate,
            ],
        );
        Self {
            certificate: folder.join(certificate),
            key: folder.join(key),
        }
    }

    /// The bytes of both files.
    pub fn bytes(&self) -> [Vec<u8>; 2] {
        [&self.certificate, &self.key].map(|path| std::fs::read(path).expect("it is there"))
    }
}

/// Opens a connection over TLS and checks the certificate; offers these protocols.
pub async fn connect(
    addr: SocketAddr,
    trusted: &Pair,
    protocols: &[&str],
) -> std::io::Result<TlsStream<TcpStream>> {
    let pem = CertificateDer::from_pem_file(&trusted.certificate).expect("it is a certificate");
    let mut roots = RootCertStore::empty();
    roots.add(pem).expect("it can be trusted");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("there are versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let protocols = protocols.iter().map(|name| name.as_bytes().to_vec());
    config.alpn_protocols = protocols.collect();
    let stream = TcpStream::connect(addr).await?;
    let name = ServerName::try_from(HOST).expect("it is a name");
    TlsConnector::from(Arc::new(config))
        .connect(name, stream)
        .await
}

/// The protocol that was agreed on.
pub fn agreed(stream: &TlsStream<TcpStream>) -> Option<String> {
    let name = stream.get_ref().1.alpn_protocol();
    name.map(|name| String::from_utf8_lossy(name).into_owned())
}

/// Sends bytes over TLS and gives all that comes back.
pub async fn exchange(addr: SocketAddr, trusted: &Pair, request: &str) -> String {
    let stream = connect(addr, trusted, &["http/1.1"]).await;
    let mut stream = stream.expect("it proves who it is");
    stream
        .write_all(request.as_bytes())
        .await
        .expect("it is sent");
    rest(&mut stream).await
}

/// All that still comes.
pub async fn rest(stream: &mut TlsStream<TcpStream>) -> String {
    let mut answer = Vec::new();
    let read = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut answer)).await;
    // A connection may also end without a word.
    read.expect("it ends").map(|_| ()).unwrap_or_default();
    String::from_utf8_lossy(&answer).into_owned()
}

/// Opens a connection of HTTP/2. The second value ends when the connection does.
pub async fn http2(
    addr: SocketAddr,
    trusted: &Pair,
) -> (
    SendRequest<Bytes>,
    tokio::task::JoinHandle<Result<(), h2::Error>>,
) {
    http2_with(addr, trusted, &h2::client::Builder::new()).await
}

/// The same, with other settings.
pub async fn http2_with(
    addr: SocketAddr,
    trusted: &Pair,
    settings: &h2::client::Builder,
) -> (
    SendRequest<Bytes>,
    tokio::task::JoinHandle<Result<(), h2::Error>>,
) {
    let stream = connect(addr, trusted, &["h2"]).await;
    let stream = stream.expect("it proves who it is");
    assert_eq!(agreed(&stream).as_deref(), Some("h2"));
    let opened = settings.handshake(stream).await;
    let (client, connection) = opened.expect("it speaks HTTP/2");
    (client, tokio::spawn(connection))
}

/// A request for a path.
pub fn request(method: &str, path: &str, headers: &[(&str, &str)]) -> http::Request<()> {
    let uri = format!("https://{HOST}{path}");
    let mut request = http::Request::builder().method(method).uri(uri);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(()).expect("it is a request")
}

/// What comes back: the head and the body.
pub type Answer = (http::response::Parts, Vec<u8>);

/// Asks over HTTP/2, with a body if there is one.
///
/// # Errors
/// The stream or the connection ended before the answer did.
pub async fn ask(
    client: &SendRequest<Bytes>,
    request: http::Request<()>,
    body: &str,
) -> Result<Answer, h2::Error> {
    let mut client = client.clone().ready().await?;
    let (answer, mut sending) = client.send_request(request, body.is_empty())?;
    if !body.is_empty() {
        sending.send_data(Bytes::copy_from_slice(body.as_bytes()), true)?;
    }
    let read = tokio::time::timeout(PATIENCE, whole(answer));
    read.await.expect("it is answered or refused")
}

/// An answer to its end.
///
/// # Errors
/// The stream or the connection ended before the answer did.
pub async fn whole(answer: h2::client::ResponseFuture) -> Result<Answer, h2::Error> {
    let (head, mut body) = answer.await?.into_parts();
    let mut bytes = Vec::new();
    while let Some(part) = body.data().await {
        let part = match part {
            // The answer is whole, and what is still to be sent is not wanted. Source: RFC 9113, section 8.1.
            Err(error) if error.reason() == Some(h2::Reason::NO_ERROR) => break,
            part => part?,
        };
        bytes.extend_from_slice(&part);
        // Whoever does not say that it was read gets no more.
        body.flow_control().release_capacity(part.len())?;
    }
    Ok((head, bytes))
}
