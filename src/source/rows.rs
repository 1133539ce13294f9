//! Rows of texts that a type of this module takes or refuses. It stands apart because
//! identifiers and works are tried by the same rules.

use std::fmt::{self, Debug};
use std::str::FromStr;

use super::identifier::Expected;

/// Fails unless each text is read and printed again as it was.
pub(super) fn accepts<T: FromStr + fmt::Display>(rows: &[&str])
where
    T::Err: Debug,
{
    for row in rows {
        let value: T = row.parse().unwrap_or_else(|err| panic!("{row}: {err:?}"));
        assert_eq!(value.to_string(), *row);
    }
}

/// Fails unless each text is refused with a message that says what is expected.
pub(super) fn refuses<T: FromStr<Err = Expected> + Debug>(rows: &[&str]) {
    for row in rows {
        let message = row.parse::<T>().expect_err(row).to_string();
        assert!(message.starts_with("expected "), "{message}");
        assert!(!message.ends_with('.'), "{message}");
    }
}
