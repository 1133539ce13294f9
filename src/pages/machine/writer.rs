//! Markup to Markdown, element by element: what is open stands on a stack, and each
//! element writes itself into the one around it when it ends. It knows CommonMark with
//! tables and footnotes, and nothing of articles.

use super::markup::{Token, VOID, attribute, tokens};
use crate::content::markdown::footnote_mark;

/// Where addresses without a host lead.
#[derive(Debug, Clone, Copy)]
pub(super) struct Base<'a> {
    /// Scheme and host, for an address from the root.
    pub(super) origin: &'a str,
    /// The address of the page from the root, for a place in it.
    pub(super) path: &'a str,
}

impl Base<'_> {
    /// The absolute form of an address.
    pub(super) fn absolute(&self, href: &str) -> String {
        let Self { origin, path } = self;
        match href.chars().next() {
            Some('/') => format!("{origin}{href}"),
            Some('#') => format!("{origin}{path}{href}"),
            _ => href.to_owned(),
        }
    }
}

/// An element that is open.
#[derive(Debug, Default)]
struct Open {
    name: String,
    /// The address of a link.
    href: Option<String>,
    /// Number of the next item of a numbered list.
    next: Option<usize>,
    /// The mark of a footnote.
    mark: Option<String>,
    text: String,
}

/// Writes Markdown.
pub(super) struct Writer<'a> {
    base: Base<'a>,
    /// What is open, outermost first; never empty, the first is the whole text.
    stack: Vec<Open>,
}

/// The name of an element that holds footnotes.
const FOOTNOTES: &str = "footnotes";

impl<'a> Writer<'a> {
    pub(super) fn new(base: Base<'a>) -> Self {
        Self {
            base,
            stack: vec![Open::default()],
        }
    }

    /// Adds markup that we made. Elements may begin in it and end later.
    pub(super) fn markup(&mut self, markup: &str) {
        for token in tokens(markup) {
            match token {
                Token::Text(text) => self.words(&text),
                Token::Open(name, attributes) if VOID.contains(&name) => {
                    self.void(name, attributes);
                }
                Token::Open(name, attributes) => self.open(name, attributes),
                Token::Close(name) => self.close(name),
            }
        }
    }

    /// Adds words as a reader sees them.
    pub(super) fn words(&mut self, text: &str) {
        let is_code = self.stack.iter().any(|open| open.name == "pre");
        let is_span = self.stack.last().is_some_and(|open| open.name == "code");
        let written = match (is_code, is_span) {
            (true, _) => text.to_owned(),
            (false, true) => text.replace('\n', " "),
            (false, false) => escaped(text),
        };
        let Some(open) = self.stack.last_mut() else {
            return;
        };
        let written = match !is_code && open.text.ends_with('\n') {
            true => written.trim_start(),
            false => &written,
        };
        let is_gap = !is_code && written.trim().is_empty();
        // Between blocks there is no gap but theirs.
        if !is_gap || !(open.text.is_empty() || open.text.ends_with('\n')) {
            open.text.push_str(written);
        }
    }

    /// Adds Markdown.
    pub(super) fn literal(&mut self, markdown: &str) {
        if let Some(open) = self.stack.last_mut() {
            open.text.push_str(markdown);
        }
    }

    /// Begins a link that ends in markup.
    pub(super) fn open_link(&mut self, href: &str) {
        let href = Some(self.base.absolute(href));
        self.push("a", |open| open.href = href);
    }

    /// Begins the list of footnotes, which ends in markup.
    pub(super) fn open_footnotes(&mut self) {
        self.push("ol", |open| open.mark = Some(FOOTNOTES.to_owned()));
    }

    /// Begins an element that ends in markup or with [`Writer::close`].
    pub(super) fn open(&mut self, name: &str, attributes: &str) {
        let base = self.base;
        let is_note = self.stack.last().is_some_and(|open| open.mark.is_some());
        self.push(name, |open| match open.name.as_str() {
            "a" => open.href = attribute(attributes, "href").map(|href| base.absolute(&href)),
            "ol" => {
                let start = attribute(attributes, "start").and_then(|start| start.parse().ok());
                open.next = Some(start.unwrap_or(1));
            }
            "li" if is_note => {
                let id = attribute(attributes, "id").unwrap_or_default();
                let number = id.strip_prefix("footnote-").and_then(|id| id.parse().ok());
                open.mark = number.map(footnote_mark);
            }
            _ => {}
        });
    }

    fn push(&mut self, name: &str, fill: impl FnOnce(&mut Open)) {
        let mut open = Open {
            name: name.to_owned(),
            ..Open::default()
        };
        fill(&mut open);
        self.stack.push(open);
    }

