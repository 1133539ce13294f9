//! Periods of a timeline, as a nurse writes them: "Days 1 to 3", "2 to 6 weeks",
//! "After 3 months". Counted units ("day 1") and times that have passed ("2 weeks")
//! become hours here, so that all can be put on one line.

/// What time is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// An hour.
    Hour,
    /// 24 hours.
    Day,
    /// 7 days.
    Week,
    /// 30 days and 10 hours: a twelfth of a year.
    Month,
    /// 365 days.
    Year,
}

impl Unit {
    /// How many hours it has.
    pub fn hours(self) -> u32 {
        match self {
            Self::Hour => 1,
            Self::Day => 24,
            Self::Week => 7 * 24,
            Self::Month => 730,
            Self::Year => 8760,
        }
    }

    /// The unit that a word names, in singular or plural.
    fn named(word: &str) -> Option<Self> {
        match word.strip_suffix('s').unwrap_or(word) {
            "hour" => Some(Self::Hour),
            "day" => Some(Self::Day),
            "week" => Some(Self::Week),
            "month" => Some(Self::Month),
            "year" => Some(Self::Year),
            _ => None,
        }
    }
}

/// A stretch of time. Unit: hours from the start of the timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// As the author wrote it, such as `Days 1 to 3`.
    pub words: String,
    /// Where it begins.
    pub start: u32,
    /// Where it ends, later than it begins; none if it has no end.
    pub end: Option<u32>,
}

/// Longest time that a timeline can name, in any unit. So sums never overflow.
const MOST: u32 = 1000;

impl Period {
    /// Reads a period; none if the words are none.
    pub(in crate::content::markdown) fn parse(words: &str) -> Option<Self> {
        let lower = words.trim().to_lowercase();
        let parts: Vec<&str> = lower.split_whitespace().collect();
        let parts = match parts.as_slice() {
            ["the", rest @ ..] => rest,
            all => all,
        };
        let (start, end) = counted(parts).or_else(|| passed(parts))?;
        let is_stretch = end.is_none_or(|end| start < end);
        is_stretch.then(|| Self {
            words: words.trim().to_owned(),
            start,
            end,
        })
    }
}

/// "day 1", "weeks 2 to 6": the first one begins at the start.
fn counted(parts: &[&str]) -> Option<(u32, Option<u32>)> {
    let (first, last) = match parts {
        [_, number] => (number, number),
        [_, first, "to", last] => (first, last),
        _ => return None,
    };
    let unit = Unit::named(parts.first()?)?.hours();
    let first = number(first)?.checked_sub(1)?;
    Some((first * unit, Some(number(last)? * unit)))
}

/// "first 2 days", "2 to 6 weeks", "6 weeks to 3 months", "after 3 months": so much time has passed.
fn passed(parts: &[&str]) -> Option<(u32, Option<u32>)> {
    let time = |count: &str, unit: &str| Some(number(count)? * Unit::named(unit)?.hours());
    match parts {
        ["first", unit] => Some((0, Some(Unit::named(unit)?.hours()))),
        ["first" | "within", count, unit] | ["up", "to", count, unit] => {
            Some((0, Some(time(count, unit)?)))
        }
        ["after", count, unit] => Some((time(count, unit)?, None)),
        [first, "to", last, unit] => Some((time(first, unit)?, Some(time(last, unit)?))),
        [first, unit, "to", last, other] => Some((time(first, unit)?, Some(time(last, other)?))),
        _ => None,
    }
}

fn number(text: &str) -> Option<u32> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse().ok().filter(|_| is_plain)?;
    (number <= MOST).then_some(number)
}

/// The first period that stands before an earlier one: its place, counted from 0, and what is wrong.
pub(in crate::content::markdown) fn periods_fault(periods: &[Period]) -> Option<(usize, String)> {
    let key = |period: &Period| (period.start, period.end.unwrap_or(u32::MAX));
    let mut pairs = periods.iter().zip(periods.iter().skip(1)).enumerate();
    pairs.find_map(|(at, (before, after))| {
        let message = format!(
            "`{}` stands after `{}`, which begins or ends later",
            after.words, before.words
        );
        (key(after) < key(before)).then_some((at + 1, message))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_read_as_it_is_spoken() {
        let day = 24;
        let rows = [
            ("Day 1", Some((0, Some(day)))),
            ("Days 2 to 3", Some((day, Some(3 * day)))),
            ("Week 1", Some((0, Some(7 * day)))),
            ("weeks 2 to 6", Some((7 * day, Some(42 * day)))),
            ("Hours 13 to 48", Some((12, Some(48)))),
            ("First day", Some((0, Some(day)))),
            ("The first 2 days", Some((0, Some(2 * day)))),
            ("Within 2 days", Some((0, Some(2 * day)))),
            ("Up to 10 days", Some((0, Some(10 * day)))),
            ("12 to 48 hours", Some((12, Some(48)))),
            ("6 weeks to 3 months", Some((42 * day, Some(2190)))),
            ("After 1 year", Some((8760, None))),
            ("Day 0", None),
            ("Days 3 to 2", None),
            ("3 to 3 days", None),
            ("Day one", None),
            ("Days 1-3", None),
            ("+1 to 3 days", None),
            ("Some days", None),
            ("5000 to 6000 days", None),
            ("", None),
        ];
        for (words, expected) in rows {
            let found = Period::parse(words).map(|period| (period.start, period.end));
            assert_eq!(found, expected, "{words}");
        }
    }

    #[test]
    fn periods_stand_in_the_order_of_time_and_may_overlap() {
        let rows: [(&[&str], Option<usize>); 5] = [
            (
                &["Day 1", "Days 1 to 3", "Days 2 to 9", "After 2 days"],
                None,
            ),
            (&["Days 2 to 3", "Day 1"], Some(1)),
            (&["Day 1", "Days 3 to 9", "Days 3 to 4"], Some(2)),
            (&["After 1 day", "Day 2"], Some(1)),
            (&["Day 1"], None),
        ];
        for (words, expected) in rows {
            let periods: Vec<Period> = words.iter().filter_map(|one| Period::parse(one)).collect();
            assert_eq!(periods.len(), words.len());
            let found = periods_fault(&periods).map(|(at, _)| at);
            assert_eq!(found, expected, "{words:?}");
        }
    }
}
