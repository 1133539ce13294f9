//! `clinic/clinic.toml`: the clinic itself, its accent color and its limits.
//! Without it there is no name and no phone number, so it is the one file that a site can't do without.

use std::fmt;
use std::str::FromStr;

use jiff::tz::TimeZone;

use super::color::{Color, MIN_CONTRAST};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Fields, from_toml};
use crate::file::{SourceFile, Spanned};
use crate::source::{ReferenceStyle, WebAddress};

/// The papers that text stands on, light then dark. Source: `static/css/tokens.css`.
const PAPERS: [[Color; 2]; 2] = [
    [Color::new(0xfb, 0xf9, 0xf4), Color::new(0xff, 0xff, 0xff)],
    [Color::new(0x12, 0x1a, 0x1a), Color::new(0x1a, 0x24, 0x24)],
];

/// The two inks that may stand on the accent color.
const INKS: [Color; 2] = [Color::new(0xff, 0xff, 0xff), Color::new(0x0b, 0x23, 0x22)];

/// What a clinic says about itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Clinic {
    /// The full name.
    pub name: String,
    /// The name for small places, at most 12 characters.
    pub short_name: String,
    /// One line under the name.
    pub tagline: String,
    /// The number that patients call.
    pub phone: Phone,
    /// When somebody answers, in words.
    pub hours: String,
    /// The public address of the site, without a slash at its end.
    pub origin: String,
    /// The zone in which days begin; its name and rules.
    pub timezone: TimeZone,
    /// The language of content that names none, such as `en`.
    pub lang: String,
    /// How sources are printed.
    pub citation_style: ReferenceStyle,
    /// Whether every page says that its content is a sample.
    pub sample_content: bool,
    /// Where visits are booked, if another site does it.
    pub external_booking: Option<WebAddress>,
    /// An address for letters about the site.
    pub contact_email: Option<String>,
    /// Whom to tell of a hole in the site's security, if the clinic says it.
    pub security_contact: Option<SecurityContact>,
    /// A file below `static/` to show before the name.
    pub logo: Option<String>,
    /// The clinic's own color, if it has one.
    pub accent: Option<Accent>,
    /// How long things stay fresh.
    pub limits: Limits,
}

/// A phone number as it is shown and as it is dialed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phone {
    shown: String,
    dialed: String,
}

impl Phone {
    /// The `tel:` address.
    pub fn href(&self) -> String {
        format!("tel:{}", self.dialed)
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl FromStr for Phone {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let dialed: String = text
            .chars()
            .filter(|sign| sign.is_ascii_digit() || *sign == '+')
            .collect();
        let shaped = text
            .chars()
            .all(|sign| sign.is_ascii_digit() || " +-().".contains(sign));
        let digits = dialed.chars().filter(char::is_ascii_digit).count();
        let plus_leads = dialed.rfind('+').is_none_or(|at| at == 0);
        if !shaped || !plus_leads || !(3..=15).contains(&digits) {
            return Err("expected a phone number such as `+1-555-555-0100`");
        }
        Ok(Self {
            shown: text.to_owned(),
            dialed,
        })
    }
}

/// The accent color in both schemes. Always readable: at least 4.5 : 1 on paper and under its ink.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accent {
    /// On light paper.
    pub light: Color,
    /// The ink on `light`.
    pub on_light: Color,
    /// On dark paper.
    pub dark: Color,
    /// The ink on `dark`.
    pub on_dark: Color,
}

/// How long things stay fresh.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// A page is due for review this many months after its last review.
    pub review_months: i32,
    /// This many days after the due date a page leaves lists and search engines.
    pub hide_overdue_after_days: i32,
    /// A price that nobody confirmed for this many days is not shown.
    pub price_stale_after_days: i32,
    /// A source older than this many years is worth a second look.
    pub source_max_age_years: i32,
}

/// Reads `clinic/clinic.toml`.
///
/// # Diagnostics
/// `key-*`, `value-wrong`, `color-contrast`: for the clinic; there is no clinic after an error.
/// `sample-content`: before it goes public.
pub fn parse_clinic(file: &SourceFile) -> (Option<Clinic>, Vec<Diagnostic>) {
    let (root, mut diagnostics) = from_toml(file);
    let mut fields = Fields::of(file, &root, "the clinic");
    let clinic = clinic(&mut fields);
    diagnostics.extend(fields.finish());
    let sound = !diagnostics.iter().any(Diagnostic::is_error);
    (clinic.filter(|_| sound), diagnostics)
}

