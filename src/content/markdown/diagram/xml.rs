//! The little of XML that a drawing needs: elements, attributes in double quotes,
//! text, comments. It stands apart because it only cuts and never judges, and it
//! refuses everything that could bring in something from elsewhere: document types,
//! entities, instructions, CDATA.

/// One part of a file, with the offset of its first byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// The start of an element.
    Open(Element<'a>),
    /// The end of an element.
    Close(&'a str, usize),
    /// Text between two tags, as a reader reads it; never only white space.
    Text(String, usize),
}

/// The start tag of an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Element<'a> {
    pub(super) name: &'a str,
    /// In the order of the file.
    pub(super) attributes: Vec<Attribute<'a>>,
    pub(super) closing: Closing,
    pub(super) at: usize,
}

/// Whether an element ends with its own start tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Closing {
    /// `<path/>`
    Here,
    /// `<g>`
    Later,
}

/// One attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attribute<'a> {
    pub(super) name: &'a str,
    pub(super) value: &'a str,
    pub(super) at: usize,
}

/// Why a file can't be cut any further.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Broken {
    pub(super) at: usize,
    pub(super) message: String,
}

/// Cuts a file into its tokens, in its order.
///
/// # Errors
/// What is not this little XML, at its first byte: for the designer.
pub(super) fn tokens(text: &str) -> Result<Vec<Token<'_>>, Broken> {
    let mut cutter = Cutter { text, at: 0 };
    cutter.skip("\u{feff}");
    if cutter.skip("<?xml") {
        cutter.take_to("?>", "the first line")?;
    }
    let mut found = Vec::new();
    while !cutter.rest().is_empty() {
        found.extend(cutter.next_token()?);
    }
    Ok(found)
}

struct Cutter<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cutter<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn broken<T>(&self, message: impl Into<String>) -> Result<T, Broken> {
        Err(Broken {
            at: self.at,
            message: message.into(),
        })
    }

    /// Steps over a sign, if it stands here.
    fn skip(&mut self, sign: &str) -> bool {
        let stands_here = self.rest().starts_with(sign);
        self.at += if stands_here { sign.len() } else { 0 };
        stands_here
    }

    /// Takes what stands before a sign, and steps over the sign.
    fn take_to(&mut self, sign: &str, what: &str) -> Result<&'a str, Broken> {
        let Some((before, _)) = self.rest().split_once(sign) else {
            return self.broken(format!("{what} is never closed with `{sign}`"));
        };
        self.at += before.len() + sign.len();
        Ok(before)
    }

    /// Takes signs while they fit.
    fn take_while(&mut self, fits: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let taken = rest.len() - rest.trim_start_matches(fits).len();
        self.at += taken;
        rest.get(..taken).unwrap_or_default()
    }

    fn space(&mut self) -> bool {
        !self
            .take_while(|sign| sign.is_ascii_whitespace())
            .is_empty()
    }

    fn name(&mut self) -> &'a str {
        self.take_while(|sign| sign.is_ascii_alphanumeric() || "-_:".contains(sign))
    }

    fn next_token(&mut self) -> Result<Option<Token<'a>>, Broken> {
        let at = self.at;
        if self.skip("<!--") {
            return self.take_to("-->", "a comment").map(|_| None);
        }
        if self.rest().starts_with("<!") || self.rest().starts_with("<?") {
            return self.broken("a drawing holds no document type, instruction or CDATA");
        }
        if self.skip("</") {
            let name = self.name();
            self.space();
            return match self.skip(">") {
                true => Ok(Some(Token::Close(name, at))),
                false => self.broken("an end tag holds a name and `>`, nothing else"),
            };
        }
        if self.skip("<") {
            return self.element(at).map(Some);
        }
        let raw = self.take_while(|sign| sign != '<');
        if raw.trim().is_empty() {
            return Ok(None);
        }
        plain(raw, at).map(|text| Some(Token::Text(text, at)))
    }

    fn element(&mut self, at: usize) -> Result<Token<'a>, Broken> {
        let name = self.name();
        if name.is_empty() {
            return self.broken("`<` begins no element; write `&lt;` for the sign itself");
        }
        let mut attributes: Vec<Attribute<'a>> = Vec::new();
        loop {
            let is_apart = self.space();
            let closing = match self.closing() {
                Some(closing) => closing,
                None if is_apart => {
                    let attribute = self.attribute()?;
                    if attributes.iter().any(|own| own.name == attribute.name) {
                        let message = format!("`{}` stands twice in one element", attribute.name);
                        let at = attribute.at;
                        return Err(Broken { at, message });
                    }
                    attributes.push(attribute);
                    continue;
                }
                None => return self.broken(format!("the tag `<{name}` is not closed with `>`")),
            };
            return Ok(Token::Open(Element {
                name,
                attributes,
                closing,
                at,
            }));
        }
    }

    /// Steps over the end of a start tag, if it stands here.
    fn closing(&mut self) -> Option<Closing> {
        if self.skip("/>") {
            return Some(Closing::Here);
        }
        self.skip(">").then_some(Closing::Later)
    }

    fn attribute(&mut self) -> Result<Attribute<'a>, Broken> {
        let at = self.at;
        let name = self.name();
        if name.is_empty() || !self.skip("=\"") {
            self.at = at;
            return self.broken("an attribute is a name, `=` and a value in double quotes");
        }
        let value = self.take_to("\"", "a value")?;
        if value.contains(['<', '&']) {
            self.at = at;
            return self.broken(format!("the value of `{name}` holds `<` or `&`"));
        }
        Ok(Attribute { name, value, at })
    }
}

