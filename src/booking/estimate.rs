//! When a good-faith estimate is due. It counts business days: Monday to Friday
//! without the federal holidays, on the days on which they are observed.
//! Source: 45 CFR 149.610(b)(1)(vi) for the terms, 5 U.S.C. 6103 for the holidays.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday, date};

use super::HowSoon;

/// Until when the estimate must be sent to a patient who pays themselves and asked on `received_on`.
///
/// A visit 3 to 9 business days ahead has the shortest term: 1 business day after it is scheduled. A visit 10 or more
/// ahead has 3. Sooner visits have no term of their own, but a request that names self-pay asks about the cost, which
/// gives 3. A request is no schedule yet, so counting from the day on which it came in is never too late.
pub fn estimate_due_on(received_on: Date, how_soon: HowSoon) -> Date {
    let days = match how_soon {
        HowSoon::Week => 1,
        HowSoon::Soonest | HowSoon::Later => 3,
    };
    business_days_after(received_on, days)
}

/// The day that is a number of business days after another. The first day does not count.
pub fn business_days_after(day: Date, count: u32) -> Date {
    let mut found = day;
    let mut left = count;
    while left > 0 {
        let Ok(next) = found.tomorrow() else {
            return found;
        };
        found = next;
        if is_business_day(found) {
            left -= 1;
        }
    }
    found
}

/// Whether a day is a business day.
pub fn is_business_day(day: Date) -> bool {
    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) && !is_observed_holiday(day)
}

/// Whether a federal holiday is observed on a day: on the Friday before a Saturday, on the Monday after a Sunday.
fn is_observed_holiday(day: Date) -> bool {
    let years = [day.year(), day.year().saturating_add(1)];
    years
        .into_iter()
        .flat_map(federal_holidays)
        .any(|holiday| observed(holiday) == day)
}

fn observed(holiday: Date) -> Date {
    let moved = match holiday.weekday() {
        Weekday::Saturday => holiday.yesterday(),
        Weekday::Sunday => holiday.tomorrow(),
        _ => Ok(holiday),
    };
    moved.unwrap_or(holiday)
}

/// The federal holidays of a year, in order. None where a year is beyond the calendar.
fn federal_holidays(year: i16) -> Vec<Date> {
    let fixed = |month, day| Date::new(year, month, day).ok();
    let nth = |month, nth, weekday| {
        let first = Date::new(year, month, 1).ok()?;
        first.nth_weekday_of_month(nth, weekday).ok()
    };
    [
        fixed(1, 1),                   // New Year's Day
        nth(1, 3, Weekday::Monday),    // Birthday of Martin Luther King, Jr.
        nth(2, 3, Weekday::Monday),    // Washington's Birthday
        nth(5, -1, Weekday::Monday),   // Memorial Day
        fixed(6, 19),                  // Juneteenth
        fixed(7, 4),                   // Independence Day
        nth(9, 1, Weekday::Monday),    // Labor Day
        nth(10, 2, Weekday::Monday),   // Columbus Day
        fixed(11, 11),                 // Veterans Day
        nth(11, 4, Weekday::Thursday), // Thanksgiving Day
        fixed(12, 25),                 // Christmas Day
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The first day on which a request may be removed.
pub fn delete_on(received_on: Date, keep_days: i32) -> Date {
    let kept = received_on.checked_add(keep_days.days());
    kept.unwrap_or(date(9999, 12, 31))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn business_days_pass_over_weekends_and_observed_holidays() {
        let rows = [
            ("a Monday", date(2026, 11, 2), 1, date(2026, 11, 3)),
            ("a Friday", date(2026, 11, 6), 1, date(2026, 11, 9)),
            (
                "the day before Thanksgiving",
                date(2026, 11, 25),
                1,
                date(2026, 11, 27),
            ),
            (
                "three days over Thanksgiving",
                date(2026, 11, 25),
                3,
                date(2026, 12, 1),
            ),
            (
                "Christmas on a Friday",
                date(2026, 12, 24),
                1,
                date(2026, 12, 28),
            ),
            (
                "July 4 on a Saturday is observed on Friday",
                date(2026, 7, 2),
                1,
                date(2026, 7, 6),
            ),
            (
                "June 19, 2027 is a Saturday",
                date(2027, 6, 17),
                1,
                date(2027, 6, 21),
            ),
            (
                "July 4, 2027 is a Sunday",
                date(2027, 7, 2),
                1,
                date(2027, 7, 6),
            ),
            (
                "New Year's Day 2028 is observed in 2027",
                date(2027, 12, 30),
                1,
                date(2028, 1, 3),
            ),
            ("a Saturday", date(2026, 11, 7), 1, date(2026, 11, 9)),
        ];
        for (what, day, count, expected) in rows {
            assert_eq!(business_days_after(day, count), expected, "{what}");
        }
    }

    #[test]
    fn every_year_has_eleven_holidays_on_the_days_that_the_law_names() {
        // Source: 5 U.S.C. 6103(a); the dates of 2026 counted by hand.
        let expected = [
            (1, 1),
            (1, 19),
            (2, 16),
            (5, 25),
            (6, 19),
            (7, 4),
            (9, 7),
            (10, 12),
            (11, 11),
            (11, 26),
            (12, 25),
        ];
        let found: Vec<_> = federal_holidays(2026)
            .iter()
            .map(|day| (day.month(), day.day()))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_visit_in_three_to_nine_business_days_has_the_shortest_term() {
        let monday = date(2026, 11, 2);
        assert_eq!(estimate_due_on(monday, HowSoon::Soonest), date(2026, 11, 5));
        assert_eq!(estimate_due_on(monday, HowSoon::Week), date(2026, 11, 3));
        assert_eq!(estimate_due_on(monday, HowSoon::Later), date(2026, 11, 5));
    }

    #[test]
    fn a_request_is_kept_for_as_many_days_as_the_clinic_says() {
        assert_eq!(delete_on(date(2026, 11, 26), 90), date(2027, 2, 24));
        assert_eq!(delete_on(date(9999, 12, 1), 90), date(9999, 12, 31));
    }
}
