//! What may enter a page with a drawing: a few shapes, places as numbers, and classes
//! of our own style sheet. The list stands apart from what is done with it, so that
//! whoever wants to know what is safe here reads one short file.

/// The classes that a shape or text may have; `diagram.css` says what each looks like.
pub(super) const CLASSES: [&str; 31] = [
    "skin",
    "bone",
    "muscle",
    "soft",
    "lining",
    "fluid",
    "air",
    "white",
    "edge",
    "nerve",
    "vessel",
    "band",
    "wall-edge",
    "wall",
    "accent",
    "accent-line",
    "accent-wash",
    "outline",
    "line",
    "detail",
    "dashed",
    "arrow",
    "arrow-head",
    "leader",
    "dot",
    "badge",
    "label",
    "label-end",
    "label-middle",
    "number",
    "note",
];

/// The elements of a drawing, each with what it may have besides `class` and `transform`.
pub(super) const ELEMENTS: [(&str, &[&str]); 10] = [
    ("g", &[]),
    ("path", &["d"]),
    ("circle", &["cx", "cy", "r"]),
    ("ellipse", &["cx", "cy", "rx", "ry"]),
    ("rect", &["x", "y", "width", "height", "rx", "ry"]),
    ("line", &["x1", "y1", "x2", "y2"]),
    ("polyline", &["points"]),
    ("polygon", &["points"]),
    ("text", &["x", "y"]),
    ("tspan", &["x", "y", "dx", "dy"]),
];

/// Widths of a view, in units. At 320 and 16 units a letter, words stay above 14 px on a phone of 320 px.
pub(super) const WIDTHS: std::ops::RangeInclusive<u16> = 240..=320;
/// Heights of a view, in units: what a phone shows without scrolling.
pub(super) const HEIGHTS: std::ops::RangeInclusive<u16> = 80..=480;

pub(super) fn is_known(element: &str) -> bool {
    ELEMENTS.iter().any(|(known, _)| *known == element)
}

/// Says what was expected where a value does not tell a place.
pub(super) fn expect_place(attribute: &str, value: &str) -> Result<(), &'static str> {
    let is_numeric = |sign: char| sign.is_ascii_digit() || " .,-+e\n".contains(sign);
    match attribute {
        "d" => {
            let fits = |sign: char| is_numeric(sign) || "MmLlHhVvCcSsQqTtAaZz".contains(sign);
            let is_path = value.starts_with(['M', 'm']) && value.chars().all(fits);
            is_path.then_some(()).ok_or("path commands and numbers")
        }
        "points" => value.chars().all(is_numeric).then_some(()).ok_or("numbers"),
        _ => {
            let is_number = value.chars().all(is_numeric) && value.parse::<f32>().is_ok();
            is_number.then_some(()).ok_or("a number")
        }
    }
}

/// Says what was expected where a value moves nothing.
pub(super) fn expect_move(value: &str) -> Result<(), &'static str> {
    const MOVES: [&str; 6] = ["translate", "rotate", "scale", "skewX", "skewY", "matrix"];
    let is_numbers = |text: &str| {
        let fits = |sign: char| sign.is_ascii_digit() || " .,-+e".contains(sign);
        !text.is_empty() && text.chars().all(fits)
    };
    let is_one = |part: &str| {
        let (name, numbers) = part.split_once('(')?;
        (MOVES.contains(&name.trim()) && is_numbers(numbers)).then_some(())
    };
    let inside = value.trim().strip_suffix(')');
    let parts =
        inside.and_then(|inside| inside.split(')').map(is_one).collect::<Option<Vec<()>>>());
    parts.map(drop).ok_or("moves such as `rotate(45)`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_style_sheet_says_what_each_class_looks_like() {
        let sheet = include_str!("../../../../static/css/components/charts/diagram.css");
        for class in CLASSES {
            let ends = [" ", ",", "\n"].map(|end| format!(".diagram__{class}{end}"));
            assert!(ends.iter().any(|end| sheet.contains(end)), "{class}");
        }
    }

    #[test]
    fn places_are_numbers_and_nothing_else() {
        let rows = [
            ("d", "M0 0L9 9z", true),
            ("d", "m1.5-2 3,4a1 1 0 0 1 2 2", true),
            ("d", "url(#a)", false),
            ("d", "", false),
            ("points", "0,0 9,9", true),
            ("points", "a", false),
            ("x", "-1.5", true),
            ("x", "NaN", false),
            ("x", "5px", false),
        ];
        for (attribute, value, fits) in rows {
            assert_eq!(
                expect_place(attribute, value).is_ok(),
                fits,
                "{attribute} {value}"
            );
        }
        for (value, fits) in [
            ("translate(10 10)", true),
            ("translate(1,2) rotate(-9)", true),
            ("url(#a)", false),
            ("rotate()", false),
            ("rotate(4) a", false),
        ] {
            assert_eq!(expect_move(value).is_ok(), fits, "{value}");
        }
    }
}
