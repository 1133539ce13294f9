//! Who asks, and whether over https, when proxies stand in between. What a header says
//! of that is believed only if a configured proxy sent it; from anybody else it is a
//! claim, and nobody looks at it. Source: RFC 7239.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use actix_web::http::header::{self, HeaderMap, HeaderName};

/// Which headers the proxies set. Only these are read: a proxy hands on the others as a client sent them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ForwardedBy {
    /// `X-Forwarded-For` and `X-Forwarded-Proto`.
    #[default]
    XForwarded,
    /// `Forwarded`.
    Forwarded,
}

/// Where a proxy may be: in a range of addresses, such as `10.0.0.0/8`, of which one address is the smallest, or at our
/// Unix socket, written as `unix`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network(Reach);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    Range { base: IpAddr, prefix_bits: u8 },
    Socket,
}

/// How the socket is written.
const SOCKET: &str = "unix";

/// Text that names no network; prints what was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidNetwork;

impl fmt::Display for InvalidNetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected an address or a network, such as `127.0.0.1`, `10.0.0.0/8` or `fd00::/8`, with no bit set after the slash's count, or `unix` for the socket")
    }
}

impl std::error::Error for InvalidNetwork {}

impl FromStr for Network {
    type Err = InvalidNetwork;

    fn from_str(text: &str) -> Result<Self, InvalidNetwork> {
        if text == SOCKET {
            return Ok(Self(Reach::Socket));
        }
        let (base, bits) = match text.split_once('/') {
            Some((base, bits)) => (base, Some(bits)),
            None => (text, None),
        };
        let base: IpAddr = base.parse().map_err(|_| InvalidNetwork)?;
        let most = if base.is_ipv4() { 32 } else { 128 };
        let prefix_bits = match bits {
            None => most,
            Some(bits) if bits.bytes().all(|byte| byte.is_ascii_digit()) => bits
                .parse()
                .ok()
                .filter(|bits| *bits <= most)
                .ok_or(InvalidNetwork)?,
            Some(_) => return Err(InvalidNetwork),
        };
        // `10.1.2.3/8` may mean one machine or all of 10: whoever wrote it should say which.
        (kept(base, prefix_bits) == bits_of(base))
            .then_some(Self(Reach::Range { base, prefix_bits }))
            .ok_or(InvalidNetwork)
    }
}

/// The bits of an address from the left; those of IPv4 are followed by zeros.
fn bits_of(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u128::from(address.to_bits()) << 96,
        IpAddr::V6(address) => address.to_bits(),
    }
}

/// The first bits of an address, followed by zeros.
fn kept(address: IpAddr, prefix_bits: u8) -> u128 {
    let others = u128::MAX.checked_shr(u32::from(prefix_bits)).unwrap_or(0);
    bits_of(address) & !others
}

impl Network {
    /// Whether it is our Unix socket.
    pub fn is_socket(self) -> bool {
        self.0 == Reach::Socket
    }

    fn holds(self, address: IpAddr) -> bool {
        match self.0 {
            Reach::Range { base, prefix_bits } => {
                base.is_ipv4() == address.is_ipv4() && kept(address, prefix_bits) == bits_of(base)
            }
            Reach::Socket => false,
        }
    }
}

/// The proxies that are believed.
#[derive(Debug, Clone, Default)]
pub struct Proxies {
    /// Where they are; none are believed when it is empty.
    pub networks: Vec<Network>,
    /// Which headers they set.
    pub forwarded_by: ForwardedBy,
}

impl Proxies {
    fn are_at(&self, address: IpAddr) -> bool {
        self.networks.iter().any(|network| network.holds(address))
    }

    /// Whether one of them sent a request. What comes without an address came through the socket.
    fn sent(&self, peer: Option<SocketAddr>) -> bool {
        if self.networks.is_empty() {
            return false;
        }
        match peer {
            Some(peer) => self.are_at(peer.ip().to_canonical()),
            None => self.networks.iter().any(|network| network.is_socket()),
        }
    }

    /// Who asks: the last address on the way here that is no proxy of ours.
    pub fn client(&self, peer: Option<SocketAddr>, headers: &HeaderMap) -> Option<IpAddr> {
        let own = peer.map(|peer| peer.ip().to_canonical());
        if !self.sent(peer) {
            return own;
        }
        let mut client = own;
        for hop in self.hops(headers).iter().rev() {
            let Some(address) = address_of(hop) else {
                break;
            };
            client = Some(address);
            if !self.are_at(address) {
                break;
            }
        }
        client
    }

