//! What proxies and browsers say in the head of a request: who asks, over https or not, what is taken, what is known
//! already. The first line of an input is the peer, who set the headers, and the address; then comes a header a line.

use std::net::{IpAddr, SocketAddr};

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, Uri};
use actix_web::test::TestRequest;
use signpost::http::{ForwardedBy, Proxies};

use super::server::{Answer, Server, proxies};
use super::{headed, html};

/// Reads any bytes as the head of a request.
pub fn run(data: &[u8]) {
    let input = String::from_utf8_lossy(data);
    let (first, lines) = headed(&input);
    let mut words = first.split(' ');
    let (peer, by) = (words.next().unwrap_or_default(), words.next());
    let peer = peer.parse::<SocketAddr>().ok();
    let forwarded_by = match by {
        Some("forwarded") => ForwardedBy::Forwarded,
        _ => ForwardedBy::XForwarded,
    };
    let headers = headers(lines);
    let proxies = proxies(forwarded_by);
    expect_truth(&proxies, peer, &headers);
    let address = words.next().unwrap_or("/articles/every-part");
    if let Some(uri) = address
        .parse::<Uri>()
        .ok()
        .filter(|_| address.starts_with('/'))
    {
        expect_answer(&uri, peer, headers);
    }
}

fn headers(lines: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in lines.lines().filter_map(|line| line.split_once(':')) {
        let name = HeaderName::from_bytes(name.trim().as_bytes());
        let value = HeaderValue::from_bytes(value.trim().as_bytes());
        if let (Ok(name), Ok(value)) = (name, value) {
            headers.append(name, value);
        }
    }
    headers
}

fn came_over_https(proxies: &Proxies, peer: Option<SocketAddr>, headers: &HeaderMap) -> bool {
    proxies.is_https(peer, |name| {
        let line = headers.get_all(name).next_back()?;
        Some(line.to_str().unwrap_or_default())
    })
}

/// # Panics
/// Somebody who is no proxy of ours is believed, or what a client made up comes before what a proxy of ours says.
fn expect_truth(proxies: &Proxies, peer: Option<SocketAddr>, headers: &HeaderMap) {
    let client = proxies.client(peer, headers);
    let is_https = came_over_https(proxies, peer, headers);
    let stranger: SocketAddr = SocketAddr::from(([192, 0, 2, 9], 1));
    assert_eq!(proxies.client(Some(stranger), headers), Some(stranger.ip()));
    assert!(!came_over_https(proxies, Some(stranger), headers));
    let nobody = Proxies::default();
    let own = peer.map(|peer| peer.ip().to_canonical());
    assert_eq!(nobody.client(peer, headers), own);
    assert!(!came_over_https(&nobody, peer, headers));
    // A proxy adds whom it was asked by; all before that may be made up.
    let near = SocketAddr::from(([127, 0, 0, 1], 1));
    let asker = IpAddr::from([198, 51, 100, 7]);
    let (name, value) = match proxies.forwarded_by {
        ForwardedBy::XForwarded => ("x-forwarded-for", asker.to_string()),
        ForwardedBy::Forwarded => ("forwarded", format!("for={asker};proto=http")),
    };
    let mut added = headers.clone();
    added.append(
        HeaderName::from_static(name),
        HeaderValue::from_str(&value).expect("it is one"),
    );
    added.append(
        HeaderName::from_static("x-forwarded-proto"),
        HeaderValue::from_static("http"),
    );
    assert_eq!(proxies.client(Some(near), &added), Some(asker));
    assert!(!came_over_https(proxies, Some(near), &added));
    // The rest of the headers says nothing of it.
    let mut others = HeaderMap::new();
    for (name, value) in headers.iter() {
        if matches!(
            name.as_str(),
            "x-forwarded-for" | "x-forwarded-proto" | "forwarded"
        ) {
            others.append(name.clone(), value.clone());
        }
    }
    assert_eq!(proxies.client(peer, &others), client);
    assert_eq!(came_over_https(proxies, peer, &others), is_https);
}

/// # Panics
/// We failed, or sent what the headers did not ask for.
fn expect_answer(uri: &Uri, peer: Option<SocketAddr>, headers: HeaderMap) {
    let mut request = TestRequest::with_uri(&uri.to_string()).method(Method::GET);
    if !headers.contains_key("host") {
        request = request.insert_header(("host", "clinic.example"));
    }
    for (name, value) in headers.iter() {
        request = request.append_header((name.clone(), value.clone()));
    }
    let answer = Server::with(|server| server.answer(request, peer));
    let status = answer.status;
    // The ledger is away, and who asks for a request is told so.
    assert!(matches!(status, 200..500 | 503), "{uri} answers {status}");
    let texts = |name: &str| -> Vec<String> {
        let values = headers
            .get_all(name)
            .filter_map(|value| value.to_str().ok());
        values.map(str::to_ascii_lowercase).collect()
    };
    if status == 304 {
        let asks = !texts("if-none-match").is_empty() || !texts("if-modified-since").is_empty();
        assert!(asks && answer.body.is_empty());
    }
    let coding = answer.header("content-encoding");
    if !coding.is_empty() {
        let named = |text: &String| text.contains(coding) || text.contains('*');
        let is_named = texts("accept-encoding").iter().any(named);
        assert!(is_named, "{coding} was not asked for");
    }
    let is_https = came_over_https(&proxies(ForwardedBy::XForwarded), peer, &headers);
    assert_eq!(
        !answer.header("strict-transport-security").is_empty(),
        is_https
    );
    expect_page(&answer, coding);
}

fn expect_page(answer: &Answer, coding: &str) {
    if coding.is_empty() && answer.header("content-type").starts_with("text/html") {
        let page = std::str::from_utf8(&answer.body).expect("a page is text");
        assert_eq!(html::fault(page), None);
    }
}
