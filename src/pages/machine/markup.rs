//! Reads the markup that we made of Markdown, as tags and texts. It stands apart from
//! its two writers, and knows no other HTML: authors can't write any.

use std::borrow::Cow;

/// One part of markup, in its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// An element begins, with its attributes as written.
    Open(&'a str, &'a str),
    /// An element ends.
    Close(&'a str),
    /// Text, with its signs as readers see them.
    Text(Cow<'a, str>),
}

/// Elements that have no end.
pub(super) const VOID: [&str; 3] = ["br", "hr", "img"];

/// The tags and texts of markup.
pub(super) fn tokens(markup: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut rest = markup;
    while let Some((before, after)) = rest.split_once('<') {
        text(&mut found, before);
        // Signs of texts are written as entities, so a tag ends at the first `>` outside of a value.
        let end = tag_end(after);
        let (tag, next) = after.split_at(end);
        found.push(token(tag));
        rest = next.strip_prefix('>').unwrap_or(next);
    }
    text(&mut found, rest);
    found
}

fn text<'a>(found: &mut Vec<Token<'a>>, text: &'a str) {
    if !text.is_empty() {
        found.push(Token::Text(decoded(text)));
    }
}

fn tag_end(after: &str) -> usize {
    let mut is_quoted = false;
    let mut signs = after.char_indices();
    let end = signs.find(|(_, sign)| {
        is_quoted ^= *sign == '"';
        *sign == '>' && !is_quoted
    });
    end.map_or(after.len(), |(at, _)| at)
}

fn token(tag: &str) -> Token<'_> {
    if let Some(name) = tag.strip_prefix('/') {
        return Token::Close(name.trim());
    }
    let tag = tag.trim_end_matches('/').trim_end();
    let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
    Token::Open(name, attributes)
}

/// The value of an attribute.
pub(super) fn attribute<'a>(attributes: &'a str, name: &str) -> Option<Cow<'a, str>> {
    let mut rest = attributes;
    while let Some((before, after)) = rest.split_once("=\"") {
        let (value, next) = after.split_once('"')?;
        if before.trim() == name {
            return Some(decoded(value));
        }
        rest = next;
    }
    None
}

/// Entities that our markup has, and what they stand for.
const ENTITIES: [(&str, char); 7] = [
    ("amp;", '&'),
    ("lt;", '<'),
    ("gt;", '>'),
    ("quot;", '"'),
    ("#39;", '\''),
    ("#x27;", '\''),
    ("nbsp;", '\u{a0}'),
];

fn decoded(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let known = ENTITIES
            .iter()
            .find_map(|(name, sign)| Some((*sign, after.strip_prefix(name)?)));
        let (sign, next) = known.unwrap_or(('&', after));
        out.push(sign);
        rest = next;
    }
    out.push_str(rest);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_tags_and_texts_in_its_order() {
        let found = tokens("<p>5 &lt; 6 &amp;amp; <a href=\"/a?x=&quot;&gt;\">b</a><br />c</p>");
        let expected = [
            Token::Open("p", ""),
            Token::Text("5 < 6 &amp; ".into()),
            Token::Open("a", "href=\"/a?x=&quot;&gt;\""),
            Token::Text("b".into()),
            Token::Close("a"),
            Token::Open("br", ""),
            Token::Text("c".into()),
            Token::Close("p"),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn an_attribute_is_found_by_its_whole_name() {
        let attributes = "data-href=\"no\" href=\"/a?b&amp;c\" class=\"d\"";
        assert_eq!(attribute(attributes, "href").as_deref(), Some("/a?b&c"));
        assert_eq!(attribute(attributes, "id"), None);
    }
}
