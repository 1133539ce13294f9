//! The address of the clinic's mail server, with user and password, as one text. It
//! stands apart because it decides what may go over the wire in plain: nothing that
//! leaves the house, and never a password. The password is never shown.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use lettre::transport::smtp::authentication::Credentials;

/// How the way to the mail server is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encryption {
    /// From the first byte.
    Smtps,
    /// After the server's greeting, and not sent without.
    StartTls,
    /// Not at all.
    Plain,
}

/// Where mail is handed over. A password is never combined with a plain way out of this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmtpAddress {
    /// How the way is encrypted.
    pub encryption: Encryption,
    /// A name or an IP address, the latter without brackets.
    pub host: String,
    /// The port; 465, 587 or 25 when none was named.
    pub port: u16,
    /// User and password, if the server asks for them.
    pub credentials: Option<Credentials>,
}

/// Text that is no address of a mail server; prints what was expected, never what was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvalidSmtpAddress {
    /// It does not begin with a known scheme.
    Scheme,
    /// There is no host, or it holds signs that a host can't have.
    Host,
    /// The port is no number from 1 to 65535.
    Port,
    /// There is a user without a password, or a `%` that is no escape.
    User,
    /// Something stands behind the host that is not `?tls=none`.
    Rest,
    /// It would go in plain to somewhere else.
    Plain,
    /// It would send a password in plain.
    PlainPassword,
}

impl fmt::Display for InvalidSmtpAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Scheme => {
                "expected `smtps://user:password@host:465`, `smtp+starttls://user:password@host:587` or `smtp://localhost:25`"
            }
            Self::Host => "expected a host name or an IP address behind `://` or `@`",
            Self::Port => "expected a port from 1 to 65535 behind the host",
            Self::User => {
                "expected `user:password@` before the host, with `%25` for `%`, `%40` for `@` and `%3A` for a colon in the user"
            }
            Self::Rest => "expected nothing behind the host and port, or `?tls=none` with `smtp://`",
            Self::Plain => {
                "expected `smtps://` or `smtp+starttls://`; if mail may go unencrypted to this host, add `?tls=none`"
            }
            Self::PlainPassword => {
                "expected `smtps://` or `smtp+starttls://`, because a password is not sent unencrypted"
            }
        })
    }
}

impl std::error::Error for InvalidSmtpAddress {}

impl FromStr for SmtpAddress {
    type Err = InvalidSmtpAddress;

    fn from_str(text: &str) -> Result<Self, InvalidSmtpAddress> {
        let (scheme, rest) = text
            .trim()
            .split_once("://")
            .ok_or(InvalidSmtpAddress::Scheme)?;
        let (encryption, usual_port) = match scheme {
            "smtps" => (Encryption::Smtps, 465),
            "smtp+starttls" => (Encryption::StartTls, 587),
            "smtp" => (Encryption::Plain, 25),
            _ => return Err(InvalidSmtpAddress::Scheme),
        };
        // The last `@`, so that one in a password needs no escape.
        let (user, place) = rest
            .rsplit_once('@')
            .map_or((None, rest), |(user, place)| (Some(user), place));
        let (place, query) = place
            .split_once('?')
            .map_or((place, None), |(place, query)| (place, Some(query)));
        let (host, port) = host_and_port(place.strip_suffix('/').unwrap_or(place))?;
        let address = Self {
            encryption,
            host,
            port: port.unwrap_or(usual_port),
            credentials: user.map(credentials).transpose()?,
        };
        address.allowed(query)
    }
}

impl SmtpAddress {
    /// Itself, if all may go the way that it names.
    fn allowed(self, query: Option<&str>) -> Result<Self, InvalidSmtpAddress> {
        let is_plain = self.encryption == Encryption::Plain;
        if query.is_some_and(|query| query != "tls=none" || !is_plain) {
            return Err(InvalidSmtpAddress::Rest);
        }
        let ip = self.host.parse::<IpAddr>().ok();
        let is_here = self.host == "localhost" || ip.is_some_and(|ip| ip.is_loopback());
        if is_plain && self.credentials.is_some() && !is_here {
            return Err(InvalidSmtpAddress::PlainPassword);
        }
        if is_plain && query.is_none() && !is_here && !ip.is_some_and(is_private) {
            return Err(InvalidSmtpAddress::Plain);
        }
        Ok(self)
    }
}

/// Whether an address is of a network of one's own.
fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_private(),
        IpAddr::V6(ip) => ip.is_unique_local(),
    }
}

