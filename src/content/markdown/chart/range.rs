//! Ranges of numbers, as a nurse writes them: "below 5.7", "5.7 to 6.4", "above 6.4".
//! The numbers of a column are read together, because only all of them tell how fine
//! it counts: 6.4 is followed by 6.5, and 129 by 130.

/// How a range of one measure goes together with the range of the measure before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joint {
    /// Both must hold.
    And,
    /// One of them is enough.
    Or,
}

/// Numbers of one measure that mean the same. Unit: thousandths of the measure's unit; ages in thousandths of a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    /// As the author wrote it, without "and" or "or".
    pub words: String,
    /// How it goes with the range before it in its row.
    pub joint: Option<Joint>,
    /// The first number that belongs to it; none if there is no lowest.
    pub from: Option<i64>,
    /// The first number above it; none if there is no highest.
    pub to: Option<i64>,
    /// The number with which it begins, as typed and without the unit of its column; none if there is no lowest.
    pub edge: Option<String>,
}

/// What is wrong with a range.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::content::markdown) struct Fault {
    /// The row, counted from 0.
    pub(in crate::content::markdown) row: usize,
    /// Whether the range can be read, but does not fit the one before.
    pub(in crate::content::markdown) is_order: bool,
    pub(in crate::content::markdown) message: String,
    pub(in crate::content::markdown) help: String,
}

/// A number as typed.
#[derive(Debug, Clone, Copy)]
struct Number {
    thousandths: i64,
    decimals: u32,
    /// Months in the unit of an age; none if it names none.
    months: Option<i64>,
}

/// What a range says.
#[derive(Debug, Clone, Copy)]
enum Form {
    Below(Number),
    AtMost(Number),
    Between(Number, Number),
    AtLeast(Number),
    Above(Number),
}

/// Words before a number, and words behind one.
const BELOW: [&str; 4] = ["below ", "under ", "less than ", "lower than "];
const ABOVE: [&str; 4] = ["above ", "over ", "more than ", "higher than "];
const AT_MOST: [&str; 3] = [" or less", " or lower", " or below"];
const AT_LEAST: [&str; 4] = [" or more", " or higher", " or above", " or older"];

/// Most digits of a number, so that sums never overflow.
const MOST_DIGITS: usize = 9;

/// Reads the ranges of one column, from the lowest on. `company` tells whether other columns measure something too.
pub(in crate::content::markdown) fn read_ranges(
    cells: &[String],
    unit: &str,
    company: Company,
) -> Result<Vec<Range>, Fault> {
    let mut forms = Vec::with_capacity(cells.len());
    for (row, cell) in cells.iter().enumerate() {
        let (joint, words) = joint(cell);
        let form = form(words, unit).ok_or_else(|| unread(row, cell))?;
        forms.push((joint, words, form));
    }
    let decimals = forms.iter().flat_map(|(_, _, form)| form.numbers());
    let decimals = decimals.map(|number| number.decimals).max().unwrap_or(0);
    let step = 10_i64.pow(3 - decimals.min(3));
    let ranges = forms.iter().map(|(joint, words, form)| {
        let (from, to) = form.bounds(step);
        Range {
            words: (*words).to_owned(),
            joint: *joint,
            from,
            to,
            edge: from.and_then(|_| edge(words, unit)),
        }
    });
    let ranges: Vec<Range> = ranges.collect();
    match order_fault(&ranges, company) {
        Some(fault) => Err(fault),
        None => Ok(ranges),
    }
}

/// Whether other measures stand beside one. Then a range may be that of the row before, when another one differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::content::markdown) enum Company {
    Alone,
    WithOthers,
}

fn unread(row: usize, cell: &str) -> Fault {
    let found = match cell.trim() {
        "" => "nothing".to_owned(),
        cell => format!("`{cell}`"),
    };
    Fault {
        row,
        is_order: false,
        message: format!("expected a range of numbers, found {found}"),
        help: "write `below 5.7`, `5.7 to 6.4`, `6.5 or higher`, `above 6.4` or the like".into(),
    }
}

/// "and" or "or" at the start of a cell, and the rest.
fn joint(cell: &str) -> (Option<Joint>, &str) {
    let cell = cell.trim();
    let joints = [("and ", Joint::And), ("or ", Joint::Or)];
    let found = joints.into_iter().find_map(|(word, joint)| {
        let start = cell.get(..word.len())?;
        let rest = cell.get(word.len()..)?;
        start.eq_ignore_ascii_case(word).then_some((joint, rest))
    });
    found.map_or((None, cell), |(joint, rest)| (Some(joint), rest.trim()))
}