fn clinic(fields: &mut Fields<'_>) -> Option<Clinic> {
    let name = fields.text("name");
    let short_name = fields.parsed::<ShortName>("short_name");
    let tagline = fields.text("tagline");
    let phone = fields.parsed("phone");
    let hours = fields.text("hours");
    let origin = fields.parsed::<Origin>("origin");
    let timezone = fields.parsed::<Zone>("timezone");
    let lang = fields.text("lang");
    let citation_style = fields.optional_parsed("citation_style");
    let sample_content = sample_content(fields);
    let external_booking = fields.optional_parsed("external_booking");
    let contact_email = fields.optional_parsed::<Email>("contact_email");
    let security_contact = fields.optional_parsed("security_contact");
    let logo = fields.optional_text("logo");
    let accent = accent(fields);
    let limits = limits(fields);
    Some(Clinic {
        name: name?.value,
        short_name: short_name?.value.0,
        tagline: tagline?.value,
        phone: phone?.value,
        hours: hours?.value,
        origin: origin?.value.0,
        timezone: timezone?.value.0,
        lang: lang?.value,
        citation_style: citation_style.map_or(ReferenceStyle::Ama, |style| style.value),
        sample_content,
        external_booking: external_booking.map(|address| address.value),
        contact_email: contact_email.map(|email| email.value.0),
        security_contact: security_contact.map(|contact| contact.value),
        logo: logo.map(|logo| logo.value),
        accent,
        limits: limits?,
    })
}

fn sample_content(fields: &mut Fields<'_>) -> bool {
    let sample = fields.flag("sample_content");
    if sample {
        let node = fields.optional("sample_content");
        let place = fields.file().place(node.map_or(0, |node| node.span.start));
        fields.tell(
            Diagnostic::new(
                Code::SampleContent,
                place,
                "every page says that its content is a sample",
            )
            .help("set it to false once clinicians have reviewed every page"),
        );
    }
    sample
}

fn accent(fields: &mut Fields<'_>) -> Option<Accent> {
    let node = fields.optional("accent")?;
    let mut inner = Fields::of(fields.file(), node, "accent");
    let light = inner.parsed::<Color>("light");
    let dark = inner.parsed::<Color>("dark");
    let [light_papers, dark_papers] = PAPERS;
    let on_light = light.and_then(|color| readable(&mut inner, color, light_papers));
    let on_dark = dark.and_then(|color| readable(&mut inner, color, dark_papers));
    let accent =
        light
            .zip(on_light)
            .zip(dark.zip(on_dark))
            .map(|((light, on_light), (dark, on_dark))| Accent {
                light: light.value,
                on_light,
                dark: dark.value,
                on_dark,
            });
    fields.tell_all(inner.finish());
    accent
}

/// The ink for a color that can be read on its papers; else a diagnostic.
fn readable(fields: &mut Fields<'_>, color: Spanned<Color>, papers: [Color; 2]) -> Option<Color> {
    let place = fields.file().place(color.offset);
    let color = color.value;
    let [first, second] = INKS;
    let ink = color.best_ink(first, second);
    let weakest = papers
        .into_iter()
        .chain([ink])
        .min_by(|a, b| color.contrast(*a).total_cmp(&color.contrast(*b)))?;
    let ratio = color.contrast(weakest);
    if ratio >= MIN_CONTRAST {
        return Some(ink);
    }
    let message = format!(
        "`{color}` has a contrast of {ratio:.1} : 1 to {weakest}, expected at least {MIN_CONTRAST} : 1"
    );
    fields.tell(
        Diagnostic::new(Code::ColorContrast, place, message)
            .help("take a darker color for `light` and a lighter one for `dark`"),
    );
    None
}

fn limits(fields: &mut Fields<'_>) -> Option<Limits> {
    let node = fields.required("limits")?;
    let mut inner = Fields::of(fields.file(), node, "limits");
    let review_months = inner.parsed::<Count>("review_months");
    let hide_overdue_after_days = inner.parsed::<Count>("hide_overdue_after_days");
    let price_stale_after_days = inner.parsed::<Count>("price_stale_after_days");
    let source_max_age_years = inner.parsed::<Count>("source_max_age_years");
    fields.tell_all(inner.finish());
    Some(Limits {
        review_months: review_months?.value.0,
        hide_overdue_after_days: hide_overdue_after_days?.value.0,
        price_stale_after_days: price_stale_after_days?.value.0,
        source_max_age_years: source_max_age_years?.value.0,
    })
}

