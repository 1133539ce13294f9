//! Diagrams: labelled drawings that a designer keeps as SVG files in
//! `static/diagrams/` and a text shows by name. They stand apart from pictures because
//! they become part of the page itself, so that they take its colors and fonts: a file
//! is read, judged and written anew, and never copied.

mod allowed;
mod drawing;
mod xml;

use std::collections::BTreeMap;
use std::sync::Arc;

use self::drawing::{Judged, judge};
use super::piece::Html;
use crate::diagnostic::{Code, Diagnostic};
use crate::file::{Place, SourceFile};
use crate::id::Id;

/// The folder of the files, relative to the content folder.
pub const FOLDER: &str = "static/diagrams/";

/// A drawing that was found safe and readable. Only made here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagram {
    /// What it shows, for those who can't see it.
    pub title: String,
    /// Width and height of the view, in units of which 320 fill the width of a phone.
    pub size: (u16, u16),
    /// What is inside the `svg` element.
    pub markup: Html,
    /// What it names.
    pub parts: Parts,
}

/// How a drawing names its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Parts {
    /// By words, in the order of the file, each once, never empty.
    Words(Vec<String>),
    /// By numbers from 1 to this one.
    Numbers(usize),
}

/// The name of a diagram: its file's name without `.svg`.
pub type DiagramId = Id<Diagram>;

/// Diagrams by name. One that never was good is `None`.
pub type Diagrams = BTreeMap<DiagramId, Option<Arc<Diagram>>>;

/// Reads every diagram among files by path. What broke is taken from `last`.
///
/// # Diagnostics
/// `diagram-malformed` for what a page can't show, at its place in the file. For the designer.
pub fn read_diagrams(
    files: &BTreeMap<String, Arc<[u8]>>,
    last: Option<&Diagrams>,
) -> (Diagrams, Vec<Diagnostic>) {
    let mut diagrams = Diagrams::new();
    let mut faults = Vec::new();
    let below = files.range(FOLDER.to_owned()..);
    for (path, bytes) in below.take_while(|(path, _)| path.starts_with(FOLDER)) {
        let Some(name) = name_of(path) else {
            let message = "the name of this file can't be that of a diagram".to_owned();
            let fault = Diagnostic::new(Code::DiagramMalformed, Place::start_of(&**path), message);
            let help = "name it with lower-case letters and hyphens, such as `knee.svg`";
            faults.push(fault.help(help));
            continue;
        };
        let (diagram, found) = read_diagram(path, bytes);
        faults.extend(found);
        let last = || last.and_then(|last| last.get(&name).cloned().flatten());
        let diagram = diagram.map(Arc::new).or_else(last);
        diagrams.insert(name, diagram);
    }
    (diagrams, faults)
}

fn name_of(path: &str) -> Option<DiagramId> {
    let name = path.strip_prefix(FOLDER)?.strip_suffix(".svg")?;
    name.parse().ok()
}

fn read_diagram(path: &str, bytes: &[u8]) -> (Option<Diagram>, Vec<Diagnostic>) {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => {
            let message = "this drawing was not saved as UTF-8";
            let fault = Diagnostic::new(Code::DiagramMalformed, Place::start_of(path), message);
            return (None, vec![fault.help("choose \"UTF-8\" when you save it")]);
        }
    };
    let file = SourceFile::new(path, text);
    let Judged { diagram, faults } = judge(text);
    let told = faults.into_iter().map(|fault| {
        let place = file.place(fault.at);
        Diagnostic::new(Code::DiagramMalformed, place, fault.message).help(fault.help)
    });
    let told: Vec<Diagnostic> = told.collect();
    (diagram.filter(|_| told.is_empty()), told)
}