fn host_and_port(place: &str) -> Result<(String, Option<u16>), InvalidSmtpAddress> {
    let (host, port) = match place
        .strip_prefix('[')
        .and_then(|rest| rest.split_once(']'))
    {
        Some((host, rest)) => (host, rest),
        None => place.split_at(place.find(':').unwrap_or(place.len())),
    };
    let is_name = !place.starts_with('[')
        && host.split('.').all(|label| {
            let known = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
            !label.is_empty() && label.bytes().all(known)
        });
    if !is_name && host.parse::<std::net::Ipv6Addr>().is_err() {
        return Err(InvalidSmtpAddress::Host);
    }
    let port = match port.strip_prefix(':') {
        Some(port) => Some(port.parse().ok().filter(|port| *port > 0)),
        None if port.is_empty() => None,
        None => Some(None),
    };
    let port = port.map(|port| port.ok_or(InvalidSmtpAddress::Port));
    Ok((host.to_ascii_lowercase(), port.transpose()?))
}

fn credentials(text: &str) -> Result<Credentials, InvalidSmtpAddress> {
    let (user, password) = text.split_once(':').ok_or(InvalidSmtpAddress::User)?;
    let (user, password) = (unescaped(user), unescaped(password));
    let both = user.zip(password);
    let both = both.filter(|(user, password)| !user.is_empty() && !password.is_empty());
    both.map(|(user, password)| Credentials::new(user, password))
        .ok_or(InvalidSmtpAddress::User)
}

/// Text with its `%XX` read; none if one of them can't be read.
fn unescaped(text: &str) -> Option<String> {
    let mut parts = text.split('%');
    let mut bytes = parts.next()?.as_bytes().to_vec();
    for part in parts {
        let digits = part.get(..2)?;
        let sound = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        let byte = u8::from_str_radix(digits, 16).ok().filter(|_| sound)?;
        bytes.push(byte);
        bytes.extend_from_slice(part.get(2..)?.as_bytes());
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_how_where_and_as_whom() {
        use Encryption::{Plain, Smtps, StartTls};
        let rows = [
            ("smtps://mail.example", Smtps, "mail.example", 465, None),
            (
                "smtps://mail.example:466/",
                Smtps,
                "mail.example",
                466,
                None,
            ),
            (
                "smtp+starttls://Mail.Example",
                StartTls,
                "mail.example",
                587,
                None,
            ),
            ("smtps://[2001:db8::1]", Smtps, "2001:db8::1", 465, None),
            ("smtp://localhost", Plain, "localhost", 25, None),
            ("smtp://127.0.0.1:2525", Plain, "127.0.0.1", 2525, None),
            ("smtp://[::1]:2525", Plain, "::1", 2525, None),
            ("smtp://10.0.0.9", Plain, "10.0.0.9", 25, None),
            ("smtp://relay?tls=none", Plain, "relay", 25, None),
            (
                "smtp://u:p@localhost",
                Plain,
                "localhost",
                25,
                Some(("u", "p")),
            ),
            (
                "smtps://desk%40clinic.example:p%3Aa:s@s/w%25@mail.example",
                Smtps,
                "mail.example",
                465,
                Some(("desk@clinic.example", "p:a:s@s/w%")),
            ),
        ];
        for (text, encryption, host, port, user) in rows {
            let read: SmtpAddress = text.parse().unwrap();
            let credentials =
                user.map(|(user, password)| Credentials::new(user.into(), password.into()));
            let expected = SmtpAddress {
                encryption,
                host: host.into(),
                port,
                credentials,
            };
            assert_eq!(read, expected, "{text}");
        }
    }

    #[test]
    fn an_address_that_can_not_be_used_says_what_was_expected() {
        use InvalidSmtpAddress::{Host, Plain, PlainPassword, Port, Rest, Scheme, User};
        let rows = [
            ("", Scheme),
            ("mail.example:25", Scheme),
            ("http://mail.example", Scheme),
            ("smtps://", Host),
            ("smtps://mail..example", Host),
            ("smtps://mail example", Host),
            ("smtps://[mail]", Host),
            ("smtps://u:p@", Host),
            ("smtps://mail.example:0", Port),
            ("smtps://mail.example:99999", Port),
            ("smtps://mail.example:", Port),
            ("smtps://[::1]465", Port),
            ("smtps://user@mail.example", User),
            ("smtps://:secret@mail.example", User),
            ("smtps://user:@mail.example", User),
            ("smtps://user:100%@mail.example", User),
            ("smtps://user:%+1@mail.example", User),
            ("smtps://mail.example?tls=none", Rest),
            ("smtp://localhost?tls=maybe", Rest),
            ("smtp://mail.example", Plain),
            ("smtp://203.0.113.5", Plain),
            ("smtp://u:p@mail.example", PlainPassword),
            ("smtp://u:p@mail.example?tls=none", PlainPassword),
            ("smtp://u:p@10.0.0.9", PlainPassword),
        ];
        for (text, expected) in rows {
            assert_eq!(text.parse::<SmtpAddress>(), Err(expected), "{text}");
        }
    }
}
