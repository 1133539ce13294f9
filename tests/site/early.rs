//! Before the site is there, pages of an earlier server are sent. Everything else waits, and is
//! answered by the site.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use actix_web::rt::task::spawn_blocking;
use signpost::http::{Limits, Place, Proxies, serve_early};
use signpost::live::Live;
use signpost::snapshot::{Copies, Inherited, Inventory};
use signpost::vault::Vault;

use crate::clinic::{Desk, of_the_repository, settings};
use crate::folder::REFERENCE;
use crate::wire;

/// How long nothing must come from who waits.
const SILENCE: Duration = Duration::from_millis(300);

fn ask(addr: SocketAddr, request: &str) -> TcpStream {
    let mut stream = wire::connect(addr);
    let request = format!("{request}\r\nHost: x\r\n\r\n");
    let sent = stream.write_all(request.as_bytes());
    sent.expect("it takes it");
    stream
}

/// The first bytes of an answer.
fn beginning(stream: &mut TcpStream) -> String {
    let mut part = [0; 4096];
    let length = stream.read(&mut part).expect("an answer comes");
    String::from_utf8_lossy(part.get(..length).unwrap_or_default()).into_owned()
}

/// What must wait for the site.
const WAITING: [&str; 5] = [
    "GET /readyz/reading HTTP/1.1",
    "GET /nothing-there HTTP/1.1",
    "GET /symptoms?q=back HTTP/1.1",
    "POST /symptoms HTTP/1.1\r\nContent-Length: 0",
    "DELETE / HTTP/1.1",
];

/// Looks at a server whose site is not there, and gives the connections that wait.
fn before(addr: SocketAddr) -> Vec<TcpStream> {
    let page = beginning(&mut ask(
        addr,
        &format!("GET /articles/{REFERENCE} HTTP/1.1"),
    ));
    assert!(page.starts_with("HTTP/1.1 200 OK"), "{page}");
    // As a proxy asks that keeps no connection.
    let last = "GET / HTTP/1.1\r\nConnection: close";
    let page = wire::read_to_end(&mut ask(addr, last));
    let page = String::from_utf8_lossy(&page);
    assert!(page.contains("\r\nconnection: close\r\n"), "{page}");
    assert!(page.trim_end().ends_with("</html>"), "{page}");
    let none = "GET / HTTP/1.1\r\nAccept-Encoding: br\r\nIf-None-Match: \"other\"";
    let page = beginning(&mut ask(addr, none));
    assert!(page.contains("content-encoding: br"), "{page}");
    let waiting = WAITING.map(|request| {
        let stream = ask(addr, request);
        let limited = stream.set_read_timeout(Some(SILENCE));
        limited.expect("a wait can be limited");
        stream
    });
    let mut waiting = Vec::from(waiting);
    for (stream, request) in waiting.iter_mut().zip(WAITING) {
        let silent = stream.read(&mut [0]).expect_err(request);
        let kinds = [ErrorKind::WouldBlock, ErrorKind::TimedOut];
        assert!(kinds.contains(&silent.kind()), "{request}: {silent}");
        let limited = stream.set_read_timeout(Some(Duration::from_secs(20)));
        limited.expect("a wait can be limited");
    }
    waiting
}

#[actix_web::test]
async fn pages_of_before_are_sent_before_the_site_is_there_and_everything_else_waits() {
    let (snapshot, diagnostics) = of_the_repository();
    let name = format!("early-{}", std::process::id());
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let vault = Arc::new(Vault::begin(&file).expect("the folder is there"));
    let listed = Inventory::of(snapshot, None, &vault, &mut Copies::default());
    let inherited = Inherited::of(listed.expect("the vault takes it"), vault);
    let place = Place::Http(SocketAddr::from(([127, 0, 0, 1], 0)));
    let settings = settings(place, Limits::default(), Proxies::default());
    let mut listening = serve_early(&settings, inherited).expect("a port is free");
    let addr = listening.place.addr().expect("it is an address");
    let waiting = tokio::select! {
        ended = &mut listening.server => panic!("the server ended: {ended:?}"),
        looked = spawn_blocking(move || before(addr)) => looked.expect("all is as it should be"),
    };
    let desk = Desk::new();
    let live = Live::new(Arc::clone(snapshot), diagnostics.clone());
    let (intake, counting) = (Arc::clone(&desk.intake), Arc::clone(&desk.counting));
    listening.open(Arc::new(live), intake, counting);
    let after = move || {
        let answers = waiting.into_iter().map(|mut own| beginning(&mut own));
        answers
            .map(|answer| wire::status(&answer))
            .collect::<Vec<_>>()
    };
    let answered = tokio::select! {
        ended = &mut listening.server => panic!("the server ended: {ended:?}"),
        answered = spawn_blocking(after) => answered.expect("all are answered"),
    };
    let expected = [200, 404, 200, 415, 405];
    assert_eq!(answered, expected.map(Some));
    std::fs::remove_file(&file).expect("it is there");
}