    /// Whether the proxy nearest to us says that it was asked over https. `last_line` gives the last line of a header by its
    /// name in lower case, empty if it can't be read; a proxy adds what it says at the end.
    pub fn is_https<'a>(
        &self,
        peer: Option<SocketAddr>,
        last_line: impl FnOnce(&'static str) -> Option<&'a str>,
    ) -> bool {
        if !self.sent(peer) {
            return false;
        }
        let said = match self.forwarded_by {
            ForwardedBy::XForwarded => last_line("x-forwarded-proto").map(last_item),
            ForwardedBy::Forwarded => {
                let hop = last_line("forwarded").map(last_item);
                hop.and_then(|hop| parameter(hop, "proto"))
            }
        };
        said.is_some_and(|scheme| scheme.eq_ignore_ascii_case("https"))
    }

    /// Whom each proxy was asked by, in the order of the way here.
    fn hops(&self, headers: &HeaderMap) -> Vec<String> {
        match self.forwarded_by {
            ForwardedBy::XForwarded => items(headers, &HeaderName::from_static("x-forwarded-for")),
            ForwardedBy::Forwarded => items(headers, &header::FORWARDED)
                .iter()
                .map(|hop| parameter(hop, "for").unwrap_or_default().to_owned())
                .collect(),
        }
    }
}

/// The items of a list, over all lines of a header. No value that we read holds a comma of its own.
fn items(headers: &HeaderMap, name: &HeaderName) -> Vec<String> {
    headers
        .get_all(name)
        .flat_map(|value| value.to_str().unwrap_or_default().split(','))
        .map(|item| item.trim().to_owned())
        .collect()
}

/// The last item of a list on one line.
fn last_item(line: &str) -> &str {
    line.rsplit(',').next().unwrap_or_default().trim()
}

/// The last line of a header; empty if it can't be read.
pub(super) fn last_line<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let value = headers.get_all(name).last()?;
    Some(value.to_str().unwrap_or_default())
}

/// A parameter of a hop of `Forwarded`, without its quotes.
fn parameter<'a>(hop: &'a str, name: &str) -> Option<&'a str> {
    let mut pairs = hop.split(';').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(key, _)| key.trim().eq_ignore_ascii_case(name))?;
    Some(value.trim().trim_matches('"'))
}

