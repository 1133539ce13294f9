//! HTTP as bytes on a connection: for what a client library would tidy up before
//! it sends it, and for requests that take their time.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Longest wait for an answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// Opens a connection.
pub fn connect(addr: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(addr).expect("the server listens");
    stream
        .set_read_timeout(Some(PATIENCE))
        .expect("a wait can be limited");
    stream
}

/// Sends a request line and no body, and gives the whole answer, headers included. An answer may
/// be empty: a server may hang up on nonsense.
pub fn exchange(addr: SocketAddr, request_line: &str) -> String {
    let mut stream = connect(addr);
    let request = format!("{request_line}\r\nHost: clinic.example\r\nConnection: close\r\n\r\n");
    // The server may hang up before it has read all of a request that is too long.
    stream.write_all(request.as_bytes()).unwrap_or_default();
    String::from_utf8_lossy(&read_to_end(&mut stream)).into_owned()
}

/// Everything up to the end of a connection.
pub fn read_to_end(stream: &mut TcpStream) -> Vec<u8> {
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        Err(error) if error.kind() != ErrorKind::ConnectionReset => {
            panic!("no end of the answer: {error}")
        }
        _ => answer,
    }
}

/// The status of an answer; none when the server hung up.
pub fn status(answer: &str) -> Option<u16> {
    answer.split(' ').nth(1)?.parse().ok()
}
