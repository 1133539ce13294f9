//! What must hold for every page whatever an author or a patient wrote: it is nested as it should be, and nothing in
//! it runs, loads or leads where only the program may decide. It reads tags more strictly than a browser: every `<`
//! that begins none of ours is a fault.

/// Elements that have no end.
const VOID: [&str; 8] = ["br", "hr", "img", "input", "link", "meta", "col", "wbr"];

/// Elements that no page of ours has.
const REFUSED: [&str; 9] = [
    "iframe",
    "object",
    "embed",
    "base",
    "applet",
    "frame",
    "frameset",
    "style",
    "foreignobject",
];

/// Attributes that hold an address.
const ADDRESSES: [&str; 8] = [
    "href",
    "src",
    "action",
    "formaction",
    "poster",
    "data",
    "xlink:href",
    "cite",
];

/// Schemes of addresses; all others are refused, and an address may do without.
const SCHEMES: [&str; 5] = ["http", "https", "mailto", "tel", "sms"];

/// The first thing that is wrong with a page, if anything is.
pub fn fault(html: &str) -> Option<String> {
    nesting_fault(html).or_else(|| tags(html).find_map(|(tag, _)| danger(tag)))
}

/// The tags of a page, each without `<` and `>`, and what follows it.
fn tags(html: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = html;
    std::iter::from_fn(move || {
        let (_, after) = rest.split_once('<')?;
        let (tag, next) = after.split_at_checked(tag_length(after))?;
        rest = next;
        Some((tag, next))
    })
}

/// Bytes up to the end of a tag; a `>` in quotes does not end it.
fn tag_length(text: &str) -> usize {
    let mut quoted = false;
    for (at, sign) in text.char_indices() {
        match sign {
            '"' => quoted = !quoted,
            '>' if !quoted => return at,
            _ => {}
        }
    }
    text.len()
}

fn name_of(tag: &str) -> &str {
    let name = tag.trim_start_matches('/');
    name.split([' ', '\n', '/', '>']).next().unwrap_or_default()
}

/// The first element that ends where another is open, if one does.
fn nesting_fault(html: &str) -> Option<String> {
    let mut open: Vec<&str> = Vec::new();
    for (tag, rest) in tags(html) {
        let name = name_of(tag);
        if name.starts_with('!') || VOID.contains(&name) || tag.ends_with('/') {
            continue;
        }
        if !tag.starts_with('/') {
            open.push(name);
        } else if open.pop() != Some(name) {
            return Some(format!("`</{name}>` before {:?}", start_of(rest)));
        }
    }
    open.pop().map(|name| format!("`<{name}>` is never closed"))
}

/// What a tag does that none may do.
fn danger(tag: &str) -> Option<String> {
    let shown = || start_of(tag);
    if tag.starts_with('!') {
        let is_known = tag.to_lowercase().starts_with("!doctype html") || tag.starts_with("!--");
        return (!is_known).then(|| format!("a strange declaration: {:?}", shown()));
    }
    let name = name_of(tag).to_lowercase();
    let is_name = !name.is_empty() && name.chars().all(|sign| sign.is_ascii_alphanumeric());
    if !is_name || REFUSED.contains(&name.as_str()) {
        return Some(format!("an element that is none of ours: {:?}", shown()));
    }
    if tag.starts_with('/') {
        return None;
    }
    let attributes = attributes(tag);
    let value = |wanted: &str| {
        let found = attributes.iter().find(|(own, _)| own == wanted);
        found.map(|(_, value)| value.as_str())
    };
    let is_ours = || {
        value("src").is_some_and(|src| src.starts_with("/static/"))
            || value("type") == Some("application/ld+json")
    };
    if name == "script" && !is_ours() {
        return Some(format!("a script that is none of ours: {:?}", shown()));
    }
    let wrong = attributes.iter().find(|(own, value)| {
        own.starts_with("on")
            || matches!(own.as_str(), "style" | "srcdoc" | "http-equiv")
            || ADDRESSES.contains(&own.as_str()) && !leads_well(value)
    });
    wrong.map(|(own, value)| format!("`{own}` of {name} is {value:?}"))
}

/// Names in lower case, and values as a browser reads them.
fn attributes(tag: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = tag.get(name_of(tag).len()..).unwrap_or_default();
    loop {
        rest = rest.trim_start_matches(|sign: char| sign.is_ascii_whitespace() || sign == '/');
        let end = rest.find(|sign: char| sign.is_ascii_whitespace() || matches!(sign, '=' | '/'));
        let (name, after) = rest.split_at(end.unwrap_or(rest.len()));
        if name.is_empty() {
            return found;
        }
        let Some(after) = after.trim_start().strip_prefix('=') else {
            found.push((name.to_lowercase(), String::new()));
            rest = after;
            continue;
        };
        let after = after.trim_start();
        let quote = after
            .chars()
            .next()
            .filter(|sign| matches!(sign, '"' | '\''));
        let (value, after) = match quote {
            Some(quote) => after[1..].split_once(quote).unwrap_or((&after[1..], "")),
            None => {
                let end = after.find(|sign: char| sign.is_ascii_whitespace());
                after.split_at(end.unwrap_or(after.len()))
            }
        };
        found.push((name.to_lowercase(), unescaped(value)));
        rest = after;
    }
}

/// A value without the references that our templates write.
fn unescaped(value: &str) -> String {
    let mut parts = value.split('&');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once(';').unwrap_or(("", part));
        let number = name
            .strip_prefix('#')
            .map(|number| match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number.parse(),
            });
        let sign = match (name, number) {
            (_, Some(Ok(number))) => char::from_u32(number),
            ("amp", _) => Some('&'),
            ("lt", _) => Some('<'),
            ("gt", _) => Some('>'),
            ("quot", _) => Some('"'),
            ("colon", _) => Some(':'),
            ("Tab" | "NewLine", _) => Some('\n'),
            _ => None,
        };
        match sign {
            Some(sign) => {
                text.push(sign);
                text.push_str(rest);
            }
            None => {
                text.push('&');
                text.push_str(part);
            }
        }
    }
    text
}

/// Whether an address has no scheme, or one that does nothing but lead somewhere. Browsers leave out what is no sign.
fn leads_well(address: &str) -> bool {
    let seen: String = address
        .chars()
        .filter(|sign| !sign.is_control() && !sign.is_whitespace())
        .collect();
    let scheme = seen
        .split_once(':')
        .map(|(scheme, _)| scheme.to_lowercase());
    scheme
        .is_none_or(|scheme| scheme.contains(['/', '?', '#']) || SCHEMES.contains(&scheme.as_str()))
}

fn start_of(text: &str) -> String {
    text.chars().take(80).collect()
}
