//! Judges a drawing and writes it anew. It stands apart because nothing else makes
//! markup of what a designer saved: what is not allowed is refused and told, and never
//! cleaned away.

use super::allowed::{CLASSES, ELEMENTS, HEIGHTS, WIDTHS, expect_move, expect_place, is_known};
use super::xml::{Attribute, Closing, Element, Token, tokens};
use super::{Diagram, Parts};
use crate::content::markdown::piece::Html;
use crate::content::markdown::walk::escaped;

/// The largest number that a drawing may name parts by.
const MOST_NUMBERS: usize = 20;
/// Units that a letter takes at the least, on the average of a label; see the size in `diagram.css`.
const LETTER_WIDTH: f32 = 6.0;

/// What came of a drawing.
pub(super) struct Judged {
    /// The drawing, as far as it could be read.
    pub(super) diagram: Option<Diagram>,
    /// What is wrong with it, in the order of the file.
    pub(super) faults: Vec<Fault>,
}

/// One thing that the designer should mend.
pub(super) struct Fault {
    /// Byte offset in the file.
    pub(super) at: usize,
    pub(super) message: String,
    pub(super) help: String,
}

/// Judges the text of an SVG file.
pub(super) fn judge(text: &str) -> Judged {
    let mut judging = Judging::default();
    match tokens(text) {
        Err(broken) => {
            let help = "a drawing is plain SVG: elements, attributes in double quotes, text";
            judging.fault(broken.at, broken.message, help);
        }
        Ok(found) if found.is_empty() => {
            judging.fault(0, "the file is empty", "put an `svg` element into it");
        }
        Ok(found) => found.into_iter().for_each(|token| judging.token(token)),
    }
    judging.end()
}

/// An element that is open.
struct Open<'a> {
    name: &'a str,
    kind: Kind,
    has_class: bool,
}

/// What an element is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Root,
    Title,
    Group,
    Shape,
    Text,
    /// What was refused; nothing in it is looked at.
    Refused,
}

/// A text of the drawing that is being read or was read.
struct Words {
    role: Role,
    at: usize,
    /// The horizontal place of its first letter, or of its last or middle one.
    x: f32,
    anchor: Anchor,
    text: String,
    /// The longest of its lines, in letters.
    longest: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Label,
    Number,
    Note,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Anchor {
    Start,
    Middle,
    End,
}

#[derive(Default)]
struct Judging<'a> {
    stack: Vec<Open<'a>>,
    started: bool,
    size: Option<(u16, u16)>,
    title: String,
    markup: String,
    texts: Vec<Words>,
    faults: Vec<Fault>,
}

impl<'a> Judging<'a> {
    fn fault(&mut self, at: usize, message: impl Into<String>, help: impl Into<String>) {
        self.faults.push(Fault {
            at,
            message: message.into(),
            help: help.into(),
        });
    }

    fn token(&mut self, token: Token<'a>) {
        match token {
            Token::Open(element) => self.open(&element),
            Token::Close(name, at) => self.close(name, at),
            Token::Text(text, at) => self.text(&text, at),
        }
    }

    fn open(&mut self, element: &Element<'a>) {
        let kind = self.kind(element);
        let has_class = match kind {
            Kind::Root => {
                self.root(element);
                false
            }
            Kind::Title | Kind::Refused => false,
            Kind::Group | Kind::Shape | Kind::Text => self.written(element, kind),
        };
        if element.closing == Closing::Later {
            self.stack.push(Open {
                name: element.name,
                kind,
                has_class,
            });
        }
    }

    /// What an element is for, where it stands.
    fn kind(&mut self, element: &Element<'a>) -> Kind {
        let (name, at) = (element.name, element.at);
        let above = self.stack.last().map(|open| open.kind);
        let kind = match (name, above) {
            (_, Some(Kind::Refused)) => return Kind::Refused,
            ("svg", None) if !self.started => Some(Kind::Root),
            (_, None) => {
                let message = match self.started {
                    true => "something stands after the end of the `svg` element",
                    false => "a drawing begins with `svg`",
                };
                self.fault(at, message, "put everything into one `svg` element");
                None
            }
            ("title", Some(Kind::Root)) => Some(Kind::Title),
            ("tspan", Some(Kind::Text)) => Some(Kind::Text),
            ("g", Some(Kind::Root | Kind::Group)) => Some(Kind::Group),
            ("text", Some(Kind::Root | Kind::Group)) => Some(Kind::Text),
            (_, Some(Kind::Root | Kind::Group)) if name != "tspan" && is_known(name) => {
                Some(Kind::Shape)
            }
            _ => {
                let known: Vec<&str> = ELEMENTS.iter().map(|(known, _)| *known).collect();
                let help = format!("draw with {}", known.join(", "));
                let message = match is_known(name) {
                    true => format!("`{name}` stands where it can't"),
                    false => format!("`{name}` is nothing that a drawing holds"),
                };
                self.fault(at, message, help);
                None
            }
        };
        self.started = true;
        kind.unwrap_or(Kind::Refused)
    }