/// An address with or without a port, such as `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1` or `[2001:db8::1]:4711`.
fn address_of(text: &str) -> Option<IpAddr> {
    let bare = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'))
        .unwrap_or(text);
    let address = bare
        .parse::<IpAddr>()
        .or_else(|_| text.parse::<SocketAddr>().map(|address| address.ip()));
    address.ok().map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn proxies(networks: &[&str], forwarded_by: ForwardedBy) -> Proxies {
        let networks = networks.iter().map(|text| text.parse().unwrap());
        Proxies {
            networks: networks.collect(),
            forwarded_by,
        }
    }

    fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            );
        }
        headers
    }

    #[test]
    fn a_network_holds_what_its_bits_say() {
        let rows = [
            ("127.0.0.1", "127.0.0.1", true),
            ("127.0.0.1", "127.0.0.2", false),
            ("10.0.0.0/8", "10.255.1.2", true),
            ("10.0.0.0/8", "11.0.0.1", false),
            ("0.0.0.0/0", "192.0.2.1", true),
            ("0.0.0.0/0", "::1", false),
            ("fd00::/8", "fdff::1", true),
            ("fd00::/8", "fe80::1", false),
            ("::/0", "2001:db8::1", true),
            ("2001:db8::1", "2001:db8::1", true),
            ("192.0.2.128/25", "192.0.2.127", false),
        ];
        for (network, address, expected) in rows {
            let network: Network = network.parse().unwrap();
            assert_eq!(
                network.holds(address.parse().unwrap()),
                expected,
                "{network:?} {address}"
            );
        }
        for nonsense in [
            "",
            "nginx",
            "10.0.0.0/33",
            "10.0.0.0/",
            "10.0.0.0/+8",
            "10.1.2.3/8",
            "::/129",
            "10/8",
        ] {
            assert_eq!(
                nonsense.parse::<Network>(),
                Err(InvalidNetwork),
                "{nonsense}"
            );
        }
    }

    #[test]
    fn the_client_is_the_last_address_that_is_no_proxy_of_ours() {
        const FOR: &str = "x-forwarded-for";
        let own = proxies(&["127.0.0.1", "10.0.0.0/8"], ForwardedBy::XForwarded);
        type Lines = [(&'static str, &'static str)];
        let rows: &[(&str, &Lines, &str)] = &[
            // Nobody else is believed.
            ("192.0.2.9:1", &[(FOR, "198.51.100.1")], "192.0.2.9"),
            ("127.0.0.1:1", &[], "127.0.0.1"),
            ("127.0.0.1:1", &[(FOR, "198.51.100.1")], "198.51.100.1"),
            // What a client made up stands to the left.
            (
                "127.0.0.1:1",
                &[(FOR, "1.2.3.4, 198.51.100.1")],
                "198.51.100.1",
            ),
            (
                "127.0.0.1:1",
                &[(FOR, "1.2.3.4"), (FOR, "198.51.100.1")],
                "198.51.100.1",
            ),
            (
                "127.0.0.1:1",
                &[(FOR, "1.2.3.4, 198.51.100.1, 10.2.3.4")],
                "198.51.100.1",
            ),
            ("127.0.0.1:1", &[(FOR, "10.0.0.1, 10.0.0.2")], "10.0.0.1"),
            ("127.0.0.1:1", &[(FOR, "198.51.100.1:4711")], "198.51.100.1"),
            ("127.0.0.1:1", &[(FOR, "2001:db8::7")], "2001:db8::7"),
            ("127.0.0.1:1", &[(FOR, "[2001:db8::7]:4711")], "2001:db8::7"),
            ("127.0.0.1:1", &[(FOR, "unknown")], "127.0.0.1"),
            ("127.0.0.1:1", &[(FOR, "1.2.3.4, nonsense")], "127.0.0.1"),
            ("127.0.0.1:1", &[("forwarded", "for=1.2.3.4")], "127.0.0.1"),
            (
                "[::ffff:127.0.0.1]:1",
                &[(FOR, "::ffff:198.51.100.1")],
                "198.51.100.1",
            ),
        ];
        for (peer, lines, expected) in rows {
            let client = own.client(Some(peer.parse().unwrap()), &headers(lines));
            assert_eq!(client, Some(expected.parse().unwrap()), "{peer} {lines:?}");
        }
    }

    #[test]
    fn forwarded_is_read_where_the_proxies_set_it() {
        let own = proxies(&["127.0.0.1"], ForwardedBy::Forwarded);
        let peer = Some("127.0.0.1:1".parse().unwrap());
        let rows: &[(&'static str, &str, bool)] = &[
            ("for=198.51.100.1;proto=https", "198.51.100.1", true),
            (
                "For=\"[2001:db8::7]:4711\";Proto=HTTPS;by=203.0.113.1",
                "2001:db8::7",
                true,
            ),
            (
                "for=1.2.3.4;proto=https, for=198.51.100.1;proto=http",
                "198.51.100.1",
                false,
            ),
            ("for=_hidden", "127.0.0.1", false),
            ("nonsense", "127.0.0.1", false),
        ];
        for (value, client, https) in rows {
            let lines = headers(&[("forwarded", value), ("x-forwarded-for", "9.9.9.9")]);
            assert_eq!(
                own.client(peer, &lines),
                Some(client.parse().unwrap()),
                "{value}"
            );
            let found = own.is_https(peer, |name| last_line(&lines, name));
            assert_eq!(found, *https, "{value}");
        }
    }

    #[test]
    fn https_is_believed_of_a_proxy_of_ours_alone() {
        const PROTO: &str = "x-forwarded-proto";
        let own = proxies(&["127.0.0.1"], ForwardedBy::XForwarded);
        let nobody = Proxies::default();
        let rows: &[(&Proxies, &str, &'static str, bool)] = &[
            (&own, "127.0.0.1:1", "https", true),
            (&own, "127.0.0.1:1", "http", false),
            (&own, "127.0.0.1:1", "https, http", false),
            (&own, "192.0.2.9:1", "https", false),
            (&nobody, "127.0.0.1:1", "https", false),
        ];
        for (proxies, peer, said, expected) in rows {
            let lines = headers(&[(PROTO, said)]);
            let peer = Some(peer.parse().unwrap());
            let found = proxies.is_https(peer, |name| last_line(&lines, name));
            assert_eq!(found, *expected, "{peer:?} {said}");
        }
        assert!(!own.is_https(None, |_| Some("https")));
    }
}
