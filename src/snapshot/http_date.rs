//! Dates as HTTP writes them. Source: RFC 9110, section 5.6.7.
//! They stand apart since HTTP has one form for them and one zone, whatever the clinic's.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// The first second of a day in a zone, such as `Mon, 02 Nov 2026 04:00:00 GMT`.
pub(super) fn http_date(day: Date, zone: &TimeZone) -> Option<String> {
    let start = day.to_zoned(zone.clone()).ok()?.timestamp();
    Some(format_instant(start))
}

fn format_instant(instant: Timestamp) -> String {
    instant
        .to_zoned(TimeZone::UTC)
        .strftime("%a, %d %b %Y %H:%M:%S GMT")
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_of_the_clinic() {
        let zone = TimeZone::get("America/New_York").unwrap();
        let day = jiff::civil::date(2026, 11, 2);
        assert_eq!(
            http_date(day, &zone).as_deref(),
            Some("Mon, 02 Nov 2026 05:00:00 GMT")
        );
    }
}
