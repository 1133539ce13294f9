//! `_headers` and `_redirects`, as Netlify and Cloudflare Pages read them.
//! It stands apart from `nginx` because each host has its own words for the same rules.
//! Source: docs.netlify.com/routing and developers.cloudflare.com/pages/configuration.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::rules::{Pattern, Rules};

/// The headers of every address.
pub(super) fn headers_file(rules: &Rules) -> String {
    let mut text = String::new();
    for rule in rules.all().filter(|rule| !rule.headers.is_empty()) {
        let whom = match &rule.pattern {
            Pattern::Exact { address, .. } => address.clone(),
            Pattern::Below(folder) => format!("{folder}*"),
        };
        let _ = writeln!(text, "{whom}");
        for (name, value) in &rule.headers {
            let _ = writeln!(text, "  {name}: {value}");
        }
    }
    text
}

/// Where old addresses lead. `forms` is the other server, which also counts campaigns.
pub(super) fn redirects_file(redirects: &BTreeMap<&str, &str>, forms: Option<&str>) -> String {
    let mut text = String::new();
    for (from, to) in redirects {
        let _ = writeln!(text, "{from} {to} 301");
    }
    if let Some(origin) = forms {
        let _ = writeln!(text, "/go/* {origin}/go/:splat 302");
    }
    text
}