fn form(words: &str, unit: &str) -> Option<Form> {
    let lower = words.to_lowercase();
    let before = |list: &[&str]| list.iter().find_map(|word| lower.strip_prefix(word));
    let behind = |list: &[&str]| list.iter().find_map(|word| lower.strip_suffix(word));
    let number = |text: &str| Number::parse(text, unit);
    if let Some(rest) = before(&BELOW) {
        return number(rest).map(Form::Below);
    }
    if let Some(rest) = before(&ABOVE) {
        return number(rest).map(Form::Above);
    }
    if let Some(rest) = behind(&AT_MOST) {
        return number(rest).map(Form::AtMost);
    }
    if let Some(rest) = behind(&AT_LEAST) {
        return number(rest).map(Form::AtLeast);
    }
    let (first, last) = lower.split_once(" to ")?;
    let (mut first, last) = (number(first)?, number(last)?);
    first.months = first.months.or(last.months);
    Some(Form::Between(first, last))
}

/// The number with which a range begins, as typed: "5.7% to 6.4%" and "above 5.7%" both say `5.7`.
fn edge(words: &str, unit: &str) -> Option<String> {
    let lower = words.to_lowercase();
    let before = ABOVE.iter().find(|word| lower.starts_with(**word));
    let behind = AT_LEAST.iter().find(|word| lower.ends_with(**word));
    let number = match (before, behind) {
        (Some(word), _) => words.get(word.len()..)?,
        (_, Some(word)) => words.get(..words.len() - word.len())?,
        _ => words.get(..lower.find(" to ")?)?,
    };
    let number = number.trim();
    Some(
        number
            .strip_suffix(unit)
            .unwrap_or(number)
            .trim_end()
            .to_owned(),
    )
}

impl Number {
    fn parse(text: &str, unit: &str) -> Option<Self> {
        let text = text.trim();
        let unit = unit.to_lowercase();
        let text = text.strip_suffix(unit.as_str()).unwrap_or(text).trim_end();
        let ages = [("months", 1), ("month", 1), ("years", 12), ("year", 12)];
        let age = ages.into_iter().find_map(|(word, months)| {
            text.strip_suffix(word)
                .map(|number| (number.trim_end(), months))
        });
        let (text, months) = age.map_or((text, None), |(text, months)| (text, Some(months)));
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let is_sound = !whole.is_empty()
            && whole.len() <= MOST_DIGITS
            && part.len() <= 3
            && text.contains('.') != part.is_empty()
            && is_digits(whole)
            && is_digits(part);
        let thousandths = format!("{whole}{part:0<3}").parse().ok();
        let thousandths = thousandths.filter(|_| is_sound)?;
        Some(Self {
            thousandths,
            decimals: u32::try_from(part.len()).ok()?,
            months,
        })
    }

    fn value(self) -> i64 {
        self.thousandths * self.months.unwrap_or(1)
    }

    /// The next number that the column can tell apart.
    fn after(self, step: i64) -> i64 {
        (self.thousandths + step) * self.months.unwrap_or(1)
    }
}

impl Form {
    fn numbers(self) -> impl Iterator<Item = Number> {
        let (one, other) = match self {
            Self::Below(one) | Self::AtMost(one) | Self::AtLeast(one) | Self::Above(one) => {
                (one, None)
            }
            Self::Between(one, other) => (one, Some(other)),
        };
        std::iter::once(one).chain(other)
    }

    fn bounds(self, step: i64) -> (Option<i64>, Option<i64>) {
        match self {
            Self::Below(number) => (None, Some(number.value())),
            Self::AtMost(number) => (None, Some(number.after(step))),
            Self::Between(first, last) => (Some(first.value()), Some(last.after(step))),
            Self::AtLeast(number) => (Some(number.value()), None),
            Self::Above(number) => (Some(number.after(step)), None),
        }
    }
}

