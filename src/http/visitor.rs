//! Whether a request was made by a person who looks at the page. Marketing counts
//! people: what a browser fetches ahead, and what programs fetch, is not counted.
//! Nothing of it is kept; the answer is a yes or a no.

use actix_web::HttpRequest;
use actix_web::http::{Method, header};

/// Parts of the names under which programs fetch pages, in lower case.
const PROGRAMS: &[&str] = &[
    "bot",
    "crawl",
    "spider",
    "slurp",
    "preview",
    "fetch",
    "scan",
    "monitor",
    "headless",
    "check",
    "facebookexternalhit",
    "whatsapp",
    "telegram",
    "skypeuri",
    "curl",
    "wget",
    "python",
    "java/",
    "go-http",
    "okhttp",
    "axios",
    "node",
    "ruby",
    "perl",
    "php",
    "lighthouse",
    "pingdom",
    "uptime",
    "archive",
    "validator",
    "embed",
    "proxy",
    "google-",
    "bingpreview",
    "yahoo",
    "feed",
    "rss",
];

/// Headers by which browsers say that they fetch ahead, and the words in them.
const AHEAD: [(&str, &str); 4] = [
    ("sec-purpose", "prefetch"),
    ("purpose", "prefetch"),
    ("x-purpose", "preview"),
    ("x-moz", "prefetch"),
];

/// Whether a person opened a page or sent a form.
pub(super) fn is_person(request: &HttpRequest) -> bool {
    let text = |name: &str| {
        let value = request.headers().get(name);
        value
            .and_then(|value| value.to_str().ok())
            .map(str::to_lowercase)
    };
    let holds = |name: &str, word: &str| text(name).is_some_and(|value| value.contains(word));
    let is_ahead = AHEAD.iter().any(|(name, word)| holds(name, word));
    let is_navigation = text("sec-fetch-mode").is_none_or(|mode| mode == "navigate");
    let agent = text(header::USER_AGENT.as_str()).unwrap_or_default();
    let is_program = !agent.contains("mozilla") || PROGRAMS.iter().any(|part| agent.contains(part));
    matches!(*request.method(), Method::GET | Method::POST)
        && is_navigation
        && !is_ahead
        && !is_program
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    const FIREFOX: (&str, &str) = (
        "user-agent",
        "Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0",
    );

    #[test]
    fn people_are_counted_and_programs_are_not() {
        type Row<'a> = (&'a str, &'a [(&'a str, &'a str)], bool);
        let rows: &[Row<'_>] = &[
            ("a phone", &[FIREFOX], true),
            ("a click", &[FIREFOX, ("sec-fetch-mode", "navigate")], true),
            (
                "a picture",
                &[FIREFOX, ("sec-fetch-mode", "no-cors")],
                false,
            ),
            (
                "fetched ahead",
                &[FIREFOX, ("sec-purpose", "prefetch;prerender")],
                false,
            ),
            (
                "fetched ahead by an old browser",
                &[FIREFOX, ("purpose", "prefetch")],
                false,
            ),
            (
                "fetched ahead by an old Firefox",
                &[FIREFOX, ("x-moz", "prefetch")],
                false,
            ),
            (
                "shown small in Safari",
                &[FIREFOX, ("x-purpose", "preview")],
                false,
            ),
            ("no name", &[], false),
            ("curl", &[("user-agent", "curl/8.0")], false),
            (
                "a search engine",
                &[("user-agent", "Mozilla/5.0 (compatible; Googlebot/2.1)")],
                false,
            ),
            (
                "a network that makes a card of the link",
                &[("user-agent", "facebookexternalhit/1.1")],
                false,
            ),
            (
                "a browser without a window",
                &[("user-agent", "Mozilla/5.0 (X11) HeadlessChrome/140.0")],
                false,
            ),
        ];
        for (what, headers, expected) in rows {
            let mut request = TestRequest::get();
            for header in *headers {
                request = request.insert_header(*header);
            }
            assert_eq!(is_person(&request.to_http_request()), *expected, "{what}");
        }
    }

    #[test]
    fn asking_for_the_headers_alone_is_not_a_visit() {
        let request = TestRequest::default()
            .method(Method::HEAD)
            .insert_header(FIREFOX);
        assert!(!is_person(&request.to_http_request()));
    }
}
