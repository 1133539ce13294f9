//! What a reader takes and what it has already: `Accept-Encoding`, `If-None-Match`
//! and `If-Modified-Since`. Source: RFC 9110, sections 12.5.3 and 13.1.

use crate::snapshot::Coding;

/// Whether a value of `Accept-Encoding` takes a coding. Without the header, only identity is taken for sure.
pub(super) fn accepts(header: Option<&str>, coding: Coding) -> bool {
    let name = match coding {
        Coding::Identity => return true,
        Coding::Gzip => "gzip",
        Coding::Brotli => "br",
    };
    let mut any = false;
    for item in header.unwrap_or_default().split(',') {
        let (token, weight) = item.split_once(';').unwrap_or((item, ""));
        let token = token.trim();
        if token.eq_ignore_ascii_case(name)
            || name == "gzip" && token.eq_ignore_ascii_case("x-gzip")
        {
            return !is_zero(weight);
        }
        any |= token == "*" && !is_zero(weight);
    }
    any
}

fn is_zero(weight: &str) -> bool {
    let value = weight
        .trim()
        .strip_prefix("q=")
        .or_else(|| weight.trim().strip_prefix("Q="));
    value.is_some_and(|value| value.trim().parse::<f32>() == Ok(0.0))
}

/// Whether a value of `If-None-Match` names an ETag. Comparison is weak, as the RFC asks.
pub(super) fn names_etag(header: &str, etag: &str) -> bool {
    // What a browser sends nearly always.
    if header == etag {
        return true;
    }
    let own = etag.trim_start_matches("W/");
    header
        .split(',')
        .map(str::trim)
        .any(|tag| tag == "*" || tag.trim_start_matches("W/") == own)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_coding_is_taken_when_it_is_named_and_not_refused() {
        let rows = [
            (None, false, false),
            (Some(""), false, false),
            (Some("gzip, deflate, br"), true, true),
            (Some("gzip"), true, false),
            (Some("br;q=0, gzip;q=0.5"), true, false),
            (Some("*"), true, true),
            (Some("*;q=0"), false, false),
            (Some("identity"), false, false),
            (Some("GZIP;q=1.0"), true, false),
            (Some("br;q=0.000,*"), true, false),
        ];
        for (header, gzip, br) in rows {
            assert_eq!(accepts(header, Coding::Gzip), gzip, "{header:?} gzip");
            assert_eq!(accepts(header, Coding::Brotli), br, "{header:?} br");
            assert!(accepts(header, Coding::Identity));
        }
    }

    #[test]
    fn an_etag_is_named_by_itself_in_a_list_or_by_a_star() {
        let rows = [
            ("\"a\"", true),
            ("W/\"a\"", true),
            ("\"b\", \"a\"", true),
            ("*", true),
            ("\"b\"", false),
            ("a", false),
        ];
        for (header, named) in rows {
            assert_eq!(names_etag(header, "\"a\""), named, "{header}");
        }
    }
}
