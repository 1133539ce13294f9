//! How wide a text is in our typeface, and how it breaks into lines. It stands apart
//! because a picture can't reflow: what does not fit must be known before it is drawn.
//! Widths are never less than those of the font; the tool that draws proves it.

/// Advance widths of U+0020 to U+007E in Atkinson Hyperlegible Next, at weight 400 or 650, whichever is wider.
/// Unit: thousandths of the type size. Source: the font in `static/fonts/`.
const ASCII_WIDTHS: [u16; 95] = [
    307, 300, 376, 747, 607, 961, 731, 202, 329, 329, 485, 606, 262, 371, 262, 432, 657, 435, 574,
    596, 622, 604, 622, 533, 623, 595, 262, 262, 567, 628, 567, 537, 781, 670, 638, 656, 685, 593,
    564, 714, 700, 419, 553, 658, 550, 853, 713, 741, 623, 751, 644, 607, 599, 690, 636, 881, 675,
    638, 616, 336, 432, 344, 577, 396, 281, 548, 591, 506, 591, 559, 357, 588, 568, 293, 257, 545,
    309, 876, 568, 572, 591, 595, 372, 502, 368, 563, 519, 731, 530, 510, 498, 375, 251, 375, 555,
];

/// At least as wide as any letter beyond ASCII that is not a small one, in thousandths.
const WIDE: u32 = 1025;
/// At least as wide as any small letter beyond ASCII but the two joined ones, in thousandths.
const SMALL: u32 = 735;

/// Characters beyond ASCII that the font draws, as ranges, ascending. Source: the fonts in `static/fonts/`.
const BEYOND_ASCII: [(char, char); 36] = [
    ('\u{a0}', '\u{a1}'),
    ('\u{a3}', '\u{a3}'),
    ('\u{a7}', '\u{a7}'),
    ('\u{a9}', '\u{ab}'),
    ('\u{ae}', '\u{ae}'),
    ('\u{b0}', '\u{b4}'),
    ('\u{b6}', '\u{b7}'),
    ('\u{b9}', '\u{107}'),
    ('\u{10a}', '\u{113}'),
    ('\u{116}', '\u{11b}'),
    ('\u{11e}', '\u{123}'),
    ('\u{126}', '\u{127}'),
    ('\u{12a}', '\u{12b}'),
    ('\u{12e}', '\u{133}'),
    ('\u{136}', '\u{137}'),
    ('\u{139}', '\u{13e}'),
    ('\u{141}', '\u{148}'),
    ('\u{150}', '\u{155}'),
    ('\u{158}', '\u{15b}'),
    ('\u{15e}', '\u{165}'),
    ('\u{16a}', '\u{16b}'),
    ('\u{16e}', '\u{17e}'),
    ('\u{218}', '\u{21b}'),
    ('\u{1e80}', '\u{1e85}'),
    ('\u{1e9e}', '\u{1e9e}'),
    ('\u{1ef2}', '\u{1ef3}'),
    ('\u{2009}', '\u{2009}'),
    ('\u{2013}', '\u{2014}'),
    ('\u{2018}', '\u{2019}'),
    ('\u{201c}', '\u{201d}'),
    ('\u{2022}', '\u{2022}'),
    ('\u{2026}', '\u{2026}'),
    ('\u{2044}', '\u{2044}'),
    ('\u{20ac}', '\u{20ac}'),
    ('\u{2122}', '\u{2122}'),
    ('\u{2212}', '\u{2212}'),
];

/// Whether our typeface has every letter of a text. A text in another script is not drawn at all: empty boxes would
/// say nothing, and a picture with half a title would say something wrong.
pub fn is_drawable(text: &str) -> bool {
    text.chars().all(|letter| {
        (' '..='~').contains(&letter)
            || BEYOND_ASCII
                .iter()
                .any(|(first, last)| (*first..=*last).contains(&letter))
    })
}

/// The width of a text at a type size, never less than it is drawn. Unit of both: pixels.
pub fn width(text: &str, size: u32) -> u32 {
    let thousandths: u32 = text.chars().map(advance).sum();
    (thousandths * size).div_ceil(1000)
}

/// The advance of one letter in thousandths of the type size.
fn advance(letter: char) -> u32 {
    let at = u32::from(letter).checked_sub(u32::from(' '));
    let ascii = at.and_then(|at| ASCII_WIDTHS.get(usize::try_from(at).ok()?));
    match ascii {
        Some(own) => u32::from(*own),
        None if letter.is_lowercase() && !"æœ".contains(letter) => SMALL,
        None => WIDE,
    }
}

/// A text in lines of one type size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// The type size in pixels.
    pub size: u32,
    /// The lines from top to bottom.
    pub lines: Vec<String>,
}

/// How a text may be set: a type size in pixels, and how many lines there is room for.
pub type Measure = (u32, usize);

