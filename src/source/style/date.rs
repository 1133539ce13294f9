//! Dates as the three styles write them.
//! Apart from the styles, so that a month has its three spellings side by side.
//! A date is never more exact than its record, and none is made up.

use super::ReferenceStyle;
use crate::source::{Issued, Source};

/// A date as a style writes it, as exact as it is known.
pub(super) fn written(issued: Issued, style: ReferenceStyle) -> Option<String> {
    let (year, month, day) = match issued {
        Issued::Undated => return None,
        Issued::Year(year) => return Some(year.to_string()),
        Issued::Month(year, month) => (year, month_name(month, style)?, None),
        Issued::Day(date) => (
            date.year(),
            month_name(date.month(), style)?,
            Some(date.day()),
        ),
    };
    Some(match (style, day) {
        (ReferenceStyle::Vancouver, Some(day)) => format!("{year} {month} {day}"),
        (ReferenceStyle::Vancouver, None) => format!("{year} {month}"),
        (ReferenceStyle::Ama, Some(day)) => format!("{month} {day}, {year}"),
        (ReferenceStyle::Mla, Some(day)) => format!("{day} {month} {year}"),
        (_, None) => format!("{month} {year}"),
    })
}

pub(super) fn accessed(source: &Source, style: ReferenceStyle) -> Option<String> {
    source
        .accessed
        .and_then(|day| written(Issued::Day(day), style))
}

fn month_name(month: i8, style: ReferenceStyle) -> Option<&'static str> {
    let [ama, mla, nlm] = MONTHS.get(usize::try_from(month).ok()?.checked_sub(1)?)?;
    Some(match style {
        ReferenceStyle::Ama => ama,
        ReferenceStyle::Mla => mla,
        ReferenceStyle::Vancouver => nlm,
    })
}

/// Names of the months in AMA, MLA and NLM, January first.
const MONTHS: [[&str; 3]; 12] = [
    ["January", "Jan.", "Jan"],
    ["February", "Feb.", "Feb"],
    ["March", "Mar.", "Mar"],
    ["April", "Apr.", "Apr"],
    ["May", "May", "May"],
    ["June", "June", "Jun"],
    ["July", "July", "Jul"],
    ["August", "Aug.", "Aug"],
    ["September", "Sept.", "Sep"],
    ["October", "Oct.", "Oct"],
    ["November", "Nov.", "Nov"],
    ["December", "Dec.", "Dec"],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_as_exact_as_its_record() {
        let rows = [
            ("2025-03-07", "March 7, 2025", "7 Mar. 2025", "2025 Mar 7"),
            ("2023-06-20", "June 20, 2023", "20 June 2023", "2023 Jun 20"),
            ("2021-09", "September 2021", "Sept. 2021", "2021 Sep"),
            ("2021-05", "May 2021", "May 2021", "2021 May"),
            ("2020", "2020", "2020", "2020"),
        ];
        for (date, ama, mla, nlm) in rows {
            let date: Issued = date.parse().unwrap();
            assert_eq!(written(date, ReferenceStyle::Ama).unwrap(), ama);
            assert_eq!(written(date, ReferenceStyle::Mla).unwrap(), mla);
            assert_eq!(written(date, ReferenceStyle::Vancouver).unwrap(), nlm);
        }
        assert_eq!(written(Issued::Undated, ReferenceStyle::Ama), None);
        assert_eq!(written(Issued::Month(2020, 13), ReferenceStyle::Ama), None);
    }
}
