//! Keeps the link check on the public internet. A page elsewhere can redirect to
//! anywhere, and a name can lead into the network of whoever checks; nobody who reads
//! the site could follow either, so neither is opened.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;
use url::{Host, Url};

/// Finds the addresses of names, and gives those that everybody can reach. Where an author wrote an address in numbers,
/// it is taken as it stands.
#[derive(Debug, Default)]
pub(super) struct PublicHosts(DefaultResolver);

impl Resolver for PublicHosts {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.0.resolve(uri, config, timeout)?;
        let host = uri.host().unwrap_or_default();
        let host = host.trim_start_matches('[').trim_end_matches(']');
        if host.parse::<IpAddr>().is_ok() {
            return Ok(found);
        }
        let mut public = self.empty();
        for address in found.iter().filter(|address| is_public(address.ip())) {
            public.push(*address);
        }
        match public.is_empty() {
            true => Err(ureq::Error::HostNotFound),
            false => Ok(public),
        }
    }
}

/// Whether a redirect may be followed: to a name, whose address is looked at later; to an address that everybody can
/// reach; or to the very host that the author wrote.
pub(super) fn may_lead(from: &Url, to: &Url) -> bool {
    let same =
        (from.host(), from.port_or_known_default()) == (to.host(), to.port_or_known_default());
    same || match to.host() {
        Some(Host::Ipv4(address)) => is_public(address.into()),
        Some(Host::Ipv6(address)) => is_public(address.into()),
        Some(Host::Domain(_)) => true,
        None => false,
    }
}

/// Whether everybody can reach an address. Source: the IANA registries of special-purpose addresses for IPv4 and IPv6.
fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [first, second, third, _] = address.octets();
    let is_shared = first == 100 && (64..128).contains(&second);
    let is_protocol = (first, second, third) == (192, 0, 0);
    let is_benchmark = first == 198 && (18..20).contains(&second);
    let is_special = first == 0 || first >= 240 || is_shared || is_protocol || is_benchmark;
    !(address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation()
        || is_special)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    // What is given out to the world begins with 001; inside it, two ranges carry IPv4 and one is for books.
    let is_global = first & 0xe000 == 0x2000;
    let carries_other = first == 0x2002 || (first, second) == (0x2001, 0);
    let is_documentation = (first, second) == (0x2001, 0xdb8);
    is_global && !carries_other && !is_documentation
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_everybody_can_reach_is_public_and_nothing_else() {
        let rows = [
            ("93.184.215.14", true),
            ("2606:2800:21f:cb07::1", true),
            ("127.0.0.1", false),
            ("10.0.0.1", false),
            ("172.16.0.1", false),
            ("192.168.1.1", false),
            ("169.254.169.254", false),
            ("100.64.0.1", false),
            ("0.0.0.0", false),
            ("192.0.0.8", false),
            ("198.18.0.1", false),
            ("224.0.0.1", false),
            ("255.255.255.255", false),
            ("::1", false),
            ("::", false),
            ("fe80::1", false),
            ("fd00::1", false),
            ("ff02::1", false),
            ("::ffff:10.0.0.1", false),
            ("64:ff9b::a00:1", false),
            ("2002:a00:1::", false),
            ("2001:db8::1", false),
        ];
        for (address, expected) in rows {
            assert_eq!(is_public(address.parse().unwrap()), expected, "{address}");
        }
    }

    #[test]
    fn a_redirect_never_leads_into_a_private_network() {
        let rows = [
            ("https://a.example/", "https://b.example/", true),
            ("https://a.example/", "https://93.184.215.14/", true),
            (
                "https://a.example/",
                "http://169.254.169.254/latest/meta-data/",
                false,
            ),
            ("https://a.example/", "http://[::1]/", false),
            ("https://a.example/", "http://[::ffff:127.0.0.1]/", false),
            ("https://a.example/", "http://0x7f000001/", false),
            ("https://a.example/", "http://2130706433/", false),
            ("http://127.0.0.1:8080/", "http://127.0.0.1:8080/b", true),
            ("http://127.0.0.1:8080/", "http://127.0.0.1:22/", false),
        ];
        for (from, to, expected) in rows {
            let (from, to) = (Url::parse(from).unwrap(), Url::parse(to).unwrap());
            assert_eq!(may_lead(&from, &to), expected, "{from} {to}");
        }
    }
}
