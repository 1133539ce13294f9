//! What every page and every file says to browsers. It stands apart from `build`
//! because files that stay on disk say the same, and because each line has its reason.

use actix_web::http::header::{self, HeaderName, HeaderValue};

use crate::pages::Edition;

/// Who may show a file of ours in a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Embedding {
    /// Our own pages alone.
    OurPages,
    /// Everybody: it is the picture beside a link to us.
    AnySite,
}

/// What every file says to browsers: it is what it says it is, who may show it, and that it runs nothing.
pub fn file_headers(embedding: Embedding) -> [(HeaderName, HeaderValue); 3] {
    // An SVG that is opened by itself may not run anything.
    let policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
    [
        (
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            HeaderValue::from_static(match embedding {
                Embedding::OurPages => "same-origin",
                Embedding::AnySite => "cross-origin",
            }),
        ),
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(policy),
        ),
    ]
}

/// What every page says to browsers. `form_origin` is the other server to which its forms go, `scripts` are the hashes of
/// what it may run. The policy grows line by line, each with its reason.
pub(super) fn security_headers(
    edition: &Edition,
    form_origin: Option<&str>,
    scripts: &str,
) -> [(HeaderName, HeaderValue); 7] {
    // default-src 'none'      nothing that is not named here
    // style, font, img        our own sheet, fonts and pictures
    // script                  our own small enhancements, each by its hash: a file that somebody else put onto this host
    //                         does not run, and neither does one of ours that was changed on its way
    // connect                 a search box asks us for suggestions, unless forms go elsewhere; an editor's page hears
    //                         of changes from us
    // form, base, frame       forms come back to us or to the server that takes them, and nobody frames us
    let connect = match (edition, form_origin) {
        (Edition::Public, Some(_)) => "",
        (Edition::Public, None) | (Edition::Preview(_), _) => "connect-src 'self'; ",
    };
    let forms = form_origin.map_or_else(String::new, |origin| format!(" {origin}"));
    let policy = format!(
        "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; script-src {scripts}; \
         {connect}manifest-src 'self'; form-action 'self'{forms}; base-uri 'none'; frame-ancestors 'none'"
    );
    let policy = HeaderValue::from_str(&policy)
        .unwrap_or_else(|_| unreachable!("an origin is a header value"));
    [
        (header::CONTENT_SECURITY_POLICY, policy),
        (
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ),
        (
            header::REFERRER_POLICY,
            // Our own server may know the page before, since browsers name the origin of a form only then.
            HeaderValue::from_static("same-origin"),
        ),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            HeaderValue::from_static("same-origin"),
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            HeaderValue::from_static("same-origin"),
        ),
        (
            HeaderName::from_static("permissions-policy"),
            HeaderValue::from_static(
                "camera=(), geolocation=(), microphone=(), browsing-topics=()",
            ),
        ),
        (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    ]
}
