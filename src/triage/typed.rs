//! Numbers as people type them: with a comma, a unit, or in words. It stands apart
//! because whoever types at night should not be corrected for "three days".

/// An age in months; a number without a unit is in units of `months_each`.
pub(super) fn typed_age(text: &str, months_each: f64) -> Option<f64> {
    let (number, unit) = typed_number(text)?;
    let each = match unit.as_str() {
        "y" | "yr" | "yrs" | "year" | "years" => 12.0,
        "m" | "mo" | "mos" | "month" | "months" => 1.0,
        "w" | "wk" | "wks" | "week" | "weeks" => 12.0 / 52.18,
        "d" | "day" | "days" => 12.0 / 365.25,
        _ => months_each,
    };
    (number >= 0.0).then_some(number * each)
}

/// A number in the unit of its measure. A temperature from 30 to 45 can only be in degrees Celsius.
pub(super) fn in_unit(number: f64, typed: &str, unit: &str) -> f64 {
    match (unit, typed) {
        // Rounded to a tenth, as a thermometer shows it: 38 °C is 100.4 °F and not a hair less.
        ("°F", _) if (30.0..=45.0).contains(&number) => {
            ((number * 9.0 / 5.0 + 32.0) * 10.0).round() / 10.0
        }
        ("days", "w" | "wk" | "wks" | "week" | "weeks") => number * 7.0,
        ("days", "mo" | "mos" | "month" | "months") => number * 30.0,
        ("days", "y" | "yr" | "yrs" | "year" | "years") => number * 365.0,
        ("days", "h" | "hr" | "hrs" | "hour" | "hours") => number / 24.0,
        _ => number,
    }
}

/// Numbers that people write as words, each at its own place.
const NUMBER_WORDS: [&str; 21] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
];

/// The number in what somebody typed, and the word behind it: `3`, `101,5`, `102F`, `three days`, `a week`.
pub(super) fn typed_number(text: &str) -> Option<(f64, String)> {
    let lower = text.trim().to_lowercase().replace(',', ".");
    let lower = ["about ", "around ", "~"]
        .iter()
        .fold(lower.as_str(), |text, word| {
            text.strip_prefix(word).unwrap_or(text)
        });
    let mut words = lower
        .split(|sign: char| sign.is_whitespace() || sign == '°')
        .filter(|word| !word.is_empty());
    let first = words.next()?;
    let digits = first.trim_end_matches(char::is_alphabetic);
    let unit = first.get(digits.len()..).unwrap_or_default();
    let number = match digits.parse::<f64>() {
        Ok(number) if number.is_finite() => return Some((number, behind(unit, words))),
        Ok(_) => return None,
        Err(_) if ["a", "an"].contains(&first) => 1.0,
        Err(_) => {
            let at = NUMBER_WORDS.iter().position(|word| *word == first)?;
            f64::from(u8::try_from(at).ok()?)
        }
    };
    Some((number, behind("", words)))
}

fn behind<'a>(unit: &str, mut words: impl Iterator<Item = &'a str>) -> String {
    if unit.is_empty() {
        words.next().unwrap_or_default().to_owned()
    } else {
        unit.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_however_people_write_it() {
        let rows = [
            ("3", Some((3.0, ""))),
            (" 101,5 ", Some((101.5, ""))),
            ("102F", Some((102.0, "f"))),
            ("102 °F", Some((102.0, "f"))),
            ("three days", Some((3.0, "days"))),
            ("a week", Some((1.0, "week"))),
            ("2wks", Some((2.0, "wks"))),
            ("-4", Some((-4.0, ""))),
            ("yes", None),
            ("", None),
            ("nan", None),
            ("1e999", None),
        ];
        for (text, expected) in rows {
            let found = typed_number(text);
            assert_eq!(
                found
                    .as_ref()
                    .map(|(number, unit)| (*number, unit.as_str())),
                expected,
                "{text}"
            );
        }
    }

    #[test]
    fn an_age_may_be_typed_in_any_unit() {
        let rows = [
            ("34", 12.0, 408.0),
            ("18 months", 12.0, 18.0),
            ("2", 1.0, 2.0),
            ("10 weeks", 12.0, 2.3),
            ("ten years", 12.0, 120.0),
        ];
        for (text, each, months) in rows {
            assert!(
                (typed_age(text, each).unwrap() - months).abs() < 0.01,
                "{text}"
            );
        }
        assert_eq!(typed_age("-1", 12.0), None);
    }

    #[test]
    fn degrees_celsius_are_read_as_such() {
        assert_eq!(in_unit(38.0, "", "°F"), 100.4);
        assert_eq!(in_unit(101.0, "", "°F"), 101.0);
        assert_eq!(in_unit(2.0, "weeks", "days"), 14.0);
    }
}
