//! Which weeks a report counts. They are whole and over, always: otherwise two reports
//! made on different days, or over different periods, could be subtracted from each
//! other, and the difference would be a number that is too small to tell.

use std::fmt;

use jiff::ToSpan;
use jiff::civil::Date;

/// How many weeks are counted when nobody says from when.
const WEEKS: i32 = 12;

/// Whole ISO weeks, one after the other; at least one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Period {
    first: Date,
    last: Date,
}

/// Why there is no such period; for whoever typed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum NoPeriod {
    /// The days stand in the wrong order.
    #[error("the report would end on {until} before it begins on {from}; swap the two days")]
    Order {
        /// What was typed first.
        from: Date,
        /// What was typed last.
        until: Date,
    },
    /// No week of it is over.
    #[error(
        "no week from {from} on is over yet, and only whole weeks are counted; try again on {again_on}"
    )]
    NotOver {
        /// The first day asked for, at the beginning of its week.
        from: Date,
        /// The first day on which there is a week to count.
        again_on: Date,
    },
    /// A day that no calendar has.
    #[error("{0} is too near to an end of the calendar")]
    Calendar(Date),
}

impl Period {
    /// The weeks of two days, and those between them, as far as they are over.
    ///
    /// # Errors
    /// See [`NoPeriod`].
    pub(super) fn new(
        from: Option<Date>,
        until: Option<Date>,
        today: Date,
    ) -> Result<Self, NoPeriod> {
        if let (Some(from), Some(until)) = (from, until)
            && until < from
        {
            return Err(NoPeriod::Order { from, until });
        }
        let over = monday_of(today)?.yesterday();
        let over = over.map_err(|_| NoPeriod::Calendar(today))?;
        let last = match until {
            Some(day) => sunday_of(day)?.min(over),
            None => over,
        };
        let first = match from {
            Some(day) => monday_of(day)?,
            None => earlier(monday_of(last)?, WEEKS - 1)?,
        };
        if last < first {
            let again_on = earlier(first, -1)?;
            return Err(NoPeriod::NotOver {
                from: first,
                again_on,
            });
        }
        Ok(Self { first, last })
    }

    /// Its first day, a Monday.
    pub(super) fn first(self) -> Date {
        self.first
    }

    /// Its last day, a Sunday.
    pub(super) fn last(self) -> Date {
        self.last
    }

    /// Its weeks, ascending; never empty.
    pub(super) fn weeks(self) -> impl Iterator<Item = Week> {
        let mondays = self.first.series(1.week());
        mondays
            .take_while(move |monday| *monday <= self.last)
            .map(Week)
    }
}

/// As in a title: `Sep 7 to Nov 22, 2026`.
impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { first, last } = self;
        if first.year() == last.year() {
            write!(f, "{}", first.strftime("%b %-d"))?;
        } else {
            write!(f, "{}", first.strftime("%b %-d, %Y"))?;
        }
        write!(f, " to {}", last.strftime("%b %-d, %Y"))
    }
}

/// An ISO week, known by its Monday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Week(Date);

impl Week {
    /// The week of a day; none at the ends of the calendar.
    pub(super) fn of(day: Date) -> Option<Self> {
        monday_of(day).ok().map(Self)
    }

    /// Its Monday.
    pub(super) fn monday(self) -> Date {
        self.0
    }

    /// Its Sunday.
    pub(super) fn sunday(self) -> Date {
        sunday_of(self.0).unwrap_or(self.0)
    }

    /// Its days: `Nov 16 to 22`, or `Nov 30 to Dec 6`.
    pub(super) fn days(self) -> String {
        let (monday, sunday) = (self.monday(), self.sunday());
        let end = if monday.month() == sunday.month() {
            sunday.strftime("%-d")
        } else {
            sunday.strftime("%b %-d")
        };
        format!("{} to {end}", monday.strftime("%b %-d"))
    }
}

/// As ISO 8601 has it: `2026-W47`.
impl fmt::Display for Week {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let week = self.0.iso_week_date();
        write!(f, "{}-W{:02}", week.year(), week.week())
    }
}

fn monday_of(day: Date) -> Result<Date, NoPeriod> {
    let offset = i32::from(day.weekday().to_monday_zero_offset());
    day.checked_sub(offset.days())
        .map_err(|_| NoPeriod::Calendar(day))
}

fn sunday_of(day: Date) -> Result<Date, NoPeriod> {
    monday_of(day)?
        .checked_add(6.days())
        .map_err(|_| NoPeriod::Calendar(day))
}

fn earlier(day: Date, weeks: i32) -> Result<Date, NoPeriod> {
    day.checked_sub(weeks.weeks())
        .map_err(|_| NoPeriod::Calendar(day))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    /// A Thursday.
    const TODAY: Date = date(2026, 11, 26);

    #[test]
    fn a_period_is_whole_weeks_that_are_over() {
        let rows = [
            (None, None, "Aug 31 to Nov 22, 2026"),
            (Some(date(2026, 11, 4)), None, "Nov 2 to Nov 22, 2026"),
            (None, Some(date(2026, 11, 11)), "Aug 24 to Nov 15, 2026"),
            (Some(TODAY.yesterday().unwrap()), Some(TODAY), ""),
            (
                Some(date(2025, 12, 31)),
                Some(date(2026, 1, 1)),
                "Dec 29, 2025 to Jan 4, 2026",
            ),
            (
                Some(date(2026, 11, 16)),
                Some(date(2030, 1, 1)),
                "Nov 16 to Nov 22, 2026",
            ),
        ];
        for (from, until, expected) in rows {
            let period = Period::new(from, until, TODAY);
            let shown = period.map(|period| period.to_string()).unwrap_or_default();
            assert_eq!(shown, expected, "{from:?} {until:?}");
        }
    }

    #[test]
    fn a_week_is_over_when_its_sunday_is() {
        let of = |today| Period::new(None, None, today).unwrap().last();
        assert_eq!(of(date(2026, 11, 22)), date(2026, 11, 15));
        assert_eq!(of(date(2026, 11, 23)), date(2026, 11, 22));
    }

    #[test]
    fn a_period_that_is_none_says_why() {
        let swapped = Period::new(Some(TODAY), Some(date(2026, 1, 1)), TODAY);
        assert!(swapped.unwrap_err().to_string().contains("swap the two"));
        let running = Period::new(Some(TODAY), None, TODAY).unwrap_err();
        assert!(running.to_string().ends_with("try again on 2026-11-30"));
        assert!(Period::new(Some(Date::MIN), Some(Date::MIN), Date::MIN).is_err());
        assert!(Period::new(Some(TODAY), Some(Date::MAX), TODAY).is_err());
    }

    #[test]
    fn weeks_have_the_number_that_calendars_print() {
        let week = |day| Week::of(day).unwrap();
        assert_eq!(week(date(2027, 1, 3)).to_string(), "2026-W53");
        assert_eq!(week(date(2027, 1, 3)).days(), "Dec 28 to Jan 3");
        assert_eq!(week(TODAY).days(), "Nov 23 to 29");
        let period = Period::new(Some(date(2026, 11, 4)), None, TODAY).unwrap();
        let weeks: Vec<String> = period.weeks().map(|week| week.to_string()).collect();
        assert_eq!(weeks, ["2026-W45", "2026-W46", "2026-W47"]);
    }
}