    fn root(&mut self, element: &Element<'a>) {
        let mut has_view = false;
        for own in &element.attributes {
            match own.name {
                "xmlns" if own.value == "http://www.w3.org/2000/svg" => {}
                "viewBox" => {
                    has_view = true;
                    self.view(own);
                }
                _ => self.not_here("svg", own),
            }
        }
        if !has_view {
            let help = "write `viewBox=\"0 0 320 240\"`";
            self.fault(element.at, "the drawing has no `viewBox`", help);
        }
    }

    fn view(&mut self, own: &Attribute<'a>) {
        let numbers: Vec<Option<u16>> =
            own.value.split(' ').map(|part| part.parse().ok()).collect();
        match numbers.as_slice() {
            [Some(0), Some(0), Some(width), Some(height)]
                if WIDTHS.contains(width) && HEIGHTS.contains(height) =>
            {
                self.size = Some((*width, *height));
            }
            _ => {
                let message = format!(
                    "the view is `{}`, expected `0 0 WIDTH HEIGHT` with a width of {} to {} and a height of {} to {}",
                    own.value,
                    WIDTHS.start(),
                    WIDTHS.end(),
                    HEIGHTS.start(),
                    HEIGHTS.end()
                );
                let help = "draw for a phone, where 16 units are the height of a letter";
                self.fault(own.at, message, help);
            }
        }
    }

    fn not_here(&mut self, element: &str, own: &Attribute<'a>) {
        let message = format!("`{element}` has no `{}` here", own.name);
        let help = match own.name {
            "id" | "href" | "xlink:href" => "take it out: a page may show several drawings",
            _ => "take it out: colors, widths and letters come from the class",
        };
        self.fault(own.at, message, help);
    }

    /// Writes the start of an element of the drawing, and tells whether it has a class.
    fn written(&mut self, element: &Element<'a>, kind: Kind) -> bool {
        let name = element.name;
        let known = ELEMENTS.iter().find(|(known, _)| *known == name);
        let allowed = known.map_or(&[][..], |(_, allowed)| *allowed);
        self.markup.push('<');
        self.markup.push_str(name);
        let mut has_class = false;
        for own in &element.attributes {
            let expected = match own.name {
                "class" => {
                    has_class = true;
                    self.classes(own);
                    continue;
                }
                "transform" if name != "tspan" => expect_move(own.value),
                attribute if allowed.contains(&attribute) => expect_place(attribute, own.value),
                _ => {
                    self.not_here(name, own);
                    continue;
                }
            };
            if let Err(expected) = expected {
                let message = format!("`{}` is `{}`, expected {expected}", own.name, own.value);
                self.fault(own.at, message, "write it as a drawing program saves it");
            }
            self.markup
                .push_str(&format!(" {}=\"{}\"", own.name, escaped(own.value)));
        }
        let is_colored = has_class || self.stack.iter().any(|open| open.has_class);
        if kind == Kind::Shape && !is_colored {
            let message = format!("this `{name}` has no class, so nothing gives it a color");
            self.fault(
                element.at,
                message,
                format!("the classes are {}", CLASSES.join(", ")),
            );
        }
        if kind == Kind::Text {
            self.begin_text(element);
        }
        self.markup.push_str(match element.closing {
            Closing::Here => "/>",
            Closing::Later => ">",
        });
        has_class
    }

    fn classes(&mut self, own: &Attribute<'a>) {
        let mut written = Vec::new();
        for class in own.value.split_ascii_whitespace() {
            if CLASSES.contains(&class) {
                written.push(format!("diagram__{class}"));
            } else {
                let message = format!("`{class}` is no class of drawings");
                self.fault(
                    own.at,
                    message,
                    format!("the classes are {}", CLASSES.join(", ")),
                );
            }
        }
        self.markup
            .push_str(&format!(" class=\"{}\"", written.join(" ")));
    }

    fn begin_text(&mut self, element: &Element<'a>) {
        if element.name == "tspan" {
            return;
        }
        let value = |name: &str| {
            let mut all = element.attributes.iter();
            all.find(|own| own.name == name).map_or("", |own| own.value)
        };
        let classes: Vec<&str> = value("class").split_ascii_whitespace().collect();
        let role = match classes.first() {
            Some(&"label") => Role::Label,
            Some(&"number") => Role::Number,
            Some(&"note") => Role::Note,
            _ => {
                let help =
                    "write `class=\"label\"` for a part, or `class=\"note\"` for a word beside it";
                let message = "this text is neither label, number nor note";
                self.fault(element.at, message, help);
                Role::Note
            }
        };
        let anchor = match role {
            Role::Number => Anchor::Middle,
            _ if classes.contains(&"label-end") => Anchor::End,
            _ if classes.contains(&"label-middle") => Anchor::Middle,
            _ => Anchor::Start,
        };
        self.texts.push(Words {
            role,
            at: element.at,
            x: value("x").parse().unwrap_or_default(),
            anchor,
            text: String::new(),
            longest: 0,
        });
    }

