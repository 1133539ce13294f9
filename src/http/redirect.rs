//! Plain HTTP beside https: everything is asked to come back over https, at the
//! address that the clinic says is its own and never at one that a request names.
//! The only other answer is to whoever proves the clinic's name for a certificate.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use actix_web::dev::Server;
use actix_web::http::header::{self, HeaderValue};
use actix_web::http::{ConnectionType, StatusCode, Uri};
use actix_web::web::{self, Data};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};

use super::limits::{Limits, MAX_ADDRESS_BYTES};
use crate::live::Live;

/// Most connections at once. Each is closed after its answer, so this is a thousand readers at the same moment.
const MAX_CONNECTIONS: usize = 1_024;

/// How long a browser may remember it, in seconds. It is sent over https from then on anyway.
const REMEMBER: &str = "public, max-age=86400";

/// Where proofs are asked for. Source: RFC 8555, section 8.3.
const PROOF: &str = "/.well-known/acme-challenge/";

/// Longest name of a proof, in bytes; those of Let's Encrypt have 43.
const MAX_PROOF_NAME_BYTES: usize = 128;

/// Gives the text of a proof by its name, if there is one.
pub type Proofs = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// What is answered over plain HTTP.
struct Redirects {
    live: Arc<Live>,
    proofs: Option<Proofs>,
}

/// Binds an address for plain HTTP; gives the server and where it listens.
///
/// # Errors
/// The address can't be bound: for the operator.
pub fn serve_redirects(
    addr: SocketAddr,
    live: Arc<Live>,
    proofs: Option<Proofs>,
) -> io::Result<(Server, SocketAddr)> {
    let redirects = Data::new(Redirects { live, proofs });
    let limits = Limits::default();
    let server = HttpServer::new(move || {
        App::new()
            .app_data(redirects.clone())
            .default_service(web::to(answer))
    })
    .workers(1)
    .shutdown_timeout(1)
    .max_connections(MAX_CONNECTIONS)
    .client_request_timeout(limits.head_within)
    .tcp_nodelay(true)
    .disable_signals()
    .bind(addr)?;
    let addr = server.addrs().first().copied().unwrap_or(addr);
    Ok((server.run(), addr))
}

async fn answer(request: HttpRequest, redirects: Data<Redirects>) -> HttpResponse {
    let mut answer = match redirects.proof(request.path()) {
        Some(proof) => HttpResponse::Ok()
            .insert_header((header::CONTENT_TYPE, "application/octet-stream"))
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .body(proof),
        None => redirects.to_https(request.uri()),
    };
    answer.head_mut().set_connection_type(ConnectionType::Close);
    let headers = answer.headers_mut();
    let nosniff = HeaderValue::from_static("nosniff");
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, nosniff);
    answer
}

impl Redirects {
    fn to_https(&self, asked: &Uri) -> HttpResponse {
        let snapshot = self.live.snapshot();
        match location(&snapshot.site().clinic.origin, asked) {
            // The method stays, so a form that is sent to an old link arrives. Source: RFC 9110, section 15.4.9.
            Some(location) => HttpResponse::PermanentRedirect()
                .insert_header((header::LOCATION, location))
                .insert_header((header::CACHE_CONTROL, REMEMBER))
                .finish(),
            None => HttpResponse::new(StatusCode::URI_TOO_LONG),
        }
    }

    fn proof(&self, path: &str) -> Option<String> {
        let proofs = self.proofs.as_ref()?;
        let name = path.strip_prefix(PROOF)?;
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        let is_name =
            (1..=MAX_PROOF_NAME_BYTES).contains(&name.len()) && name.bytes().all(is_plain);
        is_name.then(|| proofs(name)).flatten()
    }
}

/// The clinic's own address with the path and query that were asked for; none if they are too long.
fn location(origin: &str, asked: &Uri) -> Option<HeaderValue> {
    let asked = asked.path_and_query().map_or("/", |asked| asked.as_str());
    if asked.len() > MAX_ADDRESS_BYTES {
        return None;
    }
    // What begins otherwise could become part of the host's name.
    let path = if asked.starts_with('/') { asked } else { "/" };
    // An origin that was edited meanwhile must not lead back to here.
    let host = origin.split_once("://").map_or(origin, |(_, host)| host);
    HeaderValue::from_bytes(format!("https://{host}{path}").as_bytes()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_keeps_the_path_and_never_the_host_of_a_request() {
        let rows = [
            ("/", "/"),
            ("/articles/sciatica?q=1", "/articles/sciatica?q=1"),
            ("http://evil.example/a", "/a"),
            ("http://evil.example", "/"),
            ("//evil.example/a", "//evil.example/a"),
            ("evil.example:443", "/"),
            ("*", "/"),
        ];
        for (asked, expected) in rows {
            let uri: Uri = asked.parse().unwrap();
            let expected = format!("https://clinic.example{expected}");
            for origin in ["https://clinic.example", "http://clinic.example"] {
                let location = location(origin, &uri).unwrap();
                assert_eq!(location.to_str().unwrap(), expected, "{asked}");
            }
        }
        let long: Uri = format!("/{}", "a".repeat(MAX_ADDRESS_BYTES))
            .parse()
            .unwrap();
        assert_eq!(location("https://clinic.example", &long), None);
    }
}
