//! What an address means that is spelled as RFC 3986 allows. Only addresses at which nothing
//! stands are looked at, so that pages pay nothing for it.

/// The characters that a path means; none if a `%` begins no two hexadecimal digits, or if all of it is no UTF-8.
pub(super) fn decoded(path: &str) -> Option<String> {
    let mut decoded = Vec::with_capacity(path.len());
    let mut bytes = path.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            decoded.push(byte);
            continue;
        }
        let digits = (bytes.next().and_then(digit), bytes.next().and_then(digit));
        let (Some(high), Some(low)) = digits else {
            return None;
        };
        decoded.push(high * 16 + low);
    }
    String::from_utf8(decoded).ok()
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_means_something_when_its_bytes_are_utf_8() {
        let rows = [
            ("/articles/sciatica", Some("/articles/sciatica")),
            ("/articles/%73ciatica", Some("/articles/sciatica")),
            ("/%C3%A9t%C3%A9", Some("/\u{e9}t\u{e9}")),
            ("/%00", Some("/\0")),
            ("/%", None),
            ("/%4", None),
            ("/%zz", None),
            ("/%+1", None),
            ("/%ff%fe", None),
            ("/%c0%ae%c0%ae/", None),
            ("/%C3", None),
        ];
        for (path, expected) in rows {
            assert_eq!(decoded(path).as_deref(), expected, "{path}");
        }
    }
}