    fn text(&mut self, text: &str, at: usize) {
        match self.stack.last().map(|open| open.kind) {
            Some(Kind::Title) => self.title.push_str(text.trim()),
            Some(Kind::Text) => {
                self.markup.push_str(&escaped(text));
                if let Some(words) = self.texts.last_mut() {
                    let line = text.trim();
                    let gap = if words.text.is_empty() { "" } else { " " };
                    words.text.push_str(gap);
                    words.text.push_str(line);
                    words.longest = words.longest.max(line.chars().count());
                }
            }
            Some(Kind::Refused) => {}
            _ => {
                let help = "put them into `<text class=\"label\" x=\"\" y=\"\">`";
                self.fault(at, "words stand outside of a `text` element", help);
            }
        }
    }

    fn close(&mut self, name: &str, at: usize) {
        let Some(open) = self.stack.pop() else {
            self.fault(
                at,
                format!("`{name}` is closed and was never open"),
                "take it out",
            );
            return;
        };
        if open.name != name {
            let message = format!("`{}` is closed with `{name}`", open.name);
            self.fault(at, message, format!("write `</{}>` first", open.name));
            let closed = self.stack.iter().rposition(|outer| outer.name == name);
            self.stack.truncate(closed.unwrap_or(self.stack.len()));
        }
        if matches!(open.kind, Kind::Group | Kind::Shape | Kind::Text) {
            self.markup.push_str(&format!("</{}>", open.name));
        }
    }

    fn end(mut self) -> Judged {
        if let Some(open) = self.stack.pop() {
            let message = format!("`{}` is never closed", open.name);
            self.fault(0, message, format!("write `</{}>`", open.name));
        }
        if self.faults.is_empty() && self.title.is_empty() {
            let help = "write `<title>What it shows</title>` as its first element";
            self.fault(0, "the drawing has no title", help);
        }
        self.tell_texts_outside();
        let parts = self.parts();
        let diagram = self.size.zip(parts).map(|(size, parts)| Diagram {
            title: self.title,
            size,
            markup: Html::new(self.markup),
            parts,
        });
        self.faults.sort_by_key(|fault| fault.at);
        Judged {
            diagram,
            faults: self.faults,
        }
    }

    /// Tells texts that end outside of the view even if all their letters are narrow.
    fn tell_texts_outside(&mut self) {
        let Some((width, _)) = self.size else { return };
        let outside = self.texts.iter().filter(|words| {
            let length = f32::from(u16::try_from(words.longest).unwrap_or(u16::MAX)) * LETTER_WIDTH;
            let start = match words.anchor {
                Anchor::Start => words.x,
                Anchor::Middle => words.x - length / 2.0,
                Anchor::End => words.x - length,
            };
            start < 0.0 || start + length > f32::from(width)
        });
        let told: Vec<(usize, String)> = outside
            .map(|words| {
                (
                    words.at,
                    format!("the text `{}` runs out of the view", words.text),
                )
            })
            .collect();
        for (at, message) in told {
            self.fault(at, message, "move it, or break it into lines with `tspan`");
        }
    }

    /// What the drawing names; none after a fault.
    fn parts(&mut self) -> Option<Parts> {
        let of = |role: Role| {
            let texts = self.texts.iter().filter(move |words| words.role == role);
            texts.map(|words| (words.at, words.text.clone()))
        };
        let (labels, numbers): (Vec<_>, Vec<_>) =
            (of(Role::Label).collect(), of(Role::Number).collect());
        match (labels.as_slice(), numbers.as_slice()) {
            ([], []) => {
                let help = "write `<text class=\"label\" x=\"\" y=\"\">` beside each part";
                if self.faults.is_empty() {
                    self.fault(0, "the drawing names no part", help);
                }
                None
            }
            (_, []) => {
                let mut words: Vec<String> = Vec::new();
                for (_, label) in labels {
                    if !words.contains(&label) {
                        words.push(label);
                    }
                }
                Some(Parts::Words(words))
            }
            ([], _) => self.numbers(&numbers),
            (_, [(at, _), ..]) => {
                let help = "name all parts by words, or all by numbers";
                self.fault(*at, "the drawing has labels and numbers", help);
                None
            }
        }
    }

    fn numbers(&mut self, written: &[(usize, String)]) -> Option<Parts> {
        let mut numbers = Vec::new();
        for (at, text) in written {
            match text.parse::<usize>() {
                Ok(number) if (1..=MOST_NUMBERS).contains(&number) => numbers.push(number),
                _ => {
                    let message = format!("`{text}` is no number from 1 to {MOST_NUMBERS}");
                    self.fault(*at, message, "number the parts as the list below them does");
                }
            }
        }
        let last = numbers.iter().copied().max()?;
        if let Some(missing) = (1..=last).find(|number| !numbers.contains(number)) {
            let help = "number the parts without a gap";
            self.fault(0, format!("the drawing has no number {missing}"), help);
        }
        Some(Parts::Numbers(last))
    }
}
