//! A plain reading: the head of a request that asks for an address as most browsers do, and for
//! nothing else. It is told apart from everything unusual here, by a list of what it may say.
//! What is not plain is not refused: somebody else reads it anew, from its first byte.

use std::mem::MaybeUninit;

use httparse::{Header, Request, Status};

use super::answered::Asked;

/// Most headers of a plain reading. Browsers send about 15, and a proxy adds five.
const MAX_HEADERS: usize = 32;

/// How a page is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    Get,
    Head,
}

/// A plain reading.
#[derive(Debug)]
pub(super) struct Reading<'bytes, 'headers> {
    pub(super) method: Method,
    /// A path from the root, as addresses of the snapshot are written.
    pub(super) path: &'bytes str,
    pub(super) asked: Asked<'bytes>,
    /// Whether nothing more will be asked on this connection.
    pub(super) is_last: bool,
    /// In the order in which they came.
    headers: &'headers [Header<'bytes>],
}

impl<'bytes> Reading<'bytes, '_> {
    /// The last line of a header, by its name; empty if it can't be read.
    pub(super) fn last_line(&self, name: &str) -> Option<&'bytes str> {
        let mut lines = self.headers.iter().rev();
        let line = lines.find(|line| line.name.eq_ignore_ascii_case(name))?;
        Some(text(line.value).unwrap_or_default())
    }
}

/// Shows the plain reading at the beginning of some bytes, and tells what was found out about it and how long its head is.
/// None if no whole one stands there.
pub(super) fn first_of<T>(
    bytes: &[u8],
    show: impl FnOnce(&Reading<'_, '_>) -> Option<T>,
) -> Option<(T, usize)> {
    let mut room = [const { MaybeUninit::uninit() }; MAX_HEADERS];
    let mut request = Request::new(&mut []);
    let Ok(Status::Complete(length)) = request.parse_with_uninit_headers(bytes, &mut room) else {
        return None;
    };
    let reading = plain(&request)?;
    Some((show(&reading)?, length))
}

fn plain<'bytes, 'headers>(
    request: &'headers Request<'headers, 'bytes>,
) -> Option<Reading<'bytes, 'headers>> {
    let method = match request.method? {
        "GET" => Method::Get,
        "HEAD" => Method::Head,
        _ => return None,
    };
    let path = request.path.filter(|path| means_itself(path))?;
    let (asked, is_last) = asked(request.headers)?;
    (request.version? == 1).then_some(Reading {
        method,
        path,
        asked,
        is_last,
        headers: request.headers,
    })
}

/// Whether an address is a path from the root of letters that are never spelled in another way. Source: RFC 3986, section
/// 2.3.
fn means_itself(path: &str) -> bool {
    let is_itself =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'.' | b'_' | b'~');
    path.starts_with('/') && path.bytes().all(is_itself)
}

/// What the headers ask, and whether it is the last thing that is asked; none if one of them asks for more than a page, or
/// if it is not clear at which host.
fn asked<'bytes>(headers: &[Header<'bytes>]) -> Option<(Asked<'bytes>, bool)> {
    let (mut encodings, mut none_match, mut modified_since) = (None, None, None);
    let (mut hosts, mut is_last) = (0, false);
    for line in headers {
        match Meaning::of(line.name) {
            Meaning::None => {}
            Meaning::Host => hosts += 1,
            Meaning::Connection if line.value.eq_ignore_ascii_case(b"keep-alive") => {}
            Meaning::Connection if line.value.eq_ignore_ascii_case(b"close") => is_last = true,
            Meaning::Connection | Meaning::More => return None,
            Meaning::Encodings => _ = encodings.get_or_insert(line.value),
            Meaning::NoneMatch => _ = none_match.get_or_insert(line.value),
            Meaning::ModifiedSince => _ = modified_since.get_or_insert(line.value),
        }
    }
    let asked = || Asked {
        encodings: encodings.and_then(text),
        none_match: none_match.and_then(text),
        modified_since: modified_since.and_then(text),
    };
    (hosts == 1).then(|| (asked(), is_last))
}