impl Parts {
    /// What the list below the drawing must name, as an author is told.
    pub(super) fn told(&self) -> String {
        match self {
            Self::Words(words) => {
                let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
                quoted.join(", ")
            }
            Self::Numbers(last) => format!("1 to {last}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads one file, and gives what it became or its faults as printed without the path.
    fn read(inside: &str) -> Result<Diagram, Vec<String>> {
        let path = "static/diagrams/a-b.svg";
        let files = BTreeMap::from([(path.to_owned(), Arc::from(inside.as_bytes()))]);
        let (mut diagrams, faults) = read_diagrams(&files, None);
        let told = faults.iter().map(|fault| {
            let (line, column) = (fault.place.line, fault.place.column);
            format!("{line}:{column} {}", fault.message)
        });
        let told: Vec<String> = told.collect();
        let read = diagrams.remove(&"a-b".parse().unwrap()).flatten();
        read.map(Arc::unwrap_or_clone).ok_or(told)
    }

    const START: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 320 200\">\n<title>A knee</title>\n";
    const LABEL: &str = "<text class=\"label\" x=\"9\" y=\"20\">Bone</text>\n";

    fn drawn(inside: &str) -> Result<Diagram, Vec<String>> {
        read(&format!("{START}{LABEL}{inside}</svg>\n"))
    }

    #[test]
    fn a_drawing_is_written_anew_with_our_classes() {
        let inside = "<!-- bone --><g class=\"bone\"><path d=\"M1 2C3-4 5.5 6e1 7,8z\"/></g>\n\
            <text class=\"label label-end\" x=\"300\" y=\"40\">Soft <tspan x=\"300\" dy=\"20\">&amp; hard</tspan></text>";
        let read = drawn(inside).unwrap();
        assert_eq!(
            read.markup.as_str(),
            "<text class=\"diagram__label\" x=\"9\" y=\"20\">Bone</text>\
             <g class=\"diagram__bone\"><path d=\"M1 2C3-4 5.5 6e1 7,8z\"/></g>\
             <text class=\"diagram__label diagram__label-end\" x=\"300\" y=\"40\">Soft <tspan x=\"300\" dy=\"20\">&amp; hard</tspan></text>"
        );
        assert_eq!(read.size, (320, 200));
        assert_eq!(read.title, "A knee");
        let words = ["Bone", "Soft & hard"].map(str::to_owned).to_vec();
        assert_eq!(read.parts, Parts::Words(words));
    }

    #[test]
    fn what_a_page_can_not_show_is_told_where_it_stands() {
        let rows = [
            (
                "<script>a()</script>",
                "4:1 `script` is nothing that a drawing holds",
            ),
            ("<a href=\"b\"/>", "4:1 `a` is nothing that a drawing holds"),
            (
                "<image href=\"b\"/>",
                "4:1 `image` is nothing that a drawing holds",
            ),
            (
                "<style>*{}</style>",
                "4:1 `style` is nothing that a drawing holds",
            ),
            (
                "<foreignObject/>",
                "4:1 `foreignObject` is nothing that a drawing holds",
            ),
            (
                "<path class=\"bone\" d=\"M0 0\" onclick=\"a()\"/>",
                "4:29 `path` has no `onclick` here",
            ),
            (
                "<path class=\"bone\" d=\"M0 0\" style=\"a\"/>",
                "4:29 `path` has no `style` here",
            ),
            (
                "<path class=\"bone\" d=\"M0 0\" fill=\"#fff\"/>",
                "4:29 `path` has no `fill` here",
            ),
            ("<g class=\"bone\" id=\"a\"/>", "4:17 `g` has no `id` here"),
            (
                "<path class=\"bone\" d=\"url(#a)\"/>",
                "4:20 `d` is `url(#a)`, expected path commands and numbers",
            ),
            (
                "<circle class=\"bone\" r=\"5px\"/>",
                "4:22 `r` is `5px`, expected a number",
            ),
            (
                "<g class=\"bone\" transform=\"url(a)\"/>",
                "4:17 `transform` is `url(a)`, expected moves such as `rotate(45)`",
            ),
            (
                "<path class=\"bon\" d=\"M0 0\"/>",
                "4:7 `bon` is no class of drawings",
            ),
            (
                "<path d=\"M0 0\"/>",
                "4:1 this `path` has no class, so nothing gives it a color",
            ),
            (
                "<text x=\"1\" y=\"1\">A</text>",
                "4:1 this text is neither label, number nor note",
            ),
            ("<g>a</g>", "4:4 words stand outside of a `text` element"),
            ("<g class=\"bone\">", "4:17 `g` is closed with `svg`"),
            (
                "<text class=\"number\" x=\"50\" y=\"1\">1</text>",
                "4:1 the drawing has labels and numbers",
            ),
            (
                "<text class=\"label\" x=\"300\" y=\"20\">A long label</text>",
                "4:1 the text `A long label` runs out of the view",
            ),
        ];
        for (inside, expected) in rows {
            let told = drawn(inside).unwrap_err();
            assert_eq!(told.first().map(String::as_str), Some(expected), "{inside}");
        }
    }

    #[test]
    fn a_drawing_has_a_view_for_phones_a_title_and_parts() {
        let rows = [
            ("<p/>", "1:1 a drawing begins with `svg`"),
            (
                "<svg viewBox=\"0 0 320 200\"><title>A</title></svg>",
                "1:1 the drawing names no part",
            ),
            (
                "<svg viewBox=\"0 0 640 200\"><title>A</title></svg>",
                "1:6 the view is `0 0 640 200`, expected `0 0 WIDTH HEIGHT` with a width of 240 to 320 and a height of 80 to 480",
            ),
            (
                "<svg><title>A</title></svg>",
                "1:1 the drawing has no `viewBox`",
            ),
            (
                "<svg viewBox=\"0 0 320 200\"><text class=\"label\" x=\"9\" y=\"20\">A</text></svg>",
                "1:1 the drawing has no title",
            ),
            (
                "<svg viewBox=\"0 0 320 200\"><title>A</title><text class=\"number\" x=\"9\" y=\"20\">2</text></svg>",
                "1:1 the drawing has no number 1",
            ),
            (
                "<svg viewBox=\"0 0 320 200\"><title>A</title><text class=\"number\" x=\"9\" y=\"20\">a</text></svg>",
                "1:44 `a` is no number from 1 to 20",
            ),
            ("", "1:1 the file is empty"),
        ];
        for (text, expected) in rows {
            let told = read(text).unwrap_err();
            assert!(told.iter().any(|own| own == expected), "{text}: {told:?}");
        }
    }

    #[test]
    fn a_broken_drawing_keeps_its_last_good_form() {
        let sound = format!("{START}{LABEL}</svg>");
        let path = "static/diagrams/a-b.svg".to_owned();
        let files = |text: &str| BTreeMap::from([(path.clone(), Arc::from(text.as_bytes()))]);
        let (last, faults) = read_diagrams(&files(&sound), None);
        assert_eq!(faults, []);
        let (now, faults) = read_diagrams(&files("<svg>"), Some(&last));
        assert!(!faults.is_empty());
        assert_eq!(now, last);
    }
}
