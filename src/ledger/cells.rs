//! What is in a row, as types. Instants are microseconds since 1970, days are
//! `YYYY-MM-DD`. A cell that this program did not write is told by its column
//! alone, since what is in it may be anything.

use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::LedgerError;
use crate::booking::RequestCode;
use crate::document::Known;

/// A day as text.
pub(super) fn day_text(day: Date) -> String {
    day.to_string()
}

pub(super) fn number(row: &AnyRow, column: &str) -> Result<i64, LedgerError> {
    Ok(row.try_get(column)?)
}

pub(super) fn count(row: &AnyRow, column: &str) -> Result<u32, LedgerError> {
    number(row, column)?
        .try_into()
        .map_err(|_| unexpected(column))
}

pub(super) fn text(row: &AnyRow, column: &str) -> Result<String, LedgerError> {
    Ok(row.try_get(column)?)
}

pub(super) fn bytes(row: &AnyRow, column: &str) -> Result<Vec<u8>, LedgerError> {
    Ok(row.try_get(column)?)
}

pub(super) fn instant(row: &AnyRow, column: &str) -> Result<Timestamp, LedgerError> {
    instant_of(number(row, column)?, column)
}

pub(super) fn instant_if_any(row: &AnyRow, column: &str) -> Result<Option<Timestamp>, LedgerError> {
    let number: Option<i64> = row.try_get(column)?;
    number.map(|number| instant_of(number, column)).transpose()
}

fn instant_of(microseconds: i64, column: &str) -> Result<Timestamp, LedgerError> {
    Timestamp::from_microsecond(microseconds).map_err(|_| unexpected(column))
}

/// A value that is read from text: an id, a code, a day.
pub(super) fn parsed<T: FromStr>(row: &AnyRow, column: &str) -> Result<T, LedgerError> {
    let text = text(row, column)?;
    text.parse().map_err(|_| unexpected(column))
}

pub(super) fn day_if_any(row: &AnyRow, column: &str) -> Result<Option<Date>, LedgerError> {
    let text: Option<String> = row.try_get(column)?;
    let day = text.map(|text| text.parse().map_err(|_| unexpected(column)));
    day.transpose()
}

pub(super) fn known<T: Known>(row: &AnyRow, column: &str) -> Result<T, LedgerError> {
    T::from_word(&text(row, column)?).ok_or_else(|| unexpected(column))
}

/// Codes that stand in one text, a space between two.
pub(super) fn codes(row: &AnyRow, column: &str) -> Result<Vec<RequestCode>, LedgerError> {
    let text = text(row, column)?;
    let codes = text.split_ascii_whitespace().map(str::parse);
    codes
        .collect::<Result<_, _>>()
        .map_err(|_| unexpected(column))
}

fn unexpected(column: &str) -> LedgerError {
    LedgerError::Unexpected(format!("column {column}"))
}