/// What a header means to whoever answers with a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    None,
    Host,
    Connection,
    Encodings,
    NoneMatch,
    ModifiedSince,
    /// That there is a body, or that something else than an answer is waited for.
    More,
}

impl Meaning {
    /// By the name's length first: most headers of a browser are told apart by that.
    fn of(name: &str) -> Self {
        let candidates: &[(&str, Self)] = match name.len() {
            2 => &[("te", Self::More)],
            4 => &[("host", Self::Host)],
            6 => &[("expect", Self::More)],
            7 => &[("upgrade", Self::More), ("trailer", Self::More)],
            10 => &[("connection", Self::Connection)],
            13 => &[("if-none-match", Self::NoneMatch)],
            14 => &[("content-length", Self::More)],
            15 => &[("accept-encoding", Self::Encodings)],
            17 => &[
                ("if-modified-since", Self::ModifiedSince),
                ("transfer-encoding", Self::More),
            ],
            _ => &[],
        };
        let named = |(candidate, _): &&(&str, Self)| name.eq_ignore_ascii_case(candidate);
        let found = candidates.iter().find(named);
        found.map_or(Self::None, |(_, meaning)| *meaning)
    }
}

/// The value of a header as text, which is what actix takes for text.
fn text(value: &[u8]) -> Option<&str> {
    let is_text = |byte: &u8| matches!(byte, b' '..=b'~' | b'\t');
    std::str::from_utf8(value)
        .ok()
        .filter(|_| value.iter().all(is_text))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What was understood of a head, and how long it is; it ends with a header that is only there to be looked up.
    fn understood(bytes: &[u8]) -> Option<(String, usize)> {
        first_of(bytes, |reading| {
            let Asked {
                encodings,
                none_match,
                modified_since,
            } = reading.asked;
            let asked = [encodings, none_match, modified_since];
            let asked = asked.map(|value| value.unwrap_or("-")).join(" | ");
            Some(format!("{:?} {}: {asked}", reading.method, reading.path))
        })
    }

    #[test]
    fn a_plain_reading_is_understood() {
        let rows: [(&str, &str); 12] = [
            ("GET / HTTP/1.1\r\nHost: x\r\n\r\n", "Get /: - | - | -"),
            ("HEAD /a HTTP/1.1\r\nHost: x\r\n\r\n", "Head /a: - | - | -"),
            (
                "GET /a/b-c_d~e.f HTTP/1.1\r\nhOST:x\r\n\r\n",
                "Get /a/b-c_d~e.f: - | - | -",
            ),
            (
                "\r\nGET /a HTTP/1.1\r\nHost: x\r\n\r\n",
                "Get /a: - | - | -",
            ),
            ("GET /a HTTP/1.1\nHost: x\n\n", "Get /a: - | - | -"),
            (
                "GET /a HTTP/1.1\r\nHost: x\r\nConnection: Keep-Alive\r\n\r\n",
                "Get /a: - | - | -",
            ),
            (
                "GET /a HTTP/1.1\r\nHost: x\r\nCookie: a=b\r\nRange: bytes=0-1\r\n\r\n",
                "Get /a: - | - | -",
            ),
            (
                "GET /a HTTP/1.1\r\nHost: x\r\nACCEPT-encoding:  gzip, br \r\n\r\n",
                "Get /a: gzip, br | - | -",
            ),
            (
                "GET /a HTTP/1.1\r\nHost: x\r\nAccept-Encoding: br\r\nAccept-Encoding: gzip\r\n\r\n",
                "Get /a: br | - | -",
            ),
            // The first line counts, also where it can't be read.
            (
                "GET /a HTTP/1.1\r\nHost: x\r\nAccept-Encoding: b\u{e9}\r\nAccept-Encoding: gzip\r\n\r\n",
                "Get /a: - | - | -",
            ),
            (
                "GET /a HTTP/1.1\r\nHost: x\r\nIf-None-Match: \"t\"\r\n\r\n",
                "Get /a: - | \"t\" | -",
            ),
            (
                "GET /a HTTP/1.1\r\nHost: x\r\nIf-Modified-Since: then\r\n\r\n",
                "Get /a: - | - | then",
            ),
        ];
        for (head, expected) in rows {
            let found = understood(head.as_bytes());
            assert_eq!(found, Some((expected.to_owned(), head.len())), "{head}");
            // What follows belongs to somebody else.
            let more = understood(format!("{head}POST").as_bytes());
            assert_eq!(more, found, "{head}");
        }
    }

    #[test]
    fn a_reading_that_is_not_whole_is_none() {
        let head = b"GET /articles/sciatica HTTP/1.1\r\nHost: x\r\nAccept-Encoding: br\r\n\r\n";
        for length in 0..head.len() {
            assert_eq!(understood(&head[..length]), None, "{length}");
        }
        assert!(understood(head).is_some());
    }

    #[test]
    fn whatever_else_a_head_says_makes_it_none() {
        let lines = [
            "GET / HTTP/1.0",
            "GET / HTTP/2.0",
            "POST / HTTP/1.1",
            "get / HTTP/1.1",
            "OPTIONS / HTTP/1.1",
            "TRACE / HTTP/1.1",
            "GET /?a HTTP/1.1",
            "GET /%61 HTTP/1.1",
            "GET /a#b HTTP/1.1",
            "GET * HTTP/1.1",
            "GET http://x/ HTTP/1.1",
            "GET a HTTP/1.1",
            "GET  / HTTP/1.1",
            "GET /\u{e9} HTTP/1.1",
            "GET /{a} HTTP/1.1",
            "GET /a;b HTTP/1.1",
            "GET / HTTP/1.1 ",
            "GET /",
            "",
        ];
        for line in lines {
            let head = format!("{line}\r\nHost: x\r\n\r\n");
            assert_eq!(understood(head.as_bytes()), None, "{line}");
        }
        let headers = [
            "",
            "Host: x\r\nHost: x",
            "Host : x",
            "Host: x\r\n folded",
            "Host: \0",
            "Host: x\r\nContent-Length: 0",
            "Host: x\r\nTransfer-Encoding: chunked",
            "Host: x\r\nUpgrade: h2c",
            "Host: x\r\nExpect: 100-continue",
            "Host: x\r\nTE: trailers",
            "Host: x\r\nTrailer: a",
            "Host: x\r\nConnection: keep-alive, x",
            "Host: x\r\nConnection: upgrade, close",
        ];
        for lines in headers {
            let head = format!("GET / HTTP/1.1\r\n{lines}\r\n\r\n");
            assert_eq!(understood(head.as_bytes()), None, "{lines}");
        }
        let with = |number: usize| {
            let more = "A: b\r\n".repeat(number);
            understood(format!("GET / HTTP/1.1\r\nHost: x\r\n{more}\r\n").as_bytes())
        };
        assert!(with(MAX_HEADERS - 1).is_some() && with(MAX_HEADERS).is_none());
    }

    #[test]
    fn a_connection_ends_as_soon_as_one_line_says_so() {
        let rows = [
            ("", false),
            ("Connection: keep-alive\r\n", false),
            ("Connection: Close\r\n", true),
            ("Connection: keep-alive\r\nConnection: close\r\n", true),
            ("Connection: close\r\nConnection: keep-alive\r\n", true),
        ];
        for (lines, expected) in rows {
            let head = format!("GET / HTTP/1.1\r\nHost: x\r\n{lines}\r\n");
            let found = first_of(head.as_bytes(), |reading| Some(reading.is_last));
            assert_eq!(found, Some((expected, head.len())), "{lines}");
        }
    }

    #[test]
    fn the_last_line_of_a_header_is_found_by_its_name() {
        let head = b"GET / HTTP/1.1\r\nHost: x\r\nX-A: 1\r\nx-a: 2\r\nX-B: \xff\r\n\r\n";
        let found = first_of(head, |reading| {
            let lines = ["x-a", "x-b", "x-c"].map(|name| reading.last_line(name));
            Some(lines.map(|line| line.map(str::to_owned)))
        });
        let expected = [Some("2".to_owned()), Some(String::new()), None];
        assert_eq!(found.map(|(lines, _)| lines), Some(expected));
    }
}
