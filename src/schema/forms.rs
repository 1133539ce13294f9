//! Texts of a form that can be checked: identifiers, addresses, numbers to dial. The types that
//! read them have the last word; a pattern here is what an editor can know without them, and
//! it never refuses what they accept.

/// A form of text.
#[derive(Debug)]
pub struct Form {
    /// What was expected, for somebody who wrote something else.
    pub expected: &'static str,
    /// A regular expression for the whole text, in the common part of ECMA 262 and Rust.
    pub pattern: &'static str,
    /// Whole numbers that may stand there without quotes, both bounds included.
    pub bare: Option<(i64, i64)>,
    /// Texts of the form that are not far from its border.
    pub accepted: &'static [&'static str],
    /// Texts that look like it and are not of the form.
    pub refused: &'static [&'static str],
}

pub(super) static ID: Form = Form {
    expected: "lower-case letters, digits and single hyphens, at most 80 in all",
    pattern: "^(?=.{1,80}$)[a-z0-9]+(?:-[a-z0-9]+)*$",
    bare: None,
    accepted: &["a", "type-2-diabetes"],
    refused: &["Back-Pain", "back_pain", "back--pain", "-back", "back/pain"],
};

pub(super) static SOURCE_ID: Form = Form {
    expected: "lower-case letters, digits, `-` and `_`",
    pattern: "^[a-z0-9_-]+$",
    bare: None,
    accepted: &["wenker2023", "mlp_back-pain"],
    refused: &["Wenker2023", "wenker 2023", "wenker.2023"],
};

pub(super) static DOI: Form = Form {
    expected: "a DOI alone, without address or spaces",
    pattern: "^10\\.[0-9]{4,9}/\\S+$",
    bare: None,
    accepted: &["10.1002/(SICI)1097-0258(19980815)17:15/16<1661::AID-SIM968>3.0.CO;2-2"],
    refused: &[
        "doi:10.3390/jcm12175510",
        "https://doi.org/10.3390/jcm12175510",
        "10.3390",
    ],
};

pub(super) static PMID: Form = Form {
    expected: "one to eight digits, in quotes",
    pattern: "^[0-9]{1,8}$",
    bare: None,
    accepted: &["1"],
    refused: &["PMID 1", "123456789"],
};

pub(super) static PMCID: Form = Form {
    expected: "`PMC` and digits",
    pattern: "^PMC[0-9]+$",
    bare: None,
    accepted: &["PMC1"],
    refused: &["10487902", "pmc10487902"],
};

pub(super) static WEB_ADDRESS: Form = Form {
    expected: "a whole address without spaces",
    pattern: "^https?://[^\\s/?#:@.]+(?:\\.[^\\s/?#:@.]+)*(?::[0-9]{1,5})?(?:[/?#]\\S*)?$",
    bare: None,
    accepted: &[
        "http://example.org",
        "https://example.org:8080?x=1#y",
        "https://bücher.example/a",
    ],
    refused: &[
        "medlineplus.gov",
        "ftp://example.org/",
        "https://",
        "https://a..b/",
        "https://example.org/a b",
    ],
};

pub(super) static ISSUED: Form = Form {
    expected: "`2023`, `2023-06`, `2023-06-20` or `undated`",
    pattern: "^(?:undated|[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?)$",
    bare: Some((1000, 9999)),
    accepted: &["undated", "2024-02", "2024-02-29"],
    refused: &["2023-13", "June 2023", "23", "2023-6"],
};

pub(super) static AUTHOR: Form = Form {
    expected: "`Family, Given M.` or the name of an organization",
    pattern: "^(?!.*(?:^|,)\\s*(?:et al\\.?|others)\\s*$)(?!\\s*,)(?!.*,\\s*$)(?!.*,\\s*,).*\\S.*$",
    bare: None,
    accepted: &[
        "Donnally, III, Chester J.",
        "National Heart, Lung, and Blood Institute",
        "{Department of Health, Victoria}",
    ],
    refused: &["et al.", "Matheve, et al.", "Whitney,", ", Eric"],
};

pub(super) static PHONE: Form = Form {
    expected: "3 to 15 digits, with spaces, hyphens, dots and brackets between them",
    pattern: "^(?=(?:[^0-9]*[0-9]){3,15}[^0-9]*$)[ .()-]*\\+?[0-9 .()-]*$",
    bare: None,
    accepted: &["+1 (555) 555-0100", "911"],
    refused: &["call us", "12", "1+2345", "1-800-FLOWERS"],
};

pub(super) static SHORT_NAME: Form = Form {
    expected: "at most 12 characters",
    pattern: "^.{1,12}$",
    bare: None,
    accepted: &["Twelve signs"],
    refused: &["Thirteen sign"],
};

pub(super) static ORIGIN: Form = Form {
    expected: "scheme and host alone",
    pattern: "^https?://[A-Za-z0-9.:\\[\\]-]+$",
    bare: None,
    accepted: &["http://127.0.0.1:8080"],
    refused: &["https://clinic.example/", "clinic.example"],
};

pub(super) static TIME_ZONE: Form = Form {
    expected: "a time zone such as `America/New_York`",
    pattern: "^[A-Za-z0-9_+-]+(?:/[A-Za-z0-9_+-]+)*$",
    bare: None,
    accepted: &["UTC", "America/Argentina/Buenos_Aires"],
    refused: &["New York", "Eastern Time (US)"],
};

pub(super) static SECURITY_CONTACT: Form = Form {
    expected: "a plain mail address, or a page that begins with `https://`",
    pattern: "^(?:(?!https://)[!#-%(-;=A-~]+@[!#-%(-;=A-~]*\\.[!#-%(-;=A-~]*|https://[^\\s/?#:@.]+(?:\\.[^\\s/?#:@.]+)*(?::[0-9]{1,5})?(?:[/?#]\\S*)?)$",
    bare: None,
    accepted: &[
        "a.b+c@mail.clinic.example",
        "https://example.org:8080/x?y#z",
    ],
    refused: &[
        "hello",
        "http://example.org/",
        "https://",
        "https://a@b.example/",
        "a@b@c.example",
    ],
};

pub(super) static EMAIL: Form = Form {
    expected: "a plain mail address",
    pattern: "^[!#-%(-;=A-~]+@[!#-%(-;=A-~]*\\.[!#-%(-;=A-~]*$",
    bare: None,
    accepted: &["a.b+c@mail.clinic.example"],
    refused: &[
        "hello",
        "hello@clinic",
        "<hello@clinic.example>",
        "a@b@clinic.example",
    ],
};

pub(super) static COLOR: Form = Form {
    expected: "`#` and six hexadecimal digits",
    pattern: "^#[0-9A-Fa-f]{6}$",
    bare: None,
    accepted: &["#0B5D5A"],
    refused: &["teal", "#0b5d5", "0b5d5a"],
};

pub(super) static PUBLIC_KEY: Form = Form {
    expected: "a public key that `signpost visits keygen` printed",
    pattern: "^age1[02-9ac-hj-np-z]{58}$",
    bare: None,
    accepted: &[],
    refused: &["AGE-SECRET-KEY-1QQQQ", "age1"],
};

pub(super) static WORDING: Form = Form {
    expected: "text with `{you}`, `{your}` or `{for you|for others}`",
    pattern: "^(?:[^{]|\\{(?:[Yy]ou|[Yy]our|[^}|]*\\|[^}]*)\\})+$",
    bare: None,
    accepted: &["{Do|Does} {you} have chest pain?", "no token", "a } alone"],
    refused: &["{yuo} feel", "{you feel", "{}"],
};