    /// Ends an element, and whatever in it was not ended. The end of nothing is passed over.
    pub(super) fn close(&mut self, name: &str) {
        let Some(at) = self.stack.iter().rposition(|open| open.name == name) else {
            return;
        };
        while self.stack.len() > at.max(1) {
            self.pop();
        }
    }

    fn pop(&mut self) {
        let Some(open) = self.stack.pop() else { return };
        let Some(around) = self.stack.last_mut() else {
            return;
        };
        let text = written(open, around);
        if begins_block(&text) && !(around.text.is_empty() || around.text.ends_with('\n')) {
            around.text.push_str("\n\n");
        }
        around.text.push_str(text.trim_start_matches(BLOCK));
    }

    fn void(&mut self, name: &str, attributes: &str) {
        match name {
            "br" => self.literal("\\\n"),
            "hr" => self.literal("***\n\n"),
            _ => {
                let src = attribute(attributes, "src").unwrap_or_default();
                let alt = attribute(attributes, "alt").unwrap_or_default();
                // A picture without words says nothing to a program.
                if !alt.is_empty() {
                    let src = self.base.absolute(&src);
                    self.literal(&format!("![{}]({src})\n\n", escaped(&alt)));
                }
            }
        }
    }

    /// The whole text, which ends in one line break.
    pub(super) fn finish(mut self) -> String {
        while self.stack.len() > 1 {
            self.pop();
        }
        let text = self.stack.pop().map(|open| open.text).unwrap_or_default();
        let mut out = String::with_capacity(text.len());
        let mut empty = 0;
        for line in text.trim().lines().map(str::trim_end) {
            empty = if line.is_empty() { empty + 1 } else { 0 };
            if empty < 2 {
                out.push_str(line);
                out.push('\n');
            }
        }
        out
    }
}

/// Stands before what is a block of its own, until it is written into what is around it.
const BLOCK: char = '\u{e000}';

fn begins_block(text: &str) -> bool {
    text.starts_with(BLOCK)
}

fn block(text: &str) -> String {
    format!("{BLOCK}{text}\n\n")
}

/// An element that ended, as it stands in the one around it.
fn written(open: Open, around: &mut Open) -> String {
    let text = open.text.trim();
    match open.name.as_str() {
        "p" | "figcaption" => block(&guarded(text)),
        "h2" => block(&format!("## {text}")),
        "h3" => block(&format!("### {text}")),
        "h4" => block(&format!("#### {text}")),
        "strong" => marked("**", &open.text),
        "em" => marked("*", &open.text),
        "del" => marked("~~", &open.text),
        "code" if around.name == "pre" => open.text,
        "code" => code_span(&open.text),
        "pre" => block(&fenced(&open.text)),
        "blockquote" => block(&prefixed(text, "> ", "> ")),
        "ul" | "ol" => block(text),
        "li" => item(&open, around),
        "dt" => block(&format!("**{text}**")),
        "dd" => block(text),
        "a" => match &open.href {
            Some(href) => format!("[{}]({href})", open.text),
            None => open.text,
        },
        "table" => block(text),
        "thead" | "tr" | "th" | "td" => row(&open, around),
        "div" | "section" | "figure" => format!("{BLOCK}{}", open.text),
        _ => open.text,
    }
}

/// Words between marks; gaps at their ends stand outside.
fn marked(mark: &str, text: &str) -> String {
    let inner = text.trim();
    if inner.is_empty() {
        return text.to_owned();
    }
    let before = text.len() - text.trim_start().len();
    let (start, rest) = text.split_at(before);
    let end = rest.strip_prefix(inner).unwrap_or_default();
    format!("{start}{mark}{inner}{mark}{end}")
}

fn code_span(text: &str) -> String {
    if text.contains('`') {
        format!("`` {text} ``")
    } else {
        format!("`{text}`")
    }
}

fn fenced(text: &str) -> String {
    let mut fence = "```".to_owned();
    while text.contains(&fence) {
        fence.push('`');
    }
    format!("{fence}\n{}\n{fence}", text.trim_end())
}

fn item(open: &Open, around: &mut Open) -> String {
    let text = open.text.trim();
    if let Some(mark) = &open.mark {
        return format!("[^{mark}]: {}\n\n", prefixed(text, "", "    "));
    }
    let marker = match &mut around.next {
        Some(next) => {
            *next += 1;
            format!("{}. ", *next - 1)
        }
        None => "- ".to_owned(),
    };
    let inner = " ".repeat(marker.len());
    format!("{}\n", prefixed(&guarded(text), &marker, &inner))
}

/// The parts of a table.
fn row(open: &Open, around: &mut Open) -> String {
    let text = open.text.trim();
    match open.name.as_str() {
        "th" | "td" => format!("| {} ", text.replace('\n', " ").replace('|', "\\|")),
        "thead" => {
            // The cells stand in it without a row.
            let cells = text.trim_end_matches('|').trim_end();
            let count = cells.replace("\\|", "").matches('|').count();
            format!("{cells} |\n{}|\n", "| --- ".repeat(count))
        }
        _ if around.name == "thead" => text.to_owned(),
        _ => format!("{text} |\n"),
    }
}