/// The first range that does not begin where the one before it ends.
fn order_fault(ranges: &[Range], company: Company) -> Option<Fault> {
    let reversed = ranges.iter().position(|range| {
        let both = range.from.zip(range.to);
        both.is_some_and(|(from, to)| from >= to)
    });
    if let Some(row) = reversed {
        let words = ranges.get(row).map_or("", |range| range.words.as_str());
        return Some(Fault {
            row,
            is_order: true,
            message: format!("`{words}` ends before it begins"),
            help: "write the lower number first".into(),
        });
    }
    let pairs = ranges.iter().zip(ranges.iter().skip(1)).enumerate();
    let mut faults = pairs.filter_map(|(at, (before, after))| {
        let is_repeated = (before.from, before.to) == (after.from, after.to);
        if is_repeated && company == Company::WithOthers {
            return None;
        }
        let what = match (before.to, after.from) {
            (Some(end), Some(start)) if start == end => return None,
            (Some(end), Some(start)) if start > end => "leaves a gap after",
            (Some(_), Some(_)) => "overlaps with",
            (None, _) | (_, None) => "can't stand after",
        };
        Some(Fault {
            row: at + 1,
            is_order: true,
            message: format!("`{}` {what} `{}`", after.words, before.words),
            help: "begin each range where the one above it ends, lowest first".into(),
        })
    });
    faults.next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(cells: &[&str], unit: &str, company: Company) -> Result<Vec<Range>, Fault> {
        let cells: Vec<String> = cells.iter().map(|cell| (*cell).to_owned()).collect();
        read_ranges(&cells, unit, company)
    }

    #[test]
    fn ranges_that_join_are_read() {
        let rows: [(&[&str], &str); 6] = [
            (&["below 5.7%", "5.7% to 6.4%", "above 6.4%"], "%"),
            (&["99 or less", "100 to 125", "126 or more"], "mg/dL"),
            (&["less than 98", "98 to 100.3", "100.4°F or higher"], "°F"),
            (
                &[
                    "under 3 months",
                    "3 months to 17 years",
                    "18 years or older",
                ],
                "age",
            ),
            (&["0 to 11 months", "1 to 4 years"], "age"),
            (&["under 1 year", "12 months or more"], "age"),
        ];
        for (cells, unit) in rows {
            let found = read(cells, unit, Company::Alone);
            let ranges = found.unwrap_or_else(|fault| panic!("{cells:?}: {fault:?}"));
            assert_eq!(ranges.len(), cells.len());
        }
    }

    #[test]
    fn the_number_with_which_a_range_begins_is_kept_as_typed() {
        let cells = ["below 5.7%", "5.7% to 6.4%", "Above 6.4%"];
        let ranges = read(&cells, "%", Company::Alone).unwrap();
        let edges: Vec<_> = ranges.iter().map(|range| range.edge.as_deref()).collect();
        assert_eq!(edges, [None, Some("5.7"), Some("6.4")]);
        let cells = ["3 months to 17 years", "18 years or older"];
        let ranges = read(&cells, "age", Company::Alone).unwrap();
        let edges: Vec<_> = ranges.iter().map(|range| range.edge.as_deref()).collect();
        assert_eq!(edges, [Some("3 months"), Some("18 years")]);
    }

    #[test]
    fn and_and_or_are_told_apart_from_the_range() {
        let cells = [
            "and below 80",
            "and below 80",
            "or 80 to 89",
            "OR 90 or more",
        ];
        let ranges = read(&cells, "mm Hg", Company::WithOthers).unwrap();
        let found: Vec<_> = ranges
            .iter()
            .map(|range| (range.joint, &*range.words))
            .collect();
        let expected = [
            (Some(Joint::And), "below 80"),
            (Some(Joint::And), "below 80"),
            (Some(Joint::Or), "80 to 89"),
            (Some(Joint::Or), "90 or more"),
        ];
        assert_eq!(found, expected);
        assert_eq!((ranges[2].from, ranges[2].to), (Some(80_000), Some(90_000)));
    }

    #[test]
    fn what_is_no_range_or_does_not_join_is_told() {
        let rows: [(&[&str], usize, &str); 10] = [
            (&["below 5.7", "5.8 to 6.4"], 1, "leaves a gap"),
            (&["below 5.7", "5.6 to 6.4"], 1, "overlaps"),
            (&["5 to 9", "1 to 4"], 1, "overlaps"),
            (&["5 or more", "6 to 7"], 1, "can't stand"),
            (&["below 5", "below 6"], 1, "can't stand"),
            (&["below 5", "below 5"], 1, "can't stand"),
            (&["9 to 5"], 0, "ends before"),
            (&["5-9"], 0, "expected a range"),
            (&["about 5 to 9"], 0, "expected a range"),
            (&["below 5", ""], 1, "found nothing"),
        ];
        for (cells, row, words) in rows {
            let fault = read(cells, "%", Company::Alone).expect_err("it has a fault");
            assert_eq!(fault.row, row, "{cells:?}");
            assert!(
                fault.message.contains(words),
                "{cells:?}: {}",
                fault.message
            );
        }
    }

    #[test]
    fn numbers_are_plain() {
        for text in [
            "",
            ".",
            "5.",
            ".5",
            "1e3",
            "5.1234",
            "12345678901",
            "-5",
            "5 kg",
        ] {
            assert!(Number::parse(text, "%").is_none(), "{text}");
        }
        assert_eq!(Number::parse("5.25 %", "%").unwrap().thousandths, 5250);
    }
}
