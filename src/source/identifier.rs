//! The names by which a work can be found, each as a type of its own: made once
//! from an author's text, then trusted. Whether a registry knows the name is not
//! asked; no address is opened here.

use std::fmt;
use std::str::FromStr;

/// What an author should have written instead. The text is lower case and starts with `expected`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expected(pub(crate) &'static str);

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {}", self.0)
    }
}

impl std::error::Error for Expected {}

// For a type that is text of one form: made by its check alone, and shown as written.
macro_rules! checked_text {
    ($name:ident, $is_sound:ident, $expected:literal) => {
        impl $name {
            /// The text as written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = Expected;

            /// # Errors
            /// Any other form, white space around it too: for the author.
            fn from_str(text: &str) -> Result<Self, Expected> {
                let sound = $is_sound(text).then(|| Self(text.to_owned()));
                sound.ok_or(Expected($expected))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

/// The name by which a citation calls a source, such as `wenker2023`.
/// Never empty; lower-case letters, digits, `-` and `_` only.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(String);

checked_text!(
    SourceId,
    is_source_id,
    "lower-case letters, digits, `-` and `_`, such as `wenker2023`"
);

fn is_source_id(text: &str) -> bool {
    let allowed = |c: char| matches!(c, 'a'..='z' | '0'..='9' | '-' | '_');
    !text.is_empty() && text.chars().all(allowed)
}

/// A digital object identifier without prefix, such as `10.3390/jcm12175510`.
/// Always `10.`, four to nine digits, `/`, and text without white space.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Doi(String);

impl Doi {
    /// The address that leads to the work. Percent-encodes what would end or bend an address:
    /// `<`, `>`, `#`, `%`, `"`, `?` and control characters. White space cannot occur.
    pub fn href(&self) -> String {
        let path: String = self.0.chars().map(percent_encoded).collect();
        format!("https://doi.org/{path}")
    }

    /// The DOI in the address that leads to its work, as [`Doi::href`] and publishers write it.
    ///
    /// # Errors
    /// Any other address: for the author.
    pub fn from_address(address: &str) -> Result<Self, Expected> {
        let name = below(address, &["doi.org/", "dx.doi.org/", "www.doi.org/"]);
        let name = name.and_then(percent_decoded);
        name.unwrap_or_default().parse()
    }
}

/// The path below one of several places, such as `doi.org/`, without query and fragment.
fn below<'a>(address: &'a str, places: &[&str]) -> Option<&'a str> {
    let rest = without_scheme(address)?;
    let path = places.iter().find_map(|place| rest.strip_prefix(place))?;
    path.split(['?', '#']).next()
}

/// What a path means; none if a `%` begins no two hexadecimal digits, or if all of it is no UTF-8.
fn percent_decoded(path: &str) -> Option<String> {
    let mut parts = path.split('%');
    let mut bytes = parts.next()?.as_bytes().to_vec();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2)?;
        // The parser of numbers would take a sign, too.
        let is_hexadecimal = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        let byte = u8::from_str_radix(digits, 16).ok();
        bytes.push(byte.filter(|_| is_hexadecimal)?);
        bytes.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(bytes).ok()
}

fn percent_encoded(c: char) -> String {
    if !matches!(c, '<' | '>' | '#' | '%' | '"' | '?') && !c.is_control() {
        return c.to_string();
    }
    let text = c.to_string();
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

checked_text!(
    Doi,
    is_doi,
    "a DOI alone, without address or spaces, such as `10.3390/jcm12175510`"
);

fn is_doi(text: &str) -> bool {
    let rest = text.strip_prefix("10.").unwrap_or_default();
    rest.split_once('/').is_some_and(|(registrant, name)| {
        is_digits(registrant, 4, 9) && !name.is_empty() && !name.contains(char::is_whitespace)
    })
}

pub(super) fn is_digits(text: &str, fewest: usize, most: usize) -> bool {
    (fewest..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The number of a record in PubMed: one to eight digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pmid(String);

impl Pmid {
    /// The address of the record.
    pub fn href(&self) -> String {
        format!("https://pubmed.ncbi.nlm.nih.gov/{}/", self.0)
    }

    /// The number in the address of a record, the old form too.
    ///
    /// # Errors
    /// Any other address: for the author.
    pub fn from_address(address: &str) -> Result<Self, Expected> {
        let places = ["pubmed.ncbi.nlm.nih.gov/", "www.ncbi.nlm.nih.gov/pubmed/"];
        let number = below(address, &places).unwrap_or_default();
        number.strip_suffix('/').unwrap_or(number).parse()
    }
}

checked_text!(Pmid, is_pmid, "one to eight digits, such as `37685576`");

fn is_pmid(text: &str) -> bool {
    is_digits(text, 1, 8)
}

/// The number of a full text in PubMed Central: `PMC` and digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pmcid(String);

impl Pmcid {
    /// The address of the full text.
    pub fn href(&self) -> String {
        format!("https://pmc.ncbi.nlm.nih.gov/articles/{}/", self.0)
    }
}

checked_text!(Pmcid, is_pmcid, "`PMC` and digits, such as `PMC10487902`");

fn is_pmcid(text: &str) -> bool {
    is_digits(text.strip_prefix("PMC").unwrap_or_default(), 1, usize::MAX)
}

/// An absolute `http` or `https` address with a host, without spaces, controls or a user name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WebAddress(String);

checked_text!(
    WebAddress,
    is_web_address,
    "a whole address without spaces, such as `https://medlineplus.gov/backpain.html`"
);

impl WebAddress {
    /// The host, without port, such as `medlineplus.gov`.
    pub fn host(&self) -> &str {
        let rest = without_scheme(&self.0).unwrap_or(&self.0);
        rest.split(['/', '?', '#', ':']).next().unwrap_or(rest)
    }
}

fn is_web_address(text: &str) -> bool {
    let authority = without_scheme(text).and_then(|rest| rest.split(['/', '?', '#']).next());
    authority.is_some_and(is_host_and_port)
        && !text.contains(|c: char| c.is_whitespace() || c.is_control())
}

fn is_host_and_port(authority: &str) -> bool {
    let (host, port) = authority.split_once(':').unwrap_or((authority, "443"));
    let allowed = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    let is_label = |label: &str| !label.is_empty() && label.chars().all(allowed);
    is_digits(port, 1, 5) && host.split('.').all(is_label)
}

fn without_scheme(address: &str) -> Option<&str> {
    let secure = address.strip_prefix("https://");
    secure.or_else(|| address.strip_prefix("http://"))
}

/// Whether an address opens the page that an identifier leads to, under its old name too.
pub(crate) fn same_page(address: &str, identifier_href: &str) -> bool {
    page_key(address) == page_key(identifier_href)
}

// Coarse on purpose: it also drops the query, which none of our identifiers' pages has.
fn page_key(address: &str) -> String {
    let page = address.split(['?', '#']).next().unwrap_or_default();
    let page = page.trim_end_matches('/').to_ascii_lowercase();
    let page = without_scheme(&page).unwrap_or(&page);
    page.trim_start_matches("www.")
        .replace("dx.doi.org/", "doi.org/")
        .replace("ncbi.nlm.nih.gov/pubmed/", "pubmed.ncbi.nlm.nih.gov/")
        .replace("ncbi.nlm.nih.gov/pmc/", "pmc.ncbi.nlm.nih.gov/")
}

#[cfg(test)]
mod tests {
    use super::super::rows::{accepts, refuses};
    use super::*;

    #[test]
    fn a_source_id_is_lower_case_letters_digits_hyphen_and_underscore() {
        accepts::<SourceId>(&["wenker2023", "mlp-back-pain", "medlineplus_fractures", "7"]);
        refuses::<SourceId>(&[
            "",
            "Wenker2023",
            "wenker 2023",
            "wenker.2023",
            "börm2020",
            " a",
        ]);
    }

    #[test]
    fn a_doi_is_the_bare_identifier() {
        accepts::<Doi>(&[
            "10.3390/jcm12175510",
            "10.1002/(SICI)1097-0258(19980815)17:15/16<1661::AID-SIM968>3.0.CO;2-2",
            "10.123456789/x",
            "10.1000/ü",
        ]);
        refuses::<Doi>(&[
            "",
            "10.339/jcm",
            "10.1234567890/x",
            "10.3390",
            "10.3390/",
            "10.3390/a b",
            "10.3390/a\n",
            "10.33a0/x",
            "doi:10.3390/jcm12175510",
            "https://doi.org/10.3390/jcm12175510",
            " 10.3390/jcm12175510",
            "10.٣٣٩٠/x",
        ]);
    }

    #[test]
    fn a_doi_in_an_address_is_percent_encoded() {
        let rows = [
            ("10.3390/jcm12175510", "https://doi.org/10.3390/jcm12175510"),
            (
                "10.1000/a<b>c#d%e\"f?g",
                "https://doi.org/10.1000/a%3Cb%3Ec%23d%25e%22f%3Fg",
            ),
            ("10.1000/16:3;2-2", "https://doi.org/10.1000/16:3;2-2"),
            ("10.1000/\u{7}\u{80}", "https://doi.org/10.1000/%07%C2%80"),
        ];
        for (doi, href) in rows {
            assert_eq!(doi.parse::<Doi>().unwrap().href(), href);
        }
    }

    #[test]
    fn an_address_gives_the_identifier_that_it_leads_to() {
        let sici = "10.1002/(SICI)1097-0258(19980815)17:15/16<1661::AID-SIM968>3.0.CO;2-2";
        let escaped = format!(
            "https://doi.org/{}",
            sici.replace('<', "%3C").replace('>', "%3e")
        );
        let rows = [
            (escaped.as_str(), Some(sici)),
            ("http://dx.doi.org/10.1000/a", Some("10.1000/a")),
            (
                "https://www.doi.org/10.1000/a?from=mail#top",
                Some("10.1000/a"),
            ),
            ("https://doi.org/10.1000/100%25", Some("10.1000/100%")),
            ("https://doi.org/10.1000/%C3%BC", Some("10.1000/ü")),
            ("https://doi.org/10.1000/a%2", None),
            ("https://doi.org/10.1000/a%+1", None),
            ("https://doi.org/10.1000/%FF", None),
            ("https://doi.org/10.1000/a%20b", None),
            ("https://doi.org/", None),
            ("https://doi.example/10.1000/a", None),
            ("doi.org/10.1000/a", None),
        ];
        for (address, expected) in rows {
            let found = Doi::from_address(address).ok();
            assert_eq!(found.as_ref().map(Doi::as_str), expected, "{address}");
        }
        for address in [
            "https://pubmed.ncbi.nlm.nih.gov/37685576/",
            "https://pubmed.ncbi.nlm.nih.gov/37685576?dopt=Abstract",
            "http://www.ncbi.nlm.nih.gov/pubmed/37685576",
        ] {
            let found = Pmid::from_address(address);
            assert_eq!(
                found.as_ref().map(Pmid::as_str),
                Ok("37685576"),
                "{address}"
            );
        }
        assert!(Pmid::from_address("https://pubmed.ncbi.nlm.nih.gov/1/2/").is_err());
    }

    #[test]
    fn a_pmid_is_one_to_eight_digits() {
        accepts::<Pmid>(&["1", "37685576", "00000001"]);
        refuses::<Pmid>(&["", "123456789", "PMID 1", "12a", "-1", "+1", "١"]);
        let pmid: Pmid = "37685576".parse().unwrap();
        assert_eq!(pmid.href(), "https://pubmed.ncbi.nlm.nih.gov/37685576/");
    }

    #[test]
    fn a_pmcid_is_pmc_and_digits() {
        accepts::<Pmcid>(&["PMC1", "PMC10487902"]);
        refuses::<Pmcid>(&[
            "",
            "PMC",
            "10487902",
            "pmc10487902",
            "PMC10487902.1",
            "PMC 1",
        ]);
        let pmcid: Pmcid = "PMC10487902".parse().unwrap();
        assert_eq!(
            pmcid.href(),
            "https://pmc.ncbi.nlm.nih.gov/articles/PMC10487902/"
        );
    }

    #[test]
    fn a_web_address_is_absolute_and_has_a_host() {
        accepts::<WebAddress>(&[
            "https://medlineplus.gov/backpain.html",
            "http://example.org",
            "https://example.org:8080?x=1#y",
            "https://bücher.example/a",
            "https://www.kuh.ku.edu.tr/a/b?c=d:e@f",
        ]);
        refuses::<WebAddress>(&[
            "",
            "medlineplus.gov/backpain.html",
            "/articles/sciatica",
            "//example.org/",
            "ftp://example.org/",
            "javascript:alert(1)",
            "https://",
            "https:///path",
            "https://?q",
            "https://:80/",
            "https://a..b/",
            "https://example.org:/",
            "https://medlineplus.gov@evil.example/",
            "https://example.org/a b",
            "https://example.org/\u{7}",
            " https://example.org/",
            "https://example.org/\n",
        ]);
    }
}