/// Sets a text in the first measure in which it fits between words. What follows a colon begins a line, if there is
/// room for that. In the last measure it is made to fit: words are
/// broken where they must, and what is left over gives way to an ellipsis.
pub fn set(text: &str, room: u32, measures: &[Measure]) -> Setting {
    for (size, most) in measures {
        let at_colons = text.split_inclusive(": ");
        let at_colons: Vec<String> = at_colons.flat_map(|part| wrap(part, room, *size)).collect();
        for lines in [at_colons, wrap(text, room, *size)] {
            let fits = lines.iter().all(|line| width(line, *size) <= room);
            if fits && lines.len() <= *most {
                return Setting { size: *size, lines };
            }
        }
    }
    let (size, most) = measures.last().copied().unwrap_or((1, 1));
    let words = text.split_whitespace();
    let parts: Vec<String> = words.flat_map(|word| broken(word, room, size)).collect();
    let mut lines = filled(&parts.join(" "), room, size);
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            *last = shortened(last, room, size);
        }
    }
    Setting { size, lines }
}

/// Breaks between words: as few lines as will do, and then as even as they get, so that no word stands alone.
fn wrap(text: &str, room: u32, size: u32) -> Vec<String> {
    let least = filled(text, room, size);
    let narrowest = (1..=16)
        .map(|sixteenths| room * sixteenths / 16)
        .find(|narrow| filled(text, *narrow, size).len() <= least.len());
    match narrowest.map(|narrow| filled(text, narrow, size)) {
        Some(even) if even.iter().all(|line| width(line, size) <= room) => even,
        _ => least,
    }
}

/// Fills line after line.
fn filled(text: &str, room: u32, size: u32) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if width(&format!("{line} {word}"), size) <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Breaks a word that is too wide wherever the room ends.
fn broken(word: &str, room: u32, size: u32) -> Vec<String> {
    let mut parts = vec![String::new()];
    for letter in word.chars() {
        let Some(part) = parts.last_mut() else { break };
        if !part.is_empty() && width(part, size) + width(&letter.to_string(), size) > room {
            parts.push(letter.to_string());
        } else {
            part.push(letter);
        }
    }
    parts
}

/// A line that ends with an ellipsis, because the text goes on.
fn shortened(line: &str, room: u32, size: u32) -> String {
    let mut letters: Vec<char> = line.chars().collect();
    loop {
        let kept: String = letters.iter().collect();
        let line = format!("{}…", kept.trim_end_matches([' ', ',', ';', ':']));
        if width(&line, size) <= room || letters.pop().is_none() {
            return line;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: u32 = 800;
    const MEASURES: [Measure; 3] = [(76, 3), (60, 4), (48, 5)];

    #[test]
    fn no_line_is_wider_than_its_room() {
        let rows = [
            "Sciatica: what it can mean".to_owned(),
            "Lower back pain with a popping sound: what it can mean, and what you can do now"
                .to_owned(),
            "pneumonoultramicroscopicsilico".to_owned(),
            "W".repeat(30),
            format!("{} and what to do", "W".repeat(30)),
            "WWWWWWWW ".repeat(40),
            "Œ".repeat(90),
            "a".to_owned(),
            String::new(),
        ];
        for text in rows {
            let Setting { size, lines } = set(&text, ROOM, &MEASURES);
            let most = MEASURES.iter().find(|(own, _)| *own == size).unwrap().1;
            assert!(lines.len() <= most, "{text}: {lines:?}");
            for line in &lines {
                assert!(width(line, size) <= ROOM, "{text}: {line}");
            }
        }
    }

    #[test]
    fn a_short_text_is_large_and_a_long_one_is_whole() {
        let short = set("Sciatica: what it can mean", ROOM, &MEASURES);
        assert_eq!(short.size, 76);
        assert_eq!(short.lines, ["Sciatica:", "what it can mean"]);
        let long =
            "Lower back pain with a popping sound: what it can mean, and what you can do now";
        let setting = set(long, ROOM, &MEASURES);
        assert_eq!(setting.lines.join(" "), long);
    }

    #[test]
    fn lines_are_even_so_no_word_stands_alone() {
        let setting = set("Sore throat and strep throat today", ROOM, &[(60, 2)]);
        assert_eq!(setting.lines, ["Sore throat and", "strep throat today"]);
    }

    #[test]
    fn a_word_that_is_too_long_is_broken_and_the_text_goes_on_after_it() {
        let setting = set(&format!("{} hurts", "m".repeat(30)), ROOM, &MEASURES);
        let lines = ["m".repeat(19), format!("{} hurts", "m".repeat(11))];
        assert_eq!(setting.lines, lines);
    }

    #[test]
    fn what_has_no_room_gives_way_to_an_ellipsis() {
        let setting = set(&"many words, ".repeat(40), ROOM, &[(60, 2)]);
        assert_eq!(setting.lines.len(), 2);
        assert!(setting.lines[1].ends_with("words…"), "{:?}", setting.lines);
    }

    #[test]
    fn a_text_in_another_script_is_not_drawn() {
        for (text, drawn) in [
            ("Strep throat: “what” it can mean – 1/2", true),
            ("Señal de alarma: ¿qué hacer?", true),
            ("Ból gardła", true),
            ("ألم الظهر", false),
            ("腰痛", false),
            ("Боль в спине", false),
            ("Đau lưng dưới", false),
            ("bell\u{7}", false),
            ("\u{202e}reversed", false),
        ] {
            assert_eq!(is_drawable(text), drawn, "{text}");
        }
    }
}
