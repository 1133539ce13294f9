//! Where a ledger is. The address of a database holds a password, so this module
//! is the only one that prints a place, and it never prints that.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use sqlx::any::AnyConnectOptions;
use sqlx::postgres::PgConnectOptions;

/// Where the ledger is.
#[derive(Clone, PartialEq, Eq)]
pub enum LedgerPlace {
    /// A file, made on first use. For one instance.
    Sqlite(PathBuf),
    /// The address of a PostgreSQL database, such as `postgres://user:password@host/name`.
    Postgres(String),
}

/// Text that names no place; prints what was expected, never what was found: it may hold a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidPlace;

impl fmt::Display for InvalidPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "expected a file, such as `ledger.sqlite`, or `postgres://user:password@host/name`",
        )
    }
}

impl std::error::Error for InvalidPlace {}

/// Reads `postgres://...`, `postgresql://...`, `sqlite:PATH` or a plain path.
impl FromStr for LedgerPlace {
    type Err = InvalidPlace;

    fn from_str(text: &str) -> Result<Self, InvalidPlace> {
        if text.starts_with("postgres:") || text.starts_with("postgresql:") {
            let sound = text.contains("://") && text.parse::<PgConnectOptions>().is_ok();
            return sound
                .then(|| Self::Postgres(text.to_owned()))
                .ok_or(InvalidPlace);
        }
        let path = text
            .strip_prefix("sqlite://")
            .or_else(|| text.strip_prefix("sqlite:"))
            .unwrap_or(text);
        // What is kept in memory alone is not kept.
        let sound = !path.is_empty() && path != ":memory:" && !path.contains("://");
        sound.then(|| Self::Sqlite(path.into())).ok_or(InvalidPlace)
    }
}

/// Prints the place without user, password and options of a database.
impl fmt::Display for LedgerPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let address = match self {
            Self::Sqlite(path) => return write!(f, "sqlite:{}", path.display()),
            Self::Postgres(address) => address.parse::<AnyConnectOptions>(),
        };
        let Ok(AnyConnectOptions { database_url, .. }) = address else {
            return f.write_str("postgres://");
        };
        let host = database_url.host_str().unwrap_or_default();
        write!(f, "postgres://{host}")?;
        if let Some(port) = database_url.port() {
            write!(f, ":{port}")?;
        }
        f.write_str(database_url.path())
    }
}

impl fmt::Debug for LedgerPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LedgerPlace({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_as_file_or_database() {
        let rows = [
            ("ledger.sqlite", Some("sqlite:ledger.sqlite")),
            ("sqlite:a/b.sqlite", Some("sqlite:a/b.sqlite")),
            ("sqlite://b.sqlite", Some("sqlite:b.sqlite")),
            ("sqlite:///var/b.sqlite", Some("sqlite:/var/b.sqlite")),
            ("postgres://ann:pw@db/visits", Some("postgres://db/visits")),
            (
                "postgresql://ann:pw@db:5433/visits?sslmode=require&password=pw",
                Some("postgres://db:5433/visits"),
            ),
            ("postgres:visits", None),
            ("postgres://ann:pw@db:port/visits", None),
            ("postgres://ann:pw@db/visits?sslmode=pw", None),
            ("mysql://ann:pw@db/visits", None),
            ("sqlite::memory:", None),
            (":memory:", None),
            ("sqlite:", None),
            ("", None),
        ];
        for (text, expected) in rows {
            let place = text.parse::<LedgerPlace>().ok();
            let shown = place.map(|place| place.to_string());
            assert_eq!(shown.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn no_password_is_ever_printed() {
        let addresses = [
            "postgres://ann:hunter2@db/visits",
            "postgres://db/visits?user=ann&password=hunter2",
            "postgres://ann:hunter2@db:nonsense/visits",
        ];
        for address in addresses {
            let place = LedgerPlace::Postgres(address.to_owned());
            let ledger = crate::ledger::Ledger::at(place.clone());
            let printed = format!("{place} {place:?} {ledger:?}");
            assert!(!printed.contains("hunter2"), "{printed}");
        }
    }
}
