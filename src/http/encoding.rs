//! Whether an address is spelled as RFC 3986 asks. Only addresses at which nothing
//! stands are looked at, so that pages pay nothing for it.

/// Whether every `%` begins two hexadecimal digits, and all of it is UTF-8.
pub(super) fn is_well_encoded(path: &str) -> bool {
    let mut decoded = Vec::with_capacity(path.len());
    let mut bytes = path.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            decoded.push(byte);
            continue;
        }
        let digits = (bytes.next().and_then(digit), bytes.next().and_then(digit));
        let (Some(high), Some(low)) = digits else {
            return false;
        };
        decoded.push(high * 16 + low);
    }
    std::str::from_utf8(&decoded).is_ok()
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
    fn an_address_is_well_encoded_when_its_bytes_are_utf_8() {
        let rows = [
            ("/articles/sciatica", true),
            ("/articles/%73ciatica", true),
            ("/%C3%A9t%C3%A9", true),
            ("/%00", true),
            ("/%", false),
            ("/%4", false),
            ("/%zz", false),
            ("/%+1", false),
            ("/%ff%fe", false),
            ("/%c0%ae%c0%ae/", false),
            ("/%C3", false),
        ];
        for (path, expected) in rows {
            assert_eq!(is_well_encoded(path), expected, "{path}");
        }
    }
}