/// Text with the five signs that XML itself names.
fn plain(raw: &str, at: usize) -> Result<String, Broken> {
    const SIGNS: [(&str, char); 5] = [
        ("&amp;", '&'),
        ("&lt;", '<'),
        ("&gt;", '>'),
        ("&quot;", '"'),
        ("&apos;", '\''),
    ];
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((before, _)) = rest.split_once('&') {
        text.push_str(before);
        let from = rest.get(before.len()..).unwrap_or_default();
        let sign = SIGNS.iter().find(|(written, _)| from.starts_with(written));
        let Some((written, sign)) = sign else {
            let at = at + raw.len() - from.len();
            let message = "`&` stands for no sign; write `&amp;` for the sign itself".to_owned();
            return Err(Broken { at, message });
        };
        text.push(*sign);
        rest = from.get(written.len()..).unwrap_or_default();
    }
    text.push_str(rest);
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_is_cut_into_tags_and_texts() {
        let text = "<?xml version=\"1.0\"?>\n<!-- a -->\n<g class=\"line\">\n <text>A &amp; B</text><path d=\"M0 0\"/>\n</g>";
        let found = tokens(text).unwrap();
        let told: Vec<String> = found
            .iter()
            .map(|token| match token {
                Token::Open(own) => {
                    format!("{} {:?} {}", own.name, own.closing, own.attributes.len())
                }
                Token::Close(name, _) => format!("/{name}"),
                Token::Text(text, _) => text.clone(),
            })
            .collect();
        let expected = [
            "g Later 1",
            "text Later 0",
            "A & B",
            "/text",
            "path Here 1",
            "/g",
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn whatever_could_bring_in_something_else_is_refused_where_it_stands() {
        let rows = [
            ("<!DOCTYPE svg [<!ENTITY a \"b\">]><svg/>", 0),
            ("<g><![CDATA[a]]></g>", 3),
            ("<g><?php a ?></g>", 3),
            ("<g>&a;</g>", 3),
            ("<g>a &#60; b</g>", 5),
            ("<g a='b'/>", 3),
            ("<g a=b/>", 3),
            ("<g a=\"b\"c=\"d\"/>", 8),
            ("<g a=\"b\" a=\"c\"/>", 9),
            ("<g a=\"&lt;\"/>", 3),
            ("<g a=\"", 6),
            ("< g/>", 1),
            ("<g", 2),
            ("<!-- a", 4),
            ("</g a>", 4),
        ];
        for (text, at) in rows {
            assert_eq!(tokens(text).map_err(|broken| broken.at), Err(at), "{text}");
        }
    }
}