/// A whole number from 1 to 9999.
struct Count(i32);

impl FromStr for Count {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = text
            .parse()
            .ok()
            .filter(|number| (1..=9999).contains(number));
        number
            .map(Self)
            .ok_or("expected a whole number from 1 to 9999")
    }
}

struct ShortName(String);

impl FromStr for ShortName {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.chars().count() {
            1..=12 => Ok(Self(text.to_owned())),
            _ => Err("expected at most 12 characters"),
        }
    }
}

/// A scheme and a host, such as `https://clinic.example`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(String);

impl Origin {
    /// The text, without a slash at its end.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Origin {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let host = text
            .strip_prefix("https://")
            .or_else(|| text.strip_prefix("http://"));
        let shaped = host.is_some_and(|host| {
            !host.is_empty()
                && host
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte))
        });
        if shaped {
            Ok(Self(text.to_owned()))
        } else {
            Err("expected scheme and host alone, such as `https://clinic.example`")
        }
    }
}

struct Zone(TimeZone);

impl FromStr for Zone {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        TimeZone::get(text)
            .map(Self)
            .map_err(|_| "expected a time zone such as `America/New_York`")
    }
}

/// A mail address of the plain kind: a name, one `@`, and a host with a dot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email(String);

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Email {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let shaped = text.split_once('@').is_some_and(|(name, host)| {
            let plain = |part: &str| {
                !part.is_empty()
                    && part
                        .bytes()
                        .all(|byte| byte.is_ascii_graphic() && !b"@<>\"'&?".contains(&byte))
            };
            plain(name) && plain(host) && host.contains('.')
        });
        if shaped {
            Ok(Self(text.to_owned()))
        } else {
            Err("expected an address such as `hello@clinic.example`")
        }
    }
}

/// Where somebody tells of a hole: an address for letters or a page. It prints as the address that RFC 9116 wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecurityContact {
    /// A mail address.
    Mail(Email),
    /// A page with a form or a number.
    Page(WebAddress),
}

impl fmt::Display for SecurityContact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mail(email) => write!(f, "mailto:{email}"),
            Self::Page(page) => write!(f, "{page}"),
        }
    }
}

impl FromStr for SecurityContact {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let page = text.starts_with("https://").then(|| text.parse().ok());
        let contact = match page {
            Some(page) => page.map(Self::Page),
            None => text
                .parse()
                .ok()
                .filter(|_| !text.contains(':'))
                .map(Self::Mail),
        };
        contact.ok_or(
            "expected an address such as `security@clinic.example` or `https://clinic.example/security`",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_security_contact_is_printed_as_an_address() {
        let rows = [
            ("hello@clinic.example", Some("mailto:hello@clinic.example")),
            (
                "https://clinic.example/security",
                Some("https://clinic.example/security"),
            ),
            ("http://clinic.example/security", None),
            ("https://", None),
            ("mailto:hello@clinic.example", None),
            ("call us", None),
        ];
        for (text, printed) in rows {
            let contact = text.parse::<SecurityContact>().ok();
            let shown = contact.map(|contact| contact.to_string());
            assert_eq!(shown.as_deref(), printed, "{text}");
        }
    }

    #[test]
    fn a_phone_number_is_shown_as_written_and_dialed_plain() {
        let phone: Phone = "+1 (555) 555-0100".parse().unwrap();
        assert_eq!(
            (phone.to_string().as_str(), phone.href().as_str()),
            ("+1 (555) 555-0100", "tel:+15555550100")
        );
        for text in ["call us", "12", "1+2345", "1-800-FLOWERS"] {
            assert!(text.parse::<Phone>().is_err(), "{text}");
        }
    }

    #[test]
    fn an_origin_is_scheme_and_host_alone() {
        for (text, sound) in [
            ("https://clinic.example", true),
            ("http://127.0.0.1:8080", true),
            ("https://clinic.example/", false),
            ("clinic.example", false),
            ("https://a b", false),
        ] {
            assert_eq!(text.parse::<Origin>().is_ok(), sound, "{text}");
        }
    }
}