fn prefixed(text: &str, first: &str, others: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, line) in text.lines().enumerate() {
        if at > 0 {
            out.push('\n');
        }
        let prefix = if at == 0 { first } else { others };
        match line.is_empty() {
            true => out.push_str(prefix.trim_end()),
            false => out.push_str(&format!("{prefix}{line}")),
        }
    }
    out
}

/// Signs that would mean something in Markdown mean themselves.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for sign in text.chars() {
        if matches!(sign, '\\' | '*' | '_' | '`' | '[' | ']' | '<' | '~') {
            out.push('\\');
        }
        out.push(if sign == '\n' { ' ' } else { sign });
    }
    out
}

/// A paragraph that does not begin like another kind of block.
fn guarded(text: &str) -> String {
    let digits = text.len()
        - text
            .trim_start_matches(|sign: char| sign.is_ascii_digit())
            .len();
    let after = text.get(digits..).unwrap_or_default();
    if digits > 0 && after.starts_with(['.', ')']) {
        let number = text.get(..digits).unwrap_or_default();
        return format!("{number}\\{after}");
    }
    // A list in an item begins so by itself.
    let is_list = text.starts_with("- ") && text.contains('\n');
    if text.starts_with(['#', '>', '+', '=']) || text.starts_with("- ") && !is_list {
        return format!("\\{text}");
    }
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: Base<'_> = Base {
        origin: "https://clinic.example",
        path: "/articles/a",
    };

    #[test]
    fn markup_of_ours_becomes_markdown() {
        let rows = [
            ("<p>One\ntwo</p>\n<p>Three</p>\n", "One two\n\nThree\n"),
            ("<h2 id=\"a\">A &amp; b</h2>\n<p>C</p>", "## A & b\n\nC\n"),
            (
                "<p><strong>a </strong>b <em>c</em> <del>d</del></p>",
                "**a** b *c* ~~d~~\n",
            ),
            ("<p>2 * 3 [x] _y_</p>", "2 \\* 3 \\[x\\] \\_y\\_\n"),
            (
                "<p>- no list</p><p>1. nor this</p>",
                "\\- no list\n\n1\\. nor this\n",
            ),
            (
                "<p><a href=\"/articles/b#c\">d</a> <a href=\"#e\">f</a></p>",
                "[d](https://clinic.example/articles/b#c) [f](https://clinic.example/articles/a#e)\n",
            ),
            (
                "<ul>\n<li>a</li>\n<li>b\n<ul>\n<li>c</li>\n</ul>\n</li>\n</ul>\n<p>d</p>",
                "- a\n- b\n\n  - c\n\nd\n",
            ),
            (
                "<ol start=\"3\">\n<li>\n<p>a</p>\n<p>b</p>\n</li>\n<li>c</li>\n</ol>",
                "3. a\n\n   b\n4. c\n",
            ),
            (
                "<blockquote>\n<p>a</p>\n<p>b</p>\n</blockquote>",
                "> a\n>\n> b\n",
            ),
            (
                "<table><thead><tr><th>a</th><th>b|c</th></tr></thead><tbody>\n<tr><td>1</td><td>2</td></tr>\n</tbody></table>",
                "| a | b\\|c |\n| --- | --- |\n| 1 | 2 |\n",
            ),
            (
                "<pre><code class=\"language-text\">a * b\n</code></pre>\n<p><code>c</code></p>",
                "```\na * b\n```\n\n`c`\n",
            ),
            ("<dl><dt>a</dt>\n<dd>b</dd>\n</dl>", "**a**\n\nb\n"),
            (
                "<div><figure><img src=\"/p.svg\" alt=\"q\" width=\"1\"><figcaption>r</figcaption></figure></div>\n<p>s</p>",
                "![q](https://clinic.example/p.svg)\n\nr\n\ns\n",
            ),
            ("<hr />\n<p>a<br />\nb</p>", "***\n\na\\\nb\n"),
        ];
        for (markup, markdown) in rows {
            let mut writer = Writer::new(BASE);
            writer.markup(markup);
            assert_eq!(writer.finish(), markdown, "{markup}");
        }
    }

    #[test]
    fn an_element_may_begin_in_one_part_and_end_in_another() {
        let mut writer = Writer::new(BASE);
        writer.markup("<p>Go if ");
        writer.open_link("#care-emergency");
        writer.words("it hurts");
        writer.markup("</a>.</p>\n</div>");
        assert_eq!(
            writer.finish(),
            "Go if [it hurts](https://clinic.example/articles/a#care-emergency).\n"
        );
    }
}
