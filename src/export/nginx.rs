//! The same rules for nginx: two files for its `http` block and one for a `server`.
//! Patterns are regular expressions, since nginx refuses to start when plain ones are
//! longer than its tables. It does not speak of ports, names or certificates.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::MANIFEST;
use super::layout::Unservable;
use super::rules::{Pattern, Rule, Rules};

/// The header that nginx makes by itself.
const CONTENT_TYPE: &str = "content-type";

/// A `map` for every header: from the file that is sent to the value.
pub(super) fn headers_file(rules: &Rules) -> String {
    let default = rules.of_the_first_page();
    let mut text = "# For the `http` block: what is said with which file.\n".to_owned();
    for name in names(rules) {
        let usual = default.get(name).map_or("", String::as_str);
        let _ = writeln!(text, "map $uri {} {{", variable(name));
        let _ = writeln!(text, "  default {};", quoted(usual));
        for rule in rules
            .extras
            .iter()
            .filter(|rule| rule.headers.contains_key(name))
        {
            line(&mut text, rule, name);
        }
        let differs = |rule: &&Rule| rule.headers.get(name).map_or("", String::as_str) != usual;
        for rule in rules.groups.iter().filter(differs) {
            line(&mut text, rule, name);
        }
        text.push_str("}\n");
    }
    text
}

fn names(rules: &Rules) -> BTreeSet<&str> {
    let names = rules.all().flat_map(|rule| rule.headers.keys());
    let names = names.map(String::as_str);
    // A second `Content-Type` would be added to nginx's own; it is told in another way.
    names.filter(|name| *name != CONTENT_TYPE).collect()
}

fn line(text: &mut String, rule: &Rule, name: &str) {
    let value = rule.headers.get(name).map_or("", String::as_str);
    let whom = match &rule.pattern {
        Pattern::Exact { path, .. } => format!("~^/{}$", escaped(path)),
        Pattern::Below(folder) => format!("~^{}", escaped(folder)),
    };
    let _ = writeln!(text, "  {} {};", quoted(&whom), quoted(value));
}

/// A `map` from old addresses to new ones.
pub(super) fn redirects_file(redirects: &BTreeMap<&str, &str>) -> String {
    let mut text = "# For the `http` block: where old addresses lead.\n".to_owned();
    text.push_str("map $uri $signpost_moved {\n  default \"\";\n");
    for (from, to) in redirects {
        let from = quoted(&format!("~^{}/?$", escaped(from)));
        let _ = writeln!(text, "  {from} {};", quoted(to));
    }
    text.push_str("}\n");
    text
}

/// How addresses become files, and what is said with them.
pub(super) fn site_file(rules: &Rules, unservable: &[Unservable], forms: Option<&str>) -> String {
    let mut text = "# For a `server` block whose `root` is this folder.\n".to_owned();
    for name in names(rules) {
        let _ = writeln!(text, "add_header {name} {} always;", variable(name));
    }
    text.push_str(SITE);
    for rule in rules.all() {
        if let (Pattern::Exact { path, .. }, Some(media)) =
            (&rule.pattern, rule.headers.get(CONTENT_TYPE))
        {
            let place = quoted(&format!("/{path}"));
            let media = quoted(media);
            let _ = writeln!(
                text,
                "location = {place} {{ types {{ }} default_type {media}; }}"
            );
        }
    }
    let manifest = escaped(MANIFEST);
    let _ = writeln!(
        text,
        "location ~ ^/(_headers|_redirects|\\.nojekyll|{manifest}|[a-z]+\\.nginx\\.conf)$ {{ return 404; }}"
    );
    for own in unservable {
        let (status, path) = (own.status.as_u16(), &own.path);
        let address = &own.address;
        let _ = writeln!(
            text,
            "location = {address} {{ error_page {status} /{path}; return {status}; }}"
        );
    }
    if let Some(origin) = forms {
        let _ = writeln!(
            text,
            "location ^~ /go/ {{ return 302 {origin}$request_uri; }}"
        );
    }
    text
}

/// What is the same for every site. A file is found under the address without `.html`, and only there.
const SITE: &str = r#"charset utf-8;
charset_types text/css text/javascript application/javascript text/plain text/xml application/xml;
gzip_static on;
gzip_vary on;
absolute_redirect off;
error_page 404 /404.html;
if ($signpost_moved) { return 301 $signpost_moved; }
rewrite ^(/.+?)/+$ $1 permanent;
location = / { try_files /index.html =404; }
location / { try_files $uri.html $uri =404; }
location ^~ /static/ { try_files $uri =404; }
location ~ ^/articles/[^/]+\.md$ { types { } default_type "text/markdown; charset=utf-8"; try_files $uri =404; }
location ~ \.html$ { internal; }
location = /404 { return 404; }
"#;

fn variable(header: &str) -> String {
    format!("$signpost_{}", header.replace('-', "_"))
}

/// A text as nginx reads it; `$` would begin a variable only in a value, and no value of ours has one.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn escaped(text: &str) -> String {
    let escape = |sign: char| match sign {
        '.' | '+' | '*' | '?' | '(' | ')' | '[' | ']' | '{' | '}' | '^' | '$' | '|' | '\\' => {
            format!("\\{sign}")
        }
        _ => sign.to_string(),
    };
    text.chars().map(escape).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_of_patterns_and_texts_stand_for_themselves() {
        assert_eq!(escaped("a.b/c-d"), "a\\.b/c-d");
        assert_eq!(quoted("a\"b\\."), "\"a\\\"b\\\\.\"");
        let redirects = BTreeMap::from([("/articles/old", "/articles/new")]);
        assert!(redirects_file(&redirects).contains("\"~^/articles/old/?$\" \"/articles/new\";"));
    }
}
